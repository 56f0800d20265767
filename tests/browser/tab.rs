//! A tab: addresses, what is done in it, what it shows, and what it complains of.

use crate::chrome::Chrome;
use serde_json::{Value, json};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long something may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs in every document before its own scripts: what the tests say in one word, and where violations are reported.
const FIRST: &str = "
    addEventListener('securitypolicyviolation', (e) =>
        window.complain(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
    window.inBar = (selector) => document.querySelector('dealwire-preview')?.shadowRoot.querySelector(selector);
    window.allInBar = (selector) =>
        [...document.querySelector('dealwire-preview').shadowRoot.querySelectorAll(selector)];
    window.bands = () => document.querySelector('dealwire-banner')?.shadowRoot.textContent;
    window.version = () => Number(document.documentElement?.dataset.dealwire || 0);
    window.overlay = () => Boolean(inBar('dialog')?.open);
    window.text = (selector) => document.querySelector(selector)?.textContent.trim().replace(/\\s+/g, ' ');
";

/// A tab of a browser.
pub struct Tab<'a> {
    chrome: &'a Chrome,
    session: String,
    /// Which one it is, for messages.
    name: String,
}

impl Chrome {
    /// An empty tab, in a window of its own: one behind another would be a hidden page.
    pub fn tab(&self, name: &str) -> Tab<'_> {
        self.new_tab(name, &json!({"url": "about:blank", "newWindow": true}))
    }

    /// A page behind another one, as if a link had been opened in a new tab.
    pub fn tab_behind(&self, name: &str, url: &str) -> Tab<'_> {
        self.new_tab(name, &json!({"url": url, "background": true}))
    }

    fn new_tab(&self, name: &str, target: &Value) -> Tab<'_> {
        let must = |session: &str, method: &str, params: Value| {
            self.call(session, method, &params).unwrap_or_else(|e| panic!("{method}: {e}"))
        };
        let target = must("", "Target.createTarget", target.clone());
        let target = json!({"targetId": target["targetId"], "flatten": true});
        let session = must("", "Target.attachToTarget", target)["sessionId"].as_str().expect("a session").to_owned();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            must(&session, &format!("{domain}.enable"), json!({}));
        }
        must(&session, "Runtime.addBinding", json!({"name": "complain"}));
        must(&session, "Page.addScriptToEvaluateOnNewDocument", json!({"source": FIRST}));
        let tab = Tab { chrome: self, session, name: name.to_owned() };
        tab.view(1280, 800, "light");
        tab
    }
}

impl Tab<'_> {
    fn call(&self, method: &str, params: &Value) -> Value {
        self.chrome.call(&self.session, method, params).unwrap_or_else(|e| panic!("{method} in {}: {e}", self.name))
    }

    /// Goes to a page of the preview, and waits until its script has heard from the server.
    pub fn open(&self, url: &str) -> &Self {
        self.go(url);
        self.wait("the preview's script to be told the state", "version() > 0")
    }

    /// Runs a script in every document from now on, before its own.
    pub fn before(&self, js: &str) {
        self.call("Page.addScriptToEvaluateOnNewDocument", &json!({"source": js}));
    }

    /// Goes to an address.
    pub fn go(&self, url: &str) -> &Self {
        let answer = self.call("Page.navigate", &json!({"url": url}));
        assert!(answer["errorText"].is_null(), "{}: {url}: {}", self.name, answer["errorText"]);
        self.wait(&format!("{url} to load"), "document.readyState === 'complete' && location.protocol !== 'about:'")
    }

    /// What an expression is, or what it resolves to.
    pub fn ask(&self, js: &str) -> Value {
        self.try_ask(js).unwrap_or_else(|e| panic!("{}: {e}\nin: {js}\n{}", self.name, self.picture()))
    }

    fn try_ask(&self, js: &str) -> Result<Value, String> {
        let params = json!({"expression": js, "awaitPromise": true, "returnByValue": true, "userGesture": true});
        let mut answer = self.chrome.call(&self.session, "Runtime.evaluate", &params)?;
        if let Some(details) = answer.get("exceptionDetails") {
            let what = details["exception"]["description"].as_str().or(details["text"].as_str());
            return Err(what.unwrap_or("an exception").to_owned());
        }
        Ok(answer["result"].get_mut("value").map_or(Value::Null, Value::take))
    }

    /// Whether an expression holds.
    pub fn holds(&self, js: &str) -> bool {
        self.ask(&format!("Boolean({js})")) == true
    }

    /// Asserts that an expression holds.
    pub fn must(&self, what: &str, js: &str) -> &Self {
        assert!(self.holds(js), "{}: it does not hold that {what}\nin: {js}\n{}", self.name, self.picture());
        self
    }

    /// Asserts that an expression has a value.
    pub fn is(&self, js: &str, value: impl Into<Value>) -> &Self {
        let (found, value) = (self.ask(js), value.into());
        assert!(found == value, "{}: {js}\nis:     {found}\nnot as: {value}\n{}", self.name, self.picture());
        self
    }

    /// Waits until an expression holds.
    pub fn wait(&self, what: &str, js: &str) -> &Self {
        let end = Instant::now() + PATIENCE;
        loop {
            // While a page goes and another one comes, there is nothing to ask.
            let last = self.try_ask(&format!("Boolean({js})"));
            if last == Ok(Value::Bool(true)) {
                return self;
            }
            assert!(
                Instant::now() < end,
                "{} waited {PATIENCE:?} for {what}\nthat is: {js}\nlast answer: {last:?}\n{}",
                self.name,
                self.picture()
            );
            sleep(Duration::from_millis(15));
        }
    }

    /// What the page is, for a message.
    fn picture(&self) -> String {
        let js = "JSON.stringify({ address: location.href, title: document.title, state: document.readyState,
            version: document.documentElement.dataset.dealwire, bands: window.bands?.(), overlay: window.overlay?.(),
            bar: window.inBar?.('.bar')?.innerText, findings: window.inBar?.('.list')?.textContent.slice(0, 900),
            page: document.body?.innerText.slice(0, 700) }, null, 1)";
        let page = self.try_ask(js).map_or_else(|e| e, |v| v.as_str().unwrap_or_default().replace("\\n", "\n "));
        let complaints = self.complaints().join("\n");
        format!("the page was: {page}\ncomplaints: {complaints}")
    }

    /// The size of the window, and whether light or dark is liked.
    pub fn view(&self, width: u32, height: u32, scheme: &str) -> &Self {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", &size);
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.call("Emulation.setEmulatedMedia", &features);
        self
    }

    /// What the reader prefers: names and values of media features. The size of the window stays.
    pub fn prefers(&self, features: &[(&str, &str)]) -> &Self {
        let features: Vec<Value> = features.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        self.call("Emulation.setEmulatedMedia", &json!({"media": "", "features": features}));
        self
    }

    /// As on paper.
    pub fn printed(&self) -> &Self {
        self.call("Emulation.setEmulatedMedia", &json!({"media": "print"}));
        self
    }

    /// Moves the pointer onto the first element that a selector finds.
    pub fn hover(&self, selector: &str) -> &Self {
        let js = format!(
            "(() => {{ const r = document.querySelector({selector:?}).getBoundingClientRect();
                return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        );
        let at = self.ask(&js);
        self.call("Input.dispatchMouseEvent", &json!({"type": "mouseMoved", "x": at[0], "y": at[1]}));
        self
    }

    /// Presses a key: `Tab`, `Escape`, `Enter`.
    pub fn press(&self, key: &str) -> &Self {
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            other => panic!("a key with a code: {other}"),
        };
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code});
            if key == "Enter" && kind == "keyDown" {
                event["text"] = "\r".into();
            }
            self.call("Input.dispatchKeyEvent", &event);
        }
        self
    }

    /// Types a text where the focus is.
    pub fn type_in(&self, text: &str) -> &Self {
        self.call("Input.insertText", &json!({"text": text}));
        self
    }

    /// Loads the page again.
    pub fn reload(&self) -> &Self {
        self.ask("window.old = true");
        self.call("Page.reload", &json!({}));
        self.wait("the page to load again", "!window.old && version() > 0")
    }

    /// What the browser complained of.
    pub fn complaints(&self) -> Vec<String> {
        self.chrome.heard(&self.session, |h| h.complaints.clone())
    }

    /// Asserts that the browser complained of nothing, but for what holds a word.
    pub fn is_quiet_but_for(&self, word: &str) {
        let mut all = self.complaints();
        all.retain(|c| word.is_empty() || !c.contains(word));
        assert!(all.is_empty(), "{}: the browser complains:\n{}\n{}", self.name, all.join("\n"), self.picture());
    }

    /// Asserts that the browser complained of nothing.
    pub fn is_quiet(&self) {
        self.is_quiet_but_for("");
    }

    /// What was asked for since this was called last: the kind and the address, without the preview's own.
    pub fn requests(&self) -> Vec<(String, String)> {
        let mut all = self.chrome.heard(&self.session, |h| std::mem::take(&mut h.requests));
        // A window asks for the icon beside its title whenever it has the time.
        all.retain(|r| !["/-dealwire/", "/assets/icon", "/favicon"].iter().any(|part| r.1.contains(part)));
        all.retain(|r| !r.1.starts_with("data:"));
        all
    }

    /// A picture of the window, as a PNG in Base64.
    pub fn shot(&self) -> String {
        let answer = self.call("Page.captureScreenshot", &json!({"format": "png"}));
        answer["data"].as_str().expect("a picture").to_owned()
    }
}
