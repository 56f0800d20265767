//! Which pages there are, at which route, showing what: borrowed, bounded views. Renders nothing.

mod corrections;
mod deals;
mod feed;
mod guide;
mod home;
mod kin;
mod ledger;
mod letter;
mod lists;
mod members;
mod named;
mod network;
mod newsletter;
mod over_time;
mod pairs;
mod parties;
mod people;
mod pictures;
mod plates;
mod progress;
mod ready;
mod related;
mod renditions;
mod route;
mod search;
mod shapes;
mod sheet;
mod table;
mod tearsheet;
mod topics;
mod twin;
mod view;

pub use feed::{Channel, FeedView, Item, Syntax};
pub use guide::{Guide, Plan};
pub use home::ArticleLine;
pub use kin::{Alternate, Kin, Listed, Version};
pub use letter::{Letter, Most};
pub use members::Members;
pub use named::{Named, NamedView, Pointer, Subscription};
pub use network::{Counterparty, Network, Tie};
pub use newsletter::{NoIssue, Since};
pub use over_time::{Bars, OverTime, Period};
pub use parties::{LdCompany, LdParty, LdPerson};
pub use pictures::Picture;
pub use plates::{CARDS, Motif, Name, Plate, Poster, Theme, Words};
pub use progress::{Lane, Point, Station, StatusLine, TimeAxis};
pub use ready::{Printed, Ready, Shown, Whom};
pub use renditions::{Cut, IMAGES, ImageSet, Rendition, is_made};
pub use search::{COMMON, Find, Finds, Part, RECORDS, Shard};
pub use shapes::{Card, Crumb, Day, Link, List, Party, Tombstone, iso, script_of};
pub use sheet::Sheet;
pub use table::{COLUMNS, Cell, DataFiles, Form, Holds, Row, Table, TableView};
pub use twin::TwinView;
pub use view::{Body, Document, Head, Subject, Values, View};

use crate::catalogue::{Catalogue, Noun};
use crate::diagnostic::FileId;
use crate::locale::Locale;
use crate::model::{Article, Entry, Id, IssueName, Issues, Kind, Original, Route};
use crate::site::Site;
use std::sync::Arc;

/// Which deals a ledger lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// All.
    All,
    /// Of a year.
    Year(i16),
    /// Of a kind.
    Kind(Kind),
}

/// One file of the finished site. Its route follows from it, and it follows from its route.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Page {
    /// `/`
    Home,
    /// A news article.
    Article(Id),
    /// A deal.
    Deal(Id),
    /// The table of deals.
    Ledger(Scope, Sheet),
    /// All companies, people, tags or threads.
    Index(Noun, Sheet),
    /// A company's tearsheet, a person, a tag or a thread.
    Thing(Noun, Id, Sheet),
    /// The archive of a year.
    Year(i16),
    /// The archive of a month.
    Month(i16, i8, Sheet),
    /// One of `content/pages`.
    Text(Id),
    /// `/404.html`
    NotFound,
    /// An old address.
    Redirect(Route),
    /// A feed.
    Feed(Channel, Syntax),
    /// What has both of two tags, in order of their ids.
    Pair(Id, Id, Sheet),
    /// What was wrong.
    Corrections(Sheet),
    /// The newsletters that were sent.
    Newsletters(Sheet),
    /// One of them.
    Newsletter(IssueName),
    /// Where the site is searched.
    Search,
    /// A file that search loads.
    SearchFile(Shard, Part),
    /// The Markdown twin of an article or a deal.
    Twin(Box<Page>),
    /// A table of deals as data.
    Table(Table, Form),
    /// A sitemap: the only one or the index, or one of its parts from 1.
    Sitemap(Option<usize>),
    /// A file that has its name from its format.
    Named(Named),
    /// A file that is published with the entry that refers to it.
    Media(Noun, Id, String),
    /// A social card.
    Card(Motif),
    /// What is made of an image.
    Rendition(Rendition),
}

/// A catalogue and the settings that say at which route each page stands.
#[derive(Clone, Copy)]
pub struct Atlas<'a> {
    /// What is public.
    pub catalogue: &'a Catalogue,
    /// The settings.
    pub site: &'a Site,
    /// The newsletters that were made.
    pub issues: &'a Issues,
    /// Whether a file beside the entries exists.
    pub has_file: &'a (dyn Fn(&FileId) -> bool + Sync),
    /// The words of its language.
    pub words: &'a Locale,
    /// The other languages of the site.
    pub kin: &'a dyn Kin,
    /// What an image file is; none where there is no file, and where it is not published.
    pub original: &'a (dyn Fn(&FileId) -> Option<Original> + Sync),
    /// What is ready before a page is viewed, and what its template needs.
    pub ready: &'a dyn Ready,
}

/// Most URLs of one sitemap (sitemaps.org).
pub const SITEMAP_URLS: usize = 50_000;

impl<'a> Atlas<'a> {
    /// Whether the settings ask for pages about a kind of thing.
    #[must_use]
    pub fn makes(&self, noun: Noun) -> bool {
        let o = &self.site.outputs;
        match noun {
            Noun::Article | Noun::Page => true,
            Noun::Company => o.companies,
            Noun::Person => o.people,
            Noun::Tag => o.tags,
            Noun::Thread => o.threads,
        }
    }

    /// Every page with a text of its own, and everything else that is printed, except what sinks add. In no order.
    #[must_use]
    pub fn all(&self) -> Vec<Page> {
        self.all_while(&|| true).unwrap_or_default()
    }

    /// The same; nothing where `goes_on` says no before the end.
    #[must_use]
    pub fn all_while(&self, goes_on: &dyn Fn() -> bool) -> Option<Vec<Page>> {
        let mut pages = self.documents_while(goes_on)?;
        let documents = pages.len() + self.kin.count();
        pages.push(Page::NotFound);
        pages.extend(Named::ALL.iter().filter(|n| self.has_named(**n)).map(|n| Page::Named(*n)));
        pages.extend(self.site.is_main().then_some(Page::Sitemap(None)));
        pages.extend(
            self.feeds()
                .into_iter()
                .take_while(|_| goes_on())
                .flat_map(|c| Syntax::ALL.map(|s| Page::Feed(c.clone(), s))),
        );
        if self.site.outputs.twins {
            let twins: Vec<Page> =
                pages.iter().filter(|p| matches!(p, Page::Article(_) | Page::Deal(_)) && goes_on()).cloned().collect();
            pages.extend(twins.into_iter().map(|p| Page::Twin(Box::new(p))));
        }
        for table in self.tables() {
            pages.extend([Form::Csv, Form::Json].map(|form| Page::Table(table.clone(), form)));
        }
        pages.extend((1..=self.sitemap_parts(documents)).map(|n| Page::Sitemap(Some(n))));
        let aliases = self.catalogue.aliases().filter_map(|(a, _)| Route::parse(a));
        pages.extend(aliases.filter(|a| self.leads(a).is_some()).map(Page::Redirect));
        for shard in self.shards() {
            pages.extend(self.parts(shard).into_iter().map(|part| Page::SearchFile(shard, part)));
        }
        pages.extend(self.cards().take_while(|_| goes_on()).map(Page::Card));
        // Two texts may show one image.
        let mut renditions = std::collections::BTreeSet::new();
        for noun in [Noun::Article, Noun::Company, Noun::Person, Noun::Tag, Noun::Thread, Noun::Page] {
            for entry in self.catalogue.public(noun).take_while(|_| goes_on()).filter(|e| !e.common().files.is_empty())
            {
                pages.extend(self.media(noun, entry));
                renditions.extend(self.renditions(noun, entry));
            }
        }
        pages.extend(renditions.into_iter().map(Page::Rendition));
        goes_on().then_some(pages)
    }

    /// The pages that search engines are told of.
    #[must_use]
    pub fn documents(&self) -> Vec<Page> {
        self.documents_while(&|| true).unwrap_or_default()
    }

    fn documents_while(&self, goes_on: &dyn Fn() -> bool) -> Option<Vec<Page>> {
        let (c, lists, o) = (self.catalogue, self.catalogue.lists(), &self.site.outputs);
        let mut pages = vec![Page::Home];
        pages.extend(lists.news.iter().take_while(|_| goes_on()).map(|k| Page::Article(k.1.clone())));
        if o.deals {
            pages.extend(lists.deals.iter().take_while(|_| goes_on()).map(|k| Page::Deal(k.1.clone())));
            let years = lists.deals_by_year.keys().map(|y| Scope::Year(*y));
            let kinds = lists.deals_by_kind.keys().map(|k| Scope::Kind(*k));
            for scope in std::iter::once(Scope::All).chain(years).chain(kinds) {
                pages.extend(self.sheets(&Page::Ledger(scope, Sheet::HEAD)).map(|s| Page::Ledger(scope, s)));
            }
        }
        for noun in [Noun::Company, Noun::Person, Noun::Tag, Noun::Thread] {
            if !self.makes(noun) {
                continue;
            }
            let first = Page::Index(noun, Sheet::HEAD);
            pages.extend(self.sheets(&first).map(|s| Page::Index(noun, s)));
            for entry in c.public(noun).take_while(|_| goes_on()) {
                let id = &entry.common().id;
                let first = Page::Thing(noun, id.clone(), Sheet::HEAD);
                pages.extend(self.sheets(&first).map(|s| Page::Thing(noun, id.clone(), s)));
            }
        }
        for (a, b) in self.pairs().take_while(|_| goes_on()) {
            let first = Page::Pair(a.clone(), b.clone(), Sheet::HEAD);
            pages.extend(self.sheets(&first).map(|s| Page::Pair(a.clone(), b.clone(), s)));
        }
        if o.corrections {
            pages.extend(self.sheets(&Page::Corrections(Sheet::HEAD)).map(Page::Corrections));
        }
        let letters = self.newsletters();
        if !letters.is_empty() {
            pages.extend(self.sheets(&Page::Newsletters(Sheet::HEAD)).map(Page::Newsletters));
        }
        pages.extend(letters.into_iter().map(Page::Newsletter));
        if o.search {
            pages.push(Page::Search);
        }
        if o.archive {
            let mut years: Vec<i16> = lists.by_month.keys().map(|m| m.0).collect();
            years.dedup();
            pages.extend(years.into_iter().map(Page::Year));
            for (y, m) in lists.by_month.keys() {
                let first = Page::Month(*y, *m, Sheet::HEAD);
                pages.extend(self.sheets(&first).map(|s| Page::Month(*y, *m, s)));
            }
        }
        pages.extend(c.public(Noun::Page).map(|e| Page::Text(e.common().id.clone())));
        goes_on().then_some(pages)
    }

    /// How many parts the sitemap has besides its index; none when one file holds all.
    #[must_use]
    pub fn sitemap_parts(&self, documents: usize) -> usize {
        if documents <= SITEMAP_URLS || !self.site.is_main() { 0 } else { documents.div_ceil(SITEMAP_URLS) }
    }

    /// The sheets of a list page, the head first.
    fn sheets(&self, page: &Page) -> impl Iterator<Item = Sheet> + use<> {
        let (size, total) = self.extent(page);
        sheet::all(total, size)
    }

    /// Items on a sheet, and items in all.
    fn extent(&self, page: &Page) -> (usize, usize) {
        let l = self.catalogue.lists();
        let size = self.site.page_size;
        let total = match page {
            Page::Ledger(Scope::All, _) => return (self.site.ledger_page_size, l.deals.len()),
            Page::Ledger(Scope::Year(y), _) => {
                return (self.site.ledger_page_size, l.deals_by_year.get(y).map_or(0, |keys| keys.len()));
            }
            Page::Ledger(Scope::Kind(k), _) => {
                return (self.site.ledger_page_size, l.deals_by_kind.get(k).map_or(0, |keys| keys.len()));
            }
            Page::Thing(noun, id, _) => self.coverage(*noun, id).map_or(0, |keys| keys.len()),
            Page::Pair(a, b, _) => l.by_pair.get(&(a.clone(), b.clone())).map_or(0, |keys| keys.len()),
            Page::Corrections(_) => l.corrected.len(),
            Page::Newsletters(_) => self.count_newsletters(),
            Page::Month(y, m, _) => l.by_month.get(&(*y, *m)).map_or(0, |keys| keys.len()),
            Page::Index(noun, _) => return (self.site.ledger_page_size, self.catalogue.public(*noun).count()),
            _ => 0,
        };
        (size, total)
    }

    /// The articles that a page about a thing lists.
    fn coverage(&self, noun: Noun, id: &Id) -> Option<&'a crate::catalogue::Sorted<crate::catalogue::Key>> {
        let l = self.catalogue.lists();
        match noun {
            Noun::Company => l.by_company.get(id),
            Noun::Person => l.by_author.get(id),
            Noun::Tag => l.by_tag.get(id),
            Noun::Thread => l.by_thread.get(id),
            Noun::Article | Noun::Page => None,
        }
    }

    fn media(&self, noun: Noun, entry: &Entry) -> Vec<Page> {
        let common = entry.common();
        if !self.has_page(noun, &common.id) {
            return Vec::new();
        }
        let there = |name: &&String| self.is_as_it_is(&common.file.beside(name));
        common.files.iter().filter(there).map(|f| Page::Media(noun, common.id.clone(), f.clone())).collect()
    }

    /// Whether a thing has a page of its own on this site.
    #[must_use]
    pub fn has_page(&self, noun: Noun, id: &Id) -> bool {
        match noun {
            Noun::Article => {
                self.catalogue.article(id).is_some() || (self.site.outputs.deals && self.catalogue.deal(id).is_some())
            }
            _ => {
                self.makes(noun)
                    && (self.ready.link(noun, id).is_some() || self.catalogue.public_entry(noun, id).is_some())
            }
        }
    }

    /// The page of a thing: of an article file the article, of a deal file the deal.
    #[must_use]
    pub fn page_of(&self, noun: Noun, id: &Id) -> Option<Page> {
        if !self.has_page(noun, id) {
            return None;
        }
        Some(match noun {
            Noun::Article if self.catalogue.article(id).is_some() => Page::Article(id.clone()),
            Noun::Article => Page::Deal(id.clone()),
            Noun::Page => Page::Text(id.clone()),
            _ => Page::Thing(noun, id.clone(), Sheet::HEAD),
        })
    }

    /// The path of a page as it stands in links: with the path of the base address, percent-encoded.
    #[must_use]
    pub fn path(&self, page: &Page) -> String {
        self.path_to(&self.route(page))
    }

    /// The same of a page that stands at a route.
    #[must_use]
    pub fn path_to(&self, route: &Route) -> String {
        let base = if is_made(route) { self.site.root_path() } else { &self.site.base_path };
        [base, &*route.url()].concat()
    }

    /// The canonical address of a page.
    #[must_use]
    pub fn address(&self, page: &Page) -> String {
        self.address_to(&self.route(page))
    }

    fn address_to(&self, route: &Route) -> String {
        let base = if is_made(route) { self.site.root_url() } else { &self.site.base_url };
        [base, &*route.url()].concat()
    }

    /// A public article by its key's id.
    fn news(&self, id: &Id) -> Option<&'a Arc<Article>> {
        self.catalogue.article(id)
    }
}
