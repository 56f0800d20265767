//! An entry and its translation made into one, and what an entry is in a language that it is not translated into. Pure.

use crate::locale::Locale;
use crate::model::{Article, Common, Company, Deal, Entry, Page, Person, Source, Tag, Thread, Value, Who};
use std::sync::Arc;

/// A place behind the end of any file: there is no text.
const NO_TEXT: usize = usize::MAX;

/// The original's record with the translation's words. It is hidden while one of the two is.
pub fn translated(original: &Entry, theirs: &Entry, prefix: &str) -> Option<Entry> {
    let common = both(original.common(), theirs.common(), prefix);
    Some(match (original, theirs) {
        (Entry::Article(o), Entry::Article(t)) => Entry::Article(Arc::new(article(o, t, common))),
        (Entry::Deal(o), Entry::Deal(t)) => Entry::Deal(Arc::new(article(o, t, common))),
        (Entry::Company(o), Entry::Company(t)) => {
            let names = names(&common.title, &t.names, o.common.title.as_str(), &o.names);
            Entry::Company(Arc::new(Company { common, names, ..(**o).clone() }))
        }
        (Entry::Person(o), Entry::Person(t)) => {
            let names = names(&common.title, &t.names, o.common.title.as_str(), &o.names);
            let mut posts = o.posts.clone();
            for post in &mut posts {
                reword(&mut post.title, &t.common.wording);
            }
            Entry::Person(Arc::new(Person { common, names, posts }))
        }
        (Entry::Tag(o), Entry::Tag(t)) => {
            Entry::Tag(Arc::new(Tag { common, synonyms: t.synonyms.clone(), parent: o.parent.clone() }))
        }
        (Entry::Thread(o), Entry::Thread(_)) => Entry::Thread(Arc::new(Thread { common, parent: o.parent.clone() })),
        (Entry::Page(_), Entry::Page(_)) => Entry::Page(Arc::new(Page { common })),
        _ => return None,
    })
}

/// What is said in this language alone.
pub fn alone(theirs: &Entry, prefix: &str) -> Entry {
    let mut entry = theirs.clone();
    let common = match &mut entry {
        Entry::Article(e) | Entry::Deal(e) => {
            let e = Arc::make_mut(e);
            // The record of a deal is kept in the main language.
            e.deal = None;
            &mut e.common
        }
        Entry::Company(e) => &mut Arc::make_mut(e).common,
        Entry::Person(e) => &mut Arc::make_mut(e).common,
        Entry::Tag(e) => &mut Arc::make_mut(e).common,
        Entry::Thread(e) => &mut Arc::make_mut(e).common,
        Entry::Page(e) => &mut Arc::make_mut(e).common,
    };
    common.language = None;
    common.aliases = below(&common.aliases, prefix);
    entry
}

/// What needs no translation: deals, companies and people are names, dates and sums. Nothing of what is a text.
pub fn untranslated(original: &Entry, own: String, name: &dyn Fn(&Who) -> String, words: &Locale) -> Option<Entry> {
    let bare = |c: &Common, title: String| Common {
        title,
        description: String::new(),
        aliases: Vec::new(),
        files: Vec::new(),
        body: NO_TEXT,
        ..c.clone()
    };
    Some(match original {
        Entry::Article(o) | Entry::Deal(o) if o.deal.is_some() || !o.updates.is_empty() => {
            let title = o.deal.as_ref().map_or_else(String::new, |d| made_name(d, name, words));
            let deal = o.deal.as_ref().map(|d| Arc::new(Deal { title: title.clone(), ..(**d).clone() }));
            let record = Article { common: bare(&o.common, title), deal, image: None, ..(**o).clone() };
            Entry::Deal(Arc::new(Article { corrections: Vec::new(), sponsor: None, ..record }))
        }
        Entry::Company(o) => {
            let names = names(&own, &[], &o.common.title, &o.names);
            Entry::Company(Arc::new(Company { common: bare(&o.common, own), names, ..(**o).clone() }))
        }
        Entry::Person(o) => {
            let names = names(&own, &[], &o.common.title, &o.names);
            Entry::Person(Arc::new(Person { common: bare(&o.common, own), names, posts: o.posts.clone() }))
        }
        _ => return None,
    })
}

/// The name of a deal that has none in a language: who takes part, and what happens.
fn made_name(deal: &Deal, name: &dyn Fn(&Who) -> String, words: &Locale) -> String {
    let names: Vec<String> = deal.parties.iter().take(3).map(|p| name(&p.who)).collect();
    let names = words.joined("enumeration", &names);
    words.with("deal-made-name", &[("names", (&names).into()), ("kind", words.kind(deal.kind).into())])
}

fn both(o: &Common, t: &Common, prefix: &str) -> Common {
    Common {
        id: o.id.clone(),
        legible: o.legible && t.legible,
        draft: o.draft || t.draft,
        // A translation does not come out before what it translates.
        embargo: o.embargo.max(t.embargo).max(o.date),
        expires: [o.expires, t.expires].into_iter().flatten().min(),
        date: t.date.or(o.date),
        aliases: below(&t.aliases, prefix),
        slug: t.slug.clone().or_else(|| o.slug.clone()),
        language: None,
        translation_of: None,
        extra: if t.extra.is_null() { o.extra.clone() } else { t.extra.clone() },
        ..t.clone()
    }
}

/// Old addresses below the language's own, as they stand in it.
fn below(aliases: &[String], prefix: &str) -> Vec<String> {
    aliases.iter().filter_map(|a| a.strip_prefix(prefix).filter(|a| a.starts_with('/')).map(str::to_owned)).collect()
}

fn article(o: &Article, t: &Article, mut common: Common) -> Article {
    let or = |theirs: &[crate::model::Id], own: &[crate::model::Id]| {
        if theirs.is_empty() { own.to_vec() } else { theirs.to_vec() }
    };
    // A picture is found beside its file.
    let is_beside = o.common.file.folder() == common.file.folder();
    let inherited = o.image.as_ref().filter(|_| t.image.is_none() && is_beside);
    common.files.extend(inherited.map(|i| i.src.strip_prefix("./").unwrap_or(&i.src).to_owned()));
    Article {
        date: common.date.unwrap_or(o.date),
        updated: t.updated.or(o.updated.filter(|_| t.common.date.is_none())),
        authors: or(&t.authors, &o.authors),
        deal: o.deal.as_ref().map(|d| Arc::new(reworded(d, common.title.clone(), &t.common.wording))),
        sources: o.sources.iter().map(|s| reworded_source(s, &t.common.wording)).collect(),
        corrections: if t.corrections.is_empty() { o.corrections.clone() } else { t.corrections.clone() },
        image: t.image.clone().or_else(|| inherited.cloned()),
        sponsor: t.sponsor.clone().or_else(|| o.sponsor.clone()),
        dateline: t.dateline.clone(),
        autolink: o.autolink && t.autolink,
        common,
        ..o.clone()
    }
}

/// The free texts of a deal's record.
fn texts(deal: &mut Deal) -> Vec<&mut String> {
    let mut texts: Vec<&mut String> =
        deal.steps.iter_mut().flat_map(|s| s.note.iter_mut().chain(&mut s.publisher)).collect();
    texts.extend(deal.components.iter_mut().filter_map(|c| c.what.as_mut()));
    let licence = deal.licence.as_mut().map(|l| [&mut l.scope, &mut l.term, &mut l.territory]);
    texts.extend(licence.into_iter().flatten().flatten());
    match &mut deal.value {
        Value::Sum { parts, .. } => texts.extend(parts.iter_mut().map(|p| &mut p.what)),
        Value::Royalty { per, .. } => texts.push(per),
        _ => {}
    }
    texts.push(&mut deal.title);
    texts
}

/// The free texts of an original's record that a translation can put into its language.
pub fn wordable(original: &Entry) -> Vec<String> {
    match original {
        Entry::Article(o) | Entry::Deal(o) => {
            let mut deal = o.deal.as_deref().cloned();
            let of_deal = deal.iter_mut().flat_map(texts).map(|t| t.clone());
            let of_sources = o.sources.iter().flat_map(|s| s.title.iter().chain([&s.publisher])).cloned();
            of_deal.chain(of_sources).collect()
        }
        Entry::Person(o) => o.posts.iter().map(|p| p.title.clone()).collect(),
        _ => Vec::new(),
    }
}

fn reword(text: &mut String, wording: &[(String, String)]) {
    if let Some((_, theirs)) = wording.iter().find(|(own, _)| own == text) {
        text.clone_from(theirs);
    }
}

/// The record with its free texts in another language. The deal is called as that says, or as the article is.
fn reworded(deal: &Deal, title: String, wording: &[(String, String)]) -> Deal {
    let mut theirs = deal.clone();
    for text in texts(&mut theirs) {
        reword(text, wording);
    }
    if theirs.title == deal.title {
        theirs.title = title;
    }
    theirs
}

fn reworded_source(source: &Source, wording: &[(String, String)]) -> Source {
    let mut theirs = source.clone();
    for text in theirs.title.iter_mut().chain([&mut theirs.publisher]) {
        reword(text, wording);
    }
    theirs
}

/// The other names of who is called `title` in a language.
fn names(title: &str, theirs: &[String], main: &str, others: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in theirs.iter().map(String::as_str).chain([main]).chain(others.iter().map(String::as_str)) {
        if name != title && !all.iter().any(|n| n == name) {
            all.push(name.to_owned());
        }
    }
    all
}
