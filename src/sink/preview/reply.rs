//! Answers as HTTP has them: types, validators, ranges, and the script that keeps a tab up to date.

use super::{digest, is_page, manners};
use crate::diagnostic::Diagnostic;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use std::ops::RangeInclusive;

fn plain(status: StatusCode, kind: &str, bytes: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    if let Ok(kind) = HeaderValue::from_str(kind) {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    manners(&mut response);
    response
}

/// A refusal, in one line.
pub(super) fn refusal(status: StatusCode, why: &'static str) -> Response<Body> {
    refusal_owned(status, why)
}

/// A refusal whose words depend on the request.
pub(super) fn refusal_owned(status: StatusCode, why: &str) -> Response<Body> {
    let mut response = plain(status, "text/plain; charset=utf-8", format!("{why}\n").into_bytes());
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    response
}

/// To the same page, without the token, with the cookie.
pub(super) fn welcome(cookie: &str, to: &str) -> Response<Body> {
    let mut response = plain(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", Vec::new());
    for (name, value) in [(header::SET_COOKIE, cookie), (header::LOCATION, to)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// To another path, with the query.
pub(super) fn moved(to: &str, query: Option<&str>) -> Response<Body> {
    let to = query.map_or_else(|| to.to_owned(), |q| format!("{to}?{q}"));
    let mut response = plain(StatusCode::MOVED_PERMANENTLY, "text/plain; charset=utf-8", Vec::new());
    if let Ok(to) = HeaderValue::from_str(&to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

/// A page that says why a page cannot be printed; the preview's script brings the rest, and what replaces it.
pub(super) fn failed(headers: &HeaderMap, d: &Diagnostic) -> Response<Body> {
    file(headers, StatusCode::INTERNAL_SERVER_ERROR, "text/html; charset=utf-8", failure(d))
}

/// The page itself.
pub(super) fn failure(d: &Diagnostic) -> Vec<u8> {
    let safe = |t: &str| t.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let place = d.file.as_ref().map(|f| format!("<p><code>{}</code></p>\n", safe(f.path()))).unwrap_or_default();
    let help = if d.help.is_empty() { String::new() } else { format!("<p>{}</p>\n", safe(&d.help)) };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width\">\n<title>This page cannot be printed</title>\n</head>\n<body>\n<main>\n\
         <h1>This page cannot be printed</h1>\n<p><strong>{}</strong> {}</p>\n{place}{help}</main>\n</body>\n</html>\n",
        d.code,
        safe(&d.message),
    )
    .into_bytes()
}

/// A file of the preview itself.
pub(super) fn own(headers: &HeaderMap, kind: &str, bytes: &'static [u8]) -> Response<Body> {
    file(headers, StatusCode::OK, kind, bytes.to_vec())
}

/// A file of the site: whole, a part of it, or the word that it is the same as before.
pub(super) fn file(headers: &HeaderMap, status: StatusCode, kind: &str, mut bytes: Vec<u8>) -> Response<Body> {
    let digest = digest(&bytes);
    if is_page(kind) {
        add_script(&mut bytes, &digest);
    }
    // Weak: compressed and plain bytes share it.
    let tag = format!("W/\"{digest}\"");
    let text = |name: header::HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    let is_known =
        |list: &str| list.split(',').map(str::trim).any(|t| t == "*" || t.strip_prefix("W/").unwrap_or(t) == &tag[2..]);
    if status == StatusCode::OK && text(header::IF_NONE_MATCH).is_some_and(is_known) {
        return tagged(plain(StatusCode::NOT_MODIFIED, kind, Vec::new()), &tag);
    }
    // A weak tag is never good enough for `If-Range`: then the whole is sent.
    let range = text(header::RANGE).filter(|_| status == StatusCode::OK && !headers.contains_key(header::IF_RANGE));
    let total = bytes.len();
    match range.map(|r| part(r, total)) {
        Some(Part::Of(range)) => {
            let said = format!("bytes {}-{}/{total}", range.start(), range.end());
            let mut response = tagged(plain(StatusCode::PARTIAL_CONTENT, kind, bytes[range].to_vec()), &tag);
            if let Ok(said) = HeaderValue::from_str(&said) {
                response.headers_mut().insert(header::CONTENT_RANGE, said);
            }
            response
        }
        Some(Part::Beyond) => {
            let mut response = plain(StatusCode::RANGE_NOT_SATISFIABLE, "text/plain; charset=utf-8", Vec::new());
            if let Ok(said) = HeaderValue::from_str(&format!("bytes */{total}")) {
                response.headers_mut().insert(header::CONTENT_RANGE, said);
            }
            response
        }
        Some(Part::Whole) | None => {
            let mut response = tagged(plain(status, kind, bytes), &tag);
            response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
            response
        }
    }
}

enum Part {
    Of(RangeInclusive<usize>),
    Beyond,
    Whole,
}

/// The one part that is asked for; several at once are answered with the whole, as RFC 9110 allows.
fn part(range: &str, total: usize) -> Part {
    let Ok(parsed) = http_range_header::parse_range_header(range) else { return Part::Whole };
    match parsed.validate(total as u64).as_deref() {
        Ok([one]) => match (usize::try_from(*one.start()), usize::try_from(*one.end())) {
            (Ok(start), Ok(end)) => Part::Of(start..=end),
            _ => Part::Whole,
        },
        Ok(_) => Part::Whole,
        Err(_) => Part::Beyond,
    }
}

fn tagged(mut response: Response<Body>, tag: &str) -> Response<Body> {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Puts the preview's scripts at the end of a page: all in which it differs from what is built.
fn add_script(bytes: &mut Vec<u8>, digest: &str) {
    let script = format!(
        "<script src=\"/-dealwire/morph.js\" data-dealwire defer></script>\
         <script src=\"/-dealwire/client.js\" data-dealwire data-digest=\"{digest}\" defer></script>"
    );
    let end = memchr::memmem::rfind(bytes, b"</body>").unwrap_or(bytes.len());
    bytes.splice(end..end, script.into_bytes());
}
