//! Calls of the system's `git`, in a bare repository that goes away with the value. Waits for no prompt, runs no hook of
//! this machine, and shows no password.

use crate::sink::publish::store::Fault;
use rustix::process::{Pid, Signal};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long `git` may say nothing.
pub const PATIENCE: Duration = Duration::from_mins(2);
/// How long it has to end when it is told to.
const GRACE: Duration = Duration::from_secs(1);
/// How SSH is called, unless somebody has settled that: it asks nothing, and notices when the other end is gone.
const SSH: &str = "ssh -oBatchMode=yes -oConnectTimeout=30 -oServerAliveInterval=15";

/// Variables that would lead `git` to another repository, as inside a hook, or make it print what it sends.
const FOREIGN: [&str; 18] = [
    "GIT_DIR",
    "GIT_COMMON_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_NAMESPACE",
    "GIT_QUARANTINE_PATH",
    "GIT_TRACE",
    "GIT_TRACE_PACKET",
    "GIT_TRACE_CURL",
    "GIT_CURL_VERBOSE",
];

/// Settings of every call, whatever the user's own are.
const SETTINGS: [&str; 12] = [
    "core.hooksPath=/dev/null",
    "core.autocrlf=false",
    "core.compression=1",
    "gc.auto=0",
    "maintenance.auto=false",
    "fastimport.unpackLimit=0",
    "color.ui=false",
    "log.follow=false",
    "log.showRoot=true",
    "log.showSignature=false",
    "push.followTags=false",
    "push.recurseSubmodules=no",
];

/// A repository, and how `git` is called in it.
pub struct Caller {
    folder: TempDir,
    sets_ssh: bool,
    patience: Duration,
}

/// What `git` said.
pub struct Said {
    /// Whether it did what it was told.
    pub done: bool,
    /// Standard output.
    pub out: Vec<u8>,
    /// Standard error.
    pub err: Vec<u8>,
}

impl Caller {
    /// With a new repository. `has_ssh`: the environment says how SSH is called.
    ///
    /// # Errors
    /// When there is no `git`, or no room.
    pub fn new(has_ssh: bool, patience: Duration) -> Result<Self, Fault> {
        let folder = tempfile::Builder::new().prefix("dealwire-git-").tempdir().map_err(|e| no_room(&e))?;
        let mut caller = Self { folder, sets_ssh: false, patience };
        caller.ask(["init", "--bare", "--quiet", "--template="])?;
        caller.sets_ssh = !has_ssh && !caller.call(["config", "--get", "core.sshCommand"])?.done;
        Ok(caller)
    }

    /// The command, before it runs.
    pub fn command(&self) -> Command {
        let mut command = Command::new("git");
        command.arg("--git-dir").arg(self.folder.path());
        command.args(SETTINGS.iter().flat_map(|s| ["-c", s]));
        for name in FOREIGN {
            command.env_remove(name);
        }
        command.env("GIT_TERMINAL_PROMPT", "0").env("GCM_INTERACTIVE", "never").env("LC_ALL", "C");
        if self.sets_ssh {
            command.env("GIT_SSH_COMMAND", SSH);
        }
        command.stdin(Stdio::null());
        command
    }

    /// A file that is gone as soon as nobody has it open.
    pub fn scratch(&self) -> Result<File, Fault> {
        tempfile::tempfile_in(self.folder.path()).map_err(|e| no_room(&e))
    }

    /// The commits before which the history was left out.
    pub fn boundary(&self) -> String {
        // There is no such file where nothing was left out.
        std::fs::read_to_string(self.folder.path().join("shallow")).unwrap_or_default()
    }

    /// Calls `git` and waits for it.
    ///
    /// # Errors
    /// When it cannot be started, or says nothing for too long. That it fails is no error here.
    pub fn call<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> Result<Said, Fault> {
        self.run(self.command().args(words))
    }

    /// The same for a command that may have been changed.
    pub fn run(&self, command: &mut Command) -> Result<Said, Fault> {
        // Files, not pipes: who holds a pipe open after `git` has ended would be waited for.
        let (mut out, mut err) = (self.scratch()?, self.scratch()?);
        let copy = |file: &File| file.try_clone().map_err(|e| no_room(&e));
        let mut child = command.stdout(copy(&out)?).stderr(copy(&err)?).spawn().map_err(|e| not_started(&e))?;
        let status = self.wait(&mut child, &err)?;
        Ok(Said { done: status.success(), out: all(&mut out)?, err: all(&mut err)? })
    }

    /// Calls `git`, which has to do what it is told.
    ///
    /// # Errors
    /// With its own words.
    pub fn ask<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> Result<Vec<u8>, Fault> {
        let said = self.call(words)?;
        if said.done { Ok(said.out) } else { Err(fault(&said.err)) }
    }

    /// Whatever it writes to standard error shows that it goes on.
    fn wait(&self, child: &mut Child, err: &File) -> Result<ExitStatus, Fault> {
        let (mut heard, mut since, mut pause) = (0, Instant::now(), Duration::from_micros(500));
        loop {
            if let Some(status) = child.try_wait().map_err(|e| not_started(&e))? {
                return Ok(status);
            }
            let said = err.metadata().map_or(heard, |m| m.len());
            if said != heard {
                (heard, since) = (said, Instant::now());
            }
            if since.elapsed() > self.patience {
                end(child);
                let seconds = self.patience.as_secs();
                return Err(Fault::Passing(format!("git has said nothing for {seconds} seconds and was stopped")));
            }
            std::thread::sleep(pause);
            pause = (pause * 3 / 2).min(Duration::from_millis(10));
        }
    }
}

/// Ends a child, and lets it end its own first.
fn end(child: &mut Child) {
    let told = Instant::now();
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // It may have ended meanwhile, and that is what is wanted.
        let _ = rustix::process::kill_process(pid, Signal::TERM);
    }
    while told.elapsed() < GRACE && matches!(child.try_wait(), Ok(None)) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Everything in a file, from its beginning.
pub fn all(file: &mut File) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_end(&mut bytes)).map_err(|e| no_room(&e))?;
    Ok(bytes)
}

fn no_room(e: &std::io::Error) -> Fault {
    Fault::Lasting(format!("a folder for temporary files is needed: {e}"))
}

pub fn not_started(e: &std::io::Error) -> Fault {
    Fault::Lasting(match e.kind() {
        std::io::ErrorKind::NotFound => "the program `git` is needed, and is not installed".to_owned(),
        _ => format!("`git` cannot be started: {e}"),
    })
}

/// What `git` said when it did not do something.
pub fn fault(err: &[u8]) -> Fault {
    let text = String::from_utf8_lossy(err);
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    let words = words(&text);
    let is_refused = has(&[
        "Permission denied",
        "Host key verification failed",
        "Authentication failed",
        "does not appear to be a git repository",
        "epository not found",
        "error: 401",
        "error: 403",
        "error: 404",
        "access denied",
    ]);
    let may_pass = has(&[
        "Could not resolve host",
        "Temporary failure in name resolution",
        "unable to connect",
        "Failed to connect",
        "Couldn't connect",
        "Connection ",
        "onnection timed out",
        "peration timed out",
        "Operation too slow",
        "hung up",
        "early EOF",
        "unexpected disconnect",
        "Broken pipe",
        "RPC failed",
        "returned error: 429",
        "returned error: 5",
        "Could not read from remote repository",
        "failed to update ref",
        "cannot lock ref",
        "unpacker error",
    ]);
    if may_pass && !is_refused { Fault::Passing(words) } else { Fault::Lasting(words) }
}

/// The first lines that say something, without the counts of what was sent, and without anybody's password.
fn words(text: &str) -> String {
    let is_noise = |l: &&str| {
        l.is_empty()
            || ["hint:", "To ", "Done", "Everything up-to-date", "remote: Enumerating"].iter().any(|n| l.starts_with(n))
            || [" objects: ", " deltas: ", "delta compression", "Total "].iter().any(|n| l.contains(n))
    };
    let lines = text.lines().map(|l| l.rsplit('\r').find(|part| !part.trim().is_empty()).unwrap_or_default().trim());
    let few: Vec<String> = lines.filter(|l| !is_noise(l)).take(4).map(scrubbed).collect();
    let said: String = few.join("; ").chars().filter(|c| !c.is_control() || *c == '\t').take(600).collect();
    if said.is_empty() { "git failed without a word".to_owned() } else { format!("git says: {said}") }
}

/// A line without what stands before the `@` of an address, unless that is a bare name for SSH.
fn scrubbed(line: &str) -> String {
    let mut parts = line.split("://");
    let mut done = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_ssh = done.ends_with("ssh");
        let end = part.find(['/', ' ', '\'', '"', '\t']).unwrap_or(part.len());
        let (place, rest) = part.split_at(end);
        let place = match place.rsplit_once('@') {
            Some((user, host)) if !is_ssh || user.contains(':') => format!("…@{host}"),
            _ => place.to_owned(),
        };
        done = format!("{done}://{place}{rest}");
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn who_says_nothing_is_not_waited_for() {
        let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("git://{}/site.git", silent.local_addr().expect("an address"));
        let caller = Caller::new(false, Duration::from_millis(300)).expect("git");
        let started = Instant::now();
        let said = caller.ask(["ls-remote", "--", &url]);
        assert!(matches!(said, Err(Fault::Passing(ref why)) if why.contains("nothing for")), "{said:?}");
        assert!(started.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn words_of_git_without_passwords_and_counts() {
        let text = "Counting objects: 10%\rCounting objects: 100% (3/3), done.\nremote: denied\x1b[31m\n\
            fatal: unable to access 'https://me:word@host/x/': The requested URL returned error: 403\nhint: no\n";
        let Fault::Lasting(said) = fault(text.as_bytes()) else { panic!("it will not pass") };
        let expected = "git says: remote: denied[31m; fatal: unable to access 'https://…@host/x/': The requested URL returned error: 403";
        assert_eq!(said, expected);
        assert_eq!(scrubbed("a https://token@b/c and ssh://git@d/e"), "a https://…@b/c and ssh://git@d/e");
        assert_eq!(scrubbed("ssh://git:word@d/e git://x:y@z"), "ssh://…@d/e git://…@z");
        assert!(matches!(fault(b"fatal: Could not read from remote repository."), Fault::Passing(_)));
        let both = b"git@host: Permission denied (publickey).\nfatal: Could not read from remote repository.";
        assert!(matches!(fault(both), Fault::Lasting(_)));
        assert!(matches!(fault(b""), Fault::Lasting(_)));
    }
}
