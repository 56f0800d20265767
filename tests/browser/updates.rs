//! An edit reaches the tabs that show it, in place, and no others.

use crate::chrome::Chrome;
use crate::desk::{ARTICLE, Desk, PLACE};
use std::thread::sleep;
use std::time::Duration;

/// Something to type in and something to open, in every article.
const FORM: &str = "<form><input id=\"typed\"><textarea id=\"long\"></textarea><input id=\"box\" type=\"checkbox\"></form>\
                    <details id=\"more\"><summary>More</summary><p>Inside.</p></details>";

fn sample() -> Desk {
    let desk = Desk::sample();
    desk.edit(
        "templates/article.html",
        "{{ article.content | safe }}",
        &format!("{{{{ article.content | safe }}}}{FORM}"),
    );
    desk
}

#[test]
fn an_edit_to_the_open_article_is_morphed_into_it() {
    let (desk, chrome) = (sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("the reader");
    tab.open(&preview.url(PLACE));
    tab.ask(
        "window.same = true; document.querySelector('#more').open = true;
         document.querySelector('#long').value = 'long text'; document.querySelector('#box').checked = true;
         document.querySelector('#typed').focus()",
    );
    tab.type_in("half a sentence");
    tab.ask(
        "window.kept = [...document.querySelectorAll('.prose p')].at(-2); scrollTo(0, kept.offsetTop - 200);
         window.stood = [scrollY, kept.getBoundingClientRect().top]; 0",
    );
    desk.edit(ARTICLE, "Nokia and Xiaomi have signed a multi-year", "Nokia and Xiaomi have now signed a multi-year");
    desk.edit(ARTICLE, "title: Nokia and Xiaomi cross-license patents", "title: 小米 and Nokia cross-license patents");
    tab.wait("the edit", "text('.prose').includes('have now signed') && text('h1').startsWith('小米')");
    tab.must("the title follows", "document.title.startsWith('小米')");
    let as_left = "same && document.querySelector('#more').open && document.querySelector('#box').checked &&
        document.querySelector('#typed').value === 'half a sentence' && document.activeElement.id === 'typed' &&
        document.querySelector('#long').value === 'long text'";
    tab.must("what was typed, ticked and opened is as it was", as_left);
    let in_place = "kept.isConnected && Math.abs(kept.getBoundingClientRect().top - stood[1]) < 3";
    tab.must("the paragraph that was read is where it was", in_place);

    // Another one above it, many lines long: the browser holds on to what is read.
    desk.edit(ARTICLE, "\nXiaomi takes a licence", "\nAn inserted paragraph.\n\nXiaomi takes a licence");
    tab.wait("a paragraph more", "text('.prose').includes('An inserted paragraph.')");
    tab.must("all is as it was", &format!("{as_left} && {in_place}"));

    // After some edits the page is what a fresh load of it is.
    let whole = "document.querySelector('main').innerHTML.replace(' open=\"\"', '')";
    let morphed = tab.ask(whole);
    tab.reload().is(whole, morphed);
    tab.is_quiet();
}

#[test]
fn an_edit_elsewhere_leaves_a_tab_alone() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let (tab, other) = (chrome.tab("the reader of another article"), chrome.tab("the reader of the article"));
    let elsewhere = "/2017/06/nokia-withings/";
    tab.open(&preview.url(elsewhere));
    other.open(&preview.url(PLACE));
    let watch = "window.changes = 0; new MutationObserver((m) => { changes += m.length; })
        .observe(document, { subtree: true, childList: true, attributes: true, characterData: true,
            attributeFilter: ['class', 'href', 'src', 'open'] }); window.was = document.body.outerHTML; 0";
    tab.wait("the first check to be over", "!inBar('.findings').textContent.includes('hecking')");
    tab.ask(watch);
    tab.requests();
    desk.edit(ARTICLE, "welcomed Xiaomi as a licensee", "greeted Xiaomi as a licensee");
    other.wait("the edit", "text('.prose').includes('greeted Xiaomi')");
    sleep(Duration::from_millis(500));
    assert_eq!(tab.requests(), [], "a tab whose page is the same asks for nothing");
    tab.is("changes", 0).must("the body is the same", "was === document.body.outerHTML");

    // A new article is on the front page, and only there.
    let home = chrome.tab("the reader of the front page");
    home.open(&preview.url("/")).ask("window.same = true");
    desk.article("lithium", "");
    home.wait("the new article", "same && document.body.textContent.includes('About lithium')");
    sleep(Duration::from_millis(300));
    assert_eq!(tab.requests(), [], "a tab whose page is the same asks for nothing");
    for tab in [tab, other, home] {
        tab.is_quiet();
    }
}

#[test]
fn a_sheet_is_swapped_without_a_reload() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("the designer");
    tab.open(&preview.url(PLACE));
    tab.ask(
        "window.same = true; window.changes = 0; window.bare = 0;
         new MutationObserver((m) => { changes += m.length; })
            .observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
         const plain = getComputedStyle(document.querySelector('.masthead .nav ul')).listStyleType;
         (function look() {
            if (getComputedStyle(document.querySelector('.masthead .nav ul')).listStyleType !== plain) window.bare++;
            requestAnimationFrame(look);
         })(); scrollTo(0, 500)",
    );
    tab.requests();
    let sheet = desk.read("static/style.css");
    for colour in ["rgb(1, 2, 3)", "rgb(4, 5, 6)"] {
        desk.write("static/style.css", &format!("{sheet}\nh1 {{ color: {colour} !important; }}\n"));
        let is_painted = format!("getComputedStyle(document.querySelector('h1')).color === '{colour}'");
        tab.wait("the new colour", &is_painted);
    }
    tab.wait("the old sheet to go", "document.querySelectorAll('link[rel=stylesheet]').length === 2");
    tab.must("it is the same page, where it was", "same && scrollY === 500");
    tab.is("changes", 0).is("bare", 0);
    let documents = tab.requests().into_iter().filter(|r| r.0 == "Document").count();
    assert_eq!(documents, 0, "no reload");
    tab.is_quiet();
}

#[test]
fn a_template_reloads_alone() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let (article, about) = (chrome.tab("the article"), chrome.tab("another page"));
    article.open(&preview.url(PLACE)).ask("window.same = true");
    about.open(&preview.url("/about/")).ask("window.same = true");
    about.requests();
    desk.edit(
        "templates/article.html",
        "<p class=\"meta\">{{ \"published\"",
        "<p class=\"meta\">Printed {{ \"published\"",
    );
    article.wait("the new template", "same && text('.meta').startsWith('Printed')");
    sleep(Duration::from_millis(300));
    assert_eq!(about.requests(), [], "the template is not this page's");

    // One that all pages share, with a script of the site's own: a page that runs another script starts anew.
    desk.write("static/site.js", "document.documentElement.dataset.ran = 'yes';\n");
    desk.edit("templates/base.html", "</body>", "<script src=\"{{ assets[\"site.js\"] }}\"></script>\n</body>");
    for tab in [&article, &about] {
        tab.wait(
            "the script to run",
            "!window.same && document.documentElement.dataset.ran === 'yes' && version() > 0",
        );
        tab.requests();
    }
    sleep(Duration::from_millis(500));
    for tab in [&article, &about] {
        assert_eq!(tab.requests(), [], "one reload, not one after the other");
        tab.is_quiet();
    }
}

#[test]
fn two_browsers_show_the_last_of_many_edits() {
    let (desk, first, second) = (Desk::sample(), Chrome::start(), Chrome::start());
    let preview = desk.serve(&[]);
    let tabs = [first.tab("the first browser"), second.tab("the second browser")];
    for tab in &tabs {
        tab.open(&preview.url(PLACE)).ask("window.same = true");
    }
    let text = desk.read(ARTICLE);
    for n in 1..=12 {
        desk.write(ARTICLE, &text.replace("title: Nokia and Xiaomi", &format!("title: Edit {n} of Nokia and Xiaomi")));
        sleep(Duration::from_millis(25));
    }
    for tab in &tabs {
        tab.wait("the last edit", "text('h1').startsWith('Edit 12 of') && same");
    }
    sleep(Duration::from_millis(300));
    for tab in &tabs {
        tab.must("it stays", "text('h1').startsWith('Edit 12 of') && same").is_quiet();
    }
    // The article goes, and comes back.
    desk.remove(ARTICLE);
    for tab in &tabs {
        tab.wait("the page that says that there is none", "text('h1') && !text('h1').startsWith('Edit') && same");
    }
    desk.write(ARTICLE, &text);
    for tab in &tabs {
        tab.wait("the article", "text('h1').startsWith('Nokia and Xiaomi') && same");
    }
}

#[test]
fn a_tab_says_that_the_server_is_gone_and_finds_it_again() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("the reader");
    tab.open(&preview.url(PLACE)).ask("window.same = true");
    let port = preview.kill();
    tab.wait("the word that it is gone", "!inBar('.lost').hidden && inBar('.lost').offsetHeight > 0");
    desk.edit(ARTICLE, "title: Nokia and Xiaomi", "title: While it was away, Nokia and Xiaomi");
    let _preview = desk.serve_at(port, &[]);
    tab.wait("the edit made meanwhile", "text('h1').startsWith('While it was away') && inBar('.lost').hidden");
    desk.edit(ARTICLE, "title: While it was away, Nokia", "title: Back again, Nokia");
    tab.wait("an edit after it", "text('h1').startsWith('Back again')");
    tab.must("it is the same page", "same");
}
