//! The public site at one instant, as a value: takes changes, answers for routes. Has no disk, no clock, no threads.

mod abroad;
mod addresses;
mod ahead;
mod facts;
mod guide;
mod images;
mod letters;
mod live;
mod shelf;
mod spoken;
mod stock;
mod withheld;

use crate::catalogue::{Catalogue, Noun, Places, audit};
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::locale::Locale;
use crate::model::{Audience, Change, Earlier, Entry, Issues, Route, Texts};
use crate::pages::{Atlas, Kin, Page};
use crate::render::{Press, look};
use crate::site::Site;
use abroad::{Abroad, Family};
use shelf::id_of;
use std::collections::BTreeMap;
use std::sync::Arc;
use stock::Stock;

pub use spoken::{Ask, AskAll};
pub use stock::Each;

/// An edition.
pub struct Edition {
    site: Arc<Site>,
    catalogue: Catalogue,
    press: Press,
    /// The last press that could print everything, before this one.
    older: Option<Press>,
    texts: Arc<dyn Texts>,
    findings: BTreeMap<FileId, Vec<Diagnostic>>,
    stock: Stock,
    /// The further languages.
    abroad: Abroad,
    /// The newsletters that were made.
    issues: Issues,
}

/// A file whose entry stays as it was, and where the text of that entry began.
pub type Kept = (FileId, usize);

/// What one content file was read as.
pub type Read = (FileId, crate::diagnostic::Checked<Option<Entry>>);

impl Edition {
    /// An edition without content: settings, and the files of `templates/` and `static/`.
    ///
    /// # Errors
    /// What is wrong with templates and static files.
    pub fn new(
        site: Arc<Site>,
        audience: Audience,
        own: &[Change],
        texts: Arc<dyn Texts>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let press = Press::new(&site, own)?;
        let others = press.others.iter().zip(&site.languages).map(|(press, language)| {
            Self::bare(Arc::new(site.in_language(language)), audience, press.clone(), Arc::clone(&texts))
        });
        let abroad = Abroad::of(others.collect());
        let mut edition = Self { abroad, ..Self::bare(site, audience, press, texts) };
        edition.settle(true).map_err(|d| vec![d])?;
        Ok(edition)
    }

    fn bare(site: Arc<Site>, audience: Audience, press: Press, texts: Arc<dyn Texts>) -> Self {
        let catalogue = Catalogue::new(audience, site.zone.clone());
        let (findings, stock, abroad, issues) = Default::default();
        Self { site, catalogue, press, older: None, texts, findings, stock, abroad, issues }
    }

    /// Takes in many files at once.
    ///
    /// # Errors
    /// A setting that templates cannot get.
    pub fn load(&mut self, read: impl IntoIterator<Item = Read>) -> Result<(), Diagnostic> {
        self.catalogue.load();
        for (file, checked) in read {
            self.put(&file, checked);
        }
        self.catalogue.settle();
        self.settle(true)
    }

    /// Takes in one file that changed, with the files as they are now.
    ///
    /// # Errors
    /// A setting that templates cannot get.
    pub fn apply(&mut self, change: &Change, texts: Arc<dyn Texts>) -> Result<(), Diagnostic> {
        self.texts = texts;
        let checked = self.read(change);
        let renamed = self.take(&change.file, checked);
        self.settle(renamed)
    }

    fn read(&self, change: &Change) -> crate::diagnostic::Checked<Option<Entry>> {
        let empty = crate::diagnostic::Checked { value: None, findings: Vec::new() };
        change.bytes.as_ref().map_or(empty, |b| crate::entry::read(&change.file, b, &self.site.zone))
    }

    /// Puts in what a file says now; returns whether somebody has another name.
    fn take(&mut self, file: &FileId, checked: crate::diagnostic::Checked<Option<Entry>>) -> bool {
        let names = |e: Option<&Entry>| match e {
            Some(Entry::Company(_) | Entry::Person(_)) => e.map(|e| (e.common().title.clone(), e.clone())),
            _ => None,
        };
        let renamed = names(self.entry_of(file)) != names(checked.value.as_ref());
        self.put(file, checked);
        renamed
    }

    fn put(&mut self, file: &FileId, checked: crate::diagnostic::Checked<Option<Entry>>) {
        self.stock = Stock::default();
        let entry = self.sort(file, checked.value);
        self.catalogue.apply(file, entry);
        if checked.findings.is_empty() {
            self.findings.remove(file);
        } else {
            self.findings.insert(file.clone(), checked.findings);
        }
    }

    /// Brings the press up to date with the catalogue; the names only where some changed.
    fn settle(&mut self, renamed: bool) -> Result<(), Diagnostic> {
        let texts = Arc::clone(&self.texts);
        let has_file = |f: &FileId| texts.has(f);
        let original = |f: &FileId| texts.original(f, look).ok();
        let words = Arc::clone(&self.press.words);
        let atlas = Atlas {
            catalogue: &self.catalogue,
            site: &self.site,
            issues: &self.issues,
            words: &words,
            kin: &(),
            has_file: &has_file,
            original: &original,
            ready: &(),
        };
        self.press.meet(&atlas, renamed)?;
        if let Some(older) = &mut self.older {
            older.share_names(&self.press);
            older.meet(&atlas, false)?;
        }
        self.translate(renamed);
        self.abroad.editions.iter_mut().try_for_each(|edition| edition.settle(renamed))
    }

    fn with<T>(&self, ask: impl FnOnce(&Atlas<'_>) -> T) -> T {
        if self.abroad.editions.is_empty() { self.within(&(), ask) } else { self.within(&Family(self), ask) }
    }

    /// The same among the editions of other languages.
    fn within<T>(&self, kin: &dyn Kin, ask: impl FnOnce(&Atlas<'_>) -> T) -> T {
        let has_file = |f: &FileId| self.texts.has(f);
        let original = |f: &FileId| self.texts.original(f, look).ok();
        ask(&Atlas {
            catalogue: &self.catalogue,
            site: &self.site,
            issues: &self.issues,
            words: &self.press.words,
            kin,
            has_file: &has_file,
            original: &original,
            ready: self,
        })
    }

    /// What is public.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The words of its interface.
    #[must_use]
    pub fn words(&self) -> &Locale {
        &self.press.words
    }

    /// What a file says, in whichever language, hidden or not.
    #[must_use]
    pub fn entry_of(&self, file: &FileId) -> Option<&Entry> {
        self.catalogue.entry_of(file).or_else(|| self.abroad.entry_of(file))
    }

    /// What files say in further languages, hidden or not.
    pub fn foreign(&self) -> impl Iterator<Item = (&FileId, &Entry)> {
        self.abroad.everything()
    }

    /// The settings.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Everything that is wrong with front matter and with what files say of each other. `earlier` are the addresses of
    /// things in the edition before, by what stood there, where it is known.
    #[must_use]
    pub fn findings(&self, earlier: &Earlier) -> Vec<Diagnostic> {
        self.examine(earlier, &|| true).map_or_else(Vec::new, |(findings, _)| findings)
    }

    /// The same, and every route, in no order; nothing where `goes_on` says no before the end: somebody waits.
    pub fn examine(&self, earlier: &Earlier, goes_on: &dyn Fn() -> bool) -> Option<(Vec<Diagnostic>, Vec<Route>)> {
        let mut all: Vec<Diagnostic> = self.findings.values().flatten().cloned().collect();
        all.extend(audit(&self.catalogue, self, goes_on));
        all.extend(self.foreign_findings(&earlier.addresses));
        let (found, routes) = self.addresses(&earlier.addresses, &|name| self.knows(name), goes_on)?;
        all.extend(self.silent(&earlier.facts));
        all.extend(self.letter_findings());
        all.extend(found);
        all.sort_by_cached_key(Diagnostic::sort_key);
        all.dedup();
        goes_on().then_some((all, routes))
    }

    /// The content file that a page is about.
    #[must_use]
    pub fn file_of(&self, page: &Page) -> Option<FileId> {
        let (noun, id) = match page {
            Page::Article(id) | Page::Deal(id) => (Noun::Article, id),
            Page::Thing(noun, id, _) | Page::Media(noun, id, _) => (*noun, id),
            Page::Text(id) => (Noun::Page, id),
            Page::Redirect(route) => {
                let (noun, id) = self.catalogue.aliased(route.as_str()).next()?;
                (*noun, id)
            }
            _ => return None,
        };
        self.catalogue.known(noun, id).map(|e| e.common().file.clone())
    }

    /// The route of the page that a content file has, where it has one.
    #[must_use]
    pub fn route_of(&self, file: &FileId) -> Option<Route> {
        let Some(entry) = self.catalogue.entry_of(file) else {
            let theirs = |e: &Self| e.route_home(&e.route_of(file)?);
            return self.abroad.editions.iter().find_map(theirs);
        };
        self.with(|atlas| atlas.page_of(Noun::of(entry), &entry.common().id).map(|p| atlas.route(&p)))
    }

    /// Where a file of `static/` is published.
    #[must_use]
    pub fn asset(&self, path: &str) -> Option<&Route> {
        self.press.assets.get(path.strip_prefix("static/")?).map(|a| &a.route)
    }

    /// Does something with the rows of a table of deals, newest first.
    pub fn with_rows<T>(&self, table: &crate::pages::Table, then: impl FnOnce(&[crate::pages::Row<'_>]) -> T) -> T {
        self.with(|atlas| then(&atlas.rows(table)))
    }

    /// The next instant at which the edition changes by itself.
    #[must_use]
    pub fn next_change(&self) -> Option<jiff::Timestamp> {
        let own = self.with(|atlas| self.catalogue.next_change().into_iter().chain(atlas.next_named_change()).min());
        let theirs = self.abroad.editions.iter().filter_map(Self::next_change);
        let letters = self.next_newsletter(self.catalogue.audience().as_of);
        own.into_iter().chain(theirs).chain(self.next_foreign_change()).chain(letters).min()
    }

    /// How many pages there are for readers.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.with(|atlas| atlas.documents().len() + atlas.kin.count())
    }
}

impl Places for Edition {
    fn find_after(&self, file: &FileId, from: usize, word: &str) -> Option<Span> {
        let bytes = self.texts.bytes(file).ok()?;
        let text = std::str::from_utf8(&bytes).ok()?;
        let end = self.catalogue.entry_of(file).map_or(text.len(), |e| e.common().body.min(text.len()));
        let front = &text[..end];
        let stands_alone = |at: usize| {
            let part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
            let (before, after) = (front[..at].chars().next_back(), front[at + word.len()..].chars().next());
            !before.is_some_and(part) && !after.is_some_and(part)
        };
        front
            .match_indices(word)
            .map(|(at, _)| at)
            .find(|at| *at >= from && stands_alone(*at))
            .map(|at| Span::new(at, at + word.len()))
    }
}
