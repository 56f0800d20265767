//! Any destination of a link and of an image: it leads to something that is on the site, or elsewhere, or nowhere.
#![no_main]

use dealwire::edition::Edition;
use dealwire::model::{Answer, Route, Shelf};
use libfuzzer_sys::fuzz_target;

/// Whether a path of a page leads to a file of the site.
fn leads(edition: &Edition, url: &str) -> bool {
    let path = url.split(['#', '?']).next().unwrap_or("");
    let Some(below) = path.strip_prefix("/news").filter(|b| b.is_empty() || b.starts_with('/')) else { return false };
    let below = if below.is_empty() { "/" } else { below };
    let decoded = dealwire_fuzz::decoded(below);
    Route::parse(&decoded).is_some_and(|r| matches!(edition.ask(&r), Ok(Answer::Found(_))))
}

fuzz_target!(|destination: &str| {
    if destination.contains(['\n', '\r', '<', '>']) {
        return;
    }
    let body = format!("[A link](<{destination}>).\n\n![A picture](<{destination}>)\n");
    dealwire_fuzz::printed(&body, |edition, page, _| {
        for name in ["href", "src"] {
            for url in dealwire_fuzz::attributes(page, name) {
                let outside = url.starts_with("https://")
                    || url.starts_with("//")
                    || url.to_ascii_lowercase().starts_with("http");
                let other =
                    url.starts_with('#') || ["mailto:", "tel:"].iter().any(|s| url.to_ascii_lowercase().starts_with(s));
                let secure = url.to_ascii_lowercase().starts_with("https:");
                assert!(
                    outside || other || secure || leads(edition, &url),
                    "`{destination}` became `{url}`, which is nowhere"
                );
            }
        }
    });
});
