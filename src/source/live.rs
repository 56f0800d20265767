//! The files behind an edition that changes while somebody looks on, with what was good of those that are broken now.

use super::{Darkroom, Disk, Stamp};
use crate::diagnostic::{Diagnostic, FileId};
use crate::model::{ImageStore, Texts};
use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// How many texts are remembered: those that were read last, which are those somebody works on.
const RECENT: usize = 64;

/// The files, and texts that are kept.
pub struct Live {
    disk: RwLock<Disk>,
    memory: Mutex<Memory>,
    darkroom: Darkroom,
}

#[derive(Default)]
struct Memory {
    /// Texts of entries whose files cannot be read as entries any more.
    kept: HashMap<FileId, Arc<[u8]>>,
    /// Texts as they are on the disk, the latest last.
    recent: VecDeque<(FileId, Arc<[u8]>)>,
}

impl Memory {
    fn remember(&mut self, file: &FileId, bytes: &Arc<[u8]>) {
        self.recent.retain(|r| r.0 != *file);
        self.recent.push_back((file.clone(), Arc::clone(bytes)));
        if self.recent.len() > RECENT {
            self.recent.pop_front();
        }
    }
}

impl Live {
    /// Below a root, of whose files nothing is known yet.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        let disk = RwLock::new(Disk::changing(root));
        Self { disk, memory: Mutex::default(), darkroom: Darkroom::default() }
    }

    /// Takes note of many files at once.
    pub fn know(&self, files: impl IntoIterator<Item = (FileId, Stamp)>) {
        self.disk.write().unwrap_or_else(PoisonError::into_inner).stamps.extend(files);
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of a file that is another one now, or gone, with its text where that was read.
    pub fn renew(&self, file: &FileId, stamp: Option<Stamp>, bytes: Option<&Arc<[u8]>>) {
        self.disk.write().unwrap_or_else(PoisonError::into_inner).renew(file, stamp);
        self.darkroom.forget(file);
        let mut memory = self.memory();
        memory.kept.remove(file);
        match bytes {
            Some(bytes) if file.path().ends_with(".md") => memory.remember(file, bytes),
            _ => memory.recent.retain(|r| r.0 != *file),
        }
    }

    /// Takes note of a file that can no longer be read as an entry, while the entry that it was stays. The entry's text
    /// begins at `body`.
    pub fn keep(&self, file: &FileId, stamp: Option<Stamp>, body: usize, broken: &[u8]) {
        self.disk.write().unwrap_or_else(PoisonError::into_inner).renew(file, stamp);
        let mut memory = self.memory();
        if memory.kept.contains_key(file) {
            return;
        }
        let old = memory.recent.iter().find(|r| r.0 == *file).map(|r| Arc::clone(&r.1));
        // What was not read lately is put together: nothing where the front matter was, then the text as it is now.
        let old = old.unwrap_or_else(|| [vec![b' '; body].as_slice(), text_of(broken)].concat().into());
        memory.kept.insert(file.clone(), old);
    }

    /// Whether a file's entry is not what the file says now.
    #[must_use]
    pub fn is_kept(&self, file: &FileId) -> bool {
        self.memory().kept.contains_key(file)
    }
}

/// What follows the front matter, whatever that says.
fn text_of(bytes: &[u8]) -> &[u8] {
    let mut lines = bytes.split_inclusive(|b| *b == b'\n');
    let Some(first) = lines.next() else { return b"" };
    let mut at = first.len();
    for line in lines {
        at += line.len();
        if line.trim_ascii() == first.trim_ascii() {
            return &bytes[at..];
        }
    }
    b""
}

impl Texts for Live {
    fn bytes(&self, file: &FileId) -> Result<Arc<[u8]>, Diagnostic> {
        if let Some(kept) = self.memory().kept.get(file) {
            return Ok(Arc::clone(kept));
        }
        let bytes = self.disk.read().unwrap_or_else(PoisonError::into_inner).bytes(file)?;
        if file.path().ends_with(".md") {
            let mut memory = self.memory();
            // Two writes of one moment have one stamp; the entry is of the text that was read, not of the one after it.
            if memory.recent.iter().any(|r| r.0 == *file && r.1 != bytes) {
                return Err(super::changed(file));
            }
            memory.remember(file, &bytes);
        }
        Ok(bytes)
    }

    fn has(&self, file: &FileId) -> bool {
        self.disk.read().unwrap_or_else(PoisonError::into_inner).has(file)
    }

    fn images(&self) -> Option<&dyn ImageStore> {
        Some(&self.darkroom)
    }
}
