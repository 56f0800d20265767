//! Writes a newsletter's files, and then into newsletters.toml that it was made. Never replaces a newsletter.
#![allow(clippy::disallowed_methods, reason = "sinks are the only writers")]

use super::scaffold::Denied;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

fn io(path: &Path, e: &std::io::Error) -> Denied {
    Denied::Io(format!("{} cannot be written: {e}", path.display()))
}

fn there(path: &Path) -> Denied {
    Denied::Refused(format!("{} is there already; if it was not sent, remove it", path.display()))
}

/// A file that has its bytes, and no name yet.
fn whole(folder: &Path, path: &Path, bytes: &[u8]) -> Result<NamedTempFile, Denied> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dealwire-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Less what the umask takes away.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder).map_err(|e| io(path, &e))?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(|e| io(path, &e))?;
    Ok(file)
}

/// Makes the names in a folder last.
fn sync(folder: &Path) -> Result<(), Denied> {
    fs::File::open(folder).and_then(|f| f.sync_all()).map_err(|e| io(folder, &e))
}

/// Writes files side by side into a folder, all or none of them; each is whole from the moment it has its name.
///
/// # Errors
/// Where one of them is there already, or cannot be written.
pub fn write(folder: &Path, files: &[(String, &[u8])]) -> Result<Vec<PathBuf>, Denied> {
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| folder.join(name)).collect();
    if let Some(path) = paths.iter().find(|p| fs::symlink_metadata(p).is_ok()) {
        return Err(there(path));
    }
    fs::create_dir_all(folder).map_err(|e| io(folder, &e))?;
    let made: Vec<NamedTempFile> =
        files.iter().zip(&paths).map(|((_, bytes), path)| whole(folder, path, bytes)).collect::<Result<_, _>>()?;
    for (i, (file, path)) in made.into_iter().zip(&paths).enumerate() {
        if let Err(e) = file.persist_noclobber(path) {
            remove(&paths[..i]);
            return Err(if e.error.kind() == ErrorKind::AlreadyExists { there(path) } else { io(path, &e.error) });
        }
    }
    if let Err(denied) = sync(folder) {
        remove(&paths);
        return Err(denied);
    }
    Ok(paths)
}

/// Takes files away that were written in this run.
pub fn remove(paths: &[PathBuf]) {
    for path in paths {
        let _ = fs::remove_file(path);
    }
}

/// Puts a text in the place of a file, in one step. `before` is what was read there: where it says something else by now,
/// somebody else has written.
///
/// # Errors
/// Where it says something else, or cannot be written.
pub fn replace(path: &Path, before: Option<&[u8]>, text: &str) -> Result<(), Denied> {
    let now = match fs::read(path) {
        Ok(bytes) => Some(bytes),
        Err(e) if e.kind() == ErrorKind::NotFound => None,
        Err(e) => return Err(io(path, &e)),
    };
    if now.as_deref() != before {
        return Err(Denied::Refused(format!("{} was changed meanwhile", path.display())));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let file = whole(folder, path, text.as_bytes())?;
    if let Ok(there) = fs::metadata(path) {
        fs::set_permissions(file.path(), there.permissions()).map_err(|e| io(path, &e))?;
    }
    file.persist(path).map_err(|e| io(path, &e.error))?;
    sync(folder)
}
