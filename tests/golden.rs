//! Small sites, built and compared with what was looked over once, byte for byte. `DEALWIRE_BLESS=1` writes it anew.
//!
//! A site is `tests/golden/NAME/` with `site.toml`, `content/` and so on, and `expected/`. Its looks are those of
//! `tests/golden/looks/`, one line for each value that docs/templates.md names, so that a change of the theme is no
//! change here. What is not compared: the manifest, and the files of the theme's own `static/`.
#![allow(clippy::disallowed_methods, reason = "a test works on the disk like a user")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The instant of every golden site.
const AS_OF: &str = "2024-01-01T00:00:00Z";

type Tree = BTreeMap<String, Vec<u8>>;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn golden(name: &str) -> PathBuf {
    repository().join("tests/golden").join(name)
}

/// Everything below a folder, by path with `/`; nothing where there is no folder.
fn tree(top: &Path) -> Tree {
    let mut tree = Tree::new();
    if !top.exists() {
        return tree;
    }
    for item in walkdir::WalkDir::new(top) {
        let item = item.expect("a readable folder");
        if item.file_type().is_file() {
            let below = item.path().strip_prefix(top).expect("below");
            let path = below.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            tree.insert(path, fs::read(item.path()).expect("a file"));
        }
    }
    tree
}

fn put(top: &Path, tree: &Tree) {
    for (path, bytes) in tree {
        let path = top.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
}

/// A copy of a golden site with the looks that all share, to be changed and built.
struct Site {
    folder: TempDir,
}

impl Site {
    fn of(name: &str) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        put(folder.path(), &tree(&golden("looks")));
        for part in ["content", "templates", "static"] {
            put(&folder.path().join(part), &tree(&golden(name).join(part)));
        }
        fs::copy(golden(name).join("site.toml"), folder.path().join("site.toml")).expect("site.toml");
        let sent = golden(name).join("newsletters.toml");
        if sent.exists() {
            fs::copy(sent, folder.path().join("newsletters.toml")).expect("newsletters.toml");
        }
        Self { folder }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Replaces a part of site.toml, which must be there.
    fn settle(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.at("site.toml")).expect("site.toml");
        assert!(text.contains(from), "site.toml has no {from}");
        fs::write(self.at("site.toml"), text.replacen(from, to, 1)).expect("site.toml");
    }

    /// Builds the site without a warning; the tree, less the manifest and what the theme alone brought.
    fn build(&self) -> Tree {
        let done = Command::new(env!("CARGO_BIN_EXE_dealwire"))
            .args(["build", "--strict", "--quiet", "--as-of", AS_OF])
            .current_dir(self.folder.path())
            .env_remove("SOURCE_DATE_EPOCH")
            .stdin(Stdio::null())
            .output()
            .expect("dealwire");
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success() && said.is_empty(), "{said}");
        let theme = tree(&repository().join("static"));
        let own = tree(&self.at("static"));
        let foreign: Vec<&String> = theme.keys().filter(|f| !own.contains_key(*f)).collect();
        let mut built = tree(&self.at("public"));
        built.retain(|path, _| !path.starts_with(".dealwire") && !foreign.iter().any(|f| is_print_of(path, f)));
        built
    }
}

/// Whether a published path is `assets/STEM.FINGERPRINT.EXTENSION` of a file of `static/`.
fn is_print_of(path: &str, file: &str) -> bool {
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    let Some(rest) = path.strip_prefix("assets/").and_then(|p| p.strip_prefix(stem)) else { return false };
    let Some(print) = rest.strip_prefix('.').and_then(|r| r.strip_suffix(extension)) else { return false };
    let print = print.trim_end_matches('.');
    print.len() >= 8 && print.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether the expected trees are to be written anew.
fn is_blessing() -> bool {
    std::env::var_os("DEALWIRE_BLESS").is_some_and(|v| v == "1")
}

/// The lines from the first to the last that differ, in both texts.
fn lines_that_differ(wanted: &str, got: &str) -> String {
    let (wanted, got): (Vec<&str>, Vec<&str>) = (wanted.lines().collect(), got.lines().collect());
    let same = wanted.iter().zip(&got).take_while(|(a, b)| a == b).count();
    let (mut wanted, mut got) = (wanted[same..].to_vec(), got[same..].to_vec());
    while wanted.last().is_some() && wanted.last() == got.last() {
        wanted.pop();
        got.pop();
    }
    let show =
        |mark: &str, all: &[&str]| all.iter().take(6).map(|l| format!("{mark} {l}")).collect::<Vec<_>>().join("\n");
    format!("line {}\n{}\n{}", same + 1, show("expected", &wanted), show("built   ", &got))
}

/// Compares a built tree with the expected one; shows the first differences as people read them.
#[track_caller]
fn compare(name: &str, built: &Tree) {
    let folder = golden(name).join("expected");
    if is_blessing() {
        let _ = fs::remove_dir_all(&folder);
        put(&folder, built);
        return;
    }
    let expected = tree(&folder);
    assert!(!expected.is_empty(), "{name} has no expected tree; DEALWIRE_BLESS=1 writes one, to be looked over");
    let mut faults: Vec<String> = Vec::new();
    for path in expected.keys().filter(|p| !built.contains_key(*p)) {
        faults.push(format!("missing: {path}"));
    }
    for path in built.keys().filter(|p| !expected.contains_key(*p)) {
        faults.push(format!("not expected: {path}"));
    }
    for (path, bytes) in built {
        let Some(wanted) = expected.get(path).filter(|w| *w != bytes) else { continue };
        faults.push(match (std::str::from_utf8(wanted), std::str::from_utf8(bytes)) {
            (Ok(wanted), Ok(got)) => format!("differs: {path}\n{}", lines_that_differ(wanted, got)),
            _ => format!("differs, and is no text: {path}"),
        });
    }
    let shown: Vec<String> = faults.iter().take(8).cloned().collect();
    assert!(faults.is_empty(), "{name}: {} differences\n{}", faults.len(), shown.join("\n"));
}

#[test]
fn kinds() {
    compare("kinds", &Site::of("kinds").build());
}

#[test]
fn kinds_in_toml_give_the_same_pages() {
    let site = Site::of("kinds");
    let twins = tree(&golden("kinds/toml"));
    let entries: Vec<String> = tree(&site.at("content")).into_keys().filter(|p| p.ends_with(".md")).collect();
    assert_eq!(twins.keys().cloned().collect::<Vec<_>>(), entries, "every entry has a twin");
    assert!(twins.values().all(|t| t.starts_with(b"+++\n")));
    put(&site.at("content"), &twins);
    let built = site.build();
    if !is_blessing() {
        compare("kinds", &built);
    }
}

#[test]
fn chinese() {
    compare("chinese", &Site::of("chinese").build());
}

#[test]
fn markdown() {
    compare("markdown", &Site::of("markdown").build());
}

#[test]
fn outputs_off() {
    compare("outputs-off", &Site::of("outputs-off").build());
}

#[test]
fn paging() {
    compare("paging", &Site::of("paging").build());
}

/// Every address on the site that a page, feed or sitemap leads to.
fn leads(built: &Tree) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (path, bytes) in built.iter().filter(|(p, _)| p.ends_with(".html") || p.ends_with(".xml")) {
        let text = String::from_utf8_lossy(bytes);
        let mut at = |url: &str| {
            let url = url.strip_prefix("https://plain.example.com").unwrap_or(url);
            if url.starts_with('/') {
                found.push((path.clone(), url.split('#').next().unwrap_or(url).to_owned()));
            }
        };
        for (opener, end) in
            [("href=\"", '"'), ("href=&quot;", '&'), ("<loc>", '<'), ("(/", ')'), ("\"url\":\"", '"'), ("-> ", '\n')]
        {
            let keep = usize::from(opener == "(/");
            for (i, _) in text.match_indices(opener) {
                let rest = &text[i + opener.len() - keep..];
                at(&rest[..rest.find(end).unwrap_or(rest.len())]);
            }
        }
    }
    found
}

#[test]
fn each_switch_takes_out_its_pages_and_every_link_to_them() {
    let with = |off: &[&str]| {
        let site = Site::of("outputs-off");
        for name in [
            "deals",
            "companies",
            "people",
            "tags",
            "threads",
            "archive",
            "feeds",
            "data",
            "pairs",
            "news",
            "corrections",
            "newsletter",
            "twins",
            "search",
        ] {
            if !off.contains(&name) {
                site.settle(&format!("{name} = false"), &format!("{name} = true"));
            }
        }
        site.build()
    };
    let all = with(&[]);
    for (switch, gone) in [
        ("deals", "deals/"),
        ("companies", "companies/"),
        ("people", "people/"),
        ("tags", "tags/"),
        ("threads", "threads/"),
        ("archive", "2017/"),
        ("feeds", "tags/patents/feed.xml"),
        ("data", "companies/alpha/deals."),
        ("corrections", "corrections/"),
        ("newsletter", "newsletter/"),
        ("twins", "deals/licence/index.md"),
        ("search", "search/"),
    ] {
        assert!(all.keys().any(|p| p.starts_with(gone)), "{gone} is there to be switched off");
        let built = with(&[switch]);
        let left: Vec<&String> =
            built.keys().filter(|p| p.starts_with(gone) && !p.starts_with("2017/07/licence/")).collect();
        assert!(left.is_empty(), "{switch} = false left {left:?}");
        assert!(built.keys().all(|p| all.contains_key(p)), "{switch} = false made something");
        for (page, url) in leads(&built) {
            let file = url.trim_start_matches('/');
            let stands = built.contains_key(file) || built.contains_key(&format!("{file}index.html"));
            assert!(stands, "{switch} = false: {page} leads to {url}");
        }
    }
}
