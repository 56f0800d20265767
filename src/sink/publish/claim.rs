//! One publisher at a time: a claim at the target says who writes, until when, and what it may have written. Never
//! waits for another.

use super::keys::Keys;
use super::record::Claim;
use super::stop::Stop;
use super::store::{Fault, Head, Store, Tag, When, failed};
use crate::diagnostic::Diagnostic;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::PoisonError;

/// How long a claim holds without being renewed.
const LEASE: SignedDuration = SignedDuration::from_secs(90);

/// A claim that this run has.
pub struct Held<'a> {
    store: &'a dyn Store,
    key: String,
    now: Mutex<(Claim, Option<Tag>)>,
    /// What runs that did not end may have written.
    pub unsure: BTreeSet<String>,
    /// The target's clock less ours, where it tells the time.
    pub skew: Option<SignedDuration>,
}

impl<'a> Held<'a> {
    /// Claims a target.
    ///
    /// # Errors
    /// `Lost` while somebody else writes; `Failed` when the target does not answer.
    pub fn take(store: &'a dyn Store, keys: &Keys, clock: fn() -> Timestamp) -> Result<Self, Stop> {
        let key = keys.claim();
        let fault = |f: &Fault| failed(store, "the target cannot be claimed", f);
        let mut claim = ours(clock() + LEASE);
        for _ in 0..3 {
            let sent = clock();
            let put = match store.put(&key, &claim.encode(), &head(), &When::Absent) {
                Ok(_) => Ok(()),
                Err(Fault::Lost) => match store.get(&key).map_err(|f| fault(&f))? {
                    // It was given back in between.
                    None => continue,
                    Some(there) => {
                        let other = Claim::parse(&there.bytes).map_err(|why| not_ours(store, &key, &why))?;
                        if !is_over(&other, clock()) {
                            return Err(taken(&other, clock()));
                        }
                        claim.writes = other.writes;
                        take_over(store, &key, &claim, there.tag)
                    }
                },
                Err(f) => Err(f),
            };
            match put {
                Ok(()) => {}
                Err(Fault::Lost) => return Err(lost("somebody else has just begun to publish")),
                Err(f) => return Err(fault(&f)),
            }
            // Where two could have made it, the one that stands there is the one that has it.
            let there = store.get(&key).map_err(|f| fault(&f))?;
            let Some(there) = there.filter(|t| Claim::parse(&t.bytes).is_ok_and(|c| c.run == claim.run)) else {
                return Err(lost("somebody else has just begun to publish"));
            };
            let skew = there.modified.map(|m| m.duration_since(sent));
            let unsure = claim.writes.clone();
            return Ok(Self { store, key, now: Mutex::new((claim, there.tag)), unsure, skew });
        }
        Err(lost("others publish one after the other"))
    }

    /// Whether the run may go on writing: a claim that has run out, or was taken over, is asked for again first.
    ///
    /// # Errors
    /// `Lost` when somebody else has it by now.
    pub fn check(&self, now: Timestamp) -> Result<(), Stop> {
        let until = self.now.lock().unwrap_or_else(PoisonError::into_inner).0.until;
        if until <= now { self.renew(now, None) } else { Ok(()) }
    }

    /// Says that the run goes on, and what it may write from here on.
    ///
    /// # Errors
    /// `Lost` when somebody else has taken over.
    pub fn renew(&self, now: Timestamp, writes: Option<BTreeSet<String>>) -> Result<(), Stop> {
        let mut held = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        held.0.writes.extend(writes.into_iter().flatten());
        let before = std::mem::replace(&mut held.0.until, now + LEASE);
        let done = self.put(&mut held);
        if let Err(stop) = &done {
            held.0.until = if matches!(stop, Stop::Lost(_)) { Timestamp::UNIX_EPOCH } else { before };
        }
        done
    }

    fn put(&self, held: &mut (Claim, Option<Tag>)) -> Result<(), Stop> {
        let when = held.1.clone().filter(|_| self.store.abilities().swaps).map_or(When::Always, When::Is);
        if when == When::Always
            && !self.is_ours(&held.0).map_err(|f| failed(self.store, "the claim cannot be read", &f))?
        {
            return Err(lost("somebody else has taken over"));
        }
        match self.store.put(&self.key, &held.0.encode(), &head(), &when) {
            Ok(tag) => {
                held.1 = tag;
                Ok(())
            }
            Err(Fault::Lost) => Err(lost("somebody else has taken over")),
            // Where nothing is exchanged in one step, somebody else's may have come in between.
            Err(_) if self.is_anothers(&held.0) => Err(lost("somebody else has taken over")),
            Err(f) => Err(failed(self.store, "the claim cannot be renewed", &f)),
        }
    }

    /// Gives the claim back: everything is as it should be.
    ///
    /// # Errors
    /// When the target does not answer.
    pub fn release(self) -> Result<(), Stop> {
        let held = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let fault = |f: Fault| failed(self.store, "the claim cannot be given back", &f);
        if self.is_ours(&held.0).map_err(fault)? {
            self.store.delete(&self.key).map_err(fault)?;
        }
        Ok(())
    }

    /// Leaves the claim for the next run, which may go on at once and knows what to look at.
    pub fn leave(self) {
        let mut held = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        held.0.until = Timestamp::UNIX_EPOCH;
        // Who comes next may have to wait where this fails, and that is all.
        let is_ours = self.is_ours(&held.0).unwrap_or(false);
        if is_ours {
            let _ = self.store.put(&self.key, &held.0.encode(), &head(), &When::Always);
        }
    }

    /// Whether the claim that stands there is another run's, as far as it can be told.
    fn is_anothers(&self, claim: &Claim) -> bool {
        let there = self.store.get(&self.key).ok().flatten();
        there.is_some_and(|t| Claim::parse(&t.bytes).is_ok_and(|c| c.run != claim.run))
    }

    fn is_ours(&self, claim: &Claim) -> Result<bool, Fault> {
        let there = self.store.get(&self.key)?;
        Ok(there.is_some_and(|t| Claim::parse(&t.bytes).is_ok_and(|c| c.run == claim.run)))
    }
}

fn take_over(store: &dyn Store, key: &str, claim: &Claim, tag: Option<Tag>) -> Result<(), Fault> {
    if let Some(tag) = tag.filter(|_| store.abilities().swaps) {
        return store.put(key, &claim.encode(), &head(), &When::Is(tag)).map(|_| ());
    }
    store.delete(key)?;
    store.put(key, &claim.encode(), &head(), &When::Absent).map(|_| ())
}

fn head() -> Head {
    Head::ours("no-store")
}

/// What a run knows about itself.
fn ours(until: Timestamp) -> Claim {
    let mut random = [0; 16];
    // Without random numbers the clock tells runs apart; the process and the machine do in any case.
    let _ = getrandom::fill(&mut random);
    let run = blake3::hash(format!("{random:?}{until}{}", std::process::id()).as_bytes());
    let name = rustix::system::uname();
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let machine = blake3::hash([name.nodename().to_bytes(), boot.as_bytes()].concat().as_slice());
    Claim {
        run: run.to_hex()[..32].to_owned(),
        machine: machine.to_hex()[..32].to_owned(),
        process: std::process::id(),
        until,
        writes: BTreeSet::new(),
    }
}

/// Whether nobody goes on with a claim.
fn is_over(claim: &Claim, now: Timestamp) -> bool {
    let me = ours(now);
    let pid = i32::try_from(claim.process).ok().and_then(rustix::process::Pid::from_raw);
    let is_dead = claim.machine == me.machine
        && pid.is_none_or(|p| rustix::process::test_kill_process(p) == Err(rustix::io::Errno::SRCH));
    claim.until <= now || is_dead
}

fn taken(other: &Claim, now: Timestamp) -> Stop {
    let seconds = other.until.duration_since(now).as_secs().max(1);
    let help = format!("wait for it; if it was stopped from outside, publish again in {seconds} seconds");
    Stop::Lost(Diagnostic::bare("E1303", "somebody else is publishing to this target").help(help))
}

pub(super) fn lost(message: &str) -> Stop {
    let help = "nothing of this run is live; look at what they published, then publish again";
    Stop::Lost(Diagnostic::bare("E1303", message).help(help))
}

fn not_ours(store: &dyn Store, key: &str, why: &str) -> Stop {
    let message = format!("`{key}` at {} is no claim of this program: {why}", store.name());
    Stop::Refused(Diagnostic::bare("E1302", message).help("delete that file if nobody is publishing"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::publish::folder::Disk;
    use crate::sink::publish::store::{Abilities, Got, Layout};
    use crate::sink::publish::tree::Tree;

    #[test]
    fn a_run_whose_claim_was_taken_over_writes_no_more() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let tree = Tree::open(Disk, &folder.path().join("www").to_string_lossy()).map_err(|f| f.to_string())?;
        let keys = Keys::new(Layout::Editions, 0);
        let held = Held::take(&tree, &keys, Timestamp::now).map_err(|s| format!("{s:?}"))?;
        let (now, later) = (Timestamp::now(), Timestamp::now() + LEASE + LEASE);
        assert!(held.check(now).is_ok(), "it is ours");
        assert!(held.check(later).is_ok(), "it has run out, nobody took it, and it is renewed");
        let other = Claim { run: "another".to_owned(), ..ours(later + LEASE) };
        tree.put(&keys.claim(), &other.encode(), &head(), &When::Always).map_err(|f| f.to_string())?;
        assert!(matches!(held.check(later + LEASE), Err(Stop::Lost(_))), "somebody else has it");
        assert!(matches!(held.check(now), Err(Stop::Lost(_))), "and it stays so");
        held.leave();
        let there = tree.get(&keys.claim()).map_err(|f| f.to_string())?.map(|t| t.bytes);
        assert_eq!(there, Some(other.encode()), "theirs is left alone");
        Ok(())
    }

    /// A target where a file gives way before the next stands in its place: whoever comes in between keeps the place.
    struct Gap<'a> {
        tree: &'a Tree<Disk>,
        comes: Vec<u8>,
    }

    impl Store for Gap<'_> {
        fn name(&self) -> String {
            self.tree.name()
        }
        fn abilities(&self) -> Abilities {
            self.tree.abilities()
        }
        fn get(&self, key: &str) -> Result<Option<Got>, Fault> {
            self.tree.get(key)
        }
        fn put(&self, key: &str, _: &[u8], head: &Head, when: &When) -> Result<Option<Tag>, Fault> {
            if !self.comes.is_empty() {
                self.tree.put(key, &self.comes, head, when)?;
            }
            Err(Fault::Lasting("Failure".to_owned()))
        }
        fn copy(&self, from: &str, to: &str) -> Result<(), Fault> {
            self.tree.copy(from, to)
        }
        fn delete(&self, key: &str) -> Result<(), Fault> {
            self.tree.delete(key)
        }
        fn is_empty(&self) -> Result<bool, Fault> {
            self.tree.is_empty()
        }
        fn live(&self) -> Result<Option<u64>, Fault> {
            self.tree.live()
        }
    }

    #[test]
    fn who_comes_in_between_wins() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let tree = Tree::open(Disk, &folder.path().join("www").to_string_lossy()).map_err(|f| f.to_string())?;
        let key = Keys::new(Layout::Editions, 0).claim();
        let (mine, other) = (ours(Timestamp::now()), Claim { run: "another".to_owned(), ..ours(Timestamp::now()) });
        for comes in [Vec::new(), other.encode()] {
            tree.put(&key, &mine.encode(), &head(), &When::Always).map_err(|f| f.to_string())?;
            let gap = Gap { tree: &tree, comes };
            let now = Mutex::new((mine.clone(), None));
            let held = Held { store: &gap, key: key.clone(), now, unsure: BTreeSet::new(), skew: None };
            let done = held.renew(Timestamp::now(), None);
            let is_as_it_should = if gap.comes.is_empty() {
                matches!(done, Err(Stop::Failed(_)))
            } else {
                matches!(done, Err(Stop::Lost(_)))
            };
            assert!(is_as_it_should, "{done:?}");
        }
        Ok(())
    }
}
