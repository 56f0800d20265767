//! A path and a shelf -> what a static host would answer. Pure: no disk, no socket.

use crate::diagnostic::Diagnostic;
use crate::model::{Answer, Route, Shelf};
use crate::sink::media_type;

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A file of the site.
    File {
        /// Its bytes.
        bytes: Vec<u8>,
        /// The media type, with the character set of texts.
        kind: String,
        /// Whether it is what hosts answer where there is nothing.
        missing: bool,
        /// What was found while it was printed.
        findings: Vec<Diagnostic>,
    },
    /// It is elsewhere: an absolute path, percent-encoded.
    Moved(String),
    /// It cannot be printed.
    Failed(Diagnostic),
}

/// A path as it stands in a request; `None` for what can be no path of a site.
#[must_use]
pub fn decode(path: &str) -> Option<String> {
    let bytes = path.as_bytes();
    let broken = |i: usize| !matches!(bytes.get(i + 1..i + 3), Some(h) if h.iter().all(u8::is_ascii_hexdigit));
    if bytes.iter().enumerate().any(|(i, b)| *b == b'%' && broken(i)) {
        return None;
    }
    percent_encoding::percent_decode_str(path).decode_utf8().ok().map(Into::into)
}

/// The route below the path of the base address that a request means; `None` where it means nothing of this site.
#[must_use]
pub fn route(base_path: &str, path: &str) -> Option<Route> {
    Route::parse(decode(path)?.strip_prefix(base_path).filter(|p| p.starts_with('/'))?)
}

/// What a static host answers to a request for a path, as it stands in the request.
#[must_use]
pub fn respond(shelf: &dyn Shelf, base_path: &str, path: &str) -> Reply {
    let missing = || match shelf.ask(&Route::not_found()) {
        Ok(Answer::Found(output)) => {
            let (bytes, findings) = (output.bytes, output.findings);
            Reply::File { bytes, kind: "text/html; charset=utf-8".to_owned(), missing: true, findings }
        }
        Ok(Answer::Absent) => Reply::Failed(Diagnostic::bare("E1101", "the site has no page for what is not there")),
        Err(d) => Reply::Failed(d),
    };
    let moved = |route: &Route| Reply::Moved(format!("{base_path}{}", route.url()));
    let Some(text) = decode(path) else { return missing() };
    if !base_path.is_empty() && (text == "/" || text == base_path) {
        return Reply::Moved(format!("{base_path}/"));
    }
    let Some(route) = route(base_path, path) else { return missing() };
    match shelf.ask(&route) {
        Ok(Answer::Found(output)) => {
            let (bytes, findings) = (output.bytes, output.findings);
            return Reply::File { bytes, kind: media_type(&route.file()), missing: false, findings };
        }
        Ok(Answer::Absent) => {}
        Err(d) => return Reply::Failed(d),
    }
    let is_there = |route: &Route| !matches!(shelf.ask(route), Ok(Answer::Absent));
    let folder = if route.as_str().ends_with('/') { None } else { Route::parse(&format!("{route}/")) };
    let bare = route.as_str().strip_suffix("index.html").and_then(Route::parse);
    match folder.into_iter().chain(bare).find(is_there) {
        Some(other) => moved(&other),
        None => missing(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Output;

    struct Few;

    impl Shelf for Few {
        fn routes(&self) -> Vec<Route> {
            Vec::new()
        }

        fn ask(&self, route: &Route) -> Result<Answer, Diagnostic> {
            Ok(match route.as_str() {
                "/" | "/a/" | "/a/小米/" | "/404.html" | "/a/x.svg" | "/feed.xml" => {
                    Answer::Found(Output::plain(route.as_str().into()))
                }
                _ => Answer::Absent,
            })
        }
    }

    #[test]
    fn paths_are_answered_as_hosts_do() {
        let is = |base: &str, path: &str| match respond(&Few, base, path) {
            Reply::File { bytes, missing, kind, .. } => {
                let what = if missing { "404" } else { kind.split(';').next().unwrap_or_default() };
                format!("{what} {}", String::from_utf8_lossy(&bytes))
            }
            Reply::Moved(to) => format!("to {to}"),
            Reply::Failed(d) => d.message,
        };
        for (base, path, answer) in [
            ("", "/", "text/html /"),
            ("", "/a", "to /a/"),
            ("", "/a/index.html", "to /a/"),
            ("", "/index.html", "to /"),
            ("", "/a/%E5%B0%8F%E7%B1%B3", "to /a/小米/"),
            ("", "/a/x.svg", "image/svg+xml /a/x.svg"),
            ("", "/feed.xml", "application/atom+xml /feed.xml"),
            ("", "//a/", "404 /404.html"),
            ("", "/../a/", "404 /404.html"),
            ("", "/%2e%2e/a/", "404 /404.html"),
            ("", "/a%2f", "text/html /a/"),
            ("", "/%zz", "404 /404.html"),
            ("", "/%ff", "404 /404.html"),
            ("", "/a/%00", "404 /404.html"),
            ("/news", "/", "to /news/"),
            ("/news", "/news", "to /news/"),
            ("/news", "/news/a", "to /news/a/"),
            ("/news", "/newsa/", "404 /404.html"),
            ("/news", "/a/", "404 /404.html"),
        ] {
            assert_eq!(
                is(base, path),
                answer.replace("小米", if answer.starts_with("to") { "%E5%B0%8F%E7%B1%B3" } else { "小米" }),
                "{base} {path}"
            );
        }
    }
}
