//! `build` and `clean`: what is written where, what is refused, and what the one line at the end says.

use crate::desk::{DONE, Desk, FINDINGS, IO, NOW, REFUSED};
use std::fs;

/// The line at the end of a build.
fn summary(err: &str) -> &str {
    let lines: Vec<&str> = err.lines().collect();
    assert_eq!(lines.len(), 1, "one line: {err}");
    lines[0]
}

/// How many pages for readers a built site has, counted in its sitemap.
fn pages(desk: &Desk) -> usize {
    desk.read("public/sitemap.xml").matches("<url>").count()
}

#[test]
fn a_build_ends_with_one_line_that_counts() {
    let desk = Desk::site();
    let said = desk.type_in("build --as-of 2026-06-01").has(DONE);
    assert!(said.out.is_empty(), "{}", said.out);
    let line = summary(&said.err);
    assert!(line.starts_with(&format!("Built {} pages into public: ", pages(&desk))), "{line}");
    let files = desk.tree("public").len();
    // The manifest is the program's own, and no file of the site.
    assert!(
        line.contains(&format!(" {} files, 2 cards drawn, {} written, 0 removed; 0 warnings; ", files - 1, files - 1)),
        "{line}"
    );
    assert!(line.contains(" s; next change: none."), "{line}");
    let again = desk.type_in("build --as-of 2026-06-01").has(DONE);
    assert!(summary(&again.err).contains(", 0 written, 0 removed; "), "{}", again.err);
    desk.type_in("build --as-of 2026-06-01 --quiet").has(DONE).says_nothing();
}

#[test]
fn the_line_says_when_the_edition_changes_next() {
    let desk = Desk::site();
    desk.edit("site.toml", "\"UTC\"", "\"Europe/Helsinki\"");
    desk.article("later", "Later", "");
    desk.edit("content/articles/later.md", "2024-03-05", "2026-07-01T09:00");
    desk.article("embargoed", "Embargoed", "embargo: 2026-06-15T08:00:00+08:00\n");
    desk.article("fleeting", "Fleeting", "expires: 2026-12-01\n");
    desk.article("draft", "Draft", "draft: true\nembargo: 2026-06-02T08:00:00Z\n");
    for (as_of, next) in [
        (NOW, "2026-06-15T03:00:00+03:00"),
        ("2026-06-15T00:00:00Z", "2026-07-01T09:00:00+03:00"),
        ("2026-07-01T06:00:00Z", "2026-07-03T09:00:00+03:00"),
        ("2026-07-03T06:00:00Z", "2026-12-01T00:00:00+02:00"),
        ("2026-12-01", "none"),
    ] {
        desk.run(["build", "--as-of", as_of]).has(DONE).says(&format!("next change: {next}."));
        let home = desk.read("public/index.html");
        assert_eq!(home.contains(">Embargoed<"), as_of != NOW, "{as_of}");
        assert_eq!(home.contains(">Later<"), as_of.starts_with("2026-07") || as_of == "2026-12-01", "{as_of}");
        assert_eq!(home.contains(">Fleeting<"), as_of != "2026-12-01", "{as_of}");
    }
}

#[test]
fn warnings_are_counted_shown_when_asked_for_and_stop_a_strict_build() {
    let desk = Desk::site();
    desk.type_in("build").has(DONE);
    let before = desk.tree("public");
    desk.write("content/companies/mill.md", "---\nname: Mill Ltd\n---\n");
    desk.type_in("build --strict").has(FINDINGS).says("W0210").says("Nothing was built: 0 errors, 1 warning.");
    assert_eq!(desk.tree("public"), before);
    desk.type_in("build").has(DONE).says("; 1 warning (dealwire check shows them); ").keeps_quiet_about("W0210");
    desk.type_in("build -v").has(DONE).says("warning[W0210]").says("content/companies/mill.md");
    // A text that names it is enough, for a strict build too.
    let about = desk.read("content/pages/about.md");
    desk.write("content/pages/about.md", format!("{about}\nWe are not paid by Mill Ltd.\n"));
    desk.type_in("build --strict").has(DONE);
    desk.type_in("build -q").has(DONE).says_nothing();
}

#[test]
fn an_error_anywhere_leaves_the_old_site_as_it_was() {
    let desk = Desk::site();
    desk.type_in("build").has(DONE);
    let before = desk.tree("public");
    let faults: [(&str, &str, &str); 6] = [
        ("content/articles/bad.md", "---\ntitle: [x\n---\n", "content/articles/bad.md"),
        ("content/articles/bad.md", "no front matter", "content/articles/bad.md"),
        ("content/pages/bad.md", "---\ntitle: T\ndescription: D\n---\n[gone](gone.md)\n", "content/pages/bad.md"),
        (
            "content/pages/bad.md",
            "---\ntitle: T\ndescription: D\n---\n![A picture](gone.png)\n",
            "content/pages/bad.md",
        ),
        ("templates/home.html", "{% if %}", "templates/home.html"),
        ("templates/article.html", "{{ article.no_such_value.deep }}", "templates/article.html"),
    ];
    for (file, text, named) in faults {
        desk.write(file, text);
        desk.type_in("build").has(FINDINGS).says("error[").says(named);
        desk.type_in("check").has(FINDINGS).says(named);
        desk.type_in("build -q").has(FINDINGS).says("error[");
        fs::remove_file(desk.at(file)).expect("removed");
        assert_eq!(desk.tree("public"), before, "{file}: {text}");
    }
    desk.type_in("build --strict").has(DONE);
}

#[test]
fn every_error_of_every_file_is_shown_in_one_run() {
    let desk = Desk::site();
    desk.article("one", "One", "unknown_one: 1\nunknown_two: 2\n");
    desk.article("two", "Two", "tags: [no-such-tag]\nauthors: [nobody]\n");
    desk.write("content/pages/three.md", "---\ntitle: T\ndescription: D\n---\n[gone](gone.md)\n");
    let said = desk.type_in("build").has(FINDINGS);
    for part in ["unknown_one", "unknown_two", "no-such-tag", "nobody", "gone.md", "5 errors"] {
        assert!(said.err.contains(part), "{part}: {}", said.err);
    }
    let order: Vec<_> = ["one.md", "two.md", "three.md"].iter().map(|f| said.err.find(f).expect("named")).collect();
    assert!(order.is_sorted(), "{}", said.err);
}

#[test]
fn the_site_goes_where_it_is_told() {
    let desk = Desk::site();
    desk.type_in("build --output ../www --as-of 2026-06-01").has(DONE).says("into ");
    assert!(desk.top("site/../www/index.html").is_file() && !desk.at("public").exists());
    desk.run(["build".into(), "-o".into(), desk.top("full/path/www").into_os_string(), "--as-of=2026-06-01".into()])
        .has(DONE);
    assert_eq!(crate::desk::tree(&desk.top("full/path/www")), crate::desk::tree(&desk.top("www")));
    desk.run(["build", "-o", "ein Ordner mit ü und 诺"]).has(DONE);
    desk.run(["clean", "-o", "ein Ordner mit ü und 诺"]).has(DONE);
    assert!(!desk.at("ein Ordner mit ü und 诺").exists());
}

#[test]
fn an_output_that_would_endanger_anything_is_refused() {
    let desk = Desk::site();
    desk.write("precious/thesis.md", "years of work");
    desk.write("repo/.git/HEAD", "ref");
    let before = desk.tree("..");
    let full = desk.at(".").to_string_lossy().into_owned();
    for out in [
        ".",
        "..",
        "/",
        "content",
        "content/",
        "content/out",
        "content/articles",
        "templates",
        "static/out",
        "precious",
        "repo",
        "site.toml",
        "./content/../content",
        "../site",
        "",
        &full,
    ] {
        for command in ["build", "clean"] {
            let said = desk.run([command, "--output", out]);
            let harmless = command == "clean" && said.code == DONE && said.err.starts_with("Removed 0 files");
            assert!(
                said.code == REFUSED || harmless || (out.is_empty() && said.code == 2),
                "{command} {out}: {} {}",
                said.code,
                said.err
            );
            assert_eq!(desk.tree(".."), before, "{command} {out}");
        }
    }
    desk.run(["build", "--output", "precious"]).has(REFUSED).says("precious");
}

#[cfg(unix)]
#[test]
fn home_and_links_are_refused_too() {
    let desk = Desk::site();
    fs::create_dir(desk.at("home")).expect("a folder");
    let home = desk.at("home").to_string_lossy().into_owned();
    std::os::unix::fs::symlink(desk.at("content"), desk.at("link")).expect("a link");
    let before = desk.tree("content");
    let desk = desk.with("HOME", &home);
    desk.type_in("build -o home").has(REFUSED);
    desk.type_in("build -o link").has(REFUSED);
    desk.type_in("build -o link/out").has(REFUSED);
    desk.type_in("clean -o link").has(REFUSED);
    assert_eq!(desk.tree("content"), before);
}

#[test]
fn foreign_files_in_the_output_are_never_lost() {
    let desk = Desk::site();
    desk.type_in("build").has(DONE);
    desk.write("public/deals/mine.xlsx", "numbers");
    desk.type_in("build").has(REFUSED).says("deals/mine.xlsx").says("static/");
    desk.type_in("clean").has(DONE);
    assert_eq!(desk.tree("public").keys().collect::<Vec<_>>(), ["deals/mine.xlsx"]);
    desk.type_in("build").has(REFUSED).says("not empty");
    fs::remove_dir_all(desk.at("public")).expect("removed");
    desk.type_in("build").has(DONE);
    fs::remove_file(desk.at("public/index.html")).expect("removed");
    desk.write("public/feed.xml", "touched");
    desk.type_in("build").has(DONE);
    assert!(desk.read("public/feed.xml").starts_with("<?xml"), "a file that was changed is written anew");
    assert!(desk.at("public/index.html").is_file());
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let desk = Desk::site();
    desk.write("blocker", "a file");
    desk.type_in("build -o blocker/below/out").has(IO).says("blocker");
    if cfg!(target_os = "linux") {
        desk.type_in("build -o /proc/dealwire-test").has(IO).says("/proc");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::create_dir(desk.at("locked")).expect("a folder");
        fs::set_permissions(desk.at("locked"), fs::Permissions::from_mode(0o555)).expect("a mode");
        // The superuser may write anywhere.
        if fs::write(desk.at("locked/probe"), "").is_err() {
            desk.type_in("build -o locked/out").has(IO).says("locked");
        }
        fs::set_permissions(desk.at("locked"), fs::Permissions::from_mode(0o755)).expect("a mode");
        // What links to itself cannot be opened by anybody.
        std::os::unix::fs::symlink(desk.at("loop"), desk.at("loop")).expect("a link");
        let said = desk.type_in("build -o loop/out");
        assert!([REFUSED, IO].contains(&said.code), "{}", said.err);
    }
}

#[cfg(unix)]
#[test]
fn a_content_file_that_cannot_be_read_is_an_error_with_its_path() {
    use std::os::unix::fs::symlink;
    let desk = Desk::site();
    symlink(desk.at("content/articles/loop.md"), desk.at("content/articles/loop.md")).expect("a link");
    desk.type_in("build").has(FINDINGS).says("content/articles/loop.md");
    desk.type_in("check").has(FINDINGS).says("content/articles/loop.md");
    fs::remove_file(desk.at("content/articles/loop.md")).expect("removed");
    symlink("/etc/hosts", desk.at("static-link")).expect("a link");
    fs::create_dir_all(desk.at("static")).expect("a folder");
    symlink("/etc/hosts", desk.at("static/hosts.txt")).expect("a link");
    desk.type_in("build").has(FINDINGS).says("static/hosts.txt").says("E1206");
    assert!(!desk.at("public").exists());
}

#[test]
fn another_address_is_used_everywhere() {
    let desk = Desk::site();
    desk.type_in("build").has(DONE);
    assert!(desk.read("public/feed.xml").contains("https://example.com/"));
    desk.type_in("build --base-url https://mirror.example.net/news/").has(DONE);
    for (path, bytes) in desk.tree("public") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("https://example.com"), "{path} names the old address");
    }
    let home = desk.read("public/index.html");
    assert!(home.contains("<link rel=\"canonical\" href=\"https://mirror.example.net/news/\">"), "{home}");
    assert!(home.contains("href=\"/news/2024/03/first-deal/\""), "{home}");
    assert!(!home.contains("href=\"/2024/"), "a link leaves the folder of the site");
}

#[test]
fn an_instant_comes_from_the_option_then_the_variable_then_the_clock() {
    let desk = Desk::site();
    desk.article("later", "Later", "");
    desk.edit("content/articles/later.md", "2024-03-05", "2025-01-01T00:00:00Z");
    let is_later = |desk: &Desk| desk.at("public/2025/01/later/index.html").is_file();
    desk.type_in("build").has(DONE);
    assert!(is_later(&desk), "the clock is past 2025");
    let desk = desk.with("SOURCE_DATE_EPOCH", "1735689599");
    desk.type_in("build").has(DONE);
    assert!(!is_later(&desk), "one second too early");
    let epoch = desk.tree("public");
    desk.type_in("build --as-of 2024-12-31T23:59:59Z").has(DONE);
    assert_eq!(desk.tree("public"), epoch, "one instant, said in two ways");
    desk.type_in("build --as-of 2025-01-01").has(DONE);
    assert!(is_later(&desk), "the option wins");
    let desk = desk.with("SOURCE_DATE_EPOCH", "");
    desk.type_in("build").has(DONE);
    assert!(is_later(&desk), "an empty variable says nothing");
}

#[test]
fn a_day_alone_is_midnight_in_the_zone_of_the_site() {
    let desk = Desk::site();
    desk.edit("site.toml", "\"UTC\"", "\"Asia/Shanghai\"");
    desk.article("morning", "Morning", "");
    desk.edit("content/articles/morning.md", "2024-03-05", "2025-01-01");
    desk.type_in("build --as-of 2025-01-01").has(DONE);
    assert!(desk.at("public/2025/01/morning/index.html").is_file());
    desk.type_in("build --as-of 2024-12-31T15:59:59Z").has(DONE);
    assert!(!desk.at("public/2025").exists());
    desk.type_in("build --as-of 2024-12-31T16:00:00Z").has(DONE);
    assert!(desk.at("public/2025/01/morning/index.html").is_file());
}

#[test]
fn drafts_show_only_when_asked_for_and_the_output_is_marked() {
    let desk = Desk::site();
    desk.article("draft", "Secret plan", "draft: true\n");
    desk.article("embargoed", "Secret word", "embargo: 2099-01-01T00:00:00Z\n");
    desk.article("gone", "Secret past", "expires: 2025-01-01\n");
    desk.type_in("build").has(DONE).keeps_quiet_about("draft");
    let clean = desk.tree("public");
    assert!(!clean.values().any(|b| String::from_utf8_lossy(b).contains("Secret")));
    desk.type_in("build --drafts").has(DONE).says("with drafts; it cannot be published");
    let manifest = |desk: &Desk| desk.read("public/.dealwire-manifest.json");
    assert!(manifest(&desk).contains("\"drafts\":true"), "{}", &manifest(&desk)[..200]);
    for id in ["draft", "embargoed", "gone"] {
        assert!(desk.at("public/2024/03").join(id).join("index.html").is_file(), "{id}");
    }
    desk.type_in("build").has(DONE);
    assert!(manifest(&desk).contains("\"drafts\":false"));
    for (path, bytes) in desk.tree("public").iter().filter(|(p, _)| !p.starts_with(".dealwire")) {
        assert_eq!(clean.get(path), Some(bytes), "{path}");
    }
}

#[test]
fn an_embargoed_deal_of_tomorrow_does_not_stop_the_build_of_today() {
    let desk = Desk::site();
    let deal = "deal:\n  kind: acquisition\n  parties:\n    - {company: example-oyj, roles: [acquirer]}\n    - {company: sample-ag, roles: [target]}\n  status:\n    - {state: announced, date: 2026-06-02}\n  value: EUR 170m\n";
    desk.article("tomorrow", "Tomorrow", &format!("embargo: 2026-06-02T06:00:00Z\n{deal}"));
    desk.run(["build", "--as-of", NOW]).has(DONE).says("next change: 2026-06-02T06:00:00");
    assert!(!desk.at("public/deals/tomorrow").exists());
    desk.run(["build", "--as-of", "2026-06-02T06:00:00Z"]).has(DONE);
    assert!(desk.at("public/deals/tomorrow/index.html").is_file());
    // Public today, with a step of tomorrow, is a mistake; so is an embargo that lifts a day too early.
    desk.article("tomorrow", "Tomorrow", deal);
    desk.run(["build", "--as-of", NOW]).has(FINDINGS).says("E0503").says("`announced` is dated 2");
    desk.article("tomorrow", "Tomorrow", &format!("embargo: 2026-06-01T18:00:00Z\n{deal}"));
    desk.run(["build", "--as-of", NOW]).has(FINDINGS).says("E0503");
    desk.article("tomorrow", "Tomorrow", &format!("draft: true\n{deal}"));
    desk.run(["build", "--as-of", NOW]).has(DONE);
    desk.article("tomorrow", "Tomorrow", "updates:\n  - {deal: first-deal, state: closed, date: 2026-06-02}\n");
    desk.run(["build", "--as-of", NOW]).has(FINDINGS).says("E0503");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let desk = Desk::site();
    desk.run(["build", "--as-of", NOW, "--jobs", "1"]).has(DONE);
    let one = desk.tree("public");
    for jobs in ["2", "3", "512"] {
        desk.run(["build", "--as-of", NOW, "--jobs", jobs, "-o", &format!("public-{jobs}")]).has(DONE);
        assert!(desk.tree(&format!("public-{jobs}")) == one, "--jobs {jobs}");
    }
    desk.run(["check", "--jobs", "1"]).has(DONE);
}

#[test]
fn what_is_taken_back_is_gone_after_the_next_build() {
    let desk = Desk::site();
    desk.type_in("build").has(DONE);
    let before = desk.tree("public");
    desk.article("oops", "Oops", "tags: [patents]\n");
    desk.type_in("build").has(DONE);
    assert!(desk.at("public/2024/03/oops/index.html").is_file());
    desk.edit("content/articles/oops.md", "tags:", "draft: true\ntags:");
    desk.type_in("build").has(DONE).says("removed");
    let after = desk.tree("public");
    for (path, bytes) in before.iter().filter(|(p, _)| !p.starts_with(".dealwire")) {
        assert_eq!(after.get(path), Some(bytes), "{path}");
    }
    assert_eq!(after.len(), before.len());
}

#[test]
fn clean_removes_what_was_built_and_nothing_else() {
    let desk = Desk::site();
    let sources = desk.tree(".");
    desk.type_in("clean").has(DONE).says("Removed 0 files");
    desk.type_in("build").has(DONE);
    let files = desk.tree("public").len() - 1;
    desk.type_in("clean").has(DONE).says(&format!("Removed {files} files"));
    assert!(!desk.at("public").exists());
    assert_eq!(desk.tree("."), sources);
    desk.type_in("build").has(DONE);
    desk.type_in("clean --quiet").has(DONE).says_nothing();
    // A folder that was never built is somebody's.
    desk.write("public/mine.txt", "mine");
    let said = desk.type_in("clean");
    assert!([DONE, REFUSED].contains(&said.code), "{}", said.err);
    assert_eq!(desk.read("public/mine.txt"), "mine");
}

#[test]
fn building_leaves_the_sources_as_they_are() {
    let desk = Desk::site();
    let before = desk.tree(".");
    desk.type_in("check").has(DONE);
    desk.type_in("list deals").has(DONE);
    desk.type_in("why content/pages/about.md").has(DONE);
    desk.type_in("build -o ../out").has(DONE);
    assert_eq!(desk.tree("."), before);
}

#[test]
fn an_address_that_was_left_needs_an_alias() {
    let desk = Desk::site();
    desk.article("story", "A story", "");
    desk.type_in("build").has(DONE);
    desk.edit("content/articles/story.md", "date: 2024-03-05", "date: 2024-04-05");
    let before = desk.tree("public");
    desk.type_in("check").has(FINDINGS).says("E0808").says("/2024/03/story/");
    desk.type_in("build").has(FINDINGS).says("E0808").says("aliases: [/2024/03/story/]");
    assert_eq!(desk.tree("public"), before);
    desk.edit("content/articles/story.md", "date:", "aliases: [/2024/03/story/]\ndate:");
    desk.type_in("build").has(DONE);
    assert!(desk.read("public/2024/03/story/index.html").contains("/2024/04/story/"));
    // What nobody could have linked to may move: a draft, and what was taken back.
    desk.article("moving", "Moving", "draft: true\n");
    desk.type_in("build --drafts").has(DONE);
    desk.edit("content/articles/moving.md", "date: 2024-03-05", "date: 2024-05-05");
    desk.type_in("build").has(DONE);
    fs::remove_file(desk.at("content/articles/story.md")).expect("removed");
    desk.type_in("build").has(DONE);
}

#[test]
fn hidden_names_below_static_root_are_published_and_litter_is_not() {
    let desk = Desk::site();
    let published = [".well-known/security.txt", ".well-known/.deep/x.txt", ".nojekyll", ".htaccess", "_headers"];
    let litter = [".DS_Store", "._CNAME", ".gitkeep", ".git/config", ".htaccess.swp", ".htaccess~", "a/.DS_Store"];
    for name in published.iter().chain(&litter) {
        desk.write(&format!("static/root/{name}"), "as it is\n");
    }
    desk.write("static/.hidden/style.css", "a{color:red}");
    desk.type_in("check --strict").has(DONE);
    for _ in 0..2 {
        desk.type_in("build").has(DONE);
    }
    let tree = desk.tree("public");
    for name in published {
        assert_eq!(desk.read(&format!("public/{name}")), "as it is\n", "{name}");
    }
    for name in litter {
        assert!(!tree.iter().any(|f| f.0.ends_with(name)), "{name}: {tree:?}");
    }
    assert!(!tree.iter().any(|f| f.0.contains("hidden")), "{tree:?}");
}

#[test]
fn the_last_part_of_an_address_may_have_more_than_the_slug() {
    let desk = Desk::site();
    desk.article("news-of-the-day", "News", "");
    let settings = desk.read("site.toml");
    desk.write("site.toml", format!("{settings}\n[permalinks]\narticle = \"/news/:year-:month-:day-:slug/\"\n"));
    desk.type_in("check").has(DONE);
    desk.type_in("build").has(DONE);
    assert!(desk.read("public/news/2024-03-05-news-of-the-day/index.html").contains("News"));
}

#[test]
fn a_base_template_without_a_block_that_others_fill_is_a_finding() {
    let desk = Desk::site();
    let blocks = ["main", "nameplate", "robots"];
    let base = |left_out: &str| {
        let kept = blocks.iter().filter(|b| **b != left_out);
        let all: Vec<String> = kept.map(|b| format!("{{% block {b} %}}{{% endblock {b} %}}")).collect();
        let all = all.concat();
        format!("<!doctype html><html lang=\"en\"><title>X</title><body>{all}</body></html>\n")
    };
    desk.write("templates/base.html", base(""));
    desk.type_in("check").has(DONE);
    for block in blocks {
        desk.write("templates/base.html", base(block));
        desk.type_in("check").has(FINDINGS).says("E1101").says(&format!("Block `{block}` is not defined"));
    }
}

#[test]
fn a_footnote_without_its_other_half_is_a_warning_and_is_printed_as_its_page_says() {
    let desk = Desk::site();
    desk.article("notes", "Notes", "");
    let text = desk.read("content/articles/notes.md");
    desk.write(
        "content/articles/notes.md",
        text + "\nSaid.[^Here] Not said.[^gone]\n\n[^here]: By us.\n[^lost]: By nobody.\n",
    );
    desk.type_in("build").has(DONE).says("; 2 warnings (dealwire check shows them); ");
    let page = desk.read("public/2024/03/notes/index.html");
    assert!(page.contains("Not said.[^gone]") && page.contains("By us.") && !page.contains("By nobody."), "{page}");
}

#[test]
fn what_is_wrong_with_hidden_texts_is_said_and_stops_the_build_at_which_they_appear() {
    let desk = Desk::site();
    desk.article("embargoed", "Embargoed", "embargo: 2026-06-15T08:00:00+08:00\n");
    let text = desk.read("content/articles/embargoed.md");
    desk.write("content/articles/embargoed.md", format!("{text}\nSee [nothing](nothing.md).\n"));
    let said = desk.run(["build", "--as-of", NOW]).has(DONE);
    assert!(said.err.contains("what is still hidden has an error") && said.err.contains("Built "), "{}", said.err);
    desk.run(["check", "--as-of", NOW]).has(FINDINGS).says("E0806");
    desk.run(["build", "--as-of", "2026-06-15T00:00:00Z"]).has(FINDINGS).says("E0806");
}

#[test]
fn a_template_prints_any_value_as_json_that_stays_inside_its_script() {
    let desk = Desk::site();
    desk.write(
        "content/pages/about.md",
        "---\ntitle: \"</script><b>\\\"诺基亚\\\" & co\"\ndescription: What it is.\nextra: {list: [1, true, none]}\n---\nText.\n",
    );
    desk.write(
        "templates/page.html",
        "{% extends \"base.html\" %}{% block main %}<script>[{{ page.title | json }},{{ page.trail | json }}]</script>{% endblock main %}",
    );
    desk.type_in("build").has(DONE);
    let page = desk.read("public/about/index.html");
    let script = page
        .split_once("<script>[")
        .and_then(|(_, rest)| rest.split_once("]</script>"))
        .unwrap_or_else(|| panic!("{page}"))
        .0;
    assert!(script.starts_with(r#""\u003c/script\u003e\u003cb\u003e\"诺基亚\" \u0026 co","#), "{script}");
    let values: serde_json::Value = serde_json::from_str(&format!("[{script}]")).expect("JSON");
    assert_eq!(values[0], "</script><b>\"诺基亚\" & co");
    assert_eq!(values[1][1]["title"], values[0], "{values}");
}
