//! newsletters.toml beside the site: taken in when it is saved, and what was good stays while it is not.

use super::server::{Site, until};
use serde_json::Value;
use std::fs;

#[test]
fn newsletters_are_seen_as_soon_as_they_are_made_and_a_broken_record_leaves_what_was_good() {
    let site = Site::sample();
    let server = site.serve(&[]);
    assert_eq!(server.get("/newsletter/").status, 404);
    assert!(!server.get("/").text().contains("\"/newsletter/\""));
    let good = "[[issue]]\nsent = 2017-07-08T18:00:00+03:00\nsince = 2017-07-01T00:00:00+03:00\n\
                articles = [\"nokia-xiaomi-patents\"]\n";
    site.write("newsletters.toml", good);
    until("the first newsletter", || (server.get("/newsletter/2017-07-08/").status == 200).then_some(()));
    assert!(server.get("/").text().contains("\"/newsletter/\""), "the foot leads there");
    site.write("newsletters.toml", good.replace("nokia-xiaomi-patents", "Nokia Xiaomi"));
    let is_told =
        |state: &Value| state["findings"].as_array().is_some_and(|all| all.iter().any(|f| f["code"] == "E0822"));
    let mut tab = server.tab("/newsletter/");
    tab.until("what is wrong with it", is_told);
    assert_eq!(server.get("/newsletter/2017-07-08/").status, 200, "what was good stays");
    site.write("newsletters.toml", good);
    tab.until("that it is mended", |state| !is_told(state));
    fs::remove_file(site.at("newsletters.toml")).expect("removed");
    until("that it is gone", || (server.get("/newsletter/").status == 404).then_some(()));
}
