//! Files of `static/`: fingerprinted under `/assets/`, style sheets minified, and `static/root/` as it is. Reads no disk.

use super::theme;
use crate::diagnostic::{Diagnostic, FileId, Span, nearest};
use crate::model::{Change, Route};
use crate::site::Theme;
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{ParserOptions, StyleSheet};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Files under this prefix never change: their names carry their digests.
pub const PREFIX: &str = "/assets/";

/// A published file of `static/`.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its bytes, where they are held.
    pub bytes: Arc<[u8]>,
    /// Where it is published.
    pub route: Route,
    /// In pixels, for images.
    pub size: Option<(usize, usize)>,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    by_name: BTreeMap<String, Asset>,
    by_route: BTreeMap<Route, String>,
}

impl Assets {
    /// Of the theme and the site's own files, which win; the site's colours and faces are written into the theme's sheet.
    ///
    /// # Errors
    /// E0813 for a style sheet that refers to a file that is not there, E0113 for a name that no address can have.
    pub fn new(own: &[Change], theme: &Theme) -> Result<Self, Vec<Diagnostic>> {
        let mut files: BTreeMap<String, Arc<[u8]>> = theme::assets().into_iter().map(|(n, b)| (n, b.into())).collect();
        for change in own {
            if let (Some(name), Some(bytes)) = (change.file.path().strip_prefix("static/"), &change.bytes) {
                files.insert(name.to_owned(), Arc::clone(bytes));
            }
        }
        let (mut all, mut findings) = (Self::default(), Vec::new());
        let is_sheet = |name: &str| name.to_ascii_lowercase().ends_with(".css");
        let (sheets, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|(n, _)| is_sheet(n));
        for (name, bytes) in others {
            all.add(name, bytes, &mut findings);
        }
        for (name, bytes) in sheets {
            let bytes = if name == "style.css" { [&bytes[..], theme.css().as_bytes()].concat().into() } else { bytes };
            let bytes = all.sheet(&name, &bytes, &mut findings);
            all.add(name, bytes, &mut findings);
        }
        if findings.is_empty() { Ok(all) } else { Err(findings) }
    }

    fn add(&mut self, name: String, bytes: Arc<[u8]>, findings: &mut Vec<Diagnostic>) {
        let path = if let Some(plain) = name.strip_prefix("root/") {
            format!("/{plain}")
        } else {
            let digest = blake3::hash(&bytes).to_hex();
            let (folder, file) = name.rsplit_once('/').map_or(("", name.as_str()), |(d, f)| (d, f));
            let slash = if folder.is_empty() { "" } else { "/" };
            match file.rsplit_once('.') {
                Some((stem, ext)) => format!("{PREFIX}{folder}{slash}{stem}.{}.{ext}", &digest[..16]),
                None => format!("{PREFIX}{folder}{slash}{file}.{}", &digest[..16]),
            }
        };
        let Some(route) = Route::parse(&path) else {
            let file = FileId::new(&format!("static/{name}"));
            findings.push(
                Diagnostic::of("E0113", &file, "the file's name cannot stand in an address")
                    .help("use letters, digits, hyphens and dots"),
            );
            return;
        };
        let size = imagesize::blob_size(&bytes).ok().map(|s| (s.width, s.height));
        self.by_route.insert(route.clone(), name.clone());
        self.by_name.insert(name, Asset { bytes, route, size });
    }

    /// A style sheet with its relative addresses fingerprinted, minified.
    fn sheet(&self, name: &str, bytes: &Arc<[u8]>, findings: &mut Vec<Diagnostic>) -> Arc<[u8]> {
        let Ok(text) = std::str::from_utf8(bytes) else { return Arc::clone(bytes) };
        let folder = name.rsplit_once('/').map_or("", |(d, _)| d);
        let (mut out, mut rest) = (String::with_capacity(text.len()), text);
        while let Some(at) = rest.find("url(") {
            let (before, after) = rest.split_at(at + 4);
            out.push_str(before);
            let end = after.find(')').unwrap_or(after.len());
            let address = after[..end].trim().trim_matches(['"', '\'']);
            let outside = address.contains(':') || address.starts_with(['/', '#']) || address.is_empty();
            let (path, tail) = address.split_at(address.find(['#', '?']).unwrap_or(address.len()));
            match self.by_name.get(&below(folder, path)) {
                Some(asset) if !outside => {
                    // Relative to the sheet, so that a site below a path works: both lie under the prefix.
                    let up = "../".repeat(folder.split('/').filter(|c| !c.is_empty()).count());
                    let url = asset.route.url();
                    out.extend([&up, url.strip_prefix(PREFIX).unwrap_or(&url), tail]);
                }
                None if !outside => {
                    let file = FileId::new(&format!("static/{name}"));
                    let start = text.len() - after.len();
                    let near = nearest(&below(folder, path), self.by_name.keys().map(String::as_str));
                    let words = "the address counts from the style sheet's own folder";
                    findings.push(
                        Diagnostic::at(
                            "E0813",
                            &file,
                            Span::new(start, start + end),
                            format!("the style sheet refers to `{address}`, which is not there"),
                        )
                        .help(Some(near).filter(|n| n.starts_with("did")).unwrap_or_else(|| words.to_owned())),
                    );
                }
                _ => out.push_str(&after[..end]),
            }
            rest = &after[end..];
        }
        out.push_str(rest);
        minify(&out).unwrap_or(out).into_bytes().into()
    }

    /// A file by its path below `static/`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Asset> {
        self.by_name.get(name)
    }

    /// The file that is published at a route.
    #[must_use]
    pub fn at(&self, route: &Route) -> Option<&Asset> {
        self.by_name.get(self.by_route.get(route)?)
    }

    /// Whether a file of `static/root/` stands at a path.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        path.strip_prefix('/').is_some_and(|p| self.by_name.contains_key(&format!("root/{p}")))
    }

    /// Every route.
    pub fn routes(&self) -> impl Iterator<Item = &Route> {
        self.by_route.keys()
    }

    /// Paths below `static/` with their published files.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Asset)> {
        self.by_name.iter().map(|(n, a)| (n.as_str(), a))
    }
}

/// A style sheet without what browsers do not need; `None` where it cannot be understood, and then stays as it is.
fn minify(text: &str) -> Option<String> {
    let options = ParserOptions { error_recovery: true, ..ParserOptions::default() };
    let sheet = StyleSheet::parse(text, options).ok()?;
    let printed = sheet.to_css(PrinterOptions { minify: true, ..PrinterOptions::default() }).ok()?;
    Some(printed.code)
}

/// A path relative to a folder, with `..` resolved.
fn below(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|c| !c.is_empty()).collect();
    for c in path.split('/') {
        match c {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            c => parts.push(c),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_refer_to_fingerprinted_names_and_names_follow_bytes() {
        let file = |name: &str, text: &str| Change {
            file: FileId::new(&format!("static/{name}")),
            bytes: Some(text.as_bytes().into()),
        };
        let all = Assets::new(
            &[
                file("img/a.svg", "<svg/>"),
                file("css/x.css", "a { background : url( \"../img/a.svg#b\" ) }"),
                file("root/CNAME", "x"),
            ],
            &Theme::default(),
        );
        let all = all.expect("good files");
        let svg = all.get("img/a.svg").expect("there").route.to_string();
        let css = String::from_utf8(all.get("css/x.css").expect("there").bytes.to_vec()).expect("text");
        assert!(css.contains(&format!("../{}#b", &svg["/assets/".len()..])), "{css} {svg}");
        assert!(all.at(&Route::parse("/CNAME").expect("route")).is_some());
        let other = Assets::new(&[file("img/a.svg", "<svg></svg>")], &Theme::default()).expect("good files");
        assert_ne!(other.get("img/a.svg").expect("there").route.to_string(), svg);
        assert!(Assets::new(&[file("x.css", "a{b:url(none.png)}")], &Theme::default()).is_err());
    }
}
