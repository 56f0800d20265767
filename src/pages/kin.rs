//! Where a page stands in the other languages of a site. Knows no edition.

use super::{Atlas, Page, Sheet};
use crate::diagnostic::FileId;
use crate::model::Standing;
use serde::Serialize;

/// A language of the site, and where a page stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Version {
    /// BCP 47.
    pub language: String,
    /// What it calls itself.
    pub name: String,
    /// The path of the same page, or else of the nearest there is.
    pub url: String,
    /// Its canonical address.
    #[serde(skip)]
    pub address: String,
    /// Whether it is the page's own language.
    pub current: bool,
    /// Whether it is the same page.
    pub same: bool,
}

/// The address of a page in a language, for those who look for it there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alternate {
    /// BCP 47, or `x-default`.
    pub language: String,
    /// Canonical.
    pub url: String,
}

/// A page as a sitemap lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Canonical.
    pub address: String,
    /// Its last significant change.
    pub modified: Option<String>,
    /// The same in every language that it is in.
    pub alternates: Vec<Alternate>,
}

/// The other languages of a site.
pub trait Kin: Sync {
    /// Every language, the main one first, with where a page of the language `own` stands in it. Empty in a site of one.
    fn versions(&self, _page: &Page, _own: &str) -> Vec<Version> {
        Vec::new()
    }
    /// How many documents the others have.
    fn count(&self) -> usize {
        0
    }
    /// The documents of the others.
    fn listed(&self) -> Vec<Listed> {
        Vec::new()
    }
    /// The path of what a file says: in the language `own` where it is there, else in the file's own or the main one.
    fn leads(&self, _file: &FileId, _own: &str) -> Option<String> {
        None
    }
    /// How what a file says stands, in whichever language; nothing within it where it has no page for a fault of its own,
    /// of which is told there. `None` where there is no such file.
    fn standing(&self, _file: &FileId) -> Option<Option<Standing>> {
        None
    }
    /// Their old paths, with the new ones.
    fn redirects(&self) -> Vec<(String, String)> {
        Vec::new()
    }
    /// The addresses of their news sitemaps.
    fn news(&self) -> Vec<String> {
        Vec::new()
    }
}

/// There are no others.
impl Kin for () {}

/// The addresses of a page in the languages that have it, and last the one for everybody else: the main language's, or the
/// first. Empty where one language alone has it.
#[must_use]
pub fn alternates(versions: &[Version]) -> Vec<Alternate> {
    let same: Vec<&Version> = versions.iter().filter(|v| v.same).collect();
    let (Some(first), true) = (same.first(), same.len() > 1) else { return Vec::new() };
    let own = same.iter().map(|v| Alternate { language: v.language.clone(), url: v.address.clone() });
    own.chain([Alternate { language: "x-default".to_owned(), url: first.address.clone() }]).collect()
}

impl Page {
    /// Whether a page of another language can be its translation: an older part of a list holds other things there.
    #[must_use]
    pub fn is_parallel(&self) -> bool {
        !matches!(self, Self::NotFound) && *self == self.head()
    }

    /// The newest part of the list that this is a part of; else the page itself.
    #[must_use]
    pub fn head(&self) -> Self {
        match self {
            Self::Ledger(scope, _) => Self::Ledger(*scope, Sheet::HEAD),
            Self::Index(noun, _) => Self::Index(*noun, Sheet::HEAD),
            Self::Thing(noun, id, _) => Self::Thing(*noun, id.clone(), Sheet::HEAD),
            Self::Month(y, m, _) => Self::Month(*y, *m, Sheet::HEAD),
            Self::Pair(a, b, _) => Self::Pair(a.clone(), b.clone(), Sheet::HEAD),
            Self::Corrections(_) => Self::Corrections(Sheet::HEAD),
            Self::Newsletters(_) => Self::Newsletters(Sheet::HEAD),
            page => page.clone(),
        }
    }
}

impl Atlas<'_> {
    /// A page as a sitemap lists it.
    #[must_use]
    pub fn in_sitemap(&self, page: &Page) -> Listed {
        let alternates = alternates(&self.kin.versions(page, &self.site.language));
        Listed { address: self.address(page), modified: self.modified(page), alternates }
    }
}

/// How a language is written: `rtl` from the right, else `ltr`.
pub(super) fn dir(language: &str) -> &'static str {
    let mut parts = language.split('-');
    let is = |p: &str, of: &[&str]| of.iter().any(|o| o.eq_ignore_ascii_case(p));
    let lang = parts.next().unwrap_or_default();
    let from_the_right = is(lang, &["ar", "arc", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"]);
    let script = parts.next().filter(|p| p.len() == 4);
    if script.map_or(from_the_right, |s| is(s, &["Arab", "Hebr", "Thaa", "Syrc", "Nkoo"])) { "rtl" } else { "ltr" }
}

/// `en_GB` for `en-GB`; a language alone takes its largest country.
pub(super) fn og_locale(language: &str) -> String {
    let mut parts = language.split('-');
    let lang = parts.next().unwrap_or("en").to_ascii_lowercase();
    let region = parts.find(|p| p.len() == 2).map_or_else(
        || match lang.as_str() {
            "en" => "US".to_owned(),
            "zh" => "CN".to_owned(),
            "sv" => "SE".to_owned(),
            "da" => "DK".to_owned(),
            "ja" => "JP".to_owned(),
            "ko" => "KR".to_owned(),
            other => other.to_ascii_uppercase(),
        },
        str::to_ascii_uppercase,
    );
    [lang, "_".to_owned(), region].concat()
}
