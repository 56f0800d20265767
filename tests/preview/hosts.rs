//! What a static host does, the preview does too: every file of a build, types, validators, ranges, redirects.

use super::server::{Answer, NOW, Server, Site, until, url_of};
use std::collections::BTreeMap;

/// A site with things of every standing, images, old addresses, and files under their own names.
fn rich() -> Site {
    let site = Site::sample();
    site.article("held-back", "Held back", "embargo: 2027-01-01T12:00:00+02:00\n");
    site.article("of-tomorrow", "Of tomorrow", "date: 2028-02-03\n");
    site.article("of-yesterday", "Of yesterday", "expires: 2025-01-01T12:00:00+02:00\n");
    site.article(
        "unfinished",
        "Unfinished <b>&amp;</b>",
        "draft: true\nimage: {src: shot.png, alt: A shot, credit: The desk}\n",
    );
    site.article("moved", "Moved here", "aliases: [/old/place/, /2016/旧/]\nslug: moved-here\n");
    let image = std::fs::read(site.at("static/logo.png")).expect("an image");
    site.write("content/articles/shot.png", image);
    site.write("static/root/.well-known/security.txt", "Contact: mailto:desk@example.com\n");
    site.write("static/root/a folder/números.json", "{\"a\": 1}\n");
    site.write("static/root/plain", "plain\n");
    site
}

/// Every file of a build is what is served, less the scripts.
#[track_caller]
fn serves(server: &Server, base: &str, built: &BTreeMap<String, Vec<u8>>, query: &str) {
    let mut wire = server.wire();
    let mut pages = 0;
    for (file, bytes) in built {
        let url = format!("{base}{}{query}", url_of(file));
        let answer = wire.get(&url).unwrap_or_else(|e| panic!("{url}: {e}"));
        assert_eq!(answer.status, 200, "{url}: {}", answer.text());
        let kind = answer.header("content-type").expect("a type");
        let is_page = kind == "text/html; charset=utf-8";
        pages += usize::from(is_page);
        assert_eq!(is_page, answer.body != answer.bare(), "{url} is {kind}");
        if answer.bare() != *bytes {
            let (a, b) =
                (String::from_utf8_lossy(bytes).into_owned(), String::from_utf8_lossy(&answer.bare()).into_owned());
            let first = a.lines().zip(b.lines()).find(|(a, b)| a != b);
            panic!("{url} is not as it is built: {first:#?} ({} and {} bytes)", a.len(), b.len());
        }
    }
    assert!(pages > 40, "{pages} pages");
}

#[test]
fn every_file_of_a_build_is_what_is_served() {
    let site = rich();
    let at = ["--as-of", NOW];
    let (drafts, public) = (site.build(&["--as-of", NOW, "--drafts"]), site.build(&at));
    assert!(drafts.len() > public.len() + 3, "{} and {}", drafts.len(), public.len());
    let server = site.serve(&at);
    serves(&server, "", &drafts, "");
    let server = site.serve(&["--as-of", NOW, "--as-public"]);
    serves(&server, "", &public, "");
    for file in drafts.keys().filter(|f| !public.contains_key(*f)) {
        assert_eq!(server.get(&url_of(file)).status, 404, "{file} is not for readers");
    }
    assert!(site.try_build(&["--as-of", NOW, "--strict"]).is_ok(), "nothing is wrong with the site");
}

#[test]
fn a_site_below_a_path_is_served_below_it() {
    let site = rich();
    let base = ["--as-of", NOW, "--base-url", "https://example.com/news/"];
    let built = site.build(&[&base[..], &["--drafts"]].concat());
    let server = site.serve(&base);
    assert!(server.url.ends_with("/news/"), "{}", server.url);
    serves(&server, "/news", &built, "");
    for (path, to) in [("/", "/news/"), ("/news", "/news/"), ("/news/about", "/news/about/"), ("/?a=b", "/news/?a=b")] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.header("location")), (301, Some(to)), "{path}");
    }
    for path in ["/about/", "/newsabout/", "/style.css", "/news//about/"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    assert_eq!(server.get("/-dealwire/client.js").status, 200, "the preview's own files are at the top");
}

#[test]
fn other_instants_are_those_of_a_build() {
    let site = rich();
    let server = site.serve(&[]);
    for (instant, query) in [
        ("2018-01-01", "?as-of=2018-01-01"),
        ("2024-06-01T12:00:00+02:00", "?as-of=2024-06-01T12:00:00%2B02:00"),
        ("2024-06-01T12:00:00+02:00", "?x=1&as-of=2024-06-01T12:00:00+02:00"),
        ("2029-01-01", "?as-of=2029-01-01"),
    ] {
        serves(&server, "", &site.build(&["--as-of", instant]), query);
    }
    assert_eq!(server.get("/2017/07/nokia-china-push/?as-of=2017-05-20").status, 404, "not yet");
    for bad in ["yesterday", "2017-13-01", "%ff", "2017-02-30", "9999999-01-01", "-1", "%00", "<b>"] {
        let answer = server.get(&format!("/?as-of={bad}"));
        assert!(matches!(answer.status, 200 | 400), "{bad}: {answer:?}");
        assert!(!answer.text().contains("<b>"), "{answer:?}");
    }
    let moved = server.get("/about?as-of=2024-01-01");
    assert_eq!(moved.header("location"), Some("/about/?as-of=2024-01-01"));
}

#[test]
fn types_and_redirects_are_those_of_a_host() {
    let site = rich();
    let server = site.serve(&["--as-of", NOW]);
    let built = site.build(&["--as-of", NOW, "--drafts"]);
    for file in built.keys() {
        let kind = match file.rsplit('/').next().unwrap_or_default().rsplit_once('.').map(|n| n.1) {
            Some("html") => "text/html; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("xml") if file.ends_with("feed.xml") => "application/atom+xml; charset=utf-8",
            Some("xml") => "application/xml; charset=utf-8",
            Some("json") if file.ends_with("feed.json") => "application/feed+json",
            Some("md") => "text/markdown; charset=utf-8",
            Some("csv") => "text/csv; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("opml") => "text/x-opml; charset=utf-8",
            Some("speculationrules") => "application/speculationrules+json",
            Some("webmanifest") => "application/manifest+json",
            Some("json") => "application/json; charset=utf-8",
            Some("txt") => "text/plain; charset=utf-8",
            Some("png") => "image/png",
            Some("webp") => "image/webp",
            Some("woff2") => "font/woff2",
            Some("ico") => "image/x-icon",
            Some("svg") => "image/svg+xml; charset=utf-8",
            None if file.starts_with('_') => "text/plain; charset=utf-8",
            None => "application/octet-stream",
            other => panic!("{file}: {other:?}"),
        };
        assert_eq!(server.get(&url_of(file)).header("content-type"), Some(kind), "{file}");
        // A folder without its slash, and a page by its file, lead to the page.
        let url = url_of(file);
        let Some(bare) = url.strip_suffix('/') else { continue };
        for other in [bare.to_owned(), format!("{url}index.html")].into_iter().filter(|o| !o.is_empty()) {
            let answer = server.get(&format!("{other}?a=b"));
            let to = answer.header("location").map(percent);
            assert_eq!((answer.status, to), (301, Some(percent(&format!("{url}?a=b")))), "{other}");
        }
    }
    // Old addresses are the pages that a build writes there, which lead on.
    for old in ["/old/place/", "/2016/%E6%97%A7/"] {
        let answer = server.get(old);
        assert!(answer.status == 200 && answer.text().contains("http-equiv=\"refresh\""), "{old}: {answer:?}");
    }
    let missing = built.get("404.html").expect("a page for what is not there");
    for path in ["/nothing/", "/nothing.png", "/about/x", "/About/", "/about//", "/style.css/", "/404", "/index"] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.header("content-type")), (404, Some("text/html; charset=utf-8")), "{path}");
        assert_eq!(answer.bare(), *missing, "{path} is answered with the site's own page");
    }
    assert_eq!(server.get("/-dealwire/nothing").status, 404);
    assert_eq!(server.get("/-dealwire/../site.toml").status, 404);
}

fn percent(url: &str) -> String {
    url.to_ascii_uppercase()
}

#[test]
fn what_a_browser_has_already_is_not_sent_again() {
    let site = Site::sample();
    let server = site.serve(&["--as-of", NOW]);
    let mut wire = server.wire();
    let style = style_of(&server);
    for path in ["/", "/about/", "/feed.xml", "/-dealwire/client.js", &style] {
        let first = wire.get(path).expect("an answer");
        let tag = first.header("etag").expect("a tag").to_owned();
        for (list, status) in [
            (tag.clone(), 304),
            (format!("\"other\", {tag}"), 304),
            (tag.replace("W/", ""), 304),
            ("*".to_owned(), 304),
            ("\"other\"".to_owned(), 200),
            ("W/\"\"".to_owned(), 200),
            ("\"".to_owned(), 200),
        ] {
            let answer = wire.request("GET", path, &format!("If-None-Match: {list}\r\n")).expect("an answer");
            assert_eq!(answer.status, status, "{path} {list}");
            if status == 304 {
                assert_eq!(answer.header("etag"), Some(tag.as_str()));
                assert_eq!(answer.header("cache-control"), Some("no-store"));
            }
        }
        let head = wire.request("HEAD", path, "").expect("an answer");
        let without_date = |a: &Answer| a.headers.iter().filter(|h| h.0 != "date").cloned().collect::<Vec<_>>();
        assert_eq!((head.status, without_date(&head)), (200, without_date(&first)), "HEAD {path}");
        assert_eq!(head.header("content-length"), Some(first.body.len().to_string().as_str()));
    }
    let (before, page) = (wire.get("/about/").expect("an answer"), "content/pages/about.md");
    site.edit(page, "\n\n", "\n\nAnother beginning. ");
    let after = super::server::until("the edit is served", || {
        let answer = server.get("/about/");
        answer.text().contains("Another beginning").then_some(answer)
    });
    assert_ne!(before.header("etag"), after.header("etag"));
    assert_eq!(server.get("/nothing/").header("location"), None);
    let missing = wire.request("GET", "/nothing/", "If-None-Match: *\r\nRange: bytes=0-3\r\n").expect("an answer");
    assert_eq!(missing.status, 404, "what is not there is never the same, nor a part");
}

/// The address of the site's style sheet.
fn style_of(server: &Server) -> String {
    let page = server.get("/").text();
    let end = page.find(".css").expect("a style sheet") + 4;
    let start = page[..end].rfind(['"', '=']).expect("an attribute") + 1;
    page[start..end].to_owned()
}

#[test]
fn parts_of_a_file_are_sent_as_asked() {
    let site = Site::sample();
    site.write("static/root/digits.txt", "0123456789");
    let server = site.serve(&["--as-of", NOW]);
    let mut wire = server.wire();
    let mut ask = |lines: &str| wire.request("GET", "/digits.txt", lines).expect("an answer");
    for (range, part, said) in [
        ("bytes=0-3", "0123", "bytes 0-3/10"),
        ("bytes=4-4", "4", "bytes 4-4/10"),
        ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=7-99", "789", "bytes 7-9/10"),
        ("bytes=-2", "89", "bytes 8-9/10"),
        ("bytes=-99", "0123456789", "bytes 0-9/10"),
        ("bytes=0-", "0123456789", "bytes 0-9/10"),
    ] {
        for more in ["", "Accept-Encoding: gzip\r\n"] {
            let answer = ask(&format!("Range: {range}\r\n{more}"));
            assert_eq!((answer.status, answer.text().as_str()), (206, part), "{range}");
            assert_eq!(answer.header("content-range"), Some(said), "{range}");
            assert_eq!(answer.header("content-encoding"), None, "{range}");
        }
    }
    for range in ["bytes=10-", "bytes=10-11", "bytes=99999999999999999-"] {
        let answer = ask(&format!("Range: {range}\r\n"));
        assert_eq!((answer.status, answer.header("content-range")), (416, Some("bytes */10")), "{range}");
    }
    // What is no range, or several, is answered with the whole.
    for range in ["bytes=0-1,4-5", "bytes=", "bytes=a-b", "lines=1-2", "bytes=3", "0-3", ""] {
        let answer = ask(&format!("Range: {range}\r\n"));
        assert_eq!((answer.status, answer.text().as_str()), (200, "0123456789"), "{range}");
        assert_eq!(answer.header("accept-ranges"), Some("bytes"));
    }
    for range in [
        "bytes=0-0,0-0,0-0,0-0",
        "bytes=5-3",
        "bytes=-0",
        "bytes=18446744073709551616-",
        "bytes=0-18446744073709551616",
    ] {
        let answer = ask(&format!("Range: {range}\r\n"));
        assert!(matches!(answer.status, 200 | 206 | 416), "{range}: {answer:?}");
    }
    let answer = ask("Range: bytes=0-3\r\nIf-Range: \"other\"\r\n");
    assert_eq!(answer.status, 200, "a part of another version is of no use");
}

#[test]
fn images_are_made_when_they_are_asked_for_and_others_when_they_change() {
    const IMAGE: &str = "content/articles/2017/illustrations/five-roads.png";
    let site = Site::sample();
    let server = site.serve(&["--as-of", NOW]);
    let shown = || {
        let page = server.get("/2017/07/nokia-china-push/").text();
        let (before, _) = page.split_once("/800.webp 800w")?;
        before.rsplit(['"', ' ']).next().map(|folder| format!("{folder}/800.webp"))
    };
    let first = shown().expect("an image in several widths");
    let old = server.get(&first);
    assert_eq!((old.status, old.header("content-type")), (200, Some("image/webp")));
    assert_eq!(server.get(&first.replace("/800.", "/801.")).status, 404, "a width that nobody names");
    let other = std::fs::read(site.at("content/articles/2017/illustrations/patents.png")).expect("an image");
    site.write(IMAGE, &other);
    let second = until("another image is shown", || shown().filter(|now| *now != first));
    let new = server.get(&second);
    assert!(new.status == 200 && new.body != old.body);
    assert_eq!(server.get(&first).status, 404, "the old one is gone");
    // What breaks off is told of, and nobody is sent there.
    site.write(IMAGE, &other[..other.len() / 2]);
    until("the image is not shown", || shown().is_none().then_some(()));
    assert_eq!(server.get(&second).status, 404);
    site.write(IMAGE, &other);
    until("the image is shown again", || shown().filter(|now| *now == second));
}

#[test]
fn texts_are_compressed_where_asked_and_images_never() {
    let site = Site::sample();
    let server = site.serve(&["--as-of", NOW]);
    let mut wire = server.wire();
    let style = style_of(&server);
    for path in ["/", "/about/", &style, "/feed.xml", "/-dealwire/client.js", "/nothing/"] {
        let plain = wire.get(path).expect("an answer");
        assert_eq!(plain.header("content-encoding"), None, "{path}");
        let packed = wire.request("GET", path, "Accept-Encoding: gzip, br\r\n").expect("an answer");
        assert_eq!(packed.status, plain.status);
        assert_eq!(packed.header("content-encoding"), Some("gzip"), "{path}");
        assert!(packed.header("vary").is_some_and(|v| v.eq_ignore_ascii_case("accept-encoding")), "{path}");
        assert!(packed.body.len() < plain.body.len() && packed.body.starts_with(&[0x1f, 0x8b]), "{path}");
        // The end of a gzip file: the check sum and the length of what is in it.
        let end: [u8; 8] = packed.body[packed.body.len() - 8..].try_into().expect("eight bytes");
        let length = u32::try_from(plain.body.len()).expect("small").to_le_bytes();
        assert_eq!([checksum(&plain.body).to_le_bytes(), length].concat(), end, "{path}");
        let none = wire.request("GET", path, "Accept-Encoding: gzip;q=0, identity\r\n").expect("an answer");
        assert_eq!((none.header("content-encoding"), &none.body), (None, &plain.body), "{path}");
        let head = wire.request("HEAD", path, "Accept-Encoding: gzip\r\n").expect("an answer");
        assert_eq!(head.status, packed.status, "{path}");
    }
    let page = server.get("/").text();
    let images: Vec<&str> = page.split('"').filter(|t| t.starts_with('/') && t.ends_with(".png")).collect();
    assert!(!images.is_empty(), "the home page shows an image");
    for path in images {
        let answer = wire.request("GET", path, "Accept-Encoding: gzip\r\n").expect("an answer");
        assert_eq!((answer.status, answer.header("content-encoding")), (200, None), "{path}");
    }
}

/// CRC-32 as in gzip.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, b| {
        (0..8).fold(sum ^ u32::from(*b), |s, _| if s & 1 == 1 { (s >> 1) ^ 0xedb8_8320 } else { s >> 1 })
    })
}
