//! Markdown -> HTML with anchors, footnotes, figures, alerts and links to names. The only home of `pulldown_cmark`.

use super::emphasis;
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::model::slug;
use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, html};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

/// Where a link of the text leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// To a page or file of this site; with the route and fragment to be looked at, where there is a fragment.
    Here {
        /// What stands in `href`.
        url: String,
        /// The route and the fragment, for the check.
        fragment: Option<(crate::model::Route, String)>,
    },
    /// To another site.
    Elsewhere,
    /// To nothing: the code, what is wrong, the remedy.
    Nowhere(&'static str, String, String),
}

/// An image of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// What stands in `src`.
    pub url: String,
    /// In pixels, where known.
    pub size: Option<(usize, usize)>,
}

/// A name that becomes a link, and its path.
#[derive(Clone, Debug)]
pub struct NameLink {
    /// Where it stands in the text that was asked about.
    pub range: Range<usize>,
    /// Whose it is; only the first mention of each becomes a link.
    pub key: String,
    /// The path.
    pub url: String,
}

/// What the text may ask about the world outside it.
pub trait World {
    /// Where a destination leads.
    fn link(&self, destination: &str) -> Target;
    /// The image at a destination.
    ///
    /// # Errors
    /// The code, what is wrong, the remedy.
    fn image(&self, destination: &str) -> Result<Picture, (&'static str, String, String)>;
    /// The names in a piece of text that may become links.
    fn names(&self, text: &str) -> Vec<NameLink>;
}

/// How a text is printed.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The file, for findings.
    pub file: &'a FileId,
    /// Where the text begins in it.
    pub offset: usize,
    /// Whether raw HTML is kept as it is; else it is sanitised.
    pub allow_html: bool,
    /// Whether quotes and dashes are set as English has them.
    pub smart: bool,
    /// Added to `rel` of links that lead elsewhere.
    pub rel: &'static str,
    /// The page's address: where relative addresses in raw HTML are made absolute.
    pub base: Option<&'a str>,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Heading {
    /// Its anchor.
    pub id: String,
    /// Its words.
    pub title: String,
    /// 2 to 6.
    pub level: u8,
}

/// A paragraph as plain text, for checks against the record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paragraph {
    /// The words.
    pub text: String,
    /// Pairs of a place in the text and the place in the file from which on it was read.
    pub places: Vec<(usize, usize)>,
    /// Parts that are links.
    pub linked: Vec<Range<usize>>,
}

impl Paragraph {
    /// Where a part of the text stands in the file.
    #[must_use]
    pub fn span(&self, range: &Range<usize>) -> Span {
        let at = |i: usize| {
            let k = self.places.partition_point(|p| p.0 <= i).saturating_sub(1);
            self.places.get(k).map_or(0, |p| p.1 + (i - p.0))
        };
        Span::new(at(range.start), at(range.end.saturating_sub(1)) + 1)
    }
}

/// A printed text.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// HTML.
    pub html: String,
    /// Its headings.
    pub toc: Vec<Heading>,
    /// Words; a Chinese character counts as one.
    pub words: usize,
    /// Its paragraphs.
    pub paragraphs: Vec<Paragraph>,
    /// Fragments on other pages or this one that have to exist.
    pub fragments: Vec<(crate::model::Route, String, Span)>,
    /// What is wrong with it.
    pub findings: Vec<Diagnostic>,
}

fn options(smart: bool) -> Options {
    let mut o = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM;
    o.set(Options::ENABLE_SMART_PUNCTUATION, smart);
    o
}

type Piece<'t> = (Event<'t>, Range<usize>);

struct Writer<'t, 'a> {
    source: &'t str,
    setting: &'a Setting<'a>,
    world: &'a dyn World,
    text: Text,
    ids: BTreeSet<String>,
    level: (u8, u8),
    named: BTreeSet<String>,
    notes: BTreeMap<String, (usize, usize)>,
    raw: bool,
    /// How deep in links, headings and images: there no name becomes a link.
    shut: usize,
    paragraph: Option<Paragraph>,
    link_start: usize,
    links: Vec<bool>,
    quotes: Vec<bool>,
}

/// Prints a text.
#[must_use]
pub fn print(body: &str, setting: &Setting<'_>, world: &dyn World) -> Text {
    let (source, stood_in) = emphasis::protect(body);
    let pieces: Vec<Piece<'_>> = Parser::new_ext(&source, options(setting.smart)).into_offset_iter().collect();
    let mut pieces = join(pieces);
    if stood_in {
        restore(&mut pieces);
    }
    let least = pieces.iter().filter_map(|(e, _)| heading(e)).min().unwrap_or(2);
    let mut w = Writer {
        source: body,
        setting,
        world,
        text: Text::default(),
        ids: BTreeSet::new(),
        level: (least, 1),
        named: BTreeSet::new(),
        notes: BTreeMap::new(),
        raw: false,
        shut: 0,
        paragraph: None,
        link_start: 0,
        links: Vec::new(),
        quotes: Vec::new(),
    };
    let (pieces, definitions) = take_definitions(pieces);
    let events = w.write(pieces);
    let mut out = String::with_capacity(body.len() * 5 / 4);
    html::push_html(&mut out, events.into_iter());
    w.footnotes(definitions, &mut out);
    if w.raw && !setting.allow_html {
        out = sanitise(&out, setting.base);
    }
    w.text.html = out;
    w.text
}

/// One text event for what the parser hands out in several.
fn join(pieces: Vec<Piece<'_>>) -> Vec<Piece<'_>> {
    let mut out: Vec<Piece<'_>> = Vec::with_capacity(pieces.len());
    for (event, range) in pieces {
        match (out.last_mut(), &event) {
            (Some((Event::Text(before), before_range)), Event::Text(more)) if before_range.end == range.start => {
                let mut joined = before.to_string();
                joined.push_str(more);
                *before = joined.into();
                before_range.end = range.end;
            }
            _ => out.push((event, range)),
        }
    }
    out
}

fn restore(pieces: &mut [Piece<'_>]) {
    let mend = |s: &mut CowStr<'_>| {
        if let Some(text) = emphasis::restore(s) {
            *s = text.into();
        }
    };
    for (event, _) in pieces {
        match event {
            Event::Text(s) | Event::Code(s) | Event::Html(s) | Event::InlineHtml(s) => mend(s),
            Event::Start(Tag::Link { dest_url, title, .. } | Tag::Image { dest_url, title, .. }) => {
                mend(dest_url);
                mend(title);
            }
            _ => {}
        }
    }
}

fn heading(event: &Event<'_>) -> Option<u8> {
    match event {
        Event::Start(Tag::Heading { level, .. }) => Some(*level as u8),
        _ => None,
    }
}

/// Takes the definitions of footnotes out of the text.
fn take_definitions(pieces: Vec<Piece<'_>>) -> (Vec<Piece<'_>>, BTreeMap<String, Vec<Piece<'_>>>) {
    let (mut text, mut notes) = (Vec::with_capacity(pieces.len()), BTreeMap::new());
    let mut open: Vec<String> = Vec::new();
    for (event, range) in pieces {
        match &event {
            Event::Start(Tag::FootnoteDefinition(name)) => {
                open.push(name.to_string());
                notes.insert(name.to_string(), Vec::new());
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                open.pop();
            }
            _ => match open.last().and_then(|n| notes.get_mut(n)) {
                Some(note) => note.push((event, range)),
                None => text.push((event, range)),
            },
        }
    }
    (text, notes)
}

impl<'t> Writer<'t, '_> {
    fn find(&mut self, code: &'static str, range: &Range<usize>, message: String, help: String) {
        let at = self.setting.offset;
        let span = Span::new(at + range.start, at + range.end);
        self.text.findings.push(Diagnostic::at(code, self.setting.file, span, message).help(help));
    }

    fn write<'p>(&mut self, pieces: Vec<Piece<'p>>) -> Vec<Event<'p>> {
        let mut out = Vec::with_capacity(pieces.len());
        let mut all = pieces.into_iter().peekable();
        while let Some((event, range)) = all.next() {
            match event {
                Event::Start(Tag::Heading { level, id, .. }) => {
                    let level = heading_level(&mut self.level, level as u8);
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
                            Event::Text(t) | Event::Code(t) => alt.push_str(&t),
                            Event::SoftBreak | Event::HardBreak => alt.push(' '),
                            _ => {}
                        }
                    }
                    let alone = matches!(out.last(), Some(Event::Start(Tag::Paragraph)))
                        && matches!(all.peek(), Some((Event::End(TagEnd::Paragraph), _)));
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
                other => self.piece(other, &range, &mut out),
            }
        }
        out
    }

    fn piece<'p>(&mut self, event: Event<'p>, range: &Range<usize>, out: &mut Vec<Event<'p>>) {
        match event {
            Event::Text(text) => self.words(text, range, out),
            Event::Start(Tag::Paragraph) => {
                self.paragraph = Some(Paragraph::default());
                out.push(event);
            }
            Event::End(TagEnd::Paragraph) => {
                self.text.paragraphs.extend(self.paragraph.take());
                out.push(event);
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some(p) = &mut self.paragraph {
                    p.places.push((p.text.len(), self.setting.offset + range.start));
                    p.text.push(' ');
                }
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
                        let (class, title) = alert(kind);
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
                out.push(raw("<div class=\"scroll\" role=\"region\" aria-label=\"Table\" tabindex=\"0\">\n".to_owned()));
                out.push(event);
            }
            Event::End(TagEnd::Table) => {
                out.push(event);
                out.push(raw("</div>\n".to_owned()));
            }
            Event::TaskListMarker(done) => {
                let (checked, label) = if done { (" checked", "done") } else { ("", "open") };
                out.push(Event::InlineHtml(format!("<input type=\"checkbox\" disabled{checked} aria-label=\"{label}\"> ").into()));
            }
            Event::FootnoteReference(name) => {
                let next = self.notes.len() + 1;
                let (number, times) = self.notes.entry(name.to_string()).or_insert((next, 0));
                *times += 1;
                let back = if *times == 1 { format!("fnref-{number}") } else { format!("fnref-{number}-{times}") };
                out.push(Event::InlineHtml(
                    format!("<sup class=\"footnote-ref\" id=\"{back}\"><a href=\"#fn-{number}\" role=\"doc-noteref\" aria-label=\"Note {number}\">{number}</a></sup>").into(),
                ));
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                self.raw = true;
                out.push(event);
            }
            Event::Code(_) => {
                if let (Some(p), Event::Code(text)) = (&mut self.paragraph, &event) {
                    p.places.push((p.text.len(), self.setting.offset + range.start));
                    p.text.push_str(text);
                }
                out.push(event);
            }
            other => out.push(other),
        }
    }

    /// Running text: counted, kept for the checks, and its names made links.
    fn words<'p>(&mut self, text: CowStr<'p>, range: &Range<usize>, out: &mut Vec<Event<'p>>) {
        self.text.words += count(&text);
        if let Some(p) = &mut self.paragraph {
            let source = self.source.get(range.clone()).unwrap_or("");
            let (base, at) = (p.text.len(), self.setting.offset + range.start);
            if *source == *text {
                p.places.push((base, at));
            } else {
                map_places(&text, source, base, at, &mut p.places);
            }
            p.text.push_str(&text);
        }
        if self.shut > 0 {
            out.push(Event::Text(text));
            return;
        }
        let mut links = self.world.names(&text);
        links.retain(|l| self.named.insert(l.key.clone()));
        if links.is_empty() {
            out.push(Event::Text(text));
            return;
        }
        let mut from = 0;
        for link in links {
            out.push(Event::Text(text[from..link.range.start].to_owned().into()));
            let mut html = String::from("<a class=\"name\" href=\"");
            escape(&link.url, &mut html);
            html.push_str("\">");
            escape(&text[link.range.clone()], &mut html);
            html.push_str("</a>");
            out.push(Event::InlineHtml(html.into()));
            from = link.range.end;
        }
        out.push(Event::Text(text[from..].to_owned().into()));
    }

    fn open_link<'p>(&mut self, destination: &str, title: &str, range: &Range<usize>, out: &mut Vec<Event<'p>>) {
        self.shut += 1;
        self.link_start = self.paragraph.as_ref().map_or(0, |p| p.text.len());
        let mut html = String::from("<a href=\"");
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
            self.find("E0804", range, "the image has no alternative text".to_owned(), "say in a sentence what it shows: ![what it shows](file)".to_owned());
        }
        let picture = match self.world.image(destination) {
            Ok(p) => p,
            Err((code, message, help)) => {
                self.find(code, range, message, help);
                return String::new();
            }
        };
        let mut html = String::from("<img src=\"");
        escape(&picture.url, &mut html);
        html.push_str("\" alt=\"");
        escape(alt, &mut html);
        html.push('"');
        if let Some((w, h)) = picture.size {
            let _ = write!(html, " width=\"{w}\" height=\"{h}\"");
        }
        html.push_str(" loading=\"lazy\" decoding=\"async\">");
        html
    }

    fn heading<'p>(&mut self, level: u8, id: Option<&str>, inner: Vec<Piece<'p>>, out: &mut Vec<Event<'p>>) {
        let mut title = String::new();
        for (event, _) in &inner {
            match event {
                Event::Text(t) | Event::Code(t) => title.push_str(t),
                Event::SoftBreak | Event::HardBreak => title.push(' '),
                _ => {}
            }
        }
        let id = self.anchor(id.map_or_else(|| slug(&title), str::to_owned));
        out.push(raw(format!("<h{level} id=\"{id}\">")));
        self.shut += 1;
        let inner = self.write(inner);
        self.shut -= 1;
        out.extend(inner);
        let mut label = String::new();
        escape(&title, &mut label);
        out.push(raw(format!(" <a class=\"anchor\" href=\"#{id}\" aria-label=\"Link to “{label}”\">#</a></h{level}>\n")));
        self.text.toc.push(Heading { id, title, level });
    }

    /// An id that no other heading of the text has.
    fn anchor(&mut self, wanted: String) -> String {
        let clean: String = wanted.chars().filter(|c| c.is_alphanumeric() || "-_.".contains(*c)).collect();
        let base = if clean.is_empty() { "section".to_owned() } else { clean };
        let mut id = base.clone();
        let mut n = 1;
        while !self.ids.insert(id.clone()) {
            n += 1;
            id = format!("{base}-{n}");
        }
        id
    }

    /// The notes that the text refers to, in the order of their numbers, with links back.
    fn footnotes(&mut self, mut definitions: BTreeMap<String, Vec<Piece<'_>>>, out: &mut String) {
        let mut done = 0;
        let mut body = String::new();
        // A note can refer to another one, so that the list grows while it is printed.
        while done < self.notes.len() {
            done += 1;
            let Some((name, times)) = self.notes.iter().find(|(_, (n, _))| *n == done).map(|(k, v)| (k.clone(), v.1)) else { break };
            let pieces = definitions.remove(&name).unwrap_or_default();
            let events = self.write(pieces);
            let _ = writeln!(body, "<li id=\"fn-{done}\">");
            html::push_html(&mut body, events.into_iter());
            for t in 1..=times {
                let back = if t == 1 { format!("fnref-{done}") } else { format!("fnref-{done}-{t}") };
                let _ = write!(body, "<a href=\"#{back}\" role=\"doc-backlink\" aria-label=\"Back to the text\">↩</a> ");
            }
            body.push_str("</li>\n");
        }
        if !body.is_empty() {
            let _ = write!(out, "<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"Notes\">\n<ol>\n{body}</ol>\n</section>\n");
        }
    }
}

/// The level printed for a heading: the text's highest becomes 2, and none is skipped on the way down.
fn heading_level(level: &mut (u8, u8), own: u8) -> u8 {
    let printed = (own + 2 - level.0.min(own)).clamp(2, (level.1 + 1).clamp(2, 6));
    level.1 = printed;
    printed
}

fn alert(kind: BlockQuoteKind) -> (&'static str, &'static str) {
    match kind {
        BlockQuoteKind::Note => ("note", "Note"),
        BlockQuoteKind::Tip => ("tip", "Tip"),
        BlockQuoteKind::Important => ("important", "Important"),
        BlockQuoteKind::Warning => ("warning", "Warning"),
        BlockQuoteKind::Caution => ("caution", "Caution"),
    }
}

fn raw<'p>(html: String) -> Event<'p> {
    Event::Html(html.into())
}

/// Text as it stands in HTML, attributes included.
pub fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

fn count(text: &str) -> usize {
    if text.is_ascii() {
        return text.split_ascii_whitespace().count();
    }
    let han = text.chars().filter(|c| super::names::is_cjk(*c)).count();
    han + text.split(|c: char| c.is_whitespace() || super::names::is_cjk(c)).filter(|w| w.chars().any(char::is_alphanumeric)).count()
}

/// Aligns a text with the source it came from, where quotes, dashes or entities were replaced on the way.
fn map_places(text: &str, source: &str, base: usize, at: usize, places: &mut Vec<(usize, usize)>) {
    let mut rest = 0;
    places.push((base, at));
    for (i, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
        if let Some(found) = source[rest..].find(c).filter(|f| *f <= 16) {
            let (from, to) = (base + i, at + rest + found);
            if places.last().is_none_or(|p| p.1 + (from - p.0) != to) {
                places.push((from, to));
            }
            rest += found + c.len_utf8();
        }
    }
}

/// Takes out of HTML what could run code or reach outside (ammonia).
fn sanitise(html: &str, base: Option<&str>) -> String {
    let mut cleaner = ammonia::Builder::default();
    cleaner
        .add_tags(["aside", "figure", "figcaption", "section", "input", "sup", "sub", "abbr", "mark", "details", "summary"])
        .add_generic_attributes(["id", "class", "lang", "dir", "title", "role", "aria-label", "tabindex"])
        .add_tag_attributes("input", ["type", "disabled", "checked"])
        .add_tag_attributes("img", ["loading", "decoding", "width", "height", "alt", "src"])
        .add_tag_attributes("a", ["rel", "href"])
        .add_tag_attribute_values("td", "style", ["text-align: right", "text-align: left", "text-align: center"])
        .add_tag_attribute_values("th", "style", ["text-align: right", "text-align: left", "text-align: center"])
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .link_rel(None);
    if let Some(base) = base.and_then(|b| ammonia::Url::parse(b).ok()) {
        cleaner.url_relative(ammonia::UrlRelative::RewriteWithBase(base));
    }
    cleaner.clean(html).to_string()
}

