//! A target of site.toml -> a place to publish to. Takes credentials from where their owners keep them, and shows none.

use super::amazon::{Redirects, s3};
use super::bucket::{Bucket, Manners};
use super::clock::Heard;
use super::folder::Disk;
use super::git::Git;
use super::patient::again;
use super::sftp::Sftp;
use super::stop::Stop;
use super::store::{Fault, Store};
use super::tree::Tree;
use crate::diagnostic::Diagnostic;
use crate::site::{Address, Target};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::http::HttpBuilder;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

/// What the environment says of credentials: a variable by its name.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Opens a target.
///
/// # Errors
/// E1304 when the settings or the credentials are not enough.
pub fn open(target: &Target, env: Environment<'_>) -> Result<Box<dyn Store>, Stop> {
    let seed = AtomicU64::new(std::process::id().into());
    again(pause(target), &seed, || opened(target, env)).map_err(|f| {
        let message = format!("the target `{}` cannot be used: {f}", target.name);
        Stop::Failed(Diagnostic::bare("E1304", message).help("docs/publishing.md says what each kind of target needs"))
    })
}

/// The first pause before something is tried again: a three hundredth of how long one request may take.
#[must_use]
pub fn pause(target: &Target) -> Duration {
    patience(target) / 300
}

fn opened(target: &Target, env: Environment<'_>) -> Result<Box<dyn Store>, Fault> {
    let patience = patience(target);
    let manners = if target.conditional_writes { Manners::Whole } else { Manners::NoConditions };
    let heard = Heard::default();
    match &target.to {
        Address::Folder(path) => Tree::open(Disk, &path.to_string_lossy()).map(|tree| Box::new(tree) as Box<dyn Store>),
        Address::S3(bucket) => {
            let name = format!("s3://{}", joined(&bucket.name, &bucket.prefix));
            s3(target, &bucket.name, &heard, env).and_then(|s| {
                let opened = Bucket::new(s.clone(), name, &bucket.prefix, manners, patience, heard.clone())?;
                let redirects = target.redirects.then(|| Redirects::new(s, patience)).transpose()?;
                Ok(boxed(redirects.into_iter().fold(opened, Bucket::with_redirects)))
            })
        }
        Address::Google(bucket) => {
            let name = format!("gs://{}", joined(&bucket.name, &bucket.prefix));
            let manners = if manners == Manners::Whole { Manners::Numbered } else { manners };
            google(target, &bucket.name, &heard)
                .and_then(|s| Bucket::new(s, name, &bucket.prefix, manners, patience, heard.clone()))
                .map(boxed)
        }
        Address::Azure(bucket) => {
            let name = format!("az://{}", joined(&bucket.name, &bucket.prefix));
            azure(target, &bucket.name, &heard)
                .and_then(|s| Bucket::new(s, name, &bucket.prefix, manners, patience, heard.clone()))
                .map(boxed)
        }
        Address::WebDav(url) => webdav(url, patience, &heard, env)
            .and_then(|s| Bucket::new(s, url.clone(), "", Manners::Dav, patience, heard.clone()))
            .map(boxed),
        Address::Git(url) => {
            let has_ssh = env("GIT_SSH_COMMAND").or_else(|| env("GIT_SSH")).is_some();
            Git::open(url, &target.branch, has_ssh).map(|git| Box::new(git) as Box<dyn Store>)
        }
        Address::Sftp { host, port, path } => Sftp::connect(host, *port, env("DEALWIRE_SSH").as_deref())
            .and_then(|sftp| Tree::open(sftp, path))
            .map(|tree| Box::new(tree) as Box<dyn Store>),
    }
}

fn boxed(bucket: Bucket) -> Box<dyn Store> {
    Box::new(bucket)
}

fn joined(bucket: &str, prefix: &str) -> String {
    if prefix.is_empty() { bucket.to_owned() } else { format!("{bucket}/{prefix}") }
}

pub(super) fn patience(target: &Target) -> Duration {
    Duration::from_secs(target.timeout_seconds.into())
}

/// Requests are tried again by us, for all kinds of targets alike.
pub(super) fn once() -> RetryConfig {
    RetryConfig { backoff: BackoffConfig::default(), max_retries: 0, retry_timeout: Duration::from_secs(1) }
}

pub(super) fn client(endpoint: Option<&str>, patience: Duration) -> ClientOptions {
    // Once for the whole program; a second time is no fault.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let options = ClientOptions::new()
        .with_timeout(patience)
        .with_connect_timeout(patience.min(Duration::from_secs(15)))
        .with_user_agent(reqwest::header::HeaderValue::from_static(concat!("dealwire/", env!("CARGO_PKG_VERSION"))));
    options.with_allow_http(endpoint.is_some_and(|e| e.starts_with("http://")))
}

fn google(target: &Target, bucket: &str, heard: &Heard) -> Result<Arc<dyn ObjectStore>, Fault> {
    // Google unpacks what was sent packed for everybody who does not say that he can: what is read back is what was sent.
    let packed = [(reqwest::header::ACCEPT_ENCODING, reqwest::header::HeaderValue::from_static("gzip"))];
    let options = client(target.endpoint.as_deref(), patience(target));
    let mut builder = GoogleCloudStorageBuilder::from_env()
        .with_bucket_name(bucket)
        .with_retry(once())
        .with_http_connector(heard.clone())
        .with_client_options(options.with_default_headers(reqwest::header::HeaderMap::from_iter(packed)));
    if let Some(endpoint) = &target.endpoint {
        builder = builder.with_config(GoogleConfigKey::BaseUrl, endpoint);
    }
    Ok(Arc::new(builder.build().map_err(|e| Fault::Lasting(e.to_string()))?))
}

fn azure(target: &Target, container: &str, heard: &Heard) -> Result<Arc<dyn ObjectStore>, Fault> {
    let mut builder = MicrosoftAzureBuilder::from_env()
        .with_container_name(container)
        .with_retry(once())
        .with_http_connector(heard.clone())
        .with_client_options(client(target.endpoint.as_deref(), patience(target)));
    if let Some(account) = &target.account {
        builder = builder.with_account(account);
    }
    if let Some(endpoint) = &target.endpoint {
        builder = builder.with_config(AzureConfigKey::Endpoint, endpoint);
    }
    Ok(Arc::new(builder.build().map_err(|e| Fault::Lasting(e.to_string()))?))
}

fn webdav(url: &str, patience: Duration, heard: &Heard, env: Environment<'_>) -> Result<Arc<dyn ObjectStore>, Fault> {
    let mut options = client(Some(url), patience);
    if let (Some(user), Some(word)) = (env("WEBDAV_USER"), env("WEBDAV_PASSWORD")) {
        let mut value = reqwest::header::HeaderValue::from_str(&basic(&user, &word)).map_err(|_| {
            Fault::Lasting("WEBDAV_USER or WEBDAV_PASSWORD has a character that cannot be sent".to_owned())
        })?;
        value.set_sensitive(true);
        let headers = reqwest::header::HeaderMap::from_iter([(reqwest::header::AUTHORIZATION, value)]);
        options = options.with_default_headers(headers);
    }
    let built = HttpBuilder::new()
        .with_url(url)
        .with_client_options(options)
        .with_retry(once())
        .with_http_connector(heard.clone())
        .build();
    Ok(Arc::new(built.map_err(|e| Fault::Lasting(e.to_string()))?))
}

/// The value of an Authorization header (RFC 7617).
fn basic(user: &str, word: &str) -> String {
    use base64::Engine as _;
    format!("Basic {}", base64::prelude::BASE64_STANDARD.encode(format!("{user}:{word}")))
}
