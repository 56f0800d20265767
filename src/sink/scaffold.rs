//! Writes the first version of files that people go on with: a new site, a new entry. Never replaces a file.
#![allow(clippy::disallowed_methods, reason = "sinks are the only writers")]

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

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
        file(&dir.join(name), text)?;
    }
    Ok(())
}

/// Writes a file that is not there yet, with the folders above it.
///
/// # Errors
/// When it is there, or cannot be written.
pub fn file(path: &Path, text: &str) -> Result<(), Denied> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|e| io(parent, &e))?;
    }
    let mut open = fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(|e| match e.kind() {
        ErrorKind::AlreadyExists => Denied::Refused(format!("{} is there already", path.display())),
        _ => io(path, &e),
    })?;
    open.write_all(text.as_bytes()).and_then(|()| open.sync_all()).map_err(|e| io(path, &e))
}
