//! Whatever is edited, a page that was brought up to date is the page that a fresh load would show.

use crate::chrome::Chrome;
use crate::desk::{Desk, PLACE};

/// What is tested.
const MORPH: &str = include_str!("../../src/sink/preview/morph.js");

/// Random pages, each an edit of the one before.
const EDITS: &str = r##"(async () => {
    let seed = SEED;
    const below = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648, Math.floor(seed / 65536) % n);
    const pick = (list) => list[below(list.length)];
    let count = 0;
    const words = () => Array.from({ length: 1 + below(5) }, () => pick(['deal', 'signed', '小米', 'in', 'May', '&lt;'])).join(' ');
    const block = (depth) => [
        () => `<p>${words()} <em>${words()}</em>${words()}</p>`,
        () => `<p>${words()}</p>`,
        () => `<h2 id="h${count++}">${words()}</h2>`,
        () => `<!-- ${words()} -->`,
        () => `<template><p>${words()}</p></template>`,
        () => `<svg viewBox="0 0 1 1"><path d="M${below(9)} 0"/><a xlink:href="#h${below(9)}"/></svg>`,
        () => `<script type="application/ld+json">{"a": ${below(9)}}</script>`,
        () => `<form><input name="id" value="${below(5)}"><input type="checkbox"${pick(['', ' checked'])}></form>`,
        () => `<div class="c${below(3)}">\n${depth ? blocks(depth - 1).join('\n') : words()}\n</div>`,
        () => `<details${pick(['', ' open'])}><summary>${words()}</summary>${words()}</details>`,
        () => `<table><tr><td>${words()}</td><td>${words()}</td></tr></table>`,
        () => `<ul>${Array.from({ length: below(5) }, () => `<li>${words()}</li>`).join('')}</ul>`,
    ][below(12)]();
    const blocks = (depth) => Array.from({ length: below(7) }, () => block(depth));
    const edit = (list) => {
        const some = [...list], at = below(some.length + 1);
        [
            () => some.splice(at, 0, block(2)),
            () => some.splice(at, 1),
            () => some.splice(at, 1, block(2)),
            () => some.splice(below(some.length + 1), 0, ...some.splice(at, 1)),
            () => some.reverse(),
            () => some.push(...some.slice(at)),
            () => { if (some[at]) some[at] = some[at].replace(/deal|May/, 'order'); },
            () => { if (some[at]) some[at] = some[at].replace(/<p>/, '<p class="new" title="t">'); },
        ][below(8)]();
        return some;
    };
    const source = (html) => new DOMParser().parseFromString(`<main id="all">${html}</main>`, 'text/html').body.firstChild;
    const { note, morph } = window.dealwireMorph;
    for (let round = 0; round < ROUNDS; round++) {
        let list = blocks(2);
        const live = note(document.importNode(source(list.join('\n')), true), source(list.join('\n')));
        document.body.append(live);
        for (let n = 0; n < 6; n++) {
            list = edit(list);
            const wanted = source(list.join('\n')).outerHTML;
            morph(live, source(list.join('\n')));
            if (live.outerHTML !== wanted) return `round ${round}, edit ${n}:\n${live.outerHTML}\nis not\n${wanted}`;
        }
        live.remove();
    }
    return '';
})()"##;

#[test]
fn a_morphed_page_is_the_page() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("a page");
    tab.open(&preview.url(PLACE)).ask(MORPH);
    let variable = |name: &str, usual: &str| std::env::var(name).unwrap_or_else(|_| usual.to_owned());
    let (seed, rounds) = (variable("DEALWIRE_SEED", "7"), variable("DEALWIRE_RUNS", "250"));
    let edits = EDITS.replace("SEED", &seed).replace("ROUNDS", &rounds);
    tab.is(&edits, "");
    // The same by the way that long pages take.
    let usual = "MOST_COMPARISONS = 250000";
    assert!(MORPH.contains(usual));
    tab.ask(&MORPH.replace(usual, "MOST_COMPARISONS = 3"));
    tab.is(&edits, "");
    tab.is_quiet();
}

#[test]
fn what_scripts_did_stays() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("a page");
    tab.open(&preview.url(PLACE)).ask(MORPH);
    let js = "(() => {
        const source = (html) =>
            new DOMParser().parseFromString(`<main>${html}</main>`, 'text/html').body.firstChild;
        const { note, morph } = window.dealwireMorph;
        const first = '<h2>One</h2><p>a <time>5 July</time> b</p><p>second</p><audio></audio><ul><li>1</li></ul>';
        const live = note(document.importNode(source(first), true), source(first));
        document.body.append(live);
        const [h2, p, second, audio] = live.children;
        h2.className = 'js';
        h2.insertAdjacentHTML('beforeend', '<a>#</a>');
        p.querySelector('time').textContent = 'yesterday';
        second.textContent = 'translated';
        live.insertAdjacentHTML('beforeend', '<aside>added</aside>');
        window.parts = [h2, p, second, audio];
        morph(live, source('<p>new</p>' + first.replace('One', 'Two').replace('> b', '> c').replace('1', '2')));
        const now = live.innerHTML;
        morph(live, source(first.replace('second', 'edited')));
        const kept = parts.every((node) => node.isConnected);
        const end = live.innerHTML;
        live.remove();
        return [now, end, kept];
    })()";
    tab.is(
        js,
        serde_json::json!([
            "<p>new</p><h2 class=\"js\">Two<a>#</a></h2><p>a <time>yesterday</time> c</p><p>translated</p>\
             <audio></audio><ul><li>2</li></ul><aside>added</aside>",
            "<h2 class=\"js\">One<a>#</a></h2><p>a <time>yesterday</time> b</p><p>edited</p>\
             <audio></audio><ul><li>1</li></ul><aside>added</aside>",
            true
        ]),
    );
}

#[test]
fn long_pages_are_morphed_in_no_time() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&[]);
    let tab = chrome.tab("a page");
    tab.open(&preview.url(PLACE)).ask(MORPH);
    let js = "(() => {
        const source = (html) => new DOMParser().parseFromString(`<main>${html}</main>`, 'text/html').body.firstChild;
        const { note, morph } = window.dealwireMorph;
        const page = (word, from) =>
            Array.from({ length: 4000 }, (_, n) => `<p>Paragraph ${n + from}, ${word}, of a <em>long</em> report.</p>`);
        const shown = page('first', 0).join('\\n');
        const live = note(document.importNode(source(shown), true), source(shown));
        document.body.append(live);
        const kept = live.children[3000];
        const times = [['one', page('first', 0).with(7, '<p>New</p>')], ['shifted', page('first', 5)],
            ['all', page('second', 0)], ['turned', page('second', 0).reverse()]].map(([name, list]) => {
            const next = source(list.join('\\n')), wanted = next.outerHTML, start = performance.now();
            morph(live, next);
            const time = performance.now() - start;
            if (live.outerHTML !== wanted) return `${name} is wrong`;
            return time < 8000 ? '' : `${name} took ${time} ms`;
        });
        const isKept = kept.isConnected;
        live.remove();
        return times.join('') + (isKept ? '' : 'a paragraph that only moved is gone');
    })()";
    tab.is(js, "");
}
