//! The languages of a site besides its main one: `[languages.TAG]`. Knows no content.

use super::{NavLink, Site};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// A table of a language, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raw {
    name: Option<String>,
    title: Option<String>,
    description: Option<String>,
    publisher: Option<String>,
    path: Option<Spanned<String>>,
    #[serde(default)]
    nav: Vec<NavLink>,
}

/// A further language of a site.
#[derive(Clone, Debug)]
pub struct Language {
    /// BCP 47, as site.toml spells it.
    pub tag: String,
    /// How it is called in the switch, where site.toml says it.
    pub name: Option<String>,
    /// The site's name in it.
    pub title: Option<String>,
    /// One sentence in it.
    pub description: Option<String>,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// Where its pages stand: `/zh-hans`.
    pub prefix: String,
    /// Its navigation.
    pub nav: Vec<NavLink>,
}

impl Language {
    /// Whether a tag means this language.
    #[must_use]
    pub fn is(&self, tag: &str) -> bool {
        self.tag.eq_ignore_ascii_case(tag)
    }
}

/// Names that the pages of the main language have at the top.
const TAKEN: [&str; 10] =
    ["deals", "companies", "people", "tags", "threads", "corrections", "search", "newsletter", "assets", "page"];

/// The name of the main language, and the others.
pub fn read(
    main: &str,
    raw: BTreeMap<Spanned<String>, Raw>,
    find: &mut dyn FnMut(std::ops::Range<usize>, String, &str),
) -> (Option<String>, Vec<Language>) {
    let (mut own, mut all) = (None, Vec::<Language>::new());
    for (tag, raw) in raw {
        let (place, tag) = (tag.span(), tag.into_inner());
        if !crate::model::is_language(&tag) {
            find(place, format!("`{tag}` is no language tag"), "expected en, en-GB or zh-Hans");
            continue;
        }
        if tag.eq_ignore_ascii_case(main) {
            own = raw.name;
            continue;
        }
        if all.iter().any(|l| l.is(&tag)) {
            find(place, format!("the language `{tag}` stands here twice"), "in other capitals it is the same");
            continue;
        }
        let (at, path) = match raw.path {
            Some(path) => (path.span(), path.into_inner()),
            None => (place, tag.to_ascii_lowercase()),
        };
        let path = path.trim_matches('/').to_owned();
        let is_plain =
            !path.is_empty() && path.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let is_year = path.len() == 4 && path.bytes().all(|b| b.is_ascii_digit());
        let prefix = format!("/{path}");
        if !is_plain || is_year || TAKEN.contains(&path.as_str()) || all.iter().any(|l| l.prefix == prefix) {
            find(
                at,
                format!("the pages of `{tag}` cannot stand at `{prefix}/`"),
                "expected a name of its own, such as zh",
            );
            continue;
        }
        let Raw { name, title, description, publisher, nav, .. } = raw;
        all.push(Language { tag, name, title, description, publisher, prefix, nav });
    }
    (own, all)
}

impl Site {
    /// The settings as they are for the pages of a further language.
    #[must_use]
    pub fn in_language(&self, language: &Language) -> Self {
        let publisher =
            language.publisher.as_ref().or(language.title.as_ref().filter(|_| self.publisher == self.title));
        Self {
            title: language.title.as_ref().unwrap_or(&self.title).clone(),
            description: language.description.clone().unwrap_or_default(),
            publisher: publisher.unwrap_or(&self.publisher).clone(),
            base_url: [&self.base_url, &*language.prefix].concat(),
            base_path: [&self.base_path, &*language.prefix].concat(),
            language: language.tag.clone(),
            language_name: language.name.clone(),
            prefix: language.prefix.clone(),
            nav: language.nav.clone(),
            ..self.clone()
        }
    }

    /// Origin and path of the whole site, without a trailing slash.
    #[must_use]
    pub fn root_url(&self) -> &str {
        self.base_url.strip_suffix(&*self.prefix).unwrap_or(&self.base_url)
    }

    /// The path part of it.
    #[must_use]
    pub fn root_path(&self) -> &str {
        self.base_path.strip_suffix(&*self.prefix).unwrap_or(&self.base_path)
    }

    /// Whether these are the settings of the main language.
    #[must_use]
    pub fn is_main(&self) -> bool {
        self.prefix.is_empty()
    }
}
