//! The site's settings, from site.toml. Never reads a file or the clock.

mod cards;
mod files;
mod images;
pub mod issues;
mod languages;
mod newsletter;
mod notices;
mod outputs;
mod targets;
mod theme;

use crate::diagnostic::{Diagnostic, FileId, Span, nearest};
use crate::model::Id;
pub use cards::Cards;
pub use files::{Crawlers, Data, Security};
pub use images::Images;
use jiff::tz::TimeZone;
pub use languages::Language;
pub use newsletter::{Mailbox, Newsletter};
pub use notices::{IndexNow, Notices, Purge, PurgeRequest};
pub use outputs::Outputs;
use serde::Deserialize;
use std::collections::BTreeMap;
pub use targets::{Address, Bucket, Compress, Target};
pub use theme::{COLOURS, Colour, Theme};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A link of the navigation.
#[derive(Clone, Debug, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct NavLink {
    /// The words.
    pub title: String,
    /// A path on the site, or an address.
    pub url: String,
}

/// Patterns of addresses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Permalinks {
    /// Of articles: `:year`, `:month`, `:day`, `:slug`.
    pub article: String,
}

impl Default for Permalinks {
    fn default() -> Self {
        Self { article: "/:year/:month/:slug/".to_owned() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    title: String,
    base_url: Spanned<String>,
    timezone: Spanned<String>,
    #[serde(default)]
    description: String,
    #[serde(default = "english")]
    language: Spanned<String>,
    publisher: Option<String>,
    #[serde(default)]
    permalinks: Permalinks,
    #[serde(default)]
    outputs: Outputs,
    #[serde(default)]
    nav: Vec<NavLink>,
    #[serde(default)]
    navigation_tags: Vec<Spanned<String>>,
    #[serde(default = "twenty")]
    page_size: Spanned<usize>,
    #[serde(default = "five_hundred")]
    ledger_page_size: Spanned<usize>,
    #[serde(default)]
    allow_html: bool,
    image: Option<SiteImage>,
    #[serde(default)]
    data: Data,
    #[serde(default = "three")]
    min_shared: Spanned<usize>,
    security: Option<Security>,
    #[serde(default)]
    crawlers: Crawlers,
    #[serde(default)]
    cards: cards::Raw,
    #[serde(default)]
    theme: theme::Raw,
    #[serde(default)]
    languages: BTreeMap<Spanned<String>, languages::Raw>,
    #[serde(default)]
    images: images::Raw,
    #[serde(default)]
    newsletter: newsletter::Raw,
    #[serde(default)]
    publish: BTreeMap<String, targets::Raw>,
    #[serde(default = "empty")]
    extra: toml::Value,
}

/// The picture that stands for the site where a page has none of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteImage {
    /// A file below `static/`.
    pub file: String,
    /// For those who do not see it.
    pub alt: String,
    /// Whether site.toml names it; else it may be missing.
    #[serde(skip)]
    pub is_set: bool,
}

fn english() -> Spanned<String> {
    Spanned::new(0..0, "en".to_owned())
}
fn three() -> Spanned<usize> {
    Spanned::new(0..0, 3)
}
fn twenty() -> Spanned<usize> {
    Spanned::new(0..0, 20)
}
fn five_hundred() -> Spanned<usize> {
    Spanned::new(0..0, 500)
}
fn empty() -> toml::Value {
    toml::Value::Table(toml::Table::new())
}

/// The path of a base address without a slash at its end; `None` when it is no such address.
fn base_path(base: &str) -> Option<String> {
    let after = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://"))?;
    let fits = after.is_ascii()
        && !after.is_empty()
        && !after.starts_with('/')
        && !after.contains(['?', '#', '"', '<', '>', ' ']);
    fits.then(|| after.find('/').map(|i| after[i..].to_owned()).unwrap_or_default())
}

/// The settings of a site.
#[derive(Clone, Debug)]
pub struct Site {
    /// The site's name.
    pub title: String,
    /// One sentence.
    pub description: String,
    /// Origin and path, without a trailing slash.
    pub base_url: String,
    /// The path part of `base_url`, without a trailing slash; mostly empty.
    pub base_path: String,
    /// The zone of times without an offset, and of printed dates.
    pub zone: TimeZone,
    /// BCP 47.
    pub language: String,
    /// How its language is called in the switch, where site.toml says it.
    pub language_name: Option<String>,
    /// Its further languages, in order of their tags.
    pub languages: Vec<Language>,
    /// The part of `base_path` that is a further language's own: `/zh-hans`. Empty in the main language.
    pub prefix: String,
    /// Who publishes it.
    pub publisher: String,
    /// Patterns of addresses.
    pub permalinks: Permalinks,
    /// Which kinds of pages are made.
    pub outputs: Outputs,
    /// The navigation.
    pub nav: Vec<NavLink>,
    /// Tags in the navigation.
    pub topics: Vec<Id>,
    /// Articles on one page of a list.
    pub page_size: usize,
    /// Deals on one page of the ledger.
    pub ledger_page_size: usize,
    /// Whether raw HTML in Markdown is kept as it is.
    pub allow_html: bool,
    /// The site's picture.
    pub image: SiteImage,
    /// What is said of the deals as data.
    pub data: Data,
    /// Articles that two tags share before they have a page together.
    pub min_shared: usize,
    /// Whom to tell of a security problem.
    pub security: Option<Security>,
    /// Who may crawl what.
    pub crawlers: Crawlers,
    /// The social cards.
    pub cards: Cards,
    /// Its colours and faces.
    pub theme: Theme,
    /// The images of texts.
    pub images: Images,
    /// Its newsletters.
    pub newsletter: Newsletter,
    /// Where it is published to, by name.
    pub publish: BTreeMap<String, Target>,
    /// Free values for templates.
    pub extra: serde_json::Value,
}

/// The settings as they are written, without those that nobody knows.
fn raw(file: &FileId, text: &str, findings: &mut Vec<Diagnostic>) -> Option<Raw> {
    let wrong = |e: &toml::de::Error| {
        let span = e.span().map_or(Span::new(0, 0), |r| Span::new(r.start, r.end));
        let mut d =
            Diagnostic::at("E1001", file, span, e.message().to_owned()).help("docs/site-toml.md lists every setting");
        let quoted: Vec<&str> = e.message().split('`').skip(1).step_by(2).collect();
        if let (true, [unknown, known @ ..]) = (e.message().starts_with("unknown field"), quoted.as_slice()) {
            d.message = format!("unknown setting `{unknown}`");
            d.help = nearest(unknown, known.iter().copied());
        } else if let (true, [name]) = (e.message().starts_with("missing field"), quoted.as_slice()) {
            d.message = format!("the setting `{name}` is missing");
            d.help = format!("add `{name} = …`; docs/site-toml.md describes it");
        }
        d
    };
    let mut table = DeTable::parse(text).map_err(|e| findings.push(wrong(&e))).ok()?;
    loop {
        match Raw::deserialize(toml::Deserializer::from(table.clone())) {
            Ok(raw) => return Some(raw),
            Err(mut e) => {
                e.set_input(Some(text));
                findings.push(wrong(&e));
                // What nobody knows is taken out, so that the rest is looked at as well.
                let unknown = e.message().starts_with("unknown field");
                if !unknown || !e.span().is_some_and(|span| take_out(table.get_mut(), &span)) {
                    return None;
                }
            }
        }
    }
}

/// Takes a setting out by its place; returns whether it was there.
fn take_out(table: &mut DeTable<'_>, place: &std::ops::Range<usize>) -> bool {
    let named = table.keys().find(|key| key.span() == *place).cloned();
    named.is_some_and(|key| table.remove(&key).is_some())
        || table.iter_mut().any(|(_, value)| match value.get_mut() {
            DeValue::Table(inner) => take_out(inner, place),
            DeValue::Array(items) => items.iter_mut().any(|item| match item.get_mut() {
                DeValue::Table(inner) => take_out(inner, place),
                _ => false,
            }),
            _ => false,
        })
}

impl Site {
    /// Puts another base address in place of the one in site.toml.
    ///
    /// # Errors
    /// E1002 when it is none.
    pub fn move_to(&mut self, base_url: &str) -> Result<(), Diagnostic> {
        let base = base_url.trim_end_matches('/');
        let path = base_path(base).ok_or_else(|| {
            Diagnostic::bare("E1002", format!("`{base_url}` is no base address"))
                .help("expected https://host or https://host/path")
        })?;
        self.base_path = path;
        base.clone_into(&mut self.base_url);
        Ok(())
    }

    /// Reads site.toml.
    ///
    /// # Errors
    /// E1001 for what is no TOML, has an unknown or missing key or a wrong type; E1002 for values that cannot be.
    pub fn read(file: &FileId, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let mut findings = Vec::new();
        let Some(raw) = raw(file, text, &mut findings) else { return Err(findings) };
        let mut find = |span: std::ops::Range<usize>, message: String, label: &str| {
            findings.push(Diagnostic::at("E1002", file, Span::new(span.start, span.end), message).label(label));
        };
        let base = raw.base_url.get_ref().trim_end_matches('/').to_owned();
        let path = base_path(&base);
        if path.is_none() {
            find(
                raw.base_url.span(),
                format!("`{base}` is no base address"),
                if base.is_ascii() {
                    "expected https://host or https://host/path"
                } else {
                    "expected ASCII: in a host, other letters are written as xn--…"
                },
            );
        }
        let zone = TimeZone::get(raw.timezone.get_ref());
        if zone.is_err() {
            find(
                raw.timezone.span(),
                format!("`{}` is no time zone", raw.timezone.get_ref()),
                "expected a name such as Europe/Helsinki or UTC",
            );
        }
        for (size, most) in [(&raw.page_size, 200), (&raw.ledger_page_size, 2000)] {
            if *size.get_ref() == 0 || *size.get_ref() > most {
                find(size.span(), format!("{} is no page size", size.get_ref()), &format!("expected 1 to {most}"));
            }
        }
        let mut topics = Vec::new();
        for tag in &raw.navigation_tags {
            match Id::parse(tag.get_ref()) {
                Some(id) => topics.push(id),
                None => {
                    find(tag.span(), format!("`{}` is no id of a tag", tag.get_ref()), "expected a-z, 0-9 and hyphens");
                }
            }
        }
        if !crate::model::is_language(raw.language.get_ref()) {
            let text = format!("`{}` is no language tag", raw.language.get_ref());
            find(raw.language.span(), text, "expected en, en-GB or zh-Hans");
        }
        if *raw.min_shared.get_ref() == 0 {
            find(raw.min_shared.span(), "0 is no number of articles".to_owned(), "expected 1 or more");
        }
        files::check(text, raw.security.as_ref(), &raw.crawlers, &mut find);
        if raw.title.trim().is_empty() {
            find(0..0, "the site has no title".to_owned(), "expected `title = \"…\"`");
        }
        let pattern = &raw.permalinks.article;
        let sample = [":year", ":month", ":day", ":slug"].iter().fold(pattern.clone(), |p, w| p.replace(w, "x"));
        let is_route = pattern.ends_with('/') && crate::model::Route::parse(&sample).is_some();
        if !is_route || pattern.matches(":slug").count() != 1 {
            let at = text.find(pattern.as_str()).map_or(0..0, |i| i..i + pattern.len());
            find(at, format!("`{pattern}` is no pattern of article addresses"), "expected /…/:slug/");
        }
        let (language_name, languages) = languages::read(raw.language.get_ref(), raw.languages, &mut find);
        let (cards, theme) = (cards::read(file, raw.cards, &mut findings), theme::read(file, raw.theme, &mut findings));
        let images = images::read(file, raw.images, &mut findings);
        let newsletter = newsletter::read(file, raw.newsletter, &mut findings);
        let publish = targets::read(file, raw.publish, &mut findings);
        let Ok(zone) = zone else { return Err(findings) };
        if !findings.is_empty() {
            return Err(findings);
        }
        Ok(Self {
            publisher: raw.publisher.unwrap_or_else(|| raw.title.clone()),
            title: raw.title,
            description: raw.description,
            base_url: base,
            base_path: path.unwrap_or_default(),
            zone,
            language: raw.language.into_inner(),
            language_name,
            languages,
            prefix: String::new(),
            permalinks: raw.permalinks,
            outputs: raw.outputs,
            nav: raw.nav,
            topics,
            page_size: raw.page_size.into_inner(),
            ledger_page_size: raw.ledger_page_size.into_inner(),
            allow_html: raw.allow_html,
            image: raw.image.map_or_else(
                || SiteImage { file: "card.png".into(), alt: "The site's card".into(), is_set: false },
                |image| SiteImage { is_set: true, ..image },
            ),
            data: raw.data,
            min_shared: raw.min_shared.into_inner(),
            security: raw.security,
            crawlers: raw.crawlers,
            cards,
            theme,
            images,
            newsletter,
            publish,
            extra: serde_json::to_value(&raw.extra).unwrap_or_default(),
        })
    }
}
