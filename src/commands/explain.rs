//! `dealwire explain CODE`: the page of docs/checks that describes a finding.

use super::{code, report};
use include_dir::{Dir, include_dir};

static PAGES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/docs/checks");

fn page(wanted: &str) -> Option<&'static str> {
    PAGES.get_file(format!("{wanted}.md")).filter(|_| wanted != "README")?.contents_utf8()
}

/// The short name of a code; the code itself where there is no page.
#[must_use]
pub fn title(wanted: &str) -> String {
    let first = page(wanted).and_then(|p| p.lines().next()).unwrap_or(wanted);
    first.trim_start_matches('#').trim().split_once(": ").map_or_else(|| wanted.to_owned(), |(_, t)| t.to_owned())
}

/// Every code that has a page.
#[must_use]
pub fn codes() -> Vec<String> {
    let stem = |f: &include_dir::File<'_>| f.path().file_stem().map(|s| s.to_string_lossy().into_owned());
    PAGES.files().filter_map(stem).filter(|s| s != "README").collect()
}

/// Runs the command; returns its exit code.
pub fn run(wanted: &str) -> u8 {
    let wanted = wanted.trim().to_ascii_uppercase();
    if let Some(text) = page(&wanted) {
        report::say(text);
        code::DONE
    } else {
        let all = codes();
        let near = crate::diagnostic::nearest(&wanted, all.iter().map(String::as_str));
        let help =
            if near.is_empty() { "a code is a letter and four digits, as in error[E0101]" } else { near.as_str() };
        report::tell(&format!("error: no finding has the code `{wanted}`\n  = help: {help}\n"));
        code::USAGE
    }
}
