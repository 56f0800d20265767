//! The one step from the old edition to the new one. Writes no file of either.

#![allow(clippy::disallowed_methods, reason = "sinks are the only writers")]

use super::Refused;
use super::manifest::{self, Manifest};
use super::place::Place;
use super::refused::{io, refuse};
use rustix::fs::{AtFlags, CWD, Mode, OFlags, RenameFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Puts the back slot in front; what was in front becomes the back slot.
pub(super) fn exchange(place: &Place) -> Result<(), Refused> {
    match rustix::fs::renameat_with(CWD, &place.back, CWD, &place.out, RenameFlags::EXCHANGE) {
        Ok(()) => sync(&place.parent).inspect_err(|_| {
            // What is not known to last is not shown: the old edition goes back in front.
            let _ = rustix::fs::renameat_with(CWD, &place.back, CWD, &place.out, RenameFlags::EXCHANGE);
        }),
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => pair(place),
        Err(e) => Err(stuck(place, e)),
    }
}

/// Puts the back slot where nothing is, or an empty directory.
pub(super) fn first(place: &Place) -> Result<(), Refused> {
    rustix::fs::renameat(CWD, &place.back, CWD, &place.out).map_err(|e| stuck(place, e))?;
    sync(&place.parent).inspect_err(|_| {
        let _ = rustix::fs::renameat(CWD, &place.out, CWD, &place.back);
    })
}

/// For file systems that cannot exchange: nothing is in front for the moment between two renames.
fn pair(place: &Place) -> Result<(), Refused> {
    rustix::fs::renameat(CWD, &place.out, CWD, &place.aside).map_err(|e| stuck(place, e))?;
    if let Err(e) = rustix::fs::renameat(CWD, &place.back, CWD, &place.out) {
        let returned = rustix::fs::renameat(CWD, &place.aside, CWD, &place.out);
        return Err(returned.map_or_else(|e| io("rename", &place.aside, e), |()| stuck(place, e)));
    }
    rustix::fs::renameat(CWD, &place.aside, CWD, &place.back).map_err(|e| io("rename", &place.aside, e))?;
    sync(&place.parent)
}

/// Ends what a killed [`pair`] began: the old edition is put back in front, or in the back slot. Takes away what a
/// killed [`relabel`] left.
pub(super) fn mend(place: &Place) -> Result<(), Refused> {
    unlink(&place.leaf)?;
    let there = |path: &Path| match std::fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(false),
        Err(e) => Err(io("look at", path, e)),
    };
    if !there(&place.aside)? {
        return Ok(());
    }
    let to = if there(&place.out)? { &place.back } else { &place.out };
    if there(to)? || Manifest::read(&place.aside)?.is_none() {
        return Err(refuse(format!("`{}` is in the way; remove it if nothing in it is yours", place.aside.display())));
    }
    rustix::fs::renameat(CWD, &place.aside, CWD, to).map_err(|e| io("rename", &place.aside, e))
}

/// Puts another manifest into the edition in front, whose files are right, in one step of its own.
pub(super) fn relabel(place: &Place, manifest: &Manifest) -> Result<(), Refused> {
    let leaf = &place.leaf;
    let failed = |e: std::io::Error| io("write", leaf, e);
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mode = Mode::from_raw_mode(0o644);
    let mut file = File::from(rustix::fs::openat(CWD, leaf, flags, mode).map_err(|e| failed(e.into()))?);
    rustix::fs::fchmod(&file, mode).map_err(|e| failed(e.into()))?;
    file.write_all(&manifest.encode().map_err(failed)?).and_then(|()| file.sync_all()).map_err(failed)?;
    let named = place.out.join(manifest::NAME);
    rustix::fs::renameat(CWD, leaf, CWD, &named).map_err(|e| io("write", &named, e))?;
    sync(&place.out)
}

fn unlink(file: &Path) -> Result<(), Refused> {
    match rustix::fs::unlinkat(CWD, file, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => Ok(()),
        Err(e) => Err(io("remove", file, e)),
    }
}

fn sync(folder: &Path) -> Result<(), Refused> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(|e| io("sync", folder, e))
}

fn stuck(place: &Place, error: Errno) -> Refused {
    let refused = io("replace", &place.out, error);
    match (refused, error) {
        (Refused::Io(finding), Errno::BUSY | Errno::XDEV) => {
            Refused::Io(finding.help("a mount point cannot be replaced in one step: choose a directory inside it"))
        }
        (refused, _) => refused,
    }
}
