//! Front matter as one tree with spans, whether it was written in YAML or in TOML. Never guesses a value's type.

mod plain;

use crate::diagnostic::{Diagnostic, FileId, Span};
use saphyr_parser::{Event, Parser, ScalarStyle};
use toml::de::{DeTable, DeValue};

/// Most bytes of front matter.
pub const MAX_BYTES: usize = 256 * 1024;
/// Most levels of nesting.
pub const MAX_DEPTH: usize = 64;

/// A value with its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Bytes in the file.
    pub span: Span,
    /// What stands there.
    pub kind: Kind,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A scalar, as text; `quoted` when it can be nothing but text.
    Scalar {
        /// As written, without quotes.
        text: String,
        /// Whether it was written in quotes.
        quoted: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order written.
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The key.
    pub name: String,
    /// Bytes in the file.
    pub span: Span,
}

/// Splits a file: front matter's text and offset, whether it is TOML, and where the body begins.
///
/// # Errors
/// E0110 when there is none or it does not end, E0112 when it is too long.
pub fn split<'a>(file: &FileId, text: &'a str) -> Result<(&'a str, usize, bool, usize), Diagnostic> {
    let skip = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let head = &text[skip..];
    let first = head.lines().next().unwrap_or("").trim_end();
    let (fence, is_toml) = match first {
        "---" => ("---", false),
        "+++" => ("+++", true),
        _ => {
            return Err(Diagnostic::at(
                "E0110",
                file,
                Span::new(skip, skip + first.len()),
                "the file has no front matter",
            )
            .label("expected `---` (YAML) or `+++` (TOML) here")
            .help("begin the file with `---`, then `title: …`, then `---`, or use `dealwire new`"));
        }
    };
    let start = skip + memchr::memchr(b'\n', head.as_bytes()).map_or(head.len(), |i| i + 1);
    let mut at = start;
    while at < text.len() {
        let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |i| at + i + 1);
        let line = &text[at..end];
        if line.starts_with(fence) && line.trim_end() == fence {
            if at - start > MAX_BYTES {
                break;
            }
            return Ok((&text[start..at], start, is_toml, end));
        }
        at = end;
    }
    if at - start > MAX_BYTES {
        return Err(Diagnostic::at(
            "E0112",
            file,
            Span::new(skip, skip + first.len()),
            "the front matter is longer than 256 KB",
        )
        .help("move long text into the body, below the closing line"));
    }
    Err(Diagnostic::at("E0110", file, Span::new(skip, skip + first.len()), "the front matter does not end")
        .help(format!("close it with a line that holds `{fence}` alone")))
}

/// Parses front matter; what is broken is found, what is whole is kept.
pub fn parse(file: &FileId, text: &str, offset: usize, is_toml: bool, findings: &mut Vec<Diagnostic>) -> Option<Node> {
    let node = if is_toml {
        parse_toml(file, text, offset, findings)?
    } else {
        match plain::read(text, offset) {
            Some(node) => node,
            None => parse_yaml(file, text, offset, findings)?,
        }
    };
    if let Some(span) = too_deep(&node, MAX_DEPTH) {
        findings.push(Diagnostic::at("E0112", file, span, format!("more than {MAX_DEPTH} levels of nesting")));
        return None;
    }
    Some(node)
}

fn too_deep(node: &Node, left: usize) -> Option<Span> {
    if left == 0 {
        return Some(node.span);
    }
    match &node.kind {
        Kind::Scalar { .. } => None,
        Kind::List(items) => items.iter().find_map(|n| too_deep(n, left - 1)),
        Kind::Map(items) => items.iter().find_map(|(_, n)| too_deep(n, left - 1)),
    }
}

fn parse_toml(file: &FileId, text: &str, offset: usize, findings: &mut Vec<Diagnostic>) -> Option<Node> {
    let deepest = text.lines().map(|l| l.bytes().filter(|b| matches!(b, b'[' | b'{' | b'.')).count()).max();
    if deepest > Some(MAX_DEPTH * 8) {
        findings.push(Diagnostic::of("E0112", file, format!("more than {MAX_DEPTH} levels of nesting")));
        return None;
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    for e in &errors {
        let span = e.span().map_or(Span::new(offset, offset), |r| Span::new(r.start + offset, r.end + offset));
        findings.push(if e.message() == "duplicate key" {
            let key = text.get(span.start - offset..span.end - offset).unwrap_or("a key").trim_matches(['"', '\'']);
            twice(file, span, key)
        } else {
            Diagnostic::at("E0111", file, span, format!("TOML: {}", e.message()))
                .help("look at this place and just before it: a quotation mark, a bracket or a comma may be missing")
        });
    }
    if !errors.is_empty() {
        return None;
    }
    let whole = Span::new(offset, offset + text.len());
    Some(Node { span: whole, kind: table_kind(table.get_ref(), offset) })
}

fn table_kind(table: &DeTable<'_>, offset: usize) -> Kind {
    let shift = |r: std::ops::Range<usize>| Span::new(r.start + offset, r.end + offset);
    let mut items: Vec<(Key, Node)> = table
        .iter()
        .map(|(k, v)| {
            let key = Key { name: k.get_ref().to_string(), span: shift(k.span()) };
            (key, toml_node(v.get_ref(), shift(v.span()), offset))
        })
        .collect();
    items.sort_by_key(|(k, _)| k.span.start);
    Kind::Map(items)
}

fn toml_node(value: &DeValue<'_>, span: Span, offset: usize) -> Node {
    let plain = |text: String| Kind::Scalar { text, quoted: false };
    let kind = match value {
        DeValue::String(s) => Kind::Scalar { text: s.to_string(), quoted: true },
        DeValue::Integer(i) => plain(match i64::from_str_radix(i.as_str(), i.radix()) {
            Ok(number) => number.to_string(),
            Err(_) => i.to_string(),
        }),
        DeValue::Float(f) => plain(f.as_str().trim_start_matches('+').replace('_', "")),
        DeValue::Boolean(b) => plain(b.to_string()),
        DeValue::Datetime(d) => plain(d.to_string()),
        DeValue::Array(items) => Kind::List(
            items
                .iter()
                .map(|v| toml_node(v.get_ref(), Span::new(v.span().start + offset, v.span().end + offset), offset))
                .collect(),
        ),
        DeValue::Table(t) => table_kind(t, offset),
    };
    Node { span, kind }
}

/// What is being built while events come in.
enum Open {
    List(usize, Vec<Node>),
    Map(usize, Vec<(Key, Node)>, Option<Key>),
}

fn parse_yaml(file: &FileId, text: &str, offset: usize, findings: &mut Vec<Diagnostic>) -> Option<Node> {
    // The scanner counts characters; findings count bytes.
    let bytes: Option<Vec<usize>> =
        (!text.is_ascii()).then(|| text.char_indices().map(|(i, _)| i).chain(std::iter::once(text.len())).collect());
    let byte = |i: usize| offset + bytes.as_ref().map_or(i.min(text.len()), |b| b[i.min(b.len() - 1)]);
    let mut stack: Vec<Open> = Vec::new();
    let mut root = None;
    for event in Parser::new_from_str(text) {
        let (event, span) = match event {
            Ok(e) => e,
            Err(e) => {
                let at = byte(e.marker().index());
                findings.push(
                    Diagnostic::at("E0111", file, Span::new(at, at + 1), format!("YAML: {}", e.info()))
                        .help(remedy(e.info())),
                );
                return None;
            }
        };
        let (start, end) = (byte(span.start.index()), byte(span.end.index()));
        let mut refuse = |what: &str| {
            findings.push(
                Diagnostic::at(
                    "E0111",
                    file,
                    Span::new(start, end.max(start + 1)),
                    format!("YAML: {what} are not allowed in front matter"),
                )
                .help("write the value out where it is needed"),
            );
        };
        let node = match event {
            Event::Alias(_) => {
                refuse("aliases");
                return None;
            }
            Event::Scalar(_, _, anchor, _) | Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _)
                if anchor != 0 =>
            {
                refuse("anchors");
                return None;
            }
            Event::Scalar(_, _, _, Some(_)) | Event::SequenceStart(_, Some(_)) | Event::MappingStart(_, Some(_)) => {
                refuse("tags");
                return None;
            }
            Event::Scalar(value, style, _, None) => {
                let quoted = style != ScalarStyle::Plain;
                // The scanner counts the blanks behind a scalar too.
                let end = start + text[start - offset..end - offset].trim_end().len();
                Node { span: Span::new(start, end), kind: Kind::Scalar { text: value.into_owned(), quoted } }
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if stack.len() >= MAX_DEPTH {
                    findings.push(Diagnostic::at(
                        "E0112",
                        file,
                        Span::new(start, end),
                        format!("more than {MAX_DEPTH} levels of nesting"),
                    ));
                    return None;
                }
                stack.push(match event {
                    Event::SequenceStart(..) => Open::List(start, Vec::new()),
                    _ => Open::Map(start, Vec::new(), None),
                });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match stack.pop()? {
                Open::List(start, items) => Node { span: tight(text, offset, start, end), kind: Kind::List(items) },
                Open::Map(start, items, _) => Node { span: tight(text, offset, start, end), kind: Kind::Map(items) },
            },
            Event::DocumentStart(_) if root.is_some() => {
                refuse("several documents");
                return None;
            }
            _ => continue,
        };
        match stack.last_mut() {
            None => root = Some(node),
            Some(Open::List(_, items)) => items.push(node),
            Some(Open::Map(_, items, key)) => match (key.take(), node) {
                (Some(k), node) => items.push((k, node)),
                (None, Node { span, kind: Kind::Scalar { text, .. } }) => {
                    if items.iter().any(|(k, _)| k.name == text) {
                        findings.push(twice(file, span, &text));
                    }
                    *key = Some(Key { name: text, span });
                }
                (None, node) => {
                    findings.push(
                        Diagnostic::at("E0111", file, node.span, "YAML: a key must be a plain word")
                            .help("write one word, a colon, and the value"),
                    );
                    return None;
                }
            },
        }
    }
    Some(root.unwrap_or(Node { span: Span::new(offset, offset), kind: Kind::Map(Vec::new()) }))
}

fn twice(file: &FileId, span: Span, key: &str) -> Diagnostic {
    Diagnostic::at("E0109", file, span, format!("`{key}` is given twice")).help("keep one of the two")
}

/// What an editor can do about a message of the YAML scanner.
fn remedy(message: &str) -> &'static str {
    if message.contains("mapping values are not allowed") {
        "a text with a colon in it stands in quotation marks: `title: \"Nokia: a new start\"`"
    } else if message.contains("did not find expected key") {
        "begin the line as far to the right as the others of its mapping; or a quotation mark or bracket before it is missing"
    } else {
        "look at this place and just before it: a quotation mark or a bracket may not be closed"
    }
}

/// The end of a block collection lies after the blanks that follow it: leave them out.
fn tight(text: &str, offset: usize, start: usize, end: usize) -> Span {
    Span::new(start, start + text[start - offset..end.max(start) - offset].trim_end().len())
}
