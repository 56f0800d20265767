//! What site.toml says of files for machines: data, security.txt, robots.txt. Never reads a file or the clock.

use serde::Deserialize;
use std::ops::Range;

/// What is said of the deals as data.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Data {
    /// The licence's name.
    pub licence: Option<String>,
    /// The licence's address.
    pub licence_url: Option<String>,
}

/// Whom to tell of a security problem (RFC 9116).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Security {
    /// Addresses, the best first: `mailto:`, `https://` or `tel:`.
    pub contact: Vec<String>,
    /// The address of the policy.
    pub policy: Option<String>,
}

/// Who may crawl what (RFC 9309).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Crawlers {
    /// Crawlers that may read nothing, by the names they give themselves.
    pub deny: Vec<String>,
    /// Paths that no crawler may read.
    pub disallow: Vec<String>,
}

/// Finds fault with what cannot stand in those files: the place, what is wrong, what was expected.
pub(super) fn check(
    text: &str,
    security: Option<&Security>,
    crawlers: &Crawlers,
    find: &mut dyn FnMut(Range<usize>, String, &str),
) {
    let place = |word: &str| text.find(&format!("\"{word}\"")).map_or(0..0, |i| i + 1..i + 1 + word.len());
    for contact in security.iter().flat_map(|s| &s.contact) {
        if !["mailto:", "https://", "tel:"].iter().any(|s| contact.starts_with(s))
            || contact.contains(char::is_whitespace)
        {
            find(
                place(contact),
                format!("`{contact}` is no address to write to"),
                "expected mailto:…, https://… or tel:…",
            );
        }
    }
    if security.is_some_and(|s| s.contact.is_empty()) {
        find(0..0, "[security] names nobody".to_owned(), "expected `contact = [\"mailto:…\"]`");
    }
    for name in &crawlers.deny {
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphabetic() || b"-_".contains(&b)) {
            find(
                place(name),
                format!("`{name}` is no name of a crawler"),
                "expected letters, hyphens and underscores, such as GPTBot",
            );
        }
    }
    for path in &crawlers.disallow {
        if !path.starts_with('/') || path.contains(char::is_whitespace) || path.contains('#') {
            find(place(path), format!("`{path}` is no path"), "expected /…");
        }
    }
}
