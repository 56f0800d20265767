//! Where an edition goes, and where it must not. Only looks.

#![allow(clippy::disallowed_methods, reason = "sinks are the only writers; HOME must not be one's output")]

use super::Refused;
use super::manifest::Manifest;
use super::refused::{io, refuse};
use std::ffi::OsString;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The output directory, and what lives beside it on the same file system.
pub(super) struct Place {
    /// The output directory; its parent has no symbolic links in it.
    pub(super) out: PathBuf,
    /// The folder it lies in.
    pub(super) parent: PathBuf,
    /// The slot that the next edition is made in.
    pub(super) back: PathBuf,
    /// The previous edition for a moment, where the system cannot exchange.
    pub(super) aside: PathBuf,
    /// A manifest on its way into the output.
    pub(super) leaf: PathBuf,
    /// The lock.
    pub(super) lock: PathBuf,
}

impl Place {
    /// Refuses a destination in which something could be lost (E1202). Does not look below the output directory.
    pub(super) fn check(root: &Path, out: &Path, sources: &[PathBuf]) -> Result<Self, Refused> {
        let place = Self::resolve(out)?;
        let refuse = |why: &str| refuse(format!("will not write to `{}`: {why}", out.display()));
        if within(&real(root), &place.out) {
            return Err(refuse("it is the site's root, or a folder above it"));
        }
        for source in sources {
            let real = real(source);
            if within(&place.out, &real) || within(&real, &place.out) {
                return Err(refuse(&format!(
                    "it is, holds or lies in `{}`, which the site is made from",
                    source.display()
                )));
            }
        }
        if std::env::var_os("HOME").is_some_and(|home| !home.is_empty() && within(&real(Path::new(&home)), &place.out))
        {
            return Err(refuse("it is your home directory, or a folder above it"));
        }
        if place.out.components().any(|c| c.as_os_str() == ".git") {
            return Err(refuse("it is, or lies in, a Git repository's own folder"));
        }
        match std::fs::symlink_metadata(&place.out) {
            Ok(there) if there.is_symlink() => return Err(refuse("it is a symbolic link")),
            Ok(there) if !there.is_dir() => return Err(refuse("it is not a directory")),
            Ok(_) => {}
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(place),
            Err(e) => return Err(io("look at", &place.out, e)),
        }
        match std::fs::symlink_metadata(place.out.join(".git")) {
            Ok(_) => return Err(refuse("it holds a Git repository")),
            Err(e) if e.kind() == ErrorKind::NotFound => {}
            Err(e) => return Err(io("look at", &place.out.join(".git"), e)),
        }
        if !Manifest::is_in(&place.out)? && !empty(&place.out)? {
            return Err(refuse("it is not empty, and has no manifest to say that dealwire wrote it"));
        }
        Ok(place)
    }

    fn resolve(out: &Path) -> Result<Self, Refused> {
        let whole = std::path::absolute(out).map_err(|e| io("find", out, e))?;
        let nameless = || refuse(format!("will not write to `{}`: it does not end in a name", out.display()));
        let name = whole.file_name().ok_or_else(nameless)?.to_owned();
        let mut base = whole.parent().ok_or_else(nameless)?.to_owned();
        let mut missing: Vec<OsString> = Vec::new();
        let mut parent = loop {
            match base.canonicalize() {
                Ok(real) => break real,
                Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                    missing.push(base.file_name().ok_or_else(nameless)?.to_owned());
                    base.pop();
                }
                Err(e) => return Err(io("find", &base, e)),
            }
        };
        parent.extend(missing.iter().rev());
        let beside = |ending: &str| {
            let mut hidden = OsString::from(".");
            hidden.push(&name);
            hidden.push(ending);
            parent.join(hidden)
        };
        Ok(Self {
            out: parent.join(&name),
            back: beside(".dealwire-back"),
            aside: beside(".dealwire-aside"),
            leaf: beside(".dealwire-manifest"),
            lock: beside(".dealwire-lock"),
            parent,
        })
    }
}

/// Whether a directory has nothing in it.
pub(super) fn empty(folder: &Path) -> Result<bool, Refused> {
    match std::fs::read_dir(folder).and_then(|mut all| all.next().transpose()) {
        Ok(first) => Ok(first.is_none()),
        Err(e) => Err(io("list", folder, e)),
    }
}

/// Without symbolic links, as far as it exists.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}

/// Whether one path is or lies below the other, by name or, through a bind mount or in another case, by identity.
fn within(inner: &Path, outer: &Path) -> bool {
    let identity = |path: &Path| std::fs::metadata(path).ok().map(|m| (m.dev(), m.ino()));
    let known = identity(outer);
    inner.ancestors().any(|a| a == outer || (known.is_some() && identity(a) == known))
}
