//! `check`, `explain`, `list` and `why`: questions that write nothing, answered for people and for machines.

use crate::desk::{DONE, Desk, FINDINGS, IO, NOW, USAGE};
use serde_json::Value;
use std::fs;

/// A site with two mistakes and one warning.
fn with_findings() -> Desk {
    let desk = Desk::site();
    desk.article("one", "One", "unknown_key: 1\n");
    desk.article("two", "Two", "tags: [pattents]\n");
    desk.write("content/companies/mill.md", "---\nname: Mill Ltd\n---\n");
    desk
}

#[test]
fn findings_for_people_show_the_line_the_spot_and_the_way_out() {
    let said = with_findings().type_in("check").has(FINDINGS);
    for part in [
        "error[E0101]: unknown key `unknown_key`",
        "content/articles/one.md:5:1",
        "5 | unknown_key: 1",
        "^^^^^^^^^^^",
        "error[E0203]",
        "did you mean `patents`?",
        "warning[W0210]",
        "2 errors, 1 warning.",
    ] {
        assert!(said.err.contains(part), "{part}: {}", said.err);
    }
    assert!(said.out.is_empty(), "people's findings are no output: {}", said.out);
    with_findings().type_in("check -q").has(FINDINGS).says("error[E0101]").keeps_quiet_about("Checked");
}

#[test]
fn strict_makes_warnings_errors() {
    let desk = Desk::site();
    desk.write("content/companies/mill.md", "---\nname: Mill Ltd\n---\n");
    desk.type_in("check").has(DONE).says("warning[W0210]").says("0 errors, 1 warning");
    desk.type_in("check --strict").has(FINDINGS).says("error[W0210]");
    let json = desk.type_in("check --strict --format json").has(FINDINGS).json();
    assert_eq!(json["findings"][0]["severity"], "error");
    let json = desk.type_in("check --format json").has(DONE).json();
    assert_eq!(json["findings"][0]["severity"], "warning");
}

#[test]
fn findings_as_json_have_every_documented_key() {
    let desk = with_findings();
    let said = desk.type_in("check --format json").has(FINDINGS);
    assert!(said.err.is_empty(), "{}", said.err);
    let json = said.json();
    let findings = json["findings"].as_array().expect("a list");
    assert_eq!(findings.len(), 3);
    for f in findings {
        let keys: Vec<&String> = f.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["code", "column", "end_column", "end_line", "file", "help", "line", "message", "severity"]);
    }
    let one = &findings[0];
    assert_eq!((&one["code"], &one["file"]), (&"E0101".into(), &"content/articles/one.md".into()));
    assert_eq!(
        (&one["line"], &one["column"], &one["end_line"], &one["end_column"]),
        (&5.into(), &1.into(), &5.into(), &12.into())
    );
    let files: Vec<&str> = findings.iter().filter_map(|f| f["file"].as_str()).collect();
    assert!(files.is_sorted(), "{files:?}");
    let clean = Desk::site().type_in("check --format json").has(DONE).json();
    assert_eq!(clean, serde_json::json!({"findings": []}));
}

#[test]
fn columns_count_characters_and_not_bytes() {
    let desk = Desk::site();
    desk.article("han", "诺基亚", "tags: [patents, 诺基亚]\n");
    let json = desk.type_in("check --format json").has(FINDINGS).json();
    let f = &json["findings"][0];
    assert_eq!((&f["line"], &f["column"], &f["end_column"]), (&5.into(), &17.into(), &20.into()), "{f}");
}

#[test]
fn findings_as_sarif_and_for_github() {
    let desk = with_findings();
    let sarif = desk.type_in("check --format sarif").has(FINDINGS).json();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules: Vec<&Value> =
        run["tool"]["driver"]["rules"].as_array().expect("rules").iter().map(|r| &r["id"]).collect();
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 3);
    for r in results {
        assert!(rules.contains(&&r["ruleId"]), "{r}");
        assert!(
            r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
                .as_str()
                .is_some_and(|u| u.starts_with("content/")),
            "{r}"
        );
    }
    assert_eq!(results[0]["locations"][0]["physicalLocation"]["region"]["startLine"], 5);
    let github = desk.type_in("check --format github").has(FINDINGS);
    let lines: Vec<&str> = github.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", github.out);
    assert!(
        lines[0].starts_with("::error title=E0101,file=content/articles/one.md,line=5,col=1,endLine=5,endColumn=12::"),
        "{}",
        lines[0]
    );
    assert!(github.out.contains("::warning title=W0210,"), "{}", github.out);
}

#[test]
fn what_cannot_be_read_is_told_apart_from_what_is_wrong() {
    let desk = Desk::site();
    fs::remove_dir_all(desk.at("content/people")).expect("removed");
    fs::remove_file(desk.at("site.toml")).expect("removed");
    fs::create_dir(desk.at("site.toml")).expect("a folder");
    desk.type_in("check").has(USAGE);
    #[cfg(unix)]
    {
        let desk = Desk::site();
        let socket = desk.at("content/articles/s.md");
        let _open = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
        desk.type_in("check").has(IO).says("content/articles/s.md").says("E1204");
        desk.type_in("list drafts").has(IO).says("content/articles/s.md");
    }
}

#[test]
fn explain_knows_every_code_that_the_program_can_find() {
    let desk = Desk::empty();
    // The codes as they stand in the source; a code without a page would leave an editor alone with it.
    let src = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut codes = std::collections::BTreeSet::new();
    for item in
        walkdir::WalkDir::new(src).into_iter().flatten().filter(|i| i.path().extension().is_some_and(|e| e == "rs"))
    {
        let text = fs::read_to_string(item.path()).expect("a source file");
        for (at, _) in text.match_indices('"') {
            let Some(word) = text.get(at + 1..at + 6) else { continue };
            let is_code = word.starts_with(['E', 'W']) && word[1..].bytes().all(|b| b.is_ascii_digit());
            if is_code && text.as_bytes().get(at + 6) == Some(&b'"') {
                codes.insert(word.to_owned());
            }
        }
    }
    assert!(codes.len() > 50, "{codes:?}");
    for code in &codes {
        let said = desk.run(["explain", code]).has(DONE);
        assert!(
            said.out.starts_with('#') && said.out.lines().next().is_some_and(|l| l.contains(code.as_str())),
            "{code}: {}",
            said.out
        );
        assert!(said.out.lines().count() > 3, "{code} is hardly explained");
    }
    desk.run(["explain", "e0101"]).has(DONE).says("E0101");
    desk.run(["--explain", "E0101"]).has(DONE).says("E0101");
    desk.run(["explain", "E9999"]).has(USAGE).says("no finding has the code `E9999`");
    desk.run(["explain", "E01O1"]).has(USAGE).says("did you mean");
    desk.run(["explain", ""]).has(USAGE);
    desk.run(["explain", "../../../etc/passwd"]).has(USAGE);
    desk.run(["explain", "README"]).has(USAGE);
}

/// A site with something in every list.
fn with_everything() -> Desk {
    let desk = Desk::site();
    desk.article("draft", "A draft", "draft: true\n");
    desk.article("embargoed", "Under embargo", "embargo: 2026-08-01T09:00:00+03:00\n");
    desk.article("embargoed-first", "Under embargo, sooner", "embargo: 2026-07-01T09:00:00+03:00\n");
    desk.article("scheduled", "Of the future", "");
    desk.edit("content/articles/scheduled.md", "date: 2024-03-05", "date: 2026-12-24");
    desk.article("expired", "Of the past", "expires: 2025-01-01\n");
    desk.write("content/companies/hidden.md", "---\nname: Hidden Ltd\ndraft: true\n---\n");
    desk
}

#[test]
fn lists_for_people_and_machines_agree() {
    let desk = with_everything();
    for (what, files) in [
        ("drafts", vec!["content/articles/draft.md", "content/companies/hidden.md"]),
        ("embargoed", vec!["content/articles/embargoed-first.md", "content/articles/embargoed.md"]),
        ("scheduled", vec!["content/articles/scheduled.md"]),
        ("expired", vec!["content/articles/expired.md"]),
        ("deals", vec!["content/articles/2024/first-deal.md"]),
        ("stale", vec!["content/articles/2024/first-deal.md"]),
    ] {
        let json = desk.run(["list", what, "--format", "json", "--as-of", NOW]).has(DONE).json();
        let items = json["items"].as_array().expect("items");
        let listed: Vec<&str> = items.iter().filter_map(|i| i["file"].as_str()).collect();
        assert_eq!(listed, files, "{what}");
        let text = desk.run(["list", what, "--as-of", NOW]).has(DONE);
        assert_eq!(text.out.lines().count(), files.len(), "{}", text.out);
        for (line, item) in text.out.lines().zip(items) {
            assert!(
                line.contains(item["file"].as_str().expect("a file"))
                    && line.contains(item["title"].as_str().expect("a title")),
                "{line}"
            );
        }
    }
    let json = desk.run(["list", "embargoed", "--format", "json", "--as-of", NOW]).json();
    assert_eq!(json["items"][0]["at"], "2026-07-01T06:00:00+00:00", "in the zone of the site");
    let json = desk.run(["list", "deals", "--format", "json", "--as-of", NOW]).json();
    let deal = &json["items"][0];
    assert_eq!(
        (&deal["kind"], &deal["state"], &deal["date"], &deal["value"]),
        (&"patent_licence".into(), &"announced".into(), &"2024-03-05".into(), &"Undisclosed".into())
    );
    assert!(deal["why"].is_null());
}

#[test]
fn an_empty_list_says_so_and_is_empty_for_machines() {
    let desk = Desk::site();
    for what in ["drafts", "scheduled", "embargoed", "expired"] {
        let said = desk.run(["list", what]).has(DONE).says("Nothing to list");
        assert!(said.out.is_empty());
        assert_eq!(desk.run(["list", what, "--format", "json"]).has(DONE).json(), serde_json::json!({"items": []}));
        desk.run(["list", what, "-q"]).has(DONE).says_nothing();
    }
}

#[test]
fn stale_deals_are_those_that_wait_and_not_those_that_ended() {
    let desk = Desk::site();
    let stale = |as_of: &str| {
        let json = desk.run(["list", "stale", "--format", "json", "--as-of", as_of]).has(DONE).json();
        json["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|i| i["why"].as_str().unwrap_or("").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(stale("2024-08-31"), Vec::<String>::new(), "179 days after the last step");
    assert_eq!(stale("2024-09-02"), ["no step since 2024-03-05"]);
    desk.edit("content/articles/2024/first-deal.md", "  value:", "  expected_close: 2024-06\n  value:");
    assert_eq!(stale("2024-06-30"), Vec::<String>::new(), "June is not over");
    assert_eq!(stale("2024-07-01"), ["expected to close: 2024-06"]);
    desk.article("closing", "It closed", "updates:\n  - {deal: first-deal, state: closed, date: 2024-03-06}\n");
    assert_eq!(stale("2026-06-01"), Vec::<String>::new(), "a closed deal waits for nothing");
}

#[test]
fn why_answers_for_every_sort_of_file() {
    let desk = with_everything();
    desk.write("content/companies/unnamed.md", "---\nname: Unnamed Ltd\n---\n");
    desk.write("content/articles/broken.md", "---\ntitle: [x\n---\n");
    fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/static/logo.png"), desk.at("content/articles/chart.png"))
        .expect("an image");
    desk.write("content/articles/table.csv", "not looked at");
    desk.write("content/articles/lonely.png", "not looked at");
    desk.article("pictured", "Pictured", "");
    desk.edit("content/articles/pictured.md", "The text", "![A chart](chart.png) [The data](table.csv). The text");
    desk.write("static/report.pdf", "a file");
    desk.write("templates/home.html", "<p>{{ site.title }}</p>");
    desk.write("notes.txt", "notes");
    for (file, answer) in [
        ("content/articles/2024/first-deal.md", "public, at https://example.com/2024/03/first-deal/"),
        ("content/companies/sample-ag.md", "public, at https://example.com/companies/sample-ag/"),
        ("content/people/desk.md", "public, at https://example.com/people/desk/"),
        ("content/tags/patents.md", "public, at https://example.com/tags/patents/"),
        ("content/threads/first-thread.md", "public, at https://example.com/threads/first-thread/"),
        ("content/pages/about.md", "public, at https://example.com/about/"),
        ("content/articles/draft.md", "not on the site: it is a draft"),
        ("content/articles/embargoed.md", "not on the site yet: under embargo until 2026-08-01T06:00:00+00:00"),
        ("content/articles/scheduled.md", "not on the site yet: dated 2026-12-24T00:00:00+00:00"),
        ("content/articles/expired.md", "not on the site any more: expired 2025-01-01T00:00:00+00:00"),
        ("content/companies/unnamed.md", "not on the site: nothing public refers to it"),
        ("content/companies/hidden.md", "not on the site: it is a draft"),
        ("content/articles/broken.md", "not on the site: it has errors"),
        ("content/articles/chart.png", "public, at https://example.com/assets/images/chart."),
        ("content/articles/table.csv", "public, at https://example.com/2024/03/pictured/table.csv"),
        ("content/articles/lonely.png", "not on the site: no public text refers to it"),
        ("static/report.pdf", "public, at https://example.com/assets/report."),
        ("templates/home.html", "a template"),
        ("site.toml", "not part of the site"),
        ("notes.txt", "not part of the site"),
    ] {
        let said = desk.run(["why", file, "--as-of", NOW]).has(DONE);
        assert!(said.out.starts_with(&format!("{file}: {answer}")), "{}", said.out);
        assert_eq!(said.out.lines().count(), 1, "one line");
    }
    desk.run(["why", "content/articles/draft.md", "--drafts", "--as-of", NOW]).has(DONE).says("/2024/03/draft/");
}

#[test]
fn why_knows_nothing_of_files_outside_the_site() {
    let desk = Desk::site();
    fs::write(desk.top("outside.md"), "---\n---\n").expect("a file");
    for file in
        ["../outside.md", "content/../../outside.md", "content/articles/none.md", "/etc/passwd", "content", ".", ""]
    {
        let said = desk.run(["why", file]).has(USAGE);
        assert!(said.out.is_empty(), "{file}: {}", said.out);
    }
    let full = desk.at("content/pages/about.md");
    desk.run(["why".into(), full.into_os_string()]).has(DONE).says("content/pages/about.md: public");
    desk.run(["why", "content/tags/../pages/./about.md"]).has(DONE).says("content/pages/about.md: public");
}

#[test]
fn why_names_the_switch_that_leaves_a_page_out() {
    let desk = Desk::site();
    let settings = desk.read("site.toml");
    desk.write(
        "site.toml",
        settings.replace("nav = [", "[outputs]\npeople = false\ncompanies = false\n[extra]\nnav = ["),
    );
    desk.type_in("why content/people/desk.md").has(DONE).says("[outputs]");
    desk.type_in("why content/companies/sample-ag.md").has(DONE).says("[outputs]");
    desk.type_in("why content/tags/patents.md").has(DONE).says("public, at");
}

#[test]
fn check_finds_what_would_stop_the_build() {
    let desk = Desk::site();
    desk.write("content/pages/con.md", "---\ntitle: A device\ndescription: Of Windows.\n---\n\nText.\n");
    let check = desk.type_in("check").has(FINDINGS).says("E1201").says("Windows");
    let build = desk.type_in("build").has(FINDINGS).says("E1201");
    assert_eq!(check.err.matches("error[").count(), build.err.matches("error[").count());
    assert!(!desk.at("public").exists());
}

#[test]
fn a_step_of_the_future_is_shown_where_it_stands() {
    let desk = Desk::site();
    desk.article(
        "early",
        "Early",
        "sources:\n  - {id: r, kind: other, publisher: P, date: 2026-07-30}\ndeal:\n  kind: merger\n  parties:\n    - {company: example-oyj, roles: [merging_party]}\n    - {company: sample-ag, roles: [merging_party]}\n  value: none\n  status:\n    - {state: announced, date: 2026-07-30, source: r}\n",
    );
    let json = desk.run(["check", "--format", "json", "--as-of", NOW]).has(FINDINGS).json();
    assert_eq!((&json["findings"][0]["code"], &json["findings"][0]["line"]), (&"E0503".into(), &14.into()), "{json}");
}
