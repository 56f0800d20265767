//! Object storage, and WebDAV, as a place to publish to. Knows no credentials.

use super::amazon::{REDIRECT, Redirects};
use super::clock::Heard;
use super::store::{Abilities, Fault, Got, Head, Layout, Store, Tag, When};
use futures_util::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, CopyMode, CopyOptions, Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions,
    UpdateVersion,
};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;

/// What a place can do besides holding files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manners {
    /// It keeps headers, and writes on conditions.
    Whole,
    /// The same, with conditions on the number of a version rather than on a tag: Google's.
    Numbered,
    /// It keeps headers, and writes in any case.
    NoConditions,
    /// WebDAV: neither, but it copies a file only if there is none.
    Dav,
}

/// A bucket, or a folder of WebDAV.
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    runtime: Runtime,
    /// Its address, for people.
    name: String,
    /// Before all keys; empty, or without slashes at its ends.
    prefix: String,
    manners: Manners,
    /// How long one request may take.
    patience: Duration,
    /// What its answers say of the time.
    heard: Heard,
    /// What writes files that only send readers on, where that is wanted.
    redirects: Option<Redirects>,
}

impl Bucket {
    /// Of a store that is set up.
    ///
    /// # Errors
    /// When the system has no threads for it.
    pub fn new(
        store: Arc<dyn ObjectStore>,
        name: String,
        prefix: &str,
        manners: Manners,
        patience: Duration,
        heard: Heard,
    ) -> Result<Self, Fault> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(|e| Fault::Lasting(e.to_string()))?;
        Ok(Self { store, runtime, name, prefix: prefix.to_owned(), manners, patience, heard, redirects: None })
    }

    /// One that sends readers on itself.
    #[must_use]
    pub fn with_redirects(mut self, redirects: Redirects) -> Self {
        self.redirects = Some(redirects);
        self
    }

    fn tag(&self, e_tag: Option<String>, version: Option<String>) -> Option<Tag> {
        if self.manners == Manners::Numbered { version } else { e_tag }.map(Tag)
    }

    fn keeps_heads(&self) -> bool {
        self.manners != Manners::Dav
    }

    fn path(&self, key: &str) -> Result<Path, Fault> {
        let whole = if self.prefix.is_empty() { key.to_owned() } else { format!("{}/{key}", self.prefix) };
        Path::parse(whole).map_err(|e| Fault::Lasting(e.to_string()))
    }

    /// Waits for a request, but not for ever.
    fn wait<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        self.runtime.block_on(async {
            tokio::time::timeout(self.patience, work)
                .await
                .unwrap_or_else(|_| Err(Error::Generic { store: "the target", source: "it does not answer".into() }))
        })
    }

    /// Makes a file that must not be there by way of another: WebDAV has no other condition.
    fn create(&self, path: &Path, bytes: &[u8]) -> Result<Option<Tag>, Error> {
        let aside = Path::from(format!("{path}.{}", std::process::id()));
        self.wait(async {
            self.store.put(&aside, bytes.to_vec().into()).await?;
            let copied = self.store.copy_opts(&aside, path, CopyOptions::new().with_mode(CopyMode::Create)).await;
            let left = self.store.delete(&aside).await;
            copied.and(left)
        })
        .map(|()| None)
    }
}

impl Store for Bucket {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            layout: Layout::InPlace,
            swaps: matches!(self.manners, Manners::Whole | Manners::Numbered),
            headers: self.keeps_heads(),
            claims: true,
        }
    }

    fn skew(&self) -> Option<SignedDuration> {
        self.heard.skew()
    }

    fn get(&self, key: &str) -> Result<Option<Got>, Fault> {
        let path = self.path(key)?;
        let read = self.wait(async {
            let got = self.store.get(&path).await?;
            let (meta, attributes) = (got.meta.clone(), got.attributes.clone());
            let bytes = got.bytes().await?;
            if bytes.len() as u64 != meta.size {
                return Err(Error::Generic { store: "the target", source: "its answer was cut short".into() });
            }
            Ok((bytes, meta, attributes))
        });
        let (bytes, meta, attributes) = match read {
            Ok(read) => read,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(e) => return Err(fault(&e)),
        };
        let text = |a: Attribute| attributes.get(&a).map(|v| v.to_string());
        let encoding = text(Attribute::ContentEncoding).filter(|e| !e.is_empty());
        let (kind, cache) = (text(Attribute::ContentType), text(Attribute::CacheControl));
        let redirect = text(Attribute::Metadata(REDIRECT.into()));
        let head = Head { kind: kind.unwrap_or_default(), cache: cache.unwrap_or_default(), encoding, redirect };
        let head = self.keeps_heads().then_some(head);
        let modified = Timestamp::from_millisecond(meta.last_modified.timestamp_millis()).ok();
        Ok(Some(Got { bytes: bytes.to_vec(), tag: self.tag(meta.e_tag, meta.version), modified, head }))
    }

    fn put(&self, key: &str, bytes: &[u8], head: &Head, when: &When) -> Result<Option<Tag>, Fault> {
        let path = self.path(key)?;
        let mode = match when {
            When::Absent if self.manners == Manners::Dav => return self.create(&path, bytes).map_err(|e| fault(&e)),
            When::Absent if self.manners == Manners::NoConditions => {
                // Looked at before; who has written it last is seen when it is read back.
                if self.get(key)?.is_some() {
                    return Err(Fault::Lost);
                }
                PutMode::Overwrite
            }
            When::Always => PutMode::Overwrite,
            When::Absent => PutMode::Create,
            When::Is(Tag(tag)) if self.manners == Manners::Numbered => {
                PutMode::Update(UpdateVersion { e_tag: None, version: Some(tag.clone()) })
            }
            When::Is(Tag(tag)) => PutMode::Update(UpdateVersion { e_tag: Some(tag.clone()), version: None }),
        };
        if let (Some(to), Some(redirects)) = (&head.redirect, &self.redirects) {
            return self.runtime.block_on(redirects.put(&path, bytes, head, to)).map(|()| None);
        }
        let mut attributes = Attributes::new();
        if self.keeps_heads() {
            attributes.insert(Attribute::ContentType, head.kind.clone().into());
            attributes.insert(Attribute::CacheControl, head.cache.clone().into());
            if let Some(encoding) = &head.encoding {
                attributes.insert(Attribute::ContentEncoding, encoding.clone().into());
            }
        }
        let options = PutOptions { mode, attributes, ..PutOptions::default() };
        let put = self.wait(self.store.put_opts(&path, bytes.to_vec().into(), options));
        put.map(|done| self.tag(done.e_tag, done.version)).map_err(|e| fault(&e))
    }

    fn copy(&self, from: &str, to: &str) -> Result<(), Fault> {
        let (from, to) = (self.path(from)?, self.path(to)?);
        self.wait(self.store.copy(&from, &to)).map_err(|e| fault(&e))
    }

    fn delete(&self, key: &str) -> Result<(), Fault> {
        let path = self.path(key)?;
        match self.wait(self.store.delete(&path)) {
            Err(Error::NotFound { .. }) => Ok(()),
            done => done.map_err(|e| fault(&e)),
        }
    }

    fn is_empty(&self) -> Result<bool, Fault> {
        let prefix = Some(&self.prefix).filter(|p| !p.is_empty()).map(Path::parse).transpose();
        let prefix = prefix.map_err(|e| Fault::Lasting(e.to_string()))?;
        let ours = self.path(".dealwire")?;
        let found = self.wait(async {
            let mut all = self.store.list(prefix.as_ref());
            while let Some(there) = all.try_next().await? {
                if !there.location.prefix_matches(&ours) {
                    return Ok(false);
                }
            }
            Ok(true)
        });
        match found {
            Err(Error::NotFound { .. }) => Ok(true),
            found => found.map_err(|e| fault(&e)),
        }
    }
}

/// What a library's error means. Addresses lose their queries: those may be signed.
fn fault(e: &Error) -> Fault {
    let mut said = e.to_string();
    let mut source = std::error::Error::source(e);
    while let Some(inner) = source {
        let more = inner.to_string();
        if !said.contains(&more) {
            said = format!("{said}: {more}");
        }
        source = inner.source();
    }
    let words = said.split_whitespace().map(|w| match (w.contains("://"), w.split_once('?')) {
        (true, Some((address, _))) => address,
        _ => w,
    });
    let mut said: String = words.collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = said.char_indices().nth(400) {
        said.truncate(cut);
        said.push('…');
    }
    match e {
        Error::AlreadyExists { .. } | Error::Precondition { .. } => Fault::Lost,
        Error::Generic { .. } | Error::JoinError { .. } => {
            // Too slow, in conflict with another request, locked, too early, too many: all of it passes.
            let is_refused = ["status code: 4", "status 4"].iter().any(|s| {
                said.find(s).is_some_and(|i| {
                    let code = &said[i + s.len() - 1..];
                    !["408", "409", "423", "425", "429"].iter().any(|c| code.starts_with(c))
                })
            });
            if is_refused { Fault::Lasting(said) } else { Fault::Passing(said) }
        }
        _ => Fault::Lasting(said),
    }
}
