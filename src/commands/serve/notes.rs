//! Everything that is wrong with a site while it is written: what is known at once, and what the last check found.

use crate::commands::report;
use crate::diagnostic::{Diagnostic, FileId, Severity};
use std::collections::{BTreeSet, HashSet};
use std::path::Path;

/// Most findings that are kept of one check.
const MOST: usize = 20_000;

/// The findings besides those about front matter, which the edition holds.
#[derive(Default)]
pub struct Notes {
    /// About site.toml.
    pub settings: Vec<Diagnostic>,
    /// About templates and static files.
    pub dress: Vec<Diagnostic>,
    /// Files that cannot be read.
    pub unread: Vec<Diagnostic>,
    /// What the last check of everything found.
    deep: Vec<Diagnostic>,
    /// Files that changed since: what was found in them is old.
    stale: BTreeSet<FileId>,
    /// Whether a check found everything that there is to find.
    pub is_checked: bool,
    said: HashSet<(&'static str, Option<FileId>, String)>,
}

impl Notes {
    /// Files changed.
    pub fn changed(&mut self, files: impl IntoIterator<Item = FileId>) {
        self.stale.extend(files);
        self.is_checked = false;
    }

    /// A check of everything is done.
    pub fn checked(&mut self, mut found: Vec<Diagnostic>) {
        found.truncate(MOST);
        self.deep = found;
        self.stale.clear();
        self.is_checked = true;
    }

    /// Every finding, in the order of a report; `entries` are those about front matter.
    pub fn all(&self, entries: &[Diagnostic]) -> Vec<Diagnostic> {
        let is_new = |d: &&Diagnostic| d.file.as_ref().is_none_or(|f| !self.stale.contains(f));
        let mut all: Vec<Diagnostic> = [&self.settings, &self.dress, &self.unread]
            .into_iter()
            .flatten()
            .chain(entries)
            .chain(self.deep.iter().filter(is_new))
            .cloned()
            .collect();
        all.sort_by_cached_key(Diagnostic::sort_key);
        all.dedup();
        all
    }

    /// Says in the terminal what has not been said yet; after a check also that all is well again.
    pub fn say(&mut self, root: &Path, all: &[Diagnostic]) {
        let key = |d: &Diagnostic| (d.code, d.file.clone(), d.message.clone());
        let fresh: Vec<Diagnostic> = all.iter().filter(|d| self.said.insert(key(d))).cloned().collect();
        // One screen is what somebody reads; `check` has the rest.
        let shown = &fresh[..fresh.len().min(20)];
        report::write(root, shown, crate::commands::Format::Text, false);
        if fresh.len() > shown.len() {
            report::tell(&format!("... and {} more: `dealwire check` shows them all.\n", fresh.len() - shown.len()));
        }
        if self.is_checked {
            let now: HashSet<_> = all.iter().map(key).collect();
            let is_error = |code: &str| !code.starts_with('W');
            let had = self.said.iter().any(|s| is_error(s.0));
            self.said.retain(|s| now.contains(s));
            if had && !all.iter().any(|d| d.severity() == Severity::Error) {
                report::tell("No errors any more.\n");
            } else if !fresh.is_empty() {
                report::tell(&format!("{}.\n", report::tally(all)));
            }
        }
    }
}
