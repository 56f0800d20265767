//! What is asked on a terminal: `init` and `new` with a person in front of them. Needs `script` of util-linux.
#![cfg(target_os = "linux")]

use crate::desk::{DONE, Desk, REFUSED, Said};
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Types `dealwire` on a terminal and answers what it asks.
fn answer(desk: &Desk, words: &str, answers: &str) -> Said {
    let mut script = Command::new("script");
    script.args(["-qec", &format!("{} {words}", env!("CARGO_BIN_EXE_dealwire")), "/dev/null"]);
    script.current_dir(desk.at(".")).env("TERM", "dumb");
    // A build service's log shows colours whatever its terminal is called; this is a person's terminal.
    script.env_remove("CI").env_remove("SOURCE_DATE_EPOCH");
    script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = script.spawn().expect("`script` of util-linux");
    child.stdin.take().expect("a way in").write_all(answers.as_bytes()).expect("typed");
    // A question that is not answered would wait for ever.
    let mut end = Instant::now() + Duration::from_mins(1);
    while child.try_wait().expect("a state").is_none() {
        if Instant::now() > end {
            child.kill().expect("killed");
            end += Duration::from_hours(1);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let done = child.wait_with_output().expect("ended");
    let out = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(!out.contains("panicked"), "{out}");
    Said { code: done.status.code().unwrap_or(-1), out, err: String::new() }
}

#[test]
fn init_asks_for_name_address_and_zone_until_they_are_good() {
    let desk = Desk::empty();
    let typed = "The Desk\nexample.org\nhttps://desk.example.org\nMars/Olympus\nEurope/Helsinki\n";
    let said = answer(&desk, "init site", typed);
    said.has(DONE).says("The site's name").says("Time zone");
    let settings = desk.read("site/site.toml");
    for line in ["title = \"The Desk\"", "base_url = \"https://desk.example.org\"", "timezone = \"Europe/Helsinki\""] {
        assert!(settings.contains(line), "{settings}");
    }
    desk.type_in("check --strict --root site").has(DONE);
}

#[test]
fn empty_answers_take_what_is_proposed() {
    let desk = Desk::empty();
    let said = answer(&desk, "init china-desk", "\n\n\n");
    said.has(DONE);
    assert!(desk.read("china-desk/site.toml").contains("title = \"China desk\""));
    desk.type_in("check --strict --root china-desk").has(DONE);
    answer(&desk, "init china-desk", "\n\n\n").has(REFUSED);
}

#[test]
fn new_asks_for_what_was_not_said() {
    let desk = Desk::site();
    let said = answer(&desk, "new tag", "Paper mills\n");
    said.has(DONE).says("content/tags/paper-mills.md");
    // The first kind of the list, an unknown party that is asked for again, and two known ones.
    let said = answer(&desk, "new deal --id first", "A deal\n\nexample-oyj\nexmaple-oyj\nsample-ag\n");
    said.has(DONE).says("did you mean `example-oyj`?").says("content/deals/first.md");
    let deal = desk.read("content/deals/first.md");
    assert!(deal.contains("kind: acquisition") && deal.contains("{company: sample-ag, roles: [target]}"), "{deal}");
    desk.type_in("check --strict").has(DONE);
}

#[test]
fn findings_have_colours_on_a_terminal_and_none_where_they_are_unwanted() {
    let desk = Desk::site();
    desk.article("broken", "Broken", "unknown_key: 1\n");
    let said = answer(&desk, "check; true", "");
    assert!(!said.out.contains("\u{1b}["), "a terminal that is dumb: {}", said.out);
    let coloured = |variables: &str| {
        let desk = Desk::site();
        desk.article("broken", "Broken", "unknown_key: 1\n");
        let mut script = Command::new("script");
        let line = format!("{variables} {} check", env!("CARGO_BIN_EXE_dealwire"));
        script.args(["-qec", &line, "/dev/null"]).current_dir(desk.at(".")).stdin(Stdio::null());
        let done = script.output().expect("script");
        assert_eq!(done.status.code(), Some(1));
        String::from_utf8_lossy(&done.stdout).contains("\u{1b}[")
    };
    assert!(coloured("env -u NO_COLOR TERM=xterm-256color"));
    assert!(!coloured("env NO_COLOR=1 TERM=xterm-256color"));
}
