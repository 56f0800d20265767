//! A branch of a Git repository: by its path, and behind a server. There has to be a `git`; without one these fail.

use crate::desk::{DONE, Desk, IO, REFUSED};
use crate::host::{Host, Nature, Readers, desk, shows};
use crate::promises::LOST;
use std::collections::BTreeMap;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Nobody's settings of this machine.
const ALONE: [(&str, &str); 3] =
    [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null"), ("GIT_TERMINAL_PROMPT", "0")];

/// A bare repository, and a server where it has one.
pub struct Repository {
    top: TempDir,
    server: Option<(Child, u16)>,
}

impl Drop for Repository {
    fn drop(&mut self) {
        if let Some((child, _)) = &mut self.server {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Repository {
    pub fn new() -> Self {
        let top = TempDir::new().expect("a folder");
        git(top.path(), &["init", "--quiet", "--bare", "site.git"]);
        fs::create_dir(top.path().join("tmp")).expect("a folder");
        Self { top, server: None }
    }

    /// Behind `git daemon`.
    pub fn served() -> Self {
        let mut repository = Self::new();
        let programs = git(repository.top.path(), &["--exec-path"]);
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
        // Not by way of `git`, which would start it as a child of its own, out of our reach.
        let child = Command::new(Path::new(programs.trim()).join("git-daemon"))
            .args(["--listen=127.0.0.1", "--reuseaddr", "--enable=receive-pack", "--export-all"])
            .arg(format!("--port={port}"))
            .arg(format!("--base-path={}", repository.top.path().display()))
            .envs(ALONE)
            .stderr(Stdio::null())
            .spawn()
            .expect("git daemon starts");
        repository.server = Some((child, port));
        let until = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "git daemon listens");
            std::thread::sleep(Duration::from_millis(10));
        }
        repository
    }

    fn path(&self) -> PathBuf {
        self.top.path().join("site.git")
    }

    /// Asks the repository itself.
    pub fn ask(&self, words: &[&str]) -> String {
        git(&self.path(), words)
    }

    fn has_branch(&self) -> bool {
        !self.ask(&["for-each-ref", "refs/heads/pages"]).is_empty()
    }

    fn tip(&self) -> String {
        self.ask(&["rev-parse", "pages"]).trim().to_owned()
    }

    /// The files of the branch, ours too.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        if !self.has_branch() {
            return BTreeMap::new();
        }
        let out = TempDir::new().expect("a folder");
        let archive = out.path().join("all.tar");
        self.ask(&["archive", "--format=tar", "-o", &archive.to_string_lossy(), "pages"]);
        let into = out.path().join("all");
        fs::create_dir(&into).expect("a folder");
        let done = Command::new("tar").arg("-xf").arg(&archive).arg("-C").arg(&into).status().expect("tar starts");
        assert!(done.success());
        crate::desk::tree(&into)
    }

    /// A stranger's folder in which the branch is, or nothing where there is no branch.
    fn clone(&self) -> TempDir {
        let clone = TempDir::new().expect("a folder");
        git(clone.path(), &["init", "--quiet"]);
        git(clone.path(), &["remote", "add", "origin", &self.path().to_string_lossy()]);
        if self.has_branch() {
            git(clone.path(), &["fetch", "--quiet", "origin", "pages"]);
            git(clone.path(), &["checkout", "--quiet", "-b", "pages", "FETCH_HEAD"]);
        } else {
            git(clone.path(), &["checkout", "--quiet", "--orphan", "pages"]);
        }
        clone
    }

    /// A stranger's commit with a file, or without it, not pushed.
    fn commit(&self, path: &str, bytes: Option<&[u8]>) -> TempDir {
        let clone = self.clone();
        let file = clone.path().join(path);
        match bytes {
            Some(bytes) => {
                fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
                fs::write(file, bytes).expect("written");
            }
            None => fs::remove_file(file).expect("removed"),
        }
        git(clone.path(), &["add", "--force", "--all"]);
        git(clone.path(), &["commit", "--quiet", "-m", "Somebody's work"]);
        clone
    }

    fn subjects(&self) -> Vec<String> {
        self.ask(&["log", "--reverse", "--format=%s", "pages"]).lines().map(str::to_owned).collect()
    }

    /// Makes the repository run a script at every push.
    fn hook(&self, name: &str, script: &str) {
        let hook = self.path().join("hooks").join(name);
        fs::create_dir_all(hook.parent().expect("a folder")).expect("a folder");
        program(&hook, script);
    }
}

impl Host for Repository {
    fn settings(&self) -> String {
        let to = match &self.server {
            Some((_, port)) => format!("git+git://127.0.0.1:{port}/site.git"),
            None => format!("git+file://{}", self.path().display()),
        };
        format!("to = \"{to}\"\nbranch = \"pages\"")
    }

    fn variables(&self) -> Vec<(String, String)> {
        let mut all = ALONE.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec();
        // Who is killed cannot clear up; who is not does.
        all.push(("TMPDIR".to_owned(), self.top.path().join("tmp").display().to_string()));
        all
    }

    fn live(&self) -> BTreeMap<String, Vec<u8>> {
        let mut all = self.files();
        all.retain(|path, _| !path.starts_with(".dealwire/") && path != ".nojekyll");
        all
    }

    fn all(&self) -> BTreeMap<String, Vec<u8>> {
        let refs = self.ask(&["for-each-ref"]);
        let mut all = self.files();
        all.insert("refs".to_owned(), refs.into_bytes());
        all
    }

    fn nature(&self) -> Nature {
        Nature { readers: Readers::OneEdition, forgets: false, ..Nature::default() }
    }

    fn remembers(&self, text: &str) -> bool {
        !self.ask(&["log", "--format=%H", "-S", text, "pages"]).is_empty()
    }

    fn put(&self, path: &str, bytes: &[u8]) {
        let clone = self.commit(path, Some(bytes));
        git(clone.path(), &["push", "--quiet", "origin", "HEAD:pages"]);
    }
}

/// Calls `git` as a stranger, who has a name.
#[track_caller]
fn git(folder: &Path, words: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"]);
    let done = command.args(words).envs(ALONE).output().expect("git is installed");
    assert!(done.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).into_owned()
}

fn program(path: &Path, script: &str) {
    fs::write(path, script).expect("written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a program");
}

/// A `git` that does something of its own at the first push, the second and so on; `$real` is the one of the system.
fn with_odd_pushes(desk: Desk, scripts: &[&str]) -> Desk {
    let path = std::env::var("PATH").expect("a PATH");
    let real = std::env::split_paths(&path).map(|p| p.join("git")).find(|p| p.is_file()).expect("git is installed");
    let folder = desk.top("odd");
    // The one of before may be there.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).expect("a folder");
    let cases: Vec<String> = scripts.iter().enumerate().map(|(n, s)| format!("    {}) {s} ;;\n", n + 1)).collect();
    let cases = cases.concat();
    let (real, count) = (real.display(), folder.join("count").display().to_string());
    let script = format!(
        "#!/bin/sh\nreal='{real}'\nfor word in \"$@\"; do\n  if [ \"$word\" = push ]; then\n    echo >> '{count}'\n    \
         case $(wc -l < '{count}') in\n{cases}    esac\n  fi\ndone\nexec \"$real\" \"$@\"\n"
    );
    program(&folder.join("git"), &script);
    desk.with("PATH", &format!("{}:{path}", folder.display()))
}

#[test]
fn races_leave_one_line_of_commits() {
    for repository in [Repository::new(), Repository::served()] {
        crate::promises::has_one_winner(&repository, 5);
        let parents = repository.ask(&["log", "--format=%P", "pages"]);
        assert!(parents.lines().all(|p| p.split(' ').count() == 1), "one line of commits");
    }
}

#[test]
fn what_people_put_into_a_branch_beforehand_stays() {
    let repository = Repository::new();
    let theirs =
        [("CNAME", "news.example.com\n"), ("README.md", "# Pages\n"), ("LICENSE", "MIT\n"), (".domains", "x\n")];
    for (path, text) in theirs {
        repository.put(path, text.as_bytes());
    }
    // Nobody may push what does not go on from what is there.
    let log = repository.top.path().join("pushes");
    repository.hook(
        "update",
        &format!(
            "#!/bin/sh\ngit merge-base --is-ancestor $2 $3 && echo forward >> '{0}' || echo forced >> '{0}'\n",
            log.display()
        ),
    );
    let desk = desk(&repository);
    desk.type_in("publish").has(DONE);
    for n in 0..3 {
        desk.article("changing", &format!("Version {n}"), "");
        desk.type_in("publish").has(DONE);
    }
    desk.type_in("publish --rollback").has(DONE);
    let files = repository.files();
    for (path, text) in theirs {
        assert_eq!(files.get(path).map(Vec::as_slice), Some(text.as_bytes()), "{path}");
    }
    assert!(files.contains_key(".nojekyll"), "else GitHub leaves out what begins with an underscore");
    assert!(files.contains_key(".dealwire/manifest.json"));
    assert_eq!(fs::read_to_string(log).expect("pushes"), "forward\n".repeat(5), "never a forced push");
    let left: Vec<_> = fs::read_dir(repository.top.path().join("tmp")).expect("a folder").collect();
    assert!(left.is_empty(), "{left:?}");
    // One commit for each edition, by whom Git's settings name, and nobody's name where they name nobody.
    let subjects = repository.subjects();
    assert_eq!(subjects.len(), theirs.len() + 5, "{subjects:?}");
    for (n, subject) in subjects[theirs.len()..].iter().enumerate() {
        assert!(subject.starts_with(&format!("Edition {} of https://", n + 1)), "{subject}");
    }
    assert_eq!(
        repository.ask(&["log", "-1", "--format=%an <%ae>, %cn", "pages"]).trim(),
        "dealwire <dealwire@localhost>, dealwire"
    );
    let desk = desk.with("GIT_AUTHOR_NAME", "Ann").with("GIT_AUTHOR_EMAIL", "ann@example.com");
    desk.article("changing", "By Ann", "");
    desk.type_in("publish").has(DONE);
    assert_eq!(
        repository.ask(&["log", "-1", "--format=%an <%ae>, %cn", "pages"]).trim(),
        "Ann <ann@example.com>, dealwire"
    );
}

#[test]
fn an_edition_is_repaired_and_gone_back_to_whatever_others_did() {
    let repository = Repository::new();
    let desk = desk(&repository);
    desk.type_in("publish").has(DONE);
    let first = repository.live();
    // A page is changed, another one deleted, and much else is done in the branch.
    repository.put("index.html", b"changed by hand");
    let clone = repository.commit("robots.txt", None);
    git(clone.path(), &["push", "--quiet", "origin", "HEAD:pages"]);
    let clone = repository.clone();
    for n in 0..60 {
        git(clone.path(), &["commit", "--quiet", "--allow-empty", "-m", &format!("Nothing, {n} times")]);
    }
    git(clone.path(), &["push", "--quiet", "origin", "HEAD:pages"]);
    desk.article("second", "A second story", "");
    desk.type_in("publish --rollback").has(REFUSED).says("E1309");
    desk.type_in("publish").has(DONE);
    shows(&repository, &desk);
    desk.type_in("publish --rollback").has(DONE);
    assert!(repository.live() == first, "all files are there again");
}

#[test]
fn what_somebody_pushes_meanwhile_stays() {
    for repository in [Repository::new(), Repository::served()] {
        let desk = desk(&repository);
        desk.type_in("publish").has(DONE);
        let theirs = repository.commit("theirs.txt", Some(b"theirs"));
        let push = format!("\"$real\" -C '{}' push --quiet origin HEAD:pages", theirs.path().display());
        let desk = with_odd_pushes(desk, &[&push]);
        desk.article("second", "A second story", "");
        desk.type_in("publish").has(LOST).says("E1303");
        assert_eq!(repository.tip(), git(theirs.path(), &["rev-parse", "HEAD"]).trim(), "theirs is the last commit");
        desk.type_in("publish").has(DONE);
        let mut live = repository.live();
        assert_eq!(live.remove("theirs.txt"), Some(b"theirs".to_vec()));
        assert_eq!(live, crate::host::built(&desk));
    }
}

#[test]
fn what_somebody_pushes_in_the_middle_of_a_push_stays() {
    for repository in [Repository::new(), Repository::served()] {
        let desk = desk(&repository);
        desk.type_in("publish").has(DONE);
        let theirs = repository.commit("theirs.txt", Some(b"theirs"));
        git(theirs.path(), &["push", "--quiet", "origin", "HEAD:theirs"]);
        repository.hook(
            "pre-receive",
            "#!/bin/sh\nunset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES\n\
             git update-ref refs/heads/pages refs/heads/theirs\n",
        );
        desk.article("second", "A second story", "");
        desk.type_in("publish").has(LOST).says("E1303");
        assert_eq!(repository.tip(), git(theirs.path(), &["rev-parse", "HEAD"]).trim());
    }
}

#[test]
fn a_push_whose_answer_is_lost_is_one_commit() {
    let repository = Repository::new();
    let desk = desk(&repository);
    desk.type_in("publish").has(DONE);
    let lost = "\"$real\" \"$@\"; echo 'fatal: the remote end hung up unexpectedly' >&2; exit 128";
    let desk = with_odd_pushes(desk, &[lost]);
    desk.article("second", "A second story", "");
    desk.type_in("publish").has(DONE);
    assert_eq!(repository.subjects().len(), 2);
    shows(&repository, &desk);

    // It did not arrive: it is sent again.
    let fails = "echo 'fatal: the remote end hung up unexpectedly' >&2; exit 128";
    let desk = with_odd_pushes(desk, &[fails, fails]);
    desk.article("second", "A second story, again", "");
    desk.type_in("publish").has(DONE);
    assert_eq!(repository.subjects().len(), 3);
    shows(&repository, &desk);
}

#[test]
fn an_edition_of_others_with_the_same_number_is_not_ours() {
    let repository = Repository::new();
    let (ours, theirs) = (desk(&repository), desk(&repository));
    ours.type_in("publish").has(DONE);
    ours.article("second", "Our story", "");
    theirs.article("second", "Their story", "");
    let fails = "echo 'fatal: the remote end hung up unexpectedly' >&2; exit 128";
    let publish = format!("(cd '{}' && '{}' publish) >&2", theirs.at("").display(), env!("CARGO_BIN_EXE_dealwire"));
    let ours = with_odd_pushes(ours, &[fails, &publish]);
    ours.type_in("publish").has(LOST).says("E1303");
    assert_eq!(repository.subjects().len(), 2);
    shows(&repository, &theirs);
}

#[test]
fn ssh_is_called_so_that_it_asks_nothing_unless_somebody_has_settled_how() {
    let repository = Repository::new();
    let desk = desk(&repository);
    let folder = desk.top("bin");
    fs::create_dir(&folder).expect("a folder");
    let said = folder.join("said");
    // The other end is this machine.
    let script =
        format!("#!/bin/sh\necho \"$@\" >> '{}'\nfor last; do :; done\nexec sh -c \"$last\"\n", said.display());
    program(&folder.join("ssh"), &script);
    let desk = desk.with("PATH", &format!("{}:{}", folder.display(), std::env::var("PATH").expect("a PATH")));
    let text = desk.read("site.toml").replace("git+file:///", "git+ssh://git@host.example.com/");
    desk.write("site.toml", text.replace("\"pages\"", "\"sites/news\""));
    desk.type_in("publish").has(DONE).says("ssh://git@host.example.com/");
    assert_eq!(repository.ask(&["for-each-ref", "--format=%(refname)"]).trim(), "refs/heads/sites/news");
    let asked = fs::read_to_string(&said).expect("it was called");
    assert!(asked.lines().all(|l| l.contains("-oBatchMode=yes") && l.contains("git@host.example.com")), "{asked}");
    fs::remove_file(&said).expect("removed");
    let desk = desk.with("GIT_SSH_COMMAND", "ssh -i key");
    desk.type_in("publish").has(DONE).says("is up to date");
    let asked = fs::read_to_string(&said).expect("it was called");
    assert!(asked.lines().all(|l| l.starts_with("-i key") && !l.contains("BatchMode")), "{asked}");
}

#[test]
fn a_hook_may_publish_and_a_record_of_others_is_refused() {
    let repository = Repository::new();
    // As inside a hook of another repository.
    let desk = desk(&repository).with("GIT_DIR", "/nowhere").with("GIT_INDEX_FILE", "/nowhere/index");
    desk.type_in("publish").has(DONE);
    shows(&repository, &desk);
    repository.put(".dealwire/manifest.json", b"{\"dealwire\": 2}");
    let tip = repository.tip();
    desk.article("second", "A second story", "");
    desk.type_in("publish").has(REFUSED).says("E1302").says("is no record of this program");
    desk.type_in("publish --adopt").has(REFUSED).says("E1302");
    assert_eq!(repository.tip(), tip);
}

#[test]
fn a_repository_that_cannot_be_reached_or_refuses_is_named_with_the_words_of_git() {
    let repository = Repository::new();
    let desk = desk(&repository);
    desk.type_in("publish").has(DONE);
    repository.hook("pre-receive", "#!/bin/sh\necho 'Only on Mondays.' >&2\nexit 1\n");
    desk.article("second", "A second story", "");
    desk.type_in("publish").has(IO).says("E1304").says("Only on Mondays.").says("pre-receive hook declined");
    assert_eq!(repository.subjects().len(), 1);

    let started = Instant::now();
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    for (to, says) in [
        ("git+file:///nowhere/site.git".to_owned(), "'/nowhere/site.git' does not appear to be a git repository"),
        (format!("git+git://127.0.0.1:{port}/site.git"), "Connection refused"),
    ] {
        let site = desk.read("site.toml");
        let site = site.split("\n[publish.").next().unwrap_or_default();
        desk.write("site.toml", format!("{site}\n[publish.here]\nto = \"{to}\"\n"));
        desk.type_in("publish").has(IO).says("E1304").says(says);
    }
    assert!(started.elapsed() < Duration::from_mins(1), "{:?}", started.elapsed());
    let nobody = desk.with("PATH", "/nowhere");
    nobody.type_in("publish").has(IO).says("E1304").says("the program `git` is needed");
}

#[test]
fn a_file_of_others_where_the_site_needs_a_folder() {
    let repository = Repository::new();
    let desk = desk(&repository);
    desk.type_in("publish").has(DONE);
    let folder =
        repository.live().into_keys().find_map(|p| p.split_once('/').map(|f| f.0.to_owned())).expect("a folder");
    let bare = Repository::new();
    bare.put(&folder, b"somebody's");
    crate::host::aim(&desk, &bare, "");
    desk.type_in("publish --adopt").has(IO).says(&format!("`{folder}` is a file in the branch"));
    assert_eq!(bare.live().len(), 1);
}
