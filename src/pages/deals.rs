//! A deal's page, and the turning points of deals.

use super::home::SourceLine;
use super::progress::{StatusLine, status_line};
use super::ready::Shown;
use super::shapes::{Card, Day, Link, Party, Tombstone};
use super::view::{Body, Document, Values};
use super::{Atlas, Page, Scope, Sheet};
use crate::catalogue::Noun;
use crate::model::money::{Estimate, Part};
use crate::model::{Deal, Entry, Id, Role, Source, Step, Value, Who};
use rust_decimal::Decimal;
use serde::Serialize;

/// Articles listed on a deal's page.
const COVERAGE: usize = 50;

/// A row of the key facts.
#[derive(Clone, Debug, Serialize)]
pub struct Fact<'a> {
    label: &'a str,
    text: String,
}

#[derive(Clone, Debug, Serialize)]
struct StepLine<'a> {
    label: &'a str,
    date: Day,
    publisher: Option<String>,
    note: Option<String>,
    article: Option<Link<'a>>,
}

#[derive(Clone, Debug, Serialize)]
struct ComponentLine<'a> {
    label: &'a str,
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
    facts: Vec<Fact<'a>>,
    timeline: Vec<StepLine<'a>>,
    pub(super) status_line: Option<StatusLine>,
    next: Option<String>,
    components: Vec<ComponentLine<'a>>,
    stakes: Vec<StakeLine<'a>>,
    sources: Vec<SourceLine<'a>>,
    coverage: Vec<Shown<'a, Card<'a>>>,
    follows: Option<Link<'a>>,
}

impl<'a> Fact<'a> {
    /// The label and the text.
    pub(super) fn into_pair(self) -> (&'a str, String) {
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

    /// "50% plus 1 share".
    fn stake_text(&self, percent: Decimal, plus: i64) -> String {
        let key = match plus.signum() {
            1 => "stake-plus",
            -1 => "stake-minus",
            _ => "stake",
        };
        let shares = usize::try_from(plus.unsigned_abs()).unwrap_or(usize::MAX);
        self.words.with(key, &[("percent", (&self.words.decimal(percent)).into()), ("n", shares.into())])
    }

    /// The key facts of a deal: who in each role, how much, how far, where.
    pub(super) fn facts(&self, deal: &'a Deal) -> Vec<Fact<'a>> {
        let words = self.words;
        let fact = |key: &str, text: String| Fact { label: words.text(key), text };
        let mut facts = vec![fact("fact-kind", words.kind(deal.kind).to_owned())];
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
                facts.push(Fact { label: words.role(*role), text: words.joined("enumeration", &names) });
            }
        }
        if deal.value != Value::None {
            facts.push(fact("fact-value", words.value(&deal.value)));
        }
        facts.extend(self.value_facts(deal));
        if let Some(l) = &deal.licence {
            let exclusive = l.exclusive.map(|e| words.text(if e { "exclusive" } else { "not-exclusive" }).to_owned());
            for (key, text) in [
                ("fact-scope", l.scope.clone()),
                ("fact-term", l.term.clone()),
                ("fact-territory", l.territory.clone()),
                ("fact-exclusivity", exclusive),
            ] {
                facts.extend(text.map(|text| fact(key, text)));
            }
        }
        let steps = self.catalogue.steps(deal);
        if let Some((step, _)) = steps.last() {
            facts.push(fact("fact-status", self.state_and_date("state-and-date", step)));
        }
        if let Some(date) = deal.expected_close.filter(|_| !steps.last().is_some_and(|s| s.0.state.is_end())) {
            facts.push(fact("fact-expected", words.date(date)));
        }
        if !deal.jurisdictions.is_empty() {
            let names: Vec<&str> = deal.jurisdictions.iter().map(|c| words.country(c)).collect();
            facts.push(fact("fact-jurisdictions", words.joined("enumeration", &names)));
        }
        facts
    }

    /// "Signed, 5 July 2017".
    fn state_and_date(&self, key: &str, step: &Step) -> String {
        let (state, date) = (self.words.state(step.state), self.words.date(step.date));
        self.words.with(key, &[("state", state.into()), ("date", (&date).into())])
    }

    /// What a value is made of, or who estimates it.
    fn value_facts(&self, deal: &Deal) -> Option<Fact<'a>> {
        let words = self.words;
        let (key, texts): (_, Vec<String>) = match &deal.value {
            Value::Sum { parts, .. } if !parts.is_empty() => {
                let text = |p: &Part| {
                    words.with("fact-part", &[("what", (&p.what).into()), ("amount", (&words.money(p.amount)).into())])
                };
                ("fact-of-which", parts.iter().map(text).collect())
            }
            Value::Undisclosed(estimates) if !estimates.is_empty() => {
                let text = |e: &Estimate| {
                    words.with("fact-estimate", &[("amount", (&words.money(e.amount)).into()), ("by", (&e.by).into())])
                };
                ("fact-estimates", estimates.iter().map(text).collect())
            }
            _ => return None,
        };
        Some(Fact { label: words.text(key), text: words.joined("semicolon", &texts) })
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
            label: self.words.state(s.state),
            date: self.day(s.date),
            publisher: s.publisher.clone(),
            note: s.note.clone(),
            article: article.map(|a| Link {
                title: &a.common.title,
                url: Some(self.path(&Page::Article(a.common.id.clone())).into()),
            }),
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
        let next = deal
            .expected_close
            .filter(|_| open)
            .map(|d| self.words.with("expected-to-close", &[("date", (&self.words.date(d)).into())]));
        let company = |id: &'a Id| self.named(Noun::Company, id, Vec::new());
        let components = deal.components.iter().map(|c| ComponentLine {
            label: self.words.kind(c.kind),
            from: c.from.as_ref().map(company),
            to: c.to.as_ref().map(company),
            what: c.what.as_deref(),
            value: c.value.as_ref().filter(|v| **v != Value::None).map(|v| self.words.value(v)),
        });
        let stakes = deal.stakes.iter().map(|s| StakeLine {
            holder: company(&s.holder),
            of: company(&s.of),
            text: self.stake_text(s.percent, s.plus_shares),
        });
        let articles =
            self.catalogue.lists().by_deal.get(id).into_iter().flatten().rev().filter_map(|k| self.news(&k.1));
        // The opening article's title names the deal as well: the page of the deal must not have the same.
        let title = self.words.with("deal-title", &[("deal", (&deal.title).into())]);
        let names: Vec<&str> = deal.parties.iter().take(4).map(|p| self.name(&p.who)).collect();
        let worth = match &deal.value {
            Value::None => String::new(),
            value => self.words.with("deal-worth", &[("value", (&self.words.value(value)).into())]),
        };
        let state = steps.last().map_or(String::new(), |(s, _)| self.state_and_date("deal-state", s));
        let description = self.words.with(
            "deal-description",
            &[
                ("kind", self.words.kind(deal.kind).into()),
                ("names", (&self.words.joined("enumeration", &names)).into()),
                ("worth", (&worth).into()),
                ("state", (&state).into()),
                ("deal", (&deal.title).into()),
            ],
        );
        let mut head = self.head(page, "deal", if is_own { deal.title.clone() } else { title }, description);
        let ledger = self.path(&Page::Ledger(Scope::All, Sheet::HEAD));
        head.trail.push(Link { title: self.words.text("deals"), url: Some(ledger.into()) }.into());
        head.trail.push(Link { title: &deal.title, url: Some(self.path(page).into()) }.into());
        let values = DealPage {
            deal: self.tombstone(deal),
            facts: self.facts(deal),
            timeline: timeline.collect(),
            status_line: self.wanted("deal.html", "status_line", || status_line(self.words, deal, &steps)),
            next,
            components: components.collect(),
            stakes: stakes.collect(),
            sources: sources.into_iter().map(|s| self.source_line(s)).collect(),
            coverage: articles.take(COVERAGE).map(|a| self.card(a)).collect(),
            follows: deal.follows.as_ref().and_then(|id| {
                let other = self.catalogue.deal(id)?;
                Some(Link { title: &other.title, url: Some(self.path(&Page::Deal(other.id.clone())).into()) })
            }),
        };
        let body = is_own.then_some(Body { common: &opener.common, noun: Noun::Article, article: Some(opener) });
        Some(Document { template: "deal.html", head, body, values: Values::Deal(Box::new(values)) })
    }

    /// What open deals still wait for.
    pub(super) fn awaited(&self, deals: &[&'a Deal], most: usize) -> Vec<String> {
        let dated = deals.iter().filter_map(|d| Some((*d, d.expected_close?)));
        let open = dated.filter(|(d, _)| !self.catalogue.steps(d).last().is_some_and(|s| s.0.state.is_end()));
        let next = open.map(|(d, date)| {
            let date = self.words.date(date);
            self.words.with("awaited", &[("deal", (&d.title).into()), ("date", (&date).into())])
        });
        next.take(most).collect()
    }

    /// The turning points of deals, oldest first: the newest `most` of them.
    pub(super) fn turning_points(&self, deals: impl Iterator<Item = &'a Deal>, most: usize) -> Vec<Turn<'a>> {
        let mut turns: Vec<(jiff::civil::Date, Turn<'a>)> = Vec::new();
        for deal in deals {
            // A month begins before its third day: what the record puts later is not shown earlier for that.
            let mut not_before = jiff::civil::Date::MIN;
            for (step, _) in self.catalogue.steps(deal) {
                let url = self.site.outputs.deals.then(|| self.path(&Page::Deal(deal.id.clone())).into());
                let label = self.words.state(step.state);
                let line = Turn { date: self.day(step.date), label, deal: Link { title: &deal.title, url } };
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
    label: &'a str,
    deal: Link<'a>,
}
