//! A site in a temporary folder, the real program that serves it, and HTTP/1.1 spoken byte by byte.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The instant at which most tests play: after everything that the sample site reports.
pub const NOW: &str = "2026-06-01T12:00:00Z";

/// How long anything may take on a busy machine before it counts as hanging.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The program that is tested.
pub fn program() -> Command {
    let other = std::env::var_os("DEALWIRE_PROGRAM").map(PathBuf::from);
    let mut command = Command::new(other.unwrap_or_else(|| env!("CARGO_BIN_EXE_dealwire").into()));
    command.stdin(Stdio::null()).env("NO_COLOR", "1").env_remove("SOURCE_DATE_EPOCH");
    command
}

/// Everything below a folder, by path with `/`.
pub fn tree(top: &Path) -> BTreeMap<String, Vec<u8>> {
    let items = walkdir::WalkDir::new(top).into_iter().map(|item| item.expect("a readable tree"));
    let below = |path: &Path| path.strip_prefix(top).expect("below").to_str().expect("UTF-8").to_owned();
    items.filter(|i| i.file_type().is_file()).map(|i| (below(i.path()), fs::read(i.path()).expect("a file"))).collect()
}

/// A site, in a folder of its own inside a temporary one.
pub struct Site {
    folder: TempDir,
    root: PathBuf,
}

impl Site {
    /// A copy of the sample site, with its templates.
    pub fn sample() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let root = folder.path().canonicalize().expect("a real path").join("site");
        let site = Self { folder, root };
        let sample = Path::new(env!("CARGO_MANIFEST_DIR"));
        for top in ["content", "static", "templates"] {
            for (path, bytes) in tree(&sample.join(top)) {
                site.write(&format!("{top}/{path}"), bytes);
            }
        }
        site.write("site.toml", fs::read(sample.join("site.toml")).expect("site.toml"));
        site
    }

    /// A path below the root.
    pub fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// A path beside the root.
    pub fn beside(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file, with the folders above it.
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
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

    /// An article with these further lines of front matter.
    pub fn article(&self, id: &str, title: &str, more: &str) {
        let date = if more.contains("date:") { "" } else { "date: 2024-03-05\n" };
        let text =
            format!("---\ntitle: {title}\ndescription: What {title} is.\n{date}{more}---\n\nThe text of {title}.\n");
        self.write(&format!("content/articles/{id}.md"), text);
    }

    /// What a clean build writes, or what it said when it wrote nothing.
    pub fn try_build(&self, args: &[&str]) -> Result<BTreeMap<String, Vec<u8>>, String> {
        let out = TempDir::new().expect("a temporary folder");
        let out = out.path().join("out");
        let mut command = program();
        command.arg("build").arg("--quiet").arg("--output").arg(&out).args(args).current_dir(&self.root);
        let done = command.output().expect("the program starts");
        if !done.status.success() {
            return Err(String::from_utf8_lossy(&done.stderr).into_owned());
        }
        let mut files = tree(&out);
        files.remove(".dealwire-manifest.json");
        Ok(files)
    }

    /// The same of a site without errors.
    pub fn build(&self, args: &[&str]) -> BTreeMap<String, Vec<u8>> {
        self.try_build(args).unwrap_or_else(|e| panic!("the build fails: {e}"))
    }

    /// Serves it.
    pub fn serve(&self, args: &[&str]) -> Server {
        Server::start(&self.root, args)
    }
}

/// The path in a URL of a file that a build wrote.
pub fn url_of(file: &str) -> String {
    let path = if file == "index.html" { "" } else { file.strip_suffix("/index.html").map_or(file, |f| f) };
    let slash = if path.len() == file.len() || path.is_empty() { "" } else { "/" };
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-._~".contains(&b);
    let escaped: String =
        path.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect();
    format!("/{escaped}{slash}")
}

/// A running server; ends with its value.
pub struct Server {
    child: Child,
    said: Arc<Mutex<String>>,
    pub url: String,
    pub port: u16,
}

impl Server {
    fn start(root: &Path, args: &[&str]) -> Self {
        let mut command = program();
        command.arg("serve").args(["--port", "0"]).args(args).current_dir(root);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let said = Arc::new(Mutex::new(String::new()));
        let (mut lines, heard) = (BufReader::new(child.stderr.take().expect("a pipe")), Arc::clone(&said));
        std::thread::spawn(move || {
            let mut line = Vec::new();
            while lines.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
                heard.lock().unwrap_or_else(PoisonError::into_inner).push_str(&String::from_utf8_lossy(&line));
                line.clear();
            }
        });
        let mut server = Self { child, said, url: String::new(), port: 0 };
        server.url = until("the server prints its address", || {
            let said = server.said();
            let (_, rest) = said.split_once(" is at http://")?;
            rest.split_once('\n').map(|(url, _)| format!("http://{}", url.trim()))
        });
        let port = server.url["http://".len()..].split('/').next().and_then(|a| a.rsplit_once(':'));
        server.port = port.and_then(|p| p.1.parse().ok()).expect("a port");
        server
    }

    /// What it wrote to the terminal by now.
    pub fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Fails where the program ended or panicked.
    #[track_caller]
    pub fn lives(&mut self) {
        let ended = self.child.try_wait().expect("a child");
        let said = self.said();
        assert!(ended.is_none() && !said.contains("panicked"), "the server died ({ended:?}): {said}");
    }

    /// The bytes of memory that it holds.
    pub fn memory(&self) -> Option<u64> {
        let text = fs::read_to_string(format!("/proc/{}/statm", self.child.id())).ok()?;
        text.split(' ').nth(1)?.parse().ok().map(|pages: u64| pages * 4096)
    }

    /// A connection.
    pub fn wire(&self) -> Wire {
        Wire::open(self.port).expect("a connection")
    }

    /// Asks for a path on a new connection.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.wire().get(path).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// Sends bytes on a new connection, and reads one answer.
    pub fn send(&self, bytes: impl AsRef<[u8]>) -> io::Result<Answer> {
        self.wire().send(bytes.as_ref())
    }

    /// Sends a request that has these lines besides its first.
    #[track_caller]
    pub fn ask(&self, first: &str, lines: &[String]) -> Answer {
        let text = format!("{first}\r\n{}Connection: close\r\n\r\n", lines.concat());
        self.send(&text).unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    /// The page at a path, with the address of this server as its host.
    pub fn tab(&self, path: &str) -> Tab {
        Tab::open(self.port, path)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- the server said:\n{}", self.said());
        }
    }
}

/// Waits until there is something.
#[track_caller]
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(4));
    }
}

/// An answer as it came.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The one value of a header.
    #[track_caller]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter().filter(|h| h.0 == name).map(|h| h.1.as_str());
        let first = all.next();
        assert!(all.next().is_none(), "{name} is there twice: {self:?}");
        first
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body without the two scripts that the preview adds to a page.
    pub fn bare(&self) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(&self.body) else { return self.body.clone() };
        let Some(start) = text.rfind("<script src=\"/-dealwire/morph.js\"") else { return self.body.clone() };
        let mut end = start;
        for _ in 0..2 {
            end += text[end..].find("</script>").expect("an end of a script") + "</script>".len();
        }
        [&self.body[..start], &self.body[end..]].concat()
    }
}

/// A connection that stays open from one request to the next.
pub struct Wire {
    stream: BufReader<TcpStream>,
    host: String,
}

impl Wire {
    /// Opens one to a port of this machine.
    pub fn open(port: u16) -> io::Result<Self> {
        let stream = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), host: format!("127.0.0.1:{port}") })
    }

    /// Asks for a path.
    pub fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.request("GET", path, "")
    }

    /// Asks for a path with further lines, each with its end.
    pub fn request(&mut self, method: &str, path: &str, lines: &str) -> io::Result<Answer> {
        let text = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n{lines}\r\n", self.host);
        self.send(text.as_bytes())
    }

    /// Sends bytes, and reads one answer.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<Answer> {
        self.stream.get_mut().write_all(bytes)?;
        let mut answer = self.head()?;
        if bytes.starts_with(b"HEAD ") || matches!(answer.status, 204 | 304) {
            return Ok(answer);
        }
        if answer.header("transfer-encoding").is_some() {
            while let Some(chunk) = self.chunk()? {
                answer.body.extend(chunk);
            }
        } else if let Some(length) = answer.header("content-length").and_then(|l| l.parse().ok()) {
            answer.body = vec![0; length];
            self.stream.read_exact(&mut answer.body)?;
        } else {
            self.stream.read_to_end(&mut answer.body)?;
        }
        Ok(answer)
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line)? {
            0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "closed")),
            _ => Ok(line.trim_end_matches(['\r', '\n']).to_owned()),
        }
    }

    fn head(&mut self) -> io::Result<Answer> {
        let first = self.line()?;
        let status = first.strip_prefix("HTTP/1.").and_then(|r| r.get(2..5)).and_then(|n| n.parse().ok());
        let status = status.ok_or_else(|| io::Error::other(format!("no answer: {first}")))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        Ok(Answer { status, headers, body: Vec::new() })
    }

    /// The next chunk; `None` at the end.
    fn chunk(&mut self) -> io::Result<Option<Vec<u8>>> {
        let size = self.line()?;
        let size = usize::from_str_radix(&size, 16).map_err(|e| io::Error::other(format!("{size}: {e}")))?;
        let mut bytes = vec![0; size];
        self.stream.read_exact(&mut bytes)?;
        self.line()?;
        Ok((size > 0).then_some(bytes))
    }
}

/// A tab that is told what changes on its page.
pub struct Tab {
    states: Receiver<Value>,
    pub state: Value,
}

impl Tab {
    fn open(port: u16, path: &str) -> Self {
        let mut wire = Wire::open(port).expect("a connection");
        let page = path.replace('%', "%25").replace('&', "%26");
        let lines = format!("Host: {}\r\nSec-Fetch-Site: same-origin\r\n", wire.host);
        let text = format!("GET /-dealwire/events?page={page} HTTP/1.1\r\n{lines}\r\n");
        wire.stream.get_mut().write_all(text.as_bytes()).expect("a request");
        let head = wire.head().expect("an answer");
        assert_eq!((head.status, head.header("content-type")), (200, Some("text/event-stream")), "{head:?}");
        let (tell, states) = channel();
        // The thread ends with the connection, or when nobody listens any more.
        std::thread::spawn(move || {
            let mut text = Vec::new();
            while let Ok(Some(chunk)) = wire.chunk() {
                text.extend(chunk);
                while let Some(end) = text.windows(2).position(|w| w == b"\n\n") {
                    let event = String::from_utf8(text.drain(..end + 2).collect()).expect("UTF-8");
                    let data: String = event.lines().filter_map(|l| l.strip_prefix("data: ")).collect();
                    if !data.is_empty() && tell.send(serde_json::from_str(&data).expect("JSON")).is_err() {
                        return;
                    }
                }
            }
        });
        let state = states.recv_timeout(PATIENCE).expect("a first state");
        Self { states, state }
    }

    /// Waits until the state is as it should be.
    #[track_caller]
    pub fn until(&mut self, what: &str, is: impl Fn(&Value) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is(&self.state) {
            let left = end.saturating_duration_since(Instant::now());
            match self.states.recv_timeout(left) {
                Ok(state) => self.state = state,
                Err(e) => panic!("in vain: {what} ({e}); last: {:#}", self.state),
            }
        }
    }

    /// Whether a state has an error about this page's own file.
    pub fn has_error_in(state: &Value, file: &str) -> bool {
        let all = state["findings"].as_array().expect("findings");
        all.iter().any(|f| f["file"] == file && f["severity"] == "error" && f["here"] == true)
    }
}
