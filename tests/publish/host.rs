//! A place to publish to, as the tests see it: what site.toml says of it, and what lies there.

use crate::desk::{Desk, tree};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What a target is, so far as it cannot do better: the promises that are held against it follow from this.
#[derive(Clone, Copy)]
pub struct Nature {
    /// What readers get while a run goes on.
    pub readers: Readers,
    /// What comes of two who claim it at once.
    pub claims: Claims,
    /// What is taken back is nowhere any more.
    pub forgets: bool,
}

/// What comes of two publishers who claim a target at once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Claims {
    /// One has it.
    Sure,
    /// The server may tell both that they made the claim; then it may happen that both give way.
    OrNone,
    /// Besides, what one asks can fail because of what the other does: who comes within the same milliseconds may have
    /// to publish again.
    Unsure,
}

/// What readers get while a run goes on, or after it was killed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// The edition before or the new one, whole: one step makes it live.
    OneEdition,
    /// Pages of both; what they refer to is there.
    InOrder,
    /// The same, but a page that is replaced is away for a moment.
    WithGaps,
}

impl Default for Nature {
    fn default() -> Self {
        Self { readers: Readers::InOrder, claims: Claims::Sure, forgets: true }
    }
}

/// A target with a server behind it, which ends with the value.
pub trait Host {
    /// The lines below `[publish.here]` of site.toml.
    fn settings(&self) -> String;

    /// Variables of the environment that the program needs: credentials.
    fn variables(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// What readers get, by path; the program's own files left out.
    fn live(&self) -> BTreeMap<String, Vec<u8>>;

    /// Everything that lies there, ours too.
    fn all(&self) -> BTreeMap<String, Vec<u8>>;

    /// What kind of target it is.
    fn nature(&self) -> Nature {
        Nature::default()
    }

    /// Content-Type and Cache-Control of a file, where the target keeps them.
    fn head(&self, path: &str) -> Option<[String; 2]> {
        let _ = path;
        None
    }

    /// Whether a text can still be had from it, by whatever way.
    fn remembers(&self, text: &str) -> bool {
        self.all().values().any(|bytes| String::from_utf8_lossy(bytes).contains(text))
    }

    /// Puts a stranger's file where readers see it.
    fn put(&self, path: &str, bytes: &[u8]);

    /// Whether everything that is not ours is left alone: false where each edition is a folder of its own.
    fn has_room_for_others(&self) -> bool {
        true
    }
}

/// A small site whose target is a host.
pub fn desk(host: &dyn Host) -> Desk {
    let mut desk = Desk::site();
    for (name, value) in host.variables() {
        desk = desk.with(&name, &value);
    }
    aim(&desk, host, "");
    desk
}

/// Makes a host the target of a site, with further lines of settings.
pub fn aim(desk: &Desk, host: &dyn Host, more: &str) {
    let text = desk.read("site.toml");
    let text = text.split("\n[publish.").next().unwrap_or_default();
    // Cards have names of their own content, so that old ones stay for their time: tests/cards.rs.
    let off = if text.contains("[cards]") { "" } else { "\n[cards]\nenabled = false\n" };
    desk.write("site.toml", format!("{text}{off}\n[publish.here]\n{}\n{more}", host.settings()));
}

/// What `build` makes of the site, by path.
pub fn built(desk: &Desk) -> BTreeMap<String, Vec<u8>> {
    desk.type_in("build --quiet --output ../built").has(0);
    let mut all = desk.tree("../built");
    all.retain(|path, _| !path.starts_with(".dealwire-"));
    all
}

/// Asserts that readers get what the build makes.
#[track_caller]
pub fn shows(host: &dyn Host, desk: &Desk) {
    let (live, built) = (host.live(), built(desk));
    let names = |m: &BTreeMap<String, Vec<u8>>| m.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&live), names(&built));
    for (path, bytes) in &built {
        assert!(live.get(path) == Some(bytes), "{path} is another one");
    }
}

/// The files that readers find below a folder, or below the one that a link leads to.
pub fn below(www: &Path) -> BTreeMap<String, Vec<u8>> {
    if !www.exists() {
        return BTreeMap::new();
    }
    let mut all = tree(&www.canonicalize().expect("a folder"));
    all.retain(|path, _| !path.starts_with(".dealwire/"));
    all
}

/// Puts a file into a folder.
pub fn put_below(www: &Path, path: &str, bytes: &[u8]) {
    fs::create_dir_all(www).expect("a folder");
    fs::write(www.join(path), bytes).expect("written");
}
