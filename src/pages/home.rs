//! The front page, and an article's page.

use super::kin::og_locale;
use super::members::members;
use super::parties::{LdCompany, LdParty, LdPerson};
use super::ready::{Printed, Shown};
use super::related::Related;
use super::shapes::{Card, Day, Link, Party, Tombstone, iso};
use super::view::{Body, Document, Subject, Values};
use super::{Atlas, Page, Sheet};
use crate::catalogue::Noun;
use crate::model::{Article, Id, Source, Who};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Articles on the front page besides the lead story.
const LATEST: usize = 12;
/// Deals on the front page.
const DEALS: usize = 6;
/// Months on the front page.
const MONTHS: usize = 24;

/// A link with a description.
#[derive(Clone, Debug, Serialize)]
pub struct Described<'a> {
    pub title: &'a str,
    pub url: Option<Cow<'a, str>>,
    pub description: &'a str,
    pub count: usize,
}

/// A month of the archive.
#[derive(Clone, Debug, Serialize)]
pub struct Month {
    pub title: String,
    pub url: String,
    pub count: usize,
}

/// What `home.html` gets.
#[derive(Clone, Debug, Serialize)]
pub struct Home<'a> {
    lead: Option<Shown<'a, Card<'a>>>,
    /// The article of the lead story: printing adds its image.
    #[serde(skip)]
    pub lead_article: Option<&'a Article>,
    latest: Vec<Shown<'a, Card<'a>>>,
    deals: Vec<Shown<'a, Tombstone<'a>>>,
    threads: Vec<Described<'a>>,
    topics: Vec<Described<'a>>,
    months: Vec<Month>,
}

/// A source as a template gets it.
#[derive(Clone, Debug, Serialize)]
pub struct SourceLine<'a> {
    pub kind: String,
    pub label: &'a str,
    pub publisher: &'a str,
    pub title: Option<&'a str>,
    pub date: Option<Day>,
    pub url: Option<&'a str>,
}

#[derive(Clone, Debug, Serialize)]
struct CorrectionLine<'a> {
    id: String,
    date: Day,
    kind: &'a str,
    label: &'a str,
    text: &'a str,
}

#[derive(Clone, Debug, Serialize)]
struct SponsorLine<'a> {
    name: &'a str,
    label: &'a str,
}

/// An article on its own page.
#[derive(Clone, Debug)]
pub struct ArticleLine<'a> {
    title: &'a str,
    description: &'a str,
    date: Day,
    updated: Option<Day>,
    dateline: Option<&'a str>,
    authors: Vec<Shown<'a, Link<'a>>>,
    tags: Vec<Shown<'a, Link<'a>>>,
    threads: Vec<Shown<'a, Link<'a>>>,
    sources: Vec<SourceLine<'a>>,
    corrections: Vec<CorrectionLine<'a>>,
    sponsor: Option<SponsorLine<'a>>,
    language: &'a str,
    extra: &'a serde_json::Value,
    /// What printing makes of its image.
    pub image: Printed,
    /// Its text as HTML.
    pub content: Printed,
    /// The headings of its text.
    pub toc: Printed,
    /// How many words its text has.
    pub words: Printed,
}

members! {
    ArticleLine: title description date updated dateline authors tags threads sources corrections sponsor language extra
    image content toc words
}

/// What `article.html` gets.
#[derive(Clone, Debug, Serialize)]
pub struct ArticlePage<'a> {
    /// `article`: printing adds its text and its image.
    #[serde(skip)]
    pub article: ArticleLine<'a>,
    deals: Vec<Shown<'a, Tombstone<'a>>>,
    facts: Vec<super::deals::Fact<'a>>,
    parties: Shown<'a, Vec<Party<'a>>>,
    earlier: Option<Shown<'a, Card<'a>>>,
    later: Option<Shown<'a, Card<'a>>>,
    related: Vec<Related<'a>>,
    story: Vec<Related<'a>>,
    nearest: Vec<Shown<'a, Card<'a>>>,
}

impl<'a> Atlas<'a> {
    /// A source as a template gets it.
    pub(super) fn source_line(&self, s: &'a Source) -> SourceLine<'a> {
        SourceLine {
            kind: s.kind.replace('_', " "),
            label: self.words.source_kind(&s.kind),
            publisher: &s.publisher,
            title: s.title.as_deref(),
            date: s.date.map(|d| self.day(d)),
            url: s.url.as_deref(),
        }
    }

    pub(super) fn home(&self, page: &Page) -> Document<'a> {
        let l = self.catalogue.lists();
        let site = self.site;
        let unsold = |a: &&'a Arc<Article>| a.sponsor.is_none();
        let mut newest = l.news.iter().rev().filter_map(|k| self.news(&k.1));
        let lead = newest.clone().find(unsold);
        let latest: Vec<_> = newest
            .by_ref()
            .filter(|a| lead.is_none_or(|l| l.common.id != a.common.id))
            .filter(unsold)
            .take(LATEST)
            .collect();
        let topics = site.topics.iter().filter_map(|id| self.described(Noun::Tag, id)).collect();
        // The stories that moved last come first.
        let mut threads: Vec<(_, &Id)> = l.by_thread.iter().filter_map(|(id, keys)| Some((keys.last()?, id))).collect();
        threads.sort_by(|a, b| b.cmp(a));
        let months = if site.outputs.archive {
            l.by_month.iter().rev().take(MONTHS).map(|((y, m), keys)| self.month_link(*y, *m, keys.len())).collect()
        } else {
            Vec::new()
        };
        let deals =
            l.deals.iter().rev().take(DEALS).filter_map(|k| self.catalogue.deal(&k.1)).map(|d| self.tombstone(d));
        let mut head = self.head(page, "home", site.title.as_str(), site.description.as_str());
        head.subject = Subject::Site;
        let values = Home {
            lead: lead.map(|a| self.card(a)),
            lead_article: lead.map(|a| &**a),
            latest: latest.into_iter().map(|a| self.card(a)).collect(),
            deals: deals.collect(),
            threads: threads.into_iter().filter_map(|(_, id)| self.described(Noun::Thread, id)).take(DEALS).collect(),
            topics,
            months,
        };
        Document { template: "home.html", head, body: None, values: Values::Home(Box::new(values)) }
    }

    pub(super) fn described(&self, noun: Noun, id: &Id) -> Option<Described<'a>> {
        let entry = self.public(noun, id)?;
        let count = self.coverage(noun, id).map_or(0, |keys| keys.len());
        Some(Described {
            title: &entry.common().title,
            url: self.url_of(noun, id),
            description: &entry.common().description,
            count,
        })
    }

    pub(super) fn month_link(&self, y: i16, m: i8, count: usize) -> Month {
        Month { title: self.words.month_of(y, m), url: self.path(&Page::Month(y, m, Sheet::HEAD)), count }
    }

    pub(super) fn article(&self, page: &Page, id: &Id) -> Option<Document<'a>> {
        let a = self.news(id)?;
        let zone = &self.site.zone;
        let deals: Vec<_> =
            a.deal.iter().map(|d| &d.id).chain(&a.covers).chain(a.updates.iter().map(|u| &u.deal)).collect();
        let mut seen = BTreeSet::new();
        let deals: Vec<_> =
            deals.into_iter().filter(|d| seen.insert((*d).clone())).filter_map(|d| self.catalogue.deal(d)).collect();
        let first = deals.first();
        let c = &a.common;
        let language = c.language.as_deref().unwrap_or(&self.site.language);
        let mut head = self.head(page, "article", c.title.as_str(), c.description.as_str());
        head.og_type = "article";
        head.language = language;
        head.og_locale = og_locale(language);
        head.published = Some(iso(a.date, zone));
        head.modified = a.updated.map(|u| iso(u, zone));
        if let Some(tag) = a.tags.first().and_then(|t| self.link(Noun::Tag, t)).filter(|l| l.url.is_some()) {
            head.trail.push(tag.into());
        }
        head.trail.push(Link { title: &c.title, url: Some(head.path.clone().into()) }.into());
        let wanted = |value: &str| self.ready.wants("article.html", value).then_some(());
        // Only structured data names them so.
        let named = wanted("jsonld");
        let authors = named.iter().flat_map(|()| &a.authors).filter_map(|id| {
            let link = self.link(Noun::Person, id)?;
            Some(LdPerson { name: link.title, url: self.page_of(Noun::Person, id).map(|p| self.address(&p)) })
        });
        let about = named.and(first).into_iter().flat_map(|d| &d.parties).filter_map(|p| self.party_ld(&p.who));
        head.subject = Subject::Article { article: a, authors: authors.collect(), about: about.collect() };
        let (earlier, later) = self.neighbours(&self.catalogue.lists().news, a);
        let values = ArticlePage {
            article: self.article_line(a, language),
            facts: wanted("facts").and(first).map(|d| self.facts(d)).unwrap_or_default(),
            parties: wanted("parties").and(first).map_or_else(Shown::default, |d| self.parties(d)),
            earlier,
            later,
            related: wanted("related").and(first).map(|d| self.related(d, a)).unwrap_or_default(),
            story: wanted("story").map(|()| self.story(a)).unwrap_or_default(),
            nearest: wanted("nearest").map(|()| self.nearest(a)).unwrap_or_default(),
            deals: deals.iter().map(|d| self.tombstone(d)).collect(),
        };
        let body = Some(Body { common: c, noun: Noun::Article, article: Some(a) });
        Some(Document { template: "article.html", head, body, values: Values::Article(Box::new(values)) })
    }

    fn article_line(&self, a: &'a Article, language: &'a str) -> ArticleLine<'a> {
        let c = &a.common;
        ArticleLine {
            title: &c.title,
            description: &c.description,
            date: self.moment_in(a.date),
            updated: a.updated.map(|u| self.moment_in(u)),
            dateline: a.dateline.as_deref(),
            authors: self.links(Noun::Person, &a.authors),
            tags: self.links(Noun::Tag, &a.tags),
            threads: self.links(Noun::Thread, &a.threads),
            sources: self.wanted("article.html", "sources", || a.sources.iter().map(|s| self.source_line(s)).collect()),
            corrections: a
                .corrections
                .iter()
                .enumerate()
                .map(|(n, x)| CorrectionLine {
                    id: a.correction_id(n),
                    date: self.day(x.date),
                    kind: &x.kind,
                    label: self.words.text(&x.kind),
                    text: &x.text,
                })
                .collect(),
            sponsor: a.sponsor.as_ref().map(|s| SponsorLine { name: &s.name, label: &s.label }),
            language,
            extra: &c.extra,
            image: Printed::default(),
            content: Printed::default(),
            toc: Printed::default(),
            words: Printed::default(),
        }
    }

    fn party_ld(&self, who: &Who) -> Option<LdParty<'a>> {
        match who {
            Who::Company(id) => {
                let url = self.page_of(Noun::Company, id).map(|p| self.address(&p));
                Some(LdParty::Company(Box::new(LdCompany::named(self.catalogue.company(id)?, url))))
            }
            Who::Person(id) => {
                let p = self.catalogue.person(id)?;
                Some(LdParty::Person(LdPerson { name: &p.common.title, url: None }))
            }
        }
    }
}
