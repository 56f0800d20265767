//! `dealwire publish`: the site on the air, without a moment of breakage.

mod said;

use super::bar::Bar;
use super::load::{self, Loaded};
use super::{Common, Format, ListFormat, check, code, report};
use crate::diagnostic::{Diagnostic, Severity, nearest};
use crate::model::{Earlier, Route};
use crate::pages::iso;
use crate::sink::publish::{self, Options, Outcome, Plan, Record, Shown, Stop, Store, Wanted};
use crate::site::{Site, Target};
use crate::source;
use jiff::{SignedDuration, Timestamp};
use said::{list, tell};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// What the command takes.
#[derive(clap::Args, Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Args {
    /// A target of site.toml; may be left out where there is one alone
    target: Option<String>,
    /// Send nothing, show what would be done
    #[arg(long)]
    dry_run: bool,
    /// How the plan and the list are written
    #[arg(long, value_enum, default_value = "text")]
    format: ListFormat,
    /// Confirm that so many files are to be deleted
    #[arg(long, value_name = "N", default_value_t = 0)]
    yes_delete: usize,
    /// Take over a target that shows something else; what is not replaced stays
    #[arg(long)]
    adopt: bool,
    /// Show an earlier edition again: the one before, or the one with this number
    #[arg(long, value_name = "N", num_args = 0..=1, conflicts_with_all = ["list", "wait", "if_due"])]
    #[expect(clippy::option_option, reason = "left out, alone, or with a number")]
    rollback: Option<Option<u64>>,
    /// List the editions that can be shown again
    #[arg(long, conflicts_with_all = ["wait", "if_due", "dry_run"])]
    list: bool,
    /// Go on: publish again whenever the edition changes by itself
    #[arg(long, conflicts_with_all = ["if_due", "dry_run"])]
    wait: bool,
    /// Do nothing unless the published edition was to change by itself by now
    #[arg(long)]
    if_due: bool,
    /// Warnings stop it too
    #[arg(long)]
    strict: bool,
}

/// Runs the command; returns its exit code.
pub fn run(c: &Common, args: &Args) -> u8 {
    if c.drafts {
        let message = "an edition with drafts is not published";
        let help = "leave out --drafts; `dealwire serve` shows drafts to you alone";
        return refuse(Path::new("."), &Stop::Refused(Diagnostic::bare("E1302", message).help(help)));
    }
    if args.wait && load::is_fixed(c) {
        report::tell("error: --wait goes by the clock; leave out --as-of and SOURCE_DATE_EPOCH\n");
        return code::USAGE;
    }
    load::threaded(c, || {
        let mut has_begun = false;
        loop {
            let next = match once(c, args) {
                Ok(next) => {
                    has_begun = true;
                    next
                }
                // Whoever waits for an instant is not at the desk: what is mended a minute later goes out a minute late.
                Err(code) if args.wait && has_begun && code != code::USAGE => {
                    report::tell("Trying again in a minute.\n");
                    Some(source::clock() + SignedDuration::from_mins(1))
                }
                Err(code) => return code,
            };
            if !args.wait {
                return code::DONE;
            }
            let Some(next) = next else {
                report::tell("Nothing will change by itself: done.\n");
                return code::DONE;
            };
            sleep_until(next);
        }
    })
}

/// Waits by the clock, which may be set meanwhile.
fn sleep_until(at: Timestamp) {
    loop {
        let left = at.duration_since(source::clock());
        if left <= SignedDuration::ZERO {
            return;
        }
        let left = Duration::try_from(left).unwrap_or_default();
        std::thread::sleep(left.min(Duration::from_secs(30)) + Duration::from_millis(5));
    }
}

/// Publishes, or whatever else was asked for. Returns when the edition next changes by itself.
fn once(c: &Common, args: &Args) -> Result<Option<Timestamp>, u8> {
    let start = Instant::now();
    let failed = |f: &load::Failed| check::failed(f, Format::Text, false);
    let root = load::root(c).map_err(|f| failed(&f))?;
    let site = load::settings(c, &root).map_err(|f| failed(&f))?;
    let stop = |s: Stop| refuse(&root, &s);
    let target = target(&site, args).map_err(|d| {
        report::write(&root, &[d], Format::Text, false);
        code::USAGE
    })?;
    let env = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    let store = publish::open(&target, &env).map_err(stop)?;
    let store = store.as_ref();
    let options = Options {
        dry_run: args.dry_run,
        yes_delete: args.yes_delete,
        adopt: args.adopt,
        keep: target.keep,
        grace: SignedDuration::from_hours(target.grace_hours.into()),
        pause: publish::pause(&target),
        clock: source::clock,
    };
    let there = publish::live(store).map_err(stop)?;
    if args.list {
        list(there.as_ref(), &site, args.format);
        return Ok(None);
    }
    if args.if_due {
        let now = load::instant(c, &site).map_err(|d| {
            report::write(&root, &[d], Format::Text, false);
            code::USAGE
        })?;
        let next = there.as_ref().and_then(|t| t.next);
        if there.is_some() && next.is_none_or(|n| n > now) {
            if !c.quiet {
                report::tell(&format!("Nothing is due; next change: {}.\n", when(next, &site)));
            }
            return Ok(next);
        }
    }
    let bar = Bar::of_bytes(c);
    let progress = |done: u64, all: u64| bar.show(whole(done), whole(all));
    let outcome = match args.rollback {
        Some(number) => publish::roll_back(store, number, &site.base_url, &options, &progress),
        None => return edition(c, args, store, &options, there.as_ref(), start),
    };
    bar.end();
    let outcome = outcome.map_err(stop)?;
    tell(c, args, store, &outcome, &site, start.elapsed());
    if let Outcome::Done(plan, _) = &outcome {
        notify(&target, plan);
    }
    Ok(None)
}

/// Publishes the edition of now.
fn edition(
    c: &Common,
    args: &Args,
    store: &dyn Store,
    options: &Options,
    there: Option<&Record>,
    start: Instant,
) -> Result<Option<Timestamp>, u8> {
    let loaded = load::load(c).map_err(|f| check::failed(&f, Format::Text, false))?;
    let root = loaded.root.clone();
    let published = there.map(|t| &t.things).into_iter().flatten();
    let earlier: BTreeMap<String, Route> =
        published.filter_map(|(name, at)| Some((name.clone(), Route::parse(at)?))).collect();
    let mut own = loaded.edition.findings(&Earlier { addresses: earlier, ..Earlier::default() });
    check::hear(&loaded, &mut own);
    let stops = |all: &[Diagnostic]| all.iter().any(|f| args.strict || f.severity() == Severity::Error);
    if stops(&own) || args.strict {
        let all = check::everything(&loaded, c);
        if stops(&own) || stops(&all) {
            let mut all: Vec<Diagnostic> = own.into_iter().chain(all).collect();
            all.sort_by_cached_key(Diagnostic::sort_key);
            all.dedup();
            return Err(stopped(&root, &all, args.strict));
        }
    }
    loaded.edition.lay_out(&load::each);
    loaded.edition.prepare(&load::each);
    let bar = Bar::new(c, "files looked at");
    let site = loaded.edition.site();
    let target = target(site, args).map_err(|_| code::USAGE)?;
    let Target { page_seconds, compress, redirects, .. } = target;
    let shown = Shown { shelf: &loaded.edition, base_url: &site.base_url, page_seconds, compress, redirects, there };
    let wanted = shown.wanted(&loaded.edition.withheld(), &|n, all| bar.show(n, all));
    bar.end();
    let wanted = match wanted {
        Ok(wanted) => dated(wanted, &loaded),
        Err(Stop::Findings(all)) => return Err(stopped(&root, &all, args.strict)),
        Err(stop) => return Err(refuse(&root, &stop)),
    };
    let bar = Bar::of_bytes(c);
    let progress = |done: u64, all: u64| bar.show(whole(done), whole(all));
    let stays_away = |name: &str| loaded.edition.knows(name);
    let outcome = publish::publish(store, &wanted, &shown, options, &stays_away, &progress);
    bar.end();
    let outcome = outcome.map_err(|s| refuse(&root, &s))?;
    tell(c, args, store, &outcome, site, start.elapsed());
    if let Outcome::Done(plan, _) = &outcome {
        notify(&target, plan);
    }
    if !c.quiet {
        report::tell(&format!("Next change: {}.\n", when(wanted.next, site)));
    }
    std::mem::forget(loaded);
    Ok(wanted.next)
}

/// Tells others what has changed; that somebody could not be told is no reason to fail.
fn notify(target: &Target, plan: &Plan) {
    let env = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    for failed in publish::tell(&target.notices, plan, &env) {
        report::tell(&format!("warning: {failed}\n"));
    }
}

fn whole(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

fn dated(wanted: Wanted, loaded: &Loaded) -> Wanted {
    let instant = loaded.edition.catalogue().audience().as_of;
    Wanted { instant, next: loaded.edition.next_change(), ..wanted }
}

/// The target that is meant.
fn target(site: &Site, args: &Args) -> Result<Target, Diagnostic> {
    let names = || site.publish.keys().map(String::as_str);
    let all = names().collect::<Vec<_>>().join(", ");
    let known = match &args.target {
        Some(name) => site.publish.get(name),
        None if site.publish.len() == 1 => site.publish.values().next(),
        None => None,
    };
    known.cloned().ok_or_else(|| match &args.target {
        _ if site.publish.is_empty() => Diagnostic::bare("E1309", "site.toml names no target to publish to")
            .help("add `[publish.production]` with `to = \"s3://bucket\"`; docs/publishing.md describes every kind"),
        Some(name) => {
            Diagnostic::bare("E1309", format!("site.toml has no target `{name}`")).help(nearest(name, names()))
        }
        None => Diagnostic::bare("E1309", "site.toml has several targets").help(format!("say which: {all}")),
    })
}

fn when(at: Option<Timestamp>, site: &Site) -> String {
    at.map_or_else(|| "none".to_owned(), |t| iso(t, &site.zone))
}

fn stopped(root: &Path, findings: &[Diagnostic], strict: bool) -> u8 {
    let shown: Vec<Diagnostic> =
        findings.iter().filter(|f| strict || f.severity() == Severity::Error).cloned().collect();
    let code = report::write(root, &shown, Format::Text, strict);
    report::tell(&format!("Nothing was published: {}.\n", report::tally(findings)));
    code
}

fn refuse(root: &Path, stop: &Stop) -> u8 {
    report::write(root, stop.findings(), Format::Text, false);
    match stop {
        Stop::Findings(_) => code::FINDINGS,
        Stop::Refused(_) => code::REFUSED,
        Stop::Lost(_) => code::LOST,
        Stop::Failed(_) => code::IO,
    }
}
