//! Social cards, from outside: they are there, show something, are drawn once, and never have a box in them.
#![allow(clippy::disallowed_methods, reason = "a test writes sites, runs the program and reads what it wrote")]

#[path = "commands/desk.rs"]
#[allow(dead_code, reason = "the same desk serves other tests")]
mod desk;

use dealwire::diagnostic::Diagnostic;
use dealwire::model::{Answer, Output, Route, Shelf};
use dealwire::sink::publish::{Record, Shown};
use dealwire::site::Compress;
use desk::{DONE, Desk};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

const SETTINGS: &str = "title = \"The Card Desk\"\ndescription = \"Deals on cards.\"\nbase_url = \"https://cards.example\"\n\
                        timezone = \"UTC\"\n";

/// A site with an article of a headline and one with a deal.
struct Site(Desk);

impl Site {
    fn new() -> Self {
        let site = Self(Desk::empty().with("SOURCE_DATE_EPOCH", "1780272000"));
        site.write("site.toml", SETTINGS);
        site.write("content/companies/nokia.md", "---\nname: Nokia\ncountry: FI\n---\nA company.\n");
        site.write("content/companies/mobile.md", "---\nname: 中国移动\ncountry: CN\n---\nA company.\n");
        site.write("content/tags/patents.md", "---\ntitle: Patents\ndescription: On patents.\n---\n");
        site.headline("news", "Nokia looks ahead");
        site.write(
            "content/articles/deal.md",
            "---\ntitle: A deal\ndescription: Of two.\ndate: 2026-03-01\n\
             sources:\n  - {id: r, kind: press_release, publisher: Nokia, date: 2026-03-01}\n\
             deal:\n  kind: supply\n  parties:\n    - {company: nokia, roles: [supplier]}\n    - {company: mobile, roles: [customer]}\n  \
             status:\n    - {state: announced, date: 2026-03-01, source: r}\n  value: undisclosed\n---\nNokia and 中国移动.\n",
        );
        site
    }

    fn write(&self, path: &str, text: &str) {
        self.0.write(path, text);
    }

    fn headline(&self, id: &str, title: &str) {
        let text =
            format!("---\ntitle: {title:?}\ndescription: News.\ndate: 2026-03-01\ntags: [patents]\n---\nText.\n");
        self.write(&format!("content/articles/{id}.md"), &text);
    }

    fn run(&self, args: &[&str]) -> String {
        let said = self.0.run(args).has(DONE);
        said.err + &said.out
    }

    /// Builds; returns how many cards were drawn.
    fn build(&self) -> usize {
        let said = self.run(&["build"]);
        let (before, _) = said.split_once(" drawn").unwrap_or(("0 card", ""));
        let words: Vec<&str> = before.rsplitn(3, ' ').collect();
        words[1].parse().unwrap_or_else(|_| panic!("{said}"))
    }

    /// The cards by the name of what they are of, with their addresses.
    fn cards(&self) -> BTreeMap<String, PathBuf> {
        cards(&self.0.at("public"))
    }

    /// The card of a headline, as it is built.
    fn drawn(&self, title: &str) -> Picture {
        self.headline("news", title);
        self.build();
        Picture::read(&self.cards()["news"])
    }
}

fn cards(public: &Path) -> BTreeMap<String, PathBuf> {
    let folder = fs::read_dir(public.join("assets/cards")).expect("cards");
    let paths = folder.map(|e| e.expect("an entry").path());
    let stem = |p: &Path| p.file_name().and_then(|n| n.to_str()?.split('.').next()).expect("a name").to_owned();
    paths.map(|p| (stem(&p), p)).collect()
}

/// What a PNG shows: for each pixel its colour.
#[derive(PartialEq)]
struct Picture {
    pixels: Vec<[u8; 3]>,
    size: usize,
}

impl Picture {
    fn read(path: &Path) -> Self {
        let bytes = fs::read(path).expect("a card");
        let mut decoder = png::Decoder::new(std::io::Cursor::new(&bytes));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().expect("a PNG");
        assert_eq!((reader.info().width, reader.info().height), (1200, 630), "{}", path.display());
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        reader.next_frame(&mut pixels).expect("pixels");
        let pixels = pixels.chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect();
        Self { pixels, size: bytes.len() }
    }

    /// How many pixels of an area are dark or coloured.
    fn ink(&self, (x, y): (usize, usize), (width, height): (usize, usize)) -> usize {
        let rows = (y..y + height).flat_map(|row| &self.pixels[row * 1200 + x..row * 1200 + x + width]);
        rows.filter(|p| p[1] < 128).count()
    }
}

/// The area of the headline, and that of its last line where it has four.
const HEADLINE: ((usize, usize), (usize, usize)) = ((96, 150), (1008, 330));

#[test]
fn the_sample_has_a_card_for_each_deal_and_pages_show_them() {
    let out = tempfile::tempdir().expect("a folder");
    let public = out.path().join("site");
    let done = Command::new(env!("CARGO_BIN_EXE_dealwire"))
        .args(["build", "--strict", "--quiet", "--output"])
        .arg(&public)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program starts");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let cards = cards(&public);
    assert!(cards.len() >= 8, "{cards:?}");
    for path in cards.values() {
        let picture = Picture::read(path);
        assert!(picture.size < 60 * 1024, "{} is of {} bytes", path.display(), picture.size);
        for area in [((100, 60), (1000, 420)), ((400, 505), (400, 70))] {
            assert!(picture.ink(area.0, area.1) > 500, "{}: nothing at {area:?}", path.display());
        }
    }
    for page in ["deals/nokia-xiaomi-patents/index.html", "2017/07/nokia-xiaomi-patents/index.html"] {
        let html = fs::read_to_string(public.join(page)).expect(page);
        let name = cards["nokia-xiaomi-patents"].file_name().and_then(|n| n.to_str()).expect("a name");
        let url = format!("https://china-desk.example.com/assets/cards/{name}");
        assert!(html.contains(&format!("<meta property=\"og:image\" content=\"{url}\">")), "{page}");
        assert!(html.contains("<meta property=\"og:image:width\" content=\"1200\">"), "{page}");
        assert!(html.contains("Value undisclosed."), "{page} says what the card shows");
        assert!(html.contains("content=\"summary_large_image\""), "{page}");
        assert!(page.starts_with("deals") || html.contains(&format!("\"url\":\"{url}\"")), "{page}: structured data");
    }
}

#[test]
fn a_card_is_drawn_once_and_again_when_it_shows_something_else() {
    let site = Site::new();
    assert_eq!(site.build(), 3, "the site's, an article's, a deal's");
    let first = site.cards();
    assert_eq!(site.build(), 0);
    site.write("content/articles/more.md", "---\ntitle: More\ndescription: More.\ndate: 2026-03-02\n---\nText.\n");
    assert_eq!(site.build(), 1, "the new one alone");
    site.headline("news", "Nokia looks back");
    assert_eq!(site.build(), 1);
    let second = site.cards();
    assert_eq!((&first["deal"], &first["site"]), (&second["deal"], &second["site"]));
    assert_ne!(first["news"], second["news"], "another picture has another address");
    assert!(!first["news"].exists(), "what no page shows is gone");
    // A card that the output has lost, or that somebody cut short, is made again.
    fs::remove_file(&second["deal"]).expect("a card");
    fs::write(&second["news"], b"short").expect("a card");
    let left = site.build();
    let bytes = |p: &PathBuf| fs::read(p).expect("a card");
    assert!(left <= 2, "{left}");
    let whole: BTreeMap<_, _> = site.cards().values().map(|p| (p.clone(), bytes(p))).collect();
    let other = Site::new();
    other.headline("news", "Nokia looks back");
    other.write("content/articles/more.md", "---\ntitle: More\ndescription: More.\ndate: 2026-03-02\n---\nText.\n");
    other.build();
    for (path, there) in whole {
        let same = other.0.at(path.strip_prefix(site.0.at("")).expect("below").to_str().expect("UTF-8"));
        assert_eq!(bytes(&same), there, "{}", path.display());
    }
}

/// A shelf of one page and one card, which counts how often it is asked for the card.
#[derive(Default)]
struct Counting(AtomicUsize);

impl Shelf for Counting {
    fn routes(&self) -> Vec<Route> {
        ["/", "/assets/cards/a.1.png"].iter().filter_map(|r| Route::parse(r)).collect()
    }

    fn ask(&self, route: &Route) -> Result<Answer, Diagnostic> {
        self.0.fetch_add(usize::from(self.is_settled(route)), Ordering::Relaxed);
        Ok(Answer::Found(Output::plain(route.as_str().into())))
    }

    fn is_settled(&self, route: &Route) -> bool {
        route.as_str().starts_with("/assets/cards/")
    }
}

#[test]
fn a_plan_asks_for_nothing_that_the_target_has() {
    let shelf = Counting::default();
    let asked = || shelf.0.swap(0, Ordering::Relaxed);
    let shown = |there| Shown {
        shelf: &shelf,
        base_url: "https://x.example",
        page_seconds: 60,
        compress: Compress::No,
        redirects: false,
        there,
    };
    let first = shown(None).wanted(&[], &|_, _| {}).unwrap_or_else(|_| panic!("an edition"));
    assert_eq!(asked(), 1);
    let mut record = Record::new("https://x.example", jiff::Timestamp::UNIX_EPOCH, None);
    record.files = first.files.clone();
    let second = shown(Some(&record)).wanted(&[], &|_, _| {}).unwrap_or_else(|_| panic!("an edition"));
    assert_eq!((asked(), &second.files), (0, &first.files));
}

#[test]
fn a_site_with_cards_is_published_and_a_second_time_there_is_nothing_to_do() {
    let site = Site::new();
    let live = tempfile::tempdir().expect("a folder");
    let to = live.path().join("live");
    site.write("site.toml", &format!("{SETTINGS}[publish.production]\nto = \"file://{}\"\n", to.display()));
    site.run(&["publish"]);
    let said = site.run(&["publish"]);
    assert!(said.contains("is up to date"), "{said}");
    site.headline("news", "Nokia looks back");
    let said = site.run(&["publish"]);
    assert!(said.contains("Edition 2"), "{said}");
}

#[test]
fn texts_are_drawn_as_they_are_and_in_their_room() {
    let site = Site::new();
    let short = site.drawn("Nokia buys Alpha");
    assert!(short == site.drawn("Nokia buys Alpha"), "the same text is the same picture");
    let other = site.drawn("Nokia buys Omega");
    assert!(short != other, "other words are another picture");
    assert!(short.ink(HEADLINE.0, HEADLINE.1) > 5000 && other.ink(HEADLINE.0, HEADLINE.1) > 5000);
    let long = site.drawn(&"A headline that nobody will ever read to its end, for it has none ".repeat(8));
    let giant = site.drawn(&"Donaudampfschifffahrt".repeat(20));
    let hostile = site.drawn("</text><script>alert(1)</script> & \\\"'<!-- ]]>");
    for (what, picture) in [("long", long), ("giant", giant), ("hostile", hostile)] {
        assert!(picture.ink(HEADLINE.0, HEADLINE.1) > 5000, "{what}");
        for (edge, size) in [((46, 48), (48, 440)), ((1106, 48), (46, 440)), ((96, 478), (1008, 16))] {
            assert_eq!(picture.ink(edge, size), 0, "{what}: ink at {edge:?}");
        }
    }
}

#[test]
fn what_no_font_has_is_left_out_and_told() {
    let site = Site::new();
    let plain = site.drawn("Nokia signs");
    assert!(plain == site.drawn("Nokia 🚀 signs"), "a sign is left out");
    let said = site.run(&["check"]);
    assert!(said.contains("W0817") && said.contains("`🚀` of `Nokia 🚀 signs`"), "{said}");
    assert!(
        site.drawn("Nokia signs with … today") == site.drawn("Nokia signs with שלום today"),
        "letters become an ellipsis"
    );
    // With nothing but such letters the site speaks, rather than boxes.
    assert!(site.drawn("The Card Desk") == site.drawn("شركة نوكيا"));
    assert!(site.drawn("中国移动") != site.drawn("中国中车"), "Chinese names are no boxes");
    // A name that cannot be drawn: its id stands there.
    site.headline("news", "Nokia signs");
    site.write("content/companies/mobile.md", "---\nname: 모바일\ncountry: KR\n---\nA company.\n");
    site.build();
    let korean = Picture::read(&site.cards()["deal"]);
    site.write("content/companies/mobile.md", "---\nname: Mobile\ncountry: KR\n---\nA company.\n");
    site.build();
    assert!(korean == Picture::read(&site.cards()["deal"]));
}

#[test]
fn fonts_that_the_settings_name_are_used() {
    let site = Site::new();
    site.headline("news", "饕餮");
    let missing = site.run(&["check"]);
    assert!(missing.contains("`饕餮`"), "{missing}");
    let before = site.build();
    let font = Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc");
    fs::create_dir_all(site.0.at("fonts")).expect("a folder");
    fs::copy(font, site.0.at("fonts/cjk.ttc")).expect("fonts-noto-cjk is installed");
    site.write("site.toml", &format!("{SETTINGS}[cards]\nfonts = [\"fonts/cjk.ttc\"]\n"));
    let said = site.run(&["check"]);
    assert!(said.contains("0 warnings"), "{said}");
    assert_eq!((before, site.build()), (3, 3), "another font is another look of every card");
    assert!(Picture::read(&site.cards()["news"]).ink(HEADLINE.0, HEADLINE.1) > 5000);
}

#[test]
fn without_cards_everything_is_as_it_was() {
    let site = Site::new();
    site.write("site.toml", &format!("{SETTINGS}[cards]\nenabled = false\n"));
    assert_eq!(site.build(), 0);
    assert!(!site.0.at("public/assets/cards").exists());
    let html = fs::read_to_string(site.0.at("public/deals/deal/index.html")).expect("a page");
    assert!(html.contains("og:image\" content=\"https://cards.example/assets/card."), "{html}");
}

/// Pictures that were looked at. Whoever changes one raises `DESIGN` in src/render/cards: what was drawn is kept by name.
#[test]
fn the_design_is_the_one_whose_version_it_bears() {
    let site = Site::new();
    site.build();
    let digests: Vec<String> =
        site.cards().values().map(|p| blake3::hash(&fs::read(p).expect("a card")).to_hex()[..16].to_owned()).collect();
    assert_eq!(digests, PINNED.map(str::to_owned), "raise DESIGN, then write these down");
}

const PINNED: [&str; 3] = ["7a2b9f3bec6c6d39", "018cb7e7802a90a8", "b89dbcbe521a02a3"];
