//! Hostile paths: whatever is asked for, no byte comes from any file that the site does not publish.

use super::server::{Answer, NOW, Server, Site, url_of};
use super::sites::{Rng, runs, seed};
use std::fs;

/// Words that stand in files which nobody may see, each in one.
fn plant(site: &Site) -> Vec<(String, String)> {
    let mut marks = Vec::new();
    let mut mark = |path: &str| {
        let word = format!("qx{:04}secretmark", marks.len());
        marks.push((path.to_owned(), word.clone()));
        word
    };
    let word = mark("site.toml");
    site.write("site.toml", format!("# {word}\n{}", site.read("site.toml")));
    for path in ["templates/article.html", "templates/base.html", "templates/components.html"] {
        let word = mark(path);
        site.write(path, format!("{}\n{{# {word} #}}\n", site.read(path)));
    }
    let path = "content/articles/2017/nokia-china-push.md";
    let word = mark(path);
    site.edit(path, "\ndate", &format!("\n# {word}\ndate"));
    for path in [
        ".env",
        ".git/config",
        "notes.txt",
        "public/index.html",
        "Cargo.toml",
        "content/articles/2017/unused.png",
        "content/articles/2017/notes.txt",
        "content/articles/.hidden.md",
        "content/.git/HEAD",
        "static/.hidden",
        "static/root/.gitignore",
    ] {
        let word = mark(path);
        site.write(path, word);
    }
    for path in ["beside.txt", "site.toml", "site-secret"] {
        let word = mark(&format!("../{path}"));
        fs::write(site.beside(path), word).expect("a file");
    }
    marks
}

const FRAGMENTS: [&str; 64] = [
    "..",
    ".",
    "/",
    "//",
    "\\",
    "%2e",
    "%2E%2e",
    "%2f",
    "%5c",
    "%00",
    "%0a",
    "%0d%0aX-Injected:%20yes",
    "%c0%ae",
    "%c0%af",
    "%e0%80%ae",
    "%f0%80%80%af",
    "%ed%a0%80",
    "%ff%fe",
    "%25",
    "%252e%252e",
    "%252f",
    "%u002e",
    "%",
    "%2",
    "%zz",
    ";",
    ";x=1",
    "?",
    "#",
    "&",
    "=",
    "+",
    "*",
    "~",
    "$",
    "|",
    "<script>",
    "'",
    "\"",
    ":",
    "@",
    "C:",
    "etc/passwd",
    "/etc/shadow",
    "proc/self/environ",
    "dev/zero",
    "site.toml",
    "content",
    "articles/2017/nokia-china-push.md",
    "templates/base.html",
    "static",
    "root",
    "style.css",
    "index.html",
    "about",
    "2017",
    "-dealwire",
    "client.js",
    "events?page=",
    ".well-known",
    "http://127.0.0.1/",
    "file:///etc/passwd",
    "beside.txt",
    "\u{202e}\u{feff}",
];

/// A path as somebody would try it who wants what is not his.
fn hostile(rng: &mut Rng, planted: &[(String, String)]) -> Vec<u8> {
    let mut path = String::from("/");
    match rng.below(4) {
        // The way to a file that is there, written in some way.
        0 => {
            let up =
                ["", "../", "..%2f", "%2e%2e/", "..\\", "....//", "./", "about/../", "static/../", "%c0%ae%c0%ae/"];
            for _ in 0..rng.below(4) {
                path += rng.pick(&up);
            }
            let file = rng.pick(planted).0;
            for c in file.chars() {
                match rng.below(12) {
                    0 => path.extend([format!("%{:02x}", u32::from(c))]),
                    1 if c == '/' => path += "//",
                    _ => path.push(c),
                }
            }
            path += rng.pick(&["", "/", "%00", "%00.html", "?", ";", ".", "~", "%20", "/index.html", "/."]);
        }
        1 if rng.chance(20) => {
            for _ in 0..200 + rng.below(3000) {
                path += rng.pick(&["../", "a/", "%2e%2e%2f", "very-long-", "%e5%b0%8f"]);
            }
        }
        _ => {
            for _ in 0..=rng.below(9) {
                path += rng.pick(&FRAGMENTS);
            }
        }
    }
    let mut bytes = path.into_bytes();
    if rng.chance(10) {
        // Bytes that no path has.
        let at = 1 + rng.below(bytes.len());
        bytes.insert(at, rng.pick(&[0, 1, 9, 11, 127, 128, 0xc0, 0xff, b'\r']));
    }
    if rng.chance(3) {
        bytes.remove(0);
    }
    bytes
}

/// No answer is one of a server that broke, or speaks of what was planted.
#[track_caller]
fn is_harmless(answer: &Answer, marks: &[(String, String)], what: &[u8]) {
    let what = String::from_utf8_lossy(what);
    assert!(answer.status < 500, "{what}: {answer:?}");
    let text = answer.text();
    for (file, word) in marks {
        assert!(!text.contains(word.as_str()), "{what} is answered with {file}: {text}");
    }
    assert!(!text.contains("root:x:0") && !text.contains("PATH="), "{what}: {text}");
    assert_eq!(answer.header("x-injected"), None, "{what}: {answer:?}");
    if let Some(to) = answer.header("location") {
        assert!(to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\"), "{what} leads to {to}");
    }
}

fn attack(server: &mut Server, rng: &mut Rng, marks: &[(String, String)], times: u64) {
    let (mut answered, mut found) = (0, 0);
    for _ in 0..times {
        let path = hostile(rng, marks);
        let mut request = [b"GET ".as_slice(), &path].concat();
        request.extend(format!(" HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", server.port).bytes());
        // Nobody waits for what a stream of events has to say.
        if path.starts_with(b"/-dealwire/events") {
            continue;
        }
        // What is no HTTP may be left without an answer.
        if let Ok(answer) = server.send(&request) {
            is_harmless(&answer, marks, &path);
            answered += 1;
            found += u64::from(answer.status == 200);
        }
    }
    assert!(answered > times * 8 / 10, "{answered} of {times} were answered");
    assert!(found < times / 4, "{found} of {times} were found: these paths are too friendly");
    server.lives();
}

#[test]
fn hostile_paths_lead_nowhere() {
    let site = Site::sample();
    let marks = plant(&site);
    let mut rng = Rng::new(seed());
    let mut server = site.serve(&["--as-of", NOW]);
    attack(&mut server, &mut rng, &marks, runs(2_000).max(2_000));
    // The site itself, and all that the preview tells its own pages, speaks of none of them either.
    for (path, _) in site.build(&["--as-of", NOW, "--drafts"]) {
        is_harmless(&server.get(&url_of(&path)), &marks, path.as_bytes());
    }
    for path in ["/", "/2017/07/nokia-china-push/", "/../site.toml", "//etc/passwd", "/%zz"] {
        let said = server.tab(path).state.to_string();
        assert!(!marks.iter().any(|m| said.contains(&m.1)), "{path}: {said}");
    }
}

#[test]
fn hostile_paths_lead_nowhere_below_a_base_path() {
    let site = Site::sample();
    let marks = plant(&site);
    let mut rng = Rng::new(seed());
    let mut server = site.serve(&["--as-of", NOW, "--base-url", "https://example.com/news"]);
    attack(&mut server, &mut rng, &marks, 500);
    for path in
        ["/news/../site.toml", "/news%2f..%2fsite.toml", "/newsite.toml", "/news", "//news/", "/news//", "/NEWS/"]
    {
        is_harmless(&server.get(path), &marks, path.as_bytes());
    }
}

#[test]
fn links_out_of_the_site_are_not_followed() {
    let site = Site::sample();
    fs::write(site.beside("outside.md"), "---\ntitle: qxoutside\ndescription: a\ndate: 2024-01-01\n---\nqxoutside\n")
        .expect("a file");
    fs::create_dir(site.beside("folder")).expect("a folder");
    fs::write(site.beside("folder/a.md"), "---\ntitle: qxoutside\ndescription: a\n---\nqxoutside\n").expect("a file");
    let mut server = site.serve(&["--as-of", NOW, "--drafts"]);
    let mut tab = server.tab("/");
    let link = |to: &str, at: &str| std::os::unix::fs::symlink(site.beside(to), site.at(at)).expect("a link");
    link("outside.md", "content/articles/outside.md");
    link("folder", "content/pages/folder");
    link("outside.md", "static/outside.txt");
    link("outside.md", "templates/article2.html");
    for file in ["content/articles/outside.md", "content/pages/folder", "static/outside.txt"] {
        tab.until(&format!("{file} is a finding"), |s| {
            s["findings"].as_array().is_some_and(|all| all.iter().any(|f| f["file"] == file && f["code"] == "E1206"))
        });
    }
    for path in ["/", "/2024/01/outside/", "/folder/a/", "/a/", "/outside.txt", "/static/outside.txt", "/feed.xml"] {
        assert!(!server.get(path).text().contains("qxoutside"), "{path}");
    }
    assert!(!server.tab("/2024/01/outside/").state.to_string().contains("qxoutside"));
    // A file that was good becomes a link: it is as if it were gone or as it was, never what the link leads to.
    let good = "content/pages/about.md";
    fs::remove_file(site.at(good)).expect("removed");
    link("outside.md", good);
    tab.until("the page is a link", |s| s.to_string().contains(good));
    let answer = server.get("/about/");
    assert!(answer.status < 500 && !answer.text().contains("qxoutside"), "{answer:?}");
    fs::remove_file(site.at(good)).expect("removed");
    for at in ["content/articles/outside.md", "content/pages/folder", "static/outside.txt", "templates/article2.html"] {
        fs::remove_file(site.at(at)).expect("removed");
    }
    tab.until("no link is left", |s| !s.to_string().contains("E1206"));
    server.lives();
}
