//! Writes the first version of files that people go on with, a new site, a new entry: never over another file. And what
//! the program keeps beside them, in one step.
#![allow(clippy::disallowed_methods, reason = "sinks are the only writers")]

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Why nothing was written.
#[derive(Debug)]
pub enum Denied {
    /// Something is there already.
    Refused(String),
    /// The disk said no.
    Io(String),
}

fn io(path: &Path, e: &std::io::Error) -> Denied {
    Denied::Io(format!("{} cannot be written: {e}", path.display()))
}

/// Writes a site into a folder that is empty or not there yet.
///
/// # Errors
/// When the folder holds anything, or cannot be written.
pub fn site(dir: &Path, files: &[(String, String)]) -> Result<(), Denied> {
    match fs::read_dir(dir) {
        Ok(mut entries) => {
            if entries.next().is_some() {
                return Err(Denied::Refused(format!(
                    "{} is not empty; a site is started in a new folder",
                    dir.display()
                )));
            }
        }
        Err(e) if e.kind() == ErrorKind::NotFound => {}
        Err(e) if e.kind() == ErrorKind::NotADirectory => {
            return Err(Denied::Refused(format!("{} is a file", dir.display())));
        }
        Err(e) => return Err(io(dir, &e)),
    }
    for (name, text) in files {
        file(&dir.join(name), text.as_bytes())?;
    }
    Ok(())
}

/// Writes a file that is not there yet, with the folders above it.
///
/// # Errors
/// When it is there, or cannot be written.
pub fn file(path: &Path, bytes: &[u8]) -> Result<(), Denied> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|e| io(parent, &e))?;
    }
    let mut open = fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(|e| match e.kind() {
        ErrorKind::AlreadyExists => Denied::Refused(format!("{} is there already", path.display())),
        _ => io(path, &e),
    })?;
    open.write_all(bytes).and_then(|()| open.sync_all()).map_err(|e| io(path, &e))
}

/// Writes files of which none is there yet: where one is, none is written.
///
/// # Errors
/// When one is there, or cannot be written.
pub fn all(files: &[(PathBuf, Vec<u8>)]) -> Result<(), Denied> {
    for (path, _) in files {
        if fs::symlink_metadata(path).is_ok() {
            return Err(Denied::Refused(format!("{} is there already", path.display())));
        }
    }
    files.iter().try_for_each(|(path, bytes)| file(path, bytes))
}

/// Writes a file of the program's own in one step: the old one or the new one is there at every instant.
///
/// # Errors
/// When it cannot be written.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Denied> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let write = || {
        let readable = fs::Permissions::from_mode(0o644);
        let mut new = tempfile::Builder::new().prefix(".dealwire-").permissions(readable).tempfile_in(folder)?;
        new.write_all(bytes)?;
        new.as_file().sync_all()?;
        new.persist(path).map_err(|e| e.error)?;
        fs::File::open(folder)?.sync_all()
    };
    write().map_err(|e: std::io::Error| io(path, &e))
}
