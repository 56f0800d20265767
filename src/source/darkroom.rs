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

/// Pixels in use, until it is dropped: whatever happens to who uses them, nobody waits for them in vain.
struct Loan<'d> {
    darkroom: &'d Darkroom,
    sheet: Sheet,
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
        let loan = self.take(file, image.pixels());
        let read = loan.sheet.get_or_init(|| decode(file, &bytes()?));
        let done = read.as_ref().map(then).map_err(Clone::clone);
        if done.is_ok() {
            held(&self.sound).insert(file.clone());
        }
        done
    }

    fn take(&self, file: &FileId, pixels: u64) -> Loan<'_> {
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
                return Loan { darkroom: self, sheet };
            }
            table.extend(known.map(|_| spread));
            table = self.room.wait(table).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        let mut table = held(&self.darkroom.table);
        if let Some(at) = table.iter().position(|s| Arc::ptr_eq(&s.sheet, &self.sheet)) {
            let mut spread = table.remove(at);
            spread.users -= 1;
            // What cannot be read is not kept, nor what came to grief while it was read.
            if spread.users > 0 || matches!(spread.sheet.get(), Some(Ok(_))) {
                table.push(spread);
            }
        }
        self.darkroom.room.notify_all();
    }
}

fn held<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Format;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::mpsc;
    use std::time::Duration;

    #[test]
    fn who_comes_to_grief_keeps_nobody_waiting() {
        let darkroom = Arc::new(Darkroom::default());
        let file = FileId::new("content/articles/large.png");
        // So large that one uses it at a time.
        let (digest, format) = ([0; 32], Format::Png);
        let image = Original { digest, format, width: 8000, height: 8000, opaque: true, moves: false };
        let decode: Decode = |_, _| Ok(Raster { width: 1, height: 1, opaque: true, bytes: vec![7; 3] });
        let broken: Decode = |_, _| panic!("a library gives up");
        let bytes = || Ok(Arc::from([].as_slice()));
        let grief = |decode: Decode, make: Make<'_>| {
            let done = || darkroom.made((&file, &image), "name", decode, &bytes, make);
            assert!(catch_unwind(AssertUnwindSafe(done)).is_err());
        };
        grief(broken, &|_| Ok(Vec::new()));
        grief(decode, &|_| panic!("a library gives up"));
        let (send, made) = mpsc::channel();
        let (theirs, file) = (Arc::clone(&darkroom), file.clone());
        std::thread::spawn(move || {
            let made = theirs.made((&file, &image), "name", decode, &|| unreachable!(), &|r| Ok(r.bytes.clone()));
            send.send(made.ok()).expect("somebody waits");
        });
        let made = made.recv_timeout(Duration::from_secs(20)).expect("it can be used again");
        assert_eq!(made, Some(vec![7; 3]));
    }
}
