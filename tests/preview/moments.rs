//! Two writes in one moment, which no stamp tells apart: the text behind a page stays the one that its entry was read from.

use super::server::Site;
use dealwire::diagnostic::FileId;
use dealwire::model::Texts;
use dealwire::source::{Live, Survey, stamp};
use std::fs::{File, FileTimes};
use std::sync::Arc;

#[test]
fn a_text_of_the_same_length_and_time_is_not_taken_for_the_one_before() {
    let site = Site::sample();
    let (file, root) = (FileId::new("content/articles/twice.md"), site.at(""));
    site.write(file.path(), "the first");
    let first = stamp(&root, &file);
    let live = Live::new(&root);
    live.know(first.map(|s| (file.clone(), s)));
    let text: Arc<[u8]> = b"the first".as_slice().into();
    live.renew(&file, first, Some(&text));
    assert_eq!(live.bytes(&file).expect("as it was read"), text);
    let time = site.at(file.path()).metadata().and_then(|m| m.modified()).expect("a time");
    site.write(file.path(), "the other");
    let written = File::options().append(true).open(site.at(file.path())).expect("a file");
    written.set_times(FileTimes::new().set_modified(time)).expect("the same time");
    assert_eq!(live.bytes(&file).map_err(|d| d.code), Err("E1204"), "another text, though nothing else tells");
    live.renew(&file, stamp(&root, &file), Some(&b"the other".as_slice().into()));
    assert_eq!(&*live.bytes(&file).expect("read again"), b"the other");
}

#[test]
fn what_was_read_right_after_a_change_is_looked_at_once_more() {
    let site = Site::sample();
    let (file, root) = (FileId::new("content/articles/fresh.md"), site.at(""));
    let mut survey = Survey::new(&root, &FileId::new("site.toml"), 1000);
    survey.look();
    site.write(file.path(), "fresh");
    assert!(survey.look().changed.contains_key(&file), "it is new");
    survey.read(std::slice::from_ref(&file), |_, _| ());
    // The next change could have come in the same tick of the clock.
    assert!(survey.look().changed.contains_key(&file), "it may be another one");
    std::thread::sleep(std::time::Duration::from_millis(80));
    survey.read(std::slice::from_ref(&file), |_, _| ());
    assert!(survey.look().changed.is_empty(), "now a change would show");
}

#[test]
fn a_file_that_is_empty_for_a_moment_stays_what_it_was() {
    let site = Site::sample();
    let (file, root) = (FileId::new("static/sheet.css"), site.at(""));
    site.write(file.path(), "a { color: red }");
    let mut survey = Survey::new(&root, &FileId::new("site.toml"), 1000);
    survey.look();
    let place = std::collections::BTreeSet::from([site.at(file.path())]);
    site.write(file.path(), "");
    let seen = survey.look_where(&place);
    assert!(seen.changed.is_empty() && seen.away == [site.at(file.path())], "it is being written");
    site.write(file.path(), "a { color: blue }");
    assert!(survey.look_where(&place).changed.contains_key(&file), "it is written");
    // One that stays empty is meant to be.
    site.write(file.path(), "");
    survey.look_where(&place);
    std::thread::sleep(dealwire::source::survey::GRACE);
    assert!(survey.look_where(&place).changed.contains_key(&file), "it was emptied");
    assert_eq!(survey.read(std::slice::from_ref(&file), |_, bytes| bytes.len()).0, [0]);
}
