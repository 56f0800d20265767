//! Markdown -> Markdown for programs that read: addresses made absolute, raw HTML reduced to its words, comments gone.

use super::{Target, World, bounds, emphasis, options, restore};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// A text as Markdown that stands alone; nothing of one that goes beyond a bound.
#[must_use]
pub fn plain(body: &str, world: &dyn World) -> String {
    if bounds::too_deep(body).is_some() || bounds::too_many(body) {
        return String::new();
    }
    let (source, stood_in) = emphasis::protect(body);
    let parser = Parser::new_ext(&source, options(false)).into_offset_iter().take(bounds::MOST);
    let mut pieces: Vec<_> = parser.collect();
    if stood_in {
        restore(&mut pieces);
    }
    let (mut kept, mut raw) = (Vec::<bool>::new(), String::new());
    let mut events = Vec::with_capacity(pieces.len());
    for (event, _) in pieces {
        let event = match event {
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let dest = match world.link(&dest_url) {
                    Target::Here { url, .. } => Some(url.into()),
                    Target::Elsewhere => Some(dest_url),
                    Target::Nowhere(..) => None,
                };
                kept.push(dest.is_some());
                let Some(dest_url) = dest else { continue };
                Event::Start(Tag::Link { link_type: whole(link_type), dest_url, title, id })
            }
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                let picture = world.image(&dest_url).ok();
                kept.push(picture.is_some());
                let Some(picture) = picture else { continue };
                Event::Start(Tag::Image { link_type: whole(link_type), dest_url: picture.url.into(), title, id })
            }
            Event::End(TagEnd::Link | TagEnd::Image) if kept.pop() == Some(false) => continue,
            Event::Start(Tag::HtmlBlock) => continue,
            Event::Html(part) => {
                raw.push_str(&part);
                continue;
            }
            Event::End(TagEnd::HtmlBlock) => {
                let html = std::mem::take(&mut raw);
                if is_open(&html) {
                    return String::new();
                }
                let words = one_line(&html);
                if !words.is_empty() {
                    events.extend([
                        Event::Start(Tag::Paragraph),
                        Event::Text(words.into()),
                        Event::End(TagEnd::Paragraph),
                    ]);
                }
                continue;
            }
            Event::InlineHtml(html) => {
                if is_open(&html) {
                    return String::new();
                }
                match one_line(&html) {
                    words if words.is_empty() => continue,
                    words => Event::Text(words.into()),
                }
            }
            other => other,
        };
        events.push(event);
    }
    let mut out = String::with_capacity(body.len() * 5 / 4);
    let counted = pulldown_cmark_to_cmark::Options { increment_ordered_list_bullets: true, ..Default::default() };
    // It writes to memory, which does not fail; a text that it cannot follow is left out.
    match pulldown_cmark_to_cmark::cmark_with_options(events.into_iter(), &mut out, counted) {
        Ok(_) => out,
        Err(_) => String::new(),
    }
}

/// Whether a comment begins in a piece of HTML and does not end in it: what follows would be taken for text.
pub(super) fn is_open(html: &str) -> bool {
    html.rfind("<!--").is_some_and(|at| !html[at..].contains("-->"))
}

/// The words of a piece of HTML.
pub(super) fn one_line(html: &str) -> String {
    super::clean::words(html).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a link is called once its address stands beside it: references have gone with their definitions.
fn whole(kind: pulldown_cmark::LinkType) -> pulldown_cmark::LinkType {
    use pulldown_cmark::LinkType::{Autolink, Email, Inline};
    if matches!(kind, Autolink | Email) { kind } else { Inline }
}
