//! What one file says now, in place of what it said.

use super::sorted::{Put, put, put_by_id};
use super::{Catalogue, Noun};
use crate::diagnostic::FileId;
use crate::model::{Deal, Entry, Format, Id, original};
use std::collections::BTreeSet;
use std::collections::btree_map::Entry as Place;
use std::sync::Arc;

impl Catalogue {
    /// What is applied from now on is on no list before [`Catalogue::settle`].
    pub fn load(&mut self) {
        self.loads = true;
    }

    /// Brings the lists up to date.
    pub fn settle(&mut self) {
        self.loads = false;
        self.lists.settle();
    }

    /// Takes what a file said off the lists and puts on what it says now.
    pub fn apply(&mut self, file: &FileId, entry: Option<Entry>) {
        if let Some(new) = &entry
            && self.add(file, new)
        {
            return;
        }
        // Lists of an article depend on the deals it covers: take the coverage off with the deal, and put it back.
        let mut touched: BTreeSet<FileId> = BTreeSet::from([file.clone()]);
        let mut claimed: Vec<(Noun, Id)> = Vec::with_capacity(2);
        for e in self.entries.get(file).into_iter().chain(&entry) {
            let id = &e.common().id;
            claimed.push((Noun::of(e), id.clone()));
            touched.extend(self.owners.get(&Noun::of(e)).and_then(|o| o.get(id)).into_iter().flatten().cloned());
            if Noun::of(e) == Noun::Article {
                touched.extend(self.covering.get(id).into_iter().flatten().cloned());
            }
        }
        for f in &touched {
            self.list(f, false);
        }
        if let Some(old) = self.entries.remove(file) {
            self.note(file, &old, false);
            // What another file of the same id says too is still said.
            for f in touched.iter().filter(|f| *f != file) {
                if let Some(e) = self.entries.get(f).filter(|e| e.common().id == old.common().id).cloned() {
                    self.note(f, &e, true);
                }
            }
        }
        if let Some(new) = entry {
            self.note(file, &new, true);
            self.entries.insert(file.clone(), new);
        }
        for (noun, id) in claimed {
            let first = self.owners.get(&noun).and_then(|o| o.get(&id)?.first());
            match first.and_then(|f| self.entries.get(f)) {
                Some(e) => self.meanings[noun as usize].insert(id, e.clone()),
                None => self.meanings[noun as usize].remove(&id),
            };
        }
        for f in &touched {
            self.list(f, true);
        }
    }

    /// Takes in a file that nobody knows, of an id that nobody knows or speaks of: while a site is read, that is nearly
    /// every one, and each look into a large index is a long way. Returns whether it was one.
    fn add(&mut self, file: &FileId, new: &Entry) -> bool {
        let (noun, id) = (Noun::of(new), &new.common().id);
        if self.known(noun, id).is_some() || noun == Noun::Article && self.covering.contains_key(id) {
            return false;
        }
        match self.entries.entry(file.clone()) {
            Place::Vacant(place) => place.insert(new.clone()),
            Place::Occupied(_) => return false,
        };
        self.note(file, new, true);
        self.meanings[noun as usize].insert(id.clone(), new.clone());
        if self.is_shown(new.common()) {
            self.enlist(new, true);
        }
        true
    }

    /// Keeps what has to be known of hidden things too: ids, coverage, parents, posts.
    fn note(&mut self, file: &FileId, entry: &Entry, on: bool) {
        let (c, noun, on) = (entry.common(), Noun::of(entry), Put::now(on));
        put(self.owners.entry(noun).or_default(), c.id.clone(), file.clone(), on);
        if let Some(slug) = &c.slug {
            put_by_id(&mut self.slugs[noun as usize], slug, c.id.clone(), on);
        }
        let (parent, posts): (Option<&Id>, &[crate::model::Post]) = match entry {
            Entry::Article(a) | Entry::Deal(a) => {
                for deal in a.covers.iter().chain(a.updates.iter().map(|u| &u.deal)) {
                    put_by_id(&mut self.covering, deal, file.clone(), on);
                }
                (None, &[])
            }
            Entry::Company(e) => (e.parent.as_ref(), &[]),
            Entry::Tag(e) => (e.parent.as_ref(), &[]),
            Entry::Thread(e) => (e.parent.as_ref(), &[]),
            Entry::Person(e) => (None, &e.posts),
            Entry::Page(_) => (None, &[]),
        };
        if let Some(parent) = parent {
            put_by_id(self.children.entry(noun).or_default(), parent, c.id.clone(), on);
        }
        for alias in &c.aliases {
            put(&mut self.aliases, alias.clone(), (noun, c.id.clone()), on);
        }
        for name in c.files.iter().filter(|f| Format::named(f).is_some()) {
            let place = original::place(&file.beside(name));
            put(&mut self.showing, place, (noun, c.id.clone()), on);
        }
        for post in posts {
            put_by_id(&mut self.posted, &post.company, c.id.clone(), on);
        }
    }

    fn list(&mut self, file: &FileId, on: bool) {
        let Some(entry) = self.entries.get(file) else { return };
        let c = entry.common();
        if self.owner(Noun::of(entry), &c.id) == Some(file) && self.is_shown(c) {
            self.enlist(&entry.clone(), on);
        }
    }

    /// Puts something on the lists of what is public, or takes it off.
    fn enlist(&mut self, entry: &Entry, on: bool) {
        let (Entry::Article(a) | Entry::Deal(a)) = entry else { return };
        let is_article = matches!(entry, Entry::Article(_));
        let reported: Vec<Arc<Deal>> =
            a.covers.iter().chain(a.updates.iter().map(|u| &u.deal)).filter_map(|d| self.deal(d).cloned()).collect();
        self.lists.set(a, is_article, &reported, &self.zone, Put { on, later: self.loads });
    }
}
