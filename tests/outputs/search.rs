//! The index of search: what it holds, that it is made of records, and which of its files an edit changes.

use crate::desk::DONE;
use crate::{build, python, sample};

const XIAOMI: &str = "content/articles/2017/nokia-xiaomi-patents.md";

/// Reads the whole index as `search.js` does: `shards` by name, each with facets, records and terms; `hits(term)`.
const READ: &str = r#"
import html, json, pathlib, re
root = pathlib.Path("public")
page = (root / "search/index.html").read_text()
index = json.loads(html.unescape(re.search(r'data-index="([^"]*)"', page).group(1)))
shards, files = {}, 0
for name, pieces in index["shards"]:
    folder = root / index["path"].strip("/") / name
    read = lambda file: json.loads((folder / file).read_text())
    facets, words, records = read("facets.json"), {}, []
    for n in range(pieces):
        piece = read(f"words-{n}.json")
        assert not words.keys() & piece.keys()
        words |= piece
    for n in range(-(-len(facets["days"]) // index["records"])):
        records += read(f"records-{n}.json")
    files += len(list(folder.iterdir()))
    assert len(records) == len(facets["days"]) == len(facets["tag"]["of"]), name
    assert len(list(folder.iterdir())) == 1 + pieces + -(-len(records) // index["records"]), "a file that nobody loads"
    shards[name] = facets, records, words
def hits(term):
    found = {}
    for facets, records, words in shards.values():
        at = 0
        for step, weight in zip(words.get(term, [])[::2], words.get(term, [])[1::2]):
            at += step
            found[records[at][1]] = weight
    return found
"#;

#[test]
fn everything_public_is_found_by_headline_name_and_text() {
    let desk = sample();
    desk.edit(XIAOMI, "\n---\n\n", "\n---\n\n<!-- unpublishable -->\n\nA zyzzyva was seen. ");
    build(&desk);
    let checked = python(
        &desk,
        &format!(
            r#"{READ}
assert list(hits("zyzzyva")) == ["/2017/07/nokia-xiaomi-patents/"], hits("zyzzyva")
assert hits("zyzzyva")["/2017/07/nokia-xiaomi-patents/"] == 1
assert not hits("unpublishable") and not hits("the")
chinese = hits("小米")
assert "/companies/xiaomi/" in chinese and "/2017/07/nokia-xiaomi-patents/" in chinese, chinese
assert hits("xiaomi")["/companies/xiaomi/"] > hits("nokia").get("/companies/xiaomi/", 0)
for facets, records, words in shards.values():
    for record in records:
        assert (root / record[1].strip("/") / "index.html").is_file(), record
kinds = {{v[0] for facets, *_ in shards.values() for v in facets["type"]["values"]}}
assert kinds == {{"article", "deal", "company", "person", "tag", "thread"}}, kinds
facets, records, words = shards["2017"]
assert facets["days"] == sorted(facets["days"]) and all(day // 10000 == 2017 for day in facets["days"])
there = {{"/" + str(p.parent.relative_to(root)) + "/" for p in root.glob("2017/*/*/index.html")}}
assert there <= {{r[1] for r in records}}, there
print(sum(len(r) for _, r, _ in shards.values()))
"#
        ),
    );
    assert!(checked.parse::<usize>().expect("a number") > 30, "{checked} finds");
    let page = desk.read("public/search/index.html");
    for link in ["href=\"/tags/china/\"", "href=\"/companies/xiaomi/\"", "href=\"/tags/\"", "href=\"/companies/\""] {
        assert!(page.contains(link), "without scripts there is {link}");
    }
    let article = desk.read("public/2017/07/nokia-xiaomi-patents/index.html");
    assert!(article.contains("<a href=\"/search/\">Search</a>") && !article.contains("search."), "a link, no more");
}

#[test]
fn an_edit_changes_words_of_its_year_alone() {
    let desk = sample();
    build(&desk);
    let before = desk.tree("public/search");
    assert!(before.keys().any(|f| f.starts_with("2016/")), "there is another year: {:?}", before.keys());
    build(&desk);
    assert_eq!(desk.tree("public/search"), before, "the same again");
    desk.edit(XIAOMI, "\n---\n\n", "\n---\n\nA zyzzyva was seen. ");
    build(&desk);
    let after = desk.tree("public/search");
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    let changed: Vec<&String> = before.keys().filter(|f| before[*f] != after[*f]).collect();
    assert!(!changed.is_empty() && changed.iter().all(|f| f.starts_with("2017/words-")), "{changed:?}");
}

#[test]
fn a_switch_takes_it_out_and_hidden_things_never_get_in() {
    let desk = sample();
    let file = "content/articles/2017/seen.md";
    let article =
        "---\ntitle: A zyzzyva\ndescription: Seen.\ndate: 2017-08-01\nauthors: [desk]\ntags: [china]\n---\n\nWords.\n";
    desk.write(file, article);
    desk.type_in("build").has(DONE);
    python(&desk, &format!("{READ}\nassert hits('zyzzyva') == {{'/2017/08/seen/': 8}}, hits('zyzzyva')"));
    desk.edit(file, "\ndate:", "\ndraft: true\ndate:");
    desk.type_in("build").has(DONE);
    python(&desk, &format!("{READ}\nassert not hits('zyzzyva')"));
    assert!(!desk.tree("public/search").values().any(|b| String::from_utf8_lossy(b).contains("zyzzyva")));
    desk.write("site.toml", desk.read("site.toml") + "\n[outputs]\nsearch = false\n");
    desk.type_in("build").has(DONE);
    assert!(!desk.at("public/search").exists());
    assert!(!desk.read("public/index.html").contains("/search/"));
}
