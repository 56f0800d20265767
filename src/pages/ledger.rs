//! The ledger: the table of deals, by year and by kind. Prints nothing.

use super::over_time::OverTime;
use super::ready::Shown;
use super::shapes::{Link, Tombstone};
use super::table::{DataFiles, Table};
use super::view::{Document, Subject, Values};
use super::{Atlas, Page, Scope, Sheet};
use crate::catalogue::Noun;
use crate::model::{Deal, Money, State, Value};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Serialize)]
struct Choice {
    title: String,
    url: String,
    count: usize,
    current: bool,
}

/// A deal in the ledger, with what filters and sorting ask of it besides what its card says.
#[derive(Clone, Debug, Serialize)]
struct LedgerRow<'a> {
    deal: Shown<'a, Tombstone<'a>>,
    value: &'static str,
    tags: Vec<&'a str>,
    countries: Vec<&'a str>,
    amount: Option<String>,
    currency: Option<&'static str>,
}

/// What `ledger.html` gets.
#[derive(Clone, Debug, Serialize)]
pub struct Ledger<'a> {
    title: String,
    rows: Vec<LedgerRow<'a>>,
    data: Option<DataFiles>,
    years: Vec<Choice>,
    kinds: Vec<Choice>,
    total: usize,
    priced: usize,
    disclosed: usize,
    totals: Vec<String>,
    pub(super) over_time: Option<OverTime>,
    newer: Option<String>,
    older: Option<String>,
    first: bool,
    words: Option<String>,
}

#[derive(Default)]
struct Figures {
    priced: usize,
    disclosed: usize,
    totals: Vec<String>,
}

impl<'a> Atlas<'a> {
    pub(super) fn ledger(&self, page: &Page, scope: Scope, sheet: Sheet) -> Option<Document<'a>> {
        let l = self.catalogue.lists();
        let keys = match scope {
            Scope::All => Some(&l.deals),
            Scope::Year(y) => Some(l.deals_by_year.get(&y)?),
            Scope::Kind(k) => Some(l.deals_by_kind.get(&k)?),
        };
        let (size, total) = self.extent(page);
        let (from, to) = sheet.range(total, size)?;
        let at = |s: Sheet| self.path(&Page::Ledger(scope, s));
        let deals = |from: usize, to: usize| {
            let some = keys.into_iter().flatten().skip(from).take(to - from);
            some.filter_map(|k| self.catalogue.deal(&k.1)).map(AsRef::as_ref).collect::<Vec<&'a Deal>>()
        };
        let first = sheet == Sheet::HEAD;
        let figures = if first { self.figures(&deals(0, total)) } else { Figures::default() };
        let years = l.deals_by_year.iter().rev().map(|(y, keys)| Choice {
            title: y.to_string(),
            url: self.path(&Page::Ledger(Scope::Year(*y), Sheet::HEAD)),
            count: keys.len(),
            current: scope == Scope::Year(*y),
        });
        let kinds = l.deals_by_kind.iter().map(|(k, keys)| Choice {
            title: self.words.kind(*k).to_owned(),
            url: self.path(&Page::Ledger(Scope::Kind(*k), Sheet::HEAD)),
            count: keys.len(),
            current: scope == Scope::Kind(*k),
        });
        let title = self.ledger_title(scope);
        let numbered = format!("{title}{}", self.page_suffix(sheet));
        let words = self.words;
        let mut description = match scope {
            Scope::All => words.text("ledger-described").to_owned(),
            Scope::Year(y) => words.with("ledger-described-year", &[("year", y.into())]),
            Scope::Kind(k) => words.with("ledger-described-kind", &[("kind", (&words.inside(words.kind(k))).into())]),
        };
        description.extend(sheet.number().map(|n| words.count("page-sentence", n)));
        let mut head = self.head(page, "ledger", numbered, description);
        let data = self.data_files(&Table::Ledger);
        head.subject = match &data {
            Some(data) if scope == Scope::All && first => Subject::Data(Box::new(data.clone())),
            _ => Subject::Collection,
        };
        if scope != Scope::All {
            let all = Page::Ledger(Scope::All, Sheet::HEAD);
            head.trail.push(Link { title: words.text("deals"), url: Some(self.path(&all).into()) }.into());
        }
        self.arrive(&mut head, title.clone(), &Page::Ledger(scope, Sheet::HEAD), sheet);
        let values = Ledger {
            title,
            rows: deals(from, to).into_iter().rev().map(|d| self.ledger_row(d)).collect(),
            data: data.filter(|_| first),
            years: years.collect(),
            kinds: kinds.collect(),
            total,
            priced: figures.priced,
            disclosed: figures.disclosed,
            totals: figures.totals,
            over_time: keys
                .filter(|_| first)
                .and_then(|keys| self.wanted("ledger.html", "over_time", || self.over_time(keys, Some(scope)))),
            newer: sheet.forth(total, size).map(at),
            older: sheet.back(total, size).map(at),
            first,
            words: (first && total > 1).then(|| self.ledger_words()),
        };
        Some(Document { template: "ledger.html", head, body: None, values: Values::Ledger(Box::new(values)) })
    }

    /// The words of `ledger.js`, as JSON.
    fn ledger_words(&self) -> String {
        let w = self.words;
        let bands = ["band-under-10m", "band-10m-100m", "band-100m-1bn", "band-over-1bn"];
        let fields = ["kind", "status", "party", "topic", "country", "year", "value"];
        let words = serde_json::json!({
            "choose": w.text("choose-deals"), "find": w.text("find"), "all": w.text("search-all"),
            "reset": w.text("show-all"), "fields": fields.map(|key| w.text(key)),
            "bands": bands.map(|key| w.pattern(key, &["currency"])),
            "without": {
                "none": w.text("value-none"), "undisclosed": w.text("value-undisclosed"), "disclosed": w.text("other-terms"),
            },
            "fetching": w.forms("fetching-all", &[]), "failed": w.text("fetching-failed"),
            "shownAll": w.forms("shown-all", &[]), "shownSome": w.forms("shown-some", &["shown"]),
            "shownDisclosed": w.pattern("shown-disclosed", &["disclosed", "priced"]),
        });
        words.to_string()
    }

    fn ledger_row(&self, deal: &'a Deal) -> LedgerRow<'a> {
        let tags = self.catalogue.opener(&deal.id).map_or(&[][..], |a| &a.tags);
        let home = |id| self.catalogue.company(id).and_then(|c| c.country.as_deref());
        let codes: BTreeSet<&str> =
            deal.jurisdictions.iter().map(String::as_str).chain(deal.companies().filter_map(home)).collect();
        let low = deal.value.least();
        LedgerRow {
            value: match &deal.value {
                Value::None => "none",
                v if v.is_disclosed() => "disclosed",
                _ => "undisclosed",
            },
            tags: tags.iter().filter_map(|t| self.link(Noun::Tag, t)).map(|l| l.title).collect(),
            countries: codes.into_iter().map(|c| self.words.country(c)).collect(),
            amount: low.map(|m| m.amount.normalize().to_string()),
            currency: low.map(|m| m.currency.code()),
            deal: self.tombstone(deal),
        }
    }

    /// What a ledger says of all its deals. Deals without a price by nature are not counted among the undisclosed, and
    /// what was called off or is only rumoured is in no total.
    fn figures(&self, deals: &[&Deal]) -> Figures {
        let mut figures = Figures::default();
        let mut sums: BTreeMap<&str, (Money, bool)> = BTreeMap::new();
        for deal in deals {
            figures.priced += usize::from(deal.value != Value::None);
            figures.disclosed += usize::from(deal.value.is_disclosed());
            let counts = !matches!(self.state(deal), State::Terminated | State::Rumoured);
            if let Some(m) = deal.value.sum().filter(|_| counts) {
                let none = || (Money { amount: Decimal::ZERO, ..m }, false);
                let (sum, about) = sums.entry(m.currency.code()).or_insert_with(none);
                sum.amount += m.amount;
                *about |= matches!(deal.value, Value::Sum { approx: true, .. });
            }
        }
        let text = |(sum, about): (Money, bool)| {
            self.words.value(&Value::Sum { amount: sum, approx: about, parts: Vec::new() })
        };
        figures.totals = sums.into_values().map(text).collect();
        figures
    }
}
