//! `dealwire newsletter`: what is new since the last one, as an e-mail to be sent and as a page for the archive.

mod page;
mod record;

use super::load::{self, Loaded};
use super::{Common, Format, check, code, report};
use crate::diagnostic::{Diagnostic, FileId};
use crate::model::Earlier;
use crate::pages::Letter;
use crate::render::Mail;
use crate::sink::scaffold::{self, Denied};
use crate::site::{Mailbox, Site};
use crate::source;
use jiff::Timestamp;
use mail_builder::MessageBuilder;
use mail_builder::headers::raw::Raw;
use record::{Issue, Record};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What was typed after `newsletter`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// From when on: `last` for what the last one did not tell, or a day or instant such as 2017-07-01
    #[arg(long, value_name = "last|DATE", default_value = "last")]
    since: String,
    /// Where the e-mail is written; else newsletters/ below the site's folder
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Show what would be in it, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// A failure: the exit code, and what is said.
type Failure = (u8, String);

/// Runs the command; returns its exit code.
pub fn run(c: &Common, args: &Args) -> u8 {
    if c.drafts {
        report::tell("error: a newsletter tells what readers can read; leave out --drafts\n");
        return code::USAGE;
    }
    load::threaded(c, || {
        let loaded = match load::load(c) {
            Ok(l) => l,
            Err(f) => return check::failed(&f, Format::Text, false),
        };
        let mut findings = loaded.edition.findings(&Earlier::default());
        let site = loaded.edition.site();
        if site.newsletter.from.is_none() {
            let help = "say who sends it, in [newsletter] of site.toml: from = \"The Desk <desk@example.com>\"";
            findings.push(Diagnostic::of("E1002", &FileId::new(&c.config), "there is no `newsletter.from`").help(help));
        }
        let record = Record::read(&loaded.root).unwrap_or_else(|d| {
            findings.push(d);
            Record::default()
        });
        findings.retain(|d| d.severity() == crate::diagnostic::Severity::Error);
        if !findings.is_empty() {
            return report::write(&loaded.root, &findings, Format::Text, false);
        }
        match make(c, args, &loaded, record) {
            Ok(()) => code::DONE,
            Err(Stopped::Finding(d)) => report::write(&loaded.root, &[*d], Format::Text, false),
            Err(Stopped::Failure((code, why))) => {
                report::tell(&format!("error: {why}\n"));
                code
            }
        }
    })
}

enum Stopped {
    Finding(Box<Diagnostic>),
    Failure(Failure),
}

impl From<Denied> for Stopped {
    fn from(denied: Denied) -> Self {
        Self::Failure(match denied {
            Denied::Refused(why) => (code::REFUSED, why),
            Denied::Io(why) => (code::IO, why),
        })
    }
}

/// What is written: the e-mail and the page of the archive.
struct Written {
    files: Vec<(PathBuf, Vec<u8>)>,
    issue: Issue,
    said: String,
}

fn make(c: &Common, args: &Args, loaded: &Loaded, record: Record) -> Result<(), Stopped> {
    let site = loaded.edition.site();
    let since = since(args, &record, site).map_err(Stopped::Failure)?;
    let as_of = loaded.edition.catalogue().audience().as_of;
    if since >= as_of {
        let why = format!("{} is not before {}", shown(since, site), shown(as_of, site));
        return Err(Stopped::Failure((code::USAGE, why)));
    }
    if as_of > source::clock() && !args.dry_run {
        let why =
            format!("{} is to come, and the archive would tell now what is hidden until then", shown(as_of, site));
        return Err(Stopped::Failure((code::REFUSED, why)));
    }
    let name = record.next_name(&site.zone.to_datetime(as_of).date().to_string());
    let folder = args
        .to
        .as_ref()
        .map_or_else(|| loaded.root.join("newsletters"), |to| std::env::current_dir().unwrap_or_default().join(to));
    let page = page::file(&name);
    let made = loaded.edition.with_letter(since, &record.told(), |letter, mail, atlas| {
        let issue = Issue::of(&name, as_of, since, letter);
        let message = message(&mail, site, &name, as_of);
        message.map(|eml| Written {
            said: told(letter, &mail),
            files: vec![
                (folder.join(format!("{name}.eml")), eml),
                (folder.join(format!("{name}.html")), mail.html.into_bytes()),
                (folder.join(format!("{name}.txt")), mail.text.into_bytes()),
                (loaded.root.join(page.path()), page::text(letter, atlas.words, site, as_of).into_bytes()),
            ],
            issue,
        })
    });
    let written = match made {
        Err(d) => return Err(Stopped::Finding(Box::new(d))),
        Ok(None) => {
            report::tell(&format!("Nothing is new since {}: nothing was written.\n", shown(since, site)));
            return Ok(());
        }
        Ok(Some(written)) => written.map_err(|why| Stopped::Failure((code::IO, why)))?,
    };
    if args.dry_run {
        report::say(&written.said);
        return Ok(());
    }
    // The record last: what was not written whole was not sent, and is made again.
    scaffold::all(&written.files)?;
    let words = loaded.edition.words();
    let before = page::list(&record, words, site);
    let mut record = record;
    record.issues.push(written.issue);
    let there = source::read_one(&loaded.root, &FileId::new(page::LIST)).map_err(|d| Stopped::Finding(Box::new(d)))?;
    // A list that somebody has changed is theirs from then on.
    let is_ours = there.is_none_or(|text| text == before.as_bytes());
    if is_ours {
        scaffold::replace(&loaded.root.join(page::LIST), page::list(&record, words, site).as_bytes())?;
    }
    scaffold::replace(&loaded.root.join(record::NAME), &record.encode())?;
    if !c.quiet {
        let near = |path: &Path| path.strip_prefix(&loaded.root).unwrap_or(path).display().to_string();
        report::say(&written.said);
        let eml = written.files.first().map_or_else(String::new, |m| near(&m.0));
        report::tell(&format!(
            "Written: {eml} to be sent, the same as .html and .txt, {} for the archive; {} remembers what was told.\n",
            page,
            record::NAME
        ));
        if !is_ours {
            report::tell(&format!("{} is not as it was written, and stays as it is: link the new page.\n", page::LIST));
        }
    }
    Ok(())
}

/// From when on.
fn since(args: &Args, record: &Record, site: &Site) -> Result<Timestamp, Failure> {
    if args.since == "last" {
        return record.issues.last().map(|i| i.since).ok_or_else(|| {
            let why = "there is no newsletter before this one: say from when on, such as --since 2017-07-01";
            (code::USAGE, why.to_owned())
        });
    }
    load::read_instant(&args.since, &site.zone).map_err(|d| (code::USAGE, format!("{}; {}", d.message, d.help)))
}

fn shown(t: Timestamp, site: &Site) -> String {
    crate::pages::iso(t, &site.zone)
}

/// What is in it, for the terminal.
fn told(letter: &Letter<'_>, mail: &Mail) -> String {
    let mut out = format!("{}\n", letter.subject);
    for d in &letter.deals {
        out.extend(["  ", d.deal.title, ": ", &d.deal.value, "\n"]);
    }
    for group in &letter.groups {
        out.extend([&group.title, "\n"]);
        out.extend(group.items.iter().flat_map(|a| ["  ", a.title, "\n"]));
    }
    if mail.lines < letter.lines() {
        let _ = writeln!(out, "The e-mail has room for {} of {} lines.", mail.lines, letter.lines());
    }
    out
}

/// The e-mail as a file that mail programs open as a draft to be sent (RFC 5322).
fn message(mail: &Mail, site: &Site, name: &str, at: Timestamp) -> Result<Vec<u8>, String> {
    let host = site.base_url.split(['/', ':']).nth(3).unwrap_or("localhost");
    let boxed = |m: &Mailbox| (m.name.clone().unwrap_or_default(), m.address.clone());
    let letter = &site.newsletter;
    let mut message = MessageBuilder::new()
        .subject(mail.subject.as_str())
        .date(at.as_second())
        .message_id(format!("newsletter-{name}@{host}"))
        .header("X-Unsent", Raw::new("1"))
        .text_body(mail.text.as_str())
        .html_body(mail.html.as_str());
    if let Some(from) = &letter.from {
        message = message.from(boxed(from));
    }
    if let Some(to) = &letter.reply_to {
        message = message.reply_to(boxed(to));
    }
    if let Some(address) = &letter.unsubscribe {
        message = message.header("List-Unsubscribe", Raw::new(format!("<{address}>")));
    }
    message.write_to_vec().map_err(|e| e.to_string())
}
