//! A site of ten thousand pages: what a change costs.

use crate::desk::{DONE, Desk};
use std::fmt::Write as _;
use std::fs;

#[test]
fn of_ten_thousand_pages_a_change_sends_what_has_changed() {
    let desk = Desk::site();
    let text = desk.read("site.toml");
    desk.write(
        "site.toml",
        format!("{text}\n[cards]\nenabled = false\n[publish.here]\nto = \"file://{}\"\n", desk.top("www").display()),
    );
    for n in 0..10_000 {
        let (month, day) = (n % 12 + 1, n / 12 % 28 + 1);
        let mut article = String::new();
        let _ = write!(
            article,
            "---\ntitle: Story number {n}\ndescription: What number {n} tells.\ndate: 20{:02}-{month:02}-{day:02}\n---\n\nText {n}.\n",
            10 + n / 336 % 15
        );
        let folder = desk.at(&format!("content/articles/{:02}", n % 100));
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join(format!("story-{n}.md")), article).expect("written");
    }
    let sent = |line: &str| -> usize {
        let said = desk.type_in(line).has(DONE);
        let number = said.err.split(" files, ").nth(1).and_then(|t| t.split(" sent").next());
        number.and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("{}", said.err))
    };
    let all = sent("publish");
    assert!(all > 10_000, "{all} files");
    let path = "content/articles/00/story-4200.md";
    desk.edit(path, "Text 4200.", "Another text.");
    assert_eq!(sent("publish"), 4, "a body is on its own page, in its twin and in two files of words of its year");
    desk.edit(path, "title: Story number 4200", "title: Another story");
    let few = sent("publish");
    assert!((2..40).contains(&few), "a headline is on its page, its month and its neighbours: {few} files");
    desk.type_in("publish").has(DONE).says("is up to date");
}
