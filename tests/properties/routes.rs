//! Route and page determine each other, and no route leads out of the site.

use crate::holds;
use crate::sites::{self, Rng, Shape, plan};
use dealwire::diagnostic::FileId;
use dealwire::edition::Edition;
use dealwire::model::{Answer, Route, Shelf, Texts};
use dealwire::pages::{Atlas, Page};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Asks something of the pages of a random site.
fn on_site<T>(seed: u64, ask: impl FnOnce(&Atlas<'_>, &Edition) -> T) -> T {
    let plan = plan(&mut Rng::new(seed), Shape { articles: 12, wild: seed.is_multiple_of(2) });
    let files = plan.files();
    let edition = sites::edition(&plan.settings, &files, plan.as_of);
    let has_file = |f: &FileId| files.contains_key(f.path());
    let texts = sites::Memory(files.clone());
    let original = |f: &FileId| texts.original(f, dealwire::render::look).ok();
    ask(
        &Atlas {
            catalogue: edition.catalogue(),
            site: edition.site(),
            issues: &dealwire::model::Issues::default(),
            words: edition.words(),
            kin: &(),
            has_file: &has_file,
            original: &original,
            ready: &(),
        },
        &edition,
    )
}

#[test]
fn route_and_page_determine_each_other() {
    let seed = sites::seed();
    for run in 0..sites::runs(120) {
        let seed = seed.wrapping_add(run);
        on_site(seed, |atlas, edition| {
            let what = format!("DEALWIRE_SEED={seed} DEALWIRE_RUNS=1");
            let mut routes = BTreeMap::new();
            for page in atlas.all() {
                let route = atlas.route(&page);
                assert_eq!(atlas.at(&route).as_ref(), Some(&page), "{what}: {route}");
                assert!(atlas.view(&page).is_some(), "{what}: {route} shows nothing");
                if let Some(other) = routes.insert(route.clone(), page.clone()) {
                    panic!("{what}: {page:?} and {other:?} share {route}");
                }
            }
            let listed: BTreeSet<Route> = edition.routes().into_iter().collect();
            assert!(routes.iter().all(|(r, page)| listed.contains(r) || matches!(page, Page::Card(_))), "{what}");
            // Near by there is nothing: another spelling of a route is another route.
            for route in routes.keys() {
                let text = route.as_str();
                let twins = [
                    format!("{text}page/0/"),
                    format!("{text}page/01/"),
                    format!("{text}page/999/"),
                    format!("{text}index.html"),
                    format!("/.{text}"),
                    text.trim_end_matches('/').to_owned(),
                    text.to_uppercase(),
                    text.replace("/20", "/020"),
                    text.replace("-0", "-"),
                ];
                for twin in twins.iter().filter(|t| t.as_str() != text) {
                    let Some(twin) = Route::parse(twin) else { continue };
                    let there = routes.contains_key(&twin);
                    assert_eq!(atlas.at(&twin).is_some(), there, "{what}: {twin} beside {route}");
                    let asked = edition.ask(&twin).expect("no template fails");
                    assert_eq!(matches!(asked, Answer::Found(_)), there || listed.contains(&twin), "{what}: {twin}");
                }
            }
        });
    }
}

#[test]
fn addresses_of_articles_can_have_any_pattern_that_site_toml_takes() {
    let files = |text: &str| -> sites::Files {
        [("content/articles/a-b.md".to_owned(), text.as_bytes().into())].into_iter().collect()
    };
    let text = "---\ntitle: T\ndescription: D\ndate: 2018-03-04\n---\nText.\n";
    let pieces =
        prop::sample::select(vec![":year", ":month", ":day", "news", "-", "/", "é", "x", ":slug", "?", "..", ":title"]);
    let patterns = prop::collection::vec(pieces, 0..6).prop_map(|p| format!("/{}/", p.concat()));
    holds(400, &patterns, |pattern| {
        let settings = format!(
            "title = \"T\"\nbase_url = \"https://desk.example\"\ntimezone = \"UTC\"\n[permalinks]\narticle = \"{pattern}\"\n"
        );
        let Ok(site) = dealwire::site::Site::read(&FileId::new("site.toml"), &settings) else {
            return Ok(());
        };
        drop(site);
        let edition = sites::edition(&settings, &files(text), "2020-01-01T00:00:00Z".parse().expect("an instant"));
        let route = edition.route_of(&FileId::new("content/articles/a-b.md")).expect("it has a page");
        prop_assert!(!route.as_str().contains(':') && route.as_str() != "/404.html", "{pattern} gives {route}");
        if edition.findings(&dealwire::model::Earlier::default()).is_empty() {
            let found = matches!(edition.ask(&route), Ok(Answer::Found(_)));
            prop_assert!(found, "{pattern}: nothing at {route}");
            prop_assert!(edition.routes().contains(&route));
        }
        Ok(())
    });
}

/// Pieces that paths of attackers are made of, and others.
fn path() -> impl Strategy<Value = String> {
    let hostile = prop::sample::select(vec![
        "/",
        "/",
        "/",
        "..",
        ".",
        "a",
        "b.png",
        "\\",
        "%2e",
        "%2f",
        "\0",
        "\n",
        "?",
        "#",
        ":",
        "é",
        "e\u{301}",
        "诺基亚",
        " ",
        "con",
        "C:",
        "~",
        "\u{202e}",
        "//",
        "page",
        "1",
    ]);
    prop_oneof![prop::collection::vec(hostile, 0..9).prop_map(|p| p.concat()), any::<String>()]
}

#[test]
fn a_route_is_read_as_written_and_never_leads_out_of_the_site() {
    holds(4000, &path(), |text| {
        let Some(route) = Route::parse(&text) else { return Ok(()) };
        prop_assert_eq!(route.as_str(), &text);
        prop_assert_eq!(Route::parse(route.as_str()), Some(route.clone()));
        let file = route.file();
        prop_assert!(!file.is_empty() && !file.starts_with('/') && !file.ends_with('/'), "{}", file);
        for part in file.split('/') {
            prop_assert!(!part.is_empty() && part != "." && part != "..", "{}", file);
            prop_assert!(!part.contains(['\\', ':', '\0', '\n', '?', '#', '%']), "{}", file);
        }
        let mut depth = 0;
        for part in std::path::Path::new(&file).components() {
            prop_assert!(matches!(part, std::path::Component::Normal(_)), "{}", file);
            depth += 1;
        }
        prop_assert_eq!(depth, file.split('/').count());
        let url = route.url();
        prop_assert!(url.is_ascii(), "{}", url);
        let back = percent_encoding::percent_decode_str(&url).decode_utf8().expect("UTF-8");
        prop_assert_eq!(back, text);
        prop_assert!(url.starts_with('/') && !url.starts_with("//"));
        Ok(())
    });
}

#[test]
fn a_file_beside_a_text_is_below_its_folder() {
    holds(4000, &path(), |text| {
        let Some(name) = dealwire::entry::relative_file(&text) else { return Ok(()) };
        let below = Route::parse(&format!("/{name}"));
        prop_assert!(below.is_some(), "`{}` gives `{}`, which can have no address", text, name);
        Ok(())
    });
}
