//! Which paths `CloudFront` is to forget, and the request that says so. Never waits until it has.

use super::amazon::signed;
use super::open::Environment;
use super::plan::Plan;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The version of its interface.
const VERSION: &str = "2020-05-31";

/// The request that clears a distribution of some addresses.
pub(super) async fn invalidation(
    distribution: &str,
    most: usize,
    plan: &Plan,
    urls: &[String],
    client: &reqwest::Client,
    env: Environment<'_>,
) -> Result<reqwest::RequestBuilder, String> {
    let host = env("AWS_ENDPOINT_URL_CLOUDFRONT").unwrap_or_else(|| "https://cloudfront.amazonaws.com".to_owned());
    let url = format!("{}/{VERSION}/distribution/{distribution}/invalidation", host.trim_end_matches('/'));
    // The same one twice would be taken for one request.
    let reference = format!("dealwire-{}-{}", plan.record.number, Timestamp::now().as_nanosecond());
    let paths = paths(urls, &plan.record.site, most);
    signed("cloudfront", "us-east-1", &url, body(&paths, &reference), client, env).await
}

/// The paths of changed addresses, a page's by the name of its file too: which of the two the cache goes by depends
/// on what is behind it. Where more than `most` have changed, everything of the site.
fn paths(urls: &[String], site: &str, most: usize) -> BTreeSet<String> {
    let host = site.find("://").map_or(0, |i| i + 3);
    let path_of = |url: &str| url[host..].find('/').map_or("/", |i| &url[host + i..]).to_owned();
    let all: BTreeSet<String> = urls
        .iter()
        .flat_map(|url| {
            let path = path_of(url);
            let file = path.ends_with('/').then(|| format!("{path}index.html"));
            [Some(path), file].into_iter().flatten()
        })
        .collect();
    if all.len() > most { BTreeSet::from([format!("{}/*", path_of(site).trim_end_matches('/'))]) } else { all }
}

fn body(paths: &BTreeSet<String>, reference: &str) -> String {
    let mut items = String::new();
    for path in paths {
        // Writing to memory does not fail. Of what XML reserves, addresses have only this.
        let _ = write!(items, "<Path>{}</Path>", path.replace('&', "&amp;"));
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><InvalidationBatch \
         xmlns=\"http://cloudfront.amazonaws.com/doc/{VERSION}/\"><Paths><Quantity>{}</Quantity><Items>{items}</Items>\
         </Paths><CallerReference>{reference}</CallerReference></InvalidationBatch>",
        paths.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_forgotten() {
        for (site, url, most, expected) in [
            ("https://x.example.com", "/a/", 2, &["/a/", "/a/index.html"][..]),
            ("https://x.example.com", "/", 2, &["/", "/index.html"]),
            ("https://x.example.com", "/feed.xml", 1, &["/feed.xml"]),
            ("https://x.example.com/news", "/a/", 2, &["/news/a/", "/news/a/index.html"]),
            ("https://x.example.com", "/a/", 1, &["/*"]),
            ("https://x.example.com/news", "/a/", 1, &["/news/*"]),
        ] {
            let found = paths(&[format!("{site}{url}")], site, most);
            assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected, "{site} {url}");
        }
        let said = body(&BTreeSet::from(["/r&d/".to_owned(), "/b".to_owned()]), "r");
        assert!(said.contains("<Quantity>2</Quantity><Items><Path>/b</Path><Path>/r&amp;d/</Path></Items>"), "{said}");
    }
}
