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

/// A request that empties a cache of what has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purge {
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
    url: Spanned<String>,
    #[serde(default = "post")]
    method: Spanned<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
    #[serde(default = "thirty")]
    batch: Spanned<usize>,
}

fn post() -> Spanned<String> {
    Spanned::new(0..0, "POST".to_owned())
}
fn thirty() -> Spanned<usize> {
    Spanned::new(0..0, 30)
}

/// Reads who is told.
pub(super) fn read(
    file: &FileId,
    notify: Option<RawNotify>,
    purge: Option<RawPurge>,
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
        let url = raw.url.get_ref();
        if !is_web(url) && url != "$URL" {
            find(raw.url.span(), format!("`{url}` is no address of a service"), "expected https://host/path, or $URL");
        }
        if raw.method.get_ref().is_empty() || !raw.method.get_ref().bytes().all(|b| b.is_ascii_uppercase()) {
            find(
                raw.method.span(),
                format!("`{}` is no method of HTTP", raw.method.get_ref()),
                "expected POST or PURGE",
            );
        }
        if !(1..=10_000).contains(raw.batch.get_ref()) {
            find(raw.batch.span(), format!("{} addresses cannot be sent", raw.batch.get_ref()), "expected 1 to 10000");
        }
        notices.purge = Some(Purge {
            url: raw.url.into_inner(),
            method: raw.method.into_inner(),
            headers: raw.headers,
            body: raw.body,
            batch: raw.batch.into_inner(),
        });
    }
    notices
}

/// Whether a text is an address of the web, without what could be a password.
pub(super) fn is_web(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|r| !r.is_empty() && !r.contains(['@', '?', '#', ' ']))
}
