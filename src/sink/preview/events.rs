//! What open tabs are told: the digest of their page, and what is to be said about it, whenever either changes.

use super::{Reply, Stage, ask, digest, instant, manners, reply, respond};
use axum::body::Body;
use axum::http::{Response, Uri};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// One tab.
struct Tab {
    stage: Arc<dyn Stage>,
    changes: watch::Receiver<u64>,
    path: String,
    as_of: Option<String>,
    told: Option<Value>,
}

/// A stream of what a tab has to know.
pub(super) fn stream(stage: Arc<dyn Stage>, uri: &Uri) -> Response<Body> {
    let page = uri.query().into_iter().flat_map(|q| q.split('&')).find_map(|pair| pair.strip_prefix("page="));
    let page = page.and_then(respond::decode).unwrap_or_else(|| "/".to_owned());
    let (path, query) = page.split_once('?').unwrap_or((&page, ""));
    let changes = stage.bell().0.subscribe();
    let tab = Tab { stage, changes, path: path.to_owned(), as_of: instant(query), told: None };
    let events = stream::unfold(tab, |mut tab| async move {
        loop {
            if tab.told.is_some() && tab.changes.changed().await.is_err() {
                return None;
            }
            let version = *tab.changes.borrow_and_update();
            let (stage, path, as_of) = (Arc::clone(&tab.stage), tab.path.clone(), tab.as_of.clone());
            let asked = tokio::task::spawn_blocking(move || state_of(&*stage, &path, as_of.as_deref()));
            let news = asked.await.ok()?;
            if tab.told.as_ref() != Some(&news) {
                let mut told = news.clone();
                told["version"] = version.into();
                tab.told = Some(news);
                return Some((Ok::<_, Infallible>(Event::default().event("state").data(told.to_string())), tab));
            }
        }
    });
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response();
    manners(&mut response);
    response
}

/// What is to be said about a page, and the digest of its bytes.
fn state_of(stage: &dyn Stage, path: &str, as_of: Option<&str>) -> Value {
    let mut base_path = String::new();
    let _ = stage.show(as_of, &mut |_, base| base.clone_into(&mut base_path));
    let route = super::route(&base_path, path);
    let mut told = stage.remarks(route.as_ref(), as_of);
    told["digest"] = match ask(stage, path, as_of) {
        Ok(Reply::File { bytes, .. }) => json!(digest(&bytes)),
        Ok(Reply::Failed(d)) => json!(digest(&reply::failure(&d))),
        Ok(Reply::Moved(_)) | Err(_) => Value::Null,
    };
    told
}
