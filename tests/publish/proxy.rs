//! A proxy before an S3 server: breaks requests by a schedule that a seed gives, keeps a copy of the bucket, and looks
//! after every request that was done whether the site hangs together.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What can happen to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It goes through.
    None,
    /// An answer of the server's that asks to come again, which has done nothing.
    Status(u16),
    /// The connection breaks while the body is sent.
    Reset,
    /// It is done, and half of the answer arrives.
    Truncated,
    /// It is done, and no answer arrives.
    Lost,
    /// Nothing happens for longer than anybody waits.
    Stall,
    /// It goes through, and the answer is dated years ago.
    OldClock,
    /// The same, by the answer's own date.
    OldDate,
    /// It goes through, and the answer's last byte is another one.
    Corrupt,
}

/// What decides.
pub type Schedule = Box<dyn Fn(&Request, usize) -> Trouble + Send + Sync>;
/// Hears of each request, before and after it is done.
pub type Watcher = Box<dyn Fn(usize, bool) + Send + Sync>;

/// A request as the schedule sees it.
pub struct Request {
    /// GET, PUT ...
    pub method: String,
    /// Path and query, still encoded.
    pub path: String,
    /// How often the same was asked before.
    pub turn: usize,
}

/// What the proxy knows.
#[derive(Default)]
pub struct Seen {
    /// The bucket, by key.
    pub bucket: BTreeMap<String, Vec<u8>>,
    /// What was wrong with the site, and after which request.
    pub wrong: Vec<String>,
    /// Requests that write, in their order: method and key.
    pub writes: Vec<(String, String)>,
    /// How many requests came.
    pub count: usize,
    turns: HashMap<String, usize>,
}

struct Rules {
    schedule: Schedule,
    watcher: Watcher,
}

/// The proxy.
#[derive(Clone)]
pub struct Proxy {
    /// Where it listens.
    pub port: u16,
    seen: Arc<Mutex<Seen>>,
    rules: Arc<Mutex<Arc<Rules>>>,
}

impl Proxy {
    /// Before a server.
    pub fn before(upstream: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = listener.local_addr().expect("its number").port();
        let rules = Rules { schedule: Box::new(|_, _| Trouble::None), watcher: Box::new(|_, _| {}) };
        let proxy = Self { port, seen: Arc::default(), rules: Arc::new(Mutex::new(Arc::new(rules))) };
        let kept = proxy.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let proxy = kept.clone();
                std::thread::spawn(move || proxy.serve(stream, upstream));
            }
        });
        proxy
    }

    /// From here on.
    pub fn set(&self, schedule: Schedule, watcher: Watcher) {
        *self.rules.lock().expect("a lock") = Arc::new(Rules { schedule, watcher });
        let mut seen = self.seen.lock().expect("a lock");
        seen.turns.clear();
        seen.count = 0;
        seen.writes.clear();
    }

    /// No trouble from here on.
    pub fn calm(&self) {
        self.set(Box::new(|_, _| Trouble::None), Box::new(|_, _| {}));
    }

    /// What was seen.
    pub fn seen<T>(&self, ask: impl FnOnce(&mut Seen) -> T) -> T {
        ask(&mut self.seen.lock().expect("a lock"))
    }

    fn serve(&self, stream: TcpStream, upstream: u16) {
        let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
        let mut stream = stream;
        // Every answer closes its connection.
        if let Some((head, body)) = read(&mut reader) {
            let first = head.lines().next().unwrap_or_default().to_owned();
            let mut words = first.split(' ').map(str::to_owned);
            let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let rules = Arc::clone(&self.rules.lock().expect("a lock"));
            let (n, turn) = self.seen(|s| {
                s.count += 1;
                let turn = s.turns.entry(format!("{method} {path}")).or_default();
                *turn += 1;
                (s.count, *turn - 1)
            });
            (rules.watcher)(n, false);
            let trouble = (rules.schedule)(&Request { method: method.clone(), path: path.clone(), turn }, n);
            match trouble {
                Trouble::Status(code) => {
                    let text =
                        "<?xml version=\"1.0\"?><Error><Code>Trouble</Code><Message>come again</Message></Error>";
                    let answer = format!(
                        "HTTP/1.1 {code} Trouble\r\nContent-Type: application/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
                        text.len()
                    );
                    let _ = stream.write_all(answer.as_bytes());
                    return;
                }
                Trouble::Reset => return,
                Trouble::Stall => {
                    std::thread::sleep(Duration::from_secs(3));
                    return;
                }
                _ => {}
            }
            // One at a time, so that each is looked at alone.
            let answer = self.seen(|s| {
                let answer = forward(upstream, &head, &body);
                if (200..300).contains(&status(&answer)) && method != "GET" && method != "HEAD" {
                    note(s, &method, &path, &head, &body);
                }
                answer
            });
            (rules.watcher)(n, true);
            let answer = match trouble {
                Trouble::OldClock => aged(&answer, "Last-Modified"),
                Trouble::OldDate => aged(&answer, "Date"),
                Trouble::Corrupt => corrupt(answer),
                _ => answer,
            };
            let sent = match trouble {
                Trouble::Lost => 0,
                Trouble::Truncated => answer.len() * 2 / 3,
                _ => answer.len(),
            };
            // Who asked may have gone.
            let _ = stream.write_all(&answer[..sent]);
        }
    }
}

/// The head of a request as text, and its body; nothing when the connection has ended.
fn read(reader: &mut BufReader<TcpStream>) -> Option<(String, Vec<u8>)> {
    let mut head = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        head.push_str(&line);
    }
    let length = header(&head, "content-length").and_then(|v| v.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().filter_map(|l| l.split_once(':')).find(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim())
}

fn forward(port: u16, head: &str, body: &[u8]) -> Vec<u8> {
    let kept =
        head.lines().filter(|l| !l.to_ascii_lowercase().starts_with("connection:")).collect::<Vec<_>>().join("\r\n");
    let mut answer = Vec::new();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    let sent = stream
        .write_all(format!("{kept}\r\nConnection: close\r\n\r\n").as_bytes())
        .and_then(|()| stream.write_all(body))
        .and_then(|()| stream.read_to_end(&mut answer));
    sent.expect("the server answers");
    answer
}

fn corrupt(mut answer: Vec<u8>) -> Vec<u8> {
    if let Some(last) = answer.last_mut() {
        *last ^= 1;
    }
    answer
}

/// The answer with a header that is from years ago.
fn aged(answer: &[u8], name: &str) -> Vec<u8> {
    let at = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or(answer.len());
    let head = String::from_utf8_lossy(&answer[..at]);
    let lines = head.split("\r\n").map(|l| match l.split_once(": ") {
        Some((n, _)) if n.eq_ignore_ascii_case(name) => format!("{name}: Thu, 01 Jan 2015 00:00:00 GMT"),
        _ => l.to_owned(),
    });
    let mut aged = lines.collect::<Vec<_>>().join("\r\n").into_bytes();
    aged.extend(&answer[at..]);
    aged
}

fn status(answer: &[u8]) -> u16 {
    String::from_utf8_lossy(&answer[..answer.len().min(16)]).split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0)
}

/// Does to the copy what the server has done, and looks at the site.
fn note(s: &mut Seen, method: &str, path: &str, head: &str, body: &[u8]) {
    let plain = |p: &str| {
        let p = p.split('?').next().unwrap_or_default().trim_start_matches('/');
        let p = p.split_once('/').map_or("", |(_, key)| key);
        percent_encoding::percent_decode_str(p).decode_utf8_lossy().into_owned()
    };
    let text = String::from_utf8_lossy(body);
    let mut deleted: Vec<String> = Vec::new();
    match (method, header(head, "x-amz-copy-source")) {
        ("PUT", Some(from)) => {
            let bytes = s.bucket.get(&plain(from)).cloned().unwrap_or_default();
            s.bucket.insert(plain(path), bytes);
        }
        ("PUT", None) => {
            s.bucket.insert(plain(path), body.to_vec());
        }
        ("POST", _) => deleted.extend(
            text.split("<Key>").skip(1).filter_map(|t| t.split("</Key>").next()).map(|k| k.replace("&amp;", "&")),
        ),
        ("DELETE", _) => deleted.push(plain(path)),
        _ => {}
    }
    for key in &deleted {
        s.bucket.remove(key);
    }
    let verb = if deleted.is_empty() { method } else { "DELETE" };
    let key = deleted.first().cloned().unwrap_or_else(|| plain(path));
    s.writes.push((verb.to_owned(), key.clone()));
    let wrong = broken(&s.bucket);
    s.wrong.extend(wrong.into_iter().map(|w| format!("after {verb} {key}: {w}")));
}

/// What a reader, or a machine, who starts at the front page, the feed or the sitemap would not find.
pub fn broken(bucket: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let mut wrong = Vec::new();
    if !bucket.contains_key("index.html") {
        return wrong;
    }
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut open: Vec<String> = ["index.html", "feed.xml", "sitemap.xml", "404.html"]
        .iter()
        .filter(|k| bucket.contains_key(**k))
        .map(|k| (*k).to_owned())
        .collect();
    while let Some(page) = open.pop() {
        if !seen.insert(page.clone()) || !(page.ends_with(".html") || page.ends_with(".xml")) {
            continue;
        }
        let text = String::from_utf8_lossy(&bucket[&page]).into_owned();
        let links =
            text.split("href=\"").skip(1).chain(text.split("src=\"").skip(1)).filter_map(|t| t.split('"').next());
        let places = text.split("<loc>").skip(1).filter_map(|t| t.split("</loc>").next());
        for link in links.chain(places) {
            let path = link.strip_prefix("https://example.com").unwrap_or(link);
            let Some(path) = path.strip_prefix('/') else { continue };
            let path = path.split(['#', '?']).next().unwrap_or_default();
            let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
            let key = [path.clone(), format!("{path}index.html")].into_iter().find(|k| bucket.contains_key(k));
            match key {
                Some(key) => open.push(key),
                None => wrong.push(format!("{page} refers to /{path}")),
            }
        }
    }
    wrong
}
