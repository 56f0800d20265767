//! What a newsletter shows of what it holds: what is public now, grouped and bounded. Prints nothing.

use super::corrections::Line;
use super::ready::Shown;
use super::shapes::{Card, Day, Link, Tombstone};
use super::{Atlas, Page};
use crate::catalogue::Noun;
use crate::model::{Article, Deal, Id, Issue};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Most items of each part that one newsletter shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Most {
    /// Deals.
    pub deals: usize,
    /// Articles.
    pub articles: usize,
    /// Corrections.
    pub corrections: usize,
}

impl Most {
    /// Of a page of the site.
    pub const PAGE: Self = Self { deals: 500, articles: 500, corrections: 500 };
    /// Of a mail, before it is known how long that is.
    pub const MAIL: Self = Self { deals: 60, articles: 120, corrections: 40 };

    /// A quarter less of everything; `None` where nothing is left already.
    #[must_use]
    pub fn fewer(self) -> Option<Self> {
        let less = |n: usize| n * 3 / 4;
        let fewer =
            Self { deals: less(self.deals), articles: less(self.articles), corrections: less(self.corrections) };
        (fewer != self).then_some(fewer)
    }
}

/// A deal, and whether the article that opens it was corrected.
#[derive(Clone, Debug, Serialize)]
struct DealItem<'a> {
    deal: Shown<'a, Tombstone<'a>>,
    corrected: bool,
}

/// Articles of one story, or those of none.
#[derive(Clone, Debug, Serialize)]
struct Group<'a> {
    title: &'a str,
    url: Option<Cow<'a, str>>,
    items: Vec<Shown<'a, Card<'a>>>,
}

/// What `newsletter.html`, `newsletter.mjml` and `newsletter.txt` get.
#[derive(Clone, Debug, Serialize)]
pub struct Letter<'a> {
    title: String,
    counts: String,
    period: String,
    sent: Day,
    /// Where it stands on the site: a path.
    url: Option<String>,
    intro: Option<&'a str>,
    deals: Vec<DealItem<'a>>,
    more_deals: usize,
    groups: Vec<Group<'a>>,
    more_articles: usize,
    corrections: Vec<Line<'a>>,
    more_corrections: usize,
}

impl Letter<'_> {
    /// The counted headline.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }
}

/// What of a newsletter is public.
struct Public<'a> {
    articles: Vec<&'a Article>,
    deals: Vec<&'a Deal>,
    corrections: Vec<(&'a Article, usize)>,
}

impl<'a> Atlas<'a> {
    fn public_in(&self, issue: &Issue) -> Public<'a> {
        let c = self.catalogue;
        let correction = |id: &Id, name: &str| {
            let article = c.article(id)?;
            Some((&**article, (0..article.corrections.len()).find(|n| article.correction_id(*n) == name)?))
        };
        Public {
            articles: issue.articles.iter().filter_map(|id| c.article(id)).map(AsRef::as_ref).collect(),
            deals: issue.deals.iter().filter_map(|id| c.deal(id)).map(AsRef::as_ref).collect(),
            corrections: issue.corrections.iter().filter_map(|(id, name)| correction(id, name)).collect(),
        }
    }

    /// Whether readers see anything of what a newsletter holds.
    pub(super) fn shows(&self, issue: &Issue) -> bool {
        let c = self.catalogue;
        issue.articles.iter().any(|id| c.article(id).is_some())
            || issue.deals.iter().any(|id| c.deal(id).is_some())
            || !self.public_in(issue).corrections.is_empty()
    }

    /// "5 articles and 3 deals", and the same with its period.
    pub(super) fn headline(&self, issue: &Issue) -> (String, String, String) {
        let public = self.public_in(issue);
        self.headline_of(issue, (public.articles.len(), public.deals.len(), public.corrections.len()))
    }

    fn headline_of(&self, issue: &Issue, of: (usize, usize, usize)) -> (String, String, String) {
        let (articles, deals, corrections) = of;
        let count = |key: &str, n: usize| (n > 0).then(|| self.words.count(key, n));
        let parts = [count("newsletter-articles", articles), count("newsletter-deals", deals)];
        let mut parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() {
            parts.extend(count("newsletter-corrections", corrections));
        }
        let counts = self.words.joined("and", &parts);
        let day = |t| self.site.zone.to_datetime(t).date();
        let period = self.words.period(day(issue.since), day(issue.sent));
        let title =
            self.words.with("newsletter-headline", &[("counts", (&counts).into()), ("period", (&period).into())]);
        (title, counts, period)
    }

    /// What a newsletter shows now; what is not public any more is left out without a trace.
    #[must_use]
    pub fn letter(&self, issue: &Issue, most: Most) -> Letter<'a> {
        let public = self.public_in(issue);
        let of = (public.articles.len(), public.deals.len(), public.corrections.len());
        let (title, counts, period) = self.headline_of(issue, of);
        let deals = public.deals.iter().take(most.deals).map(|deal| {
            let opener = self.catalogue.opener(&deal.id);
            let corrected = opener.is_some_and(|a| a.corrections.iter().any(|c| c.kind != "update"));
            DealItem { deal: self.tombstone(deal), corrected }
        });
        let corrections = public.corrections.iter().take(most.corrections);
        Letter {
            title,
            counts,
            period,
            sent: self.day_in(issue.sent),
            url: self.makes_newsletters().then(|| self.path(&Page::Newsletter(issue.name))),
            intro: self.site.newsletter.intro.as_deref(),
            deals: deals.collect(),
            more_deals: public.deals.len().saturating_sub(most.deals),
            groups: self.by_story(public.articles.iter().copied().take(most.articles)),
            more_articles: public.articles.len().saturating_sub(most.articles),
            corrections: corrections
                .filter_map(|(a, n)| Some(self.correction_line(a, a.corrections.get(*n)?)))
                .collect(),
            more_corrections: public.corrections.len().saturating_sub(most.corrections),
        }
    }

    /// Articles by the first of their stories that is public, in order of their newest; those of none at the end.
    fn by_story(&self, articles: impl Iterator<Item = &'a Article>) -> Vec<Group<'a>> {
        let mut groups: Vec<Group<'a>> = Vec::new();
        let mut place: BTreeMap<&Id, usize> = BTreeMap::new();
        let mut others = Vec::new();
        for article in articles {
            let story = article.threads.iter().find_map(|id| Some((id, self.link(Noun::Thread, id)?)));
            let Some((id, Link { title, url })) = story else {
                others.push(self.card(article));
                continue;
            };
            let at = *place.entry(id).or_insert_with(|| {
                groups.push(Group { title, url, items: Vec::new() });
                groups.len() - 1
            });
            groups[at].items.push(self.card(article));
        }
        if !others.is_empty() {
            let key = if groups.is_empty() { "coverage" } else { "more-news" };
            groups.push(Group { title: self.words.text(key), url: None, items: others });
        }
        groups
    }
}
