//! A shelf -> the edition that is to be published: digests, headers, and whether its links hold. Sends nothing.

use super::links;
use super::plan::Wanted;
use super::record::File;
use super::run::Source;
use super::stop::Stop;
use super::store::Head;
use crate::diagnostic::{Diagnostic, FileId};
use crate::model::{Answer, Route, Shelf};
use crate::sink::disk::{Stamp, check_names};
use crate::sink::media_type;
use aho_corasick::AhoCorasick;
use jiff::Timestamp;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Prints every file of an edition once, for its digest, and looks at the links of its pages. `withheld` are words that
/// nothing public may say, each with the file that keeps them back.
///
/// # Errors
/// With every finding where something cannot be printed, leads nowhere (E1308) or says too much (E1310).
pub fn wanted(
    shelf: &dyn Shelf,
    base_url: &str,
    page_seconds: u32,
    withheld: &[(FileId, String)],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Wanted, Stop> {
    let routes = shelf.routes();
    let clashes = check_names(&routes);
    if !clashes.is_empty() {
        return Err(Stop::Findings(clashes));
    }
    let paths: BTreeSet<String> = routes.iter().map(Route::file).collect();
    let secrets = Secrets::of(withheld);
    let done = AtomicUsize::new(0);
    let printed: Vec<Result<(String, File), Vec<Diagnostic>>> = routes
        .par_iter()
        .map(|route| {
            let path = route.file();
            let bytes = match shelf.ask(route) {
                Ok(Answer::Found(output)) => output.bytes,
                Ok(Answer::Absent) => {
                    let message = format!("`{route}` is listed, but nothing stands there");
                    return Err(vec![Diagnostic::bare("E1205", message)]);
                }
                Err(finding) => return Err(vec![finding]),
            };
            let mut broken = secrets.told(&path, &bytes);
            broken.extend(links::broken(&path, &bytes, base_url, &paths));
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, routes.len());
            if broken.is_empty() {
                let head = head(&path, page_seconds);
                Ok((path, File { stamp: Stamp::of(&bytes), head }))
            } else {
                Err(broken)
            }
        })
        .collect();
    let (mut files, mut findings) = (BTreeMap::new(), Vec::new());
    for one in printed {
        match one {
            Ok((path, file)) => drop(files.insert(path, file)),
            Err(found) => findings.extend(found),
        }
    }
    if !findings.is_empty() {
        findings.sort_by_cached_key(Diagnostic::sort_key);
        return Err(Stop::Findings(findings));
    }
    let named = |r: &Route| Some((shelf.identity(r)?, r.as_str().to_owned()));
    let things = routes.iter().filter_map(named).collect();
    Ok(Wanted { site: base_url.to_owned(), instant: Timestamp::UNIX_EPOCH, next: None, files, things })
}

/// The headers of a file: what has a fingerprint never changes, everything else may at any time.
fn head(path: &str, page_seconds: u32) -> Head {
    let cache = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable".to_owned()
    } else {
        format!("public, max-age={page_seconds}")
    };
    Head { kind: media_type(path), cache }
}

/// The files of a shelf.
pub struct Printed<'a>(pub &'a dyn Shelf);

impl Source for Printed<'_> {
    fn bytes(&self, path: &str) -> Result<Vec<u8>, Stop> {
        let route = match path.strip_suffix("index.html") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => format!("/{folder}"),
            _ => format!("/{path}"),
        };
        match Route::parse(&route).map(|r| self.0.ask(&r)) {
            Some(Ok(Answer::Found(output))) => Ok(output.bytes),
            Some(Err(finding)) => Err(Stop::Findings(vec![finding])),
            _ => Err(Stop::Findings(vec![Diagnostic::bare("E1205", format!("nothing stands at `{route}` any more"))])),
        }
    }
}

/// Words that nothing public may say.
struct Secrets<'a> {
    found: Option<AhoCorasick>,
    /// The file that keeps back each of them.
    files: Vec<&'a FileId>,
}

impl<'a> Secrets<'a> {
    fn of(withheld: &'a [(FileId, String)]) -> Self {
        let words: Vec<String> = withheld.iter().map(|(_, word)| plain(word)).collect();
        // Only sizes can make building fail; the edition is made without hidden things in any case.
        let found = Some(words).filter(|w| !w.is_empty()).and_then(|w| AhoCorasick::new(w).ok());
        Self { found, files: withheld.iter().map(|w| &w.0).collect() }
    }

    fn told(&self, path: &str, bytes: &[u8]) -> Vec<Diagnostic> {
        let Some(found) = &self.found else { return Vec::new() };
        let Ok(text) = std::str::from_utf8(bytes) else { return Vec::new() };
        // In attributes and addresses, and in what is read, whatever is marked in it.
        let (all, read) = (plain(text), plain(&without_tags(text)));
        let matches = found.find_iter(&all).chain(found.find_iter(&read));
        let files: BTreeSet<&FileId> = matches.map(|m| self.files[m.pattern()]).collect();
        let tell = |file: &FileId| {
            let message = format!("`{path}` has the name of something that is not public yet, or not any more");
            Diagnostic::of("E1310", file, message).help("take the name out of the text or template that says it")
        };
        files.into_iter().map(tell).collect()
    }
}

fn without_tags(html: &str) -> String {
    let parts = html.split('<').enumerate();
    parts.map(|(i, p)| if i == 0 { p } else { p.split_once('>').map_or("", |(_, text)| text) }).collect()
}

/// The text with characters in the place of their names, and straight quotes.
fn plain(text: &str) -> String {
    const NAMES: [(&str, &str); 7] = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    let named =
        NAMES.iter().fold(text.to_owned(), |t, (name, c)| if t.contains(name) { t.replace(name, c) } else { t });
    named.replace(['\u{2018}', '\u{2019}'], "'").replace(['\u{201c}', '\u{201d}'], "\"")
}
