//! Entries: what one file of `content/` says, typed. Cards only; bodies stay in their files.

use super::{Date, Deal, Id, Step};
use jiff::Timestamp;
use std::sync::Arc;

/// What every entry has.
#[derive(Clone, Debug, PartialEq)]
pub struct Common {
    /// The stem of the file.
    pub id: Id,
    /// Path of the file below the root.
    pub file: crate::diagnostic::FileId,
    /// Headline or name.
    pub title: String,
    /// One sentence about it.
    pub description: String,
    /// Whether everything that it has to have could be read. Else something stands in for it, so that what refers to it is
    /// not found fault with; the site is not built.
    pub legible: bool,
    /// Whether the editor holds it back.
    pub draft: bool,
    /// Hidden until then.
    pub embargo: Option<Timestamp>,
    /// Hidden from then on.
    pub expires: Option<Timestamp>,
    /// When an article appears; nothing else has one.
    pub date: Option<Timestamp>,
    /// Old URLs that lead here.
    pub aliases: Vec<String>,
    /// The last part of its URL, where it is not the id.
    pub slug: Option<String>,
    /// BCP 47, where it is not the site's.
    pub language: Option<String>,
    /// What it is a translation of: the id of a thing of its kind.
    pub translation_of: Option<Id>,
    /// Of a translation: texts of the original's record, and the same in its language.
    pub wording: Vec<(String, String)>,
    /// Free values for templates.
    pub extra: serde_json::Value,
    /// Where the body begins in the file, in bytes.
    pub body: usize,
    /// Files at or below its folder that the text or the front matter refers to, as relative paths, in order.
    pub files: Vec<String>,
}

/// Whether a text has the form of a language tag (BCP 47).
#[must_use]
pub fn is_language(text: &str) -> bool {
    let fits = |p: &str| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric());
    let first = text.split('-').next().unwrap_or_default();
    (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic()) && text.split('-').all(fits)
}

/// Who looks at the site, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audience {
    /// The edition's instant.
    pub as_of: Timestamp,
    /// Whether hidden things are shown.
    pub drafts: bool,
}

/// Why something is or is not on the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is there.
    Public,
    /// `draft: true`.
    Draft,
    /// Under embargo until then.
    Embargoed(Timestamp),
    /// Dated in the future.
    Scheduled(Timestamp),
    /// Gone since then.
    Expired(Timestamp),
}

impl Common {
    /// How it stands at an instant.
    #[must_use]
    pub fn standing(&self, as_of: Timestamp) -> Standing {
        match (self.draft, self.embargo, self.date, self.expires) {
            (true, ..) => Standing::Draft,
            (_, _, _, Some(t)) if t <= as_of => Standing::Expired(t),
            (_, Some(t), ..) if t > as_of => Standing::Embargoed(t),
            (_, _, Some(t), _) if t > as_of => Standing::Scheduled(t),
            _ => Standing::Public,
        }
    }

    /// The next instant after `as_of` at which it appears or vanishes by itself.
    #[must_use]
    pub fn next_change(&self, as_of: Timestamp) -> Option<Timestamp> {
        let is_public = |t: Timestamp| self.standing(t) == Standing::Public;
        let instants = [self.embargo, self.date, self.expires].into_iter().flatten();
        instants.filter(|t| *t > as_of && is_public(*t) != is_public(as_of)).min()
    }
}

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// The name by which the file refers to it.
    pub id: Id,
    /// `press_release`, `filing`, `report`, ...
    pub kind: String,
    /// Who published it.
    pub publisher: String,
    /// Its title.
    pub title: Option<String>,
    /// Its date.
    pub date: Option<Date>,
    /// Its address.
    pub url: Option<String>,
}

/// An article moves somebody else's deal on.
#[derive(Clone, Debug, PartialEq)]
pub struct Update {
    /// The deal.
    pub deal: Id,
    /// The step.
    pub step: Step,
}

/// A correction that was made to an article.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// When.
    pub date: Date,
    /// `correction`, `clarification` or `update`.
    pub kind: String,
    /// What was wrong.
    pub text: String,
}

/// The picture of an article.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// Beside the article's file.
    pub src: String,
    /// For those who do not see it.
    pub alt: String,
    /// Who made it.
    pub credit: Option<String>,
    /// What must be seen of it when it is cropped: percent from the left and from the top.
    pub focus: (u8, u8),
}

impl Image {
    /// The middle.
    pub const CENTRE: (u8, u8) = (50, 50);
}

/// Who paid for an article.
#[derive(Clone, Debug, PartialEq)]
pub struct Sponsor {
    /// The payer.
    pub name: String,
    /// The visible label.
    pub label: String,
}

/// A news article.
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    /// What every entry has.
    pub common: Common,
    /// When it appears.
    pub date: Timestamp,
    /// Its last significant change.
    pub updated: Option<Timestamp>,
    /// Ids of people.
    pub authors: Vec<Id>,
    /// Ids of tags.
    pub tags: Vec<Id>,
    /// Ids of threads.
    pub threads: Vec<Id>,
    /// Companies and people that the text names.
    pub mentions: Vec<Id>,
    /// Where its facts come from.
    pub sources: Vec<Source>,
    /// The deal it opens.
    pub deal: Option<Arc<Deal>>,
    /// Deals it reports on.
    pub covers: Vec<Id>,
    /// Deals it moves on.
    pub updates: Vec<Update>,
    /// The article it follows.
    pub follows: Option<Id>,
    /// Corrections, oldest first.
    pub corrections: Vec<Correction>,
    /// Its picture.
    pub image: Option<Image>,
    /// Who paid for it.
    pub sponsor: Option<Sponsor>,
    /// Where it was written.
    pub dateline: Option<String>,
    /// Whether names in it become links.
    pub autolink: bool,
}

/// A place where shares are traded.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    /// ISO 10383.
    pub mic: String,
    /// The symbol there.
    pub ticker: String,
}

/// A name that a company no longer has.
#[derive(Clone, Debug, PartialEq)]
pub struct FormerName {
    /// The name.
    pub name: String,
    /// Until when.
    pub until: Option<Date>,
}

/// A company.
#[derive(Clone, Debug, PartialEq)]
pub struct Company {
    /// What every entry has; the title is its name.
    pub common: Common,
    /// In full.
    pub legal_name: Option<String>,
    /// Other names, in any script.
    pub names: Vec<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Where it is traded.
    pub listings: Vec<Listing>,
    /// ISO 17442.
    pub lei: Option<String>,
    /// ISO 6166.
    pub isin: Option<String>,
    /// Q and digits.
    pub wikidata: Option<String>,
    /// The company that owns it.
    pub parent: Option<Id>,
    /// Its own site.
    pub website: Option<String>,
    /// Earlier names.
    pub former_names: Vec<FormerName>,
}

impl Company {
    /// One of which nothing but its name is known.
    #[must_use]
    pub fn named(common: Common) -> Self {
        Self {
            common,
            legal_name: None,
            names: Vec::new(),
            country: None,
            listings: Vec::new(),
            lei: None,
            isin: None,
            wikidata: None,
            parent: None,
            website: None,
            former_names: Vec::new(),
        }
    }
}

/// A post that a person held.
#[derive(Clone, Debug, PartialEq)]
pub struct Post {
    /// Where.
    pub company: Id,
    /// As what.
    pub title: String,
    /// Since when.
    pub from: Option<Date>,
    /// Until when.
    pub to: Option<Date>,
}

/// A person.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// What every entry has; the title is the name.
    pub common: Common,
    /// Other names.
    pub names: Vec<String>,
    /// Posts, in the order written.
    pub posts: Vec<Post>,
}

/// A tag of the controlled vocabulary.
#[derive(Clone, Debug, PartialEq)]
pub struct Tag {
    /// What every entry has.
    pub common: Common,
    /// Other words for it.
    pub synonyms: Vec<String>,
    /// The wider tag.
    pub parent: Option<Id>,
}

/// A running story.
#[derive(Clone, Debug, PartialEq)]
pub struct Thread {
    /// What every entry has.
    pub common: Common,
    /// The wider story.
    pub parent: Option<Id>,
}

/// A page such as "about".
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// What every entry has.
    pub common: Common,
}

/// What one file says.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// `content/articles/**.md`
    Article(Arc<Article>),
    /// `content/deals/*.md`: the record, with its tags, threads and sources.
    Deal(Arc<Article>),
    /// `content/companies/*.md`
    Company(Arc<Company>),
    /// `content/people/*.md`
    Person(Arc<Person>),
    /// `content/tags/*.md`
    Tag(Arc<Tag>),
    /// `content/threads/*.md`
    Thread(Arc<Thread>),
    /// `content/pages/**.md`
    Page(Arc<Page>),
}

impl Entry {
    /// What every entry has.
    #[must_use]
    pub fn common(&self) -> &Common {
        match self {
            Self::Article(e) | Self::Deal(e) => &e.common,
            Self::Company(e) => &e.common,
            Self::Person(e) => &e.common,
            Self::Tag(e) => &e.common,
            Self::Thread(e) => &e.common,
            Self::Page(e) => &e.common,
        }
    }
}

impl Article {
    /// The name of one of its corrections, by its place among them: of its day, and which of that day it is.
    #[must_use]
    pub fn correction_id(&self, place: usize) -> String {
        let Some(c) = self.corrections.get(place) else { return String::new() };
        let before = self.corrections[..place].iter().filter(|other| other.date == c.date).count();
        format!("correction-{}-{}", c.date.machine(), before + 1)
    }
}
