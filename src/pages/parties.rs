//! Companies and people in schema.org's words, for structured data. They borrow; they know no pages.

use crate::model::Company;
use serde::Serialize;
use std::borrow::Cow;

/// A person in schema.org's words.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "@type", rename = "Person")]
pub struct LdPerson<'a> {
    /// The name alone.
    pub name: &'a str,
    /// The page, absolute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A company in schema.org's words. Fields stand in the order of the names that are printed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LdCompany<'a> {
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "legalName", skip_serializing_if = "Option::is_none")]
    legal_name: Option<&'a str>,
    #[serde(rename = "leiCode", skip_serializing_if = "Option::is_none")]
    lei: Option<&'a str>,
    name: &'a str,
    #[serde(rename = "sameAs", skip_serializing_if = "Vec::is_empty")]
    same: Vec<Cow<'a, str>>,
    #[serde(rename = "tickerSymbol", skip_serializing_if = "Option::is_none")]
    ticker: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl<'a> LdCompany<'a> {
    /// A company that is only named: with the address of its page where it has one.
    #[must_use]
    pub fn named(c: &'a Company, url: Option<String>) -> Self {
        let wikidata = c.wikidata.as_ref().map(|q| format!("https://www.wikidata.org/entity/{q}").into());
        Self {
            id: None,
            kind: "Corporation",
            legal_name: c.legal_name.as_deref(),
            lei: c.lei.as_deref(),
            name: &c.common.title,
            same: wikidata.into_iter().chain(c.website.as_deref().map(Cow::from)).collect(),
            ticker: c.listings.first().map(|l| format!("{} {}", l.mic, l.ticker)),
            url,
        }
    }

    /// The company that the page at an address is about.
    #[must_use]
    pub fn described(c: &'a Company, url: &str) -> Self {
        Self { id: Some(format!("{url}#company")), ..Self::named(c, Some(url.to_owned())) }
    }
}

/// A party of a deal in schema.org's words.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "one variant a noun")]
pub enum LdParty<'a> {
    Company(Box<LdCompany<'a>>),
    Person(LdPerson<'a>),
}
