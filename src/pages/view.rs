//! What a page shows: its head, its text, its values. Borrows from the catalogue and is bounded. Prints nothing.

use super::kin::{dir, og_locale};
use super::members::members;
use super::parties::{LdParty, LdPerson};
use super::shapes::iso;
use super::table::DataFiles;
use super::{
    Alternate, Atlas, Crumb, FeedView, Letter, Link, Listed, NamedView, Page, Plate, Poster, Printed, Rendition, Scope,
    Sheet, TableView, TwinView, Version, corrections, deals, home, ledger, lists, newsletter, pairs, people, search,
    tearsheet, topics,
};
use crate::catalogue::Noun;
use crate::diagnostic::FileId;
use crate::model::{Article, Common, Company, Entry, Id, Original, Person};
use serde::Serialize;
use std::borrow::Cow;

/// A feed that belongs to a page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FeedLink {
    /// Its title.
    pub title: String,
    /// Its path.
    pub path: String,
    /// The path of the same as JSON Feed.
    pub json: String,
}

/// What a page's structured data is about.
#[derive(Clone, Debug)]
pub enum Subject<'a> {
    /// The site itself.
    Site,
    /// A news article.
    Article {
        /// The article.
        article: &'a Article,
        /// Who wrote it.
        authors: Vec<LdPerson<'a>>,
        /// The parties of its deals.
        about: Vec<LdParty<'a>>,
    },
    /// A company.
    Company(&'a Company),
    /// A person.
    Person(&'a Person),
    /// A list of things.
    Collection,
    /// A table of deals, and its files.
    Data(Box<DataFiles>),
    /// Anything else.
    Plain,
}

/// What every template gets as `page`.
#[derive(Clone, Debug)]
pub struct Head<'a> {
    /// Which template's page this is.
    pub kind: &'static str,
    /// Of the browser's tab.
    pub title: Cow<'a, str>,
    /// For search engines.
    pub description: Cow<'a, str>,
    /// The path.
    pub path: String,
    /// The canonical address.
    pub url: String,
    /// The page's own feed.
    pub feed: Option<FeedLink>,
    /// The path of the Markdown twin.
    pub twin: Option<String>,
    /// BCP 47.
    pub language: &'a str,
    /// The same for Open Graph.
    pub og_locale: String,
    /// `rtl` where the language is written from the right.
    pub dir: &'static str,
    /// The languages of the site, with where this page stands in each; empty in a site of one.
    pub languages: Vec<Version>,
    /// Its addresses in the languages that have it, `x-default` last; empty where one alone has it.
    pub alternates: Vec<Alternate>,
    /// The locales of its translations for Open Graph.
    pub og_alternates: Vec<String>,
    /// `article` or `website`.
    pub og_type: &'static str,
    /// RFC 3339.
    pub published: Option<String>,
    /// RFC 3339.
    pub modified: Option<String>,
    /// Breadcrumbs, the page itself last.
    pub trail: Vec<Crumb<'a>>,
    /// The structured data, where the template asks for it.
    pub jsonld: Printed,
    /// The image that stands for it where it is shared.
    pub image: Printed,
    /// What its structured data is about.
    pub subject: Subject<'a>,
    /// The card that stands for it where it is shared.
    pub poster: Option<Poster<'a>>,
}

members! {
    Head: kind title description path url feed twin language og_locale dir languages alternates og_alternates og_type
    published modified trail jsonld image
}

/// The Markdown text of a page, by place: views hold no bodies.
#[derive(Clone, Copy, Debug)]
pub struct Body<'a> {
    /// The entry whose text it is.
    pub common: &'a Common,
    /// What kind of entry it is.
    pub noun: Noun,
    /// The record that the text must agree with, and whether names in it become links.
    pub article: Option<&'a Article>,
}

/// A page made by a template.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// The template's file.
    pub template: &'static str,
    /// `page`.
    pub head: Head<'a>,
    /// The text.
    pub body: Option<Body<'a>>,
    /// What this template gets besides.
    pub values: Values<'a>,
}

/// What each template gets besides `site`, `assets` and `page`.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "one variant a template")]
pub enum Values<'a> {
    Home(Box<home::Home<'a>>),
    Article(Box<home::ArticlePage<'a>>),
    Deal(Box<deals::DealPage<'a>>),
    Ledger(Box<ledger::Ledger<'a>>),
    Company(Box<tearsheet::Tearsheet<'a>>),
    Person(Box<people::PersonPage<'a>>),
    Tag(Box<topics::TagPage<'a>>),
    Thread(Box<topics::ThreadPage<'a>>),
    Index(Box<lists::Index<'a>>),
    Archive(Box<lists::Archive<'a>>),
    Pair(Box<pairs::PairPage<'a>>),
    Corrections(Box<corrections::CorrectionsPage<'a>>),
    Newsletters(Box<newsletter::Newsletters<'a>>),
    Newsletter(Box<Letter<'a>>),
    Search(Box<search::SearchPage<'a>>),
    Text { title: &'a str },
    Nothing {},
}

/// What is printed for a page.
#[derive(Clone, Debug)]
pub enum View<'a> {
    /// By a template.
    Document(Box<Document<'a>>),
    /// A page that leads elsewhere: the canonical address and the path.
    Redirect {
        /// The address.
        address: String,
        /// The path.
        path: String,
    },
    /// Atom or JSON Feed.
    Feed(FeedView<'a>),
    /// Deals as data.
    Table(Box<TableView<'a>>),
    /// Addresses with their last significant change.
    Sitemap(Vec<Listed>),
    /// Addresses of the parts of a sitemap.
    SitemapIndex(Vec<String>),
    /// A file that search loads, and what it holds.
    Search(Box<search::Finds<'a>>, search::Part),
    /// A file that has its name from its format.
    Named(Box<NamedView<'a>>),
    /// A text as Markdown.
    Twin(Box<TwinView<'a>>),
    /// A file as it is.
    File(FileId),
    /// A social card.
    Card(Box<Plate<'a>>),
    /// What is made of an image: of which file, and who refers to it.
    Rendition(Box<(Rendition, FileId, Original, &'a Common)>),
}

impl<'a> Atlas<'a> {
    /// What a page shows. `None` when it is not part of this edition.
    #[must_use]
    pub fn view(&self, page: &Page) -> Option<View<'a>> {
        let document = match page {
            Page::Home => self.home(page),
            Page::Article(id) => self.article(page, id)?,
            Page::Deal(id) => self.deal(page, id)?,
            Page::Ledger(scope, sheet) => self.ledger(page, *scope, *sheet)?,
            Page::Index(noun, sheet) => self.index(page, *noun, *sheet)?,
            Page::Thing(Noun::Company, id, sheet) => self.tearsheet(page, id, *sheet)?,
            Page::Thing(Noun::Person, id, sheet) => self.person(page, id, *sheet)?,
            Page::Thing(Noun::Tag, id, sheet) => self.tag(page, id, *sheet)?,
            Page::Thing(_, id, sheet) => self.thread(page, id, *sheet)?,
            Page::Year(y) => self.year(page, *y),
            Page::Month(y, m, sheet) => self.month(page, *y, *m, *sheet)?,
            Page::Text(id) => self.text(page, id)?,
            Page::NotFound => self.not_found(page),
            Page::Redirect(route) => {
                let to = self.leads(route)?;
                return Some(View::Redirect { address: self.address(&to), path: self.path(&to) });
            }
            Page::Feed(channel, syntax) => return self.feed(page, channel, *syntax).map(View::Feed),
            Page::Pair(a, b, sheet) => self.pair(page, a, b, *sheet)?,
            Page::Corrections(sheet) => self.corrections_page(page, *sheet)?,
            Page::Newsletters(sheet) => self.newsletters_page(page, *sheet)?,
            Page::Newsletter(name) => self.newsletter_page(page, *name)?,
            Page::Search => self.search_page(page)?,
            Page::SearchFile(shard, part) => {
                let found = self.has_part(*shard, *part).then(|| self.finds(*shard))?;
                return Some(View::Search(Box::new(found), *part));
            }
            Page::Twin(page) => return self.twin(page).map(|t| View::Twin(Box::new(t))),
            Page::Named(file) => return self.named_view(*file).map(|n| View::Named(Box::new(n))),
            Page::Table(table, form) => return self.table(table, *form).map(|t| View::Table(Box::new(t))),
            Page::Sitemap(part) => return self.sitemap(*part),
            Page::Media(noun, id, file) => {
                let entry = self.catalogue.public_entry(*noun, id)?;
                return Some(View::File(entry.common().file.beside(file)));
            }
            Page::Card(motif) => return self.plate(motif).map(|p| View::Card(Box::new(p))),
            Page::Rendition(r) => {
                let (file, original, common) = self.source_of(r)?;
                return Some(View::Rendition(Box::new((r.clone(), file, original, common))));
            }
        };
        Some(View::Document(Box::new(document)))
    }

    /// A head with what most pages have. The trail begins at home.
    pub(super) fn head(
        &self,
        page: &Page,
        kind: &'static str,
        title: impl Into<Cow<'a, str>>,
        description: impl Into<Cow<'a, str>>,
    ) -> Head<'a> {
        let route = self.route(page);
        let languages = self.kin.versions(page, &self.site.language);
        Head {
            dir: dir(&self.site.language),
            alternates: super::kin::alternates(&languages),
            og_alternates: languages.iter().filter(|v| v.same && !v.current).map(|v| og_locale(&v.language)).collect(),
            languages,
            kind,
            title: title.into(),
            description: description.into(),
            path: self.path_to(&route),
            url: self.address_to(&route),
            feed: None,
            twin: self.has_twin(page).then(|| self.path(&Page::Twin(Box::new(page.clone())))),
            language: &self.site.language,
            og_locale: og_locale(&self.site.language),
            og_type: "website",
            published: None,
            modified: None,
            trail: vec![Link { title: self.words.text("home"), url: Some(self.path(&Page::Home).into()) }.into()],
            jsonld: Printed::default(),
            image: Printed::default(),
            subject: Subject::Plain,
            poster: self.poster(page),
        }
    }

    /// Ends a page's trail: with the list, and on an older sheet of it with the sheet.
    pub(super) fn arrive(&self, head: &mut Head<'a>, title: impl Into<Cow<'a, str>>, list: &Page, sheet: Sheet) {
        head.trail.push(Crumb { title: title.into(), url: Some(self.path(list).into()) });
        if let Some(n) = sheet.number() {
            head.trail
                .push(Crumb { title: self.words.count("page-number", n).into(), url: Some(head.path.clone().into()) });
        }
    }

    fn text(&self, page: &Page, id: &Id) -> Option<Document<'a>> {
        let entry = self.catalogue.page(id)?;
        let c = &entry.common;
        let mut head = self.head(page, "page", c.title.as_str(), c.description.as_str());
        if let Some(language) = &c.language {
            head.language = language;
            head.og_locale = og_locale(language);
        }
        head.trail.push(Link { title: &c.title, url: Some(head.path.clone().into()) }.into());
        let body = Some(Body { common: c, noun: Noun::Page, article: None });
        Some(Document { template: "page.html", head, body, values: Values::Text { title: &c.title } })
    }

    fn not_found(&self, page: &Page) -> Document<'a> {
        let head = self.head(page, "404", self.words.text("not-found"), self.words.text("not-found-text"));
        Document { template: "404.html", head, body: None, values: Values::Nothing {} }
    }

    fn sitemap(&self, part: Option<usize>) -> Option<View<'a>> {
        let pages = self.documents();
        let parts = self.sitemap_parts(pages.len() + self.kin.count());
        if part.is_none() && parts > 0 {
            let parts = (1..=parts).map(|n| self.address(&Page::Sitemap(Some(n))));
            return Some(View::SitemapIndex(parts.collect()));
        }
        let mut entries: Vec<Listed> = match part {
            None => pages.iter().map(|p| self.in_sitemap(p)).chain(self.kin.listed()).collect(),
            Some(n) => {
                // Only what stands in this part is looked at closely.
                let mut all: Vec<(String, Result<&Page, Listed>)> =
                    pages.iter().map(|p| (self.address(p), Ok(p))).collect();
                all.extend(self.kin.listed().into_iter().map(|l| (l.address.clone(), Err(l))));
                all.sort_by(|a, b| a.0.cmp(&b.0));
                let chunk = all.into_iter().skip(n.checked_sub(1)? * super::SITEMAP_URLS).take(super::SITEMAP_URLS);
                chunk.map(|(_, page)| page.map_or_else(|listed| listed, |p| self.in_sitemap(p))).collect()
            }
        };
        entries.sort_by(|a, b| a.address.cmp(&b.address));
        Some(View::Sitemap(entries))
    }

    /// The last significant change of a page, where it is known.
    pub(super) fn modified(&self, page: &Page) -> Option<String> {
        let l = self.catalogue.lists();
        let of = |id: &Id| self.catalogue.article(id).map(|a| a.updated.unwrap_or(a.date));
        let newest = |keys: Option<&crate::catalogue::Sorted<crate::catalogue::Key>>| {
            keys?.iter().next_back().and_then(|k| of(&k.1))
        };
        let at = match page {
            Page::Home => {
                let news = l.news.iter().rev().filter_map(|k| self.catalogue.article(&k.1));
                news.into_iter().find(|a| a.sponsor.is_none()).map(|a| a.updated.unwrap_or(a.date))
            }
            Page::Article(id) => of(id),
            Page::Deal(id) => newest(l.by_deal.get(id)),
            Page::Thing(noun, id, Sheet::HEAD) => newest(self.coverage(*noun, id)),
            Page::Pair(a, b, Sheet::HEAD) => newest(l.by_pair.get(&(a.clone(), b.clone()))),
            Page::Month(y, m, Sheet::HEAD) => newest(l.by_month.get(&(*y, *m))),
            _ => None,
        };
        at.map(|t| iso(t, &self.site.zone))
    }

    /// The name of a ledger.
    pub(super) fn ledger_title(&self, scope: Scope) -> String {
        let words = self.words;
        match scope {
            Scope::All => words.text("deals").to_owned(),
            Scope::Year(y) => words.with("ledger-of-year", &[("year", y.into())]),
            Scope::Kind(k) => words.with("ledger-of-kind", &[("kind", (&words.inside(words.kind(k))).into())]),
        }
    }

    /// What the title of an older sheet of a list ends with; nothing for the head.
    pub(super) fn page_suffix(&self, sheet: Sheet) -> String {
        sheet.number().map_or_else(String::new, |n| self.words.count("page-suffix", n))
    }

    /// An editor's description of a thing, with the number of an older sheet; where there is none, one that is made.
    pub(super) fn described_by(&self, own: &str, sheet: Sheet, make: impl FnOnce() -> String) -> String {
        match (own, sheet.number()) {
            ("", _) => make(),
            (own, None) => own.to_owned(),
            (own, Some(n)) => self.words.with("page-in-brackets", &[("text", own.into()), ("n", n.into())]),
        }
    }

    /// The entry of a public thing.
    pub(super) fn public(&self, noun: Noun, id: &Id) -> Option<&'a Entry> {
        self.catalogue.public_entry(noun, id)
    }
}
