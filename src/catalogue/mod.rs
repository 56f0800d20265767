//! Who, what, when: indexes over what is public at one instant, kept by adding and removing single files.
//! Knows no templates and no routes.

mod audit;
mod changes;
mod lists;
mod sorted;

pub use audit::{Places, audit};
use lists::{ById, BySlug};
pub use lists::{DealKey, Key, Lists};
pub use sorted::Sorted;

use crate::diagnostic::FileId;
use crate::model::{Article, Audience, Company, Deal, Entry, Id, Page, Person, Standing, Step, Tag, Thread};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The kinds of things that have ids of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Noun {
    /// Articles, and the deals that they or deal files open.
    Article,
    /// Companies.
    Company,
    /// People.
    Person,
    /// Tags.
    Tag,
    /// Threads.
    Thread,
    /// Pages.
    Page,
}

impl Noun {
    /// Of an entry.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        match entry {
            Entry::Article(_) | Entry::Deal(_) => Self::Article,
            Entry::Company(_) => Self::Company,
            Entry::Person(_) => Self::Person,
            Entry::Tag(_) => Self::Tag,
            Entry::Thread(_) => Self::Thread,
            Entry::Page(_) => Self::Page,
        }
    }
}

/// The catalogue of a site.
#[derive(Clone, Debug)]
pub struct Catalogue {
    audience: Audience,
    zone: TimeZone,
    entries: BTreeMap<FileId, Entry>,
    owners: BTreeMap<Noun, BTreeMap<Id, BTreeSet<FileId>>>,
    /// What each id means: the entry of the first file that claims it.
    meanings: [HashMap<Id, Entry, FxBuildHasher>; 6],
    slugs: [BySlug; 6],
    covering: ById<FileId>,
    children: BTreeMap<Noun, ById<Id>>,
    posted: ById<Id>,
    aliases: BTreeMap<String, BTreeSet<(Noun, Id)>>,
    /// What refers to an image, by the image's place.
    showing: BTreeMap<u32, BTreeSet<(Noun, Id)>>,
    lists: Lists,
    /// Whether many files are taken in, and nobody looks at the lists yet.
    loads: bool,
}

macro_rules! lookup {
    ($(#[$doc:meta])* $name:ident, $noun:ident, $variant:pat => $e:ident, $ty:ty) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(&self, id: &Id) -> Option<&Arc<$ty>> {
            match self.public_entry(Noun::$noun, id)? { $variant => Some($e), _ => None }
        }
    };
}

impl Catalogue {
    /// An empty catalogue for an audience; `zone` decides in which month an instant lies.
    #[must_use]
    pub fn new(audience: Audience, zone: TimeZone) -> Self {
        Self {
            audience,
            zone,
            entries: BTreeMap::new(),
            owners: BTreeMap::new(),
            meanings: Default::default(),
            slugs: Default::default(),
            covering: ById::default(),
            children: BTreeMap::new(),
            posted: ById::default(),
            aliases: BTreeMap::new(),
            showing: BTreeMap::new(),
            lists: Lists::default(),
            loads: false,
        }
    }

    /// The audience.
    #[must_use]
    pub fn audience(&self) -> Audience {
        self.audience
    }

    /// Shows the catalogue to another audience, or at another instant. Costs what appears or vanishes, and a look at all.
    pub fn show(&mut self, audience: Audience) {
        let is_shown = |e: &Entry, to: Audience| {
            e.common().legible && (to.drafts || e.common().standing(to.as_of) == Standing::Public)
        };
        let differs = |e: &Entry| is_shown(e, self.audience) != is_shown(e, audience);
        let turned: Vec<_> =
            self.entries.iter().filter(|(_, e)| differs(e)).map(|(f, e)| (f.clone(), e.clone())).collect();
        // What differs is taken out while the old audience looks on, and put in before the new one.
        for (file, _) in &turned {
            self.apply(file, None);
        }
        self.audience = audience;
        for (file, entry) in turned {
            self.apply(&file, Some(entry));
        }
    }

    fn children_of(&self, noun: Noun, id: &Id) -> impl Iterator<Item = &Id> {
        self.children.get(&noun).and_then(|of| of.get(id)).into_iter().flatten()
    }

    fn owner(&self, noun: Noun, id: &Id) -> Option<&FileId> {
        self.owners.get(&noun)?.get(id)?.first()
    }

    /// Whether an entry may be seen at this instant, by this audience.
    #[must_use]
    pub fn is_shown(&self, common: &crate::model::Common) -> bool {
        common.legible && (self.audience.drafts || common.standing(self.audience.as_of) == Standing::Public)
    }

    /// The files that claim an id.
    pub fn claims(&self) -> impl Iterator<Item = (&Id, &BTreeSet<FileId>)> {
        self.owners.values().flatten()
    }

    /// Every entry, hidden ones too, in order of file.
    pub fn everything(&self) -> impl Iterator<Item = (&FileId, &Entry)> {
        self.entries.iter()
    }

    /// What a file says, hidden or not.
    #[must_use]
    pub fn entry_of(&self, file: &FileId) -> Option<&Entry> {
        self.entries.get(file)
    }

    /// What an id means, hidden or not.
    #[must_use]
    pub fn known(&self, noun: Noun, id: &Id) -> Option<&Entry> {
        self.meanings[noun as usize].get(id)
    }

    /// Every id of a kind, hidden or not.
    pub fn ids(&self, noun: Noun) -> impl Iterator<Item = &Id> {
        self.owners.get(&noun).into_iter().flat_map(BTreeMap::keys)
    }

    /// Things of a kind that have a slug of their own.
    pub fn with_slug(&self, noun: Noun, slug: &str) -> impl Iterator<Item = &Id> {
        self.slugs[noun as usize].get(slug).into_iter().flatten()
    }

    /// What an id means to readers: shown, and something public speaks of it.
    #[must_use]
    pub fn public_entry(&self, noun: Noun, id: &Id) -> Option<&Entry> {
        let entry = self.known(noun, id)?;
        (self.is_shown(entry.common()) && self.is_spoken_of(noun, id, 0)).then_some(entry)
    }

    fn is_spoken_of(&self, noun: Noun, id: &Id, depth: usize) -> bool {
        let l = &self.lists;
        let by_child = |noun: Noun| {
            depth < 32
                && self.children_of(noun, id).any(|c| {
                    self.known(noun, c).is_some_and(|e| self.is_shown(e.common()))
                        && self.is_spoken_of(noun, c, depth + 1)
                })
        };
        match noun {
            Noun::Article | Noun::Page => true,
            Noun::Tag => l.by_tag.contains_key(id) || l.deals_by_tag.contains_key(id) || by_child(noun),
            Noun::Thread => l.by_thread.contains_key(id) || l.deals_by_thread.contains_key(id) || by_child(noun),
            Noun::Person => {
                l.by_person.contains_key(id) || l.by_author.contains_key(id) || l.deals_by_person.contains_key(id)
            }
            Noun::Company => {
                l.by_company.contains_key(id)
                    || l.deals_by_company.contains_key(id)
                    || self.posted.get(id).into_iter().flatten().any(|p| self.person(p).is_some())
                    || by_child(noun)
            }
        }
    }

    lookup!(/// A public company. 
        company, Company, Entry::Company(e) => e, Company);
    lookup!(/// A public person.
        person, Person, Entry::Person(e) => e, Person);
    lookup!(/// A public tag.
        tag, Tag, Entry::Tag(e) => e, Tag);
    lookup!(/// A public thread.
        thread, Thread, Entry::Thread(e) => e, Thread);
    lookup!(/// A public page.
        page, Page, Entry::Page(e) => e, Page);
    lookup!(/// A public article.
        article, Article, Entry::Article(e) => e, Article);

    /// The file that opens a public deal: an article, or a deal record.
    #[must_use]
    pub fn opener(&self, id: &Id) -> Option<&Arc<Article>> {
        match self.public_entry(Noun::Article, id)? {
            Entry::Article(a) | Entry::Deal(a) => a.deal.is_some().then_some(a),
            _ => None,
        }
    }

    /// A public deal.
    #[must_use]
    pub fn deal(&self, id: &Id) -> Option<&Arc<Deal>> {
        self.opener(id)?.deal.as_ref()
    }

    /// The steps of a deal with the public article that reported each one, in order of rank and date.
    #[must_use]
    pub fn steps<'c>(&'c self, deal: &'c Deal) -> Vec<(&'c Step, Option<&'c Arc<Article>>)> {
        let opener = self.article(&deal.id);
        let mut steps: Vec<_> = deal.steps.iter().map(|s| (s, opener)).collect();
        for key in self.lists.by_deal.get(&deal.id).into_iter().flatten() {
            // A record without an article moves a deal on as well.
            let Some(Entry::Article(a) | Entry::Deal(a)) = self.public_entry(Noun::Article, &key.1) else { continue };
            let own = a.updates.iter().filter(|u| u.deal == deal.id);
            steps.extend(own.map(|u| (&u.step, self.article(&key.1))));
        }
        steps.sort_by_key(|(s, _)| (s.state.rank(), s.date.last()));
        steps
    }

    /// Old addresses, with the public things that claim each.
    pub fn aliases(&self) -> impl Iterator<Item = (&str, Vec<&(Noun, Id)>)> {
        self.aliases.iter().filter_map(|(alias, set)| {
            let shown: Vec<_> = set.iter().filter(|(n, id)| self.public_entry(*n, id).is_some()).collect();
            (!shown.is_empty()).then_some((alias.as_str(), shown))
        })
    }

    /// The public things that claim an old address.
    pub fn aliased(&self, alias: &str) -> impl Iterator<Item = &(Noun, Id)> {
        self.aliases.get(alias).into_iter().flatten().filter(|(n, id)| self.public_entry(*n, id).is_some())
    }

    /// The public things that refer to an image at a place.
    pub fn showing(&self, place: u32) -> impl Iterator<Item = (Noun, &Entry)> {
        let all = self.showing.get(&place).into_iter().flatten();
        all.filter_map(|(noun, id)| Some((*noun, self.public_entry(*noun, id)?)))
    }

    /// The indexes.
    #[must_use]
    pub fn lists(&self) -> &Lists {
        &self.lists
    }

    /// Public things of a kind whose parent is `id`.
    pub fn children(&self, noun: Noun, id: &Id) -> impl Iterator<Item = &Id> {
        self.children_of(noun, id).filter(move |c| self.public_entry(noun, c).is_some())
    }

    /// Public people who hold or held a post at a company.
    pub fn people_at(&self, company: &Id) -> impl Iterator<Item = &Arc<Person>> {
        self.posted.get(company).into_iter().flatten().filter_map(|p| self.person(p))
    }

    /// Public ids of a kind, in order.
    pub fn public(&self, noun: Noun) -> impl Iterator<Item = &Entry> {
        self.ids(noun).filter_map(move |id| self.public_entry(noun, id))
    }

    /// The next instant at which the edition changes by itself: something public vanishes, or something appears that is
    /// news or that public news speaks of. What nothing speaks of comes and goes unseen.
    #[must_use]
    pub fn next_change(&self) -> Option<Timestamp> {
        if self.audience.drafts {
            return None;
        }
        let seen = self.entries.iter().filter(|(file, e)| {
            let (noun, id) = (Noun::of(e), &e.common().id);
            self.owner(noun, id) == Some(file) && self.is_spoken_of(noun, id, 0)
        });
        seen.filter_map(|(_, e)| e.common().next_change(self.audience.as_of)).min()
    }
}
