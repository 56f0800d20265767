//! The templates of a site over those of the theme, and what is wrong with them.

use super::needs::{Used, components, used};
use super::{structured, theme};
use crate::diagnostic::{Diagnostic, FileId, Span, nearest};
use crate::locale::{Arg, Locale};
use crate::model::Change;
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use tera::{ErrorKind, Kwargs, State, Tera, TeraResult, Value};

/// Builds the templates: the theme's, replaced file by file by the site's own.
///
/// A template that a site replaces stays there as `theme/NAME`, so that the replacement can extend it.
///
/// # Errors
/// E1101 with the place of each mistake; E0114 for what is no text.
pub fn build(own: &[Change], words: &Arc<Locale>, asked: &[Asked]) -> Result<(Tera, Used), Vec<Diagnostic>> {
    let mut all: BTreeMap<String, String> = theme::templates().into_iter().map(|(n, t)| (n, t.to_owned())).collect();
    let mut replaced: BTreeMap<String, String> = BTreeMap::new();
    let mut wrong = Vec::new();
    for change in own {
        let (Some(name), Some(bytes)) = (change.file.path().strip_prefix("templates/"), &change.bytes) else {
            continue;
        };
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(e) => {
                wrong.push(Diagnostic::not_utf8(&change.file, &e));
                continue;
            }
        };
        // The theme's own style guide stands beside: only a guide that the site has, and that extends it, asks for it.
        let guide = (name == super::guide::TEMPLATE).then(|| theme::guide()[1].1.to_owned());
        if let Some(old) = all.insert(name.to_owned(), text.to_owned()).or(guide) {
            replaced.insert(format!("theme/{name}"), old);
        }
    }
    // Only what is asked for: a template that nobody uses must not fail for what a replacement has left out.
    while let Some(name) = replaced.keys().find(|n| all.values().any(|t| t.contains(n.as_str()))).cloned() {
        all.extend(replaced.remove_entry(&name));
    }
    let is_theirs = own.iter().any(|c| c.file.path().strip_prefix("templates/") == Some(theme::PART));
    if !is_theirs && !all.iter().any(|(n, t)| n != theme::PART && t.contains(theme::PART)) {
        all.remove(theme::PART);
    }
    let known: Vec<String> = Locale::keys().collect();
    for (key, file, span) in asked.iter().filter(|a| !words.has(&a.0)) {
        wrong.push(
            Diagnostic::at("E1101", file, *span, format!("no string of the interface is called `{key}`"))
                .help(nearest(key, known.iter().map(String::as_str))),
        );
    }
    let mut tera = engine(words);
    let names: Vec<String> = all.keys().cloned().collect();
    if let Err(first) = tera.add_raw_templates(all.iter().map(|(n, t)| (n.as_str(), t.as_str()))) {
        // One that cannot be read hides the mistakes of the others.
        let alone = all.iter().filter_map(|(n, t)| engine(words).add_raw_template(n, t).err());
        wrong.extend(alone.filter(|e| matches!(e.kind(), ErrorKind::SyntaxError(_))).map(|e| finding(&e, &names)));
        if wrong.is_empty() {
            wrong.push(placed(&first.to_string(), &all).unwrap_or_else(|| finding(&first, &names)));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let used = used(&tera, &all);
    Ok((tera, used))
}

/// The text of a template: the site's own, else the theme's; empty where there is none, or it is no text.
#[must_use]
pub fn source(own: &[Change], name: &str) -> String {
    let is_it = |c: &&Change| c.file.path().strip_prefix("templates/") == Some(name);
    let text = own.iter().find(is_it).and_then(|c| std::str::from_utf8(c.bytes.as_deref()?).ok());
    let theirs = || theme::templates().into_iter().find(|(n, _)| n == name).map_or("", |(_, text)| text);
    text.unwrap_or_else(theirs).to_owned()
}

/// A string that a template of the site asks for, and where.
pub type Asked = (String, FileId, Span);

/// The strings that the site's own templates ask for by name, as the filter `t` has it.
#[must_use]
pub fn asked(own: &[Change]) -> Vec<Asked> {
    let mut all = Vec::new();
    for change in own.iter().filter(|c| c.file.path().starts_with("templates/")) {
        let text = change.bytes.as_ref().and_then(|b| std::str::from_utf8(b).ok()).unwrap_or_default();
        for (at, _) in text.match_indices('|') {
            let after = text[at + 1..].trim_start().strip_prefix('t');
            if after.is_none_or(|a| a.starts_with(|c: char| c.is_alphanumeric() || c == '_')) {
                continue;
            }
            let Some(before) = text[..at].trim_end().strip_suffix('"') else { continue };
            let start = before.rfind('"').map_or(0, |i| i + 1);
            all.push((before[start..].to_owned(), change.file.clone(), Span::new(start, before.len())));
        }
    }
    all
}

/// Tera with our own filters: `json` prints a value as JSON that cannot close the script element it stands in, `t` is a
/// string of the interface by its key, `inside` a label as it stands inside a sentence.
fn engine(words: &Arc<Locale>) -> Tera {
    let mut tera = Tera::new();
    tera.autoescape_on([".html", ".htm", ".xml", ".mjml"]);
    let (strings, labels) = (Arc::clone(words), Arc::clone(words));
    // Made once: a page asks for some dozens.
    let texts: HashMap<String, Value, FxBuildHasher> =
        words.texts().map(|(key, text)| (key.to_owned(), Value::from(text))).collect();
    tera.register_filter("t", move |key: &str, args: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        if let Some(text) = texts.get(key) {
            return Ok(text.clone());
        }
        if !strings.has(key) {
            return Err(tera::Error::message(format!("no string of the interface is called `{key}`")));
        }
        let mut given: Vec<(String, Given)> = Vec::new();
        for (name, value) in args.iter() {
            let value = match value.as_i64() {
                Some(n) => Given::Number(n),
                None => Given::Text(value.to_string()),
            };
            given.push((name.to_string(), value));
        }
        let given: Vec<(&str, Arg<'_>)> = given.iter().map(|(name, value)| (name.as_str(), value.as_arg())).collect();
        Ok(Value::from(strings.with(key, &given)))
    });
    tera.register_filter("inside", move |label: &str, _: Kwargs, _: &State<'_>| labels.inside(label));
    tera.register_filter("json", |v: &Value, _: Kwargs, _: &State<'_>| Value::safe_string(&structured::in_script(v)));
    tera
}

/// An argument that a template gives to a string.
enum Given {
    Text(String),
    Number(i64),
}

impl Given {
    fn as_arg(&self) -> Arg<'_> {
        match self {
            Self::Text(text) => text.into(),
            Self::Number(n) => Arg::Number(*n),
        }
    }
}

/// A mistake that Tera reports as a text alone, such as a component that nobody knows: its first message and place.
fn placed(report: &str, all: &BTreeMap<String, String>) -> Option<Diagnostic> {
    let after = |mark: &str| report.lines().find_map(|l| l.trim_start().strip_prefix(mark));
    let (message, place) = (after("error: ")?, after("--> ")?);
    let mut parts = place.trim().rsplitn(3, ':');
    let (column, line): (usize, usize) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let name = parts.next()?;
    let source = all.get(name)?;
    let start: usize = source.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let at = start + source[start..].char_indices().nth(column.checked_sub(1)?).map_or(0, |(i, _)| i);
    let marks = report.lines().map(|l| l.matches('^').count()).find(|n| *n > 0).unwrap_or(1);
    let components = all.values().flat_map(|t| components(t));
    let file = FileId::new(&format!("templates/{name}"));
    let names: Vec<String> = all.keys().cloned().collect();
    let help = remedy(message, &names)
        .unwrap_or_else(|| message.split('`').nth(1).map_or_else(String::new, |wrong| nearest(wrong, components)));
    Some(Diagnostic::at("E1101", &file, Span::new(at, at + marks), message.to_owned()).help(help))
}

/// A mistake of a template as a finding with a place.
#[must_use]
pub fn finding(error: &tera::Error, names: &[String]) -> Diagnostic {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let file = FileId::new(&format!("templates/{}", report.filename()));
            let span = report.span();
            Diagnostic::at("E1101", &file, Span::new(span.range.start, span.range.end), report.message().to_owned())
                .help(
                    [remedy(report.message(), names), chain(error)]
                        .into_iter()
                        .flatten()
                        .collect::<Vec<_>>()
                        .join("; "),
                )
        }
        ErrorKind::CircularInclude { tpl, include_chain: round }
        | ErrorKind::CircularExtend { tpl, inheritance_chain: round } => {
            let file = FileId::new(&format!("templates/{tpl}"));
            let round: Vec<String> = round.iter().map(|t| format!("templates/{t}")).collect();
            Diagnostic::of("E1101", &file, "the templates include or extend one another in a circle")
                .help(format!("the circle: {}", round.join(", then ")))
        }
        ErrorKind::MissingParent { current, parent } => {
            let file = FileId::new(&format!("templates/{current}"));
            Diagnostic::of("E1101", &file, format!("it extends `{parent}`, and there is no such template"))
                .help(nearest(parent, names.iter().map(String::as_str)))
        }
        _ => {
            let text = error.to_string();
            let quoted = text.split(['`', '\'', '"']).nth(1).unwrap_or("");
            Diagnostic::bare("E1101", text.clone()).help(nearest(quoted, names.iter().map(String::as_str)))
        }
    }
}

/// What to do about a mistake of a template, where that can be told.
fn remedy(message: &str, names: &[String]) -> Option<String> {
    let quoted = message.split('`').nth(1).unwrap_or("");
    if message.contains("emplate `") {
        Some(nearest(quoted, names.iter().map(String::as_str)))
    } else if message == "Unknown tag" {
        let words = "if it ends something: that was closed before, or something inside it was not; each `{% if %}`, \
                     `{% for %}` and `{% block %}` has an end of its own";
        Some(words.to_owned())
    } else {
        message.split_once("Available fields: ").map(|(_, fields)| nearest(quoted, fields.split(", ")))
    }
}

/// How the mistake was reached: the places that the report says it was called from, the nearest first.
fn chain(error: &tera::Error) -> Option<String> {
    let text = error.to_string();
    let places: Vec<String> = text
        .lines()
        .filter_map(|l| l.strip_prefix("note: called from "))
        .map(|place| format!("templates/{}", place.trim()))
        .collect();
    (!places.is_empty()).then(|| format!("called from {}", places.join(", then from ")))
}
