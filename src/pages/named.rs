//! Files with a name of their own, for machines and hosts: what each holds, borrowed and bounded. Prints nothing.

use super::{Atlas, Channel, Page, Syntax};
use crate::catalogue::Noun;
use crate::model::Article;
use jiff::{SignedDuration, Timestamp};

macro_rules! named {
    ($($(#[$doc:meta])* $name:ident = $path:literal;)*) => {
        /// A file that has its name from the format it is in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Named { $($(#[$doc])* $name,)* }
        impl Named {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
            /// Where it stands.
            #[must_use]
            pub const fn path(self) -> &'static str { match self { $(Self::$name => $path,)* } }
        }
    };
}

named! {
    /// Who may crawl what (RFC 9309).
    Robots = "/robots.txt";
    /// What the columns of the data files mean.
    Schema = "/deals/schema.json";
    /// Every feed (OPML 2.0).
    Opml = "/feeds.opml";
    /// The articles of the last two days (Google's news sitemaps); there is none without any.
    News = "/news-sitemap.xml";
    /// The site in short, for language models (llmstxt.org).
    Llms = "/llms.txt";
    /// Whom to tell of a security problem (RFC 9116); where site.toml says so.
    Security = "/.well-known/security.txt";
    /// Headers, for hosts that read such a file.
    Headers = "/_headers";
    /// Old addresses, for hosts that read such a file; there is none without any.
    Redirects = "/_redirects";
    /// The site as an application (W3C).
    WebManifest = "/manifest.webmanifest";
}

/// How long an article stands in the news sitemap, in hours.
const NEWS_HOURS: i64 = 48;
/// Articles in the news sitemap at most.
const NEWS: usize = 1000;
/// Articles, and deals, in llms.txt.
const LLMS: usize = 50;

/// A line that leads somewhere.
#[derive(Clone, Debug)]
pub struct Pointer<'a> {
    /// The words.
    pub title: &'a str,
    /// The address.
    pub address: String,
    /// One sentence; may be empty.
    pub about: &'a str,
}

/// A feed among all.
#[derive(Clone, Debug)]
pub struct Subscription {
    /// Its title.
    pub title: String,
    /// Its address.
    pub feed: String,
    /// The address of its page.
    pub page: String,
}

/// What such a file holds.
#[derive(Clone, Debug)]
pub enum NamedView<'a> {
    /// Addresses of sitemaps; none where nobody should crawl.
    Robots(Option<Vec<String>>),
    /// The schema's own address.
    Schema(String),
    /// Feeds in groups.
    Opml(Vec<(&'a str, Vec<Subscription>)>),
    /// Articles with their addresses, newest first.
    News(Vec<(&'a Article, String)>),
    /// Sections of lines.
    Llms(Vec<(&'a str, Vec<Pointer<'a>>)>),
    /// Its own address, and when it expires.
    Security(String, Timestamp),
    /// Nothing but settings.
    Headers,
    /// Old and new paths.
    Redirects(Vec<(String, String)>),
    /// The path of the front page.
    WebManifest(String),
}

impl<'a> Atlas<'a> {
    /// Whether a named file is part of this edition.
    #[must_use]
    pub fn has_named(&self, file: Named) -> bool {
        let is_of_all = !matches!(file, Named::News | Named::Opml);
        if self.ready.has_own(file.path()) || is_of_all && !self.site.is_main() {
            return false;
        }
        match file {
            Named::Robots | Named::Opml | Named::Llms | Named::Headers | Named::WebManifest => true,
            Named::Schema => self.has_table(&super::Table::Ledger),
            Named::News => self.recent().next().is_some(),
            Named::Security => self.site.security.is_some(),
            Named::Redirects => self.redirects().next().is_some() || !self.kin.redirects().is_empty(),
        }
    }

    /// What a named file holds.
    #[must_use]
    pub(super) fn named_view(&self, file: Named) -> Option<NamedView<'a>> {
        self.has_named(file).then(|| match file {
            Named::Robots => NamedView::Robots((!self.catalogue.audience().drafts).then(|| {
                let news = self.has_named(Named::News).then(|| self.address(&Page::Named(Named::News)));
                std::iter::once(self.address(&Page::Sitemap(None))).chain(news).chain(self.kin.news()).collect()
            })),
            Named::Schema => NamedView::Schema(self.address(&Page::Named(Named::Schema))),
            Named::Opml => NamedView::Opml(self.subscriptions()),
            Named::News => NamedView::News(
                self.recent().take(NEWS).map(|a| (a, self.address(&Page::Article(a.common.id.clone())))).collect(),
            ),
            Named::Llms => NamedView::Llms(self.in_short()),
            Named::Security => {
                let own = self.address(&Page::Named(Named::Security));
                NamedView::Security(own, expires(self.catalogue.audience().as_of))
            }
            Named::Headers => NamedView::Headers,
            Named::Redirects => NamedView::Redirects(self.redirects().chain(self.kin.redirects()).collect()),
            Named::WebManifest => NamedView::WebManifest(self.path(&Page::Home)),
        })
    }

    /// Old paths, with the new ones.
    pub fn redirects(&self) -> impl Iterator<Item = (String, String)> {
        self.catalogue.aliases().filter_map(|(alias, _)| {
            let from = crate::model::Route::parse(alias)?;
            let to = self.path(&self.leads(&from)?);
            Some((self.path(&Page::Redirect(from)), to))
        })
    }

    /// Articles of the last two days that nobody paid for, newest first.
    fn recent(&self) -> impl Iterator<Item = &'a Article> + use<'a> {
        let (catalogue, as_of) = (self.catalogue, self.catalogue.audience().as_of);
        let wanted = if self.site.outputs.news { usize::MAX } else { 0 };
        let news = catalogue.lists().news.iter().rev().take(wanted);
        let recent = news.take_while(move |k| k.0 + SignedDuration::from_hours(NEWS_HOURS) > as_of);
        recent.filter_map(|k| catalogue.article(&k.1)).map(AsRef::as_ref).filter(|a| a.sponsor.is_none())
    }

    /// The next instant at which a named file changes by itself.
    #[must_use]
    pub fn next_named_change(&self) -> Option<Timestamp> {
        let as_of = self.catalogue.audience().as_of;
        let leaves = self.recent().map(|a| a.date + SignedDuration::from_hours(NEWS_HOURS)).min();
        let renewed = self.site.security.as_ref().and_then(|_| month_after(as_of, 1));
        leaves.into_iter().chain(renewed).min()
    }

    fn subscriptions(&self) -> Vec<(&'a str, Vec<Subscription>)> {
        let mut groups: Vec<(&'a str, Vec<Subscription>)> = Vec::new();
        for channel in self.feeds() {
            let group = match &channel {
                Channel::Site | Channel::Corrections => self.words.text("groups-site"),
                Channel::Of(noun, _) => self.words.text(super::lists::plural(*noun)),
                Channel::Pair(..) => self.words.text("groups-pairs"),
            };
            let Some((title, page)) = self.channel(&channel) else { continue };
            let feed = self.address(&Page::Feed(channel, Syntax::Atom));
            let line = Subscription { title, feed, page: self.address(&page) };
            match groups.iter_mut().find(|(name, _)| *name == group) {
                Some((_, lines)) => lines.push(line),
                None => groups.push((group, vec![line])),
            }
        }
        groups
    }

    /// The newest articles and deals, every topic and story, and the free pages.
    fn in_short(&self) -> Vec<(&'a str, Vec<Pointer<'a>>)> {
        let (c, l) = (self.catalogue, self.catalogue.lists());
        let twin = |page: Page| {
            let twin = Page::Twin(Box::new(page.clone()));
            self.address(if self.site.outputs.twins { &twin } else { &page })
        };
        let news = l.news.iter().rev().filter_map(|k| c.article(&k.1)).filter(|a| a.sponsor.is_none()).take(LLMS);
        let news = news.map(|a| Pointer {
            title: &a.common.title,
            address: twin(Page::Article(a.common.id.clone())),
            about: &a.common.description,
        });
        let wanted = if self.site.outputs.deals { LLMS } else { 0 };
        let deals = l.deals.iter().rev().take(wanted).filter_map(|k| c.deal(&k.1));
        let deals = deals.map(|d| Pointer {
            title: &d.title,
            address: twin(Page::Deal(d.id.clone())),
            about: self.words.kind(d.kind),
        });
        let things = |noun: Noun| {
            let public = c.public(noun).filter(move |_| self.makes(noun));
            let line = |e: &'a crate::model::Entry| {
                let common = e.common();
                let page = self.page_of(noun, &common.id)?;
                Some(Pointer { title: &common.title, address: self.address(&page), about: &common.description })
            };
            public.filter_map(line).collect::<Vec<_>>()
        };
        let mut data = Vec::new();
        if self.has_table(&super::Table::Ledger) {
            let file = |form| self.address(&Page::Table(super::Table::Ledger, form));
            let about = self.words.text("deals-rows");
            data.push(Pointer { title: self.words.text("deals-csv"), address: file(super::Form::Csv), about });
            data.push(Pointer { title: self.words.text("deals-json"), address: file(super::Form::Json), about });
        }
        data.push(Pointer {
            title: self.words.text("feeds"),
            address: self.address(&Page::Named(Named::Opml)),
            about: "",
        });
        data.push(Pointer {
            title: self.words.text("sitemap"),
            address: self.address(&Page::Sitemap(None)),
            about: "",
        });
        let sections = [
            ("latest", news.collect()),
            ("deals", deals.collect()),
            ("topics", things(Noun::Tag)),
            ("running-stories", things(Noun::Thread)),
            ("about-this-site", things(Noun::Page)),
            ("optional", data),
        ];
        let filled = sections.into_iter().filter(|(_, lines): &(_, Vec<_>)| !lines.is_empty());
        filled.map(|(key, lines)| (self.words.text(key), lines)).collect()
    }
}

/// The first instant of the month some months after an instant, in UTC.
fn month_after(instant: Timestamp, months: i32) -> Option<Timestamp> {
    let zone = jiff::tz::TimeZone::UTC;
    let first = zone.to_datetime(instant).date().first_of_month();
    let later = first.checked_add(jiff::Span::new().months(months)).ok()?;
    zone.to_timestamp(later.at(0, 0, 0, 0)).ok()
}

/// When what is published at an instant expires: within a year (RFC 9116, 2.5.5), and the same for a whole month, so that
/// it is not another file every day.
fn expires(instant: Timestamp) -> Timestamp {
    month_after(instant, 12).unwrap_or(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_shares_its_day_of_expiry() {
        let at = |t: &str| expires(t.parse().expect("an instant")).to_string();
        assert_eq!(at("2017-07-05T12:00:00Z"), "2018-07-01T00:00:00Z");
        assert_eq!(at("2017-07-31T23:59:59Z"), "2018-07-01T00:00:00Z");
        assert_eq!(at("2016-02-29T00:00:00Z"), "2017-02-01T00:00:00Z");
    }
}
