//! Any text as the body of an article: its page and its feed are printed, and nothing in it runs code.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

static SCRIPTS: OnceLock<(usize, usize)> = OnceLock::new();

fn scripts(html: &str) -> (usize, usize) {
    let small = html.to_ascii_lowercase();
    (small.matches("<script").count(), small.matches("<iframe").count())
}

fuzz_target!(|body: &str| {
    let usual = SCRIPTS.get_or_init(|| {
        let mut usual = (0, 0);
        dealwire_fuzz::printed("Text.", |_, page, _| usual = scripts(page));
        usual
    });
    dealwire_fuzz::printed(body, |_, page, feed| {
        assert_eq!(scripts(page), *usual, "a script comes in");
        assert!(!page.contains("Zqsecret") || body.contains("Zqsecret"), "a draft is told of");
        for name in ["href", "src"] {
            for value in dealwire_fuzz::attributes(page, name) {
                let bare: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
                let bare = bare.to_ascii_lowercase();
                assert!(!bare.starts_with("javascript:") && !bare.starts_with("vbscript:"), "{value}");
            }
        }
        assert!(feed.starts_with("<?xml") && feed.trim_end().ends_with("</feed>"));
    });
});
