//! The only reader of the disk: a site's files come in as values. Never writes, never leaves the site's root.
#![allow(clippy::disallowed_methods, reason = "this module and the sinks are the only doors to the disk")]

use crate::diagnostic::{Diagnostic, FileId};
use crate::model::Change;
use rayon::prelude::*;
use std::io;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Most bytes of one image or other file that is published as it is.
const MAX_ASSET: u64 = 512 * 1024 * 1024;

/// The site's root: the nearest folder upwards that holds `name`.
#[must_use]
pub fn find_root(start: &Path, name: &str) -> Option<PathBuf> {
    start.ancestors().find(|d| d.join(name).is_file()).map(Path::to_path_buf)
}

/// Reads every file below the given folders of the root, in order of path. Hidden files are left out.
///
/// # Errors
/// E1204 for everything that cannot be read, with its path; E1206 for a symbolic link.
pub fn read_all(root: &Path, folders: &[&str]) -> Result<Vec<Change>, Vec<Diagnostic>> {
    let (mut paths, mut findings) = (Vec::new(), Vec::new());
    for folder in folders {
        let top = root.join(folder);
        match std::fs::symlink_metadata(&top) {
            Ok(m) if m.is_symlink() => findings.push(link(&id_of(root, &top))),
            Ok(_) => walk(root, &top, &mut paths, &mut findings),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => findings.push(failed(&id_of(root, &top), &e)),
        }
    }
    let read: Vec<Result<Change, Diagnostic>> = paths
        .into_par_iter()
        .map(|(path, file)| match std::fs::read(&path) {
            Ok(bytes) => Ok(Change { file, bytes: Some(bytes.into()) }),
            Err(e) => Err(failed(&file, &e)),
        })
        .collect();
    let mut changes = Vec::with_capacity(read.len());
    for r in read {
        match r {
            Ok(c) => changes.push(c),
            Err(d) => findings.push(d),
        }
    }
    if findings.is_empty() { Ok(changes) } else { Err(findings) }
}

fn walk(root: &Path, top: &Path, paths: &mut Vec<(PathBuf, FileId)>, findings: &mut Vec<Diagnostic>) {
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
                    paths.push((e.into_path(), file));
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
