//! What lies in a site's folders, looked at again wherever something may have changed. Broken places are findings.

use super::walk::{accept, is_left_out, walk};
use super::{ROUND, Root, Stamp, failed, id_of};
use crate::diagnostic::{Diagnostic, FileId};
use crate::site::issues;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The folders of a site.
pub const TOPS: [&str; 4] = ["content", "i18n", "static", "templates"];

/// How long a file may be away, or empty, before that counts: saving takes a file away, or its text, for a moment.
pub const GRACE: Duration = Duration::from_millis(250);

/// The files of a site as they were when they were last looked at.
pub struct Survey {
    root: PathBuf,
    settings: FileId,
    /// Bytes of an entry that are read: one more than it may have.
    most: u64,
    known: BTreeMap<FileId, Stamp>,
    away: BTreeMap<FileId, Instant>,
    /// Files that were read so soon after a change that their stamps would not tell the next one.
    fresh: BTreeSet<FileId>,
    wrong: BTreeMap<FileId, Diagnostic>,
}

/// What a look found.
#[derive(Default)]
pub struct Seen {
    /// Files that are new or may be other than before, with their stamps; without one where they are gone.
    pub changed: BTreeMap<FileId, Option<Stamp>>,
    /// Folders that were named: files may come into them yet.
    pub folders: Vec<PathBuf>,
    /// Files that are away, and may come back.
    pub away: Vec<PathBuf>,
}

impl Survey {
    /// Of a site of which nothing is known yet.
    #[must_use]
    pub fn new(root: &Path, settings: &FileId, longest: usize) -> Self {
        let (known, away, fresh, wrong) = Default::default();
        Self {
            root: root.to_path_buf(),
            settings: settings.clone(),
            most: longest as u64 + 1,
            known,
            away,
            fresh,
            wrong,
        }
    }

    /// What cannot be read, and why.
    pub fn wrong(&self) -> impl Iterator<Item = &Diagnostic> {
        self.wrong.values()
    }

    /// Every file.
    pub fn known(&self) -> impl Iterator<Item = (&FileId, &Stamp)> {
        self.known.iter()
    }

    /// Looks at everything.
    pub fn look(&mut self) -> Seen {
        let mut seen = Seen::default();
        for top in TOPS {
            self.look_at(&self.root.join(top), &mut seen, false);
        }
        for file in [self.settings.path().to_owned(), issues::FILE.to_owned()] {
            self.look_at(&self.root.join(file), &mut seen, false);
        }
        for file in std::mem::take(&mut self.fresh) {
            if let Some(stamp) = self.known.get(&file) {
                seen.changed.entry(file).or_insert(Some(*stamp));
            }
        }
        seen
    }

    /// Looks at places that were named. What stands there counts as changed, whatever its stamp: two writes can be so
    /// close that their stamps are the same.
    pub fn look_where(&mut self, places: &BTreeSet<PathBuf>) -> Seen {
        let mut seen = Seen::default();
        for place in places {
            self.look_at(place, &mut seen, true);
        }
        seen
    }

    /// Whether a path belongs to the site.
    fn concerns(&self, path: &Path) -> bool {
        let Ok(below) = path.strip_prefix(&self.root) else { return false };
        let first = below.components().next().map(|c| c.as_os_str().to_string_lossy().into_owned());
        let id = id_of(&self.root, path);
        let inside = first.is_some_and(|f| TOPS.contains(&f.as_str()));
        let hidden = path
            .ancestors()
            .take_while(|a| *a != self.root && !TOPS.contains(&id_of(&self.root, a).path()))
            .any(|a| is_left_out(&self.root, a));
        id == self.settings || id.path() == issues::FILE || inside && !hidden
    }

    fn look_at(&mut self, path: &Path, seen: &mut Seen, named: bool) {
        if !self.concerns(path) {
            return;
        }
        let id = id_of(&self.root, path);
        let (mut files, mut findings) = (Vec::new(), Vec::new());
        match std::fs::symlink_metadata(path) {
            Ok(m) if m.is_dir() => {
                walk(&self.root, path, &mut files, &mut findings);
                if named {
                    seen.folders.push(path.to_path_buf());
                }
            }
            Ok(m) => match accept(&id, path, &m) {
                Ok(found) => {
                    files.extend(found);
                    seen.changed.extend(files.iter().filter(|_| named).map(|f| (f.0.clone(), Some(f.1))));
                }
                Err(finding) => findings.push(finding),
            },
            // A folder above may be gone too, or be a file now.
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(e) => findings.push(failed(&id, &e)),
        }
        self.compare(&id, files, findings, seen);
    }

    /// Compares what is at and below a place with what was.
    fn compare(&mut self, id: &FileId, files: Vec<(FileId, Stamp)>, findings: Vec<Diagnostic>, seen: &mut Seen) {
        let now: BTreeMap<FileId, Stamp> = files.into_iter().collect();
        if self.known.is_empty() {
            self.wrong.extend(findings.into_iter().filter_map(|d| Some((d.file.clone()?, d))));
            // Made whole out of what is in order already, rather than grown file by file.
            let mut all = now.iter().map(|(file, stamp)| (file.clone(), Some(*stamp))).collect();
            seen.changed.append(&mut all);
            self.known = now;
            return;
        }
        let below = format!("{}/", id.path());
        let is_below = |f: &FileId| f == id || f.path().starts_with(&below);
        self.wrong.retain(|f, _| !is_below(f));
        self.wrong.extend(findings.into_iter().filter_map(|d| Some((d.file.clone()?, d))));
        let before: Vec<FileId> = self
            .known
            .range(id.clone()..)
            .map(|k| k.0)
            .take_while(|f| f.path().starts_with(id.path()))
            .cloned()
            .collect();
        for file in before.into_iter().filter(|f| is_below(f) && !now.contains_key(f)) {
            let since = *self.away.entry(file.clone()).or_insert_with(Instant::now);
            if since.elapsed() < GRACE && !self.wrong.contains_key(&file) {
                seen.away.push(self.root.join(file.path()));
            } else {
                self.away.remove(&file);
                self.known.remove(&file);
                seen.changed.insert(file, None);
            }
        }
        for (file, stamp) in now {
            let had_text = self.known.get(&file).is_some_and(|k| k.length > 0);
            if had_text && stamp.length == 0 {
                // Who writes in place empties a file first, and fills it in the next moment.
                let since = *self.away.entry(file.clone()).or_insert_with(Instant::now);
                if since.elapsed() < GRACE {
                    seen.changed.remove(&file);
                    seen.away.push(self.root.join(file.path()));
                    continue;
                }
            }
            self.away.remove(&file);
            if self.known.insert(file.clone(), stamp) != Some(stamp) {
                seen.changed.insert(file, Some(stamp));
            }
        }
    }

    /// What a file was when it was looked at last.
    #[must_use]
    pub fn stamp(&self, file: &FileId) -> Option<Stamp> {
        self.known.get(file).copied()
    }

    /// Reads files that a look found, each with what `take` makes of it. Those that cannot be read are left out; of those
    /// that are away by now, places to look at again are told: what is saved by way of another file comes back.
    pub fn read<T: Send>(
        &mut self,
        files: &[FileId],
        take: impl Fn(&FileId, Vec<u8>) -> T + Sync,
    ) -> (Vec<T>, Vec<PathBuf>) {
        let root = Root::open(&self.root);
        let read: Vec<_> = files
            .par_iter()
            .with_max_len(ROUND)
            .map(|file| {
                let most = if file.path().ends_with(".md") { self.most } else { u64::MAX };
                let (bytes, stamp) = root.read(file, most)?;
                if bytes.is_empty() && self.known.get(file).is_some_and(|k| k.length > 0) {
                    return Err(io::ErrorKind::NotFound.into());
                }
                Ok((take(file, bytes), stamp))
            })
            .collect::<Vec<io::Result<(T, Stamp)>>>();
        let (mut all, mut away) = (Vec::with_capacity(read.len()), Vec::new());
        for (file, read) in files.iter().zip(read) {
            match read {
                Ok((made, stamp)) => {
                    if stamp.is_fresh() {
                        self.fresh.insert(file.clone());
                    }
                    match self.known.get_mut(file) {
                        Some(known) => *known = stamp,
                        None => drop(self.known.insert(file.clone(), stamp)),
                    }
                    all.push(made);
                }
                Err(e) if e.kind() == io::ErrorKind::NotFound => {
                    self.away.entry(file.clone()).or_insert_with(Instant::now);
                    away.push(self.root.join(file.path()));
                }
                Err(e) => {
                    self.wrong.insert(file.clone(), failed(file, &e));
                    self.known.remove(file);
                }
            }
        }
        (all, away)
    }
}
