//! `dealwire newsletter`: what is new as a mail, and that it was made. Sends nothing, and makes nothing twice.

use super::load::{self, Loaded};
use super::{Common, Format, check, code, report};
use crate::diagnostic::{Diagnostic, FileId, Severity};
use crate::model::{Answer, Earlier, Issue, Shelf};
use crate::pages::{NoIssue, Since};
use crate::render::Mail;
use crate::sink::letters;
use crate::sink::scaffold::Denied;
use crate::site::issues;
use std::path::PathBuf;

/// What was typed after `newsletter`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// From when on: `last`, where the last one ended, or a day, or an instant
    #[arg(long, value_name = "WHEN", default_value = "last")]
    since: String,
    /// The folder of the mails; else newsletters/ in the site's folder
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Print the mail as text, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Why there is no newsletter: an exit code, after it was said.
type Ended = u8;

fn end(code: u8, message: &str) -> Ended {
    report::tell(&format!("error: {message}\n"));
    code
}

/// Runs the command; returns its exit code.
pub fn run(c: &Common, args: &Args) -> u8 {
    load::threaded(c, || match load::load(c) {
        Err(f) => check::failed(&f, Format::Text, false),
        Ok(loaded) => make(c, args, &loaded).unwrap_or_else(|ended| ended),
    })
}

fn make(c: &Common, args: &Args, loaded: &Loaded) -> Result<u8, Ended> {
    let edition = &loaded.edition;
    if c.drafts {
        return Err(end(code::REFUSED, "a newsletter with drafts cannot be sent; leave out --drafts"));
    }
    let zone = &edition.site().zone;
    let since = match args.since.as_str() {
        "last" => Since::Last,
        when => match load::read_instant(when, zone) {
            Ok(t) => Since::At(t),
            Err(d) => {
                report::write(&loaded.root, &[d], Format::Text, false);
                return Err(code::USAGE);
            }
        },
    };
    let findings = edition.findings(&Earlier::default());
    if report::counts(&findings).0 > 0 {
        return Err(stopped(&findings, loaded));
    }
    let Some(from) = &edition.site().newsletter.from else {
        let file = FileId::new(&c.config);
        let d = Diagnostic::of("E1001", &file, "the setting `newsletter.from` is missing")
            .help("add `[newsletter]` with `from = \"The Desk <desk@example.com>\"`; docs/newsletter.md describes it");
        return Err(report::write(&loaded.root, &[d], Format::Text, false));
    };
    let said = |t| crate::pages::iso(t, zone);
    let issue = edition.next_issue(since).map_err(|why| match why {
        NoIssue::First => end(code::USAGE, "there is no earlier newsletter; say from when, such as --since 2017-07-01"),
        NoIssue::Later(t) => {
            end(code::REFUSED, &format!("a newsletter was made at {}, and this would be an earlier one", said(t)))
        }
        NoIssue::Ahead => end(code::USAGE, "the period would begin after its end; give an earlier --since"),
    })?;
    if issue.is_empty() {
        if !c.quiet {
            report::tell(&format!("Nothing is new since {}: no newsletter was made.\n", said(issue.since)));
        }
        return Ok(code::DONE);
    }
    let printed = printed(loaded, &issue);
    if report::counts(&printed).0 > 0 {
        return Err(stopped(&printed, loaded));
    }
    let mail = match edition.mail(&issue, from) {
        Ok(mail) => mail,
        Err(d) => return Err(stopped(&[d], loaded)),
    };
    if args.dry_run {
        report::say(&mail.text);
        if !c.quiet {
            report::tell(&format!("Nothing was written. It would be {}: {}.\n", issue.name, summary(&mail)));
        }
        return Ok(code::DONE);
    }
    let (folder, names) = write(args, loaded, &issue, &mail).map_err(|denied| match denied {
        Denied::Refused(message) => end(code::REFUSED, &message),
        Denied::Io(message) => end(code::IO, &message),
    })?;
    if !c.quiet {
        report::tell(&format!("Wrote {names} into {}: {}.\n", folder.display(), summary(&mail)));
    }
    Ok(code::DONE)
}

/// Shows what keeps the newsletter from being made.
fn stopped(findings: &[Diagnostic], loaded: &Loaded) -> Ended {
    let errors: Vec<Diagnostic> = findings.iter().filter(|f| f.severity() == Severity::Error).cloned().collect();
    let code = report::write(&loaded.root, &errors, Format::Text, false);
    report::tell("No newsletter was made.\n");
    code
}

/// What is wrong with the pages that the newsletter leads to: a build would stop at it.
fn printed(loaded: &Loaded, issue: &Issue) -> Vec<Diagnostic> {
    let edition = &loaded.edition;
    let files = issue.articles.iter().chain(&issue.deals).filter_map(|id| {
        edition
            .catalogue()
            .opener(id)
            .map(|a| &a.common.file)
            .or_else(|| edition.catalogue().article(id).map(|a| &a.common.file))
    });
    let mut found: Vec<Diagnostic> = files
        .filter_map(|file| edition.route_of(file))
        .flat_map(|route| match edition.ask(&route) {
            Ok(Answer::Found(output)) => output.findings,
            Ok(Answer::Absent) => Vec::new(),
            Err(d) => vec![d],
        })
        .collect();
    found.sort_by_cached_key(Diagnostic::sort_key);
    found.dedup();
    found
}

fn summary(mail: &Mail) -> String {
    let bytes = mail.html.len();
    format!("{}; {}.{} kB of HTML", mail.subject, bytes / 1000, bytes % 1000 / 100)
}

/// Writes the mail's files, and then that it was made. Returns the folder and the names.
fn write(args: &Args, loaded: &Loaded, issue: &Issue, mail: &Mail) -> Result<(PathBuf, String), Denied> {
    let here = std::env::current_dir().unwrap_or_default();
    let folder = args.to.as_ref().map_or_else(|| loaded.root.join("newsletters"), |dir| here.join(dir));
    let state = FileId::new(issues::FILE);
    let unread =
        |found: Vec<Diagnostic>| Denied::Io(found.into_iter().map(|d| d.message).collect::<Vec<_>>().join("; "));
    let before = load::letters(&loaded.root).map_err(unread)?;
    let text = String::from_utf8_lossy(before.as_deref().unwrap_or_default()).into_owned();
    let name = issue.name;
    let files = [
        (format!("{name}.eml"), mail.message.as_slice()),
        (format!("{name}.html"), mail.html.as_bytes()),
        (format!("{name}.txt"), mail.text.as_bytes()),
    ];
    let paths = letters::write(&folder, &files)?;
    let after = issues::with(&text, issue, &loaded.edition.site().zone);
    letters::replace(&loaded.root.join(state.path()), before.as_deref(), &after).inspect_err(|_| {
        // Who does not know that it was made would make it again: nobody sends this one.
        letters::remove(&paths);
    })?;
    let shown = folder.strip_prefix(&here).map_or_else(|_| folder.clone(), PathBuf::from);
    Ok((shown, format!("{name}.eml, {name}.html and {name}.txt")))
}
