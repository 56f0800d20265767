//! Reads companies, people, tags, threads and pages. Never looks at other files.

use super::common;
use super::fields::{Fields, Reader};
use super::{article, deal, identifiers};
use crate::model::{Company, FormerName, Id, Listing, Page, Person, Post, Tag, Thread};
use std::sync::Arc;

/// Reads a company.
pub fn company(r: &mut Reader<'_>, f: &mut Fields<'_>, id: Id, body: usize) -> Arc<Company> {
    // `aliases` of a company and a person are names, not old addresses: take them before the common keys do.
    let names = f.get("aliases").map(|n| r.list(n, super::fields::Reader::text)).unwrap_or_default();
    let common = named(r, f, id, body);
    let mut checked = |f: &mut Fields<'_>, key, code, what, test: fn(&str) -> bool| {
        let node = f.get(key)?;
        let text = r.text(node)?;
        if !test(&text) {
            let digits = text.strip_prefix('q').unwrap_or(&text);
            r.find(code, node.span, format!("`{text}` is no {what}")).help =
                if code == "E0306" && test(&format!("Q{digits}")) {
                    format!("did you mean `Q{digits}`?")
                } else {
                    "compare it with the source: a digit is wrong or missing".to_owned()
                };
            return None;
        }
        Some(text)
    };
    let lei = checked(f, "lei", "E0301", "LEI (ISO 17442): its check digits are wrong", identifiers::is_lei);
    let isin = checked(f, "isin", "E0302", "ISIN (ISO 6166): its check digit is wrong", identifiers::is_isin);
    let wikidata = checked(f, "wikidata", "E0306", "Wikidata id: expected Q and digits", identifiers::is_wikidata);
    let listings = f.get("listings").map(|n| {
        r.list(n, |r, n| {
            let mut m = r.map(n)?;
            let mic_node = m.need("mic", r);
            let mic = mic_node.and_then(|n| r.text(n));
            let ticker = m.need("ticker", r).and_then(|n| r.text(n));
            m.end(r);
            if let (Some(n), Some(mic)) = (mic_node, &mic)
                && !identifiers::is_mic(mic)
            {
                r.find("E0303", n.span, format!("`{mic}` is no MIC of ISO 10383")).label =
                    "expected four letters, such as XHEL".to_owned();
            }
            Some(Listing { mic: mic?, ticker: ticker? })
        })
    });
    let former_names = f.get("former_names").map(|n| {
        r.list(n, |r, n| {
            let mut m = r.map(n)?;
            let name = m.need("name", r).and_then(|n| r.text(n));
            let until = m.get("until").and_then(|n| r.date(n));
            m.end(r);
            Some(FormerName { name: name?, until })
        })
    });
    Arc::new(Company {
        legal_name: f.get("legal_name").and_then(|n| r.text(n)),
        country: f.get("country").and_then(|n| deal::country_code(r, n)),
        parent: f.get("parent").and_then(|n| r.id(n)),
        website: f.get("website").and_then(|n| article::web_address(r, n)),
        common,
        names,
        listings: listings.unwrap_or_default(),
        lei,
        isin,
        wikidata,
        former_names: former_names.unwrap_or_default(),
    })
}

/// Reads a person.
pub fn person(r: &mut Reader<'_>, f: &mut Fields<'_>, id: Id, body: usize) -> Arc<Person> {
    let names = f.get("aliases").map(|n| r.list(n, super::fields::Reader::text)).unwrap_or_default();
    let common = named(r, f, id, body);
    let posts = f.get("posts").map(|n| {
        r.list(n, |r, n| {
            let mut m = r.map(n)?;
            let company = m.need("company", r).and_then(|n| r.id(n));
            let title = m.need("title", r).and_then(|n| r.text(n));
            let from = m.get("from").and_then(|n| r.date(n));
            let to = m.get("to").and_then(|n| r.date(n));
            m.end(r);
            if let (Some(from), Some(to)) = (from, to)
                && to.is_before(from)
            {
                r.find("E0701", n.span, "the post ends before it begins").help =
                    "compare `from` and `to` with the source; they may have changed places".to_owned();
            }
            Some(Post { company: company?, title: title?, from, to })
        })
    });
    Arc::new(Person { common, names, posts: posts.unwrap_or_default() })
}

/// The common keys of what is called by a name and keeps its `aliases` for other names.
pub(super) fn named(r: &mut Reader<'_>, f: &mut Fields<'_>, id: Id, body: usize) -> crate::model::Common {
    let mut c = common(r, f, id, body, "name", false);
    c.aliases = f.get("redirects").map(|n| r.list(n, super::alias)).unwrap_or_default();
    c
}

/// Reads a tag.
pub fn tag(r: &mut Reader<'_>, f: &mut Fields<'_>, id: Id, body: usize) -> Arc<Tag> {
    let common = common(r, f, id, body, "title", false);
    let synonyms = f.get("synonyms").map(|n| r.list(n, super::fields::Reader::text)).unwrap_or_default();
    let parent = f.get("parent").and_then(|n| r.id(n));
    Arc::new(Tag { common, synonyms, parent })
}

/// Reads a thread.
pub fn thread(r: &mut Reader<'_>, f: &mut Fields<'_>, id: Id, body: usize) -> Arc<Thread> {
    let common = common(r, f, id, body, "title", false);
    let parent = f.get("parent").and_then(|n| r.id(n));
    Arc::new(Thread { common, parent })
}

/// Reads a page.
pub fn page(r: &mut Reader<'_>, f: &mut Fields<'_>, id: Id, body: usize) -> Arc<Page> {
    Arc::new(Page { common: common(r, f, id, body, "title", true) })
}
