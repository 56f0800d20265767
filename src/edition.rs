//! The public site at one instant, as a value: takes changes, answers for routes. Has no disk, no clock, no threads.

mod abroad;
mod addresses;
mod ahead;
mod facts;
mod images;
mod live;
mod shelf;
mod withheld;

use crate::catalogue::{Catalogue, Noun, Places, audit};
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::locale::Locale;
use crate::model::{Audience, Change, Earlier, Entry, Id, Route, Texts};
use crate::pages::{Atlas, Kin, Page, Part, Ready, Shard, Syntax, View};
use crate::render::{Piece, Press, look};
use crate::site::Site;
use abroad::{Abroad, Family};
use rustc_hash::FxBuildHasher;
use shelf::id_of;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

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
}

/// Makes the piece of a deal or an article.
pub type Make<'a> = &'a (dyn Fn(&Id) -> Option<Piece> + Sync);

/// Makes the pieces of many, in their order.
pub type MakeAll<'a> = dyn Fn(&[Id], Make<'_>) -> Vec<Option<Piece>> + 'a;

/// What is asked for again and again while everything is printed, made once. Empty after every change.
#[derive(Default)]
struct Stock {
    /// The page at each route; none where two would stand.
    pages: HashMap<Route, Option<Page>, FxBuildHasher>,
    cards: HashMap<Id, Piece, FxBuildHasher>,
    tombstones: HashMap<Id, Piece, FxBuildHasher>,
    entries: HashMap<Id, Piece, FxBuildHasher>,
    /// The files of search, by the name of their shard.
    search: HashMap<Id, Piece, FxBuildHasher>,
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
        let (findings, stock, abroad) = Default::default();
        Self { site, catalogue, press, older: None, texts, findings, stock, abroad }
    }

    /// Takes in many files at once.
    ///
    /// # Errors
    /// A setting that templates cannot get.
    pub fn load(&mut self, read: impl IntoIterator<Item = Read>) -> Result<(), Diagnostic> {
        for (file, checked) in read {
            self.put(&file, checked);
        }
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

    /// Makes what many pages show once, before all of them are asked for. `each` makes many, on as many threads as it
    /// likes. Pages are the same with and without.
    pub fn prepare(&mut self, each: &MakeAll<'_>) {
        for edition in &mut self.abroad.editions {
            edition.prepare(each);
        }
        self.stock = Stock::default();
        let all = self.with(|atlas| atlas.all().into_iter().map(|p| (atlas.route(&p), p)).collect::<Vec<_>>());
        let mut pages = HashMap::with_capacity_and_hasher(all.len(), FxBuildHasher);
        for (route, page) in all {
            pages.entry(route).and_modify(|other| *other = None).or_insert(Some(page));
        }
        self.stock.pages = pages;
        let lists = self.catalogue.lists();
        let deals: Vec<Id> = lists.deals.iter().map(|k| k.1.clone()).collect();
        let news: Vec<Id> = lists.news.iter().map(|k| k.1.clone()).collect();
        let shared = self.with(|atlas| {
            let mut carried: BTreeMap<Id, usize> = BTreeMap::new();
            for page in atlas.feeds().into_iter().map(|c| Page::Feed(c, Syntax::Atom)) {
                let Some(View::Feed(feed)) = atlas.view(&page) else { continue };
                // Each is written twice, and its text is the dear part.
                for item in feed.items.iter().filter(|i| i.correction.is_none()) {
                    *carried.entry(item.article.common.id.clone()).or_default() += 2;
                }
            }
            carried.into_iter().filter(|c| c.1 > 1).map(|c| c.0).collect::<Vec<Id>>()
        });
        // Cards show tombstones: those come first.
        let made =
            each(&deals, &|id| self.with(|a| a.catalogue.deal(id).and_then(|d| Piece::shape(&a.fresh_tombstone(d)))));
        self.stock.tombstones = by_id(deals, made);
        let made =
            each(&news, &|id| self.with(|a| a.catalogue.article(id).and_then(|x| Piece::shape(&a.fresh_card(x)))));
        self.stock.cards = by_id(news, made);
        let made = each(&shared, &|id| self.with(|a| self.press.feed_piece(a.catalogue.article(id)?, a, &*self.texts)));
        self.stock.entries = by_id(shared, made);
        // All words of a year come from one reading of its texts.
        let shards: BTreeMap<Id, Shard> =
            self.with(|a| a.shards().into_iter().filter_map(|s| Some((Id::parse(&s.to_string())?, s))).collect());
        let ids: Vec<Id> = shards.keys().cloned().collect();
        let made = each(&ids, &|id| {
            self.with(|a| Press::search_files(&a.finds(*shards.get(id)?), &*self.texts).ok().map(Piece::files))
        });
        self.stock.search = by_id(ids, made);
    }

    fn search_file(&self, shard: Shard, part: Part) -> Option<&[u8]> {
        if self.stock.search.is_empty() {
            return None;
        }
        self.stock.search.get(&Id::parse(&shard.to_string())?)?.as_file(part)
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
        own.into_iter().chain(theirs).chain(self.next_foreign_change()).min()
    }

    /// How many pages there are for readers.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.with(|atlas| atlas.documents().len() + atlas.kin.count())
    }
}

/// The pieces that could be made, by what they are of.
fn by_id(ids: Vec<Id>, made: Vec<Option<Piece>>) -> HashMap<Id, Piece, FxBuildHasher> {
    let mut all = HashMap::with_capacity_and_hasher(ids.len(), FxBuildHasher);
    all.extend(ids.into_iter().zip(made).filter_map(|(id, p)| Some((id, p?))));
    all
}

impl Ready for Edition {
    fn page(&self, route: &Route) -> Option<&Page> {
        self.stock.pages.get(route)?.as_ref()
    }

    fn card(&self, article: &Id) -> Option<&dyn erased_serde::Serialize> {
        self.stock.cards.get(article)?.as_shape()
    }

    fn tombstone(&self, deal: &Id) -> Option<&dyn erased_serde::Serialize> {
        self.stock.tombstones.get(deal)?.as_shape()
    }

    fn feed_entry(&self, article: &Id, syntax: Syntax) -> Option<&[u8]> {
        self.stock.entries.get(article)?.as_entry(syntax)
    }

    fn look(&self) -> &str {
        self.press.cards.look()
    }

    fn draws_site(&self) -> bool {
        !self.press.has_picture
    }

    fn has_own(&self, path: &str) -> bool {
        self.press.assets.has(path)
    }

    fn wants(&self, template: &str, value: &str) -> bool {
        self.press.wants(template, value)
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
