//! One build a destination: a lock that the kernel lets go when its holder dies. Never waits.

#![allow(clippy::disallowed_methods, reason = "sinks are the only writers")]

use super::Refused;
use super::refused::{io, refuse};
use crate::diagnostic::Diagnostic;
use rustix::fs::{CWD, FlockOperation, Mode, OFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Held as long as it lives. The file stays, for who would unlink it could unlink another's.
pub(super) struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock, or says who has it (E1203).
    pub(super) fn take(path: &Path) -> Result<Self, Refused> {
        // Again when `clean` unlinked the file between our opening and locking it.
        for _ in 0..100 {
            let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let mut file = match rustix::fs::openat(CWD, path, flags, Mode::from_raw_mode(0o644)) {
                Ok(fd) => File::from(fd),
                Err(Errno::LOOP) => return Err(refuse(format!("`{}` is a symbolic link", path.display()))),
                Err(e) => return Err(io("open", path, e)),
            };
            match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => {}
                Err(Errno::WOULDBLOCK) => return Err(held(&mut file)),
                Err(e) => return Err(io("lock", path, e)),
            }
            let ours = file.metadata().map_err(|e| io("look at", path, e))?;
            let there = std::fs::symlink_metadata(path);
            if there.is_ok_and(|there| (there.dev(), there.ino()) == (ours.dev(), ours.ino())) {
                let written = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
                written.map_err(|e| io("write", path, e))?;
                return Ok(Self { file });
            }
        }
        Err(io("lock", path, Errno::AGAIN))
    }
}

impl Drop for Lock {
    /// Closing is not enough: a child that another thread is just starting has a copy of the file until it execs.
    fn drop(&mut self) {
        // When it fails, the kernel lets go a moment later, with the last copy.
        let _ = rustix::fs::flock(&self.file, FlockOperation::Unlock);
    }
}

fn held(file: &mut File) -> Refused {
    let mut text = String::new();
    // The holder may not have written its number yet; the refusal is right without it.
    let read = file.take(32).read_to_string(&mut text);
    let by = match text.trim().parse::<u32>() {
        Ok(pid) if read.is_ok() => format!(" (process {pid})"),
        _ => String::new(),
    };
    let message = format!("another build is writing to this output directory{by}");
    Refused::Refusal(Diagnostic::bare("E1203", message).help("wait until it ends, or stop it"))
}
