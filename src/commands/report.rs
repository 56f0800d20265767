//! Findings for people and machines. Reads a file again only to show the line that is wrong.

use super::{Format, code};
use crate::diagnostic::{Diagnostic, FileId, Severity, Span};
use crate::source;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Prints to standard output. A reader that has gone is no error of ours; a full disk ends the program, loudly.
pub fn say(text: &str) {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => {
            tell(&format!("error: standard output cannot be written: {e}\n"));
            std::process::exit(code::IO.into());
        }
        _ => {}
    }
}

/// Prints to standard error.
pub fn tell(text: &str) {
    let mut out = anstream::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Texts of the files that findings speak of.
struct Sources<'a> {
    root: &'a Path,
    read: BTreeMap<FileId, Text>,
}

/// A text, and where its lines begin: a file may have thousands of findings.
struct Text {
    text: String,
    lines: Vec<usize>,
}

impl Sources<'_> {
    fn get(&mut self, file: &FileId) -> &Text {
        let root = self.root;
        self.read.entry(file.clone()).or_insert_with(|| {
            let bytes = source::read_one(root, file).ok().flatten().unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
            Text { text, lines }
        })
    }
}

impl Text {
    /// Line and column from 1, in characters.
    fn place(&self, at: usize) -> (usize, usize) {
        let at = (0..=at.min(self.text.len())).rev().find(|i| self.text.is_char_boundary(*i)).unwrap_or(0);
        let line = self.lines.partition_point(|start| *start <= at);
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(0);
        (line, self.text[start..at].chars().count() + 1)
    }
}

/// How many errors and warnings there are.
#[must_use]
pub fn counts(findings: &[Diagnostic]) -> (usize, usize) {
    let errors = findings.iter().filter(|f| f.severity() == Severity::Error).count();
    (errors, findings.len() - errors)
}

/// "1 error, 2 warnings".
#[must_use]
pub fn tally(findings: &[Diagnostic]) -> String {
    let (errors, warnings) = counts(findings);
    let many = |n: usize, word: &str| if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") };
    format!("{}, {}", many(errors, "error"), many(warnings, "warning"))
}

/// Writes findings: for people to standard error, for machines to standard output. Returns the exit code.
pub fn write(root: &Path, findings: &[Diagnostic], format: Format, strict: bool) -> u8 {
    let mut sources = Sources { root, read: BTreeMap::new() };
    match format {
        Format::Text => {
            for f in findings {
                tell(&human(f, &mut sources, strict));
            }
        }
        Format::Json => {
            let all: Vec<_> = findings.iter().map(|f| machine(f, &mut sources, strict)).collect();
            say(&format!("{}\n", json!({ "findings": all })));
        }
        Format::Sarif => say(&format!("{}\n", sarif(findings, &mut sources, strict))),
        Format::Github => {
            for f in findings {
                say(&github(f, &mut sources, strict));
            }
        }
    }
    let (errors, warnings) = counts(findings);
    let stops = errors > 0 || (strict && warnings > 0);
    if !stops {
        code::DONE
    } else if findings.iter().any(|f| f.code == "E1204") {
        code::IO
    } else {
        code::FINDINGS
    }
}

fn level(f: &Diagnostic, strict: bool) -> &'static str {
    if strict || f.severity() == Severity::Error { "error" } else { "warning" }
}

/// Most bytes of the lines that are shown with a finding.
const LONGEST: usize = 4000;

/// One finding as a compiler would show it.
fn human(f: &Diagnostic, sources: &mut Sources<'_>, strict: bool) -> String {
    let title = if level(f, strict) == "error" { Level::ERROR } else { Level::WARNING };
    // Without a place there is no line to show, and the file may be one that cannot be read without waiting for ever.
    let source = f.file.as_ref().filter(|_| f.span.is_some()).map(|file| sources.get(file));
    let text = source.map_or("", |s| s.text.as_str());
    let path = f.file.as_ref().map_or("", FileId::path);
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut main = title.primary_title(f.message.as_str()).id(f.code);
    if let (Some(source), Some(span)) = (source, f.span.filter(|s| s.start <= text.len())) {
        let (start, end) = bounds(text, span);
        // The lines of the span alone: a text may be long, and have a thousand findings.
        let from = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let to = text[end..].find('\n').map_or(text.len(), |i| end + i);
        let (line, column) = source.place(start);
        let mut mark = AnnotationKind::Primary.span(start - from..end - from);
        if !f.label.is_empty() {
            mark = mark.label(f.label.as_str());
        }
        let mut group = if to - from > LONGEST {
            main.element(annotate_snippets::Origin::path(path).line(line).char_column(column))
        } else {
            main.element(Snippet::source(&text[from..to]).line_start(line).path(path).annotation(mark))
        };
        if !f.help.is_empty() {
            group = group.element(Level::HELP.message(f.help.as_str()));
        }
        groups.push(group);
    } else {
        let mut group = if path.is_empty() {
            Group::with_title(main)
        } else {
            main = main.id(f.code);
            main.element(annotate_snippets::Origin::path(path))
        };
        if !f.help.is_empty() {
            group = group.element(Level::HELP.message(f.help.as_str()));
        }
        groups.push(group);
    }
    // The stream takes the colours out where they are not wanted: no terminal, NO_COLOR, CLICOLOR.
    format!("{}\n\n", Renderer::styled().render(&groups))
}

/// A span that lies on boundaries of characters, is not empty where it need not be, and stays within a few lines.
fn bounds(text: &str, span: Span) -> (usize, usize) {
    let down = |i: usize| (0..=i.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let start = down(span.start);
    let end = down(span.end.max(start));
    let line_end = text[start..end].match_indices('\n').nth(4).map_or(end, |(i, _)| start + i);
    (start, line_end.max(start))
}

fn machine(f: &Diagnostic, sources: &mut Sources<'_>, strict: bool) -> serde_json::Value {
    let (start, end) = places(f, sources);
    json!({
        "code": f.code, "severity": level(f, strict), "message": f.message, "file": f.file.as_ref().map(FileId::path),
        "line": start.map(|p| p.0), "column": start.map(|p| p.1), "end_line": end.map(|p| p.0), "end_column": end.map(|p| p.1),
        "help": help(f),
    })
}

/// A finding for a browser: as for machines, with the lines that it is about in three parts, the wrong one in the middle.
pub fn shown(root: &Path, f: &Diagnostic) -> serde_json::Value {
    let mut sources = Sources { root, read: BTreeMap::new() };
    let mut all = machine(f, &mut sources, false);
    let (Some(file), Some(span)) = (&f.file, f.span) else { return all };
    let text = sources.get(file).text.as_str();
    if span.start <= text.len() {
        let (start, end) = bounds(text, span);
        let from = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let to = text[end..].find('\n').map_or(text.len(), |i| end + i);
        if to - from <= LONGEST {
            all["source"] = json!([&text[from..start], &text[start..end], &text[end..to]]);
        }
    }
    all
}

fn help(f: &Diagnostic) -> String {
    [f.label.as_str(), f.help.as_str()].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("; ")
}

type Place = Option<(usize, usize)>;

fn places(f: &Diagnostic, sources: &mut Sources<'_>) -> (Place, Place) {
    let (Some(file), Some(span)) = (&f.file, f.span) else { return (None, None) };
    let text = sources.get(file);
    (Some(text.place(span.start)), Some(text.place(span.end)))
}

fn sarif(findings: &[Diagnostic], sources: &mut Sources<'_>, strict: bool) -> serde_json::Value {
    let codes: std::collections::BTreeSet<&str> = findings.iter().map(|f| f.code).collect();
    let rules: Vec<_> =
        codes.iter().map(|c| json!({"id": c, "shortDescription": {"text": super::explain::title(c)}})).collect();
    let results: Vec<_> = findings.iter().map(|f| {
        let (start, end) = places(f, sources);
        let mut location = json!({"artifactLocation": {"uri": f.file.as_ref().map_or("site.toml", FileId::path)}});
        if let (Some((line, column)), Some((end_line, end_column))) = (start, end) {
            location["region"] = json!({"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column});
        }
        let text = [f.message.clone(), help(f)].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(". ");
        json!({"ruleId": f.code, "level": level(f, strict), "message": {"text": text}, "locations": [{"physicalLocation": location}]})
    }).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": "dealwire", "version": env!("CARGO_PKG_VERSION"), "rules": rules}}, "columnKind": "unicodeCodePoints", "results": results}]
    })
}

/// GitHub's workflow command for one finding (docs.github.com, "Workflow commands").
fn github(f: &Diagnostic, sources: &mut Sources<'_>, strict: bool) -> String {
    let data = |t: &str| t.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |t: &str| data(t).replace(':', "%3A").replace(',', "%2C");
    let mut properties = vec![format!("title={}", property(f.code))];
    if let Some(file) = &f.file {
        properties.push(format!("file={}", property(file.path())));
    }
    if let (Some((line, column)), Some((end_line, end_column))) = places(f, sources) {
        properties.push(format!("line={line},col={column},endLine={end_line},endColumn={end_column}"));
    }
    let help = help(f);
    let text = if help.is_empty() { f.message.clone() } else { format!("{}. {help}", f.message) };
    format!("::{} {}::{}\n", level(f, strict), properties.join(","), data(&text))
}
