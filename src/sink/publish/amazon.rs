//! Amazon's services: credentials from where their owners keep them, and the signed requests that the storage library does
//! not make itself. Shows no credentials.

use super::clock::Heard;
use super::open::{Environment, client, once, patience};
use super::store::{Fault, Head};
use crate::site::Target;
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey, AwsAuthorizer};
use object_store::client::HttpRequest;
use object_store::path::Path;
use object_store::signer::{HeaderMap, HeaderName, HeaderValue, Method, SignedUrlOptions, Signer as _};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The name under which a file also says where it sends readers on: that header itself is not read back.
pub(super) const REDIRECT: &str = "redirect";
/// How long after it was signed a request may arrive.
const VALID: Duration = Duration::from_mins(15);

/// A bucket of S3, or of what speaks like it.
pub(super) fn s3(target: &Target, bucket: &str, heard: &Heard, env: Environment<'_>) -> Result<Arc<AmazonS3>, Fault> {
    let endpoint = target.endpoint.clone().or_else(|| env("AWS_ENDPOINT_URL_S3")).or_else(|| env("AWS_ENDPOINT_URL"));
    let path_style = target.path_style.unwrap_or(endpoint.is_some());
    let profile = profile(env);
    let mut builder = with_credentials(&profile)
        .with_bucket_name(bucket)
        .with_retry(once())
        .with_http_connector(heard.clone())
        .with_virtual_hosted_style_request(!path_style)
        .with_client_options(client(endpoint.as_deref(), patience(target)));
    let known = builder.get_config_value(&AmazonS3ConfigKey::Region);
    let region = target.region.clone().or(known).or_else(|| profile.get("region").cloned());
    // What speaks like S3 and is not from Amazon has one region as a rule, and takes this for it.
    builder = builder.with_region(region.unwrap_or_else(|| "us-east-1".to_owned()));
    if let Some(endpoint) = endpoint {
        let whole = match endpoint.split_once("://").filter(|_| !path_style) {
            Some((scheme, host)) => format!("{scheme}://{bucket}.{host}"),
            None => endpoint,
        };
        builder = builder.with_endpoint(whole);
    }
    Ok(Arc::new(builder.build().map_err(|e| Fault::Lasting(e.to_string()))?))
}

/// A client that has the credentials of the environment, else of a profile; else it asks the machine for its role.
fn with_credentials(profile: &BTreeMap<String, String>) -> AmazonS3Builder {
    let mut builder = AmazonS3Builder::from_env();
    if builder.get_config_value(&AmazonS3ConfigKey::AccessKeyId).is_none() {
        for (key, name) in [
            (AmazonS3ConfigKey::AccessKeyId, "aws_access_key_id"),
            (AmazonS3ConfigKey::SecretAccessKey, "aws_secret_access_key"),
            (AmazonS3ConfigKey::Token, "aws_session_token"),
        ] {
            if let Some(value) = profile.get(name) {
                builder = builder.with_config(key, value);
            }
        }
    }
    builder
}

/// What Amazon's own files say of the profile that the environment names.
fn profile(env: Environment<'_>) -> BTreeMap<String, String> {
    let home = env("HOME").map(PathBuf::from).unwrap_or_default();
    let place = |name: &str, file: &str| env(name).map_or_else(|| home.join(".aws").join(file), PathBuf::from);
    let wanted = env("AWS_PROFILE").or_else(|| env("AWS_DEFAULT_PROFILE")).unwrap_or_else(|| "default".to_owned());
    let mut found = BTreeMap::new();
    for file in [place("AWS_CONFIG_FILE", "config"), place("AWS_SHARED_CREDENTIALS_FILE", "credentials")] {
        // No such file: the credentials are elsewhere, and the service says so if they are nowhere.
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let mut is_wanted = false;
        for line in text.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                let name = name.trim();
                is_wanted = name.strip_prefix("profile ").unwrap_or(name).trim() == wanted;
            } else if let (true, Some((key, value))) = (is_wanted, line.split_once('=')) {
                found.insert(key.trim().to_owned(), value.trim().to_owned());
            }
        }
    }
    found
}

/// A request to one of Amazon's services that may arrive for the next minutes, with the headers that say who sends it.
///
/// # Errors
/// When there are no credentials.
pub(super) async fn signed(
    service: &str,
    region: &str,
    url: &str,
    body: String,
    client: &reqwest::Client,
    env: Environment<'_>,
) -> Result<reqwest::RequestBuilder, String> {
    // No bucket is asked: the builder is the way to the credentials.
    let store = with_credentials(&profile(env)).with_bucket_name("none").with_region(region).with_retry(once()).build();
    let store = store.map_err(|e| e.to_string())?;
    let who = store.credentials().get_credential().await.map_err(|e| e.to_string())?;
    let mut request = HttpRequest::new(body.clone().into());
    *request.method_mut() = Method::POST;
    *request.uri_mut() = url.parse().map_err(|_| format!("{url} is no address"))?;
    AwsAuthorizer::new(&who, service, region).try_authorize(&mut request, None).map_err(|e| e.to_string())?;
    Ok(client.post(url).headers(request.headers().clone()).body(body))
}

/// What writes files at which a bucket's website sends readers on.
pub struct Redirects {
    store: Arc<AmazonS3>,
    client: reqwest::Client,
}

impl Redirects {
    /// For a bucket.
    ///
    /// # Errors
    /// When the system has no means for requests.
    pub(super) fn new(store: Arc<AmazonS3>, patience: Duration) -> Result<Self, Fault> {
        Ok(Self { store, client: web(patience).map_err(Fault::Lasting)? })
    }

    /// Writes a file whatever is there, and where it sends readers on.
    pub(super) async fn put(&self, path: &Path, bytes: &[u8], head: &Head, to: &str) -> Result<(), Fault> {
        let headers = headers(head, to)?;
        let mut signed = SignedUrlOptions::new();
        signed.signed_headers = headers.clone();
        let url = self.store.signed_url_opts(Method::PUT, path, VALID, &signed).await;
        let url = url.map_err(|e| Fault::Lasting(e.to_string()))?;
        let sent = self.client.put(url).headers(headers).body(bytes.to_vec()).send().await;
        let status = sent.map_err(|e| Fault::Passing(e.without_url().to_string()))?.status();
        let said = || format!("it answered {status}");
        match status.as_u16() {
            200..300 => Ok(()),
            // Too slow, in conflict with another request, too early, too many: as with all else that is sent.
            408 | 409 | 425 | 429 | 500.. => Err(Fault::Passing(said())),
            _ => Err(Fault::Lasting(said())),
        }
    }
}

fn headers(head: &Head, to: &str) -> Result<HeaderMap, Fault> {
    let mut headers = HeaderMap::new();
    let meta = format!("x-amz-meta-{REDIRECT}");
    let encoding = head.encoding.as_deref();
    let all = [
        ("content-type", Some(head.kind.as_str())),
        ("cache-control", Some(head.cache.as_str())),
        ("content-encoding", encoding),
        ("x-amz-website-redirect-location", Some(to)),
        (&meta, Some(to)),
    ];
    for (name, value) in all {
        let Some(value) = value else { continue };
        let wrong = |e: &dyn std::fmt::Display| Fault::Lasting(format!("{name} cannot be {value:?}: {e}"));
        let value = HeaderValue::from_str(value).map_err(|e| wrong(&e))?;
        headers.insert(HeaderName::from_bytes(name.as_bytes()).map_err(|e| wrong(&e))?, value);
    }
    Ok(headers)
}

/// A client for requests that the storage library does not make.
pub(super) fn web(patience: Duration) -> Result<reqwest::Client, String> {
    // Once for the whole program; a second time is no fault.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let agent = concat!("dealwire/", env!("CARGO_PKG_VERSION"));
    let made = reqwest::Client::builder().timeout(patience).connect_timeout(patience.min(Duration::from_secs(15)));
    made.user_agent(agent).build().map_err(|e| e.to_string())
}
