//! Many readers while somebody writes: every answer is whole, and of one edition.

use super::server::{NOW, Server, Site, Wire};
use super::sites::{Rng, runs, seed};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

const ARTICLE: &str = "content/articles/versions.md";

/// A version of an article, which says in many places which one it is.
fn version(n: u64) -> String {
    let body = format!("This is version-{n}x.\n\n").repeat(40);
    format!(
        "---\ntitle: Title of version-{n}x\ndescription: About version-{n}x.\ndate: 2026-05-30\ntags: [china]\n---\n\n{body}"
    )
}

/// The versions of which a page speaks.
fn versions(text: &str) -> Vec<u64> {
    text.split("version-").skip(1).filter_map(|t| t.split_once('x')?.0.parse().ok()).collect()
}

/// Asks again and again; what it has seen never gets older.
fn read(server: &Server, rng: &mut Rng, times: u64, newest: &AtomicU64, away: &AtomicU64) {
    let pages = ["/", "/2026/05/versions/", "/feed.xml", "/2026/05/", "/tags/china/"];
    let mut wire = server.wire();
    let mut seen = 0;
    for n in 0..times {
        let page = if n % 3 == 0 { "/2026/05/versions/" } else { rng.pick(&pages) };
        let answer = ask(&mut wire, page, rng);
        if versions(&answer.1).is_empty() {
            // On a busy machine the writer can be stopped between the removal of a file and its return.
            std::thread::sleep(Duration::from_millis(500));
            let away = away.load(Ordering::Relaxed);
            assert!(away >= 40, "{page} lost the article, which was away for at most {away} ms: {}", answer.1);
            continue;
        }
        assert_eq!(answer.0, 200, "{page}: {}", answer.1);
        let all = versions(&answer.1);
        assert!(all.len() >= 2, "{page} speaks of {all:?}: {}", answer.1);
        assert!(all.iter().all(|v| *v == all[0]), "{page} mixes versions: {all:?}");
        assert!(all[0] >= seen, "{page} is of version {}, after version {seen} was seen", all[0]);
        seen = all[0];
        newest.fetch_max(seen, Ordering::Relaxed);
        if n % 500 == 250 {
            let tab = server.tab(page);
            assert!(tab.state["digest"].is_string(), "{}", tab.state);
        }
    }
}

fn ask(wire: &mut Wire, page: &str, rng: &mut Rng) -> (u16, String) {
    let more = rng.pick(&["", "", "Cookie: a=b\r\n", "If-None-Match: \"0\"\r\n", "Range: bytes=0-1,3-4\r\n"]);
    let answer = wire.request("GET", page, more).unwrap_or_else(|e| panic!("{page} is refused: {e}"));
    let tag = answer.header("etag").unwrap_or_default().to_owned();
    let digest = blake3::hash(&answer.bare()).to_hex()[..32].to_owned();
    assert_eq!(tag, format!("W/\"{digest}\""), "{page} is not what its tag says");
    (answer.status, answer.text())
}

#[test]
fn a_crowd_of_readers_gets_whole_pages_while_somebody_writes() {
    let site = Site::sample();
    site.write(ARTICLE, version(1));
    let mut server = site.serve(&["--as-of", NOW]);
    let mut rng = Rng::new(seed());
    // 100,000 on demand, with DEALWIRE_RUNS=10000.
    let (readers, times) = (4, runs(800) * 10 / 4);
    let (done, newest, longest) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    // What it takes when it has been asked for a while is what it takes.
    read(&server, &mut rng, times / 10, &newest, &longest);
    let before = server.memory();
    let mut written = 1;
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..readers)
            .map(|_| {
                let mut rng = Rng::new(rng.next());
                let (server, newest, away) = (&server, &newest, &longest);
                scope.spawn(move || read(server, &mut rng, times, newest, away))
            })
            .collect();
        let writer = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                written += 1;
                let way = rng.pick(&super::saving::SAFE);
                let away = super::saving::save_as(way, &site.at(ARTICLE), version(written).as_bytes()).expect("saved");
                longest.fetch_max(u64::try_from(away.as_millis()).expect("short"), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(rng.pick(&[1, 5, 20, 60])));
            }
        });
        let ended: Vec<_> = all.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        done.store(true, Ordering::Relaxed);
        println!("the file was away for at most {} ms", longest.load(Ordering::Relaxed));
        writer.join().expect("the writer");
        for reader in ended {
            reader.unwrap_or_else(|e| std::panic::resume_unwind(e));
        }
    });
    let seen = newest.load(Ordering::Relaxed);
    println!("{} answers while {written} versions were written, of which version {seen} was seen", readers * times);
    assert!(seen > written / 2, "only version {seen} of {written} was seen");
    if let (Some(before), Some(after)) = (before, server.memory()) {
        println!("memory: {} MB, then {} MB", before >> 20, after >> 20);
        assert!(after < before * 3 / 2 + (48 << 20), "{before} bytes of memory became {after}");
    }
    server.lives();
}
