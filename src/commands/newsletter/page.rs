//! The page of a newsletter in the archive, and the list of all: content files like any other, which editors may change.

use super::record::Record;
use crate::diagnostic::FileId;
use crate::locale::Locale;
use crate::pages::Letter;
use crate::render::escape;
use crate::site::Site;
use jiff::Timestamp;
use std::fmt::Write as _;

/// The list of all newsletters.
pub const LIST: &str = "content/pages/newsletter.md";

/// The file of one.
pub fn file(name: &str) -> FileId {
    FileId::new(&format!("content/pages/newsletter/{name}.md"))
}

/// A value of front matter.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// The page: links lead to files, so that a check finds what is taken back later.
pub fn text(letter: &Letter<'_>, words: &Locale, site: &Site, at: Timestamp) -> String {
    let day = words.day(site.zone.to_datetime(at).date());
    let title = words.with("letter-page", &[("date", (&day).into())]).replace('\u{a0}', " ");
    let mut out = format!("---\ntitle: {}\ndescription: {}\n---\n", quoted(&title), quoted(&letter.headline));
    let link = |title: &str, file: &FileId| {
        format!("[{}](../../{})", escape(title), file.path().strip_prefix("content/").unwrap_or(file.path()))
    };
    // What expires would leave links that lead nowhere, and names that nobody may read any more.
    let deals: Vec<_> = letter.deals.iter().filter(|d| d.stays).collect();
    if !deals.is_empty() {
        let _ = write!(out, "\n## {}\n\n", escape(words.text("deals")));
        for d in deals {
            let about = [d.deal.kind.label, d.deal.value.as_str(), d.deal.state_label, d.deal.date.human.as_str()]
                .map(escape)
                .join(" · ");
            let _ = writeln!(out, "- {} — {about}", link(d.deal.title, d.file));
        }
    }
    for group in letter.groups.iter().filter(|g| g.items.iter().any(|a| a.stays)) {
        let _ = write!(out, "\n## {}\n\n", escape(&group.title));
        for a in group.items.iter().filter(|a| a.stays) {
            let sponsor = a.sponsor.map_or_else(String::new, |s| format!("*{}* ", escape(s)));
            let about = escape(a.description);
            let _ = writeln!(out, "- {sponsor}{} — {about} ({})", link(a.title, a.file), escape(&a.date.human));
        }
    }
    let corrections: Vec<_> = letter.corrections.iter().filter(|c| c.stays).collect();
    if !corrections.is_empty() {
        let _ = write!(out, "\n## {}\n\n", escape(words.text("corrections")));
        for c in corrections {
            let about = [c.label, c.date.human.as_str()].map(escape).join(" · ");
            let _ = writeln!(out, "- {} — {about}: {}", link(c.title, c.file), escape(c.text));
        }
    }
    out
}

/// The list.
pub fn list(record: &Record, words: &Locale, site: &Site) -> String {
    let about = words.with("letters-described", &[("site", (&site.title).into())]);
    let mut out = format!("---\ntitle: {}\ndescription: {}\n---\n\n", quoted(words.text("letters")), quoted(&about));
    for issue in record.issues.iter().rev() {
        let day = words.day(site.zone.to_datetime(issue.sent).date());
        let _ = writeln!(out, "- [{}](newsletter/{}.md) — {}", escape(&day), issue.name, escape(&issue.headline));
    }
    out
}
