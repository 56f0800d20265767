//! Whatever its history, an edition is what a fresh load of the same files would be; an edit changes what it has to, and
//! costs the same however large the site is.
#![allow(clippy::disallowed_methods, reason = "a test measures, in threads")]

mod sites;

use dealwire::diagnostic::{Checked, Diagnostic, FileId};
use dealwire::edition::Edition;
use dealwire::model::{Answer, Audience, Change, Entry, Id, Route, Shelf, Texts};
use dealwire::site::Site;
use sites::{Files, Memory, Rng, Shape, edition, plan, runs, seed};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What stands at every route, broken pages too.
fn shown(edition: &Edition) -> BTreeMap<Route, Result<Option<Vec<u8>>, Diagnostic>> {
    let ask = |route: &Route| match edition.ask(route) {
        Ok(Answer::Found(output)) => Ok(Some(output.bytes)),
        Ok(Answer::Absent) => Ok(None),
        Err(d) => Err(d),
    };
    edition.routes().into_iter().map(|route| (route.clone(), ask(&route))).collect()
}

/// Everything that is found, in the whole and while printing.
fn found(edition: &Edition) -> Vec<Diagnostic> {
    let mut all = edition.findings(&dealwire::model::Earlier::default());
    for route in edition.routes() {
        if let Ok(Answer::Found(output)) = edition.ask(&route) {
            all.extend(output.findings);
        }
    }
    all
}

fn apply(edition: &mut Edition, files: &Files, path: &str) {
    let change = Change { file: FileId::new(path), bytes: files.get(path).cloned() };
    edition.apply(&change, Arc::new(Memory(files.clone()))).expect("the settings are sound");
}

/// Changes some files; returns the paths of those that are other than before.
fn edit(rng: &mut Rng, files: &mut Files, pool: &[(String, Arc<[u8]>)]) -> Vec<String> {
    let paths: Vec<String> = files.keys().cloned().collect();
    let mut path = if paths.is_empty() { pool[0].0.clone() } else { rng.pick(&paths) };
    // Often one of two files that claim one id.
    let twice: Vec<&String> = paths.iter().filter(|p| p.contains("/aside/")).collect();
    if !twice.is_empty() && rng.chance(25) {
        path.clone_from(rng.pick(&twice));
        path = if rng.chance(50) { path.replace("/aside/", "/") } else { path };
    }
    let text = files.get(&path).map(|b| String::from_utf8_lossy(b).into_owned()).unwrap_or_default();
    let mut lines: Vec<&str> = text.lines().collect();
    let at = rng.below(lines.len().max(1));
    let mut put = |path: &str, text: String| {
        files.insert(path.to_owned(), text.into_bytes().into());
        vec![path.to_owned()]
    };
    match rng.below(12) {
        0 | 1 => {
            let (path, bytes) = rng.pick(pool);
            files.insert(path.clone(), bytes);
            vec![path]
        }
        2 => {
            files.remove(&path);
            vec![path]
        }
        3 => {
            // Renamed, mostly so that two files claim one id.
            let (folder, name) = path.rsplit_once('/').expect("a folder");
            let top = folder.split('/').take(2).collect::<Vec<_>>().join("/");
            let new = match rng.below(3) {
                0 => format!("{folder}/moved-{}.md", rng.below(4)),
                _ => format!("{top}/aside/{name}"),
            };
            let Some(bytes) = files.get(&path).cloned() else { return Vec::new() };
            if rng.chance(60) {
                files.remove(&path);
            }
            files.insert(new.clone(), bytes);
            vec![path, new]
        }
        4 => put(&path, format!("{text}\nOne more paragraph.\n")),
        5 if lines.len() > 2 => {
            lines.remove(at);
            put(&path, lines.join("\n"))
        }
        6 => put(&path, text.chars().take(rng.below(text.chars().count().max(1))).collect()),
        7 => put(&path, text.replace("draft: true\n", "").replace("draft = true\n", "")),
        8 => {
            let more = rng.pick(&["draft: true", "slug: \"other\"", "parent: bell-001", "expires: 2018-01-01"]);
            let more = rng.pick(&[more, "aliases: [\"/old/one/\"]", "redirects: [/old/one/]", "tags: [none]"]);
            put(&path, text.replacen("---\n", &format!("---\n{more}\n"), 1))
        }
        9 => {
            let name = rng.pick(&["Alfa", "Alfa Bell", "Delta", "Jura Holm", "小米"]);
            put(&path, text.replacen("name: ", &format!("name: {name} # "), 1))
        }
        10 => {
            let (_, other) = rng.pick(pool);
            let other = String::from_utf8_lossy(&other).into_owned();
            let body = other.rsplit("---\n").next().unwrap_or("").to_owned();
            put(&path, format!("{}---\n{body}", text.rsplit_once("---\n").map_or("", |(f, _)| f)))
        }
        _ => put(&path, text.replacen("mentions", "covers", 1)),
    }
}

fn history(seed: u64) {
    let what = format!("DEALWIRE_SEED={seed} DEALWIRE_RUNS=1");
    let mut rng = Rng::new(seed);
    let shape = Shape { articles: 8, wild: true };
    let plan = plan(&mut rng, shape);
    let mut files = plan.files();
    // What comes in later is of another site, with ids that are sometimes the same.
    let pool: Vec<_> = sites::plan(&mut rng, shape).files().into_iter().collect();
    let mut edited = edition(&plan.settings, &files, plan.as_of);
    for batch in 0..6 {
        for _ in 0..=rng.below(5) {
            for path in edit(&mut rng, &mut files, &pool) {
                apply(&mut edited, &files, &path);
            }
        }
        let fresh = edition(&plan.settings, &files, plan.as_of);
        assert!(edited.catalogue().lists() == fresh.catalogue().lists(), "{what}: the lists differ in batch {batch}");
        let (a, b) = (shown(&edited), shown(&fresh));
        let (left, right): (BTreeSet<_>, BTreeSet<_>) = (a.keys().collect(), b.keys().collect());
        assert_eq!(left, right, "{what}: routes differ in batch {batch}");
        for (route, bytes) in &a {
            assert!(b[route] == *bytes, "{what}: {route} differs in batch {batch}");
        }
        assert_eq!(found(&edited), found(&fresh), "{what}: findings differ in batch {batch}");
    }
}

#[test]
fn any_history_of_edits_leads_to_what_a_fresh_load_gives() {
    let seed = seed();
    std::thread::scope(|s| {
        let runs = runs(30);
        let halves: Vec<_> = (0..2)
            .map(|half| s.spawn(move || (half..runs).step_by(2).for_each(|run| history(seed.wrapping_add(run)))))
            .collect();
        for half in halves {
            if let Err(panic) = half.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
}

#[test]
fn what_two_files_claim_stays_with_the_one_that_is_left() {
    let settings = "title = \"Desk\"\nbase_url = \"https://desk.example\"\ntimezone = \"UTC\"\n";
    let as_of = "2018-06-15T12:00:00Z".parse().expect("an instant");
    let article = "---\ntitle: News\ndescription: News.\ndate: 2018-01-01\nslug: else\naliases: [/old/]\n---\nText.\n";
    let news = "---\ntitle: More\ndescription: More.\ndate: 2018-01-02\nmentions: [sub, ann]\n---\nText.\n";
    let all = [
        ("content/articles/a/news.md", article),
        ("content/articles/b/news.md", article),
        ("content/articles/more.md", news),
        ("content/companies/a/sub.md", "---\nname: Sub\nparent: top\nslug: under\n---\n"),
        ("content/companies/b/sub.md", "---\nname: Sub\nparent: top\nslug: under\n---\n"),
        ("content/companies/top.md", "---\nname: Top\n---\n"),
        ("content/companies/desk.md", "---\nname: Desk Ltd\n---\n"),
        ("content/people/a/ann.md", "---\nname: Ann\nposts: [{company: desk, title: Head}]\n---\n"),
        ("content/people/b/ann.md", "---\nname: Ann\nposts: [{company: desk, title: Head}]\n---\n"),
    ];
    let files: Files = all.iter().map(|(path, text)| ((*path).to_owned(), Arc::from(text.as_bytes()))).collect();
    for side in ["/a/", "/b/"] {
        let (mut edited, mut left) = (edition(settings, &files, as_of), files.clone());
        for path in files.keys().filter(|p| p.contains(side)) {
            left.remove(path);
            apply(&mut edited, &left, path);
        }
        let fresh = edition(settings, &left, as_of);
        sites::assert_same(&sites::printed(&edited), &sites::printed(&fresh), side);
        assert!(edited.routes().iter().any(|r| r.as_str() == "/companies/top/"), "{side}");
    }
}

#[test]
fn an_edit_of_a_text_changes_its_page_and_the_feeds_that_carry_it_and_nothing_else() {
    let seed = seed();
    let mut carried = 0;
    for run in 0..runs(25) {
        let seed = seed.wrapping_add(run);
        let what = format!("DEALWIRE_SEED={seed} DEALWIRE_RUNS=1");
        let mut rng = Rng::new(seed);
        let plan = plan(&mut rng, Shape { articles: 8, wild: false });
        let mut files = plan.files();
        let mut edition = edition(&plan.settings, &files, plan.as_of);
        let before = shown(&edition);
        let base = edition.site().base_url.clone();
        for path in files.keys().filter(|p| p.ends_with(".md")).cloned().collect::<Vec<_>>() {
            if !rng.chance(25) {
                continue;
            }
            let original = files[&path].clone();
            let more = [&original[..], b"\nA word more, and *nothing* of anybody.\n"].concat();
            files.insert(path.clone(), more.into());
            apply(&mut edition, &files, &path);
            let after = shown(&edition);
            let mut changed: BTreeSet<&Route> = after.keys().filter(|r| before.get(r) != after.get(r)).collect();
            assert_eq!(before.len(), after.len(), "{what}: {path}");
            // What search knows of the words changes in one shard, and there in nothing but words.
            let searched: BTreeSet<&str> = changed
                .iter()
                .filter_map(|r| Some(r.as_str().strip_prefix("/search/")?.split_once("/words-")?.0))
                .collect();
            assert!(searched.len() <= 1, "{what}: an edit of {path} changes the search of {searched:?}");
            changed.retain(|r| !(r.as_str().starts_with("/search/") && r.as_str().contains("/words-")));
            let mut expected: BTreeSet<&Route> = BTreeSet::new();
            let own = edition.route_of(&FileId::new(&path));
            if let Some((own, _)) = own.as_ref().and_then(|r| before.get_key_value(r)) {
                expected.insert(own);
                let twin = format!("{}index.md", own.as_str());
                expected.extend(before.keys().filter(|r| r.as_str() == twin));
                if path.starts_with("content/articles/") {
                    let address = format!("href=\"{base}{}\"", own.url());
                    let quoted = format!("\"url\":\"{}{}\"", edition.site().base_url, own.url());
                    let holds = |r: &Route| {
                        let bytes = before[r].as_ref().ok().and_then(Option::as_ref);
                        let text = bytes.map(|b| String::from_utf8_lossy(b).into_owned()).unwrap_or_default();
                        text.split("<entry>").skip(1).any(|e| e.contains(&address)) || text.contains(&quoted)
                    };
                    expected.extend(
                        before.keys().filter(|r| {
                            r.as_str().rsplit('/').next().is_some_and(|f| f.starts_with("feed.")) && holds(r)
                        }),
                    );
                    carried += expected.len() - 1;
                }
            }
            assert_eq!(changed, expected, "{what}: an edit of {path}");
            files.insert(path.clone(), original);
            apply(&mut edition, &files, &path);
        }
    }
    assert!(carried > 0 || runs(25) < 25, "no feed ever carried an article");
}

/// The files of a large site, made when they are asked for.
struct Endless;

const FRONT: &str = "---\ntitle: Deal AT of many\ndescription: One of very many.\ndate: 2018-01-01\ntags: [tag-1]\n\
                     mentions: [company-1]\n---\n";

impl Texts for Endless {
    fn bytes(&self, file: &FileId) -> Result<Arc<[u8]>, Diagnostic> {
        Ok(format!("{}Text of {file}, which is short.\n", FRONT.replace("AT", file.stem())).into_bytes().into())
    }

    fn has(&self, _: &FileId) -> bool {
        false
    }
}

/// A site of so many articles, each with a deal, ten to a company and sixteen tags in all.
fn large(articles: usize) -> Edition {
    let settings = "title = \"Desk\"\nbase_url = \"https://desk.example\"\ntimezone = \"UTC\"\n";
    let site = Arc::new(Site::read(&FileId::new("site.toml"), settings).expect("sound"));
    let zone = site.zone.clone();
    let audience = Audience { as_of: "2030-01-01T00:00:00Z".parse().expect("an instant"), drafts: false };
    let mut edition = Edition::new(site, audience, &[], Arc::new(Endless)).expect("sound");
    let read = |path: &str, text: &str| {
        let file = FileId::new(path);
        let checked = dealwire::entry::read(&file, text.as_bytes(), &zone);
        assert!(checked.findings.is_empty(), "{:?}", checked.findings);
        (file, checked)
    };
    let model = read(
        "content/articles/model.md",
        "---\ntitle: Deal\ndescription: One.\ndate: 2018-01-01\ntags: [tag-1]\ndeal:\n  kind: partnership\n  parties:\n  - \
         {company: company-1, roles: [partner]}\n  - {company: company-2, roles: [partner]}\n  status: [{state: signed, \
         date: 2018-01-01, publisher: P}]\n  value: none\n---\nText.\n",
    );
    let Some(Entry::Article(model)) = model.1.value else { panic!("an article") };
    let id = |text: String| Id::parse(&text).expect("an id");
    let companies = (articles / 10).max(2);
    let mut all = Vec::with_capacity(articles);
    for n in 0..articles {
        // From 1990 on, so that every size of site has the same months.
        let minutes = i64::try_from(n * (10_000_000 / articles)).expect("small");
        let mut a = (*model).clone();
        a.common.id = id(format!("a-{n}"));
        a.common.file = FileId::new(&format!("content/articles/a-{n}.md"));
        a.common.title = format!("Deal a-{n} of many");
        a.common.body = FRONT.len() - 2 + a.common.id.as_str().len();
        a.date = jiff::Timestamp::from_second(631_152_000 + minutes * 60).expect("an instant");
        a.common.date = Some(a.date);
        a.tags = vec![id(format!("tag-{}", n % 16))];
        let mut deal = (**a.deal.as_ref().expect("a deal")).clone();
        deal.id = a.common.id.clone();
        for (k, party) in deal.parties.iter_mut().enumerate() {
            party.who = dealwire::model::Who::Company(id(format!("company-{}", (n + k * 7) % companies)));
        }
        a.deal = Some(Arc::new(deal));
        all.push((a.common.file.clone(), Checked { value: Some(Entry::Article(Arc::new(a))), findings: Vec::new() }));
    }
    for n in 0..companies {
        all.push(read(&format!("content/companies/company-{n}.md"), &format!("---\nname: Company No{n}\n---\n")));
    }
    for n in 0..16 {
        all.push(read(&format!("content/tags/tag-{n}.md"), &format!("---\ntitle: Tag {n}\n---\n")));
    }
    edition.load(all).expect("sound");
    edition
}

/// What it takes to apply an edit, and to print one page after it; with a check that the page shows the edit.
fn one_edit(edition: &mut Edition, n: usize, round: usize, routes: &[&str]) -> (Duration, Vec<Duration>) {
    let file = FileId::new(&format!("content/articles/a-{n}.md"));
    let front = FRONT.replace("AT", &format!("round{round}")).replace("tag-1", &format!("tag-{}", round % 16));
    let text = format!("{}\nText.\n", front.replace("2018-01-01", "2029-01-01"));
    let change = Change { file, bytes: Some(text.into_bytes().into()) };
    let start = Instant::now();
    edition.apply(&change, Arc::new(Endless)).expect("sound");
    let applied = start.elapsed();
    let printed = routes
        .iter()
        .map(|route| {
            let route = Route::parse(&route.replace('N', &n.to_string())).expect("a route");
            let start = Instant::now();
            let answer = edition.ask(&route);
            let took = start.elapsed();
            let Ok(Answer::Found(output)) = answer else { panic!("{route}: {answer:?}") };
            let text = String::from_utf8_lossy(&output.bytes);
            assert!(text.contains(&format!("round{round} ")), "{route} does not show the edit");
            took
        })
        .collect();
    (applied, printed)
}

#[test]
fn an_edit_costs_the_same_at_a_thousand_and_at_a_hundred_thousand_articles() {
    const ROUNDS: usize = 15;
    let routes = ["/2029/01/a-N/", "/", "/2029/01/", "/companies/company-1/", "/feed.xml"];
    let mut sites = [large(1_000), large(100_000)];
    // Both by turns, so that a busy machine is busy for both.
    let mut took = [vec![Vec::new(); routes.len() + 1], vec![Vec::new(); routes.len() + 1]];
    for round in 0..ROUNDS {
        for (edition, took) in sites.iter_mut().zip(&mut took) {
            let (applied, printed) = one_edit(edition, 500 + round, round, &routes);
            took[0].push(applied);
            for (all, one) in took[1..].iter_mut().zip(printed) {
                all.push(one);
            }
        }
    }
    let what = ["applying"].iter().chain(&routes);
    let [small, big] = took;
    for (i, what) in what.enumerate() {
        // The least of all rounds is what it costs; what comes on top is what else the machine does.
        let least = |all: &[Duration]| all.iter().min().copied().expect("rounds");
        let (a, b) = (least(&small[i]), least(&big[i]));
        println!("{what}: {a:?} at 1,000 articles, {b:?} at 100,000");
        assert!(b < a * 4 + Duration::from_micros(200), "{what}: {a:?} at 1,000 articles, {b:?} at 100,000");
    }
}
