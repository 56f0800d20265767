//! The documentation against the program: every link leads somewhere, every key, command and option is described and
//! exists, every example works as printed.
#![allow(clippy::disallowed_methods, reason = "a test reads the pages, writes sites and runs the program")]

#[path = "publish/servers.rs"]
mod servers;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_dealwire");

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn text(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// What a run of the program said, on both streams, and its exit code.
struct Said {
    code: i32,
    out: String,
    err: String,
}

fn dealwire(dir: &Path, args: &[&str]) -> Said {
    let done = Command::new(PROGRAM)
        .args(args)
        .current_dir(dir)
        .env("NO_COLOR", "1")
        .env("SOURCE_DATE_EPOCH", "1780000000")
        .output()
        .expect("the program starts");
    Said {
        code: done.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&done.stdout).into_owned(),
        err: String::from_utf8_lossy(&done.stderr).into_owned(),
    }
}

/// A site as `init` starts it.
fn starter() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let said = dealwire(dir.path(), &["init", "site", "--quiet"]);
    assert_eq!(said.code, 0, "{}", said.err);
    dir
}

/// A fenced block: its line, the words after the fence, its text.
struct Block {
    line: usize,
    info: Vec<String>,
    text: String,
}

fn blocks(markdown: &str) -> Vec<Block> {
    let (mut all, mut open): (Vec<Block>, Option<Block>) = (Vec::new(), None);
    for (i, line) in markdown.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                let info = info.split_whitespace().map(str::to_owned).collect();
                open = Some(Block { line: i + 1, info, text: String::new() });
            }
            (Some(_), Some("")) => all.extend(open.take()),
            (Some(b), _) => {
                b.text.push_str(line);
                b.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    all
}

/// The lines outside fenced blocks.
fn prose(markdown: &str) -> String {
    let mut inside = false;
    let mut keep = |line: &&str| {
        let fence = line.starts_with("```");
        let outside = !inside && !fence;
        inside ^= fence;
        outside
    };
    markdown.lines().filter(|l| keep(l)).collect::<Vec<_>>().join("\n")
}

/// Texts between backquotes, outside fenced blocks.
fn quoted(markdown: &str) -> BTreeSet<String> {
    prose(markdown).split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Every Markdown file that a reader can open: the README, the changelog, docs/.
fn pages() -> Vec<String> {
    let mut all = vec!["README.md".to_owned(), "CHANGELOG.md".to_owned()];
    for folder in ["docs", "docs/checks"] {
        for entry in std::fs::read_dir(root().join(folder)).expect(folder) {
            let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
            if name.ends_with(".md") {
                all.push(format!("{folder}/{name}"));
            }
        }
    }
    all.sort();
    all
}

/// Anchors of headings, as code hosts make them.
fn anchors(markdown: &str) -> BTreeSet<String> {
    let anchor = |heading: &str| -> String {
        let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    };
    let headings = prose(markdown);
    headings.lines().filter(|l| l.starts_with('#')).map(|l| anchor(l.trim_start_matches('#'))).collect()
}

fn links(markdown: &str) -> Vec<String> {
    // Code between backquotes shows links as examples: they lead nowhere.
    let plain: String = prose(markdown).split('`').step_by(2).collect::<Vec<_>>().join("`");
    plain.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(l, _)| l.to_owned())).collect()
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let mut dead = Vec::new();
    let mut checked = 0;
    for page in pages() {
        for link in links(&text(&page)) {
            if link.contains("://") {
                continue;
            }
            checked += 1;
            let (path, anchor) = link.split_once('#').map_or((link.as_str(), None), |(p, a)| (p, Some(a)));
            let file =
                if path.is_empty() { root().join(&page) } else { root().join(&page).parent().unwrap().join(path) };
            let is_good = file.exists()
                && anchor.is_none_or(|a| std::fs::read_to_string(&file).is_ok_and(|t| anchors(&t).contains(a)));
            if !is_good {
                dead.push(format!("{page}: {link}"));
            }
        }
    }
    assert!(checked > 50, "only {checked} links were found");
    assert!(dead.is_empty(), "dead links:\n{}", dead.join("\n"));
}

/// Writes every block that names a file into a site; what is of site.toml is added to it.
fn write_examples(markdown: &str, site: &Path) -> usize {
    for more in blocks(markdown).into_iter().filter(|b| b.info == ["toml", "site.toml"]) {
        let file = site.join("site.toml");
        let settings = std::fs::read_to_string(&file).expect("the starter's settings");
        std::fs::write(&file, format!("{settings}\n{}", more.text)).expect("the example is written");
    }
    let files = blocks(markdown).into_iter().filter(|b| b.info.get(1).is_some_and(|w| w.contains('/')));
    files
        .map(|b| {
            let file = site.join(&b.info[1]);
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("the folder is made");
            std::fs::write(&file, b.text).expect("the example is written");
        })
        .count()
}

#[test]
fn every_complete_example_passes_a_strict_check() {
    let mut written = 0;
    for page in pages().iter().filter(|p| p.starts_with("docs/") && !p.starts_with("docs/checks/")) {
        let dir = starter();
        let site = dir.path().join("site");
        written += write_examples(&text(page), &site);
        let said = dealwire(&site, &["check", "--strict"]);
        assert_eq!(said.code, 0, "the examples of {page}:\n{}", said.err);
    }
    assert!(written >= 10, "only {written} examples were found");
}

#[test]
fn a_replaced_template_of_the_docs_shows() {
    let dir = starter();
    let site = dir.path().join("site");
    write_examples(&text("docs/templates.md"), &site);
    assert_eq!(dealwire(&site, &["build", "--quiet"]).code, 0);
    let about = std::fs::read_to_string(site.join("public/about/index.html")).expect("the page about the site");
    assert!(about.contains("Write to us: desk@example.com"), "{about}");
    assert!(about.contains("Say here who you are"), "the built-in template's own content is gone: {about}");
}

#[test]
fn the_front_matter_of_the_readme_is_good_in_the_sample_site() {
    let dir = tempfile::tempdir().expect("a folder");
    copy(&root().join("content"), &dir.path().join("content"));
    std::fs::copy(root().join("site.toml"), dir.path().join("site.toml")).expect("site.toml");
    let readme = text("README.md");
    let front = blocks(&readme).into_iter().find(|b| b.info == ["yaml"] && b.text.starts_with("---\n"));
    let front = front.expect("an example of front matter").text;
    std::fs::write(dir.path().join("content/articles/2017/readme.md"), front + "\nText.\n").expect("written");
    let said = dealwire(dir.path(), &["check"]);
    assert_eq!(said.code, 0, "{}", said.err);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// "one of: a, b" and "expected one of `a`, `b`": the words after it.
fn offered(said: &str) -> BTreeSet<String> {
    let rest = said.split("one of").nth(1).unwrap_or_else(|| panic!("no list of keys in: {said}"));
    let line = rest.trim_start_matches(':').lines().next().unwrap_or("");
    line.split(',').map(|w| w.trim().trim_matches('`').to_owned()).filter(|w| !w.is_empty()).collect()
}

#[test]
fn every_setting_is_described_and_every_described_setting_exists() {
    let dir = starter();
    let site = dir.path().join("site");
    let settings = std::fs::read_to_string(site.join("site.toml")).expect("site.toml");
    let keys_of = |table: &str| {
        let broken = if table.is_empty() {
            format!("zzzzzzzz = 1\n{settings}")
        } else {
            format!("{settings}\n[{table}]\nzzzzzzzz = 1\n")
        };
        std::fs::write(site.join("site.toml"), broken).expect("written");
        let said = dealwire(&site, &["check"]);
        assert_eq!(said.code, 1);
        said.err
    };
    let page = text("docs/site-toml.md");
    let described = quoted(&page);
    let real = offered(&keys_of(""));
    assert!(real.contains("base_url") && real.contains("outputs"), "{real:?}");
    let headings: BTreeSet<String> =
        prose(&page).lines().filter_map(|l| l.strip_prefix("## ")).map(str::to_owned).collect();
    assert_eq!(headings, real, "the headings of docs/site-toml.md and the settings that the program knows");
    for key in offered(&keys_of("outputs")) {
        assert!(described.contains(&key), "[outputs] {key} is not described");
    }
    for table in ["permalinks", "image", "cards", "images"] {
        for key in offered(&keys_of(table)) {
            assert!(described.contains(&key), "[{table}] {key} is not described");
        }
    }
    // The font that the full example names: any will do.
    std::fs::create_dir_all(site.join("fonts")).expect("a folder");
    std::fs::copy(root().join("src/render/cards/fonts/text.otf"), site.join("fonts/NotoSansKR.otf")).expect("a font");
    let full = blocks(&page).into_iter().find(|b| b.info == ["toml", "full"]).expect("a full example").text;
    let table: toml::Table = full.parse().expect("the full example is TOML");
    assert_eq!(table.keys().cloned().collect::<BTreeSet<_>>(), real, "the full example has every setting");
    let smallest = blocks(&page).into_iter().find(|b| b.info == ["toml"]).expect("the smallest example").text;
    for (name, example) in [("full", full), ("smallest", smallest)] {
        std::fs::write(site.join("site.toml"), example).expect("written");
        let said = dealwire(&site, &["check", "--strict"]);
        assert_eq!(said.code, 0, "the {name} example:\n{}", said.err);
    }
}

#[test]
fn every_key_of_front_matter_is_described() {
    const X: &str = "zzzzzzzzzzzz: 1";
    let deal = |extra: &str| format!("title: X\ndate: 2024-01-01\ndescription: X\ndeal:\n  kind: supply\n{extra}");
    let cases: BTreeMap<&str, (&str, String)> = BTreeMap::from([
        ("a source", ("articles", format!("title: X\nsources: [{{{X}}}]"))),
        ("a correction", ("articles", format!("title: X\ncorrections: [{{{X}}}]"))),
        ("an image", ("articles", format!("title: X\nimage: {{{X}}}"))),
        ("a sponsor", ("articles", format!("title: X\nsponsor: {{{X}}}"))),
        ("an update", ("articles", format!("title: X\nupdates: [{{{X}}}]"))),
        ("a deal", ("articles", deal(&format!("  {X}")))),
        ("a party", ("articles", deal(&format!("  parties: [{{{X}}}]")))),
        ("a step", ("articles", deal(&format!("  status: [{{{X}}}]")))),
        ("a value", ("articles", deal(&format!("  value: {{{X}}}")))),
        ("a part", ("articles", deal(&format!("  value: {{amount: EUR 1m, parts: [{{{X}}}]}}")))),
        ("an estimate", ("articles", deal(&format!("  value: {{undisclosed: true, estimates: [{{{X}}}]}}")))),
        ("a royalty", ("articles", deal(&format!("  value: {{royalty: {{{X}}}}}")))),
        ("a stake", ("articles", deal(&format!("  stakes: [{{{X}}}]")))),
        ("a component", ("articles", deal(&format!("  components: [{{{X}}}]")))),
        ("a licence", ("articles", deal(&format!("  licence: {{{X}}}")))),
        ("a company", ("companies", format!("name: X\n{X}"))),
        ("a listing", ("companies", format!("name: X\nlistings: [{{{X}}}]"))),
        ("a former name", ("companies", format!("name: X\nformer_names: [{{{X}}}]"))),
        ("a person", ("people", format!("name: X\n{X}"))),
        ("a post", ("people", format!("name: X\nposts: [{{{X}}}]"))),
        ("a tag", ("tags", format!("title: X\n{X}"))),
        ("a thread", ("threads", format!("title: X\n{X}"))),
        ("a page", ("pages", format!("title: X\ndescription: X\n{X}"))),
    ]);
    let page = text("docs/content-model.md");
    // `{date, kind, text}` describes three keys.
    let described: BTreeSet<String> = quoted(&page)
        .iter()
        .flat_map(|q| q.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .map(str::to_owned)
        .collect();
    // Of an article there are too many for one line of help: these are the words that its reader asks for.
    let reader = text("src/entry/article.rs") + &text("src/entry/mod.rs");
    let asked = ["get(\"", "need(\"", "ids(f, \""].into_iter().flat_map(|call| reader.split(call).skip(1));
    let asked: BTreeSet<&str> = asked.filter_map(|rest| rest.split('"').next()).collect();
    assert!(asked.contains("dateline") && asked.contains("tags") && asked.len() > 20, "{asked:?}");
    let mut missing: Vec<String> =
        asked.iter().filter(|k| !described.contains(**k)).map(|k| format!("`{k}` of an article")).collect();
    let dir = starter();
    let site = dir.path().join("site");
    for (what, (folder, front)) in &cases {
        let file = site.join(format!("content/{folder}/zzz.md"));
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(&file, format!("---\n{front}\n---\n")).expect("written");
        let said = dealwire(&site, &["check", "--format", "json"]);
        std::fs::remove_file(&file).expect("removed");
        let report: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
        let findings = report["findings"].as_array().expect("findings");
        let unknown = findings.iter().find(|f| f["code"] == "E0101");
        let help = unknown.unwrap_or_else(|| panic!("{what}: no unknown key in {report}"))["help"].as_str().unwrap();
        assert!(help.contains("one of"), "{what}: {report}");
        let gone = offered(help).into_iter().filter(|k| !described.contains(k));
        missing.extend(gone.map(|k| format!("`{k}` of {what}")));
    }
    assert!(missing.is_empty(), "docs/content-model.md does not describe {}", missing.join(", "));
}

#[test]
fn every_kind_of_deal_is_described_and_no_other() {
    let dir = starter();
    let said = dealwire(&dir.path().join("site"), &["new", "deal", "X"]);
    assert_eq!(said.code, 2);
    let kinds = said.err.split("--kind:").nth(1).expect("the kinds");
    let real: BTreeSet<&str> = kinds.trim().split(", ").collect();
    let page = text("docs/content-model.md");
    let section = page.split("### Kinds and roles").nth(1).and_then(|t| t.split("\n### ").next()).expect("a section");
    let described: BTreeSet<&str> =
        section.lines().filter_map(|l| l.strip_prefix("| `")).filter_map(|l| l.split('`').next()).collect();
    assert_eq!(described, real);
}

/// Long options in a text.
fn long_options(text: &str) -> BTreeSet<String> {
    let ends = |c: char| !c.is_ascii_alphanumeric() && c != '-';
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '`' | '(' | '[' | ',' | '|'));
    let long = words.filter_map(|w| w.strip_prefix("--")).filter(|w| w.starts_with(|c: char| c.is_ascii_lowercase()));
    long.map(|w| w.split(ends).next().unwrap_or("").to_owned()).collect()
}

#[test]
fn every_command_and_option_is_described_and_exists() {
    let help = dealwire(&root(), &["--help"]);
    assert_eq!(help.code, 0);
    let listed = help.out.split("Commands:").nth(1).and_then(|t| t.split("Options:").next()).expect("commands");
    let indented = |l: &&str| l.starts_with("  ") && !l.starts_with("   ");
    let commands: BTreeSet<&str> =
        listed.lines().filter(indented).filter_map(|l| l.split_whitespace().next()).collect();
    assert!(commands.contains("build"), "{commands:?}");
    let page = text("docs/command-line.md");
    let body = prose(&page);
    let sections: BTreeSet<&str> = body.lines().filter_map(|l| l.strip_prefix("## ")).collect();
    let general = ["Options of every command", "Exit codes", "Environment"];
    let described: BTreeSet<&str> = sections.iter().copied().filter(|s| !general.contains(s)).collect();
    assert_eq!(described, commands);

    let of_program = long_options(help.out.split("Options:").nth(1).expect("options"));
    let everywhere = page.split("\n## ").find(|s| s.starts_with("Options of every command")).expect("a section");
    let missing: Vec<String> = of_program.difference(&long_options(everywhere)).cloned().collect();
    assert!(missing.is_empty(), "options of every command that are not described: {missing:?}");
    let mut real = of_program.clone();
    for command in commands.iter().filter(|c| **c != "help") {
        let said = dealwire(&root(), &[command, "--help"]);
        assert_eq!(said.code, 0, "{command} --help");
        let usage = said.out.split("Options:").nth(1).expect("options");
        let listed: String = usage.lines().filter(|l| l.trim_start().starts_with('-')).collect::<Vec<_>>().join("\n");
        let own: BTreeSet<String> = long_options(&listed).difference(&of_program).cloned().collect();
        let section = page.split("\n## ").find(|s| s.lines().next() == Some(command)).expect("a section");
        let missing: Vec<String> = own.difference(&long_options(section)).cloned().collect();
        assert!(missing.is_empty(), "options of {command} that are not described: {missing:?}");
        real.extend(own);
    }
    // `cargo` has options of its own, which the pages name too.
    real.insert("release".to_owned());
    real.insert("path".to_owned());
    for name in pages() {
        let imagined: Vec<String> = long_options(&text(&name)).difference(&real).cloned().collect();
        assert!(imagined.is_empty(), "{name} speaks of options that do not exist: {imagined:?}");
    }
}

#[test]
fn every_exit_code_is_described() {
    let page = text("docs/command-line.md");
    let section = page.split("## Exit codes").nth(1).and_then(|t| t.split("\n## ").next()).expect("a section");
    let rows: BTreeSet<&str> =
        section.lines().filter_map(|l| l.strip_prefix("| ")).filter_map(|l| l.split(' ').next()).collect();
    for code in ["0", "1", "2", "3", "4"] {
        assert!(rows.contains(code), "exit code {code}");
    }
}

#[test]
fn templates_get_the_values_that_are_described() {
    let page = text("docs/templates.md");
    let dir = starter();
    let site = dir.path().join("site");
    let templates = site.join("templates");
    std::fs::create_dir_all(&templates).expect("a folder");
    // Where a field is missing the program lists those that are there.
    let fields = |template: &str, of: &str| -> BTreeSet<String> {
        let file = templates.join(template);
        let body = format!("{{% extends \"base.html\" %}}{{% block main %}}{{{{ {of}.zzzz }}}}{{% endblock main %}}");
        std::fs::write(&file, body).expect("written");
        let said = dealwire(&site, &["check"]);
        std::fs::remove_file(&file).expect("removed");
        let list = said.err.split("Available fields: ").nth(1).unwrap_or_else(|| panic!("{of}: {}", said.err));
        list.lines().next().unwrap_or("").split(", ").map(str::to_owned).collect()
    };
    let mut quoted = quoted(&page);
    quoted.retain(|q| q != "site.toml" && q != "page.html");
    for of in ["site", "page"] {
        let prefix = format!("{of}.");
        let described: BTreeSet<String> =
            quoted.iter().filter_map(|q| q.strip_prefix(&prefix)).map(str::to_owned).collect();
        assert_eq!(described, fields("page.html", of), "fields of `{of}`");
    }
    for (template, of) in [
        ("article.html", "article"),
        ("deal.html", "deal"),
        ("company.html", "company"),
        ("person.html", "person"),
        ("tag.html", "tag"),
        ("thread.html", "thread"),
    ] {
        let row = if of == "deal" { "**tombstone**".to_owned() } else { format!("| `{template}` |") };
        let at = page.find(&row).unwrap_or_else(|| panic!("{template} is not described"));
        let described =
            &page[at..][..page[at..].find(if of == "deal" { "\n\n" } else { "\n|" }).unwrap_or(page.len() - at)];
        let words: BTreeSet<&str> = described.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        for field in fields(template, of) {
            assert!(words.contains(field.as_str()), "`{field}` of `{of}` in {template} is not described");
        }
    }
}

/// The seconds that a build takes differ from run to run, and nobody types a no-break space into a README.
fn without_seconds(text: &str) -> String {
    let digits = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_ascii_digit());
    let is_time = |w: &str| w.split_once('.').is_some_and(|(a, b)| digits(a) && digits(b));
    let plain = text.replace('\u{a0}', " ");
    let lines = plain.trim().lines().map(|l| {
        let words: Vec<&str> = l.split(' ').collect();
        let is_unit = |i: usize| words.get(i).is_some_and(|w| w.trim_end_matches([';', '.']) == "s");
        let shown = words.iter().enumerate().map(|(i, w)| if is_time(w) && is_unit(i + 1) { "0.00" } else { *w });
        shown.collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_tour_of_the_readme_runs_as_printed() {
    let readme = text("README.md");
    let tour = readme.split("\n## ").find(|s| s.starts_with("Five minutes")).expect("the tour");
    let dir = tempfile::tempdir().expect("a folder");
    let bin = Path::new(PROGRAM).parent().expect("a folder").to_path_buf();
    let path = std::env::join_paths(
        std::iter::once(bin).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let bucket = servers::moto("my-desk");
    let url = format!("http://127.0.0.1:{}", bucket.port);
    let (mut here, mut last, mut compared) = (dir.path().to_path_buf(), String::new(), 0);
    for block in blocks(tour) {
        let info: Vec<&str> = block.info.iter().map(String::as_str).collect();
        match info[..] {
            ["sh", "tour"] => {
                let script = format!("exec 2>&1\n{}\npwd > \"$WHERE\"\n", block.text);
                let where_to = dir.path().join("where");
                let done = Command::new("sh")
                    .args(["-c", &script])
                    .current_dir(&here)
                    .env("PATH", path.as_ref().expect("a path"))
                    .env("WHERE", &where_to)
                    .env("SOURCE_DATE_EPOCH", "1780000000")
                    .envs([
                        ("AWS_ENDPOINT_URL", url.as_str()),
                        ("AWS_ACCESS_KEY_ID", "k"),
                        ("AWS_SECRET_ACCESS_KEY", "s"),
                    ])
                    .output()
                    .expect("sh");
                last = String::from_utf8_lossy(&done.stdout).into_owned();
                here = std::fs::read_to_string(&where_to).expect("a folder").trim().into();
            }
            ["md", file] => {
                let file = here.join(file);
                assert!(file.exists(), "the tour says that `new` has written {}: {last}", file.display());
                std::fs::write(file, &block.text).expect("written");
            }
            ["toml", file] => {
                let settings = std::fs::read_to_string(here.join(file)).expect("settings");
                std::fs::write(here.join(file), format!("{settings}\n{}", block.text)).expect("written");
            }
            ["text"] => {
                compared += 1;
                assert_eq!(without_seconds(&last), without_seconds(&block.text), "line {} of the tour", block.line);
            }
            _ => {}
        }
    }
    assert!(compared >= 3, "only {compared} answers were compared");
    assert!(here.join("public/2026/04/example-buys-sample/index.html").exists(), "the tour ends with a built site");
}

#[test]
fn the_readme_begins_with_the_two_commands() {
    let readme = text("README.md");
    let commands: Vec<Block> = blocks(&readme).into_iter().filter(|b| b.info == ["sh"]).take(2).collect();
    assert_eq!(commands[0].text.trim(), "cargo run --release -- serve");
    assert_eq!(commands[1].text.trim(), "cargo test");
    assert!(commands[1].line < 25, "the commands stand at the top");
    for c in &commands {
        assert_eq!(c.text.trim().lines().count(), 1, "one command, one line: {}", c.text);
    }
}
