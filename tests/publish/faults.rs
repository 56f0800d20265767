//! An unreliable network and a publisher that is killed: what is live hangs together at every instant, and the next run
//! finishes.

use crate::bucket::Bucket;
use crate::desk::{DONE, Desk, IO};
use crate::host::{Host, built};
use crate::promises::LOST;
use crate::proxy::{Proxy, Request, Trouble};
use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::{Arc, Mutex};

/// A site, a bucket, and a proxy between them.
pub struct Wire {
    bucket: Bucket,
    pub proxy: Proxy,
    pub desk: Desk,
}

impl Wire {
    pub fn new() -> Self {
        let bucket = Bucket::moto("");
        let proxy = Proxy::before(bucket.port());
        let desk = crate::host::desk(&bucket);
        let (direct, through) = (format!(":{}", bucket.port()), format!(":{}", proxy.port));
        let text = desk.read("site.toml").replace(&direct, &through);
        let text =
            text.lines().map(|l| if l.starts_with("base_url") { "base_url = \"https://example.com\"" } else { l });
        let text = text.collect::<Vec<_>>().join("\n");
        desk.write("site.toml", format!("{text}\ntimeout_seconds = 2\n"));
        Self { bucket, proxy, desk }
    }

    /// Changes a text, adds one, takes one back, and changes what every page has.
    pub fn change(&self, n: u64) {
        self.desk.article("changed", &format!("Changed for time {n}"), "tags: [patents]\n");
        self.desk.article(&format!("new-{n}"), &format!("New story {n}"), "tags: [patents]\n");
        if n > 0 {
            let old = format!("new-{}", n - 1);
            self.desk.article(&old, "Taken back", "draft: true\n");
        }
        self.desk.write("static/style.css", format!("body{{margin:{n}px}}"));
    }

    #[track_caller]
    fn hangs_together(&self, when: &str) {
        let wrong = self.proxy.seen(|s| std::mem::take(&mut s.wrong));
        assert!(wrong.is_empty(), "{when}:\n{}", wrong.join("\n"));
    }

    /// What readers get, as the proxy has seen it.
    fn live(&self) -> BTreeMap<String, Vec<u8>> {
        let mut all = self.proxy.seen(|s| s.bucket.clone());
        all.retain(|path, _| !path.starts_with(".dealwire/"));
        all
    }

    /// Publishes without trouble, and asserts that readers get what the build makes.
    #[track_caller]
    pub fn finishes(&self, when: &str) {
        self.proxy.calm();
        let said = self.desk.type_in("publish");
        assert_eq!(said.code, DONE, "{when}: {}", said.err);
        self.hangs_together(when);
        let (live, built) = (self.live(), built(&self.desk));
        let (mine, theirs): (Vec<_>, Vec<_>) = (built.keys().collect(), live.keys().collect());
        // Styles that nobody uses any more stay for a while.
        let lost: Vec<_> = mine.iter().filter(|k| !theirs.contains(k)).collect();
        let left: Vec<_> = theirs.iter().filter(|k| !mine.contains(k) && !k.starts_with("assets/")).collect();
        assert!(lost.is_empty() && left.is_empty(), "{when}: missing {lost:?}, left {left:?}");
        assert!(built.iter().all(|(k, v)| live.get(k) == Some(v)), "{when}: another edition is live");
    }
}

/// A number that follows from a seed and a request alone, whatever came before it.
fn draw(seed: u64, words: &str, turn: usize) -> u64 {
    let mut x = seed ^ 0x9e37_79b9_7f4a_7c15;
    for b in words.bytes().chain(turn.to_le_bytes()) {
        x = (x ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
        x ^= x >> 29;
    }
    x.wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 16
}

/// Trouble for a share of all requests, by a seed.
fn trouble(seed: u64) -> impl Fn(&Request, usize) -> Trouble + Send + Sync + 'static {
    let share = [2, 5, 10, 20][usize::try_from(seed % 4).unwrap_or(0)];
    move |r: &Request, _| {
        let drawn = draw(seed, &format!("{} {}", r.method, r.path), r.turn);
        if drawn % 100 >= share {
            return Trouble::None;
        }
        match (drawn / 100) % 40 {
            0..7 => Trouble::Status(500),
            7..14 => Trouble::Status(503),
            14..20 => Trouble::Status(429),
            20..26 => Trouble::Reset,
            26..32 => Trouble::Truncated,
            32..39 => Trouble::Lost,
            _ => Trouble::Stall,
        }
    }
}

/// How many schedules: a few hundred here, and as many as a variable says on demand.
fn schedules() -> u64 {
    std::env::var("DEALWIRE_SCHEDULES").ok().and_then(|n| n.parse().ok()).unwrap_or(200)
}

fn play(seeds: impl Iterator<Item = u64>) -> BTreeMap<i32, usize> {
    let wire = Wire::new();
    wire.finishes("at first");
    let mut ends = BTreeMap::new();
    for (n, seed) in (0..).zip(seeds) {
        wire.change(n);
        let before = wire.live();
        let keep = trouble(seed);
        // Every tenth time the credentials end halfway, for good.
        let ends_at = if seed % 10 == 9 { 10 + usize::try_from(seed % 37).unwrap_or(0) } else { usize::MAX };
        wire.proxy.set(
            Box::new(move |r, i| if i >= ends_at { Trouble::Status(401) } else { keep(r, i) }),
            Box::new(|_, _| {}),
        );
        let said = wire.desk.type_in("publish");
        let when = format!("seed {seed}, code {}: {}", said.code, said.err);
        assert!([DONE, IO].contains(&said.code), "{when}");
        *ends.entry(said.code).or_default() += 1;
        wire.hangs_together(&when);
        let live = wire.live();
        if said.code == IO && said.err.contains("E1304") && !said.err.contains("deleted") {
            let gone: Vec<_> = before.keys().filter(|k| !live.contains_key(*k)).collect();
            assert!(gone.is_empty(), "after an error nothing is deleted: {gone:?} ({when})");
        }
        wire.finishes(&format!("after seed {seed}"));
    }
    assert_eq!(wire.live(), wire.bucket.live(), "the proxy has seen everything");
    ends
}

#[test]
fn schedules_of_trouble_even() {
    let ends = play((0..schedules()).filter(|n| n % 2 == 0));
    println!("ends by exit code: {ends:?}");
}

#[test]
fn schedules_of_trouble_odd() {
    let ends = play((0..schedules()).filter(|n| n % 2 == 1));
    println!("ends by exit code: {ends:?}");
    assert!(ends.contains_key(&IO), "credentials that end halfway are an error: {ends:?}");
}

#[test]
fn a_publisher_killed_at_any_request_is_finished_by_the_next() {
    let wire = Wire::new();
    wire.finishes("at first");
    wire.change(0);
    wire.finishes("a change");
    for at in 1.. {
        wire.change(at as u64);
        let child = wire.desk.command().arg("publish").stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let child = Arc::new(Mutex::new(child.expect("the program starts")));
        let victim = Arc::clone(&child);
        let is_after = at % 2 == 0;
        wire.proxy.set(
            Box::new(|_, _| Trouble::None),
            Box::new(move |n, done| {
                if n == at && done == is_after {
                    let _ = victim.lock().expect("a lock").kill();
                }
            }),
        );
        let ended = loop {
            if let Some(status) = child.lock().expect("a lock").try_wait().expect("its state") {
                break status;
            }
            std::thread::sleep(std::time::Duration::from_millis(2));
        };
        wire.hangs_together(&format!("killed at request {at}"));
        let sent: Vec<(String, String)> = wire.proxy.seen(|s| s.writes.clone());
        wire.finishes(&format!("after a kill at request {at}"));
        let again: Vec<(String, String)> = wire.proxy.seen(|s| s.writes.clone());
        // What a finished request had sent is not sent again; those under way when the kill came may be.
        let ours = |w: &&(String, String)| w.0 == "PUT" && !w.1.starts_with(".dealwire/");
        let repeated = sent.iter().filter(ours).filter(|w| again.contains(w)).count();
        assert!(repeated <= 12, "after a kill at request {at}, {repeated} files were sent twice");
        if ended.success() {
            assert!(at > 40, "only {at} requests");
            return;
        }
    }
}

#[test]
fn a_second_publisher_comes_between_plan_and_claim() {
    let wire = Wire::new();
    wire.finishes("at first");
    wire.change(0);
    // While the first one holds the claim, the second finds it taken.
    let (said, second) = (Arc::new(Mutex::new(None)), wire.desk.command());
    let second = Arc::new(Mutex::new(second));
    let (note, again) = (Arc::clone(&said), Arc::clone(&second));
    wire.proxy.set(
        Box::new(|_, _| Trouble::None),
        Box::new(move |n, done| {
            if n == 25 && !done {
                let mut command = again.lock().expect("a lock");
                *note.lock().expect("a lock") = Some(crate::desk::Said::of(command.arg("publish")));
            }
        }),
    );
    wire.desk.type_in("publish").has(DONE);
    let second = said.lock().expect("a lock").take().expect("the second ran");
    second.has(LOST).says("E1303");
    wire.finishes("after two");
}
