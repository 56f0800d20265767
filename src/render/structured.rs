//! Structured data for search engines (schema.org 30, JSON-LD 1.1). Its text cannot close the script element it stands in.

mod dataset;
mod translations;

use super::lead::Shared;
use crate::locale::Locale;
use crate::model::{Article, Date};
use crate::pages::{Crumb, Document, Head, LdCompany, LdParty, LdPerson, Subject};
use crate::site::Site;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io;

/// All that is said on one page. Here and below, fields stand in the order of the names that are printed.
#[derive(Serialize)]
struct Graph<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@graph")]
    graph: Vec<Node<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Node<'a> {
    Site(SiteLd<'a>),
    Publisher(Organization<'a>),
    Article(Box<ArticleLd<'a>>),
    Company(Box<LdCompany<'a>>),
    Person(PersonLd<'a>),
    Page(PageLd<'a>),
    Data(Box<dataset::DataLd<'a>>),
    Trail(Trail<'a>),
}

#[derive(Serialize)]
struct SiteLd<'a> {
    #[serde(rename = "@id")]
    id: String,
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    #[serde(rename = "inLanguage")]
    language: &'a str,
    name: &'a str,
    publisher: Reference,
    url: String,
}

#[derive(Serialize)]
struct Reference {
    #[serde(rename = "@id")]
    id: String,
}

#[derive(Default, Serialize)]
struct Organization<'a> {
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<ImageObject<'a>>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
struct ImageObject<'a> {
    #[serde(rename = "creditText", skip_serializing_if = "Option::is_none")]
    credit: Option<&'a str>,
    height: usize,
    url: &'a str,
    width: usize,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Author<'a> {
    Person(&'a LdPerson<'a>),
    Desk(Organization<'a>),
}

#[derive(Serialize)]
struct ArticleLd<'a> {
    #[serde(rename = "@id")]
    id: String,
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    about: &'a [LdParty<'a>],
    author: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    citation: Vec<CreativeWork<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    correction: Vec<CorrectionComment<'a>>,
    #[serde(rename = "dateModified")]
    modified: Option<&'a str>,
    #[serde(rename = "datePublished")]
    published: Option<&'a str>,
    description: &'a str,
    headline: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    image: Vec<ImageObject<'a>>,
    #[serde(rename = "inLanguage")]
    language: &'a str,
    #[serde(rename = "isPartOf")]
    part_of: WebSite<'a>,
    #[serde(rename = "mainEntityOfPage")]
    page: WebPage<'a>,
    publisher: Organization<'a>,
    #[serde(rename = "translationOfWork", skip_serializing_if = "Option::is_none")]
    original: Option<translations::Told<'a>>,
    url: &'a str,
    #[serde(rename = "workTranslation", skip_serializing_if = "Vec::is_empty")]
    translations: Vec<translations::Told<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
struct CreativeWork<'a> {
    #[serde(rename = "datePublished", skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    name: String,
    publisher: Organization<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
struct CorrectionComment<'a> {
    #[serde(rename = "datePublished")]
    published: String,
    text: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
struct WebSite<'a> {
    name: &'a str,
    url: String,
}

#[derive(Serialize)]
struct WebPage<'a> {
    #[serde(rename = "@id")]
    id: &'a str,
    #[serde(rename = "@type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct PersonLd<'a> {
    #[serde(rename = "@id")]
    id: String,
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "jobTitle", skip_serializing_if = "Option::is_none")]
    post: Option<&'a str>,
    name: &'a str,
    url: &'a str,
}

#[derive(Serialize)]
struct PageLd<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    description: &'a str,
    #[serde(rename = "inLanguage")]
    language: &'a str,
    name: &'a str,
    url: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "@type", rename = "BreadcrumbList")]
struct Trail<'a> {
    #[serde(rename = "itemListElement")]
    items: Vec<ListItem<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
struct ListItem<'a> {
    item: String,
    name: &'a str,
    position: usize,
}

/// The structured data of a page, safe inside a script element.
#[must_use]
pub fn print(site: &Site, words: &Locale, page: &Document<'_>, images: &[Shared], logo: Option<&Shared>) -> String {
    let head = &page.head;
    let url = head.url.as_str();
    let plain = |kind| {
        let (description, language, name) = (head.description.as_ref(), head.language, head.title.as_ref());
        Node::Page(PageLd { kind, description, language, name, url })
    };
    let mut graph = match &head.subject {
        Subject::Site => {
            let publisher = publisher(site, logo);
            let whole = SiteLd {
                id: format!("{}/#website", site.base_url),
                kind: "WebSite",
                description: &site.description,
                language: &site.language,
                name: &site.title,
                publisher: Reference { id: publisher.id.clone().unwrap_or_default() },
                url: home(site),
            };
            vec![Node::Site(whole), Node::Publisher(publisher)]
        }
        Subject::Article { article, authors, about } => {
            vec![Node::Article(Box::new(news(site, words, head, article, (authors, about), images, logo)))]
        }
        Subject::Company(c) => vec![Node::Company(Box::new(LdCompany::described(c, url)))],
        Subject::Person(p) => vec![Node::Person(PersonLd {
            id: format!("{url}#person"),
            kind: "Person",
            post: p.posts.iter().find(|post| post.to.is_none()).map(|post| post.title.as_str()),
            name: &p.common.title,
            url,
        })],
        Subject::Data(files) => {
            vec![plain("CollectionPage"), Node::Data(Box::new(dataset::data(site, words, head, files, logo)))]
        }
        Subject::Collection => vec![plain("CollectionPage")],
        Subject::Plain => vec![plain("WebPage")],
    };
    if head.trail.len() > 1 {
        graph.push(Node::Trail(breadcrumbs(site, &head.trail)));
    }
    in_script(&Graph { context: "https://schema.org", graph })
}

/// A value as JSON that stays inside its script element.
pub fn in_script(value: &impl Serialize) -> String {
    let mut out = Vec::with_capacity(4096);
    // Writing texts and numbers to memory does not fail.
    let written = value.serialize(&mut Serializer::with_formatter(&mut out, InScript));
    written.ok().and_then(|()| String::from_utf8(out).ok()).unwrap_or_default()
}

fn news<'a>(
    site: &'a Site,
    words: &Locale,
    head: &'a Head<'_>,
    article: &'a Article,
    (authors, about): (&'a [LdPerson<'a>], &'a [LdParty<'a>]),
    images: &'a [Shared],
    logo: Option<&'a Shared>,
) -> ArticleLd<'a> {
    let mut author: Vec<Author<'_>> = authors.iter().map(Author::Person).collect();
    if author.is_empty() {
        author.push(Author::Desk(Organization { url: Some(home(site)), ..organization(&site.publisher) }));
    }
    let citation = article.sources.iter().map(|s| CreativeWork {
        published: s.date.map(Date::machine),
        name: s.title.clone().unwrap_or_else(|| words.source(&s.publisher, &s.kind)),
        publisher: organization(&s.publisher),
        url: s.url.as_deref(),
    });
    let corrections = article.corrections.iter().filter(|c| c.kind != "update");
    let (original, translations) = translations::told(head, site.is_main());
    let correction = corrections.map(|c| CorrectionComment { published: c.date.machine(), text: &c.text });
    ArticleLd {
        id: format!("{}#article", head.url),
        kind: "NewsArticle",
        about,
        author,
        citation: citation.collect(),
        correction: correction.collect(),
        modified: head.modified.as_deref().or(head.published.as_deref()),
        published: head.published.as_deref(),
        description: &article.common.description,
        headline: &article.common.title,
        image: images.iter().map(image_object).collect(),
        language: head.language,
        part_of: WebSite { name: &site.title, url: home(site) },
        page: WebPage { id: &head.url, kind: "WebPage" },
        publisher: publisher(site, logo),
        original,
        url: &head.url,
        translations,
    }
}

/// Scheme and host of the site.
pub fn origin(site: &Site) -> &str {
    site.base_url.strip_suffix(site.base_path.as_str()).unwrap_or(&site.base_url)
}

fn home(site: &Site) -> String {
    format!("{}/", site.base_url)
}

fn organization(name: &str) -> Organization<'_> {
    Organization { kind: "Organization", name, ..Organization::default() }
}

fn publisher<'a>(site: &'a Site, logo: Option<&'a Shared>) -> Organization<'a> {
    Organization {
        id: Some(format!("{}/#publisher", site.base_url)),
        logo: logo.map(image_object),
        url: Some(home(site)),
        ..organization(&site.publisher)
    }
}

fn image_object(i: &Shared) -> ImageObject<'_> {
    ImageObject { credit: i.credit.as_deref(), height: i.height, url: &i.url, width: i.width }
}

fn breadcrumbs<'a>(site: &Site, trail: &'a [Crumb<'_>]) -> Trail<'a> {
    let origin = origin(site);
    let led = trail.iter().filter_map(|l| Some((l.title.as_ref(), l.url.as_deref()?))).enumerate();
    let items = led.map(|(i, (name, url))| ListItem { item: format!("{origin}{url}"), name, position: i + 1 });
    Trail { items: items.collect() }
}

/// JSON that stays inside its script element whatever a headline says.
struct InScript;

impl Formatter for InScript {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut done = 0;
        let bytes = fragment.as_bytes();
        for (at, b) in bytes.iter().enumerate() {
            let (escaped, length): (&[u8], usize) = match b {
                b'<' => (b"\\u003c", 1),
                b'>' => (b"\\u003e", 1),
                b'&' => (b"\\u0026", 1),
                0xe2 if bytes[at..].starts_with("\u{2028}".as_bytes()) => (b"\\u2028", 3),
                0xe2 if bytes[at..].starts_with("\u{2029}".as_bytes()) => (b"\\u2029", 3),
                _ => continue,
            };
            out.write_all(&bytes[done..at])?;
            out.write_all(escaped)?;
            done = at + length;
        }
        out.write_all(&bytes[done..])
    }
}
