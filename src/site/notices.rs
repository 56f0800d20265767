//! Whom to tell after a publish, from `[publish.NAME.notify]` and `[publish.NAME.purge]` of site.toml. Knows no secrets:
//! `$NAME` stands for a variable of the environment.

use crate::diagnostic::{Diagnostic, FileId, Span};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// Who is told of what has changed. Nobody, unless site.toml says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// IndexNow, for search engines.
    pub indexnow: Option<IndexNow>,
    /// A WebSub hub, for readers of feeds.
    pub websub: Option<String>,
    /// The cache before the target.
    pub purge: Option<Purge>,
}

/// The key of IndexNow, which a file of the site repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexNow {
    /// 8 to 128 letters, digits and hyphens; no secret.
    pub key: String,
    /// Where addresses are sent.
    pub endpoint: String,
}

/// How a cache is emptied of what has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purge {
    /// By a request that site.toml spells out.
    Request(PurgeRequest),
    /// By an invalidation of Amazon's `CloudFront`.
    CloudFront {
        /// The distribution's name, such as `E2EXAMPLE12345`.
        distribution: String,
        /// Most paths that are named one by one, 1 to 3,000; where more have changed, everything is cleared.
        most: usize,
    },
}

/// A request that empties a cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurgeRequest {
    /// With `$URL` in it: one request for each address.
    pub url: String,
    /// Such as POST or PURGE.
    pub method: String,
    /// May hold `$NAME`.
    pub headers: BTreeMap<String, String>,
    /// `$URLS` stands for a JSON list of addresses.
    pub body: String,
    /// Most addresses in one request.
    pub batch: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawNotify {
    indexnow: Option<Spanned<String>>,
    indexnow_endpoint: Option<Spanned<String>>,
    websub: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPurge {
    url: Option<Spanned<String>>,
    cloudfront: Option<Spanned<String>>,
    #[serde(default = "post")]
    method: Spanned<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
    batch: Option<Spanned<usize>>,
}

fn post() -> Spanned<String> {
    Spanned::new(0..0, "POST".to_owned())
}

/// Reads who is told.
pub(super) fn read(
    file: &FileId,
    notify: Option<RawNotify>,
    purge: Option<Spanned<RawPurge>>,
    findings: &mut Vec<Diagnostic>,
) -> Notices {
    let mut find = |span: std::ops::Range<usize>, message: String, label: &str| {
        findings.push(Diagnostic::at("E1002", file, Span::new(span.start, span.end), message).label(label));
    };
    let mut notices = Notices::default();
    if let Some(raw) = notify {
        for url in [&raw.indexnow_endpoint, &raw.websub].into_iter().flatten().filter(|u| !is_web(u.get_ref())) {
            find(url.span(), format!("`{}` is no address of a service", url.get_ref()), "expected https://host/path");
        }
        let is_key =
            |k: &str| (8..=128).contains(&k.len()) && k.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if let Some(key) = raw.indexnow.as_ref().filter(|k| !is_key(k.get_ref())) {
            let label = "expected 8 to 128 letters, digits and hyphens";
            find(key.span(), format!("`{}` is no key of IndexNow", key.get_ref()), label);
        }
        let endpoint = raw.indexnow_endpoint.map(Spanned::into_inner);
        let endpoint = endpoint.unwrap_or_else(|| "https://api.indexnow.org/indexnow".to_owned());
        notices.indexnow = raw.indexnow.map(|key| IndexNow { key: key.into_inner(), endpoint });
        notices.websub = raw.websub.map(Spanned::into_inner);
    }
    if let Some(raw) = purge {
        let span = raw.span();
        let raw = raw.into_inner();
        let most = if raw.cloudfront.is_some() { 3_000 } else { 10_000 };
        if let Some(batch) = raw.batch.as_ref().filter(|b| !(1..=most).contains(b.get_ref())) {
            let label = format!("expected 1 to {most}");
            find(batch.span(), format!("{} addresses cannot be sent", batch.get_ref()), &label);
        }
        let batch = raw.batch.as_ref().map(|b| *b.get_ref());
        match (&raw.url, &raw.cloudfront) {
            (Some(url), None) => {
                if !is_web(url.get_ref()) && url.get_ref() != "$URL" {
                    let label = "expected https://host/path, or $URL";
                    find(url.span(), format!("`{}` is no address of a service", url.get_ref()), label);
                }
                let method = raw.method.get_ref();
                if method.is_empty() || !method.bytes().all(|b| b.is_ascii_uppercase()) {
                    find(raw.method.span(), format!("`{method}` is no method of HTTP"), "expected POST or PURGE");
                }
                notices.purge = Some(Purge::Request(PurgeRequest {
                    url: url.get_ref().clone(),
                    method: method.clone(),
                    headers: raw.headers,
                    body: raw.body,
                    batch: batch.unwrap_or(30),
                }));
            }
            (None, Some(name)) => {
                let distribution = name.get_ref().clone();
                if distribution.is_empty() || !distribution.bytes().all(|b| b.is_ascii_alphanumeric()) {
                    let label = "expected one such as E2EXAMPLE12345";
                    find(name.span(), format!("`{distribution}` is no distribution of CloudFront"), label);
                }
                notices.purge = Some(Purge::CloudFront { distribution, most: batch.unwrap_or(100) });
            }
            _ => find(span, "which cache is to be emptied is not clear".to_owned(), "expected `url` or `cloudfront`"),
        }
    }
    notices
}

/// Whether a text is an address of the web, without what could be a password.
pub(super) fn is_web(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|r| !r.is_empty() && !r.contains(['@', '?', '#', ' ']))
}
