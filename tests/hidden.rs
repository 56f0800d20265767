//! Nothing hidden leaks: a site with drafts, embargoed, future and expired things is, byte for byte, the site without
//! them and without the companies, people, tags, threads and images of which only they speak.
#![allow(clippy::disallowed_methods, reason = "a test writes sites, runs the program and compares what it wrote")]

mod sites;

use dealwire::model::{Shelf, slug};
use jiff::{SignedDuration, Timestamp};
use sites::{Files, Plan, Rng, Shape, assert_same, edition, plan, printed, runs, seed};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

/// The words of what readers may not see, in every form in which a program could let them out.
fn secrets(plan: &Plan, public: &BTreeSet<usize>) -> Vec<String> {
    let addresses = |i: &usize| plan.things[*i].slug.iter().chain(&plan.things[*i].aliases);
    let spoken: Vec<&String> = public.iter().flat_map(addresses).collect();
    let mut all = BTreeSet::new();
    for (i, t) in plan.things.iter().enumerate().filter(|(i, _)| !public.contains(i)) {
        for token in &t.tokens {
            all.insert(token.to_lowercase());
            all.insert(slug(token));
            if !token.is_ascii() {
                let percent: Vec<String> = token.bytes().map(|b| format!("%{b:02x}")).collect();
                all.extend([
                    percent.concat(),
                    each(token, |c| format!("\\u{c:04x}")),
                    each(token, |c| format!("&#x{c:x};")),
                ]);
                all.insert(each(token, |c| format!("&#{c};")));
            }
        }
        // Wild texts say the id of what they refer to; so do slugs and old addresses.
        let named =
            public.iter().any(|p| plan.things[*p].speaks_of().contains(&i) || plan.things[*p].links.contains(&i));
        if !named && !spoken.iter().any(|s| s.contains(&t.id)) {
            all.insert(t.id.clone());
        }
    }
    let shown: BTreeSet<&String> = public.iter().flat_map(|i| &plan.things[*i].images).collect();
    let hidden = plan.media.iter().filter(|(path, _)| !shown.iter().any(|s| path.ends_with(s.as_str())));
    all.extend(hidden.map(|(_, token)| token.clone()));
    all.into_iter().filter(|s| s.len() > 3).collect()
}

fn each(text: &str, form: impl Fn(u32) -> String) -> String {
    text.chars().map(|c| form(u32::from(c))).collect()
}

/// Fails where one of the words stands in a file or in its name.
fn sweep(secrets: &[String], name: &str, bytes: &[u8], what: &str) {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    for secret in secrets {
        assert!(!text.contains(secret.as_str()), "{what}: {name} lets out `{secret}`");
        assert!(!name.to_lowercase().contains(secret.as_str()), "{what}: the name {name} lets out `{secret}`");
    }
}

fn one_site(seed: u64) {
    let what = format!("DEALWIRE_SEED={seed} DEALWIRE_RUNS=1");
    let wild = seed.is_multiple_of(2);
    let plan = plan(&mut Rng::new(seed), Shape { articles: 8, wild });
    let with = edition(&plan.settings, &plan.files(), plan.as_of);
    if seed.is_multiple_of(3) {
        // What is made once for all pages changes none of them.
        with.prepare(&|n, job| (0..n).for_each(job));
    }
    if !wild {
        let errors: Vec<_> = with
            .findings(&dealwire::model::Earlier::default())
            .into_iter()
            .filter(|f| f.code.starts_with('E'))
            .collect();
        assert!(errors.is_empty(), "{what}: the site is meant to be sound: {errors:#?}");
    }
    let with = printed(&with);
    let without = printed(&edition(&plan.settings, &plan.reduced(plan.as_of), plan.as_of));
    assert_same(&with, &without, &what);
    let public = plan.public(plan.as_of);
    // The sweep takes as long as the comparison, and is sharper only where both sites let out the same.
    let secrets = if seed % 8 < 2 { secrets(&plan, &public) } else { Vec::new() };
    for (route, bytes) in &with {
        sweep(&secrets, route.as_str(), bytes, &what);
    }
    // What may be seen is seen: articles and pages always have a page.
    let pages = public.iter().map(|i| &plan.things[*i]).filter(|t| matches!(t.sort.folder(), "articles" | "pages"));
    for token in pages.flat_map(|t| &t.tokens) {
        let is_shown = with.iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains(token.as_str()));
        assert!(is_shown, "{what}: `{token}` is public and nowhere to be seen");
    }
}

/// Runs a check on many seeds, on two threads.
fn on_many(usual: u64, check: fn(u64)) {
    let (seed, runs) = (seed(), runs(usual));
    std::thread::scope(|s| {
        let halves: Vec<_> = (0..2)
            .map(|half| s.spawn(move || (half..runs).step_by(2).for_each(|run| check(seed.wrapping_add(run)))))
            .collect();
        for half in halves {
            if let Err(panic) = half.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
}

#[test]
fn a_site_with_hidden_things_is_the_site_without_them() {
    on_many(300, one_site);
}

/// At its next change an edition is another, and until then it is the same.
fn until_the_next_change(seed: u64) {
    let what = format!("DEALWIRE_SEED={seed} DEALWIRE_RUNS=1");
    let mut plan = plan(&mut Rng::new(seed), Shape { articles: 6, wild: seed.is_multiple_of(2) });
    plan.settings = plan.settings.split("[outputs]").next().expect("a half").to_owned();
    let files = plan.files();
    let at = |t: Timestamp| edition(&plan.settings, &files, t);
    let mut now = plan.as_of;
    for _ in 0..3 {
        let edition = at(now);
        let before = printed(&edition);
        let nanosecond = SignedDuration::from_nanos(1);
        let last: Timestamp = match edition.next_change() {
            Some(next) => {
                assert!(next > now, "{what}: {next} is not after {now}");
                assert!(printed(&at(next)) != before, "{what}: nothing changes at {next}");
                now = next;
                next.checked_sub(nanosecond).expect("an instant")
            }
            None => "2999-01-01T00:00:00Z".parse().expect("an instant"),
        };
        assert_same(&before, &printed(&at(last)), &format!("{what}: at {last}, before the next change"));
        if last > now {
            return;
        }
    }
}

#[test]
fn the_next_change_is_the_first_instant_at_which_anything_changes() {
    on_many(30, until_the_next_change);
}

const SETTINGS: &str = "title = \"Desk\"\nbase_url = \"https://desk.example\"\ntimezone = \"Europe/Helsinki\"\n";

/// A site with one article that is shown always, and one with a company and a picture of its own.
fn small(front: &str) -> Files {
    let article = |id: &str, front: &str, body: &str| {
        let text = format!("---\ntitle: About {id}\ndescription: On {id}.\n{front}\n---\n{body}\n");
        (format!("content/articles/{id}.md"), text)
    };
    let company = |id: &str| (format!("content/companies/{id}.md"), format!("---\nname: {id}\n---\nStory of {id}.\n"));
    let secret = format!("date: 2018-03-01\nmentions: [old, zquietnew]\n{front}");
    let all = [
        article("always", "date: 2018-01-01\nmentions: [old]", "Text."),
        article("zquietsecret", &secret, "Text, and ![a picture](zquietpicture.png)."),
        company("old"),
        company("zquietnew"),
    ];
    let texts = all.into_iter().map(|(path, text)| (path, Arc::from(text.into_bytes())));
    let picture = ("content/articles/zquietpicture.png".to_owned(), Arc::from(sites::write::png("zquietpixels")));
    texts.chain([picture]).collect()
}

/// The routes at an instant that tell of the secret article.
fn telling(files: &Files, at: &str) -> Vec<String> {
    let all = printed(&edition(SETTINGS, files, at.parse().expect("an instant")));
    let tells =
        all.iter().filter(|(r, b)| r.as_str().contains("zquiet") || String::from_utf8_lossy(b).contains("zquiet"));
    tells.map(|(r, _)| r.to_string()).collect()
}

#[test]
fn an_article_appears_with_its_company_and_picture_when_its_embargo_lifts_and_goes_when_it_expires() {
    let files = small("embargo: 2018-04-01T12:00:00+03:00\nexpires: 2018-05-01");
    assert_eq!(telling(&files, "2018-04-01T08:59:59.999999999Z"), Vec::<String>::new());
    let shown = telling(&files, "2018-04-01T09:00:00Z");
    for route in [
        "/",
        "/2018/03/zquietsecret/",
        "/2018/03/",
        "/companies/",
        "/companies/zquietnew/",
        "/companies/zquietnew/feed.xml",
        "/companies/old/",
        "/feed.xml",
        "/sitemap.xml",
    ] {
        assert!(shown.contains(&route.to_owned()), "{route} says nothing of it: {shown:?}");
    }
    assert!(shown.iter().any(|r| r.starts_with("/assets/images/zquietpicture.")), "the picture is made: {shown:?}");
    // A date alone is midnight in Helsinki, which is UTC+3 in May.
    assert_eq!(telling(&files, "2018-04-30T20:59:59.999999999Z"), shown);
    assert_eq!(telling(&files, "2018-04-30T21:00:00Z"), Vec::<String>::new());
}

#[test]
fn an_article_dated_tomorrow_appears_tomorrow() {
    let files = small("");
    assert_eq!(telling(&files, "2018-02-28T21:59:59Z"), Vec::<String>::new());
    assert!(telling(&files, "2018-02-28T22:00:00Z").contains(&"/2018/03/zquietsecret/".to_owned()));
}

#[test]
fn an_embargo_that_cannot_be_read_publishes_nothing() {
    for embargo in ["2018-04-01", "soon", "[2018]", "{}", "2018-04-01T12:00:00", "\"\""] {
        let files = small(&format!("embargo: {embargo}"));
        assert_eq!(telling(&files, "2030-01-01T00:00:00Z"), Vec::<String>::new(), "embargo: {embargo}");
    }
}

#[test]
fn what_is_a_draft_again_leaves_no_trace() {
    let at: Timestamp = "2018-06-01T00:00:00Z".parse().expect("an instant");
    let mut edition = edition(SETTINGS, &small(""), at);
    assert!(printed(&edition).iter().any(|(r, _)| r.as_str() == "/2018/03/zquietsecret/"));
    let hidden = small("draft: true");
    let file = "content/articles/zquietsecret.md";
    let change =
        dealwire::model::Change { file: dealwire::diagnostic::FileId::new(file), bytes: hidden.get(file).cloned() };
    edition.apply(&change, Arc::new(sites::Memory(hidden.clone()))).expect("settings are sound");
    let mut without = hidden;
    without.retain(|path, _| !path.contains("zquiet"));
    assert_same(&printed(&edition), &printed(&sites::edition(SETTINGS, &without, at)), "a draft again");
    assert!(edition.routes().iter().all(|r| !r.as_str().contains("zquiet")));
}

/// Writes a site to a folder.
fn put(root: &Path, settings: &str, files: &Files) {
    std::fs::create_dir_all(root.join("static")).expect("a folder");
    std::fs::write(root.join("site.toml"), settings).expect("site.toml");
    std::fs::write(root.join("static/download.csv"), "a,b\n").expect("a static file");
    for (path, bytes) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }
}

fn build(root: &Path, out: &Path, at: Timestamp) {
    let mut dealwire = Command::new(env!("CARGO_BIN_EXE_dealwire"));
    dealwire.arg("build").arg("--root").arg(root).arg("--output").arg(out).arg("--as-of").arg(at.to_string());
    let done = dealwire.env_remove("SOURCE_DATE_EPOCH").output().expect("dealwire runs");
    assert!(done.status.success(), "{}: {}", root.display(), String::from_utf8_lossy(&done.stderr));
}

/// Every file below a folder, the manifest too.
fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(root).expect("below").to_string_lossy().into_owned();
                all.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    all
}

#[test]
fn the_program_builds_the_same_folder_with_and_without_hidden_things() {
    let seed = seed();
    for run in 0..runs(4) {
        let seed = seed.wrapping_add(run);
        let what = format!("DEALWIRE_SEED={seed} DEALWIRE_RUNS=1");
        let plan = plan(&mut Rng::new(seed), Shape { articles: 10, wild: false });
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        put(&at("with"), &plan.settings, &plan.files());
        put(&at("without"), &plan.settings, &plan.reduced(plan.as_of));
        build(&at("with"), &at("out/with"), plan.as_of);
        build(&at("without"), &at("out/without"), plan.as_of);
        let (with, without) = (tree(&at("out/with")), tree(&at("out/without")));
        assert!(with.keys().any(|k| k.contains("dealwire")), "{what}: there is no manifest");
        assert_eq!(with.keys().collect::<Vec<_>>(), without.keys().collect::<Vec<_>>(), "{what}");
        let secrets = secrets(&plan, &plan.public(plan.as_of));
        for (name, bytes) in &with {
            assert!(without[name] == *bytes, "{what}: {name} differs");
            sweep(&secrets, name, bytes, &what);
        }
        // Everything is a draft again: what was published yesterday is gone without a trace.
        let mut drafts = plan.clone();
        for t in &mut drafts.things {
            t.draft = true;
        }
        drafts.settings = drafts.settings.replace("navigation_tags", "# ");
        put(&at("with"), &drafts.settings, &drafts.files());
        build(&at("with"), &at("out/with"), plan.as_of);
        put(&at("empty"), &drafts.settings, &Files::new());
        build(&at("empty"), &at("out/empty"), plan.as_of);
        assert!(tree(&at("out/with")) == tree(&at("out/empty")), "{what}: what was unpublished left a trace");
    }
}
