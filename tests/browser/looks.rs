//! Pictures of the preview, for somebody to look at: `DEALWIRE_SHOTS=folder cargo test --test browser looks -- --ignored`.

use crate::chrome::Chrome;
use crate::desk::{ARTICLE, Desk, PLACE};
use crate::tab::Tab;
use std::fs;
use std::path::PathBuf;

/// Bytes from Base64 as browsers write it.
pub fn decoded(text: &str) -> Vec<u8> {
    let value = |c: u8| match c {
        b'A'..=b'Z' => Some(u32::from(c - b'A')),
        b'a'..=b'z' => Some(u32::from(c - b'a') + 26),
        b'0'..=b'9' => Some(u32::from(c - b'0') + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let sixes: Vec<u32> = text.bytes().filter_map(value).collect();
    let mut bytes = Vec::with_capacity(text.len());
    for four in sixes.chunks(4) {
        let word = four.iter().enumerate().fold(0, |w, (i, v)| w | v << (18 - 6 * i));
        bytes.extend(&word.to_be_bytes()[1..four.len()]);
    }
    bytes
}

fn save(tab: &Tab, name: &str) {
    // A frame more, so that what was told last is painted.
    tab.ask("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 120)))");
    let folder = PathBuf::from(std::env::var("DEALWIRE_SHOTS").expect("DEALWIRE_SHOTS names a folder"));
    fs::create_dir_all(&folder).expect("the folder");
    fs::write(folder.join(format!("{name}.png")), decoded(&tab.shot())).expect("a picture");
}

#[test]
#[ignore = "writes pictures for somebody to look at"]
fn pictures() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("the art director");
    let good = desk.read(ARTICLE);
    let good_other = desk.read("content/articles/2017/nokia-shanghai-smart-city.md");
    let bad = good
        .replace("tags: [china, patents, networks]", "tags: [china, patents, netwroks]")
        .replace("authors: [desk]", "authors: [desc]");
    let other = "content/articles/2017/nokia-shanghai-smart-city.md";
    let title = "A headline that goes on and on about everything that is in the article, until nobody who reads it on a telephone";
    let drafts = [
        ("draft", "draft: true\n"),
        ("embargoed", "embargo: 2099-12-24T08:00:00+02:00\n"),
        ("expired", "expires: 2021-03-04T05:06:00+02:00\n"),
    ];
    for (name, more) in drafts {
        desk.article(name, more);
    }
    for (width, height) in [(1280, 800), (320, 640)] {
        for scheme in ["light", "dark"] {
            let shot = |name: &str| save(&tab, &format!("{name}-{width}-{scheme}"));
            tab.view(width, height, scheme);
            desk.write(ARTICLE, &good.replace("authors:", "draft: true\nauthors:"));
            preview.has(PLACE, "Xiaomi");
            tab.open(&preview.url(PLACE)).wait("the draft's banner", "bands().startsWith('Draft')");
            tab.wait("the check", "!inBar('.findings').textContent.includes('hecking')");
            shot("draft");
            tab.ask("inBar('[aria-controls=why]').click()");
            shot("why");
            tab.ask("scrollTo(0, 1e6)");
            shot("end");
            tab.ask("inBar('.collapse').click()");
            shot("tab");
            tab.ask("inBar('.tab').click()");
            desk.write(ARTICLE, &bad);
            desk.write(other, &good_other.replacen("title: ", &format!("title: {title}, "), 1));
            tab.wait("the overlay", "overlay() && inBar('.warning') && !inBar('h1').textContent.includes('hecking')");
            shot("overlay");
            tab.ask("inBar('.list').scrollTop = 1e6");
            shot("overlay-end");
            tab.press("Escape").ask("scrollTo(0, 0)");
            shot("strip-errors");
            desk.write(ARTICLE, &good);
            desk.write(other, &good_other);
            tab.wait("no errors", "inBar('.findings').textContent === 'No findings'");
            for name in ["embargoed", "expired"] {
                tab.open(&preview.url(&format!("/2020/06/{name}/")));
                shot(name);
            }
            tab.open(&preview.url("/?as-of=2017-07-05T12:00:00%2B03:00"));
            shot("travel");
        }
    }
    drop(preview);
    tab.wait("the word that it is gone", "!inBar('.lost').hidden");
    save(&tab, "lost");
}
