//! Feeds: which there are, and the newest entries of each. Prints nothing.

use super::view::FeedLink;
use super::{Atlas, Page, Sheet};
use crate::catalogue::{Key, Noun, Sorted};
use crate::model::{Article, Correction, Id};

/// What a feed carries.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// Everything.
    Site,
    /// What speaks of one thing.
    Of(Noun, Id),
    /// What has both of two tags, in order of their ids.
    Pair(Id, Id),
    /// What was wrong.
    Corrections,
}

/// How a feed is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Syntax {
    /// Atom (RFC 4287).
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl Syntax {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Atom, Self::Json];

    /// The file's name.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::Atom => "feed.xml",
            Self::Json => "feed.json",
        }
    }
}

/// Entries of a feed.
const ENTRIES: usize = 20;

/// An entry: an article, or what was wrong in one.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// The article.
    pub article: &'a Article,
    /// What was wrong, and its place among the article's corrections.
    pub correction: Option<(&'a Correction, usize)>,
}

/// A feed to be written.
#[derive(Clone, Debug)]
pub struct FeedView<'a> {
    /// How.
    pub syntax: Syntax,
    /// Its title.
    pub title: String,
    /// Its own address.
    pub address: String,
    /// What it is known by, however it is written: the address of its Atom form.
    pub name: String,
    /// The page it belongs to.
    pub alternate: String,
    /// The newest entries, newest first.
    pub items: Vec<Item<'a>>,
}

impl<'a> Atlas<'a> {
    /// Every feed.
    #[must_use]
    pub fn feeds(&self) -> Vec<Channel> {
        let mut feeds = vec![Channel::Site];
        if !self.site.outputs.feeds {
            return feeds;
        }
        if self.site.outputs.corrections {
            feeds.push(Channel::Corrections);
        }
        for noun in [Noun::Company, Noun::Person, Noun::Tag, Noun::Thread] {
            if self.makes(noun) {
                feeds.extend(self.catalogue.public(noun).map(|e| Channel::Of(noun, e.common().id.clone())));
            }
        }
        feeds.extend(self.pairs().map(|(a, b)| Channel::Pair(a.clone(), b.clone())));
        feeds
    }

    /// Whether a feed is part of this edition.
    #[must_use]
    pub fn has_feed(&self, channel: &Channel) -> bool {
        let o = &self.site.outputs;
        match channel {
            Channel::Site => true,
            Channel::Corrections => o.feeds && o.corrections,
            Channel::Of(noun, id) => o.feeds && self.has_page(*noun, id),
            Channel::Pair(a, b) => o.feeds && self.has_pair(a, b),
        }
    }

    /// The title of a feed and the page it belongs to.
    #[must_use]
    pub fn channel(&self, channel: &Channel) -> Option<(String, Page)> {
        let site = &self.site.title;
        let named = |name: &str| format!("{name} — {site}");
        Some(match channel {
            Channel::Site => (site.clone(), Page::Home),
            Channel::Corrections => (named(self.words.text("corrections")), Page::Corrections(Sheet::HEAD)),
            Channel::Of(noun, id) => {
                let name = &self.catalogue.public_entry(*noun, id)?.common().title;
                (named(name), self.page_of(*noun, id)?)
            }
            Channel::Pair(a, b) => (named(&self.pair_title(a, b)?), Page::Pair(a.clone(), b.clone(), Sheet::HEAD)),
        })
    }

    /// The feed of a page, where feeds are made.
    pub(super) fn feed_link(&self, channel: &Channel) -> Option<FeedLink> {
        let (title, _) = self.has_feed(channel).then(|| self.channel(channel)).flatten()?;
        let at = |syntax| self.path(&Page::Feed(channel.clone(), syntax));
        Some(FeedLink { title, path: at(Syntax::Atom), json: at(Syntax::Json) })
    }

    /// The feed of a thing, where feeds are made.
    pub(super) fn feed_of(&self, noun: Noun, id: &Id) -> Option<FeedLink> {
        self.feed_link(&Channel::Of(noun, id.clone()))
    }

    fn listed(&self, channel: &Channel) -> Option<&'a Sorted<Key>> {
        let l = self.catalogue.lists();
        match channel {
            Channel::Site => Some(&l.news),
            Channel::Of(Noun::Person, id) if !l.by_author.contains_key(id) => l.by_person.get(id),
            Channel::Of(noun, id) => self.coverage(*noun, id),
            Channel::Pair(a, b) => l.by_pair.get(&(a.clone(), b.clone())),
            Channel::Corrections => None,
        }
    }

    pub(super) fn feed(&self, page: &Page, channel: &Channel, syntax: Syntax) -> Option<FeedView<'a>> {
        let (title, alternate) = self.channel(channel)?;
        let sold = |a: &&'a Article| *channel != Channel::Site || a.sponsor.is_none();
        let items = if *channel == Channel::Corrections {
            self.corrections().take(ENTRIES).map(|(article, c, n)| Item { article, correction: Some((c, n)) }).collect()
        } else {
            let newest = self.listed(channel).into_iter().flatten().rev();
            let articles = newest.filter_map(|k| self.catalogue.article(&k.1)).map(AsRef::as_ref).filter(sold);
            articles.take(ENTRIES).map(|article| Item { article, correction: None }).collect()
        };
        let name = self.address(&Page::Feed(channel.clone(), Syntax::Atom));
        Some(FeedView { syntax, title, address: self.address(page), name, alternate: self.address(&alternate), items })
    }
}
