//! Storms of edits: the server lives, what was good stays in sight, and in the end it serves what a clean build writes.

use super::desk::Desk;
use super::server::{NOW, Site, until, url_of};
use super::sites::{Rng, runs, seed};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// So many edits, with comparisons on the way.
fn storm(desk: &mut Desk, edits: u64, between: u64) {
    desk.compare();
    for edit in 1..=edits {
        desk.act();
        std::thread::sleep(Duration::from_millis(desk.rng.pick(&[0, 0, 1, 3, 8, 20])));
        if edit % 5 == 0 {
            desk.look();
        }
        if edit % 47 == 0 {
            desk.break_and_mend();
        }
        if edit % between == 0 || edit == edits {
            desk.compare();
        }
    }
    println!("the site was as if it were built after at most {:?}", desk.slowest);
}

#[test]
fn a_storm_of_edits_leaves_the_last_good_pages_and_nothing_stale() {
    let mut desk = Desk::new(Rng::new(seed()), 16, &[]);
    storm(&mut desk, runs(2_000), 100);
}

#[test]
fn a_storm_passes_where_files_are_polled() {
    let mut desk = Desk::new(Rng::new(seed()), 6, &["--poll"]);
    until("it says so", || desk.server.said().contains("twice a second").then_some(()));
    storm(&mut desk, runs(2_000) / 20, 50);
}

/// A checkout of another branch: files come, change and go, with their folders, at once.
#[test]
fn a_checkout_of_five_hundred_files_is_taken_in_whole() {
    let mut desk = Desk::new(Rng::new(seed()), 4, &[]);
    let text = |n: usize, round: usize| {
        let tag = ["china", "patents", "networks"][(n + round) % 3];
        format!(
            "---\ntitle: Round {round} of {n}\ndescription: It is {n}.\ndate: 2020-{:02}-03\ntags: [{tag}]\n---\n\nText {round}.\n",
            n % 12 + 1
        )
    };
    for round in 0..4 {
        for n in 0..500 {
            let path = desk.site.at(&format!("content/articles/branch/{}/{}/file-{n}.md", n % 7, n % 3));
            match (n + round) % 4 {
                // Gone with its folders, where those are empty then.
                0 => {
                    let _ = fs::remove_file(&path);
                    let mut above = path.parent();
                    while let Some(folder) = above.filter(|f| f.ends_with("articles") || fs::remove_dir(f).is_ok()) {
                        above = folder.parent().filter(|_| !folder.ends_with("articles"));
                    }
                }
                1 if path.is_file() && round % 2 == 0 => {}
                _ => {
                    fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
                    let _ = fs::remove_file(&path);
                    fs::write(&path, text(n, round)).expect("written");
                }
            }
        }
        desk.compare();
    }
    fs::remove_dir_all(desk.site.at("content/articles/branch")).expect("removed");
    desk.compare();
    println!("the site was as if it were built after at most {:?}", desk.slowest);
}

/// How many notices the system keeps for a program; as before when it goes.
struct Queue(Option<String>);

const QUEUE: &str = "/proc/sys/fs/inotify/max_queued_events";

impl Queue {
    /// Makes it short, where that is allowed.
    fn shorten() -> Self {
        let before = fs::read_to_string(QUEUE).ok();
        let before = before.filter(|_| Path::new(QUEUE).exists() && fs::write(QUEUE, "8\n").is_ok());
        if before.is_none() {
            println!("the queue of notices cannot be made shorter here: the burst alone has to overflow it");
        }
        Self(before)
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _ = fs::write(QUEUE, before);
        }
    }
}

#[test]
fn nothing_is_missed_where_the_queue_of_notices_overflows() {
    const FILES: usize = 3_000;
    let site = Site::sample();
    let text = |n: usize, round: usize| format!("file {n} in round {round}\n");
    for n in 0..FILES {
        site.write(&format!("static/root/{}/file-{n}.txt", n % 10), text(n, 0));
    }
    for n in 0..50 {
        site.article(&format!("flood-{n}"), &format!("Flood {n} round 0"), "");
    }
    let queue = Queue::shorten();
    let mut server = site.serve(&["--as-of", NOW]);
    drop(queue);
    for round in 1..=2 {
        for n in 0..FILES {
            fs::write(site.at(&format!("static/root/{}/file-{n}.txt", n % 10)), text(n, round)).expect("written");
            if n % 60 == 0 {
                site.article(&format!("flood-{}", n / 60), &format!("Flood {} round {round}", n / 60), "");
            }
        }
        // Nothing follows that could bring it to light by chance.
        let start = Instant::now();
        let built = site.build(&["--as-of", NOW, "--drafts"]);
        let mut wire = server.wire();
        for (file, bytes) in &built {
            let url = url_of(file);
            until(&format!("{url} is as it is built, round {round}"), || {
                let answer = wire.get(&url).expect("an answer");
                (answer.status == 200 && answer.bare() == *bytes).then_some(())
            });
        }
        println!("round {round}: {} files compared {:?} after the burst", built.len(), start.elapsed());
    }
    server.lives();
}
