//! A stand-in for Google Cloud Storage: no server of its XML interface can be had by name, so this one does what Google's
//! documentation says of the few requests that publishing needs. It has never been compared with Google.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A stored object.
#[derive(Clone, Default)]
struct Thing {
    bytes: Vec<u8>,
    generation: u64,
    /// What it is served with: content-type, cache-control, content-encoding.
    headers: BTreeMap<String, String>,
}

/// Objects by bucket and key, and the number of the last one written.
#[derive(Default)]
struct Things {
    all: BTreeMap<String, Thing>,
    last: u64,
}

/// Serves for as long as the test runs; returns the port.
pub fn serve() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let things: Arc<Mutex<Things>> = Arc::default();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let things = Arc::clone(&things);
            std::thread::spawn(move || converse(stream, &things));
        }
    });
    port
}

/// Answers the requests of a connection, one after the other.
fn converse(stream: TcpStream, things: &Mutex<Things>) {
    let Ok(mut out) = stream.try_clone() else { return };
    let mut from = BufReader::new(stream);
    while let Some((method, target, headers, body)) = request(&mut from) {
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let name = percent_encoding::percent_decode_str(path.trim_start_matches('/')).decode_utf8_lossy();
        let mut things = things.lock().expect("a lock");
        let (status, more, bytes) = match method.as_str() {
            "GET" if !name.contains('/') => (200, String::new(), list(&things, &name, query).into_bytes()),
            "GET" | "HEAD" => read(&things, &name, &headers),
            "PUT" => write(&mut things, &name, headers, body),
            "DELETE" => (if things.all.remove(&*name).is_some() { 204 } else { 404 }, String::new(), Vec::new()),
            _ => (405, String::new(), Vec::new()),
        };
        drop(things);
        let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n{more}\r\n", bytes.len());
        let whole = if method == "HEAD" { head.into_bytes() } else { [head.into_bytes(), bytes].concat() };
        if out.write_all(&whole).is_err() {
            return;
        }
    }
}

type Headers = BTreeMap<String, String>;

fn request(from: &mut impl BufRead) -> Option<(String, String, Headers, Vec<u8>)> {
    let mut line = String::new();
    from.read_line(&mut line).ok().filter(|n| *n > 0)?;
    let mut words = line.split(' ').map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let mut headers = Headers::new();
    loop {
        let mut line = String::new();
        from.read_line(&mut line).ok().filter(|n| *n > 0)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers.get("content-length").and_then(|n| n.parse().ok()).unwrap_or(0)];
    from.read_exact(&mut body).ok()?;
    Some((method, target, headers, body))
}

/// Google unpacks what is stored with gzip for whoever does not accept it.
fn read(things: &Things, name: &str, asked: &Headers) -> (u16, String, Vec<u8>) {
    let Some(thing) = things.all.get(name) else { return (404, String::new(), Vec::new()) };
    let accepts = asked.get("accept-encoding").is_some_and(|a| a.contains("gzip"));
    let is_unpacked = thing.headers.get("content-encoding").is_some_and(|e| e == "gzip") && !accepts;
    let shown = thing.headers.iter().filter(|(k, _)| !(is_unpacked && *k == "content-encoding"));
    let mut lines: Vec<String> = shown.map(|(k, v)| format!("{k}: {v}\r\n")).collect();
    let now = jiff::Timestamp::now().strftime("%a, %d %b %Y %H:%M:%S GMT");
    lines.push(format!("Last-Modified: {now}\r\nETag: \"{0:x}\"\r\nx-goog-generation: {0}\r\n", thing.generation));
    (200, lines.concat(), if is_unpacked { crate::folder::unpacked(&thing.bytes, "gzip") } else { thing.bytes.clone() })
}

/// Writes, or copies, if the version that is there is the one that is named; 0 stands for none.
fn write(things: &mut Things, name: &str, mut headers: Headers, body: Vec<u8>) -> (u16, String, Vec<u8>) {
    let there = things.all.get(name).map_or(0, |t| t.generation);
    if headers.get("x-goog-if-generation-match").is_some_and(|wanted| wanted.parse() != Ok(there)) {
        return (412, String::new(), Vec::new());
    }
    let source = headers.get("x-goog-copy-source");
    let source = source.map(|s| percent_encoding::percent_decode_str(s).decode_utf8_lossy().into_owned());
    headers.retain(|k, _| ["content-type", "cache-control", "content-encoding"].contains(&k.as_str()));
    let sent = Thing { bytes: body, generation: 0, headers };
    let Some(mut thing) = source.map_or(Some(sent), |source| things.all.get(&source).cloned()) else {
        return (404, String::new(), Vec::new());
    };
    things.last += 1;
    thing.generation = things.last;
    things.all.insert(name.to_owned(), thing);
    (200, format!("ETag: \"{0:x}\"\r\nx-goog-generation: {0}\r\n", things.last), Vec::new())
}

fn list(things: &Things, bucket: &str, query: &str) -> String {
    let prefix = query.split('&').find_map(|p| p.strip_prefix("prefix=")).unwrap_or_default();
    let prefix = format!("{bucket}/{}", percent_encoding::percent_decode_str(prefix).decode_utf8_lossy());
    let of = |(name, thing): (&String, &Thing)| {
        let key = name.strip_prefix(&format!("{bucket}/"))?.replace('&', "&amp;");
        let size = thing.bytes.len();
        Some(format!(
            "<Contents><Key>{key}</Key><Size>{size}</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>"
        ))
    };
    let all: String = things.all.iter().filter(|(name, _)| name.starts_with(&prefix)).filter_map(of).collect();
    format!("<ListBucketResult>{all}</ListBucketResult>")
}
