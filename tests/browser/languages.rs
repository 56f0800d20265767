//! A page in another language follows its own text, and the record that it shares with its original.

use crate::chrome::Chrome;
use crate::desk::{ARTICLE, Desk, PLACE};

const CHINESE: &str = "content/articles/zh/nokia-xiaomi-patents-zh.md";

#[test]
fn a_chinese_page_follows_its_text_and_its_originals_record() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("a reader of Chinese");
    let place = format!("/zh{PLACE}");
    tab.open(&preview.url(&place)).ask("window.same = true");
    tab.is("document.documentElement.lang", "zh-Hans").is("inBar('.row .file').textContent", CHINESE);

    // Emphasis that ends with full-width punctuation: plain CommonMark would show the asterisks.
    desk.edit(CHINESE, "签署了一项为期多年的协议，相互", "签署了一项**为期多年的协议，**相互");
    tab.wait("the emphasis", "same && text('.prose strong') === '为期多年的协议，'");
    desk.edit(ARTICLE, "value: undisclosed", "value: EUR 2bn");
    tab.wait("the sum of the original's record", "same && text('.facts').includes('20亿欧元')");

    // A translation of nothing has no page: the tab says why, and has it again with the next save.
    desk.edit(CHINESE, "translation_of: nokia-xiaomi-patents", "translation_of: nokia-xiaomi-patent");
    tab.wait("the finding", "overlay() && inBar('.list').textContent.includes('did you mean nokia-xiaomi-patents?')");
    tab.must("nothing else is blamed", "!inBar('.list').textContent.includes('There is no file')");
    desk.edit(CHINESE, "translation_of: nokia-xiaomi-patent", "translation_of: nokia-xiaomi-patents");
    tab.wait("the page again", "same && !overlay() && text('.prose strong') === '为期多年的协议，'");

    // To the original and back, by the switch.
    for (language, to) in [("en-GB", PLACE), ("zh-Hans", place.as_str())] {
        tab.ask(&format!("document.querySelector('.languages a[hreflang={language}]').click()"));
        tab.wait("the other language", &format!("location.pathname === '{to}' && version() > 0"));
        tab.is("document.documentElement.lang", language);
    }
    tab.is_quiet_but_for("status of 404");
}
