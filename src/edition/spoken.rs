//! Whom texts name though no front matter refers to them: what is said of front matter alone is taken back there.

use super::Edition;
use crate::catalogue::Noun;
use crate::diagnostic::{Diagnostic, FileId};
use crate::model::{Entry, Id};
use crate::pages::Whom;
use crate::render::Names;
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};

/// Asks one file whom its text names.
pub type Ask<'a> = &'a (dyn Fn(&FileId) + Sync);

/// Asks many files, on as many threads as it likes.
pub type AskAll<'a> = dyn Fn(&[FileId], Ask<'_>) + 'a;

/// Who is sought, and whether a text has named them.
struct Sought(BTreeMap<Noun, HashMap<Id, AtomicBool, FxBuildHasher>>);

/// An ear for what is printed.
pub(super) struct Listener {
    sought: Sought,
    /// The files with texts, and whether each has been listened to.
    files: HashMap<FileId, AtomicBool, FxBuildHasher>,
}

impl Sought {
    /// Takes note of whom a text names: who has their own names in it is not meant.
    fn note(&self, own: (Noun, &Id), whom: Whom<'_>) {
        for (noun, id) in whom(&|noun, id| (noun, id) != own && self.named(noun, id).is_some()) {
            if let Some(named) = self.named(noun, &id) {
                named.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Whether a text has named somebody; nothing about those who are not sought.
    fn named(&self, noun: Noun, id: &Id) -> Option<&AtomicBool> {
        self.0.get(&noun)?.get(id)
    }
}

impl Listener {
    /// Listens to a file's text, once.
    pub(super) fn overhear(&self, file: &FileId, own: (Noun, &Id), whom: Whom<'_>) {
        if self.files.get(file).is_some_and(|heard| !heard.swap(true, Ordering::Relaxed)) {
            self.sought.note(own, whom);
        }
    }
}

impl Edition {
    /// From here on, listens to what is printed: of those texts `hear` has no need to read any again.
    pub fn listen(&self, findings: &[Diagnostic]) {
        let Some(sought) = self.sought(findings, &|| true) else { return };
        let files = self.texts_of_all().map(|file| (file.clone(), AtomicBool::new(false))).collect();
        let _ = self.stock.listener.set(Listener { sought, files });
    }

    /// Takes back what is said of companies and people to whom no front matter refers (W0210), where a text names them:
    /// of hidden articles too, and in any language. Texts are read only where there is somebody to look for, and nothing is
    /// taken back where `goes_on` says no before they are.
    pub fn hear(&self, findings: &mut Vec<Diagnostic>, each: &AskAll<'_>, goes_on: &dyn Fn() -> bool) {
        let own;
        let (sought, files): (&Sought, Vec<FileId>) = if let Some(listener) = self.stock.listener.get() {
            let unheard = listener.files.iter().filter(|(_, heard)| !heard.load(Ordering::Relaxed));
            (&listener.sought, unheard.map(|f| f.0.clone()).collect())
        } else {
            let Some(sought) = self.sought(findings, goes_on) else { return };
            own = sought;
            (&own, self.texts_of_all().take_while(|_| goes_on()).cloned().collect())
        };
        let is_sought = |noun, id: &Id| goes_on() && sought.named(noun, id).is_some();
        let names = if files.is_empty() { Names::none() } else { Names::among(&self.catalogue, is_sought) };
        if !goes_on() {
            return;
        }
        each(&files, &|file| {
            let (Some(entry), Ok(bytes)) = (self.entry_of(file), self.texts.bytes(file)) else { return };
            let text = bytes.get(entry.common().body..).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("");
            let whom =
                |may: &dyn Fn(Noun, &Id) -> bool| names.find(text, may).into_iter().map(|m| (m.noun, m.id)).collect();
            sought.note((Noun::of(entry), &entry.common().id), &whom);
        });
        let is_named =
            |(noun, id): (Noun, &Id)| sought.named(noun, id).is_some_and(|named| named.load(Ordering::Relaxed));
        findings.retain(|d| !self.unreferred(d).is_some_and(is_named));
    }

    fn texts_of_all(&self) -> impl Iterator<Item = &FileId> {
        self.catalogue.everything().map(|e| e.0).chain(self.foreign().map(|e| e.0))
    }

    /// Whom a finding says that nothing refers to.
    fn unreferred(&self, d: &Diagnostic) -> Option<(Noun, &Id)> {
        let file = d.file.as_ref().filter(|_| d.code == "W0210")?;
        let entry = self.entry_of(file)?;
        matches!(entry, Entry::Company(_) | Entry::Person(_)).then(|| (Noun::of(entry), &entry.common().id))
    }

    /// Those to whom nothing refers; nothing where there are none.
    fn sought(&self, findings: &[Diagnostic], goes_on: &dyn Fn() -> bool) -> Option<Sought> {
        let mut sought: BTreeMap<Noun, HashMap<Id, AtomicBool, FxBuildHasher>> = BTreeMap::new();
        for (noun, id) in findings.iter().take_while(|_| goes_on()).filter_map(|d| self.unreferred(d)) {
            sought.entry(noun).or_default().insert(id.clone(), AtomicBool::new(false));
        }
        (!sought.is_empty()).then_some(Sought(sought))
    }
}
