//! Sites that are broken from the start, or below a path; previews that others may see; pages that come back from history.

use crate::chrome::Chrome;
use crate::desk::{ARTICLE, Desk, PLACE};
use std::thread::sleep;
use std::time::{Duration, Instant};

#[test]
fn what_is_broken_from_the_start_comes_when_it_is_mended() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let (article, template) = (desk.read(ARTICLE), desk.read("templates/article.html"));
    desk.write(ARTICLE, &article.replace("title:", "titel"));
    desk.write(
        "templates/article.html",
        "{% extends \"base.html\" %}{% block main %}{{ nothing.here.at.all | no_such }}{% end %}",
    );
    let preview = desk.serve(&[]);
    let (tab, other) = (chrome.tab("the broken article"), chrome.tab("another one"));
    tab.open(&preview.url(PLACE)).wait("the overlay", "overlay()").ask("window.same = true");
    other.open(&preview.url("/2017/07/nokia-patent-business/")).wait("the overlay", "overlay()");
    for tab in [&tab, &other] {
        tab.must("both files are named", &format!("inBar('.list').textContent.includes('{ARTICLE}:')"));
        tab.must("both files are named", "inBar('.list').textContent.includes('templates/article.html')");
    }
    tab.is("inBar('.standing').textContent", "No such page");
    desk.write("templates/article.html", &template);
    other.wait("its own template", "text('.kicker') && text('h1').includes('Nokia Technologies')");
    tab.must("it is not there yet", "text('h1').includes('not found') && overlay()");
    desk.write(ARTICLE, &article);
    tab.wait(
        "the article",
        "text('h1').startsWith('Nokia and Xiaomi') && !overlay() && inBar('.standing').textContent === 'Public'",
    );
    tab.must("in the same tab", "same");
    other.wait("the overlay to go", "!overlay()");
}

#[test]
fn whoever_has_the_token_sees_edits_too() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&["--host", "0.0.0.0"]);
    let tab = chrome.tab("a colleague");
    let (address, token) = preview.said.split_once("?token=").expect("an address with a token");
    tab.go(&format!("{address}2017/07/nokia-xiaomi-patents/"));
    tab.must("without it there is nothing", "document.body.textContent.includes('it carries a token')");
    tab.open(&format!("{address}?token={token}")).must("the token is put away", "location.search === ''");
    tab.ask("document.querySelector('main a[href*=xiaomi]').click()");
    tab.wait("the article", &format!("location.pathname === '{PLACE}' && version() > 0")).ask("window.same = true");
    desk.edit(ARTICLE, "title: Nokia and Xiaomi", "title: For colleagues, Nokia and Xiaomi");
    tab.wait("the edit", "text('h1').startsWith('For colleagues') && same");
    tab.must("no script of a page has the token", "document.cookie === ''");
    tab.is_quiet_but_for("status of 403");
}

#[test]
fn a_site_below_a_path_is_kept_up_to_date() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&["--base-url", "https://example.com/news/"]);
    let tab = chrome.tab("the reader");
    tab.open(&preview.said).must("the site begins there", "location.pathname === '/news/'");
    tab.open(&preview.url(&format!("/news{PLACE}"))).is("inBar('.row .file').textContent", ARTICLE);
    tab.ask("window.same = true");
    desk.edit(ARTICLE, "title: Nokia and Xiaomi", "title: Below a path, Nokia and Xiaomi");
    tab.wait("the edit", "text('h1').startsWith('Below a path') && same");
    desk.write("static/style.css", &format!("{}\nh1 {{ color: rgb(1, 2, 3) }}\n", desk.read("static/style.css")));
    tab.wait("the sheet", "getComputedStyle(document.querySelector('h1')).color === 'rgb(1, 2, 3)' && same");
    tab.is_quiet();
}

#[test]
fn a_page_that_comes_back_from_history_is_up_to_date() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("the reader");
    tab.open(&preview.url(PLACE));
    tab.ask("document.querySelector('.nav a[href*=companies]').click()");
    tab.wait("the companies", "location.pathname === '/companies/' && version() > 0");
    desk.edit(ARTICLE, "title: Nokia and Xiaomi", "title: While nobody looked, Nokia and Xiaomi");
    preview.has(PLACE, "While nobody looked");
    tab.ask("history.back()");
    tab.wait(
        "the article as it is now",
        &format!("location.pathname === '{PLACE}' && text('h1').startsWith('While nobody')"),
    );
    desk.edit(ARTICLE, "title: While nobody looked, ", "title: ");
    tab.wait("an edit after it", "text('h1').startsWith('Nokia and Xiaomi')");

    // The article moves to another address: its page says so.
    desk.edit(ARTICLE, "title:", "slug: elsewhere\ntitle:");
    tab.wait("the page that says that there is none", "text('h1').includes('not found')");
    tab.is("inBar('.standing').textContent", "No such page");
    desk.edit(ARTICLE, "slug: elsewhere\n", &format!("slug: elsewhere\naliases: [{PLACE}]\n"));
    tab.wait("the article at its new address", "location.pathname === '/2017/07/elsewhere/' && version() > 0");
    tab.is_quiet_but_for("status of 404");
}

#[test]
fn a_hidden_tab_lets_go_and_comes_back() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("the reader");
    // Two seconds are a tenth of one here.
    tab.before("const wait = setTimeout; window.setTimeout = (f, t, ...a) => wait(f, t === 2000 ? 100 : t, ...a);");
    tab.open(&preview.url(PLACE)).ask("window.same = true");
    let see = |hidden: bool| {
        let js = "Object.defineProperty(document, 'hidden', { configurable: true, value: HIDDEN });
            document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))";
        tab.ask(&js.replace("HIDDEN", if hidden { "true" } else { "false" }));
    };
    see(true);
    sleep(Duration::from_millis(400));
    desk.edit(ARTICLE, "title: Nokia and Xiaomi", "title: Unseen, Nokia and Xiaomi");
    preview.has(PLACE, "Unseen, Nokia");
    sleep(Duration::from_millis(400));
    tab.must("nothing is told to a tab that nobody sees", "text('h1').startsWith('Nokia and Xiaomi')");
    see(false);
    tab.wait("the edit", "text('h1').startsWith('Unseen') && same").is_quiet();
}

#[test]
fn the_banner_gives_way_to_a_header_that_stays() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let sheet = desk.read("static/style.css");
    desk.write("static/style.css", &format!("{sheet}\n.masthead {{ position: fixed; inset: 0 0 auto; z-index: 9 }}\n"));
    let place = desk.article("draft", "draft: true\n");
    let preview = desk.serve(&[]);
    let tab = chrome.tab("the editor");
    tab.open(&preview.url(&place));
    let apart = "(() => {
        const banner = document.querySelector('dealwire-banner').getBoundingClientRect();
        const header = document.querySelector('.masthead').getBoundingClientRect();
        const bar = inBar('.bar').getBoundingClientRect();
        return banner.height > 20 && (banner.top >= header.bottom - 1 || header.top >= banner.bottom - 1)
            && banner.bottom <= bar.top + 1;
    })()";
    tab.wait("neither to cover the other", apart);
    tab.ask("scrollTo(0, 400)");
    tab.wait("the same further down", apart).is("bands()", "Draft: readers do not see this").is_quiet();

    // What is copied is the path, and the button says that it is.
    tab.ask("window.copied = []; navigator.clipboard.writeText = async (text) => { copied.push(text); }; inBar('.row .file').click()");
    tab.wait("the word", "inBar('.row .file').dataset.copied === 'Copied'");
    tab.is("copied.join()", "content/articles/2020/draft.md");
}

#[test]
fn many_tabs_do_not_keep_each_other_out() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("the editor");
    tab.open(&preview.url("/")).ask("window.same = true");
    // A browser opens six connections to one server, and each tab that is told what changes has one.
    let start = Instant::now();
    let behind: Vec<_> = (0..8).map(|n| chrome.tab_behind(&format!("tab {n}"), &preview.url(PLACE))).collect();
    for tab in &behind {
        tab.wait("the page", "document.readyState === 'complete' && document.querySelector('h1')")
            .must("it is hidden", "document.hidden");
    }
    tab.open(&preview.url(PLACE)).ask("window.same = true");
    desk.edit(ARTICLE, "title: Nokia and Xiaomi", "title: Many tabs, Nokia and Xiaomi");
    tab.wait("the edit", "text('h1').startsWith('Many tabs') && same");
    assert!(start.elapsed() < Duration::from_secs(20), "they did: {:?}", start.elapsed());
}
