//! A copy of the sample site on which somebody works, and the preview of it: the real binary, on a free port.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The article that most tests have open.
pub const ARTICLE: &str = "content/articles/2017/nokia-xiaomi-patents.md";
/// Where it is.
pub const PLACE: &str = "/2017/07/nokia-xiaomi-patents/";

/// A site.
pub struct Desk {
    folder: TempDir,
}

/// A preview.
pub struct Preview {
    child: Child,
    /// The address that it printed.
    pub said: String,
    /// Where it listens.
    pub port: u16,
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for item in fs::read_dir(from).expect("a folder") {
        let item = item.expect("an entry");
        let to = to.join(item.file_name());
        if item.path().is_dir() {
            copy(&item.path(), &to);
        } else {
            fs::copy(item.path(), to).expect("a copy");
        }
    }
}

impl Desk {
    /// A copy of the sample site.
    pub fn sample() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let from = Path::new(env!("CARGO_MANIFEST_DIR"));
        for name in ["content", "templates", "static"] {
            copy(&from.join(name), &folder.path().join(name));
        }
        for name in ["site.toml", "newsletters.toml"] {
            fs::copy(from.join(name), folder.path().join(name)).expect(name);
        }
        Self { folder }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// Saves a file.
    pub fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.at(path).parent().expect("a folder")).expect("a folder");
        fs::write(self.at(path), text).unwrap_or_else(|e| panic!("{path}: {e}"));
    }

    /// Replaces some words in a file.
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} does not say: {from}");
        self.write(path, &text.replacen(from, to, 1));
    }

    /// Deletes a file.
    pub fn remove(&self, path: &str) {
        fs::remove_file(self.at(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    }

    /// Saves an article of June 2020 with more lines of front matter; returns where it is.
    pub fn article(&self, name: &str, more: &str) -> String {
        let text = format!(
            "---\ntitle: About {name}\ndescription: An article about {name}.\ndate: 2020-06-01T12:00:00+03:00\n\
             authors: [desk]\ntags: [china]\n{more}---\n\nThis is about {name}.\n"
        );
        self.write(&format!("content/articles/2020/{name}.md"), &text);
        format!("/2020/06/{name}/")
    }

    /// Starts a preview of it.
    pub fn serve(&self, more: &[&str]) -> Preview {
        self.serve_at(0, more)
    }

    /// Builds it; the folder of the finished site.
    pub fn build(&self) -> PathBuf {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dealwire"));
        let done = command.args(["build", "--quiet"]).current_dir(self.folder.path()).status();
        assert!(done.expect("dealwire starts").success(), "the sample site builds");
        self.at("public")
    }

    /// Starts a preview of it on a port.
    pub fn serve_at(&self, port: u16, more: &[&str]) -> Preview {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dealwire"));
        command.args(["serve", "--port", &port.to_string()]).args(more).current_dir(self.folder.path());
        for (name, _) in std::env::vars().filter(|v| v.0.starts_with("DEALWIRE_")) {
            command.env_remove(name);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("dealwire starts");
        let lines = lines(child.stderr.take().expect("its words"));
        let mut said = String::new();
        let url = loop {
            match lines.recv_timeout(Duration::from_secs(30)) {
                Ok(line) => said = format!("{said}{line}\n"),
                Err(e) => panic!("the preview does not say where it is ({e}), but: {said}"),
            }
            let url = said.split_once(" is at ").and_then(|s| Some(s.1.split_once('\n')?.0.to_owned()));
            if let Some(url) = url {
                break url;
            }
        };
        let place = url.split('/').nth(2).unwrap_or_default();
        let port = place.rsplit(':').next().and_then(|p| p.parse().ok()).expect("an address with a port");
        Preview { child, said: url, port }
    }
}

/// Reads what a program says until it ends, so that it is never kept waiting.
fn lines(from: impl Read + Send + 'static) -> Receiver<String> {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            let _ = tell.send(line);
        }
    });
    told
}

impl Preview {
    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The status and the text at a path.
    pub fn get(&self, path: &str) -> (u16, String) {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).expect("the preview listens");
        let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.port);
        socket.write_all(request.as_bytes()).expect("a request");
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).expect("an answer");
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").expect("head and body");
        (head[9..12].parse().expect("a status"), body.to_owned())
    }

    /// Waits until the text at a path has some words.
    pub fn has(&self, path: &str, words: &str) {
        let end = Instant::now() + Duration::from_secs(30);
        while !self.get(path).1.contains(words) {
            assert!(Instant::now() < end, "{path} never says `{words}`, but: {}", self.get(path).1);
            sleep(Duration::from_millis(15));
        }
    }

    /// Ends it at once, in the way a crash does.
    pub fn kill(mut self) -> u16 {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
        self.port
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
