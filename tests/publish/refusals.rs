//! What is refused or told of before anything is sent, and what happens at the right moment.

use crate::desk::{DONE, Desk, FINDINGS, IO, REFUSED, USAGE};
use crate::faults::Wire;
use crate::proxy::Trouble;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// A site with a folder as its target.
fn site() -> Desk {
    let desk = Desk::site();
    let text = desk.read("site.toml");
    desk.write("site.toml", format!("{text}\n[publish.here]\nto = \"file://{}\"\n", desk.top("www").display()));
    desk
}

#[test]
fn targets_that_cannot_be_are_findings_of_site_toml() {
    for (line, says) in [
        ("to = \"/srv/www\"", "is no place to publish to"),
        ("to = \"sftp://me:word@host/www\"", "holds a password"),
        ("to = \"webdav://token@host/www\"", "holds a password or a token"),
        ("to = \"s3://news\"\nendpoint = \"http://me:word@host\"", "is no address of a service"),
        ("to = \"s3://news\"\nkeep = 0", "0 editions cannot be kept"),
        ("to = \"s3://news\"\ncompress = \"beside\"", "this target cannot serve that"),
        ("to = \"file:///srv/www\"\ncompress = \"gzip\"", "this target cannot serve that"),
        ("to = \"az://news\"\nredirects = true", "this target cannot redirect"),
        ("to = \"s3://news\"\nregoin = \"x\"", "did you mean `region`?"),
        ("to = \"git+file:///x/y\"\nbranch = \"--force\"", "is no name of a branch"),
    ] {
        let desk = Desk::site();
        let text = desk.read("site.toml");
        desk.write("site.toml", format!("{text}\n[publish.here]\n{line}\n"));
        desk.type_in("check").has(FINDINGS).says(says).says("site.toml").keeps_quiet_about("word@");
    }
}

#[test]
fn a_target_has_to_be_named_where_there_are_several() {
    let desk = Desk::site();
    desk.type_in("publish").has(USAGE).says("E1309").says("[publish.production]");
    let desk = site();
    desk.type_in("publish hree").has(USAGE).says("E1309").says("did you mean `here`?");
    let text = desk.read("site.toml");
    desk.write("site.toml", format!("{text}\n[publish.there]\nto = \"file:///nowhere/www\"\n"));
    desk.type_in("publish").has(USAGE).says("here, there");
    desk.type_in("publish there").has(IO).says("E1304");
    desk.type_in("publish here").has(DONE);
}

#[test]
fn a_template_that_refers_to_nothing_keeps_the_site_from_being_published() {
    let desk = site();
    desk.type_in("publish").has(DONE);
    let before = desk.tree("../www/");
    desk.write(
        "templates/page.html",
        "{% extends \"base.html\" %}{% block main %}<img src=\"/logo.png\" alt=\"\">{% endblock main %}",
    );
    desk.type_in("build").has(DONE);
    desk.type_in("publish").has(FINDINGS).says("E1308").says("`/logo.png`").says("Nothing was published");
    assert_eq!(desk.tree("../www/"), before);
    desk.write("static/root/logo.png", b"\x89PNG\r\n\x1a\n");
    desk.type_in("publish").has(DONE);
}

#[test]
fn a_text_that_gives_away_what_is_hidden_keeps_the_site_from_being_published() {
    let desk = site();
    desk.article("merger-of-the-year", "Example Oyj & Sample AG are to merge", "draft: true\n");
    desk.type_in("publish").has(DONE);
    desk.article("careless", "A careless note", "");
    desk.edit(
        "content/articles/careless.md",
        "The text of",
        "Soon: \u{201c}Example Oyj & Sample AG are to merge\u{201d}. The text of",
    );
    desk.type_in("build").has(DONE);
    desk.type_in("publish").has(FINDINGS).says("E1310").says("content/articles/merger-of-the-year.md");
    desk.edit("content/articles/merger-of-the-year.md", "draft: true\n", "");
    desk.type_in("publish").has(DONE);
}

#[test]
fn an_edition_without_a_single_file_is_never_published() {
    let desk = site();
    desk.type_in("publish").has(DONE);
    std::fs::remove_dir_all(desk.at("content/articles")).expect("removed");
    desk.type_in("publish").has(REFUSED).says("E130");
}

#[test]
fn a_clock_that_is_wrong_is_refused() {
    let wire = Wire::new();
    wire.proxy.set(Box::new(|_, _| Trouble::OldClock), Box::new(|_, _| {}));
    wire.desk.type_in("publish").has(REFUSED).says("E1305").says("behind the one here");
    // What an answer to a read says is enough, for a dry run too; then nothing is written at all.
    wire.proxy.set(Box::new(|_, _| Trouble::OldDate), Box::new(|_, _| {}));
    wire.desk.type_in("publish --dry-run").has(REFUSED).says("E1305").says("behind the one here");
    wire.desk.type_in("publish").has(REFUSED).says("E1305");
    assert_eq!(wire.proxy.seen(|s| std::mem::take(&mut s.writes)), []);
    wire.finishes("with a clock that is right");
    wire.desk.type_in("publish --dry-run").has(DONE);
}

#[test]
fn what_arrives_changed_is_told_of() {
    let wire = Wire::new();
    wire.finishes("at first");
    wire.change(1);
    let is_page = |r: &crate::proxy::Request| r.method == "GET" && r.path.ends_with("index.html");
    wire.proxy
        .set(Box::new(move |r, _| if is_page(r) { Trouble::Corrupt } else { Trouble::None }), Box::new(|_, _| {}));
    wire.desk.type_in("publish").has(IO).says("E1306");
    wire.finishes("without what changes files");
}

#[test]
fn if_due_publishes_when_the_edition_was_to_change_and_not_before() {
    let desk = site();
    desk.article("later", "News of July", "");
    desk.edit("content/articles/later.md", "date: 2024-03-05", "date: 2026-07-01T09:00:00Z");
    desk.type_in("publish --as-of 2026-06-01T00:00:00Z").has(DONE).says("Next change: 2026-07-01T09:00:00");
    // What is written meanwhile does not count: nothing is due.
    desk.article("other", "Another story", "");
    let said = desk.type_in("publish --if-due --as-of 2026-06-15T00:00:00Z").has(DONE).says("Nothing is due");
    assert!(said.err.contains("2026-07-01"), "{}", said.err);
    assert!(!desk.tree("../www/").keys().any(|k| k.contains("other")));
    desk.type_in("publish --if-due --as-of 2026-07-01T09:00:00Z").has(DONE).says("is live at");
    assert!(desk.tree("../www/").keys().any(|k| k.contains("later")));
    // At a target where nothing is published yet, everything is due.
    std::fs::remove_file(desk.at("../www")).expect("removed");
    desk.type_in("publish --if-due --as-of 2026-07-01T09:00:00Z").has(DONE).says("is live at");
}

#[test]
fn wait_publishes_at_the_instant_and_ends_when_nothing_is_left() {
    let desk = site();
    desk.article("soon", "News of this second", "");
    // What is news leaves the news sitemap after two days, which is a change too.
    let settings = desk.read("site.toml");
    desk.write("site.toml", settings + "\n[outputs]\nnews = false\n");
    let at = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(4);
    desk.edit("content/articles/soon.md", "date: 2024-03-05", &format!("date: {}", at.strftime("%Y-%m-%dT%H:%M:%SZ")));
    let child = desk.command().args(["publish", "--wait"]).stderr(Stdio::piped()).spawn();
    let child = child.expect("the program starts");
    let start = Instant::now();
    while !desk.at("../www").exists() {
        assert!(start.elapsed() < Duration::from_secs(30), "nothing was published");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(!desk.tree("../www/").keys().any(|k| k.contains("soon")), "it is too early");
    let done = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success() && said.contains("Nothing will change by itself"), "{said}");
    assert!(desk.tree("../www/").keys().any(|k| k.contains("soon")), "{said}");
    desk.type_in("publish --wait --as-of 2026-01-01").has(USAGE);
}

/// Answers every request with a status, and remembers what was asked.
fn listener(status: u16) -> (u16, std::sync::mpsc::Receiver<String>) {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let (say, said) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (mut got, mut some) = (Vec::new(), [0; 4096]);
            let whole = |got: &[u8]| {
                let text = String::from_utf8_lossy(got).into_owned();
                let (head, body) = text.split_once("\r\n\r\n")?;
                let length =
                    head.lines().find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
                (body.len() >= length.unwrap_or(0)).then(|| text.clone())
            };
            let text = loop {
                match stream.read(&mut some) {
                    Ok(n) if n > 0 => got.extend(&some[..n]),
                    _ => break String::from_utf8_lossy(&got).into_owned(),
                }
                if let Some(text) = whole(&got) {
                    break text;
                }
            };
            let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes());
            let _ = say.send(text);
        }
    });
    (port, said)
}

fn with_notices(port: u16) -> Desk {
    let desk = site().with("CACHE_TOKEN", "s3cr3t");
    let text = desk.read("site.toml");
    desk.write(
        "site.toml",
        format!(
            "{text}\n[publish.here.notify]\nindexnow = \"0123456789abcdef\"\nindexnow_endpoint = \"http://127.0.0.1:{port}/now\"\n\
             websub = \"http://127.0.0.1:{port}/hub\"\n[publish.here.purge]\nurl = \"http://127.0.0.1:{port}/purge\"\n\
             headers = {{ Authorization = \"Bearer $CACHE_TOKEN\" }}\nbody = '{{\"files\": $URLS}}'\nbatch = 1000\n"
        ),
    );
    desk.write("static/root/0123456789abcdef.txt", "0123456789abcdef");
    desk
}

#[test]
fn search_engines_hubs_and_caches_are_told_what_has_changed() {
    let (port, said) = listener(200);
    let desk = with_notices(port);
    desk.type_in("publish").has(DONE).keeps_quiet_about("warning");
    while said.try_recv().is_ok() {}
    desk.article("told", "A story to tell of", "");
    desk.type_in("publish").has(DONE).keeps_quiet_about("warning").keeps_quiet_about("s3cr3t");
    let all: Vec<String> = said.try_iter().collect();
    let of = |path: &str| all.iter().filter(|r| r.starts_with(&format!("POST {path} "))).cloned().collect::<Vec<_>>();
    let (now, hub, purge) = (of("/now"), of("/hub"), of("/purge"));
    let address = "https://example.com/2024/03/told/";
    assert!(now.len() == 1 && now[0].contains(address) && now[0].contains("\"host\":\"example.com\""), "{now:?}");
    assert!(
        hub.iter().any(|r| r.contains("hub.mode=publish&hub.url=https%3A%2F%2Fexample%2Ecom%2Ffeed%2Exml")),
        "{hub:?}"
    );
    assert!(purge.len() == 1 && purge[0].contains(address) && purge[0].contains("Bearer s3cr3t"), "{purge:?}");
    assert!(!purge[0].contains("/assets/") && !purge[0].contains("/about/"), "only what has changed: {purge:?}");
    assert!(desk.read("../www/feed.xml").contains(&format!("rel=\"hub\" href=\"http://127.0.0.1:{port}/hub\"")));
    desk.type_in("publish").has(DONE);
    assert_eq!(said.try_iter().count(), 0, "nothing has changed, nobody is told");
}

#[test]
fn who_cannot_be_told_is_a_warning() {
    let (port, _said) = listener(500);
    let desk = with_notices(port);
    std::fs::remove_file(desk.at("static/root/0123456789abcdef.txt")).expect("removed");
    let said = desk.type_in("publish").has(DONE).says("is live at").keeps_quiet_about("s3cr3t");
    let said = said.says("warning: IndexNow was not told").says("0123456789abcdef.txt").says("the cache was not told");
    said.says("warning: the hub was not told").says("it answered 500");
}
