//! The parser's events in, the events of the page out: links resolved, names linked, findings noted.

use super::clean::escape;
use super::count::count;
use super::scripts;
use super::{Paragraph, Setting, Target, Text, World};
use crate::catalogue::Noun;
use crate::diagnostic::{Diagnostic, Span};
use crate::model::Id;
use crate::render::sentences::{CHINESE, highest};
use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, CowStr, Event, Tag, TagEnd};
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::ops::Range;

/// An event of the parser and where it stands in the source.
pub(super) type Piece<'t> = (Event<'t>, Range<usize>);

/// What is known while a text is written.
pub(super) struct Writer<'a> {
    pub(super) setting: &'a Setting<'a>,
    pub(super) world: &'a dyn World,
    pub(super) text: Text,
    pub(super) ids: BTreeMap<String, usize>,
    pub(super) level: (u8, u8),
    named: HashSet<(Noun, Id), rustc_hash::FxBuildHasher>,
    pub(super) notes: BTreeMap<String, (usize, usize)>,
    /// Notes by number.
    pub(super) order: Vec<String>,
    raw: bool,
    pub(super) in_anchor: bool,
    /// How deep in links, headings and images: there no name becomes a link.
    pub(super) shut: usize,
    paragraph: Option<Paragraph>,
    link_start: usize,
    links: Vec<bool>,
    quotes: Vec<bool>,
}

impl<'a> Writer<'a> {
    /// A writer of a text whose highest heading has the level `least`.
    pub(super) fn new(setting: &'a Setting<'a>, world: &'a dyn World, least: u8) -> Self {
        Self {
            setting,
            world,
            text: Text::default(),
            ids: BTreeMap::new(),
            level: (least, 1),
            named: HashSet::default(),
            notes: BTreeMap::new(),
            order: Vec::new(),
            raw: false,
            in_anchor: false,
            shut: 0,
            paragraph: None,
            link_start: 0,
            links: Vec::new(),
            quotes: Vec::new(),
        }
    }

    /// Whether the text holds HTML of its author's.
    pub(super) fn raw(&self) -> bool {
        self.raw
    }

    /// The finished text.
    pub(super) fn done(mut self, html: String) -> Text {
        self.text.html = html;
        self.text
    }
}

impl Writer<'_> {
    pub(super) fn find(&mut self, code: &'static str, range: &Range<usize>, message: String, help: String) {
        let at = self.setting.offset;
        let span = Span::new(at + range.start, at + range.end);
        self.text.findings.push(Diagnostic::at(code, self.setting.file, span, message).help(help));
    }

    /// The events of the page for those of the parser.
    pub(super) fn write<'p>(&mut self, pieces: Vec<Piece<'p>>) -> Vec<Event<'p>> {
        let mut out = Vec::with_capacity(pieces.len() + pieces.len() / 4);
        let mut all = pieces.into_iter();
        while let Some((event, range)) = all.next() {
            match event {
                Event::Start(Tag::Heading { level, id, .. }) => {
                    let level = super::parts::heading_level(&mut self.level, level as u8);
                    let mut inner = Vec::new();
                    for piece in all.by_ref() {
                        if matches!(piece.0, Event::End(TagEnd::Heading(_))) {
                            break;
                        }
                        inner.push(piece);
                    }
                    self.heading(level, id.as_deref(), inner, &mut out);
                }
                Event::Start(Tag::Image { dest_url, title, .. }) => {
                    let mut alt = String::new();
                    for (event, _) in all.by_ref() {
                        match event {
                            Event::End(TagEnd::Image) => break,
                            Event::Text(t) | Event::Code(t) => alt.push_str(&t.replace('\n', " ")),
                            Event::SoftBreak | Event::HardBreak => alt.push(' '),
                            _ => {}
                        }
                    }
                    let alone = matches!(out.last(), Some(Event::Start(Tag::Paragraph)))
                        && matches!(all.as_slice(), [(Event::End(TagEnd::Paragraph), _), ..]);
                    let image = self.image(&dest_url, &alt, &range);
                    if alone && !title.is_empty() {
                        out.pop();
                        all.next();
                        self.paragraph = None;
                        let mut caption = String::new();
                        escape(&title, &mut caption);
                        out.push(raw(format!("<figure>{image}<figcaption>{caption}</figcaption></figure>\n")));
                    } else {
                        out.push(Event::InlineHtml(image.into()));
                    }
                }
                Event::Start(Tag::HtmlBlock) => {
                    out.push(event);
                    let (mut html, mut parts) = (String::new(), Vec::new());
                    while !matches!(all.as_slice(), [(Event::End(TagEnd::HtmlBlock), _), ..])
                        && let Some((event, range)) = all.next()
                    {
                        if let Event::Html(line) | Event::InlineHtml(line) | Event::Text(line) = event {
                            parts.push((html.len(), range));
                            html.push_str(&line);
                        }
                    }
                    self.raw = true;
                    self.resolve(&mut html, &parts);
                    out.push(Event::Html(html.into()));
                }
                other => self.piece(other, &range, &mut out),
            }
        }
        self.close_anchor();
        out
    }

    fn piece<'p>(&mut self, event: Event<'p>, range: &Range<usize>, out: &mut Vec<Event<'p>>) {
        match event {
            Event::Text(text) => self.words(text, range, out),
            Event::Start(Tag::Paragraph) => {
                self.paragraph = Some(Paragraph {
                    text: String::with_capacity(range.len()),
                    pieces: Vec::with_capacity(8),
                    linked: Vec::new(),
                });
                out.push(event);
            }
            Event::End(TagEnd::Paragraph) => {
                self.close_anchor();
                self.text.paragraphs.extend(self.paragraph.take());
                out.push(event);
            }
            Event::SoftBreak | Event::HardBreak => {
                self.note(" ", range);
                out.push(event);
            }
            Event::Start(Tag::Link { dest_url, title, .. }) => self.open_link(&dest_url, &title, range, out),
            Event::End(TagEnd::Link) => {
                self.shut -= 1;
                if let Some(p) = &mut self.paragraph {
                    p.linked.push(self.link_start..p.text.len());
                }
                if self.links.pop() == Some(true) {
                    out.push(Event::InlineHtml("</a>".into()));
                }
            }
            Event::Start(Tag::BlockQuote(kind)) => {
                self.quotes.push(kind.is_some());
                match kind {
                    Some(kind) => {
                        let class = alert(kind);
                        let title = self.setting.words.text(&format!("alert-{class}"));
                        out.push(raw(format!("<aside class=\"alert alert-{class}\" role=\"note\">\n<p class=\"alert-title\">{title}</p>\n")));
                    }
                    None => out.push(event),
                }
            }
            Event::End(TagEnd::BlockQuote(_)) => match self.quotes.pop() {
                Some(true) => out.push(raw("</aside>\n".to_owned())),
                _ => out.push(event),
            },
            Event::Start(Tag::CodeBlock(kind)) => {
                self.shut += 1;
                let language = match &kind {
                    CodeBlockKind::Fenced(info) => info.split([' ', ',', '{']).next().unwrap_or("").to_owned(),
                    CodeBlockKind::Indented => String::new(),
                };
                let mut open = "<pre tabindex=\"0\"><code".to_owned();
                if !language.is_empty() {
                    open.push_str(" class=\"language-");
                    escape(&language, &mut open);
                    open.push('"');
                }
                open.push('>');
                out.push(raw(open));
            }
            Event::End(TagEnd::CodeBlock) => {
                self.shut -= 1;
                out.push(raw("</code></pre>\n".to_owned()));
            }
            Event::Start(Tag::Table(_)) => {
                let label = self.setting.words.text("table");
                out.push(raw(format!(
                    "<div class=\"scroll\" role=\"region\" aria-label=\"{label}\" tabindex=\"0\">\n"
                )));
                out.push(event);
            }
            Event::End(TagEnd::Table) => {
                out.push(event);
                out.push(raw("</div>\n".to_owned()));
            }
            Event::TaskListMarker(done) => {
                let (checked, label) = if done { (" checked", "done") } else { ("", "not-done") };
                let label = self.setting.words.text(label);
                out.push(Event::InlineHtml(
                    format!("<input type=\"checkbox\" disabled{checked} aria-label=\"{label}\"> ").into(),
                ));
            }
            Event::FootnoteReference(name) => out.push(self.reference(&name)),
            Event::Html(html) | Event::InlineHtml(html) => {
                self.raw = true;
                let mut html = html.into_string();
                self.resolve(&mut html, &[(0, range.clone())]);
                self.open_anchor(&html);
                out.push(Event::InlineHtml(html.into()));
            }
            Event::Code(_) => {
                if let Event::Code(text) = &event {
                    self.note(text, range);
                }
                out.push(event);
            }
            other => out.push(other),
        }
    }

    /// Keeps words of a paragraph for the checks.
    fn note(&mut self, words: &str, range: &Range<usize>) {
        let Some(p) = &mut self.paragraph else { return };
        let at = self.setting.offset;
        p.pieces.push((p.text.len(), at + range.start..at + range.end));
        if words.contains('\n') {
            p.text.push_str(&words.replace('\n', " "));
        } else {
            p.text.push_str(words);
        }
    }

    /// Running text: counted, kept for the checks, and its names made links.
    fn words<'p>(&mut self, text: CowStr<'p>, range: &Range<usize>, out: &mut Vec<Event<'p>>) {
        let highest = highest(&text);
        let foreign = self.setting.foreign && highest >= CHINESE;
        if self.setting.counts {
            self.text.words += count(&text, highest);
        }
        self.note(&text, range);
        if self.shut > 0 {
            scripts::say(text, foreign, out);
            return;
        }
        let mut links = self.world.names(&text, range);
        links.retain(|l| self.named.insert((l.noun, l.id.clone())));
        if links.is_empty() {
            scripts::say(text, foreign, out);
            return;
        }
        let mut from = 0;
        for link in links {
            scripts::say(text[from..link.range.start].to_owned().into(), foreign, out);
            let page = self.world.page_of(&link);
            let mut html = String::with_capacity(page.len() + link.range.len() + 48);
            html.push_str("<a class=\"name\" href=\"");
            escape(&page, &mut html);
            let is_chinese = |p: &(bool, &str)| p.0;
            let foreign = foreign && scripts::parts(&text[link.range.clone()]).iter().any(is_chinese);
            html.push_str(if foreign { "\" lang=\"zh\">" } else { "\">" });
            escape(&text[link.range.clone()], &mut html);
            html.push_str("</a>");
            out.push(Event::InlineHtml(html.into()));
            from = link.range.end;
        }
        scripts::say(text[from..].to_owned().into(), foreign, out);
    }

    fn open_link(&mut self, destination: &str, title: &str, range: &Range<usize>, out: &mut Vec<Event<'_>>) {
        self.shut += 1;
        self.link_start = self.paragraph.as_ref().map_or(0, |p| p.text.len());
        let mut html = String::with_capacity(destination.len() + title.len() + 64);
        html.push_str("<a href=\"");
        let made = match self.world.link(destination) {
            Target::Here { url, fragment } => {
                if let Some((route, id)) = fragment {
                    let at = self.setting.offset;
                    self.text.fragments.push((route, id, Span::new(at + range.start, at + range.end)));
                }
                escape(&url, &mut html);
                html.push('"');
                true
            }
            Target::Elsewhere => {
                escape(destination, &mut html);
                let _ = write!(html, "\" class=\"external\" rel=\"{}\"", self.setting.rel);
                true
            }
            Target::Nowhere(code, message, help) => {
                self.find(code, range, message, help);
                false
            }
        };
        if made && !title.is_empty() {
            html.push_str(" title=\"");
            escape(title, &mut html);
            html.push('"');
        }
        self.links.push(made);
        if made {
            html.push('>');
            out.push(Event::InlineHtml(html.into()));
        }
    }

    fn image(&mut self, destination: &str, alt: &str, range: &Range<usize>) -> String {
        if alt.trim().is_empty() {
            self.find(
                "E0804",
                range,
                "the image has no alternative text".to_owned(),
                "say in a sentence what it shows: ![what it shows](file)".to_owned(),
            );
        }
        let picture = match self.world.image(destination) {
            Ok(p) => p,
            Err((code, message, help)) => {
                self.find(code, range, message, help);
                return String::new();
            }
        };
        let sizes = self.setting.sizes.filter(|_| !picture.srcset.is_empty());
        let mut html = String::new();
        if let Some(sizes) = sizes {
            html.push_str("<picture><source type=\"image/webp\" srcset=\"");
            escape(&picture.srcset, &mut html);
            html.push_str("\" sizes=\"");
            escape(sizes, &mut html);
            html.push_str("\">");
        }
        html.push_str("<img src=\"");
        escape(&picture.url, &mut html);
        html.push_str("\" alt=\"");
        escape(alt, &mut html);
        html.push('"');
        if let Some((w, h)) = picture.size {
            let _ = write!(html, " width=\"{w}\" height=\"{h}\"");
        }
        html.push_str(" loading=\"lazy\" decoding=\"async\">");
        html.push_str(if sizes.is_some() { "</picture>" } else { "" });
        html
    }
}

fn alert(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "note",
        BlockQuoteKind::Tip => "tip",
        BlockQuoteKind::Important => "important",
        BlockQuoteKind::Warning => "warning",
        BlockQuoteKind::Caution => "caution",
    }
}

/// A piece of finished HTML.
pub(super) fn raw<'p>(html: String) -> Event<'p> {
    Event::Html(html.into())
}
