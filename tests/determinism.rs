//! The output is a function of the input and the edition's instant alone: no machine, user, order or history shows in it.

#![allow(clippy::disallowed_methods, reason = "a test works on the disk like a user")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_dealwire");
const DAY: &str = "2017-12-01T12:00:00Z";

/// Numbers that follow from a seed, which is printed.
struct Dice(u64);

impl Dice {
    fn new() -> Self {
        let seed = std::env::var("DEALWIRE_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(0x5eed_0017);
        println!("DEALWIRE_SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n.max(1) as u64).expect("small")
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for i in (1..all.len()).rev() {
            all.swap(i, self.below(i + 1));
        }
    }
}

/// The sample site's own files, in a random order, which is the order in which a folder lists them on many systems.
fn copy_sample(to: &Path, dice: &mut Dice) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![from.join("site.toml")];
    for folder in ["content", "static", "templates"] {
        let all = walkdir::WalkDir::new(from.join(folder)).into_iter().map(|e| e.expect("a readable tree"));
        files.extend(all.filter(|e| e.file_type().is_file()).map(walkdir::DirEntry::into_path));
    }
    files.sort();
    dice.shuffle(&mut files);
    for file in files {
        let target = to.join(file.strip_prefix(from).expect("below"));
        fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
        fs::copy(&file, target).expect("a copy");
    }
}

/// A build that nothing of this test's surroundings reaches but what `change` gives it.
fn build(root: &Path, out: &Path, change: impl FnOnce(&mut Command)) -> Output {
    let mut command = Command::new(PROGRAM);
    command.arg("build").arg("--root").arg(root).arg("--output").arg(out);
    command.env_remove("SOURCE_DATE_EPOCH").env_remove("TZ").env_remove("LC_ALL").env_remove("LANG");
    change(&mut command);
    command.output().expect("a build")
}

#[track_caller]
fn built(root: &Path, out: &Path, change: impl FnOnce(&mut Command)) -> Tree {
    let done = build(root, out, change);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    tree(out)
}

fn dated(command: &mut Command) {
    command.args(["--as-of", DAY]);
}

/// Everything below a folder, the manifest too: kind, mode, bytes.
type Tree = BTreeMap<String, (u32, Vec<u8>)>;

fn tree(top: &Path) -> Tree {
    walkdir::WalkDir::new(top)
        .into_iter()
        .map(|item| {
            let item = item.expect("a readable tree");
            let path = item.path().strip_prefix(top).expect("below").to_string_lossy().into_owned();
            let bytes = if item.file_type().is_file() { fs::read(item.path()).expect("a file") } else { Vec::new() };
            (path, (item.metadata().expect("metadata").permissions().mode(), bytes))
        })
        .collect()
}

#[track_caller]
fn assert_same(a: &Tree, b: &Tree, what: &str) {
    let names = |t: &Tree| t.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(a), names(b), "{what}: other files");
    for (path, (mode, bytes)) in a {
        assert_eq!(*mode, b[path].0, "{what}: the mode of {path}");
        if *bytes != b[path].1 {
            let (one, two) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&b[path].1));
            let differs = one.lines().zip(two.lines()).find(|(x, y)| x != y);
            panic!("{what}: {path} differs: {differs:?}");
        }
    }
}

#[test]
fn nothing_of_the_machine_shows() {
    let mut dice = Dice::new();
    let folder = TempDir::new().expect("a temporary folder");
    let root = folder.path().join("site");
    copy_sample(&root, &mut dice);
    let mut place = 0;
    let mut out = || {
        place += 1;
        folder.path().join(format!("out-{place}"))
    };
    let reference = built(&root, &out(), dated);
    assert!(reference.len() > 80, "{}", reference.len());
    for jobs in ["1", "2", "8", "64"] {
        let other = built(&root, &out(), |c| {
            dated(c);
            c.args(["--jobs", jobs]);
        });
        assert_same(&reference, &other, &format!("with --jobs {jobs}"));
    }
    for (name, value) in [
        ("TZ", "Pacific/Kiritimati"),
        ("TZ", "America/St_Johns"),
        ("TZ", "nonsense"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("LC_ALL", "C"),
        ("LANG", "zh_CN.GB18030"),
        ("RAYON_NUM_THREADS", "3"),
        ("HOME", "/nonexistent"),
        ("TERM", "dumb"),
        ("CLICOLOR_FORCE", "1"),
        ("COLUMNS", "20"),
    ] {
        let other = built(&root, &out(), |c| {
            dated(c);
            c.env(name, value);
        });
        assert_same(&reference, &other, &format!("with {name}={value}"));
    }
    for umask in ["000", "077", "027"] {
        let out = out();
        let shell = Command::new("sh")
            .args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\""), PROGRAM, "build", "--as-of", DAY, "--root"])
            .arg(&root)
            .arg("--output")
            .arg(&out)
            .output()
            .expect("a shell");
        assert!(shell.status.success(), "{}", String::from_utf8_lossy(&shell.stderr));
        assert_same(&reference, &tree(&out), &format!("with umask {umask}"));
    }
    // From inside, by a relative path, through a link: the site's place and the place where one stands do not show.
    let other = out();
    let inside = Command::new(PROGRAM)
        .args(["build", "--as-of", DAY, "--output"])
        .arg(&other)
        .current_dir(root.join("content/articles"))
        .env_remove("SOURCE_DATE_EPOCH")
        .status();
    assert!(inside.is_ok_and(|s| s.success()));
    assert_same(&reference, &tree(&other), "from inside");
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&root, &link).expect("a link");
    assert_same(&reference, &built(&link, &out(), dated), "through a link");
}

#[test]
fn neither_the_order_nor_the_place_of_the_files_shows() {
    let mut dice = Dice::new();
    let mut reference = None;
    for name in ["a", "a much longer name, with spaces & 'quotes'", "ü/空/deep/er"] {
        let folder = TempDir::new().expect("a temporary folder");
        let root = folder.path().join(name);
        copy_sample(&root, &mut dice);
        let out = built(&root, &root.join("public"), dated);
        let again = built(&root, &root.join("public"), dated);
        assert_same(&out, &again, "built twice");
        assert_same(reference.get_or_insert_with(|| out.clone()), &out, name);
        let text = folder.path().to_string_lossy().into_owned();
        for (path, (_, bytes)) in &out {
            assert!(!bytes.windows(text.len()).any(|w| w == text.as_bytes()), "{path} names a folder of the machine");
        }
    }
}

#[test]
fn source_date_epoch_is_as_of() {
    let folder = TempDir::new().expect("a temporary folder");
    let root = folder.path().join("site");
    copy_sample(&root, &mut Dice::new());
    let seconds = DAY.parse::<jiff::Timestamp>().expect("an instant").as_second().to_string();
    let by_option = built(&root, &folder.path().join("a"), dated);
    let by_variable = built(&root, &folder.path().join("b"), |c| {
        c.env("SOURCE_DATE_EPOCH", &seconds);
    });
    assert_same(&by_option, &by_variable, "SOURCE_DATE_EPOCH");
    let both = built(&root, &folder.path().join("c"), |c| {
        dated(c);
        c.env("SOURCE_DATE_EPOCH", "0");
    });
    assert_same(&by_option, &both, "the option wins");
    let starter = folder.path().join("starter");
    start_site(&starter);
    let early = built(&starter, &folder.path().join("early"), |c| {
        c.env("SOURCE_DATE_EPOCH", "1496300000");
    });
    let late = built(&starter, &folder.path().join("late"), |c| {
        c.env("SOURCE_DATE_EPOCH", "1796300000");
    });
    assert!(early.len() < late.len(), "in June 2017 the first deal had not happened yet");
    let wrong = build(&root, &folder.path().join("e"), |c| {
        c.env("SOURCE_DATE_EPOCH", "yesterday");
    });
    assert_eq!(wrong.status.code(), Some(2));
    assert!(!folder.path().join("e").exists());
}

fn start_site(root: &Path) {
    let made = Command::new(PROGRAM).arg("init").arg(root).args(["--title", "Deals"]).output().expect("init");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

// Histories

/// The starter site with a theme of its own, tags, and articles that stand alone, so that most edits are good.
fn start_desk(root: &Path) {
    start_site(root);
    let theme = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in ["static/style.css", "templates/page.html"] {
        fs::create_dir_all(root.join(file).parent().expect("a folder")).expect("a folder");
        fs::copy(theme.join(file), root.join(file)).expect("a copy");
    }
    for tag in TAGS {
        let text = format!("---\ntitle: {tag}\ndescription: All of it.\n---\n\nAn introduction.\n");
        fs::write(root.join(format!("content/tags/{tag}.md")), text).expect("written");
    }
    for n in 0..8 {
        fs::write(root.join(format!("content/articles/first-{n}.md")), story(n, n + 1, TAGS[n % 3])).expect("written");
    }
}

const TAGS: [&str; 3] = ["china", "finland", "networks"];

fn story(n: usize, month: usize, tag: &str) -> String {
    format!(
        "---\ntitle: Story {n}\ndescription: A story.\ndate: 2017-{month:02}-03T09:00\nauthors: [desk]\ntags: \
         [{tag}]\nsources:\n  - {{id: own, kind: interview, publisher: The desk, date: 2017-01-03}}\n---\n\nThe text of \
         story {n}.\n"
    )
}

/// A site that is edited at random, and what was done to it.
struct Desk {
    root: PathBuf,
    dice: Dice,
    made: usize,
    instant: String,
    log: Vec<String>,
}

impl Desk {
    fn files(&self, folder: &str) -> Vec<PathBuf> {
        let all = walkdir::WalkDir::new(self.root.join(folder)).sort_by_file_name();
        all.into_iter()
            .filter_map(Result::ok)
            .filter(|e| e.file_type().is_file())
            .map(walkdir::DirEntry::into_path)
            .collect()
    }

    fn pick(&mut self, folder: &str) -> Option<PathBuf> {
        let all = self.files(folder);
        (!all.is_empty()).then(|| all[self.dice.below(all.len())].clone())
    }

    fn change(&mut self, folder: &str, what: &str, change: impl FnOnce(&str, usize) -> String) {
        let Some(file) = self.pick(folder) else { return };
        let text = fs::read_to_string(&file).expect("text");
        let n = self.dice.below(1000);
        fs::write(&file, change(&text, n)).expect("written");
        self.log.push(format!("{what} {} ({n})", file.display()));
    }

    fn edit(&mut self) {
        match self.dice.below(16) {
            0 | 1 => self.change("content", "a paragraph to", |t, n| format!("{t}\nAnother paragraph, number {n}.\n")),
            2 => self.change("content", "a title of", |t, n| match t.split_once("\ntitle: ") {
                Some((before, after)) => {
                    let rest = after.split_once('\n').map_or("", |(_, r)| r);
                    format!("{before}\ntitle: \"Title {n}\"\n{rest}")
                }
                None => t.to_owned(),
            }),
            3 | 4 => self.change("content/articles", "a draft of", |t, _| {
                if t.contains("\ndraft: true\n") {
                    t.replacen("\ndraft: true\n", "\n", 1)
                } else {
                    t.replacen("---\n", "---\ndraft: true\n", 1)
                }
            }),
            5 => self.change("content/articles", "an alias to", |t, n| {
                if t.contains("\naliases:") {
                    t.to_owned()
                } else {
                    t.replacen("---\n", &format!("---\naliases: [/old/{n}/]\n"), 1)
                }
            }),
            6 => self.change("content/articles", "an embargo on", |t, n| {
                let line = format!("---\nembargo: 2017-{:02}-15T12:00\n", n % 12 + 1);
                if t.contains("\nembargo:") { t.to_owned() } else { t.replacen("---\n", &line, 1) }
            }),
            7 => {
                if let Some(file) = self.pick("content/articles") {
                    fs::remove_file(&file).expect("removed");
                    self.log.push(format!("removed {}", file.display()));
                }
            }
            8 => {
                if let Some(file) = self.pick("content/articles") {
                    self.made += 1;
                    fs::rename(&file, file.with_file_name(format!("renamed-{}.md", self.made))).expect("renamed");
                    self.log.push(format!("renamed {}", file.display()));
                }
            }
            9 | 10 => {
                self.made += 1;
                let (month, tag) = (1 + self.dice.below(11), TAGS[self.dice.below(3)]);
                let text = story(self.made, month, tag);
                fs::create_dir_all(self.root.join("content/articles")).expect("a folder");
                fs::write(self.root.join(format!("content/articles/story-{}.md", self.made)), text).expect("written");
                self.log.push(format!("story {}", self.made));
            }
            11 => {
                let (page, n) = (self.root.join("templates/page.html"), self.dice.below(5));
                let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/page.html"));
                fs::write(page, text.expect("the theme's template").replace("</main>", &format!("<hr>{n}</main>")))
                    .expect("written");
                self.log.push(format!("the template of pages ({n})"));
            }
            12 => {
                let n = self.dice.below(4);
                let file = self.root.join(format!("static/root/file-{n}.txt"));
                fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
                if file.exists() {
                    fs::remove_file(&file).expect("removed");
                } else {
                    fs::write(&file, format!("{}", self.dice.below(1000))).expect("written");
                }
                self.log.push(format!("static file {n}"));
            }
            13 => {
                let n = self.dice.below(1000);
                let css = self.root.join("static/style.css");
                let text = fs::read_to_string(&css).expect("the style sheet");
                fs::write(&css, format!("{text}\n.x{n} {{ color: red }}\n")).expect("written");
                self.log.push(format!("style {n}"));
            }
            14 => {
                let n = self.dice.below(1000);
                let file = self.root.join("site.toml");
                let text = fs::read_to_string(&file).expect("settings");
                let rest: Vec<&str> = text.lines().filter(|l| !l.starts_with("description")).collect();
                fs::write(&file, format!("description = \"Desk {n}\"\n{}\n", rest.join("\n"))).expect("written");
                self.log.push(format!("settings {n}"));
            }
            _ => {
                let day = 1 + self.dice.below(27);
                let month = 1 + self.dice.below(12);
                self.instant = format!("2017-{month:02}-{day:02}T12:00:00Z");
                self.log.push(format!("the instant {}", self.instant));
            }
        }
    }
}

#[test]
fn whatever_the_history_the_output_is_that_of_a_clean_build() {
    let folder = TempDir::new().expect("a temporary folder");
    let root = folder.path().join("site");
    start_desk(&root);
    let mut desk = Desk { root: root.clone(), dice: Dice::new(), made: 0, instant: DAY.to_owned(), log: Vec::new() };
    let rounds = if std::env::var_os("DEALWIRE_LONG").is_some() { 600 } else { 60 };
    let (out, mut good, mut refused) = (folder.path().join("public"), 0, 0);
    let mut before = built(&root, &out, dated);
    for round in 0..rounds {
        let backup = folder.path().join("backup");
        let _ = fs::remove_dir_all(&backup);
        copy_all(&root, &backup);
        let marks = desk.log.len();
        for _ in 0..=desk.dice.below(3) {
            desk.edit();
        }
        let instant = desk.instant.clone();
        let at = |c: &mut Command| {
            c.args(["--as-of", &instant]);
        };
        let done = build(&root, &out, at);
        let what = format!("round {round}, after {:?}", &desk.log[marks..]);
        let clean = folder.path().join(format!("clean-{round}/public"));
        if done.status.success() {
            good += 1;
            before = tree(&out);
            assert_same(&built(&root, &clean, at), &before, &what);
        } else {
            // A link or a name that leads nowhere now: nothing changes, a clean build fails as well, and it is undone.
            refused += 1;
            let said = String::from_utf8_lossy(&done.stderr).into_owned();
            assert_eq!(done.status.code(), Some(1), "{what}: {said}");
            assert_same(&before, &tree(&out), &what);
            // What an address was before is known where there was a before, and only there.
            if !said.contains("E0808") {
                assert_eq!(build(&root, &clean, at).status.code(), Some(1), "{what}: only the history fails: {said}");
            }
            assert!(!clean.exists());
            fs::remove_dir_all(&root).expect("removed");
            copy_all(&backup, &root);
        }
        let _ = fs::remove_dir_all(clean.parent().expect("a folder"));
    }
    println!("{good} editions, {refused} refused");
    assert!(good * 3 > rounds, "only {good} of {rounds} rounds gave an edition");
    // Back to the beginning: as if nothing had happened.
    fs::remove_dir_all(&root).expect("removed");
    start_desk(&root);
    let last = build(&root, &out, dated);
    assert!(last.status.success(), "{}", String::from_utf8_lossy(&last.stderr));
    assert_same(&built(&root, &folder.path().join("last"), dated), &tree(&out), "back to the beginning");
}

fn copy_all(from: &Path, to: &Path) {
    for item in walkdir::WalkDir::new(from) {
        let item = item.expect("a readable tree");
        let target = to.join(item.path().strip_prefix(from).expect("below"));
        if item.file_type().is_dir() {
            fs::create_dir_all(&target).expect("a folder");
        } else {
            fs::copy(item.path(), &target).expect("a copy");
        }
    }
}
