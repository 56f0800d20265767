//! Atom feeds (RFC 4287) and sitemaps (sitemaps.org 0.9). One writer, one escaping.

use crate::locale::Locale;
use crate::model::{Article, Correction};
use crate::pages::{FeedView, Item, Listed};
use crate::site::Site;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::writer::Writer;
use std::borrow::Cow;
use std::io;

/// What XML is written with.
pub(super) type Xml = Writer<Vec<u8>>;

/// A document, begun.
pub(super) fn begin() -> io::Result<Xml> {
    let mut w = Writer::new_with_indent(Vec::new(), b' ', 1);
    w.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    Ok(w)
}

/// An element with a text.
pub(super) fn text(w: &mut Xml, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
    let mut start = BytesStart::new(name);
    for a in attributes {
        start.push_attribute(*a);
    }
    if text.is_empty() {
        return w.write_event(Event::Empty(start));
    }
    w.write_event(Event::Start(start))?;
    w.write_event(Event::Text(BytesText::new(&legible(text))))?;
    w.write_event(Event::End(BytesEnd::new(name)))
}

/// XML 1.0 has no control characters but tab and line ends, not even as references.
fn legible(text: &str) -> Cow<'_, str> {
    // Those beyond ASCII begin with 0xc2, as a few others do.
    let may_be = |b: u8| b < 0x20 && b != b'\n' && b != b'\t' || b == 0x7f || b == 0xc2;
    if !text.bytes().any(may_be) {
        return Cow::Borrowed(text);
    }
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// When an entry last changed.
#[must_use]
pub fn changed(site: &Site, item: &Item<'_>) -> jiff::Timestamp {
    match item.correction {
        Some((c, _)) => said(site, c),
        None => item.article.updated.unwrap_or(item.article.date),
    }
}

/// The first instant of the day on which something was corrected.
fn said(site: &Site, c: &Correction) -> jiff::Timestamp {
    let day = c.date.last().at(0, 0, 0, 0);
    site.zone.to_ambiguous_timestamp(day).compatible().unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

/// What a feed says about one article.
pub struct Entry<'a> {
    /// The article.
    pub article: &'a Article,
    /// Its address.
    pub address: String,
    /// Its text as HTML with absolute addresses.
    pub html: String,
    /// Names of its authors, with their pages.
    pub authors: Vec<(String, Option<String>)>,
    /// Titles of its tags.
    pub tags: Vec<String>,
}

/// An Atom feed.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn atom(site: &Site, feed: &FeedView<'_>, entries: &[Cow<'_, [u8]>]) -> io::Result<Vec<u8>> {
    let mut w = begin()?;
    let mut start = BytesStart::new("feed");
    start.push_attribute(("xmlns", "http://www.w3.org/2005/Atom"));
    start.push_attribute(("xml:lang", site.language.as_str()));
    w.write_event(Event::Start(start))?;
    text(&mut w, "title", &[], &feed.title)?;
    if !site.description.is_empty() {
        text(&mut w, "subtitle", &[], &site.description)?;
    }
    text(&mut w, "link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &feed.address)], "")?;
    text(&mut w, "link", &[("rel", "alternate"), ("type", "text/html"), ("href", &feed.alternate)], "")?;
    if let Some(hub) = site.publish.values().find_map(|t| t.notices.websub.as_deref()) {
        text(&mut w, "link", &[("rel", "hub"), ("href", hub)], "")?;
    }
    text(&mut w, "id", &[], &feed.name)?;
    let newest = feed.items.iter().map(|i| changed(site, i)).max().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    text(&mut w, "updated", &[], &crate::pages::iso(newest, &site.zone))?;
    author(&mut w, &site.publisher, Some(&format!("{}/", site.base_url)))?;
    for e in entries {
        w.get_mut().extend_from_slice(e);
    }
    w.write_event(Event::End(BytesEnd::new("feed")))?;
    Ok(end(w))
}

/// The document's bytes.
pub(super) fn end(w: Xml) -> Vec<u8> {
    let mut bytes = w.into_inner();
    bytes.push(b'\n');
    bytes
}

fn author(w: &mut Xml, name: &str, uri: Option<&str>) -> io::Result<()> {
    w.write_event(Event::Start(BytesStart::new("author")))?;
    text(w, "name", &[], name)?;
    if let Some(uri) = uri {
        text(w, "uri", &[], uri)?;
    }
    w.write_event(Event::End(BytesEnd::new("author")))
}

/// An entry as it stands in a feed, from the end of the line before it on.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn entry(site: &Site, e: &Entry<'_>) -> io::Result<Vec<u8>> {
    let mut w = begin()?;
    w.write_event(Event::Start(BytesStart::new("feed")))?;
    let before = w.get_ref().len();
    write_entry(&mut w, site, e)?;
    Ok(w.into_inner().split_off(before))
}

fn write_entry(w: &mut Xml, site: &Site, e: &Entry<'_>) -> io::Result<()> {
    let a = e.article;
    w.write_event(Event::Start(BytesStart::new("entry")))?;
    text(w, "title", &[], &a.common.title)?;
    text(w, "link", &[("rel", "alternate"), ("type", "text/html"), ("href", &e.address)], "")?;
    text(w, "id", &[], &tag_uri(site, a))?;
    text(w, "published", &[], &crate::pages::iso(a.date, &site.zone))?;
    text(w, "updated", &[], &crate::pages::iso(a.updated.unwrap_or(a.date), &site.zone))?;
    for (name, uri) in &e.authors {
        author(w, name, uri.as_deref())?;
    }
    for tag in &e.tags {
        text(w, "category", &[("term", tag)], "")?;
    }
    text(w, "summary", &[], &a.common.description)?;
    let mut start = vec![("type", "html"), ("xml:base", e.address.as_str())];
    if let Some(language) = &a.common.language {
        start.push(("xml:lang", language));
    }
    text(w, "content", &start, &labelled(e))?;
    w.write_event(Event::End(BytesEnd::new("entry")))
}

/// The text of an entry, with the label of one that somebody paid for before it.
#[must_use]
pub fn labelled(e: &Entry<'_>) -> String {
    let label = e.article.sponsor.as_ref().map_or(String::new(), |s| {
        let mut html = "<p><strong>".to_owned();
        super::markdown::escape(&s.label, &mut html);
        html + "</strong></p>\n"
    });
    format!("{label}{}", e.html)
}

/// An entry about what was wrong in an article.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn correction(site: &Site, words: &Locale, item: &Item<'_>, address: &str) -> io::Result<Vec<u8>> {
    let Some((c, n)) = item.correction else { return Ok(Vec::new()) };
    let mut w = begin()?;
    w.write_event(Event::Start(BytesStart::new("feed")))?;
    let before = w.get_ref().len();
    w.write_event(Event::Start(BytesStart::new("entry")))?;
    text(&mut w, "title", &[], &correction_title(words, item.article, c))?;
    text(
        &mut w,
        "link",
        &[
            ("rel", "alternate"),
            ("type", "text/html"),
            ("href", &format!("{address}#{}", item.article.correction_id(n))),
        ],
        "",
    )?;
    text(&mut w, "id", &[], &correction_uri(site, item.article, n))?;
    let day = crate::pages::iso(said(site, c), &site.zone);
    text(&mut w, "published", &[], &day)?;
    text(&mut w, "updated", &[], &day)?;
    text(&mut w, "summary", &[], &c.text)?;
    text(&mut w, "content", &[("type", "html")], &correction_html(c))?;
    w.write_event(Event::End(BytesEnd::new("entry")))?;
    Ok(w.into_inner().split_off(before))
}

/// What was said, as HTML.
#[must_use]
pub fn correction_html(c: &Correction) -> String {
    let mut html = "<p>".to_owned();
    super::markdown::escape(&c.text, &mut html);
    html + "</p>"
}

/// The title of such an entry.
#[must_use]
pub fn correction_title(words: &Locale, a: &Article, c: &Correction) -> String {
    words.joined("colon", &[words.text(&c.kind), &a.common.title])
}

/// A tag URI (RFC 4151) of a correction: of its article, its day and which of that day it is.
#[must_use]
pub fn correction_uri(site: &Site, a: &Article, n: usize) -> String {
    format!("{}/{}", tag_uri(site, a), a.correction_id(n))
}

/// A tag URI (RFC 4151) of an article: from its id and first day, so that a change of its address does not change it.
#[must_use]
pub fn tag_uri(site: &Site, a: &Article) -> String {
    let host = site.base_url.split("//").nth(1).unwrap_or("").split(['/', ':']).next().unwrap_or("");
    let day = a.date.to_zoned_datetime(site.zone.clone()).date();
    format!("tag:{host},{day}:article/{}{}", a.common.id, site.prefix)
}

/// A sitemap of addresses with their last significant change.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn sitemap(entries: &[Listed]) -> io::Result<Vec<u8>> {
    let mut w = begin()?;
    let mut start = BytesStart::new("urlset");
    start.push_attribute(("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9"));
    if entries.iter().any(|e| !e.alternates.is_empty()) {
        start.push_attribute(("xmlns:xhtml", "http://www.w3.org/1999/xhtml"));
    }
    w.write_event(Event::Start(start))?;
    for entry in entries {
        w.write_event(Event::Start(BytesStart::new("url")))?;
        text(&mut w, "loc", &[], &entry.address)?;
        if let Some(m) = &entry.modified {
            text(&mut w, "lastmod", &[], m)?;
        }
        for a in &entry.alternates {
            let attributes = [("rel", "alternate"), ("hreflang", a.language.as_str()), ("href", a.url.as_str())];
            text(&mut w, "xhtml:link", &attributes, "")?;
        }
        w.write_event(Event::End(BytesEnd::new("url")))?;
    }
    w.write_event(Event::End(BytesEnd::new("urlset")))?;
    Ok(end(w))
}

/// An index of sitemaps.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn sitemap_index(parts: &[String]) -> io::Result<Vec<u8>> {
    let mut w = begin()?;
    let mut start = BytesStart::new("sitemapindex");
    start.push_attribute(("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9"));
    w.write_event(Event::Start(start))?;
    for address in parts {
        w.write_event(Event::Start(BytesStart::new("sitemap")))?;
        text(&mut w, "loc", &[], address)?;
        w.write_event(Event::End(BytesEnd::new("sitemap")))?;
    }
    w.write_event(Event::End(BytesEnd::new("sitemapindex")))?;
    Ok(end(w))
}
