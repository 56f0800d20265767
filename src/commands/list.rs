//! `dealwire list`: what is hidden and until when, what has gone stale, and deals.

use super::{Common, Format, ListFormat, check, code, load, report};
use crate::edition::Edition;
use crate::model::{Deal, Entry, Standing};
use jiff::ToSpan;
use serde_json::{Value, json};

/// What to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum What {
    /// `draft: true`
    Drafts,
    /// Dated in the future
    Scheduled,
    /// Under embargo
    Embargoed,
    /// Past `expires`
    Expired,
    /// Open deals past `expected_close`, or without a step for 180 days
    Stale,
    /// Every public deal
    Deals,
}

/// Days without a step after which an open deal is stale.
const STALE_DAYS: i32 = 180;

/// Runs the command; returns its exit code.
pub fn run(c: &Common, what: What, format: ListFormat) -> u8 {
    let loaded = match load::load(c) {
        Ok(l) => l,
        Err(f) => return check::failed(&f, Format::Text, false),
    };
    let rows = rows(&loaded.edition, what);
    match format {
        ListFormat::Json => report::say(&format!("{}\n", json!({ "items": rows }))),
        ListFormat::Text => {
            for row in &rows {
                let text = |k: &str| row[k].as_str().unwrap_or("").to_owned();
                let first = [text("at"), text("date")].into_iter().find(|t| !t.is_empty()).unwrap_or_default();
                let rest: Vec<String> = ["file", "title", "state", "value", "why"]
                    .iter()
                    .map(|k| text(k))
                    .filter(|t| !t.is_empty())
                    .collect();
                let gap = if first.is_empty() { "" } else { "  " };
                report::say(&format!("{first}{gap}{}\n", rest.join("  ")));
            }
            if rows.is_empty() && !c.quiet {
                report::tell("Nothing to list.\n");
            }
        }
    }
    code::DONE
}

fn rows(edition: &Edition, what: What) -> Vec<Value> {
    let c = edition.catalogue();
    let (as_of, zone) = (c.audience().as_of, &edition.site().zone);
    let when = |t| crate::pages::iso(t, zone);
    if matches!(what, What::Stale | What::Deals) {
        let deals = c.lists().deals.iter().filter_map(|k| c.deal(&k.1));
        return deals.filter_map(|d| deal(edition, d, what == What::Stale)).collect();
    }
    let mut rows: Vec<(Option<jiff::Timestamp>, Value)> = Vec::new();
    for (file, entry) in c.everything().chain(edition.foreign()) {
        let common = entry.common();
        let at = match (what, common.standing(as_of)) {
            (What::Drafts, Standing::Draft) => None,
            (What::Scheduled, Standing::Scheduled(t))
            | (What::Embargoed, Standing::Embargoed(t))
            | (What::Expired, Standing::Expired(t)) => Some(t),
            _ => continue,
        };
        let kind = match entry {
            Entry::Article(_) => "article",
            Entry::Deal(_) => "deal",
            Entry::Company(_) => "company",
            Entry::Person(_) => "person",
            Entry::Tag(_) => "tag",
            Entry::Thread(_) => "thread",
            Entry::Page(_) => "page",
        };
        rows.push((at, json!({"file": file.path(), "id": common.id.as_str(), "kind": kind, "title": common.title, "at": at.map(when)})));
    }
    rows.sort_by_key(|a| a.0);
    rows.into_iter().map(|r| r.1).collect()
}

fn deal(edition: &Edition, d: &Deal, stale: bool) -> Option<Value> {
    let c = edition.catalogue();
    let steps = c.steps(d);
    let last = steps.last()?.0;
    let today = c.audience().as_of.to_zoned_datetime(edition.site().zone.clone()).date();
    let limit = today.checked_sub(STALE_DAYS.days()).unwrap_or(today);
    let overdue = d.expected_close.filter(|e| e.last() < today);
    let why = match overdue {
        Some(date) => Some(format!("expected to close: {date}")),
        None if last.date.last() < limit => Some(format!("no step since {}", last.date)),
        None => None,
    };
    if stale && (last.state.is_end() || why.is_none()) {
        return None;
    }
    let file = c.opener(&d.id)?.common.file.path();
    let why = why.filter(|_| stale);
    Some(json!({
        "file": file, "id": d.id.as_str(), "title": d.title, "kind": d.kind.word(), "date": last.date.to_string(),
        "state": last.state.word(), "value": d.value.human(), "why": why,
    }))
}
