//! The newsletters of an edition: those that were made, the next one, and what is wrong with either.

use super::Edition;
use crate::catalogue::Noun;
use crate::diagnostic::{Diagnostic, FileId, Severity, nearest};
use crate::model::{Id, Issue, Sent};
use crate::pages::{NoIssue, Since};
use crate::render::Mail;
use crate::site::{Mailbox, issues};

/// Items of each part of the newsletter that is printed to see whether one can be.
const SAMPLE: usize = 3;

impl Edition {
    /// Takes in newsletters.toml as it is now; `None` when it is not there. Where it cannot be read, what it said stays.
    ///
    /// # Errors
    /// A setting that templates cannot get.
    pub fn keep_issues(&mut self, bytes: Option<&[u8]>) -> Result<(), Diagnostic> {
        let file = FileId::new(issues::FILE);
        let text = match std::str::from_utf8(bytes.unwrap_or_default()) {
            Ok(text) => text,
            Err(e) => {
                self.findings.insert(file.clone(), vec![Diagnostic::not_utf8(&file, &e)]);
                return Ok(());
            }
        };
        let checked = issues::read(text, &self.site.zone);
        let is_broken = checked.findings.iter().any(|d| d.severity() == Severity::Error);
        if !is_broken || !checked.value.all().is_empty() {
            self.issues = checked.value;
        }
        if checked.findings.is_empty() {
            self.findings.remove(&file);
        } else {
            self.findings.insert(file, checked.findings);
        }
        self.settle(false)
    }

    /// What the next newsletter holds.
    ///
    /// # Errors
    /// Where there can be none.
    pub fn next_issue(&self, since: Since) -> Result<Issue, NoIssue> {
        self.with(|atlas| atlas.next_issue(since))
    }

    /// A newsletter as a mail.
    ///
    /// # Errors
    /// Mistakes of its templates.
    pub fn mail(&self, issue: &Issue, from: &Mailbox) -> Result<Mail, Diagnostic> {
        self.with(|atlas| self.press.mail(atlas, issue, from))
    }

    /// The next instant at which a newsletter appears on the site by itself: one whose `sent` is yet to come.
    #[must_use]
    pub fn next_newsletter(&self, after: jiff::Timestamp) -> Option<jiff::Timestamp> {
        let to_come = self.issues.all().iter().map(|i| i.sent).find(|t| *t > after);
        to_come.filter(|_| self.site.outputs.newsletter && !self.catalogue.audience().drafts)
    }

    /// What newsletters hold and no file speaks of any more (W0823), and mistakes of their templates where mails are made.
    pub(super) fn letter_findings(&self) -> Vec<Diagnostic> {
        let file = FileId::new(issues::FILE);
        let mut found = Vec::new();
        for (item, span) in self.issues.places() {
            let (Sent::Article(id) | Sent::Deal(id) | Sent::Correction(id, _)) = item;
            let known = self.catalogue.known(Noun::Article, id);
            let is_there = known.is_some_and(|entry| match (item, entry) {
                (Sent::Deal(_), crate::model::Entry::Article(a) | crate::model::Entry::Deal(a)) => {
                    a.deal.is_some() || !a.common.legible
                }
                _ => true,
            });
            if is_there {
                continue;
            }
            let what = if matches!(item, Sent::Deal(_)) { "deal" } else { "article" };
            let help = nearest(id.as_str(), self.catalogue.ids(Noun::Article).map(Id::as_str));
            let help = if help.starts_with("did") {
                format!("{help} if it has another name now, put that here")
            } else {
                "what was taken back for good can stay here: the newsletter's page leaves it out".to_owned()
            };
            found.push(Diagnostic::at("W0823", &file, span, format!("no {what} is called `{id}` any more")).help(help));
        }
        if let Some(from) = &self.site.newsletter.from {
            let sample = self.with(|atlas| atlas.sample_issue(SAMPLE));
            found.extend(self.mail(&sample, from).err());
        }
        found
    }
}
