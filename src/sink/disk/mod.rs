//! Writes an edition to a directory: all of it in one step or nothing. Never deletes what it did not write.
//!
//! The edition is made in the back slot, `.NAME.dealwire-back` beside the output, which is what was in front before
//! last and so lags by two editions' changes only. Each route is printed and hashed; what the slot already has is left,
//! what differs is made anew, and what the front has is put off until it is known that anything changed at all: if
//! nothing did, neither is touched. Then the slot gets its manifest, all is synced once, and the two change places in
//! one rename. From before its first change until after its last the slot bears a mark, and a slot found with the mark
//! on is emptied and made afresh.

#![allow(clippy::disallowed_methods, reason = "sinks are the only writers")]
#![allow(clippy::result_large_err, reason = "an error ends the build, and is made once")]

mod held;
mod lock;
mod manifest;
mod place;
mod plan;
mod refused;
mod slot;
mod swap;
mod sweep;

pub use manifest::{Manifest, NAME as MANIFEST, Stamp};
pub use refused::Refused;
pub use sweep::clean;

use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Answer, Route, Shelf};
use crate::sink::ROUND;
use held::Held;
use lock::Lock;
use place::Place;
use rayon::prelude::*;
use refused::{io, refuse};
use rustc_hash::FxHashSet;
use rustix::fs::{CWD, Mode, OFlags};
use slot::Slot;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Where to write, and what to say of it.
#[derive(Clone, Debug)]
pub struct Options {
    /// The site's root. The output is neither it nor above it.
    pub root: PathBuf,
    /// The output directory, from the current directory if relative. Made when missing, with its parents.
    pub out: PathBuf,
    /// Whether drafts are shown: the manifest says so, and publish refuses it.
    pub marked: bool,
    /// The edition's instant.
    pub instant: jiff::Timestamp,
    /// Threads that print; 0 for as many as there are processors. Called from a pool of threads, that one prints.
    pub jobs: usize,
    /// What the site is made from: the output is not in, at or above any of them.
    pub source_dirs: Vec<PathBuf>,
}

/// What was done, in comparison with the edition that was in front.
#[derive(Debug)]
pub struct Report {
    /// Files of the edition, the manifest not counted.
    pub files: usize,
    /// Those that are new or other than before.
    pub written: usize,
    /// Those that are as before.
    pub unchanged: usize,
    /// Files that were there before and are not now.
    pub removed: usize,
    /// Files that are settled by their names and had to be made: neither slot had them.
    pub drawn: Vec<String>,
    /// Size of the edition, the manifest not counted.
    pub bytes: u64,
    /// What was found while printing, warnings only, in a report's order.
    pub findings: Vec<Diagnostic>,
    /// Every file, by path below the output directory.
    pub outputs: BTreeMap<String, Stamp>,
}

/// Refuses a destination in which something could be lost (E1202), early and without touching anything. Strangers'
/// files below an output with a manifest are found by [`write()`] alone, before it prints.
///
/// # Errors
/// The refusal, or E1204 when the destination cannot be looked at.
pub fn check_destination(options: &Options) -> Result<(), Refused> {
    Place::check(&options.root, &options.out, &options.source_dirs).map(|_| ())
}

/// Clashes between the files of routes, and names that some system cannot have (E1201).
#[must_use]
pub fn check_names(routes: &[Route]) -> Vec<Diagnostic> {
    plan::files(routes).err().unwrap_or_default()
}

/// Makes the output directory hold exactly what the shelf does, in one step. `progress` hears, from many threads, how
/// many routes of how many are printed.
///
/// # Errors
/// With every finding when there is an error among them, and with the first refusal or fault of the disk. The output is
/// then as it was; where nothing but the instant is new, the manifest can be the new one.
pub fn write(
    shelf: &dyn Shelf,
    options: &Options,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Report, Refused> {
    let place = Place::check(&options.root, &options.out, &options.source_dirs)?;
    let routes = shelf.routes();
    let files = plan::files(&routes).map_err(|all| Refused::Findings(in_order(all)))?;
    std::fs::create_dir_all(&place.parent).map_err(|e| io("make", &place.parent, e))?;
    let _lock = Lock::take(&place.lock)?;
    swap::mend(&place)?;
    let edition = Edition { shelf, options, place: &place, routes: &routes, files: &files };
    if rayon::current_thread_index().is_some() {
        return edition.write(progress);
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.jobs).build();
    let pool = pool.map_err(|e| io("start threads to write", &place.out, std::io::Error::other(e)))?;
    pool.install(|| edition.write(progress))
}

/// An edition on its way to a place that is ours.
struct Edition<'a> {
    shelf: &'a dyn Shelf,
    options: &'a Options,
    place: &'a Place,
    routes: &'a [Route],
    /// The file of each route.
    files: &'a [String],
}

/// What came of one route.
struct Printed {
    stamp: Stamp,
    /// The front has the same.
    same: bool,
    /// It was made in the slot.
    made: bool,
    /// It is settled by its name, and had to be asked for.
    drawn: bool,
}

impl Edition<'_> {
    fn write(&self, progress: &(dyn Fn(usize, usize) + Sync)) -> Result<Report, Refused> {
        let coming: FxHashSet<&str> = self.files.iter().map(String::as_str).collect();
        let (front, slot) = rayon::join(|| Held::read(&self.place.out), || Slot::look(&self.place.back, &coming));
        let (front, slot) = (front?, slot?);
        if front.is_none() && self.place.out.exists() && !place::empty(&self.place.out)? {
            return Err(refuse(format!("will not write to `{}`: it is not empty", self.options.out.display())));
        }
        let (printed, findings) = self.print(front.as_ref(), &slot, progress)?;
        let findings = in_order(findings);
        if findings.iter().any(|f| f.severity() == Severity::Error) {
            self.keep(&slot, &printed)?;
            return Err(Refused::Findings(findings));
        }
        let outputs: BTreeMap<String, Stamp> =
            self.files.iter().zip(&printed).filter_map(|(f, p)| Some((f.clone(), p.as_ref()?.stamp))).collect();
        let all = self.files.iter().zip(&printed);
        let drawn = all.filter(|(_, p)| p.as_ref().is_some_and(|p| p.drawn)).map(|(f, _)| f.clone()).collect();
        let unchanged = printed.iter().flatten().filter(|p| p.same).count();
        let mut manifest = Manifest::new(self.options.instant, self.options.marked, outputs);
        (manifest.things, manifest.facts) = rayon::join(|| self.things(), || self.shelf.facts());
        let mut report = Report {
            files: manifest.files.len(),
            written: manifest.files.len() - unchanged,
            unchanged,
            removed: front.as_ref().map_or(0, |f| f.found().filter(|f| !coming.contains(f)).count()),
            drawn,
            bytes: manifest.files.values().map(|s| s.size).sum(),
            findings,
            outputs: BTreeMap::new(),
        };
        match &front {
            Some(front)
                if report.written == 0 && front.whole && front.sound.len() == report.files && self.folders(front) =>
            {
                if (front.instant, front.drafts) != (manifest.instant, manifest.drafts) {
                    swap::relabel(self.place, &manifest)?;
                }
            }
            _ => {
                slot.open()?;
                self.bring(&slot, &printed)?;
                slot.settle(&manifest)?;
                if front.is_some() { swap::exchange(self.place)? } else { swap::first(self.place)? }
            }
        }
        report.outputs = manifest.files;
        Ok(report)
    }

    /// Prints every route, and makes in the slot what neither it nor the front has.
    fn print(
        &self,
        front: Option<&Held>,
        slot: &Slot<'_>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<(Vec<Option<Printed>>, Vec<Diagnostic>), Refused> {
        let findings = Mutex::new(Vec::new());
        let done = AtomicUsize::new(0);
        let printed = self.routes.par_iter().zip(self.files).with_max_len(ROUND).map(|(route, file)| {
            let settled = self.shelf.is_settled(route);
            let in_front = front.and_then(|f| f.sound.get(file));
            let held = in_front.copied().or_else(|| slot.stamp(file)).filter(|_| settled);
            let printed = match held.map_or_else(|| self.ask(route).map(Err), |stamp| Ok(Ok(stamp))) {
                // A file of this name says the same, whatever edition it was made for.
                Ok(Ok(stamp)) => Some(Printed { stamp, same: in_front.is_some(), made: false, drawn: false }),
                Ok(Err((bytes, found))) => {
                    if !found.is_empty() {
                        findings.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
                    }
                    let stamp = Stamp::of(&bytes);
                    let same = in_front == Some(&stamp);
                    let made = !same && slot.stamp(file) != Some(stamp);
                    if made {
                        slot.put(file, &bytes)?;
                    }
                    Some(Printed { stamp, same, made, drawn: settled })
                }
                Err(finding) => {
                    findings.lock().unwrap_or_else(PoisonError::into_inner).push(finding);
                    None
                }
            };
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, self.routes.len());
            Ok(printed)
        });
        let printed = printed.collect::<Result<Vec<_>, Refused>>()?;
        Ok((printed, findings.into_inner().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Where the things of this edition stand, for the next one to compare.
    fn things(&self) -> BTreeMap<String, String> {
        let named = |r: &Route| Some((self.shelf.identity(r)?, r.as_str().to_owned()));
        let things: Vec<_> = self.routes.par_iter().with_max_len(ROUND).filter_map(named).collect();
        things.into_iter().collect()
    }

    fn ask(&self, route: &Route) -> Result<(Vec<u8>, Vec<Diagnostic>), Diagnostic> {
        match self.shelf.ask(route)? {
            Answer::Found(output) => Ok((output.bytes, output.findings)),
            Answer::Absent => Err(Diagnostic::bare("E1205", format!("`{route}` is listed, but nothing stands there"))),
        }
    }

    /// Whether the front has no folder but those its files lie in.
    fn folders(&self, front: &Held) -> bool {
        let wanted: FxHashSet<&str> = self.files.iter().flat_map(|file| plan::folders(file)).collect();
        front.folders.iter().all(|f| wanted.contains(f.as_str()))
    }

    /// Copies to the slot what only the front has; what is there no longer what it was is printed again.
    fn bring(&self, slot: &Slot<'_>, printed: &[Option<Printed>]) -> Result<(), Refused> {
        let all = self.routes.par_iter().zip(self.files).zip(printed);
        all.try_for_each(|((route, file), printed)| {
            let Some(Printed { stamp, same: true, .. }) = printed else { return Ok(()) };
            if slot.stamp(file) == Some(*stamp) {
                return Ok(());
            }
            let path = self.place.out.join(file);
            let bytes = match load(&path).map_err(|e| io("read", &path, e))? {
                bytes if Stamp::of(&bytes) == *stamp => bytes,
                _ => self.ask(route).map_err(|one| Refused::Findings(vec![one]))?.0,
            };
            if Stamp::of(&bytes) != *stamp {
                return Err(io("write", &path, std::io::Error::other("it was printed twice, and differed")));
            }
            slot.put(file, &bytes)
        })
    }

    /// After findings: leaves the slot in order, so that what was made need not be made again.
    fn keep(&self, slot: &Slot<'_>, printed: &[Option<Printed>]) -> Result<(), Refused> {
        if !slot.begun() {
            return Ok(());
        }
        let mut files: BTreeMap<String, Stamp> = slot.kept().iter().map(|(f, s)| (f.clone(), *s)).collect();
        let made = self.files.iter().zip(printed).filter_map(|(file, p)| Some((file, p.as_ref().filter(|p| p.made)?)));
        files.extend(made.map(|(file, p)| (file.clone(), p.stamp)));
        slot.settle(&Manifest::new(self.options.instant, self.options.marked, files))
    }
}

fn load(path: &Path) -> std::io::Result<Vec<u8>> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let mut bytes = Vec::new();
    File::from(rustix::fs::openat(CWD, path, flags, Mode::empty())?).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn in_order(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings.sort_by_cached_key(Diagnostic::sort_key);
    findings.dedup();
    findings
}
