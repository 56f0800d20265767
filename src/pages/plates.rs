//! What a social card shows, and the name under which it is published. Draws nothing: the same plate is the same picture.

use super::shapes::script_of;
use super::{Atlas, Page};
use crate::catalogue::Noun;
use crate::diagnostic::FileId;
use crate::locale::Locale;
use crate::model::{Article, Deal, Entry, Id, Party, Value, Who};
use serde::Serialize;

/// Where cards lie, among what never changes: their names say what they show.
pub const CARDS: &str = "/assets/cards/";

/// Parties that a card names; of more it gives the number.
const NAMED: usize = 4;

/// Whose card it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Motif {
    /// The site's: for every page that has no other picture.
    Site,
    /// That of an article without a deal, or of one that somebody paid for.
    News(Id),
    /// A deal's, and that of the articles about it.
    Deal(Id),
}

/// A text on a card, and the file that says it; none for the program's own words.
#[derive(Clone, Debug, Serialize)]
pub struct Words<'a> {
    /// The text.
    pub text: &'a str,
    /// The file.
    #[serde(skip)]
    pub file: Option<&'a FileId>,
}

/// A party of a deal.
#[derive(Clone, Debug, Serialize)]
pub struct Name<'a> {
    /// The name.
    pub name: Words<'a>,
    /// What stands for it where it cannot be drawn.
    pub id: &'a str,
    /// The name in Chinese, of who is called otherwise.
    pub chinese: Option<Words<'a>>,
    /// Of those who are acted upon: their roles.
    pub roles: Vec<&'a str>,
}

/// What a card shows.
#[derive(Clone, Debug, Serialize)]
pub struct Plate<'a> {
    /// The site's name.
    pub site: &'a str,
    /// The rest.
    pub subject: Theme<'a>,
}

/// What a card is about.
#[derive(Clone, Debug, Serialize)]
pub enum Theme<'a> {
    /// A deal, as banks announce one.
    Deal {
        /// What happens.
        kind: &'a str,
        /// Its name, where the parties alone do not say what it is.
        title: Option<Words<'a>>,
        /// Those who act.
        lead: Vec<Name<'a>>,
        /// The others.
        others: Vec<Name<'a>>,
        /// Parties that are not named.
        more: usize,
        /// The value; none where the kind has none.
        value: Option<String>,
        /// Whether the value is known.
        disclosed: bool,
        /// When.
        date: String,
        /// How far it has come.
        state: &'a str,
    },
    /// An article.
    News {
        /// That it was paid for.
        label: Option<&'a str>,
        /// Its first tag.
        section: Option<Words<'a>>,
        /// The headline.
        headline: Words<'a>,
        /// When it appeared.
        date: String,
    },
    /// The site.
    Site {
        /// One sentence.
        motto: &'a str,
        /// Where it is.
        host: &'a str,
    },
}

impl Plate<'_> {
    /// What the card shows, for those who do not see it.
    #[must_use]
    pub fn alt(&self, words: &Locale) -> String {
        match &self.subject {
            Theme::Deal { kind, lead, others, value, date, state, .. } => {
                let names: Vec<&str> = lead.iter().chain(others).map(|n| n.name.text).collect();
                let ended = |text: &str| [text, words.text("full-stop")].concat();
                let first = ended(&words.joined("colon", &[*kind, &words.joined("enumeration", &names)]));
                let last = if date.is_empty() { ended(state) } else { ended(&words.joined("comma", &[*state, date])) };
                let all: Vec<String> =
                    [Some(first), value.as_deref().map(ended), Some(last)].into_iter().flatten().collect();
                words.joined("gap", &all)
            }
            Theme::News { headline, .. } => headline.text.to_owned(),
            Theme::Site { motto: "", .. } => self.site.to_owned(),
            Theme::Site { motto, .. } => words.joined("colon", &[self.site, motto]),
        }
    }

    /// The name of the file: it changes with what the card shows and with the look of cards.
    fn name(&self, motif: &Motif, look: &str) -> String {
        let mut hash = blake3::Hasher::new();
        hash.update(look.as_bytes());
        // Texts and numbers are written to memory, which does not fail.
        let _ = serde_json::to_writer(&mut hash, self);
        let digest = hash.finalize().to_hex();
        let stem = match motif {
            Motif::Site => "site",
            Motif::News(id) | Motif::Deal(id) => id.as_str(),
        };
        format!("{CARDS}{stem}.{}.png", &digest[..16])
    }
}

/// The picture that a page shows of itself where it is shared.
#[derive(Clone, Debug)]
pub struct Poster<'a> {
    /// Absolute.
    pub url: String,
    /// What it shows.
    pub plate: Plate<'a>,
}

impl<'a> Atlas<'a> {
    /// Every card.
    pub(super) fn cards(&self) -> impl Iterator<Item = Motif> {
        let lists = self.catalogue.lists();
        let deals = lists.deals.iter().map(|k| Motif::Deal(k.1.clone()));
        let news = lists.news.iter().map(|k| Motif::News(k.1.clone()));
        let all = std::iter::once(Motif::Site).chain(deals).chain(news);
        all.filter(|m| self.has_card(m))
    }

    /// Whether a card is part of this edition.
    pub(super) fn has_card(&self, motif: &Motif) -> bool {
        self.site.cards.enabled
            && match motif {
                Motif::Site => self.ready.draws_site(),
                Motif::News(id) => self.catalogue.article(id).is_some_and(|a| self.motif(a) == *motif),
                Motif::Deal(id) => {
                    let is_told = || self.catalogue.lists().by_deal.get(id).is_some_and(|keys| !keys.is_empty());
                    self.catalogue.deal(id).is_some() && (self.site.outputs.deals || is_told())
                }
            }
    }

    /// Whose card an article shows: its first deal's. What is paid for says so, and has its own.
    fn motif(&self, a: &Article) -> Motif {
        let own = a.deal.iter().map(|d| &d.id);
        let mut deals = own.chain(&a.covers).chain(a.updates.iter().map(|u| &u.deal));
        match deals.find(|id| self.catalogue.deal(id).is_some()).filter(|_| a.sponsor.is_none()) {
            Some(id) => Motif::Deal(id.clone()),
            None => Motif::News(a.common.id.clone()),
        }
    }

    /// The names that cards of this route could have.
    pub(super) fn cards_at(text: &str) -> Vec<Motif> {
        let stem = text.strip_prefix(CARDS).and_then(|t| t.strip_suffix(".png")?.rsplit_once('.'));
        let Some((stem, _)) = stem else { return Vec::new() };
        let site = (stem == "site").then_some(Motif::Site);
        let id = Id::parse(stem);
        site.into_iter().chain(id.clone().map(Motif::Deal)).chain(id.map(Motif::News)).collect()
    }

    /// The path of a card.
    pub(super) fn card_path(&self, motif: &Motif) -> Option<String> {
        Some(self.plate(motif)?.name(motif, self.ready.look()))
    }

    /// The card that stands for a page, where it has no other picture.
    pub(super) fn poster(&self, page: &Page) -> Option<Poster<'a>> {
        let own = match page {
            Page::Article(id) => self.catalogue.article(id).map(|a| self.motif(a)),
            Page::Deal(id) => Some(Motif::Deal(id.clone())),
            _ => None,
        };
        let motif = own.filter(|m| self.has_card(m)).unwrap_or(Motif::Site);
        let plate = self.has_card(&motif).then(|| self.plate(&motif))??;
        let url = format!("{}{}", self.site.root_url(), plate.name(&motif, self.ready.look()));
        Some(Poster { url, plate })
    }

    /// What a card shows.
    pub(super) fn plate(&self, motif: &Motif) -> Option<Plate<'a>> {
        let subject = match motif {
            Motif::Site => {
                let host = self.site.base_url.split_once("://").map_or("", |(_, rest)| rest);
                Theme::Site { motto: &self.site.description, host }
            }
            Motif::News(id) => self.news_theme(self.catalogue.article(id)?),
            Motif::Deal(id) => self.deal_theme(self.catalogue.deal(id)?),
        };
        Some(Plate { site: &self.site.title, subject })
    }

    fn news_theme(&self, a: &'a Article) -> Theme<'a> {
        let section = a.tags.first().and_then(|id| self.catalogue.public_entry(Noun::Tag, id)).map(words);
        Theme::News {
            label: a.sponsor.as_ref().map(|s| s.label.as_str()),
            section,
            headline: Words { text: &a.common.title, file: Some(&a.common.file) },
            date: self.day_in(a.date).human,
        }
    }

    fn deal_theme(&self, deal: &'a Deal) -> Theme<'a> {
        let stone = self.fresh_tombstone(deal);
        let file = self.catalogue.opener(&deal.id).map(|a| &a.common.file);
        let (mut lead, mut others) = (Vec::new(), Vec::new());
        for p in &deal.parties {
            if super::shapes::is_lead(p) {
                lead.push(self.name_of(p, true));
            } else {
                others.push(self.name_of(p, false));
            }
        }
        let all = lead.len() + others.len();
        lead.truncate(NAMED - others.len().min(1));
        others.truncate(NAMED - lead.len());
        let more = all - lead.len() - others.len();
        Theme::Deal {
            kind: stone.kind.label,
            title: (all < 2).then_some(Words { text: &deal.title, file }),
            lead,
            others,
            more,
            value: self.worth(&deal.value),
            disclosed: stone.disclosed,
            date: stone.date.human,
            state: stone.state_label,
        }
    }

    fn name_of(&self, party: &'a Party, acts: bool) -> Name<'a> {
        let (noun, id) = match &party.who {
            Who::Company(id) => (Noun::Company, id),
            Who::Person(id) => (Noun::Person, id),
        };
        let entry = self.catalogue.public_entry(noun, id);
        let name = entry.map_or(Words { text: id.as_str(), file: None }, words);
        let aliases = match entry {
            Some(Entry::Company(c)) if script_of(name.text).is_none() => c.names.as_slice(),
            _ => &[],
        };
        let chinese = aliases.iter().find(|a| script_of(a).is_some()).map(|text| Words { text, file: name.file });
        let roles = if acts { Vec::new() } else { self.roles(&party.roles) };
        Name { name, id: id.as_str(), chinese, roles }
    }

    /// The value in words that stand alone; none where the kind of deal has none.
    fn worth(&self, value: &Value) -> Option<String> {
        match value {
            Value::None => None,
            Value::Undisclosed(_) => Some(self.words.text("value-undisclosed-alone").to_owned()),
            known => {
                let text = self.words.value(known);
                let first = text.chars().next()?;
                Some(first.to_uppercase().chain(text[first.len_utf8()..].chars()).collect())
            }
        }
    }
}

/// The title of an entry.
fn words(entry: &Entry) -> Words<'_> {
    let common = entry.common();
    Words { text: &common.title, file: Some(&common.file) }
}
