//! The disk of this machine, or what is mounted there, as a place to publish to.

use super::files::{Contents, Files, There};
use super::store::Fault;
use jiff::Timestamp;
use rustix::fs::{CWD, Mode, OFlags};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// This machine's disk.
pub struct Disk;

impl Files for Disk {
    fn name(&self) -> String {
        "file://".to_owned()
    }

    fn read(&self, path: &str) -> Result<Option<Contents>, Fault> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let mut file = match rustix::fs::openat(CWD, path, flags, Mode::empty()) {
            Ok(fd) => File::from(fd),
            Err(rustix::io::Errno::NOENT | rustix::io::Errno::NOTDIR) => return Ok(None),
            Err(e) => return Err(fault(path, &e.into())),
        };
        let there = file.metadata().map_err(|e| fault(path, &e))?;
        if !there.is_file() {
            return Err(Fault::Lasting(format!("`{path}` is no file")));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|e| fault(path, &e))?;
        Ok(Some((bytes, there.modified().ok().and_then(|t| Timestamp::try_from(t).ok()))))
    }

    fn create(&self, path: &str, bytes: &[u8]) -> Result<(), Fault> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = rustix::fs::openat(CWD, path, flags, Mode::from_raw_mode(0o644));
        let mut file = File::from(fd.map_err(|e| fault(path, &e.into()))?);
        // Whoever serves the folder is another user, as a rule.
        let opened = rustix::fs::fchmod(&file, Mode::from_raw_mode(0o644));
        opened.map_err(|e| fault(path, &e.into()))?;
        file.write_all(bytes).map_err(|e| fault(path, &e))
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), Fault> {
        fs::rename(from, to).map_err(|e| fault(to, &e))
    }

    fn link(&self, from: &str, to: &str) -> Result<bool, Fault> {
        match fs::hard_link(from, to) {
            Ok(()) => Ok(true),
            Err(e)
                if matches!(
                    e.kind(),
                    ErrorKind::Unsupported
                        | ErrorKind::CrossesDevices
                        | ErrorKind::TooManyLinks
                        | ErrorKind::PermissionDenied
                ) =>
            {
                Ok(false)
            }
            Err(e) => Err(fault(to, &e)),
        }
    }

    fn symlink(&self, says: &str, at: &str) -> Result<bool, Fault> {
        match std::os::unix::fs::symlink(says, at) {
            Ok(()) => Ok(true),
            Err(e) if matches!(e.kind(), ErrorKind::Unsupported | ErrorKind::PermissionDenied) => Ok(false),
            Err(e) => Err(fault(at, &e)),
        }
    }

    fn look(&self, path: &str) -> Result<There, Fault> {
        let there = match fs::symlink_metadata(path) {
            Ok(there) => there,
            Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(There::Nothing),
            Err(e) => return Err(fault(path, &e)),
        };
        if there.is_symlink() {
            let says = fs::read_link(path).map_err(|e| fault(path, &e))?;
            return Ok(There::Link(says.to_string_lossy().into_owned()));
        }
        if !there.is_dir() {
            return Ok(There::File);
        }
        let empty = fs::read_dir(path).map_err(|e| fault(path, &e))?.next().is_none();
        let above = Path::new(path).parent().and_then(|p| fs::metadata(p).ok());
        Ok(There::Folder { empty, mounted: above.is_none_or(|a| a.dev() != there.dev() || a.ino() == there.ino()) })
    }

    fn remove(&self, path: &str) -> Result<(), Fault> {
        absent_is_fine(path, fs::remove_file(path))
    }

    fn remove_folder(&self, path: &str) -> Result<(), Fault> {
        match fs::remove_dir(path) {
            Err(e) if e.kind() == ErrorKind::DirectoryNotEmpty => Ok(()),
            done => absent_is_fine(path, done),
        }
    }

    fn make_folder(&self, path: &str) -> Result<(), Fault> {
        match fs::create_dir(path) {
            Ok(()) => rustix::fs::chmod(path, Mode::from_raw_mode(0o755)).map_err(|e| fault(path, &e.into())),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(e) => Err(fault(path, &e)),
        }
    }

    fn list(&self, path: &str) -> Result<Vec<(String, bool)>, Fault> {
        let folder = match fs::read_dir(path) {
            Ok(folder) => folder,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(fault(path, &e)),
        };
        let entry = |e: io::Result<fs::DirEntry>| {
            let e = e?;
            Ok((e.file_name().to_string_lossy().into_owned(), e.file_type()?.is_dir()))
        };
        folder.map(entry).collect::<io::Result<_>>().map_err(|e| fault(path, &e))
    }

    fn sync(&self, path: &str) -> Result<(), Fault> {
        let folder = File::open(path).map_err(|e| fault(path, &e))?;
        rustix::fs::syncfs(&folder).map_err(|e| fault(path, &e.into()))
    }
}

fn absent_is_fine(path: &str, done: io::Result<()>) -> Result<(), Fault> {
    match done {
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(()),
        done => done.map_err(|e| fault(path, &e)),
    }
}

fn fault(path: &str, e: &io::Error) -> Fault {
    match e.kind() {
        ErrorKind::AlreadyExists => Fault::Lost,
        ErrorKind::Interrupted | ErrorKind::TimedOut | ErrorKind::ResourceBusy | ErrorKind::StaleNetworkFileHandle => {
            Fault::Passing(format!("`{path}`: {e}"))
        }
        _ => Fault::Lasting(format!("`{path}`: {e}")),
    }
}
