//! Links of a printed page that lead to nothing on its own site. Pure.

use crate::diagnostic::Diagnostic;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Most broken links that are told of one page.
const MOST: usize = 5;

/// E1308 for what a page refers to below the site's base address, and no file of the edition is.
pub(super) fn broken(path: &str, bytes: &[u8], base_url: &str, files: &BTreeSet<String>) -> Vec<Diagnostic> {
    if !path.ends_with(".html") {
        return Vec::new();
    }
    let html = String::from_utf8_lossy(bytes);
    let mut seen = BTreeSet::new();
    let there = |target: &str| {
        let bare = target.trim_end_matches('/');
        files.contains(target) || target.is_empty() || files.contains(&format!("{bare}{}index.html", slash(bare)))
    };
    attributes(&html)
        .filter_map(|link| target(path, &link, base_url))
        .filter(|target| !there(target) && seen.insert(target.clone()))
        .take(MOST)
        .map(|target| {
            let message = format!("`{path}` refers to `/{target}`, and there is no such file in this edition");
            Diagnostic::bare("E1308", message).help("mend the template or the text that says so")
        })
        .collect()
}

fn slash(folder: &str) -> &'static str {
    if folder.is_empty() { "" } else { "/" }
}

/// The values of `href` and `src`.
fn attributes(html: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            let at = memchr::memchr(b'=', rest.as_bytes())?;
            let (before, after) = (&rest[..at], &rest[at + 1..]);
            rest = after;
            let name = before.trim_end();
            let is_link = ["href", "src"].iter().any(|a| {
                let stem = name.len().checked_sub(a.len()).filter(|i| name.is_char_boundary(*i));
                stem.is_some_and(|i| name[i..].eq_ignore_ascii_case(a) && name[..i].ends_with(char::is_whitespace))
            });
            if !is_link {
                continue;
            }
            let after = after.trim_start();
            let value = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => after[1..].split(quote).next().unwrap_or(""),
                _ => after.split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or(""),
            };
            return Some(if value.contains('&') { value.replace("&amp;", "&").into() } else { value.into() });
        }
    })
}

/// The file or folder of this site that a link leads to; `None` for what is elsewhere, and for fragments.
fn target(path: &str, link: &str, base_url: &str) -> Option<String> {
    let link = link.split(['?', '#']).next().unwrap_or("").trim();
    if link.is_empty() {
        return None;
    }
    let host = base_url.find("://").map_or(0, |i| i + 3);
    let base_path = base_url[host..].find('/').map_or("", |i| &base_url[host + i..]);
    // A whole address is how an editor names what is on the same host and not of this site.
    let whole = if link.starts_with("//") || has_scheme(link) {
        return None;
    } else if link.starts_with('/') {
        // What lies beside the site on the same host is not ours to know.
        link.strip_prefix(base_path).filter(|r| r.is_empty() || r.starts_with('/'))?.to_owned()
    } else {
        let folder = path.rsplit_once('/').map_or("", |(f, _)| f);
        format!("/{folder}/{link}")
    };
    let decoded = percent_encoding::percent_decode_str(&whole).decode_utf8_lossy();
    let mut parts: Vec<&str> = Vec::new();
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn has_scheme(link: &str) -> bool {
    link.split_once(':')
        .is_some_and(|(s, _)| !s.is_empty() && s.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_nowhere() {
        let files: BTreeSet<String> =
            ["index.html", "a/index.html", "a/b.png", "中/index.html"].map(str::to_owned).into();
        let base = "https://x.example.com/news";
        for (link, is_broken) in [
            ("/news/", false),
            ("/news", false),
            ("/news/a/", false),
            ("/news/a", false),
            ("/news/a/?q#f", false),
            ("b.png", false),
            ("./b.png", false),
            ("../", false),
            ("#top", false),
            ("/news/%E4%B8%AD/", false),
            ("https://x.example.com/news/c", false),
            ("https://x.example.com/newspaper", false),
            ("https://elsewhere.example.org/a", false),
            ("//elsewhere.example.org/a", false),
            ("mailto:a@example.com", false),
            ("/other", false),
            ("/news/c/", true),
            ("c.png", true),
            ("../c", true),
        ] {
            for html in [format!("<a  href=\"{link}\">"), format!("<img\nSRC = '{link}'>"), format!("<a href={link}>")]
            {
                let found = broken("a/index.html", html.as_bytes(), base, &files);
                assert_eq!(!found.is_empty(), is_broken, "{html}");
            }
        }
        assert!(broken("a/index.html", b"<p data-href=\"/news/c\">x = /news/c", base, &files).is_empty());
    }
}
