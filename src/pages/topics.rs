//! A tag's page and a thread's page.

use super::deals::Turn;
use super::over_time::OverTime;
use super::progress::TimeAxis;
use super::ready::Shown;
use super::shapes::{Counted, Crumb, Day, Link, List, Tombstone};
use super::table::{DataFiles, Table};
use super::tearsheet::Figure;
use super::view::{Body, Document, Subject, Values};
use super::{Atlas, Page, Sheet};
use crate::catalogue::Noun;
use crate::model::{Deal, Id};
use serde::Serialize;
use std::collections::BTreeMap;

/// Deals on a tag's page.
const DEALS: usize = 6;
/// Deals and articles that numbers and related tags are taken from, the newest.
const LOOKED_AT: usize = 200;
/// Companies, related tags and turning points shown.
const LINES: usize = 12;

#[derive(Clone, Debug, Serialize)]
struct TagLine<'a> {
    title: &'a str,
    description: &'a str,
    synonyms: &'a [String],
    parent: Option<Link<'a>>,
    children: Vec<Shown<'a, Link<'a>>>,
}

/// What `tag.html` gets.
#[derive(Clone, Debug, Serialize)]
pub struct TagPage<'a> {
    tag: TagLine<'a>,
    numbers: Vec<Figure>,
    as_of: Option<Day>,
    pub(super) over_time: Option<OverTime>,
    deals: Vec<Shown<'a, Tombstone<'a>>>,
    coverage: List<'a>,
    companies: Vec<Counted<'a>>,
    related: Vec<Counted<'a>>,
    pairs: Vec<Counted<'a>>,
    data: Option<DataFiles>,
}

#[derive(Clone, Debug, Serialize)]
struct ThreadLine<'a> {
    title: &'a str,
    description: &'a str,
    parent: Option<Link<'a>>,
    children: Vec<Shown<'a, Link<'a>>>,
}

/// What `thread.html` gets.
#[derive(Clone, Debug, Serialize)]
pub struct ThreadPage<'a> {
    thread: ThreadLine<'a>,
    timeline: Vec<Turn<'a>>,
    pub(super) time_axis: Option<TimeAxis<'a>>,
    next: Vec<String>,
    coverage: List<'a>,
}

impl<'a> Atlas<'a> {
    pub(super) fn tag(&self, page: &Page, id: &Id, sheet: Sheet) -> Option<Document<'a>> {
        let tag = self.catalogue.tag(id)?;
        let (c, l) = (&tag.common, self.catalogue.lists());
        let is_head = sheet == Sheet::HEAD;
        let look = if is_head { LOOKED_AT } else { 0 };
        let of_deals = ["numbers", "deals", "companies"].iter().any(|v| self.ready.wants("tag.html", v));
        let deals: Vec<&'a Deal> = l
            .deals_by_tag
            .get(id)
            .into_iter()
            .flatten()
            .rev()
            .take(if of_deals { look } else { 0 })
            .filter_map(|k| self.catalogue.deal(&k.1))
            .map(AsRef::as_ref)
            .collect();
        let title = &c.title;
        let mut head = self.topic_head(page, "tag", title, &c.description, sheet);
        head.feed = self.feed_of(Noun::Tag, id);
        head.trail.push(
            Link {
                title: self.words.text("topics"),
                url: Some(self.path(&Page::Index(Noun::Tag, Sheet::HEAD)).into()),
            }
            .into(),
        );
        head.trail.extend(tag.parent.as_ref().and_then(|p| self.link(Noun::Tag, p)).map(Crumb::from));
        self.arrive(&mut head, title.as_str(), &Page::Thing(Noun::Tag, id.clone(), Sheet::HEAD), sheet);
        let count = |n: Option<usize>| n.unwrap_or(0);
        let all_deals = count(l.deals_by_tag.get(id).map(|keys| keys.len()));
        let disclosed = deals.iter().filter(|d| d.value.is_disclosed()).count();
        let articles = count(l.by_tag.get(id).map(|keys| keys.len()));
        let mut numbers = Vec::new();
        let counts = is_head && self.ready.wants("tag.html", "numbers");
        if counts {
            numbers.push(self.figure("unit-articles", articles));
        }
        if counts && all_deals > 0 {
            numbers.push(self.figure("unit-deals", all_deals));
            numbers.push(Figure {
                label: self.words.text("with-disclosed-value").to_owned(),
                text: self.words.with("n-of-total", &[("n", disclosed.into()), ("total", deals.len().into())]),
            });
        }
        let values = TagPage {
            tag: TagLine {
                title,
                description: &c.description,
                synonyms: &tag.synonyms,
                parent: tag.parent.as_ref().and_then(|p| self.link(Noun::Tag, p)),
                children: self.links(Noun::Tag, self.catalogue.children(Noun::Tag, id)),
            },
            numbers,
            as_of: self.wanted("tag.html", "as_of", || self.newest_day(l.by_tag.get(id))).filter(|_| is_head),
            over_time: self
                .wanted("tag.html", "over_time", || self.over_time(l.deals_by_tag.get(id).filter(|_| is_head)?, None)),
            deals: self.wanted("tag.html", "deals", || deals.iter().take(DEALS).map(|d| self.tombstone(d)).collect()),
            coverage: self.sheet_of(l.by_tag.get(id), sheet, |s| Page::Thing(Noun::Tag, id.clone(), s))?,
            companies: self.wanted("tag.html", "companies", || self.companies_of(deals.iter().copied(), LINES)),
            related: self.wanted("tag.html", "related", || self.related_tags(id, look)),
            pairs: if is_head { self.pairs_of(id) } else { Vec::new() },
            data: self.data_files(&Table::Of(Noun::Tag, id.clone())).filter(|_| is_head),
        };
        let body = is_head.then_some(Body { common: c, noun: Noun::Tag, article: None });
        Some(Document { template: "tag.html", head, body, values: Values::Tag(Box::new(values)) })
    }

    /// Other tags of the newest articles with a tag, those met most often first.
    fn related_tags(&self, id: &Id, look: usize) -> Vec<Counted<'a>> {
        let mut related: BTreeMap<&'a Id, usize> = BTreeMap::new();
        for key in self.catalogue.lists().by_tag.get(id).into_iter().flatten().rev().take(look) {
            for other in self.news(&key.1).into_iter().flat_map(|a| &a.tags).filter(|t| *t != id) {
                *related.entry(other).or_default() += 1;
            }
        }
        let mut related: Vec<(&'a Id, usize)> = related.into_iter().collect();
        related.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let shown = related
            .into_iter()
            .filter_map(|(id, count)| self.link(Noun::Tag, id).map(|t| Counted { title: t.title, url: t.url, count }));
        shown.take(LINES).collect()
    }

    pub(super) fn thread(&self, page: &Page, id: &Id, sheet: Sheet) -> Option<Document<'a>> {
        let thread = self.catalogue.thread(id)?;
        let (c, l) = (&thread.common, self.catalogue.lists());
        let look = if sheet == Sheet::HEAD { LOOKED_AT } else { 0 };
        let deals: Vec<&'a Deal> = l
            .deals_by_thread
            .get(id)
            .into_iter()
            .flatten()
            .rev()
            .take(look)
            .filter_map(|k| self.catalogue.deal(&k.1))
            .map(AsRef::as_ref)
            .collect();
        let total = l.deals_by_thread.get(id).map_or(0, |keys| keys.len());
        let title = &c.title;
        let mut head = self.topic_head(page, "thread", title, &c.description, sheet);
        head.feed = self.feed_of(Noun::Thread, id);
        head.trail.push(
            Link {
                title: self.words.text("stories"),
                url: Some(self.path(&Page::Index(Noun::Thread, Sheet::HEAD)).into()),
            }
            .into(),
        );
        self.arrive(&mut head, title.as_str(), &Page::Thing(Noun::Thread, id.clone(), Sheet::HEAD), sheet);
        let values = ThreadPage {
            thread: ThreadLine {
                title,
                description: &c.description,
                parent: thread.parent.as_ref().and_then(|p| self.link(Noun::Thread, p)),
                children: self.links(Noun::Thread, self.catalogue.children(Noun::Thread, id)),
            },
            next: self.wanted("thread.html", "next", || self.awaited(&deals, LINES)),
            timeline: self.wanted("thread.html", "timeline", || self.turning_points(deals.iter().copied(), 4 * LINES)),
            time_axis: self.wanted("thread.html", "time_axis", || self.time_axis(&deals, total)),
            coverage: self.sheet_of(l.by_thread.get(id), sheet, |s| Page::Thing(Noun::Thread, id.clone(), s))?,
        };
        let body = (sheet == Sheet::HEAD).then_some(Body { common: c, noun: Noun::Thread, article: None });
        Some(Document { template: "thread.html", head, body, values: Values::Thread(Box::new(values)) })
    }

    fn topic_head(
        &self,
        page: &Page,
        kind: &'static str,
        title: &'a str,
        own: &'a str,
        sheet: Sheet,
    ) -> super::Head<'a> {
        let suffix = self.page_suffix(sheet);
        let description = self.described_by(own, sheet, || {
            self.words.with("topic-described", &[("title", title.into()), ("page", (&suffix).into())])
        });
        let mut head = self.head(page, kind, format!("{title}{suffix}"), description);
        head.subject = Subject::Collection;
        head
    }
}
