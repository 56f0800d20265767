//! Markdown -> HTML with anchors, footnotes, figures, alerts and links to names. The only home of `pulldown_cmark`.

mod addresses;
mod bounds;
mod clean;
mod count;
mod parts;
mod plain;
mod scripts;
mod words;
mod writer;

pub use scripts::has_them as has_chinese_letters;

pub use clean::escape;
pub use plain::plain;
pub use words::words;

use super::emphasis;
use super::names::Mention;
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::locale::Locale;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};
use std::ops::Range;
use writer::{Piece, Writer};

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
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// What stands in `src`.
    pub url: String,
    /// In pixels, where known.
    pub size: Option<(usize, usize)>,
    /// The same as WebP in several widths, as `srcset` has them; empty where there is no such thing.
    pub srcset: String,
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
    /// The names in a piece of text that may become links; it was read from a part of the body.
    fn names(&self, text: &str, from: &Range<usize>) -> Vec<Mention>;
    /// The path of the page of somebody who is named.
    fn page_of(&self, name: &Mention) -> String;
}

/// How a text is printed.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct Setting<'a> {
    /// The file, for findings.
    pub file: &'a FileId,
    /// Where the text begins in it.
    pub offset: usize,
    /// Whether raw HTML is kept as it is; else it is sanitised.
    pub allow_html: bool,
    /// Whether quotes and dashes are set as English has them.
    pub smart: bool,
    /// Whether Chinese characters are of another language than the text, and say so.
    pub foreign: bool,
    /// Whether its words are counted.
    pub counts: bool,
    /// Added to `rel` of links that lead elsewhere.
    pub rel: &'static str,
    /// How wide images are shown, as `sizes` has it; none where a text goes elsewhere and one file has to do.
    pub sizes: Option<&'a str>,
    /// The page's address: where relative addresses in raw HTML are made absolute.
    pub base: Option<&'a str>,
    /// The words for what the text does not say itself.
    pub words: &'a Locale,
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
    /// The words, on one line.
    pub text: String,
    /// Where its pieces begin in the text, and from which part of the file each was read.
    pub pieces: Vec<(usize, Range<usize>)>,
    /// Parts that are links.
    pub linked: Vec<Range<usize>>,
}

impl Paragraph {
    /// Where a part of the text stands in the file whose whole text is `source`.
    #[must_use]
    pub fn span(&self, range: &Range<usize>, source: &str) -> Span {
        let at = |i: usize| {
            let k = self.pieces.partition_point(|p| p.0 <= i).saturating_sub(1);
            let Some((base, read)) = self.pieces.get(k) else { return 0 };
            let end = self.pieces.get(k + 1).map_or(self.text.len(), |p| p.0);
            let original = source.get(read.clone()).unwrap_or("");
            read.start + original_place(self.text.get(*base..end).unwrap_or(""), original, i - base)
        };
        Span::new(at(range.start), at(range.end.saturating_sub(1)) + 1)
    }
}

/// The place in the source of a place in the text that was read from it. Where quotes, dashes or entities were replaced
/// on the way, the letters before it tell.
fn original_place(text: &str, source: &str, place: usize) -> usize {
    if text.len() == source.len() {
        return place;
    }
    let (mut from, mut to) = (0, 0);
    for (i, c) in text.char_indices().filter(|(i, c)| *i <= place && c.is_alphanumeric()) {
        // What was replaced is short: an entity or three dots.
        let near = source[to..].char_indices().take_while(|(f, _)| *f <= 16).find(|f| f.1 == c);
        if let Some((found, _)) = near {
            (from, to) = (i + c.len_utf8(), to + found + c.len_utf8());
        }
    }
    if from > place { to - (from - place) } else { to + (place - from) }
}

/// A printed text.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// HTML.
    pub html: String,
    /// Its headings.
    pub toc: Vec<Heading>,
    /// Words, where they are counted; a Chinese character is one.
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

/// Prints a text.
#[must_use]
pub fn print(body: &str, setting: &Setting<'_>, world: &dyn World) -> Text {
    let start = Span::new(setting.offset, setting.offset);
    if let Some(range) = bounds::too_deep(body) {
        let span = Span::new(setting.offset + range.start, setting.offset + range.end);
        return refused(setting, &bounds::nested("quotations and lists"), span);
    }
    if bounds::too_many(body) {
        return refused(setting, "the text has more marks and line ends than can be read at once", start);
    }
    let (source, stood_in) = emphasis::protect(body);
    let parser = Parser::new_ext(&source, options(setting.smart)).into_offset_iter();
    let Some(mut pieces) = join(parser, body.len() / 16) else {
        return refused(setting, &format!("the text has more than {} parts", bounds::MOST), start);
    };
    if stood_in {
        restore(&mut pieces);
    }
    let least = pieces.iter().filter_map(|(e, _)| heading(e)).min().unwrap_or(2);
    let mut w = Writer::new(setting, world, least);
    let (pieces, definitions) = w.take_definitions(pieces, body);
    w.look_for_references(&pieces, &definitions, body);
    let events = w.write(pieces);
    let mut out = String::with_capacity(body.len() * 5 / 4);
    html::push_html(&mut out, events.into_iter());
    w.footnotes(definitions, &mut out);
    if w.raw() && !setting.allow_html {
        if bounds::html_too_deep(&out) {
            return refused(setting, &bounds::nested("elements of raw HTML"), start);
        }
        out = clean::sanitise(&out, setting.base);
    }
    w.done(out)
}

/// Nothing of a text that goes beyond a bound.
fn refused(setting: &Setting<'_>, why: &str, span: Span) -> Text {
    let finding = Diagnostic::at("E0112", setting.file, span, why).help("split it, or write it more simply");
    Text { findings: vec![finding], ..Text::default() }
}

/// One text event for what the parser hands out in several, line ends within a paragraph included: `about` so many.
/// Nothing where there are more than a text may have.
fn join<'t>(pieces: impl Iterator<Item = Piece<'t>>, about: usize) -> Option<Vec<Piece<'t>>> {
    let mut out: Vec<Piece<'t>> = Vec::with_capacity(about);
    // What the last event goes on to say.
    let mut run = String::new();
    for (count, (event, range)) in pieces.enumerate() {
        if count == bounds::MOST {
            return None;
        }
        let more = match (&event, out.last_mut()) {
            (Event::Text(more), Some((Event::Text(first), whole))) => Some((&**more, first, whole)),
            (Event::SoftBreak, Some((Event::Text(first), whole))) => Some(("\n", first, whole)),
            _ => None,
        };
        if let Some((more, first, whole)) = more {
            if run.is_empty() {
                run.push_str(first);
            }
            run.push_str(more);
            whole.end = range.end;
            continue;
        }
        end(&mut out, &mut run);
        out.push((event, range));
    }
    end(&mut out, &mut run);
    Some(out)
}

/// Puts a run of text into the last event, which is its beginning.
fn end(out: &mut [Piece<'_>], run: &mut String) {
    if let Some((Event::Text(text), _)) = out.last_mut().filter(|_| !run.is_empty()) {
        *text = CowStr::Boxed(run.as_str().into());
        run.clear();
    }
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
