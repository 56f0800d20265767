//! Where a site's files may have changed: the system's notices, or the clock where there are none. Hints alone, no facts.

use super::survey::TOPS;
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// A burst is over when nothing happens for so long ...
const QUIET: Duration = Duration::from_millis(6);
/// ... and is not waited for longer than this.
const LONGEST: Duration = Duration::from_millis(100);
/// How often folders are looked for that were removed and made again.
const ROUND: Duration = Duration::from_secs(2);
/// How often everything is looked at where there are no notices.
const POLL: Duration = Duration::from_millis(500);
/// When folders that just came are looked at again: files may have come into them before the system watched.
const LATER: [Duration; 2] = [Duration::from_millis(80), Duration::from_secs(1)];
/// How long after folders came or moved everything is watched anew.
const ANEW: Duration = Duration::from_secs(1);

/// What may have changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// Everything has to be looked at.
    pub everything: bool,
    /// Places to look at.
    pub places: BTreeSet<PathBuf>,
    /// Places to look at once more.
    pub again: BTreeSet<PathBuf>,
    /// What has to be told to who runs the program.
    pub notice: Option<String>,
}

/// Watches a site's folders.
pub struct Watch {
    root: PathBuf,
    heard: Receiver<notify::Result<Event>>,
    /// Where notices come in; keeps the channel open where nothing is watched.
    mouth: Sender<notify::Result<Event>>,
    watcher: Option<RecommendedWatcher>,
    /// The folders that are watched, by the number that the file system gives them.
    watched: Vec<(PathBuf, Option<(u64, u64)>)>,
    later: Vec<(Instant, PathBuf)>,
    /// When everything is watched anew, because folders came or moved.
    anew: Option<Instant>,
    round: Instant,
    interval: Duration,
    notice: Option<String>,
}

impl Watch {
    /// For a site. Until it begins, everything is looked at twice a second.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        let (mouth, heard) = channel();
        let tops = TOPS.iter().map(|t| root.join(t));
        let watched = std::iter::once(root.to_path_buf()).chain(tops).map(|p| (p, None)).collect();
        Self {
            root: root.to_path_buf(),
            heard,
            mouth,
            watcher: None,
            watched,
            later: Vec::new(),
            anew: None,
            round: Instant::now(),
            interval: POLL,
            notice: None,
        }
    }

    /// Asks the system for notices. Where it watches no more files, everything is still looked at in turns.
    pub fn begin(&mut self) {
        let config = notify::Config::default().with_follow_symlinks(false);
        let mouth = self.mouth.clone();
        let tell = move |event: notify::Result<Event>| {
            let _ = mouth.send(event);
        };
        self.watched.iter_mut().for_each(|w| w.1 = None);
        match RecommendedWatcher::new(tell, config) {
            Ok(made) => {
                self.watcher = Some(made);
                self.watch_folders();
            }
            Err(e) => self.give_up(&e),
        }
    }

    /// Whether everything is looked at in turns.
    #[must_use]
    pub fn is_polling(&self) -> bool {
        self.watcher.is_none()
    }

    /// Asks for a second look at places, after a while.
    pub fn look_again(&mut self, places: &[PathBuf], after: Duration) {
        self.later.extend(places.iter().map(|p| (Instant::now() + after, p.clone())));
    }

    /// Asks for two more looks at folders that have just come. Then everything is watched anew: the watcher knows folders
    /// by their paths, and what moves into a folder that it has only just seen, or away and back, is lost to it.
    pub fn look_again_twice(&mut self, folders: &[PathBuf]) {
        if !folders.is_empty() && !self.is_polling() {
            self.anew.get_or_insert(Instant::now() + ANEW);
        }
        for after in LATER {
            self.look_again(folders, after);
        }
    }

    /// How long a look at everything took: where that is what is done, it is to be a small part of the time.
    pub fn pace(&mut self, took: Duration) {
        self.interval = POLL.max(took * 5);
    }

    /// Waits until something may have changed, at most until `end`.
    pub fn next(&mut self, end: Instant) -> Hints {
        let mut hints = Hints::default();
        let start = Instant::now();
        while hints == Hints::default() {
            let now = Instant::now();
            if now >= end {
                break;
            }
            let mut wake = end.min(self.round + ROUND);
            if self.is_polling() {
                wake = wake.min(start + self.interval);
            }
            wake = self.later.iter().map(|l| l.0).chain(self.anew).fold(wake, Instant::min);
            match self.heard.recv_timeout(wake.saturating_duration_since(now)) {
                Ok(event) => {
                    self.take(event, &mut hints);
                    if hints != Hints::default() {
                        self.gather(&mut hints);
                    }
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
            let now = Instant::now();
            let due = |l: &(Instant, PathBuf)| l.0 <= now;
            hints.again.extend(self.later.iter().filter(|l| due(l)).map(|l| l.1.clone()));
            self.later.retain(|l| !due(l));
            if self.anew.is_some_and(|t| t <= now) {
                self.anew = None;
                if !self.is_polling() {
                    self.begin();
                    hints.everything = true;
                }
            }
            hints.everything |= self.is_polling() && now >= start + self.interval;
            if now >= self.round + ROUND {
                self.round = now;
                self.renew(&mut hints);
            }
            hints.notice = hints.notice.take().or(self.notice.take());
        }
        hints
    }

    /// Takes what follows closely.
    fn gather(&mut self, hints: &mut Hints) {
        let end = Instant::now() + LONGEST;
        let mut quiet = Instant::now() + QUIET;
        while let Some(left) = quiet.min(end).checked_duration_since(Instant::now()) {
            let Ok(event) = self.heard.recv_timeout(left) else { break };
            if self.take(event, hints) {
                quiet = Instant::now() + QUIET;
            }
        }
        let tops: Vec<PathBuf> = self.watched.iter().map(|w| w.0.clone()).collect();
        if tops.iter().any(|t| hints.places.contains(t)) {
            self.renew(hints);
        }
    }

    /// Takes a notice; returns whether it is one of a change.
    fn take(&mut self, event: notify::Result<Event>, hints: &mut Hints) -> bool {
        match event {
            Ok(event) if event.need_rescan() => hints.everything = true,
            // Reading a file is an event too, and the preview reads.
            Ok(event) if matches!(event.kind, EventKind::Access(_)) => return false,
            Ok(event) => {
                hints.places.extend(event.paths.into_iter().filter(|p| p.starts_with(&self.root)));
            }
            Err(e) => {
                hints.everything = true;
                if is_limit(&e) {
                    self.give_up(&e);
                }
            }
        }
        true
    }

    /// Watches folders that were made, or made again.
    fn renew(&mut self, hints: &mut Hints) {
        if !self.is_polling() {
            hints.places.extend(self.watch_folders());
        }
    }

    /// Watches what is not watched yet; returns it.
    fn watch_folders(&mut self) -> Vec<PathBuf> {
        let mut fresh = Vec::new();
        for i in 0..self.watched.len() {
            let (path, was) = self.watched[i].clone();
            let there = std::fs::symlink_metadata(&path).ok().filter(std::fs::Metadata::is_dir);
            let is = there.map(|m| (m.dev(), m.ino()));
            if is == was {
                continue;
            }
            let Some(watcher) = &mut self.watcher else { return fresh };
            if was.is_some() {
                let _ = watcher.unwatch(&path);
            }
            self.watched[i].1 = None;
            if is.is_some() {
                let mode = if i == 0 { RecursiveMode::NonRecursive } else { RecursiveMode::Recursive };
                match watcher.watch(&path, mode) {
                    Ok(()) => self.watched[i].1 = is,
                    Err(e) if is_limit(&e) => {
                        self.give_up(&e);
                        return fresh;
                    }
                    // It went in this moment; the next round sees whether it came back.
                    Err(_) => {}
                }
            }
            fresh.push(path);
        }
        fresh
    }

    fn give_up(&mut self, e: &notify::Error) {
        self.watcher = None;
        self.notice =
            Some(format!("the system watches no more files ({e}): looking at all of them every half second instead"));
    }
}

/// Whether the system has no room for one more watch.
fn is_limit(e: &notify::Error) -> bool {
    match &e.kind {
        ErrorKind::MaxFilesWatch => true,
        // No space left for watches; too many open files.
        ErrorKind::Io(e) => matches!(e.raw_os_error(), Some(28 | 24)),
        _ => false,
    }
}
