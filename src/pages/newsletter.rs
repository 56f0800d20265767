//! The newsletters that were sent, as pages, and what the next one holds. Prints nothing.

use super::letter::Most;
use super::shapes::Day;
use super::view::{Document, Subject, Values};
use super::{Atlas, Page, Sheet};
use crate::model::{Article, Entry, Id, Issue, IssueName, Sent};
use jiff::Timestamp;
use serde::Serialize;

/// A newsletter in the list of all.
#[derive(Clone, Debug, Serialize)]
struct IssueLine {
    title: String,
    url: String,
    date: Day,
}

/// What `newsletters.html` gets.
#[derive(Clone, Debug, Serialize)]
pub struct Newsletters<'a> {
    title: &'a str,
    items: Vec<IssueLine>,
    newer: Option<String>,
    older: Option<String>,
    first: bool,
}

/// From when on the next newsletter holds what is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Where the last one ended; and of the period of the last one what came late.
    Last,
    /// From an instant on.
    At(Timestamp),
}

/// Why there is no next newsletter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoIssue {
    /// There is no last one to go on from.
    First,
    /// One was made at this instant, which is later or the same.
    Later(Timestamp),
    /// Its period would begin after its end.
    Ahead,
}

/// When something that an article file says comes out.
fn appears(a: &Article) -> Timestamp {
    a.common.embargo.map_or(a.date, |t| t.max(a.date))
}

impl<'a> Atlas<'a> {
    /// Whether newsletters have pages: those of the main language alone.
    pub(super) fn makes_newsletters(&self) -> bool {
        self.site.outputs.newsletter && self.site.is_main()
    }

    /// The newsletters of which readers see something, oldest first.
    fn issues_shown(&self) -> impl DoubleEndedIterator<Item = &'a Issue> {
        let (audience, issues) = (self.catalogue.audience(), self.issues.all());
        let all = if self.makes_newsletters() { issues } else { &[] };
        all.iter().filter(move |i| audience.drafts || i.sent <= audience.as_of).filter(|i| self.shows(i))
    }

    /// Whether there is a newsletter to show.
    #[must_use]
    pub fn has_newsletters(&self) -> bool {
        self.issues_shown().next_back().is_some()
    }

    pub(super) fn count_newsletters(&self) -> usize {
        self.issues_shown().count()
    }

    /// The names of the newsletters that have pages.
    pub(super) fn newsletters(&self) -> Vec<IssueName> {
        self.issues_shown().map(|i| i.name).collect()
    }

    pub(super) fn has_newsletter(&self, name: IssueName) -> bool {
        self.issues_shown().any(|i| i.name == name)
    }

    pub(super) fn newsletters_page(&self, page: &Page, sheet: Sheet) -> Option<Document<'a>> {
        let (size, total) = self.extent(page);
        let (from, to) = sheet.range(total, size).filter(|_| total > 0)?;
        let at = |s: Sheet| self.path(&Page::Newsletters(s));
        let (title, suffix) = (self.words.text("newsletters"), self.page_suffix(sheet));
        let named = [("site", (&self.site.title).into()), ("page", (&suffix).into())];
        let description = self.words.with("newsletters-described", &named);
        let mut head = self.head(page, "newsletters", format!("{title}{suffix}"), description);
        head.subject = Subject::Collection;
        self.arrive(&mut head, title, &Page::Newsletters(Sheet::HEAD), sheet);
        let line = |issue: &Issue| IssueLine {
            title: self.headline(issue).0,
            url: self.path(&Page::Newsletter(issue.name)),
            date: self.day_in(issue.sent),
        };
        let values = Newsletters {
            title,
            items: self.issues_shown().rev().skip(total - to).take(to - from).map(line).collect(),
            newer: sheet.forth(total, size).map(at),
            older: sheet.back(total, size).map(at),
            first: sheet == Sheet::HEAD,
        };
        Some(Document { template: "newsletters.html", head, body: None, values: Values::Newsletters(Box::new(values)) })
    }

    pub(super) fn newsletter_page(&self, page: &Page, name: IssueName) -> Option<Document<'a>> {
        let issue = self.issues_shown().find(|i| i.name == name)?;
        let letter = self.letter(issue, Most::PAGE);
        let day = self.words.day(name.day());
        let named = [("site", (&self.site.title).into()), ("date", (&day).into())];
        let description = self.words.with("newsletter-described", &named);
        let mut head = self.head(page, "newsletter", letter.title().to_owned(), description);
        head.subject = Subject::Collection;
        self.arrive(&mut head, self.words.text("newsletters"), &Page::Newsletters(Sheet::HEAD), Sheet::HEAD);
        self.arrive(&mut head, day, page, Sheet::HEAD);
        Some(Document { template: "newsletter.html", head, body: None, values: Values::Newsletter(Box::new(letter)) })
    }

    /// What the next newsletter holds, made at the edition's instant: what is public, came out since, and was in no other.
    ///
    /// # Errors
    /// Where there can be none.
    pub fn next_issue(&self, since: Since) -> Result<Issue, NoIssue> {
        let last = self.issues.all().last();
        let as_of = self.catalogue.audience().as_of;
        // The file has seconds.
        let sent = Timestamp::from_second(as_of.as_second()).unwrap_or(as_of);
        if let Some(last) = last.filter(|l| l.sent >= sent) {
            return Err(NoIssue::Later(last.sent));
        }
        // With an earlier date, what came late lies in the period of the last one.
        let (floor, since) = match (since, last) {
            (Since::At(t), _) => (t, t),
            (Since::Last, Some(last)) => (last.since, last.sent),
            (Since::Last, None) => return Err(NoIssue::First),
        };
        if since >= sent {
            return Err(NoIssue::Ahead);
        }
        let name = self.issues.next_name(self.site.zone.to_datetime(sent).date());
        Ok(Issue {
            name,
            sent,
            since,
            articles: self.new_articles(floor),
            deals: self.new_deals(floor),
            corrections: self.new_corrections(floor),
        })
    }

    /// The newest of everything, as if nothing had been sent: to see whether a newsletter can be printed at all.
    #[must_use]
    pub fn sample_issue(&self, most: usize) -> Issue {
        let (l, as_of) = (self.catalogue.lists(), self.catalogue.audience().as_of);
        let corrected = self.corrections().map(|(a, _, n)| (a.common.id.clone(), a.correction_id(n)));
        Issue {
            name: IssueName::new(self.site.zone.to_datetime(as_of).date(), 1),
            sent: as_of,
            since: as_of,
            articles: l.news.iter().rev().map(|k| k.1.clone()).take(most).collect(),
            deals: l.deals.iter().rev().map(|k| k.1.clone()).take(most).collect(),
            corrections: corrected.take(most).collect(),
        }
    }

    fn new_articles(&self, floor: Timestamp) -> Vec<Id> {
        let news = self.catalogue.lists().news.iter().rev().filter_map(|k| self.catalogue.article(&k.1));
        let is_new = |a: &&std::sync::Arc<Article>| {
            appears(a) >= floor && !self.issues.holds(&Sent::Article(a.common.id.clone()))
        };
        news.filter(is_new).map(|a| a.common.id.clone()).collect()
    }

    fn new_deals(&self, floor: Timestamp) -> Vec<Id> {
        let is_new = |id: &&Id| {
            let Some(opener) = self.catalogue.opener(id) else { return false };
            let is_record =
                matches!(self.catalogue.public_entry(crate::catalogue::Noun::Article, id), Some(Entry::Deal(_)));
            // A record has no day of its own but that of its deal; of a month it may be the last.
            let main = opener.deal.as_ref().filter(|_| is_record).and_then(|d| super::shapes::main_step(d));
            let last = main.and_then(|step| {
                self.site.zone.to_ambiguous_timestamp(step.date.last().at(0, 0, 0, 0)).compatible().ok()
            });
            let at = appears(opener).max(last.unwrap_or(Timestamp::MIN));
            at >= floor && !self.issues.holds(&Sent::Deal((*id).clone()))
        };
        self.catalogue.lists().deals.iter().rev().map(|k| &k.1).filter(is_new).cloned().collect()
    }

    fn new_corrections(&self, floor: Timestamp) -> Vec<(Id, String)> {
        let day = |t| self.site.zone.to_datetime(t).date();
        // What is dated ahead is said when its day has come.
        let (first, today) = (day(floor), day(self.catalogue.audience().as_of));
        let named = self
            .corrections()
            .filter(|(_, c, _)| c.date.last() >= first && c.date.first() <= today)
            .map(|(a, _, n)| (a.common.id.clone(), a.correction_id(n)));
        named.filter(|(id, name)| !self.issues.holds(&Sent::Correction(id.clone(), name.clone()))).collect()
    }
}
