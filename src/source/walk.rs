//! Which files lie in a folder, however deep, and which of them are the site's. Reads no file.

use super::{Stamp, failed, id_of, link};
use crate::diagnostic::{Diagnostic, FileId};
use rayon::prelude::*;
use std::ffi::OsStr;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Most bytes of one image or other file that is published as it is.
pub(super) const MAX_ASSET: u64 = 512 * 1024 * 1024;

/// The folder whose files are published under their own names, `.well-known/` and `.nojekyll` too.
const PUBLISHED: &str = "static/root";

/// What lies in one folder.
#[derive(Default)]
struct Listed {
    files: Vec<(FileId, Stamp)>,
    folders: Vec<PathBuf>,
    findings: Vec<Diagnostic>,
}

/// Lists a folder and everything below it, in order of path: level by level, the folders of a level at once.
pub(super) fn walk(root: &Path, top: &Path, files: &mut Vec<(FileId, Stamp)>, findings: &mut Vec<Diagnostic>) {
    let mut level = vec![top.to_path_buf()];
    let (first, first_finding) = (files.len(), findings.len());
    while !level.is_empty() {
        let all: Vec<Listed> = level.par_iter().with_max_len(1).map(|folder| list(root, folder)).collect();
        level.clear();
        for listed in all {
            files.extend(listed.files);
            findings.extend(listed.findings);
            level.extend(listed.folders);
        }
    }
    files[first..].sort_by(|a, b| a.0.cmp(&b.0));
    findings[first_finding..].sort_by(|a, b| a.file.cmp(&b.file));
}

fn list(root: &Path, folder: &Path) -> Listed {
    let mut listed = Listed::default();
    let id = id_of(root, folder);
    let prefix = if id.path().is_empty() { String::new() } else { format!("{id}/") };
    let unread = |file: &FileId, e: walkdir::Error| {
        let shown = e.to_string();
        failed(file, &e.into_io_error().unwrap_or_else(|| io::Error::other(shown)))
    };
    let mut path = prefix.clone();
    for item in WalkDir::new(folder).min_depth(1).max_depth(1) {
        let item = match item {
            Ok(item) => item,
            Err(e) => {
                listed.findings.push(unread(&id, e));
                continue;
            }
        };
        let name = item.file_name();
        if is_left_out_of(id.path(), name) {
            continue;
        }
        path.truncate(prefix.len());
        path.push_str(&name.to_string_lossy());
        let file = FileId::new(&path);
        if item.file_type().is_dir() {
            listed.folders.push(item.path().to_path_buf());
            if name.to_str().is_some() {
                continue;
            }
        }
        match item.metadata() {
            Ok(m) => match accept(&file, Path::new(name), &m) {
                Ok(found) => listed.files.extend(found),
                Err(finding) => listed.findings.push(finding),
            },
            // It went in this moment.
            Err(e) => listed.findings.push(unread(&file, e)),
        }
    }
    listed
}

/// Whether a name is hidden and not published as it is, or one that editors give to copies while they save.
pub(super) fn is_left_out(root: &Path, path: &Path) -> bool {
    let folder = path.parent().map(|p| id_of(root, p));
    path.file_name().is_some_and(|name| is_left_out_of(folder.as_ref().map_or("", FileId::path), name))
}

/// The same, of a name in a folder that is known by its path below the root.
fn is_left_out_of(folder: &str, name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    if is_copy(name) {
        return true;
    }
    if !name.starts_with(b".") {
        return false;
    }
    let as_it_is = folder.strip_prefix(PUBLISHED).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    !as_it_is || is_litter(name)
}

/// The file of which a walk or a glance has told; none where it is a folder.
pub(super) fn accept(file: &FileId, path: &Path, m: &Metadata) -> Result<Option<(FileId, Stamp)>, Diagnostic> {
    if m.is_symlink() {
        return Err(link(file));
    }
    if path.to_str().is_none() {
        return Err(Diagnostic::of("E1204", file, "the file's name is not UTF-8").help("rename it"));
    }
    if m.is_dir() {
        return Ok(None);
    }
    if !m.is_file() {
        Err(Diagnostic::of("E1204", file, "this is no ordinary file").help("remove it"))
    } else if m.len() > MAX_ASSET {
        Err(Diagnostic::of("E0112", file, "the file is larger than 512 MB").help("put it elsewhere, and link to it"))
    } else {
        Ok(Some((file.clone(), Stamp::of(m))))
    }
}

/// Whether a file is what an editor keeps beside the one that it saves: the text before, or what is typed and not saved.
fn is_copy(name: &[u8]) -> bool {
    const ENDS: [&[u8]; 3] = [b"~", b"___jb_tmp___", b"___jb_old___"];
    ENDS.iter().any(|e| name.ends_with(e)) || name.len() > 1 && name.starts_with(b"#") && name.ends_with(b"#")
}

/// Whether a hidden file is what systems, editors and Git leave behind: nobody wants it published.
fn is_litter(name: &[u8]) -> bool {
    const WHOLE: [&[u8]; 6] = [b".DS_Store", b".directory", b".hg", b".svn", b".idea", b".vscode"];
    const BEGINNINGS: [&[u8]; 5] = [b"._", b".git", b".#", b".nfs", b".Trash"];
    const ENDS: [&[u8]; 6] = [b"~", b".swp", b".swo", b".swx", b".tmp", b".bak"];
    WHOLE.contains(&name) || BEGINNINGS.iter().any(|b| name.starts_with(b)) || ENDS.iter().any(|e| name.ends_with(e))
}
