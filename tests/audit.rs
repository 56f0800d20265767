//! What a reader, a feed reader and a search engine would notice on the built sites: ours, a new one, one in a folder.
#![allow(clippy::disallowed_methods, reason = "a test works on the disk like a user")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// One start tag or end tag, with its attributes, their entities decoded.
#[derive(Debug)]
struct Tag {
    name: String,
    closes: bool,
    attributes: BTreeMap<String, String>,
    /// What stands between this tag and the next one.
    text: String,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}

/// A built site.
struct Site {
    name: &'static str,
    base: String,
    files: BTreeMap<String, Vec<u8>>,
    pages: BTreeMap<String, Vec<Tag>>,
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn dealwire(here: &Path, words: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dealwire"));
    command.args(words).current_dir(here).env_remove("SOURCE_DATE_EPOCH").stdin(Stdio::null());
    let done = command.output().expect("dealwire");
    assert!(done.status.success(), "dealwire {words:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn build(name: &'static str, root: &Path, base: Option<&str>) -> Site {
    let folder = TempDir::new().expect("a temporary folder");
    let out = folder.path().join("out");
    let out = out.to_str().expect("a plain path");
    let mut words = vec!["build", "--strict", "--quiet", "--as-of", "2026-01-01", "--output", out];
    words.extend(base.iter().flat_map(|b| ["--base-url", *b]));
    dealwire(root, &words);
    let mut files = BTreeMap::new();
    for item in walkdir::WalkDir::new(out).into_iter().map(|i| i.expect("a readable folder")) {
        if item.file_type().is_file() {
            let below = item.path().strip_prefix(out).expect("below");
            let path = below.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            files.insert(path, fs::read(item.path()).expect("a file"));
        }
    }
    let base = base.map_or_else(|| setting(root, "base_url"), str::to_owned);
    let html = files.iter().filter(|(p, _)| p.ends_with(".html"));
    let pages = html.map(|(p, b)| (p.clone(), tags(std::str::from_utf8(b).expect("UTF-8")))).collect();
    Site { name, base, files, pages }
}

fn setting(root: &Path, name: &str) -> String {
    let text = fs::read_to_string(root.join("site.toml")).expect("site.toml");
    let line = text.lines().find(|l| l.starts_with(name)).expect("the setting");
    line.split('"').nth(1).expect("a text").to_owned()
}

/// The sites that are looked at, built once for all tests.
fn sites() -> &'static [Site] {
    static SITES: OnceLock<Vec<Site>> = OnceLock::new();
    SITES.get_or_init(|| {
        let folder = TempDir::new().expect("a temporary folder");
        dealwire(folder.path(), &["init", "new-site"]);
        vec![
            build("the sample", repository(), None),
            build("the sample in a folder", repository(), Some("https://host.example.org/china/desk")),
            build("a new site", &folder.path().join("new-site"), None),
        ]
    })
}

/// Goes over every site and collects what is wrong, so that one run shows all of it.
fn each(mut look: impl FnMut(&Site, &mut Vec<String>)) {
    let mut faults = Vec::new();
    for site in sites() {
        let mut own = Vec::new();
        look(site, &mut own);
        faults.extend(own.into_iter().map(|f| format!("{}: {f}", site.name)));
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults[..faults.len().min(40)].join("\n"));
}

fn decode(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

/// The tags of a page, in order. Panics on what no browser should have to mend.
fn tags(html: &str) -> Vec<Tag> {
    let mut all = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = &comment[comment.find("-->").expect("an end of the comment") + 3..];
            continue;
        }
        let (name, mut inside) = rest.split_at(rest.find([' ', '>', '\n', '/']).map_or(rest.len(), |i| i.max(1)));
        let (closes, name) = name.strip_prefix('/').map_or((false, name), |n| (true, n));
        let (closes, name) =
            if name.is_empty() { (true, &rest[1..rest.find('>').expect("a tag's end")]) } else { (closes, name) };
        if closes {
            inside = &rest[rest.find('>').expect("a tag's end")..];
        }
        let mut attributes = BTreeMap::new();
        loop {
            inside = inside.trim_start_matches([' ', '\n', '/']);
            if let Some(after) = inside.strip_prefix('>') {
                inside = after;
                break;
            }
            let end = inside.find(['=', ' ', '>', '\n']).expect("a tag's end");
            let (key, after) = inside.split_at(end);
            let value = if let Some(quoted) = after.strip_prefix("=\"") {
                let close = quoted.find('"').expect("a quote's end");
                inside = &quoted[close + 1..];
                decode(&quoted[..close])
            } else {
                assert!(!after.starts_with('='), "an attribute without quotes: {key}");
                inside = after;
                String::new()
            };
            assert!(attributes.insert(key.to_owned(), value).is_none(), "{key} twice in one tag");
        }
        let name = name.to_owned();
        let is_raw = !closes && (name == "script" || name == "style");
        let end = if is_raw { inside.find(&format!("</{name}")) } else { inside.find('<') }.unwrap_or(inside.len());
        all.push(Tag { name, closes, attributes, text: inside[..end].to_owned() });
        rest = &inside[end..];
    }
    all
}

/// Whether a file is the page for addresses that lead nowhere, in any language.
fn is_missing(path: &str) -> bool {
    matches!(path, "404.html" | "zh/404.html")
}

impl Site {
    /// Pages for readers: neither moved ones nor the one for addresses that lead nowhere.
    fn readable(&self) -> impl Iterator<Item = (&str, &[Tag])> {
        let all = self.pages.iter().map(|(p, t)| (p.as_str(), t.as_slice()));
        all.filter(|(path, tags)| !is_missing(path) && !is_moved(tags))
    }

    /// Every file of the site that is text.
    fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let texts = self.files.iter().filter_map(|(p, b)| Some((p.as_str(), std::str::from_utf8(b).ok()?)));
        texts.filter(|(p, _)| !p.starts_with(".dealwire"))
    }

    /// The address of a file.
    fn address(&self, path: &str) -> String {
        let path = path.strip_suffix("index.html").filter(|p| p.is_empty() || p.ends_with('/')).unwrap_or(path);
        format!("{}/{path}", self.base)
    }

    /// The file at an address of this site and the fragment; `None` for another site's.
    fn file(&self, from: &str, url: &str) -> Option<(String, Option<String>)> {
        let (url, fragment) = url.split_once('#').map_or((url, None), |(u, f)| (u, Some(f.to_owned())));
        let origin = self.base.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let path = if url.is_empty() {
            return Some((from.to_owned(), fragment));
        } else if let Some(path) = url.strip_prefix(&origin) {
            path
        } else if url.starts_with('/') && !url.starts_with("//") {
            url
        } else if url.contains(':') || url.starts_with("//") {
            return None;
        } else {
            return Some((format!("a relative address: {url}"), fragment));
        };
        let below =
            path.strip_prefix(&self.base[origin.len()..]).map_or_else(|| format!("outside: {path}"), str::to_owned);
        let file = unescape(below.trim_start_matches('/'));
        let file = if file.is_empty() || file.ends_with('/') { format!("{file}index.html") } else { file };
        Some((file, fragment))
    }

    /// What is wrong with an address, if anything is.
    fn fault(&self, from: &str, url: &str) -> Option<String> {
        let (file, fragment) = self.file(from, url)?;
        if !self.files.contains_key(&file) {
            return Some(format!("{from}: {url} leads to no file ({file})"));
        }
        let fragment = fragment.filter(|f| !f.is_empty())?;
        let page = self.pages.get(&file)?;
        let found = page.iter().any(|t| t.get("id") == Some(&unescape(&fragment)));
        (!found).then(|| format!("{from}: {url} names a part that is not there"))
    }
}

fn is_moved(tags: &[Tag]) -> bool {
    tags.iter().any(|t| t.get("http-equiv") == Some("refresh"))
}

fn unescape(url: &str) -> String {
    let bytes = url.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex =
            (bytes[i] == b'%').then(|| url.get(i + 1..i + 3).and_then(|h| u8::from_str_radix(h, 16).ok())).flatten();
        out.push(hex.unwrap_or(bytes[i]));
        i += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).unwrap_or_default()
}

/// The text of the first element of a name, up to its end tag.
fn text_of(tags: &[Tag], name: &str) -> String {
    let from = tags.iter().position(|t| t.name == name && !t.closes);
    let inside = from.map(|f| tags[f..].iter().take_while(|t| !(t.name == name && t.closes)));
    inside.into_iter().flatten().map(|t| decode(&t.text)).collect::<String>().trim().to_owned()
}

fn metas<'a>(tags: &'a [Tag], key: &str, name: &str) -> Vec<&'a str> {
    tags.iter().filter(|t| t.name == "meta" && t.get(key) == Some(name)).filter_map(|t| t.get("content")).collect()
}

fn links<'a>(tags: &'a [Tag], rel: &str) -> Vec<&'a str> {
    tags.iter().filter(|t| t.name == "link" && t.get("rel") == Some(rel)).filter_map(|t| t.get("href")).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut seen = 0;
    each(|site, faults| {
        for (path, tags) in &site.pages {
            for tag in tags {
                for key in ["href", "src", "content"] {
                    let url = match tag.get(key) {
                        Some(url) if key != "content" => url,
                        Some(text) => match text.split_once("url=") {
                            Some((_, url)) if tag.get("http-equiv").is_some() => url,
                            _ if text.starts_with(&site.base) => text,
                            _ => continue,
                        },
                        None => continue,
                    };
                    seen += 1;
                    faults.extend(site.fault(path, url));
                    let is_own = tag.name == "a" || tag.get("rel") == Some("license");
                    if site.file(path, url).is_none() && !is_own {
                        faults.push(format!("{path}: {} asks another host for {url}", tag.name));
                    }
                }
            }
        }
    });
    assert!(seen > 1000, "only {seen} links were looked at");
}

#[test]
fn every_page_has_what_a_page_needs() {
    each(|site, faults| {
        for (path, tags) in &site.pages {
            let mut say = |fault: String| faults.push(format!("{path}: {fault}"));
            let start = String::from_utf8_lossy(&site.files[path]);
            if !start.starts_with("<!DOCTYPE html>\n<html lang=\"") {
                say("no doctype or language at its start".to_owned());
            }
            let many = |name: &str| tags.iter().filter(|t| t.name == name && !t.closes).count();
            for name in ["h1", "title", "main", "head", "body"] {
                // Pictures in the body have titles too.
                let inner = tags.iter().skip_while(|t| name != "title" || t.name != "body");
                let own = many(name) - inner.filter(|t| name == "title" && t.name == name && !t.closes).count();
                if own != 1 {
                    say(format!("{own} times <{name}>"));
                }
            }
            for name in ["h1", "title"] {
                if text_of(tags, name).is_empty() {
                    say(format!("an empty <{name}>"));
                }
            }
            if metas(tags, "name", "viewport").len() != 1 {
                say("no viewport".to_owned());
            }
            let indexable = metas(tags, "name", "robots").is_empty();
            if indexable == (is_missing(path) || is_moved(tags)) {
                say("to be indexed, or not, against its nature".to_owned());
            }
        }
        for (path, tags) in site.readable() {
            let mut say = |fault: String| faults.push(format!("{path}: {fault}"));
            if links(tags, "canonical") != [site.address(path)] {
                say(format!("its canonical address is {:?}", links(tags, "canonical")));
            }
            let descriptions = metas(tags, "name", "description");
            if !matches!(descriptions[..], [d] if d.chars().count() >= 10 && d.chars().count() <= 320) {
                say(format!("its description is {descriptions:?}"));
            }
            for name in
                ["og:title", "og:type", "og:url", "og:image", "og:image:width", "og:image:height", "og:image:alt"]
            {
                if !matches!(metas(tags, "property", name)[..], [v] if !v.is_empty()) {
                    say(format!("{name} is {:?}", metas(tags, "property", name)));
                }
            }
            if metas(tags, "property", "og:url") != [site.address(path)] {
                say("og:url is not its address".to_owned());
            }
        }
    });
}

#[test]
fn no_two_pages_have_one_title() {
    each(|site, faults| {
        let mut titles: BTreeMap<String, &str> = BTreeMap::new();
        for (path, tags) in site.readable() {
            if let Some(other) = titles.insert(text_of(tags, "title"), path) {
                faults.push(format!("{path} and {other} are both called {}", text_of(tags, "title")));
            }
        }
    });
}

#[test]
fn elements_nest_ids_are_unique_and_headings_skip_no_level() {
    const EMPTY: [&str; 8] = ["!DOCTYPE", "meta", "link", "br", "hr", "img", "input", "source"];
    each(|site, faults| {
        for (path, tags) in &site.pages {
            let (mut open, mut ids, mut level) = (Vec::new(), BTreeSet::new(), 0);
            for tag in tags {
                if let Some(id) = tag.get("id").filter(|id| !ids.insert(*id)) {
                    faults.push(format!("{path}: two elements have the id {id}"));
                }
                if tag.closes {
                    let last = open.pop();
                    if last != Some(&tag.name) {
                        faults.push(format!("{path}: </{}> closes {last:?}", tag.name));
                        break;
                    }
                } else if !EMPTY.contains(&tag.name.as_str()) && !is_drawn(tag) {
                    open.push(&tag.name);
                }
                let own = tag.name.strip_prefix('h').and_then(|n| n.parse::<u8>().ok()).filter(|_| !tag.closes);
                if let Some(own) = own {
                    if own > level + 1 {
                        faults.push(format!("{path}: <h{own}> after <h{level}>"));
                    }
                    level = own;
                }
            }
            if !open.is_empty() {
                faults.push(format!("{path}: {open:?} are not closed"));
            }
            for label in tags.iter().filter_map(|t| t.get("aria-labelledby")) {
                if !ids.contains(label) {
                    faults.push(format!("{path}: nothing has the id {label}, by which a part is labelled"));
                }
            }
        }
    });
}

/// A shape of a drawing that stands within one tag.
fn is_drawn(tag: &Tag) -> bool {
    ["path", "circle", "line", "rect", "use"].contains(&tag.name.as_str())
}

#[test]
fn images_say_what_they_show_and_keep_their_place() {
    each(|site, faults| {
        for (path, tags) in &site.pages {
            for image in tags.iter().filter(|t| t.name == "img") {
                for key in ["alt", "width", "height"] {
                    if image.get(key).is_none_or(str::is_empty) {
                        faults.push(format!("{path}: an image without {key}: {image:?}"));
                    }
                }
            }
        }
    });
}

#[test]
fn nothing_of_the_works_shows() {
    let here = repository().to_string_lossy().into_owned();
    each(|site, faults| {
        for (path, text) in site.texts() {
            // For spreadsheets, and there alone, texts begin with a byte order mark.
            let text = if path.ends_with(".csv") { text.trim_start_matches('\u{feff}') } else { text };
            for bad in ["{{", "{%", "undefined", "[object", "None(", "Some(", "TODO", &here, "\u{feff}", "\u{fffd}"] {
                // A style sheet may end two blocks at once, and begins none so.
                if text.contains(bad) {
                    faults.push(format!("{path} has {bad:?}"));
                }
            }
            if path.ends_with(".html") || path.ends_with(".xml") {
                for c in text.chars().filter(|c| c.is_control() && *c != '\n') {
                    faults.push(format!("{path} has the control character {c:?}"));
                }
            }
        }
        for (path, tags) in &site.pages {
            for tag in tags {
                if tag.name == "a" && !tag.closes && tag.get("href").is_none_or(str::is_empty) {
                    faults.push(format!("{path}: a link that leads nowhere: {tag:?}"));
                }
                if let Some(key) = tag.attributes.keys().find(|k| k.starts_with("on")) {
                    faults.push(format!("{path}: {key} in <{}>", tag.name));
                }
                // The ledger can be sorted, and search is search; everything else needs none.
                let from = |script: &str| tag.get("src").is_some_and(|s| s.contains(script));
                let path = path.strip_prefix("zh/").unwrap_or(path);
                let sorts = path.starts_with("deals/") && from("/assets/ledger.")
                    || path == "search/index.html" && from("/assets/search.");
                if tag.name == "script" && !tag.closes && !sorts && tag.get("type") != Some("application/ld+json") {
                    faults.push(format!("{path}: a script where none is needed"));
                }
            }
            let times = tags.iter().filter(|t| t.name == "time" && !t.closes);
            for time in times.filter_map(|t| t.get("datetime")) {
                let well = matches!(time.len(), 4 | 7 | 10 | 20 | 25) && time.starts_with(['1', '2']);
                if !well {
                    faults.push(format!("{path}: {time:?} is no date"));
                }
            }
        }
    });
}

#[test]
fn structured_data_is_json_of_known_kinds() {
    const KINDS: [&str; 7] =
        ["WebSite", "Organization", "NewsArticle", "Corporation", "Person", "CollectionPage", "WebPage"];
    let mut news = 0;
    each(|site, faults| {
        for (path, tags) in site.readable() {
            let scripts: Vec<&Tag> = tags
                .iter()
                .filter(|t| t.name == "script" && !t.closes && t.get("type").is_some() && t.get("src").is_none())
                .collect();
            if scripts.len() != 1 {
                faults.push(format!("{path}: {} pieces of structured data", scripts.len()));
                continue;
            }
            let data: serde_json::Value = match serde_json::from_str(&scripts[0].text) {
                Ok(data) => data,
                Err(e) => {
                    faults.push(format!("{path}: {e}"));
                    continue;
                }
            };
            let graph = data["@graph"].as_array().cloned().unwrap_or_default();
            let kind = |v: &serde_json::Value| v["@type"].as_str().unwrap_or("").to_owned();
            if data["@context"] != "https://schema.org" || !graph.iter().any(|v| KINDS.contains(&kind(v).as_str())) {
                faults.push(format!("{path}: no structured data of a known kind"));
            }
            addresses(&data, &mut |url| {
                faults.extend(site.fault(path, url.trim_end_matches("#website").split("/#").next().unwrap_or(url)));
            });
            for item in &graph {
                match kind(item).as_str() {
                    "NewsArticle" => {
                        news += 1;
                        for key in [
                            "headline",
                            "description",
                            "datePublished",
                            "dateModified",
                            "author",
                            "publisher",
                            "image",
                            "mainEntityOfPage",
                        ] {
                            if item[key].is_null() {
                                faults.push(format!("{path}: a news article without {key}"));
                            }
                        }
                        if item["headline"].as_str() != Some(&text_of(tags, "h1")) {
                            faults.push(format!("{path}: its headline is not its heading"));
                        }
                    }
                    "BreadcrumbList" => {
                        let steps = item["itemListElement"].as_array().cloned().unwrap_or_default();
                        let last = steps.last().and_then(|s| s["item"].as_str()).unwrap_or("");
                        let ordered = steps.iter().enumerate().all(|(i, s)| s["position"] == i + 1);
                        if !ordered || steps.len() < 2 || last != site.address(path) {
                            faults.push(format!("{path}: the way here is {steps:?}"));
                        }
                    }
                    _ => {}
                }
            }
        }
    });
    assert!(news > 10, "only {news} news articles");
}

/// Every address of this or another site in structured data.
fn addresses(data: &serde_json::Value, see: &mut impl FnMut(&str)) {
    match data {
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                match value.as_str() {
                    Some(url) if ["url", "item", "@id"].contains(&key.as_str()) => {
                        see(url.split('#').next().unwrap_or(url));
                    }
                    _ => addresses(value, see),
                }
            }
        }
        serde_json::Value::Array(list) => list.iter().for_each(|v| addresses(v, see)),
        _ => {}
    }
}

/// An element of XML: the names from the top down to its own, its attributes, its text.
type Element = (String, BTreeMap<String, String>, String);

/// The elements of an XML document: path of names, attributes, text.
fn xml(text: &str) -> Result<Vec<Element>, String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let (mut path, mut all): (Vec<String>, Vec<Element>) = (Vec::new(), Vec::new());
    let mut open: Vec<usize> = Vec::new();
    loop {
        let event = reader.read_event().map_err(|e| e.to_string())?;
        match &event {
            Event::Start(e) | Event::Empty(e) => {
                path.push(e.name().as_ref().to_owned());
                let mut attributes = BTreeMap::new();
                for a in e.attributes() {
                    let a = a.map_err(|e| e.to_string())?;
                    let value = decode(&a.value);
                    attributes.insert(a.key.as_ref().to_owned(), value);
                }
                open.push(all.len());
                all.push((path.join("/"), attributes, String::new()));
                if matches!(event, Event::Empty(_)) {
                    path.pop();
                    open.pop();
                }
            }
            Event::End(_) => {
                path.pop();
                open.pop();
            }
            Event::Text(t) => {
                let text: &str = t.as_ref();
                if let Some(at) = open.last() {
                    all[*at].2.push_str(text);
                } else if !text.trim().is_empty() {
                    return Err(format!("text outside: {text}"));
                }
            }
            Event::GeneralRef(r) => {
                let at = *open.last().ok_or("a reference outside")?;
                let name: &str = r.as_ref();
                all[at].2.push_str(&decode(&format!("&{name};")));
            }
            Event::Eof if path.is_empty() && !all.is_empty() => return Ok(all),
            Event::Eof => return Err("it ends too early".to_owned()),
            _ => {}
        }
    }
}

#[test]
fn feeds_are_well_formed_and_complete() {
    let mut entries = 0;
    each(|site, faults| {
        let feeds: Vec<&String> = site.files.keys().filter(|p| p.ends_with("feed.xml")).collect();
        assert!(!feeds.is_empty(), "{} has no feed", site.name);
        let mut named = BTreeMap::new();
        for path in feeds {
            let text = String::from_utf8_lossy(&site.files[path]);
            let all = match xml(&text) {
                Ok(all) => all,
                Err(e) => {
                    faults.push(format!("{path}: {e}"));
                    continue;
                }
            };
            let of = |name: &str| all.iter().filter(|e| e.0 == name).collect::<Vec<_>>();
            let href = |of: &[&Element], rel: &str| {
                of.iter()
                    .filter(|l| l.1.get("rel").map(String::as_str) == Some(rel))
                    .map(|l| l.1["href"].clone())
                    .collect::<Vec<_>>()
            };
            if href(&of("feed/link"), "self") != [site.address(path)] {
                faults.push(format!("{path}: its own address is {:?}", href(&of("feed/link"), "self")));
            }
            for name in ["feed/id", "feed/title", "feed/updated", "feed/author"] {
                if of(name).len() != 1 {
                    faults.push(format!("{path}: {} times {name}", of(name).len()));
                }
            }
            let count = of("feed/entry").len();
            entries += count;
            let ids: Vec<&String> = of("feed/entry/id").iter().map(|e| &e.2).collect();
            if ids.iter().collect::<BTreeSet<_>>().len() != count || !ids.iter().all(|id| id.starts_with("tag:")) {
                faults.push(format!("{path}: ids {ids:?}"));
            }
            for name in ["entry/title", "entry/updated", "entry/published", "entry/summary", "entry/content"] {
                if of(&format!("feed/{name}")).iter().filter(|e| !e.2.trim().is_empty()).count() != count {
                    faults.push(format!("{path}: not every entry has one {name}"));
                }
            }
            let urls = href(&of("feed/entry/link"), "alternate");
            for (id, url) in ids.iter().zip(&urls) {
                faults.extend(site.fault(path, url));
                if named.insert((*id).clone(), url.clone()).is_some_and(|other| other != *url) {
                    faults.push(format!("{path}: {id} names two articles"));
                }
            }
            let updated: Vec<&String> = of("feed/entry/updated").iter().map(|e| &e.2).collect();
            if updated.iter().max().is_some_and(|newest| **newest != of("feed/updated")[0].2) {
                faults.push(format!("{path}: the feed is not as new as its newest entry"));
            }
            for content in of("feed/entry/content") {
                for tag in tags(&content.2) {
                    for url in ["href", "src"].iter().filter_map(|k| tag.get(k)) {
                        faults.extend(site.fault(path, url));
                        if !url.contains(':') {
                            faults.push(format!("{path}: a relative address in an entry: {url}"));
                        }
                    }
                }
            }
        }
        for (path, tags) in &site.pages {
            for feed in
                tags.iter().filter(|t| t.get("type") == Some("application/atom+xml")).filter_map(|t| t.get("href"))
            {
                faults.extend(site.fault(path, feed));
            }
        }
    });
    assert!(entries > 30, "only {entries} entries");
}

#[test]
fn the_sitemap_lists_what_may_be_found_and_nothing_else() {
    each(|site, faults| {
        let all = xml(&String::from_utf8_lossy(&site.files["sitemap.xml"])).expect("a sitemap");
        let of = |name: &str| all.iter().filter(|e| e.0 == name).map(|e| e.2.clone()).collect::<Vec<_>>();
        let listed: BTreeSet<String> = of("urlset/url/loc").into_iter().collect();
        let pages: BTreeSet<String> = site.readable().map(|(p, _)| site.address(p)).collect();
        faults.extend(listed.difference(&pages).map(|u| format!("{u} is listed and is no page")));
        faults.extend(pages.difference(&listed).map(|u| format!("{u} is a page and not listed")));
        if of("urlset/url/loc").len() != listed.len() {
            faults.push("an address is listed twice".to_owned());
        }
        for date in of("urlset/url/lastmod") {
            if date.len() != 25 || date.as_str() > "2026-01-01" {
                faults.push(format!("the sitemap has the date {date}"));
            }
        }
        let robots = String::from_utf8_lossy(&site.files["robots.txt"]).into_owned();
        let named: Vec<&str> = robots.lines().filter_map(|l| l.strip_prefix("Sitemap: ")).collect();
        if named != [format!("{}/sitemap.xml", site.base)] {
            faults.push(format!("robots.txt names {named:?}"));
        }
    });
}

#[test]
fn fingerprinted_files_bear_the_digest_of_their_bytes() {
    each(|site, faults| {
        // The name of a card or of an image tells of what it is made, so that it can be named before: tests/cards.rs, tests/images.rs.
        let made = ["assets/cards/", "assets/images/"];
        let own = |p: &&String| p.starts_with("assets/") && !made.iter().any(|folder| p.starts_with(folder));
        let assets: Vec<&String> = site.files.keys().filter(own).collect();
        assert!(assets.len() > 3, "{assets:?}");
        for path in assets {
            let digest = blake3::hash(&site.files[path]).to_hex();
            let name = path.rsplit('/').next().unwrap_or(path);
            let print = name.split('.').find(|p| p.len() == 16 && p.bytes().all(|b| b.is_ascii_hexdigit()));
            if print.is_none_or(|p| !digest.starts_with(p)) {
                faults.push(format!("{path} is of other bytes than its name says"));
            }
        }
        for (path, text) in site.texts().filter(|(p, _)| p.ends_with(".css")) {
            for (at, _) in text.match_indices("url(") {
                let url = text[at + 4..].split(')').next().unwrap_or("").trim_matches(['"', '\'']);
                let is_inside = url.starts_with("data:")
                    || site.file(path, url).is_some_and(|f| site.files.contains_key(&f.0))
                    || site.files.contains_key(&format!("assets/{url}"));
                if !is_inside {
                    faults.push(format!("{path}: {url} is not there"));
                }
            }
            if text.contains("@import") || text.contains("//") && text.contains("http") {
                faults.push(format!("{path} asks for more"));
            }
        }
    });
}

#[test]
fn pages_are_light() {
    each(|site, faults| {
        let style: usize = site.files.iter().filter(|(p, _)| p.ends_with(".css")).map(|(_, b)| b.len()).sum();
        for path in site.pages.keys() {
            let own = site.files[path].len();
            // Without compression, so that over the wire it is a fraction of this.
            if own + style > 150_000 {
                faults.push(format!("{path} and its style are {} bytes", own + style));
            }
        }
        for (path, bytes) in &site.files {
            if bytes.is_empty() || bytes.len() > 2_000_000 {
                faults.push(format!("{path} has {} bytes", bytes.len()));
            }
        }
    });
}

#[test]
fn old_addresses_lead_on() {
    let mut moved = 0;
    each(|site, faults| {
        for (path, tags) in site.pages.iter().filter(|(_, t)| is_moved(t)) {
            moved += 1;
            let to = links(tags, "canonical").concat();
            let target = site.file(path, &to).map(|f| f.0).unwrap_or_default();
            if !site.readable().any(|(p, _)| p == target) {
                faults.push(format!("{path} leads to {to}"));
            }
            let refresh =
                tags.iter().find(|t| t.get("http-equiv").is_some()).and_then(|t| t.get("content")).unwrap_or("");
            let url = refresh.split("url=").nth(1).unwrap_or("");
            if site.file(path, url).map(|f| f.0) != Some(target) {
                faults.push(format!("{path} says {to} and goes to {url}"));
            }
        }
    });
    let golden = repository().join("tests/golden/outputs-off/expected/old/licence.html");
    assert!(moved > 0 || golden.is_file(), "no moved page was looked at anywhere");
}

#[test]
fn the_manifest_names_every_file_with_its_digest() {
    each(|site, faults| {
        let text = String::from_utf8_lossy(&site.files[".dealwire-manifest.json"]).into_owned();
        let manifest: serde_json::Value = serde_json::from_str(&text).expect("a manifest");
        let listed = manifest["files"].as_object().expect("files");
        let real: BTreeSet<&String> = site.files.keys().filter(|p| !p.starts_with(".dealwire")).collect();
        if listed.keys().collect::<BTreeSet<_>>() != real {
            faults.push("the manifest lists other files than there are".to_owned());
        }
        for (path, stamp) in listed {
            let bytes = site.files.get(path).map_or(&[][..], Vec::as_slice);
            let text = stamp.to_string();
            if !text.contains(blake3::hash(bytes).to_hex().as_str()) || !text.contains(&bytes.len().to_string()) {
                faults.push(format!("{path} is not as the manifest says: {text}"));
            }
        }
    });
}

#[test]
fn the_topics_of_the_sample_are_in_its_navigation_with_an_introduction() {
    let site = &sites()[0];
    for (topic, least) in [("china", 60), ("patents", 60), ("digital-health", 60)] {
        let home = &site.pages["index.html"];
        let path = format!("/tags/{topic}/");
        assert!(home.iter().any(|t| t.name == "a" && t.get("href") == Some(&path)), "{topic} is not in the navigation");
        let source =
            fs::read_to_string(PathBuf::from(repository()).join(format!("content/tags/{topic}.md"))).expect("a tag");
        let body = source.rsplit("---\n").next().unwrap_or("");
        let words = body.split_whitespace().count();
        assert!(words >= least, "the introduction of {topic} has {words} words");
        let page = String::from_utf8_lossy(&site.files[&format!("tags/{topic}/index.html")]).into_owned();
        assert!(page.contains("<p>"), "{topic}");
    }
}

#[test]
fn a_fault_would_be_seen() {
    let html = "<a id=\"x\" href=\"/base/b/#y\">b &amp; c</a><!-- <i> --><img alt><script type=\"x\">if (a<b) {}</script><p\n>";
    let read = tags(html);
    let names: Vec<(&str, bool)> = read.iter().map(|t| (t.name.as_str(), t.closes)).collect();
    let wanted = [("a", false), ("a", true), ("img", false), ("script", false), ("script", true), ("p", false)];
    assert_eq!(names, wanted);
    assert_eq!((read[0].get("href"), read[2].get("alt")), (Some("/base/b/#y"), Some("")));
    assert_eq!((text_of(&read, "a").as_str(), read[3].text.as_str()), ("b & c", "if (a<b) {}"));
    let files: BTreeMap<String, Vec<u8>> =
        [("b/index.html", ""), ("c.png", "")].map(|(p, b)| (p.to_owned(), b.into())).into();
    let pages = [("b/index.html".to_owned(), tags("<p id=\"z\">"))].into();
    let site = Site { name: "", base: "https://h.example/base".to_owned(), files, pages };
    for good in
        ["/base/b/", "/base/b/#z", "https://h.example/base/c.png", "https://other.example/x", "mailto:a@b", "#z"]
    {
        assert_eq!(site.fault("b/index.html", good), None, "{good}");
    }
    for bad in ["/b/", "/base/b/#y", "/base/d.png", "c.png", "https://h.example/c.png", "#y"] {
        assert!(site.fault("b/index.html", bad).is_some(), "{bad}");
    }
    for bad in ["<a><b></a></b>", "<a>", "<a x=\"1\" x=\"2\"/>", "<a>&lt;</a", "", "text<a/>"] {
        assert!(xml(bad).is_err(), "{bad}");
    }
    assert_eq!(xml("<a>1 &lt; 2</a>").expect("fine")[0].2, "1 < 2");
}
