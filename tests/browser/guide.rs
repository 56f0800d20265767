//! The style guide in a browser: it follows what is saved, says what is hidden, and nothing of it is wider than a telephone.

use crate::chrome::Chrome;
use crate::desk::Desk;

/// Its pages that are put to the test most: long names, nothing, everything.
const PAGES: [&str; 12] = [
    "/style/",
    "/style/site/",
    "/style/site/2026/06/everything/",
    "/style/site/2026/06/german/",
    "/style/site/2026/06/chinese/",
    "/style/site/2026/06/brief/",
    "/style/site/deals/2026/",
    "/style/site/deals/everything/",
    "/style/site/companies/long-german/",
    "/style/site/companies/long-chinese/",
    "/style/site/tags/patents/",
    "/style/site/threads/story/",
];

#[test]
fn nothing_is_wider_than_the_window_whatever_the_names() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("the art director");
    for page in PAGES {
        tab.view(1280, 800, "light").open(&preview.url(page));
        for width in [1280, 768, 640, 320] {
            tab.view(width, 800, "light");
            tab.is("document.documentElement.scrollWidth - innerWidth", 0);
        }
    }
    tab.is_quiet();
}

#[test]
fn it_follows_what_is_saved_and_says_what_is_hidden() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("the art director");
    tab.open(&preview.url("/style/")).ask("window.same = true");
    tab.is("inBar('.standing').textContent", "Generated").is("bands()", "");
    tab.wait("the ledger's filters", "document.querySelector('.filters select')");
    tab.wait("the search form", "document.querySelector('.search input')");
    desk.write("static/site.css", "h1 { color: rgb(1, 2, 3) }");
    tab.wait(
        "the sheet of the site",
        "getComputedStyle(document.querySelector('h1')).color === 'rgb(1, 2, 3)' && same",
    );
    desk.edit("templates/components.html", "<p class=\"tombstone-value", "<p data-mine class=\"tombstone-value");
    tab.wait("the component", "document.querySelectorAll('[data-mine]').length > 30 && same");
    tab.is_quiet();
    for (page, band) in [
        ("draft", "Draft: readers do not see this"),
        ("embargoed", "Embargoed: readers see this from 24 December 2099"),
        ("expired", "Expired: readers no longer see this since 20 June 2026"),
    ] {
        tab.open(&preview.url(&format!("/style/site/2026/06/{page}/")));
        tab.must("the band says so", &format!("bands().startsWith({band:?})"));
    }
}
