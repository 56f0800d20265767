//! A shelf -> the edition that is to be published: digests, headers, and whether its links hold. Sends nothing.

use super::keys::OURS;
use super::links;
use super::packed;
use super::plan::{Wanted, kept_name};
use super::record::{File, Record};
use super::run::Source;
use super::stop::Stop;
use super::store::Head;
use crate::diagnostic::{Diagnostic, FileId};
use crate::model::{Answer, Route, Shelf};
use crate::sink::disk::{Stamp, check_names};
use crate::sink::{ROUND, media_type};
use crate::site::Compress;
use aho_corasick::AhoCorasick;
use jiff::Timestamp;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is sent of one route, by path.
type Files = Vec<(String, File)>;

/// A shelf on its way to a target.
pub struct Shown<'a> {
    /// The edition.
    pub shelf: &'a dyn Shelf,
    /// The site's base address.
    pub base_url: &'a str,
    /// For how many seconds a page may be shown again without asking.
    pub page_seconds: u32,
    /// Whether texts are made small.
    pub compress: Compress,
    /// Whether the target itself sends readers of old addresses on.
    pub redirects: bool,
    /// The live edition: what was packed for it is not packed again to see whether it is the same.
    pub there: Option<&'a Record>,
}

impl Shown<'_> {
    /// Prints every file once, for its digest, and looks at the links of its pages. `withheld` are words that nothing
    /// public may say, each with the file that keeps them back.
    ///
    /// # Errors
    /// With every finding where something cannot be printed, leads nowhere (E1308) or says too much (E1310).
    pub fn wanted(
        &self,
        withheld: &[(FileId, String)],
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Wanted, Stop> {
        let routes = self.shelf.routes();
        let mut clashes = check_names(&routes);
        let ours = routes.iter().filter(|r| r.file().starts_with(OURS));
        clashes.extend(ours.map(|route| {
            let message = format!("`{route}` would lie among the program's own files at the target");
            Diagnostic::bare("E1201", message).help("give the folder `.dealwire` in static/root/ another name")
        }));
        if !clashes.is_empty() {
            return Err(Stop::Findings(clashes));
        }
        let paths: BTreeSet<String> = routes.iter().map(Route::file).collect();
        let secrets = Secrets::of(withheld);
        let done = AtomicUsize::new(0);
        let printed: Vec<Result<Files, Vec<Diagnostic>>> = routes
            .par_iter()
            .with_max_len(ROUND)
            .map(|route| {
                let path = route.file();
                if let Some(there) = self.settled(route, &path) {
                    progress(done.fetch_add(1, Ordering::Relaxed) + 1, routes.len());
                    return Ok(vec![(path, there)]);
                }
                let bytes = self.print(route).map_err(|finding| vec![finding])?;
                let mut wrong = secrets.told(&path, &bytes);
                wrong.extend(links::broken(&path, &bytes, self.base_url, &paths));
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, routes.len());
                if !wrong.is_empty() {
                    return Err(wrong);
                }
                self.files(route, path, &bytes, &paths).map_err(|finding| vec![finding])
            })
            .collect();
        let (mut files, mut findings) = (BTreeMap::new(), Vec::new());
        for one in printed {
            match one {
                Ok(some) => files.extend(some),
                Err(found) => findings.extend(found),
            }
        }
        if !findings.is_empty() {
            findings.sort_by_cached_key(Diagnostic::sort_key);
            return Err(Stop::Findings(findings));
        }
        let named = |r: &Route| Some((self.shelf.identity(r)?, r.as_str().to_owned()));
        let things = routes.iter().filter_map(named).collect();
        Ok(Wanted { site: self.base_url.to_owned(), instant: Timestamp::UNIX_EPOCH, next: None, files, things })
    }

    /// A file that the live edition has under a name that settles what it is: it need not be made to be known.
    fn settled(&self, route: &Route, path: &str) -> Option<File> {
        let there = self.there.filter(|_| self.shelf.is_settled(route))?;
        let file = there.files.get(path).or_else(|| Some(&there.retired.get(path)?.file))?;
        file.plain.is_none().then(|| File { stamp: file.stamp, head: self.head(path), plain: None })
    }

    fn print(&self, route: &Route) -> Result<Vec<u8>, Diagnostic> {
        match self.shelf.ask(route)? {
            Answer::Found(output) => Ok(output.bytes),
            Answer::Absent => Err(Diagnostic::bare("E1205", format!("`{route}` is listed, but nothing stands there"))),
        }
    }

    /// The headers of a file: what has a fingerprint never changes, everything else may at any time.
    fn head(&self, path: &str) -> Head {
        let cache = if path.starts_with("assets/") {
            "public, max-age=31536000, immutable".to_owned()
        } else {
            format!("public, max-age={}", self.page_seconds)
        };
        Head { kind: media_type(path), cache, encoding: None, redirect: None }
    }

    /// What is sent of a printed file: itself, packed where that is said, or with packed ones beside it.
    fn files(&self, route: &Route, path: String, bytes: &[u8], paths: &BTreeSet<String>) -> Result<Files, Diagnostic> {
        let redirect = self.redirects.then(|| self.shelf.leads_to(route)).flatten();
        let (stamp, head) = (Stamp::of(bytes), Head { redirect, ..self.head(&path) });
        if self.compress == Compress::No || !packed::fits(&head, &stamp) {
            return Ok(vec![(path, File { stamp, head, plain: None })]);
        }
        let plain = kept_name(&stamp);
        let packed = |path: &str, how: Compress, head: Head| {
            let old = self.there.and_then(|t| t.files.get(path));
            let same = old.filter(|o| o.plain.as_ref() == Some(&plain) && o.head.encoding == head.encoding);
            let stamp = match same {
                Some(old) => old.stamp,
                None => Stamp::of(&pack(bytes, how)?),
            };
            Ok(File { stamp, head, plain: Some(plain.clone()) })
        };
        if let Some(name) = packed::encoding(self.compress) {
            let file = packed(&path, self.compress, Head { encoding: Some(name.to_owned()), ..head })?;
            return Ok(vec![(path, file)]);
        }
        let mut all = Vec::with_capacity(3);
        for (name, how) in packed::beside(&path).filter(|(name, _)| !paths.contains(name)) {
            let file = packed(&name, how, head.clone())?;
            all.push((name, file));
        }
        all.push((path, File { stamp, head, plain: None }));
        Ok(all)
    }
}

impl Source for Shown<'_> {
    fn bytes(&self, path: &str) -> Result<Vec<u8>, Stop> {
        let stop = |finding: Diagnostic| Stop::Findings(vec![finding]);
        let there = |path: &str| match route(path).map(|r| self.shelf.ask(&r)) {
            Some(Ok(Answer::Found(output))) => Ok(Some(output.bytes)),
            Some(Err(finding)) => Err(stop(finding)),
            _ => Ok(None),
        };
        let gone = || stop(Diagnostic::bare("E1205", format!("nothing stands at `{path}` any more")));
        if let Some(bytes) = there(path)? {
            let how = packed::encoding(self.compress).map_or(Compress::No, |_| self.compress);
            let is_packed = how != Compress::No && packed::fits(&self.head(path), &Stamp::of(&bytes));
            return if is_packed { pack(&bytes, how).map_err(stop) } else { Ok(bytes) };
        }
        let (plain, how) = packed::plain_of(path).ok_or_else(gone)?;
        pack(&there(plain)?.ok_or_else(gone)?, how).map_err(stop)
    }
}

/// The route of a file.
fn route(path: &str) -> Option<Route> {
    match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => Route::parse(&format!("/{folder}")),
        _ => Route::parse(&format!("/{path}")),
    }
}

fn pack(bytes: &[u8], how: Compress) -> Result<Vec<u8>, Diagnostic> {
    packed::pack(bytes, how).map_err(|e| Diagnostic::bare("E1204", format!("a file cannot be packed: {e}")))
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
