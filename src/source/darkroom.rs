//! What is remembered of images: what each is, the pixels of those at work, and what was made lately. Bounded, whatever
//! the site holds and however many threads ask.

use crate::diagnostic::{Diagnostic, FileId};
use crate::model::{Decode, Look, Original, Raster, Unfit};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

/// Most pixels that are held at a time: those of one image of the largest size.
const PIXELS: u64 = 64_000_000;
/// Most bytes of finished files that are kept.
const KEPT: usize = 32 * 1024 * 1024;

/// The pixels of one image, or why they cannot be read.
type Sheet = Arc<OnceLock<Result<Raster, Unfit>>>;

/// An image whose pixels are held.
struct Spread {
    file: FileId,
    sheet: Sheet,
    pixels: u64,
    users: usize,
}

/// What is remembered.
#[derive(Default)]
pub(super) struct Darkroom {
    known: Mutex<HashMap<FileId, Result<Original, Unfit>>>,
    sound: Mutex<HashSet<FileId>>,
    table: Mutex<Vec<Spread>>,
    /// Rung when somebody is done with an image.
    room: Condvar,
    finished: Mutex<VecDeque<(String, Arc<[u8]>)>>,
}

/// Reads the bytes of the file.
type Bytes<'a> = &'a dyn Fn() -> Result<Arc<[u8]>, Diagnostic>;

impl Darkroom {
    /// What an image is.
    pub(super) fn original(&self, file: &FileId, look: Look, bytes: Bytes<'_>) -> Result<Original, Unfit> {
        if let Some(known) = held(&self.known).get(file) {
            return known.clone();
        }
        let seen = look(file, &bytes()?);
        held(&self.known).insert(file.clone(), seen.clone());
        seen
    }

    /// Whether its pixels can be read: looked at once.
    pub(super) fn sound(&self, of: (&FileId, &Original), decode: Decode, bytes: Bytes<'_>) -> Result<(), Unfit> {
        if held(&self.sound).contains(of.0) {
            return Ok(());
        }
        self.with(of, decode, bytes, &|_| ())
    }

    /// What `make` makes of its pixels, or has made lately.
    pub(super) fn made(
        &self,
        of: (&FileId, &Original),
        name: &str,
        decode: Decode,
        bytes: Bytes<'_>,
        make: &dyn Fn(&Raster) -> Result<Vec<u8>, Unfit>,
    ) -> Result<Vec<u8>, Unfit> {
        if let Some((_, found)) = held(&self.finished).iter().find(|(n, _)| n == name) {
            return Ok(found.to_vec());
        }
        let result = self.with(of, decode, bytes, make)??;
        let mut finished = held(&self.finished);
        finished.push_back((name.to_owned(), result.as_slice().into()));
        while finished.iter().map(|(_, b)| b.len()).sum::<usize>() > KEPT {
            finished.pop_front();
        }
        Ok(result)
    }

    /// Forgets a file that is another one now, or gone. What was made has its digest in its name.
    pub(super) fn forget(&self, file: &FileId) {
        held(&self.known).remove(file);
        held(&self.sound).remove(file);
        let mut table = held(&self.table);
        table.retain(|s| s.file != *file || s.users > 0);
        // Who uses the old pixels goes on; nobody else gets them.
        table.iter_mut().filter(|s| s.file == *file).for_each(|s| s.file = FileId::new(""));
    }

    /// Lets somebody use the pixels of an image; where too many are in use already, waits.
    fn with<T>(
        &self,
        (file, image): (&FileId, &Original),
        decode: Decode,
        bytes: Bytes<'_>,
        then: &dyn Fn(&Raster) -> T,
    ) -> Result<T, Unfit> {
        let sheet = self.take(file, image.pixels());
        let read = sheet.get_or_init(|| decode(file, &bytes()?));
        let done = read.as_ref().map(then).map_err(Clone::clone);
        if done.is_ok() {
            held(&self.sound).insert(file.clone());
        }
        self.give_back(&sheet, done.is_err());
        done
    }

    fn take(&self, file: &FileId, pixels: u64) -> Sheet {
        let mut table = held(&self.table);
        loop {
            if let Some(spread) = table.iter_mut().find(|s| s.file == *file) {
                spread.users += 1;
                return Arc::clone(&spread.sheet);
            }
            while table.iter().map(|s| s.pixels).sum::<u64>() + pixels > PIXELS {
                // The one that nobody has used for longest makes room.
                let Some(idle) = table.iter().position(|s| s.users == 0) else { break };
                table.remove(idle);
            }
            if table.is_empty() || table.iter().map(|s| s.pixels).sum::<u64>() + pixels <= PIXELS {
                let sheet = Sheet::default();
                table.push(Spread { file: file.clone(), sheet: Arc::clone(&sheet), pixels, users: 1 });
                return sheet;
            }
            table = self.room.wait(table).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn give_back(&self, sheet: &Sheet, failed: bool) {
        let mut table = held(&self.table);
        if let Some(at) = table.iter().position(|s| Arc::ptr_eq(&s.sheet, sheet)) {
            let mut spread = table.remove(at);
            spread.users -= 1;
            if spread.users > 0 || !failed {
                table.push(spread);
            }
        }
        self.room.notify_all();
    }
}

fn held<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
