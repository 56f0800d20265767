//! Reads articles, and deal records that have no article. Never looks at other files.

use super::common;
use super::deal;
use super::fields::{Fields, Reader};
use super::tree::Node;
use crate::diagnostic::nearest;
use crate::model::{Article, Correction, Id, Image, Source, Sponsor, Update};
use rust_decimal::prelude::ToPrimitive as _;
use std::sync::Arc;

const SOURCE_KINDS: [&str; 8] =
    ["press_release", "filing", "report", "interview", "company_site", "court", "regulator", "other"];

/// Reads the front matter of an article.
pub fn read(r: &mut Reader<'_>, f: &mut Fields<'_>, id: Id, body: usize) -> Arc<Article> {
    let mut c = common(r, f, id.clone(), body, "title", true);
    let date_node = f.need("date", r);
    let date = date_node.and_then(|n| r.instant(n, false));
    let updated_node = f.get("updated");
    let updated = updated_node.and_then(|n| r.instant(n, false));
    if let (Some(n), Some(d), Some(u)) = (updated_node, date, updated)
        && u < d
    {
        r.find("E0801", n.span, "the article was updated before it appeared").label =
            "expected an instant after `date`".to_owned();
    }
    let sources = sources(r, f);
    let block = f.get("deal");
    let deal = block.and_then(|n| {
        r.map(n).and_then(|mut d| {
            let deal = deal::read(r, &mut d, id, &c.title, &sources);
            d.end(r);
            deal
        })
    });
    c.legible &= date.is_some() && block.is_some() == deal.is_some();
    c.date = date;
    let article = rest(r, f, &sources, deal);
    Arc::new(Article { common: c, date: date.unwrap_or_default(), updated, sources, ..article })
}

/// Reads an article, or a deal file, that is a translation. What it does not say is as in the original.
pub fn read_translation(r: &mut Reader<'_>, f: &mut Fields<'_>, id: Id, body: usize) -> Arc<Article> {
    let mut c = common(r, f, id, body, "title", true);
    c.date = f.get("date").and_then(|n| r.instant(n, false));
    let updated = f.get("updated").and_then(|n| r.instant(n, false));
    let article = rest(r, f, &[], None);
    Arc::new(Article { date: c.date.unwrap_or_default(), common: c, updated, ..article })
}

/// Reads the front matter of a deal record; its keys stand in `deal` or beside the title.
pub fn read_deal_file(r: &mut Reader<'_>, f: &mut Fields<'_>, id: Id, body: usize) -> Arc<Article> {
    let mut c = common(r, f, id.clone(), body, "title", false);
    let sources = sources(r, f);
    let title = c.title.clone();
    let block = f.get("deal");
    let deal = match block {
        Some(n) => r.map(n).and_then(|mut d| {
            let deal = deal::read(r, &mut d, id, &title, &sources);
            d.end(r);
            deal
        }),
        None => deal::read(r, f, id, &title, &sources),
    };
    let zone = r.zone;
    let date = f.get("date").and_then(|n| r.instant(n, false)).or_else(|| {
        let day = deal.as_ref()?.steps.first()?.date.first();
        zone.to_ambiguous_timestamp(day.at(0, 0, 0, 0)).compatible().ok()
    });
    c.legible &= date.is_some() && deal.is_some();
    let article = rest(r, f, &sources, deal);
    Arc::new(Article { common: c, date: date.unwrap_or_default(), sources, ..article })
}

fn rest(r: &mut Reader<'_>, f: &mut Fields<'_>, sources: &[Source], deal: Option<crate::model::Deal>) -> Article {
    let mut ids =
        |f: &mut Fields<'_>, name| f.get(name).map(|n| r.list(n, super::fields::Reader::id)).unwrap_or_default();
    let (authors, tags, threads) = (ids(f, "authors"), ids(f, "tags"), ids(f, "threads"));
    let (mentions, covers) = (ids(f, "mentions"), ids(f, "covers"));
    let updates = f.get("updates").map(|n| r.list(n, |r, n| update(r, n, sources))).unwrap_or_default();
    Article {
        common: crate::model::Common {
            id: Id::parse("x").expect("a constant id"),
            file: r.file.clone(),
            title: String::new(),
            description: String::new(),
            legible: false,
            draft: true,
            embargo: None,
            expires: None,
            date: None,
            aliases: Vec::new(),
            slug: None,
            language: None,
            translation_of: None,
            wording: Vec::new(),
            extra: serde_json::Value::Null,
            body: 0,
            files: Vec::new(),
        },
        date: jiff::Timestamp::UNIX_EPOCH,
        updated: None,
        authors,
        tags,
        threads,
        mentions,
        sources: Vec::new(),
        deal: deal.map(Arc::new),
        covers,
        updates,
        follows: f.get("follows").and_then(|n| r.id(n)),
        corrections: corrections(r, f),
        image: f.get("image").and_then(|n| image(r, n)),
        sponsor: f.get("sponsor").and_then(|n| sponsor(r, n)),
        dateline: f.get("dateline").and_then(|n| r.text(n)),
        autolink: f.get("autolink").and_then(|n| r.boolean(n)).unwrap_or(true),
    }
}

fn sources(r: &mut Reader<'_>, f: &mut Fields<'_>) -> Vec<Source> {
    let Some(node) = f.get("sources") else { return Vec::new() };
    let mut seen: Vec<Id> = Vec::new();
    r.list(node, |r, n| {
        let mut m = r.map(n)?;
        let id_node = m.need("id", r);
        let id = id_node.and_then(|n| r.id(n));
        let kind = m.get("kind").and_then(|n| r.word(n, "kind of source", &SOURCE_KINDS, |w| w));
        let publisher = m.need("publisher", r).and_then(|n| r.text(n));
        let title = m.get("title").and_then(|n| r.text(n));
        let date = m.get("date").and_then(|n| r.date(n));
        let url = m.get("url").and_then(|n| web_address(r, n));
        // Before anything that is missing ends the reading: a misspelt `id` is an unknown key, and its finding names the right one.
        m.end(r);
        let source = Source {
            id: id?,
            kind: kind.unwrap_or("other").to_owned(),
            publisher: publisher.unwrap_or_default(),
            title,
            date,
            url,
        };
        if seen.contains(&source.id) {
            r.find("E0106", id_node.map_or(n.span, |n| n.span), format!("two sources are called `{}`", source.id));
        }
        seen.push(source.id.clone());
        Some(source)
    })
}

/// An address on the web.
pub fn web_address(r: &mut Reader<'_>, node: &Node) -> Option<String> {
    let text = r.text(node)?;
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.map(|r| r.split(['/', ':', '?', '#']).next().unwrap_or(""));
    // A host has a dot and no ellipsis: the `https://…` of a form that nobody filled in is none.
    if host
        .is_none_or(|h| !h.contains('.') || h.starts_with('.') || h.contains('…') || text.contains(char::is_whitespace))
    {
        r.find("E0104", node.span, format!("`{text}` is no web address")).label = "expected https://…".to_owned();
        return None;
    }
    Some(text)
}

fn update(r: &mut Reader<'_>, node: &Node, sources: &[Source]) -> Option<Update> {
    let mut m = r.map(node)?;
    let deal = m.need("deal", r).and_then(|n| r.id(n));
    let step = deal::step(r, &mut m, sources);
    m.end(r);
    Some(Update { deal: deal?, step: step? })
}

fn corrections(r: &mut Reader<'_>, f: &mut Fields<'_>) -> Vec<Correction> {
    let Some(node) = f.get("corrections") else { return Vec::new() };
    let mut last = None;
    r.list(node, |r, n| {
        let mut m = r.map(n)?;
        let date = m.need("date", r).and_then(|n| r.date(n));
        let kinds = ["correction", "clarification", "update"];
        let kind = m.get("kind").map_or(Some("correction"), |n| r.word(n, "kind of correction", &kinds, |w| w));
        let text = m.need("text", r).and_then(|n| r.text(n));
        m.end(r);
        let date = date?;
        if last.is_some_and(|l| date.is_before(l)) {
            r.find("E0809", n.span, "corrections must stand in the order of their dates").help =
                "put the oldest first".to_owned();
        }
        last = Some(date);
        Some(Correction { date, kind: kind?.to_owned(), text: text? })
    })
}

fn image(r: &mut Reader<'_>, node: &Node) -> Option<Image> {
    let mut m = r.map(node)?;
    let src = m.need("src", r).and_then(|n| r.text(n));
    let alt = m.get("alt").and_then(|n| r.text(n)).filter(|t| !t.is_empty());
    if alt.is_none() {
        r.find("E0804", node.span, "the image has no `alt` text").help =
            "say in a sentence what it shows, for those who cannot see it".to_owned();
    }
    let credit = m.get("credit").and_then(|n| r.text(n)).filter(|t| !t.trim().is_empty());
    let focus = m.get("focus").map_or(Some(Image::CENTRE), |n| focus(r, n));
    if credit.is_none() {
        r.find("W0821", node.span, "the image has no `credit`").help =
            "say who made it, and whose it is: `credit: Name, Agency`".to_owned();
    }
    m.end(r);
    Some(Image { src: src?, alt: alt?, credit, focus: focus.unwrap_or(Image::CENTRE) })
}

/// A point of an image: how many percent from the left and from the top.
fn focus(r: &mut Reader<'_>, node: &Node) -> Option<(u8, u8)> {
    let (before, mut wrong) = (r.findings.len(), false);
    let points = r.list(node, |r, n| {
        let percent = r.number(n)?.round().to_u8().filter(|p| *p <= 100);
        wrong |= percent.is_none();
        percent
    });
    if let (&[x, y], false) = (points.as_slice(), wrong) {
        return Some((x, y));
    }
    if r.findings.len() == before {
        r.find("E0104", node.span, "this is no point of an image").label =
            "expected two numbers from 0 to 100: percent from the left and from the top".to_owned();
    }
    None
}

fn sponsor(r: &mut Reader<'_>, node: &Node) -> Option<Sponsor> {
    let mut m = r.map(node)?;
    let name = m.need("name", r).and_then(|n| r.text(n));
    let label = m.get("label").and_then(|n| r.text(n)).filter(|t| !t.is_empty());
    if label.is_none() {
        r.find("E0810", node.span, "a sponsored article needs a `label` that readers see").help =
            "for example `label: Paid content`".to_owned();
    }
    m.end(r);
    Some(Sponsor { name: name?, label: label? })
}

/// The source that a fact names, which must be among the file's own.
pub fn source_ref(r: &mut Reader<'_>, node: &Node, sources: &[Source]) -> Option<(Id, String)> {
    let id = r.id(node)?;
    let found = sources.iter().find(|s| s.id == id);
    if found.is_none() {
        let d = r.find("E0206", node.span, format!("no source of this file is called `{id}`"));
        d.help = nearest(id.as_str(), sources.iter().map(|s| s.id.as_str()));
    }
    found.map(|s| (id, s.publisher.clone()))
}
