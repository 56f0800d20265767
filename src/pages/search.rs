//! What can be searched for, a year at a time, and the files that hold it. Prints nothing.

use super::shapes::{Counted, Crumb, Day, main_step, script_of};
use super::view::{Document, Subject, Values};
use super::{Atlas, Page, Sheet};
use crate::catalogue::Noun;
use crate::model::{Article, Common, Deal, Entry, Id, Kind};
use jiff::civil::Date;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

/// Which part of the site is searched on its own: an edit of one leaves the files of the others as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shard {
    /// Articles and deals of a year.
    Year(i16),
    /// Companies, people, tags and threads.
    Things,
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(y) => write!(f, "{y:04}"),
            Self::Things => f.write_str("things"),
        }
    }
}

/// A file of a shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// By what its finds can be chosen.
    Facets,
    /// What is shown of some of them, from 0.
    Records(usize),
    /// In which of them the words occur that begin with some letters, from 0.
    Words(usize),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Facets => f.write_str("facets.json"),
            Self::Records(n) => write!(f, "records-{n}.json"),
            Self::Words(n) => write!(f, "words-{n}.json"),
        }
    }
}

/// Finds in one file of records.
pub const RECORDS: usize = 50;
/// About so many finds for each file of words; a query loads one such file for each of its words.
const PER_PIECE: usize = 16;
/// Files of words of a shard at most.
const PIECES: usize = 128;
/// Topics, and companies, on the page of search.
const LINES: usize = 60;
/// Words that say nothing alone: neither kept nor looked for.
pub const COMMON: &str =
    "a an and are as at be but by for from has have in into is it its of on or that the this to was were will with";

/// How many files the words of a shard are in.
#[must_use]
pub fn pieces(finds: usize) -> usize {
    (finds / PER_PIECE).next_power_of_two().min(PIECES)
}

/// Something that can be found.
#[derive(Clone, Debug)]
pub struct Find<'a> {
    /// `article`, `deal`, `company`, `person`, `tag` or `thread`, and the same for readers.
    pub what: (&'static str, &'a str),
    /// Headline or name.
    pub title: &'a str,
    /// Its path.
    pub path: String,
    /// One sentence.
    pub about: Cow<'a, str>,
    /// When.
    pub day: Option<(Date, Day)>,
    /// BCP 47, where it is not the site's.
    pub language: Option<&'a str>,
    /// Names by which it is known or which belong to it.
    pub names: Vec<&'a str>,
    /// Its topics: id and name.
    pub tags: Vec<(&'a str, &'a str)>,
    /// Companies it speaks of: id and name.
    pub companies: Vec<(&'a str, &'a str)>,
    /// What happens in it: the word of front matter, and the same for readers.
    pub kind: Option<(&'static str, &'a str)>,
    /// Whose text it has.
    pub text: Option<&'a Common>,
}

/// Everything of a shard, the oldest first: what is new comes last, and leaves the places of the others as they are.
#[derive(Clone, Debug)]
pub struct Finds<'a> {
    /// In their order.
    pub all: Vec<Find<'a>>,
    /// How many files their words are in.
    pub pieces: usize,
}

/// What `search.html` gets.
#[derive(Clone, Debug, Serialize)]
pub struct SearchPage<'a> {
    title: &'a str,
    index: String,
    topics: Vec<Counted<'a>>,
    companies: Vec<Counted<'a>>,
    all_topics: Option<String>,
    all_companies: Option<String>,
}

const THINGS: [(Noun, (&str, &str)); 4] = [
    (Noun::Company, ("company", "company")),
    (Noun::Person, ("person", "person")),
    (Noun::Tag, ("tag", "topic")),
    (Noun::Thread, ("thread", "story")),
];

impl<'a> Atlas<'a> {
    /// Every shard.
    #[must_use]
    pub fn shards(&self) -> Vec<Shard> {
        if !self.site.outputs.search {
            return Vec::new();
        }
        let l = self.catalogue.lists();
        let deals = l.deals_by_year.keys().filter(|_| self.site.outputs.deals).copied();
        let years: BTreeSet<i16> = l.by_month.keys().map(|m| m.0).chain(deals).collect();
        let all = years.into_iter().map(Shard::Year).chain([Shard::Things]);
        all.filter(|s| self.found_in(*s) > 0).collect()
    }

    /// How many finds a shard has.
    fn found_in(&self, shard: Shard) -> usize {
        let l = self.catalogue.lists();
        match shard {
            Shard::Year(y) => {
                let news: usize = l.by_month.range((y, i8::MIN)..=(y, i8::MAX)).map(|m| m.1.len()).sum();
                let deals = l.deals_by_year.get(&y).filter(|_| self.site.outputs.deals).map_or(0, |keys| keys.len());
                news + deals
            }
            Shard::Things => {
                THINGS.iter().filter(|t| self.makes(t.0)).map(|t| self.catalogue.public(t.0).count()).sum()
            }
        }
    }

    /// The files of a shard.
    #[must_use]
    pub fn parts(&self, shard: Shard) -> Vec<Part> {
        let found = self.found_in(shard);
        let records = (0..found.div_ceil(RECORDS)).map(Part::Records);
        std::iter::once(Part::Facets).chain(records).chain((0..pieces(found)).map(Part::Words)).collect()
    }

    /// Whether a shard has a file.
    pub(super) fn has_part(&self, shard: Shard, part: Part) -> bool {
        let found = if self.site.outputs.search { self.found_in(shard) } else { 0 };
        found > 0
            && match part {
                Part::Facets => true,
                Part::Records(n) => n < found.div_ceil(RECORDS),
                Part::Words(n) => n < pieces(found),
            }
    }

    /// The files that a path below `/search/` can mean.
    pub(super) fn search_file_at(shard: &str, file: &str) -> Option<Page> {
        let year = || super::route::year(shard).map(Shard::Year);
        let shard = if shard == "things" { Shard::Things } else { year()? };
        let numbered = |of: fn(usize) -> Part, name: &str| {
            let n = file.strip_prefix(name)?.strip_suffix(".json")?;
            n.parse().ok().map(of).filter(|p| p.to_string() == file)
        };
        let part = match file {
            "facets.json" => Some(Part::Facets),
            _ => numbered(Part::Records, "records-").or_else(|| numbered(Part::Words, "words-")),
        };
        part.map(|p| Page::SearchFile(shard, p))
    }

    /// What a shard holds.
    #[must_use]
    pub fn finds(&self, shard: Shard) -> Finds<'a> {
        let (c, l) = (self.catalogue, self.catalogue.lists());
        let all: Vec<Find<'a>> = match shard {
            Shard::Year(y) => {
                let news = l.by_month.range((y, i8::MIN)..=(y, i8::MAX)).flat_map(|m| m.1);
                let news = news.filter_map(|k| c.article(&k.1)).map(|a| self.find_article(a));
                let deals = l.deals_by_year.get(&y).filter(|_| self.site.outputs.deals).into_iter().flatten();
                let deals = deals.filter_map(|k| Some((k.0, c.deal(&k.1)?)));
                let mut all: Vec<_> = news.chain(deals.filter_map(|(day, d)| self.find_deal(d, day))).collect();
                all.sort_by_key(|f| f.day.as_ref().map(|d| d.0));
                all
            }
            Shard::Things => {
                let made = THINGS.iter().filter(|t| self.makes(t.0));
                made.flat_map(|(noun, what)| c.public(*noun).map(move |e| (*noun, *what, e)))
                    .map(|(noun, what, entry)| self.find_thing(noun, what, entry))
                    .collect()
            }
        };
        Finds { pieces: pieces(all.len()), all }
    }

    fn find_article(&self, a: &'a Article) -> Find<'a> {
        let reported = a.covers.iter().chain(a.updates.iter().map(|u| &u.deal));
        let deals = a.deal.iter().chain(reported.filter_map(|id| self.catalogue.deal(id)));
        let (mut companies, mut people): (Vec<&'a Id>, Vec<&'a Id>) = (Vec::new(), Vec::new());
        for deal in deals {
            companies.extend(deal.companies());
            people.extend(deal.people());
        }
        // A mention is of a company or of a person: who is none of the two has no name there.
        companies.extend(&a.mentions);
        people.extend(a.mentions.iter().chain(&a.authors));
        Find {
            what: ("article", self.words.text("find-article")),
            title: &a.common.title,
            path: self.path(&Page::Article(a.common.id.clone())),
            about: a.common.description.as_str().into(),
            day: Some((self.site.zone.to_datetime(a.date).date(), self.day_in(a.date))),
            language: a.common.language.as_deref(),
            names: self.names_of(&companies, &people, &a.tags),
            tags: self.named_things(Noun::Tag, &a.tags.iter().collect::<Vec<_>>()),
            companies: self.named_things(Noun::Company, &companies),
            kind: a.deal.as_ref().map(|d| self.kind_of(d.kind)),
            text: Some(&a.common),
        }
    }

    fn find_deal(&self, deal: &'a Deal, day: Date) -> Option<Find<'a>> {
        let opener = self.catalogue.opener(&deal.id)?;
        let is_own = matches!(self.public(Noun::Article, &deal.id), Some(Entry::Deal(_)));
        let companies: Vec<&'a Id> = deal.companies().collect();
        let people: Vec<&'a Id> = deal.people().collect();
        let value = self.words.value(&deal.value);
        let about = [
            ("kind", self.words.kind(deal.kind).into()),
            ("state", self.words.state(self.state(deal)).into()),
            ("value", (&value).into()),
        ];
        let about = self.words.with("find-about-deal", &about);
        Some(Find {
            what: ("deal", self.words.text("find-deal")),
            title: &deal.title,
            path: self.path(&Page::Deal(deal.id.clone())),
            about: about.into(),
            day: main_step(deal).map(|s| (day, self.day(s.date))),
            language: None,
            names: self.names_of(&companies, &people, &opener.tags),
            tags: self.named_things(Noun::Tag, &opener.tags.iter().collect::<Vec<_>>()),
            companies: self.named_things(Noun::Company, &companies),
            kind: Some(self.kind_of(deal.kind)),
            text: is_own.then_some(&opener.common),
        })
    }

    fn find_thing(&self, noun: Noun, what: (&'static str, &str), entry: &'a Entry) -> Find<'a> {
        let c = entry.common();
        let own = [&c.id];
        let (mut tags, mut companies, mut names) = (Vec::new(), Vec::new(), Vec::new());
        match entry {
            Entry::Company(company) => {
                companies = self.named_things(Noun::Company, &own);
                names.extend(names_of_company(company));
                names.extend(company.former_names.iter().map(|f| f.name.as_str()));
                names.extend(company.listings.iter().map(|x| x.ticker.as_str()));
            }
            Entry::Person(person) => {
                let at: Vec<&Id> = person.posts.iter().map(|p| &p.company).collect();
                companies = self.named_things(Noun::Company, &at);
                names.extend(person.names.iter().map(String::as_str));
                names.extend(person.posts.iter().map(|p| p.title.as_str()));
                names.extend(companies.iter().map(|x| x.1));
            }
            Entry::Tag(tag) => {
                tags = self.named_things(Noun::Tag, &own);
                names.extend(tag.synonyms.iter().map(String::as_str));
            }
            _ => {}
        }
        Find {
            what: (what.0, self.words.text(what.1)),
            title: &c.title,
            path: self.path(&Page::Thing(noun, c.id.clone(), Sheet::HEAD)),
            about: c.description.as_str().into(),
            day: None,
            language: c.language.as_deref().or_else(|| script_of(&c.title)),
            names,
            tags,
            companies,
            kind: None,
            text: Some(c),
        }
    }

    /// Ids and names of what is public, each once.
    fn named_things(&self, noun: Noun, ids: &[&'a Id]) -> Vec<(&'a str, &'a str)> {
        let ids: BTreeSet<&'a Id> = ids.iter().copied().collect();
        let named =
            ids.into_iter().filter_map(|id| Some((id.as_str(), self.public(noun, id)?.common().title.as_str())));
        named.collect()
    }

    /// Every name of companies and people, in all scripts, and the names of topics.
    fn names_of(&self, companies: &[&'a Id], people: &[&'a Id], tags: &'a [Id]) -> Vec<&'a str> {
        let c = self.catalogue;
        let companies: BTreeSet<&Id> = companies.iter().copied().collect();
        let people: BTreeSet<&Id> = people.iter().copied().collect();
        let mut names: Vec<&'a str> = Vec::new();
        for company in companies.into_iter().filter_map(|id| c.company(id)) {
            names.push(&company.common.title);
            names.extend(names_of_company(company));
        }
        for person in people.into_iter().filter_map(|id| c.person(id)) {
            names.push(&person.common.title);
            names.extend(person.names.iter().map(String::as_str));
        }
        names.extend(tags.iter().filter_map(|id| c.tag(id)).map(|t| t.common.title.as_str()));
        names
    }

    pub(super) fn search_page(&self, page: &Page) -> Option<Document<'a>> {
        let title = self.words.text("search");
        if !self.site.outputs.search {
            return None;
        }
        let description = self.words.with("search-described", &[("site", (&self.site.title).into())]);
        let mut head = self.head(page, "search", title, description);
        head.subject = Subject::Plain;
        head.trail.push(Crumb { title: title.into(), url: Some(head.path.clone().into()) });
        let shards = self.shards().into_iter().map(|s| {
            let found = self.found_in(s);
            serde_json::json!([s.to_string(), pieces(found)])
        });
        let index = serde_json::json!({
            "path": head.path, "common": COMMON, "records": RECORDS, "shards": shards.collect::<Vec<_>>(),
            "words": self.search_words(),
        });
        let all = |noun| self.makes(noun).then(|| self.path(&Page::Index(noun, Sheet::HEAD)));
        let values = SearchPage {
            title,
            index: index.to_string(),
            topics: self.most_covered(Noun::Tag),
            companies: self.most_covered(Noun::Company),
            all_topics: all(Noun::Tag),
            all_companies: all(Noun::Company),
        };
        Some(Document { template: "search.html", head, body: None, values: Values::Search(Box::new(values)) })
    }

    /// The words of `search.js`.
    fn search_words(&self) -> serde_json::Value {
        let w = self.words;
        let facets = ["facet-type", "topic", "company", "facet-kind", "year"];
        serde_json::json!({
            "search": w.text("search-this-site"), "for": w.text("search-for"), "clear": w.text("search-clear"),
            "keys": w.text("search-keys"), "results": w.text("search-results"), "more": w.text("search-more"),
            "all": w.text("search-all"), "everywhere": w.text("search-everywhere"), "busy": w.text("search-busy"),
            "failed": w.text("search-failed"), "found": w.forms("search-found", &[]), "none": w.text("search-found-none"),
            "facets": facets.map(|key| w.text(key)),
        })
    }

    fn kind_of(&self, kind: Kind) -> (&'static str, &'a str) {
        (kind.word(), self.words.kind(kind))
    }

    /// Things that most articles speak of, in alphabetical order.
    fn most_covered(&self, noun: Noun) -> Vec<Counted<'a>> {
        let entries = self.catalogue.public(noun).filter(|_| self.makes(noun));
        let count = |id: &Id| self.coverage(noun, id).map_or(0, |keys| keys.len());
        let mut all: Vec<(usize, &'a Common)> = entries.map(|e| (count(&e.common().id), e.common())).collect();
        all.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
        all.truncate(LINES);
        all.sort_by_cached_key(|x| (crate::model::slug(&x.1.title), x.1.id.clone()));
        all.into_iter().map(|(count, c)| Counted { title: &c.title, url: self.url_of(noun, &c.id), count }).collect()
    }
}

fn names_of_company(company: &crate::model::Company) -> impl Iterator<Item = &str> {
    company.names.iter().chain(&company.legal_name).map(String::as_str)
}
