//! Chromium, driven over its debugging protocol: it starts with a profile of its own and ends with its test.

use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tungstenite::{Message, WebSocket};

/// How long the browser may take to start, or to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser.
pub struct Chrome {
    wire: RefCell<Wire>,
    child: Child,
    _profile: TempDir,
}

/// What went on in a tab.
#[derive(Default)]
pub struct Heard {
    /// Errors in the console, violations of the content security policy, exceptions, dialogs.
    pub complaints: Vec<String>,
    /// What was asked for: the kind of thing (`Document`, `Fetch`, `Stylesheet`) and the address.
    pub requests: Vec<(String, String)>,
}

struct Wire {
    socket: WebSocket<TcpStream>,
    last: u64,
    /// By session.
    heard: HashMap<String, Heard>,
}

impl Chrome {
    /// Starts a browser without a window.
    pub fn start() -> Self {
        let profile = TempDir::new().expect("a temporary folder");
        let mut command = Command::new("chromium");
        // There is no sandbox for root, nor in most containers; only pages of the test's own are opened.
        command.args(["--headless", "--no-sandbox", "--remote-debugging-port=0", "--disable-dev-shm-usage"]);
        command.args(["--disable-gpu", "--no-first-run", "--disable-sync", "--disable-extensions", "--mute-audio"]);
        command.args(["--disable-background-networking", "--disable-component-update", "--hide-scrollbars"]);
        command.args(["--disable-renderer-backgrounding", "--disable-background-timer-throttling"]);
        command.arg("--disable-backgrounding-occluded-windows");
        command.arg(format!("--user-data-dir={}", profile.path().display()));
        command.env("HOME", profile.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap_or_else(|e| {
            panic!(
                "these tests look at the preview in chromium, which cannot be started ({e}): apt-get install chromium"
            )
        });
        let told = profile.path().join("DevToolsActivePort");
        let end = Instant::now() + PATIENCE;
        let (port, path) = loop {
            let text = fs::read_to_string(&told).unwrap_or_default();
            if let Some((port, path)) = text.split_once('\n').filter(|t| t.1.contains("/browser/")) {
                break (port.to_owned(), path.trim().to_owned());
            }
            assert!(Instant::now() < end, "chromium started, but names no DevTools port in {}", told.display());
            sleep(Duration::from_millis(10));
        };
        let stream = TcpStream::connect(format!("127.0.0.1:{port}")).expect("the DevTools port");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_nodelay(true).expect("no delay");
        let (socket, _) =
            tungstenite::client(format!("ws://127.0.0.1:{port}{path}"), stream).expect("a DevTools connection");
        let wire = Wire { socket, last: 0, heard: HashMap::new() };
        Self { wire: RefCell::new(wire), child, _profile: profile }
    }

    /// Sends a command and waits for its answer; what happens meanwhile is noted.
    pub fn call(&self, session: &str, method: &str, params: &Value) -> Result<Value, String> {
        self.wire.borrow_mut().call(session, method, params)
    }

    /// What went on in a session so far.
    pub fn heard<T>(&self, session: &str, look: impl FnOnce(&mut Heard) -> T) -> T {
        // An answer comes after everything that happened before it.
        let _ = self.call(session, "Runtime.evaluate", &json!({"expression": "0"}));
        look(self.wire.borrow_mut().heard.entry(session.to_owned()).or_default())
    }
}

impl Drop for Chrome {
    fn drop(&mut self) {
        // Asked first, so that its own children end too and its profile can be removed.
        if let Ok(wire) = self.wire.try_borrow_mut().as_deref_mut() {
            let text = json!({"id": 0, "method": "Browser.close"}).to_string();
            let _ = wire.socket.send(Message::text(text));
        }
        let end = Instant::now() + Duration::from_secs(3);
        while Instant::now() < end {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Wire {
    fn send(&mut self, session: &str, method: &str, params: &Value) -> u64 {
        self.last += 1;
        let mut command = json!({"id": self.last, "method": method, "params": params});
        if !session.is_empty() {
            command["sessionId"] = session.into();
        }
        self.socket.send(Message::text(command.to_string())).expect("chromium takes commands");
        self.last
    }

    fn call(&mut self, session: &str, method: &str, params: &Value) -> Result<Value, String> {
        let id = self.send(session, method, params);
        loop {
            let message = match self.socket.read() {
                Ok(message) => message,
                Err(e) => panic!("chromium does not answer {method} {params}: {e}"),
            };
            let Ok(text) = message.to_text() else { continue };
            let mut said: Value = serde_json::from_str(text).unwrap_or_default();
            if said["id"] == id {
                return match said["error"]["message"].as_str() {
                    Some(why) => Err(why.to_owned()),
                    None => Ok(said["result"].take()),
                };
            }
            self.note(&said);
        }
    }

    fn note(&mut self, said: &Value) {
        let Some(session) = said["sessionId"].as_str().map(str::to_owned) else { return };
        let params = &said["params"];
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let heard = self.heard.entry(session.clone()).or_default();
        match said["method"].as_str().unwrap_or_default() {
            "Runtime.consoleAPICalled" if ["error", "warning", "assert"].map(Value::from).contains(&params["type"]) => {
                let parts = params["args"].as_array().into_iter().flatten();
                let parts: Vec<String> = parts.map(|a| text(a.get("value").unwrap_or(&a["description"]))).collect();
                heard.complaints.push(format!("console: {}", parts.join(" ")));
            }
            "Runtime.exceptionThrown" => {
                let details = &params["exceptionDetails"];
                let what = details["exception"].get("description").unwrap_or(&details["text"]);
                heard.complaints.push(format!("exception: {}", text(what)));
            }
            "Log.entryAdded" if params["entry"]["level"] == "error" => {
                let entry = &params["entry"];
                heard.complaints.push(format!("{}: {} {}", text(&entry["source"]), text(&entry["text"]), entry["url"]));
            }
            "Runtime.bindingCalled" => heard.complaints.push(text(&params["payload"])),
            "Page.javascriptDialogOpening" => {
                heard.complaints.push(format!("dialog: {}", text(&params["message"])));
                self.send(&session, "Page.handleJavaScriptDialog", &json!({"accept": false}));
            }
            "Network.requestWillBeSent" => {
                heard.requests.push((text(&params["type"]), text(&params["request"]["url"])));
            }
            _ => {}
        }
    }
}
