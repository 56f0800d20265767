//! Two things at one address, settings that lead nowhere, and addresses that were left without an alias.

use super::{Edition, id_of};
use crate::catalogue::{Noun, Places};
use crate::diagnostic::{Diagnostic, FileId};
use crate::model::{Id, Route, fold};
use crate::pages::{Atlas, Page};
use crate::render::Font;
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, HashMap};

impl Edition {
    /// Two things at one address, settings that name no tag, and addresses that were left without an alias; with them
    /// every route, in no order. `knows` says whether a file still speaks of what stood somewhere. Nothing where `goes_on`
    /// says no before the end.
    pub(super) fn addresses(
        &self,
        earlier: &BTreeMap<String, Route>,
        knows: &dyn Fn(&str) -> bool,
        goes_on: &dyn Fn() -> bool,
    ) -> Option<(Vec<Diagnostic>, Vec<Route>)> {
        self.with(|atlas| {
            let mut findings = Vec::new();
            let mut found: Vec<(Page, Route)> = Vec::new();
            let pages: Vec<(&Route, &Page)> = if let Some(laid_out) = self.stock.laid_out() {
                laid_out.map(|(page, route)| (route, page)).collect()
            } else {
                for page in atlas.all_while(goes_on)? {
                    if !goes_on() {
                        return None;
                    }
                    let route = atlas.route(&page);
                    found.push((page, route));
                }
                found.iter().map(|(page, route)| (route, page)).collect()
            };
            findings.extend(pages.iter().filter_map(|(route, page)| self.in_the_way(route, page)));
            let mut claims: HashMap<String, Vec<usize>, FxBuildHasher> = HashMap::default();
            for (i, (route, _)) in pages.iter().enumerate() {
                if !goes_on() {
                    return None;
                }
                claims.entry(folded(route)).or_default().push(i);
            }
            for places in claims.values_mut().filter(|p| p.len() > 1) {
                places.sort_by_key(|i| pages[*i]);
                let first = pages[places[0]].1;
                for (route, page) in places.iter().map(|i| pages[*i]).filter(|p| p.1 != first) {
                    findings.push(self.clash(route, page, first));
                }
            }
            let taken: HashMap<&str, &Page, FxBuildHasher> =
                claims.iter().map(|(folded, places)| (folded.as_str(), pages[places[0]].1)).collect();
            let mut files: BTreeMap<String, &str> = BTreeMap::new();
            for (name, asset) in self.press.assets.iter() {
                let key = folded(&asset.route);
                let other = match (taken.get(key.as_str()), files.get(&key)) {
                    (Some(page), _) => self.file_of(page).map_or_else(|| "a page".to_owned(), |f| f.to_string()),
                    (None, Some(other)) => format!("static/{other}"),
                    (None, None) => {
                        files.insert(key, name);
                        continue;
                    }
                };
                let message = format!("{other} would stand at {} too", asset.route);
                findings.push(
                    Diagnostic::of("E0805", &FileId::new(&format!("static/{name}")), message)
                        .help("rename the file; capitals and accents do not tell addresses apart everywhere"),
                );
            }
            for (alias, claims) in self.catalogue.aliases().filter(|(_, c)| c.len() > 1) {
                let files: Vec<_> = claims
                    .iter()
                    .filter_map(|(n, id)| self.catalogue.known(*n, id))
                    .map(|e| e.common().file.clone())
                    .collect();
                let mut d =
                    Diagnostic::of("E0805", &files[1], format!("{} claims the old address `{alias}` too", files[0]));
                d.span = self.find(&files[1], alias);
                findings.push(d.help("an address can lead to one place: take it from one of the two"));
            }
            findings.extend(self.navigation(atlas));
            findings.extend(self.press.told.iter().cloned());
            let now: BTreeMap<String, (&Route, &Page)> = if earlier.is_empty() {
                BTreeMap::new()
            } else {
                pages.iter().filter_map(|p| Some((id_of(p.1)?, *p))).collect()
            };
            let shown = |route: &Route| self.route_home(route).unwrap_or_else(|| route.clone());
            for (name, route) in earlier.iter().filter(|(name, _)| self.language_of(name).is_none()) {
                let is_taken = taken.contains_key(folded(route).as_str());
                let Some((new, page)) = now.get(name).filter(|(r, _)| *r != route) else {
                    if !is_taken && !now.contains_key(name) && !knows(name) {
                        findings.push(gone(name, &shown(route)));
                    }
                    continue;
                };
                if !is_taken {
                    let file = self.file_of(page).unwrap_or_else(|| FileId::new("site.toml"));
                    let named = matches!(page, Page::Thing(Noun::Company | Noun::Person, ..));
                    let key = if named { "redirects" } else { "aliases" };
                    let (route, new) = (shown(route), shown(new));
                    findings.push(
                        Diagnostic::of(
                            "E0808",
                            &file,
                            format!("the address was {route} and is now {new}; links to the old one would break"),
                        )
                        .help(format!("add `{key}: [{route}]`, or undo the change")),
                    );
                }
            }
            let own = pages.into_iter().map(|p| p.0.clone()).chain(self.press.assets.routes().cloned());
            let routes = own.chain(self.routes_abroad()).collect();
            Some((findings, routes))
        })
    }

    /// The further language of what stood at an address, and its name there.
    fn language_of<'n>(&self, name: &'n str) -> Option<(usize, &'n str)> {
        let (tag, name) = name.split_once(':')?;
        Some((self.site.languages.iter().position(|l| l.is(tag))?, name))
    }

    /// Whether a file still speaks of what stood at an address: then it is held back, or nothing public names it.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        let (language, bare) = self.language_of(name).map_or((None, name), |(n, bare)| (Some(n), bare));
        let Some((kind, id)) = bare.split_once('/').and_then(|(k, id)| Some((k, Id::parse(id)?))) else { return true };
        if language.is_none() && kind.contains(':') {
            return false;
        }
        let noun = match kind {
            "article" | "deal" => Noun::Article,
            "company" => Noun::Company,
            "person" => Noun::Person,
            "tag" => Noun::Tag,
            "thread" => Noun::Thread,
            _ => Noun::Page,
        };
        match language {
            // A record needs no translation to have a page; a text does.
            Some(n) if matches!(kind, "article" | "page") => self.is_translated(noun, id, n),
            Some(n) => self.abroad.editions[n].knows(bare),
            None => self.catalogue.known(noun, &id).is_some(),
        }
    }

    pub(super) fn clash(&self, route: &Route, page: &Page, other: &Page) -> Diagnostic {
        let name = |p: &Page| {
            self.file_of(p).map_or_else(|| format!("the page at {}", self.with(|a| a.route(p))), |f| f.to_string())
        };
        let (mut page, mut other) = (page, other);
        if self.file_of(page).is_none() || matches!(other, Page::Redirect(_)) {
            std::mem::swap(&mut page, &mut other);
        }
        let file = self.file_of(page).unwrap_or_else(|| FileId::new("site.toml"));
        let mut d = Diagnostic::of("E0805", &file, format!("{} would stand at {route} too", name(other)));
        d.span = self
            .find(&file, route.as_str())
            .or_else(|| self.find(&file, route.as_str().trim_matches('/').rsplit('/').next().unwrap_or("")));
        d.help("give one of the two another `slug`, or another file name")
    }

    /// Topics that are no tags, links of the navigation that lead nowhere, and a picture of the site that is not there.
    fn navigation(&self, atlas: &Atlas<'_>) -> Vec<Diagnostic> {
        let file = FileId::new("site.toml");
        let mut findings = Vec::new();
        let mut find = |code, message: String, word: &str, help: &str| {
            let mut d = Diagnostic::of(code, &file, message).help(help);
            d.span = self.find(&file, word);
            findings.push(d);
        };
        for topic in self.site.topics.iter().filter(|t| self.catalogue.known(Noun::Tag, t).is_none()) {
            let tags = self.catalogue.ids(Noun::Tag).map(Id::as_str);
            let help = crate::diagnostic::nearest(topic.as_str(), tags);
            find("E0203", format!("no tag is called `{topic}`"), topic.as_str(), &help);
        }
        for link in &self.site.nav {
            let (title, url) = (link.title.as_str(), link.url.as_str());
            if title.trim().is_empty() {
                find("E1002", format!("the link to `{url}` has no words"), url, "write `{title = \"…\", url = \"…\"}`");
            }
            let path = url.split(['#', '?']).next().unwrap_or_default();
            let is_here = path.starts_with('/') && !path.starts_with("//");
            let elsewhere = ["https://", "http://", "mailto:", "//"].iter().any(|s| url.starts_with(s));
            let text = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
            let routes = [text.to_string(), format!("{text}/")];
            let there = |r: &Route| atlas.at(r).is_some() || self.press.assets.at(r).is_some();
            if elsewhere || is_here && routes.iter().filter_map(|r| Route::parse(r)).any(|r| there(&r)) {
                continue;
            }
            let help = if is_here {
                "it may be a page that [outputs] leaves out, or of which nothing is public"
            } else {
                "expected a path on this site, such as /about/, or an address with https://"
            };
            find("E0806", format!("the link `{title}` of the navigation leads nowhere: `{url}`"), url, help);
        }
        let image = &self.site.image;
        if image.is_set && self.press.assets.get(&image.file).is_none() {
            let help = crate::diagnostic::nearest(&image.file, self.press.assets.iter().map(|a| a.0));
            find("E0813", format!("there is no file static/{}", image.file), &image.file, &help);
        }
        for (font, state) in &self.press.fonts {
            match state {
                Font::Used => {}
                Font::Absent => {
                    let help = "the path counts from the folder of site.toml";
                    find("E0813", format!("there is no file {font}"), font.path(), help);
                }
                Font::Foreign => {
                    let help = "cards take OpenType and TrueType: .otf, .ttf";
                    find("E1002", format!("{font} is no font that cards can be drawn with"), font.path(), help);
                }
            }
        }
        findings
    }
}

/// What stood at an address is in no file any more.
fn gone(name: &str, route: &Route) -> Diagnostic {
    let (language, name) = name.split_once(':').map_or((String::new(), name), |(l, n)| (format!(" in {l}"), n));
    let name = name.replacen('/', " `", 1);
    Diagnostic::bare("W0816", format!("{route} is gone: no file is about the {name}`{language} that stood there"))
        .help(format!("a file that has another name now needs `aliases: [{route}]`; what is taken back needs nothing"))
}

/// The file of a route as file systems compare names.
fn folded(route: &Route) -> String {
    fold(&route.file()).into_owned()
}
