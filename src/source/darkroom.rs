//! What is remembered of images: what each is, the pixels of those at work, and what was made lately. Bounded, whatever
//! the site holds and however many threads ask.

use crate::diagnostic::FileId;
use crate::model::{Decode, ImageStore, Look, Make, Original, Raster, ReadBytes, Unfit};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

/// Most pixels that are held at a time: those of one image of the largest size, and a part of it that is cut out.
const PIXELS: u64 = 128_000_000;
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

impl Spread {
    /// Pixels that are held for so many users: its own, and what each of them cuts out.
    fn held_for(&self, users: usize) -> u64 {
        self.pixels.saturating_mul(1 + users as u64)
    }
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

impl ImageStore for Darkroom {
    fn original(&self, file: &FileId, look: Look, bytes: ReadBytes<'_>) -> Result<Original, Unfit> {
        if let Some(known) = held(&self.known).get(file) {
            return known.clone();
        }
        let seen = look(file, &bytes()?);
        held(&self.known).insert(file.clone(), seen.clone());
        seen
    }

    fn sound(&self, of: (&FileId, &Original), decode: Decode, bytes: ReadBytes<'_>) -> Result<(), Unfit> {
        if held(&self.sound).contains(of.0) {
            return Ok(());
        }
        self.with(of, decode, bytes, &|_| ())
    }

    fn made(
        &self,
        of: (&FileId, &Original),
        name: &str,
        decode: Decode,
        bytes: ReadBytes<'_>,
        make: Make<'_>,
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
}

impl Darkroom {
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
        bytes: ReadBytes<'_>,
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
            let known = table.iter().position(|s| s.file == *file);
            let mut spread = match known {
                Some(at) => table.remove(at),
                None => Spread { file: file.clone(), sheet: Sheet::default(), pixels, users: 0 },
            };
            let wanted = spread.held_for(spread.users + 1);
            let others = |table: &[Spread]| table.iter().map(|s| s.held_for(s.users)).sum::<u64>();
            while others(&table) + wanted > PIXELS {
                // The one that nobody has used for longest makes room.
                let Some(idle) = table.iter().position(|s| s.users == 0) else { break };
                table.remove(idle);
            }
            let is_alone = table.is_empty() && spread.users == 0;
            if is_alone || others(&table) + wanted <= PIXELS {
                spread.users += 1;
                let sheet = Arc::clone(&spread.sheet);
                table.push(spread);
                return sheet;
            }
            table.extend(known.map(|_| spread));
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
