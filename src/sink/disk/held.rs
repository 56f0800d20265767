//! What stands on disk, held against its manifest: which files are sound and which are someone else's. Only looks.

#![allow(clippy::disallowed_methods, reason = "sinks are the only writers, and look before they write")]

use super::Refused;
use super::manifest::{self, Manifest, Stamp};
use super::refused::io;
use crate::diagnostic::Diagnostic;
use crate::sink::ROUND;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::path::Path;

/// An edition as it stands in a directory.
pub(super) struct Held {
    /// What its manifest says.
    pub(super) instant: jiff::Timestamp,
    /// What its manifest says.
    pub(super) drafts: bool,
    /// The files that are there in the size that the manifest says.
    pub(super) sound: FxHashMap<String, Stamp>,
    /// The listed files that are there in another size.
    resized: Vec<String>,
    /// Whether every file listed is sound.
    pub(super) whole: bool,
    /// Every folder below, symbolic links not followed.
    pub(super) folders: Vec<String>,
    /// Files, links and other things that the manifest does not list.
    foreign: Vec<String>,
}

impl Held {
    /// The edition in a directory, `None` where no manifest is, whatever else may lie there.
    pub(super) fn look(folder: &Path) -> Result<Option<Self>, Refused> {
        let Some(manifest) = Manifest::read(folder)? else { return Ok(None) };
        let tree = walk(folder)?;
        let count = manifest.files.len();
        let mut listed: FxHashMap<String, Stamp> = manifest.files.into_iter().collect();
        let mut held = Self {
            instant: manifest.instant,
            drafts: manifest.drafts,
            sound: FxHashMap::with_capacity_and_hasher(count, rustc_hash::FxBuildHasher),
            resized: Vec::new(),
            whole: false,
            folders: tree.folders,
            foreign: tree.odd,
        };
        for (path, size) in tree.files {
            match listed.remove_entry(&path) {
                Some((path, stamp)) if stamp.size == size => {
                    held.sound.insert(path, stamp);
                }
                Some((path, _)) => held.resized.push(path),
                None if path == manifest::NAME => {}
                None => held.foreign.push(path),
            }
        }
        held.whole = held.sound.len() == count;
        Ok(Some(held))
    }

    /// Listed files that are there, in whatever size, in no order.
    pub(super) fn found(&self) -> impl Iterator<Item = &str> {
        self.sound.keys().chain(&self.resized).map(String::as_str)
    }

    /// The same as [`Held::look`], but refuses what it does not know (E1202).
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, Refused> {
        let held = Self::look(folder)?;
        if let Some(held) = &held
            && !held.foreign.is_empty()
        {
            let mut names = held.foreign.clone();
            names.sort();
            let more = names.len().saturating_sub(5);
            names.truncate(5);
            let names = names.join("`, `");
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            let message = format!("`{}` holds what dealwire did not write: `{names}`{more}", folder.display());
            let remedy = "move it away (files for the site belong in `static/`), or choose another output directory";
            return Err(Refused::Refusal(Diagnostic::bare("E1202", message).help(remedy)));
        }
        Ok(held)
    }
}

#[derive(Default)]
struct Tree {
    files: Vec<(String, u64)>,
    folders: Vec<String>,
    odd: Vec<String>,
}

/// Everything below a folder, level by level, for a stranger's tree may be deeper than a stack.
fn walk(top: &Path) -> Result<Tree, Refused> {
    let mut tree = list(top, None)?;
    let mut level = 0;
    while level < tree.folders.len() {
        let parts: Vec<Tree> = tree.folders[level..]
            .par_iter()
            .with_max_len(ROUND)
            .map(|f| list(top, Some(f)))
            .collect::<Result<_, Refused>>()?;
        level = tree.folders.len();
        for part in parts {
            tree.files.extend(part.files);
            tree.folders.extend(part.folders);
            tree.odd.extend(part.odd);
        }
    }
    Ok(tree)
}

/// What lies in one folder.
fn list(top: &Path, folder: Option<&str>) -> Result<Tree, Refused> {
    let (folder, prefix) = folder.map_or_else(|| (top.to_owned(), String::new()), |f| (top.join(f), format!("{f}/")));
    let mut tree = Tree::default();
    for item in std::fs::read_dir(&folder).map_err(|e| io("list", &folder, e))? {
        let item = item.map_err(|e| io("list", &folder, e))?;
        let name = item.file_name();
        let Some(name) = name.to_str() else {
            tree.odd.push(format!("{prefix}{}", name.display()));
            continue;
        };
        let path = format!("{prefix}{name}");
        let kind = item.file_type().map_err(|e| io("look at", &item.path(), e))?;
        if kind.is_dir() {
            tree.folders.push(path);
        } else if kind.is_file() {
            let size = item.metadata().map_err(|e| io("look at", &item.path(), e))?.len();
            tree.files.push((path, size));
        } else {
            tree.odd.push(path);
        }
    }
    Ok(tree)
}
