//! Every finding, as an editor sees it: small wrong sites, and word for word what the program says of them.
//!
//! `tests/findings/base` is a site without a mistake. Each other folder is named for a code, or `CODE-variant`, and holds
//! files that are laid over the base; beside them `why` (one line: what is wrong), `expected` (both outputs and the exit
//! code), and where it is needed `command` (else `check --as-of 2017-08-01`) and `remove` (paths to take out of the base).
//! What Git or an editor could not keep is made by [`by_hand`]. `DEALWIRE_BLESS=1` writes `expected` anew: read it then.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const DEFAULT: &str = "check --as-of 2017-08-01";

/// Codes that no content can cause, each with the test that covers it.
const ELSEWHERE: [(&str, &str); 11] = [
    ("E1205", "disk.rs"),
    ("E1301", "publish/promises.rs"),
    ("E1302", "publish/promises.rs"),
    ("E1303", "publish/faults.rs"),
    ("E1304", "publish/bucket.rs"),
    ("E1305", "publish/refusals.rs"),
    ("E1306", "publish/refusals.rs"),
    ("E1307", "publish/promises.rs"),
    ("E1308", "publish/refusals.rs"),
    ("E1309", "publish/promises.rs"),
    ("E1310", "publish/refusals.rs"),
];

fn here(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a file has a folder")).expect("folder");
    fs::write(path, bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}

fn names(folder: &Path) -> BTreeSet<String> {
    let list = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    list.map(|e| e.expect("entry").file_name().into_string().expect("UTF-8")).collect()
}

/// A PNG of 400 by 300 pixels, of which these parts say what is said.
fn png(parts: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let head = [&400_u32.to_be_bytes()[..], &300_u32.to_be_bytes(), b"\x08\x02\0\0\0"].concat();
    let all = [&[(b"IHDR", head.as_slice())], parts, &[(b"IEND", b"".as_slice())]].concat();
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, body) in all {
        let part = [kind.as_slice(), body].concat();
        let mut sum = flate2::Crc::new();
        sum.update(&part);
        out.extend(u32::try_from(body.len()).expect("short").to_be_bytes());
        out.extend(part);
        out.extend(sum.sum().to_be_bytes());
    }
    out
}

/// The folders of cases, in order.
fn cases() -> Vec<String> {
    names(&here("tests/findings")).into_iter().filter(|n| n != "base").collect()
}

fn lay(from: &Path, to: &Path) {
    for name in names(from) {
        let (a, b) = (from.join(&name), to.join(&name));
        if a.is_dir() {
            lay(&a, &b);
        } else {
            write(&b, &fs::read(&a).expect("a file of a case"));
        }
    }
}

/// A site in a folder of its own: the base with cases over it.
struct Site {
    folder: TempDir,
}

impl Site {
    fn of(cases: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let site = Self { folder };
        lay(&here("tests/findings/base"), &site.root());
        for case in cases {
            let from = here("tests/findings").join(case);
            lay(&from, &site.root());
            if let Ok(remove) = fs::read_to_string(from.join("remove")) {
                for path in remove.lines() {
                    fs::remove_file(site.root().join(path)).unwrap_or_else(|e| panic!("{case}: {path}: {e}"));
                }
            }
        }
        for ours in ["why", "expected", "command", "remove"] {
            let _ = fs::remove_file(site.root().join(ours));
        }
        site
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    fn command(&self, line: &str) -> Command {
        let mut c = Command::new(env!("CARGO_BIN_EXE_dealwire"));
        c.current_dir(self.folder.path()).args(line.split_whitespace()).args(["--root", "site"]);
        c.env_clear().env("LC_ALL", "C").env("TZ", "UTC").stdin(Stdio::null());
        c
    }

    /// Standard output, standard error and the exit code, without the name of the temporary folder.
    fn run(&self, line: &str) -> (String, String, i32) {
        // Into files, so that a program that hangs can be stopped and still be quoted.
        let file = |name: &str| self.folder.path().join(name);
        let open = |name: &str| fs::File::create(file(name)).expect("a file for the output");
        let mut command = self.command(line);
        let mut child = command.stdout(open("stdout")).stderr(open("stderr")).spawn().expect("the program starts");
        let start = Instant::now();
        let status = loop {
            match child.try_wait().expect("the program can be waited for") {
                Some(status) => break status,
                None if start.elapsed() > Duration::from_mins(2) => {
                    child.kill().expect("the program can be stopped");
                    panic!("`{line}` does not end; so far: {}", read(&file("stderr")));
                }
                None => std::thread::sleep(Duration::from_millis(2)),
            }
        };
        let folder = self.folder.path().to_str().expect("UTF-8");
        let text = |name: &str| read(&file(name)).replace(folder, "/…");
        (text("stdout"), text("stderr"), status.code().unwrap_or(-1))
    }
}

/// What a case needs that cannot lie in a repository. What is returned is kept until the program has ended.
fn by_hand(case: &str, site: &Site) -> Option<fs::File> {
    let root = site.root();
    let article = |rest: &[u8]| {
        let head = b"---\ntitle: A case\ndescription: A case.\ndate: 2017-07-20\n";
        write(&root.join("content/articles/case.md"), &[head, rest].concat());
    };
    match case {
        "E0107-body" => article("---\n\nNokia and\u{202e}Xiaomi have signed.\n".as_bytes()),
        "E0108-body" => article("---\n\nA Socie\u{301}te\u{301} buys.\n".as_bytes()),
        "E0112" => article(&[b"---\n\n".as_slice(), &b"Nothing more is known. ".repeat(500_000)].concat()),
        "E0112-front" => article(&[b"extra:\n", "  - known\n".repeat(30_000).as_bytes(), b"---\n\nText.\n"].concat()),
        "E0112-static" => {
            fs::create_dir_all(root.join("static")).expect("folder");
            let file = fs::File::create(root.join("static/film.mp4")).expect("file");
            file.set_len(513 * 1024 * 1024).expect("a file with a hole");
        }
        "E0112-pixels" => {
            let wide = 30_000_u32.to_be_bytes();
            let head = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &wide, &wide, b"\x08\x02\0\0\0"].concat();
            write(&root.join("content/articles/wall.png"), &head);
        }
        "E0819" => write(
            &root.join("content/articles/wall.jpg"),
            b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff",
        ),
        "E0819-front" | "E0819-linked" => write(&root.join("content/articles/wall.jpg"), b"<!doctype html>\n"),
        "E0819-pixels" => write(&root.join("content/articles/the wall.png"), &png(&[(b"IDAT", b"no pixels")])),
        "E0819-moving" => write(&root.join("content/articles/wall.png"), &png(&[(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0])])),
        "E0820" => write(&root.join("content/articles/wall.jpg"), &png(&[(b"IDAT", b"")])),
        "E0113-static" => write(&root.join("static/a\\b.txt"), b"x"),
        "E0114" => article(b"---\n\nA Soci\xe9t\xe9 buys.\n"),
        "E0114-settings" => write(&root.join("site.toml"), b"title = \"Soci\xe9t\xe9\"\n"),
        "E0114-template" => write(&root.join("templates/page.html"), b"<p>Soci\xe9t\xe9</p>\n"),
        "E0808" | "W0816" | "W0818" => {
            // The edition before, with the article at its old address.
            let before = Site::of(&[]);
            let out = root.join("public");
            let made = before.run(&format!("build --as-of 2017-07-31 --output {}", out.display()));
            assert_eq!(made.2, 0, "{}", made.1);
        }
        "E0805-case" => {
            for name in ["Note.txt", "note.txt"] {
                write(&root.join("static/root").join(name), b"x");
            }
        }
        "E1202-foreign" => {
            let made = site.run("build --as-of 2017-07-31");
            assert_eq!(made.2, 0, "{}", made.1);
            write(&root.join("public/notes.txt"), b"Mine.\n");
        }
        "E1203" => {
            let made = site.run("build --as-of 2017-07-31");
            assert_eq!(made.2, 0, "{}", made.1);
            let lock = names(&root).into_iter().find(|n| n.contains("dealwire-lock")).expect("a lock");
            let file = fs::OpenOptions::new().write(true).open(root.join(lock)).expect("the lock opens");
            file.set_len(0).expect("the lock is emptied");
            std::io::Write::write_all(&mut &file, b"4711\n").expect("the lock is written");
            file.lock().expect("the lock is free");
            return Some(file);
        }
        "E1204-name" => {
            write(&root.join("content/articles").join(std::ffi::OsStr::from_bytes(b"soci\xe9t\xe9.md")), b"x");
        }
        "E1204-pipe" => {
            let made = Command::new("mkfifo").arg(root.join("content/articles/pipe.md")).status();
            assert!(made.expect("mkfifo starts").success());
        }
        "E1206" => {
            std::os::unix::fs::symlink("nokia-xiaomi.md", root.join("content/articles/link.md")).expect("a link");
        }
        "E1206-folder" => {
            fs::rename(root.join("content"), root.join("texts")).expect("renamed");
            std::os::unix::fs::symlink("texts", root.join("content")).expect("a link");
        }
        _ => {}
    }
    None
}

/// What the program says of a case.
fn said(case: &str) -> String {
    let site = Site::of(&[case]);
    let held = by_hand(case, &site);
    let line = fs::read_to_string(here("tests/findings").join(case).join("command"));
    let (out, err, code) = site.run(line.as_deref().unwrap_or(DEFAULT).trim());
    drop(held);
    format!("{out}{err}exit code {code}\n")
}

/// The two texts line by line, with marks on those that differ.
fn difference(expected: &str, got: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), got.lines().collect());
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest = a.len().min(b.len()) - start;
    let end = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(x, y)| x == y).count();
    let mut out = String::new();
    for line in &a[..start] {
        let _ = writeln!(out, "    {line}");
    }
    for line in &a[start..a.len() - end] {
        let _ = writeln!(out, "  - {line}");
    }
    for line in &b[start..b.len() - end] {
        let _ = writeln!(out, "  + {line}");
    }
    for line in &a[a.len() - end..] {
        let _ = writeln!(out, "    {line}");
    }
    out
}

#[test]
fn every_case_is_reported_word_for_word() {
    let bless = std::env::var_os("DEALWIRE_BLESS").is_some();
    let cases = cases();
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|s| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            s.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let got = said(case);
                    let file = here("tests/findings").join(case).join("expected");
                    if bless {
                        write(&file, got.as_bytes());
                    } else if fs::read_to_string(&file).ok().as_deref() != Some(&got) {
                        let expected = fs::read_to_string(&file).unwrap_or_default();
                        let text = format!("{case}\n{}", difference(&expected, &got));
                        wrong.lock().expect("no thread panicked").push(text);
                    }
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().expect("no thread panicked");
    wrong.sort();
    assert!(
        wrong.is_empty(),
        "{} of {} cases are reported otherwise (- expected, + said):\n\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

#[test]
fn each_case_is_named_for_what_it_shows_and_says_why() {
    for case in cases() {
        let folder = here("tests/findings").join(&case);
        let code = case.split('-').next().expect("a name");
        let expected = read(&folder.join("expected"));
        assert!(expected.contains(&format!("[{code}]")), "{case}: {code} is not in\n{expected}");
        let last = expected.lines().last().unwrap_or("");
        let fails = code.starts_with('E');
        assert_eq!(last != "exit code 0", fails, "{case}: errors alone stop a build, here: {last}");
        let why = read(&folder.join("why"));
        assert!(why.trim_end().lines().count() == 1 && why.trim_end().ends_with('.'), "{case}: one sentence says why");
    }
}

#[test]
fn the_base_is_without_a_mistake() {
    let site = Site::of(&[]);
    let (out, err, code) = site.run("check --strict --as-of 2017-08-01");
    assert_eq!((out.as_str(), code), ("", 0), "{err}");
    assert!(err.starts_with("Checked ") && err.ends_with(" pages: 0 errors, 0 warnings.\n"), "{err}");
    let (_, err, code) = site.run("build --strict --as-of 2017-08-01");
    assert_eq!(code, 0, "{err}");
}

/// The codes in the program's source: a letter and four digits in quotation marks.
fn codes_of_source() -> BTreeSet<String> {
    fn collect(folder: &Path, all: &mut BTreeSet<String>) {
        for name in names(folder) {
            let path = folder.join(&name);
            if path.is_dir() {
                collect(&path, all);
            } else if name.ends_with(".rs") {
                let text = read(&path);
                let text = text.split("#[cfg(test)]").next().unwrap_or("");
                for piece in text.split('"') {
                    let is_code = piece.len() == 5
                        && piece.starts_with(['E', 'W'])
                        && piece.bytes().skip(1).all(|b| b.is_ascii_digit());
                    if is_code {
                        all.insert(piece.to_owned());
                    }
                }
            }
        }
    }
    let mut all = BTreeSet::new();
    collect(&here("src"), &mut all);
    assert!(all.len() > 50, "the source has codes: {all:?}");
    all
}

fn codes_of_pages() -> BTreeSet<String> {
    names(&here("docs/checks"))
        .iter()
        .filter_map(|n| n.strip_suffix(".md"))
        .filter(|n| *n != "README")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let (source, pages) = (codes_of_source(), codes_of_pages());
    let unexplained: Vec<_> = source.difference(&pages).collect();
    assert!(unexplained.is_empty(), "no page in docs/checks: {unexplained:?}");
    let unused: Vec<_> = pages.difference(&source).collect();
    assert!(unused.is_empty(), "a page, but nothing in src raises it: {unused:?}");
}

#[test]
fn every_code_has_a_case() {
    let all: String = cases().iter().map(|c| read(&here("tests/findings").join(c).join("expected"))).collect();
    for code in codes_of_source() {
        if let Some((_, test)) = ELSEWHERE.iter().find(|(c, _)| *c == code) {
            assert!(read(&here("tests").join(test)).contains(&format!("\"{code}\"")), "{code} is not in tests/{test}");
        } else {
            assert!(all.contains(&format!("[{code}]")), "no case in tests/findings shows {code}");
        }
    }
}

#[test]
fn every_page_has_its_parts_and_is_what_explain_prints() {
    let index = read(&here("docs/checks/README.md"));
    for code in codes_of_pages() {
        let page = read(&here("docs/checks").join(format!("{code}.md")));
        let title = page.lines().next().and_then(|l| l.strip_prefix(&format!("# {code}: "))).unwrap_or("");
        assert!(!title.is_empty(), "{code}: the first line is `# {code}: short name`");
        assert!(index.contains(&format!("| [{code}]({code}.md) | {title} |")), "{code}: not so in README.md");
        let mut rest = page.as_str();
        for part in ["\n\n", "\n## Why it matters\n\n", "\n## Example\n\n", "\n## Remedy\n\n"] {
            let at = rest.find(part).unwrap_or_else(|| panic!("{code}: {part:?} is missing, or out of order"));
            rest = &rest[at + part.len()..];
            assert!(
                rest.starts_with(|c: char| !c.is_whitespace() && c != '#'),
                "{code}: nothing stands under {part:?}"
            );
        }
        assert_eq!(page.matches("```").count() % 2, 0, "{code}: an example does not end");
        let lines = page.lines().count();
        assert!((12..=40).contains(&lines), "{code}: {lines} lines");
        let told = Command::new(env!("CARGO_BIN_EXE_dealwire")).args(["explain", &code]).output().expect("starts");
        assert_eq!(String::from_utf8_lossy(&told.stdout), page, "{code}: explain prints the page");
    }
}

/// Three mistakes of three kinds in three files, and one about no file.
const RICH: [&str; 4] = ["E0101-deal", "E0201-mention", "W0903", "E0208-self"];

#[test]
fn findings_for_machines() {
    let site = Site::of(&RICH);
    let (out, err, code) = site.run("check --as-of 2017-08-01 --format json");
    assert_eq!((err.as_str(), code), ("", 1));
    let all: serde_json::Value = serde_json::from_str(&out).expect("one JSON value");
    assert_eq!(all.as_object().map(|o| o.keys().collect::<Vec<_>>()), Some(vec![&"findings".to_owned()]));
    let all = all["findings"].as_array().expect("a list");
    let codes: BTreeSet<&str> = all.iter().filter_map(|f| f["code"].as_str()).collect();
    assert!(["E0101", "E0201", "E0208", "W0903"].iter().all(|c| codes.contains(c)), "{codes:?}");
    for f in all {
        let keys: BTreeSet<&str> = f.as_object().expect("an object").keys().map(String::as_str).collect();
        let wanted = ["code", "severity", "message", "file", "line", "column", "end_line", "end_column", "help"];
        assert_eq!(keys, BTreeSet::from(wanted), "{f}");
        let severity = if f["code"].as_str().is_some_and(|c| c.starts_with('E')) { "error" } else { "warning" };
        assert_eq!(f["severity"], severity, "{f}");
        assert!(f["message"].as_str().is_some_and(|m| !m.is_empty()) && f["help"].is_string(), "{f}");
        let number = |k: &str| f[k].as_u64().unwrap_or(0);
        assert!(number("line") >= 1 && number("column") >= 1, "{f}");
        assert!((number("end_line"), number("end_column")) > (number("line"), number("column")), "{f}");
        // The place is the text that the message quotes.
        let text = read(&site.root().join(f["file"].as_str().expect("a file")));
        let line = text.lines().nth(usize::try_from(number("line")).expect("small") - 1).expect("the line is there");
        let column = |key: &str| usize::try_from(number(key)).expect("small") - 1;
        let (from, to) = (column("column"), column("end_column"));
        let marked: String = line.chars().skip(from).take(to - from).collect();
        assert!(f["message"].as_str().is_some_and(|m| m.contains(&marked)), "{marked}: {f}");
    }
    let (out, err, code) = site.run("check --strict --as-of 2017-08-01 --format sarif");
    assert_eq!((err.as_str(), code), ("", 1));
    let log: serde_json::Value = serde_json::from_str(&out).expect("one JSON value");
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().is_some_and(|s| s.contains("sarif-2.1.0")), "{log}");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "dealwire");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for code in &codes {
        let rule = rules.iter().find(|r| r["id"] == *code).unwrap_or_else(|| panic!("no rule {code}"));
        let page = read(&here("docs/checks").join(format!("{code}.md")));
        let title = rule["shortDescription"]["text"].as_str().expect("a title");
        assert!(page.starts_with(&format!("# {code}: {title}\n")), "{rule}");
    }
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), all.len());
    for (r, f) in results.iter().zip(all) {
        let at = &r["locations"][0]["physicalLocation"];
        assert_eq!((&r["ruleId"], &r["level"]), (&f["code"], &serde_json::json!("error")), "strict: {r}");
        assert!(r["message"]["text"].as_str().is_some_and(|t| t.starts_with(f["message"].as_str().expect("text"))));
        assert_eq!(at["artifactLocation"]["uri"], f["file"]);
        assert_eq!(at["region"]["startLine"], f["line"]);
        assert_eq!(at["region"]["startColumn"], f["column"]);
        assert_eq!(at["region"]["endLine"], f["end_line"]);
        assert_eq!(at["region"]["endColumn"], f["end_column"]);
    }
    let (out, err, code) = site.run("check --as-of 2017-08-01 --format github");
    assert_eq!((err.as_str(), code), ("", 1));
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), all.len(), "one line each: {out}");
    for (line, f) in lines.iter().zip(all) {
        let severity = f["severity"].as_str().expect("a word");
        assert!(line.starts_with(&format!("::{severity} ")), "{line}");
        let file = format!("file={},line={},", f["file"].as_str().expect("a file"), f["line"]);
        assert!(line.contains(&file), "{file}: {line}");
        let message = f["message"].as_str().expect("a message").replace('%', "%25");
        assert!(line.split_once("::").is_some_and(|(_, l)| l.contains(&format!("::{message}"))), "{message}: {line}");
    }
}
