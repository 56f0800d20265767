//! Deals as CSV and JSON: the same in both, safe in a spreadsheet, as the schema says, and fit to be asked questions.

use crate::desk::{DONE, FINDINGS, USAGE};
use crate::{build, python, sample};

const WITHINGS: &str = "content/articles/2017/nokia-withings.md";

#[test]
fn csv_and_json_say_the_same_and_fit_the_schema() {
    let desk = sample();
    // What a hostile or unlucky name can be.
    desk.edit("content/companies/xiaomi.md", "name: Xiaomi", "name: '=HYPERLINK(\"x\"), \"小米\"; @sum'");
    build(&desk);
    let checked = python(
        &desk,
        r#"
import csv, io, json, jsonschema, pathlib
root = pathlib.Path("public")
schema = json.loads((root / "deals/schema.json").read_text())
jsonschema.Draft202012Validator.check_schema(schema)
files = sorted(root.glob("**/deals.json"))
rows = 0
for file in files:
    data = json.loads(file.read_text())
    jsonschema.validate(data, schema)
    assert data["count"] == len(data["deals"]) > 0, file
    raw = file.with_suffix(".csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and raw.count(b"\r\n") > len(data["deals"]), file
    table = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert len(table) == len(data["deals"])
    for row, deal in zip(table, data["deals"]):
        assert list(row) == list(deal), (list(row), list(deal))
        for name, value in deal.items():
            text = "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
            if text[:1] in ("=", "+", "-", "@"):
                text = "'" + text
            assert row[name] == text, (file, name, row[name], text)
            assert row[name][:1] not in ("=", "+", "-", "@")
            rows += 1
assert rows > 100
company = json.loads((root / "companies/xiaomi/deals.json").read_text())["deals"]
assert [d["id"] for d in company] == ["nokia-xiaomi-patents"], company
assert company[0]["parties"][1] == '=HYPERLINK("x"), "小米"; @sum'
withings = [d for d in json.loads((root / "deals/deals.json").read_text())["deals"] if d["id"] == "nokia-withings"][0]
assert (withings["currency"], withings["amount"], withings["value_kind"]) == ("EUR", 170000000, "exact"), withings
print(len(files))
"#,
    );
    assert!(checked.parse::<usize>().expect("a number") > 12, "{checked} tables");
}

#[test]
fn the_questions_of_the_docs_have_answers() {
    let desk = sample();
    let docs = include_str!("../../docs/data.md");
    desk.write("data.md", docs);
    let rows = desk.type_in("export ndjson").has(DONE).out;
    desk.write("deals.ndjson", &rows);
    let answers = python(
        &desk,
        r#"
import duckdb, re
queries = re.findall(r"```sql\n(.*?)```", open("data.md").read(), re.S)
assert len(queries) == 3
for query in queries:
    print(duckdb.sql(query).fetchall()[0])
"#,
    );
    assert_eq!(
        answers.lines().map(|l| l.split(", '").next().unwrap_or(l)).collect::<Vec<_>>(),
        ["('EUR', 2, 5610000000)", "('nokia', 7", "('2017', 4, 0)"],
        "{answers}"
    );
}

#[test]
fn export_says_what_it_lacks_and_prints_nothing_wrong() {
    let desk = sample();
    let all = desk.type_in("export csv").has(DONE).out;
    assert_eq!(all.lines().count(), 9, "{all}");
    assert!(all.starts_with("id,title,kind"), "{all}");
    let some = desk.type_in("export json --tag patents").has(DONE).json();
    let tagged = some.as_array().expect("an array").len();
    assert!(tagged > 0 && tagged < 8, "{tagged}");
    desk.type_in("export csv --tag patent").has(USAGE).says("no public tag is called `patent`").says("patents");
    desk.type_in("export csv --company xiaomi --tag china").has(USAGE);
    desk.type_in("export parquet").has(USAGE).says("possible values: csv, json, ndjson");
    // A deal that cannot be read would be missing: no table at all then.
    desk.edit(WITHINGS, "value = \"EUR 170m", "value = \"EUR 170q");
    let said = desk.type_in("export csv").has(FINDINGS);
    assert_eq!(said.out, "");
}

#[test]
fn no_data_where_the_settings_say_so() {
    let desk = sample();
    let settings = desk.read("site.toml");
    desk.write("site.toml", format!("{settings}\n[outputs]\ndata = false\n"));
    build(&desk);
    let public = desk.tree("public");
    assert!(!public.keys().any(|f| f.contains("/deals.") || f.ends_with("schema.json")));
    assert!(public.iter().all(|(_, bytes)| !String::from_utf8_lossy(bytes).contains("deals.csv")));
    desk.type_in("export csv").has(DONE).says("nokia-xiaomi-patents");
}

#[test]
fn the_licence_and_the_citation_stand_on_the_page_and_in_the_data() {
    let desk = sample();
    build(&desk);
    let data: serde_json::Value = serde_json::from_str(&desk.read("public/tags/patents/deals.json")).expect("JSON");
    assert_eq!(data["licence"], "CC BY 4.0");
    let citation = data["citation"].as_str().expect("a line");
    let page = desk.read("public/tags/patents/index.html");
    assert!(citation.ends_with("https://china-desk.example.com/tags/patents/. CC BY 4.0."), "{citation}");
    assert!(page.contains(citation) && page.contains("rel=\"license\""), "{page}");
    let ledger = desk.read("public/deals/index.html");
    assert!(ledger.contains("\"@type\":\"Dataset\"") && ledger.contains("licenses/by/4.0/\""));
    assert!(!desk.read("public/deals/2017/index.html").contains("\"@type\":\"Dataset\""));
}
