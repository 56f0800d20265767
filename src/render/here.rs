//! What a text may ask about the site it stands on: where links lead, which images there are, whose names become links.

use super::Press;
use super::markdown::{Picture, Target, World};
use super::names::{Mention, Names, Spots};
use crate::catalogue::Noun;
use crate::diagnostic::{FileId, nearest};
use crate::model::{Common, Format, Id, Route, Standing, Texts, Unfit};
use crate::pages::{Atlas, ImageSet, Page};
use std::cell::OnceCell;
use std::ops::Range;

/// A text as its author wrote it, and the names in it, looked for once.
pub struct Source<'a> {
    /// The text.
    pub text: &'a str,
    spots: OnceCell<Spots>,
}

impl<'a> Source<'a> {
    /// Of a text.
    pub const fn of(text: &'a str) -> Self {
        Self { text, spots: OnceCell::new() }
    }

    /// Where names may stand in it.
    pub fn spots(&self, names: &Names) -> &Spots {
        self.spots.get_or_init(|| names.spots(self.text))
    }

    /// Whether a part of it is this text, and no word of it began before.
    fn holds(&self, text: &str, part: &Range<usize>) -> bool {
        let before = part.start.checked_sub(1).and_then(|last| self.text.as_bytes().get(last));
        !before.is_some_and(u8::is_ascii_alphanumeric) && self.text.get(part.clone()) == Some(text)
    }
}

/// The site, seen from one text.
pub struct Here<'a> {
    /// The press.
    pub press: &'a Press,
    /// The pages.
    pub atlas: &'a Atlas<'a>,
    /// The files.
    pub texts: &'a dyn Texts,
    /// The entry whose text it is.
    pub common: &'a Common,
    /// Its kind.
    pub noun: Noun,
    /// The page of the entry.
    pub page: Page,
    /// Its text, where names in it become links.
    pub linked: Option<&'a Source<'a>>,
    /// Put before paths: the origin, for feeds.
    pub origin: &'a str,
}

type Problem = (&'static str, String, String);

fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn fragment_of(text: &str) -> (&str, Option<&str>) {
    text.split_once('#').map_or((text, None), |(p, f)| (p, Some(f)))
}

impl Here<'_> {
    fn to_page(&self, page: &Page, tail: Option<&str>) -> Target {
        self.to_route(self.atlas.route(page), tail)
    }

    /// A link to a page that stands at a route.
    fn to_route(&self, route: Route, tail: Option<&str>) -> Target {
        let mut url = [self.origin, &*self.atlas.path_to(&route)].concat();
        url.extend(tail.into_iter().flat_map(|tail| ["#", tail]));
        let fragment = tail.filter(|f| !f.is_empty()).map(|f| (route, decode(f)));
        Target::Here { url, fragment }
    }

    /// A link to a Markdown file of the site.
    fn to_source(&self, path: &str, tail: Option<&str>) -> Target {
        let Some(file) = resolve(&self.common.file, &decode(path)) else {
            return Target::Nowhere(
                "E0806",
                format!("`{path}` leads out of the site"),
                "link to a file below content/".to_owned(),
            );
        };
        let c = self.atlas.catalogue;
        let standing = if let Some(entry) = c.entry_of(&file) {
            if let Some(page) = self.atlas.page_of(Noun::of(entry), &entry.common().id) {
                return self.to_page(&page, tail);
            }
            Some(entry.common()).filter(|c| c.legible).map(|common| common.standing(c.audience().as_of))
        } else if let Some(path) = self.atlas.kin.leads(&file, &self.atlas.site.language) {
            return Target::Here { url: [self.origin, &path].concat(), fragment: None };
        } else if let Some(standing) = self.atlas.kin.standing(&file) {
            standing
        } else {
            let near = nearest(file.path(), c.everything().map(|(f, _)| f.path()));
            return Target::Nowhere("E0806", format!("there is no file {file}"), near);
        };
        let why = match standing {
            // What is wrong is in that file, and is said there.
            None => return Target::Here { url: path.to_owned(), fragment: None },
            Some(Standing::Public) => "nothing public speaks of it, so it has no page",
            Some(Standing::Draft) => "it is a draft",
            Some(Standing::Embargoed(_)) => "it is under embargo",
            Some(Standing::Scheduled(_)) => "it appears later",
            Some(Standing::Expired(_)) => "it has expired",
        };
        let help = "link to it once it is there".to_owned();
        Target::Nowhere("E0806", format!("{file} is not on the site: {why}"), help)
    }

    /// A link to a path on the site.
    fn to_path(&self, path: &str, tail: Option<&str>) -> Result<Target, String> {
        let bare = path.split('?').next().unwrap_or(path);
        let text = decode(bare);
        if let Some(asset) = self.press.assets.get(text.trim_start_matches('/')) {
            return Ok(Target::Here {
                url: format!("{}{}{}", self.origin, self.atlas.site.root_path(), asset.route.url()),
                fragment: None,
            });
        }
        let slashed = if text.ends_with('/') { text.clone() } else { format!("{text}/") };
        for candidate in [text.as_str(), slashed.as_str()] {
            let Some(route) = Route::parse(candidate) else { continue };
            if let Some(page) = self.atlas.at(&route) {
                return Ok(match page {
                    Page::Redirect(r) => self.to_page(&self.atlas.leads(&r).unwrap_or(Page::Redirect(r)), tail),
                    _ => self.to_route(route, tail),
                });
            }
            if self.press.assets.at(&route).is_some() {
                return Ok(Target::Here {
                    url: format!("{}{}{}", self.origin, self.atlas.site.root_path(), route.url()),
                    fragment: None,
                });
            }
        }
        Err(text)
    }

    fn no_page(&self, text: &str) -> Target {
        let c = self.atlas.catalogue;
        let pages: Vec<String> = [Noun::Article, Noun::Page, Noun::Company, Noun::Person, Noun::Tag, Noun::Thread]
            .into_iter()
            .flat_map(|n| c.ids(n).filter_map(move |id| self.atlas.page_of(n, id)))
            .map(|p| self.atlas.route(&p).url().into_owned())
            .collect();
        let near = nearest(text, pages.iter().map(String::as_str));
        let help = if near.starts_with("did") { near } else { String::new() };
        Target::Nowhere("E0806", format!("there is no page at `{text}` in this edition"), help)
    }

    /// A file beside the entry, and its name.
    fn neighbour(&self, destination: &str) -> Result<(FileId, String), Problem> {
        let help = "put the file beside the text, or below its folder, and refer to it by its name".to_owned();
        if crate::entry::is_page(destination) {
            let message = format!("`{destination}` would run in readers' browsers, and is not published with a text");
            return Err(("E0813", message, "put pages and programs into static/root/ and link to /NAME".to_owned()));
        }
        let Some(name) = crate::entry::relative_file(destination) else {
            return Err(("E0813", format!("`{destination}` is no file beside this text"), help));
        };
        let file = self.common.file.beside(&name);
        if !self.common.files.contains(&name) || !self.texts.has(&file) {
            return Err(("E0813", format!("there is no file {file}"), help));
        }
        Ok((file, name))
    }

    /// The address of a file beside the entry: of an image, that of what is made of it for everybody.
    fn media(&self, destination: &str) -> Result<String, Problem> {
        let (file, name) = self.neighbour(destination)?;
        if self.atlas.site.images.enabled && Format::named(&name).is_some() {
            self.texts.original(&file, super::look).map_err(problem)?;
            if let Some(set) = self.atlas.image_set(&file, None) {
                return Ok(self.path(&Page::Rendition(set.fallback)));
            }
        }
        Ok(self.path(&Page::Media(self.noun, self.common.id.clone(), name)))
    }

    fn path(&self, page: &Page) -> String {
        format!("{}{}", self.origin, self.atlas.path(page))
    }

    /// An image of which other files are made.
    pub fn shown(&self, set: &ImageSet) -> Picture {
        let size = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
        let widths = set.widths.iter().map(|r| format!("{} {}w", self.path(&Page::Rendition(r.clone())), r.cut));
        Picture {
            url: self.path(&Page::Rendition(set.fallback.clone())),
            size: Some((size(set.size.0), size(set.size.1))),
            srcset: widths.collect::<Vec<_>>().join(", "),
        }
    }

    /// The picture of a file beside the entry.
    fn picture(&self, file: &FileId, name: String) -> Result<Picture, Problem> {
        let is_drawing = name.to_ascii_lowercase().ends_with(".svg");
        let known = if is_drawing {
            let bytes = self.texts.bytes(file).map_err(|d| problem(d.into()))?;
            super::drawing::size(&bytes)
        } else if self.atlas.site.images.enabled || Format::named(&name).is_some() {
            let image = self.texts.original(file, super::look).map_err(problem)?;
            if let Some(set) = self.atlas.image_set(file, None) {
                return Ok(self.shown(&set));
            }
            Some((image.width as usize, image.height as usize))
        } else {
            None
        };
        let url = self.path(&Page::Media(self.noun, self.common.id.clone(), name));
        Ok(Picture { url, size: known, srcset: String::new() })
    }
}

fn problem(unfit: Unfit) -> Problem {
    (unfit.code, unfit.message, unfit.help)
}

/// A path relative to a file's folder, inside `content/`.
fn resolve(from: &FileId, path: &str) -> Option<FileId> {
    let mut parts: Vec<&str> = from.folder().split('/').filter(|c| !c.is_empty()).collect();
    for c in path.split('/') {
        match c {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            c => parts.push(c),
        }
    }
    (parts.first() == Some(&"content")).then(|| FileId::new(&parts.join("/")))
}

/// The scheme of an address, where it has one.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let fits = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    fits.then_some(scheme)
}

impl World for Here<'_> {
    fn link(&self, destination: &str) -> Target {
        let site = self.atlas.site;
        let own =
            destination.strip_prefix(site.base_url.as_str()).filter(|r| r.is_empty() || r.starts_with(['/', '#']));
        let text = own.map_or(destination, |r| if r.is_empty() { "/" } else { r });
        if text.trim().is_empty() {
            let help = "write it between the parentheses, or take the brackets away".to_owned();
            return Target::Nowhere("E0806", "the link has no address".to_owned(), help);
        }
        if let Some(scheme) = scheme(text) {
            return match scheme.to_ascii_lowercase().as_str() {
                "http" | "https" => Target::Elsewhere,
                "mailto" | "tel" => Target::Here { url: text.to_owned(), fragment: None },
                _ => Target::Nowhere(
                    "W0814",
                    format!("`{scheme}:` addresses are not published"),
                    "the words stay, the link goes; use https:, mailto: or tel:".to_owned(),
                ),
            };
        }
        if text.starts_with("//") {
            return Target::Elsewhere;
        }
        let (path, tail) = fragment_of(text);
        if path.is_empty() {
            let target = self.to_page(&self.page, tail);
            return match target {
                // Within the page itself a bare fragment is enough, and works in previews of one file.
                Target::Here { fragment, .. } if self.origin.is_empty() => {
                    Target::Here { url: text.to_owned(), fragment }
                }
                other => other,
            };
        }
        if path.starts_with('/') {
            return self.to_path(path, tail).unwrap_or_else(|text| match own {
                // The address names the site's host: what is not of this edition may be elsewhere on that host.
                Some(_) => Target::Elsewhere,
                None => self.no_page(&text),
            });
        }
        if path.ends_with(".md") {
            return self.to_source(path, tail);
        }
        match self.media(path) {
            Ok(url) => Target::Here { url, fragment: None },
            Err((code, message, help)) => Target::Nowhere(code, message, help),
        }
    }

    fn image(&self, destination: &str) -> Result<Picture, Problem> {
        if scheme(destination).is_some_and(|s| s.eq_ignore_ascii_case("https")) {
            return Ok(Picture { url: destination.to_owned(), ..Picture::default() });
        }
        if let Some(scheme) = scheme(destination) {
            return Err((
                "W0814",
                format!("images from `{scheme}:` addresses are not published"),
                "put the image beside the text".to_owned(),
            ));
        }
        if destination.starts_with('/') {
            return match self.press.assets.get(destination.trim_start_matches('/')) {
                Some(a) => Ok(Picture {
                    url: format!("{}{}{}", self.origin, self.atlas.site.root_path(), a.route.url()),
                    size: a.size,
                    srcset: String::new(),
                }),
                None => Err((
                    "E0813",
                    format!("there is no file static{destination}"),
                    "put the image beside the text, or into static/".to_owned(),
                )),
            };
        }
        let (file, name) = self.neighbour(destination)?;
        self.picture(&file, name)
    }

    fn names(&self, text: &str, from: &Range<usize>) -> Vec<Mention> {
        let Some(source) = self.linked else { return Vec::new() };
        let (names, may) = (&self.press.names, |noun: Noun, id: &Id| self.atlas.has_page(noun, id));
        if source.holds(text, from) {
            names.at(source.spots(names), from.start, text, may)
        } else {
            names.find(text, may)
        }
    }

    fn page_of(&self, name: &Mention) -> String {
        let path = self.atlas.url_of(name.noun, &name.id);
        [self.origin, &*path.unwrap_or_else(|| self.atlas.path(&Page::Home).into())].concat()
    }
}

/// The page on which an entry's text stands.
#[must_use]
pub fn page_of_text(atlas: &Atlas<'_>, noun: Noun, entry: &Common) -> Page {
    atlas.page_of(noun, &entry.id).unwrap_or(Page::Home)
}
