//! What a finished site holds besides its pages, judged by programs that know the formats.
#![allow(clippy::disallowed_methods, reason = "a test works on the disk like a user")]

#[path = "../commands/desk.rs"]
#[allow(dead_code, reason = "the same desk serves other tests")]
mod desk;

mod added;
mod data;
mod machines;
mod named;
mod search;

use desk::{DONE, Desk};
use std::path::Path;
use std::process::Command;

/// The sample site in a folder of its own.
fn sample() -> Desk {
    let desk = Desk::empty().with("SOURCE_DATE_EPOCH", "1514764800");
    for folder in ["content", "static", "templates"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for (path, bytes) in desk::tree(&from) {
            desk.write(&format!("{folder}/{path}"), bytes);
        }
    }
    for name in ["site.toml", "newsletters.toml"] {
        let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect(name);
        desk.write(name, bytes);
    }
    desk
}

/// Builds, without a word of trouble.
fn build(desk: &Desk) {
    desk.type_in("build --strict").has(DONE);
}

/// Runs a Python script where the site is; returns what it printed.
#[track_caller]
fn python(desk: &Desk, script: &str) -> String {
    let done = Command::new("python3").args(["-c", script]).current_dir(desk.at("")).output();
    let done = done.expect("these tests judge formats with Python: apt-get install python3");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(done.status.success(), "{}\n{}", text(&done.stdout), text(&done.stderr));
    text(&done.stdout).trim().to_owned()
}
