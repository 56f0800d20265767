//! The ledger in a reader's hands: sorting, choosing, an address that keeps the choice, and pages fetched when needed.

use crate::chrome::Chrome;
use crate::desk::Desk;

/// The titles of the rows that show, in their order.
const SHOWN: &str =
    "[...document.querySelectorAll('.ledger tbody tr:not([hidden])')].map((r) => text2(r.cells[1])).join(' | ')";
const FIRST: &str = "
    window.text2 = (node) => node.textContent.trim().replace(/\\s+/g, ' ');
    window.rows = () => document.querySelectorAll('.ledger tbody tr:not([hidden])').length;
    window.choose = (name, value) => {
        const field = document.querySelector(`.filters [name=${name}]`);
        field.value = value;
        field.dispatchEvent(new Event('input', { bubbles: true }));
    };
    window.sortBy = (name) => [...document.querySelectorAll('.ledger thead button')].find((b) => text2(b) === name).click();
    window.told = () => text2(document.querySelector('.filters output'));
    window.sorted = () => [...document.querySelectorAll('.ledger thead th')].map((h) => h.getAttribute('aria-sort') || '').join();
";

#[test]
fn a_reader_sorts_and_chooses_and_shares_the_address() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("a reader");
    tab.before(FIRST);
    tab.open(&preview.url("/deals/"));
    tab.is("rows()", 8).is("told()", "All 8 deals; 2 of 6 disclosed a value").is("sorted()", "descending,,,,,");
    tab.must("nothing offers to show all when all is shown", "document.querySelector('.filters [type=reset]').hidden");

    tab.ask("sortBy('Value')");
    tab.wait(
        "the largest to be first",
        "text2(document.querySelector('.ledger tbody th')).startsWith('Nokia handset')",
    );
    tab.is("sorted()", ",,,,,descending").is("location.search", "?sort=-value");
    tab.must(
        "what nobody knows comes last",
        "/Undisclosed|No price/.test(text2([...document.querySelectorAll('.ledger tbody tr')].at(-1)))",
    );
    tab.ask("sortBy('Value')");
    tab.wait("the smallest to be first", "text2(document.querySelector('.ledger tbody th')).includes('Withings')");
    tab.must(
        "what nobody knows comes last in this order too",
        "/Undisclosed|No price/.test(text2([...document.querySelectorAll('.ledger tbody tr')].at(-1)))",
    );

    tab.ask("choose('tag', 'Patents')");
    tab.wait("less to show", "rows() < 8");
    tab.must("the choice is in the address", "new URLSearchParams(location.search).get('tag') === 'Patents'");
    tab.must("it is told how many there are", "/^\\d of 8 deals/.test(told())");
    let chosen = tab.ask(SHOWN);
    let place = tab.ask("location.pathname + location.search").as_str().expect("an address").to_owned();
    let other = chrome.tab("a friend");
    other.before(FIRST);
    other.open(&preview.url(&place)).is(SHOWN, chosen).is("sorted()", ",,,,,ascending");

    tab.ask("document.querySelector('.filters [type=reset]').click()");
    tab.wait("all to be back", "rows() === 8").is("location.search", "").is("sorted()", "descending,,,,,");
    for (field, value, count) in [
        ("country", "China", 5),
        ("party", "Withings", 1),
        ("year", "2016", 1),
        ("status", "Closed", 2),
        ("value", "Undisclosed", 4),
        ("value", "EUR 1bn and more", 1),
    ] {
        tab.ask(&format!("choose('{field}', '{value}')"));
        tab.wait(&format!("{count} for {field} {value}"), &format!("rows() === {count}"));
        tab.ask(&format!("choose('{field}', '')"));
    }
    tab.ask("choose('q', 'xiaomi cross')");
    tab.wait("what was searched for", "rows() === 1").is(SHOWN, "Nokia–Xiaomi patent cross-licence");
    tab.is_quiet();
}

#[test]
fn a_long_ledger_is_fetched_when_somebody_asks_for_all() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    desk.write("site.toml", &format!("ledger_page_size = 2\n{}", desk.read("site.toml")));
    let preview = desk.serve(&[]);
    let tab = chrome.tab("a reader");
    tab.before(FIRST);
    tab.open(&preview.url("/deals/")).must("the page holds a part", "rows() < 4");
    tab.ask("sortBy('Deal')");
    tab.wait("all of them", "rows() === 8").is("told()", "All 8 deals; 2 of 6 disclosed a value");
    tab.is("text2(document.querySelector('.ledger tbody th'))", "Gregory Lee to Nokia Technologies");
    tab.open(&preview.url("/deals/?q=microsoft")).wait("what stands on the oldest page", "rows() === 1");
    tab.is_quiet();
}

#[test]
fn keys_are_enough_and_a_narrow_window_too() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("a reader");
    tab.before(FIRST);
    tab.view(320, 700, "dark").open(&preview.url("/deals/"));
    tab.ask("document.querySelector('.filter-box summary').click()");
    tab.must("nothing is wider than the window", "document.documentElement.scrollWidth <= innerWidth");
    tab.must(
        "every control is large enough",
        "[...document.querySelectorAll('.filters :is(input, select, button:not([hidden])), .ledger thead button')].every((c) => { const b = c.getBoundingClientRect(); return b.height >= 24 && b.width >= 24; })",
    );
    tab.must(
        "every control has a name",
        "[...document.querySelectorAll('.filters :is(input, select)')].every((c) => text2(c.labels[0].querySelector('span')))",
    );
    tab.is_quiet();
}
