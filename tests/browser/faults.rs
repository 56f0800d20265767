//! What is broken leaves what was good in sight, says where and why on top of it, and goes by itself.

use crate::chrome::Chrome;
use crate::desk::{ARTICLE, Desk, PLACE};
use crate::tab::Tab;
use std::thread::sleep;
use std::time::Duration;

/// What the overlay says in its list, in one line.
const LIST: &str = "inBar('.list').textContent";

fn is_whole(tab: &Tab) {
    tab.must(
        "the last good page stays",
        "same && text('h1').startsWith('Nokia and Xiaomi') && text('.prose').length > 900",
    );
}

#[test]
fn a_broken_template_leaves_the_page_with_the_fault_on_top() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let (tab, other) = (chrome.tab("the article"), chrome.tab("another page"));
    tab.open(&preview.url(PLACE)).ask("window.same = true");
    other.open(&preview.url("/about/")).ask("window.same = true");
    let good = desk.read("templates/article.html");
    desk.write("templates/article.html", &good.replace("{% extends", "{% if %}\n{% extends"));
    for tab in [&tab, &other] {
        tab.wait("the overlay", "overlay()");
        tab.must("it names the template", &format!("{LIST}.includes('templates/article.html:1')"));
        tab.is("inBar('.findings').textContent.slice(0, 7)", "1 error");
    }
    is_whole(&tab);
    // Somebody else who comes now gets the last good page too.
    let late = chrome.tab("who comes late");
    late.open(&preview.url(PLACE)).wait("the overlay", "overlay()").ask("window.same = true");
    is_whole(&late);
    desk.write("templates/article.html", &good.replace("class=\"story\"", "class=\"story mended\""));
    for tab in [&tab, &late] {
        tab.wait("the overlay to go and the template to come", "!overlay() && document.querySelector('.story.mended')");
        is_whole(tab);
    }
    other.wait("the overlay to go", "!overlay() && same");
    for tab in [tab, other, late] {
        tab.is_quiet();
    }
}

#[test]
fn a_template_that_fails_on_one_page_shows_there() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("the article");
    tab.open(&preview.url(PLACE)).ask("window.same = true");
    let good = desk.read("templates/article.html");
    desk.write("templates/article.html", &good.replace("{{ article.title }}", "{{ article.title.nothing.there }}"));
    tab.wait("the overlay", "overlay()");
    tab.must("it names the template", &format!("{LIST}.includes('article.html')"));
    desk.write("templates/article.html", &good);
    tab.wait("the page", "!overlay() && text('h1').startsWith('Nokia and Xiaomi') && text('.prose').length > 900");
    tab.must("nothing was loaded again", "same");
}

#[test]
fn broken_front_matter_leaves_the_last_good_page() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("the editor");
    tab.open(&preview.url(PLACE)).ask("window.same = true; scrollTo(0, 400)");
    desk.edit(ARTICLE, "tags: [china, patents, networks]", "tags: [china, patents, netwroks]");
    tab.wait("the overlay", "overlay()");
    is_whole(&tab);
    tab.must("it is of this page", "inBar('h2').textContent === 'This page'");
    let line = 1 + desk.read(ARTICLE).lines().position(|l| l.starts_with("tags:")).expect("tags");
    let place = format!("inBar('.list .file').textContent.startsWith('{ARTICLE}:{line}:')");
    tab.must("it names file and line", &place).is("inBar('pre').dataset.line", line.to_string());
    tab.must("it shows the line", "inBar('pre').textContent.includes('tags: [china, patents, netwroks]')");
    tab.is("inBar('pre mark').textContent", "netwroks");
    tab.must("it is underlined", "getComputedStyle(inBar('pre mark')).textDecorationLine === 'underline'");
    tab.must("it helps", &format!("{LIST}.includes('networks')"));

    // Put away, it stays away while this fault is there, also when the page is loaded again; another one brings it back.
    tab.press("Escape").wait("the overlay to close", "!overlay()");
    tab.must("the button has the count", "inBar('.findings').textContent.startsWith('1 error')");
    desk.edit(ARTICLE, "authors: [desk]", "authors: [desc]");
    tab.wait("the overlay with another fault", "overlay() && inBar('.findings').textContent.startsWith('2 errors')");
    tab.press("Escape").wait("the overlay to close", "!overlay()");
    tab.reload().wait("the overlay's state", "inBar('.findings').textContent.startsWith('2 errors')");
    sleep(Duration::from_millis(200));
    tab.must("it stays away", "!overlay()").ask("window.same = true; inBar('.findings').click()");
    tab.must("the button opens it", "overlay()");
    is_whole(&tab);

    desk.edit(ARTICLE, "netwroks", "networks");
    tab.wait("one fault less", "inBar('.findings').textContent.startsWith('1 error')");
    tab.wait("it to stay open", "overlay()");
    desk.edit(ARTICLE, "authors: [desc]", "authors: [desk]");
    tab.wait("the overlay to go by itself", "!overlay() && inBar('.findings').textContent === 'No findings'");
    is_whole(&tab);
    // What was put away is not forgiven for ever.
    desk.edit(ARTICLE, "networks]", "netwroks]");
    tab.wait("the overlay, again", "overlay()");

    // Front matter that is no YAML.
    desk.edit(ARTICLE, "netwroks]", "networks");
    tab.wait("the strip to say so", "overlay() && inBar('.why').textContent.includes('last version without')");
    is_whole(&tab);
    desk.edit(ARTICLE, "networks\n", "networks]\n");
    tab.wait("the overlay to go", "!overlay()");
    tab.is_quiet();
}

#[test]
fn hostile_words_are_words() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    desk.article("hostile", "");
    let preview = desk.serve(&[]);
    let (tab, other) = (chrome.tab("the article"), chrome.tab("another page"));
    let hostile = "<img src=x onerror=alert(1)>";
    let path = format!("content/articles/2020/{}.md", "<svg onload=alert(2)>".replace(' ', "_"));
    tab.open(&preview.url("/2020/06/hostile/")).ask("window.same = true");
    other.open(&preview.url("/about/"));
    let text = desk.read("content/articles/2020/hostile.md");
    let text = text
        .replace("tags: [china]", &format!("tags: [\"{hostile}\"]\nsub{hostile}: \"</pre><script>alert(3)</script>\""));
    desk.write("content/articles/2020/hostile.md", &text);
    desk.write(&path, &text);
    for tab in [&tab, &other] {
        tab.wait("the overlay", &format!("overlay() && {LIST}.includes('<img src=x onerror=alert(1)>')"));
        tab.wait("the file with a bad name", &format!("{LIST}.includes('<svg_onload=alert(2)>')"));
        tab.is("allInBar('img, script, svg, iframe, object, [onerror], [onload]').length", 0);
    }
    tab.must("the title is text", "same");
    // A title with HTML is a page's title; in the bar and in the banner it is text too.
    desk.remove(&path);
    desk.article("hostile", "draft: true\n");
    desk.edit("content/articles/2020/hostile.md", "title: About hostile", &format!("title: \"{hostile}\""));
    tab.wait("the page with that title", &format!("!overlay() && text('h1') === '{hostile}'"));
    tab.is("document.querySelectorAll('h1 img, [onerror]').length", 0);
    tab.must("the overlay is gone elsewhere too", "!overlay()");
    // One sleep for whatever would load and fail.
    sleep(Duration::from_millis(300));
    for tab in [tab, other] {
        tab.is_quiet();
    }
}

#[test]
fn who_types_is_not_disturbed() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    desk.edit("templates/article.html", "{{ article.content | safe }}", "<input id=\"q\">{{ article.content | safe }}");
    let preview = desk.serve(&[]);
    let tab = chrome.tab("who types");
    tab.open(&preview.url(PLACE)).ask("window.same = true; document.querySelector('#q').focus()");
    tab.type_in("half");
    desk.edit(ARTICLE, "authors: [desk]", "authors: [desc]");
    tab.wait("the count", "inBar('.findings').textContent.startsWith('1 error')");
    tab.must("the overlay waits", "!overlay() && document.activeElement.id === 'q'");
    tab.type_in(" a word").is("document.querySelector('#q').value", "half a word");
    tab.ask("inBar('.findings').click()").as_bool();
    tab.must("it opens when it is asked for", "overlay()");
    // The settings, too: the site stays as it was.
    desk.edit(ARTICLE, "authors: [desc]", "authors: [desk]");
    tab.wait("the overlay to go", "!overlay()");
    desk.edit("site.toml", "timezone = \"Europe/Helsinki\"", "timezone = \"Europe/Atlantis\"");
    tab.wait("the fault of the settings", "inBar('.findings').textContent.startsWith('1 error')");
    tab.must("it names the file", &format!("{LIST}.includes('site.toml:')"));
    is_whole(&tab);
    desk.edit("site.toml", "Europe/Atlantis", "Europe/Helsinki");
    tab.wait("all to be well", "inBar('.findings').textContent === 'No findings'");
    tab.is_quiet();
}
