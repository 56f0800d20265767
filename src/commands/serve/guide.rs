//! The small site behind the style guide of the preview: its settings, its texts, and deals of every kind. It is made when
//! somebody asks for `/style/`, and never before.

use crate::catalogue::Noun;
use crate::diagnostic::{Diagnostic, FileId};
use crate::edition::{Edition, Read};
use crate::entry;
use crate::model::{Audience, Id, Kind, Role, Route, State, Texts};
use crate::pages::{Page, Plan, Scope, Sheet};
use crate::site::{Outputs, Site};
use include_dir::{Dir, include_dir};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

static CONTENT: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/commands/serve/style");

/// Where the guide stands.
const FRONT: &str = "/style/";
/// Where the pages of its site stand.
const SITE: &str = "/style/site";
/// The instant of that site: early in July 2026.
const AS_OF: i64 = 1_783_000_000;
/// Rows of its long ledger.
const ROWS: usize = 500;
/// Articles on a page of a list, so that there are several pages.
const PAGE_SIZE: usize = 6;

/// Every way in which a value is written.
const VALUES: [(&str, &str); 9] = [
    ("A sum", "EUR 170m"),
    ("About a sum", "{amount: EUR 5.44bn, approx: true}"),
    (
        "A sum with parts",
        "{amount: EUR 5bn, parts: [{what: business, amount: EUR 3bn}, {what: licence, amount: EUR 2bn}]}",
    ),
    ("A range", "{between: [EUR 1bn, EUR 2bn]}"),
    ("A ceiling with what is paid at once", "{up_to: EUR 1bn, upfront: EUR 100m}"),
    ("Undisclosed", "undisclosed"),
    ("Undisclosed, with estimates", "{undisclosed: true, estimates: [{amount: USD 200m, by: Some Paper}]}"),
    ("A royalty with a ceiling", "{royalty: {percent: 2.5, per: device, cap: EUR 3}}"),
    ("No price", "none"),
];
/// Who takes part, in turn.
const COMPANIES: [&str; 6] = ["example-oyj", "sample-ag", "long-german", "long-chinese", "bilingual", "brief"];

/// What an address means to the guide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The guide itself.
    Front,
    /// A page of its site.
    Inside(Route),
}

/// What a route below the path of the base address means to the guide.
pub(super) fn place(route: &Route) -> Option<Place> {
    if route.as_str() == FRONT {
        return Some(Place::Front);
    }
    route.as_str().strip_prefix(SITE).and_then(Route::parse).map(Place::Inside)
}

/// The route of the guide itself.
pub(super) fn front() -> Option<Route> {
    Route::parse(FRONT)
}

/// The texts of its site, in memory.
struct Pages(BTreeMap<FileId, Arc<[u8]>>);

impl Texts for Pages {
    fn bytes(&self, file: &FileId) -> Result<Arc<[u8]>, Diagnostic> {
        self.0.get(file).cloned().ok_or_else(|| Diagnostic::of("E1204", file, "the style guide has no such file"))
    }

    fn has(&self, file: &FileId) -> bool {
        self.0.contains_key(file)
    }
}

/// Its site in the dress of an edition.
pub(super) fn edition(of: &Edition) -> Result<Edition, Diagnostic> {
    let site = settings(of.site());
    let texts = Pages(files());
    let read: Vec<Read> = texts
        .0
        .iter()
        .filter(|(file, _)| entry::is_entry(file))
        .map(|(file, bytes)| (file.clone(), entry::read(file, bytes, &site.zone)))
        .collect();
    let as_of = Timestamp::from_second(AS_OF).unwrap_or(Timestamp::UNIX_EPOCH);
    of.in_this_dress(Arc::new(site), Audience { as_of, drafts: true }, Arc::new(texts), read)
}

/// What the guide shows of it.
pub(super) fn plan(of: &Edition) -> Plan {
    let site = of.site();
    let ids = |of: &str, n: usize| (0..n).filter_map(|i| Id::parse(&format!("{of}-{i}"))).collect();
    let thing = |noun, id: &str| Id::parse(id).map(|id| Page::Thing(noun, id, Sheet::HEAD));
    let article = |id: &str| Id::parse(id).map(Page::Article);
    let pages = [
        ("of_article", article("everything")),
        ("of_deal", Id::parse("everything").map(Page::Deal)),
        ("of_company", thing(Noun::Company, "example-oyj")),
        ("of_tag", thing(Noun::Tag, "patents")),
        ("of_thread", thing(Noun::Thread, "story")),
        ("of_ledger", Some(Page::Ledger(Scope::Year(2026), Sheet::HEAD))),
        ("of_corrections", Some(Page::Corrections(Sheet::HEAD))),
        ("of_search", Some(Page::Search)),
    ];
    let links = [
        ("The front page", Some(Page::Home)),
        ("An article with everything", article("everything")),
        ("An article with nothing", article("brief")),
        ("A sponsored article", article("sponsored")),
        ("A headline of long words", article("german")),
        ("An article in Chinese", article("chinese")),
        ("A draft", article("draft")),
        ("An article under embargo", article("embargoed")),
        ("An article that has expired", article("expired")),
        ("A deal", Id::parse("everything").map(Page::Deal)),
        ("A ledger of more than 500 rows", Some(Page::Ledger(Scope::All, Sheet::HEAD))),
        ("A ledger of one row", Some(Page::Ledger(Scope::Kind(Kind::UnitLaunch), Sheet::HEAD))),
        ("A company", thing(Noun::Company, "example-oyj")),
        ("A company with a long name", thing(Noun::Company, "long-german")),
        ("A company with a Chinese name", thing(Noun::Company, "long-chinese")),
        ("A person", thing(Noun::Person, "ada")),
        ("A topic", thing(Noun::Tag, "patents")),
        ("A topic of one article", thing(Noun::Tag, "once")),
        ("A running story", thing(Noun::Thread, "story")),
        ("A story of one article", thing(Noun::Thread, "quiet")),
        ("All companies", Some(Page::Index(Noun::Company, Sheet::HEAD))),
        ("A year", Some(Page::Year(2026))),
        ("Corrections", Some(Page::Corrections(Sheet::HEAD))),
        ("Search", Some(Page::Search)),
        ("A page of text", Id::parse("about").map(Page::Text)),
        ("No such page", Some(Page::NotFound)),
    ];
    let cards = ["everything", "sponsored", "corrected", "chinese", "german", "brief"];
    let name = site.language_name.clone().unwrap_or_else(|| of.words().text("language-name").to_owned());
    let others = [("zh-Hans", "简体中文"), ("de", "Deutsch"), ("ar", "العربية")];
    let others = others.into_iter().filter(|o| o.0 != site.language).map(|o| (o.0.to_owned(), o.1.to_owned()));
    let root = site.base_path.strip_suffix(SITE).unwrap_or_default();
    Plan {
        path: format!("{root}{FRONT}"),
        pages: pages.into_iter().filter_map(|(name, page)| Some((name, page?))).collect(),
        deals: vec![
            ("kinds", ids("kind", Kind::ALL.len())),
            ("states", ids("state", State::ALL.len())),
            ("values", ids("value", VALUES.len())),
        ],
        cards: cards.iter().filter_map(|id| Id::parse(id)).collect(),
        links: links.into_iter().filter_map(|(title, page)| Some((title, page?))).collect(),
        languages: std::iter::once((site.language.clone(), name)).chain(others).collect(),
    }
}

/// The settings of the site that is previewed, for this one.
fn settings(of: &Site) -> Site {
    let topics = ["patents", "ships", "long-word"];
    Site {
        base_url: [&of.base_url, SITE].concat(),
        base_path: [&of.base_path, SITE].concat(),
        languages: Vec::new(),
        outputs: Outputs::default(),
        topics: topics.iter().filter_map(|id| Id::parse(id)).collect(),
        page_size: PAGE_SIZE,
        ledger_page_size: 2 * ROWS,
        ..of.clone()
    }
}

/// Its files.
fn files() -> BTreeMap<FileId, Arc<[u8]>> {
    let mut all = BTreeMap::new();
    let mut open = vec![&CONTENT];
    while let Some(folder) = open.pop() {
        open.extend(folder.dirs());
        let path = |f: &include_dir::File<'_>| FileId::new(&f.path().to_string_lossy().replace('\\', "/"));
        all.extend(folder.files().map(|f| (path(f), f.contents().into())));
    }
    let mut add = |id: String, text: String| {
        all.insert(FileId::new(&format!("content/deals/{id}.md")), text.into_bytes().into());
    };
    for (n, kind) in Kind::ALL.iter().enumerate() {
        let state = if kind.takes_effect() { State::Effective } else { State::Signed };
        let value = if kind.is_moneyless() { "none" } else { VALUES[n % VALUES.len()].1 };
        add(format!("kind-{n}"), deal(kind.label(), *kind, state, value, n, "2026-05"));
    }
    for (n, state) in State::ALL.iter().enumerate() {
        let kind = if *state == State::Effective { Kind::UnitLaunch } else { Kind::Acquisition };
        let value = if kind.is_moneyless() { "none" } else { "EUR 12.5m" };
        add(format!("state-{n}"), deal(state.label(), kind, *state, value, n, "2026-04"));
    }
    for (n, (title, value)) in VALUES.iter().enumerate() {
        add(format!("value-{n}"), deal(title, Kind::Acquisition, State::Closed, value, n, "2026-03"));
    }
    for n in 0..ROWS {
        let date = format!("{}-{:02}-{:02}", 2016 + n % 10, 1 + n % 12, 1 + n % 28);
        let kind = [Kind::Acquisition, Kind::Supply, Kind::BusinessSale, Kind::Partnership][n % 4];
        let value = [format!("EUR {}m", 1 + n), "undisclosed".to_owned(), format!("CNY {}bn", 1 + n % 90)];
        let title = format!("Row {} of the long ledger", n + 1);
        add(format!("row-{n}"), deal(&title, kind, State::Closed, &value[n % 3], n, &date));
    }
    all
}

/// A deal as a file says it. `turn` chooses who takes part.
fn deal(title: &str, kind: Kind, state: State, value: &str, turn: usize, date: &str) -> String {
    let mut text = format!("---\ntitle: {title}\nkind: {}\nparties:\n", kind.word());
    let mut companies = (0..COMPANIES.len()).map(|n| COMPANIES[(turn + n) % COMPANIES.len()]);
    let mut party = |id: &str, who: &str, roles: &[Role]| {
        let roles: Vec<&str> = roles.iter().map(|r| r.word()).collect();
        let _ = writeln!(text, "  - {{{who}: {id}, roles: [{}]}}", roles.join(", "));
    };
    if kind == Kind::PatentCrossLicence {
        for id in companies.by_ref().take(2) {
            party(id, "company", &[Role::Licensor, Role::Licensee]);
        }
    } else {
        for (role, least, _) in kind.needs() {
            for _ in 0..*least {
                match role {
                    Role::Appointee => party("ada", "person", &[*role]),
                    Role::Vehicle => party("venture", "company", &[*role]),
                    Role::Employer => party("example-oyj", "company", &[*role]),
                    _ => party(companies.next().unwrap_or("venture"), "company", &[*role]),
                }
            }
        }
    }
    text.push_str("status:\n");
    let before = if state == State::Unwound { Some(State::Closed) } else { None };
    for state in before.into_iter().chain([state]) {
        let reason = if state == State::Terminated { ", reason: the two could not agree" } else { "" };
        let _ = writeln!(text, "  - {{state: {}, date: {date}, publisher: Some Paper{reason}}}", state.word());
    }
    let _ = write!(text, "value: {value}\ntags: [patents]\nthreads: [story]\n---\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Answer, Earlier, Shelf as _};

    fn guide() -> Edition {
        let text = "title = \"T\"\nbase_url = \"https://example.com/news\"\ntimezone = \"UTC\"\n";
        let site = Site::read(&FileId::new("site.toml"), text).expect("settings");
        let audience = Audience { as_of: Timestamp::UNIX_EPOCH, drafts: false };
        let bare = Edition::new(Arc::new(site), audience, &[], Arc::new(Pages(BTreeMap::new()))).expect("an edition");
        edition(&bare).expect("the site of the guide")
    }

    #[test]
    fn nothing_is_wrong_with_its_site_and_every_page_is_printed() {
        let guide = guide();
        let findings = guide.findings(&Earlier::default());
        // That deals are like one another is what the long ledger is for.
        let found = findings.iter().filter(|d| d.code != "W0907");
        let found: Vec<String> = found.map(|d| format!("{:?} {} {}", d.file, d.code, d.message)).collect();
        assert!(found.is_empty(), "{}", found.join("\n"));
        for route in guide.routes() {
            let answer = guide.ask(&route).unwrap_or_else(|d| panic!("{route}: {d:#?}"));
            let Answer::Found(output) = answer else { panic!("{route} is absent") };
            assert!(output.findings.is_empty(), "{route}: {:#?}", output.findings);
        }
    }

    #[test]
    fn it_shows_every_kind_state_and_value() {
        let guide = guide();
        let plan = plan(&guide);
        let printed = String::from_utf8(guide.guide(&plan).expect("it is printed").bytes).expect("UTF-8");
        for kind in Kind::ALL {
            assert!(printed.contains(&format!(">{}</a></p>", kind.label())), "{}", kind.label());
        }
        for state in State::ALL {
            assert!(printed.contains(&format!("data-state=\"{}\"", state.word())), "{}", state.word());
        }
        for (of, ids) in &plan.deals {
            assert!(ids.iter().all(|id| guide.catalogue().deal(id).is_some()), "{of}");
        }
        for (title, _) in &plan.links {
            assert!(printed.contains(&format!(">{title}</a>")), "{title}");
        }
        assert!(guide.catalogue().lists().deals.len() > ROWS, "a long ledger");
    }

    #[test]
    fn addresses_mean_the_guide_or_a_page_of_its_site() {
        let at = |path: &str| Route::parse(path).as_ref().and_then(place);
        let inside = |path: &str| Route::parse(path).map(Place::Inside);
        assert_eq!(at("/style/"), Some(Place::Front));
        assert_eq!(at("/style/site/"), inside("/"));
        assert_eq!(at("/style/site/deals/"), inside("/deals/"));
        for other in ["/", "/style", "/style/other/", "/style/sites/", "/styles/"] {
            assert_eq!(at(other), None, "{other}");
        }
    }
}
