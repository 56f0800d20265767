//! Reads translations: what is said again in another language, and nothing that the original has on record.

use super::fields::{Fields, Reader};
use super::registry::named;
use super::{Folder, article, common};
use crate::model::{Company, Entry, Id, Page, Person, Tag, Thread};
use std::sync::Arc;

/// Keys that belong to the record, which a translation shares with its original.
const RECORD: [&str; 17] = [
    "deal",
    "covers",
    "updates",
    "sources",
    "tags",
    "threads",
    "mentions",
    "follows",
    "kind",
    "parties",
    "status",
    "value",
    "posts",
    "listings",
    "parent",
    "country",
    "legal_name",
];

/// Texts of the original's record, and the same in the language of the translation.
pub(super) fn wording(r: &mut Reader<'_>, f: &mut Fields<'_>) -> Vec<(String, String)> {
    let Some(node) = f.get("wording") else { return Vec::new() };
    let super::tree::Kind::Map(items) = &node.kind else {
        r.expected(node, "a mapping of texts of the record to the same in this language");
        return Vec::new();
    };
    items.iter().filter_map(|(key, value)| Some((key.name.clone(), r.text(value)?))).collect()
}

/// Reads a translation.
pub(super) fn read(r: &mut Reader<'_>, folder: Folder, f: &mut Fields<'_>, id: Id, body: usize) -> Entry {
    for name in RECORD {
        // A key that is looked for counts as known: only those that are there are.
        if f.has(name)
            && let Some(node) = f.get(name)
        {
            r.find("E0211", node.span, format!("a translation has no `{name}` of its own")).help =
                "take it out: the record of the original holds in every language".to_owned();
        }
    }
    let names = |r: &mut Reader<'_>, f: &mut Fields<'_>, key| {
        f.get(key).map(|n| r.list(n, super::fields::Reader::text)).unwrap_or_default()
    };
    match folder {
        Folder::Articles => Entry::Article(article::read_translation(r, f, id, body)),
        Folder::Deals => Entry::Deal(article::read_translation(r, f, id, body)),
        Folder::Companies => {
            let names = names(r, f, "aliases");
            let mut company = Company::named(named(r, f, id, body));
            company.names = names;
            Entry::Company(Arc::new(company))
        }
        Folder::People => {
            let names = names(r, f, "aliases");
            Entry::Person(Arc::new(Person { common: named(r, f, id, body), names, posts: Vec::new() }))
        }
        Folder::Tags => {
            let synonyms = names(r, f, "synonyms");
            Entry::Tag(Arc::new(Tag { common: common(r, f, id, body, "title", false), synonyms, parent: None }))
        }
        Folder::Threads => {
            Entry::Thread(Arc::new(Thread { common: common(r, f, id, body, "title", false), parent: None }))
        }
        Folder::Pages => Entry::Page(Arc::new(Page { common: common(r, f, id, body, "title", true) })),
    }
}
