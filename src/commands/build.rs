//! `dealwire build`: the whole site into a folder, or nothing.

use super::bar::Bar;
use super::load::{self, Loaded};
use super::{Common, Format, check, code, report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::Earlier;
use crate::pages::IMAGES;
use crate::sink::disk::{self, Manifest, Refused};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Runs the command; returns its exit code.
pub fn run(c: &Common, strict: bool) -> u8 {
    let start = Instant::now();
    // What stands there is read beside the site itself; whether it may be touched is looked at before it is used.
    let before = || load::root(c).ok().map(|root| Manifest::earlier(&load::output(c, &root)));
    load::threaded(c, || match rayon::join(|| load::load(c), before) {
        (Err(f), _) => check::failed(&f, Format::Text, false),
        (Ok(loaded), before) => {
            let code = build(c, strict, &loaded, before, start);
            // The program ends here: taking the edition apart piece by piece would help nobody.
            std::mem::forget(loaded);
            code
        }
    })
}

fn build(c: &Common, strict: bool, loaded: &Loaded, before: Option<Result<Earlier, Refused>>, start: Instant) -> u8 {
    let out = load::output(c, &loaded.root);
    let options = disk::Options {
        root: loaded.root.clone(),
        out: out.clone(),
        marked: c.drafts,
        instant: loaded.edition.catalogue().audience().as_of,
        jobs: c.jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from),
        source_dirs: ["content", "templates", "static", "i18n"]
            .iter()
            .map(|d| loaded.root.join(d))
            .collect::<Vec<PathBuf>>(),
    };
    if let Err(r) = disk::check_destination(&options) {
        return refused(&r, loaded);
    }
    let earlier = match before.unwrap_or_else(|| Manifest::earlier(&out)) {
        Ok(e) => e,
        Err(r) => return refused(&r, loaded),
    };
    let stops = |all: &[Diagnostic]| all.iter().any(|f| strict || f.severity() == Severity::Error);
    // What pages share is made beside the look for what is wrong: most sites are right.
    let wrong = AtomicBool::new(false);
    let look = || {
        let mut own = loaded.edition.findings(&earlier);
        if strict {
            check::hear(loaded, &mut own);
        } else {
            // Most texts are read when they are printed.
            loaded.edition.listen(&own);
        }
        wrong.store(stops(&own), Ordering::Relaxed);
        own
    };
    let until_wrong = |n: usize, job: &(dyn Fn(usize) + Sync)| {
        load::each(n, &|n| {
            if !wrong.load(Ordering::Relaxed) {
                job(n);
            }
        });
    };
    loaded.edition.lay_out(&load::each);
    let (mut own, ()) = rayon::join(look, || loaded.edition.prepare(&until_wrong));
    if stops(&own) {
        // What only printing finds belongs into the same report.
        return stopped(&check::everything(loaded, c), strict, loaded);
    }
    let bar = Bar::new(c, "files");
    if strict {
        let all = check::everything(loaded, c);
        if stops(&all) {
            return stopped(&all, strict, loaded);
        }
    }
    let report = disk::write(&loaded.edition, &options, &|done, total| bar.show(done, total));
    bar.end();
    check::hear(loaded, &mut own);
    match report {
        Err(Refused::Findings(printed)) => {
            let mut all = own;
            all.extend(printed);
            all.sort_by_cached_key(Diagnostic::sort_key);
            all.dedup();
            stopped(&all, strict, loaded)
        }
        Err(r) => refused(&r, loaded),
        Ok(report) => {
            let warnings = own.len() + report.findings.len();
            if c.verbose {
                report::write(&loaded.root, &own, Format::Text, false);
                report::write(&loaded.root, &report.findings, Format::Text, false);
            }
            look_ahead(loaded);
            if !c.quiet {
                summary(c, loaded, &report, warnings, start.elapsed(), &out);
            }
            code::DONE
        }
    }
}

/// Says that hidden things will stop the build at which they appear: today's news goes out all the same.
fn look_ahead(loaded: &Loaded) {
    let ahead = loaded.edition.ahead().unwrap_or_else(|d| vec![d]);
    let (errors, _) = report::counts(&ahead);
    if errors > 0 {
        let what = if errors == 1 { "an error".to_owned() } else { format!("{errors} errors") };
        report::tell(&format!(
            "warning: what is still hidden has {what}, and the site will not build when it is due; `dealwire check` shows more\n"
        ));
    }
}

/// Shows what keeps the site from being built: errors in full, warnings where they count.
fn stopped(findings: &[Diagnostic], strict: bool, loaded: &Loaded) -> u8 {
    let shown: Vec<Diagnostic> =
        findings.iter().filter(|f| strict || f.severity() == Severity::Error).cloned().collect();
    let code = report::write(&loaded.root, &shown, Format::Text, strict);
    report::tell(&format!("Nothing was built: {}.\n", report::tally(findings)));
    code
}

/// Reports a refusal or a failure of the sink.
pub fn refused(r: &Refused, loaded: &Loaded) -> u8 {
    report::write(&loaded.root, r.findings(), Format::Text, false);
    match r {
        Refused::Findings(_) => code::FINDINGS,
        Refused::Refusal(_) => code::REFUSED,
        Refused::Io(_) => code::IO,
    }
}

fn summary(c: &Common, loaded: &Loaded, report: &disk::Report, warnings: usize, took: Duration, out: &Path) {
    let zone = &loaded.edition.site().zone;
    let next = loaded.edition.next_change().map_or_else(|| "none".to_owned(), |t| crate::pages::iso(t, zone));
    let shown = out.strip_prefix(std::env::current_dir().unwrap_or_default()).unwrap_or(out);
    let marked = if c.drafts { " with drafts; it cannot be published" } else { "" };
    let hint = if warnings > 0 { " (dealwire check shows them)" } else { "" };
    let plural = if warnings == 1 { "" } else { "s" };
    let drawn = drawn(&report.drawn);
    report::tell(&format!(
        "Built {} pages into {}{marked}: {} files, {drawn}{} written, {} removed; {warnings} warning{plural}{hint}; {:.2} s; next change: {next}.\n",
        loaded.edition.documents(),
        shown.display(),
        report.files,
        report.written,
        report.removed,
        took.as_secs_f64(),
    ));
}

/// How many cards and images had to be made.
fn drawn(files: &[String]) -> String {
    let (images, cards): (Vec<_>, Vec<_>) = files.iter().partition(|f| f.starts_with(&IMAGES[1..]));
    let count = |n: usize, one: &str, done: &str| match n {
        0 => String::new(),
        1 => format!("1 {one} {done}, "),
        n => format!("{n} {one}s {done}, "),
    };
    count(cards.len(), "card", "drawn") + &count(images.len(), "image", "made")
}
