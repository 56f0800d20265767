//! Structured data for search engines (schema.org 30, JSON-LD 1.1). Its text cannot close the script element it stands in.

use crate::pages::{Crumb, Document, Subject};
use crate::site::Site;
use serde_json::{Map, Value, json};

/// The image of a page.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Shared {
    /// Absolute.
    pub url: String,
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
    /// For those who do not see it.
    pub alt: String,
}

/// The structured data of a page, safe inside a script element.
#[must_use]
pub fn print(site: &Site, page: &Document<'_>, image: Option<&Shared>, logo: Option<&Shared>) -> String {
    let origin = site.base_url.strip_suffix(site.base_path.as_str()).unwrap_or(&site.base_url);
    let mut graph: Vec<Value> = Vec::new();
    let url = page.head.url.as_str();
    let publisher = publisher(site, logo);
    match &page.head.subject {
        Subject::Site => {
            let mut ld = json!({"@type": "WebSite", "@id": format!("{}/#website", site.base_url), "name": site.title, "url": format!("{}/", site.base_url), "inLanguage": site.language, "publisher": {"@id": publisher["@id"]}});
            if !site.description.is_empty() {
                ld["description"] = json!(site.description);
            }
            graph.push(ld);
            graph.push(publisher);
        }
        Subject::Article { article, authors, about } => {
            let people = authors.iter().map(|p| {
                let mut m = Map::from_iter([("@type".to_owned(), json!("Person")), ("name".to_owned(), json!(p.name))]);
                if let Some(url) = &p.url {
                    m.insert("url".to_owned(), json!(url));
                }
                Value::Object(m)
            });
            let mut people: Vec<Value> = people.collect();
            if people.is_empty() {
                people.push(json!({"@type": "Organization", "name": site.publisher, "url": format!("{}/", site.base_url)}));
            }
            let modified = page.head.modified.as_ref().or(page.head.published.as_ref());
            let mut ld = json!({
                "@type": "NewsArticle", "@id": format!("{url}#article"), "headline": article.common.title,
                "description": article.common.description, "author": people, "datePublished": page.head.published,
                "dateModified": modified, "publisher": publisher, "mainEntityOfPage": {"@type": "WebPage", "@id": url},
                "url": url, "inLanguage": page.head.language,
                "isPartOf": {"@type": "WebSite", "name": site.title, "url": format!("{}/", site.base_url)},
            });
            if let Some(i) = image {
                ld["image"] = json!([{"@type": "ImageObject", "url": i.url, "width": i.width, "height": i.height}]);
            }
            if !about.is_empty() {
                ld["about"] = Value::Array(about.clone());
            }
            let citations: Vec<Value> = article.sources.iter().map(|s| {
                let mut m = Map::from_iter([("@type".to_owned(), json!("CreativeWork")), ("publisher".to_owned(), json!({"@type": "Organization", "name": s.publisher}))]);
                let name = s.title.clone().unwrap_or_else(|| format!("{}, {}", s.publisher, s.kind.replace('_', " ")));
                m.insert("name".to_owned(), json!(name));
                if let Some(url) = &s.url {
                    m.insert("url".to_owned(), json!(url));
                }
                if let Some(date) = s.date {
                    m.insert("datePublished".to_owned(), json!(date.machine()));
                }
                Value::Object(m)
            }).collect();
            if !citations.is_empty() {
                ld["citation"] = Value::Array(citations);
            }
            let corrections: Vec<Value> = article.corrections.iter().filter(|c| c.kind != "update").map(|c| json!({"@type": "CorrectionComment", "text": c.text, "datePublished": c.date.machine()})).collect();
            if !corrections.is_empty() {
                ld["correction"] = Value::Array(corrections);
            }
            graph.push(ld);
        }
        Subject::Company(c) => {
            let mut ld = crate::pages::company_ld(c, Some(url.to_owned()));
            ld["@id"] = json!(format!("{url}#company"));
            graph.push(ld);
        }
        Subject::Person(p) => {
            let mut ld = json!({"@type": "Person", "@id": format!("{url}#person"), "name": p.common.title, "url": url});
            if let Some(post) = p.posts.iter().find(|post| post.to.is_none()) {
                ld["jobTitle"] = json!(post.title);
            }
            graph.push(ld);
        }
        Subject::Collection => graph.push(json!({"@type": "CollectionPage", "name": page.head.title, "url": url, "description": page.head.description, "inLanguage": page.head.language})),
        Subject::Plain => graph.push(json!({"@type": "WebPage", "name": page.head.title, "url": url, "description": page.head.description, "inLanguage": page.head.language})),
    }
    if page.head.trail.len() > 1 {
        graph.push(breadcrumbs(origin, &page.head.trail));
    }
    escape(&json!({"@context": "https://schema.org", "@graph": graph}).to_string())
}

fn publisher(site: &Site, logo: Option<&Shared>) -> Value {
    let mut ld = json!({"@type": "Organization", "@id": format!("{}/#publisher", site.base_url), "name": site.publisher, "url": format!("{}/", site.base_url)});
    if let Some(l) = logo {
        ld["logo"] = json!({"@type": "ImageObject", "url": l.url, "width": l.width, "height": l.height});
    }
    ld
}

fn breadcrumbs(origin: &str, trail: &[Crumb<'_>]) -> Value {
    let items = trail.iter().filter(|l| l.url.is_some()).enumerate().map(|(i, l)| {
        json!({"@type": "ListItem", "position": i + 1, "name": l.title, "item": format!("{origin}{}", l.url.as_deref().unwrap_or(""))})
    });
    json!({"@type": "BreadcrumbList", "itemListElement": items.collect::<Vec<_>>()})
}

/// JSON that stays inside its script element whatever a headline says.
fn escape(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            c => out.push(c),
        }
    }
    out
}
