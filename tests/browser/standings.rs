//! What readers do not see yet, or no more, is in sight here and says so.

use crate::chrome::Chrome;
use crate::desk::{ARTICLE, Desk, PLACE};
use jiff::{Timestamp, ToSpan};

#[test]
fn hidden_articles_have_a_banner_and_public_ones_none() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let pages = [
        (desk.article("draft", "draft: true\n"), "Draft: readers do not see this", "draft: true"),
        (
            desk.article("embargoed", "embargo: 2099-12-24T08:00:00+02:00\n"),
            "Embargoed: readers see this from 24 December 2099, 08:00 (Europe/Helsinki)",
            "under embargo",
        ),
        (
            desk.article("expired", "expires: 2021-03-04T05:06:00+02:00\n"),
            "Expired: readers no longer see this since 4 March 2021, 05:06 (Europe/Helsinki)",
            "has expired",
        ),
        (
            {
                desk.article("scheduled", "");
                desk.edit("content/articles/2020/scheduled.md", "date: 2020", "date: 2099");
                "/2099/06/scheduled/".to_owned()
            },
            "Scheduled: readers see this from 1 June 2099, 12:00 (Europe/Helsinki)",
            "date is to come",
        ),
        (desk.article("public", ""), "", "Readers see it."),
        ("/".to_owned(), "", "Made from other files"),
        ("/companies/nokia/".to_owned(), "", "Readers see it."),
    ];
    let preview = desk.serve(&[]);
    let tab = chrome.tab("the editor");
    for (place, banner, reason) in &pages {
        tab.open(&preview.url(place)).is("bands()", *banner);
        tab.must("the strip has the reason", &format!("inBar('.why').textContent.includes('{reason}')"));
        if !banner.is_empty() {
            tab.must(
                "the banner is above the page and covers nothing of it",
                "(() => {
                    const banner = document.querySelector('dealwire-banner').getBoundingClientRect();
                    return banner.top === 0 && banner.height > 20 && document.body.getBoundingClientRect().top >= banner.height;
                })()",
            );
        }
    }
    // It follows the file.
    tab.open(&preview.url(&pages[0].0)).ask("window.same = true");
    desk.edit("content/articles/2020/draft.md", "draft: true\n", "");
    tab.wait("the banner to go", "bands() === '' && inBar('.standing').textContent === 'Public' && same");
    desk.edit("content/articles/2020/draft.md", "tags:", "draft: true\ntags:");
    tab.wait("the banner to come", "bands() === 'Draft: readers do not see this' && same");
    tab.is_quiet();

    // What readers would get.
    let preview = desk.serve(&["--as-public"]);
    for (place, banner, _) in pages.iter().filter(|p| !p.1.is_empty()) {
        assert_eq!(preview.get(place).0, 404, "{banner}");
        tab.open(&preview.url(place)).is("bands()", "").is("inBar('.standing').textContent", "No such page");
        tab.must(
            "the word is not told",
            "!document.body.textContent.includes('About d') && !document.body.textContent.includes('About e')",
        );
        tab.must("the strip says whose eyes these are", "inBar('.row').innerText.includes('as readers see it')");
    }
    tab.open(&preview.url(&pages[4].0)).is("bands()", "").is("inBar('.standing').textContent", "Public");
    tab.is_quiet_but_for("status of 404");
}

#[test]
fn an_embargo_lifts_while_its_page_is_open() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("the editor");
    tab.open(&preview.url("/"));
    let until = Timestamp::now() + 4.seconds();
    let place = desk.article("soon", &format!("embargo: {until:.0}\n"));
    preview.has(&place, "About soon");
    tab.open(&preview.url(&place))
        .must("it is under embargo", "bands().startsWith('Embargoed: readers see this from')");
    tab.ask("window.same = true");
    tab.wait("the banner to go", "bands() === '' && inBar('.standing').textContent === 'Public'");
    assert!(Timestamp::now() >= until - 1.second(), "not before its time");
    tab.must("it is the same page", "same").is_quiet();

    let preview = desk.serve(&["--as-public"]);
    let until = Timestamp::now() + 4.seconds();
    let place = desk.article("later", &format!("embargo: {until:.0}\n"));
    tab.open(&preview.url(&place)).is("inBar('.standing').textContent", "No such page").ask("window.same = true");
    tab.wait("the article", "text('h1') === 'About later' && inBar('.standing').textContent === 'Public' && same");
}

#[test]
fn links_keep_the_instant_that_is_travelled_to() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("the traveller");
    let instant = "?as-of=2017-07-05T12:00:00%2B03:00";
    tab.open(&preview.url(&format!("/{instant}")));
    tab.is("bands()", "Time travel: the site as of 5 July 2017, 12:00 (UTC+03:00) Back to now");
    tab.must("the article is the news", "document.body.textContent.includes('Nokia and Xiaomi cross-license')");
    tab.ask(
        "[...document.querySelectorAll('main a')].find((a) => a.textContent.includes('Xiaomi cross-license')).click()",
    );
    tab.wait("the article, at that instant", &format!("location.href.endsWith('{PLACE}{instant}') && version() > 0"));
    // An edit shows here as well.
    tab.ask("window.same = true");
    desk.edit(ARTICLE, "welcomed Xiaomi", "greeted Xiaomi");
    tab.wait("the edit", "text('.prose').includes('greeted Xiaomi') && same");
    tab.ask("document.querySelector('dealwire-banner').shadowRoot.querySelector('a').click()");
    tab.wait("the article now", &format!("location.href.endsWith('{PLACE}') && version() > 0")).is("bands()", "");

    // The day before, there was no such article.
    tab.open(&preview.url(&format!("{PLACE}?as-of=2017-07-04")));
    tab.must("it is not there yet", "text('h1') && !text('h1').includes('Xiaomi')");
    tab.must("the band says when this is", "bands().startsWith('Time travel: the site as of 4 July 2017')");
    tab.must("the strip says why", "inBar('.standing').textContent === 'Scheduled'");
    tab.is_quiet_but_for("status of 404");
}
