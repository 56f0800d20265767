//! Any bytes as any kind of entry: reading finds what is wrong, in the file, and never panics.
#![no_main]

use dealwire::diagnostic::{FileId, Severity};
use dealwire::model::Standing;
use libfuzzer_sys::fuzz_target;

const FOLDERS: [&str; 7] = ["articles", "deals", "companies", "people", "tags", "threads", "pages"];

fuzz_target!(|data: &[u8]| {
    let site = dealwire_fuzz::settings();
    for folder in FOLDERS {
        let file = FileId::new(&format!("content/{folder}/thing.md"));
        let read = dealwire::entry::read(&file, data, &site.zone);
        for finding in &read.findings {
            assert!(finding.span.is_none_or(|s| s.start <= s.end && s.end <= data.len() + 1), "{finding:?}");
        }
        let is_sound = read.findings.iter().all(|f| f.severity() == Severity::Warning);
        let Some(entry) = read.value else {
            assert!(!is_sound, "dropped in silence");
            continue;
        };
        let common = entry.common();
        assert!(common.body <= data.len() && std::str::from_utf8(&data[common.body..]).is_ok());
        if let Some(embargo) = common.embargo {
            let before = embargo.checked_sub(dealwire_fuzz::SECOND).unwrap_or(embargo);
            assert!(before == embargo || common.standing(before) != Standing::Public, "shown before its embargo lifts");
        }
    }
});
