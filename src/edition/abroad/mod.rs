//! The editions in the further languages of a site. Each is made of the same record: what is translated, and what needs no
//! translation; it holds nothing that the main edition hides.

mod checks;
mod family;
mod merge;

use super::Edition;
use crate::catalogue::Noun;
use crate::diagnostic::FileId;
use crate::model::{Entry, Id, Route, Who};
use crate::pages::is_made;
use crate::site::Language;
pub(super) use family::Family;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A thing, in whichever language.
type Thing = (Noun, Id);

/// What there is besides the main language.
#[derive(Default)]
pub(super) struct Abroad {
    /// An edition for each further language, in the order of site.toml.
    pub(super) editions: Vec<Edition>,
    /// What is written in a further language, and not in the catalogue of the main one.
    foreign: BTreeMap<FileId, Entry>,
    /// The same by what it translates; what translates nothing, by itself.
    of: BTreeMap<Thing, BTreeSet<FileId>>,
    /// The file under which each thing stands, language by language.
    placed: Vec<BTreeMap<Thing, FileId>>,
    /// Things that may be others in a further language now.
    changed: BTreeSet<Thing>,
}

impl Abroad {
    /// Of editions that are empty.
    pub(super) fn of(editions: Vec<Edition>) -> Self {
        let placed = editions.iter().map(|_| BTreeMap::new()).collect();
        Self { editions, placed, ..Self::default() }
    }

    /// The same with other editions of the same languages.
    pub(super) fn with(&self, editions: Vec<Edition>) -> Self {
        let (foreign, of, placed) = (self.foreign.clone(), self.of.clone(), self.placed.clone());
        Self { editions, foreign, of, placed, changed: self.changed.clone() }
    }

    /// What a file says in a further language.
    pub(super) fn entry_of(&self, file: &FileId) -> Option<&Entry> {
        self.foreign.get(file)
    }

    /// Everything that is written in a further language.
    pub(super) fn everything(&self) -> impl Iterator<Item = (&FileId, &Entry)> {
        self.foreign.iter()
    }

    /// What says a thing in a language, hidden or not.
    fn translation(&self, thing: &Thing, language: &Language) -> Option<&Entry> {
        let files = self.of.get(thing)?;
        files.iter().filter_map(|f| self.foreign.get(f)).find(|e| is_in(e, language))
    }
}

fn is_in(entry: &Entry, language: &Language) -> bool {
    entry.common().language.as_deref().is_some_and(|tag| language.is(tag))
}

fn thing_of(entry: &Entry) -> Thing {
    let common = entry.common();
    (Noun::of(entry), common.translation_of.as_ref().unwrap_or(&common.id).clone())
}

impl Edition {
    /// Keeps what a file says in a further language; returns what it says in the main one.
    pub(super) fn sort(&mut self, file: &FileId, entry: Option<Entry>) -> Option<Entry> {
        let languages = &self.site.languages;
        let is_foreign = |e: &Entry| e.common().translation_of.is_some() || languages.iter().any(|l| is_in(e, l));
        if languages.is_empty() && self.abroad.foreign.is_empty() && !entry.as_ref().is_some_and(is_foreign) {
            return entry;
        }
        let abroad = &mut self.abroad;
        if let Some(old) = self.catalogue.entry_of(file) {
            abroad.changed.insert(thing_of(old));
        }
        if let Some(old) = abroad.foreign.remove(file) {
            let thing = thing_of(&old);
            if let Some(files) = abroad.of.get_mut(&thing) {
                files.remove(file);
            }
            abroad.changed.insert(thing);
        }
        let entry = entry?;
        let thing = thing_of(&entry);
        abroad.changed.insert(thing.clone());
        if !is_foreign(&entry) {
            return Some(entry);
        }
        abroad.of.entry(thing).or_default().insert(file.clone());
        abroad.foreign.insert(file.clone(), entry);
        None
    }

    /// Brings the further languages up to date: with what has changed, or where names have, with everything.
    pub(super) fn translate(&mut self, everything: bool) {
        let mut things = std::mem::take(&mut self.abroad.changed);
        if self.abroad.editions.is_empty() {
            return;
        }
        if everything {
            things.extend(self.catalogue.everything().map(|(_, e)| thing_of(e)));
            things.extend(self.abroad.of.keys().cloned());
            things.extend(self.abroad.placed.iter().flat_map(BTreeMap::keys).cloned());
        }
        for i in 0..self.abroad.editions.len() {
            for thing in &things {
                let new = self.in_language(i, thing);
                let abroad = &mut self.abroad;
                let catalogue = &mut abroad.editions[i].catalogue;
                let file = new.as_ref().map(|e| e.common().file.clone());
                if let Some(old) = abroad.placed[i].remove(thing).filter(|old| Some(old) != file.as_ref()) {
                    catalogue.apply(&old, None);
                }
                if let (Some(entry), Some(file)) = (new, file) {
                    if catalogue.entry_of(&file) != Some(&entry) {
                        catalogue.apply(&file, Some(entry));
                    }
                    abroad.placed[i].insert(thing.clone(), file);
                }
            }
            let edition = &mut self.abroad.editions[i];
            edition.stock = super::Stock::default();
            edition.texts = Arc::clone(&self.texts);
        }
    }

    /// What says a thing in a language to this audience. What is hidden says nothing: it is as if it were not there.
    fn shown_translation(&self, thing: &Thing, language: &Language) -> Option<&Entry> {
        self.abroad.translation(thing, language).filter(|e| self.catalogue.is_shown(e.common()))
    }

    /// What a thing is in a further language; nothing where it is not there.
    fn in_language(&self, i: usize, thing: &Thing) -> Option<Entry> {
        let language = &self.site.languages[i];
        let theirs = self.shown_translation(thing, language);
        let Some(original) = self.catalogue.known(thing.0, &thing.1) else {
            return theirs.filter(|t| t.common().translation_of.is_none()).map(|t| merge::alone(t, &language.prefix));
        };
        if let Some(translation) = theirs.filter(|t| t.common().translation_of.is_some()) {
            return merge::translated(original, translation, &language.prefix);
        }
        let name = |who: &Who| match who {
            Who::Company(id) => self.name_in(language, Noun::Company, id),
            Who::Person(id) => self.name_in(language, Noun::Person, id),
        };
        let own = self.name_in(language, thing.0, &thing.1);
        merge::untranslated(original, own, &name, &self.abroad.editions[i].press.words)
    }

    /// What a company or a person is called in a language: as its translation says, or in that script, or as ever.
    fn name_in(&self, language: &Language, noun: Noun, id: &Id) -> String {
        if let Some(theirs) = self.shown_translation(&(noun, id.clone()), language) {
            return theirs.common().title.clone();
        }
        let entry = self.catalogue.known(noun, id);
        let names: &[String] = match entry {
            Some(Entry::Company(c)) => &c.names,
            Some(Entry::Person(p)) => &p.names,
            _ => &[],
        };
        let is_chinese = language.tag.get(..2).is_some_and(|t| t.eq_ignore_ascii_case("zh"));
        let fits = |name: &&String| is_chinese && crate::pages::script_of(name).is_some();
        let title = entry.map_or(id.as_str(), |e| e.common().title.as_str());
        names.iter().find(fits).map_or(title, String::as_str).to_owned()
    }

    /// The next instant at which something that is written in a further language appears or vanishes.
    pub(super) fn next_foreign_change(&self) -> Option<jiff::Timestamp> {
        let audience = self.catalogue.audience();
        let changes = self.abroad.foreign.values().filter_map(|e| e.common().next_change(audience.as_of));
        changes.min().filter(|_| !audience.drafts)
    }

    /// The edition of a further language that a route belongs to, and the route in it.
    pub(super) fn abroad_at(&self, route: &Route) -> Option<(&Self, Route)> {
        let text = route.as_str();
        self.abroad.editions.iter().find_map(|edition| {
            if is_made(route) {
                return edition.with(|a| a.at(route)).map(|_| (edition, route.clone()));
            }
            let rest = text.strip_prefix(&*edition.site.prefix)?;
            rest.starts_with('/').then(|| Route::parse(rest)).flatten().map(|r| (edition, r))
        })
    }

    /// Whether a file says a thing in a further language, hidden or not.
    pub(super) fn is_translated(&self, noun: Noun, id: Id, language: usize) -> bool {
        self.abroad.translation(&(noun, id), &self.site.languages[language]).is_some()
    }

    /// The routes of further languages, as routes of the site.
    pub(super) fn routes_abroad(&self) -> Vec<Route> {
        let of = |edition: &Self| {
            let pages = edition.with(|atlas| atlas.all().iter().map(|p| atlas.route(p)).collect::<Vec<_>>());
            pages.iter().filter_map(|route| edition.route_home(route)).collect::<Vec<_>>()
        };
        self.abroad.editions.iter().flat_map(of).collect()
    }

    /// A route of a further language as a route of the site.
    pub(super) fn route_home(&self, route: &Route) -> Option<Route> {
        if is_made(route) {
            return Some(route.clone());
        }
        Route::parse(&[&*self.site.prefix, route.as_str()].concat())
    }
}
