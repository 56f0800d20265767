//! Search in a reader's hands: words in two scripts, choices, keys, an address to share, and nothing of it elsewhere.

use crate::chrome::Chrome;
use crate::desk::{Desk, PLACE};
use serde_json::Value;

const FIRST: &str = "
    window.text2 = (node) => node.textContent.trim().replace(/\\s+/g, ' ');
    window.found = () => [...document.querySelectorAll('.found h2 a')].map((a) => a.getAttribute('href'));
    window.told = () => text2(document.querySelector('.search output'));
    window.field = (name) => document.querySelector(`.search [name=${name}]`);
    window.enter = (name, value) => {
        field(name).value = value;
        field(name).dispatchEvent(new Event('input', { bubbles: true }));
    };
    window.key = (key) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
";

#[test]
fn a_reader_searches_chooses_and_shares_the_address() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("a reader");
    tab.before(FIRST);
    tab.open(&preview.url("/search/")).is("told()", "").is("document.activeElement.name", "q");
    tab.requests();
    tab.type_in("小米");
    tab.wait("the company", "found().includes('/companies/xiaomi/')")
        .is("new URLSearchParams(location.search).get('q')", "小米");
    tab.must("its article is there too", &format!("found().includes('{PLACE}')"));
    tab.must("it is told how many", "/^\\d+ results$/.test(told())");

    for (query, path) in [
        ("XIAOMI licen", PLACE),
        ("xiaomi patents", PLACE),
        ("withing", "/companies/withings/"),
        ("诺基亚", "/companies/nokia/"),
    ] {
        tab.ask(&format!("enter('q', '{query}')"));
        tab.wait(query, &format!("/result/.test(told()) && found().includes('{path}')"));
    }
    tab.ask("enter('q', 'xiaomi')");
    tab.wait("both", &format!("found().includes('{PLACE}') && found().includes('/companies/xiaomi/')"));
    tab.must(
        "what was looked for is marked",
        "document.querySelector('.found mark').textContent.toLowerCase() === 'xiaomi'",
    );
    tab.ask("enter('type', 'company')");
    tab.wait(
        "companies alone",
        "found()[0] === '/companies/xiaomi/' && found().every((p) => p.startsWith('/companies/'))",
    );
    tab.is("location.search", "?q=xiaomi&type=company");
    tab.ask("enter('type', '')");
    tab.wait("deals again", "found().some((p) => p.startsWith('/deals/'))");
    tab.ask("enter('year', '2017'); enter('kind', 'patent_cross_licence'); enter('tag', 'patents'); enter('company', 'xiaomi')");
    tab.wait("the deal and its article", "told() === '2 results'");
    let place = tab.ask("location.pathname + location.search").as_str().expect("an address").to_owned();
    let shown = tab.ask("found().join()");
    let other = chrome.tab("a friend");
    other.before(FIRST);
    other.open(&preview.url(&place)).wait("the same", "told() === '2 results'").is("found().join()", shown);
    other.is("field('kind').selectedOptions[0].textContent", "Patent cross-licence (2)");

    tab.ask("document.querySelector('.search [type=reset]').click()");
    tab.wait("nothing to be left", "location.search === '' && found().length === 0").is("field('q').value", "");
    tab.ask("enter('q', 'the of')");
    tab.wait("a word about it", "told() === 'These words are everywhere: add another.'");
    tab.ask("enter('q', 'qqqq')");
    tab.wait("no result", "told() === 'No results'");
    tab.is_quiet();
}

#[test]
fn the_keys_are_enough() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("a reader");
    tab.before(FIRST);
    tab.open(&preview.url("/search/?q=nokia")).wait("more than a page", "found().length === 20");
    tab.ask("document.activeElement.blur(); key('/')");
    tab.is("document.activeElement.name", "q");
    tab.ask("key('ArrowDown'); key('ArrowDown')");
    tab.must(
        "the second result has the focus",
        "document.activeElement === document.querySelectorAll('.found h2 a')[1]",
    );
    tab.ask("key('ArrowUp'); key('ArrowUp')");
    tab.is("document.activeElement.name", "q");
    tab.ask("document.querySelector('.more').click()");
    tab.wait("more", "found().length > 20");
    tab.must(
        "the first new one has the focus",
        "document.activeElement === document.querySelectorAll('.found h2 a')[20]",
    );
    tab.press("Escape").is("document.activeElement.name", "q");
    tab.press("Escape").wait("an empty field", "field('q').value === '' && found().length === 0");
    tab.is_quiet();
}

#[test]
fn a_narrow_window_holds_it_and_articles_load_nothing_of_it() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("a reader");
    tab.before(FIRST);
    tab.view(320, 700, "dark").open(&preview.url("/search/?q=nokia")).wait("results", "found().length === 20");
    tab.must("nothing is wider than the window", "document.documentElement.scrollWidth <= innerWidth");
    tab.must(
        "every control is large enough and has a name",
        "[...document.querySelectorAll('.search :is(input, select, button)')].filter((c) => c.offsetParent).every((c) => c.offsetHeight >= 24 && (c.matches('button') || text2(c.labels[0].querySelector('span'))))",
    );
    tab.must(
        "search loads its files",
        "performance.getEntriesByType('resource').some((r) => r.name.includes('/search/2017/words-'))",
    );
    tab.open(&preview.url(PLACE));
    tab.must("there is the link", "document.querySelector('.masthead a[href=\"/search/\"]')");
    let loaded =
        tab.ask("performance.getEntriesByType('resource').map((r) => r.name).filter((n) => /search/.test(n)).join()");
    assert_eq!(loaded, Value::from(""), "an article page loads something of search");
    tab.is_quiet();
}
