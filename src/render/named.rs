//! Files that have their names from their formats: robots.txt, OPML, news sitemap, llms.txt, security.txt and what hosts read.

use super::assets::{Assets, PREFIX};
use super::feeds::{Xml, begin, end, text};
use super::twin::escape;
use crate::locale::Locale;
use crate::model::Article;
use crate::pages::{Atlas, NamedView, Pointer, Subscription, iso};
use crate::site::Site;
use quick_xml::events::{BytesEnd, BytesStart, Event};
use serde_json::json;
use std::fmt::Write as _;
use std::io;

/// Such a file.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn print(atlas: &Atlas<'_>, file: &NamedView<'_>, assets: &Assets) -> io::Result<Vec<u8>> {
    let site = atlas.site;
    Ok(match file {
        NamedView::Robots(sitemaps) => robots(site, sitemaps.as_deref()).into_bytes(),
        NamedView::Schema(address) => super::tables::schema(address)?,
        NamedView::Opml(groups) => opml(site, atlas.words, groups)?,
        NamedView::News(articles) => news(site, articles)?,
        NamedView::Llms(sections) => llms(site, sections).into_bytes(),
        NamedView::Security(own, expires) => security(site, own, *expires).into_bytes(),
        NamedView::Headers => headers(site, assets).into_bytes(),
        NamedView::Redirects(lines) => {
            let mut out = String::new();
            for (from, to) in lines {
                out.extend([from, " ", to, " 301\n"]);
            }
            out.into_bytes()
        }
        NamedView::WebManifest(home) => web_manifest(site, home, assets)?,
    })
}

/// Everybody may read everything but what site.toml says; with hidden things on the site, nobody anything.
fn robots(site: &Site, sitemaps: Option<&[String]>) -> String {
    let Some(sitemaps) = sitemaps else { return "User-agent: *\nDisallow: /\n".to_owned() };
    let mut out = String::new();
    let lines = |out: &mut String, key: &str, values: &[String]| {
        for value in values {
            out.extend([key, ": ", value, "\n"]);
        }
    };
    if !site.crawlers.deny.is_empty() {
        lines(&mut out, "User-agent", &site.crawlers.deny);
        out.push_str("Disallow: /\n\n");
    }
    out.push_str("User-agent: *\n");
    let paths: Vec<String> = site.crawlers.disallow.iter().map(|p| format!("{}{p}", site.base_path)).collect();
    lines(&mut out, "Disallow", &paths);
    out.push_str("Allow: /\n\n");
    lines(&mut out, "Sitemap", sitemaps);
    out
}

fn opml(site: &Site, words: &Locale, groups: &[(&str, Vec<Subscription>)]) -> io::Result<Vec<u8>> {
    let mut w = begin()?;
    let open = |w: &mut Xml, name: &str, attributes: &[(&str, &str)]| {
        let mut start = BytesStart::new(name);
        for a in attributes {
            start.push_attribute(*a);
        }
        w.write_event(Event::Start(start.into_owned()))
    };
    let close = |w: &mut Xml, name: &str| w.write_event(Event::End(BytesEnd::new(name).into_owned()));
    open(&mut w, "opml", &[("version", "2.0")])?;
    open(&mut w, "head", &[])?;
    text(&mut w, "title", &[], &words.with("feeds-of", &[("site", (&site.title).into())]))?;
    text(&mut w, "ownerName", &[], &site.publisher)?;
    close(&mut w, "head")?;
    open(&mut w, "body", &[])?;
    for (name, lines) in groups {
        open(&mut w, "outline", &[("text", name), ("title", name)])?;
        for line in lines {
            let attributes = [
                ("type", "rss"),
                ("text", line.title.as_str()),
                ("title", line.title.as_str()),
                ("xmlUrl", line.feed.as_str()),
                ("htmlUrl", line.page.as_str()),
            ];
            text(&mut w, "outline", &attributes, "")?;
        }
        close(&mut w, "outline")?;
    }
    close(&mut w, "body")?;
    close(&mut w, "opml")?;
    Ok(end(w))
}

/// Google's news sitemap: <https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap>.
fn news(site: &Site, articles: &[(&Article, String)]) -> io::Result<Vec<u8>> {
    let mut w = begin()?;
    let mut start = BytesStart::new("urlset");
    start.push_attribute(("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9"));
    start.push_attribute(("xmlns:news", "http://www.google.com/schemas/sitemap-news/0.9"));
    w.write_event(Event::Start(start))?;
    for (a, address) in articles {
        w.write_event(Event::Start(BytesStart::new("url")))?;
        text(&mut w, "loc", &[], address)?;
        w.write_event(Event::Start(BytesStart::new("news:news")))?;
        w.write_event(Event::Start(BytesStart::new("news:publication")))?;
        text(&mut w, "news:name", &[], &site.title)?;
        text(&mut w, "news:language", &[], &news_language(a.common.language.as_deref().unwrap_or(&site.language)))?;
        w.write_event(Event::End(BytesEnd::new("news:publication")))?;
        text(&mut w, "news:publication_date", &[], &iso(a.date, &site.zone))?;
        text(&mut w, "news:title", &[], &a.common.title)?;
        w.write_event(Event::End(BytesEnd::new("news:news")))?;
        w.write_event(Event::End(BytesEnd::new("url")))?;
    }
    w.write_event(Event::End(BytesEnd::new("urlset")))?;
    Ok(end(w))
}

/// ISO 639, but `zh-cn` and `zh-tw` for Chinese, as the format asks.
fn news_language(tag: &str) -> String {
    let lower = tag.to_ascii_lowercase();
    let mut parts = lower.split('-');
    match parts.next() {
        Some("zh") if parts.any(|p| ["hant", "tw", "hk", "mo"].contains(&p)) => "zh-tw".to_owned(),
        Some("zh") => "zh-cn".to_owned(),
        first => first.unwrap_or("en").to_owned(),
    }
}

/// <https://llmstxt.org>: a heading, a quotation, sections of links.
fn llms(site: &Site, sections: &[(&str, Vec<Pointer<'_>>)]) -> String {
    let mut out = format!("# {}\n", escape(&site.title));
    if !site.description.is_empty() {
        // Writing to memory does not fail, here and below.
        let _ = write!(out, "\n> {}\n", escape(&site.description));
    }
    for (name, lines) in sections {
        let _ = write!(out, "\n## {name}\n\n");
        for line in lines {
            let about = if line.about.is_empty() { String::new() } else { format!(": {}", escape(line.about)) };
            let _ = writeln!(out, "- [{}](<{}>){about}", escape(line.title), line.address);
        }
    }
    out
}

/// RFC 9116.
fn security(site: &Site, own: &str, expires: jiff::Timestamp) -> String {
    let mut out = String::new();
    let Some(security) = &site.security else { return out };
    for contact in &security.contact {
        let _ = writeln!(out, "Contact: {contact}");
    }
    let _ = writeln!(out, "Expires: {expires}");
    let _ = writeln!(out, "Preferred-Languages: {}", site.language);
    let _ = writeln!(out, "Canonical: {own}");
    if let Some(policy) = &security.policy {
        let _ = writeln!(out, "Policy: {policy}");
    }
    out
}

/// What Cloudflare Pages and Netlify read.
fn headers(site: &Site, assets: &Assets) -> String {
    let base = &site.base_path;
    // What browsers may fetch before it is asked for, where a reader seems about to: named by a header, since a script
    // element would be one more thing for a strict policy to allow.
    let rules = assets.get("next.speculationrules").map(|asset| format!("{base}{}", asset.route.url()));
    let named = rules.as_ref().map_or(String::new(), |path| format!("  Speculation-Rules: \"{path}\"\n"));
    let typed =
        rules.map_or(String::new(), |path| format!("\n{path}\n  Content-Type: application/speculationrules+json\n"));
    let atom = "application/atom+xml; charset=utf-8";
    let feeds = ["/feed.xml", "/:kind/:name/feed.xml", "/tags/:one/:other/feed.xml", "/corrections/feed.xml"];
    let feeds = feeds.map(|path| format!("\n{base}{path}\n  Content-Type: {atom}\n"));
    let json = ["/feed.json", "/:kind/:name/feed.json", "/tags/:one/:other/feed.json", "/corrections/feed.json"];
    let json = json.map(|path| format!("\n{base}{path}\n  Content-Type: application/feed+json; charset=utf-8\n"));
    format!(
        "{base}/*\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: strict-origin-when-cross-origin\n{named}\n\
         {base}{PREFIX}*\n  Cache-Control: public, max-age=31536000, immutable\n{typed}{}{}",
        feeds.concat(),
        json.concat()
    )
}

fn web_manifest(site: &Site, home: &str, assets: &Assets) -> io::Result<Vec<u8>> {
    let icon = |(name, sizes, purpose): (&str, &str, &str)| {
        let asset = assets.get(name)?;
        let src = format!("{}{}", site.base_path, asset.route.url());
        Some(json!({ "src": src, "sizes": sizes, "type": "image/png", "purpose": purpose }))
    };
    let icons = [
        ("icon-192.png", "192x192", "any"),
        ("icon-512.png", "512x512", "any"),
        ("icon-maskable.png", "512x512", "maskable"),
    ];
    let paper = site.theme.colour("paper").0.to_string();
    let manifest = json!({
        "name": site.title, "short_name": site.title, "description": site.description, "lang": site.language,
        "start_url": home, "scope": home, "id": home, "display": "minimal-ui",
        "background_color": paper, "theme_color": paper,
        "icons": icons.into_iter().filter_map(icon).collect::<Vec<_>>(),
    });
    let mut bytes = serde_json::to_vec_pretty(&manifest)?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_of_news() {
        for (tag, news) in
            [("en-GB", "en"), ("zh-Hans", "zh-cn"), ("zh", "zh-cn"), ("zh-Hant-HK", "zh-tw"), ("fil", "fil")]
        {
            assert_eq!(news_language(tag), news);
        }
    }
}
