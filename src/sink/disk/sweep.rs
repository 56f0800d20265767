//! Takes an edition away again, and what lies beside it. Removes what manifests list, and nothing else.

#![allow(clippy::disallowed_methods, reason = "sinks are the only writers")]

use super::Refused;
use super::held::Held;
use super::lock::Lock;
use super::place::Place;
use super::refused::io;
use super::{manifest, plan, slot, swap};
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Removes the files that the output's manifest lists, the folders that are empty then, and the slot and lock beside
/// it. Files of strangers stay. Returns how many files of the output were removed.
///
/// # Errors
/// E1202 where [`super::write()`] would refuse the place, E1203 while a build is on, E1204 from the disk.
pub fn clean(root: &Path, out: &Path, source_dirs: &[PathBuf]) -> Result<usize, Refused> {
    let place = Place::check(root, out, source_dirs)?;
    if !place.parent.exists() {
        return Ok(0);
    }
    let _lock = Lock::take(&place.lock)?;
    swap::mend(&place)?;
    let removed = edition(&place.out)?;
    if slot::marked(&place.back)? {
        slot::empty(&place.back)?;
        file(&place.back.join(slot::MARK))?;
        folder(&place.back)?;
    } else {
        edition(&place.back)?;
    }
    file(&place.leaf)?;
    file(&place.lock)?;
    Ok(removed)
}

/// The manifest goes last, so that what a killed run left is still licensed.
fn edition(top: &Path) -> Result<usize, Refused> {
    let Some(held) = Held::look(top)? else {
        folder(top)?;
        return Ok(0);
    };
    for path in held.found() {
        file(&top.join(path))?;
    }
    let folders: BTreeSet<&str> = held.found().flat_map(plan::folders).collect();
    for path in folders.iter().rev() {
        folder(&top.join(path))?;
    }
    file(&top.join(manifest::NAME))?;
    folder(top)?;
    Ok(held.found().count())
}

fn file(path: &Path) -> Result<(), Refused> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(io("remove", path, e)),
        _ => Ok(()),
    }
}

/// If it is there and empty.
fn folder(path: &Path) -> Result<(), Refused> {
    match std::fs::remove_dir(path) {
        Err(e) if !matches!(e.kind(), ErrorKind::NotFound | ErrorKind::DirectoryNotEmpty) => Err(io("remove", path, e)),
        _ => Ok(()),
    }
}
