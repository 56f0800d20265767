//! The shapes that repeat on pages, as templates receive them (docs/templates.md). They borrow; they hold no body.

use super::ready::Shown;
use super::{Atlas, Page, Scope, Sheet};
use crate::catalogue::Noun;
use crate::model::{Article, Date, Deal, Id, Kind, Role, State, Step, Who};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::borrow::Cow;

/// Words that lead somewhere.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link<'a> {
    /// The words.
    pub title: &'a str,
    /// A path; none where there is no page.
    pub url: Option<Cow<'a, str>>,
}

/// A step of the way from the front page to a page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Crumb<'a> {
    /// The words.
    pub title: Cow<'a, str>,
    /// A path; none where there is no page.
    pub url: Option<Cow<'a, str>>,
}

impl<'a> From<Link<'a>> for Crumb<'a> {
    fn from(l: Link<'a>) -> Self {
        Self { title: l.title.into(), url: l.url }
    }
}

/// A date for machines and for eyes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Day {
    /// For `<time datetime>`.
    pub iso: String,
    /// For eyes.
    pub human: String,
}

/// RFC 3339 with the zone's offset.
#[must_use]
pub fn iso(instant: Timestamp, zone: &TimeZone) -> String {
    let whole = Timestamp::from_second(instant.as_second()).unwrap_or(instant);
    whole.display_with_offset(zone.to_offset(instant)).to_string()
}

/// Who takes part in a deal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Party<'a> {
    /// The name.
    pub name: &'a str,
    /// The page, where there is one.
    pub url: Option<Cow<'a, str>>,
    /// Labels of the roles.
    pub roles: Vec<&'a str>,
    /// `zh` where the name is Chinese.
    pub language: Option<&'static str>,
}

/// The kind of a deal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KindLink<'a> {
    /// In front matter.
    pub word: &'static str,
    /// On a page.
    pub label: &'a str,
    /// The ledger of the kind.
    pub url: Option<String>,
}

/// A deal's card, with its parties as they are or as something made of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tombstone<'a, P = Party<'a>> {
    /// Its name.
    pub title: &'a str,
    /// Its page.
    pub url: Option<String>,
    /// What happens.
    pub kind: KindLink<'a>,
    /// The value as text.
    pub value: String,
    /// Whether the value was disclosed.
    pub disclosed: bool,
    /// The state's word.
    pub state: &'static str,
    /// The state's label.
    pub state_label: &'a str,
    /// The date of announcement or signing.
    pub date: Day,
    /// Everybody, in role order.
    pub parties: Vec<P>,
    /// Those who act.
    pub lead: Vec<P>,
    /// The others.
    pub others: Vec<P>,
}

/// An article in a list.
#[derive(Clone, Debug, Serialize)]
pub struct Card<'a> {
    /// The headline.
    pub title: &'a str,
    /// Its page.
    pub url: String,
    /// The standfirst.
    pub description: &'a str,
    /// When it appeared.
    pub date: Day,
    /// Its tags.
    pub tags: Vec<Shown<'a, Link<'a>>>,
    /// The label of a sponsored article.
    pub sponsor: Option<&'a str>,
    /// The deal it opens.
    pub deal: Option<Shown<'a, Tombstone<'a>>>,
}

/// A bounded list.
#[derive(Clone, Debug, Serialize)]
pub struct List<'a> {
    /// Newest first.
    pub items: Vec<Shown<'a, Card<'a>>>,
    /// Path of the next newer sheet.
    pub newer: Option<String>,
    /// Path of the next older sheet.
    pub older: Option<String>,
    /// The number of an older sheet.
    pub number: Option<usize>,
    /// Whether this is the newest sheet.
    pub first: bool,
}

/// A link with how often something occurs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Counted<'a> {
    /// The words.
    pub title: &'a str,
    /// The page.
    pub url: Option<Cow<'a, str>>,
    /// How often.
    pub count: usize,
}

/// `zh` for a name that has Chinese characters.
#[must_use]
pub fn script_of(name: &str) -> Option<&'static str> {
    name.chars()
        .any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c) || ('\u{3400}'..='\u{4dbf}').contains(&c))
        .then_some("zh")
}

/// Whether a role acts, rather than being acted upon: the left side of "who -> what <- from whom".
const fn leads(role: Role) -> bool {
    use Role::{
        Acquirer, Appointee, Buyer, Claimant, Investor, JointVenturer, Licensee, Licensor, MergingParty, Owner,
        Partner, Supplier,
    };
    matches!(
        role,
        Acquirer
            | Buyer
            | Investor
            | Licensor
            | Licensee
            | MergingParty
            | JointVenturer
            | Supplier
            | Partner
            | Claimant
            | Appointee
            | Owner
    )
}

/// The step by which a deal is dated: its announcement or signing, else its first.
pub(super) fn main_step(deal: &Deal) -> Option<&Step> {
    deal.steps.iter().find(|s| matches!(s.state, State::Announced | State::Signed)).or(deal.steps.first())
}

/// Whether a party acts: what its first role says.
pub(super) fn is_lead(party: &crate::model::Party) -> bool {
    party.roles.first().is_some_and(|r| leads(*r))
}

impl<'a> Atlas<'a> {
    /// The path of a thing's page.
    #[must_use]
    pub fn url_of(&self, noun: Noun, id: &Id) -> Option<Cow<'a, str>> {
        match self.ready.link(noun, id) {
            Some(link) => link.url,
            None => self.page_of(noun, id).map(|p| self.path(&p).into()),
        }
    }

    /// The name of a thing and its page, as they stand on pages.
    #[must_use]
    pub fn link(&self, noun: Noun, id: &Id) -> Option<Link<'a>> {
        self.ready.link(noun, id).or_else(|| self.fresh_link(noun, id))
    }

    /// The name of a thing and its page.
    #[must_use]
    pub fn fresh_link(&self, noun: Noun, id: &Id) -> Option<Link<'a>> {
        let entry = self.catalogue.public_entry(noun, id)?;
        Some(Link { title: &entry.common().title, url: self.page_of(noun, id).map(|p| self.path(&p).into()) })
    }

    pub(super) fn links(&self, noun: Noun, ids: impl IntoIterator<Item = &'a Id>) -> Vec<Shown<'a, Link<'a>>> {
        let fresh = |id| self.fresh_link(noun, id).map(|l| Shown::Fresh(Box::new(l)));
        ids.into_iter()
            .filter_map(|id| self.ready.link_shape(noun, id).map(Shown::Made).or_else(|| fresh(id)))
            .collect()
    }

    /// A party by its id. What is not public is named by its id alone, which is what the public record says.
    pub(super) fn party(&self, who: &'a Who, roles: Vec<&'a str>) -> Party<'a> {
        let (noun, id) = match who {
            Who::Company(id) => (Noun::Company, id),
            Who::Person(id) => (Noun::Person, id),
        };
        self.named(noun, id, roles)
    }

    pub(super) fn named(&self, noun: Noun, id: &'a Id, roles: Vec<&'a str>) -> Party<'a> {
        match self.link(noun, id) {
            Some(l) => Party { language: script_of(l.title), name: l.title, url: l.url, roles },
            None => Party { name: id.as_str(), url: None, roles, language: None },
        }
    }

    pub(super) fn kind(&self, kind: Kind) -> KindLink<'a> {
        let listed = self.site.outputs.deals && self.catalogue.lists().deals_by_kind.contains_key(&kind);
        let url = listed.then(|| self.path(&Page::Ledger(Scope::Kind(kind), Sheet::HEAD)));
        KindLink { word: kind.word(), label: self.words.kind(kind), url }
    }

    /// The labels of roles.
    pub(super) fn roles(&self, roles: &[Role]) -> Vec<&'a str> {
        roles.iter().map(|r| self.words.role(*r)).collect()
    }

    /// A date, as precise as it is.
    pub(super) fn day(&self, date: Date) -> Day {
        Day { iso: date.machine(), human: self.words.date(date) }
    }

    /// The day of an instant in the site's zone.
    pub(super) fn day_in(&self, instant: Timestamp) -> Day {
        let local = self.site.zone.to_datetime(instant);
        Day { iso: iso(instant, &self.site.zone), human: self.words.day(local.date()) }
    }

    /// The day and, unless it is midnight, the time of an instant in the site's zone.
    pub(super) fn moment_in(&self, instant: Timestamp) -> Day {
        Day { iso: iso(instant, &self.site.zone), human: self.words.moment(instant, &self.site.zone) }
    }

    /// The state that a deal has reached.
    pub(super) fn state(&self, deal: &Deal) -> State {
        self.catalogue.steps(deal).last().map_or(State::Announced, |s| s.0.state)
    }

    /// A deal's card, as it stands on pages.
    pub(super) fn tombstone(&self, deal: &'a Deal) -> Shown<'a, Tombstone<'a>> {
        let fresh = || Shown::Fresh(Box::new(self.fresh_tombstone(deal)));
        self.ready.tombstone(&deal.id).map_or_else(fresh, Shown::Made)
    }

    /// The parties of a deal, as they stand on pages.
    pub(super) fn parties(&self, deal: &'a Deal) -> Shown<'a, Vec<Party<'a>>> {
        let party = |p: &'a crate::model::Party| self.party(&p.who, self.roles(&p.roles));
        let fresh = || Shown::Fresh(Box::new(deal.parties.iter().map(party).collect()));
        self.ready.parties(&deal.id).map_or_else(fresh, Shown::Made)
    }

    /// An article in a list, as it stands on pages.
    pub(super) fn card(&self, a: &'a Article) -> Shown<'a, Card<'a>> {
        let fresh = || Shown::Fresh(Box::new(self.fresh_card(a)));
        self.ready.card(&a.common.id).map_or_else(fresh, Shown::Made)
    }

    /// A value of a template, where the template uses it.
    pub(super) fn wanted<T: Default>(&self, template: &str, value: &str, make: impl FnOnce() -> T) -> T {
        if self.ready.wants(template, value) { make() } else { T::default() }
    }

    /// A deal's card.
    #[must_use]
    pub fn fresh_tombstone(&self, deal: &'a Deal) -> Tombstone<'a> {
        self.tombstone_of(deal, |party| party)
    }

    /// A deal's card, of which each party stands in two places.
    pub fn tombstone_of<P: Clone>(&self, deal: &'a Deal, make: impl Fn(Party<'a>) -> P) -> Tombstone<'a, P> {
        let state = self.state(deal);
        let main = main_step(deal);
        let parties = deal.parties.iter().map(|p| make(self.party(&p.who, self.roles(&p.roles))));
        let parties: Vec<P> = parties.collect();
        let leading = |i: &usize| is_lead(&deal.parties[*i]);
        let (lead, others): (Vec<usize>, Vec<usize>) = (0..parties.len()).partition(leading);
        Tombstone {
            title: &deal.title,
            url: self.site.outputs.deals.then(|| self.path(&Page::Deal(deal.id.clone()))),
            kind: self.kind(deal.kind),
            value: self.words.value(&deal.value),
            disclosed: deal.value.is_disclosed(),
            state: state.word(),
            state_label: self.words.state(state),
            date: main.map_or(Day { iso: String::new(), human: String::new() }, |s| self.day(s.date)),
            lead: lead.into_iter().map(|i| parties[i].clone()).collect(),
            others: others.into_iter().map(|i| parties[i].clone()).collect(),
            parties,
        }
    }

    /// An article in a list.
    #[must_use]
    pub fn fresh_card(&self, a: &'a Article) -> Card<'a> {
        Card {
            title: &a.common.title,
            url: self.path(&Page::Article(a.common.id.clone())),
            description: &a.common.description,
            date: self.day_in(a.date),
            tags: self.links(Noun::Tag, &a.tags),
            sponsor: a.sponsor.as_ref().map(|s| s.label.as_str()),
            deal: a.deal.as_ref().map(|d| self.tombstone(d)),
        }
    }
}
