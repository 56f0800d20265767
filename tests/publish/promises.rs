//! What must hold on every target: U1 to U9 of the promises, C2 and C3.

use crate::desk::{DONE, FINDINGS, IO, REFUSED, Said};
use crate::host::{Claims, Host, Readers, aim, built, desk, shows};
use crate::proxy::broken;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Somebody else publishes.
pub const LOST: i32 = 5;

/// Publishes, changes, takes back and restores a site, and looks at every step at what readers get.
pub fn hold(host: &dyn Host) {
    let desk = desk(host);
    let said = |line: &str, code: i32| -> Said { desk.type_in(line).has(code) };

    // A dry run sends nothing, and says what a run does.
    let before = host.all();
    let plan = said("publish --dry-run --format json", DONE);
    let plan: serde_json::Value = serde_json::from_str(&plan.out).expect("JSON");
    assert!(host.all() == before && host.live().is_empty(), "a dry run sends nothing");
    assert_eq!(plan["uploads"].as_array().map(Vec::len), Some(built(&desk).len()), "{plan}");
    said("publish", DONE).says("Edition 1 of ").says(" is live at ").says("Next change: ");
    shows(host, &desk);

    // Nothing to do is nothing done.
    said("publish", DONE).says("is up to date");
    said("publish --dry-run --format json", DONE).says("\"uploads\":[]");

    // What changes is sent, and nothing else.
    desk.article("second", "A second story", "");
    let (before, all) = (host.live(), host.all());
    let plan = said("publish --dry-run --format json", DONE);
    let plan: serde_json::Value = serde_json::from_str(&plan.out).expect("JSON");
    assert!(host.all() == all, "a dry run sends nothing");
    let sent = plan["uploads"].as_array().map_or(0, Vec::len);
    let changed: Vec<&str> = plan["changed_urls"].as_array().into_iter().flatten().filter_map(|u| u.as_str()).collect();
    assert!(
        changed.iter().any(|u| u.ends_with("/second/")) && !changed.iter().any(|u| u.contains("/assets/")),
        "{changed:?}"
    );
    assert!(changed.len() <= sent, "{changed:?}");
    said("publish", DONE).says(&format!(" files, {sent} sent"));
    shows(host, &desk);
    assert!(sent < host.live().len(), "{sent} of {}", host.live().len());

    // Editions are listed, and can be gone back to.
    said("publish --list", DONE).says("live");
    let second = host.live();
    let all = host.all();
    said("publish --rollback --dry-run", DONE).says("Nothing was sent");
    assert!(host.all() == all, "a dry run sends nothing");
    said("publish --rollback", DONE).says("is live at");
    assert_eq!(host.live(), before, "the edition before is live again");
    said("publish", DONE);
    assert_eq!(host.live(), second);

    // Taken back is gone, and no earlier edition shows it.
    let stands = |live: &std::collections::BTreeMap<String, Vec<u8>>| {
        live.iter().any(|(p, b)| p.contains("second") || String::from_utf8_lossy(b).contains("A second story"))
    };
    assert!(stands(&second));
    desk.article("second", "A second story", "draft: true\n");
    said("publish", DONE).says("deleted");
    assert!(!stands(&host.live()), "what is a draft again is gone");
    assert_eq!(host.remembers("A second story"), !host.nature().forgets, "and so it is from what is ours");
    shows(host, &desk);
    let list: serde_json::Value = serde_json::from_str(&said("publish --list --format json", DONE).out).expect("JSON");
    assert_eq!(list["editions"].as_array().map(Vec::len), Some(1), "{list}");
    said("publish --rollback", REFUSED).says("E1309");

    // An address that readers know does not vanish by accident.
    desk.article("third", "A third story", "");
    said("publish", DONE);
    std::fs::remove_file(desk.at("content/articles/third.md")).expect("removed");
    said("publish", REFUSED).says("E1307").says("--yes-delete 1");
    assert!(host.live().keys().any(|p| p.contains("third")));
    said("publish --yes-delete 3", DONE);
    shows(host, &desk);

    // Errors and drafts are not published.
    let good = desk.read("content/articles/2024/first-deal.md");
    desk.edit("content/articles/2024/first-deal.md", "kind: patent_licence", "kind: patent_lisence");
    said("publish", FINDINGS).says("Nothing was published");
    desk.write("content/articles/2024/first-deal.md", good);
    said("publish --drafts", REFUSED).says("E1302");

    // Another site's target is not ours, nor is one with somebody's files.
    desk.edit("site.toml", "base_url = \"", "base_url = \"https://other.example.com\" # \"");
    let before = host.live();
    said("publish", REFUSED).says("E1302").says("--adopt");
    assert_eq!(host.live(), before);
    desk.edit("site.toml", "base_url = \"https://other.example.com\" # \"", "base_url = \"");
    if host.has_room_for_others() {
        host.put("theirs.txt", b"theirs");
        desk.article("fourth", "A fourth story", "");
        said("publish", DONE);
        assert_eq!(host.live().get("theirs.txt").map(Vec::as_slice), Some(&b"theirs"[..]), "strangers' files stay");
    }
}

/// Kills a publisher at many moments, looks at what readers find, and lets another one finish.
pub fn survives_kills(host: &dyn Host, kills: u32) {
    let desk = desk(host);
    desk.type_in("publish").has(DONE);
    let started = Instant::now();
    desk.article("timing", "A story to see how long it takes", "");
    desk.type_in("publish").has(DONE);
    let whole = started.elapsed();
    let mut before = host.live();
    for n in 0..kills {
        desk.article("killed", &format!("Story {n} of kills"), "");
        let mut child = desk.command();
        child.arg("publish").stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = child.spawn().expect("the program starts");
        std::thread::sleep(whole * n / kills.max(1) + Duration::from_micros(u64::from(n % 7) * 300));
        // It may have ended by itself.
        let _ = child.kill();
        child.wait().expect("ended");
        let live = host.live();
        let lost = broken(&live);
        let few = if host.nature().readers == Readers::WithGaps { AT_A_TIME } else { 0 };
        assert!(live.contains_key("index.html") && lost.len() <= few, "after kill {n}: {lost:?}");
        desk.type_in("publish").has(DONE);
        shows(host, &desk);
        let after = host.live();
        if host.nature().readers == Readers::OneEdition {
            assert!(live == before || live == after, "after kill {n} readers get parts of two editions");
        }
        before = after;
    }
}

/// How many files are written at a time.
const AT_A_TIME: usize = 12;

/// Two publishers at once, many times: one wins, the other says so or finds that nothing is left to do.
pub fn has_one_winner(host: &dyn Host, times: u32) {
    let desk = desk(host);
    desk.type_in("publish").has(DONE);
    for n in 0..times {
        let title = format!("Story {n} of races");
        desk.article("raced", &title, "");
        let start = || {
            let mut child = desk.command();
            child.arg("publish").stdout(Stdio::null()).stderr(Stdio::piped());
            child.spawn().expect("the program starts")
        };
        let ends = [start(), start()].map(|c| c.wait_with_output().expect("ended"));
        let codes: Vec<i32> = ends.iter().map(|e| e.status.code().unwrap_or(-1)).collect();
        let said: Vec<_> = ends.iter().map(|e| String::from_utf8_lossy(&e.stderr).into_owned()).collect();
        let claims = host.nature().claims;
        let may_be = |c: &i32| [DONE, LOST].contains(c) || (claims == Claims::Unsure && *c == IO);
        assert!(codes.iter().all(may_be), "race {n}: {codes:?} {said:?}");
        if !codes.contains(&DONE) || codes.contains(&IO) {
            assert!(claims != Claims::Sure, "race {n} has no winner: {said:?}");
            desk.type_in("publish").has(DONE);
        }
        // All of it every tenth time, for that is a build; what tells the editions apart every time.
        if n % 10 == 9 || n + 1 == times {
            shows(host, &desk);
        } else {
            let live = host.live();
            let page = String::from_utf8_lossy(&live["2024/03/raced/index.html"]).into_owned();
            assert!(page.contains(&title), "race {n}: another edition is live");
            assert_eq!(broken(&live), [""; 0], "race {n}");
        }
    }
}

/// The headers of a page and of a style, where the target keeps such; says whether it does.
pub fn serves_headers(host: &dyn Host) -> bool {
    let desk = desk(host);
    desk.type_in("publish").has(DONE);
    let style = host.live().into_keys().find(|k| k.starts_with("assets/") && k.ends_with(".css")).expect("a style");
    let Some(of_style) = host.head(&style) else { return false };
    assert_eq!(of_style, ["text/css; charset=utf-8", "public, max-age=31536000, immutable"]);
    assert_eq!(host.head("index.html").expect("kept"), ["text/html; charset=utf-8", "public, max-age=60"]);
    aim(&desk, host, "page_seconds = 5\n");
    desk.type_in("publish --dry-run").has(DONE).says("other headers");
    desk.type_in("publish").has(DONE);
    assert_eq!(host.head("index.html").expect("kept"), ["text/html; charset=utf-8", "public, max-age=5"]);
    true
}

/// A target whose folder holds somebody's files is not touched.
pub fn respects_strangers(host: &dyn Host) {
    let desk = desk(host);
    host.put("index.html", b"somebody's page");
    desk.type_in("publish").has(REFUSED).says("E1302");
    assert_eq!(host.live().len(), 1);
    desk.type_in("publish --dry-run").has(REFUSED);
    desk.type_in("publish --adopt").has(DONE);
    let mut live = host.live();
    live.retain(|_, bytes| bytes != b"somebody's page");
    assert_eq!(live, built(&desk));
}

/// More than a fifth of the files go only when somebody says so; three editions are kept, or as many as are wanted.
pub fn guards_and_keeps(host: &dyn Host) {
    let desk = desk(host);
    for n in 0..30 {
        desk.article(&format!("story-{n}"), &format!("Story number {n}"), "");
    }
    desk.type_in("publish").has(DONE);
    for n in 0..5 {
        desk.article("story-0", &format!("Story number 0, version {n}"), "");
        desk.type_in("publish").has(DONE);
    }
    let list = desk.type_in("publish --list --format json").has(DONE);
    let list: serde_json::Value = serde_json::from_str(&list.out).expect("JSON");
    assert_eq!(list["editions"].as_array().map(Vec::len), Some(4), "the live one and three: {list}");
    desk.type_in("publish --rollback 3").has(DONE);
    let live = host.live();
    assert!(live.values().any(|b| String::from_utf8_lossy(b).contains("version 1")));
    aim(&desk, host, "keep = 1\n");
    desk.type_in("publish").has(DONE);
    let list = desk.type_in("publish --list --format json").has(DONE);
    let list: serde_json::Value = serde_json::from_str(&list.out).expect("JSON");
    assert_eq!(list["editions"].as_array().map(Vec::len), Some(2), "{list}");
    for n in 0..30 {
        desk.article(&format!("story-{n}"), &format!("Story number {n}"), "draft: true\n");
    }
    let before = host.live();
    let said = desk.type_in("publish").has(REFUSED).says("E1301");
    assert_eq!(host.live(), before);
    let n = said.err.split("--yes-delete ").nth(1).and_then(|t| t.split('`').next()).expect("a number").to_owned();
    desk.type_in(&format!("publish --yes-delete {n}")).has(DONE);
    shows(host, &desk);
}
