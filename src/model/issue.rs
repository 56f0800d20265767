//! The newsletters that were made: when, of which time, and what each held. Knows nothing of how one looks.

use super::Id;
use crate::diagnostic::Span;
use jiff::{Timestamp, civil};
use std::collections::BTreeMap;
use std::fmt;

/// The name of a newsletter in addresses and files: its day in the site's zone, and which of that day it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IssueName {
    day: civil::Date,
    number: u32,
}

impl IssueName {
    /// The `number`th of a day, from 1.
    #[must_use]
    pub const fn new(day: civil::Date, number: u32) -> Self {
        Self { day, number }
    }

    /// Reads `2017-07-08`, or `2017-07-08-2` for the second of that day; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let name = match text.get(10..) {
            Some("") => Self::new(text.parse().ok()?, 1),
            Some(rest) => Self::new(text.get(..10)?.parse().ok()?, rest.strip_prefix('-')?.parse().ok()?),
            None => return None,
        };
        (name.to_string() == text).then_some(name)
    }

    /// Its day.
    #[must_use]
    pub const fn day(self) -> civil::Date {
        self.day
    }

    /// The next one of the same day.
    #[must_use]
    pub const fn next(self) -> Self {
        Self { day: self.day, number: self.number + 1 }
    }
}

impl fmt::Display for IssueName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            0 | 1 => write!(f, "{}", self.day),
            n => write!(f, "{}-{n}", self.day),
        }
    }
}

/// One thing that a newsletter holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sent {
    /// An article.
    Article(Id),
    /// A deal.
    Deal(Id),
    /// A correction: the article, and the correction's name on its page.
    Correction(Id, String),
}

impl fmt::Display for Sent {
    /// As newsletters.toml has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Article(id) | Self::Deal(id) => write!(f, "{id}"),
            Self::Correction(id, name) => write!(f, "{id}#{name}"),
        }
    }
}

/// A newsletter that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// What it is called.
    pub name: IssueName,
    /// When it was made: it holds what was public then.
    pub sent: Timestamp,
    /// When its period begins.
    pub since: Timestamp,
    /// Its articles, newest first.
    pub articles: Vec<Id>,
    /// Its deals, newest first.
    pub deals: Vec<Id>,
    /// Its corrections, newest first: articles, and the names of the corrections on their pages.
    pub corrections: Vec<(Id, String)>,
}

impl Issue {
    /// Everything it holds.
    pub fn items(&self) -> impl Iterator<Item = Sent> {
        let articles = self.articles.iter().cloned().map(Sent::Article);
        let deals = self.deals.iter().cloned().map(Sent::Deal);
        let corrections = self.corrections.iter().cloned().map(|(id, name)| Sent::Correction(id, name));
        articles.chain(deals).chain(corrections)
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty() && self.deals.is_empty() && self.corrections.is_empty()
    }
}

/// Every newsletter that was made, oldest first. Nothing is in two of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Issues {
    all: Vec<Issue>,
    places: BTreeMap<Sent, Span>,
}

impl Issues {
    /// Takes in the next newsletter, with where the file names each of its things.
    ///
    /// # Errors
    /// The first thing that an earlier one holds, with the place there; then nothing is taken in.
    pub fn add(&mut self, issue: Issue, places: &[(Sent, Span)]) -> Result<(), (Sent, Span)> {
        let mut fresh = BTreeMap::new();
        for (item, place) in places {
            let before = self.places.get(item).copied().or_else(|| fresh.insert(item.clone(), *place));
            if let Some(before) = before {
                return Err((item.clone(), before));
            }
        }
        self.places.extend(fresh);
        self.all.push(issue);
        Ok(())
    }

    /// All, oldest first.
    #[must_use]
    pub fn all(&self) -> &[Issue] {
        &self.all
    }

    /// One by its name.
    #[must_use]
    pub fn of(&self, name: IssueName) -> Option<&Issue> {
        self.all.iter().find(|issue| issue.name == name)
    }

    /// Whether a newsletter holds a thing.
    #[must_use]
    pub fn holds(&self, item: &Sent) -> bool {
        self.places.contains_key(item)
    }

    /// Everything that newsletters hold, with where the file names it.
    pub fn places(&self) -> impl Iterator<Item = (&Sent, Span)> {
        self.places.iter().map(|(item, place)| (item, *place))
    }

    /// The name of one that is made at an instant of this day.
    #[must_use]
    pub fn next_name(&self, day: civil::Date) -> IssueName {
        let last = self.all.iter().rev().map(|i| i.name).find(|name| name.day() == day);
        last.map_or(IssueName::new(day, 1), IssueName::next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_spelling() {
        for text in ["2017-07-08", "2017-07-08-2", "2017-07-08-17"] {
            assert_eq!(IssueName::parse(text).map(|n| n.to_string()).as_deref(), Some(text));
        }
        for text in
            ["", "2017-07", "2017-07-08-", "2017-07-08-1", "2017-07-08-02", "2017-07-08-0", "2017-07-32", "日日日日"]
        {
            assert_eq!(IssueName::parse(text), None, "{text}");
        }
    }
}
