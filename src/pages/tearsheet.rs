//! A company's tearsheet: identity, numbers, deals by role, turning points, counterparties, people, coverage.

use super::deals::Turn;
use super::network::{Counterparty, Network};
use super::ready::Shown;
use super::shapes::{Counted, Day, Link, List, Tombstone, script_of};
use super::table::{DataFiles, Table};
use super::view::{Body, Document, Subject, Values};
use super::{Atlas, Page, Sheet};
use crate::catalogue::Noun;
use crate::model::{Company, Deal, Id, Role, Who};
use serde::Serialize;
use std::collections::BTreeMap;

/// Deals that a tearsheet looks at, the newest.
const DEALS: usize = 100;
/// Turning points and people shown.
const LINES: usize = 24;

#[derive(Clone, Debug, Serialize)]
struct Name<'a> {
    text: &'a str,
    language: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
struct ListingLine<'a> {
    mic: &'a str,
    ticker: &'a str,
}

#[derive(Clone, Debug, Serialize)]
struct Identifier<'a> {
    label: &'static str,
    text: &'a str,
    url: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Former<'a> {
    name: &'a str,
    until: Option<Day>,
}

#[derive(Clone, Debug, Serialize)]
struct CompanyLine<'a> {
    name: &'a str,
    legal_name: Option<&'a str>,
    names: Vec<Name<'a>>,
    country: Option<&'a str>,
    listings: Vec<ListingLine<'a>>,
    identifiers: Vec<Identifier<'a>>,
    parent: Option<Link<'a>>,
    subsidiaries: Vec<Shown<'a, Link<'a>>>,
    former_names: Vec<Former<'a>>,
}

/// A number and what it counts.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What it counts.
    pub label: String,
    /// The number.
    pub text: String,
}

#[derive(Clone, Debug, Serialize)]
struct Group<'a> {
    label: &'a str,
    deals: Vec<Shown<'a, Tombstone<'a>>>,
}

#[derive(Clone, Debug, Serialize)]
struct Officer<'a> {
    person: Link<'a>,
    title: &'a str,
    from: Option<Day>,
    to: Option<Day>,
}

/// What `company.html` gets.
#[derive(Clone, Debug, Serialize)]
pub struct Tearsheet<'a> {
    company: CompanyLine<'a>,
    numbers: Vec<Figure>,
    as_of: Option<Day>,
    next: Vec<String>,
    groups: Vec<Group<'a>>,
    timeline: Vec<Turn<'a>>,
    pub(super) counterparties: Vec<Counterparty<'a>>,
    pub(super) network: Option<Network<'a>>,
    people: Vec<Officer<'a>>,
    coverage: List<'a>,
    data: Option<DataFiles>,
}

impl<'a> Atlas<'a> {
    fn company_line(&self, c: &'a Company) -> CompanyLine<'a> {
        let wikidata = c.wikidata.as_deref().map(|q| Identifier {
            label: "Wikidata",
            text: q,
            url: Some(format!("https://www.wikidata.org/wiki/{q}")),
        });
        let lei = c.lei.as_deref().map(|t| Identifier {
            label: "LEI",
            text: t,
            url: Some(format!("https://search.gleif.org/#/record/{t}")),
        });
        let isin = c.isin.as_deref().map(|t| Identifier { label: "ISIN", text: t, url: None });
        CompanyLine {
            name: &c.common.title,
            legal_name: c.legal_name.as_deref(),
            names: c.names.iter().map(|n| Name { text: n, language: script_of(n) }).collect(),
            country: c.country.as_deref().map(|code| self.words.country(code)),
            listings: c.listings.iter().map(|l| ListingLine { mic: &l.mic, ticker: &l.ticker }).collect(),
            identifiers: lei.into_iter().chain(isin).chain(wikidata).collect(),
            parent: c.parent.as_ref().and_then(|id| self.link(Noun::Company, id)),
            subsidiaries: self.links(Noun::Company, self.catalogue.children(Noun::Company, &c.common.id)),
            former_names: c
                .former_names
                .iter()
                .map(|f| Former { name: &f.name, until: f.until.map(|d| self.day(d)) })
                .collect(),
        }
    }

    pub(super) fn tearsheet(&self, page: &Page, id: &Id, sheet: Sheet) -> Option<Document<'a>> {
        let c = self.catalogue.company(id)?;
        let l = self.catalogue.lists();
        let keys = l.deals_by_company.get(id);
        let total = keys.map_or(0, |keys| keys.len());
        let head_sheet = sheet == Sheet::HEAD;
        let wants = |values: &[&str]| values.iter().any(|v| self.ready.wants("company.html", v));
        let of_deals = ["numbers", "counterparties", "network", "next", "groups", "timeline"];
        let looked_at = if head_sheet && wants(&of_deals) { DEALS } else { 0 };
        let deals: Vec<&'a Deal> = keys
            .into_iter()
            .flatten()
            .rev()
            .take(looked_at)
            .filter_map(|k| self.catalogue.deal(&k.1))
            .map(AsRef::as_ref)
            .collect();
        let officers = self.catalogue.people_at(id).flat_map(|p| {
            let posts = p.posts.iter().filter(|post| post.company == *id);
            posts.map(move |post| (post.from.map(crate::model::Date::first), p, post))
        });
        let mut officers: Vec<_> = officers.collect();
        officers.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.common.id.cmp(&b.1.common.id)));
        let met = if wants(&of_deals[..3]) { self.met(id, &deals) } else { Vec::new() };
        let others = met.len();
        let name = &c.common.title;
        let suffix = self.page_suffix(sheet);
        let description = self.described_by(&c.common.description, sheet, || {
            let named = [("name", name.into()), ("page", (&suffix).into())];
            match &c.country {
                Some(code) => {
                    let place = [("country", self.words.country(code).into())];
                    self.words.with("company-described-place", &[&named[..], &place].concat())
                }
                None => self.words.with("company-described", &named),
            }
        });
        let mut head = self.head(page, "company", format!("{name}{suffix}"), description);
        head.feed = self.feed_of(Noun::Company, id);
        head.subject = if head_sheet { Subject::Company(c) } else { Subject::Collection };
        let all = self.path(&Page::Index(Noun::Company, Sheet::HEAD));
        head.trail.push(Link { title: self.words.text("companies"), url: Some(all.into()) }.into());
        self.arrive(&mut head, name.as_str(), &Page::Thing(Noun::Company, id.clone(), Sheet::HEAD), sheet);
        let values = Tearsheet {
            company: self.company_line(c),
            numbers: if head_sheet && wants(&["numbers"]) {
                let articles = l.by_company.get(id).map_or(0, |keys| keys.len());
                let counts = [("unit-deals", total), ("unit-counterparties", others), ("unit-articles", articles)];
                counts.map(|(unit, n)| self.figure(unit, n)).into()
            } else {
                Vec::new()
            },
            as_of: self
                .wanted("company.html", "as_of", || self.newest_day(l.by_company.get(id)))
                .filter(|_| head_sheet),
            next: self.wanted("company.html", "next", || self.awaited(&deals, LINES)),
            groups: self.wanted("company.html", "groups", || self.groups(id, &deals)),
            timeline: self.wanted("company.html", "timeline", || self.turning_points(deals.iter().copied(), LINES)),
            counterparties: self.counterparties(&met),
            network: self.wanted("company.html", "network", || Self::network(name, &met, &deals, total)),
            people: officers
                .into_iter()
                .take(LINES)
                .map(|(_, p, post)| Officer {
                    person: Link { title: &p.common.title, url: self.url_of(Noun::Person, &p.common.id) },
                    title: &post.title,
                    from: post.from.map(|d| self.day(d)),
                    to: post.to.map(|d| self.day(d)),
                })
                .collect(),
            data: self.data_files(&Table::Of(Noun::Company, id.clone())).filter(|_| head_sheet),
            coverage: self.sheet_of(l.by_company.get(id), sheet, |s| Page::Thing(Noun::Company, id.clone(), s))?,
        };
        let body = head_sheet.then_some(Body { common: &c.common, noun: Noun::Company, article: None });
        Some(Document { template: "company.html", head, body, values: Values::Company(Box::new(values)) })
    }

    /// Deals by the first role that the company has in each; where it has none, it is part of the record otherwise.
    fn groups(&self, id: &Id, deals: &[&'a Deal]) -> Vec<Group<'a>> {
        let mut groups: BTreeMap<Option<Role>, Vec<&'a Deal>> = BTreeMap::new();
        for deal in deals {
            let own = deal.parties.iter().find(|p| matches!(&p.who, Who::Company(c) if c == id));
            groups.entry(own.and_then(|p| p.roles.first().copied())).or_default().push(deal);
        }
        let none = groups.remove(&None).map(|d| (None, d));
        let named = groups.into_iter().chain(none);
        named
            .map(|(role, deals)| Group {
                label: role.map_or_else(|| self.words.text("otherwise-concerned"), |r| self.words.role(r)),
                deals: deals.into_iter().map(|d| self.tombstone(d)).collect(),
            })
            .collect()
    }

    /// A number of something.
    pub(super) fn figure(&self, unit: &str, n: usize) -> Figure {
        Figure { label: self.words.count(unit, n), text: n.to_string() }
    }

    /// Companies of some deals, those met most often first.
    pub(super) fn companies_of(&self, deals: impl Iterator<Item = &'a Deal>, most: usize) -> Vec<Counted<'a>> {
        let mut counts: BTreeMap<&'a Id, usize> = BTreeMap::new();
        for deal in deals {
            for id in deal.companies().collect::<std::collections::BTreeSet<_>>() {
                *counts.entry(id).or_default() += 1;
            }
        }
        let mut all: Vec<(&'a Id, usize)> = counts.into_iter().collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let shown = all.into_iter().filter_map(|(id, count)| {
            self.link(Noun::Company, id).map(|l| Counted { title: l.title, url: l.url, count })
        });
        shown.take(most).collect()
    }
}
