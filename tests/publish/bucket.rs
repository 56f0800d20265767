//! Object storage and WebDAV: real servers, asked through a client of their own.

use crate::desk::{DONE, IO};
use crate::host::{Claims, Host, Nature, desk};
use crate::servers::{Server, free_port, moto};
use futures_util::TryStreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::http::HttpBuilder;
use object_store::path::Path;
use object_store::{Attribute, ClientOptions, ObjectStore, ObjectStoreExt};
use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A bucket, and the server behind it.
pub struct Bucket {
    pub server: Option<Server>,
    settings: String,
    variables: Vec<(String, String)>,
    store: Arc<dyn ObjectStore>,
    prefix: &'static str,
    runtime: Runtime,
    nature: Nature,
    keeps_heads: bool,
    _files: TempDir,
}

/// The key that every Azurite has.
const AZURITE: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

fn options() -> ClientOptions {
    let _ = rustls::crypto::ring::default_provider().install_default();
    ClientOptions::new().with_allow_http(true)
}

fn variables(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

impl Bucket {
    fn new(
        server: impl Into<Option<Server>>,
        settings: String,
        of: &[(&str, &str)],
        store: Arc<dyn ObjectStore>,
        prefix: &'static str,
        files: TempDir,
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        Self {
            server: server.into(),
            settings,
            variables: variables(of),
            store,
            prefix,
            runtime,
            nature: Nature::default(),
            keeps_heads: true,
            _files: files,
        }
    }

    /// S3 as moto plays it.
    pub fn moto(prefix: &'static str) -> Self {
        Self::s3(moto("news"), prefix, TempDir::new().expect("a folder"))
    }

    /// The same, as if it wrote in any case.
    pub fn moto_without_conditions(prefix: &'static str) -> Self {
        let mut bucket = Self::moto(prefix);
        bucket.settings += "\nconditional_writes = false";
        bucket.nature.claims = Claims::OrNone;
        bucket
    }

    /// S3 as s3s-fs plays it: it looks at signatures and digests, and keeps files in a folder.
    pub fn s3s(prefix: &'static str) -> Self {
        let (port, files) = (free_port(), TempDir::new().expect("a folder"));
        std::fs::create_dir(files.path().join("news")).expect("a bucket");
        let mut command = Command::new("s3s-fs");
        command.args(["--host", "127.0.0.1", "--port", &port.to_string()]);
        command.args(["--access-key", "tester", "--secret-key", "secretword"]).arg(files.path());
        let mut bucket = Self::s3(Server::start(&mut command, port), prefix, files);
        // It looks whether a file is there, and then writes it.
        bucket.nature.claims = Claims::OrNone;
        bucket
    }

    fn s3(server: Server, prefix: &'static str, files: TempDir) -> Self {
        let endpoint = format!("http://127.0.0.1:{}", server.port);
        let store = AmazonS3Builder::new()
            .with_bucket_name("news")
            .with_endpoint(&endpoint)
            .with_region("us-east-1")
            .with_access_key_id("tester")
            .with_secret_access_key("secretword")
            .with_client_options(options())
            .build();
        let settings = format!("to = \"s3://news/{prefix}\"\nendpoint = \"{endpoint}\"");
        let credentials = [("AWS_ACCESS_KEY_ID", "tester"), ("AWS_SECRET_ACCESS_KEY", "secretword")];
        let store = Arc::new(store.expect("a client"));
        Self::new(server, settings, &credentials, store, prefix, files)
    }

    /// Azure Blob Storage as Azurite plays it.
    pub fn azurite() -> Self {
        let (port, files) = (free_port(), TempDir::new().expect("a folder"));
        let mut command = Command::new(azurite());
        command.args(["--blobHost", "127.0.0.1", "--skipApiVersionCheck", "--silent", "--blobPort", &port.to_string()]);
        let server = Server::start(command.arg("--location").arg(files.path()), port);
        let endpoint = format!("http://127.0.0.1:{port}/devstoreaccount1");
        make_container(&endpoint);
        let store = MicrosoftAzureBuilder::new()
            .with_account("devstoreaccount1")
            .with_access_key(AZURITE)
            .with_container_name("web")
            .with_endpoint(endpoint.clone())
            .with_client_options(options())
            .build();
        let settings = format!("to = \"az://web\"\naccount = \"devstoreaccount1\"\nendpoint = \"{endpoint}\"");
        let credentials = [("AZURE_STORAGE_ACCOUNT_KEY", AZURITE)];
        Self::new(server, settings, &credentials, Arc::new(store.expect("a client")), "", files)
    }

    /// Google Cloud Storage as its documentation has it.
    pub fn google(prefix: &'static str) -> Self {
        let endpoint = format!("http://127.0.0.1:{}", crate::google::serve());
        let key = r#"{"private_key": "k", "private_key_id": "k", "client_email": "desk", "disable_oauth": true}"#;
        let accepts = reqwest::header::HeaderValue::from_static("gzip");
        let headers = reqwest::header::HeaderMap::from_iter([(reqwest::header::ACCEPT_ENCODING, accepts)]);
        let store = GoogleCloudStorageBuilder::new()
            .with_bucket_name("news")
            .with_base_url(&endpoint)
            .with_service_account_key(key)
            .with_client_options(options().with_default_headers(headers))
            .build();
        let settings = format!("to = \"gs://news/{prefix}\"\nendpoint = \"{endpoint}\"");
        let credentials = [("GOOGLE_SERVICE_ACCOUNT_KEY", key)];
        let store = Arc::new(store.expect("a client"));
        Self::new(None, settings, &credentials, store, prefix, TempDir::new().expect("a folder"))
    }

    /// Where its server listens.
    pub fn port(&self) -> u16 {
        self.server.as_ref().expect("a server of its own").port
    }

    /// WebDAV as rclone serves it.
    pub fn webdav() -> Self {
        let (port, files) = (free_port(), TempDir::new().expect("a folder"));
        let mut command = Command::new("rclone");
        command.args(["serve", "webdav", "--addr", &format!("127.0.0.1:{port}"), "--user", "desk", "--pass", "word"]);
        let server = Server::start(command.args(["--dir-cache-time", "0s"]).arg(files.path()), port);
        let url = format!("http://127.0.0.1:{port}/");
        let word = reqwest::header::HeaderValue::from_static("Basic ZGVzazp3b3Jk");
        let headers = reqwest::header::HeaderMap::from_iter([(reqwest::header::AUTHORIZATION, word)]);
        let store = HttpBuilder::new().with_url(&url).with_client_options(options().with_default_headers(headers));
        let settings = format!("to = \"webdav+http://127.0.0.1:{port}/\"");
        let credentials = [("WEBDAV_USER", "desk"), ("WEBDAV_PASSWORD", "word")];
        let store = Arc::new(store.build().expect("a client"));
        Self { keeps_heads: false, ..Self::new(server, settings, &credentials, store, "", files) }
    }

    fn path(&self, path: &str) -> Path {
        let whole = if self.prefix.is_empty() { path.to_owned() } else { format!("{}/{path}", self.prefix) };
        Path::parse(whole).expect("a key")
    }

    /// Every key, ours too.
    fn everything(&self) -> BTreeMap<String, Vec<u8>> {
        // What a killed publisher had sent may still be carried out between the list and the reading: then once more.
        let again = |_| {
            self.runtime.block_on(self.at_once()).or_else(|| {
                std::thread::sleep(std::time::Duration::from_millis(20));
                None
            })
        };
        (0..20).find_map(again).expect("a target that holds still")
    }

    /// The same, or nothing if it could not be listed, or what was listed was gone when it was read.
    async fn at_once(&self) -> Option<BTreeMap<String, Vec<u8>>> {
        let prefix = Some(self.prefix).filter(|p| !p.is_empty()).map(Path::from);
        let listed = self.store.list(prefix.as_ref()).try_collect::<Vec<_>>().await;
        let mut all = BTreeMap::new();
        let listed = match listed {
            // Nothing was ever published there.
            Err(object_store::Error::NotFound { .. }) => Vec::new(),
            listed => listed.ok()?,
        };
        for there in listed {
            let key = there.location.to_string();
            let key = key.strip_prefix(self.prefix).unwrap_or(&key).trim_start_matches('/').to_owned();
            let got = match self.store.get(&there.location).await {
                Err(object_store::Error::NotFound { .. }) => return None,
                got => got.expect("got"),
            };
            all.insert(key, got.bytes().await.expect("read").to_vec());
        }
        Some(all)
    }

    fn header(&self, path: &str, name: &Attribute) -> String {
        let got = self.runtime.block_on(self.store.get(&self.path(path))).expect("got");
        got.attributes.get(name).map(|v| v.to_string()).unwrap_or_default()
    }
}

/// The program, from the folder that a variable names or from the path.
fn azurite() -> String {
    std::env::var("AZURITE_BLOB").unwrap_or_else(|_| "azurite-blob".to_owned())
}

/// Makes the container: the client library does not.
fn make_container(endpoint: &str) {
    let script = r#"
import base64, hashlib, hmac, sys, urllib.request
from email.utils import formatdate
endpoint, key = sys.argv[1:3]
date = formatdate(usegmt=True)
text = "PUT" + "\n" * 12 + f"x-ms-date:{date}\nx-ms-version:2021-08-06\n/devstoreaccount1/devstoreaccount1/web\nrestype:container"
signed = base64.b64encode(hmac.new(base64.b64decode(key), text.encode(), hashlib.sha256).digest()).decode()
request = urllib.request.Request(f"{endpoint}/web?restype=container", b"", method="PUT", headers={
    "x-ms-date": date, "x-ms-version": "2021-08-06", "Content-Type": "",
    "Authorization": f"SharedKey devstoreaccount1:{signed}"})
print(urllib.request.urlopen(request).status)
"#;
    let done = Command::new("python3").args(["-c", script, endpoint, AZURITE]).output().expect("python3");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

impl Host for Bucket {
    fn settings(&self) -> String {
        self.settings.clone()
    }

    fn variables(&self) -> Vec<(String, String)> {
        self.variables.clone()
    }

    fn all(&self) -> BTreeMap<String, Vec<u8>> {
        self.everything()
    }

    fn nature(&self) -> Nature {
        self.nature
    }

    fn head(&self, path: &str) -> Option<[String; 2]> {
        let all = [Attribute::ContentType, Attribute::CacheControl];
        self.keeps_heads.then(|| all.map(|name| self.header(path, &name)))
    }

    fn live(&self) -> BTreeMap<String, Vec<u8>> {
        let mut all = self.everything();
        all.retain(|path, _| !path.starts_with(".dealwire/"));
        all
    }

    fn put(&self, path: &str, bytes: &[u8]) {
        self.runtime.block_on(self.store.put(&self.path(path), bytes.to_vec().into())).expect("put");
    }
}

#[test]
fn what_is_signed_apart_is_signed_as_the_service_wants_it() {
    let bucket = Bucket::s3s("site");
    let desk = desk(&bucket);
    desk.article("moved", "A story that has moved", "aliases: [/old/été/, /old/place/]\n");
    crate::host::aim(&desk, &bucket, "redirects = true\n");
    desk.type_in("publish").has(DONE);
    assert_eq!(bucket.live(), crate::host::built(&desk));
    desk.article("moved", "A story that has moved", "aliases: [/old/été/, /old/place/, /old/way/]\n");
    let desk = desk.with("AWS_SECRET_ACCESS_KEY", "anotherword");
    desk.type_in("publish").has(IO).says("E1304").keeps_quiet_about("anotherword");
}

#[test]
fn files_are_served_as_what_they_are_and_headers_that_change_are_sent() {
    let bucket = Bucket::moto("");
    let desk = desk(&bucket);
    desk.type_in("publish").has(DONE);
    let kind = |path: &str| bucket.header(path, &Attribute::ContentType);
    let cache = |path: &str| bucket.header(path, &Attribute::CacheControl);
    assert_eq!(kind("index.html"), "text/html; charset=utf-8");
    assert_eq!(kind("feed.xml"), "application/atom+xml; charset=utf-8");
    assert_eq!(kind("robots.txt"), "text/plain; charset=utf-8");
    assert_eq!(cache("index.html"), "public, max-age=60");
    let style = bucket.live().into_keys().find(|k| k.ends_with(".css")).expect("a style");
    assert_eq!(kind(&style), "text/css; charset=utf-8");
    assert_eq!(cache(&style), "public, max-age=31536000, immutable");
    crate::host::aim(&desk, &bucket, "page_seconds = 5\n");
    desk.type_in("publish --dry-run").has(DONE).says("other headers");
    desk.type_in("publish").has(DONE);
    assert_eq!(cache("index.html"), "public, max-age=5");
    desk.type_in("publish").has(DONE).says("is up to date");
}

#[test]
fn wrong_credentials_and_missing_buckets_are_told_of_without_a_secret() {
    let bucket = Bucket::moto("");
    let desk = desk(&bucket);
    desk.edit("site.toml", "s3://news/", "s3://nosuch/");
    desk.type_in("publish").has(IO).says("E1304").keeps_quiet_about("secretword");
    let desk = crate::host::desk(&Bucket::webdav()).with("WEBDAV_PASSWORD", "wrongword");
    desk.type_in("publish").has(IO).says("E1304").keeps_quiet_about("wrongword");
}

#[test]
fn a_bucket_serves_packed_texts_as_such() {
    let buckets: [fn() -> Bucket; 2] = [|| Bucket::moto(""), || Bucket::google("")];
    let all = buckets.iter().flat_map(|make| [(make, "gzip", "gzip"), (make, "brotli", "br")]);
    for (make, how, encoding) in all {
        let bucket = make();
        let desk = desk(&bucket);
        crate::host::aim(&desk, &bucket, &format!("compress = \"{how}\"\n"));
        desk.type_in("publish").has(DONE);
        let (live, built) = (bucket.live(), crate::host::built(&desk));
        assert_eq!(live.len(), built.len());
        for (path, bytes) in &built {
            let said = bucket.header(path, &Attribute::ContentEncoding);
            if path.ends_with(".html") && bytes.len() >= 256 {
                assert_eq!(said, encoding, "{path}");
            }
            let plain = if said.is_empty() { live[path].clone() } else { crate::folder::unpacked(&live[path], &said) };
            assert_eq!(plain, *bytes, "{path}");
        }
        desk.type_in("publish").has(DONE).says("is up to date");
        desk.article("packed", "A story that is packed", "");
        desk.type_in("publish").has(DONE);
        let before = bucket.live();
        desk.article("packed", "A story of another title", "");
        desk.type_in("publish").has(DONE);
        desk.type_in("publish --rollback").has(DONE);
        let back = bucket.live();
        assert!(before.iter().all(|(k, v)| back.get(k) == Some(v)), "gone back to what was packed");
        assert_eq!(bucket.header("index.html", &Attribute::ContentEncoding), encoding);
        crate::host::aim(&desk, &bucket, "");
        desk.type_in("publish").has(DONE);
        assert_eq!(bucket.header("index.html", &Attribute::ContentEncoding), "");
        assert_eq!(bucket.live(), crate::host::built(&desk));
    }
}

/// Where the website of a bucket sends readers of a file on; empty where it shows the file.
fn sends_on(bucket: &Bucket, path: &str) -> String {
    // moto looks at who asks, and not at signatures.
    let who = "Authorization: AWS4-HMAC-SHA256 Credential=tester/20260101/us-east-1/s3/aws4_request, \
               SignedHeaders=host, Signature=0\r\n";
    let (status, said) = crate::servers::ask(bucket.port(), "HEAD", &format!("/news/{path}"), who).expect("an answer");
    assert_eq!(status, 200, "{path}: {said}");
    let line = said.lines().find(|l| l.to_ascii_lowercase().starts_with("x-amz-website-redirect-location:"));
    line.map(|l| l.split_once(": ").expect("a value").1.trim().to_owned()).unwrap_or_default()
}

#[test]
fn a_bucket_sends_readers_of_old_addresses_on() {
    let bucket = Bucket::moto("");
    let desk = desk(&bucket);
    let old = "old/place/index.html";
    desk.article("moved", "A story that has moved", "aliases: [/old/place/]\n");
    desk.article("other", "Another story", "");
    desk.type_in("publish").has(DONE);
    assert_eq!(sends_on(&bucket, old), "", "off, unless it is said");
    // Said: that page alone is sent again, and it still shows the way by itself.
    crate::host::aim(&desk, &bucket, "redirects = true\n");
    desk.type_in("publish --dry-run").has(DONE).says("send 1 file (other headers");
    desk.type_in("publish").has(DONE).says(" 1 sent, ");
    assert_eq!(sends_on(&bucket, old), "https://example.com/2024/03/moved/");
    assert_eq!(sends_on(&bucket, "2024/03/moved/index.html"), "");
    assert_eq!(bucket.live(), crate::host::built(&desk));
    assert_eq!(bucket.header(old, &Attribute::ContentType), "text/html; charset=utf-8");
    assert_eq!(bucket.header(old, &Attribute::CacheControl), "public, max-age=60");
    desk.type_in("publish").has(DONE).says("is up to date");
    // Another destination.
    desk.article("moved", "A story that has moved", "");
    desk.article("other", "Another story", "aliases: [/old/place/]\n");
    desk.type_in("publish").has(DONE);
    assert_eq!(sends_on(&bucket, old), "https://example.com/2024/03/other/");
    // The edition before, its headers too.
    desk.type_in("publish --rollback").has(DONE);
    assert_eq!(sends_on(&bucket, old), "https://example.com/2024/03/moved/");
    // Packed, and by way of a record.
    crate::host::aim(&desk, &bucket, "redirects = true\ncompress = \"gzip\"\n");
    desk.type_in("publish").has(DONE);
    assert_eq!(sends_on(&bucket, old), "https://example.com/2024/03/other/");
    assert_eq!(bucket.header(old, &Attribute::ContentEncoding), "gzip");
    // Not any more.
    crate::host::aim(&desk, &bucket, "");
    desk.type_in("publish").has(DONE);
    assert_eq!(sends_on(&bucket, old), "");
    assert_eq!(bucket.live(), crate::host::built(&desk));
}

#[test]
fn what_a_killed_run_has_left_of_redirects_is_seen_by_the_next() {
    let bucket = Bucket::moto("");
    let desk = desk(&bucket);
    desk.article("moved", "A story that has moved", "aliases: [/old/place/]\n");
    desk.type_in("publish").has(DONE);
    let (old, claim) = ("old/place/index.html", ".dealwire/claim.json");
    let to = "https://example.com/2024/03/moved/";
    for (setting, expected, sent) in [("redirects = true\n", to, 1), ("redirects = true\n", to, 0), ("", "", 1)] {
        // A claim that has run out, of somebody who may have written that page before the record.
        let writes = serde_json::json!({
            "run": "0", "machine": "elsewhere", "process": 1, "until": "2020-01-01T00:00:00Z", "writes": [old],
        });
        bucket.put(claim, writes.to_string().as_bytes());
        crate::host::aim(&desk, &bucket, setting);
        desk.type_in("publish").has(DONE).says(&format!(" {sent} sent"));
        assert_eq!(sends_on(&bucket, old), expected, "{setting}");
    }
}
