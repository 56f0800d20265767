//! The ledger as a data set, for structured data.

use super::{Organization, Shared, origin, publisher};
use crate::locale::Locale;
use crate::pages::{DataFiles, Head};
use crate::site::Site;
use serde::Serialize;

/// The data set.
#[derive(Serialize)]
#[serde(tag = "@type", rename = "Dataset")]
pub struct DataLd<'a> {
    #[serde(rename = "@id")]
    id: String,
    #[serde(rename = "creditText")]
    citation: &'a str,
    creator: Organization<'a>,
    description: String,
    distribution: [Download<'a>; 2],
    #[serde(rename = "inLanguage")]
    language: &'a str,
    #[serde(rename = "isAccessibleForFree")]
    free: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'a str>,
    name: String,
    url: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "@type", rename = "DataDownload")]
struct Download<'a> {
    #[serde(rename = "contentUrl")]
    address: String,
    #[serde(rename = "encodingFormat")]
    format: &'a str,
}

/// Every deal of the site as a data set (schema.org/Dataset).
pub fn data<'a>(
    site: &'a Site,
    words: &Locale,
    head: &'a Head<'_>,
    files: &'a DataFiles,
    logo: Option<&'a Shared>,
) -> DataLd<'a> {
    let download = |path: &str, format| Download { address: format!("{}{path}", origin(site)), format };
    DataLd {
        id: format!("{}#data", head.url),
        citation: &files.citation,
        creator: publisher(site, logo),
        description: words.with("data-about", &[("site", (&site.title).into())]),
        distribution: [download(&files.csv, "text/csv"), download(&files.json, "application/json")],
        language: head.language,
        free: true,
        license: files.licence_url.as_deref().or(files.licence.as_deref()),
        name: format!("{} — {}", head.title, site.title),
        url: &head.url,
    }
}
