//! What a newsletter tells: deals and coverage of a period that no earlier one told. Prints nothing.

use super::shapes::{Card, Day, Tombstone, main_step};
use super::{Atlas, Page};
use crate::catalogue::Noun;
use crate::diagnostic::FileId;
use crate::model::{Article, Correction, Deal, Id};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;

/// The most corrections in a letter; the page of corrections has all.
const MOST_CORRECTIONS: usize = 10;

/// What earlier letters told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Articles.
    pub articles: BTreeSet<Id>,
    /// Deals.
    pub deals: BTreeSet<Id>,
    /// Corrections, by article and day.
    pub corrections: BTreeSet<String>,
}

/// A deal in a letter.
#[derive(Clone, Debug, Serialize)]
pub struct DealLine<'a> {
    /// Its whole address; that of the article where deals have no pages.
    pub address: String,
    /// Its card.
    #[serde(flatten)]
    pub deal: Tombstone<'a>,
    /// The file that it is written in.
    #[serde(skip)]
    pub file: &'a FileId,
    /// Whether it stays: what expires is told and leaves no trace in the archive.
    #[serde(skip)]
    pub stays: bool,
}

/// An article in a letter.
#[derive(Clone, Debug, Serialize)]
pub struct ArticleLine<'a> {
    /// The headline.
    pub title: &'a str,
    /// Its whole address.
    pub url: String,
    /// The standfirst.
    pub description: &'a str,
    /// When it appeared.
    pub date: Day,
    /// The label of a sponsored article.
    pub sponsor: Option<&'a str>,
    /// Its language, where that is not the site's.
    pub language: Option<&'a str>,
    /// Its file.
    #[serde(skip)]
    pub file: &'a FileId,
    /// Whether it stays, as for deals.
    #[serde(skip)]
    pub stays: bool,
}

/// Coverage that belongs together.
#[derive(Clone, Debug, Serialize)]
pub struct Group<'a> {
    /// The thread's title, or what the rest is called.
    pub title: String,
    /// The thread's whole address.
    pub url: Option<String>,
    /// Newest first.
    pub items: Vec<ArticleLine<'a>>,
}

/// A correction that was made in the period.
#[derive(Clone, Debug, Serialize)]
pub struct Corrected<'a> {
    /// What it is told by: the article's id and the day.
    #[serde(skip)]
    pub id: String,
    /// What it is.
    pub label: &'a str,
    /// The day.
    pub date: Day,
    /// What was wrong.
    pub text: &'a str,
    /// The article's headline.
    pub title: &'a str,
    /// Its whole address.
    pub url: String,
    /// Its file.
    #[serde(skip)]
    pub file: &'a FileId,
    /// Whether it stays, as for deals.
    #[serde(skip)]
    pub stays: bool,
}

/// A letter.
#[derive(Clone, Debug, Serialize)]
pub struct Letter<'a> {
    /// The site's name, what is in it by count, and of when.
    pub subject: String,
    /// The same without the name.
    pub headline: String,
    /// Before everything, from site.toml.
    pub intro: &'a str,
    /// Newest first.
    pub deals: Vec<DealLine<'a>>,
    /// By thread, the one with the newest article first; what is in no thread last.
    pub groups: Vec<Group<'a>>,
    /// Newest first.
    pub corrections: Vec<Corrected<'a>>,
    /// How many articles and deals are left out for want of room.
    pub more: usize,
    /// Address of the front page.
    pub home: String,
    /// The site's name.
    pub site: &'a str,
    /// BCP 47.
    pub language: &'a str,
    /// Where readers say that they want no more of it.
    pub unsubscribe: Option<&'a str>,
    /// The articles in it, by id.
    #[serde(skip)]
    pub articles: Vec<&'a Id>,
    /// The deals in it, by id.
    #[serde(skip)]
    pub told: Vec<&'a Id>,
}

impl Letter<'_> {
    /// How many articles and deals are listed.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.deals.len() + self.groups.iter().map(|g| g.items.len()).sum::<usize>()
    }

    /// The same with so many lines at most, deals first; the others are counted.
    #[must_use]
    pub fn shortened(&self, most: usize) -> Self {
        let mut short = self.clone();
        short.deals.truncate(most);
        let mut left = most - short.deals.len();
        for group in &mut short.groups {
            group.items.truncate(left);
            left -= group.items.len();
        }
        short.groups.retain(|g| !g.items.is_empty());
        short.more = self.lines() - short.lines();
        short
    }
}

impl<'a> Atlas<'a> {
    /// The letter of what appeared at an instant or after it; nothing where there is nothing new.
    #[must_use]
    pub fn letter(&self, since: Timestamp, before: &Told) -> Option<Letter<'a>> {
        let c = self.catalogue;
        // One whose embargo was lifted later than its date appeared then.
        let appeared = |a: &Article| a.common.embargo.map_or(a.date, |lifted| lifted.max(a.date));
        let news = c.lists().news.iter().rev().filter(|k| !before.articles.contains(&k.1));
        let news = news.filter_map(|k| c.article(&k.1)).map(|a| &**a);
        let articles: Vec<&'a Article> = news.filter(|a| appeared(a) >= since).collect();
        let day = |t: Timestamp| self.site.zone.to_datetime(t).date();
        let opened: BTreeSet<&Id> = articles.iter().filter(|a| a.deal.is_some()).map(|a| &a.common.id).collect();
        // A deal that no article opens is of the time at which it was announced, which may be a month. Without pages of
        // deals there is nothing to read of it.
        let is_late = |d: &Deal| main_step(d).is_some_and(|s| s.date.last() >= day(since));
        let is_new = |d: &Deal| match c.article(&d.id) {
            Some(_) => opened.contains(&d.id),
            None => self.site.outputs.deals && is_late(d),
        };
        let deals = c.lists().deals.iter().rev().filter(|d| !before.deals.contains(&d.1));
        let deals: Vec<_> = deals.filter_map(|d| c.deal(&d.1)).filter(|d| is_new(d)).collect();
        if articles.is_empty() && deals.is_empty() {
            return None;
        }
        let days = articles.iter().map(|a| day(a.date));
        let (first, last) = (days.clone().min().unwrap_or(day(since)), days.max().unwrap_or(day(c.audience().as_of)));
        let headline = self.letter_headline(articles.len(), deals.len(), first, last);
        let named = [("site", (&self.site.title).into()), ("headline", (&headline).into())];
        let deal_line = |d: &'a Deal| {
            let id = d.id.clone();
            let page = if self.site.outputs.deals { Page::Deal(id) } else { Page::Article(id) };
            let common = c.known(Noun::Article, &d.id)?.common();
            let (file, stays) = (&common.file, common.expires.is_none());
            Some(DealLine { address: self.address(&page), deal: self.fresh_tombstone(d), file, stays })
        };
        let letter = &self.site.newsletter;
        Some(Letter {
            subject: self.words.with("letter-subject", &named),
            headline,
            intro: &letter.intro,
            told: deals.iter().map(|d| &d.id).collect(),
            deals: deals.iter().filter_map(|d| deal_line(d)).collect(),
            groups: self.letter_groups(&articles),
            corrections: self.letter_corrections(since, &before.corrections),
            more: 0,
            home: self.address(&Page::Home),
            site: &self.site.title,
            language: &self.site.language,
            unsubscribe: letter.unsubscribe.as_deref(),
            articles: articles.iter().map(|a| &a.common.id).collect(),
        })
    }

    fn letter_headline(
        &self,
        articles: usize,
        deals: usize,
        first: jiff::civil::Date,
        last: jiff::civil::Date,
    ) -> String {
        let count = |key: &str, n: usize| self.words.with(key, &[("n", n.into())]);
        let (a, b) = (count("letter-articles", articles), count("letter-deals", deals));
        let counted = match (articles, deals) {
            (_, 0) => a,
            (0, _) => b,
            _ => self.words.with("letter-and", &[("one", (&a).into()), ("other", (&b).into())]),
        };
        let (from, to) = (self.words.day(first), self.words.day(last));
        let period = if first == last {
            to
        } else {
            self.words.with("letter-period", &[("from", (&from).into()), ("to", (&to).into())])
        };
        let headline =
            self.words.with("letter-headline", &[("counted", (&counted).into()), ("period", (&period).into())]);
        // Subjects and terminals break no lines.
        headline.replace('\u{a0}', " ")
    }

    fn letter_groups(&self, articles: &[&'a Article]) -> Vec<Group<'a>> {
        let mut groups: Vec<(Option<&Id>, Group<'a>)> = Vec::new();
        for a in articles {
            let thread = a.threads.iter().find(|t| self.link(Noun::Thread, t).is_some());
            let card: Card<'a> = self.fresh_card(a);
            let line = ArticleLine {
                title: card.title,
                url: self.address(&Page::Article(a.common.id.clone())),
                description: card.description,
                date: card.date,
                sponsor: card.sponsor,
                language: a.common.language.as_deref(),
                file: &a.common.file,
                stays: a.common.expires.is_none(),
            };
            if let Some((_, group)) = groups.iter_mut().find(|g| g.0 == thread) {
                group.items.push(line);
                continue;
            }
            let known = thread.and_then(|t| self.link(Noun::Thread, t));
            let page = thread.and_then(|t| self.page_of(Noun::Thread, t));
            let title = known.map_or_else(|| self.words.text("letter-rest").to_owned(), |l| l.title.to_owned());
            groups.push((thread, Group { title, url: page.map(|p| self.address(&p)), items: vec![line] }));
        }
        groups.sort_by_key(|g| g.0.is_none());
        if let [(None, only)] = groups.as_mut_slice() {
            self.words.text("coverage").clone_into(&mut only.title);
        }
        groups.into_iter().map(|g| g.1).collect()
    }

    fn letter_corrections(&self, since: Timestamp, before: &BTreeSet<String>) -> Vec<Corrected<'a>> {
        let day = |t: Timestamp| self.site.zone.to_datetime(t).date();
        let (since, until) = (day(since), day(self.catalogue.audience().as_of));
        let line = |(article, c, _): (&'a Article, &'a Correction, usize)| Corrected {
            id: format!("{} {}", article.common.id, self.day(c.date).iso),
            label: self.words.text(&c.kind),
            date: self.day(c.date),
            text: &c.text,
            title: &article.common.title,
            url: self.address(&Page::Article(article.common.id.clone())),
            file: &article.common.file,
            stays: article.common.expires.is_none(),
        };
        self.corrections()
            .filter(|c| (since..=until).contains(&c.1.date.last()))
            .map(line)
            .filter(|c| !before.contains(&c.id))
            .take(MOST_CORRECTIONS)
            .collect()
    }
}
