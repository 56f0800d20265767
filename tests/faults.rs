//! The built program killed at every system call that changes something, and given a failing disk: the output is one
//! whole edition or the other, always. Needs `strace`; `DEALWIRE_LONG=1` tries every call, where a sample is the rule.

#![allow(clippy::disallowed_types, reason = "cases are tried in threads")]
#![allow(clippy::disallowed_methods, reason = "a test works on the disk like a user")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_dealwire");
/// What changes a file, a name or a lock. A `?` lets strace pass over those that a processor does not have.
const CHANGING: &str = "?open,openat,write,pwrite64,?mkdir,mkdirat,?rename,renameat,renameat2,?unlink,unlinkat,?rmdir,\
                        ?link,linkat,?symlink,symlinkat,?chmod,fchmod,fchmodat,ftruncate,fsync,fdatasync,syncfs,flock";
/// What may fail while the program reads and writes a site. Closing is left out: nothing is promised of it that
/// `syncfs` does not keep.
const FALLIBLE: &str = "?open,openat,read,write,?mkdir,mkdirat,?rename,renameat,renameat2,?unlink,unlinkat,?rmdir,\
                        fchmod,fchmodat,ftruncate,fsync,syncfs,flock,getdents64,statx,?newfstatat,?readlink";

fn long() -> bool {
    std::env::var_os("DEALWIRE_LONG").is_some()
}

// The stage: one site in several editions, and folders to build it into.

/// What a command did.
struct Done {
    status: ExitStatus,
    said: String,
}

impl Done {
    fn code(&self) -> Option<i32> {
        self.status.code()
    }

    fn killed(&self) -> bool {
        self.status.signal() == Some(9)
    }
}

/// Runs a command that has a minute to end.
fn run(command: &mut Command) -> Done {
    let said = tempfile::tempfile().expect("a file for what it says");
    let mut reader = said.try_clone().expect("the same file");
    let both = said.try_clone().expect("the same file");
    let mut child = command.stdin(Stdio::null()).stdout(said).stderr(both).spawn();
    let child = child.as_mut().unwrap_or_else(|e| panic!("{command:?} cannot be started: {e}"));
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        if start.elapsed() > Duration::from_mins(1) {
            child.kill().expect("killed");
            panic!("{command:?} hangs");
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let mut bytes = Vec::new();
    std::io::Seek::rewind(&mut reader).expect("rewound");
    std::io::Read::read_to_end(&mut reader, &mut bytes).expect("what it said");
    Done { status, said: String::from_utf8_lossy(&bytes).into_owned() }
}

/// `strace`, without which nothing here is proved.
fn strace(trace: &str, log: &Path) -> Command {
    let there = Command::new("strace").arg("--version").stdout(Stdio::null()).status();
    assert!(
        there.is_ok_and(|s| s.success()),
        "this test needs `strace` (apt-get install strace, dnf install strace); without it the promise that a crash \
         never spoils the output is not tested"
    );
    let mut command = Command::new("strace");
    command.args(["-f", "-y", "-qq", "-s", "400", "-o"]).arg(log).args(["-e", &format!("trace={trace}")]);
    command
}

fn build_args(command: &mut Command, root: &Path, out: &Path, as_of: &str) {
    command.arg("build").arg("--root").arg(root).arg("--output").arg(out).args(["--as-of", as_of, "--jobs", "1"]);
    command.env_remove("SOURCE_DATE_EPOCH");
}

const DAY: &str = "2025-01-01";

fn build(root: &Path, out: &Path) -> Done {
    let mut command = Command::new(PROGRAM);
    build_args(&mut command, root, out, DAY);
    run(&mut command)
}

#[track_caller]
fn built(root: &Path, out: &Path) {
    let done = build(root, out);
    assert!(done.status.success(), "{}", done.said);
}

/// Everything below a folder with its mode; `None` for what is not there at all.
type Tree = Option<BTreeMap<String, (u32, Option<Vec<u8>>)>>;

fn tree(top: &Path) -> Tree {
    let mut all = BTreeMap::new();
    if !top.exists() {
        return None;
    }
    for item in walkdir::WalkDir::new(top).min_depth(1) {
        let item = item.expect("a readable tree");
        let path = item.path().strip_prefix(top).expect("below").to_string_lossy().into_owned();
        let mode = item.metadata().expect("metadata").permissions().mode();
        all.insert(path, (mode, item.file_type().is_file().then(|| fs::read(item.path()).expect("a file"))));
    }
    Some(all)
}

fn copy(from: &Path, to: &Path) {
    for item in walkdir::WalkDir::new(from) {
        let item = item.expect("a readable tree");
        let target = to.join(item.path().strip_prefix(from).expect("below"));
        if item.file_type().is_dir() {
            fs::create_dir_all(&target).expect("a folder");
            fs::set_permissions(&target, item.metadata().expect("metadata").permissions()).expect("its mode");
        } else {
            fs::copy(item.path(), &target).expect("a copy");
        }
    }
}

fn article(title: &str, text: &str) -> String {
    format!(
        "---\ntitle: {title}\ndescription: What happened, in a sentence.\ndate: 2024-04-01T09:00\nauthors: [desk]\n\
         tags: [patents]\nautolink: false\nsources:\n  - {{id: own, kind: interview, publisher: The desk, date: \
         2024-04-01}}\n---\n\n{text}\n"
    )
}

/// The starter site in three editions: each has pages that the others lack, and pages that differ.
struct Stage {
    folder: TempDir,
    /// What each edition gives in a clean build.
    trees: Vec<Tree>,
}

impl Stage {
    fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let mut stage = Self { folder, trees: Vec::new() };
        for n in 0..3 {
            let root = stage.root(n);
            let done = run(Command::new(PROGRAM).arg("init").arg(&root).args(["--title", "Deals"]));
            assert!(done.status.success(), "{}", done.said);
            let file = |path: &str, text: &str| fs::write(root.join(path), text).expect("written");
            file(&format!("content/articles/only-{n}.md"), &article(&format!("Only in {n}"), "It is here."));
            file("content/articles/changes.md", &article("Changes", &format!("This is edition {n}. ").repeat(40)));
            file(
                &format!("content/people/person-{n}.md"),
                &format!("---\nname: Person {n}\ndescription: Somebody.\n---\n\nA person of edition {n}.\n"),
            );
            let out = stage.folder.path().join(format!("clean-{n}/public"));
            built(&root, &out);
            stage.trees.push(tree(&out));
        }
        assert!(stage.trees[2].as_ref().is_some_and(|t| t.len() > 30));
        stage
    }

    fn root(&self, n: usize) -> PathBuf {
        self.folder.path().join(format!("site-{n}"))
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A folder in which edition 1 stands, and beside it what is left of edition 0.
    fn second(&self) -> PathBuf {
        let work = self.at("second");
        built(&self.root(0), &work.join("public"));
        built(&self.root(1), &work.join("public"));
        assert_eq!(tree(&work.join("public")), self.trees[1]);
        work
    }

    /// After whatever happened: the next build succeeds, and nothing of the accident is left.
    #[track_caller]
    fn recovers(&self, work: &Path, what: &str) {
        let public = work.join("public");
        for n in [2, 1] {
            let done = build(&self.root(n), &public);
            assert!(done.status.success(), "{what}, and the next build fails: {}", done.said);
            assert!(tree(&public) == self.trees[n], "{what}, and the next build is not right");
            let beside: Vec<_> =
                fs::read_dir(work).expect("a folder").map(|e| e.expect("an entry").file_name()).collect();
            for name in &beside {
                let known = [".public.dealwire-back", ".public.dealwire-lock", "public"];
                assert!(known.iter().any(|k| name == k), "{what}, and {} stays", name.display());
            }
            assert!(!work.join(".public.dealwire-back/.dealwire-dirty").exists(), "{what}: still marked");
        }
    }
}

/// Does something for each of many cases, on as many threads as there are processors, in folders of their own.
fn each<T: Sync>(stage: &Stage, cases: &[T], work: impl Fn(&T, &Path) + Sync) {
    static FOLDERS: AtomicUsize = AtomicUsize::new(0);
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(None);
    std::thread::scope(|threads| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            threads.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let folder = stage.at(&format!("work-{}", FOLDERS.fetch_add(1, Ordering::Relaxed)));
                    let tried = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(case, &folder)));
                    if let Err(panic) = tried {
                        next.store(cases.len(), Ordering::Relaxed);
                        *failed.lock().expect("a lock") = Some(panic);
                        return;
                    }
                    let _ = fs::remove_dir_all(&folder);
                }
            });
        }
    });
    if let Some(panic) = failed.into_inner().expect("a lock") {
        std::panic::resume_unwind(panic);
    }
}

/// How often each system call was made by the thread that made it most often, which is how strace counts.
fn counts(log: &Path) -> BTreeMap<String, usize> {
    let text = fs::read_to_string(log).expect("what strace wrote");
    let mut all: BTreeMap<(String, String), usize> = BTreeMap::new();
    for line in text.lines() {
        let Some((pid, rest)) = line.split_once(' ') else { continue };
        let Some((call, _)) = rest.trim_start().split_once('(') else { continue };
        if call.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            *all.entry((call.to_owned(), pid.to_owned())).or_default() += 1;
        }
    }
    let mut most = BTreeMap::new();
    for ((call, _), n) in all {
        let line = most.entry(call).or_insert(0);
        *line = n.max(*line);
    }
    most
}

/// Numbers that follow from a seed, which is printed.
struct Dice(u64);

impl Dice {
    fn new() -> Self {
        let seed = std::env::var("DEALWIRE_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(0x0dea_1417);
        println!("DEALWIRE_SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n.max(1) as u64).expect("small")
    }

    /// `most` of the numbers from 1 to `n`, with the first and the last if they are many; all in the long form.
    fn sample(&mut self, n: usize, most: usize) -> Vec<usize> {
        if long() || n <= most {
            return (1..=n).collect();
        }
        let mut all = std::collections::BTreeSet::new();
        if most > 3 {
            all.extend([1, n]);
        }
        while all.len() < most {
            all.insert(1 + self.below(n));
        }
        all.into_iter().collect()
    }
}

// Killed

/// Kills a build of edition 2 at call after call. `before` is what stands there, `or` what else may be found.
fn killed_everywhere(
    stage: &Stage,
    start: Option<&Path>,
    as_of: &str,
    or: &[Tree],
    few: usize,
    also: &[&str],
) -> usize {
    let prepare = |work: &Path| match start {
        Some(from) => copy(from, work),
        None => fs::create_dir(work).expect("a folder"),
    };
    let root = stage.root(2);
    let traced = |work: &Path, inject: &str| {
        prepare(work);
        let mut command = strace(CHANGING, &work.with_extension("log"));
        for inject in also.iter().chain([&inject]).filter(|i| !i.is_empty()) {
            command.args(["-e", &format!("inject={inject}")]);
        }
        command.arg(PROGRAM);
        build_args(&mut command, &root, &work.join("public"), as_of);
        let done = run(&mut command);
        (done, counts(&work.with_extension("log")))
    };
    let once = TempDir::new_in(stage.folder.path()).expect("a temporary folder");
    let work = once.path().join("work");
    let (done, calls) = traced(&work, "");
    assert!(done.status.success(), "{}", done.said);
    let new = tree(&work.join("public"));
    let mut dice = Dice::new();
    let mut cases: Vec<(String, usize, bool)> = Vec::new();
    for (call, n) in &calls {
        let most = if matches!(call.as_str(), "openat" | "open" | "write" | "fchmod" | "fchmodat") { few } else { 99 };
        cases.extend(dice.sample(*n, most).into_iter().map(|k| (call.clone(), k, true)));
        cases.push((call.clone(), n + 1, false));
    }
    each(stage, &cases, |(call, n, dies), work| {
        let (done, _) = traced(work, &format!("{call}:signal=KILL:when={n}"));
        let what = format!("killed at {call} {n}");
        assert_eq!(done.killed(), *dies, "{what}: {:?} {}", done.status, done.said);
        let found = tree(&work.join("public"));
        if *dies {
            assert!(found == new || or.contains(&found), "{what}: the output is neither the old edition nor the new");
        } else {
            assert!(found == new, "{what}: the output is not right");
        }
        stage.recovers(work, &what);
    });
    cases.len()
}

#[test]
fn killed_at_every_call_it_is_the_old_edition_or_the_new() {
    let stage = Stage::new();
    let second = stage.second();
    let tried = killed_everywhere(&stage, Some(&second), DAY, &[stage.trees[1].clone()], 12, &[]);
    assert!(tried > 50, "only {tried}");
}

#[test]
fn killed_in_the_first_build_there_is_no_edition_or_a_whole_one() {
    let stage = Stage::new();
    killed_everywhere(&stage, None, DAY, &[None], 6, &[]);
}

#[test]
fn killed_where_nothing_but_the_instant_is_new() {
    let stage = Stage::new();
    let third = stage.at("third");
    built(&stage.root(2), &third.join("public"));
    killed_everywhere(&stage, Some(&third), "2025-01-02", &[stage.trees[2].clone()], 4, &[]);
}

#[test]
fn where_the_system_cannot_exchange_the_next_build_mends_what_a_kill_left() {
    let stage = Stage::new();
    let second = stage.second();
    let old = stage.trees[1].clone();
    for error in if long() { &["EINVAL", "ENOSYS", "EOPNOTSUPP"][..] } else { &["EINVAL"] } {
        let also = format!("renameat2:error={error}");
        killed_everywhere(&stage, Some(&second), DAY, &[old.clone(), None], 2, &[&also]);
    }
}

#[test]
fn killed_at_random_it_is_the_old_edition_or_the_new() {
    let stage = Stage::new();
    let (times, roots) = if long() {
        for n in 1..3 {
            for i in 0..1000 {
                let path = stage.root(n).join(format!("content/articles/story-{i}.md"));
                let text = format!("Story {i}. ").repeat(if i % 3 == 0 { 20 * n } else { 20 });
                fs::write(path, article(&format!("Story {i}"), &text)).expect("written");
            }
        }
        (1000, [stage.root(1), stage.root(2)])
    } else {
        (20, [stage.root(1), stage.root(2)])
    };
    let public = stage.at("random/public");
    let mut took = Duration::ZERO;
    let editions: Vec<Tree> = roots
        .iter()
        .map(|root| {
            let start = Instant::now();
            built(root, &public);
            took = took.max(start.elapsed());
            tree(&public)
        })
        .collect();
    let mut dice = Dice::new();
    // A build that ended before its kill says nothing: the machine is faster now, so kill sooner. Never give up early.
    let (mut killed, mut tries) = (0, 0);
    while killed < times {
        tries += 1;
        assert!(tries < 20 * times, "only {killed} of {tries} builds were killed before they ended");
        let mut command = Command::new(PROGRAM);
        build_args(&mut command, &roots[tries % 2], &public, DAY);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a build");
        let micros = usize::try_from(took.as_micros()).expect("short");
        std::thread::sleep(Duration::from_micros(dice.below(micros) as u64));
        child.kill().expect("killed");
        if child.wait().expect("waited").success() {
            took = took.mul_f64(0.9).max(Duration::from_millis(1));
        } else {
            killed += 1;
        }
        assert!(editions.contains(&tree(&public)), "try {tries}: neither the old edition nor the new");
    }
    built(&roots[0], &public);
    assert!(tree(&public) == editions[0]);
}

// A failing disk

/// The files and folders that a build of edition 2 into a folder can touch; strace looks at these alone, so that what
/// the system's loader does before `main` stays sound.
fn own(stage: &Stage, work: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        walkdir::WalkDir::new(stage.root(2)).into_iter().map(|e| e.expect("there").into_path()).collect();
    paths.extend(["static", "templates"].map(|f| stage.root(2).join(f)));
    paths.push(work.to_owned());
    for slot in ["public", ".public.dealwire-back"] {
        let slot = work.join(slot);
        for n in 0..3 {
            paths.extend(stage.trees[n].iter().flatten().map(|(path, _)| slot.join(path)));
        }
        paths.extend([".git", ".dealwire-dirty", ".dealwire-manifest.next"].map(|name| slot.join(name)));
        paths.push(slot);
    }
    paths.extend(["lock", "aside", "manifest"].map(|name| work.join(format!(".public.dealwire-{name}"))));
    paths.sort();
    paths.dedup();
    paths
}

/// The names of the files that a line of strace's log speaks of.
fn names(line: &str) -> Vec<String> {
    let quoted = line.split('"').skip(1).step_by(2);
    let opened = line.split('<').skip(1).filter_map(|part| part.split_once('>')).map(|(path, _)| path);
    quoted
        .chain(opened)
        .filter_map(|path| path.rsplit('/').next())
        .filter(|n| !n.is_empty())
        // Under the one name it is written, under the other it is known.
        .flat_map(|n| [n.to_owned(), n.replace("manifest.next", "manifest.json")])
        .collect()
}

/// What is to be seen after a fault.
fn faulted(stage: &Stage, second: &Path, work: &Path, call: &str, error: &str, when: &str) {
    let what = format!("{error} from {call} {when}");
    copy(second, work);
    let log = work.with_extension("log");
    let mut command = strace(FALLIBLE, &log);
    for path in own(stage, work) {
        command.arg("-P").arg(path);
    }
    command.args(["-e", &format!("inject={call}:error={error}:when={when}")]).arg(PROGRAM);
    build_args(&mut command, &stage.root(2), &work.join("public"), DAY);
    let done = run(&mut command);
    let text = fs::read_to_string(&log).expect("what strace wrote");
    let hits: Vec<&str> = text.lines().filter(|line| line.contains("(INJECTED)")).collect();
    let hit = hits.first().unwrap_or_else(|| panic!("{what}: never happened"));
    let mut told = format!("{what}\n{hit}\n");
    let _ = writeln!(told, "{:?}: {}", done.status, done.said);
    assert!(!done.said.contains("panicked") && done.status.signal().is_none(), "{told}");
    let found = tree(&work.join("public"));
    match done.code() {
        Some(0) => assert!(found == stage.trees[2], "exit code 0, and the output is not right: {told}"),
        Some(1..=4) => {
            assert!(found == stage.trees[1], "exit code not 0, and the old edition is not what stands there: {told}");
            assert!(done.said.contains("error[E"), "no error: {told}");
            assert!(
                hits.iter().flat_map(|hit| names(hit)).any(|name| done.said.contains(&name)),
                "the message does not name the path: {told}"
            );
        }
        _ => panic!("{told}"),
    }
    stage.recovers(work, &what);
}

#[test]
fn a_failing_disk_never_gives_half_a_site() {
    let stage = Stage::new();
    let second = stage.second();
    let work = stage.at("count");
    copy(&second, &work);
    let mut command = strace(FALLIBLE, &stage.at("count.log"));
    for path in own(&stage, &work) {
        command.arg("-P").arg(path);
    }
    command.arg(PROGRAM);
    build_args(&mut command, &stage.root(2), &work.join("public"), DAY);
    assert!(run(&mut command).status.success());
    let mut dice = Dice::new();
    let mut cases: Vec<(String, &str, String)> = Vec::new();
    let calls = counts(&stage.at("count.log"));
    for call in
        ["openat", "read", "write", "mkdirat", "renameat2", "fsync", "syncfs", "unlinkat", "getdents64", "statx"]
    {
        assert!(calls.contains_key(call), "{call} is not made any more: {calls:?}");
    }
    for (call, n) in &calls {
        for (error, once, always) in [("EIO", 3, 2), ("EACCES", 1, 1), ("ENOSPC", 1, 1), ("EMFILE", 1, 1)] {
            for (ending, most) in [("", once), ("+", always)] {
                cases.extend(dice.sample(*n, most).into_iter().map(|k| (call.clone(), error, format!("{k}{ending}"))));
            }
        }
    }
    println!("{} faults of {calls:?}", cases.len());
    each(&stage, &cases, |(call, error, when), work| faulted(&stage, &second, work, call, error, when));
}

// Two at once

fn start(root: &Path, out: &Path, log: &Path) -> Child {
    let mut command = Command::new(PROGRAM);
    build_args(&mut command, root, out, DAY);
    command.stdout(Stdio::null()).stderr(fs::File::create(log).expect("a log")).spawn().expect("a build")
}

#[test]
fn two_builds_at_once_end_well_or_one_is_refused() {
    let stage = Stage::new();
    let public = stage.second().join("public");
    let mut refused = 0;
    for round in 0..20 {
        let mut both = [1, 2].map(|n| (n, start(&stage.root(n), &public, &stage.at(&format!("log-{n}")))));
        let codes = both.each_mut().map(|(n, child)| (*n, child.wait().expect("waited").code()));
        let found = tree(&public);
        for (n, code) in codes {
            let said = fs::read_to_string(stage.at(&format!("log-{n}"))).expect("a log");
            match code {
                Some(0) => {}
                Some(3) => {
                    refused += 1;
                    assert!(said.contains("E1203") && said.contains("another build"), "{said}");
                }
                other => panic!("round {round}: {other:?} {said}"),
            }
        }
        let whole = codes.iter().any(|(n, code)| *code == Some(0) && found == stage.trees[*n]);
        assert!(whole, "round {round}: {codes:?}, and the output is not that of one that ended well");
    }
    println!("{refused} were refused");
}

#[test]
fn a_lock_whose_holder_was_killed_stops_nobody() {
    let stage = Stage::new();
    let work = stage.second();
    // Killed while it holds the lock: at the first file of the new edition.
    let mut command = strace("mkdirat", &stage.at("log"));
    command.args(["-e", "inject=mkdirat:signal=KILL:when=1"]).arg(PROGRAM);
    build_args(&mut command, &stage.root(2), &work.join("public"), DAY);
    assert!(run(&mut command).killed());
    let lock = fs::read_to_string(work.join(".public.dealwire-lock")).expect("the lock's file stays");
    assert!(lock.trim().parse::<u32>().is_ok(), "{lock}");
    stage.recovers(&work, "killed with the lock");
}

// Sources that do not hold still

#[test]
fn a_source_that_vanishes_or_changes_while_it_is_read_is_an_error() {
    let stage = Stage::new();
    let second = stage.second();
    let file = stage.root(2).join("content/articles/changes.md");
    let text = fs::read(&file).expect("an article");
    let spoil: [(&str, &dyn Fn()); 4] = [
        ("vanished", &|| fs::remove_file(&file).expect("removed")),
        ("grown", &|| fs::write(&file, [&text[..], b"more"].concat()).expect("written")),
        ("a pipe", &|| {
            fs::remove_file(&file).expect("removed");
            assert!(Command::new("mkfifo").arg(&file).status().is_ok_and(|s| s.success()));
        }),
        ("a link", &|| {
            fs::remove_file(&file).expect("removed");
            std::os::unix::fs::symlink("/etc/hostname", &file).expect("a link");
        }),
    ];
    for (i, (what, spoil)) in spoil.into_iter().enumerate() {
        let work = stage.at(&format!("unsteady-{i}"));
        copy(&second, &work);
        let lock = work.join(".public.dealwire-lock");
        fs::remove_file(&lock).expect("removed");
        // The site has been read when the lock is taken, and no text has been printed: there it waits for a while.
        let log = stage.at("unsteady.log");
        let mut command = strace("flock", &log);
        command.args(["-e", "inject=flock:delay_enter=1500000:when=1"]).arg(PROGRAM);
        build_args(&mut command, &stage.root(2), &work.join("public"), DAY);
        let done = std::thread::scope(|threads| {
            let build = threads.spawn(move || run(&mut command));
            while !lock.exists() && !build.is_finished() {
                std::thread::sleep(Duration::from_millis(5));
            }
            spoil();
            build.join().expect("a build")
        });
        assert_eq!(done.code(), Some(4), "{what}: {}", done.said);
        assert!(done.said.contains("E1204") && done.said.contains("changes.md"), "{what}: {}", done.said);
        assert!(tree(&work.join("public")) == stage.trees[1], "{what}: the old edition does not stand");
        // Another file, so that nothing is written into what a link leads to or a pipe waits for.
        let _ = fs::remove_file(&file);
        fs::write(&file, &text).expect("as it was");
        stage.recovers(&work, what);
    }
}

// The sources

/// What a tree looks like to others: kinds, modes, lengths and times, the times of access excepted.
fn looks(top: &Path) -> Vec<(PathBuf, u32, u64, i64, i64, i64, i64)> {
    let mut all: Vec<_> = walkdir::WalkDir::new(top)
        .into_iter()
        .map(|item| item.expect("a readable tree"))
        .map(|item| (item.path().to_owned(), item.metadata().expect("metadata")))
        .map(|(p, m)| (p, m.mode(), m.size(), m.mtime(), m.mtime_nsec(), m.ctime(), m.ctime_nsec()))
        .collect();
    all.sort();
    all
}

#[test]
fn the_sources_are_only_read() {
    let stage = Stage::new();
    let (root, out) = (stage.root(2), stage.at("elsewhere/public"));
    for item in walkdir::WalkDir::new(&root).contents_first(true) {
        let item = item.expect("a readable tree");
        let mode = item.metadata().expect("metadata").permissions().mode() & !0o222;
        fs::set_permissions(item.path(), fs::Permissions::from_mode(mode)).expect("read-only");
    }
    let before = looks(&root);
    let log = stage.at("log");
    let calls = format!("{CHANGING},?utime,?utimes,utimensat,?chown,fchown,fchownat,setxattr,truncate");
    for sub in ["build", "check", "clean"] {
        // For whoever may write everywhere, a mode forbids nothing: what was asked of the system tells.
        let mut command = strace(&calls, &log);
        command.arg(PROGRAM).arg(sub).arg("--root").arg(&root).arg("--output").arg(&out).args(["--as-of", DAY]);
        let done = run(&mut command);
        assert!(done.status.success(), "{sub}: {}", done.said);
        let text = fs::read_to_string(&log).expect("what strace wrote");
        let below = root.to_string_lossy().into_owned();
        for line in text.lines().filter(|line| line.contains(&below) && !line.contains(" resumed>")) {
            let reads = line.contains("openat(") && line.contains("O_RDONLY") && !line.contains("O_CREAT");
            assert!(reads, "{sub} would change the sources: {line}");
        }
        assert_eq!(looks(&root), before, "{sub}");
        if sub == "build" {
            assert!(text.contains("site.toml"), "the trace shows the reading");
            assert!(tree(&out) == stage.trees[2]);
        }
    }
    for item in walkdir::WalkDir::new(&root) {
        let item = item.expect("a readable tree");
        let mode = item.metadata().expect("metadata").permissions().mode() | 0o200;
        fs::set_permissions(item.path(), fs::Permissions::from_mode(mode)).expect("writable again");
    }
    // Inside the site's folder: the output and what lies beside it, and nothing else.
    let content = (looks(&root.join("content")), looks(&root.join("site.toml")));
    built(&root, &root.join("public"));
    assert_eq!((looks(&root.join("content")), looks(&root.join("site.toml"))), content);
    let mut names: Vec<_> = fs::read_dir(&root).expect("the root").map(|e| e.expect("an entry").file_name()).collect();
    names.sort();
    assert_eq!(names, [".gitignore", ".public.dealwire-lock", "content", "public", "site.toml"]);
}
