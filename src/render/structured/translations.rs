//! An article's original and its translations, for structured data.

use crate::pages::{Head, Version};
use serde::Serialize;

/// The same article in another language.
#[derive(Serialize)]
pub struct Told<'a> {
    #[serde(rename = "@id")]
    id: String,
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "inLanguage")]
    language: &'a str,
    url: &'a str,
}

/// What an article is a translation of, and what its translations are.
pub fn told<'a>(head: &'a Head<'_>, is_main: bool) -> (Option<Told<'a>>, Vec<Told<'a>>) {
    let told = |v: &'a Version| {
        let id = format!("{}#article", v.address);
        Told { id, kind: "NewsArticle", language: &v.language, url: &v.address }
    };
    let mut others = head.languages.iter().filter(|v| v.same && !v.current).map(told);
    if is_main { (None, others.collect()) } else { (others.next(), Vec::new()) }
}
