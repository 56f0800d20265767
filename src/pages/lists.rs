//! Lists of things and the archive.

use super::home::Month;
use super::ready::Shown;
use super::shapes::{Card, Crumb, List};
use super::view::{Document, Subject, Values};
use super::{Atlas, Page, Sheet};
use crate::catalogue::{Key, Noun, Sorted};
use serde::Serialize;
use std::borrow::Cow;

#[derive(Clone, Debug, Serialize)]
struct IndexEntry<'a> {
    title: &'a str,
    url: Option<Cow<'a, str>>,
    description: &'a str,
    count: usize,
    language: Option<&'static str>,
}

/// What `index.html` gets.
#[derive(Clone, Debug, Serialize)]
pub struct Index<'a> {
    title: &'a str,
    description: String,
    entries: Vec<IndexEntry<'a>>,
    newer: Option<String>,
    older: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct YearChoice {
    title: String,
    url: String,
    current: bool,
}

#[derive(Clone, Debug, Serialize)]
struct MonthPart<'a> {
    #[serde(flatten)]
    month: Month,
    newest: Vec<Shown<'a, Card<'a>>>,
}

/// What `archive.html` gets.
#[derive(Clone, Debug, Serialize)]
pub struct Archive<'a> {
    title: String,
    coverage: List<'a>,
    months: Vec<MonthPart<'a>>,
    years: Vec<YearChoice>,
}

/// Articles of each month on the page of a year.
const NEWEST: usize = 5;

/// The name of all things of a kind.
pub(super) const fn plural(noun: Noun) -> &'static str {
    match noun {
        Noun::Company => "companies",
        Noun::Person => "people",
        Noun::Tag => "topics",
        Noun::Thread => "stories",
        Noun::Article => "articles",
        Noun::Page => "pages",
    }
}

impl<'a> Atlas<'a> {
    pub(super) fn index(&self, page: &Page, noun: Noun, sheet: Sheet) -> Option<Document<'a>> {
        if !self.makes(noun) {
            return None;
        }
        let (size, total) = self.extent(page);
        let (from, to) = sheet.range(total, size)?;
        let mut all: Vec<_> = self.catalogue.public(noun).collect();
        all.sort_by_cached_key(|e| (crate::model::slug(&e.common().title), e.common().id.clone()));
        let entries = all[from..to].iter().map(|e| {
            let c = e.common();
            let count = match noun {
                Noun::Person => self.catalogue.lists().by_person.get(&c.id).or(self.coverage(noun, &c.id)),
                _ => self.coverage(noun, &c.id),
            };
            IndexEntry {
                title: &c.title,
                url: self.url_of(noun, &c.id),
                description: &c.description,
                count: count.map_or(0, |keys| keys.len()),
                language: super::shapes::script_of(&c.title),
            }
        });
        let title = self.words.text(plural(noun));
        let numbered = format!("{title}{}", self.page_suffix(sheet));
        let what = match noun {
            Noun::Company => "companies-described",
            Noun::Person => "people-described",
            Noun::Tag => "topics-described",
            _ => "stories-described",
        };
        let mut description = self.words.text(what).to_owned();
        description.extend(sheet.number().map(|n| self.words.count("page-sentence", n)));
        let mut head = self.head(page, plural_word(noun), numbered, description.clone());
        head.subject = Subject::Collection;
        self.arrive(&mut head, title, &Page::Index(noun, Sheet::HEAD), sheet);
        let at = |s: Sheet| self.path(&Page::Index(noun, s));
        let values = Index {
            title,
            description,
            entries: entries.collect(),
            newer: sheet.forth(total, size).map(at),
            older: sheet.back(total, size).map(at),
        };
        Some(Document { template: "index.html", head, body: None, values: Values::Index(Box::new(values)) })
    }

    /// One sheet of a list of articles, newest first.
    pub(super) fn sheet_of(
        &self,
        keys: Option<&'a Sorted<Key>>,
        sheet: Sheet,
        at: impl Fn(Sheet) -> Page,
    ) -> Option<List<'a>> {
        let (size, total) = (self.site.page_size, keys.map_or(0, |keys| keys.len()));
        let (from, to) = sheet.range(total, size)?;
        // Walk from the nearer end: a head costs its own length, whatever lies behind it.
        let keys = keys.into_iter().flatten();
        let ids: Vec<_> = if sheet == Sheet::HEAD || from > total / 2 {
            keys.rev().skip(total - to).take(to - from).collect()
        } else {
            let mut ids: Vec<_> = keys.skip(from).take(to - from).collect();
            ids.reverse();
            ids
        };
        Some(List {
            items: ids.into_iter().filter_map(|k| self.news(&k.1)).map(|a| self.card(a)).collect(),
            newer: sheet.forth(total, size).map(|s| self.path(&at(s))),
            older: sheet.back(total, size).map(|s| self.path(&at(s))),
            number: sheet.number(),
            first: sheet == Sheet::HEAD,
        })
    }

    /// The day of the newest article of a list: up to then its numbers count.
    pub(super) fn newest_day(&self, keys: Option<&Sorted<Key>>) -> Option<super::Day> {
        keys?.last().map(|k| self.day_in(k.0))
    }

    fn years(&self, current: Option<i16>) -> Vec<YearChoice> {
        let mut years: Vec<i16> = self.catalogue.lists().by_month.keys().map(|m| m.0).collect();
        years.dedup();
        let choice =
            |y: i16| YearChoice { title: y.to_string(), url: self.path(&Page::Year(y)), current: current == Some(y) };
        years.into_iter().rev().map(choice).collect()
    }

    pub(super) fn year(&self, page: &Page, y: i16) -> Document<'a> {
        let months = self.catalogue.lists().by_month.range((y, 1)..=(y, 12));
        let title = self.words.with("archive-of", &[("year", y.into())]);
        let description = self.words.with("archive-of-described", &[("year", y.into())]);
        let mut head = self.head(page, "archive", title.clone(), description);
        head.subject = Subject::Collection;
        head.trail.push(Crumb { title: y.to_string().into(), url: Some(self.path(page).into()) });
        let coverage = List { items: Vec::new(), newer: None, older: None, number: None, first: true };
        let values = Archive {
            title,
            coverage,
            months: months.rev().map(|((y, m), keys)| self.month_part(*y, *m, keys)).collect(),
            years: self.years(Some(y)),
        };
        Document { template: "archive.html", head, body: None, values: Values::Archive(Box::new(values)) }
    }

    fn month_part(&self, y: i16, m: i8, keys: &'a Sorted<Key>) -> MonthPart<'a> {
        let newest = keys.iter().rev().take(NEWEST).filter_map(|k| self.news(&k.1));
        MonthPart { month: self.month_link(y, m, keys.len()), newest: newest.map(|a| self.card(a)).collect() }
    }

    pub(super) fn month(&self, page: &Page, y: i16, m: i8, sheet: Sheet) -> Option<Document<'a>> {
        let keys = self.catalogue.lists().by_month.get(&(y, m));
        let coverage = self.sheet_of(keys, sheet, |s| Page::Month(y, m, s))?;
        let (title, suffix) = (self.words.month_of(y, m), self.page_suffix(sheet));
        let named = [("month", (&title).into()), ("page", (&suffix).into())];
        let description = self.words.with("month-described", &named);
        let mut head = self.head(page, "archive", format!("{title}{suffix}"), description);
        head.subject = Subject::Collection;
        head.trail.push(Crumb { title: y.to_string().into(), url: Some(self.path(&Page::Year(y)).into()) });
        self.arrive(&mut head, title.clone(), &Page::Month(y, m, Sheet::HEAD), sheet);
        let values = Archive { title, coverage, months: Vec::new(), years: self.years(None) };
        Some(Document { template: "archive.html", head, body: None, values: Values::Archive(Box::new(values)) })
    }
}

const fn plural_word(noun: Noun) -> &'static str {
    match noun {
        Noun::Company => "companies",
        Noun::Person => "people",
        Noun::Tag => "tags",
        _ => "threads",
    }
}
