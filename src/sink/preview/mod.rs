//! The preview over HTTP: pages are printed when asked for, tabs are told what changed. Nothing is written to the disk.

mod events;
mod guard;
mod reply;
mod respond;

pub use guard::Guard;
pub use respond::{Reply, respond, route};

use crate::model::{Route, Shelf};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode, Uri, header};
use guard::Verdict;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tower_http::compression::CompressionLayer;

/// What is below this path is the preview's own.
const OWN: &str = "/-dealwire/";

/// How long a page is tried again whose file changed and has not been read yet.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is previewed: editions, and what is to be said about them.
pub trait Stage: Send + Sync + 'static {
    /// Shows the edition as it is now, or as it is at an instant, with the path of the site's base address. Nothing
    /// changes while it is looked at.
    ///
    /// # Errors
    /// Why there is no such edition, in one line.
    fn show(&self, as_of: Option<&str>, look: &mut dyn FnMut(&dyn Shelf, &str)) -> Result<(), String>;

    /// What is to be said about the page at a route, beside the digest of its bytes: `strip`, `findings` and so on.
    fn remarks(&self, route: Option<&Route>, as_of: Option<&str>) -> serde_json::Value;

    /// What rings when either may have changed.
    fn bell(&self) -> &Bell;
}

/// Tells everybody who waits that something changed.
#[derive(Debug)]
pub struct Bell(watch::Sender<u64>);

impl Default for Bell {
    fn default() -> Self {
        Self(watch::Sender::new(1))
    }
}

impl Bell {
    /// Tells it.
    pub fn ring(&self) {
        self.0.send_modify(|n| *n += 1);
    }
}

/// What a request can be answered with.
#[derive(Clone)]
struct Desk {
    stage: Arc<dyn Stage>,
    guard: Arc<Guard>,
}

/// Answers requests until the program ends.
///
/// # Errors
/// When the system refuses the threads or the socket.
pub fn serve(listener: TcpListener, stage: Arc<dyn Stage>, guard: Guard) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let desk = Desk { stage, guard: Arc::new(guard) };
    runtime.block_on(async move {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let router = Router::new().fallback(answer).layer(CompressionLayer::new()).with_state(desk);
        tokio::select! {
            served = axum::serve(listener, router) => served,
            signal = tokio::signal::ctrl_c() => signal,
            () = terminated() => Ok(()),
        }
    })
}

/// Waits until the program is asked to end in the way that system services are.
async fn terminated() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

async fn answer(State(desk): State<Desk>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    match desk.guard.judge(&parts.method, &parts.uri, &parts.headers) {
        Verdict::Pass => {}
        Verdict::Welcome { cookie, to } => return reply::welcome(&cookie, &to),
        Verdict::Refuse(status, why) => return reply::refusal(status, why),
    }
    match parts.uri.path().strip_prefix(OWN) {
        Some("client.js") => reply::own(&parts.headers, "text/javascript; charset=utf-8", include_bytes!("client.js")),
        Some("morph.js") => reply::own(&parts.headers, "text/javascript; charset=utf-8", include_bytes!("morph.js")),
        Some("events") if guard::is_same_origin(&parts.headers) => events::stream(desk.stage, &parts.uri),
        Some("events") => reply::refusal(StatusCode::FORBIDDEN, "only pages of this preview are told what changes"),
        Some(_) => reply::refusal(StatusCode::NOT_FOUND, "the preview has no such file"),
        None => page(&desk, &parts.uri, &parts.headers).await,
    }
}

async fn page(desk: &Desk, uri: &Uri, headers: &HeaderMap) -> Response<Body> {
    let (path, query) = (uri.path().to_owned(), uri.query().unwrap_or_default().to_owned());
    let stage = Arc::clone(&desk.stage);
    let printed = tokio::task::spawn_blocking(move || ask(&*stage, &path, instant(&query).as_deref())).await;
    let reply = match printed {
        Ok(Ok(reply)) => reply,
        Ok(Err(why)) => return reply::refusal_owned(StatusCode::BAD_REQUEST, &why),
        Err(_) => return reply::refusal(StatusCode::INTERNAL_SERVER_ERROR, "this page could not be printed"),
    };
    match reply {
        Reply::Moved(to) => reply::moved(&to, uri.query()),
        Reply::File { bytes, kind, missing, .. } => {
            let status = if missing { StatusCode::NOT_FOUND } else { StatusCode::OK };
            reply::file(headers, status, &kind, bytes)
        }
        Reply::Failed(d) => reply::failed(headers, &d),
    }
}

/// The instant that a query asks for: `?as-of=2017-07-05`.
fn instant(query: &str) -> Option<String> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("as-of="))?;
    // A plus sign of an offset is a space in the queries of forms, and itself where somebody typed it.
    respond::decode(value).map(|v| v.replace(' ', "+")).filter(|v| !v.is_empty())
}

/// What stands at a path. A file that changed and was not read yet is waited for.
fn ask(stage: &dyn Stage, path: &str, as_of: Option<&str>) -> Result<Reply, String> {
    let start = Instant::now();
    loop {
        let mut reply = None;
        stage.show(as_of, &mut |shelf, base| reply = Some(respond(shelf, base, path)))?;
        match reply {
            Some(Reply::Failed(d)) if d.code == "E1204" && start.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(3));
            }
            Some(reply) => return Ok(reply),
            None => return Err("nothing was shown".to_owned()),
        }
    }
}

/// The digest by which a tab knows whether its page is another one now.
fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..32].to_owned()
}

/// Whether a reply is a page, to which the preview's script belongs.
fn is_page(kind: &str) -> bool {
    kind.starts_with("text/html")
}

/// What every answer says: nobody keeps it, nobody guesses, frames or indexes it, and nothing from elsewhere runs in it.
fn manners(response: &mut Response<Body>) {
    const POLICY: &str = "default-src 'self'; img-src 'self' data: https:; media-src 'self' https:; \
                          style-src 'self'; style-src-attr 'unsafe-inline'; object-src 'none'; base-uri 'self'; \
                          form-action 'self'; frame-ancestors 'none'";
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    for (name, value) in [("x-robots-tag", "noindex"), ("cross-origin-resource-policy", "same-origin")] {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
}
