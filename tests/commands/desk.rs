//! A folder in which somebody types `dealwire`, and what the program said. Judges one thing only: it never panics.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Exit code: done.
pub const DONE: i32 = 0;
/// Exit code: the site has errors.
pub const FINDINGS: i32 = 1;
/// Exit code: the command line was wrong.
pub const USAGE: i32 = 2;
/// Exit code: refused, nothing was changed.
pub const REFUSED: i32 = 3;
/// Exit code: reading or writing failed.
pub const IO: i32 = 4;

/// The instant at which most tests play: after everything that they write about, before what they plan.
pub const NOW: &str = "2026-06-01T12:00:00Z";

/// A folder, a place in it, and variables that the program gets.
pub struct Desk {
    folder: TempDir,
    here: PathBuf,
    variables: Vec<(String, String)>,
}

/// What the program said and returned.
pub struct Said {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Desk {
    /// An empty folder.
    pub fn empty() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let here = folder.path().canonicalize().expect("a real path");
        Self { folder, here, variables: Vec::new() }
    }

    /// Inside a site that `init` made.
    pub fn site() -> Self {
        let desk = Self::empty();
        desk.run(["init", "site"]).has(DONE);
        desk.go("site")
    }

    /// The same, in a folder below.
    pub fn go(mut self, folder: &str) -> Self {
        self.here.push(folder);
        self
    }

    /// The same, with a variable of the environment.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A path from the place where we are.
    pub fn at(&self, path: &str) -> PathBuf {
        self.here.join(path)
    }

    /// A path from the folder that goes away at the end.
    pub fn top(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file, with the folders above it.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Reads a file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// Replaces a part of a file, which must be there.
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from}");
        self.write(path, text.replacen(from, to, 1));
    }

    /// A public article of 5 March 2024, with further lines of front matter.
    pub fn article(&self, id: &str, title: &str, more: &str) {
        let text = format!(
            "---\ntitle: {title}\ndescription: What {title} is about.\ndate: 2024-03-05\n{more}---\n\nThe text of {title}.\n"
        );
        self.write(&format!("content/articles/{id}.md"), text);
    }

    /// The command, before it runs.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dealwire"));
        command.current_dir(&self.here).stdin(Stdio::null());
        for name in ["SOURCE_DATE_EPOCH", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "RUST_BACKTRACE"] {
            command.env_remove(name);
        }
        command.envs(self.variables.iter().map(|(k, v)| (k, v)));
        command
    }

    /// Types `dealwire` with these words behind it.
    pub fn run<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> Said {
        Said::of(self.command().args(words))
    }

    /// Types one line whose words have no spaces in them.
    pub fn type_in(&self, line: &str) -> Said {
        self.run(line.split_whitespace())
    }

    /// Everything below a folder, by path.
    pub fn tree(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        tree(&self.at(folder))
    }
}

impl Said {
    /// Runs a command.
    pub fn of(command: &mut Command) -> Self {
        let done = command.output().expect("the program starts");
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let said = Self { code: done.status.code().unwrap_or(-1), out: text(done.stdout), err: text(done.stderr) };
        for bad in ["panicked", "RUST_BACKTRACE", "internal error"] {
            assert!(!said.err.contains(bad) && !said.out.contains(bad), "{}", said.whole());
        }
        assert!((0..=5).contains(&said.code), "undocumented exit code {}", said.whole());
        said
    }

    fn whole(&self) -> String {
        format!("code {}\nstdout: {}\nstderr: {}", self.code, self.out, self.err)
    }

    /// It returned this code.
    #[track_caller]
    pub fn has(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.whole());
        self
    }

    /// It said this, on either stream.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.err.contains(text) || self.out.contains(text), "nothing says {text:?}\n{}", self.whole());
        self
    }

    /// It did not say this.
    #[track_caller]
    pub fn keeps_quiet_about(self, text: &str) -> Self {
        assert!(!self.err.contains(text) && !self.out.contains(text), "something says {text:?}\n{}", self.whole());
        self
    }

    /// It said nothing at all.
    #[track_caller]
    pub fn says_nothing(self) -> Self {
        assert!(self.err.is_empty() && self.out.is_empty(), "{}", self.whole());
        self
    }

    /// What it wrote to standard output, as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}\n{}", self.whole()))
    }
}

/// Everything below a folder, by path with `/`.
pub fn tree(top: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = walkdir::WalkDir::new(top).into_iter().map(|item| item.expect("a readable tree"));
    files
        .filter(|item| item.file_type().is_file())
        .map(|item| {
            let below = item.path().strip_prefix(top).expect("below");
            let path = below.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            (path, fs::read(item.path()).expect("a file"))
        })
        .collect()
}
