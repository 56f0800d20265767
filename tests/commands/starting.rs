//! `init` and `new`: what they write holds, passes the checks, and never costs anybody a file.

use crate::desk::{DONE, Desk, FINDINGS, IO, REFUSED, USAGE};
use dealwire::model::{Kind, Role};
use std::fs;

#[test]
fn a_new_site_passes_the_strict_check_and_builds() {
    let desk = Desk::empty();
    desk.run(["init", "site"]).has(DONE).says("dealwire new article");
    let desk = desk.go("site");
    desk.type_in("check --strict").has(DONE).says("0 errors, 0 warnings");
    desk.type_in("build --strict").has(DONE).says("0 warnings");
    for page in ["index.html", "2024/03/first-deal/index.html", "deals/first-deal/index.html", "feed.xml", "404.html"] {
        assert!(desk.at("public").join(page).is_file(), "{page}");
    }
    let ignored = desk.read(".gitignore");
    assert!(ignored.lines().any(|l| l.trim_matches('/') == "public"), "the built site would be committed: {ignored}");
}

#[test]
fn a_new_site_has_the_name_and_address_that_were_typed() {
    let desk = Desk::empty();
    let title = "The \"Deal\" \\ Desk's: <诺基亚> & co. TIMEZONE 🎉";
    desk.run(["init", "site", "--title", title, "--base-url", "https://desk.example.org/news"]).has(DONE);
    let desk = desk.go("site");
    without_cards(&desk);
    desk.type_in("check --strict").has(DONE);
    desk.type_in("build").has(DONE);
    let home = desk.read("public/index.html");
    assert!(home.contains("诺基亚") && home.contains("TIMEZONE 🎉"), "{home}");
    assert!(!home.contains("<诺基亚>"), "a name is no markup");
    assert!(home.contains("href=\"https://desk.example.org/news/\""), "{home}");
}

#[test]
fn a_new_site_without_a_title_is_called_after_its_folder() {
    let desk = Desk::empty();
    desk.run(["init", "china-desk"]).has(DONE);
    desk.run(["init", "blank", "--title", "  "]).has(DONE);
    assert!(desk.read("china-desk/site.toml").contains("title = \"China desk\""));
    assert!(desk.read("blank/site.toml").contains("title = \"Blank\""));
}

#[test]
fn init_takes_an_empty_folder_that_is_there() {
    let desk = Desk::empty();
    desk.run(["init", "."]).has(DONE);
    desk.type_in("check --strict").has(DONE);
    let deep = Desk::empty();
    deep.run(["init", "a/b/c"]).has(DONE);
    deep.go("a/b/c").type_in("check --strict").has(DONE);
}

#[test]
fn init_leaves_a_folder_alone_that_holds_anything() {
    let desk = Desk::empty();
    desk.write("work/thesis.md", "years of work");
    desk.write("hidden/.git/HEAD", "ref");
    desk.write("file", "a file");
    for taken in ["work", "hidden", "."] {
        desk.run(["init", taken]).has(REFUSED).says("is not empty");
    }
    desk.run(["init", "file"]).has(REFUSED).says("is a file");
    desk.run(["init", "site"]).has(DONE);
    let before = desk.tree(".");
    desk.run(["init", "site"]).has(REFUSED);
    assert_eq!(desk.tree("."), before);
    assert_eq!(desk.read("work/thesis.md"), "years of work");
}

#[test]
fn init_says_what_is_wrong_and_leaves_nothing_behind() {
    let desk = Desk::empty();
    desk.run(["init"]).has(USAGE).says("<DIR>");
    desk.run(["init", ""]).has(USAGE);
    desk.run(["init", "site", "--base-url", "desk.example.org"]).has(USAGE).says("`desk.example.org`").says("https://");
    assert!(!desk.at("site").exists(), "a site that could not be built was started");
    desk.run(["init".to_owned(), "n".repeat(300)]).has(IO).says("cannot be written");
    assert!(desk.tree(".").is_empty());
}

#[test]
fn every_kind_of_new_file_is_valid_and_drafts_show_in_a_preview() {
    let desk = Desk::site();
    let made = [
        ("article", "Example Oyj buys a mill", "content/articles/2026/example-oyj-buys-a-mill.md"),
        ("company", "Mill Ltd", "content/companies/mill-ltd.md"),
        ("person", "Ann Other", "content/people/ann-other.md"),
        ("tag", "Paper mills", "content/tags/paper-mills.md"),
        ("thread", "The mills", "content/threads/the-mills.md"),
    ];
    for (what, title, file) in made {
        desk.run(["new", what, title, "--as-of", "2026-06-01"]).has(DONE).says(file);
        assert!(desk.at(file).is_file(), "{file}");
    }
    let deal = ["new", "deal", "A mill is sold", "--kind", "business_sale", "--party", "example-oyj=buyer"];
    desk.run(deal.into_iter().chain(["--party", "mill-ltd=seller"])).has(DONE).says("content/deals/a-mill-is-sold.md");
    desk.type_in("check").has(DONE).says("0 errors");
    // Used, the new company and person are no warning any more either.
    desk.article(
        "used",
        "Mill Ltd and Ann Other meet",
        "tags: [paper-mills]\nthreads: [the-mills]\nmentions: [mill-ltd, ann-other]\n",
    );
    desk.type_in("check --strict").has(DONE);
    desk.type_in("build --strict").has(DONE);
    assert!(!desk.at("public/2026").exists() && !desk.at("public/deals/a-mill-is-sold").exists(), "a draft is public");
    desk.type_in("build --drafts").has(DONE);
    assert!(desk.at("public/2026/06/example-oyj-buys-a-mill/index.html").is_file());
    assert!(desk.at("public/deals/a-mill-is-sold/index.html").is_file());
}

#[test]
fn what_new_writes_is_published_once_its_placeholders_are_replaced_and_not_before() {
    let desk = Desk::site();
    let of_deal = "--kind=acquisition --party=example-oyj=acquirer --party=sample-ag=target";
    for (what, more, placeholders) in [("article", "", 2), ("thread", "", 2), ("deal", of_deal, 1)] {
        let title = format!("Something new: {what}");
        let said = desk.run(["new", what, &title].into_iter().chain(more.split_whitespace())).has(DONE);
        let file = said.out.trim();
        desk.type_in("check --strict").has(DONE);
        let text = desk.read(file);
        let mut published: Vec<&str> = text.lines().filter(|l| !l.starts_with("draft:")).collect();
        assert_eq!(published.len() + 1, text.lines().count(), "{what} is a draft");
        desk.write(file, published.join("\n"));
        let report = desk.type_in("check --format json").has(FINDINGS).json();
        let all = report["findings"].as_array().expect("findings");
        let left: Vec<_> = all.iter().filter(|f| f["code"] == "E0115").collect();
        assert_eq!(left.len(), placeholders, "{what}: {report}");
        // In the editor's own words, from the last line up.
        for finding in left.iter().rev() {
            let line = usize::try_from(finding["line"].as_u64().expect("a line")).expect("small") - 1;
            published[line] = match published[line].split_once(':') {
                Some(("description", _)) => "description: Our own words.",
                Some((_, rest)) if rest.contains("publisher") => "  - {id: release, kind: report, publisher: Example}",
                _ => "Our own words.",
            };
        }
        desk.write(file, published.join("\n"));
        desk.type_in("check").has(DONE);
    }
    desk.type_in("build").has(DONE);
    assert!(desk.read("public/index.html").contains("Something new: article"));
}

#[test]
fn the_hints_of_a_new_article_are_valid_once_their_marks_are_taken_away() {
    let desk = Desk::site();
    let said = desk.run(["new", "article", "A hint is taken"]).has(DONE);
    let file = said.out.trim();
    let text = desk.read(file);
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let plain = line.strip_prefix("# ").unwrap_or(line);
        if plain.starts_with("embargo:") {
            continue;
        }
        lines.push(
            plain
                .replace("the-buyer", "example-oyj")
                .replace("the-target", "sample-ag")
                .replace("https://…", "https://example.com/"),
        );
    }
    assert!(lines.iter().any(|l| l.starts_with("deal:")), "{text}");
    desk.write(file, lines.join("\n"));
    desk.type_in("check --strict").has(DONE);
    desk.type_in("build --drafts").has(DONE);
    assert!(desk.at("public/deals/a-hint-is-taken/index.html").is_file());
}

#[test]
fn new_with_the_same_title_loses_nothing() {
    let desk = Desk::site();
    let file = desk.run(["new", "article", "Nokia buys"]).has(DONE).out.trim().to_owned();
    desk.write(&file, desk.read(&file) + "Hours of work.\n");
    let before = desk.tree("content");
    desk.run(["new", "article", "Nokia buys"]).has(REFUSED).says(&file).says("--id");
    desk.run(["new", "article", "nokia  BUYS!"]).has(REFUSED).says(&file);
    assert_eq!(desk.tree("content"), before);
    // Moved elsewhere, the id is taken still: two files of one id would be an error.
    fs::rename(desk.at(&file), desk.at("content/articles/nokia-buys.md")).expect("a move");
    desk.run(["new", "article", "Nokia buys"]).has(REFUSED).says("content/articles/nokia-buys.md");
    desk.run(["new", "article", "Nokia buys", "--id", "nokia-buys-again"]).has(DONE);
    desk.type_in("check --strict").has(DONE);
}

#[test]
fn new_does_not_replace_a_file_that_is_too_broken_to_be_known() {
    let desk = Desk::site();
    desk.write("content/companies/mill-ltd.md", "---\nname: [broken\n---\n");
    desk.run(["new", "company", "Mill Ltd"]).has(REFUSED).says("has the id `mill-ltd` already");
    assert_eq!(desk.read("content/companies/mill-ltd.md"), "---\nname: [broken\n---\n");
}

/// Cards would tell of signs that no font has.
fn without_cards(desk: &Desk) {
    desk.write("site.toml", format!("{}\n[cards]\nenabled = false\n", desk.read("site.toml")));
}

#[test]
fn any_title_survives_the_way_into_its_file_and_back() {
    let desk = Desk::site();
    let titles = [
        "诺基亚与小米签署专利协议",
        "诺基亚：“握手”小米？",
        "He said: \"yes\" #1 & {more} - [x] *a* `b` \\ back's",
        "key: value",
        "- a list",
        "# a comment",
        "null",
        "true",
        "1e3",
        "2017-07-05",
        "{{ 7 * 7 }} {% raw %}",
        "---",
        "+++",
        "%YAML",
        "|",
        "> folded",
        "'quoted'",
        "🎉 deal 🎉",
        "<script>alert(1)</script>",
        "</title><b>&amp;",
        "Ünïcödé façade — naïve",
        "../../etc/passwd",
        "C:\\dir\\file",
        "CON",
        "100 % sure?",
    ];
    for (n, title) in titles.iter().enumerate() {
        let id = format!("title-{n}");
        desk.run(["new", "article", "--id", &id, "--", title]).has(DONE);
    }
    without_cards(&desk);
    desk.type_in("check --strict").has(DONE);
    let listed = desk.type_in("list drafts --format json").has(DONE).json();
    for (n, title) in titles.iter().enumerate() {
        let mut items = listed["items"].as_array().expect("items").iter();
        let item = items.find(|i| i["id"] == format!("title-{n}")).expect("the draft is listed");
        assert_eq!(item["title"], *title);
    }
    desk.type_in("build --drafts").has(DONE);
    for n in 0..titles.len() {
        let year = listed["items"][0]["file"].as_str().expect("a file").split('/').nth(2).expect("a year").to_owned();
        let folder = desk.at("public").join(year);
        let page = walkdir::WalkDir::new(folder)
            .into_iter()
            .flatten()
            .find(|e| e.path().ends_with(format!("title-{n}/index.html")));
        let html = fs::read_to_string(page.expect("a page").path()).expect("a page");
        assert!(
            !html.contains("<script>alert(1)") && !html.contains("</title><b>") && !html.contains("<h1>49"),
            "{html}"
        );
    }
}

#[test]
fn titles_become_short_plain_ids() {
    let desk = Desk::site();
    for (title, id) in [
        ("诺基亚", "nuo-ji-ya"),
        ("Ünïcödé façade", "unicode-facade"),
        ("e\u{301}clair on sale", "eclair-on-sale"),
        ("two\nlines", "two-lines"),
        ("   spaces   all   over ", "spaces-all-over"),
        ("../../etc/passwd", "etc-passwd"),
    ] {
        desk.run(["new", "tag", "--", title]).has(DONE).says(&format!("content/tags/{id}.md"));
    }
    // What a clipboard of a Mac gives, in two characters, is stored in the one form that the checks ask for.
    assert!(desk.read("content/tags/eclair-on-sale.md").contains("\"éclair on sale\""));
    let long = format!("Nokia {}", "and so on ".repeat(400));
    let file = desk.run(["new", "article", &long]).has(DONE).out;
    let name = file.trim().rsplit('/').next().expect("a name");
    assert!(name.len() <= 64, "{name}");
    desk.type_in("check").has(DONE).says("W0802");
}

#[test]
fn what_cannot_become_a_file_is_refused_with_the_way_out() {
    let desk = Desk::site();
    let before = desk.tree(".");
    for title in ["", " ", "\t", "\u{1b}[31mred", "\u{202e}evil", "bell\u{7}"] {
        desk.run(["new", "article", title]).has(USAGE).says("visible characters");
    }
    desk.run(["new", "article", "--", "~!?"]).has(USAGE).says("~!?").says("--id");
    for id in ["", "../x", "A", "a/b", "ü", "a b", "."] {
        desk.run(["new", "article", "Fine", "--id", id]).has(USAGE).says("a-z, 0-9 and hyphens");
    }
    desk.run(["new", "article"]).has(USAGE).says("say the headline");
    desk.run(["new"]).has(USAGE).says("<WHAT>");
    desk.run(["new", "articel", "x"]).has(USAGE).says("'article'");
    assert_eq!(desk.tree("."), before);
}

#[test]
fn a_new_deal_of_every_kind_is_valid() {
    let desk = Desk::site();
    for (id, name) in [("one", "One Ltd"), ("two", "Two Ltd")] {
        desk.run(["new", "company", name, "--id", id]).has(DONE);
    }
    desk.write(
        "content/people/ann-other.md",
        "---\nname: Ann Other\nposts:\n  - {company: two, title: Chief, from: 2020}\n---\n",
    );
    for kind in Kind::ALL {
        let mut words: Vec<String> = ["new", "deal", "--kind", kind.word()].map(str::to_owned).to_vec();
        words.push(format!("A {}", kind.label()));
        let mut roles = [Vec::new(), Vec::new(), Vec::new()];
        for (role, least, _) in kind.needs() {
            let taker = match role {
                Role::Appointee => 2,
                Role::Licensee if *kind != Kind::PatentCrossLicence => 1,
                Role::Target | Role::Seller | Role::Vehicle | Role::Customer | Role::Respondent | Role::Employer => 1,
                _ => 0,
            };
            roles[taker].push(role.word());
            if *least == 2 {
                roles[1].push(role.word());
            }
        }
        for (who, roles) in ["one", "two", "ann-other"].iter().zip(&roles).filter(|(_, r)| !r.is_empty()) {
            words.extend(["--party".to_owned(), format!("{who}={}", roles.join(","))]);
        }
        desk.run(&words).has(DONE).says("content/deals/");
    }
    desk.type_in("check").has(DONE).says("0 errors");
    desk.type_in("build --drafts").has(DONE);
    let ledger = desk.read("public/deals/index.html");
    for kind in Kind::ALL {
        assert!(ledger.contains(&format!("A {}", kind.label())), "{}", kind.word());
    }
}

#[test]
fn a_new_deal_says_which_words_it_needs() {
    let desk = Desk::site();
    let before = desk.tree(".");
    let deal = |more: &[&str]| desk.run(["new", "deal", "A deal"].iter().chain(more)).has(USAGE);
    deal(&[]).says("--kind").says("patent_cross_licence");
    deal(&["--kind", "aquisition"]).says("did you mean `acquisition`?");
    deal(&["--kind", "acquisition"]).says("acquirer, target").says("--party id=acquirer");
    deal(&["--kind", "acquisition", "--party", "example-oyj"]).says("write nokia=licensor");
    deal(&["--kind", "acquisition", "--party", "exmaple-oyj=acquirer"]).says("did you mean `example-oyj`?");
    deal(&["--kind", "acquisition", "--party", "example-oyj=aquirer"]).says("did you mean `acquirer`?");
    deal(&["--kind", "acquisition", "--party", "example-oyj=acquirer"]).says("--party id=target");
    assert_eq!(desk.tree("."), before);
}

#[test]
fn new_works_while_another_file_is_broken() {
    let desk = Desk::site();
    desk.article("broken", "Broken", "unknown_key: 1\n");
    desk.type_in("check").has(FINDINGS);
    desk.run(["new", "article", "Whole"]).has(DONE);
}

#[test]
fn new_fails_loudly_where_it_cannot_write() {
    let desk = Desk::site();
    desk.write("content/tags-elsewhere/keep", "");
    fs::remove_dir_all(desk.at("content/tags")).expect("removed");
    desk.edit("site.toml", "navigation_tags = [\"patents\"]", "navigation_tags = []");
    desk.write("content/tags", "a file where a folder should be");
    desk.run(["new", "tag", "Mills"]).has(IO).says("content/tags");
}

#[test]
fn init_with_github_adds_a_workflow_and_a_dockerfile() {
    let desk = Desk::empty();
    desk.type_in("init site --with github").has(DONE);
    let version = env!("CARGO_PKG_VERSION");
    for file in ["site/.github/workflows/publish.yml", "site/Dockerfile"] {
        let text = desk.read(file);
        assert!(text.contains(&format!("--version {version}")) && !text.contains("VERSION"), "{text}");
    }
    assert!(desk.read("site/.github/workflows/publish.yml").contains("dealwire publish production"));
    desk.type_in("check --root site").has(DONE);
    let desk = Desk::site();
    let before = desk.read("site.toml");
    desk.type_in("init . --with github").has(DONE).says(".github/workflows/publish.yml").says("Dockerfile");
    assert_eq!(desk.read("site.toml"), before);
    desk.type_in("init . --with github").has(REFUSED).says("is there already");
    desk.type_in("build").has(DONE);
}
