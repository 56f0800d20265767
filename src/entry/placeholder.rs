//! What `dealwire new` writes where an editor's own words belong, and finding it in a file that readers would see.

use super::fields::Reader;
use super::tree::{Kind, Node};
use crate::diagnostic::Span;
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// The description of a new article.
pub const ARTICLE: &str = "One sentence that says what happened, for lists and search engines.";
/// The first paragraph of a new article.
pub const FIRST: &str = "The first paragraph says who did what, when, and for how much.";
/// The publisher of a source.
pub const PUBLISHER: &str = "Who published it";
/// The description of a new thread.
pub const THREAD: &str = "One sentence on what this story is about.";
/// The text of a new thread.
pub const STORY: &str = "Tell here what has happened so far.";
/// The description of everything else.
pub const SENTENCE: &str = "One sentence.";
/// The full name of a company.
pub const LEGAL_NAME: &str = "In full, as registered";

const ALL: [&str; 7] = [ARTICLE, FIRST, PUBLISHER, THREAD, STORY, SENTENCE, LEGAL_NAME];

/// Those that are paragraphs of a text: made once, for every file is searched.
static PARAGRAPHS: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| [FIRST, STORY].map(Finder::new));

/// Finds every one that still stands in the front matter, and in the text as a line of its own.
pub fn check(r: &mut Reader<'_>, front: &Node, body: &str, offset: usize) {
    let mut open = vec![front];
    let mut spans = Vec::new();
    while let Some(node) = open.pop() {
        match &node.kind {
            Kind::Scalar { text, .. } if ALL.contains(&text.trim()) => spans.push(node.span),
            Kind::Scalar { .. } => {}
            Kind::List(items) => open.extend(items),
            Kind::Map(items) => open.extend(items.iter().map(|(_, n)| n)),
        }
    }
    for known in &*PARAGRAPHS {
        for at in known.find_iter(body.as_bytes()) {
            let end = at + known.needle().len();
            let before = body[..at].rsplit('\n').next().unwrap_or("");
            let after = body[end..].split('\n').next().unwrap_or("");
            let alone = before.trim().is_empty() && after.trim().is_empty();
            if alone {
                spans.push(Span::new(offset + at, offset + end));
            }
        }
    }
    for span in spans {
        r.find("E0115", span, "this is what `dealwire new` wrote, not your words").help =
            "write what belongs here, or take it out; `draft: true` holds the file back until then".to_owned();
    }
}
