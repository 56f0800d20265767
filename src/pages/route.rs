//! At which route each page stands, and which page a route means. The two determine each other.

use super::{Atlas, CARDS, Channel, Form, IMAGES, Named, Page, Rendition, Scope, Sheet, Syntax, Table};
use crate::catalogue::Noun;
use crate::model::{Article, Entry, Id, IssueName, Kind, Route};
use std::fmt::Write as _;

const FOLDERS: [(Noun, &str); 4] =
    [(Noun::Company, "companies"), (Noun::Person, "people"), (Noun::Tag, "tags"), (Noun::Thread, "threads")];

fn folder(noun: Noun) -> &'static str {
    FOLDERS.iter().find(|(n, _)| *n == noun).map_or("", |(_, f)| f)
}

fn kind_slug(kind: Kind) -> String {
    kind.word().replace('_', "-")
}

fn with_sheet(base: &str, sheet: Sheet) -> String {
    sheet.number().map_or_else(|| base.to_owned(), |n| format!("{base}page/{n}/"))
}

/// A number in its one spelling: no leading zeros, no sign.
fn number(text: &str) -> Option<usize> {
    text.parse().ok().filter(|n: &usize| *n > 0 && n.to_string() == text)
}

pub(super) fn year(text: &str) -> Option<i16> {
    (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

impl Atlas<'_> {
    /// The route of a page.
    #[must_use]
    pub fn route(&self, page: &Page) -> Route {
        if let Some(route) = self.ready.route(page) {
            return route.clone();
        }
        let text = match page {
            Page::Home => "/".to_owned(),
            Page::Article(id) => self.news(id).map_or_else(|| format!("/{id}/"), |a| self.permalink(a)),
            Page::Deal(id) => format!("/deals/{id}/"),
            Page::Ledger(Scope::All, s) => with_sheet("/deals/", *s),
            Page::Ledger(Scope::Year(y), s) => with_sheet(&format!("/deals/{y:04}/"), *s),
            Page::Ledger(Scope::Kind(k), s) => with_sheet(&format!("/deals/{}/", kind_slug(*k)), *s),
            Page::Index(noun, s) => with_sheet(&format!("/{}/", folder(*noun)), *s),
            Page::Thing(noun, id, s) => with_sheet(&format!("/{}/{}/", folder(*noun), self.slug_of(*noun, id)), *s),
            Page::Year(y) => format!("/{y:04}/"),
            Page::Month(y, m, s) => with_sheet(&format!("/{y:04}/{m:02}/"), *s),
            Page::Text(id) => self.text_path(id),
            Page::NotFound => "/404.html".to_owned(),
            Page::Redirect(route) => return route.clone(),
            Page::Feed(channel, syntax) => {
                let page = match channel {
                    Channel::Site => Page::Home,
                    Channel::Corrections => Page::Corrections(Sheet::HEAD),
                    Channel::Of(noun, id) => Page::Thing(*noun, id.clone(), Sheet::HEAD),
                    Channel::Pair(a, b) => Page::Pair(a.clone(), b.clone(), Sheet::HEAD),
                };
                format!("{}{}", self.route(&page), syntax.file())
            }
            Page::Pair(a, b, s) => {
                let slug = |id| self.slug_of(Noun::Tag, id);
                with_sheet(&format!("/{}/{}/{}/", folder(Noun::Tag), slug(a), slug(b)), *s)
            }
            Page::Corrections(s) => with_sheet("/corrections/", *s),
            Page::Newsletters(s) => with_sheet("/newsletter/", *s),
            Page::Newsletter(name) => format!("/newsletter/{name}/"),
            Page::Search => "/search/".to_owned(),
            Page::SearchFile(shard, part) => format!("/search/{shard}/{part}"),
            Page::Twin(page) => format!("{}index.md", self.route(page)),
            Page::Named(file) => file.path().to_owned(),
            Page::Table(table, form) => {
                let ending = if *form == Form::Csv { "csv" } else { "json" };
                format!("{}deals.{ending}", self.route(&self.page_of_table(table)))
            }
            Page::Sitemap(None) => "/sitemap.xml".to_owned(),
            Page::Sitemap(Some(n)) => format!("/sitemap-{n}.xml"),
            Page::Media(noun, id, file) => {
                let owner = self.page_of(*noun, id).unwrap_or(Page::Home);
                format!("{}{file}", self.route(&owner))
            }
            Page::Card(motif) => self.card_path(motif).unwrap_or_default(),
            Page::Rendition(r) => format!("{IMAGES}{r}"),
        };
        Route::parse(&text).unwrap_or_else(Route::not_found)
    }

    fn slug_of(&self, noun: Noun, id: &Id) -> String {
        let own = self.catalogue.known(noun, id).and_then(|e| e.common().slug.clone());
        own.unwrap_or_else(|| id.to_string())
    }

    fn permalink(&self, a: &Article) -> String {
        let day = self.site.zone.to_datetime(a.date);
        let slug = a.common.slug.as_deref().unwrap_or(a.common.id.as_str());
        let mut parts = self.site.permalinks.article.split(':');
        let mut path = parts.next().unwrap_or("").to_owned();
        for part in parts {
            // Writing to memory does not fail.
            let (rest, _) = if let Some(rest) = part.strip_prefix("year") {
                (rest, write!(path, "{:04}", day.year()))
            } else if let Some(rest) = part.strip_prefix("month") {
                (rest, write!(path, "{:02}", day.month()))
            } else if let Some(rest) = part.strip_prefix("day") {
                (rest, write!(path, "{:02}", day.day()))
            } else if let Some(rest) = part.strip_prefix("slug") {
                (rest, path.write_str(slug))
            } else {
                (part, path.write_char(':'))
            };
            path.push_str(rest);
        }
        path
    }

    fn text_path(&self, id: &Id) -> String {
        let Some(Entry::Page(page)) = self.catalogue.known(Noun::Page, id) else { return format!("/{id}/") };
        let folder = page.common.file.folder().strip_prefix("content/pages").unwrap_or("");
        format!("{folder}/{}/", page.common.slug.as_deref().unwrap_or(id.as_str()))
    }

    /// The page that an old address leads to; none where the settings ask for no such pages.
    #[must_use]
    pub fn leads(&self, alias: &Route) -> Option<Page> {
        self.catalogue.aliased(alias.as_str()).find_map(|(noun, id)| self.page_of(*noun, id))
    }

    /// The page that stands at a route.
    #[must_use]
    pub fn at(&self, route: &Route) -> Option<Page> {
        if let Some(page) = self.ready.page(route) {
            return Some(page.clone());
        }
        self.all_at(route).next()
    }

    /// Every page that claims a route; more than one is a mistake.
    pub fn all_at(&self, route: &Route) -> impl Iterator<Item = Page> {
        let candidates = self.fixed(route).into_iter().chain(self.by_slug(route)).chain(self.media_at(route));
        let twins = route.as_str().strip_suffix("index.md").and_then(Route::parse).into_iter().flat_map(|owner| {
            let pages = self.fixed(&owner).into_iter().chain(self.by_slug(&owner)).collect::<Vec<_>>();
            pages.into_iter().filter(|p| matches!(p, Page::Article(_) | Page::Deal(_))).map(|p| Page::Twin(Box::new(p)))
        });
        candidates
            .chain(twins)
            .chain(std::iter::once(Page::Redirect(route.clone())))
            .filter(|p| self.exists(p) && self.route(p) == *route)
    }

    /// Whether a page is part of this edition.
    #[must_use]
    pub fn exists(&self, page: &Page) -> bool {
        let (lists, o) = (self.catalogue.lists(), &self.site.outputs);
        let on_sheet = |s: Sheet| {
            let (size, total) = self.extent(page);
            s.range(total, size).is_some()
        };
        match page {
            Page::Home | Page::NotFound => true,
            Page::Sitemap(None) => self.site.is_main(),
            Page::Named(file) => self.has_named(*file),
            Page::Feed(channel, _) => self.has_feed(channel),
            Page::Pair(a, b, s) => self.has_pair(a, b) && on_sheet(*s),
            Page::Corrections(s) => o.corrections && on_sheet(*s),
            Page::Newsletters(s) => self.has_newsletters() && on_sheet(*s),
            Page::Newsletter(name) => self.has_newsletter(*name),
            Page::Search => o.search,
            Page::SearchFile(shard, part) => self.has_part(*shard, *part),
            Page::Twin(page) => self.has_twin(page),
            Page::Article(id) => self.catalogue.article(id).is_some(),
            Page::Deal(id) => o.deals && self.catalogue.deal(id).is_some(),
            Page::Ledger(scope, s) => {
                o.deals
                    && on_sheet(*s)
                    && match scope {
                        Scope::All => true,
                        Scope::Year(y) => lists.deals_by_year.contains_key(y),
                        Scope::Kind(k) => lists.deals_by_kind.contains_key(k),
                    }
            }
            Page::Index(noun, s) => self.makes(*noun) && on_sheet(*s),
            Page::Thing(noun, id, s) => self.has_page(*noun, id) && on_sheet(*s),
            Page::Year(y) => o.archive && lists.by_month.keys().any(|m| m.0 == *y),
            Page::Month(y, m, s) => o.archive && lists.by_month.contains_key(&(*y, *m)) && on_sheet(*s),
            Page::Text(id) => self.catalogue.page(id).is_some(),
            Page::Redirect(route) => self.leads(route).is_some(),
            Page::Table(table, _) => self.has_table(table),
            Page::Sitemap(Some(n)) => *n <= self.sitemap_parts(self.documents().len() + self.kin.count()),
            Page::Media(noun, id, file) => {
                let entry = self.catalogue.public_entry(*noun, id);
                self.has_page(*noun, id)
                    && entry.is_some_and(|e| {
                        e.common().files.contains(file) && self.is_as_it_is(&e.common().file.beside(file))
                    })
            }
            Page::Card(motif) => self.has_card(motif),
            Page::Rendition(r) => self.source_of(r).is_some(),
        }
    }

    /// Pages whose route has a shape of its own.
    fn fixed(&self, route: &Route) -> Vec<Page> {
        let text = route.as_str();
        match text {
            "/" => return vec![Page::Home],
            "/404.html" => return vec![Page::NotFound],
            "/sitemap.xml" => return vec![Page::Sitemap(None)],
            _ => {}
        }
        if let Some(named) = Named::ALL.iter().find(|n| n.path() == text) {
            return vec![Page::Named(*named)];
        }
        if let Some(n) = text.strip_prefix("/sitemap-").and_then(|t| t.strip_suffix(".xml")).and_then(number) {
            return vec![Page::Sitemap(Some(n))];
        }
        if text.starts_with(CARDS) {
            return Self::cards_at(text).into_iter().map(Page::Card).collect();
        }
        if let Some(name) = text.strip_prefix(IMAGES) {
            return Rendition::parse(name).into_iter().map(Page::Rendition).collect();
        }
        let mut parts: Vec<&str> = text.trim_matches('/').split('/').collect();
        let syntax = Syntax::ALL.into_iter().find(|s| parts.last() == Some(&s.file()));
        if let (Some(syntax), [folders @ .., _]) = (syntax, parts.as_slice()) {
            let channels: Vec<Channel> = match folders {
                [] => vec![Channel::Site],
                ["corrections"] => vec![Channel::Corrections],
                [f, x] => self.things(f, x).map(|(n, id)| Channel::Of(n, id)).collect(),
                ["tags", x, y] => self.pairs_at(x, y).map(|(a, b)| Channel::Pair(a, b)).collect(),
                _ => Vec::new(),
            };
            return channels.into_iter().map(|c| Page::Feed(c, syntax)).collect();
        }
        let form = match parts.last() {
            Some(&"deals.csv") => Some(Form::Csv),
            Some(&"deals.json") => Some(Form::Json),
            _ => None,
        };
        if let (Some(form), [folders @ .., _]) = (form, parts.as_slice()) {
            return match folders {
                ["deals"] => vec![Page::Table(Table::Ledger, form)],
                [f, x] => self.things(f, x).map(|(n, id)| Page::Table(Table::Of(n, id), form)).collect(),
                _ => Vec::new(),
            };
        }
        let sheet = match parts.as_slice() {
            [.., "page", n] if parts.len() > 2 => match number(n) {
                Some(n) => {
                    parts.truncate(parts.len() - 2);
                    Sheet::older(n)
                }
                None => Sheet::HEAD,
            },
            _ => Sheet::HEAD,
        };
        match parts.as_slice() {
            ["deals"] => vec![Page::Ledger(Scope::All, sheet)],
            ["deals", x] => {
                let kind = Kind::from_word(&x.replace('-', "_")).map(|k| Page::Ledger(Scope::Kind(k), sheet));
                let of_year = year(x).map(|y| Page::Ledger(Scope::Year(y), sheet));
                kind.into_iter().chain(of_year).chain(Id::parse(x).map(Page::Deal)).collect()
            }
            [f] if folder_noun(f).is_some() => folder_noun(f).into_iter().map(|n| Page::Index(n, sheet)).collect(),
            ["corrections"] => vec![Page::Corrections(sheet)],
            ["newsletter"] => vec![Page::Newsletters(sheet)],
            ["newsletter", x] => IssueName::parse(x).map(Page::Newsletter).into_iter().collect(),
            ["search"] => vec![Page::Search],
            ["search", shard, file] => Self::search_file_at(shard, file).into_iter().collect(),
            [f, x] if folder_noun(f).is_some() => self.things(f, x).map(|(n, id)| Page::Thing(n, id, sheet)).collect(),
            ["tags", x, y] => self.pairs_at(x, y).map(|(a, b)| Page::Pair(a, b, sheet)).collect(),
            [y] if year(y).is_some() => year(y).into_iter().map(Page::Year).collect(),
            [y, m] if m.len() == 2 => match (year(y), m.parse()) {
                (Some(y), Ok(m)) => vec![Page::Month(y, m, sheet)],
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// Things of a folder whose slug, or else id, is `text`.
    fn things(&self, folder: &str, text: &str) -> impl Iterator<Item = (Noun, Id)> + use<> {
        let noun = folder_noun(folder);
        let ids = noun.map_or_else(Vec::new, |n| self.ids_of(n, text));
        noun.into_iter().flat_map(move |n| ids.clone().into_iter().map(move |id| (n, id)))
    }

    /// Pairs of tags by their slugs, or else ids.
    fn pairs_at(&self, x: &str, y: &str) -> impl Iterator<Item = (Id, Id)> + use<> {
        let (first, second) = (self.ids_of(Noun::Tag, x), self.ids_of(Noun::Tag, y));
        first.into_iter().flat_map(move |a| second.clone().into_iter().map(move |b| (a.clone(), b)))
    }

    /// Things whose slug, or else id, is `text`: several, where hidden ones are called so too.
    fn ids_of(&self, noun: Noun, text: &str) -> Vec<Id> {
        let by_id =
            Id::parse(text).filter(|id| self.catalogue.known(noun, id).is_some_and(|e| e.common().slug.is_none()));
        by_id.into_iter().chain(self.catalogue.with_slug(noun, text).cloned()).collect()
    }

    /// Articles and pages by the last part of their address; the pattern decides in `at`.
    fn by_slug(&self, route: &Route) -> Vec<Page> {
        let mut found = Vec::new();
        if let Some(slug) = self.slug_in(route) {
            found.extend(self.catalogue.lists().by_slug.get(slug).into_iter().flatten().cloned().map(Page::Article));
        }
        if let Some(last) = route.as_str().trim_matches('/').rsplit('/').next() {
            found.extend(self.ids_of(Noun::Page, last).into_iter().map(Page::Text));
        }
        found
    }

    /// What stands in a route where the pattern of articles has `:slug`.
    fn slug_in<'r>(&self, route: &'r Route) -> Option<&'r str> {
        let pattern = self.site.permalinks.article.trim_matches('/').split('/');
        let parts = route.as_str().trim_matches('/').split('/');
        let (own, part) = pattern.zip(parts).find(|(own, _)| own.contains(":slug"))?;
        let (before, after) = own.split_once(":slug")?;
        let length = |t: &str| t.replace(":year", "2017").replace(":month", "07").replace(":day", "05").len();
        part.get(length(before)..part.len().checked_sub(length(after))?)
    }

    /// A file of an article is below the article's page.
    fn media_at(&self, route: &Route) -> Vec<Page> {
        let text = route.as_str();
        if text.ends_with('/') {
            return Vec::new();
        }
        let cuts = text.match_indices('/').map(|(i, _)| i + 1).filter(|i| *i > 1).rev();
        cuts.flat_map(|i| {
            let owner = Route::parse(&text[..i]);
            let file = &text[i..];
            let pages = owner.iter().flat_map(|o| self.fixed(o).into_iter().chain(self.by_slug(o)));
            let of_owner = pages.filter(|p| owner.as_ref() == Some(&self.route(p)));
            let media = of_owner.filter_map(|p| match p {
                Page::Article(id) | Page::Deal(id) => Some(Page::Media(Noun::Article, id, file.to_owned())),
                Page::Thing(noun, id, Sheet::HEAD) => Some(Page::Media(noun, id, file.to_owned())),
                Page::Text(id) => Some(Page::Media(Noun::Page, id, file.to_owned())),
                _ => None,
            });
            media.collect::<Vec<_>>()
        })
        .collect()
    }
}

fn folder_noun(text: &str) -> Option<Noun> {
    FOLDERS.iter().find(|(_, f)| *f == text).map(|(n, _)| *n)
}
