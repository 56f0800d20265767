//! The text of one file -> a typed entry, with everything that is wrong with it. Never fails, only finds.

mod article;
mod deal;
mod fields;
mod identifiers;
pub mod markup;
pub mod placeholder;
mod registry;
mod translation;
mod tree;
mod value;

use crate::diagnostic::{Checked, Diagnostic, FileId, Span};
use crate::model::{Common, Entry, Id};
use fields::{Fields, Reader};
use jiff::tz::TimeZone;
use memchr::memmem::Finder;
use std::sync::LazyLock;

pub use fields::is_forbidden;
pub use tree::{MAX_BYTES, MAX_DEPTH};

/// Most bytes of one file.
pub const MAX_FILE: usize = 10 * 1024 * 1024;

/// What a file of the content folder can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Folder {
    Articles,
    Deals,
    Companies,
    People,
    Tags,
    Threads,
    Pages,
}

const FOLDERS: [(&str, Folder); 7] = [
    ("articles", Folder::Articles),
    ("deals", Folder::Deals),
    ("companies", Folder::Companies),
    ("people", Folder::People),
    ("tags", Folder::Tags),
    ("threads", Folder::Threads),
    ("pages", Folder::Pages),
];

/// Reads one file of `content/`. `None` for a file that is no entry, or has no name that an entry can have.
#[must_use]
pub fn read(file: &FileId, bytes: &[u8], zone: &TimeZone) -> Checked<Option<Entry>> {
    let mut r = Reader { file, zone, findings: Vec::new() };
    let value = read_into(&mut r, bytes);
    Checked { value, findings: r.findings }
}

/// Whether a file is a text, by its name.
#[must_use]
pub fn is_entry(file: &FileId) -> bool {
    const ENDINGS: [&str; 5] = ["md", "markdown", "mdown", "mkd", "mkdn"];
    let ending = file.path().rsplit_once('.').map(|(_, e)| e);
    file.path().starts_with("content/") && ending.is_some_and(|e| ENDINGS.iter().any(|k| e.eq_ignore_ascii_case(k)))
}

fn read_into(r: &mut Reader<'_>, bytes: &[u8]) -> Option<Entry> {
    let below = r.file.path().strip_prefix("content/")?;
    if !is_entry(r.file) {
        return None;
    }
    if !below.ends_with(".md") {
        r.findings.push(
            Diagnostic::of("E0113", r.file, "a text's file name ends in `.md`, in small letters")
                .help(format!("rename it to `{}.md`", r.file.stem())),
        );
        return None;
    }
    let name = below.split('/').next().unwrap_or("");
    let Some((_, folder)) = FOLDERS.iter().find(|(n, _)| *n == name && below.contains('/')) else {
        let help = crate::diagnostic::nearest(name, FOLDERS.iter().map(|(n, _)| *n));
        r.findings.push(
            Diagnostic::of("E0113", r.file, "this file is in no folder that the program knows")
                .help(format!("move it below one of the folders of content/; {help}")),
        );
        return None;
    };
    let nothing = |r: &Reader<'_>| stand_in(r, *folder, &Id::parse(r.file.stem())?, bytes.len());
    if bytes.len() > MAX_FILE {
        r.findings.push(Diagnostic::of("E0112", r.file, "the file is larger than 10 MB").help("split it"));
        return nothing(r);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(t) => t,
        Err(e) => {
            r.findings.push(Diagnostic::not_utf8(r.file, &e));
            return nothing(r);
        }
    };
    let (front, offset, is_toml, body) = match tree::split(r.file, text) {
        Ok(parts) => parts,
        Err(d) => {
            r.findings.push(d);
            return nothing(r);
        }
    };
    let Some(id) = Id::parse(r.file.stem()) else {
        let slug = crate::model::slug(r.file.stem());
        r.findings.push(
            Diagnostic::of(
                "E0105",
                r.file,
                format!("`{}` is no id: a file's name may have a-z, 0-9 and hyphens", r.file.stem()),
            )
            .help(if slug.is_empty() { String::new() } else { format!("rename the file to `{slug}.md`") }),
        );
        return None;
    };
    let Some(node) = tree::parse(r.file, front, offset, is_toml, &mut r.findings) else {
        clean_body(r, &text[body..], body);
        return stand_in(r, *folder, &id, body);
    };
    clean_body(r, &text[body..], body);
    let Some(mut f) = r.map(&node) else { return stand_in(r, *folder, &id, body) };
    let entry = typed(r, *folder, &mut f, id, body);
    f.end(r);
    if !entry.common().draft {
        placeholder::check(r, &node, &text[body..], body);
    }
    Some(with_files(entry, files_of(&text[body..])))
}

fn typed(r: &mut Reader<'_>, folder: Folder, f: &mut Fields<'_>, id: Id, body: usize) -> Entry {
    if f.has("translation_of") {
        return translation::read(r, folder, f, id, body);
    }
    match folder {
        Folder::Articles => Entry::Article(article::read(r, f, id, body)),
        Folder::Deals => Entry::Deal(article::read_deal_file(r, f, id, body)),
        Folder::Companies => Entry::Company(registry::company(r, f, id, body)),
        Folder::People => Entry::Person(registry::person(r, f, id, body)),
        Folder::Tags => Entry::Tag(registry::tag(r, f, id, body)),
        Folder::Threads => Entry::Thread(registry::thread(r, f, id, body)),
        Folder::Pages => Entry::Page(registry::page(r, f, id, body)),
    }
}

/// An entry of which nothing can be read but its name: what refers to it is not wrong for that.
fn stand_in(r: &Reader<'_>, folder: Folder, id: &Id, body: usize) -> Option<Entry> {
    let mut nobody = Reader { file: r.file, zone: r.zone, findings: Vec::new() };
    let empty = tree::Node { span: Span::default(), kind: tree::Kind::Map(Vec::new()) };
    let mut f = nobody.map(&empty)?;
    let mut entry = typed(&mut nobody, folder, &mut f, id.clone(), body);
    // It may have been under embargo.
    common_of(&mut entry).draft = true;
    Some(entry)
}

fn with_files(mut entry: Entry, files: Vec<String>) -> Entry {
    let picture = match &entry {
        Entry::Article(e) | Entry::Deal(e) => e.image.as_ref().and_then(|i| relative_file(&i.src)),
        _ => None,
    };
    let common = common_of(&mut entry);
    common.files.extend(picture.into_iter().chain(files));
    common.files.sort();
    common.files.dedup();
    entry
}

fn common_of(entry: &mut Entry) -> &mut Common {
    use std::sync::Arc;
    match entry {
        Entry::Article(e) | Entry::Deal(e) => &mut Arc::make_mut(e).common,
        Entry::Company(e) => &mut Arc::make_mut(e).common,
        Entry::Person(e) => &mut Arc::make_mut(e).common,
        Entry::Tag(e) => &mut Arc::make_mut(e).common,
        Entry::Thread(e) => &mut Arc::make_mut(e).common,
        Entry::Page(e) => &mut Arc::make_mut(e).common,
    }
}

fn clean_body(r: &mut Reader<'_>, body: &str, offset: usize) {
    let seen = fields::glance(body);
    if let Some((i, c)) = seen.forbidden {
        r.clean(&body[i..i + c.len_utf8()], Span::new(offset + i, offset + i + c.len_utf8()));
    }
    if seen.may_be_decomposed && !unicode_normalization::is_nfc(body) {
        let line = body.split_inclusive('\n').scan(0, |at, l| {
            let start = *at;
            *at += l.len();
            Some((start, l))
        });
        if let Some((start, l)) = line.into_iter().find(|(_, l)| !unicode_normalization::is_nfc(l)) {
            r.clean(l, Span::new(offset + start, offset + start + l.trim_end().len()));
        }
    }
}

/// The keys that every entry may have. `title_key` is `title` or `name`.
fn common(
    r: &mut Reader<'_>,
    f: &mut Fields<'_>,
    id: Id,
    body: usize,
    title_key: &'static str,
    describe: bool,
) -> Common {
    let title_node = f.need(title_key, r);
    let title = title_node.and_then(|n| r.words(n));
    if let (Some(n), Some(t)) = (title_node, &title)
        && t.chars().count() > 110
    {
        r.find(
            "W0802",
            n.span,
            format!("a headline of {} characters is cut off by search engines", t.chars().count()),
        )
        .label = "at most 110".to_owned();
    }
    let node = if describe { f.need("description", r) } else { f.get("description") };
    let description = node.and_then(|n| {
        let text = if describe { r.words(n) } else { r.text(n) }?;
        let length = text.chars().count();
        if length > 200 {
            r.find("W0803", n.span, format!("a description of {length} characters is cut off by search engines"))
                .label = "at most 200".to_owned();
        }
        Some(text)
    });
    let draft = f.get("draft").and_then(|n| r.boolean(n)).unwrap_or(false);
    let embargo_node = f.get("embargo");
    let embargo = embargo_node.and_then(|n| r.instant(n, true));
    let expires = f.get("expires").and_then(|n| r.instant(n, false));
    // What has a name keeps its other names in `aliases`, and old addresses in `redirects`.
    let aliases =
        if title_key == "name" { None } else { f.get("aliases") }.map(|n| r.list(n, alias)).unwrap_or_default();
    let slug = f.get("slug").and_then(|n| r.id(n)).map(|i| i.to_string());
    let language = f.get("language").and_then(|n| {
        let text = r.text(n)?;
        if !crate::model::is_language(&text) {
            r.find("E0104", n.span, format!("`{text}` is no language tag")).label =
                "expected en, en-GB or zh-Hans".to_owned();
        }
        crate::model::is_language(&text).then_some(text)
    });
    let translation_of = f.get("translation_of").and_then(|n| r.id(n));
    let wording = if translation_of.is_some() { translation::wording(r, f) } else { Vec::new() };
    let extra = f.get("extra").map_or(serde_json::Value::Null, free);
    // An embargo that cannot be read must not publish by accident: hold the file back.
    let unread_embargo = embargo_node.is_some() && embargo.is_none();
    Common {
        file: r.file.clone(),
        legible: title.is_some(),
        title: title.unwrap_or_else(|| id.to_string()),
        description: description.unwrap_or_default(),
        draft: draft || unread_embargo,
        embargo,
        expires,
        date: None,
        aliases,
        slug,
        language,
        translation_of,
        wording,
        extra,
        body,
        files: Vec::new(),
        id,
    }
}

/// Most bytes of a path to a file beside an entry, percent-encoded.
const LONGEST_PATH: usize = 2048;

/// What an address in raw HTML follows: made once, for every file is searched.
static SRC: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("src=\""));

/// The files beside an entry that its Markdown and its raw HTML refer to: images and downloads, by relative path.
fn files_of(body: &str) -> Vec<String> {
    let bytes = body.as_bytes();
    let mut found = std::collections::BTreeSet::new();
    // Where the last destination of each kind ended: a text may have many openers before one end.
    let mut take = |start: usize, ended: &mut [usize; 2]| {
        let (start, ends, ended): (usize, &[u8], _) = if body[start..].starts_with('<') {
            (start + 1, b">\n", &mut ended[0])
        } else {
            (start, b" )\">\n", &mut ended[1])
        };
        if *ended < start {
            *ended = bytes[start..].iter().position(|b| ends.contains(b)).map_or(body.len(), |i| start + i);
        }
        if *ended - start <= LONGEST_PATH
            && let Some(file) = relative_file(&body[start..*ended])
        {
            found.insert(file);
        }
    };
    let mut ended = [[0; 2]; 3];
    for at in memchr::memchr_iter(b']', bytes) {
        if bytes[at + 1..].starts_with(b"(") {
            take(at + 2, &mut ended[0]);
        } else if bytes[at + 1..].starts_with(b": ") {
            take(at + 3, &mut ended[1]);
        }
    }
    if memchr::memchr(b'<', bytes).is_some() {
        for at in SRC.find_iter(bytes) {
            take(at + SRC.needle().len(), &mut ended[2]);
        }
    }
    let raw = markup::addresses(body).into_iter().filter(|a| a.value.len() <= LONGEST_PATH);
    found.extend(raw.filter_map(|a| relative_file(&a.value)));
    found.into_iter().collect()
}

/// What a browser runs or shows as a page of the site; an editor's text does not publish it, `static/` does.
const PAGES: [&str; 14] =
    ["html", "htm", "xhtml", "xht", "shtml", "mht", "mhtml", "xml", "xsl", "xslt", "js", "mjs", "svgz", "swf"];

/// Whether a file would run code in the browser of who opens it, by its name.
#[must_use]
pub fn is_page(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ext)| PAGES.iter().any(|p| ext.eq_ignore_ascii_case(p)))
}

/// A path at or below the entry's own folder, decoded; `None` for addresses, absolute paths, pages and Markdown files,
/// and for names that cannot stand in an address.
#[must_use]
pub fn relative_file(destination: &str) -> Option<String> {
    // Most are addresses, of other sites or of this one.
    if ["https://", "http://", "/"].iter().any(|start| destination.starts_with(start)) {
        return None;
    }
    let path = destination.split(['#', '?']).next()?;
    let path = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let path = path.strip_prefix("./").unwrap_or(&path);
    let plain = path.contains('.') && !path.ends_with(".md") && !path.split('/').any(|c| c.starts_with('.'));
    (plain && !is_page(path) && !path.ends_with('/') && crate::model::Route::parse(&format!("/{path}")).is_some())
        .then(|| path.to_owned())
}

/// The keys of an old address: a path on this site.
fn alias(r: &mut Reader<'_>, node: &tree::Node) -> Option<String> {
    let mut text = r.text(node)?;
    if crate::model::Route::parse(&text).is_none() {
        let d = r.find("E0104", node.span, format!("`{text}` is no path on this site"));
        d.label = "expected an old path such as /2017/xiaomi/".to_owned();
        return None;
    }
    if !text.ends_with('/') && !text.rsplit('/').next().is_some_and(|n| n.contains('.')) {
        text.push('/');
    }
    Some(text)
}

/// Free values, typed as YAML 1.2 would.
fn free(node: &tree::Node) -> serde_json::Value {
    use serde_json::Value;
    match &node.kind {
        tree::Kind::Scalar { text, quoted: true } => Value::String(text.clone()),
        tree::Kind::Scalar { text, .. } => match text.as_str() {
            "" | "~" | "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            t => {
                let plain = !(t.len() > 1 && t.starts_with('0') && !t.contains('.'));
                let whole = t.parse::<i64>().ok().filter(|_| plain).map(Value::from);
                let real =
                    || t.parse::<f64>().ok().filter(|f| plain && f.is_finite() && t.contains('.')).map(Value::from);
                whole.or_else(real).unwrap_or_else(|| Value::String(t.to_owned()))
            }
        },
        tree::Kind::List(items) => Value::Array(items.iter().map(free).collect()),
        tree::Kind::Map(items) => Value::Object(items.iter().map(|(k, v)| (k.name.clone(), free(v))).collect()),
    }
}
