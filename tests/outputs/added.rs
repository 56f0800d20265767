//! What a new deal changes: the pages that show it, and no others, however many deals there are.

use crate::desk::{DONE, Desk, tree};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A site of so many deals, each opened by an article, between twenty-four companies under twelve tags.
fn site(deals: usize) -> Desk {
    let desk = Desk::empty().with("SOURCE_DATE_EPOCH", "1514764800");
    desk.write(
        "site.toml",
        "base_url = \"https://desk.example.com/\"\ntitle = \"Desk\"\npublisher = \"Desk\"\ntimezone = \"UTC\"\nlanguage = \"en\"\n\
         [cards]\nenabled = false\n",
    );
    for n in 0..24 {
        desk.write(
            &format!("content/companies/company-{n}.md"),
            format!("---\nname: Company {n} Works\ncountry: CN\n---\n"),
        );
    }
    for n in 0..12 {
        desk.write(&format!("content/tags/topic-{n}.md"), format!("---\ntitle: Topic {n}\n---\n\nOf topic {n}.\n"));
    }
    for n in 0..deals {
        let date = format!("20{:02}-{:02}-{:02}", 10 + n % 7, n / 7 % 12 + 1, n / 84 % 28 + 1);
        desk.write(&format!("content/articles/story-{n}.md"), article(n, &date));
    }
    desk
}

/// An article that opens a deal of two companies.
fn article(n: usize, date: &str) -> String {
    let (from, to) = (n * 7 % 24, (n * 11 + 5) % 24);
    let to = if to == from { (to + 1) % 24 } else { to };
    let mut text = String::new();
    let _ = write!(
        text,
        "---\ntitle: Headline number {n}\ndescription: What number {n} tells.\ndate: {date}\ntags: [topic-{}]\n\
         sources:\n  - {{id: release, kind: press_release, publisher: The buyer, date: {date}}}\n\
         deal:\n  kind: acquisition\n  title: Bargain number {n}\n  parties:\n\
         \x20   - {{company: company-{from}, roles: [acquirer]}}\n    - {{company: company-{to}, roles: [target]}}\n\
         \x20 status:\n    - {{state: announced, date: {date}, source: release}}\n  value: undisclosed\n---\n\nText {n}.\n",
        n % 12,
    );
    text
}

/// Builds, and returns the files.
fn built(desk: &Desk) -> BTreeMap<String, Vec<u8>> {
    desk.type_in("build").has(DONE);
    tree(&desk.at("public")).into_iter().collect()
}

/// Which pages count what there is and say no more of it.
const COUNT: [&str; 4] = ["deals/20", "2016/index.html", "companies/index.html", "tags/index.html"];

#[test]
fn a_new_deal_changes_the_pages_that_show_it_however_many_deals_there_are() {
    let changed = |deals: usize| {
        let desk = site(deals);
        let before = built(&desk);
        desk.write("content/articles/story-9999.md", article(9999, "2016-12-29"));
        let after = built(&desk);
        let lost: Vec<_> = before.keys().filter(|f| !after.contains_key(*f)).collect();
        assert!(lost.is_empty(), "{lost:?}");
        let mut pages = 0;
        for (file, bytes) in after.iter().filter(|(f, b)| before.get(*f) != Some(b)) {
            let text = String::from_utf8_lossy(bytes);
            // A year's index of words is one thing, in as many pieces as it is large.
            if let Some(of) = file.strip_prefix("search/") {
                assert!(of.starts_with("2016/") || of == "index.html", "{file} does not have the deal's year");
                continue;
            }
            let shows = ["story-9999", "number 9999"].iter().any(|name| text.contains(name));
            assert!(shows || COUNT.iter().any(|c| file.starts_with(c)), "{file} does not show the deal");
            pages += 1;
        }
        (pages, after.len())
    };
    // Twenty and forty-two deals a company and topic: no power of two, where what is shared begins to count less.
    let ((few, of_few), (many, of_many)) = (changed(240), changed(504));
    assert!(of_many * 10 > of_few * 17, "{of_few} and {of_many} files");
    assert!((30..60).contains(&few) && many <= few, "{few} files changed of {of_few}, {many} of {of_many}");
}
