//! Any bytes as the manifest of an output directory: no panic, no path that leads outside, and what is read is written again.
#![no_main]

use dealwire::sink::disk::Manifest;
use libfuzzer_sys::fuzz_target;
use std::path::{Component, Path};

fuzz_target!(|bytes: &[u8]| {
    let Ok(manifest) = Manifest::parse(bytes) else { return };
    for path in manifest.files.keys() {
        let inside = Path::new(path).components().all(|c| matches!(c, Component::Normal(_)));
        assert!(inside && !path.is_empty(), "{path:?} leads outside");
    }
    let written = manifest.encode().expect("a manifest can be written");
    assert_eq!(Manifest::parse(&written).as_ref(), Ok(&manifest), "it is another one when it is read again");
    assert_eq!(Manifest::parse(&written).and_then(|m| m.encode().map_err(|e| e.to_string())), Ok(written));
});
