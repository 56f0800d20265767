//! Tells others what has changed: search engines, hubs of feeds, caches. Never fails a publish, never prints a secret.

use super::amazon::web;
use super::cloudfront::invalidation;
use super::open::Environment;
use super::packed::plain_of;
use super::plan::{Gone, Plan, Reason};
use crate::model::Route;
use crate::site::{Notices, Purge, PurgeRequest};
use std::time::Duration;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Most addresses that IndexNow takes at a time.
const INDEXNOW: usize = 10_000;

/// The addresses that readers know and that show something else now, or nothing.
#[must_use]
pub fn changed(plan: &Plan) -> Vec<String> {
    let sent = plan.uploads.iter().filter(|u| u.reason != Reason::Headers).map(|u| u.path.as_str());
    let gone = plan.deletions.iter().filter(|(_, why)| **why == Gone::Removed).map(|(path, _)| path.as_str());
    let is_known = |path: &str| plan.record.files.contains_key(path) || plan.deletions.contains_key(path);
    // Nobody asks for a packed file by its name.
    let is_packed = |path: &str| plain_of(path).is_some_and(|(plain, _)| is_known(plain));
    let all = sent.chain(gone).filter(|path| !path.starts_with("assets/") && !is_packed(path));
    let url = |path: &str| {
        let folder = path.strip_suffix("index.html").filter(|f| f.is_empty() || f.ends_with('/'));
        let route = Route::parse(&format!("/{}", folder.unwrap_or(path)))?;
        Some(format!("{}{}", plan.record.site, route.url()))
    };
    let mut urls: Vec<String> = all.filter_map(url).collect();
    urls.sort();
    urls
}

/// Tells everybody whom site.toml names; returns what could not be done.
#[must_use]
pub fn tell(notices: &Notices, plan: &Plan, env: Environment<'_>) -> Vec<String> {
    let urls = changed(plan);
    if urls.is_empty() || *notices == Notices::default() {
        return Vec::new();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let (Ok(runtime), Ok(client)) = (runtime, web(PATIENCE)) else {
        return vec!["nobody was told: the system has no means for it".to_owned()];
    };
    let mut failed = Vec::new();
    let mut send = |what: &str, request: Result<reqwest::RequestBuilder, String>| {
        let done = request.and_then(|r| {
            let answer = runtime.block_on(async { r.send().await }).map_err(|e| e.without_url().to_string())?;
            let status = answer.status();
            if status.is_success() { Ok(()) } else { Err(format!("it answered {status}")) }
        });
        if let Err(why) = done {
            failed.push(format!("{what} was not told of {} changed addresses: {why}", urls.len()));
        }
    };
    if let Some(now) = &notices.indexnow {
        let site = &plan.record.site;
        let host = site.split_once("://").map_or(site.as_str(), |(_, h)| h).split('/').next().unwrap_or_default();
        let key_file = format!("{}.txt", now.key);
        let known = plan.record.files.contains_key(&key_file);
        for some in urls.chunks(INDEXNOW) {
            let said = serde_json::json!({
                "host": host, "key": now.key, "keyLocation": format!("{site}/{key_file}"), "urlList": some,
            });
            let request = client.post(&now.endpoint).header("Content-Type", "application/json; charset=utf-8");
            let there = format!("the site has no {key_file}; put it into static/root/, with the key as its text");
            send("IndexNow", if known { Ok(request.body(said.to_string())) } else { Err(there) });
        }
    }
    if let Some(hub) = &notices.websub {
        for feed in urls.iter().filter(|u| u.ends_with("/feed.xml") || u.ends_with("/feed.json")) {
            let form =
                [("hub.mode", "publish"), ("hub.url", feed.as_str())].map(|(k, v)| format!("{k}={}", encoded(v)));
            let request = client.post(hub).header("Content-Type", "application/x-www-form-urlencoded");
            send("the hub", Ok(request.body(form.join("&"))));
        }
    }
    match &notices.purge {
        Some(Purge::Request(purge)) => {
            let size = if purge.url.contains("$URL") { 1 } else { purge.batch };
            for some in urls.chunks(size) {
                send("the cache", cleared(purge, some, &client, env));
            }
        }
        Some(Purge::CloudFront { distribution, most }) => {
            let made = invalidation(distribution, *most, plan, &urls, &client, env);
            send("CloudFront", runtime.block_on(made));
        }
        None => {}
    }
    failed
}

/// The request that clears a cache of some addresses.
fn cleared(
    purge: &PurgeRequest,
    urls: &[String],
    client: &reqwest::Client,
    env: Environment<'_>,
) -> Result<reqwest::RequestBuilder, String> {
    let list = serde_json::Value::from(urls.to_vec()).to_string();
    let fill = |text: &str| filled(text, &list, urls.first().map_or("", String::as_str), env);
    let method = reqwest::Method::from_bytes(purge.method.as_bytes()).map_err(|e| e.to_string())?;
    let mut request = client.request(method, fill(&purge.url)?);
    for (name, value) in &purge.headers {
        request = request.header(name, fill(value)?);
    }
    let body = fill(&purge.body)?;
    Ok(if body.is_empty() { request } else { request.body(body) })
}

/// A text with what stands for `$URLS`, `$URL` and variables of the environment.
fn filled(text: &str, list: &str, url: &str, env: Environment<'_>) -> Result<String, String> {
    let mut parts = text.split('$');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end =
            part.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')).unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        match name {
            "URLS" => out.push_str(list),
            "URL" => out.push_str(url),
            "" => out.push('$'),
            name => out.push_str(&env(name).ok_or_else(|| format!("the environment has no {name}"))?),
        }
        out.push_str(rest);
    }
    Ok(out)
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn what_stands_for_what() {
        let env = |name: &str| (name == "TOKEN").then(|| "t0".to_owned());
        for (text, expected) in [
            ("{\"files\": $URLS}", Ok("{\"files\": [\"u\"]}".to_owned())),
            ("$URL?x", Ok("u?x".to_owned())),
            ("Bearer $TOKEN", Ok("Bearer t0".to_owned())),
            ("5 $ and $$", Ok("5 $ and $$".to_owned())),
            ("$NONE", Err("the environment has no NONE".to_owned())),
        ] {
            assert_eq!(filled(text, "[\"u\"]", "u", &env), expected, "{text}");
        }
    }
}
