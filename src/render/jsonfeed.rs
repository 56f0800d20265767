//! JSON Feed 1.1: the same entries as in Atom, for programs that would rather read JSON. Pure.

use super::feeds::{self, Entry};
use crate::locale::Locale;
use crate::pages::{FeedView, Item, iso};
use crate::site::Site;
use serde::Serialize;
use std::borrow::Cow;
use std::io;

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Hub<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a str,
}

/// A feed without its items, which come last.
#[derive(Serialize)]
struct Head<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    language: &'a str,
    authors: [Author<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub<'a>>,
}

#[derive(Serialize)]
struct ItemLine<'a> {
    id: String,
    url: &'a str,
    title: Cow<'a, str>,
    content_html: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    summary: &'a str,
    date_published: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
}

/// A feed around its items.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn feed(site: &Site, feed: &FeedView<'_>, items: &[Cow<'_, [u8]>]) -> io::Result<Vec<u8>> {
    let url = format!("{}/", site.base_url);
    let hubs = site.publish.values().find_map(|t| t.notices.websub.as_deref());
    let head = Head {
        version: "https://jsonfeed.org/version/1.1",
        title: &feed.title,
        home_page_url: &feed.alternate,
        feed_url: &feed.address,
        description: &site.description,
        language: &site.language,
        authors: [Author { name: &site.publisher, url: Some(&url) }],
        hubs: hubs.map(|url| Hub { kind: "WebSub", url }).into_iter().collect(),
    };
    let mut out = serde_json::to_vec(&head)?;
    out.pop();
    out.extend_from_slice(b",\"items\":[");
    for (n, item) in items.iter().enumerate() {
        out.extend_from_slice(if n == 0 { b"\n" } else { b",\n" });
        out.extend_from_slice(item);
    }
    out.extend_from_slice(b"\n]}\n");
    Ok(out)
}

/// An article as an item.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn item(site: &Site, e: &Entry<'_>) -> io::Result<Vec<u8>> {
    let a = e.article;
    let line = ItemLine {
        id: feeds::tag_uri(site, a),
        url: &e.address,
        title: Cow::Borrowed(&a.common.title),
        content_html: feeds::labelled(e),
        summary: &a.common.description,
        date_published: iso(a.date, &site.zone),
        date_modified: a.updated.map(|u| iso(u, &site.zone)),
        authors: e.authors.iter().map(|(name, url)| Author { name, url: url.as_deref() }).collect(),
        tags: &e.tags,
        language: a.common.language.as_deref(),
    };
    Ok(serde_json::to_vec(&line)?)
}

/// What was wrong in an article, as an item.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn correction(site: &Site, words: &Locale, item: &Item<'_>, address: &str) -> io::Result<Vec<u8>> {
    let Some((c, n)) = item.correction else { return Ok(Vec::new()) };
    let address = format!("{address}#{}", item.article.correction_id(n));
    let line = ItemLine {
        id: feeds::correction_uri(site, item.article, n),
        url: &address,
        title: feeds::correction_title(words, item.article, c).into(),
        content_html: feeds::correction_html(c),
        summary: "",
        date_published: iso(feeds::changed(site, item), &site.zone),
        date_modified: None,
        authors: Vec::new(),
        tags: &[],
        language: item.article.common.language.as_deref(),
    };
    Ok(serde_json::to_vec(&line)?)
}
