//! Files for programs: feeds in both forms, OPML, news sitemap, robots.txt, llms.txt, twins, security.txt, host files.

use crate::desk::{DONE, Desk, FINDINGS};
use crate::{build, python, sample};

const XIAOMI: &str = "content/articles/2017/nokia-xiaomi-patents.md";

/// The sample with what machines may be told, and a correction.
fn talkative() -> Desk {
    let desk = sample().with("SOURCE_DATE_EPOCH", "1500638400"); // 21 July 2017, 12:00 UTC
    let more = "\n[crawlers]\ndeny = [\"GPTBot\", \"CCBot\"]\ndisallow = [\"/x/\"]\n";
    desk.write("site.toml", desk.read("site.toml") + more);
    desk.edit(XIAOMI, "\n---\n\n", "\ncorrections:\n  - {date: 2017-07-06, kind: correction, text: The day was wrong & is <right>.}\n  - {date: 2017-07-07, kind: clarification, text: 这里说得更清楚。}\n  - {date: 2017-07-08, kind: update, text: Not a correction.}\n---\n\n<!-- a note\n\nto the editor,\nin lines -->\n\n<div>Words of\na box.</div>\n\n");
    desk
}

#[test]
fn feeds_say_the_same_in_both_forms() {
    let desk = talkative();
    build(&desk);
    let checked = python(
        &desk,
        r#"
import json, pathlib, re, xml.etree.ElementTree as E
A = "{http://www.w3.org/2005/Atom}"
root, n = pathlib.Path("public"), 0
for atom in root.glob("**/feed.xml"):
    feed, tree = json.loads(atom.with_suffix(".json").read_text()), E.parse(atom).getroot()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"].endswith("/" + str(atom.with_suffix(".json").relative_to(root))), feed["feed_url"]
    assert feed["title"] == tree.find(A + "title").text
    alternate = [l.get("href") for l in tree.findall(A + "link") if l.get("rel") == "alternate"]
    assert [feed["home_page_url"]] == alternate
    entries = tree.findall(A + "entry")
    assert [e.find(A + "id").text for e in entries] == [i["id"] for i in feed["items"]], atom
    for entry, item in zip(entries, feed["items"]):
        assert entry.find(A + "title").text == item["title"]
        assert entry.find(A + "content").text == item["content_html"]
        assert entry.find(A + "updated").text == item.get("date_modified", item["date_published"])
        assert not re.search(r'(?:href|src)="(?!https?:|mailto:|#)', item.get("content_html", "")), item["id"]
        n += 1
opml = E.parse(root / "feeds.opml").getroot()
named = {o.get("xmlUrl") for o in opml.iter("outline") if o.get("xmlUrl")}
there = {"https://china-desk.example.com/" + str(f.relative_to(root)) for f in root.glob("**/feed.xml") if f.relative_to(root).parts[0] != "zh"}
assert named == there, named ^ there
corrected = json.loads((root / "corrections/feed.json").read_text())["items"]
assert [i["content_html"] for i in corrected][1:] == ["<p>这里说得更清楚。</p>", "<p>The day was wrong &amp; is &lt;right&gt;.</p>"], corrected
assert corrected[2]["id"].endswith("article/nokia-xiaomi-patents/correction-2017-07-06-1"), corrected
print(n)
"#,
    );
    assert!(checked.parse::<usize>().expect("a number") > 40, "{checked} entries");
    let page = desk.read("public/corrections/index.html");
    assert!(
        page.contains("The day was wrong &amp; is &lt;right&gt;.") && !page.contains("Not a correction."),
        "{page}"
    );
    assert!(page.find("这里").expect("there") < page.find("The day was").expect("there"), "newest first");
    assert!(page.contains("type=\"application/feed+json\" href=\"/corrections/feed.json\""));
}

#[test]
fn news_is_news_for_two_days_and_the_build_knows_when_it_ends() {
    let desk = talkative();
    // The day of the sample's last newsletter lies between.
    std::fs::remove_file(desk.at("newsletters.toml")).expect("removed");
    let at = |instant: &str| desk.run(["build", "--as-of", instant]).has(DONE);
    at("2017-07-20T11:00:00+03:00").says("next change: 2017-07-22T10:00:00+03:00");
    let news = desk.read("public/news-sitemap.xml");
    assert_eq!(news.matches("<news:title>").count(), 1, "{news}");
    assert!(news.contains("<news:language>en</news:language>"), "{news}");
    assert!(desk.read("public/robots.txt").contains("\nSitemap: https://china-desk.example.com/news-sitemap.xml\n"));
    at("2017-07-22T10:00:00+03:00");
    assert!(!desk.at("public/news-sitemap.xml").exists(), "there is no empty one");
    assert!(!desk.read("public/robots.txt").contains("news-sitemap"));
    desk.edit(
        "content/articles/2017/nokia-china-push.md",
        "\n---\n\n",
        "\nsponsor: {name: Somebody, label: Paid for}\n---\n\n",
    );
    at("2017-07-20T11:00:00+03:00");
    assert!(!desk.at("public/news-sitemap.xml").exists(), "what somebody paid for is no news");
}

#[test]
fn crawlers_and_whoever_found_a_hole_are_told() {
    let desk = talkative();
    build(&desk);
    assert_eq!(
        desk.read("public/robots.txt"),
        "User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n\nUser-agent: *\nDisallow: /x/\nAllow: /\n\n\
         Sitemap: https://china-desk.example.com/sitemap.xml\nSitemap: https://china-desk.example.com/news-sitemap.xml\n"
    );
    assert_eq!(
        desk.read("public/.well-known/security.txt"),
        "Contact: mailto:corrections@example.com\nExpires: 2018-07-01T00:00:00Z\nPreferred-Languages: en-GB\n\
         Canonical: https://china-desk.example.com/.well-known/security.txt\n"
    );
    assert_eq!(desk.read("public/_redirects"), "/nokia-china/ /2017/07/nokia-china-push/ 301\n");
    assert!(
        desk.read("public/_headers").contains("\n/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n")
    );
    // The rules for what is fetched ahead: where the header says, of the type that browsers ask for.
    let headers = desk.read("public/_headers");
    let rules = headers.split("  Speculation-Rules: \"").nth(1).and_then(|r| r.split('"').next()).expect("a header");
    assert!(headers.contains(&format!("\n{rules}\n  Content-Type: application/speculationrules+json\n")), "{headers}");
    let rules: serde_json::Value = serde_json::from_str(&desk.read(&format!("public{rules}"))).expect("JSON");
    assert_eq!(rules["prefetch"][0]["eagerness"], "moderate");
    let manifest: serde_json::Value = serde_json::from_str(&desk.read("public/manifest.webmanifest")).expect("JSON");
    let icons = manifest["icons"].as_array().expect("icons");
    assert_eq!(icons.len(), 3);
    for icon in icons {
        assert!(desk.at(&format!("public{}", icon["src"].as_str().expect("a path"))).is_file(), "{icon}");
    }
    for (from, to) in [
        ("mailto:corrections@example.com", "corrections@example.com"),
        ("GPTBot", "GPT Bot"),
        ("\"/x/\"", "\"x\""),
        ("[security]", "min_shared = 0\n[security]"),
    ] {
        let whole = desk.read("site.toml");
        desk.write(
            "site.toml",
            if from == "[security]" { format!("min_shared = 0\n{whole}") } else { whole.replacen(from, to, 1) },
        );
        desk.type_in("check").has(FINDINGS).says("E1002");
        desk.write("site.toml", whole);
    }
}

#[test]
fn twins_are_markdown_without_what_readers_do_not_see() {
    let desk = talkative();
    build(&desk);
    let twin = desk.read("public/2017/07/nokia-xiaomi-patents/index.md");
    for there in [
        "# Nokia and Xiaomi cross-license patents and agree on network equipment\n",
        "- Page: <https://china-desk.example.com/2017/07/nokia-xiaomi-patents/>\n",
        "- Value: Undisclosed\n",
        "\n> correction, 6 July 2017: The day was wrong & is \\<right\\>.\n",
        "\n## What a cross-licence is\n",
        "](https://china-desk.example.com/2017/06/nokia-unit-chinese-internet/)",
        "\n1. Licences both ways, over several years.\n2. Network",
        "\n## Sources\n",
    ] {
        assert!(twin.contains(there), "no {there:?} in\n{twin}");
    }
    assert!(
        twin.contains("\nWords of a box.\n")
            && !twin.contains("to the editor")
            && !twin.contains("in lines")
            && !twin.contains("<!--"),
        "{twin}"
    );
    let page = desk.read("public/2017/07/nokia-xiaomi-patents/index.html");
    assert!(page.contains("type=\"text/markdown\" href=\"/2017/07/nokia-xiaomi-patents/index.md\""));
    let deal = desk.read("public/deals/nokia-xiaomi-patents/index.md");
    assert!(
        deal.starts_with("# Nokia–Xiaomi patent cross-licence\n")
            && deal.contains("- Status: Announced, 5 July 2017\n"),
        "{deal}"
    );
    let llms = desk.read("public/llms.txt");
    assert!(llms.contains("](<https://china-desk.example.com/deals/nokia-xiaomi-patents/index.md>)"), "{llms}");
}

#[test]
fn two_topics_have_a_page_from_three_articles_on() {
    let desk = talkative();
    build(&desk);
    let china = desk.read("public/tags/china/index.html");
    assert!(china.contains("href=\"/tags/china/patents/\""), "{china}");
    let pair = desk.read("public/tags/china/patents/index.html");
    assert!(pair.contains("Nokia and Xiaomi cross-license") && pair.contains("China</a> and <a"), "{pair}");
    assert!(desk.read("public/sitemap.xml").contains("<loc>https://china-desk.example.com/tags/china/patents/</loc>"));
    let count = |desk: &Desk| {
        desk.tree("public")
            .keys()
            .filter(|f| f.starts_with("tags/") && f.matches('/').count() == 3 && f.ends_with(".html"))
            .count()
    };
    let usual = count(&desk);
    desk.write("site.toml", format!("min_shared = 2\n{}", desk.read("site.toml")));
    build(&desk);
    assert!(count(&desk) > usual && usual > 0, "{usual}");
    desk.write(
        "site.toml",
        format!("min_shared = 200\n{}", desk.read("site.toml").replacen("min_shared = 2\n", "", 1)),
    );
    build(&desk);
    assert_eq!(count(&desk), 0);
}
