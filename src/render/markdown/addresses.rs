//! The author's own HTML in a text: its links and images are those of the site, or findings.

use super::Target;
use super::clean::escape;
use super::writer::Writer;
use crate::diagnostic::Span;
use crate::entry::markup::{Use, addresses};
use std::ops::Range;

impl Writer<'_> {
    /// Looks at the links and images of raw HTML, and puts the addresses of the site in the place of files and paths.
    /// `parts` are the places in the HTML where pieces of the source begin, with these.
    pub(super) fn resolve(&mut self, html: &mut String, parts: &[(usize, Range<usize>)]) {
        let source = |i: usize| {
            let (at, range) = &parts[parts.partition_point(|p| p.0 <= i).saturating_sub(1)];
            (range.start + i - at).min(range.end)
        };
        let mut changes = Vec::new();
        for address in addresses(html) {
            let place = source(address.range.start)..source(address.range.end.saturating_sub(1)) + 1;
            let url = match address.used {
                Use::Link => match self.world.link(&address.value) {
                    Target::Here { url, fragment } => {
                        let at = self.setting.offset;
                        let span = Span::new(at + place.start, at + place.end);
                        self.text.fragments.extend(fragment.map(|(route, id)| (route, id, span)));
                        Ok(url)
                    }
                    Target::Elsewhere => continue,
                    Target::Nowhere(code, message, help) => Err((code, message, help)),
                },
                Use::Image(has_alt) => {
                    if !has_alt {
                        let message = "the image has no alternative text".to_owned();
                        let help = "say in a sentence what it shows: alt=\"…\"; alt=\"\" where it only decorates";
                        self.find("E0804", &place, message, help.to_owned());
                    }
                    self.world.image(&address.value).map(|p| p.url)
                }
            };
            match url {
                Ok(url) if url != address.value => changes.push((address.range, url)),
                // What is not published is taken out with the rest of what HTML may not have, or let through with it.
                Err((code, message, help)) if code.starts_with('E') => self.find(code, &place, message, help),
                _ => {}
            }
        }
        if changes.is_empty() {
            return;
        }
        let (mut whole, mut from) = (String::with_capacity(html.len()), 0);
        for (range, url) in changes {
            whole.push_str(&html[from..range.start]);
            whole.push('"');
            escape(&url, &mut whole);
            whole.push('"');
            from = range.end;
        }
        whole.push_str(&html[from..]);
        *html = whole;
    }

    /// A link of raw HTML: no name in it becomes a link. It ends with its block at the latest.
    pub(super) fn open_anchor(&mut self, html: &str) {
        let begins = |tag: &str| html.get(..tag.len()).is_some_and(|h| h.eq_ignore_ascii_case(tag));
        if begins("</a") {
            self.close_anchor();
        } else if begins("<a ") || begins("<a\n") || begins("<a\t") {
            self.close_anchor();
            self.in_anchor = true;
            self.shut += 1;
        }
    }

    pub(super) fn close_anchor(&mut self) {
        self.shut -= usize::from(std::mem::take(&mut self.in_anchor));
    }
}
