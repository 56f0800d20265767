//! The built site on a host that reads `_headers`: what a reader is about to open is fetched before the click.

use crate::chrome::Chrome;
use crate::desk::{Desk, PLACE};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A static host, and the requests it has heard: the path, and what `Sec-Purpose` says.
pub struct Host {
    /// Where it is.
    pub address: String,
    heard: Arc<Mutex<Vec<(String, String)>>>,
}

impl Host {
    /// A host of the files of a folder.
    pub fn of(folder: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (ears, headers) = (Arc::clone(&heard), Arc::new(rules(&folder)));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, ears, headers) = (folder.clone(), Arc::clone(&ears), Arc::clone(&headers));
                std::thread::spawn(move || answer(stream, &folder, &headers, &ears));
            }
        });
        Self { address, heard }
    }

    fn heard(&self) -> Vec<(String, String)> {
        self.heard.lock().expect("nobody died").clone()
    }
}

/// What `_headers` says: lines without indent are paths, with `*` at their end for all below; the others are headers.
fn rules(folder: &Path) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut path = String::new();
    for line in fs::read_to_string(folder.join("_headers")).expect("the file is there").lines() {
        match line.strip_prefix("  ") {
            Some(header) => all.entry(path.clone()).or_default().push(header.to_owned()),
            None => path = line.to_owned(),
        }
    }
    all
}

fn answer(
    mut stream: TcpStream,
    folder: &Path,
    headers: &BTreeMap<String, Vec<String>>,
    ears: &Mutex<Vec<(String, String)>>,
) {
    let mut lines = BufReader::new(stream.try_clone().expect("a second handle")).lines();
    let Some(Ok(first)) = lines.next() else { return };
    let path = first.split(' ').nth(1).unwrap_or("/").to_owned();
    let mut purpose = String::new();
    for line in lines.map_while(Result::ok).take_while(|l| !l.is_empty()) {
        if let Some((_, value)) = line.split_once(':').filter(|h| h.0.eq_ignore_ascii_case("sec-purpose")) {
            value.trim().clone_into(&mut purpose);
        }
    }
    ears.lock().expect("nobody died").push((path.clone(), purpose));
    let file = if path.ends_with('/') { format!("{path}index.html") } else { path.clone() };
    let body = fs::read(folder.join(file.trim_start_matches('/')));
    let status = if body.is_ok() { "200 OK" } else { "404 Not Found" };
    let mut said: BTreeMap<String, String> = BTreeMap::new();
    let kind = match file.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    said.insert("content-type".to_owned(), kind.to_owned());
    let fits = |rule: &str| rule == path || rule.strip_suffix('*').is_some_and(|start| path.starts_with(start));
    for header in headers.iter().filter(|(rule, _)| fits(rule)).flat_map(|(_, h)| h) {
        let (name, value) = header.split_once(": ").expect("a header");
        said.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let body = body.unwrap_or_default();
    let mut head = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    head.extend(said.iter().map(|(name, value)| format!("{name}: {value}\r\n")));
    head.push_str("\r\n");
    // Browsers hang up on what they do not want after all.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
}

#[test]
fn what_a_reader_is_about_to_open_is_fetched_before_the_click() {
    let desk = Desk::sample();
    let host = Host::of(desk.build());
    let chrome = Chrome::start();
    let tab = chrome.tab("a reader");
    tab.go(&format!("{}{PLACE}", host.address));
    let next = tab.ask("new URL(document.querySelector('.neighbours a').href).pathname");
    let next = next.as_str().expect("an article has a neighbour");
    tab.ask("document.querySelector('.neighbours a').scrollIntoView({ block: 'center' })");
    tab.hover(".neighbours a");
    let end = Instant::now() + Duration::from_secs(20);
    let is_ahead = |h: &(String, String)| h.0 == next && h.1.starts_with("prefetch");
    while !host.heard().iter().any(is_ahead) {
        assert!(Instant::now() < end, "{next} was not fetched: {:#?}\n{:#?}", host.heard(), tab.complaints());
        std::thread::sleep(Duration::from_millis(50));
    }
    // What leads out of the story is fetched when it is asked for.
    assert!(host.heard().iter().all(|h| h.1.is_empty() || h.0 == next), "{:#?}", host.heard());
    tab.is_quiet();
}
