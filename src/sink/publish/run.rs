//! A plan -> an edition that readers see: what is referred to first, what refers to it after it, the record, and only
//! then deletions. After any fault nothing is deleted.

use super::claim::{Held, lost};
use super::keys::Keys;
use super::plan::{Plan, Reason, Stage, Upload, kept_name};
use super::record::Record;
use super::stop::Stop;
use super::store::{Fault, Head, Layout, Store, Tag, When, failed};
use crate::diagnostic::Diagnostic;
use crate::sink::disk::Stamp;
use jiff::Timestamp;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How many requests are under way at a time.
const AT_A_TIME: usize = 12;
/// How often the claim is renewed.
const BEAT: Duration = Duration::from_secs(20);

/// What files are taken from.
pub trait Source: Sync {
    /// The bytes of a file of the edition.
    ///
    /// # Errors
    /// When it cannot be had any more.
    fn bytes(&self, path: &str) -> Result<Vec<u8>, Stop>;
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Files that were sent.
    pub sent: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Files that had been sent by a run that did not end.
    pub found: usize,
    /// Files that were deleted.
    pub deleted: usize,
}

/// A run.
pub struct Run<'a> {
    /// The target.
    pub store: &'a dyn Store,
    /// What is to be done.
    pub plan: &'a Plan,
    /// Where the bytes come from.
    pub source: &'a dyn Source,
    /// The record of the live edition, and its version.
    pub there: Option<(&'a Record, Option<Tag>)>,
    /// The claim, where the target has such.
    pub claim: Option<&'a Held<'a>>,
    /// Hears how many bytes of how many are sent.
    pub progress: &'a (dyn Fn(u64, u64) + Sync),
    /// What tells the time.
    pub clock: fn() -> Timestamp,
}

#[derive(Default)]
struct Counts {
    sent: AtomicUsize,
    bytes: AtomicU64,
    found: AtomicUsize,
    passed: AtomicU64,
}

impl Run<'_> {
    /// Does it.
    ///
    /// # Errors
    /// The first fault. What is live is then the old edition or the new one, and nothing that either needs is gone.
    pub fn go(&self) -> Result<Done, Stop> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(AT_A_TIME).build();
        let pool = pool.map_err(|e| failed(self.store, "threads cannot be started", &Fault::Lasting(e.to_string())))?;
        if let Some(claim) = self.claim {
            claim.renew((self.clock)(), Some(self.plan.writes()))?;
        }
        let (over, beaten) = (AtomicBool::new(false), std::sync::Mutex::new(None));
        std::thread::scope(|scope| {
            scope.spawn(|| self.beat(&over, &beaten));
            let done = pool.install(|| self.all());
            over.store(true, Ordering::Relaxed);
            done
        })
        .map_err(|stop| beaten.into_inner().ok().flatten().unwrap_or(stop))
    }

    /// Renews the claim until all is over; what keeps it from being renewed ends the run.
    fn beat(&self, over: &AtomicBool, beaten: &std::sync::Mutex<Option<Stop>>) {
        let Some(claim) = self.claim else { return };
        let mut last = Instant::now();
        while !over.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(20));
            if last.elapsed() < BEAT {
                continue;
            }
            last = Instant::now();
            if let Err(stop @ Stop::Lost(_)) = claim.renew((self.clock)(), None) {
                over.store(true, Ordering::Relaxed);
                if let Ok(mut slot) = beaten.lock() {
                    *slot = Some(stop);
                }
            }
        }
    }

    fn all(&self) -> Result<Done, Stop> {
        let counts = Counts::default();
        let keys = self.keys();
        let layout = self.store.abilities().layout;
        if layout == Layout::Editions {
            self.carry_over(&keys)?;
        }
        let mut record = self.plan.record.clone();
        let keeps = layout == Layout::InPlace && !self.plan.takes_away;
        for stage in Stage::ALL {
            let files: Vec<&Upload> = self.plan.uploads.iter().filter(|u| u.stage == stage).collect();
            let kept = files.par_iter().map(|u| self.send(u, &keys, keeps, &counts)).collect::<Result<Vec<_>, _>>()?;
            record.kept.extend(kept.into_iter().flatten());
        }
        match layout {
            Layout::InPlace => {
                self.publish(&keys, &record)?;
                self.delete(&keys)?;
            }
            Layout::Editions => {
                // What a run that did not end has left in the new edition.
                self.delete(&keys)?;
                record.retired.retain(|path, _| !self.plan.deletions.contains_key(path));
                if !self.store.abilities().claims {
                    record.litter.clear();
                }
                self.publish(&keys, &record)?;
            }
        }
        self.clean(&keys, record)?;
        let Counts { sent, bytes, found, .. } = counts;
        let deleted = self.plan.deletions.len();
        Ok(Done { sent: sent.into_inner(), bytes: bytes.into_inner(), found: found.into_inner(), deleted })
    }

    fn keys(&self) -> Keys {
        Keys::new(self.store.abilities().layout, self.plan.record.number)
    }

    /// Makes the files of a whole edition that are there already part of it, those too that old tabs may still ask for.
    fn carry_over(&self, keys: &Keys) -> Result<(), Stop> {
        let Some((there, _)) = &self.there else { return Ok(()) };
        let retired = self.plan.record.retired.keys().filter(|p| !self.plan.deletions.contains_key(*p));
        let all: Vec<&String> = self.plan.unchanged.iter().chain(retired).collect();
        all.into_par_iter().try_for_each(|path| {
            let copied = self.store.copy(&keys.file_of(there.number, path), &keys.file(path));
            copied.map_err(|f| failed(self.store, &format!("`{path}` cannot be taken over"), &f))
        })
    }

    /// Sends a file and reads it back; returns the digest of what it replaced, if that is kept.
    fn send(&self, up: &Upload, keys: &Keys, keeps: bool, counts: &Counts) -> Result<Option<String>, Stop> {
        let key = keys.file(&up.path);
        let fault = |doing: &str, f: &Fault| failed(self.store, &format!("`{}` cannot be {doing}", up.path), f);
        let mut is_there = false;
        let mut keep = up.was.as_ref().filter(|was| keeps && was.stamp != up.file.stamp).map(|was| was.stamp);
        if up.reason == Reason::Unsure {
            let got = self.store.get(&key).map_err(|f| fault("looked at", &f))?;
            let there = got.as_ref().map(|g| Stamp::of(&g.bytes));
            let is_served_so = got.and_then(|g| g.head).is_none_or(|h| h == up.file.head);
            is_there = there == Some(up.file.stamp) && is_served_so;
            // Replaced already: the run that did so has kept it.
            if keep.is_some() && there != keep {
                return self.sent(up, keys, is_there, counts).map(|()| keep.as_ref().map(kept_name));
            }
        }
        if let Some(stamp) = keep.take_if(|_| !is_there) {
            let name = kept_name(&stamp);
            self.store.copy(&key, &keys.kept(&name)).map_err(|f| fault("kept", &f))?;
            self.sent(up, keys, false, counts)?;
            return Ok(Some(name));
        }
        self.sent(up, keys, is_there, counts).map(|()| None)
    }

    fn sent(&self, up: &Upload, keys: &Keys, is_there: bool, counts: &Counts) -> Result<(), Stop> {
        let size = up.file.stamp.size;
        if is_there {
            counts.found.fetch_add(1, Ordering::Relaxed);
        } else {
            let bytes = self.source.bytes(&up.path)?;
            if Stamp::of(&bytes) != up.file.stamp {
                return Err(Stop::Failed(differs(&up.path, "it was printed twice, and differed")));
            }
            self.write(&keys.file(&up.path), &up.path, &bytes, &up.file.head)?;
            counts.sent.fetch_add(1, Ordering::Relaxed);
            counts.bytes.fetch_add(size, Ordering::Relaxed);
        }
        let passed = counts.passed.fetch_add(size, Ordering::Relaxed) + size;
        (self.progress)(passed, self.plan.bytes());
        Ok(())
    }

    /// Writes and reads back, and once more if that is something else.
    fn write(&self, key: &str, path: &str, bytes: &[u8], head: &Head) -> Result<(), Stop> {
        for _ in 0..2 {
            self.claim.map_or(Ok(()), |c| c.check((self.clock)()))?;
            let put = self.store.put(key, bytes, head, &When::Always);
            put.map_err(|f| failed(self.store, &format!("`{path}` cannot be sent"), &f))?;
            let there = self.store.get(key);
            let there = there.map_err(|f| failed(self.store, &format!("`{path}` cannot be read back"), &f))?;
            if there.is_some_and(|t| t.bytes == bytes) {
                return Ok(());
            }
        }
        Err(Stop::Failed(differs(path, "what was read back is not what was sent")))
    }

    /// Writes the record, which is what makes the edition the published one.
    fn publish(&self, keys: &Keys, record: &Record) -> Result<(), Stop> {
        let fault = |f: &Fault| match f {
            Fault::Lost => lost("somebody else has published meanwhile"),
            f => failed(self.store, "the record cannot be written", f),
        };
        let there = self.there.as_ref().map(|t| t.0);
        let abilities = self.store.abilities();
        match abilities.layout {
            Layout::InPlace => {
                if let Some(old) = there.filter(|_| !self.plan.takes_away) {
                    let key = keys.edition(old.number);
                    self.store.put(&key, &old.encode(), &head(), &When::Always).map_err(|f| fault(&f))?;
                }
                self.record(keys, record, self.there.as_ref().and_then(|t| t.1.clone()))
            }
            Layout::Editions => {
                self.store.put(&keys.record(), &record.encode(), &head(), &When::Always).map_err(|f| fault(&f))?;
                let message = format!("Edition {} of {}, as of {}", record.number, record.site, record.instant);
                self.store.go_live(there.map(|t| t.number), record.number, &message).map_err(|f| fault(&f))
            }
        }
    }

    /// Puts a record in the place of the one that was read.
    fn record(&self, keys: &Keys, record: &Record, tag: Option<Tag>) -> Result<(), Stop> {
        let when = match (self.store.abilities().swaps, tag, &self.there) {
            (true, Some(tag), _) => When::Is(tag),
            (true, None, None) => When::Absent,
            _ => When::Always,
        };
        let bytes = record.encode();
        let put = self.store.put(&keys.record(), &bytes, &head(), &when);
        put.map_err(|f| match f {
            Fault::Lost => lost("somebody else has published meanwhile"),
            f => failed(self.store, "the record cannot be written", &f),
        })?;
        let there =
            self.store.get(&keys.record()).map_err(|f| failed(self.store, "the record cannot be read back", &f))?;
        if there.is_some_and(|t| t.bytes == bytes) {
            Ok(())
        } else {
            Err(lost("somebody else has published meanwhile"))
        }
    }

    fn delete(&self, keys: &Keys) -> Result<(), Stop> {
        let gone: Vec<&String> = self.plan.deletions.keys().collect();
        gone.par_iter().try_for_each(|path| {
            self.claim.map_or(Ok(()), |c| c.check((self.clock)()))?;
            let deleted = self.store.delete(&keys.file(path));
            deleted.map_err(|f| failed(self.store, &format!("`{path}` cannot be deleted"), &f))
        })
    }

    /// Deletes what of ours nobody needs any more, and says in the record that it and the deleted files are gone.
    fn clean(&self, keys: &Keys, mut record: Record) -> Result<(), Stop> {
        let fault = |what: &str, f: &Fault| failed(self.store, &format!("`{what}` cannot be deleted"), f);
        let published = record.clone();
        let layout = self.store.abilities().layout;
        if layout == Layout::InPlace {
            self.sweep(keys, &mut record)?;
        }
        let litter = std::mem::take(&mut record.litter);
        litter.par_iter().try_for_each(|key| {
            let number = key.strip_prefix("editions/").and_then(|n| n.parse().ok());
            let done = match (layout, number, key.strip_prefix("kept/")) {
                (Layout::Editions, Some(number), _) => self.store.drop_edition(number),
                (Layout::InPlace, Some(number), _) => self.store.delete(&keys.edition(number)),
                (Layout::InPlace, _, Some(digest)) => self.store.delete(&keys.kept(digest)),
                _ => Ok(()),
            };
            done.map_err(|f| fault(key, &f))
        })?;
        record.retired.retain(|path, _| !self.plan.deletions.contains_key(path));
        if record == published {
            return Ok(());
        }
        let there = self.store.get(&keys.record()).map_err(|f| fault("record", &f))?;
        self.record(keys, &record, there.and_then(|t| t.tag))
    }

    /// Adds to the litter what is kept for editions that nobody can go back to any more.
    fn sweep(&self, keys: &Keys, record: &mut Record) -> Result<(), Stop> {
        if !record.litter.iter().any(|k| k.starts_with("editions/")) || record.kept.is_empty() {
            return Ok(());
        }
        let mut needed = BTreeSet::new();
        for earlier in &record.earlier {
            let there = self.store.get(&keys.edition(earlier.number));
            let there = there.map_err(|f| failed(self.store, "an earlier record cannot be read", &f))?;
            let files = there.and_then(|t| Record::parse(&t.bytes).ok()).map(|r| r.files).unwrap_or_default();
            needed.extend(files.values().map(|f| kept_name(&f.stamp)));
        }
        let (keep, fall): (BTreeSet<String>, BTreeSet<String>) =
            std::mem::take(&mut record.kept).into_iter().partition(|k| needed.contains(k));
        record.kept = keep;
        record.litter.extend(fall.into_iter().map(|d| format!("kept/{d}")));
        Ok(())
    }
}

fn head() -> Head {
    Head::ours("no-cache")
}

/// E1306.
fn differs(path: &str, why: &str) -> Diagnostic {
    Diagnostic::bare("E1306", format!("`{path}`: {why}"))
        .help("publish again; if it stays so, the target changes files")
}
