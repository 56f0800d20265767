//! The parts of a text that stand apart: headings with their anchors, notes at its end.

use super::Heading;
use super::clean::escape;
use super::writer::{Piece, Writer, raw};
use crate::diagnostic::nearest;
use crate::model::slug;
use memchr::memmem;
use pulldown_cmark::{Event, Tag, TagEnd, html};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

/// Most references to nothing that are reported of one text: each is compared with the name of every footnote.
const MOST: usize = 50;

/// The definition of a footnote.
pub(super) struct Note<'t> {
    pieces: Vec<Piece<'t>>,
    /// Where its name stands.
    label: Range<usize>,
}

/// The name of a footnote as names are compared: capitals do not tell them apart.
pub(super) fn note_name(label: &str) -> String {
    label.to_lowercase()
}

impl Writer<'_> {
    /// A heading with its anchor.
    pub(super) fn heading<'p>(&mut self, level: u8, id: Option<&str>, inner: Vec<Piece<'p>>, out: &mut Vec<Event<'p>>) {
        let mut title = String::new();
        for (event, _) in &inner {
            match event {
                Event::Text(t) | Event::Code(t) if t.contains('\n') => title.push_str(&t.replace('\n', " ")),
                Event::Text(t) | Event::Code(t) => title.push_str(t),
                Event::SoftBreak | Event::HardBreak => title.push(' '),
                _ => {}
            }
        }
        let id = self.anchor(id.map_or_else(|| slug(&title), str::to_owned));
        let name = ["h1", "h2", "h3", "h4", "h5", "h6"][usize::from(level.clamp(1, 6)) - 1];
        out.push(raw(["<", name, " id=\"", &id, "\">"].concat()));
        self.shut += 1;
        let inner = self.write(inner);
        self.shut -= 1;
        out.extend(inner);
        if self.setting.base.is_some() {
            // Away from the page there is nothing that an anchor could be copied from.
            out.push(raw(["</", name, ">\n"].concat()));
        } else {
            let mut label = String::new();
            escape(&title, &mut label);
            let label = self.setting.words.with("link-to", &[("title", (&label).into())]);
            let anchor = [" <a class=\"anchor\" href=\"#", &id, "\" aria-label=\"", &label, "\">#</a></", name, ">\n"];
            out.push(raw(anchor.concat()));
        }
        self.text.toc.push(Heading { id, title, level });
    }

    /// An id that no other heading of the text has.
    fn anchor(&mut self, wanted: String) -> String {
        let may_stay = |c: char| c.is_alphanumeric() || "-_.".contains(c);
        let clean =
            if wanted.chars().all(may_stay) { wanted } else { wanted.chars().filter(|c| may_stay(*c)).collect() };
        // `main` and `part-...` are the theme's own.
        let base = match clean.as_str() {
            "" => "section".to_owned(),
            "main" => "section-main".to_owned(),
            own if own.starts_with("part-") => format!("section-{own}"),
            _ => clean,
        };
        let mut n = self.ids.get(&base).copied().unwrap_or(0);
        loop {
            n += 1;
            let id = if n == 1 { base.clone() } else { format!("{base}-{n}") };
            if id == base || !self.ids.contains_key(&id) {
                self.ids.insert(base, n);
                self.ids.entry(id.clone()).or_insert(1);
                return id;
            }
        }
    }

    /// Takes the definitions of footnotes out of the text.
    pub(super) fn take_definitions<'p>(
        &mut self,
        pieces: Vec<Piece<'p>>,
        body: &str,
    ) -> (Vec<Piece<'p>>, BTreeMap<String, Note<'p>>) {
        let mut notes: BTreeMap<String, Note<'p>> = BTreeMap::new();
        if !pieces.iter().any(|(event, _)| matches!(event, Event::Start(Tag::FootnoteDefinition(_)))) {
            return (pieces, notes);
        }
        let mut text = Vec::with_capacity(pieces.len());
        let mut open: Vec<String> = Vec::new();
        for (event, range) in pieces {
            match &event {
                Event::Start(Tag::FootnoteDefinition(label)) => {
                    let name = note_name(label);
                    let label_end = body[range.clone()].find("]:").map_or(range.end, |i| range.start + i + 1);
                    let label = range.start..label_end;
                    let note = Note { pieces: Vec::new(), label: label.clone() };
                    if notes.insert(name.clone(), note).is_some() {
                        let message = format!("there are two footnotes `[^{name}]`, and only this one is printed");
                        self.find("W0815", &label, message, "give one of them another name".to_owned());
                    }
                    open.push(name);
                }
                Event::End(TagEnd::FootnoteDefinition) => {
                    open.pop();
                }
                _ => match open.last().and_then(|n| notes.get_mut(n)) {
                    Some(note) => note.pieces.push((event, range)),
                    None => text.push((event, range)),
                },
            }
        }
        (text, notes)
    }

    /// Finds references to footnotes that there are not: the parser leaves them as they were written.
    pub(super) fn look_for_references(&mut self, text: &[Piece<'_>], notes: &BTreeMap<String, Note<'_>>, body: &str) {
        let places: Vec<usize> = memmem::find_iter(body.as_bytes(), "[^").collect();
        if places.is_empty() {
            return;
        }
        let (mut in_code, mut found) = (false, 0);
        for (event, range) in text.iter().chain(notes.values().flat_map(|n| &n.pieces)) {
            match event {
                Event::Start(Tag::CodeBlock(_)) => in_code = true,
                Event::End(TagEnd::CodeBlock) => in_code = false,
                Event::Text(_) if !in_code => {
                    let first = places.partition_point(|at| *at < range.start);
                    for start in places[first..].iter().copied().take_while(|at| at + 2 <= range.end) {
                        let rest = &body[start + 2..range.end];
                        let end = rest.find([']', '[', ' ', '\n']).unwrap_or(0);
                        if end == 0 || !rest[end..].starts_with(']') || body[..start].ends_with('\\') {
                            continue;
                        }
                        let label = &rest[..end];
                        let near = nearest(&note_name(label), notes.keys().map(String::as_str));
                        let help = if near.starts_with("did") {
                            near
                        } else {
                            format!("write it: `[^{label}]: …`; or `\\[^{label}]` where the brackets are meant")
                        };
                        let place = start..start + 2 + end + 1;
                        self.find("W0815", &place, format!("no footnote is called `[^{label}]`"), help);
                        found += 1;
                        if found == MOST {
                            return;
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// A reference to a footnote: its number, and an anchor to come back to.
    pub(super) fn reference<'p>(&mut self, name: &str) -> Event<'p> {
        let own = self.setting.base.unwrap_or("");
        let next = self.notes.len() + 1;
        let name = note_name(name);
        let (number, times) = self.notes.entry(name.clone()).or_insert((next, 0));
        *times += 1;
        if *times == 1 {
            self.order.push(name);
        }
        let label = self.setting.words.count("note", *number);
        let back = if *times == 1 { format!("fnref-{number}") } else { format!("fnref-{number}-{times}") };
        Event::InlineHtml(format!("<sup class=\"footnote-ref\" id=\"{back}\"><a href=\"{own}#fn-{number}\" role=\"doc-noteref\" aria-label=\"{label}\">{number}</a></sup>").into())
    }

    /// The notes that the text refers to, in the order of their numbers, with links back.
    pub(super) fn footnotes(&mut self, mut definitions: BTreeMap<String, Note<'_>>, out: &mut String) {
        let own = self.setting.base.unwrap_or("");
        let words = self.setting.words;
        let label = words.text("back-to-text");
        let mut done = 0;
        let mut body = String::new();
        // A note can refer to another one, so that the list grows while it is printed.
        while done < self.order.len() {
            let name = self.order[done].clone();
            done += 1;
            let times = self.notes.get(&name).map_or(1, |n| n.1);
            let pieces = definitions.remove(&name).map(|n| n.pieces).unwrap_or_default();
            let events = self.write(pieces);
            let _ = writeln!(body, "<li id=\"fn-{done}\">");
            html::push_html(&mut body, events.into_iter());
            for t in 1..=times {
                let back = if t == 1 { format!("fnref-{done}") } else { format!("fnref-{done}-{t}") };
                let _ = write!(body, "<a href=\"{own}#{back}\" role=\"doc-backlink\" aria-label=\"{label}\">↩</a> ");
            }
            body.push_str("</li>\n");
        }
        for (name, note) in definitions {
            let message = format!("nothing refers to the footnote `[^{name}]`, so that it is not printed");
            self.find("W0815", &note.label, message, format!("write `[^{name}]` where it belongs, or take it out"));
        }
        if !body.is_empty() {
            let notes = words.text("notes");
            let _ = write!(
                out,
                "<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"{notes}\">\n<ol>\n{body}</ol>\n</section>\n"
            );
        }
    }
}

/// The level printed for a heading: the text's highest becomes 2, and none is skipped on the way down.
pub(super) fn heading_level(level: &mut (u8, u8), own: u8) -> u8 {
    let printed = (own + 2 - level.0.min(own)).clamp(2, (level.1 + 1).clamp(2, 6));
    level.1 = printed;
    printed
}
