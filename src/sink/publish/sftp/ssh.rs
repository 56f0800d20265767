//! The connection that SFTP is spoken over: the system's `ssh` as a child, so that its settings, agent and known hosts
//! hold. Made anew when it was lost; never asks anybody for a password.

use crate::sink::publish::store::Fault;
use openssh_sftp_client::error::SftpErrorKind;
use openssh_sftp_client::{Error, Sftp, SftpOptions};
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStderr, Command};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// How long it may take until the server speaks SFTP.
const CONNECT: Duration = Duration::from_secs(20);
/// How long one request may take before the connection counts as lost.
const ANSWER: Duration = Duration::from_mins(1);
/// How long `ssh` may take to end and to have said why.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// So much of what `ssh` says is kept.
const MOST_WORDS: usize = 16 * 1024;

/// As `sftp` calls it: nobody is asked, and nothing else that the settings want is done.
const OPTIONS: [&str; 7] = [
    "-oBatchMode=yes",
    "-oClearAllForwardings=yes",
    "-oForwardAgent=no",
    "-oForwardX11=no",
    "-oPermitLocalCommand=no",
    "-oRemoteCommand=none",
    "-oRequestTTY=no",
];

/// What `ssh` says when it will say the same the next time.
const FOR_GOOD: [&str; 5] = [
    "Permission denied",
    "Host key verification failed",
    "subsystem request failed",
    "Bad configuration option",
    "Could not resolve hostname",
];

/// Why a request was not done.
pub(super) enum Trouble {
    /// The server says so.
    Said(SftpErrorKind, String),
    /// The connection is of no use any more.
    Lost(String),
    /// Something else.
    Other(Fault),
}

impl From<Error> for Trouble {
    fn from(e: Error) -> Self {
        match e {
            Error::SftpError(SftpErrorKind::BadMessage | SftpErrorKind::Unknown, text) => {
                Self::Said(SftpErrorKind::Failure, clean(text.get().0))
            }
            Error::SftpError(kind, text) => Self::Said(kind, clean(text.get().0)),
            Error::UnsupportedExtension(_) => Self::Said(SftpErrorKind::OpUnsupported, String::new()),
            e => Self::Lost(e.to_string()),
        }
    }
}

/// One request, which is not waited for for ever.
pub(super) async fn step<T>(request: impl Future<Output = Result<T, Error>>) -> Result<T, Trouble> {
    match tokio::time::timeout(ANSWER, request).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(Trouble::Lost(format!("it did not answer within {} seconds", ANSWER.as_secs()))),
    }
}

/// A server behind `ssh`. Asked from many threads at once, over one connection.
pub(super) struct Ssh {
    /// `host` or `user@host`.
    host: String,
    port: Option<u16>,
    /// The program and its first words.
    command: Vec<String>,
    state: Mutex<State>,
    /// Last, so that it ends last.
    runtime: Runtime,
}

#[derive(Default)]
struct State {
    line: Option<Arc<Line>>,
    /// When it last could not be connected, and why.
    failed: Option<(Instant, Fault)>,
}

/// A connection. The child ends with it.
struct Line {
    sftp: Sftp,
    child: Mutex<Child>,
    said: Arc<Mutex<Vec<u8>>>,
}

impl Ssh {
    /// Connects. `command` is what is called in place of `ssh`.
    ///
    /// # Errors
    /// When that fails, with the words of `ssh`.
    pub(super) fn connect(host: &str, port: Option<u16>, command: Option<&str>) -> Result<Self, Fault> {
        let mut command: Vec<String> = command.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        if command.is_empty() {
            command.push("ssh".to_owned());
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(|e| Fault::Lasting(e.to_string()))?;
        // `ssh` takes an address of IPv6 without brackets.
        let host = host.replace(['[', ']'], "");
        let ssh = Self { host, port, command, state: Mutex::default(), runtime };
        ssh.line()?;
        Ok(ssh)
    }

    /// The address, as in site.toml.
    pub(super) fn name(&self) -> String {
        let (user, host) = self.host.rsplit_once('@').map_or((None, self.host.as_str()), |(u, h)| (Some(u), h));
        let user = user.map(|u| format!("{u}@")).unwrap_or_default();
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        let port = self.port.map(|p| format!(":{p}")).unwrap_or_default();
        format!("sftp://{user}{host}{port}")
    }

    /// Has the server do something, and waits for it.
    pub(super) fn ask<T>(&self, work: impl AsyncFnOnce(&Sftp) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let line = self.line().map_err(Trouble::Other)?;
        match self.runtime.block_on(work(&line.sftp)) {
            Err(Trouble::Lost(why)) => {
                self.hang_up(&line);
                let why = words(&line.said).unwrap_or(why);
                Err(Trouble::Other(Fault::Passing(format!("the connection to {} was lost: {why}", self.name()))))
            }
            done => done,
        }
    }

    /// The connection that there is, or a new one. All who wait for a new one share its failure.
    fn line(&self) -> Result<Arc<Line>, Fault> {
        let asked = Instant::now();
        let mut state = locked(&self.state);
        if let Some(line) = &state.line {
            return Ok(Arc::clone(line));
        }
        if let Some((_, fault)) = state.failed.as_ref().filter(|(at, _)| *at >= asked) {
            return Err(fault.clone());
        }
        match self.runtime.block_on(self.dial()) {
            Ok(line) => Ok(Arc::clone(state.line.insert(Arc::new(line)))),
            Err(fault) => {
                state.failed = Some((Instant::now(), fault.clone()));
                Err(fault)
            }
        }
    }

    /// Gives a connection up, for everybody who still uses it too.
    fn hang_up(&self, line: &Arc<Line>) {
        let mut state = locked(&self.state);
        if state.line.as_ref().is_some_and(|l| Arc::ptr_eq(l, line)) {
            state.line = None;
        }
        // It may have ended by itself.
        let _ = locked(&line.child).start_kill();
    }

    async fn dial(&self) -> Result<Line, Fault> {
        let (program, words_of_it) = self.command.split_first().map_or(("ssh", &[][..]), |(p, w)| (p.as_str(), w));
        let mut command = Command::new(program);
        command.args(words_of_it).args(OPTIONS);
        if let Some(port) = self.port {
            command.arg("-p").arg(port.to_string());
        }
        command.args(["-s", "--", &self.host, "sftp"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let cannot = |why: &str| Fault::Lasting(format!("`{program}` cannot be started: {why}"));
        let mut child = command.spawn().map_err(|e| cannot(&e.to_string()))?;
        let said = Arc::default();
        let (stdin, stdout, listening) = match (child.stdin.take(), child.stdout.take(), child.stderr.take()) {
            (Some(i), Some(o), Some(e)) => (i, o, tokio::spawn(listen(e, Arc::clone(&said)))),
            _ => return Err(cannot("it has no pipes")),
        };
        match tokio::time::timeout(CONNECT, Sftp::new(stdin, stdout, SftpOptions::new())).await {
            Ok(Ok(sftp)) => Ok(Line { sftp, child: Mutex::new(child), said }),
            Ok(Err(e)) => Err(self.explained(&mut child, listening, &said, &e.to_string()).await),
            Err(_) => {
                let why = words(&said).map(|w| format!(": {w}")).unwrap_or_default();
                Err(Fault::Passing(format!("{} did not answer within {} seconds{why}", self.host, CONNECT.as_secs())))
            }
        }
    }

    /// Why there is no connection: what `ssh` says, and where it says nothing, what came of it.
    async fn explained(&self, child: &mut Child, listening: JoinHandle<()>, said: &Mutex<Vec<u8>>, e: &str) -> Fault {
        // What it says is what counts; how it ends only ends the waiting.
        let _ = tokio::time::timeout(LAST_WORDS, async { (child.wait().await, listening.await) }).await;
        match words(said) {
            Some(why) if FOR_GOOD.iter().any(|w| why.contains(w)) => Fault::Lasting(format!("ssh says: {why}")),
            Some(why) => Fault::Passing(format!("ssh says: {why}")),
            None => Fault::Passing(format!("{} does not speak SFTP: {}", self.host, clean(e))),
        }
    }
}

/// Keeps what `ssh` says, the end of it where it is long.
async fn listen(mut from: ChildStderr, said: Arc<Mutex<Vec<u8>>>) {
    let mut piece = [0; 1024];
    while let Ok(n @ 1..) = from.read(&mut piece).await {
        let mut said = locked(&said);
        said.extend_from_slice(&piece[..n]);
        let over = said.len().saturating_sub(MOST_WORDS);
        said.drain(..over);
    }
}

/// The last two lines of what `ssh` has said: the reason stands at the end, after banners and warnings.
fn words(said: &Mutex<Vec<u8>>) -> Option<String> {
    let said = String::from_utf8_lossy(&locked(said)).into_owned();
    let is_reason =
        |l: &&str| !l.is_empty() && !["@@@", "**", "Warning: Permanently added"].iter().any(|s| l.starts_with(s));
    let lines: Vec<&str> = said.lines().map(str::trim).filter(is_reason).collect();
    let last = lines[lines.len().saturating_sub(2)..].join(" / ");
    Some(clean(&last)).filter(|w| !w.is_empty())
}

/// A text from elsewhere, fit for a terminal.
fn clean(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(300).collect()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
