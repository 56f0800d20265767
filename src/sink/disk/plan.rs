//! From routes to the files they become, and the clashes between them. Touches no disk.

use super::manifest;
use crate::diagnostic::Diagnostic;
use crate::model::{Route, fold};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::borrow::Cow;

/// The file of each route, in the routes' order; or every clash, where two things would share a path on some system.
pub(super) fn files(routes: &[Route]) -> Result<Vec<String>, Vec<Diagnostic>> {
    let files: Vec<String> = routes.iter().map(Route::file).collect();
    let keys: Vec<Cow<'_, str>> = files.iter().map(|f| fold(f)).collect();
    let mut findings = Vec::new();
    let mut holders: FxHashMap<&str, usize> = FxHashMap::with_capacity_and_hasher(keys.len(), FxBuildHasher);
    for (i, key) in keys.iter().enumerate() {
        if let Some(fault) = unportable(key) {
            findings.push(
                Diagnostic::bare("E1201", format!("`{:.200}` cannot be a file: {fault}", routes[i].as_str()))
                    .help("choose another slug or file name"),
            );
        }
        if let Some(&first) = holders.get(key.as_ref()) {
            findings.push(
                Diagnostic::bare("E1201", format!("`{}` and `{}` would both be written to `{}`", routes[first], routes[i], files[first]))
                    .help("give one of them another slug; case and the way accents are written do not tell files apart everywhere"),
            );
        } else {
            holders.insert(key, i);
        }
    }
    let mut told = FxHashSet::default();
    for (i, key) in keys.iter().enumerate() {
        for (end, _) in key.match_indices('/') {
            if let Some(&file) = holders.get(&key[..end])
                && told.insert(file)
            {
                findings.push(
                    Diagnostic::bare(
                        "E1201",
                        format!("`{}` would be a file and, for `{}`, a folder", routes[file], routes[i]),
                    )
                    .help("give one of them another slug or file name"),
                );
            }
        }
    }
    if findings.is_empty() { Ok(files) } else { Err(findings) }
}

/// The folders that a file lies in, the outermost first.
pub(super) fn folders(file: &str) -> impl DoubleEndedIterator<Item = &str> {
    file.match_indices('/').map(|(end, _)| &file[..end])
}

/// The longest key that an object store takes is 1,024 bytes; the rest is for a prefix.
const LONGEST: usize = 900;

/// Why a folded path cannot be written everywhere; `None` when it can.
fn unportable(key: &str) -> Option<String> {
    if key.starts_with(manifest::OURS) {
        return Some(format!("names that begin with `{}` are the program's own", manifest::OURS));
    }
    if key.len() > LONGEST {
        return Some(format!("its path is {} bytes long, and {LONGEST} are safe everywhere", key.len()));
    }
    for name in key.split('/') {
        let stem = name.split('.').next().unwrap_or(name).trim_end();
        let device = matches!(stem, "con" | "prn" | "aux" | "nul" | "conin$" | "conout$")
            || stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt")).is_some_and(|n| {
                matches!(n, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "\u{b9}" | "\u{b2}" | "\u{b3}")
            });
        if device {
            return Some(format!("`{stem}` is the name of a device on Windows"));
        }
        if name.ends_with(['.', ' ']) {
            return Some(format!("`{name}` ends with a dot or a space, which Windows drops"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_one_name_and_what_is_none() {
        for (a, b) in [("Ä", "a\u{308}"), ("Straße", "STRASSE"), ("ΟΔΟΣ", "οδος"), ("A/b", "a/B"), ("\u{212b}", "å")]
        {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
        for bad in
            ["con", "a/nul.txt", "com1/x", "lpt9.tar.gz", "aux .x", "x./y", "x /y", "com\u{b9}", ".dealwire-dirty"]
        {
            assert!(unportable(bad).is_some(), "{bad}");
        }
        for good in ["console", "a/null.txt", "com0", "com10", "lpt", ".well-known/x", "a b/c.d"] {
            assert_eq!(unportable(good), None, "{good}");
        }
    }
}
