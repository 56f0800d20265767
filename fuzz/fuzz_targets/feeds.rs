//! Any headline, description and text: the feed is XML and the structured data JSON, and both give the words back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use quick_xml::events::Event;
use std::collections::BTreeMap;

/// The texts of the elements of this name in a document, which is well-formed from end to end.
fn texts(xml: &str, name: &str) -> Vec<String> {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    assert!(xml.chars().all(allowed), "a character that XML does not have: {xml}");
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut open, mut found): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event().unwrap_or_else(|e| panic!("{e}: {xml}")) {
            Event::Eof => break,
            Event::Start(e) => {
                for attribute in e.attributes() {
                    attribute.unwrap_or_else(|e| panic!("{e}: {xml}"));
                }
                open.push(e.name().as_ref().to_owned());
                if open.last().is_some_and(|o| o == name) {
                    found.push(String::new());
                }
            }
            Event::End(_) => drop(open.pop()),
            Event::Text(t) if open.last().is_some_and(|o| o == name) => {
                found.last_mut().expect("an element").push_str(&t);
            }
            Event::GeneralRef(r) => {
                let whole = format!("&{};", &*r);
                let text = quick_xml::escape::unescape(&whole).unwrap_or_else(|e| panic!("{e}: {xml}"));
                if open.last().is_some_and(|o| o == name) {
                    found.last_mut().expect("an element").push_str(&text);
                }
            }
            _ => {}
        }
    }
    assert!(open.is_empty(), "{open:?} is not closed: {xml}");
    found
}

/// The letters of a text alone: what blanks and line ends become is no matter here.
fn plain(text: &str) -> String {
    text.split_whitespace().collect()
}

fuzz_target!(|words: (&str, &str, &str)| {
    let (title, description, body) = words;
    dealwire_fuzz::headed(title, description, body, |edition, page, feed| {
        let titles: Vec<String> = texts(feed, "title").iter().map(|t| plain(t)).collect();
        let data = page.split("<script type=\"application/ld+json\">").nth(1).expect("structured data");
        let data = data.split("</script>").next().expect("its end");
        let data: serde_json::Value = serde_json::from_str(data).unwrap_or_else(|e| panic!("{e}: {data}"));
        // What has an error is never built: it may have lost what XML does not have.
        if edition.findings(&BTreeMap::new()).iter().any(|f| f.code.starts_with('E')) {
            return;
        }
        assert!(titles.contains(&plain(title)), "{title:?} is not in {titles:?}");
        let graph = data["@graph"].as_array().expect("a graph");
        let headline = graph.iter().find_map(|thing| thing["headline"].as_str()).expect("a headline");
        assert_eq!(plain(headline), plain(title));
    });
});
