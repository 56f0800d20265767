//! A place to publish to, as the tests see it: what site.toml says of it, and what lies there.

use crate::desk::Desk;
use std::collections::BTreeMap;

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
    desk.write("site.toml", format!("{text}\n[publish.here]\n{}\n{more}", host.settings()));
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
