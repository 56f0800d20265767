//! Two editions -> what has to be done. Pure: the same answer for a dry run and for the run.

use super::packed::plain_of;
use super::record::{File, Record, Retired};
use crate::sink::disk::Stamp;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Where fingerprinted files lie, below the site's root.
const FINGERPRINTED: &str = "assets/";

/// The turn of a file: what a page refers to is there before the page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Styles, pictures and all else that refers to nothing.
    Asset,
    /// Pages and feeds that nothing live refers to yet.
    NewPage,
    /// Pages that readers see already.
    Page,
    /// Feeds.
    Feed,
    /// The front page.
    Home,
    /// What machines start from: sitemap, robots.txt.
    Map,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 6] = [Self::Asset, Self::NewPage, Self::Page, Self::Feed, Self::Home, Self::Map];

    fn of(path: &str, is_new: bool) -> Self {
        // What lies beside a page in fewer bytes has the page's turn.
        let path = plain_of(path).map_or(path, |(plain, _)| plain);
        let at_top = !path.contains('/');
        match path.rsplit_once('.').map(|(_, e)| e) {
            Some("html") if path == "index.html" => Self::Home,
            Some("html") if is_new => Self::NewPage,
            Some("html") => Self::Page,
            // Pages refer to their twins and their data.
            Some("md" | "csv" | "json") if !at_top && is_new => Self::NewPage,
            Some("md" | "csv" | "json") if !at_top && path.rsplit('/').next() != Some("feed.json") => Self::Page,
            Some("xml" | "json") if matches!(path.rsplit('/').next(), Some("feed.xml" | "feed.json")) => {
                if is_new && !at_top { Self::NewPage } else { Self::Feed }
            }
            Some("xml" | "txt" | "md" | "opml") => Self::Map,
            None if at_top => Self::Map,
            _ => Self::Asset,
        }
    }
}

/// Why a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It is not there.
    New,
    /// Another one is there.
    Changed,
    /// It is there with other headers.
    Headers,
    /// A run that did not end may have sent it or another one; what is there is looked at first.
    Unsure,
}

/// A file to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Below the site's root.
    pub path: String,
    /// What it will be.
    pub file: File,
    /// What it was in the last edition.
    pub was: Option<File>,
    /// Why.
    pub reason: Reason,
    /// Its turn.
    pub stage: Stage,
}

/// Why a file is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gone {
    /// The edition has no such page any more.
    Removed,
    /// No page has used it for long enough.
    Retired,
    /// A run that did not end may have sent it, and it is not wanted any more.
    Unfinished,
}

/// What has to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Files to send, in the order of their stages and paths.
    pub uploads: Vec<Upload>,
    /// Files that are there already.
    pub unchanged: BTreeSet<String>,
    /// Files to delete now, after all else.
    pub deletions: BTreeMap<String, Gone>,
    /// The record of the edition.
    pub record: Record,
    /// Whether pages are taken away: earlier editions still show them, and go too.
    pub takes_away: bool,
}

/// An edition that is to be the live one.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The site's base address.
    pub site: String,
    /// Its instant.
    pub instant: Timestamp,
    /// When it next changes by itself.
    pub next: Option<Timestamp>,
    /// Its files.
    pub files: BTreeMap<String, File>,
    /// The addresses of its things.
    pub things: BTreeMap<String, String>,
}

/// What else a plan follows from.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The instant of the plan.
    pub now: Timestamp,
    /// How many earlier editions are kept.
    pub keep: usize,
    /// How long fingerprinted files stay after their last use.
    pub grace: jiff::SignedDuration,
    /// Whether headers are kept at the target.
    pub headers: bool,
    /// Paths of which nobody knows what is there.
    pub unsure: BTreeSet<String>,
}

impl Plan {
    /// Whether the target is as it should be.
    #[must_use]
    pub fn is_empty(&self, there: Option<&Record>) -> bool {
        let same =
            |t: &Record| t.next == self.record.next && t.site == self.record.site && t.things == self.record.things;
        self.uploads.is_empty() && self.deletions.is_empty() && there.is_some_and(|t| same(t) && t.litter.is_empty())
    }

    /// How many bytes are sent.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.uploads.iter().map(|u| u.file.stamp.size).sum()
    }

    /// How many files readers could have seen yesterday and will not find.
    #[must_use]
    pub fn removed(&self) -> usize {
        self.deletions.values().filter(|g| **g == Gone::Removed).count()
    }

    /// The paths that are written.
    #[must_use]
    pub fn writes(&self) -> BTreeSet<String> {
        self.uploads.iter().map(|u| u.path.clone()).collect()
    }
}

/// What has to be done so that the target shows an edition.
#[must_use]
pub fn plan(wanted: &Wanted, there: Option<&Record>, terms: &Terms) -> Plan {
    let nothing = BTreeMap::new();
    let old = there.map_or(&nothing, |t| &t.files);
    let held = |path: &str| old.get(path).or_else(|| Some(&there?.retired.get(path)?.file));
    let (mut uploads, mut unchanged) = (Vec::new(), BTreeSet::new());
    for (path, file) in &wanted.files {
        let was = held(path);
        let reason = match was {
            _ if terms.unsure.contains(path) => Reason::Unsure,
            None => Reason::New,
            Some(was) if was.stamp != file.stamp => Reason::Changed,
            Some(was) if terms.headers && was.head != file.head => Reason::Headers,
            Some(_) => {
                unchanged.insert(path.clone());
                continue;
            }
        };
        let stage = Stage::of(path, !old.contains_key(path));
        uploads.push(Upload { path: path.clone(), file: file.clone(), was: was.cloned(), reason, stage });
    }
    uploads.sort_by(|a, b| (a.stage, &a.path).cmp(&(b.stage, &b.path)));

    let mut record = Record::new(&wanted.site, wanted.instant, wanted.next);
    record.files = wanted.files.clone();
    record.things = wanted.things.clone();
    let mut deletions = BTreeMap::new();
    let until = terms.now.checked_add(terms.grace).unwrap_or(Timestamp::MAX);
    let gone = old.iter().filter(|(path, _)| !wanted.files.contains_key(*path));
    for (path, file) in gone {
        let waits = path.starts_with(FINGERPRINTED);
        if !waits {
            deletions.insert(path.clone(), Gone::Removed);
        }
        record.retired.insert(path.clone(), Retired { due: if waits { until } else { terms.now }, file: file.clone() });
    }
    let takes_away = !deletions.is_empty();
    for (path, retired) in there.map(|t| &t.retired).into_iter().flatten() {
        if !wanted.files.contains_key(path) {
            if retired.due <= terms.now {
                let reason = if path.starts_with(FINGERPRINTED) { Gone::Retired } else { Gone::Unfinished };
                deletions.insert(path.clone(), reason);
            }
            record.retired.insert(path.clone(), retired.clone());
        }
    }
    for path in &terms.unsure {
        if !wanted.files.contains_key(path) && held(path).is_none() {
            deletions.insert(path.clone(), Gone::Unfinished);
        }
    }
    if let Some(there) = there {
        record.number = there.number + 1;
        record.kept = there.kept.clone();
        record.litter = there.litter.clone();
        record.earlier = there.earlier.clone();
        record.earlier.insert(0, there.edition());
        let kept = if takes_away { 0 } else { terms.keep };
        let fallen = record.earlier.split_off(kept.min(record.earlier.len()));
        record.litter.extend(fallen.iter().map(|e| format!("editions/{}", e.number)));
        if takes_away {
            let kept = std::mem::take(&mut record.kept);
            record.litter.extend(kept.into_iter().map(|digest| format!("kept/{digest}")));
        }
    }
    Plan { uploads, unchanged, deletions, record, takes_away }
}

/// The digest of a file as the name under which it is kept.
#[must_use]
pub fn kept_name(stamp: &Stamp) -> String {
    stamp.digest.to_hex().to_string()
}
