//! A shelf -> the edition that is to be published: digests, headers, and whether its links hold. Sends nothing.

use super::links;
use super::plan::Wanted;
use super::record::File;
use super::run::Source;
use super::stop::Stop;
use super::store::Head;
use crate::diagnostic::Diagnostic;
use crate::model::{Answer, Route, Shelf};
use crate::sink::disk::{Stamp, check_names};
use crate::sink::media_type;
use jiff::Timestamp;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Prints every file of an edition once, for its digest, and looks at the links of its pages.
///
/// # Errors
/// With every finding where something cannot be printed or leads nowhere (E1308).
pub fn wanted(
    shelf: &dyn Shelf,
    base_url: &str,
    page_seconds: u32,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Wanted, Stop> {
    let routes = shelf.routes();
    let clashes = check_names(&routes);
    if !clashes.is_empty() {
        return Err(Stop::Findings(clashes));
    }
    let paths: BTreeSet<String> = routes.iter().map(Route::file).collect();
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
            let broken = links::broken(&path, &bytes, base_url, &paths);
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
