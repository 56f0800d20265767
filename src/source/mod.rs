//! The only reader of the disk: a site's files come in as values. Never writes, never leaves the site's root.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this module and the sinks are the only doors to the disk, and files change while they are looked at"
)]

mod darkroom;
mod live;
pub mod survey;
mod walk;
pub mod watch;

use crate::diagnostic::{Diagnostic, FileId};
use crate::model::{Change, ImageStore, Texts};
use darkroom::Darkroom;
pub use live::Live;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use rustix::buffer::spare_capacity;
use rustix::fs::{CWD, Mode, OFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
pub use survey::{Seen, Survey};
use walk::{MAX_ASSET, walk};

/// How many of many a thread takes on at once: with a large part of all it would be at work alone at the end.
pub const ROUND: usize = 32;

/// What tells whether a file is the one that was there before, without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    length: u64,
    modified: (i64, i64),
    changed: (i64, i64),
    inode: u64,
}

impl Stamp {
    fn of(m: &std::fs::Metadata) -> Self {
        Self {
            length: m.len(),
            modified: (m.mtime(), m.mtime_nsec()),
            changed: (m.ctime(), m.ctime_nsec()),
            inode: m.ino(),
        }
    }

    /// Whether the file was changed so lately that another change would leave the same stamp: clocks of file systems tick
    /// a few hundred times a second.
    fn is_fresh(&self) -> bool {
        const TICK: i128 = 50_000_000;
        let nanoseconds = |t: (i64, i64)| i128::from(t.0) * 1_000_000_000 + i128::from(t.1);
        clock().as_nanosecond() - nanoseconds(self.modified.max(self.changed)) < TICK
    }

    /// Whether nobody wrote to the file. Its rights, its name and its place on the disk may have changed.
    fn is_same_text(&self, other: &Self) -> bool {
        (self.length, self.modified) == (other.length, other.modified)
    }
}

/// The site's root: the nearest folder upwards that holds `name`.
#[must_use]
pub fn find_root(start: &Path, name: &str) -> Option<PathBuf> {
    start.ancestors().find(|d| d.join(name).is_file()).map(Path::to_path_buf)
}

/// A folder's one true path, without links; systems name changed files by it.
#[must_use]
pub fn canonical(folder: &Path) -> Option<PathBuf> {
    folder.canonicalize().ok()
}

/// Finds every file below the given folders of the root, in order of path. Hidden files are left out, except where names
/// with a dot are published as they are.
///
/// # Errors
/// E1204 for everything that cannot be looked at, with its path; E1206 for a symbolic link.
pub fn find_all(root: &Path, folders: &[&str]) -> Result<Vec<(FileId, Stamp)>, Vec<Diagnostic>> {
    let (mut files, mut findings) = (Vec::new(), Vec::new());
    for folder in folders {
        let top = root.join(folder);
        match std::fs::symlink_metadata(&top) {
            Ok(m) if m.is_symlink() => findings.push(link(&id_of(root, &top))),
            Ok(_) => walk(root, &top, &mut files, &mut findings),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => findings.push(failed(&id_of(root, &top), &e)),
        }
    }
    if findings.is_empty() { Ok(files) } else { Err(findings) }
}

/// Reads files that were found, each with what `take` makes of it, so that no more than the results has to be held. Of a
/// file that is longer than `most` bytes it gets those alone.
///
/// # Errors
/// E1204 for every file that cannot be read.
pub fn read_each<T: Send>(
    root: &Path,
    files: &[(FileId, Stamp)],
    most: u64,
    take: impl Fn(&FileId, Vec<u8>) -> T + Sync,
) -> Result<Vec<T>, Vec<Diagnostic>> {
    let root = Root::open(root);
    let read: Vec<Result<T, Diagnostic>> = files
        .par_iter()
        .with_max_len(ROUND)
        .map(|(file, stamp)| match root.read_found(file, stamp.length, most) {
            Ok(bytes) => Ok(take(file, bytes)),
            Err(e) => Err(failed(file, &e)),
        })
        .collect();
    let (good, bad): (Vec<_>, Vec<_>) = read.into_iter().partition(Result::is_ok);
    if bad.is_empty() {
        Ok(good.into_iter().flatten().collect())
    } else {
        Err(bad.into_iter().filter_map(Result::err).collect())
    }
}

/// Reads every file below the given folders of the root, in order of path.
///
/// # Errors
/// As `find_all` and `read_each`.
pub fn read_all(root: &Path, folders: &[&str]) -> Result<Vec<Change>, Vec<Diagnostic>> {
    read_each(root, &find_all(root, folders)?, u64::MAX, |file, bytes| Change {
        file: file.clone(),
        bytes: Some(bytes.into()),
    })
}

/// Reads the files that settings name, those that are there, and looks at every folder on the way.
///
/// # Errors
/// E1204 for what cannot be read, E1206 for a symbolic link.
pub fn read_named(root: &Path, files: &[FileId]) -> Result<Vec<Change>, Vec<Diagnostic>> {
    let (mut there, mut findings) = (Vec::new(), Vec::new());
    for file in files {
        let path = root.join(file.path());
        let is_link = |p: &&Path| std::fs::symlink_metadata(p).is_ok_and(|m| m.is_symlink());
        if let Some(place) = path.ancestors().take_while(|p| *p != root).find(is_link) {
            findings.push(link(&id_of(root, place)));
        } else if let Some(stamp) = stamp(root, file).filter(|_| !there.iter().any(|(other, _)| other == file)) {
            there.push((file.clone(), stamp));
        }
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    read_each(root, &there, MAX_ASSET, |file, bytes| Change { file: file.clone(), bytes: Some(bytes.into()) })
}

/// A file up to so many bytes long is kept: reading it once more would cost more.
pub const SHORT: usize = 512;

/// The files of a site as an edition asks for them again: bodies and images, checked to be the same as when it was made.
pub struct Disk {
    root: Root,
    stamps: FxHashMap<FileId, Stamp>,
    /// What short files held.
    short: FxHashMap<FileId, Arc<[u8]>>,
    darkroom: Darkroom,
}

impl Disk {
    /// Of files that were found.
    #[must_use]
    pub fn new(root: &Path, files: impl IntoIterator<Item = (FileId, Stamp)>) -> Self {
        let (stamps, short) = (files.into_iter().collect(), FxHashMap::default());
        Self { root: Root::open(root), stamps, short, darkroom: Darkroom::default() }
    }

    /// Keeps what short files held, which nobody has to read again.
    pub fn keep(&mut self, short: impl IntoIterator<Item = (FileId, Arc<[u8]>)>) {
        self.short.extend(short);
    }

    /// Of files that come and go, as their folder itself may.
    fn changing(root: &Path) -> Self {
        let root = Root { path: root.to_path_buf(), folder: None };
        let (stamps, short) = Default::default();
        Self { root, stamps, short, darkroom: Darkroom::default() }
    }

    /// Takes note of a file that is another one now, or gone.
    fn renew(&mut self, file: &FileId, stamp: Option<Stamp>) {
        match stamp {
            Some(stamp) => self.stamps.insert(file.clone(), stamp),
            None => self.stamps.remove(file),
        };
    }
}

/// The stamp of a file below the root; `None` where there is none.
#[must_use]
pub fn stamp(root: &Path, file: &FileId) -> Option<Stamp> {
    std::fs::symlink_metadata(root.join(file.path())).ok().filter(std::fs::Metadata::is_file).map(|m| Stamp::of(&m))
}

impl Texts for Disk {
    fn bytes(&self, file: &FileId) -> Result<Arc<[u8]>, Diagnostic> {
        if let Some(kept) = self.short.get(file) {
            return Ok(Arc::clone(kept));
        }
        let (open, m) = self.root.file(file).map_err(|e| failed(file, &e))?;
        if !self.stamps.get(file).is_some_and(|s| s.is_same_text(&Stamp::of(&m))) {
            return Err(changed(file));
        }
        shared(open, m.len()).map_err(|e| failed(file, &e))
    }

    fn has(&self, file: &FileId) -> bool {
        self.stamps.contains_key(file)
    }

    fn images(&self) -> Option<&dyn ImageStore> {
        Some(&self.darkroom)
    }
}

/// A site's folder, from which files are opened by their paths below it: a way that is long is not gone for each.
struct Root {
    path: PathBuf,
    /// Nothing where the folder cannot be opened; then opening a file says why.
    folder: Option<OwnedFd>,
}

impl Root {
    fn open(path: &Path) -> Self {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Self { path: path.to_path_buf(), folder: rustix::fs::openat(CWD, path, flags, Mode::empty()).ok() }
    }

    /// Opens a file that was an ordinary one when it was found. A link is not followed.
    fn opened(&self, file: &FileId) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        Ok(File::from(match &self.folder {
            Some(folder) => rustix::fs::openat(folder, file.path(), flags, Mode::empty())?,
            None => rustix::fs::openat(CWD, self.path.join(file.path()), flags, Mode::empty())?,
        }))
    }

    /// The same, and what it is now: what has since become a pipe is not waited for.
    fn file(&self, file: &FileId) -> io::Result<(File, std::fs::Metadata)> {
        let file = self.opened(file)?;
        let there = ordinary(&file)?;
        Ok((file, there))
    }

    /// The first `most` bytes of a file that had `length` bytes when it was found.
    fn read_found(&self, file: &FileId, length: u64, most: u64) -> io::Result<Vec<u8>> {
        let file = self.opened(file)?;
        // Room for one more: what has grown shows itself in the first reading, and what has not needs no second one.
        let room = length.saturating_add(1).min(most);
        let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or(usize::MAX));
        let expected = usize::try_from(length).unwrap_or(usize::MAX);
        loop {
            match rustix::io::read(&file, spare_capacity(&mut bytes)) {
                // Some systems do not say how long a file is before it is read.
                Ok(n) if n == 0 || bytes.len() == expected || bytes.len() as u64 == room => break,
                Ok(_) | Err(Errno::INTR) => {}
                Err(e) => return Err(e.into()),
            }
        }
        let done = bytes.len();
        if (done as u64) < length.min(room) {
            ordinary(&file)?;
        }
        if done > expected {
            file.take(most.saturating_sub(done as u64)).read_to_end(&mut bytes)?;
        }
        bytes.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(bytes)
    }

    /// The first `most` bytes of a file, and what it was when they were read.
    fn read(&self, file: &FileId, most: u64) -> io::Result<(Vec<u8>, Stamp)> {
        let (file, there) = self.file(file)?;
        Ok((contents(file, there.len().min(most), most)?, Stamp::of(&there)))
    }
}

/// The first `most` bytes of a file that is said to be `length` bytes long.
fn contents(mut file: File, length: u64, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
    let done = fill(&mut file, &mut bytes)?;
    if done < bytes.len() {
        bytes.truncate(done);
    } else if length == 0 {
        // Some systems do not say how long a file is before it is read.
        file.take(most).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// The whole of a file that is said to be `length` bytes long, read to where it stays.
fn shared(mut file: File, length: u64) -> io::Result<Arc<[u8]>> {
    let mut bytes: Arc<[u8]> = std::iter::repeat_n(0, usize::try_from(length).unwrap_or(0)).collect();
    let done = fill(&mut file, Arc::get_mut(&mut bytes).unwrap_or_default())?;
    if done < bytes.len() {
        Ok(bytes[..done].into())
    } else if length == 0 {
        Ok(contents(file, length, u64::MAX)?.into())
    } else {
        Ok(bytes)
    }
}

/// What an open file is, where it is an ordinary one.
fn ordinary(file: &File) -> io::Result<std::fs::Metadata> {
    let there = file.metadata()?;
    if there.is_file() { Ok(there) } else { Err(io::Error::other("it is no ordinary file any more")) }
}

/// Reads as much as there is room for; returns how much that is.
fn fill(file: &mut File, room: &mut [u8]) -> io::Result<usize> {
    let mut done = 0;
    while done < room.len() {
        match file.read(&mut room[done..]) {
            Ok(0) => break,
            Ok(n) => done += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(done)
}

fn id_of(root: &Path, path: &Path) -> FileId {
    let below = path.strip_prefix(root).unwrap_or(path);
    FileId::new(&below.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
}

fn failed(file: &FileId, e: &io::Error) -> Diagnostic {
    Diagnostic::of("E1204", file, format!("cannot be read: {e}"))
}

fn changed(file: &FileId) -> Diagnostic {
    Diagnostic::of("E1204", file, "the file was changed while the site was built").help("build again")
}

fn link(file: &FileId) -> Diagnostic {
    Diagnostic::of("E1206", file, "this is a symbolic link; it could lead out of the site")
        .help("put the file itself there")
}

/// Reads one file below the root; `None` when there is none.
///
/// # Errors
/// E1204 when it is there and cannot be read.
pub fn read_one(root: &Path, file: &FileId) -> Result<Option<Vec<u8>>, Diagnostic> {
    match std::fs::read(root.join(file.path())) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(failed(file, &e)),
    }
}

/// The instant at which a build happens when nothing else says so.
#[must_use]
pub fn clock() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
