//! The back slot, where the next edition is made beside the one in front. Never touches the one in front.

#![allow(clippy::disallowed_methods, reason = "sinks are the only writers")]

use super::Refused;
use super::held::Held;
use super::manifest::{self, Manifest, Stamp};
use super::refused::{io, refuse};
use super::{place, plan};
use rustc_hash::{FxHashMap, FxHashSet};
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// In the slot from before its first change until after its last: what bears it is worth nothing.
pub(super) const MARK: &str = ".dealwire-dirty";
const FRESH: &str = ".dealwire-manifest.next";
const FILE: Mode = Mode::from_raw_mode(0o644);
const FOLDER: Mode = Mode::from_raw_mode(0o755);

/// The back slot. Nothing in it changes before the first [`Slot::put`] or [`Slot::open`].
pub(super) struct Slot<'a> {
    path: &'a Path,
    /// Killed in the middle: to be emptied first.
    dirty: bool,
    /// What it holds of the coming edition's files; of use where the stamp is the right one.
    kept: FxHashMap<String, Stamp>,
    stale_files: Vec<String>,
    /// The innermost first.
    stale_folders: Vec<String>,
    folders: Mutex<FxHashSet<String>>,
    opening: Mutex<()>,
    fd: OnceLock<OwnedFd>,
    /// What is made here has the mode that was asked for: the umask takes nothing away.
    open_mask: AtomicBool,
}

impl<'a> Slot<'a> {
    /// Looks at the slot. Refuses what bears its name and is not one (E1202).
    pub(super) fn look(path: &'a Path, coming: &FxHashSet<&str>) -> Result<Self, Refused> {
        let mut slot = Self {
            path,
            dirty: marked(path)?,
            kept: FxHashMap::default(),
            stale_files: Vec::new(),
            stale_folders: Vec::new(),
            folders: Mutex::new(FxHashSet::default()),
            opening: Mutex::new(()),
            fd: OnceLock::new(),
            open_mask: AtomicBool::new(false),
        };
        if slot.dirty {
            return Ok(slot);
        }
        if let Some(held) = Held::read(path)? {
            let wanted: FxHashSet<&str> = coming.iter().flat_map(|file| plan::folders(file)).collect();
            slot.stale_files = held.found().filter(|f| !coming.contains(f)).map(str::to_owned).collect();
            let (folders, stale): (Vec<_>, _) = held.folders.into_iter().partition(|f| wanted.contains(f.as_str()));
            slot.folders = Mutex::new(folders.into_iter().collect());
            slot.stale_folders = stale;
            slot.stale_folders.sort_by(|a, b| b.cmp(a));
            slot.kept = held.sound;
            slot.kept.retain(|f, _| coming.contains(f.as_str()));
        }
        Ok(slot)
    }

    /// The stamp of a file as the slot held it before the first change.
    pub(super) fn stamp(&self, file: &str) -> Option<Stamp> {
        self.kept.get(file).copied()
    }

    /// All that it held of the coming edition before the first change.
    pub(super) fn kept(&self) -> &FxHashMap<String, Stamp> {
        &self.kept
    }

    /// Whether anything was changed.
    pub(super) fn begun(&self) -> bool {
        self.fd.get().is_some()
    }

    /// The slot, marked, without the files of editions past. Uses no other thread, since it holds a lock.
    pub(super) fn open(&self) -> Result<&OwnedFd, Refused> {
        if let Some(fd) = self.fd.get() {
            return Ok(fd);
        }
        let _one = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fd) = self.fd.get() {
            return Ok(fd);
        }
        let fd = self.begin()?;
        Ok(self.fd.get_or_init(|| fd))
    }

    fn begin(&self) -> Result<OwnedFd, Refused> {
        let fresh = match rustix::fs::mkdirat(CWD, self.path, FOLDER) {
            Ok(()) => true,
            Err(Errno::EXIST) => false,
            Err(e) => return Err(io("make", self.path, e)),
        };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = rustix::fs::openat(CWD, self.path, flags, Mode::empty()).map_err(|e| io("open", self.path, e))?;
        let there = rustix::fs::fstat(&fd).map_err(|e| io("look at", self.path, e))?;
        self.open_mask.store(fresh && Mode::from_raw_mode(there.st_mode) == FOLDER, Ordering::Relaxed);
        rustix::fs::fchmod(&fd, FOLDER).map_err(|e| io("open up", self.path, e))?;
        if self.dirty {
            empty(self.path)?;
        } else {
            self.create(&fd, MARK)?;
        }
        for file in &self.stale_files {
            rustix::fs::unlinkat(&fd, file.as_str(), AtFlags::empty())
                .map_err(|e| io("remove", &self.path.join(file), e))?;
        }
        for folder in &self.stale_folders {
            rustix::fs::unlinkat(&fd, folder.as_str(), AtFlags::REMOVEDIR)
                .map_err(|e| io("remove", &self.path.join(folder), e))?;
        }
        Ok(fd)
    }

    /// Makes a file, in place of what was there. Never writes into an old one.
    pub(super) fn put(&self, file: &str, bytes: &[u8]) -> Result<(), Refused> {
        let fd = self.open()?;
        self.folders(fd, file)?;
        let written = self.create(fd, file)?.write_all(bytes);
        written.map_err(|e| io("write", &self.path.join(file), e))
    }

    /// Makes the folders that a file lies in.
    fn folders(&self, fd: &OwnedFd, file: &str) -> Result<(), Refused> {
        let known = || self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((nearest, _)) = file.rsplit_once('/') else { return Ok(()) };
        if known().contains(nearest) {
            return Ok(());
        }
        for folder in plan::folders(file) {
            if known().contains(folder) {
                continue;
            }
            let failed = |verb, e| io(verb, &self.path.join(folder), e);
            match rustix::fs::mkdirat(fd, folder, FOLDER) {
                Ok(()) => {}
                // Another thread's, or a stranger's: then it may be a way out.
                Err(Errno::EXIST) => {
                    let stat = rustix::fs::statat(fd, folder, AtFlags::SYMLINK_NOFOLLOW);
                    let mode = stat.map_err(|e| failed("look at", e))?.st_mode;
                    if !FileType::from_raw_mode(mode).is_dir() {
                        return Err(refuse(format!("`{}` is not the folder it was", self.path.join(folder).display())));
                    }
                }
                Err(e) => return Err(failed("make", e)),
            }
            if !self.open_mask.load(Ordering::Relaxed) {
                // By every thread that is about to need it.
                rustix::fs::chmodat(fd, folder, FOLDER, AtFlags::empty()).map_err(|e| failed("open up", e))?;
            }
            known().insert(folder.to_owned());
        }
        Ok(())
    }

    fn create(&self, fd: &OwnedFd, file: &str) -> Result<File, Refused> {
        let failed = |verb, e| io(verb, &self.path.join(file), e);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let made = match rustix::fs::openat(fd, file, flags, FILE) {
            Err(Errno::EXIST) => {
                rustix::fs::unlinkat(fd, file, AtFlags::empty()).map_err(|e| failed("remove", e))?;
                rustix::fs::openat(fd, file, flags, FILE)
            }
            made => made,
        };
        let made = made.map_err(|e| failed("make", e))?;
        if !self.open_mask.load(Ordering::Relaxed) {
            rustix::fs::fchmod(&made, FILE).map_err(|e| failed("open up", e))?;
        }
        Ok(made.into())
    }

    /// Writes the manifest, brings all of it to the disk, and takes the mark off: an edition stands.
    pub(super) fn settle(&self, manifest: &Manifest) -> Result<(), Refused> {
        let fd = self.open()?;
        let named = self.path.join(manifest::NAME);
        let failed = |verb, e| io(verb, &named, e);
        let bytes = manifest.encode().map_err(|e| io("write", &named, e))?;
        let mut file = self.create(fd, FRESH)?;
        file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(|e| io("write", &named, e))?;
        rustix::fs::renameat(fd, FRESH, fd, manifest::NAME).map_err(|e| failed("write", e))?;
        rustix::fs::syncfs(fd).map_err(|e| failed("sync", e))?;
        rustix::fs::unlinkat(fd, MARK, AtFlags::empty()).map_err(|e| io("remove", &self.path.join(MARK), e))?;
        rustix::fs::fsync(fd).map_err(|e| io("sync", self.path, e))
    }
}

/// Whether a slot was left in the middle. Refuses what is no slot (E1202).
pub(super) fn marked(path: &Path) -> Result<bool, Refused> {
    let refuse = |what: &str| refuse(format!("`{}` {what}; remove it if nothing in it is yours", path.display()));
    match std::fs::symlink_metadata(path) {
        Ok(there) if !there.is_dir() => return Err(refuse("is not a directory")),
        Ok(_) => {}
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(false),
        Err(e) => return Err(io("look at", path, e)),
    }
    let mark = path.join(MARK);
    match std::fs::symlink_metadata(&mark) {
        Ok(there) if there.is_file() => return Ok(true),
        Ok(_) => return Err(refuse("has a mark that is not a file")),
        Err(e) if e.kind() == ErrorKind::NotFound => {}
        Err(e) => return Err(io("look at", &mark, e)),
    }
    if !Manifest::stands(path)? && !place::empty(path)? {
        return Err(refuse("has the name of a slot, but dealwire did not write it"));
    }
    Ok(false)
}

/// Removes all but the mark. Symbolic links are removed, not followed.
pub(super) fn empty(path: &Path) -> Result<(), Refused> {
    for item in std::fs::read_dir(path).map_err(|e| io("list", path, e))? {
        let item = item.map_err(|e| io("list", path, e))?;
        if item.file_name() == MARK {
            continue;
        }
        let folder = item.file_type().map_err(|e| io("look at", &item.path(), e))?.is_dir();
        let removed = if folder { std::fs::remove_dir_all(item.path()) } else { std::fs::remove_file(item.path()) };
        removed.map_err(|e| io("remove", &item.path(), e))?;
    }
    Ok(())
}
