//! The only reader of the disk: a site's files come in as values. Never writes, never leaves the site's root.
#![allow(clippy::disallowed_methods, reason = "this module and the sinks are the only doors to the disk")]

use crate::diagnostic::{Diagnostic, FileId};
use crate::model::{Change, Texts};
use rayon::prelude::*;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use walkdir::WalkDir;

/// Most bytes of one image or other file that is published as it is.
const MAX_ASSET: u64 = 512 * 1024 * 1024;

/// The site's root: the nearest folder upwards that holds `name`.
#[must_use]
pub fn find_root(start: &Path, name: &str) -> Option<PathBuf> {
    start.ancestors().find(|d| d.join(name).is_file()).map(Path::to_path_buf)
}

/// Finds every file below the given folders of the root, in order of path. Hidden files are left out.
///
/// # Errors
/// E1204 for everything that cannot be looked at, with its path; E1206 for a symbolic link.
pub fn find_all(root: &Path, folders: &[&str]) -> Result<Vec<FileId>, Vec<Diagnostic>> {
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

/// Reads files, each with what `take` makes of it, so that no more than the results has to be held.
///
/// # Errors
/// E1204 for every file that cannot be read.
pub fn read_each<T: Send>(root: &Path, files: &[FileId], take: impl Fn(&FileId, Vec<u8>) -> T + Sync) -> Result<Vec<T>, Vec<Diagnostic>> {
    let read: Vec<Result<T, Diagnostic>> = files
        .par_iter()
        .map(|file| match std::fs::read(root.join(file.path())) {
            Ok(bytes) => Ok(take(file, bytes)),
            Err(e) => Err(failed(file, &e)),
        })
        .collect();
    let (good, bad): (Vec<_>, Vec<_>) = read.into_iter().partition(Result::is_ok);
    if bad.is_empty() { Ok(good.into_iter().flatten().collect()) } else { Err(bad.into_iter().filter_map(Result::err).collect()) }
}

/// Reads every file below the given folders of the root, in order of path.
///
/// # Errors
/// As `find_all` and `read_each`.
pub fn read_all(root: &Path, folders: &[&str]) -> Result<Vec<Change>, Vec<Diagnostic>> {
    let files = find_all(root, folders)?;
    read_each(root, &files, |file, bytes| Change { file: file.clone(), bytes: Some(bytes.into()) })
}

/// The files of a site as an edition asks for them again: bodies and images, checked to be the same as when it was made.
pub struct Disk {
    root: PathBuf,
    stamps: HashMap<FileId, (u64, Option<std::time::SystemTime>)>,
}

impl Disk {
    /// Of files that were found.
    #[must_use]
    pub fn new(root: &Path, files: &[FileId]) -> Self {
        let stamp = |file: &FileId| {
            let m = std::fs::metadata(root.join(file.path())).ok()?;
            Some((file.clone(), (m.len(), m.modified().ok())))
        };
        Self { root: root.to_path_buf(), stamps: files.par_iter().filter_map(stamp).collect() }
    }
}

impl Texts for Disk {
    fn bytes(&self, file: &FileId) -> Result<Arc<[u8]>, Diagnostic> {
        let path = self.root.join(file.path());
        let mut open = std::fs::File::open(&path).map_err(|e| failed(file, &e))?;
        let m = open.metadata().map_err(|e| failed(file, &e))?;
        if self.stamps.get(file) != Some(&(m.len(), m.modified().ok())) {
            return Err(Diagnostic::of("E1204", file, "the file was changed while the site was built").help("build again"));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(m.len()).unwrap_or(0) + 1);
        io::Read::read_to_end(&mut open, &mut bytes).map_err(|e| failed(file, &e))?;
        Ok(bytes.into())
    }

    fn has(&self, file: &FileId) -> bool {
        self.stamps.contains_key(file)
    }
}

fn walk(root: &Path, top: &Path, files: &mut Vec<FileId>, findings: &mut Vec<Diagnostic>) {
    let hidden = |e: &walkdir::DirEntry| e.depth() > 0 && e.file_name().to_string_lossy().starts_with('.');
    for entry in WalkDir::new(top).sort_by_file_name().into_iter().filter_entry(|e| !hidden(e)) {
        match entry {
            Ok(e) if e.file_type().is_dir() => {}
            Ok(e) => {
                let file = id_of(root, e.path());
                if e.path_is_symlink() {
                    findings.push(link(&file));
                } else if e.path().to_str().is_none() {
                    findings.push(Diagnostic::of("E1204", &file, "the file's name is not UTF-8").help("rename it"));
                } else if !e.file_type().is_file() {
                    findings.push(Diagnostic::of("E1204", &file, "this is no ordinary file").help("remove it"));
                } else if e.metadata().is_ok_and(|m| m.len() > MAX_ASSET) {
                    findings.push(Diagnostic::of("E0112", &file, "the file is larger than 512 MB"));
                } else {
                    files.push(file);
                }
            }
            Err(e) => {
                let file = id_of(root, e.path().unwrap_or(top));
                findings.push(failed(&file, &e.into()));
            }
        }
    }
}

fn id_of(root: &Path, path: &Path) -> FileId {
    let below = path.strip_prefix(root).unwrap_or(path);
    FileId::new(&below.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
}

fn failed(file: &FileId, e: &io::Error) -> Diagnostic {
    Diagnostic::of("E1204", file, format!("cannot be read: {e}"))
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
