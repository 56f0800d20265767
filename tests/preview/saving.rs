//! How editors save a file: none of them simply writes.

use super::sites::Rng;
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A way to save.
#[derive(Clone, Copy, Debug)]
pub enum Way {
    /// Cut the file to nothing, and write: VS Code, nano, and `>`.
    Code,
    /// Rename the file to a backup, write another, delete the backup.
    Vim,
    /// Copy the file to a backup, cut it and write, delete the backup.
    VimCopy,
    /// A link as a lock, a file of what was typed, the file before beside it.
    Emacs,
    /// Write another file, exchange the two in two steps, delete the old one.
    JetBrains,
    /// Write another file, and rename it over this one: `sed -i`, and most others.
    Sed,
    /// Delete it and write it again, as Git does.
    Git,
    /// Write it in pieces.
    Slow,
}

const WAYS: [Way; 8] = [Way::Code, Way::Vim, Way::VimCopy, Way::Emacs, Way::JetBrains, Way::Sed, Way::Git, Way::Slow];

/// Ways in which a file is never away for longer than a moment, nor half written.
pub const SAFE: [Way; 4] = [Way::Sed, Way::JetBrains, Way::Vim, Way::Git];

/// A file beside another, whose name is made from the other's.
fn beside(path: &Path, before: &str, after: &str) -> PathBuf {
    path.with_file_name(format!("{before}{}{after}", path.file_name().expect("a name").to_string_lossy()))
}

/// Saves a file in some way; returns for how long it was away.
pub fn save(rng: &mut Rng, path: &Path, bytes: &[u8]) -> Duration {
    let way = if path.is_file() { rng.pick(&WAYS) } else { Way::Code };
    save_as(way, path, bytes).unwrap_or_else(|e| panic!("{way:?} cannot save {}: {e}", path.display()))
}

/// Saves a file in this way; returns for how long it was away.
pub fn save_as(way: Way, path: &Path, bytes: &[u8]) -> std::io::Result<Duration> {
    let mut away = Duration::ZERO;
    match way {
        Way::Code => fs::write(path, bytes)?,
        Way::Vim => {
            let (swap, probe, backup) = (beside(path, ".", ".swp"), path.with_file_name("4913"), beside(path, "", "~"));
            fs::write(&swap, b"b0VIM 9.0")?;
            fs::write(&probe, b"")?;
            fs::remove_file(probe)?;
            let start = Instant::now();
            fs::rename(path, &backup)?;
            fs::write(path, bytes)?;
            away = start.elapsed();
            fs::remove_file(backup)?;
            fs::remove_file(swap)?;
        }
        Way::VimCopy => {
            let backup = beside(path, "", "~");
            fs::copy(path, &backup)?;
            let mut file = fs::OpenOptions::new().write(true).truncate(true).open(path)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::remove_file(backup)?;
        }
        Way::Emacs => {
            let (lock, typed, backup) = (beside(path, ".#", ""), beside(path, "#", "#"), beside(path, "", "~"));
            symlink("editor@desk.4711:1500000000", &lock)?;
            fs::write(&typed, bytes)?;
            let start = Instant::now();
            fs::rename(path, &backup)?;
            fs::write(path, bytes)?;
            away = start.elapsed();
            fs::remove_file(lock)?;
            fs::remove_file(typed)?;
            // The backup stays, as it does on many a desk.
        }
        Way::JetBrains => {
            let (new, old) = (beside(path, "", "___jb_tmp___"), beside(path, "", "___jb_old___"));
            fs::write(&new, bytes)?;
            let start = Instant::now();
            fs::rename(path, &old)?;
            fs::rename(&new, path)?;
            away = start.elapsed();
            fs::remove_file(old)?;
        }
        Way::Sed => {
            let new = path.with_file_name("sedXyZ12a");
            fs::write(&new, bytes)?;
            fs::rename(new, path)?;
        }
        Way::Git => {
            let start = Instant::now();
            fs::remove_file(path)?;
            fs::write(path, bytes)?;
            away = start.elapsed();
        }
        Way::Slow => {
            let mut file = fs::File::create(path)?;
            for part in bytes.chunks(bytes.len() / 3 + 1) {
                file.write_all(part)?;
                std::thread::sleep(Duration::from_millis(7));
            }
        }
    }
    Ok(away)
}

/// What somebody might leave in a file, so that it is no entry any more.
pub fn spoil(rng: &mut Rng, good: &str) -> Vec<u8> {
    let fence = &good[..4];
    match rng.below(9) {
        0 => Vec::new(),
        1 => b"\xff\xfe\0\x01 no text at all \xc3".to_vec(),
        2 => good.as_bytes()[..good.len().min(30)].to_vec(),
        3 => good.replacen("title", "titel", 1).replacen("name", "nmae", 1).into_bytes(),
        4 => format!("{fence}: [\n{}", &good[4..]).into_bytes(),
        5 => format!("{fence}&a [*a, *a]\n<script>alert(1)</script>\n{}", &good[4..]).into_bytes(),
        6 => b"no front matter here\n".to_vec(),
        7 => [fence, &"x: {".repeat(100), &good[4..]].concat().into_bytes(),
        _ => format!("<<<<<<< ours\n{good}=======\n{good}>>>>>>> theirs\n").into_bytes(),
    }
}
