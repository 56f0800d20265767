//! The pages for everyone: colours that a reader has chosen, no motion, wider text, larger text, paper, and scripts that
//! run from the right.

use crate::ahead::Host;
use crate::chrome::Chrome;
use crate::desk::{Desk, PLACE};
use crate::tab::Tab;
use std::fs;
use std::path::Path;

/// One page of every sort that has parts of its own.
const PAGES: [&str; 10] = [
    "/",
    PLACE,
    "/deals/",
    "/deals/nokia-withings/",
    "/companies/nokia/",
    "/people/rajeev-suri/",
    "/tags/china/",
    "/threads/nokia-in-china/",
    "/corrections/",
    "/search/",
];

/// The colour that an expression of CSS is, in words that compare.
fn colour(tab: &Tab<'_>, css: &str) -> serde_json::Value {
    tab.ask(&format!(
        "(() => {{ const probe = document.body.appendChild(document.createElement('i'));
            probe.style.cssText = 'forced-color-adjust: none; color: {css}';
            const found = getComputedStyle(probe).color; probe.remove(); return found; }})()"
    ))
}

#[test]
fn colours_that_a_reader_has_chosen_leave_every_sign() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("a reader with colours of their own");
    for page in PAGES.iter().chain(&["/style/"]) {
        tab.open(&preview.url(page)).prefers(&[("forced-colors", "active"), ("prefers-reduced-motion", "reduce")]);
        tab.must("they are forced", "matchMedia('(forced-colors: active)').matches");
        let (text, ground, chosen) = (colour(&tab, "CanvasText"), colour(&tab, "Canvas"), colour(&tab, "Highlight"));
        assert_ne!(text, ground);
        // How far a deal has come: a mark in the colour of text, filled as far.
        let wrong = format!(
            "[...document.querySelectorAll('.state')].filter((n) => {{
                const mark = getComputedStyle(n, '::before');
                return mark.borderTopColor !== {text} || mark.forcedColorAdjust !== 'none' || mark.backgroundImage === 'none';
            }}).length"
        );
        tab.is(&wrong, 0);
        // Pictures: words, lines and bars in the colour of text.
        let wrong = format!(
            "[...document.querySelectorAll('.pic text.pic-ink, .pic .pic-dot')].filter((n) => !n.closest('a') &&
                getComputedStyle(n).fill !== {text}).length"
        );
        tab.is(&wrong, 0);
        // What a tint set apart, a line sets apart.
        let wrong = "[...document.querySelectorAll('.key-facts, .correction, .threads, .alert')].filter((n) =>
            parseFloat(getComputedStyle(n).borderBottomWidth) < 1).length";
        tab.is(wrong, 0);
        // Where one is, and where the keyboard is.
        tab.is(
            &format!("[...document.querySelectorAll('.nav a:not([aria-current])')].filter((a) => getComputedStyle(a).borderBottomColor !== {ground}).length"),
            0,
        );
        tab.ask(
            "document.querySelector('.nameplate')?.setAttribute('tabindex', '-1'); document.activeElement.blur(); 0",
        );
        tab.press("Tab");
        tab.is("getComputedStyle(document.activeElement).outlineColor", chosen);
        tab.must("the focus is wide", "parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 3");
    }
    tab.open(&preview.url("/")).prefers(&[("forced-colors", "active"), ("prefers-reduced-motion", "reduce")]);
    let chosen = colour(&tab, "Highlight");
    tab.is("getComputedStyle(document.querySelector('.nav [aria-current]')).borderBottomColor", chosen);
    tab.is_quiet();
}

#[test]
fn who_wants_no_motion_gets_none() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("a reader");
    let moving = "[...document.querySelectorAll('*')].filter((n) => {
        const style = getComputedStyle(n);
        return style.transitionDuration.split(',').some((t) => parseFloat(t) > 0) || style.animationName !== 'none' ||
            style.scrollBehavior === 'smooth';
    }).filter((n) => !n.localName.startsWith('dealwire-')).length";
    for page in PAGES {
        tab.open(&preview.url(page)).prefers(&[("prefers-reduced-motion", "no-preference")]);
        tab.must("else colours fade", &format!("{moving} > 0"));
        tab.prefers(&[("prefers-reduced-motion", "reduce")]).is(moving, 0);
    }
}

#[test]
fn wider_and_larger_text_loses_nothing() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&["--as-public"]);
    let tab = chrome.tab("a reader");
    // WCAG 2.2, 1.4.12. A sheet that is constructed is none that a policy keeps out.
    let spacing = "const sheet = new CSSStyleSheet();
        sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }' +
            'p { margin-block-end: 2em !important }');
        document.adoptedStyleSheets = [sheet];
        Boolean(document.adoptedStyleSheets.length)";
    // What is cut off: text in a box that hides what does not fit, but for what is said to be cut.
    let cut = "[...document.querySelectorAll('body *')].filter((n) => {
        const style = getComputedStyle(n);
        const hides = ['hidden', 'clip'].includes(style.overflowY) || ['hidden', 'clip'].includes(style.overflowX);
        return hides && !n.closest('.hidden, .skip, svg, dealwire-preview') && style.clipPath === 'none' &&
            style.textOverflow !== 'ellipsis' && (n.scrollHeight > n.clientHeight + 1 || n.scrollWidth > n.clientWidth + 1);
    }).map((n) => n.className).join()";
    for page in PAGES.iter().chain(&["/style/", "/style/site/2026/06/everything/"]) {
        tab.view(320, 800, "light").open(&preview.url(page)).ask(spacing);
        // 640 is 1280 at 200 %, 320 the same at 400 %.
        for width in [320, 640, 1280] {
            tab.view(width, 800, "light");
            tab.is("document.documentElement.scrollWidth - innerWidth", 0).is(cut, "");
        }
        tab.must("it is put on", "getComputedStyle(document.querySelector('main')).letterSpacing !== 'normal'");
    }
}

#[test]
fn on_paper_there_is_what_paper_can_use() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("a printer");
    for page in PAGES.iter().chain(&["/style/site/2026/06/everything/"]) {
        // A4 less its margins.
        tab.view(672, 1000, "dark").open(&preview.url(page)).printed();
        tab.is("getComputedStyle(document.body).color", "rgb(0, 0, 0)");
        tab.is("getComputedStyle(document.body).backgroundColor", "rgb(255, 255, 255)");
        tab.is(
            "[...document.querySelectorAll('nav:not(.trail nav), .skip, .filter-box, .pager')].filter((n) => n.offsetHeight).length",
            0,
        );
        tab.is("[...document.querySelectorAll('thead')].filter((n) => getComputedStyle(n).display !== 'table-header-group').length", 0);
        tab.is("document.documentElement.scrollWidth - innerWidth", 0);
        tab.is("[...document.querySelectorAll('.scroll')].filter((n) => n.scrollWidth > n.clientWidth + 1).length", 0);
    }
    tab.open(&preview.url("/style/site/2026/06/everything/")).printed();
    let printed =
        "[...document.querySelectorAll('.sources a:not(.bare)')].map((a) => getComputedStyle(a, '::after').content)";
    tab.must(
        "addresses of sources are printed",
        &format!("{printed}.length && {printed}.every((c) => c.includes('https://'))"),
    );
}

/// Articles with and without pictures, in both languages.
const ARTICLES: [&str; 4] =
    [PLACE, "/2017/07/nokia-china-push/", "/2017/07/nokia-patent-business/", "/2017/07/nokia-shanghai-bell-signing/"];

#[test]
fn an_article_is_light_and_stands_still() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&["--as-public"]);
    let tab = chrome.tab("a reader on a train");
    for page in ARTICLES {
        tab.open(&preview.url(page)).wait("the faces", "document.fonts.status === 'loaded'");
        // What comes over the wire, without images and without what the preview adds.
        let bytes = tab.ask(
            "performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
                .filter((e) => !e.name.includes('/-dealwire/') && !/\\.(webp|png|svg|ico)$/.test(e.name))
                .reduce((sum, e) => sum + e.encodedBodySize, 0)",
        );
        let bytes = bytes.as_u64().expect("a sum");
        assert!((20_000..80_000).contains(&bytes), "{page} is {bytes} bytes");
    }
    let host = Host::of(desk.build());
    let tab = chrome.tab("another one");
    tab.before(
        "window.moved = []; new PerformanceObserver((list) => { for (const e of list.getEntries()) moved.push(e.value); })
            .observe({ type: 'layout-shift', buffered: true });",
    );
    for page in ARTICLES {
        for width in [1280, 320] {
            tab.view(width, 800, "light").go(&format!("{}{page}", host.address));
            tab.ask("document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 300)))");
            tab.is("moved.reduce((sum, shift) => sum + shift, 0)", 0);
        }
    }
}

#[test]
fn a_script_that_runs_from_the_right_turns_the_page_round() {
    let sheet = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("static/style.css")).expect("the sheet");
    for physical in
        ["-left:", "-right:", " left:", " right:", "align: left", "align: right", "float: left", "float: right"]
    {
        assert!(
            !sheet.contains(physical),
            "style.css says `{physical}`: there are words for it that turn with the script"
        );
    }
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    desk.edit("site.toml", "language = \"en-GB\"", "language = \"ar\"");
    let preview = desk.serve(&["--as-public"]);
    let tab = chrome.tab("a reader from the right");
    for page in PAGES.iter().chain(&["/style/"]) {
        tab.view(1280, 800, "light").open(&preview.url(page));
        tab.is("document.documentElement.dir", "rtl");
        for width in [1280, 768, 320] {
            tab.view(width, 800, "light").is("document.documentElement.scrollWidth - innerWidth", 0);
        }
    }
    tab.view(1280, 800, "light").open(&preview.url(PLACE));
    let of = |what: &str| format!("document.querySelector('{what}').getBoundingClientRect()");
    tab.must("the key facts are on the left", &format!("{}.right < {}.left", of(".story-side"), of(".story-body")));
    tab.must("the name is on the right", &format!("{}.left > {}.right", of(".nameplate"), of(".nav")));
    tab.open(&preview.url("/deals/"));
    tab.must("sums are on the left", &format!("{}.left < {}.left", of("td.num"), of("td.when")));
    tab.is("getComputedStyle(document.querySelector('.pic')).direction", "ltr");
}

#[test]
fn names_in_another_script_say_their_language() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&["--as-public"]);
    let tab = chrome.tab("a reader who listens");
    let foreign = "(() => {
        const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT), found = [];
        while (texts.nextNode()) if (/\\p{Script=Han}/u.test(texts.currentNode.data)) found.push(texts.currentNode);
        return found;
    })()";
    let mut seen = 0;
    for page in PAGES.iter().chain(&["/companies/", "/companies/xiaomi/"]) {
        tab.open(&preview.url(page));
        tab.is(
            &format!("{foreign}.filter((t) => !t.parentElement.closest('[lang]').lang.startsWith('zh')).map((t) => t.data).join()"),
            "",
        );
        seen += tab.ask(&format!("{foreign}.length")).as_u64().expect("a count");
    }
    assert!(seen > 0, "no page has such a name");
}
