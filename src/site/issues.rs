//! What newsletters.toml says, the file that keeps what was sent, and how the next newsletter is written into it. Reads
//! and writes no file by itself.

use crate::diagnostic::{Checked, Diagnostic, FileId, Span, nearest};
use crate::model::{Id, Issue, Issues, Sent};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::fmt::Write as _;
use std::ops::Range;
use toml::Spanned;
use toml::value::Datetime;

/// Where the newsletters that were made are kept, below the site's root.
pub const FILE: &str = "newsletters.toml";

/// What stands at the top of a new one.
const HEADING: &str = "# What each newsletter held, written by `dealwire newsletter`: nothing is sent twice.\n";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    issue: Vec<Spanned<RawIssue>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawIssue {
    sent: Spanned<Datetime>,
    since: Spanned<Datetime>,
    #[serde(default)]
    articles: Vec<Spanned<String>>,
    #[serde(default)]
    deals: Vec<Spanned<String>>,
    #[serde(default)]
    corrections: Vec<Spanned<String>>,
}

fn at(place: &Range<usize>) -> Span {
    Span::new(place.start, place.end)
}

/// Takes the newsletters out of the text of the file. One that is wrong is left out, and told of (E0822).
#[must_use]
pub fn read(text: &str, zone: &TimeZone) -> Checked<Issues> {
    let file = FileId::new(FILE);
    let mut checked = Checked { value: Issues::default(), findings: Vec::new() };
    let raw = match toml::from_str::<Raw>(text) {
        Ok(raw) => raw,
        Err(e) => {
            let mut d = Diagnostic::at("E0822", &file, at(&e.span().unwrap_or(0..0)), e.message().to_owned())
                .help("docs/newsletter.md describes the file");
            let quoted: Vec<&str> = e.message().split('`').skip(1).step_by(2).collect();
            if let (true, [unknown, known @ ..]) = (e.message().starts_with("unknown field"), quoted.as_slice()) {
                d.message = format!("unknown key `{unknown}`");
                d.help = nearest(unknown, known.iter().copied());
            }
            checked.findings.push(d);
            return checked;
        }
    };
    for raw in raw.issue {
        let mut find = |place: &Range<usize>, message: String, help: &str| {
            checked.findings.push(Diagnostic::at("E0822", &file, at(place), message).help(help));
        };
        let issue = raw.into_inner();
        let (when, from) = (issue.sent.span(), issue.since.span());
        let before = checked.value.all().last().map(|i| i.sent);
        let Some((name_day, sent, since)) = instants(&issue, zone, before, &mut find) else { continue };
        let mut next = Issue {
            name: checked.value.next_name(name_day),
            sent,
            since,
            articles: Vec::new(),
            deals: Vec::new(),
            corrections: Vec::new(),
        };
        let mut places = Vec::new();
        let id = |text: &Spanned<String>, find: &mut dyn FnMut(&Range<usize>, String, &str)| {
            let id = Id::parse(text.get_ref());
            if id.is_none() {
                let help = "an id is the name of a file without .md: a-z, 0-9 and hyphens";
                find(&text.span(), format!("`{}` is no id", text.get_ref()), help);
            }
            id
        };
        for text in &issue.articles {
            if let Some(id) = id(text, &mut find) {
                places.push((Sent::Article(id.clone()), at(&text.span())));
                next.articles.push(id);
            }
        }
        for text in &issue.deals {
            if let Some(id) = id(text, &mut find) {
                places.push((Sent::Deal(id.clone()), at(&text.span())));
                next.deals.push(id);
            }
        }
        for text in &issue.corrections {
            let parts = text.get_ref().split_once('#').filter(|(_, name)| !name.is_empty());
            match parts.and_then(|(id, name)| Some((Id::parse(id)?, name.to_owned()))) {
                Some((id, name)) => {
                    places.push((Sent::Correction(id.clone(), name.clone()), at(&text.span())));
                    next.corrections.push((id, name));
                }
                None => find(
                    &text.span(),
                    format!("`{}` is no correction", text.get_ref()),
                    "expected the id of an article, # and the correction's name on its page",
                ),
            }
        }
        if places.is_empty() {
            find(&when, "this newsletter holds nothing".to_owned(), "take it out, or say what it held");
            continue;
        }
        // Of a thing that is named twice the second place is the wrong one.
        if let Err((item, _)) = checked.value.add(next, &places) {
            let twice = places.iter().filter(|p| p.0 == item).map(|p| p.1).next_back();
            let message = format!("`{item}` was sent before");
            let place = twice.unwrap_or_else(|| at(&from));
            checked
                .findings
                .push(Diagnostic::at("E0822", &file, place, message).help("nothing is sent twice: take it out here"));
        }
    }
    checked
}

/// The day of a newsletter in the site's zone, when it was made and when its period begins, where these can be.
fn instants(
    issue: &RawIssue,
    zone: &TimeZone,
    before: Option<Timestamp>,
    find: &mut dyn FnMut(&Range<usize>, String, &str),
) -> Option<(jiff::civil::Date, Timestamp, Timestamp)> {
    let mut instant = |value: &Spanned<Datetime>| {
        let text = value.get_ref().to_string();
        let instant = text.parse::<Timestamp>().ok();
        if instant.is_none() {
            let help = "write a day, a time and an offset: 2017-07-08T18:00:00+03:00";
            find(&value.span(), format!("`{text}` is no instant"), help);
        }
        instant
    };
    let (sent, since) = (instant(&issue.sent), instant(&issue.since));
    let (sent, since) = (sent?, since?);
    if since >= sent {
        let help = "`since` is when the period begins, `sent` when it ends";
        find(&issue.since.span(), "the period begins after its end".to_owned(), help);
        return None;
    }
    if before.is_some_and(|before| before >= sent) {
        let help = "newsletters stand in order of `sent`, the oldest first";
        find(&issue.sent.span(), "an earlier newsletter stands above this one, and was sent later".to_owned(), help);
        return None;
    }
    Some((zone.to_datetime(sent).date(), sent, since))
}

/// The text of the file with one newsletter more at its end; what stands there stays as it is.
#[must_use]
pub fn with(text: &str, issue: &Issue, zone: &TimeZone) -> String {
    let mut out = if text.is_empty() { HEADING.to_owned() } else { text.to_owned() };
    if !out.ends_with('\n') {
        out.push('\n');
    }
    let when = |t: Timestamp| t.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    // Writing to memory does not fail.
    let _ = write!(out, "\n[[issue]]\nsent = {}\nsince = {}\n", when(issue.sent), when(issue.since));
    let mut list = |key: &str, items: Vec<String>| {
        if !items.is_empty() {
            let _ = writeln!(out, "{key} = [");
            for item in items {
                let _ = writeln!(out, "  \"{item}\",");
            }
            let _ = writeln!(out, "]");
        }
    };
    list("articles", issue.articles.iter().map(ToString::to_string).collect());
    list("deals", issue.deals.iter().map(ToString::to_string).collect());
    list("corrections", issue.corrections.iter().map(|(id, name)| format!("{id}#{name}")).collect());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let zone = TimeZone::get("Europe/Helsinki").expect("a zone");
        let id = |t| Id::parse(t).expect(t);
        let at = |t: &str| t.parse::<Timestamp>().expect(t);
        let mut text = String::new();
        for (name, sent, article) in [
            ("2017-07-08", "2017-07-08T15:00:00Z", "a"),
            ("2017-07-09", "2017-07-08T22:00:00Z", "b"),
            ("2017-07-09-2", "2017-07-09T09:00:00Z", "c"),
        ] {
            let made = read(&text, &zone).value;
            let sent = at(sent);
            let issue = Issue {
                name: made.next_name(zone.to_datetime(sent).date()),
                sent,
                since: at("2017-07-01T00:00:00Z"),
                articles: vec![id(article)],
                deals: vec![id(article)],
                corrections: vec![(id(article), "correction-2017-07-06-1".to_owned())],
            };
            assert_eq!(issue.name.to_string(), name);
            text = with(&text, &issue, &zone);
            let again = read(&text, &zone);
            assert!(again.findings.is_empty(), "{:?}\n{text}", again.findings);
            assert_eq!(again.value.all().last(), Some(&issue));
            assert_eq!(again.value.all().len(), made.all().len() + 1);
            assert!(again.value.holds(&Sent::Article(id(article))) && !again.value.holds(&Sent::Deal(id("z"))));
        }
        assert!(text.starts_with(HEADING) && text.contains("sent = 2017-07-08T18:00:00+03:00"), "{text}");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place_and_the_rest_stays() {
        let zone = TimeZone::UTC;
        let told = |text: &str| -> Vec<String> {
            let found = read(text, &zone).findings;
            found
                .iter()
                .map(|d| format!("{} / {}", d.message, &text[d.span.map_or(0..0, |s| s.start..s.end)]))
                .collect()
        };
        let period = "since = 2017-07-01T00:00:00Z";
        for (text, wanted) in [
            ("issue = 3", "invalid type"),
            ("[[issue]]\nsent = \n", ""),
            ("[[issues]]\n", "unknown key `issues` / issues"),
            (
                "[[issue]]\nsent = 2017-07-08\nsince = 2017-07-01T00:00:00Z\narticles = [\"a\"]",
                "`2017-07-08` is no instant / 2017-07-08",
            ),
            (
                "[[issue]]\nsent = 2017-07-01T00:00:00Z\nsince = 2017-07-01T00:00:00Z\narticles = [\"a\"]",
                "the period begins",
            ),
            (
                "[[issue]]\nsent = 2017-07-08T00:00:00Z\nsince = 2017-07-01T00:00:00Z\narticles = [\"A b\"]\ndeals = [\"d\"]",
                "`A b` is no id / \"A b\"",
            ),
            (
                "[[issue]]\nsent = 2017-07-08T00:00:00Z\nsince = 2017-07-01T00:00:00Z\ncorrections = [\"a\"]\ndeals = [\"d\"]",
                "`a` is no correction / \"a\"",
            ),
            ("[[issue]]\nsent = 2017-07-08T00:00:00Z\nsince = 2017-07-01T00:00:00Z\n", "this newsletter holds nothing"),
            (
                "[[issue]]\nsent = 2017-07-08T00:00:00Z\nsince = 2017-07-01T00:00:00Z\narticles = [\"a\", \"a\"]",
                "`a` was sent before / \"a\"",
            ),
        ] {
            let found = told(text);
            assert!(found.len() == 1 && found[0].starts_with(wanted), "{text}\n{found:?}");
        }
        let issue =
            |sent: &str, article: &str| format!("[[issue]]\nsent = {sent}\n{period}\narticles = [\"{article}\"]\n");
        let twice = issue("2017-07-08T00:00:00Z", "a") + &issue("2017-07-09T00:00:00Z", "a");
        assert_eq!(told(&twice), ["`a` was sent before / \"a\""]);
        assert_eq!(read(&twice, &zone).value.all().len(), 1);
        let order = issue("2017-07-09T00:00:00Z", "a") + &issue("2017-07-08T00:00:00Z", "b");
        assert_eq!(told(&order).len(), 1);
    }
}
