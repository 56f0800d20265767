//! The site's own pages under the preview's rules, and the strip at their foot.

use crate::chrome::Chrome;
use crate::desk::{ARTICLE, Desk, PLACE};
use serde_json::json;

/// One of every kind.
const KINDS: [&str; 19] = [
    "/",
    PLACE,
    "/2017/07/nokia-patent-business/",
    "/deals/nokia-withings/",
    "/deals/",
    "/deals/2017/",
    "/deals/acquisition/",
    "/companies/",
    "/companies/nokia/",
    "/people/rajeev-suri/",
    "/people/desk/",
    "/tags/",
    "/tags/china/",
    "/threads/",
    "/threads/nokia-in-china/",
    "/2017/",
    "/2017/07/",
    "/about/",
    "/nothing/here/",
];

#[test]
fn every_kind_of_page_is_quiet_in_light_and_dark() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("a reader");
    for place in KINDS {
        let (status, _) = preview.get(place);
        assert_eq!(status, if place == "/nothing/here/" { 404 } else { 200 }, "{place}");
        tab.view(1280, 800, "light").open(&preview.url(place));
        let paper = tab.ask("getComputedStyle(document.documentElement).backgroundColor + getComputedStyle(document.body).backgroundColor");
        for (width, scheme) in [(1280, "dark"), (320, "dark"), (320, "light")] {
            tab.view(width, 700, scheme);
            tab.must("nothing is wider than the window", "document.documentElement.scrollWidth <= innerWidth");
        }
        tab.view(1280, 800, "dark");
        let dark = tab.ask("getComputedStyle(document.documentElement).backgroundColor + getComputedStyle(document.body).backgroundColor");
        assert_ne!(paper, dark, "{place} has a dark side");
        tab.must("its sheet is used", "getComputedStyle(document.querySelector('.masthead')).borderTopWidth === '4px'");
        tab.must("every picture shows", "[...document.images].every((i) => i.complete && i.naturalWidth > 0)");
    }
    tab.is_quiet_but_for("status of 404");
}

#[test]
fn aligned_tables_keep_their_alignment() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("a reader");
    let text = desk.read(ARTICLE);
    desk.write(ARTICLE, &format!("{text}\n\n| Left | Middle | Right |\n|:---|:---:|---:|\n| a | b | EUR 1 |\n"));
    preview.has(PLACE, "Middle");
    tab.open(&preview.url(PLACE));
    let js = "['th', 'td'].map((c) => document.querySelector('.prose table').querySelectorAll(c))
        .flatMap((cells) => [...cells].map((cell) => getComputedStyle(cell).textAlign))";
    tab.is(&format!("({js}).join()"), "left,center,right,left,center,right");
    // Morphed, too.
    tab.ask("window.same = true");
    desk.edit(ARTICLE, "|:---|:---:|---:|", "|---:|:---|:---:|");
    tab.wait("the new alignment", &format!("same && ({js}).join() === 'right,left,center,right,left,center'"));
    tab.is_quiet();
}

#[test]
fn the_strip_shows_the_file_and_opens_the_reason() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("the editor");
    tab.open(&preview.url(PLACE)).is("inBar('.row .file').textContent", ARTICLE);
    let is_open = "[inBar('[aria-controls=why]').getAttribute('aria-expanded'), inBar('.why').offsetHeight > 0].join()";
    tab.is(is_open, "false,false");

    // With the keyboard alone: from the last link of the page into the strip.
    tab.ask("[...document.links].filter((a) => a.offsetHeight).at(-1).focus(); 0");
    let focused = "(() => {
        const node = document.querySelector('dealwire-preview').shadowRoot.activeElement;
        return node && (node.getAttribute('aria-label') || node.textContent);
    })()";
    tab.press("Tab").is(focused, ARTICLE).press("Tab").press("Tab").is(focused, "Why?");
    tab.press("Enter")
        .is(is_open, "true,true")
        .must("it is the reason", "inBar('.why').textContent === 'Readers see it.'");
    tab.press("Tab").is(focused, "Hide the preview bar").press("Enter");
    tab.must("a tab is left", "inBar('.bar').offsetHeight === 0 && inBar('.tab').offsetHeight > 10");
    tab.is(focused, "Show the preview bar: Public");
    tab.open(&preview.url("/about/")).must("it stays so on other pages", "inBar('.bar').offsetHeight === 0");
    tab.ask("inBar('.tab').click()");
    tab.must("it comes back", "inBar('.bar').offsetHeight > 0")
        .is("inBar('.row .file').textContent", "content/pages/about.md");

    // The end of the page is not under it, and on paper it is not.
    tab.wait(
        "the foot of the page to be above the strip",
        "scrollTo(0, 1e6) || document.querySelector('.foot').getBoundingClientRect().bottom <=
            inBar('.bar').getBoundingClientRect().top + 1",
    );
    tab.printed().is("getComputedStyle(document.querySelector('dealwire-preview')).display", "none");
    tab.is_quiet();
}

#[test]
fn a_site_that_styles_everything_does_not_style_the_strip() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let sheet =
        "* { color: lime !important; display: block !important; font: 40px serif !important; opacity: .1 !important;
        transform: scale(3) !important; position: static !important } button, p, dialog { border: 9px solid !important }
        html { line-height: 5 }";
    desk.write("static/style.css", sheet);
    let place = desk.article("draft", "draft: true\n");
    let preview = desk.serve(&[]);
    let tab = chrome.tab("the editor");
    tab.open(&preview.url(&place));
    let js = "['dealwire-preview', 'dealwire-banner'].map((name) => getComputedStyle(document.querySelector(name)))
        .map((s) => [s.opacity, s.transform, s.fontSize, s.color === 'rgb(0, 255, 0)'].join())";
    tab.is(js, json!(["1,none,13px,false", "1,none,13px,false"]));
    tab.is("getComputedStyle(inBar('.bar')).position", "fixed");
    tab.is("getComputedStyle(inBar('.row')).display", "flex");
}
