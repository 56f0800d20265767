//! A store that tries again: what may pass is waited for, a few times, longer each time. Never hides a lasting fault.

use super::keys::is_record;
use super::record::is_cut_short;
use super::store::{Abilities, Fault, Got, Head, Store, Tag, When};
use jiff::SignedDuration;
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

    fn again<T>(&self, work: impl FnMut() -> Result<T, Fault>) -> Result<T, Fault> {
        again(self.pause, &self.seed, work)
    }
}

/// Does something that may fail for a while, a few times.
///
/// # Errors
/// The last fault, or one that does not pass.
pub(super) fn again<T>(
    pause: Duration,
    seed: &AtomicU64,
    mut work: impl FnMut() -> Result<T, Fault>,
) -> Result<T, Fault> {
    for turn in 0..TRIES - 1 {
        match work() {
            Err(Fault::Passing(_)) => std::thread::sleep(wait(pause, seed, turn)),
            done => return done,
        }
    }
    work()
}

/// Twice as long each time, and up to half as long again.
fn wait(pause: Duration, seed: &AtomicU64, turn: u32) -> Duration {
    let mut x = seed.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let part = u32::try_from((x >> 32) % 512).unwrap_or(0);
    let whole = pause * 2_u32.pow(turn);
    whole + whole / 1024 * part
}

impl Store for Patient<'_> {
    fn name(&self) -> String {
        self.store.name()
    }

    fn abilities(&self) -> Abilities {
        self.store.abilities()
    }

    fn skew(&self) -> Option<SignedDuration> {
        self.store.skew()
    }

    fn get(&self, key: &str) -> Result<Option<Got>, Fault> {
        if !is_record(self.abilities().layout, key) {
            return self.again(|| self.store.get(key));
        }
        let mut part = None;
        let got = self.again(|| match self.store.get(key)? {
            Some(got) if is_cut_short(&got.bytes) => {
                part = Some(got);
                Err(Fault::Passing("it is half written".to_owned()))
            }
            got => Ok(got),
        });
        match (got, part) {
            // It stays so: nobody is writing it.
            (Err(Fault::Passing(_)), Some(part)) => Ok(Some(part)),
            (got, _) => got,
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::publish::folder::Disk;
    use crate::sink::publish::keys::Keys;
    use crate::sink::publish::store::Layout;
    use crate::sink::publish::tree::Tree;

    #[test]
    fn what_somebody_is_just_writing_is_waited_for() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir_all(folder.path().join("www/.dealwire"))?;
        let tree = Tree::open(Disk, &folder.path().join("www").to_string_lossy()).map_err(|f| f.to_string())?;
        let keys = Keys::new(Layout::InPlace, 0);
        let (part, whole) = (br#"{"run": "a", "unt"#, br#"{"run": "a"}"#);
        let put = |key: &str, bytes: &[u8]| tree.put(key, bytes, &Head::ours("no-store"), &When::Always).map(|_| ());
        let patient = Patient::new(&tree, Duration::from_millis(20));
        let read = |key: &str| patient.get(key).map(|got| got.map(|g| g.bytes)).map_err(|f| f.to_string());
        put(&keys.claim(), part).map_err(|f| f.to_string())?;
        let got = std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(50));
                put(&keys.claim(), whole)
            });
            read(&keys.claim())
        })?;
        assert_eq!(got.as_deref(), Some(&whole[..]), "it was waited for");
        put(&keys.record(), part).map_err(|f| f.to_string())?;
        assert_eq!(read(&keys.record())?.as_deref(), Some(&part[..]), "it stays so, and is shown as it is");
        put("data.json", part).map_err(|f| f.to_string())?;
        let begun = std::time::Instant::now();
        assert_eq!(read("data.json")?.as_deref(), Some(&part[..]), "a file of a site is its author's");
        assert!(begun.elapsed() < Duration::from_millis(20 * 31), "and is not waited for");
        Ok(())
    }
}
