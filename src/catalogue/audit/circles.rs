//! Ways that lead back to where they began: parents, earlier stories, earlier deals, translations.

use super::Audit;
use crate::catalogue::Noun;
use crate::model::{Article, Entry, Id};
use std::collections::{BTreeMap, BTreeSet};

/// A way from one thing to the next: of which things, and the key that names the next.
const WAYS: [(Noun, &str, Next); 5] = [
    (Noun::Company, "parent", parent),
    (Noun::Tag, "parent", parent),
    (Noun::Thread, "parent", parent),
    (Noun::Article, "follows", |e| article(e)?.follows.as_ref()),
    (Noun::Article, "follows", |e| article(e)?.deal.as_ref()?.follows.as_ref()),
];

type Next = fn(&Entry) -> Option<&Id>;

fn parent(entry: &Entry) -> Option<&Id> {
    match entry {
        Entry::Company(e) => e.parent.as_ref(),
        Entry::Tag(e) => e.parent.as_ref(),
        Entry::Thread(e) => e.parent.as_ref(),
        _ => None,
    }
}

fn article(entry: &Entry) -> Option<&Article> {
    match entry {
        Entry::Article(e) | Entry::Deal(e) => Some(e),
        _ => None,
    }
}

impl Audit<'_> {
    /// Things that refer to each other in a circle.
    pub(super) fn circles(&mut self) {
        for (noun, key, next) in WAYS {
            for ring in self.rings(noun, next) {
                let shown = ring.iter().chain(ring.first()).map(Id::as_str).collect::<Vec<_>>().join(" -> ");
                let Some(file) = self.c.owner(noun, &ring[0]).cloned() else { continue };
                let word = ring.get(1).unwrap_or(&ring[0]).as_str();
                let span = self.places.find_in(&file, &[key], word);
                self.place("E0208", &file, span, format!("this leads in a circle: {shown}")).help =
                    format!("take out the one `{key}` that is wrong");
            }
        }
    }

    fn rings(&self, noun: Noun, next: Next) -> Vec<Vec<Id>> {
        let mut done: BTreeSet<&Id> = BTreeSet::new();
        let mut rings = Vec::new();
        for id in self.c.ids(noun).take_while(|_| (self.goes_on)()) {
            let mut path = vec![id];
            let mut places = BTreeMap::from([(id, 0)]);
            while let Some(n) = path.last().and_then(|id| next(self.c.known(noun, id)?)) {
                if done.contains(n) {
                    break;
                }
                if let Some(i) = places.get(n) {
                    rings.push(path[*i..].iter().copied().cloned().collect());
                    break;
                }
                places.insert(n, path.len());
                path.push(n);
            }
            done.extend(path);
        }
        rings
    }
}
