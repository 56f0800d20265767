//! A site in two languages, built by the real program: what names what as its translation, and what does not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const SITE: &str = r#"
title = "The Desk"
description = "Deals of two companies."
base_url = "https://desk.example.com/news"
timezone = "Europe/Helsinki"
language = "en-GB"
navigation_tags = ["patents"]

[languages.zh-Hans]
title = "交易台"
description = "两家公司的交易。"
path = "zh"
nav = [{ title = "交易", url = "/deals/" }]
"#;

const ORDER: &str = "---\ntitle: Xiaomi orders equipment\ndescription: Xiaomi buys equipment from Nokia for USD 1.7bn.\n\
    date: 2017-07-10\ntags: [patents, china]\nauthors: [desk]\nsources:\n  - {id: release, kind: press_release, publisher: Nokia, date: 2017-07-10}\n\
    deal:\n  kind: supply\n  parties:\n    - {company: nokia, roles: [supplier]}\n    - {company: xiaomi, roles: [customer]}\n\
    \u{20}\u{20}status:\n    - {state: announced, date: 2017-07-10, source: release}\n  value: USD 1.7bn\n  licence: {term: three years}\n---\n\n\
    Xiaomi buys equipment, see [the licence](licence.md).\n";

const LICENCE: &str = "---\ntitle: Nokia licenses a patent to Xiaomi\ndescription: The sum is undisclosed.\ndate: 2017-07-05\n\
    tags: [patents]\nsources:\n  - {id: release, kind: press_release, publisher: Nokia, date: 2017-07}\n\
    deal:\n  kind: patent_licence\n  parties:\n    - {company: nokia, roles: [licensor]}\n    - {company: xiaomi, roles: [licensee]}\n\
    \u{20}\u{20}status:\n    - {state: announced, date: 2017-07, source: release}\n  value: undisclosed\n---\n\nThe sum is undisclosed.\n";

const ORDER_ZH: &str = "---\ntitle: 小米订购设备\ndescription: 小米以17亿美元向诺基亚采购设备。\nlanguage: zh-Hans\n\
    translation_of: order\nwording: {three years: 三年}\naliases: [/zh/old-order/]\n---\n\n小米采购设备，参见[许可](../licence.md)。\n";

/// A site of two companies, an order that is translated and a licence that is not.
fn site() -> TempDir {
    let dir = TempDir::new().expect("a folder");
    for (file, text) in [
        ("site.toml", SITE),
        ("content/articles/order.md", ORDER),
        ("content/articles/licence.md", LICENCE),
        ("content/articles/zh/order-zh.md", ORDER_ZH),
        ("content/companies/nokia.md", "---\nname: Nokia\naliases: [诺基亚]\ncountry: FI\n---\n"),
        ("content/companies/xiaomi.md", "---\nname: Xiaomi\naliases: [小米]\ncountry: CN\n---\n"),
        ("content/people/desk.md", "---\nname: The desk\n---\n"),
        ("content/tags/patents.md", "---\ntitle: Patents\n---\n"),
        ("content/tags/china.md", "---\ntitle: China\n---\n"),
        ("content/tags/zh/china-zh.md", "---\ntitle: 中国\nlanguage: zh-Hans\ntranslation_of: china\n---\n"),
    ] {
        write(dir.path(), file, text);
    }
    dir
}

fn write(root: &Path, file: &str, text: &str) {
    let path = root.join(file);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, text).expect("written");
}

fn run(root: &Path, args: &[&str]) -> (String, bool) {
    let out = Command::new(env!("CARGO_BIN_EXE_dealwire"))
        .current_dir(root)
        .args(args)
        .args(["--as-of", "2017-08-01"])
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    (said, out.status.success())
}

/// Builds the site; returns every file by its path.
fn built(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let (said, done) = run(root, &["build", "--strict"]);
    assert!(done, "{said}");
    files(root)
}

fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let out = root.join("public");
    let files =
        walkdir::WalkDir::new(&out).into_iter().map(|e| e.expect("an entry")).filter(|e| e.file_type().is_file());
    files
        .map(|e| {
            let path = e.path().strip_prefix(&out).expect("below").to_string_lossy().into_owned();
            (path, fs::read(e.path()).expect("read"))
        })
        .filter(|(path, _)| !path.starts_with(".dealwire"))
        .collect()
}

fn text<'f>(files: &'f BTreeMap<String, Vec<u8>>, path: &str) -> &'f str {
    let bytes = files.get(path).unwrap_or_else(|| panic!("no {path}: {:?}", files.keys()));
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// The values of an attribute of the tags that begin so.
fn attribute<'t>(text: &'t str, tag: &str, name: &str) -> Vec<&'t str> {
    let of = |t: &'t str| t.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split_once('"')).map(|v| v.0);
    text.split(tag).skip(1).filter_map(|t| of(t.split_once('>').map_or(t, |p| p.0))).collect()
}

type Sets = BTreeMap<String, BTreeSet<(String, String)>>;

/// What each page says in its head: its own address, and the addresses by language.
fn heads(files: &BTreeMap<String, Vec<u8>>) -> Sets {
    let pages = files.iter().filter(|(path, _)| path.ends_with(".html"));
    pages
        .filter_map(|(path, _)| {
            let page = text(files, path);
            let own = attribute(page, "<link rel=\"canonical\"", "href").first()?.to_string();
            let tags: Vec<&str> = page.split("<link rel=\"alternate\" hreflang").skip(1).collect();
            let set = tags.iter().filter_map(|t| {
                let language = t.strip_prefix("=\"")?.split_once('"')?.0;
                let address = t.split_once(" href=\"")?.1.split_once('"')?.0;
                Some((language.to_owned(), address.to_owned()))
            });
            let set: BTreeSet<_> = set.collect();
            (!page.contains("http-equiv=\"refresh\"")).then_some((own, set))
        })
        .collect()
}

/// The same as the sitemap says it.
fn sitemap(files: &BTreeMap<String, Vec<u8>>) -> Sets {
    let entry = |t: &str| {
        let own = t.split_once("<loc>").expect("an address").1.split_once("</loc>").expect("its end").0.to_owned();
        let tags: Vec<(&str, &str)> =
            attribute(t, "<xhtml:link", "hreflang").into_iter().zip(attribute(t, "<xhtml:link", "href")).collect();
        (own, tags.into_iter().map(|(l, a)| (l.to_owned(), a.to_owned())).collect())
    };
    text(files, "sitemap.xml").split("<url>").skip(1).map(entry).collect()
}

#[test]
fn translations_name_each_other_in_pages_and_in_the_sitemap() {
    let dir = site();
    let files = built(dir.path());
    let (heads, map) = (heads(&files), sitemap(&files));
    assert_eq!(heads, map, "pages and sitemap say the same");
    let base = "https://desk.example.com/news";
    let mut pairs = 0;
    for (own, set) in heads.iter().filter(|(_, set)| !set.is_empty()) {
        pairs += 1;
        let by: BTreeMap<&str, &str> = set.iter().map(|(l, a)| (l.as_str(), a.as_str())).collect();
        assert_eq!(by.keys().copied().collect::<Vec<_>>(), ["en-GB", "x-default", "zh-Hans"], "{own}");
        assert_eq!(by["x-default"], by["en-GB"], "{own}");
        assert!(set.iter().any(|(_, a)| a == own), "{own} names itself");
        for (_, other) in set {
            assert_eq!(heads.get(other), Some(set), "{other} answers {own}");
        }
    }
    assert!(pairs > 20, "{pairs} of {}", heads.len());
    let of = |path: &str| &heads[&format!("{base}{path}")];
    assert!(of("/2017/07/licence/").is_empty(), "it has no translation");
    assert!(of("/2017/07/order/").contains(&("zh-Hans".to_owned(), format!("{base}/zh/2017/07/order/"))));
    assert!(of("/zh/deals/licence/").contains(&("en-GB".to_owned(), format!("{base}/deals/licence/"))));
    assert!(
        !heads.contains_key(&format!("{base}/zh/2017/07/licence/"))
            && !heads.contains_key(&format!("{base}/zh/tags/patents/"))
    );
}

#[test]
fn a_page_in_chinese_says_everything_in_chinese() {
    let dir = site();
    let files = built(dir.path());
    let page = text(&files, "zh/2017/07/order/index.html");
    for said in [
        "<html lang=\"zh-Hans\">",
        "<a href=\"/news/2017/07/order/\" lang=\"en-GB\" hreflang=\"en-GB\" rel=\"alternate\">English</a>",
        "aria-current=\"true\">简体中文</a>",
        "17亿美元",
        "2017年7月10日",
        "<dt>期限</dt><dd>三年</dd>",
        "<a href=\"/news/zh/companies/nokia/\" lang=\"zh\">诺基亚</a>",
        "<meta property=\"og:locale:alternate\" content=\"en_GB\">",
        // What is not translated is linked to where it is.
        "<a href=\"/news/zh/deals/licence/\">许可</a>",
    ] {
        assert!(page.contains(said), "{said}\n{page}");
    }
    let deal = text(&files, "zh/deals/licence/index.html");
    assert!(deal.contains("诺基亚、小米：专利许可") && deal.contains("未披露") && deal.contains("2017年7月"), "{deal}");
    assert!(!deal.contains("Undisclosed") && !deal.contains("Nokia licenses"), "{deal}");
    // The switch of a page without a translation leads to the front page, and is none.
    let only = text(&files, "2017/07/licence/index.html");
    assert!(only.contains("<a href=\"/news/zh/\" lang=\"zh-Hans\" hreflang=\"zh-Hans\">简体中文</a>"), "{only}");
    let feed = text(&files, "zh/feed.xml");
    assert!(
        feed.contains("xml:lang=\"zh-Hans\"") && feed.contains("小米订购设备") && !feed.contains("Xiaomi orders"),
        "{feed}"
    );
    assert!(text(&files, "zh/old-order/index.html").contains("/news/zh/2017/07/order/"));
    // Hosts that read such a file send readers on by themselves, in every language.
    assert_eq!(text(&files, "_redirects"), "/news/zh/old-order/ /news/zh/2017/07/order/ 301\n");
    assert!(text(&files, "zh/2017/07/order/index.html").contains("\"name\":\"Nokia，新闻稿\""));
    let both = |path: &str| text(&files, path).contains("USD 1.7bn") || text(&files, path).contains("USD\u{a0}1.7bn");
    assert!(both("2017/07/order/index.html") && !both("zh/2017/07/order/index.html"));
    let words: String =
        files.keys().filter(|p| p.starts_with("zh/search/2017/records")).map(|p| text(&files, p)).collect();
    assert!(words.contains("小米订购设备") && !words.contains("Xiaomi orders"), "{words}");
    // Whatever a page refers to is there.
    for (path, _) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        for link in attribute(text(&files, path), "<a ", "href").iter().filter(|l| l.starts_with("/news/")) {
            let file = link.trim_start_matches("/news/").split('#').next().unwrap_or_default();
            let file =
                if file.is_empty() || file.ends_with('/') { format!("{file}index.html") } else { file.to_owned() };
            assert!(files.contains_key(&file), "{path} leads to {link}");
        }
    }
}

#[test]
fn a_hidden_translation_leaves_no_trace() {
    let dir = site();
    let whole = dir.path().join("content/articles/zh/order-zh.md");
    fs::remove_file(&whole).expect("removed");
    let without = built(dir.path());
    for hidden in ["draft: true", "embargo: 2030-01-01T09:00:00+02:00", "date: 2030-01-01", "expires: 2017-07-20"] {
        write(
            dir.path(),
            "content/articles/zh/order-zh.md",
            &ORDER_ZH.replacen("---\n", &format!("---\n{hidden}\n"), 1),
        );
        let with = built(dir.path());
        let differ: Vec<&String> =
            with.keys().chain(without.keys()).filter(|k| with.get(*k) != without.get(*k)).collect();
        assert!(differ.is_empty(), "{hidden}: {differ:?}");
    }
    // What is hidden with its original is hidden too, and said.
    write(dir.path(), "content/articles/zh/order-zh.md", ORDER_ZH);
    write(dir.path(), "content/articles/order.md", &ORDER.replacen("---\n", "---\ndraft: true\n", 1));
    let (said, done) = run(dir.path(), &["check"]);
    assert!(done && said.contains("W0212"), "{said}");
    assert!(run(dir.path(), &["build"]).1);
    let all = walkdir::WalkDir::new(dir.path().join("public")).into_iter().filter_map(Result::ok);
    let tells = |p: &Path| fs::read(p).is_ok_and(|b| String::from_utf8_lossy(&b).contains("小米订购设备"));
    let telling: Vec<_> = all.filter(|e| e.file_type().is_file() && tells(e.path())).collect();
    assert!(telling.is_empty(), "{telling:?}");
}

#[test]
fn a_site_without_further_languages_says_nothing_of_them() {
    let dir = site();
    let plain = SITE.split("[languages").next().expect("a part");
    write(dir.path(), "site.toml", plain);
    fs::remove_dir_all(dir.path().join("content/articles/zh")).expect("removed");
    fs::remove_dir_all(dir.path().join("content/tags/zh")).expect("removed");
    let files = built(dir.path());
    for (path, bytes) in files.iter().filter(|(p, _)| p.ends_with(".html") || p.ends_with(".xml")) {
        let page = String::from_utf8_lossy(bytes);
        assert!(
            !page.contains("hreflang") && !page.contains("xhtml") && !page.contains("class=\"languages\""),
            "{path}"
        );
    }
}

#[test]
fn strings_of_the_site_win_and_missing_ones_are_english() {
    let dir = site();
    write(dir.path(), "i18n/zh-Hans.ftl", "coverage = 全部报道\n");
    write(
        dir.path(),
        "i18n/en.ftl",
        "coverage = Everything about it\nunit-articles = { $n ->\n    [one] story\n   *[other] stories\n}\n",
    );
    let files = built(dir.path());
    assert!(text(&files, "companies/nokia/index.html").contains("Everything about it"));
    assert!(text(&files, "companies/nokia/index.html").contains("<dt>stories</dt><dd>2</dd>"));
    assert!(text(&files, "tags/china/index.html").contains("<dt>story</dt><dd>1</dd>"));
    assert!(text(&files, "zh/companies/nokia/index.html").contains("全部报道"));
    let german = SITE.replace("zh-Hans", "de").replace("path = \"zh\"", "path = \"de\"");
    write(dir.path(), "site.toml", &german);
    fs::remove_dir_all(dir.path().join("content/articles/zh")).expect("removed");
    fs::remove_dir_all(dir.path().join("content/tags/zh")).expect("removed");
    write(dir.path(), "i18n/de.ftl", "deals-by-role = Nach Rolle\n");
    let (said, done) = run(dir.path(), &["check"]);
    assert!(done && said.contains("warning[W1103]: not all strings are in `de`"), "{said}");
    let (said, done) = run(dir.path(), &["check", "--strict"]);
    assert!(!done, "{said}");
    run(dir.path(), &["build"]);
    let page = fs::read_to_string(dir.path().join("public/de/companies/nokia/index.html")).expect("a page");
    assert!(page.contains("Nach Rolle") && page.contains("Timeline"), "{page}");
}

#[test]
fn an_edit_in_one_language_is_seen_in_the_others() {
    // The same files by any way give the same bytes: built again after edits, and anew.
    let dir = site();
    let first = built(dir.path());
    write(dir.path(), "content/companies/xiaomi.md", "---\nname: Xiaomi\naliases: [小米科技]\ncountry: CN\n---\n");
    write(dir.path(), "content/articles/order.md", &ORDER.replace("USD 1.7bn", "USD 2bn"));
    write(dir.path(), "content/articles/zh/order-zh.md", &ORDER_ZH.replace("17亿", "20亿"));
    // That the value is another one now is said.
    assert!(run(dir.path(), &["build"]).1);
    let second = files(dir.path());
    assert_ne!(first, second);
    assert!(text(&second, "zh/deals/licence/index.html").contains("诺基亚、小米科技：专利许可"));
    assert!(text(&second, "zh/2017/07/order/index.html").contains("20亿美元"));
    fs::remove_dir_all(dir.path().join("public")).expect("removed");
    assert!(built(dir.path()) == second);
}

#[test]
fn an_image_of_a_translation_lies_beside_all_others_and_is_made_once() {
    let dir = site();
    let root = dir.path();
    let picture = image::RgbImage::from_fn(1300, 800, |x, y| image::Rgb([u8::from(x > y) * 200, 40, 90]));
    picture.save(root.join("content/articles/zh/plan.png")).expect("a picture");
    let front = "image: {src: plan.png, alt: 一张平面图, credit: 编辑部}\n---\n";
    write(root, "content/articles/zh/order-zh.md", &ORDER_ZH.replacen("---\n\n小米", &format!("{front}\n小米"), 1));
    let files = built(root);
    let page = text(&files, "zh/2017/07/order/index.html");
    let own = attribute(page, "<img", "src").into_iter().chain(attribute(page, "<source", "srcset"));
    let listed = own.flat_map(|v| v.split(", ")).map(|c| c.split(' ').next().expect("an address").to_owned());
    let shared = attribute(page, "<meta property=\"og:image\"", "content");
    let named: BTreeSet<String> =
        listed.chain(shared.iter().map(|u| u.replace("https://desk.example.com", ""))).collect();
    assert!(named.len() > 3, "{named:?}");
    for address in &named {
        let path = address.strip_prefix("/news/").expect("below the site");
        assert!(path.starts_with("assets/images/plan.") && files.contains_key(path), "{address}: {:?}", files.keys());
    }
    let (said, done) = run(root, &["build"]);
    assert!(done && !said.contains(" made"), "{said}");
}

#[test]
fn a_translation_that_moves_has_to_say_where_it_was() {
    let dir = site();
    let root = dir.path();
    built(root);
    let moved = ORDER_ZH.replacen("aliases:", "slug: equipment\naliases:", 1);
    write(root, "content/articles/zh/order-zh.md", &moved);
    let (said, done) = run(root, &["check"]);
    let is_told = said.contains("E0808") && said.contains("content/articles/zh/order-zh.md");
    assert!(!done && is_told && said.contains("/zh/2017/07/order/"), "{said}");
    let help = "add `aliases: [/zh/2017/07/order/]`";
    assert!(said.contains(help), "{said}");
    let mended = moved.replacen("/zh/old-order/", "/zh/old-order/, /zh/2017/07/order/", 1);
    write(root, "content/articles/zh/order-zh.md", &mended);
    let (said, done) = run(root, &["build", "--strict"]);
    assert!(done, "{said}");
}
