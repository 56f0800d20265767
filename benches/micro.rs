//! The pieces that a build is made of, on the sample microsite: reading an entry, loading a site, printing a page.
//! `cargo bench`; whole builds are timed by `benches/against-hugo` and `benches/growth`.
#![allow(clippy::disallowed_methods, reason = "a bench reads the sample site")]

use criterion::{Criterion, criterion_group, criterion_main};
use dealwire::diagnostic::{Diagnostic, FileId};
use dealwire::edition::Edition;
use dealwire::model::{Answer, Audience, Change, Route, Shelf, Texts};
use dealwire::site::Site;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

/// The files of the sample site, by their paths.
struct Memory(BTreeMap<FileId, Arc<[u8]>>);

impl Texts for Memory {
    fn bytes(&self, file: &FileId) -> Result<Arc<[u8]>, Diagnostic> {
        self.0.get(file).cloned().ok_or_else(|| Diagnostic::of("E1204", file, "there is no such file"))
    }

    fn has(&self, file: &FileId) -> bool {
        self.0.contains_key(file)
    }
}

fn sample() -> BTreeMap<FileId, Arc<[u8]>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all = ["content", "static", "templates"].into_iter().flat_map(|f| walkdir::WalkDir::new(root.join(f)));
    let files = all.map(|e| e.expect("the sample site").into_path()).filter(|p| p.is_file());
    files
        .map(|path| {
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
            (FileId::new(&name), std::fs::read(&path).expect("a file").into())
        })
        .collect()
}

fn edition(files: &BTreeMap<FileId, Arc<[u8]>>) -> Edition {
    let settings = include_str!("../site.toml");
    let site = Arc::new(Site::read(&FileId::new("site.toml"), settings).expect("settings"));
    let audience = Audience { as_of: "2026-01-01T00:00:00Z".parse().expect("an instant"), drafts: false };
    let own: Vec<Change> = files
        .iter()
        .filter(|(f, _)| !f.path().starts_with("content/"))
        .map(|(file, bytes)| Change { file: file.clone(), bytes: Some(Arc::clone(bytes)) })
        .collect();
    let entries = files.iter().filter(|(f, _)| f.path().starts_with("content/") && f.path().ends_with(".md"));
    let read = entries.map(|(f, b)| (f.clone(), dealwire::entry::read(f, b, &site.zone)));
    let mut edition =
        Edition::new(Arc::clone(&site), audience, &own, Arc::new(Memory(files.clone()))).expect("a theme");
    edition.load(read).expect("the sample site loads");
    edition
}

fn pieces(c: &mut Criterion) {
    let files = sample();
    let file = FileId::new("content/articles/2017/nokia-xiaomi-patents.md");
    let zone = jiff::tz::TimeZone::UTC;
    c.bench_function("entry: read an article", |b| {
        let bytes = &files[&file];
        b.iter(|| dealwire::entry::read(&file, black_box(bytes), &zone));
    });
    c.bench_function("edition: load the sample site", |b| b.iter(|| edition(black_box(&files))));
    let mut site = edition(&files);
    let pages = [
        ("an article, its Markdown and its checks", "/2017/07/nokia-xiaomi-patents/"),
        ("the front page", "/"),
        ("a deal", "/deals/nokia-xiaomi-patents/"),
        ("the ledger", "/deals/"),
        ("a tearsheet", "/companies/nokia/"),
        ("a tag", "/tags/china/"),
        ("a feed", "/feed.xml"),
        ("the sitemap", "/sitemap.xml"),
    ];
    for (what, at) in pages {
        let route = Route::parse(at).expect("a route");
        assert!(matches!(site.ask(&route), Ok(Answer::Found(_))), "{at}");
        c.bench_function(&format!("press: {what}"), |b| b.iter(|| site.ask(black_box(&route))));
    }
    let change = Change { file: file.clone(), bytes: Some(Arc::clone(&files[&file])) };
    let texts: Arc<dyn Texts> = Arc::new(Memory(files));
    c.bench_function("edition: apply an edit", |b| b.iter(|| site.apply(black_box(&change), Arc::clone(&texts))));
}

criterion_group!(benches, pieces);
criterion_main!(benches);
