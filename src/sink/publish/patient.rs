//! A store that tries again: what may pass is waited for, a few times, longer each time. Never hides a lasting fault.

use super::store::{Abilities, Fault, Got, Head, Store, Tag, When};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How often something is tried.
const TRIES: u32 = 6;

/// A store behind which another is asked again.
pub struct Patient<'a> {
    store: &'a dyn Store,
    /// The first pause.
    pause: Duration,
    /// Differs from one publisher to the next, so that they do not all come again at the same time.
    seed: AtomicU64,
}

impl<'a> Patient<'a> {
    /// Of a store.
    #[must_use]
    pub fn new(store: &'a dyn Store, pause: Duration) -> Self {
        Self { store, pause, seed: AtomicU64::new(u64::from(std::process::id())) }
    }

    fn again<T>(&self, mut work: impl FnMut() -> Result<T, Fault>) -> Result<T, Fault> {
        for turn in 0..TRIES - 1 {
            match work() {
                Err(Fault::Passing(_)) => std::thread::sleep(self.wait(turn)),
                done => return done,
            }
        }
        work()
    }

    /// Twice as long each time, and up to half as long again.
    fn wait(&self, turn: u32) -> Duration {
        let mut x = self.seed.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let part = u32::try_from((x >> 32) % 512).unwrap_or(0);
        let whole = self.pause * 2_u32.pow(turn);
        whole + whole / 1024 * part
    }
}

impl Store for Patient<'_> {
    fn name(&self) -> String {
        self.store.name()
    }

    fn abilities(&self) -> Abilities {
        self.store.abilities()
    }

    fn get(&self, key: &str) -> Result<Option<Got>, Fault> {
        self.again(|| self.store.get(key))
    }

    fn put(&self, key: &str, bytes: &[u8], head: &Head, when: &When) -> Result<Option<Tag>, Fault> {
        let mut unsure = false;
        self.again(|| match self.store.put(key, bytes, head, when) {
            // It may have been us, and the answer did not arrive.
            Err(Fault::Lost) if unsure => match self.store.get(key)? {
                Some(there) if there.bytes == bytes => Ok(there.tag),
                _ => Err(Fault::Lost),
            },
            Err(Fault::Passing(why)) => {
                unsure = true;
                Err(Fault::Passing(why))
            }
            done => done,
        })
    }

    fn copy(&self, from: &str, to: &str) -> Result<(), Fault> {
        self.again(|| self.store.copy(from, to))
    }

    fn delete(&self, key: &str) -> Result<(), Fault> {
        self.again(|| self.store.delete(key))
    }

    fn is_empty(&self) -> Result<bool, Fault> {
        self.again(|| self.store.is_empty())
    }

    fn live(&self) -> Result<Option<u64>, Fault> {
        self.again(|| self.store.live())
    }

    fn go_live(&self, from: Option<u64>, to: u64, message: &str) -> Result<(), Fault> {
        let mut unsure = false;
        self.again(|| match self.store.go_live(from, to, message) {
            // Without a claim it may be somebody else's edition of the same number: the store itself knows whose it is.
            Err(Fault::Lost) if unsure && self.store.abilities().claims && self.store.live()? == Some(to) => Ok(()),
            Err(Fault::Passing(why)) => {
                unsure = true;
                Err(Fault::Passing(why))
            }
            done => done,
        })
    }

    fn drop_edition(&self, number: u64) -> Result<(), Fault> {
        self.again(|| self.store.drop_edition(number))
    }
}
