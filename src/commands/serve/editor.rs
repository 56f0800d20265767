//! Takes in what is saved: looks where something may have changed, and brings the edition up to date.

use super::stage::Preview;
use super::{dressed, is_dress};
use crate::commands::{Common, load, report};
use crate::diagnostic::{Checked, Diagnostic, FileId};
use crate::model::{Audience, Change};
use crate::render::Press;
use crate::site::issues;
use crate::source::survey::GRACE;
use crate::source::watch::{Hints, Watch};
use crate::source::{Live, Seen, Stamp, Survey};
use crate::{entry, source};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

/// Longest time between two looks at the clock.
const HOUR: Duration = Duration::from_hours(1);

/// Brings a preview up to date.
pub struct Editor {
    c: Common,
    preview: Arc<Preview>,
    /// Whether the clock is asked instead of the system.
    poll: bool,
    watch: Watch,
    survey: Survey,
    live: Arc<Live>,
    /// The files of templates/ and static/, and fonts.
    own: BTreeMap<FileId, Change>,
    /// When something appears or vanishes by itself.
    next: Option<Timestamp>,
}

impl Editor {
    pub(super) fn new(
        c: &Common,
        preview: Arc<Preview>,
        poll: bool,
        survey: Survey,
        live: Arc<Live>,
        own: BTreeMap<FileId, Change>,
    ) -> Self {
        let watch = Watch::new(&preview.root);
        Self { c: c.clone(), preview, poll, watch, survey, live, own, next: None }
    }

    /// Runs for as long as the program does. `wake` asks for a check of everything.
    pub(super) fn run(mut self, wake: &Sender<()>, quiet: bool) {
        // Not while the site was read: reading makes notices too. What was saved meanwhile the first look sees.
        if !self.poll {
            self.watch.begin();
        }
        if self.watch.is_polling() && !quiet {
            report::tell("Looking at all files twice a second.\n");
        }
        self.look_ahead();
        let mut hints = Hints { everything: true, ..Hints::default() };
        loop {
            if let Some(notice) = &hints.notice {
                report::tell(&format!("warning: {notice}\n"));
            }
            let seen = self.look(&hints);
            let is_other = self.take(seen) | self.keep_time();
            if is_other {
                self.preview.ring();
                if !quiet {
                    let all = self.preview.findings();
                    self.preview.notes().say(&self.preview.root, &all);
                }
                let _ = wake.send(());
                self.look_ahead();
            }
            let until = self.next.map_or(HOUR, |t| {
                let left = t.as_second().saturating_sub(self.preview.now().as_second());
                Duration::from_secs(u64::try_from(left).unwrap_or(0)).min(HOUR) + Duration::from_millis(50)
            });
            hints = self.watch.next(Instant::now() + until);
        }
    }

    fn look(&mut self, hints: &Hints) -> Seen {
        let mut seen = Seen::default();
        if hints.everything {
            let start = Instant::now();
            seen = self.survey.look();
            self.watch.pace(start.elapsed());
        }
        // Also where everything was looked at: a stamp alone does not tell two writes of one moment apart.
        let named = self.survey.look_where(&hints.places);
        self.watch.look_again_twice(&named.folders);
        seen.changed.extend(named.changed);
        seen.away.extend(named.away);
        let again = self.survey.look_where(&hints.again);
        seen.changed.extend(again.changed);
        seen.away.extend(again.away);
        self.look_again(&seen.away);
        seen
    }

    /// Takes in what a look found; returns whether anything is other than before.
    fn take(&mut self, seen: Seen) -> bool {
        let unread: Vec<Diagnostic> = self.survey.wrong().cloned().collect();
        let mut is_other = std::mem::replace(&mut self.preview.notes().unread, unread.clone()) != unread;
        if seen.changed.is_empty() {
            return is_other;
        }
        let (mut entries, mut dress, mut settings, mut letters) = (Vec::new(), Vec::new(), false, Vec::new());
        for (file, stamp) in seen.changed {
            if file == self.preview.settings {
                settings = true;
            } else if file.path() == issues::FILE {
                letters.push((file, stamp));
            } else if is_dress(&file) {
                dress.push((file, stamp));
            } else if entry::is_entry(&file) {
                entries.push((file, stamp));
            } else {
                let _edition = self.preview.change();
                self.live.renew(&file, stamp, None);
                is_other = true;
            }
        }
        is_other |= self.edit(entries);
        is_other |= self.redress(dress);
        is_other |= self.keep_letters(letters);
        if settings {
            self.settle();
        }
        is_other | settings
    }

    /// Reads what is there of the files that a look found; of others it says that they are gone. Those that went since are
    /// looked at again: they may come back.
    fn read(&mut self, files: Vec<(FileId, Option<Stamp>)>) -> Vec<Change> {
        let there: Vec<FileId> = files.iter().filter(|f| f.1.is_some()).map(|f| f.0.clone()).collect();
        let (mut changes, away) =
            self.survey.read(&there, |file, bytes| Change { file: file.clone(), bytes: Some(bytes.into()) });
        self.look_again(&away);
        if changes.len() + away.len() < files.len() {
            let read: BTreeSet<FileId> = changes.iter().map(|c| c.file.clone()).collect();
            let is_gone = |f: &FileId| !read.contains(f) && !away.contains(&self.preview.root.join(f.path()));
            let gone: Vec<FileId> = files.into_iter().map(|f| f.0).filter(is_gone).collect();
            changes.extend(gone.into_iter().map(|file| Change { file, bytes: None }));
        }
        changes
    }

    fn look_again(&mut self, away: &[PathBuf]) {
        self.watch.look_again(away, GRACE + Duration::from_millis(5));
    }

    fn edit(&mut self, files: Vec<(FileId, Option<Stamp>)>) -> bool {
        if files.is_empty() {
            return false;
        }
        let changes = self.read(files);
        let done = {
            let mut edition = self.preview.change();
            let done = edition.edit(&changes);
            let kept: BTreeMap<&FileId, usize> = done.iter().flatten().map(|(f, body)| (f, *body)).collect();
            for change in &changes {
                let stamp = self.survey.stamp(&change.file);
                match (kept.get(&change.file), &change.bytes) {
                    (Some(body), Some(bytes)) => self.live.keep(&change.file, stamp, *body, bytes),
                    (_, bytes) => self.live.renew(&change.file, stamp, bytes.as_ref()),
                }
            }
            done.map(|_| ())
        };
        let mut notes = self.preview.notes();
        if let Err(d) = done {
            notes.dress = vec![d];
        }
        notes.changed(changes.into_iter().map(|c| c.file));
        true
    }

    fn redress(&mut self, files: Vec<(FileId, Option<Stamp>)>) -> bool {
        if files.is_empty() {
            return false;
        }
        for change in self.read(files) {
            let stamp = self.survey.stamp(&change.file);
            let file = change.file.clone();
            match change.bytes {
                Some(_) => self.own.insert(file.clone(), change),
                None => self.own.remove(&file),
            };
            let _edition = self.preview.change();
            self.live.renew(&file, stamp, None);
        }
        let own: Vec<Change> = self.own.values().cloned().collect();
        let press = Press::new(self.preview.edition().site(), &own);
        let found = match press {
            Ok(press) => self.preview.change().redress(press).err().into_iter().collect(),
            Err(wrong) => wrong,
        };
        let mut notes = self.preview.notes();
        notes.dress = found;
        notes.changed(own.into_iter().map(|c| c.file));
        true
    }

    /// Takes in newsletters.toml.
    fn keep_letters(&mut self, files: Vec<(FileId, Option<Stamp>)>) -> bool {
        let changes = self.read(files);
        for change in &changes {
            let done = {
                let mut edition = self.preview.change();
                self.live.renew(&change.file, self.survey.stamp(&change.file), None);
                edition.keep_issues(change.bytes.as_deref())
            };
            let mut notes = self.preview.notes();
            if let Err(d) = done {
                notes.dress = vec![d];
            }
            notes.changed([change.file.clone()]);
        }
        !changes.is_empty()
    }

    /// Reads the settings again. Where they are wrong, those before stay.
    fn settle(&mut self) {
        let audience = self.preview.edition().catalogue().audience();
        let mut gone_now = Vec::new();
        let made = load::settings(&self.c, &self.preview.root).map_err(|f| f.findings).and_then(|site| {
            let site = Arc::new(site);
            // The fonts that it names too: nobody watches those.
            let fonts = source::read_named(&self.preview.root, &site.cards.fonts)?;
            self.own.retain(|f, _| is_dress(f));
            self.own.extend(fonts.into_iter().map(|c| (c.file.clone(), c)));
            let (mut edition, dress) = dressed(&site, audience, &self.own, &self.live)?;
            let zone = site.zone.clone();
            let is_same_zone = self.preview.edition().site().zone == zone;
            let read = if is_same_zone {
                let old = self.preview.edition();
                let entry_of = |f: &FileId| old.entry_of(f).cloned();
                let files = self.survey.known().map(|k| k.0).filter(|f| entry::is_entry(f));
                files
                    .map(|f| (f.clone(), Checked { value: entry_of(f), findings: old.findings_of(f).to_vec() }))
                    .collect()
            } else {
                let files: Vec<FileId> =
                    self.survey.known().map(|k| k.0).filter(|f| entry::is_entry(f)).cloned().collect();
                let (read, away) =
                    self.survey.read(&files, |file, bytes| (file.clone(), entry::read(file, &bytes, &zone)));
                gone_now = away;
                read
            };
            edition.load(read).map_err(|d| vec![d])?;
            edition.keep_issues(load::letters(&self.preview.root)?.as_deref()).map_err(|d| vec![d])?;
            Ok((edition, dress))
        });
        self.look_again(&gone_now);
        let stamp = source::stamp(&self.preview.root, &self.preview.settings);
        let found = match made {
            Ok((edition, dress)) => {
                let mut there = self.preview.change();
                *there = edition;
                self.live.renew(&self.preview.settings, stamp, None);
                drop(there);
                self.preview.notes().dress = dress;
                Vec::new()
            }
            Err(findings) => findings,
        };
        let mut notes = self.preview.notes();
        notes.settings = found;
        notes.changed([self.preview.settings.clone()]);
    }

    /// Moves the edition on where its instant has come; returns whether something appears or vanishes.
    fn keep_time(&mut self) -> bool {
        let now = self.preview.now();
        if self.preview.is_fixed() || self.next.is_none_or(|t| t > now) {
            return false;
        }
        let mut edition = self.preview.change();
        let drafts = edition.catalogue().audience().drafts;
        // Whatever cannot be shown then could not be shown before.
        let _ = edition.show(Audience { as_of: now, drafts });
        true
    }

    /// When something appears or vanishes next.
    fn look_ahead(&mut self) {
        if self.preview.is_fixed() {
            return;
        }
        let now = self.preview.now();
        let edition = self.preview.edition();
        self.next = edition
            .catalogue()
            .everything()
            .chain(edition.foreign())
            .filter_map(|(_, e)| e.common().next_change(now))
            .chain(edition.next_newsletter(now))
            .min();
    }
}
