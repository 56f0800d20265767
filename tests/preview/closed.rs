//! Closed to everybody else: hosts, origins, methods, tokens, and what every answer says to a browser.

use super::server::{Answer, NOW, Site, until};
use std::io::Write;
use std::net::TcpStream;

/// What a page of the site is known by.
const PAGE: &str = "The China Desk";

/// Every answer, a refusal too, says this.
#[track_caller]
fn has_manners(answer: &Answer, what: &str) {
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("x-robots-tag", "noindex"),
        ("cross-origin-resource-policy", "same-origin"),
        ("referrer-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{what}: {name}");
    }
    let policy = answer.header("content-security-policy").expect("a policy");
    for part in ["default-src 'self'", "object-src 'none'", "base-uri 'self'", "frame-ancestors 'none'"] {
        assert!(policy.split("; ").any(|p| p == part), "{what}: {policy}");
    }
    let loose = policy.split("; ").find(|p| p.contains("unsafe") && !p.starts_with("style-src-attr "));
    assert_eq!(loose, None, "{what}: {policy}");
    let open = answer.headers.iter().find(|h| h.0.starts_with("access-control-") || h.0 == "timing-allow-origin");
    assert_eq!(open, None, "{what} opens the preview to other sites");
}

/// A refusal says nothing of the site.
#[track_caller]
fn is_refused(answer: &Answer, statuses: &[u16], what: &str) {
    assert!(statuses.contains(&answer.status), "{what}: {answer:?}");
    assert!(answer.body.len() < 200 && !answer.text().contains("China"), "{what}: {}", answer.text());
    // What is no HTTP is refused before anybody looks at it.
    if answer.status != 400 || !answer.body.is_empty() {
        has_manners(answer, what);
    }
}

#[test]
fn only_the_names_of_this_machine_are_answered() {
    let site = Site::sample();
    let mut server = site.serve(&["--as-of", NOW]);
    let port = server.port;
    let own = [
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("LocalHost:{port}"),
        format!("[::1]:{port}"),
        format!("localhost.:{port}"),
        format!("127.8.8.8:{port}"),
        "127.0.0.1".to_owned(),
        "localhost".to_owned(),
    ];
    let foreign: Vec<String> = [
        "evil.test",
        "evil.test:PORT",
        "localhost.evil.test:PORT",
        "127.0.0.1.evil.test:PORT",
        "127.0.0.1.nip.io:PORT",
        "evil-localhost:PORT",
        "evillocalhost:PORT",
        "localhosts:PORT",
        "foo.localhost:PORT",
        "localhost.localdomain:PORT",
        "evil.test:PORT:127.0.0.1",
        "evil.test#127.0.0.1:PORT",
        "evil.test,127.0.0.1:PORT",
        "127.0.0.1:PORT,evil.test",
        "127.0.0.1 evil.test",
        "127.0.0.1:PORT/evil.test",
        "127.0.0.1@evil.test",
        "evil.test@127.0.0.1:PORT",
        "localhost:PORT@evil.test",
        "127.1:PORT",
        "2130706433:PORT",
        "0x7f000001:PORT",
        "0177.0.0.1:PORT",
        "0.0.0.0:PORT",
        "[::]:PORT",
        "[::ffff:127.0.0.1]:PORT",
        "[::1:PORT",
        "[::1].evil.test:PORT",
        "[fe80::1]:PORT",
        "192.168.0.1:PORT",
        "10.0.0.1:PORT",
        "169.254.169.254",
        "china-desk.example.com",
        "localhost:PORTx",
        "localhost:-1",
        "l\u{f6}calhost:PORT",
        "\u{ff4c}ocalhost:PORT",
        ":PORT",
        "",
        ".",
        "..",
    ]
    .iter()
    .map(|h| h.replace("PORT", &port.to_string()))
    .collect();
    for path in ["/", "/about/", "/style.css", "/nothing/", "/-dealwire/client.js", "/-dealwire/events?page=/"] {
        for host in &foreign {
            let what = format!("Host: {host} for {path}");
            let answer = server.ask(&format!("GET {path} HTTP/1.1"), &[format!("Host: {host}\r\n")]);
            is_refused(&answer, &[400, 421], &what);
        }
        if !path.contains("events") {
            for host in &own {
                let answer = server.ask(&format!("GET {path} HTTP/1.1"), &[format!("Host: {host}\r\n")]);
                assert_ne!(answer.status, 421, "Host: {host} for {path}: {answer:?}");
                has_manners(&answer, path);
            }
        }
        let (good, bad) = (format!("Host: 127.0.0.1:{port}\r\n"), "Host: evil.test\r\n".to_owned());
        let get = format!("GET {path} HTTP/1.1");
        for (what, hosts) in [
            ("no host", vec![]),
            ("two hosts", vec![good.clone(), bad.clone()]),
            ("two hosts, ours last", vec![bad.clone(), good.clone()]),
            ("twice ours", vec![good.clone(), good.clone()]),
        ] {
            is_refused(&server.ask(&get, &hosts), &[400, 421], what);
        }
        is_refused(&server.ask(&format!("GET {path} HTTP/1.0"), &[]), &[400, 421], "HTTP/1.0 without a host");
        for scheme in ["http", "https", "ftp"] {
            let foreign = format!("GET {scheme}://evil.test{path} HTTP/1.1");
            is_refused(&server.ask(&foreign, std::slice::from_ref(&good)), &[400, 421], &foreign);
            is_refused(&server.ask(&foreign, std::slice::from_ref(&bad)), &[400, 421], &foreign);
            let ours = format!("GET {scheme}://127.0.0.1:{port}{path} HTTP/1.1");
            is_refused(&server.ask(&ours, std::slice::from_ref(&bad)), &[400, 421], &ours);
        }
    }
    let whole = server.ask(
        &format!("GET http://127.0.0.1:{port}/about/ HTTP/1.1"),
        &[format!("Host: 127.0.0.1:{port}\r\n"), "X-Forwarded-Host: evil.test\r\n".to_owned()],
    );
    assert_eq!(whole.status, 200, "the absolute form of our own address");
    assert!(!whole.text().contains("evil.test"));
    server.lives();
}

#[test]
fn only_pages_of_the_preview_are_told_what_changes() {
    let site = Site::sample();
    let mut server = site.serve(&["--as-of", NOW]);
    let port = server.port;
    let ask = |host: &str, lines: &[&str]| {
        let mut all = vec![format!("Host: {host}\r\n")];
        all.extend(lines.iter().map(|l| format!("{}\r\n", l.replace("PORT", &port.to_string()))));
        let text = format!("GET /-dealwire/events?page=/ HTTP/1.1\r\n{}\r\n", all.concat());
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
        stream.write_all(text.as_bytes()).expect("a request");
        stream.set_read_timeout(Some(super::server::PATIENCE)).expect("a socket");
        let mut head = Vec::new();
        let mut bytes = [0; 512];
        while !String::from_utf8_lossy(&head).contains("\r\n\r\n") {
            let n = std::io::Read::read(&mut stream, &mut bytes).expect("an answer");
            assert!(n > 0, "{text} is not answered");
            head.extend_from_slice(&bytes[..n]);
        }
        String::from_utf8_lossy(&head).into_owned()
    };
    for (host, lines) in [
        ("127.0.0.1:PORT", vec![]),
        ("127.0.0.1:PORT", vec!["Origin: http://127.0.0.1:PORT"]),
        ("127.0.0.1:PORT", vec!["Sec-Fetch-Site: same-origin"]),
        ("localhost:PORT", vec!["Origin: http://localhost:PORT", "Sec-Fetch-Site: same-origin"]),
        ("[::1]:PORT", vec!["Origin: http://[::1]:PORT"]),
    ] {
        let head = ask(&host.replace("PORT", &port.to_string()), &lines);
        assert!(head.starts_with("HTTP/1.1 200 "), "{host} {lines:?}: {head}");
        assert!(!head.to_ascii_lowercase().contains("access-control-"), "{head}");
    }
    for lines in [
        vec!["Origin: http://evil.test"],
        vec!["Origin: https://127.0.0.1:PORT"],
        vec!["Origin: http://127.0.0.1"],
        vec!["Origin: http://127.0.0.1:1"],
        vec!["Origin: http://localhost:PORT"],
        vec!["Origin: http://127.0.0.1:PORT.evil.test"],
        vec!["Origin: http://127.0.0.1:PORT@evil.test"],
        vec!["Origin: http://127.0.0.1:PORT/"],
        vec!["Origin: http://127.0.0.1:PORT, http://evil.test"],
        vec!["Origin: null"],
        vec!["Origin: "],
        vec!["Origin: file://"],
        vec!["Origin: 127.0.0.1:PORT"],
        vec!["Origin: \u{fc}"],
        vec!["Sec-Fetch-Site: cross-site"],
        vec!["Sec-Fetch-Site: same-site"],
        vec!["Sec-Fetch-Site: none"],
        vec!["Sec-Fetch-Site: SAME-ORIGIN"],
        vec!["Sec-Fetch-Site: "],
        vec!["Origin: http://127.0.0.1:PORT", "Sec-Fetch-Site: cross-site"],
        vec!["Origin: http://evil.test", "Sec-Fetch-Site: same-origin"],
        vec!["Origin: http://127.0.0.1:PORT", "Origin: http://evil.test"],
        vec!["Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"],
    ] {
        let head = ask(&format!("127.0.0.1:{port}"), &lines);
        assert!(head.starts_with("HTTP/1.1 403 "), "{lines:?}: {head}");
    }
    server.lives();
}

#[test]
fn a_preview_is_only_read() {
    let site = Site::sample();
    let mut server = site.serve(&["--as-of", NOW]);
    let lines = [format!("Host: 127.0.0.1:{}\r\n", server.port)];
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "PURGE", "get", "GETT"] {
        for path in ["/", "/about/", "/-dealwire/events", "/nothing/", "*"] {
            let answer = server.ask(&format!("{method} {path} HTTP/1.1"), &lines);
            if answer.status == 405 {
                assert_eq!(answer.header("allow"), Some("GET, HEAD"), "{method} {path}");
            }
            is_refused(&answer, &[400, 405], &format!("{method} {path}"));
        }
    }
    is_refused(&server.ask("CONNECT evil.test:443 HTTP/1.1", &lines), &[400, 405], "CONNECT");
    let preflight = ["Origin: http://evil.test\r\n".to_owned(), "Access-Control-Request-Method: GET\r\n".to_owned()];
    is_refused(&server.ask("OPTIONS / HTTP/1.1", &[lines.to_vec(), preflight.to_vec()].concat()), &[405], "preflight");
    let upgrade =
        ["Upgrade: websocket\r\n", "Connection: Upgrade\r\n", "Sec-WebSocket-Version: 13\r\n"].map(str::to_owned);
    let answer = server.ask("GET / HTTP/1.1", &[lines.to_vec(), upgrade.to_vec()].concat());
    assert_eq!(answer.status, 200, "nothing is upgraded");
    // A body that comes with a question is not taken for the next one.
    let mut wire = server.wire();
    let smuggled = "GET /smuggled/ HTTP/1.1\r\nHost: evil.test\r\n\r\n";
    let body = format!("Content-Length: {}\r\n", smuggled.len());
    let text = format!("GET / HTTP/1.1\r\n{}{body}\r\n{smuggled}", lines[0]);
    assert_eq!(wire.send(text.as_bytes()).expect("an answer").status, 200);
    if let Ok(next) = wire.get("/about/") {
        assert_eq!(next.status, 200, "{next:?}");
    }
    server.lives();
}

#[test]
fn those_who_dawdle_or_talk_too_much_keep_nobody_out() {
    let site = Site::sample();
    let mut server = site.serve(&["--as-of", NOW]);
    let mut idle = Vec::new();
    for n in 0..300 {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("a connection");
        let begun = ["", "GET", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "][n % 4];
        stream.write_all(begun.as_bytes()).expect("written");
        idle.push(stream);
    }
    let tabs: Vec<_> = (0..40).map(|_| server.tab("/")).collect();
    assert_eq!(server.get("/").status, 200);
    let own = format!("Host: 127.0.0.1:{}\r\n", server.port);
    for (what, head) in [
        ("many headers", format!("GET / HTTP/1.1\r\n{own}{}\r\n", "X-A: b\r\n".repeat(3000))),
        ("one long header", format!("GET / HTTP/1.1\r\n{own}X-A: {}\r\n\r\n", "b".repeat(2_000_000))),
        ("no HTTP", "\x16\x03\x01\x02\0\x01\0\x01\u{fc}\x03\x03\r\n\r\n".to_owned()),
        ("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned()),
        ("another version", format!("GET / HTTP/9.9\r\n{own}\r\n")),
        ("no version", "GET /\r\n\r\n".to_owned()),
    ] {
        // The connection may be closed before everything is sent.
        if let Ok(answer) = server.send(head) {
            assert!((400..500).contains(&answer.status), "{what}: {answer:?}");
        }
    }
    drop((idle, tabs));
    assert_eq!(server.get("/about/").status, 200);
    server.lives();
}

#[test]
fn what_other_machines_reach_is_guarded_by_a_token() {
    let site = Site::sample();
    let mut server = site.serve(&["--as-of", NOW, "--host", "0.0.0.0"]);
    let (_, token) = server.url.split_once("/?token=").expect("the address carries a token");
    let token = token.to_owned();
    assert!(token.len() >= 32 && token.bytes().all(|b| b.is_ascii_hexdigit()), "{token}");
    until("the warning", || server.said().contains("warning: other machines can reach this preview").then_some(()));
    let host = format!("Host: 192.168.1.7:{}\r\n", server.port);
    let ask = |path: &str, cookie: &str| {
        let mut lines = vec![host.clone()];
        lines.extend((!cookie.is_empty()).then(|| format!("Cookie: {cookie}\r\n")));
        server.ask(&format!("GET {path} HTTP/1.1"), &lines)
    };
    let wrong = token.replace(&token[..1], if token.starts_with('0') { "1" } else { "0" });
    let (short, long, upper) = (&token[..31], format!("{token}0"), token.to_ascii_uppercase());
    for path in ["/", "/style.css", "/-dealwire/client.js", "/-dealwire/events?page=/", "/nothing/"] {
        is_refused(&ask(path, ""), &[403], path);
        for bad in ["", &wrong, short, &long, "%00"] {
            let query = if path.contains('?') { '&' } else { '?' };
            is_refused(&ask(&format!("{path}{query}token={bad}"), ""), &[403], bad);
            is_refused(&ask(path, &format!("dealwire-preview={bad}")), &[403], bad);
        }
        is_refused(&ask(path, &format!("other={token}")), &[403], path);
        is_refused(&ask(path, &format!("xdealwire-preview={token}")), &[403], path);
    }
    if upper != token {
        is_refused(&ask(&format!("/?token={upper}"), ""), &[403], "upper case");
    }
    let welcome = ask(&format!("/about/?a=1&token={token}&b=2"), "");
    assert_eq!((welcome.status, welcome.header("location")), (303, Some("/about/?a=1&b=2")));
    has_manners(&welcome, "the welcome");
    let cookie = welcome.header("set-cookie").expect("a cookie").to_owned();
    assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict"), "{cookie}");
    let (cookie, _) = cookie.split_once(';').expect("attributes");
    let page = ask("/about/?a=1", &format!("a=b; {cookie}; c=d"));
    assert_eq!(page.status, 200);
    assert!(page.text().contains(PAGE) && !page.text().contains(&token), "the page does not carry the token");
    // The welcome leads nowhere else.
    for path in ["//evil.test/", "//evil.test", "/\\evil.test", "///evil.test"] {
        let answer = ask(&format!("{path}?token={token}"), "");
        let to = answer.header("location").unwrap_or("/");
        assert!(!to.starts_with("//") && !to.starts_with("/\\"), "{path} leads to {to}");
    }
    // The token opens nothing under a foreign name.
    let foreign = [String::from("Host: evil.test\r\n"), format!("Cookie: {cookie}\r\n")];
    is_refused(&server.ask(&format!("GET /?token={token} HTTP/1.1"), &foreign), &[421], "a foreign name");
    let other = site.serve(&["--as-of", NOW, "--host", "0.0.0.0"]);
    assert!(!other.url.contains(&token), "each run has a token of its own");
    server.lives();
}
