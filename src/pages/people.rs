//! A person's page: posts held, deals, coverage, articles written.

use super::ready::Shown;
use super::shapes::{Card, Day, Link, List, Tombstone};
use super::view::{Body, Document, Subject, Values};
use super::{Atlas, Page, Sheet};
use crate::catalogue::Noun;
use crate::model::{Id, Post};
use serde::Serialize;

/// Articles and deals listed on a person's page.
const NEWEST: usize = 20;

#[derive(Clone, Debug, Serialize)]
struct PersonLine<'a> {
    name: &'a str,
    names: &'a [String],
}

/// A post as a template gets it.
#[derive(Clone, Debug, Serialize)]
pub struct PostLine<'a> {
    company: Link<'a>,
    title: &'a str,
    from: Option<Day>,
    to: Option<Day>,
}

/// What `person.html` gets.
#[derive(Clone, Debug, Serialize)]
pub struct PersonPage<'a> {
    person: PersonLine<'a>,
    posts: Vec<PostLine<'a>>,
    deals: Vec<Shown<'a, Tombstone<'a>>>,
    written: List<'a>,
    coverage: Vec<Shown<'a, Card<'a>>>,
}

impl<'a> Atlas<'a> {
    fn post(&self, p: &'a Post) -> PostLine<'a> {
        PostLine {
            company: self.link(Noun::Company, &p.company).unwrap_or(Link { title: p.company.as_str(), url: None }),
            title: &p.title,
            from: p.from.map(|d| self.day(d)),
            to: p.to.map(|d| self.day(d)),
        }
    }

    pub(super) fn person(&self, page: &Page, id: &Id, sheet: Sheet) -> Option<Document<'a>> {
        let p = self.catalogue.person(id)?;
        let (c, l) = (&p.common, self.catalogue.lists());
        let suffix = self.page_suffix(sheet);
        let description = self.described_by(&c.description, sheet, || {
            let named = [("name", (&c.title).into()), ("page", (&suffix).into())];
            let Some(post) = p.posts.last() else { return self.words.with("person-described", &named) };
            let company = self.link(Noun::Company, &post.company).map_or(post.company.as_str(), |l| l.title);
            let held = [("post", (&post.title).into()), ("company", company.into())];
            self.words.with("person-described-post", &[named, held].concat())
        });
        let mut head = self.head(page, "person", format!("{}{suffix}", c.title), description);
        head.feed = self.feed_of(Noun::Person, id);
        head.subject = if sheet == Sheet::HEAD { Subject::Person(p) } else { Subject::Collection };
        let people = self.path(&Page::Index(Noun::Person, Sheet::HEAD));
        head.trail.push(Link { title: self.words.text("people"), url: Some(people.into()) }.into());
        self.arrive(&mut head, c.title.as_str(), &Page::Thing(Noun::Person, id.clone(), Sheet::HEAD), sheet);
        let deals = l.deals_by_person.get(id).into_iter().flatten().rev().filter_map(|k| self.catalogue.deal(&k.1));
        let coverage = l.by_person.get(id).into_iter().flatten().rev().filter_map(|k| self.news(&k.1));
        let values = PersonPage {
            person: PersonLine { name: &c.title, names: &p.names },
            posts: p.posts.iter().map(|post| self.post(post)).collect(),
            deals: deals.take(NEWEST).map(|d| self.tombstone(d)).collect(),
            written: self.sheet_of(l.by_author.get(id), sheet, |s| Page::Thing(Noun::Person, id.clone(), s))?,
            coverage: coverage.take(NEWEST).map(|a| self.card(a)).collect(),
        };
        let body = (sheet == Sheet::HEAD).then_some(Body { common: c, noun: Noun::Person, article: None });
        Some(Document { template: "person.html", head, body, values: Values::Person(Box::new(values)) })
    }
}
