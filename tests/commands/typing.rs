//! Mistyped commands, missing sites, odd bytes, gone readers, bare environments: each has an answer and a code.

use crate::desk::{DONE, Desk, FINDINGS, IO, NOW, REFUSED, Said, USAGE};
use std::fs;
use std::process::Stdio;

const COMMANDS: [&str; 9] = ["init", "new", "build", "check", "explain", "list", "why", "clean", "completions"];

#[test]
fn a_mistyped_command_gets_the_nearest_one() {
    let desk = Desk::empty();
    for (typed, meant) in [
        ("bild", "build"),
        ("chek", "check"),
        ("biuld", "build"),
        ("lst", "list"),
        ("completion", "completions"),
        ("explian", "explain"),
    ] {
        desk.run([typed]).has(USAGE).says(&format!("'{meant}'"));
    }
    desk.run(["frobnicate"]).has(USAGE).says("frobnicate").says("--help");
    desk.run(["build", "--drfats"]).has(USAGE).says("'--drafts'");
    desk.run(["list", "draft"]).has(USAGE).says("drafts");
    desk.run(["check", "--format", "jsn"]).has(USAGE).says("json");
    desk.run(["build", "-q", "-v"]).has(USAGE).says("cannot be used with");
}

#[test]
fn help_is_where_people_look_for_it() {
    let desk = Desk::empty();
    let bare = desk.run([] as [&str; 0]).has(USAGE);
    for help in ["--help", "-h", "help"] {
        let said = desk.run([help]).has(DONE);
        for command in COMMANDS {
            assert!(said.out.contains(command) && bare.out.contains(command), "{command}");
        }
    }
    for command in COMMANDS {
        desk.run([command, "--help"]).has(DONE).says("Usage:").says(command);
        desk.run(["help", command]).has(DONE).says("Usage:");
    }
    let version = desk.run(["--version"]).has(DONE);
    assert_eq!(version.out.trim(), concat!("dealwire ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn without_a_site_every_command_says_so_and_how_to_get_one() {
    let desk = Desk::empty();
    for line in [
        "build",
        "check",
        "clean",
        "list drafts",
        "why x.md",
        "new article Title",
        "check --root .",
        "build --root nowhere",
    ] {
        desk.type_in(line).has(USAGE).says("there is no site.toml").says("dealwire init");
    }
    let json = desk.type_in("check --format json").has(USAGE).json();
    assert_eq!(json["findings"][0]["code"], "E1001");
    assert!(desk.tree(".").is_empty());
}

#[test]
fn the_site_is_found_from_any_folder_inside() {
    let desk = Desk::site().go("content/articles");
    desk.type_in("check --strict").has(DONE);
    desk.type_in("build").has(DONE);
    assert!(desk.at("../../public/index.html").is_file());
    desk.run(["new", "tag", "Mills"]).has(DONE).says("content/tags/mills.md");
    assert!(desk.at("../tags/mills.md").is_file());
    desk.type_in("why 2024/first-deal.md").has(DONE).says("content/articles/2024/first-deal.md: public, at");
    desk.type_in("why ../articles/2024/first-deal.md")
        .has(DONE)
        .says("content/articles/2024/first-deal.md: public, at");
    desk.type_in("clean").has(DONE);
    assert!(!desk.at("../../public").exists());
}

#[test]
fn the_site_is_found_by_its_name() {
    let desk = Desk::empty();
    desk.run(["init", "site"]).has(DONE);
    desk.write("elsewhere/x", "");
    desk.type_in("check --strict --root site").has(DONE);
    desk.type_in("--root site build").has(DONE);
    assert!(desk.at("site/public/index.html").is_file());
    desk.type_in("why --root site site/content/pages/about.md").has(DONE).says("public, at https://example.com/about/");
    desk.type_in("why --root site content/pages/about.md").has(DONE).says("public, at https://example.com/about/");
    let desk = desk.go("elsewhere");
    desk.type_in("build --root ../site -o out").has(DONE);
    assert!(desk.at("out/index.html").is_file(), "an output is meant from where one stands");
    desk.type_in("why --root ../site ../site/content/pages/about.md").has(DONE).says("public, at");
}

#[test]
fn another_settings_file_can_be_named() {
    let desk = Desk::site();
    desk.write("staging.toml", desk.read("site.toml").replace("https://example.com", "https://staging.example.org"));
    desk.type_in("build --config staging.toml").has(DONE);
    assert!(desk.read("public/index.html").contains("https://staging.example.org/"));
    desk.type_in("build --config missing.toml").has(USAGE).says("missing.toml");
    fs::remove_file(desk.at("site.toml")).expect("removed");
    desk.type_in("check --config staging.toml").has(DONE);
    desk.write("staging.toml", [0xff, 0xfe]);
    desk.type_in("check --config staging.toml").has(FINDINGS).says("E0114");
}

#[test]
fn wrong_settings_are_shown_where_they_stand() {
    let desk = Desk::site();
    let settings = desk.read("site.toml");
    for (from, to, code) in [
        ("timezone = \"UTC\"", "timezone = \"Mars/Olympus\"", "E1002"),
        ("timezone = \"UTC\"", "", "E1001"),
        ("base_url = \"https://example.com\"", "base_url = \"example.com\"", "E1002"),
        ("title = \"Site\"", "title = \" \"", "E1002"),
        ("language = \"en\"", "langauge = \"en\"", "E1001"),
        ("language = \"en\"", "language = 7", "E1001"),
        ("language = \"en\"", "language = \"en", "E1001"),
        ("[\"patents\"]", "[\"pattents\"]", "E0203"),
        ("language = \"en\"", "page_size = 0", "E1002"),
        ("language = \"en\"", "permalinks.article = \"/:year/\"", "E1002"),
    ] {
        assert!(settings.contains(from), "{from}");
        desk.write("site.toml", settings.replacen(from, to, 1));
        desk.type_in("check").has(FINDINGS).says(code);
        desk.type_in("build").has(FINDINGS).says(code).says("site.toml");
        assert!(!desk.at("public").exists());
    }
}

#[test]
fn wrong_values_of_options_are_usage_errors() {
    let desk = Desk::site();
    for line in [
        "build --as-of yesterday",
        "build --as-of 2017-13-01",
        "build --as-of 2017-07",
        "build --base-url example.com",
        "build --base-url ftp://example.com",
        "build --base-url https://",
        "build --jobs 0",
        "build --jobs -1",
        "build --jobs many",
        "build --jobs 100000",
        "build --as-of",
        "why",
        "explain",
        "completions",
        "completions cmd",
        "build extra",
        "--explain",
    ] {
        desk.type_in(line).has(USAGE);
        assert!(!desk.at("public").exists(), "{line}");
    }
    let desk = desk.with("SOURCE_DATE_EPOCH", "tomorrow");
    desk.type_in("build").has(USAGE).says("SOURCE_DATE_EPOCH is `tomorrow`");
    desk.type_in(&format!("build --as-of {NOW}")).has(DONE);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let desk = Desk::site();
    for words in [
        vec!["completions", "bash"],
        vec!["help"],
        vec!["list", "deals", "--format", "json"],
        vec!["check", "--format", "sarif"],
    ] {
        let mut child =
            desk.command().args(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
        drop(child.stdout.take());
        let done = child.wait_with_output().expect("ended");
        let err = String::from_utf8_lossy(&done.stderr);
        assert!(!err.contains("panicked"), "{words:?}: {err}");
        assert_eq!(done.status.code(), Some(DONE), "{words:?}: {err}");
    }
    let mut child = desk.command().arg("build").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
    drop((child.stdout.take(), child.stderr.take()));
    assert_eq!(child.wait().expect("ended").code(), Some(DONE));
    assert!(desk.at("public/index.html").is_file());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_a_pipe_is_an_error() {
    let desk = Desk::site();
    for words in
        [vec!["completions", "bash"], vec!["list", "deals", "--format", "json"], vec!["check", "--format", "json"]]
    {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
        let said = Said::of(desk.command().args(&words).stdout(full));
        said.has(IO).says("standard output cannot be written");
    }
}

#[test]
fn a_bare_environment_is_enough() {
    let desk = Desk::site();
    for line in ["check --strict", "build", "clean", "list deals", "new article Title"] {
        let mut command = desk.command();
        command.env_clear();
        if cfg!(windows) {
            command.env("SystemRoot", std::env::var_os("SystemRoot").unwrap_or_default());
        }
        Said::of(command.args(line.split_whitespace())).has(DONE);
    }
}

#[cfg(unix)]
#[test]
fn bytes_that_are_no_text_are_answered() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let odd = OsStr::from_bytes(b"\xff\xfe-site");
    let desk = Desk::empty();
    desk.run([odd]).has(USAGE);
    desk.run([OsStr::new("new"), OsStr::new("article"), odd]).has(USAGE);
    desk.run([OsStr::new("check"), OsStr::new("--root"), odd]).has(USAGE).says("there is no site.toml");
    let desk = Desk::site();
    desk.run([OsStr::new("why"), odd]).has(USAGE).says("there is no file");
    desk.run([OsStr::new("build"), OsStr::new("--as-of"), odd]).has(USAGE);
    desk.run([OsStr::new("explain"), odd]).has(USAGE);
    // Folders may have such names where the system has them; what is in the site may not.
    let inside = desk.at("content/articles").join(odd);
    if fs::create_dir(desk.at("out")).is_ok() && fs::write(&inside, "---\n---\n").is_ok() {
        desk.type_in("check").has(IO).says("E1204").says("not UTF-8");
        desk.type_in("build").has(IO);
        fs::remove_file(&inside).expect("removed");
        desk.run([OsStr::new("build"), OsStr::new("-o"), odd]).has(DONE);
        assert!(desk.at(".").join(odd).join("index.html").is_file());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_is_gone_is_no_panic() {
    let desk = Desk::site();
    let gone = desk.top("gone");
    fs::create_dir(&gone).expect("a folder");
    for (line, code) in [("check", USAGE), ("build", USAGE), ("init x", IO), ("explain E0101", DONE)] {
        let script = format!("cd {0} && rmdir {0} && exec \"$0\" {line}", gone.display());
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_dealwire")]).stdin(Stdio::null());
        Said::of(&mut shell).has(code);
        fs::create_dir(&gone).expect("a folder");
    }
}

#[test]
fn completions_name_every_command_for_every_shell() {
    let desk = Desk::empty();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let said = desk.run(["completions", shell]).has(DONE);
        for command in COMMANDS {
            assert!(said.out.contains(command), "{shell}: {command}");
        }
        assert!(said.out.contains("as-of") && said.err.is_empty(), "{shell}");
    }
}

#[test]
fn colours_only_where_they_are_wanted() {
    let broken = || {
        let desk = Desk::site();
        desk.article("broken", "Broken", "unknown_key: 1\n");
        desk
    };
    broken().type_in("check").has(FINDINGS).keeps_quiet_about("\u{1b}");
    broken().with("CLICOLOR_FORCE", "1").type_in("check").has(FINDINGS).says("\u{1b}[");
    let desk = broken().with("NO_COLOR", "1");
    desk.type_in("check").has(FINDINGS).keeps_quiet_about("\u{1b}");
    // For machines never.
    for format in ["json", "sarif", "github"] {
        broken()
            .with("CLICOLOR_FORCE", "1")
            .type_in(&format!("check --format {format}"))
            .has(FINDINGS)
            .keeps_quiet_about("\u{1b}");
    }
}

#[test]
fn five_codes_and_no_other() {
    let desk = Desk::site();
    desk.type_in("build").has(DONE);
    desk.type_in("build --root nowhere").has(USAGE);
    desk.type_in("build --output content").has(REFUSED);
    desk.article("broken", "Broken", "unknown_key: 1\n");
    desk.type_in("build").has(FINDINGS);
    fs::remove_file(desk.at("content/articles/broken.md")).expect("removed");
    desk.write("blocker", "a file");
    desk.type_in("build --output blocker/below/public").has(IO);
}
