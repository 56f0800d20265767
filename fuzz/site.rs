//! A small site in memory whose one article has the words that the fuzzer makes up. Refuses to read any file but its own.

use dealwire::diagnostic::{Diagnostic, FileId};
use dealwire::edition::Edition;
use dealwire::model::{Answer, Audience, Change, Route, Shelf, Texts};
use dealwire::site::Site;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The file of the article.
pub const ARTICLE: &str = "content/articles/2018/news.md";
/// Where it stands.
pub const ROUTE: &str = "/2018/01/news/";
const FRONT: &str = "---\ntitle: News\ndescription: News of Alfa.\ndate: 2018-01-01\ntags: [deals]\nimage: {src: map.png, alt: A \
                     map}\ndeal:\n  kind: acquisition\n  parties: [{company: alfa, roles: [acquirer]}, {company: bell, roles: \
                     [target]}]\n  status: [{state: announced, date: 2018-01-01}]\n  value: EUR 5.44bn\n---\n";
const SETTINGS: &str = "title = \"Desk\"\nbase_url = \"https://desk.example/news\"\ntimezone = \"Europe/Helsinki\"\n";

const FILES: [(&str, &str); 8] = [
    (
        "content/articles/2018/older.md",
        "---\ntitle: Older\ndescription: Old.\ndate: 2017-01-01\n---\n## Past\n\nText.\n",
    ),
    (
        "content/articles/2018/draft.md",
        "---\ntitle: Zqsecret\ndescription: D.\ndate: 2017-01-01\ndraft: true\n---\nText.\n",
    ),
    ("content/articles/2018/map.png", "no picture"),
    ("content/articles/2018/pic/a b.png", "no picture"),
    ("content/companies/alfa.md", "---\nname: Alfa\naliases: [Alfa Bell, 阿尔法]\n---\n## History\n\nText.\n"),
    ("content/companies/bell.md", "---\nname: Bell\n---\nText.\n"),
    ("content/tags/deals.md", "---\ntitle: Deals\n---\nText.\n"),
    ("content/pages/about.md", "---\ntitle: About\ndescription: About.\naliases: [/old/about/]\n---\nText.\n"),
];

struct Memory(BTreeMap<String, Arc<[u8]>>);

impl Texts for Memory {
    fn bytes(&self, file: &FileId) -> Result<Arc<[u8]>, Diagnostic> {
        Ok(self.0.get(file.path()).cloned().unwrap_or_else(|| panic!("asked for {file}, which is no file of the site")))
    }

    fn has(&self, file: &FileId) -> bool {
        self.0.contains_key(file.path())
    }
}

thread_local! {
    static EDITION: RefCell<Option<Edition>> = const { RefCell::new(None) };
}

/// The settings of the site.
#[must_use]
pub fn settings() -> Site {
    Site::read(&FileId::new("site.toml"), SETTINGS).expect("sound settings")
}

fn fresh() -> Edition {
    let audience = Audience { as_of: "2018-06-01T00:00:00Z".parse().expect("an instant"), drafts: false };
    let texts = Arc::new(Memory(files(FRONT)));
    let mut edition = Edition::new(Arc::new(settings()), audience, &[], texts).expect("a sound theme");
    for path in files(FRONT).keys() {
        apply(&mut edition, path, FRONT);
    }
    edition
}

fn files(article: &str) -> BTreeMap<String, Arc<[u8]>> {
    let own = (ARTICLE.to_owned(), article.as_bytes().into());
    FILES.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().into())).chain([own]).collect()
}

fn apply(edition: &mut Edition, path: &str, article: &str) {
    let all = files(article);
    let change = Change { file: FileId::new(path), bytes: all.get(path).cloned() };
    edition.apply(&change, Arc::new(Memory(all))).expect("sound settings");
}

/// Prints the page and the feed of the article with this text, and hands both to a check.
pub fn printed(body: &str, check: impl FnOnce(&Edition, &str, &str)) {
    shown(&format!("{FRONT}{body}"), check);
}

/// The same, of the article whose headline, description and text these are.
pub fn headed(title: &str, description: &str, body: &str, check: impl FnOnce(&Edition, &str, &str)) {
    // What JSON quotes YAML reads.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let front = FRONT.replacen("title: News", &format!("title: {}", quoted(title)), 1);
    let front = front.replacen("description: News of Alfa.", &format!("description: {}", quoted(description)), 1);
    shown(&format!("{front}{body}"), check);
}

fn shown(article: &str, check: impl FnOnce(&Edition, &str, &str)) {
    EDITION.with_borrow_mut(|held| {
        let edition = held.get_or_insert_with(fresh);
        apply(edition, ARTICLE, article);
        if edition.catalogue().entry_of(&FileId::new(ARTICLE)).is_none() {
            // Too broken to be an entry: there is an error then, and no page.
            let errors = edition.findings(&BTreeMap::new());
            assert!(
                errors.iter().any(|f| f.code.starts_with('E') && f.file == Some(FileId::new(ARTICLE))),
                "{article:?}"
            );
            return;
        }
        let ask = |route: &str| match edition.ask(&Route::parse(route).expect("a route")) {
            Ok(Answer::Found(output)) => {
                for finding in &output.findings {
                    let end = article.len() + 1;
                    assert!(
                        finding.span.is_none_or(|s| s.start <= s.end && s.end <= end),
                        "{finding:?} of {end} bytes"
                    );
                }
                String::from_utf8(output.bytes).expect("UTF-8")
            }
            other => panic!("{route}: {other:?}"),
        };
        check(edition, &ask(ROUTE), &ask("/feed.xml"));
    });
}

/// The values of an attribute in HTML of the program's own making, as a browser would decode them.
#[must_use]
pub fn attributes(html: &str, name: &str) -> Vec<String> {
    let opener = format!(" {name}=\"");
    let values = html.split(&opener).skip(1).filter_map(|rest| rest.split_once('"'));
    let decode = |v: &str| v.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">");
    values.map(|(value, _)| decode(value).replace("&#x2F;", "/").replace("&#x27;", "'").replace("&amp;", "&")).collect()
}

/// Percent-decodes a path.
#[must_use]
pub fn decoded(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let hex = more.get(..2).and_then(|h| std::str::from_utf8(h).ok()).and_then(|h| u8::from_str_radix(h, 16).ok());
        match hex.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &more[2..];
            }
            None => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A second.
pub const SECOND: std::time::Duration = std::time::Duration::from_secs(1);
