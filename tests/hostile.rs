//! Sites made by someone who means harm, or by accident: nothing leaves the site's folder, nothing runs, nothing hangs.

#![allow(clippy::format_collect, reason = "texts of a few kilobytes")]
#![allow(clippy::disallowed_methods, reason = "a test works on the disk like a user")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_dealwire");
const SECRET: &str = "S3CRET-OF-THE-MACHINE";
/// What a release build does in two seconds, a debug build may take ten for.
const PATIENCE: Duration = Duration::from_secs(10);

struct Done {
    code: Option<i32>,
    said: String,
    took: Duration,
}

/// The starter site, and beside it things that are none of its business.
struct Site {
    folder: TempDir,
}

impl Site {
    fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let site = Self { folder };
        let made =
            Command::new(PROGRAM).arg("init").arg(site.at("")).args(["--title", "Deals"]).output().expect("init");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        fs::create_dir(site.outside("")).expect("a folder");
        for (name, text) in [
            ("secret.md", article("title: T", SECRET)),
            ("secret.txt", SECRET.to_owned()),
            ("secret.html", format!("<p>{SECRET}")),
            ("secret.css", format!("a{{content:\"{SECRET}\"}}")),
            ("secret.png", format!("\u{89}PNG{SECRET}")),
        ] {
            fs::write(site.outside(name), text).expect("written");
        }
        site
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join("site").join(path)
    }

    fn outside(&self, path: &str) -> PathBuf {
        self.folder.path().join("outside").join(path)
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        fs::create_dir_all(self.at(path).parent().expect("a folder")).expect("a folder");
        fs::write(self.at(path), text).expect("written");
    }

    fn run(&self, args: &[&str]) -> Done {
        let mut command = Command::new("sh");
        // The limit of 600 MB is on the heap and all else that a program maps for itself; what its allocator would map ahead,
        // up to a gigabyte, tells nothing of what it needs.
        command.args(["-c", "ulimit -d 614400; exec \"$0\" \"$@\"", PROGRAM]).args(args).arg("--root").arg(self.at(""));
        command.args(["--as-of", "2025-01-01"]).env_remove("SOURCE_DATE_EPOCH").env("NO_COLOR", "1");
        command.env("MIMALLOC_ARENA_EAGER_COMMIT", "0");
        run(&mut command)
    }

    fn build(&self) -> Done {
        self.run(&["build"])
    }

    /// Every file of the output, or of whatever stands there.
    fn output(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.at("public"))
    }

    /// Nothing was built, for this reason, and the place is named.
    #[track_caller]
    fn refuses(&self, code: &str, words: &[&str]) {
        let done = self.build();
        assert!(matches!(done.code, Some(1..=4)), "{:?} {}", done.code, done.said);
        assert!(done.said.contains(&format!("error[{code}")), "no {code}: {}", done.said);
        for word in words {
            assert!(done.said.contains(word), "no {word:?}: {}", done.said);
        }
        assert!(!self.at("public").exists(), "something was built");
        assert!(!done.said.contains("panicked") && !done.said.contains(SECRET), "{}", done.said);
    }
}

/// Runs a command that has a minute to end, whatever it waits for.
fn run(command: &mut Command) -> Done {
    let start = Instant::now();
    let mut said = tempfile::tempfile().expect("a file");
    let both = said.try_clone().expect("the same file");
    let errors = said.try_clone().expect("the same file");
    let mut child = command.stdin(Stdio::null()).stdout(both).stderr(errors).spawn().expect("a child");
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        if start.elapsed() > Duration::from_mins(1) {
            child.kill().expect("killed");
            panic!("{command:?} hangs");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let mut bytes = Vec::new();
    std::io::Seek::rewind(&mut said).expect("rewound");
    std::io::Read::read_to_end(&mut said, &mut bytes).expect("what it said");
    Done { code: status.code(), said: String::from_utf8_lossy(&bytes).into_owned(), took: start.elapsed() }
}

fn files(top: &Path) -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(top)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|e| e.file_type().is_file())
        .map(|e| {
            let path = e.path().strip_prefix(top).expect("below").to_string_lossy().into_owned();
            (path, fs::read(e.path()).expect("a file"))
        })
        .collect()
}

/// An article with more lines of front matter, and a text.
fn article(front: &str, text: &str) -> String {
    let title = if front.contains("title:") { "" } else { "title: A title\n" };
    let description = if front.contains("description:") { "" } else { "description: A sentence.\n" };
    format!(
        "---\n{title}{description}date: 2024-04-01T09:00\nauthors: [desk]\ntags: [patents]\nautolink: \
         false\n{front}\n---\n\n{text}\n"
    )
}

// S1: no byte from outside

#[test]
fn links_out_of_the_site_are_refused_wherever_they_stand() {
    type Plant = (&'static str, &'static str);
    let plants: [Plant; 14] = [
        ("content/articles/x.md", "secret.md"),
        ("content/articles/x.png", "secret.png"),
        ("content/articles/deep", ""),
        ("content/articles/a/b/deep", ""),
        ("content/new", ""),
        ("templates/page.html", "secret.html"),
        ("templates/more", ""),
        ("templates", ""),
        ("static/x.txt", "secret.txt"),
        ("static/root", ""),
        ("static/style.css", "secret.css"),
        ("static", ""),
        ("static/nowhere", "is/not/there"),
        ("content/articles/nowhere.md", "is-not-there.md"),
    ];
    for (at, to) in plants {
        let site = Site::new();
        fs::create_dir_all(site.at(at).parent().expect("a folder")).expect("a folder");
        symlink(site.outside(to), site.at(at)).expect("a link");
        site.refuses("E1206", &[at, "symbolic link"]);
        // Also where it leads to a place inside: what it means can change without a change here.
        fs::remove_file(site.at(at)).expect("removed");
        symlink(site.at("content/people/desk.md"), site.at(at)).expect("a link");
        site.refuses("E1206", &[at]);
    }
    let site = Site::new();
    fs::rename(site.at("content"), site.outside("content")).expect("moved");
    symlink(site.outside("content"), site.at("content")).expect("a link");
    site.refuses("E1206", &["content"]);
}

#[test]
fn links_that_go_round_are_refused() {
    for (at, to) in [("content/articles/loop", "loop"), ("content/articles/up", ".."), ("content/articles/up.md", ".")]
    {
        let site = Site::new();
        symlink(to, site.at(at)).expect("a link");
        site.refuses("E1206", &[at]);
    }
}

#[test]
fn no_path_in_a_text_leads_out() {
    for front in [
        "slug: ../../outside/x",
        "slug: /etc",
        "slug: \"..\"",
        "slug: \"\"",
        "slug: \"a\\0b\"",
        "slug: a/b",
        "slug: \"a\\nb\"",
        "aliases: [/../../outside/]",
        "aliases: [/a/../../b/]",
        "aliases: [//evil.test/]",
        "aliases: [\"https://evil.test/\"]",
        "aliases: [\"/a\\\\..\\\\b/\"]",
        "aliases: [\"/a\\0b/\"]",
        "aliases: [/%2e%2e/x/]",
        "image: {src: ../../../outside/secret.png, alt: An image}",
        "image: {src: \"..%2f..%2f..%2foutside/secret.png\", alt: An image}",
        "image: {src: /../../outside/secret.png, alt: An image}",
    ] {
        let site = Site::new();
        site.write("content/articles/x.md", article(front, "Text."));
        let done = site.build();
        assert_eq!(done.code, Some(1), "{front}: {}", done.said);
        assert!(done.said.contains("content/articles/x.md"), "{front}: {}", done.said);
        assert!(!site.at("public").exists() && !site.outside("x").exists(), "{front}");
    }
    for address in ["file:///etc/hostname", "ftp://a.test/x.png"] {
        let site = Site::new();
        site.write(
            "content/articles/x.md",
            article(&format!("image: {{src: \"{address}\", alt: An image, credit: The desk}}"), "Text."),
        );
        assert!(site.build().said.contains("1 warning"));
        assert!(
            site.output().values().all(|b| !String::from_utf8_lossy(b).contains(address)),
            "{address} is published"
        );
    }
    for text in [
        "![An image](../../../outside/secret.png)",
        "![An image](..%2f..%2f..%2foutside%2fsecret.png)",
        "![An image](%2e%2e/%2e%2e/%2e%2e/outside/secret.png)",
        "![An image](/../outside/secret.png)",
        "![An image](a/../../../../outside/secret.png)",
        "![An image](secret.png%00.png)",
        "[A file](../../../outside/secret.txt)",
        "[A file](..\\..\\..\\outside\\secret.txt)",
        "[A file](../../../outside/secret.md)",
        "[A file](..%2f..%2f..%2foutside%2fsecret.md)",
        "[A file]: x\n\n[a]\n\n[a]: ../../../outside/secret.txt",
    ] {
        let site = Site::new();
        site.write("content/articles/x.md", article("", text));
        site.refuses("E08", &["content/articles/x.md"]);
    }
}

#[test]
fn settings_and_templates_reach_nothing_outside_either() {
    for template in [
        "{% include \"../../outside/secret.html\" %}",
        "{% include \"/etc/passwd\" %}",
        "{% extends \"../../outside/secret.html\" %}",
        "{{ get_env(name=\"HOME\") }}",
        "{{ load_data(path=\"/etc/passwd\") }}",
        "{{ __tera_context }}{{ undefined.thing }}",
    ] {
        let site = Site::new();
        site.write("templates/page.html", template);
        site.refuses("E1101", &["templates/page.html"]);
    }
    for (setting, code) in [
        ("permalinks.article = \"/../:slug/\"", "E"),
        ("permalinks.article = \"/a/../../:slug/\"", "E"),
        ("permalinks.article = \"//:slug/\"", "E"),
        ("permalinks.article = \"/a\\u0000/:slug/\"", "E"),
    ] {
        let site = Site::new();
        let text = fs::read_to_string(site.at("site.toml")).expect("settings");
        site.write("site.toml", format!("{setting}\n{text}"));
        site.refuses(code, &[]);
    }
    // A style sheet that asks for a file outside gets no byte of it.
    let site = Site::new();
    site.write(
        "static/own.css",
        "@import \"../../outside/secret.css\"; a { background: url(../../outside/secret.png) }",
    );
    site.refuses("E0813", &["static/own.css"]);
}

#[test]
fn names_that_no_system_can_hold_or_that_mean_two_things() {
    let long = "a".repeat(240);
    for (path, front, word) in [
        ("content/articles/con.md", "", "con"),
        ("content/articles/x.md", "slug: nul", "nul"),
        ("content/articles/x.md", "slug: com1", "com1"),
        (&*format!("content/articles/{long}.md"), "", "aaaa"),
        ("content/articles/x.md", &*format!("slug: {long}"), "aaaa"),
        ("content/articles/x.md", "aliases: [/AUX.txt]", "AUX"),
        ("content/articles/x.md", "aliases: [/.dealwire-manifest.json]", "dealwire-manifest"),
        ("content/articles/X.md", "", "X"),
        ("content/articles/e\u{301}.md", "", "content/articles"),
        ("content/articles/a b.md", "", "a b"),
        ("content/articles/a\nb.md", "", "content/articles"),
        ("content/articles/-.md", "", "-"),
    ] {
        let site = Site::new();
        site.write(path, article(front, "Text."));
        let done = site.build();
        assert!(matches!(done.code, Some(1 | 3)), "{path} {front}: {:?} {}", done.code, done.said);
        assert!(done.said.contains("error[E") && done.said.contains(word), "{path} {front}: {}", done.said);
        assert!(!site.at("public").exists());
    }
    for (one, two) in [
        ("static/root/A.txt", "static/root/a.txt"),
        ("static/root/\u{e9}.txt", "static/root/e\u{301}.txt"),
        ("static/root/a", "static/root/a/b.txt"),
        ("static/root/about/index.html", "content/pages/other.md"),
        ("static/root/stra\u{df}e.txt", "static/root/STRASSE.txt"),
    ] {
        let site = Site::new();
        site.write(one, "one");
        if site.at(two).parent().is_some_and(Path::is_file) {
            continue;
        }
        site.write(two, if two.ends_with(".md") { "---\ntitle: T\ndescription: D.\n---\n\nText.\n" } else { "two" });
        let done = site.build();
        assert!(matches!(done.code, Some(1 | 3)), "{one} and {two}: {:?} {}", done.code, done.said);
        assert!(!site.at("public").exists(), "{one} and {two}");
    }
    // Two articles, one address: both are named.
    let site = Site::new();
    site.write("content/articles/a.md", article("slug: same", "Text."));
    site.write("content/articles/b.md", article("slug: same", "Text."));
    site.refuses("E0805", &["content/articles/a.md", "content/articles/b.md", "same"]);
}

// B2: what must not be written over

#[test]
fn outputs_in_which_something_could_be_lost() {
    let site = Site::new();
    fs::create_dir_all(site.at("repository/.git")).expect("a folder");
    fs::create_dir_all(site.outside("full")).expect("a folder");
    fs::write(site.outside("full/work"), "mine").expect("written");
    let before = files(site.folder.path());
    let at = |path: PathBuf| path.to_string_lossy().into_owned();
    for out in [
        at(site.at("")),
        at(site.at("content")),
        at(site.at("content/articles/public")),
        at(site.at("static")),
        at(site.at("content/../content")),
        at(site.at("repository")),
        at(site.at("repository/.git")),
        at(site.at("repository/.git/public")),
        at(site.folder.path().to_owned()),
        at(site.outside("full")),
        at(site.outside("secret.md")),
        "/".to_owned(),
        "/usr".to_owned(),
        "..".to_owned(),
        std::env::var("HOME").unwrap_or_else(|_| "/".to_owned()),
    ] {
        for command in ["build", "clean"] {
            let done = site.run(&[command, "--output", &out]);
            assert_eq!(done.code, Some(3), "{command} --output {out}: {}", done.said);
            assert!(done.said.contains("error[E1202]"), "{command} --output {out}: {}", done.said);
        }
    }
    assert_eq!(files(site.folder.path()), before);
    let home = run(Command::new(PROGRAM)
        .args(["build", "--as-of", "2025-01-01", "--root"])
        .arg(site.at(""))
        .arg("--output")
        .arg(site.outside("empty"))
        .env("HOME", site.outside("empty/me")));
    assert_eq!(home.code, Some(3), "{}", home.said);
}

#[test]
fn a_manifest_that_was_tampered_with_deletes_nothing_outside() {
    let digest = "0".repeat(64);
    for path in [
        "../outside/secret.txt",
        "../../outside/secret.txt",
        "/etc/hostname",
        "a/../../../outside/secret.txt",
        "",
        ".",
        "a//b",
        "a/./b",
    ] {
        let site = Site::new();
        assert_eq!(site.build().code, Some(0));
        let file = site.at("public/.dealwire-manifest.json");
        let text = fs::read_to_string(&file).expect("a manifest");
        let entry = format!("\"files\":{{\"{path}\":{{\"size\":3,\"digest\":\"{digest}\"}},");
        fs::write(&file, text.replacen("\"files\":{", &entry, 1)).expect("written");
        let before = files(site.folder.path());
        for command in ["build", "clean"] {
            let done = site.run(&[command]);
            assert_eq!(done.code, Some(3), "{path}: {command}: {}", done.said);
            assert!(done.said.contains("not a manifest"), "{path}: {}", done.said);
        }
        assert_eq!(files(site.folder.path()), before, "{path}");
    }
    // One that lists what is not there, or a folder that has become a link to somewhere else.
    let site = Site::new();
    assert_eq!(site.build().code, Some(0));
    fs::remove_dir_all(site.at("public/about")).expect("removed");
    symlink(site.outside(""), site.at("public/about")).expect("a link");
    fs::write(site.outside("index.html"), "mine").expect("written");
    for command in ["build", "clean", "build"] {
        site.run(&[command]);
        assert_eq!(fs::read_to_string(site.outside("index.html")).expect("still there"), "mine", "{command}");
        assert!(site.outside("secret.txt").exists());
    }
    for text in ["", "{}", "[]", "null", "{\"dealwire\":1}", "\u{0}"] {
        let site = Site::new();
        site.write("public/.dealwire-manifest.json", text);
        site.write("public/mine", "mine");
        assert_eq!(site.build().code, Some(3), "{text}");
        assert_eq!(site.run(&["clean"]).code, Some(3), "{text}");
        assert!(site.at("public/mine").exists());
    }
}

// S2: what editors write runs nowhere

/// The tags of HTML with their attributes, as a browser's tokenizer finds them.
fn tags(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, r)| r);
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/').unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if rest.is_empty() || rest.starts_with('>') {
                break;
            }
            let end = rest.find(|c: char| c.is_ascii_whitespace() || "=>/".contains(c)).unwrap_or(rest.len());
            let key = rest[..end].to_ascii_lowercase();
            rest = rest[end..].trim_start();
            let mut value = String::new();
            if let Some(after) = rest.strip_prefix('=') {
                let after = after.trim_start();
                let quote = after.chars().next().filter(|c| "\"'".contains(*c));
                let (inner, next) = match quote {
                    Some(q) => after[1..].split_once(q).unwrap_or((&after[1..], "")),
                    None => {
                        after.split_at(after.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(after.len()))
                    }
                };
                value = decoded(inner);
                rest = next;
            } else if key.is_empty() {
                rest = rest.get(1..).unwrap_or("");
            }
            attributes.push((key, value));
        }
        if name == "script" {
            // What stands in it is no markup.
            let body = rest.find("</script").unwrap_or(rest.len());
            attributes.push(("the text".to_owned(), rest.get(1..body).unwrap_or("").to_owned()));
            rest = &rest[body..];
        }
        found.push((name, attributes));
    }
    found
}

fn decoded(text: &str) -> String {
    let text = text.replace("&quot;", "\"").replace("&#39;", "'").replace("&#x27;", "'").replace("&#x2F;", "/");
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&colon;", ":").replace("&amp;", "&")
}

/// Fails where HTML could run something. Gives the structured data that stands in it.
#[track_caller]
fn assert_inert(what: &str, html: &str) -> Vec<serde_json::Value> {
    let mut data = Vec::new();
    for (name, attributes) in tags(html) {
        let get = |key: &str| attributes.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
        let forbidden = ["iframe", "object", "embed", "applet", "base", "form", "style", "math", "template"];
        assert!(!forbidden.contains(&name.as_str()), "{what} has <{name}>");
        // The site's own pictures; what editors write has none.
        assert!(name != "svg" || get("class").is_some_and(|c| c.starts_with("pic ")), "{what} has <svg>");
        if name == "script" {
            // The ledger's and the search's own, by their addresses.
            let own = get("src").is_some_and(|s| s.starts_with("/assets/ledger.") || s.starts_with("/assets/search."));
            assert!(own || get("type") == Some("application/ld+json"), "{what} has a script");
            if own {
                continue;
            }
            let text = get("the text").unwrap_or("");
            let value = serde_json::from_str(text);
            data.push(value.unwrap_or_else(|e| panic!("{what}: structured data is no JSON: {e}: {text}")));
        }
        assert!(name != "meta" || get("http-equiv").is_none_or(|v| v == "refresh"), "{what} {attributes:?}");
        for (key, value) in attributes.iter().filter(|(k, _)| k != "the text") {
            assert!(!key.starts_with("on") && key != "srcdoc" && key != "formaction", "{what}: <{name} {key}={value}>");
            let address: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
            let scheme = address.to_ascii_lowercase();
            let addresses = ["href", "src", "xlink:href", "action", "poster", "content", "cite", "data", "srcset"];
            if addresses.contains(&key.as_str()) {
                for bad in ["javascript:", "vbscript:", "data:", "file:"] {
                    assert!(!scheme.starts_with(bad), "{what}: <{name} {key}={value}>");
                }
            }
            assert!(key != "style" || value.starts_with("text-align: "), "{what}: <{name} {key}={value}>");
        }
    }
    data
}

/// Whether text is XML from end to end; gives the texts of its elements by name.
#[track_caller]
fn read_xml(what: &str, text: &str) -> Vec<(String, String)> {
    use quick_xml::events::Event;
    let allowed = |c: char| c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c != '\u{fffe}' && c != '\u{ffff}');
    assert!(text.chars().all(allowed), "{what}: a character that XML does not have");
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut open, mut found) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(Event::Start(e)) => {
                let name = e.name();
                open.push(name.as_ref().to_owned());
                found.push((name.as_ref().to_owned(), String::new()));
            }
            Ok(Event::End(_)) => drop(open.pop()),
            Ok(Event::Text(t)) => {
                if let Some((_, last)) = found.last_mut() {
                    last.push_str(&t);
                }
            }
            Ok(Event::GeneralRef(r)) => {
                let character = match &*r {
                    "lt" => "<".to_owned(),
                    "gt" => ">".to_owned(),
                    "amp" => "&".to_owned(),
                    "quot" => "\"".to_owned(),
                    "apos" => "'".to_owned(),
                    other => panic!("{what}: an entity {other}"),
                };
                if let Some((_, last)) = found.last_mut() {
                    last.push_str(&character);
                }
            }
            Ok(Event::DocType(_) | Event::PI(_)) => panic!("{what}: has a document type or an instruction"),
            Ok(_) => {}
            Err(e) => panic!("{what} is no XML: {e}"),
        }
    }
    assert!(open.is_empty(), "{what} does not end");
    found
}

const PAYLOADS: [&str; 9] = [
    "\"><img src=https://a.test/x alt=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "' onmouseover='alert(1)' x='",
    "]]><script>alert(1)</script>",
    "<!--<script>alert(1)</script>",
    "{{ 7 * 7 }}{% include \"base.html\" %}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\u003cscript\\u003e javascript:alert(1)",
];

/// A site in which every text that an editor can write holds the payload.
fn poisoned(payload: &str) -> Site {
    let site = Site::new();
    let q = payload.replace('\\', "\\\\").replace('"', "\\\"");
    let head = format!("description: \"D {q}\"\n");
    site.write("content/people/eve.md", format!("---\nname: \"Eve {q}\"\n{head}---\n\nText {payload}\n"));
    site.write("content/tags/bad.md", format!("---\ntitle: \"Tag {q}\"\n{head}---\n\nText {payload}\n"));
    site.write("content/threads/bad.md", format!("---\ntitle: \"Thread {q}\"\n{head}---\n\nText {payload}\n"));
    site.write("content/pages/bad.md", format!("---\ntitle: \"Page {q}\"\n{head}---\n\nText {payload}\n"));
    for name in ["one", "two"] {
        site.write(
            &format!("content/companies/{name}.md"),
            format!("---\nname: \"Company {name} {q}\"\naliases: [\"Alias {name} {q}\"]\ncountry: FI\n{head}---\n\nText {payload}\n"),
        );
    }
    let front = format!(
        "title: \"Title {q}\"\n{head}authors: [desk, eve]\ntags: [patents, bad]\nthreads: [bad]\nextra: {{note: \"{q}\"}}\n\
         sponsor: {{name: \"S {q}\", label: \"L {q}\"}}\n\
         corrections:\n  - {{date: 2024-04-02, text: \"C {q}\"}}\n\
         sources:\n  - {{id: own, kind: interview, publisher: \"P {q}\", title: \"T {q}\", date: 2024-04-01}}\n\
         deal:\n  kind: patent_licence\n  title: \"Deal {q}\"\n  parties:\n    - {{company: one, roles: [licensor]}}\n    \
         - {{company: two, roles: [licensee]}}\n  status:\n    - {{state: signed, date: 2024-04-01, source: own}}\n  \
         value: undisclosed\n  licence: {{scope: \"Scope {q}\", term: \"Term {q}\"}}\n"
    );
    let text =
        format!("Text {payload} end.\n\n## Heading {payload}\n\n[{payload}](https://a.test/?{})\n\n`{payload}`\n", "q");
    site.write("content/articles/bad.md", article(&front, &text).replacen("authors: [desk]\ntags: [patents]\n", "", 1));
    let settings = fs::read_to_string(site.at("site.toml")).expect("settings");
    let settings = settings.replace("title = \"Deals\"", &format!("title = \"Deals {q}\""));
    let settings = settings.replace("publisher = \"Deals\"", &format!("publisher = \"House {q}\""));
    site.write("site.toml", settings);
    site
}

#[test]
fn what_editors_write_runs_nowhere() {
    for payload in PAYLOADS {
        let site = poisoned(payload);
        let done = site.build();
        assert_eq!(done.code, Some(0), "{payload}: {}", done.said);
        let output = site.output();
        let mut told = String::new();
        for (path, bytes) in &output {
            let what = format!("{path} with {payload}");
            let Ok(text) = std::str::from_utf8(bytes) else { continue };
            match path.rsplit('.').next() {
                Some("html") => {
                    for data in assert_inert(&what, text) {
                        let _ = writeln!(told, "{data}");
                    }
                    assert!(!text.contains("49{"), "{what}: a text was taken for a template");
                }
                Some("xml") => {
                    for (name, inner) in read_xml(&what, text) {
                        if name == "content" {
                            assert_inert(&what, &inner);
                        }
                    }
                }
                Some("json") => drop(serde_json::from_str::<serde_json::Value>(text).expect("JSON")),
                _ => {}
            }
        }
        // It was there to be escaped, and whoever reads the data gets what was written.
        let article = output.iter().find(|(path, _)| path.ends_with("/bad/index.html") && path.starts_with("2024/04"));
        assert!(article.is_some_and(|(_, bytes)| !bytes.is_empty()));
        let written = serde_json::Value::String(format!("Title {payload}")).to_string();
        assert!(told.contains(&written), "{written} is not in {told}");
    }
}

#[test]
fn markdown_and_raw_html_run_nowhere() {
    for text in [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java&#115;cript:alert(1))",
        "[a](&#106;avascript&colon;alert(1))",
        "[a](<java\tscript:alert(1)>)",
        "[a](\u{1}javascript:alert(1))",
        "[a](vbscript:x)",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "![a](data:image/svg+xml,<svg/onload=alert(1)>)",
        "![a](javascript:alert(1))",
        "<javascript:alert(1)>",
        "[a]: javascript:alert(1)\n\n[a]",
        "[a](https://a.test/\"onmouseover=alert(1)//)",
        "[a](https://a.test/ \"\\\" onmouseover=alert(1)\")",
        "![\"onerror=alert(1)](https://a.test/x.png)",
        "![a](https://a.test/x.png \"<script>alert(1)</script>\")",
        "## A {#x\"onclick=alert(1) .y\"onclick=alert(1) onclick=alert(1)}",
        "```\"onclick=alert(1)\n<script>\n```",
        "```html <script>\nx\n```",
        "A note[^\"><script>].\n\n[^\"><script>]: <script>alert(1)</script>",
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//a.test/x.js></SCRIPT>",
        "<img src=x onerror=alert(1)>",
        "<img src=\"x` `<script>alert(1)</script>\"` `>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<a href=\"jav&#x0A;ascript:alert(1)\">a</a>",
        "<a href=\" javascript:alert(1)\">a</a>",
        "<a href=x onclick=alert(1) style=\"position:fixed\">a</a>",
        "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
        "<object data=javascript:alert(1)></object><embed src=x><applet></applet>",
        "<form action=javascript:alert(1)><input type=submit formaction=javascript:alert(1)></form>",
        "<base href=//a.test/><meta http-equiv=refresh content=\"0;url=javascript:alert(1)\"><link rel=stylesheet href=x>",
        "<style>@import '//a.test/x.css'</style><p style=\"background:url(javascript:alert(1))\">",
        "<template><script>alert(1)</script></template><x-y onfocus=alert(1) autofocus tabindex=1>",
        "<details open ontoggle=alert(1)><summary>a</summary></details><video><source onerror=alert(1)></video>",
        "<div\n\nonclick=alert(1)>\n\n<![CDATA[<script>alert(1)</script>]]> <?php <script>alert(1)</script> ?>",
        "> [!NOTE]\n> <script>alert(1)</script>\n\n| <script> | a |\n|---|---|\n| <img src=x onerror=alert(1)> | b |",
    ] {
        let site = Site::new();
        site.write("content/articles/bad.md", article("", text));
        site.write("content/pages/bad.md", format!("---\ntitle: T\ndescription: D.\n---\n\n{text}\n"));
        let done = site.build();
        assert!(matches!(done.code, Some(0 | 1)) && !done.said.contains("panicked"), "{text}: {}", done.said);
        for (path, bytes) in site.output() {
            let what = format!("{path} with {text}");
            if path.ends_with(".html") {
                assert_inert(&what, std::str::from_utf8(&bytes).expect("text"));
            } else if path.ends_with(".xml") {
                for (name, inner) in read_xml(&what, std::str::from_utf8(&bytes).expect("text")) {
                    if name == "content" {
                        assert_inert(&what, &inner);
                    }
                }
            }
        }
    }
}

#[test]
fn addresses_that_run_code_are_errors_in_front_matter() {
    for address in [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "https:alert(1)",
        "//a.test/",
        "file:///etc/passwd",
    ] {
        let site = Site::new();
        let front =
            format!("sources:\n  - {{id: own, kind: interview, publisher: P, date: 2024-04-01, url: \"{address}\"}}");
        site.write("content/articles/bad.md", article(&front, "Text."));
        site.refuses("E0104", &["content/articles/bad.md", address]);
        let site = Site::new();
        site.write(
            "content/companies/bad.md",
            format!("---\nname: B\ncountry: FI\nwebsite: \"{address}\"\n---\n\nText.\n"),
        );
        site.refuses("E0104", &["content/companies/bad.md", address]);
    }
    for c in ["\u{0}", "\u{7}", "\u{b}", "\u{1b}", "\u{7f}", "\u{85}", "\u{fffe}", "\u{ffff}", "\u{202e}"] {
        let site = Site::new();
        site.write("content/articles/bad.md", article(&format!("title: \"A{c}B\""), "Text."));
        site.write("content/articles/text.md", article("", &format!("A{c}B")));
        let done = site.build();
        assert!(matches!(done.code, Some(0 | 1)), "{c:?}: {:?} {}", done.code, done.said);
        for (path, bytes) in site.output().iter().filter(|(path, _)| path.ends_with(".xml")) {
            read_xml(&format!("{path} with {c:?}"), std::str::from_utf8(bytes).expect("text"));
        }
    }
}

#[test]
fn files_beside_a_text_cannot_run_code() {
    let script = "<script>alert(1)</script>";
    for name in ["evil.html", "evil.HTM", "evil.xhtml", "evil.js", "evil.xml", "evil.svgz"] {
        let site = Site::new();
        site.write(&format!("content/articles/{name}"), script);
        site.write("content/articles/bad.md", article("", &format!("[A file]({name})")));
        site.refuses("E0813", &[name, "content/articles/bad.md"]);
    }
    let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{script}</svg>");
    for text in ["![A drawing](evil.svg)", "[A drawing](evil.svg)", "<img src=\"evil.svg\" alt=\"a\">"] {
        let site = Site::new();
        site.write("content/articles/evil.svg", &svg);
        site.write("content/articles/bad.md", article("", text));
        site.refuses("E0813", &["content/articles/evil.svg", "script"]);
    }
    // A plain one is published, and what belongs to the site itself is its owner's business.
    let site = Site::new();
    site.write("content/articles/good.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h9v9z\"/></svg>");
    site.write("content/articles/good.md", article("", "![A drawing](good.svg)"));
    site.write("static/root/tool.html", script);
    let done = site.build();
    assert_eq!(done.code, Some(0), "{}", done.said);
    assert!(site.output().keys().any(|path| path.ends_with("good.svg")));
}

// B7: bombs

/// Either refused with its name, or published; soon, and in the memory that there is.
#[track_caller]
fn survives(what: &str, path: &str, bytes: impl AsRef<[u8]>, code: Option<&str>) {
    let site = Site::new();
    site.write(path, bytes);
    let done = site.build();
    assert!(matches!(done.code, Some(0 | 1)), "{what}: {:?} {:.2000}", done.code, done.said);
    assert!(!done.said.contains("panicked") && done.took < PATIENCE, "{what}: {:?} {:.2000}", done.took, done.said);
    if let Some(code) = code {
        assert!(done.said.contains(&format!("error[{code}")), "{what}: no {code}: {:.2000}", done.said);
        assert!(!site.at("public").exists(), "{what}");
    }
    if done.code == Some(1) {
        assert!(done.said.contains(path), "{what}: the file is not named: {:.2000}", done.said);
    }
    if std::env::var_os("DEALWIRE_TIMES").is_some() {
        println!("{what}: {:?} {:?}", done.code, done.took);
    }
}

#[test]
fn bombs_in_front_matter() {
    let at = "content/articles/bomb.md";
    let extra = |yaml: &str| article(&format!("extra:\n{yaml}"), "Text.");
    survives("257 KB", at, extra(&format!("  a: \"{}\"", "x".repeat(257 * 1024))), Some("E0112"));
    survives("255 KB", at, extra(&format!("  a: \"{}\"", "x".repeat(200 * 1024))), None);
    survives("257 KB of lines", at, extra(&"  a: x\n".repeat(40_000)), Some("E0112"));
    survives("no end", at, format!("---\ntitle: {}", "x\n".repeat(200_000)), Some("E011"));
    survives("65 flow lists", at, extra(&format!("  a: {}{}", "[".repeat(65), "]".repeat(65))), Some("E0112"));
    survives("100,000 flow lists", at, extra(&format!("  a: {}", "[".repeat(100_000))), Some("E011"));
    survives("100,000 flow maps", at, extra(&format!("  a: {}", "{a: ".repeat(60_000))), Some("E011"));
    survives(
        "block maps",
        at,
        extra(&(1..400).map(|i| format!("{}a:\n", " ".repeat(i + 1))).collect::<String>()),
        Some("E0112"),
    );
    survives("block lists", at, extra(&format!("  a:\n    {}x", "- ".repeat(100_000))), Some("E011"));
    let laughs: String =
        (1..10).map(|i| format!("  a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 9].join(", "))).collect();
    survives("a billion laughs", at, extra(&format!("  a0: &a0 [lol]\n{laughs}")), Some("E0111"));
    survives("merge keys", at, extra("  a: &a {b: c}\n  d: {<<: *a}"), Some("E0111"));
    survives("tags", at, extra("  a: !!python/object/apply:os.system [x]"), Some("E0111"));
    survives("100,000 keys", at, extra(&(0..20_000).map(|i| format!("  k{i}: 1\n")).collect::<String>()), None);
    survives("a large number", at, article(&format!("extra: {{a: {}}}", "9".repeat(100_000)), "Text."), None);
    survives("an exponent", at, article("extra: {a: 1e999999999}", "Text."), None);
    let toml = |t: &str| format!("+++\ntitle = \"T\"\ndescription = \"D.\"\ndate = 2024-04-01\n{t}\n+++\n\nText.\n");
    survives("TOML lists", at, toml(&format!("extra.a = {}", "[".repeat(100_000))), Some("E011"));
    survives("TOML keys", at, toml(&format!("extra.{}a = 1", "a.".repeat(50_000))), Some("E011"));
    survives("TOML tables", at, toml(&format!("[extra.{}a]", "a.".repeat(70))), Some("E0112"));
    survives("TOML lists over lines", at, toml(&format!("extra.a = {}", "[\n".repeat(80_000))), Some("E011"));
    survives(
        "50,000 tags",
        at,
        article("", "Text.").replace("[patents]", &format!("[{}]", "patents, ".repeat(20_000))),
        None,
    );
}

#[test]
fn bombs_by_size() {
    let at = "content/articles/bomb.md";
    survives("10 MB and a byte", at, article("", &"Word after word. ".repeat(620_000)), Some("E0112"));
    survives("nine megabytes of letters", at, article("", &"*a*\n".repeat(2_300_000)), Some("E0112"));
    survives("a megabyte of marks", at, article("", &"*a*\n".repeat(333_000)), Some("E0112"));
    if std::env::var_os("DEALWIRE_LONG").is_some() {
        let line = "Word after word, and what they mean is nothing but themselves, again and again.\n";
        survives("nine megabytes", at, article("", &format!("{}\n", line.repeat(5)).repeat(23_000)), None);
    }
    survives("a megabyte", at, article("", &"Word after word.\n\n".repeat(55_000)), None);
    let header = |width: u32, height: u32| {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend(width.to_be_bytes());
        png.extend(height.to_be_bytes());
        png.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
        png
    };
    let whole = |colour, depth, row: usize| {
        let mut png = Vec::new();
        let mut encoder = png::Encoder::new(&mut png, 8000, 8000);
        encoder.set_color(colour);
        encoder.set_depth(depth);
        let mut writer = encoder.write_header().expect("a PNG");
        writer.write_image_data(&vec![0; row * 8000]).expect("its pixels");
        writer.finish().expect("its end");
        png
    };
    let images = [
        ("8000 x 8000", whole(png::ColorType::Grayscale, png::BitDepth::One, 1000), None),
        ("8000 x 8000, and clear", whole(png::ColorType::Rgba, png::BitDepth::Eight, 8000 * 4), None),
        ("8001 x 8000", header(8001, 8000), Some("E0112")),
        ("4294967295 x 4294967295", header(u32::MAX, u32::MAX), Some("E0112")),
        ("the head of 8000 x 8000", header(8000, 8000), Some("E0819")),
        ("0 x 5", header(0, 5), Some("E0819")),
    ];
    for (what, bytes, code) in images {
        let site = Site::new();
        site.write("content/articles/big.png", bytes);
        site.write("content/articles/x.md", article("", "![An image](big.png)"));
        let done = site.build();
        assert_eq!(done.code == Some(0), code.is_none(), "{what}: {}", done.said);
        if let Some(code) = code {
            assert!(done.said.contains(code) && done.said.contains("big.png"), "{what}: {}", done.said);
        }
    }
    // A hole of 600 MB takes no room on the disk.
    for (path, code) in
        [("content/articles/hole.md", "E0112"), ("content/articles/hole.bin", "E0112"), ("static/hole", "E0112")]
    {
        let site = Site::new();
        let hole = fs::File::create({
            fs::create_dir_all(site.at(path).parent().expect("a folder")).expect("a folder");
            site.at(path)
        });
        hole.expect("a file").set_len(600 * 1024 * 1024).expect("a hole");
        site.refuses(code, &[path]);
    }
    let site = Site::new();
    let hole = fs::File::create(site.at("content/articles/hole.md")).expect("a file");
    hole.set_len(500 * 1024 * 1024).expect("a hole");
    site.refuses("E0112", &["content/articles/hole.md"]);
}

#[test]
fn bombs_in_templates() {
    for (template, word) in [
        ("{% include \"page.html\" %}", "page.html"),
        ("{% extends \"page.html\" %}", "page.html"),
        ("{% component again() %}{{ <again/> }}{% endcomponent again %}{{ <again/> }}", "recursion"),
        ("{% for i in range(end=1000000000) %}x{% endfor %}", "page.html"),
    ] {
        let site = Site::new();
        site.write("templates/page.html", template);
        let done = site.build();
        assert_eq!(done.code, Some(1), "{template}: {}", done.said);
        assert!(done.said.contains("E1101") && done.said.contains(word), "{template}: {}", done.said);
        assert!(done.took < PATIENCE, "{template}: {:?}", done.took);
    }
    let site = Site::new();
    site.write("templates/page.html", "{% include \"a.html\" %}");
    site.write("templates/a.html", "{% include \"b.html\" %}");
    site.write("templates/b.html", "{% include \"a.html\" %}");
    site.refuses("E1101", &["a.html"]);
}

/// Texts that have made some reader of Markdown slow, or deep.
fn markdown_bombs(size: usize) -> Vec<(&'static str, String)> {
    let fill = |s: &str| s.repeat(size / s.len());
    let root = size.isqrt();
    vec![
        ("emphasis that never closes", fill("*a **a ")),
        ("emphasis of both kinds", fill("*a_ ")),
        ("stars", fill("*")),
        ("stars on both sides", format!("{0}a{0}", fill("*"))),
        ("brackets", fill("[")),
        ("brackets that close", format!("{}a{}", fill("["), fill("]"))),
        ("links in links", fill("[a](")),
        ("links in links, with names", fill("[a](b")),
        ("images in images", format!("{}a{}", "![".repeat(size / 6), "](b)".repeat(size / 6))),
        ("images", fill("![[")),
        ("destinations in angles", fill("[](<")),
        ("destinations in brackets", fill("[a]((")),
        ("titles", fill("[a](b \"")),
        ("less-than", fill("<")),
        ("comments", fill("<!--")),
        ("instructions", fill("<?")),
        ("CDATA", fill("<![CDATA[")),
        ("declarations", fill("<!A ")),
        ("attributes", fill("<a b=c ")),
        ("attribute values", fill("<a href=\"")),
        ("quotations", format!("{}a", fill(">"))),
        ("quotations and lazy lines", format!("{}a\n{}", "> ".repeat(size / 4), "a\n".repeat(size / 4))),
        ("ninety quotations and lazy lines", format!("{}a\n{}", "> ".repeat(90), fill("a\n"))),
        ("quotations that grow", (0..root).map(|i| format!("{}a\n", ">".repeat(i))).collect()),
        ("lists in lists", format!("{}a", fill("- "))),
        ("lists that grow", (0..root).map(|i| format!("{}- a\n", "  ".repeat(i))).collect()),
        ("lists in quotations", format!("{}a", fill("> - "))),
        ("empty items", fill("-\n")),
        ("items apart", fill("- a\n\n\n")),
        ("backticks", (0..root).map(|i| format!("a{}", "`".repeat(i))).collect()),
        ("definitions of links", (0..size / 10).map(|i| format!("[{i}]: x\n")).collect()),
        ("one definition, many links", format!("{}\n\n[a]: {}\n", fill("[a] "), "x".repeat(size))),
        ("definitions without an end", fill("[a]: <")),
        ("notes", (0..size / 12).map(|i| format!("[^{i}]: x\n\n")).collect()),
        ("one note, many times", format!("{}\n\n[^1]: a\n", fill("[^1] "))),
        (
            "notes of notes",
            format!("[^0]\n\n{}", (0..size / 20).map(|i| format!("[^{i}]: [^{}]\n\n", i + 1)).collect::<String>()),
        ),
        ("notes in notes", fill("[^1]: ")),
        ("a note of itself", format!("[^1]\n\n[^1]: {}", fill("[^1]"))),
        ("columns", format!("{}\n{}\n{}\n", "a|".repeat(size / 4), "-|".repeat(size / 4), "a|".repeat(size / 4))),
        (
            "short rows of a wide table",
            format!("{}\n{}\n{}", "a|".repeat(size / 8), "-|".repeat(size / 8), "a\n".repeat(size / 4)),
        ),
        ("tables", fill("|x\n|-\n\n")),
        ("strikethrough", fill("~a ~~a ")),
        ("definition lists", fill("a\n: b\n")),
        ("definitions in definitions", format!("a\n{}b", fill(": "))),
        ("headings of one name", fill("# a\n")),
        ("heading attributes", format!("# a {}", fill("{#a "))),
        ("alerts", fill("> [!NOTE]\n> ")),
        ("quotes", fill("'\"")),
        ("Chinese emphasis", format!("**{}", fill("，**年"))),
        ("Chinese emphasis beside brackets", fill(")**年")),
        ("raw elements that never end", fill("<div>\n\n")),
        ("raw elements in one another", fill("<b>")),
        ("raw elements crossed", fill("<b></p>")),
        ("raw elements adopted", fill("<b><p></b>")),
        ("raw tables", fill("<table><b>")),
        ("raw lists", fill("<ul><li>")),
        ("raw attributes", format!("<b {}>", fill("a=b "))),
        ("fragments", fill("[a](#a) ")),
        ("fragments elsewhere", fill("[a](../companies/sample-ag.md#a) ")),
        ("dead links", fill("[a](x.md) ")),
        ("dead images", fill("![a](x.png) ")),
        ("names", fill("Example Oyj and Sample AG. ")),
        ("sums", fill("Example Oyj pays Sample AG EUR 100m. ")),
        ("one word", fill("a")),
        ("one line", fill("a ")),
        ("blanks", format!("{}a", fill("\t"))),
        ("backslashes", fill("\\")),
        ("entities", fill("&amp;&#1;&#x10ffff;")),
    ]
}

#[test]
fn bombs_in_markdown() {
    let bombs = markdown_bombs(if std::env::var_os("DEALWIRE_LONG").is_some() { 100_000 } else { 20_000 });
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| {
                while let Some((what, text)) = bombs.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    let text = article("", text).replace("autolink: false\n", "");
                    survives(what, "content/articles/bomb.md", text, None);
                }
            });
        }
    });
}

#[test]
fn nesting_that_is_refused_is_named_with_its_line() {
    for (text, word) in [
        (format!("{}a", "> ".repeat(101)), "quotations and lists"),
        (format!("{}a", "- ".repeat(5000)), "quotations and lists"),
        ("<div>".repeat(101), "raw HTML"),
    ] {
        let site = Site::new();
        site.write("content/articles/deep.md", article("", &text));
        site.refuses("E0112", &["content/articles/deep.md", word]);
    }
}

// B5: files that are none

#[test]
fn files_that_are_not_what_they_seem() {
    let fifo = |path: PathBuf| {
        assert!(Command::new("mkfifo").arg(path).status().is_ok_and(|s| s.success()), "mkfifo");
    };
    for path in
        ["content/articles/pipe.md", "content/articles/pipe.png", "content/pipe", "static/pipe", "templates/pipe.html"]
    {
        let site = Site::new();
        fs::create_dir_all(site.at(path).parent().expect("a folder")).expect("a folder");
        fifo(site.at(path));
        site.refuses("E1204", &[path, "no ordinary file"]);
        assert!(site.run(&["check"]).code == Some(4));
    }
    let site = Site::new();
    let _socket = std::os::unix::net::UnixListener::bind(site.at("content/articles/s.md")).expect("a socket");
    site.refuses("E1204", &["content/articles/s.md"]);
    // The settings, too.
    let site = Site::new();
    fs::remove_file(site.at("site.toml")).expect("removed");
    fifo(site.at("site.toml"));
    assert!(matches!(site.build().code, Some(1..=4)));
    for (path, bytes) in [
        ("content/articles/latin.md", &b"---\ntitle: Caf\xe9\n---\n"[..]),
        ("content/articles/wide.md", b"\xff\xfe-\0-\0-\0"),
        ("content/articles/half.md", b"---\ntitle: A\n---\n\n\xe4\xb8"),
        ("templates/page.html", b"\xc3\x28"),
        ("site.toml", b"title = \"\xe9\""),
    ] {
        let site = Site::new();
        site.write(path, bytes);
        site.refuses("E0114", &[path]);
    }
    // A name that is not UTF-8.
    let site = Site::new();
    let name: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"x\xff.md");
    if fs::write(site.at("content/articles").join(name), "x").is_ok() {
        site.refuses("E1204", &["content/articles/x", "not UTF-8"]);
    }
    // A folder that is called like an article is a folder; what lies in it is read.
    let site = Site::new();
    site.write("content/articles/x.md/inner.md", article("", "Text of the inner one."));
    let done = site.build();
    assert_eq!(done.code, Some(0), "{}", done.said);
    assert!(site.output().keys().any(|path| path.contains("/inner/")));
    for text in [
        "",
        "---",
        "---\n---",
        "---\n---\n",
        "\u{feff}",
        "\n\n---\n",
        "+++\n+++\n",
        "---\nnull\n---\n",
        "---\n- a\n---\n",
    ] {
        let site = Site::new();
        site.write("content/articles/x.md", text);
        site.refuses("E01", &["content/articles/x.md"]);
    }
}
