//! The disk sink from outside: what it writes, refuses and leaves alone, also when it is killed. Needs no site.

#![allow(clippy::result_large_err, reason = "an error ends the test, or is what it is about")]

use dealwire::diagnostic::{Diagnostic, FileId};
use dealwire::model::{Answer, Output, Route, Shelf};
use dealwire::sink::disk::{self, MANIFEST, Manifest, Options, Refused, Report};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::TempDir;

/// A shelf in memory: by route, what stands there.
#[derive(Clone, Default)]
struct Rack(BTreeMap<Route, Result<Answer, Diagnostic>>);

impl Shelf for Rack {
    fn routes(&self) -> Vec<Route> {
        self.0.keys().cloned().collect()
    }

    fn ask(&self, route: &Route) -> Result<Answer, Diagnostic> {
        self.0.get(route).cloned().unwrap_or(Ok(Answer::Absent))
    }
}

impl Rack {
    fn of(pages: &[(&str, &str)]) -> Self {
        pages.iter().fold(Self::default(), |rack, (at, text)| rack.with(at, text))
    }

    fn with(mut self, at: &str, text: &str) -> Self {
        self.0.insert(route(at), Ok(Answer::Found(Output::plain(text.into()))));
        self
    }

    fn without(mut self, at: &str) -> Self {
        self.0.remove(&route(at));
        self
    }

    fn with_answer(mut self, at: &str, answer: Result<Answer, Diagnostic>) -> Self {
        self.0.insert(route(at), answer);
        self
    }
}

fn route(text: &str) -> Route {
    Route::parse(text).unwrap_or_else(|| panic!("{text} is no route"))
}

/// A site's folder with nothing but `content/` in it.
struct Site {
    folder: TempDir,
}

impl Site {
    fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        fs::create_dir(folder.path().join("content")).expect("content");
        Self { folder }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn options(&self) -> Options {
        options(self.folder.path())
    }

    fn build(&self, rack: &Rack) -> Report {
        build(rack, &self.options())
    }

    fn out(&self) -> Tree {
        tree(&self.at("public"))
    }
}

fn options(root: &Path) -> Options {
    Options {
        root: root.to_owned(),
        out: root.join("public"),
        marked: false,
        instant: jiff::Timestamp::UNIX_EPOCH,
        jobs: 2,
        source_dirs: vec![root.join("content"), root.join("templates")],
    }
}

fn write(rack: &Rack, options: &Options) -> Result<Report, Refused> {
    disk::write(rack, options, &|_, _| {})
}

fn build(rack: &Rack, options: &Options) -> Report {
    write(rack, options).unwrap_or_else(|e| panic!("{e:?}"))
}

/// Everything below a folder: `None` for a folder, else bytes and mode.
type Tree = BTreeMap<String, Option<(Vec<u8>, u32)>>;

fn tree(top: &Path) -> Tree {
    walkdir::WalkDir::new(top)
        .min_depth(1)
        .into_iter()
        .map(|item| {
            let item = item.expect("a readable tree");
            let path = item.path().strip_prefix(top).expect("below").to_string_lossy().into_owned();
            let mode = item.metadata().expect("metadata").permissions().mode() & 0o7777;
            if item.file_type().is_dir() {
                assert_eq!(mode, 0o755, "{path}");
                return (path, None);
            }
            let bytes =
                if item.file_type().is_file() { fs::read(item.path()).expect("a file") } else { b"other".to_vec() };
            (path, Some((bytes, mode)))
        })
        .collect()
}

/// What a build into an empty place gives.
fn clean_build(rack: &Rack) -> Tree {
    let site = Site::new();
    site.build(rack);
    site.out()
}

/// Inode and time of change of every file, by which a rewrite shows.
fn touched(top: &Path) -> Vec<(PathBuf, u64, i64, i64)> {
    let mut all: Vec<_> = walkdir::WalkDir::new(top)
        .into_iter()
        .map(|item| item.expect("a readable tree"))
        .map(|item| (item.path().to_owned(), item.metadata().expect("metadata")))
        .map(|(path, m)| (path, m.ino(), m.ctime(), m.ctime_nsec()))
        .collect();
    all.sort();
    all
}

#[track_caller]
fn assert_refused(result: Result<Report, Refused>, code: &str, words: &[&str]) {
    let refused = result.expect_err("a refusal");
    let kind = match &refused {
        Refused::Findings(_) => "E1201 E1205",
        Refused::Refusal(_) => "E1202 E1203",
        Refused::Io(_) => "E1204",
    };
    assert!(kind.contains(code), "{refused:?}");
    let first = &refused.findings()[0];
    assert_eq!(first.code, code, "{first:?}");
    for word in words {
        assert!(first.message.contains(word), "{word} in {}", first.message);
    }
}

fn small() -> Rack {
    Rack::of(&[("/", "home"), ("/a/", "page a"), ("/b/c/", "page c"), ("/feed.xml", "<feed/>"), ("/ü/空/", "umlaut")])
}

// What it writes

#[test]
fn a_first_build() {
    let site = Site::new();
    let count = AtomicUsize::new(0);
    let report = disk::write(&small(), &site.options(), &|done, all| {
        assert!(done <= all && all == 5);
        count.fetch_add(1, Ordering::Relaxed);
    });
    let report = report.unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!((report.files, report.written, report.unchanged, report.removed, report.bytes), (5, 5, 0, 0, 29));
    assert_eq!(count.into_inner(), 5);
    let out = site.out();
    assert_eq!(out["b/c/index.html"], Some((b"page c".to_vec(), 0o644)));
    assert_eq!(out["ü/空/index.html"], Some((b"umlaut".to_vec(), 0o644)));
    let manifest = Manifest::read(&site.at("public")).expect("readable").expect("there");
    assert_eq!(manifest.files, report.outputs);
    assert!(!manifest.drafts);
    let text = fs::read_to_string(site.at("public").join(MANIFEST)).expect("text");
    assert!(text.starts_with(r#"{"dealwire":1,"instant":"1970-01-01T00:00:00Z","drafts":false,"files":{"a/index.html":{"size":6,"digest":""#), "{text}");
    assert!(!site.at(".public.dealwire-back").exists());
}

#[test]
fn nothing_changed_and_nothing_is_touched() {
    let site = Site::new();
    site.build(&small());
    site.build(&small().with("/a/", "other"));
    for jobs in [1, 2, 7] {
        let before = (touched(&site.at("public")), touched(&site.at(".public.dealwire-back")));
        let report = build(&small().with("/a/", "other"), &Options { jobs, ..site.options() });
        assert_eq!((report.written, report.unchanged, report.removed), (0, 5, 0));
        assert_eq!(before, (touched(&site.at("public")), touched(&site.at(".public.dealwire-back"))));
    }
}

#[test]
fn only_what_lags_is_written() {
    let site = Site::new();
    site.build(&small());
    let second = site.build(&small().with("/a/", "two").without("/feed.xml"));
    assert_eq!((second.written, second.unchanged, second.removed), (1, 3, 1));
    let home = |slot: &str| fs::metadata(site.at(slot).join("index.html")).expect("home").ino();
    let (front, back) = (home("public"), home(".public.dealwire-back"));
    let third = site.build(&small().with("/a/", "three"));
    assert_eq!((third.written, third.unchanged, third.removed), (2, 3, 0));
    assert_eq!((home(".public.dealwire-back"), home("public")), (front, back), "exchanged, and not written again");
    assert_eq!(site.out(), clean_build(&small().with("/a/", "three")));
}

#[test]
fn an_instant_or_a_draft_mark_alone_changes_the_manifest_alone() {
    let site = Site::new();
    site.build(&small());
    let before = fs::metadata(site.at("public/index.html")).expect("home").ino();
    let marked = Options { marked: true, instant: jiff::Timestamp::MAX, ..site.options() };
    assert_eq!(build(&small(), &marked).written, 0);
    assert_eq!(before, fs::metadata(site.at("public/index.html")).expect("home").ino());
    let manifest = Manifest::read(&site.at("public")).expect("readable").expect("there");
    assert!(manifest.drafts && manifest.instant == jiff::Timestamp::MAX);
    site.build(&small());
    assert_eq!(site.out(), clean_build(&small()));
}

#[test]
fn files_become_folders_and_folders_files() {
    let site = Site::new();
    let (one, two) = (Rack::of(&[("/x", "file"), ("/y/z/", "page")]), Rack::of(&[("/x/z/", "page"), ("/y", "file")]));
    for rack in [&one, &two, &one, &two, &two, &one] {
        site.build(rack);
        assert_eq!(site.out(), clean_build(rack));
    }
}

#[test]
fn what_was_spoilt_in_front_is_mended() {
    let site = Site::new();
    for spoil in [
        |p: &Path| fs::write(p.join("index.html"), "cut"),
        |p: &Path| fs::remove_file(p.join("a/index.html")),
        |p: &Path| fs::create_dir_all(p.join("empty/folder")),
        |p: &Path| fs::remove_dir_all(p.join("b")),
    ] {
        site.build(&small());
        spoil(&site.at("public")).expect("spoilt");
        site.build(&small());
        assert_eq!(site.out(), clean_build(&small()));
    }
    // Of the same size, a change shows only where the file is copied: then the page is printed again.
    site.build(&small());
    fs::write(site.at("public/b/c/index.html"), "PAGE C").expect("spoilt");
    fs::remove_dir_all(site.at(".public.dealwire-back")).expect("no slot");
    site.build(&small().with("/a/", "new"));
    assert_eq!(site.out(), clean_build(&small().with("/a/", "new")));
}

/// xorshift: enough to wander through editions, and the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let n = self.below(from.len() as u64);
        from[usize::try_from(n).expect("an index")]
    }
}

#[test]
fn any_history_equals_a_clean_build() {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(1, |d| u64::from(d.subsec_nanos()) | d.as_secs() << 30);
    let seed = std::env::var("DEALWIRE_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(now | 1);
    println!("DEALWIRE_SEED={seed}");
    let mut dice = Dice(seed);
    let site = Site::new();
    let mut rack = small();
    for edition in 0..60 {
        for _ in 0..dice.below(6) {
            let at = format!("/{}/{}", dice.pick(&["p", "q", "r"]), dice.pick(&["", "s/", "t/u/", "f.txt"]));
            rack = match dice.below(3) {
                0 => rack.without(&at),
                n => rack.with(&at, &format!("text {}", dice.below(4 * n))),
            };
        }
        match dice.below(8) {
            // A build that fails, or is killed while it makes the slot, in between.
            0 => {
                let broken =
                    rack.clone().with("/p/", "half").with_answer("/broken/", Err(Diagnostic::bare("E9999", "no")));
                assert!(write(&broken, &site.options()).is_err());
            }
            1 => fs::write(site.at(".public.dealwire-back").join(".dealwire-dirty"), "").unwrap_or(()),
            _ => {}
        }
        site.build(&rack);
        assert_eq!(site.out(), clean_build(&rack), "edition {edition}");
    }
}

#[test]
fn an_empty_edition_is_one() {
    let site = Site::new();
    site.build(&small());
    assert_eq!(site.build(&Rack::default()).removed, 5);
    assert_eq!(site.out().keys().collect::<Vec<_>>(), [MANIFEST]);
}

#[test]
fn parents_are_made_and_an_empty_directory_is_taken() {
    let site = Site::new();
    let options = Options { out: site.at("deep/er/public"), ..site.options() };
    build(&small(), &options);
    assert_eq!(tree(&options.out), clean_build(&small()));
    fs::create_dir(site.at("public")).expect("empty");
    site.build(&small());
    assert_eq!(site.out(), clean_build(&small()));
    // By way of a symbolic link to its parent, it is the same place.
    symlink(site.at("deep"), site.at("link")).expect("link");
    assert_eq!(build(&small(), &Options { out: site.at("link/er/public/"), ..site.options() }).written, 0);
}

// What it refuses

#[test]
fn destinations_in_which_something_could_be_lost() {
    let site = Site::new();
    let check = |out: PathBuf, words: &[&str]| {
        let options = Options { out, ..site.options() };
        let before = tree(site.folder.path());
        assert_refused(write(&small(), &options), "E1202", words);
        assert!(matches!(disk::check_destination(&options), Err(Refused::Refusal(d)) if d.code == "E1202"));
        assert!(matches!(disk::clean(&options.root, &options.out, &options.source_dirs), Err(Refused::Refusal(_))));
        assert_eq!(before, tree(site.folder.path()));
    };
    check(site.at(""), &["the site's root"]);
    check(site.at("content/.."), &["does not end in a name"]);
    check(site.folder.path().parent().expect("a parent").to_owned(), &["the site's root, or a folder above it"]);
    check("/".into(), &["does not end in a name"]);
    check(site.at("content"), &["content"]);
    check(site.at("content/public"), &["content"]);
    check(site.at("templates/public"), &["templates"]);
    check(site.at(".git/public"), &["Git"]);
    fs::create_dir_all(site.at("repo/.git")).expect("repo");
    check(site.at("repo"), &["holds a Git repository"]);
    fs::create_dir(site.at("full")).expect("full");
    fs::write(site.at("full/mine"), "mine").expect("mine");
    check(site.at("full"), &["not empty", "no manifest"]);
    fs::write(site.at("full").join(MANIFEST), "{}").expect("manifest");
    check(site.at("full"), &["not a manifest"]);
    check(site.at("full/mine"), &["not a directory"]);
    fs::create_dir(site.at("empty")).expect("empty");
    symlink(site.at("empty"), site.at("link")).expect("link");
    check(site.at("link"), &["symbolic link"]);
    check(site.at("link/"), &["symbolic link"]);
    symlink(site.at("content"), site.at("alias")).expect("link");
    check(site.at("alias/public"), &["content"]);
    let above = Options { source_dirs: vec![site.at("far/away/content")], out: site.at("far"), ..site.options() };
    assert_refused(write(&small(), &above), "E1202", &["far/away/content"]);
}

#[test]
fn a_home_directory() {
    let site = Site::new();
    for home in ["home", "home/me"] {
        fs::create_dir_all(site.at(home)).expect("home");
        let mut child = child("home", site.folder.path(), |c| c.env("HOME", site.at(home)));
        assert!(child.wait().expect("a child").success());
    }
}

#[test]
fn files_of_strangers() {
    let site = Site::new();
    for (i, plant) in [
        |p: &Path| fs::write(p.join("b/stranger"), "mine"),
        |p: &Path| symlink("/etc", p.join("stranger")),
        |p: &Path| fs::remove_dir_all(p.join("a")).and_then(|()| symlink("/etc", p.join("a"))),
        |p: &Path| fs::remove_file(p.join("index.html")).and_then(|()| symlink("/etc/passwd", p.join("index.html"))),
    ]
    .into_iter()
    .enumerate()
    {
        let name = ["b/stranger", "stranger", "a", "index.html"][i];
        for slot in ["public", ".public.dealwire-back"] {
            let site = Site::new();
            site.build(&small());
            site.build(&small().with("/a/", "2"));
            plant(&site.at(slot)).expect("planted");
            let before = tree(site.folder.path());
            assert_refused(write(&small(), &site.options()), "E1202", &[&format!("`{name}`"), slot]);
            let mut after = tree(site.folder.path());
            let lock = ".public.dealwire-lock";
            after.insert(lock.into(), before[lock].clone());
            assert_eq!(before, after);
        }
    }
    site.build(&small());
    for n in 0..9 {
        fs::write(site.at("public").join(format!("s{n}")), "mine").expect("planted");
    }
    assert_refused(write(&small(), &site.options()), "E1202", &["`s0`, `s1`, `s2`, `s3`, `s4` and 4 more"]);
}

#[test]
fn what_has_the_name_of_a_slot_only() {
    let site = Site::new();
    fs::create_dir(site.at(".public.dealwire-back")).expect("a folder");
    fs::write(site.at(".public.dealwire-back/mine"), "mine").expect("mine");
    assert_refused(write(&small(), &site.options()), "E1202", &["name of a slot"]);
    assert!(disk::clean(&site.at(""), &site.at("public"), &[]).is_err());
    assert!(site.at(".public.dealwire-back/mine").exists() && !site.at("public").exists());
    fs::remove_file(site.at(".public.dealwire-back/mine")).expect("removed");
    site.build(&small());
    symlink("/etc", site.at(".public.dealwire-back")).expect("link");
    assert_refused(write(&small(), &site.options()), "E1202", &["not a directory"]);
}

#[test]
fn two_things_at_one_path() {
    let site = Site::new();
    site.build(&small());
    let before = site.out();
    for (one, two) in [
        ("/a/", "/A/"),
        ("/x/", "/x/index.html"),
        ("/é/", "/e\u{301}/"),
        ("/straße/", "/STRASSE/"),
        ("/f", "/f/"),
        ("/f", "/F/g/h/"),
        ("/ç", "/C\u{327}/d"),
    ] {
        let refused = write(&Rack::of(&[(one, "1"), (two, "2"), ("/", "home")]), &site.options());
        assert_refused(refused, "E1201", &[&format!("`{one}`"), &format!("`{two}`")]);
    }
    for one in [
        "/con/",
        "/x/NUL.txt",
        "/aux.tar.gz",
        "/com1",
        "/lpt9/x/",
        "/prn",
        "/dot./",
        "/space ",
        "/.dealwire-manifest.json",
        "/.DEALWIRE-dirty",
    ] {
        assert_refused(write(&Rack::of(&[(one, "1")]), &site.options()), "E1201", &[&format!("`{one}`")]);
    }
    assert_refused(
        write(&Rack::of(&[(&format!("/{}", "a/".repeat(600)), "1")]), &site.options()),
        "E1201",
        &["bytes long"],
    );
    let all = write(
        &Rack::of(&[("/a/", ""), ("/A/", ""), ("/con/", ""), ("/f", ""), ("/f/1", ""), ("/f/2", "")]),
        &site.options(),
    );
    assert_eq!(all.expect_err("clashes").findings().len(), 3);
    assert_eq!(before, site.out());
}

#[test]
fn an_error_leaves_the_output_as_it_was() {
    let site = Site::new();
    site.build(&small());
    let before = touched(&site.at("public"));
    let file = FileId::new("content/x.md");
    let found = |codes: &[&'static str]| {
        let findings = codes.iter().map(|c| Diagnostic::of(c, &file, "found")).collect();
        Ok(Answer::Found(Output { bytes: b"x".to_vec(), findings }))
    };
    let rack = small()
        .with("/a/", "changed")
        .with_answer("/1/", Err(Diagnostic::bare("E0002", "two")))
        .with_answer("/2/", found(&["W0009", "E0001", "E0001"]))
        .with_answer("/3/", Ok(Answer::Absent));
    let refused = write(&rack, &site.options()).expect_err("errors");
    assert!(matches!(refused, Refused::Findings(_)));
    assert_eq!(refused.findings().iter().map(|d| d.code).collect::<Vec<_>>(), ["E0002", "E1205", "E0001", "W0009"]);
    assert_eq!(before, touched(&site.at("public")));
    // What was made on the way is kept for the next build, and warnings do not stop it.
    let kept = fs::metadata(site.at(".public.dealwire-back/a/index.html")).expect("kept").ino();
    let mended = small().with("/a/", "changed").with_answer("/2/", found(&["W0009", "W0009"]));
    let report = site.build(&mended);
    assert_eq!(report.findings.iter().map(|d| d.code).collect::<Vec<_>>(), ["W0009"]);
    assert_eq!(kept, fs::metadata(site.at("public/a/index.html")).expect("there").ino());
    assert_eq!(site.out(), clean_build(&mended));
}

#[test]
fn a_disk_that_refuses() {
    let site = Site::new();
    // Root may write to a read-only folder, so for root the parent is a file.
    fs::create_dir(site.at("shut")).expect("a folder");
    fs::set_permissions(site.at("shut"), fs::Permissions::from_mode(0o555)).expect("shut");
    let shut = if rustix::process::geteuid().is_root() {
        fs::write(site.at("file"), "").expect("a file");
        site.at("file")
    } else {
        site.at("shut")
    };
    for out in [shut.join("public"), shut.join("deep/public")] {
        let refused = write(&small(), &Options { out, ..site.options() });
        assert_refused(refused, "E1204", &[&shut.display().to_string()]);
    }
    // In the midst of writing, something stands in the way; a link there might lead outside.
    site.build(&small());
    let before = touched(&site.at("public"));
    for (code, words) in [("E1204", "cannot remove"), ("E1202", "is not the folder it was")] {
        let way = site.at(".public.dealwire-back/z");
        let refused =
            disk::write(&small().with("/1/", "1").with("/z/", "z"), &Options { jobs: 1, ..site.options() }, &|_, _| {
                if !way.exists() && code == "E1204" {
                    fs::create_dir_all(way.join("index.html/x")).expect("in the way");
                } else if !way.exists() && way.parent().is_some_and(Path::exists) {
                    symlink(site.at("content"), &way).expect("in the way");
                }
            });
        assert_refused(refused, code, &[words]);
        assert_eq!(before, touched(&site.at("public")));
        assert_eq!(fs::read_dir(site.at("content")).expect("content").count(), 0);
    }
    site.build(&small().with("/a/", "again"));
    assert_eq!(site.out(), clean_build(&small().with("/a/", "again")));
}

// Others, and crashes

#[test]
fn a_build_that_is_on() {
    let site = Site::new();
    let mut holder = child("hold", site.folder.path(), |c| c);
    await_that("the lock", || site.at("held").exists());
    assert_refused(write(&small(), &site.options()), "E1203", &[&format!("process {}", holder.id())]);
    assert!(
        matches!(disk::clean(&site.at(""), &site.at("public"), &[]), Err(Refused::Refusal(d)) if d.code == "E1203")
    );
    holder.kill().expect("killed");
    holder.wait().expect("waited");
    site.build(&small());
    assert_eq!(site.out(), clean_build(&small()));
    // From a thread of this process too.
    let refused = disk::write(&small().with("/a/", "2"), &site.options(), &|_, _| {
        assert_refused(write(&small(), &site.options()), "E1203", &[&std::process::id().to_string()]);
    });
    refused.unwrap_or_else(|e| panic!("{e:?}"));
}

#[test]
fn the_umask_does_not_show() {
    for umask in ["0", "77", "777"] {
        let site = Site::new();
        let mut child = child("umask", site.folder.path(), |c| c.env("DEALWIRE_UMASK", umask));
        assert!(child.wait().expect("a child").success());
        assert_eq!(site.out(), clean_build(&small().with("/new/page/", "1")));
    }
}

#[test]
fn slots_left_in_the_middle() {
    let expected = clean_build(&small());
    // A first build that was killed: marked, with half of what it should have, and with something odd.
    let site = Site::new();
    let slot = site.at(".public.dealwire-back");
    fs::create_dir_all(slot.join("b/index.html")).expect("a slot");
    fs::write(slot.join(".dealwire-dirty"), "").expect("marked");
    fs::write(slot.join("index.html"), "ho").expect("half");
    fs::write(site.at("content/precious"), "mine").expect("precious");
    symlink(site.at("content"), slot.join("way-out")).expect("link");
    site.build(&small());
    assert_eq!(site.out(), expected);
    assert!(site.at("content/precious").exists());
    // A later one: what the manifest says of a marked slot is not believed.
    site.build(&small().with("/a/", "2"));
    fs::write(slot.join(".dealwire-dirty"), "").expect("marked");
    fs::write(slot.join("a/index.html"), "PAGE A").expect("the same size");
    site.build(&small());
    assert_eq!(site.out(), expected);
    // Made, and not yet marked.
    fs::remove_dir_all(&slot).expect("removed");
    fs::create_dir(&slot).expect("empty");
    site.build(&small().with("/a/", "2"));
    // Killed between the two renames of a system that cannot exchange.
    fs::rename(site.at("public"), site.at(".public.dealwire-aside")).expect("aside");
    assert_eq!(site.build(&small().with("/a/", "2")).written, 0);
    fs::rename(&slot, site.at(".public.dealwire-aside")).expect("aside");
    site.build(&small());
    assert_eq!(site.out(), expected);
    assert!(!site.at(".public.dealwire-aside").exists());
}

#[test]
fn killed_at_any_instant_it_is_the_old_site_or_the_new() {
    let editions = [editions(0), editions(1)].map(|rack| clean_build(&rack));
    let site = Site::new();
    site.build(&self::editions(0));
    let mut dice = Dice(0x5eed);
    for _ in 0..40 {
        let mut builder = child("editions", site.folder.path(), |c| c);
        std::thread::sleep(Duration::from_micros(5_000 + dice.below(60_000)));
        builder.kill().expect("killed");
        builder.wait().expect("waited");
        assert!(editions.contains(&site.out()), "neither old nor new");
    }
    site.build(&self::editions(1));
    assert_eq!(site.out(), editions[1]);
}

fn editions(n: usize) -> Rack {
    (0..60).fold(Rack::default(), |rack, i| {
        let rack =
            rack.with(&format!("/page/{i}/"), &format!("page {i} {}", if i % 3 == 0 { n } else { 0 }).repeat(200));
        if i % 5 == 0 { rack.with(&format!("/only/{n}/{i}/"), "here") } else { rack }
    })
}

// Clean

#[test]
fn clean_removes_its_own_and_nothing_else() {
    let site = Site::new();
    let clean = || disk::clean(&site.at(""), &site.at("public"), &[site.at("content")]);
    let names = || fs::read_dir(site.folder.path()).expect("a folder").count();
    assert_eq!(clean().expect("cleaned"), 0);
    site.build(&small());
    site.build(&small().with("/a/", "2"));
    assert_eq!(names(), 4);
    assert_eq!(clean().expect("cleaned"), 5);
    assert_eq!(names(), 1, "content alone");
    site.build(&small());
    site.build(&small().with("/a/", "2"));
    fs::write(site.at(".public.dealwire-back/.dealwire-dirty"), "").expect("marked");
    fs::write(site.at("public/b/stranger"), "mine").expect("planted");
    fs::create_dir(site.at("public/theirs")).expect("planted");
    symlink(site.at("content"), site.at("public/link")).expect("link");
    assert_eq!(clean().expect("cleaned"), 5);
    assert_eq!(site.out().into_keys().collect::<Vec<_>>(), ["b", "b/stranger", "link", "theirs"]);
    assert_eq!(names(), 2);
    assert!(matches!(clean(), Err(Refused::Refusal(_))));
}

// Children: this program again, as another process.

fn child(part: &str, root: &Path, change: impl FnOnce(&mut Command) -> &mut Command) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "another_process", "--nocapture"]).env("DEALWIRE_PART", part).env("DEALWIRE_ROOT", root);
    change(&mut command).stdout(Stdio::null()).spawn().expect("a child")
}

/// Does nothing unless a test above started it with a part to play.
#[test]
fn another_process() {
    let (Ok(part), Some(root)) = (std::env::var("DEALWIRE_PART"), std::env::var_os("DEALWIRE_ROOT")) else { return };
    let root = PathBuf::from(root);
    let options = options(&root);
    match part.as_str() {
        "home" => {
            let options = Options { root: root.join("content"), out: root.join("home"), ..options };
            assert_refused(write(&small(), &options), "E1202", &["home directory"]);
        }
        "hold" => {
            let held = disk::write(&small(), &options, &|_, _| {
                fs::write(root.join("held"), "").expect("a sign");
                std::thread::sleep(Duration::from_mins(1));
            });
            held.unwrap_or_else(|e| panic!("{e:?}"));
        }
        "umask" => {
            let umask = u32::from_str_radix(&std::env::var("DEALWIRE_UMASK").expect("a umask"), 8).expect("octal");
            rustix::process::umask(rustix::fs::Mode::from_raw_mode(umask));
            build(&small(), &options);
            build(&small().with("/a/", "2"), &options);
            build(&small().with("/new/page/", "1"), &options);
        }
        "once" => {
            build(&editions(1), &options);
        }
        "editions" => loop {
            build(&editions(1), &options);
            build(&editions(0), &options);
        },
        other => panic!("no part for {other}"),
    }
}

fn await_that(what: &str, there: impl Fn() -> bool) {
    for _ in 0..1000 {
        if there() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("waited in vain for {what}");
}
