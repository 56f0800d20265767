//! What is said of a publish: the plan in groups, what was done, the editions that can be shown again.

use super::super::{Common, ListFormat, report};
use super::Args;
use crate::pages::iso;
use crate::sink::publish::{self, Done, Gone, Outcome, Plan, Reason, Record, Store};
use crate::site::Site;
use serde_json::json;
use std::time::Duration;

/// The live edition, and those before it.
pub(super) fn list(there: Option<&Record>, site: &Site, format: ListFormat) {
    let live = there.map(Record::edition);
    let all: Vec<_> = live.iter().chain(there.into_iter().flat_map(|t| &t.earlier)).collect();
    if format == ListFormat::Json {
        let is_live = |n: u64| live.as_ref().is_some_and(|l| l.number == n);
        let rows: Vec<_> = all
            .iter()
            .map(|e| json!({"number": e.number, "as_of": iso(e.instant, &site.zone), "files": e.files, "live": is_live(e.number)}))
            .collect();
        report::say(&format!("{}\n", json!({ "editions": rows })));
        return;
    }
    for (i, e) in all.iter().enumerate() {
        let mark = if i == 0 { "  live" } else { "" };
        report::say(&format!("{:>6}  {}  {} files{mark}\n", e.number, iso(e.instant, &site.zone), e.files));
    }
    if all.is_empty() {
        report::tell("Nothing is published there.\n");
    }
}

/// Says what was done, or would be.
pub(super) fn tell(c: &Common, args: &Args, store: &dyn Store, outcome: &Outcome, site: &Site, took: Duration) {
    let is_json = args.format == ListFormat::Json;
    match outcome {
        Outcome::Nothing => {
            if is_json {
                report::say("{\"uploads\":[],\"deletions\":[]}\n");
            } else if !c.quiet {
                report::tell(&format!("{} is up to date.\n", store.name()));
            }
        }
        Outcome::Planned(plan) if is_json => report::say(&format!("{}\n", machine(plan))),
        Outcome::Planned(plan) => {
            report::say(&human(plan, true));
            report::say(&format!("Nothing was sent to {}.\n", store.name()));
        }
        Outcome::Done(plan, done) => {
            if is_json {
                report::say(&format!("{}\n", machine(plan)));
            }
            if c.quiet {
                return;
            }
            if c.verbose {
                report::tell(&human(plan, true));
            }
            report::tell(&summary(plan, *done, store, site, took));
        }
    }
}

fn summary(plan: &Plan, done: Done, store: &dyn Store, site: &Site, took: Duration) -> String {
    let Done { sent, bytes, found, deleted } = done;
    let found = if found > 0 { format!(" ({found} were there from a run that did not end)") } else { String::new() };
    format!(
        "Edition {} of {} is live at {}: {} files, {sent} sent{found}, {}, {deleted} deleted; {:.2} s.\n",
        plan.record.number,
        site.base_url,
        store.name(),
        plan.record.files.len(),
        in_bytes(bytes),
        took.as_secs_f64(),
    )
}

const fn why(reason: Reason) -> &'static str {
    match reason {
        Reason::New => "new",
        Reason::Changed => "changed",
        Reason::Headers => "other headers",
        Reason::Unsure => "after a run that did not end",
    }
}

const fn why_gone(reason: Gone) -> &'static str {
    match reason {
        Gone::Removed => "not in this edition",
        Gone::Retired => "not used any more",
        Gone::Unfinished => "left by a run that did not end",
    }
}

/// The plan in groups, each with its number and size.
fn human(plan: &Plan, with_names: bool) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    let mut group = |verb: &str, why: &str, size: Option<u64>, names: Vec<&str>| {
        if names.is_empty() {
            return;
        }
        let size = size.map(|s| format!(", {}", in_bytes(s))).unwrap_or_default();
        let files = if names.len() == 1 { "file" } else { "files" };
        let _ = writeln!(out, "{verb} {} {files} ({why}{size})", names.len());
        if with_names {
            for name in names {
                let _ = writeln!(out, "  {name}");
            }
        }
    };
    for reason in [Reason::New, Reason::Changed, Reason::Headers, Reason::Unsure] {
        let all: Vec<_> = plan.uploads.iter().filter(|u| u.reason == reason).collect();
        let size = all.iter().map(|u| u.file.stamp.size).sum();
        group("send", why(reason), Some(size), all.iter().map(|u| u.path.as_str()).collect());
    }
    for reason in [Gone::Removed, Gone::Retired, Gone::Unfinished] {
        let all = plan.deletions.iter().filter(|(_, r)| **r == reason).map(|(path, _)| path.as_str()).collect();
        group("delete", why_gone(reason), None, all);
    }
    if out.is_empty() {
        out.push_str("only the record changes\n");
    }
    out
}

fn machine(plan: &Plan) -> serde_json::Value {
    let uploads: Vec<_> = plan
        .uploads
        .iter()
        .map(|u| json!({"path": u.path, "reason": why(u.reason), "bytes": u.file.stamp.size, "type": u.file.head.kind}))
        .collect();
    let deletions: Vec<_> =
        plan.deletions.iter().map(|(path, r)| json!({"path": path, "reason": why_gone(*r)})).collect();
    json!({
        "edition": plan.record.number, "uploads": uploads, "deletions": deletions, "unchanged": plan.unchanged.len(),
        "changed_urls": publish::changed(plan),
    })
}

/// A size for eyes.
#[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
fn in_bytes(n: u64) -> String {
    match n {
        0..1_000 => format!("{n} B"),
        1_000..1_000_000 => format!("{:.1} kB", n as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", n as f64 / 1e6),
        _ => format!("{:.1} GB", n as f64 / 1e9),
    }
}
