//! Where a site is published to, from `[publish.NAME]` of site.toml. Knows no secrets: they are never written there.

use super::notices::{self, Notices, RawNotify, RawPurge, is_web};
use crate::diagnostic::{Diagnostic, FileId, Span};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use toml::Spanned;

/// The place of an edition that readers see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A folder of this machine, or one that is mounted.
    Folder(PathBuf),
    /// Amazon S3, or what speaks like it.
    S3(Bucket),
    /// Google Cloud Storage.
    Google(Bucket),
    /// Azure Blob Storage; the bucket is what it calls a container.
    Azure(Bucket),
    /// WebDAV, by the address of its folder.
    WebDav(String),
    /// A folder at the other end of SSH.
    Sftp {
        /// As `ssh` takes it: `host` or `user@host`.
        host: String,
        /// Where not the one of SSH's own settings.
        port: Option<u16>,
        /// Absolute.
        path: String,
    },
    /// A branch of a Git repository, by the address that `git` takes.
    Git(String),
}

/// A bucket, and what stands before all names in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Without slashes at its ends; empty where there is none.
    pub prefix: String,
}

/// Whether texts are made small before they are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compress {
    /// Not at all: the server does it.
    #[default]
    No,
    /// Packed files lie beside the plain ones, for servers that look for them.
    Beside,
    /// Packed with gzip, and said to be so.
    Gzip,
    /// Packed with Brotli, and said to be so.
    Brotli,
}

/// A target of `dealwire publish`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its name in site.toml.
    pub name: String,
    /// Where it is.
    pub to: Address,
    /// The address of the service, where it is not the usual one.
    pub endpoint: Option<String>,
    /// The region of an S3 bucket.
    pub region: Option<String>,
    /// Whether a bucket stands in the path of a request rather than in its host; where not said, with an endpoint alone.
    pub path_style: Option<bool>,
    /// Whether a bucket writes a file only if it is not there, or still the one that was read.
    pub conditional_writes: bool,
    /// The storage account of Azure, where the environment does not name it.
    pub account: Option<String>,
    /// The branch of a Git repository.
    pub branch: String,
    /// How many editions can be gone back to.
    pub keep: usize,
    /// For how many seconds a page may be shown again without asking.
    pub page_seconds: u32,
    /// For how many hours files with a fingerprint outlive the last page that uses them.
    pub grace_hours: u32,
    /// How long a request may take before it is tried again.
    pub timeout_seconds: u32,
    /// Whether texts are made small.
    pub compress: Compress,
    /// Whether the target itself sends readers of old addresses on.
    pub redirects: bool,
    /// Who is told of what has changed.
    pub notices: Notices,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    to: Spanned<String>,
    endpoint: Option<Spanned<String>>,
    region: Option<String>,
    path_style: Option<bool>,
    #[serde(default = "yes")]
    conditional_writes: bool,
    account: Option<String>,
    branch: Option<Spanned<String>>,
    #[serde(default = "three")]
    keep: Spanned<usize>,
    #[serde(default = "minute")]
    page_seconds: u32,
    #[serde(default = "day")]
    grace_hours: u32,
    #[serde(default = "minute")]
    timeout_seconds: u32,
    compress: Option<Spanned<Compress>>,
    redirects: Option<Spanned<bool>>,
    notify: Option<RawNotify>,
    purge: Option<Spanned<RawPurge>>,
}

fn three() -> Spanned<usize> {
    Spanned::new(0..0, 3)
}
const fn yes() -> bool {
    true
}
const fn minute() -> u32 {
    60
}
const fn day() -> u32 {
    24
}

/// Reads the targets.
pub(super) fn read(
    file: &FileId,
    raw: BTreeMap<String, Raw>,
    findings: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Target> {
    let mut all = BTreeMap::new();
    for (name, raw) in raw {
        let mut find = |span: std::ops::Range<usize>, message: String, label: &str| {
            // A line with a password in it is not shown.
            findings.push(if label == SECRET {
                Diagnostic::of("E1002", file, format!("[publish.{name}]: {message}")).help(label)
            } else {
                Diagnostic::at("E1002", file, Span::new(span.start, span.end), message).label(label)
            });
        };
        let address = match address(raw.to.get_ref()) {
            Ok(a) => Some(a),
            Err((message, label)) => {
                find(raw.to.span(), message, label);
                None
            }
        };
        if let Some(e) = raw.endpoint.as_ref().filter(|e| !is_web(e.get_ref())) {
            let label = if e.get_ref().contains('@') { SECRET } else { "expected https://host" };
            find(e.span(), format!("`{}` is no address of a service", hidden(e.get_ref())), label);
        }
        let branch = raw.branch.as_ref().map_or("gh-pages", |b| b.get_ref().as_str());
        if let Some(b) = raw.branch.as_ref().filter(|b| !is_branch(b.get_ref())) {
            find(b.span(), format!("`{branch}` is no name of a branch"), "expected a name such as gh-pages");
        }
        if !(1..=50).contains(raw.keep.get_ref()) {
            find(raw.keep.span(), format!("{} editions cannot be kept", raw.keep.get_ref()), "expected 1 to 50");
        }
        let notices = notices::read(file, raw.notify, raw.purge, findings);
        let Some(to) = address else { continue };
        let compress = raw.compress.as_ref().map_or(Compress::No, |c| *c.get_ref());
        let is_bucket = matches!(to, Address::S3(_) | Address::Google(_) | Address::Azure(_));
        let is_fit = match compress {
            Compress::No => true,
            Compress::Beside => !is_bucket,
            Compress::Gzip | Compress::Brotli => is_bucket,
        };
        if let Some(c) = raw.compress.as_ref().filter(|_| !is_fit) {
            let label = if is_bucket { "expected gzip or brotli for a bucket" } else { "expected beside for a folder" };
            findings.push(
                Diagnostic::at("E1002", file, Span::new(c.span().start, c.span().end), "this target cannot serve that")
                    .label(label),
            );
        }
        let redirects = raw.redirects.as_ref().filter(|r| *r.get_ref());
        if let Some(r) = redirects.filter(|_| !matches!(to, Address::S3(_))) {
            findings.push(
                Diagnostic::at("E1002", file, Span::new(r.span().start, r.span().end), "this target cannot redirect")
                    .label("expected a bucket of S3"),
            );
        }
        let target = Target {
            name: name.clone(),
            to,
            path_style: raw.path_style,
            endpoint: raw.endpoint.map(|e| e.into_inner().trim_end_matches('/').to_owned()),
            region: raw.region,
            conditional_writes: raw.conditional_writes,
            account: raw.account,
            branch: branch.to_owned(),
            keep: raw.keep.into_inner(),
            page_seconds: raw.page_seconds,
            grace_hours: raw.grace_hours,
            timeout_seconds: raw.timeout_seconds.max(1),
            redirects: redirects.is_some(),
            compress,
            notices,
        };
        all.insert(name, target);
    }
    all
}

const KNOWN: &str = "expected file:///folder, s3://bucket/prefix, gs://, az://, webdav://, sftp:// or git+…";
const SECRET: &str = "credentials come from the environment, the service's own files or the SSH agent";

/// An address as it is written, or what is wrong with it.
fn address(text: &str) -> Result<Address, (String, &'static str)> {
    fn no<T>(text: &str, label: &'static str) -> Result<T, (String, &'static str)> {
        Err((format!("`{}` is no place to publish to", hidden(text)), label))
    }
    let wrong = |label| no(text, label);
    let Some((scheme, rest)) = text.split_once("://") else { return wrong(KNOWN) };
    if text.chars().any(|c| c.is_control() || c == ' ') || text.contains(['?', '#']) {
        return wrong("expected an address without spaces, `?` and `#`");
    }
    let (place, path) = rest.split_once('/').unwrap_or((rest, ""));
    // A name before the host is a user's for SSH; on the web it is a password or a token.
    let is_web = scheme.contains("http") || scheme.starts_with("webdav");
    if place.split_once('@').is_some_and(|(user, _)| user.contains(':') || is_web) {
        return Err((format!("`{}` holds a password or a token", hidden(text)), SECRET));
    }
    let whole = |path: &str| path.split('/').all(|c| !c.is_empty() && c != "." && c != "..");
    let path = path.trim_end_matches('/');
    let bucket = || {
        if place.is_empty() || place.contains(['@', ':']) || !(path.is_empty() || whole(path)) {
            return no(text, "expected a bucket and a prefix: s3://bucket/prefix");
        }
        Ok(Bucket { name: place.to_owned(), prefix: path.to_owned() })
    };
    match scheme {
        "file" if place.is_empty() && whole(path) => Ok(Address::Folder(PathBuf::from(format!("/{path}")))),
        "file" => wrong("expected the whole path of a folder: file:///srv/www"),
        "s3" => bucket().map(Address::S3),
        "gs" => bucket().map(Address::Google),
        "az" => bucket().map(Address::Azure),
        "webdav" | "webdavs" | "webdav+http" if !place.is_empty() && (path.is_empty() || whole(path)) => {
            let web = if scheme == "webdav+http" { "http" } else { "https" };
            Ok(Address::WebDav(format!("{web}://{place}/{path}")))
        }
        "sftp" => {
            let (host, port) = match place.rsplit_once(':') {
                Some((host, port)) => (host, port.parse().ok()),
                None => (place, None),
            };
            let is_host = |h: &str| {
                !h.is_empty() && !h.starts_with('-') && h.chars().all(|c| c.is_alphanumeric() || "@._-[]:".contains(c))
            };
            if !is_host(host) || (place.contains(':') && port.is_none()) || !whole(path) {
                return wrong("expected sftp://user@host:22/whole/path");
            }
            Ok(Address::Sftp { host: host.to_owned(), port, path: format!("/{path}") })
        }
        _ => match scheme.strip_prefix("git+") {
            Some(inner @ ("ssh" | "https" | "http" | "git" | "file"))
                if !path.is_empty() && !place.starts_with('-') =>
            {
                Ok(Address::Git(format!("{inner}://{rest}")))
            }
            Some(_) => wrong("expected git+ssh://git@host/owner/site.git, git+https:// or git+file://"),
            None => wrong(KNOWN),
        },
    }
}

/// The address without what could be a password.
fn hidden(text: &str) -> String {
    match text.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?))) {
        Some((scheme, (user, rest))) if user.contains(':') || !scheme.contains("ssh") => {
            format!("{scheme}://…@{rest}")
        }
        _ => text.to_owned(),
    }
}

/// What Git takes for a branch, and no command line for an option.
fn is_branch(text: &str) -> bool {
    let fits = |c: &str| !c.is_empty() && !c.starts_with(['.', '-']) && !c.ends_with(".lock");
    let allowed = |c: char| c.is_alphanumeric() || "._-/".contains(c);
    !text.contains("..") && text.chars().all(allowed) && text.split('/').all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let bucket = |name: &str, prefix: &str| Bucket { name: name.into(), prefix: prefix.into() };
        for (text, expected) in [
            ("file:///srv/www", Address::Folder("/srv/www".into())),
            ("file:///srv/www/", Address::Folder("/srv/www".into())),
            ("s3://news", Address::S3(bucket("news", ""))),
            ("s3://news/a/b/", Address::S3(bucket("news", "a/b"))),
            ("gs://news/x", Address::Google(bucket("news", "x"))),
            ("az://web", Address::Azure(bucket("web", ""))),
            ("webdav://dav.example.com/site", Address::WebDav("https://dav.example.com/site".into())),
            ("webdav+http://127.0.0.1:80/", Address::WebDav("http://127.0.0.1:80/".into())),
            (
                "sftp://desk@host:22/srv/www",
                Address::Sftp { host: "desk@host".into(), port: Some(22), path: "/srv/www".into() },
            ),
            ("sftp://host/www", Address::Sftp { host: "host".into(), port: None, path: "/www".into() }),
            ("git+ssh://git@host/o/site.git", Address::Git("ssh://git@host/o/site.git".into())),
            ("git+file:///srv/site.git", Address::Git("file:///srv/site.git".into())),
        ] {
            assert_eq!(address(text).ok(), Some(expected), "{text}");
        }
        for text in [
            "/srv/www",
            "file://srv/www",
            "file:///",
            "file:///srv/../etc",
            "s3:///x",
            "s3://a//b",
            "s3://key:secret@bucket/x",
            "sftp://host",
            "sftp://-oProxyCommand=x/y",
            "sftp://user:word@host/x",
            "git+ftp://host/x",
            "git+https://user:word@host/x",
            "git+ssh://-oProxyCommand=x/y",
            "https://host/x",
            "webdav://host/x?y",
        ] {
            assert!(address(text).is_err(), "{text}");
        }
        assert!(!address("sftp://user:hush@host/x").is_err_and(|(m, _)| m.contains("hush")));
    }
}
