//! A deal's page, and the turning points of deals.

use super::home::SourceLine;
use super::progress::{StatusLine, status_line};
use super::shapes::{Card, Day, Link, Party, Shown, Tombstone};
use super::view::{Body, Document, Values};
use super::{Atlas, Page, Scope, Sheet};
use crate::catalogue::Noun;
use crate::model::{Deal, Entry, Id, Role, Source, Value, Who};
use rust_decimal::Decimal;
use serde::Serialize;

/// Articles listed on a deal's page.
const COVERAGE: usize = 50;

/// A row of the key facts.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    label: &'static str,
    text: String,
}

#[derive(Clone, Debug, Serialize)]
struct StepLine<'a> {
    label: &'static str,
    date: Day,
    publisher: Option<String>,
    note: Option<String>,
    article: Option<Link<'a>>,
}

#[derive(Clone, Debug, Serialize)]
struct ComponentLine<'a> {
    label: &'static str,
    from: Option<Party<'a>>,
    to: Option<Party<'a>>,
    what: Option<&'a str>,
    value: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct StakeLine<'a> {
    holder: Party<'a>,
    of: Party<'a>,
    text: String,
}

/// What `deal.html` gets.
#[derive(Clone, Debug, Serialize)]
pub struct DealPage<'a> {
    deal: Shown<'a, Tombstone<'a>>,
    facts: Vec<Fact>,
    timeline: Vec<StepLine<'a>>,
    pub(super) status_line: Option<StatusLine>,
    next: Option<String>,
    components: Vec<ComponentLine<'a>>,
    stakes: Vec<StakeLine<'a>>,
    sources: Vec<SourceLine<'a>>,
    coverage: Vec<Shown<'a, Card<'a>>>,
    follows: Option<Link<'a>>,
}

/// "50% plus 1 share".
fn stake_text(percent: Decimal, plus: i64) -> String {
    let shares = plus.unsigned_abs();
    let noun = if shares == 1 { "share" } else { "shares" };
    match plus.signum() {
        1 => format!("{percent}% plus {shares} {noun}"),
        -1 => format!("{percent}% minus {shares} {noun}"),
        _ => format!("{percent}%"),
    }
}

impl Fact {
    /// The label and the text.
    pub(super) fn into_pair(self) -> (&'static str, String) {
        (self.label, self.text)
    }
}

impl<'a> Atlas<'a> {
    pub(super) fn name(&self, who: &'a Who) -> &'a str {
        match who {
            Who::Company(id) => self.link(Noun::Company, id).map_or(id.as_str(), |l| l.title),
            Who::Person(id) => self.link(Noun::Person, id).map_or(id.as_str(), |l| l.title),
        }
    }

    /// The key facts of a deal: who in each role, how much, how far, where.
    pub(super) fn facts(&self, deal: &'a Deal) -> Vec<Fact> {
        let mut facts = vec![Fact { label: "Kind", text: deal.kind.label().to_owned() }];
        let mut by_roles: Vec<(Vec<Role>, Vec<&str>)> = Vec::new();
        for p in &deal.parties {
            match by_roles.iter_mut().find(|(roles, _)| *roles == p.roles) {
                Some((_, names)) => names.push(self.name(&p.who)),
                None => by_roles.push((p.roles.clone(), vec![self.name(&p.who)])),
            }
        }
        for role in Role::ALL {
            let names: Vec<&str> = by_roles
                .iter()
                .filter(|(roles, _)| roles.contains(role))
                .flat_map(|(_, n)| n.iter().copied())
                .collect();
            if !names.is_empty() {
                facts.push(Fact { label: role.label(), text: names.join(", ") });
            }
        }
        if deal.value != Value::None {
            facts.push(Fact { label: "Value", text: deal.value.human() });
        }
        Self::value_facts(deal, &mut facts);
        if let Some(l) = &deal.licence {
            let exclusive = l.exclusive.map(|e| if e { "Exclusive" } else { "Not exclusive" }.to_owned());
            for (label, text) in [
                ("Scope", l.scope.clone()),
                ("Term", l.term.clone()),
                ("Territory", l.territory.clone()),
                ("Exclusivity", exclusive),
            ] {
                facts.extend(text.map(|text| Fact { label, text }));
            }
        }
        let steps = self.catalogue.steps(deal);
        if let Some((step, _)) = steps.last() {
            facts.push(Fact { label: "Status", text: format!("{}, {}", step.state.label(), step.date.human()) });
        }
        if let Some(date) = deal.expected_close.filter(|_| !steps.last().is_some_and(|s| s.0.state.is_end())) {
            facts.push(Fact { label: "Expected to close", text: date.human() });
        }
        if !deal.jurisdictions.is_empty() {
            let names: Vec<&str> = deal.jurisdictions.iter().map(|c| country(c)).collect();
            facts.push(Fact { label: "Jurisdictions", text: names.join(", ") });
        }
        facts
    }

    fn value_facts(deal: &Deal, facts: &mut Vec<Fact>) {
        match &deal.value {
            Value::Sum { parts, .. } if !parts.is_empty() => {
                let parts: Vec<String> = parts.iter().map(|p| format!("{}: {}", p.what, p.amount.human())).collect();
                facts.push(Fact { label: "Of which", text: parts.join("; ") });
            }
            Value::Undisclosed(estimates) if !estimates.is_empty() => {
                let texts: Vec<String> = estimates.iter().map(|e| format!("{} ({})", e.amount.human(), e.by)).collect();
                facts.push(Fact { label: "Estimates", text: texts.join("; ") });
            }
            _ => {}
        }
    }

    pub(super) fn deal(&self, page: &Page, id: &Id) -> Option<Document<'a>> {
        if !self.site.outputs.deals {
            return None;
        }
        let opener = self.catalogue.opener(id)?;
        let deal = opener.deal.as_ref()?;
        let is_own = matches!(self.public(Noun::Article, id), Some(Entry::Deal(_)));
        let steps = self.catalogue.steps(deal);
        let timeline = steps.iter().map(|(s, article)| StepLine {
            label: s.state.label(),
            date: s.date.into(),
            publisher: s.publisher.clone(),
            note: s.note.clone(),
            article: article
                .map(|a| Link { title: &a.common.title, url: Some(self.path(&Page::Article(a.common.id.clone()))) }),
        });
        // The opener's sources, and those of the steps that later articles reported.
        let mut sources: Vec<&Source> = opener.sources.iter().collect();
        for (step, article) in &steps {
            let of = article.iter().flat_map(|a| &a.sources).find(|s| Some(&s.id) == step.source.as_ref());
            let is_same = |a: &Source, b: &Source| {
                (&a.publisher, &a.title, a.date, &a.url) == (&b.publisher, &b.title, b.date, &b.url)
            };
            let is_new = |s: &&Source| !sources.iter().any(|other| is_same(other, s));
            if let Some(source) = of.filter(is_new) {
                sources.push(source);
            }
        }
        let open = !steps.last().is_some_and(|s| s.0.state.is_end());
        let next = deal.expected_close.filter(|_| open).map(|d| format!("Expected to close: {}", d.human()));
        let company = |id: &'a Id| self.named(Noun::Company, id, Vec::new());
        let components = deal.components.iter().map(|c| ComponentLine {
            label: c.kind.label(),
            from: c.from.as_ref().map(company),
            to: c.to.as_ref().map(company),
            what: c.what.as_deref(),
            value: c.value.as_ref().filter(|v| **v != Value::None).map(Value::human),
        });
        let stakes = deal.stakes.iter().map(|s| StakeLine {
            holder: company(&s.holder),
            of: company(&s.of),
            text: stake_text(s.percent, s.plus_shares),
        });
        let articles =
            self.catalogue.lists().by_deal.get(id).into_iter().flatten().rev().filter_map(|k| self.news(&k.1));
        // The opening article's title names the deal as well: the page of the deal must not have the same.
        let title = format!("{}: the deal", deal.title);
        let names: Vec<&str> = deal.parties.iter().take(4).map(|p| self.name(&p.who)).collect();
        let worth = if deal.value == Value::None { String::new() } else { format!(" Value: {}.", deal.value.human()) };
        let state = steps.last().map_or(String::new(), |(s, _)| format!(" {}, {}.", s.state.label(), s.date.human()));
        let description = format!(
            "{}: {}.{worth}{state} Parties, terms, timeline and sources of “{}”.",
            deal.kind.label(),
            names.join(", "),
            deal.title
        );
        let mut head = self.head(page, "deal", if is_own { deal.title.clone() } else { title }, description);
        head.trail.push(Link { title: "Deals", url: Some(self.path(&Page::Ledger(Scope::All, Sheet::HEAD))) }.into());
        head.trail.push(Link { title: &deal.title, url: Some(self.path(page)) }.into());
        let values = DealPage {
            deal: self.tombstone(deal),
            facts: self.facts(deal),
            timeline: timeline.collect(),
            status_line: self.wanted("deal.html", "status_line", || status_line(deal, &steps)),
            next,
            components: components.collect(),
            stakes: stakes.collect(),
            sources: sources.into_iter().map(SourceLine::from).collect(),
            coverage: articles.take(COVERAGE).map(|a| self.card(a)).collect(),
            follows: deal.follows.as_ref().and_then(|id| {
                let other = self.catalogue.deal(id)?;
                Some(Link { title: &other.title, url: Some(self.path(&Page::Deal(other.id.clone()))) })
            }),
        };
        let body = is_own.then_some(Body { common: &opener.common, noun: Noun::Article, article: Some(opener) });
        Some(Document { template: "deal.html", head, body, values: Values::Deal(Box::new(values)) })
    }

    /// What open deals still wait for.
    pub(super) fn awaited(&self, deals: &[&'a Deal], most: usize) -> Vec<String> {
        let open = deals.iter().filter(|d| !self.catalogue.steps(d).last().is_some_and(|s| s.0.state.is_end()));
        let next = open.filter_map(|d| Some(format!("{}: expected to close, {}", d.title, d.expected_close?.human())));
        next.take(most).collect()
    }

    /// The turning points of deals, oldest first: the newest `most` of them.
    pub(super) fn turning_points(&self, deals: impl Iterator<Item = &'a Deal>, most: usize) -> Vec<Turn<'a>> {
        let mut turns: Vec<(jiff::civil::Date, Turn<'a>)> = Vec::new();
        for deal in deals {
            // A month begins before its third day: what the record puts later is not shown earlier for that.
            let mut not_before = jiff::civil::Date::MIN;
            for (step, _) in self.catalogue.steps(deal) {
                let url = self.site.outputs.deals.then(|| self.path(&Page::Deal(deal.id.clone())));
                let line =
                    Turn { date: step.date.into(), label: step.state.label(), deal: Link { title: &deal.title, url } };
                not_before = not_before.max(step.date.first());
                turns.push((not_before, line));
            }
        }
        turns.sort_by(|a, b| (a.0, a.1.deal.title).cmp(&(b.0, b.1.deal.title)));
        let skip = turns.len().saturating_sub(most);
        turns.into_iter().skip(skip).map(|t| t.1).collect()
    }
}

/// A turning point of a story.
#[derive(Clone, Debug, Serialize)]
pub struct Turn<'a> {
    date: Day,
    label: &'static str,
    deal: Link<'a>,
}

/// The English name of a country by its ISO 3166-1 alpha-2 code.
#[must_use]
pub fn country(code: &str) -> &str {
    rust_iso3166::from_alpha2(code).map_or(code, |c| c.name)
}
