//! The house rules that the compiler does not hold: which way imports point, and which words have one home.

#![allow(clippy::disallowed_methods, reason = "a test reads the sources")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The sources below `src/`: the path below it, the text.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for item in fs::read_dir(&folder).expect("a folder of sources") {
            let path: PathBuf = item.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).expect("UTF-8")));
            }
        }
    }
    assert!(found.len() > 40, "the walk sees the sources");
    found.sort();
    found
}

/// The modules of `lib.rs`, in its order: the direction in which data flows.
fn order() -> Vec<String> {
    let lib = sources().into_iter().find(|s| s.0 == "lib.rs").expect("lib.rs").1;
    let name = |l: &str| Some(l.strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned());
    lib.lines().filter_map(name).collect()
}

fn module(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or(file)
}

/// The names that follow `crate::`, also inside braces (`crate::{model::Id, site::Site}`).
fn imports(text: &str) -> BTreeSet<String> {
    let word = |t: &str| t.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut start = true;
            for (i, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => start = true,
                    c if start && c.is_ascii_alphabetic() => {
                        found.insert(word(&group[i..]));
                        start = false;
                    }
                    _ => {}
                }
            }
        } else {
            found.insert(word(rest));
        }
    }
    found
}

#[test]
fn imports_point_up_the_list_in_lib_rs() {
    let order = order();
    assert_eq!(order.first().map(String::as_str), Some("diagnostic"));
    let place = |m: &str| order.iter().position(|o| o == m);
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let Some(own) = place(module(&file)) else { continue };
        for name in imports(&text) {
            match place(&name) {
                Some(other) if other > own => {
                    wrong.push(format!("src/{file} imports crate::{name}, which comes after"));
                }
                Some(_) => {}
                None => wrong.push(format!("src/{file} imports crate::{name}, which lib.rs does not list")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_is_listed_in_lib_rs() {
    let order = order();
    let missing: BTreeSet<String> = sources()
        .iter()
        .map(|(file, _)| module(file).to_owned())
        .filter(|m| !["lib", "main"].contains(&m.as_str()) && !order.contains(m))
        .collect();
    assert!(missing.is_empty(), "not in lib.rs: {missing:?}");
}

#[test]
fn some_words_have_one_home() {
    // Each word, and where alone it may stand.
    let homes = [
        ("tera::", "render/"),
        ("rustybuzz", "render/cards/"),
        ("ab_glyph_rasterizer", "render/cards/"),
        ("png::", "render/cards/ render/images/"),
        ("image::metadata", "render/images/"),
        ("webp::", "render/images/"),
        ("moxcms", "render/images/"),
        ("mrml::", "render/mail.rs"),
        ("mail_builder", "render/mail.rs"),
        ("pulldown_cmark", "render/markdown"),
        ("notify::", "source/watch.rs"),
        ("axum", "sink/preview/"),
        ("tokio::", "sink/preview/ sink/publish/bucket.rs sink/publish/sftp sink/publish/notices.rs"),
        ("reqwest::", "sink/publish/"),
        ("openssh_sftp_client", "sink/publish/sftp"),
        ("saphyr_parser", "entry/"),
        ("ammonia", "render/"),
        ("rayon", "source/ sink/ commands/"),
        ("clap::", "commands/"),
        ("rustix", "main.rs source/ sink/disk/ sink/publish/"),
        ("object_store", "sink/publish/bucket.rs sink/publish/open.rs sink/publish/amazon.rs sink/publish/clock.rs"),
    ];
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        for (word, home) in homes {
            if text.contains(word) && !home.split(' ').any(|h| file.starts_with(h)) {
                wrong.push(format!("src/{file} speaks of {word}, whose home is {home}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_doors_to_the_world_are_at_three_modules() {
    let lifted: BTreeSet<String> = sources()
        .into_iter()
        .filter(|(_, text)| text.contains("clippy::disallowed"))
        .map(|(file, _)| module(&file).to_owned())
        .collect();
    let expected = ["commands", "main", "sink", "source"].map(str::to_owned);
    assert_eq!(lifted, BTreeSet::from(expected), "where clippy.toml's rules are lifted");
}

#[test]
fn every_file_opens_with_what_it_does() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let first = text.lines().next().unwrap_or_default();
        if !first.starts_with("//! ") || first.len() < 20 {
            wrong.push(format!("src/{file} opens with: {first}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_for_later_and_no_name_is_empty_of_meaning() {
    let unfinished = ["todo!", "unimplemented!", "TODO", "FIXME", "XXX", "for now"];
    let hollow = ["manager", "engine", "context", "utils", "helpers", "common", "misc"];
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        for word in unfinished.iter().filter(|w| text.contains(**w)) {
            wrong.push(format!("src/{file} says {word}"));
        }
        for word in hollow.iter().filter(|w| file.split(['/', '.', '_']).any(|part| part == **w)) {
            wrong.push(format!("src/{file} is called {word}"));
        }
        if text.lines().count() > 400 {
            wrong.push(format!("src/{file} has {} lines: look for the second room in it", text.lines().count()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every string of the interface is asked for, and everything that is asked for is there.
#[test]
fn strings_are_there_and_are_asked_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let english = fs::read_to_string(root.join("i18n/en.ftl")).expect("the English strings");
    let key = |l: &str| l.split_once(" =").map(|(k, _)| k.to_owned());
    let keys: BTreeSet<String> =
        english.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase())).filter_map(key).collect();
    let mut texts: Vec<String> = sources()
        .into_iter()
        .filter(|s| ["pages/", "render/", "edition/"].iter().any(|m| s.0.starts_with(m)))
        .map(|s| s.1)
        .collect();
    texts.extend(sources().into_iter().filter(|s| s.0.starts_with("locale/") && s.0 != "locale/tests.rs").map(|s| s.1));
    for item in fs::read_dir(root.join("templates")).expect("the templates") {
        texts.push(fs::read_to_string(item.expect("an entry").path()).expect("UTF-8"));
    }
    // Whose names are put together in the program.
    let made =
        ["kind-", "role-", "state-", "source-", "month-", "quarter-", "scale-", "alert-", "clarification", "update"];
    let is_asked = |k: &String| texts.iter().any(|t| t.contains(&format!("\"{k}\"")));
    let idle: Vec<&String> = keys.iter().filter(|k| !made.iter().any(|m| k.starts_with(m)) && !is_asked(k)).collect();
    assert!(idle.is_empty(), "nothing asks for {idle:?}");
    let mut missing = BTreeSet::new();
    for text in &texts {
        for (at, _) in text.match_indices("\" | t") {
            let asked = text[..at].rsplit('"').next().unwrap_or_default();
            missing.extend(Some(asked.to_owned()).filter(|a| !keys.contains(a)));
        }
        for call in [
            "words.text(\"",
            "words.with(\"",
            "words.count(\"",
            "w.text(\"",
            "w.forms(\"",
            "w.pattern(\"",
            "words.joined(\"",
        ] {
            let asked =
                text.match_indices(call).map(|(at, c)| text[at + c.len()..].split('"').next().unwrap_or_default());
            missing.extend(asked.filter(|a| !keys.contains(*a)).map(str::to_owned));
        }
    }
    assert!(missing.is_empty(), "there are no strings {missing:?}");
}
