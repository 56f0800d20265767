//! Random sites in memory, for tests that hold for every site: a plan of things that speak of each other, written down
//! as files. Knows by its own rules, not by the program's, which of them readers may see.
#![allow(clippy::disallowed_methods, reason = "a test takes its seed from outside")]
#![allow(dead_code, reason = "each test takes the part that it needs")]

pub mod write;

use dealwire::diagnostic::{Diagnostic, FileId};
use dealwire::edition::Edition;
use dealwire::model::{Answer, Audience, Route, Shelf, Texts};
use dealwire::site::Site;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

/// Numbers that follow from a seed (`SplitMix64`).
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).expect("below a usize")
    }

    /// True in so many of a hundred cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// Some of a list, each once, at most `most`.
    pub fn some<T: Clone + PartialEq>(&mut self, from: &[T], most: usize) -> Vec<T> {
        let mut out = Vec::new();
        for _ in 0..self.below(most + 1) {
            if !from.is_empty() {
                let one = self.pick(from);
                if !out.contains(&one) {
                    out.push(one);
                }
            }
        }
        out
    }
}

/// The seed of a test: `DEALWIRE_SEED`, or the clock's; printed, so that a failure can be played again.
pub fn seed() -> u64 {
    let clock = || u64::try_from(Timestamp::now().as_nanosecond() & 0xffff_ffff).expect("32 bits");
    let seed = std::env::var("DEALWIRE_SEED").ok().map_or_else(clock, |s| s.parse().expect("DEALWIRE_SEED: a number"));
    println!("DEALWIRE_SEED={seed}");
    seed
}

/// How often a test is run: `DEALWIRE_RUNS`, or what the test says.
pub fn runs(usual: u64) -> u64 {
    std::env::var("DEALWIRE_RUNS").ok().map_or(usual, |s| s.parse().expect("DEALWIRE_RUNS: a number"))
}

/// The files of a site by path.
pub type Files = BTreeMap<String, Arc<[u8]>>;

/// Files that are held in memory.
pub struct Memory(pub Files);

impl Texts for Memory {
    fn bytes(&self, file: &FileId) -> Result<Arc<[u8]>, Diagnostic> {
        self.0.get(file.path()).cloned().ok_or_else(|| Diagnostic::of("E1204", file, "there is no such file"))
    }

    fn has(&self, file: &FileId) -> bool {
        self.0.contains_key(file.path())
    }
}

/// An edition of files, loaded at once.
pub fn edition(settings: &str, files: &Files, as_of: Timestamp) -> Edition {
    let site =
        Arc::new(Site::read(&FileId::new("site.toml"), settings).unwrap_or_else(|f| panic!("{f:#?}\n{settings}")));
    let audience = Audience { as_of, drafts: false };
    let texts = Arc::new(Memory(files.clone()));
    let read = files.iter().filter(|(path, _)| path.ends_with(".md")).map(|(path, bytes)| {
        let file = FileId::new(path);
        let checked = dealwire::entry::read(&file, bytes, &site.zone);
        (file, checked)
    });
    let mut edition = Edition::new(Arc::clone(&site), audience, &[], texts).unwrap_or_else(|f| panic!("{f:#?}"));
    edition.load(read).unwrap_or_else(|d| panic!("{d:#?}"));
    edition
}

/// Every file of the finished site, in the order of their routes.
pub fn printed(edition: &Edition) -> Vec<(Route, Vec<u8>)> {
    edition
        .routes()
        .into_iter()
        .map(|route| match edition.ask(&route) {
            Ok(Answer::Found(output)) => (route, output.bytes),
            Ok(Answer::Absent) => panic!("{route} is listed, but nothing stands there"),
            Err(d) => panic!("{route}: {d:?}"),
        })
        .collect()
}

/// Fails with the first place where two printed sites differ.
pub fn assert_same(left: &[(Route, Vec<u8>)], right: &[(Route, Vec<u8>)], what: &str) {
    if left == right {
        return;
    }
    let routes = |side: &[(Route, Vec<u8>)]| side.iter().map(|(r, _)| r.to_string()).collect::<BTreeSet<_>>();
    let (l, r) = (routes(left), routes(right));
    assert!(l == r, "{what}: only left {:?}, only right {:?}", &l - &r, &r - &l);
    for ((route, a), (_, b)) in left.iter().zip(right) {
        if a != b {
            let (a, b) = (String::from_utf8_lossy(a), String::from_utf8_lossy(b));
            let at = a.lines().zip(b.lines()).find(|(a, b)| a != b);
            panic!("{what}: {route} differs: {at:#?}");
        }
    }
    panic!("{what}: {} and {} routes", left.len(), right.len());
}

/// What a thing is: the folder that its file lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Article,
    Deal,
    Company,
    Person,
    Tag,
    Thread,
    Page,
}

impl Sort {
    pub fn folder(self) -> &'static str {
        match self {
            Self::Article => "articles",
            Self::Deal => "deals",
            Self::Company => "companies",
            Self::Person => "people",
            Self::Tag => "tags",
            Self::Thread => "threads",
            Self::Page => "pages",
        }
    }
}

/// The record of a deal: which template of a record, and the parties by their place in the plan.
#[derive(Clone, Debug)]
pub struct Record {
    pub shape: usize,
    pub a: usize,
    pub b: usize,
    pub c: Option<usize>,
    pub step: jiff::civil::Date,
    pub amount: usize,
}

/// One entry of a site.
#[derive(Clone, Debug)]
pub struct Thing {
    pub sort: Sort,
    pub id: String,
    pub below: String,
    pub name: String,
    /// Words that stand in this file and nowhere else.
    pub tokens: Vec<String>,
    pub draft: bool,
    pub embargo: Option<Timestamp>,
    pub date: Option<Timestamp>,
    pub expires: Option<Timestamp>,
    pub parent: Option<usize>,
    pub authors: Vec<usize>,
    pub tags: Vec<usize>,
    pub threads: Vec<usize>,
    pub mentions: Vec<usize>,
    pub covers: Vec<usize>,
    pub updates: Option<usize>,
    pub posts: Vec<usize>,
    pub record: Option<Record>,
    pub aliases: Vec<String>,
    pub slug: Option<String>,
    /// Images beside the file that it shows.
    pub images: Vec<String>,
    /// Things that its text links to, and things that it only names.
    pub links: Vec<usize>,
    pub named: Vec<usize>,
    pub toml: bool,
}

impl Thing {
    pub fn folder(&self) -> String {
        let folder = self.sort.folder();
        if self.below.is_empty() { format!("content/{folder}") } else { format!("content/{folder}/{}", self.below) }
    }

    pub fn path(&self) -> String {
        format!("{}/{}.md", self.folder(), self.id)
    }

    /// Whether the editor and the clock let it be seen.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let begun = |t: Option<Timestamp>| t.is_none_or(|t| t <= at);
        !self.draft && begun(self.embargo) && begun(self.date) && self.expires.is_none_or(|t| t > at)
    }

    /// The day before it appears, for what it has to report.
    pub fn eve(&self, as_of: Timestamp) -> jiff::civil::Date {
        let appears = [self.date, self.embargo].into_iter().flatten().max().unwrap_or(as_of);
        appears.to_zoned_datetime(jiff::tz::TimeZone::UTC).date().yesterday().expect("not the first day")
    }

    /// Everything that it speaks of.
    pub fn speaks_of(&self) -> BTreeSet<usize> {
        let lists = [&self.authors, &self.tags, &self.threads, &self.mentions, &self.covers, &self.posts];
        let record = self.record.iter().flat_map(|r| [Some(r.a), Some(r.b), r.c]).flatten();
        lists.into_iter().flatten().copied().chain(self.updates).chain(self.parent).chain(record).collect()
    }
}

/// A site, as a plan.
#[derive(Clone, Debug)]
pub struct Plan {
    pub settings: String,
    pub things: Vec<Thing>,
    pub as_of: Timestamp,
    /// Files beside the entries, by path, with the words that stand in each.
    pub media: BTreeMap<String, String>,
}

/// How a site is made up.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Articles at most.
    pub articles: usize,
    /// Whether what is public may speak of what is hidden, which a build refuses.
    pub wild: bool,
}

const WORDS: [&str; 10] = ["Alfa", "Bell", "Corvus", "Delta", "Ebro", "Fjord", "Garda", "Holm", "Ister", "Jura"];
const CHINESE: [&str; 8] = ["华信", "小米", "东方", "长城", "天河", "海川", "云山", "金湖"];

struct Maker<'r> {
    rng: &'r mut Rng,
    plan: Plan,
    wild: bool,
    names: BTreeSet<String>,
    count: usize,
}

/// A random site.
pub fn plan(rng: &mut Rng, shape: Shape) -> Plan {
    let as_of = "2018-06-15T12:00:00Z".parse().expect("an instant");
    let plan = Plan { settings: String::new(), things: Vec::new(), as_of, media: BTreeMap::new() };
    let mut m = Maker { rng, plan, wild: shape.wild, names: BTreeSet::new(), count: 0 };
    for (sort, most) in
        [(Sort::Company, 6), (Sort::Person, 4), (Sort::Tag, 4), (Sort::Thread, 3), (Sort::Page, 3), (Sort::Deal, 4)]
    {
        let least = if matches!(sort, Sort::Company | Sort::Person) { 3 } else { 1 };
        for _ in 0..least + m.rng.below(most) {
            m.thing(sort);
        }
    }
    for _ in 0..2 + m.rng.below(shape.articles) {
        m.thing(Sort::Article);
    }
    m.settings();
    m.plan
}

impl Maker<'_> {
    /// A word that stands nowhere else in the site or the theme.
    fn token(&mut self) -> String {
        let mut word = String::from("zq");
        for _ in 0..9 {
            word.push(self.rng.pick(&['b', 'c', 'd', 'f', 'g', 'k', 'm', 'p', 'v', 'x', 'w', 'z']));
        }
        word
    }

    /// The same in Chinese.
    fn chinese(&mut self) -> String {
        (0..6)
            .map(|_| char::from_u32(0x4e00 + u32::try_from(self.rng.below(0x3000)).expect("small")).expect("Han"))
            .collect()
    }

    fn name(&mut self, sort: Sort) -> String {
        if !matches!(sort, Sort::Company | Sort::Person) {
            let tail = self.rng.pick(&[" & co", "’s \"way\"", " <a>", "", ": 100 %", "，中文"]);
            return format!("{} {}{tail}", self.rng.pick(&WORDS), self.token());
        }
        // Names that hold one another, so that the longest has to be found.
        loop {
            let pool: &[&str] = if self.rng.chance(25) { &CHINESE } else { &WORDS };
            let gap = if pool[0] == CHINESE[0] { "" } else { " " };
            let words: Vec<&str> = (0..=self.rng.below(3)).map(|_| self.rng.pick(pool)).collect();
            let name = words.join(gap);
            if self.names.insert(name.to_lowercase()) {
                return name;
            }
        }
    }

    /// An instant near the edition's, often at its very edge.
    fn near(&mut self, late: bool) -> Timestamp {
        let seconds = self.rng.pick(&[1, 60, 86_400, 20 * 86_400, 40 * 86_400, 400 * 86_400]);
        let at_once = !late && self.rng.chance(10);
        let seconds = if at_once { 0 } else { seconds };
        let delta = jiff::SignedDuration::from_secs(if late { seconds } else { -seconds });
        self.plan.as_of.checked_add(delta).expect("near")
    }

    fn of(&self, sort: Sort) -> Vec<usize> {
        (0..self.plan.things.len()).filter(|i| self.plan.things[*i].sort == sort).collect()
    }

    /// Things of a kind that a thing of this openness may speak of.
    fn choice(&self, sort: Sort, open: bool) -> Vec<usize> {
        let as_of = self.plan.as_of;
        self.of(sort).into_iter().filter(|i| self.wild || !open || self.plan.things[*i].is_open(as_of)).collect()
    }

    fn deals(&self, open: bool) -> Vec<usize> {
        let mut all = self.choice(Sort::Deal, open);
        all.extend(self.choice(Sort::Article, open).into_iter().filter(|i| self.plan.things[*i].record.is_some()));
        all
    }

    fn thing(&mut self, sort: Sort) {
        self.count += 1;
        let word = self.rng.pick(&WORDS).to_lowercase();
        let id = format!("{word}-{:03}", self.count);
        let below = match sort {
            Sort::Article => self.rng.pick(&["", "2018", "desk/june"]).to_owned(),
            Sort::Page => self.rng.pick(&["", "rules"]).to_owned(),
            _ => String::new(),
        };
        let name = self.name(sort);
        let mut thing = Thing {
            sort,
            id,
            below,
            tokens: vec![self.token(), self.token(), self.token(), self.chinese()],
            draft: false,
            embargo: None,
            date: None,
            expires: None,
            parent: None,
            authors: Vec::new(),
            tags: Vec::new(),
            threads: Vec::new(),
            mentions: Vec::new(),
            covers: Vec::new(),
            updates: None,
            posts: Vec::new(),
            record: None,
            aliases: Vec::new(),
            slug: None,
            images: Vec::new(),
            links: Vec::new(),
            named: Vec::new(),
            toml: self.rng.chance(30),
            name,
        };
        self.times(&mut thing);
        self.references(&mut thing);
        self.addresses(&mut thing);
        self.plan.things.push(thing);
    }

    fn times(&mut self, thing: &mut Thing) {
        if thing.sort == Sort::Article {
            let late = self.rng.chance(15);
            thing.date = Some(self.near(late));
        }
        match self.rng.below(20) {
            0..=2 => thing.draft = true,
            3 | 4 => thing.embargo = Some(self.near(true)),
            5 => thing.embargo = Some(self.near(false)),
            6 | 7 => thing.expires = Some(self.near(false)),
            8 => thing.expires = Some(self.near(true)),
            9 => {
                thing.embargo = Some(self.near(true));
                thing.expires = Some(self.near(true));
            }
            _ => {}
        }
    }

    fn references(&mut self, thing: &mut Thing) {
        let open = thing.is_open(self.plan.as_of);
        let (mut companies, people) = (self.choice(Sort::Company, open), self.choice(Sort::Person, open));
        if thing.sort == Sort::Deal && companies.len() < 2 {
            thing.draft = true;
            companies = self.of(Sort::Company);
        }
        let own = self.choice(thing.sort, open);
        if matches!(thing.sort, Sort::Company | Sort::Tag | Sort::Thread) && self.rng.chance(30) && !own.is_empty() {
            thing.parent = Some(self.rng.pick(&own));
        }
        if thing.sort == Sort::Person {
            thing.posts = self.rng.some(&companies, 2);
        }
        if matches!(thing.sort, Sort::Article | Sort::Deal) {
            thing.tags = self.rng.some(&self.choice(Sort::Tag, open), 2);
            thing.threads = self.rng.some(&self.choice(Sort::Thread, open), 1);
        }
        if thing.sort == Sort::Article {
            thing.authors = self.rng.some(&people, 2);
            let both: Vec<usize> = companies.iter().chain(&people).copied().collect();
            thing.mentions = self.rng.some(&both, 2);
            let deals = self.deals(open);
            thing.covers = self.rng.some(&deals, 1);
            // Nothing is approved before it was announced.
            let day = thing.eve(self.plan.as_of);
            let known = |d: &usize| self.plan.things[*d].record.as_ref().is_some_and(|r| r.step <= day);
            let deals: Vec<usize> = deals.into_iter().filter(known).collect();
            thing.updates = self.rng.some(&deals, 1).first().copied().filter(|_| self.rng.chance(60));
        }
        if thing.sort == Sort::Deal || (thing.sort == Sort::Article && self.rng.chance(45)) {
            self.record(thing, &companies, &people);
        }
        let all: Vec<usize> = (0..self.plan.things.len()).collect();
        // A link to what has no page of its own is an error, so that here tame texts link to what is always there.
        let targets: Vec<usize> = all
            .iter()
            .copied()
            .filter(|i| {
                let t = &self.plan.things[*i];
                self.wild || t.is_open(self.plan.as_of) && matches!(t.sort, Sort::Article | Sort::Page)
            })
            .collect();
        thing.links = self.rng.some(&targets, 2);
        let names: Vec<usize> =
            all.into_iter().filter(|i| matches!(self.plan.things[*i].sort, Sort::Company | Sort::Person)).collect();
        thing.named = self.rng.some(&names, 3);
        let folder = thing.folder();
        for _ in 0..self.rng.below(3).saturating_sub(1) {
            let token = self.token();
            let name = self.rng.pick(&[format!("{token}.png"), format!("pic/{token} ü.png"), "shared.png".to_owned()]);
            self.plan.media.entry(format!("{folder}/{name}")).or_insert(token);
            thing.images.push(name);
        }
        if self.rng.chance(5) {
            let token = self.token();
            self.plan.media.insert(format!("{folder}/{token}.pdf"), token);
        }
    }

    fn record(&mut self, thing: &mut Thing, companies: &[usize], people: &[usize]) {
        if companies.len() < 2 {
            return;
        }
        let from = self.rng.below(companies.len());
        let a: Vec<usize> =
            companies[from..].iter().chain(&companies[..from]).take(2 + self.rng.below(2)).copied().collect();
        let (first, second) = (a[0], a[1]);
        let shape = self.rng.below(if people.is_empty() { 4 } else { 5 });
        let b = if shape == 4 { self.rng.pick(people) } else { second };
        let step = thing.eve(self.plan.as_of);
        let amount = 1000 + self.rng.below(9_000_000);
        thing.record = Some(Record { shape, a: first, b, c: a.get(2).copied(), step, amount });
    }

    fn addresses(&mut self, thing: &mut Thing) {
        let as_of = self.plan.as_of;
        if self.rng.chance(15) {
            // Sometimes what a hidden thing of the kind is called: nobody may notice.
            let hidden: Vec<String> = self
                .of(thing.sort)
                .into_iter()
                .map(|i| &self.plan.things[i])
                .filter(|t| !t.is_open(as_of) && t.slug.is_none())
                .map(|t| t.id.clone())
                .collect();
            let taken = |s: &String| self.plan.things.iter().any(|t| t.slug.as_ref() == Some(s));
            let free: Vec<String> = hidden.into_iter().filter(|s| !taken(s)).collect();
            let never = thing.draft || free.is_empty();
            thing.slug = Some(if never { format!("s-{}", self.count) } else { self.rng.pick(&free) });
        }
        for k in 0..self.rng.below(4).saturating_sub(2) {
            thing.aliases.push(format!("/old/{}-{k}/", thing.id));
        }
        if self.rng.chance(10) {
            thing.aliases.push(format!("/old/{}.html", thing.id));
        }
        // An address that a hidden thing claims too.
        if self.rng.chance(10) && thing.is_open(as_of) {
            let hidden: Vec<String> =
                self.plan.things.iter().filter(|t| t.draft).flat_map(|t| t.aliases.clone()).collect();
            if !hidden.is_empty() {
                let alias = self.rng.pick(&hidden);
                if !self.plan.things.iter().any(|t| !t.draft && t.aliases.contains(&alias)) {
                    thing.aliases.push(alias);
                }
            }
        }
    }

    fn settings(&mut self) {
        let public = self.plan.public(self.plan.as_of);
        let tags: Vec<usize> = self.of(Sort::Tag).into_iter().filter(|i| self.wild || public.contains(i)).collect();
        let topics: Vec<String> =
            self.rng.some(&tags, 2).into_iter().map(|i| format!("{:?}", self.plan.things[i].id)).collect();
        let permalink = self.rng.pick(&[
            "/:year/:month/:slug/",
            "/:year/:month/:slug/",
            "/news/:slug/",
            "/:year/:month/:day/:slug/",
            "/:year/:slug/",
            "/n/:year-:month-:day-:slug/",
            "/:slug/:year/",
        ]);
        let mut outputs = String::new();
        for name in ["deals", "companies", "people", "tags", "threads", "archive", "feeds"] {
            if self.rng.chance(8) {
                let _ = writeln!(outputs, "{name} = false");
            }
        }
        // Drawing takes longer than all else that these tests do.
        let cards = self.rng.chance(6);
        let base = self.rng.pick(&["https://desk.example", "https://desk.example/news/desk"]);
        self.plan.settings = format!(
            "title = \"The <Desk> & co\"\nbase_url = \"{base}\"\ntimezone = \"{}\"\nnavigation_tags = [{}]\n\
             page_size = {}\nledger_page_size = {}\n[permalinks]\narticle = \"{permalink}\"\n[cards]\nenabled = {cards}\n[outputs]\n{outputs}",
            self.rng.pick(&["UTC", "Europe/Helsinki", "Asia/Shanghai"]),
            topics.join(", "),
            1 + self.rng.below(4),
            1 + self.rng.below(6),
        );
    }
}

impl Plan {
    /// What readers may see, by place in the plan: what is open, and for those that have no news of their own, what
    /// something public speaks of.
    pub fn public(&self, at: Timestamp) -> BTreeSet<usize> {
        let open = |i: usize| self.things[i].is_open(at);
        let own = |i: usize| matches!(self.things[i].sort, Sort::Article | Sort::Deal | Sort::Page);
        let mut public: BTreeSet<usize> = (0..self.things.len()).filter(|i| open(*i) && own(*i)).collect();
        loop {
            let mut more = BTreeSet::new();
            for i in &public {
                let t = &self.things[*i];
                let mut spoken = t.speaks_of();
                // Who reports on a deal speaks of all who take part in it.
                for deal in t.covers.iter().chain(&t.updates).filter(|d| public.contains(d)) {
                    spoken.extend(self.things[*deal].record.iter().flat_map(|r| [Some(r.a), Some(r.b), r.c]).flatten());
                }
                more.extend(spoken.into_iter().filter(|s| open(*s) && !own(*s) && !public.contains(s)));
            }
            if more.is_empty() {
                return public;
            }
            public.extend(more);
        }
    }

    /// Every file.
    pub fn files(&self) -> Files {
        self.files_of(&(0..self.things.len()).collect(), &|_| true)
    }

    /// The files of some things, with those beside them that `keep` says yes to.
    pub fn files_of(&self, things: &BTreeSet<usize>, keep: &dyn Fn(&str) -> bool) -> Files {
        let mut files: Files =
            things.iter().map(|i| (self.things[*i].path(), Arc::from(self.text(*i).into_bytes()))).collect();
        let media = self.media.iter().filter(|(path, _)| keep(path));
        files.extend(media.map(|(path, token)| (path.clone(), write::png(token).into())));
        files
    }

    /// The site without what is hidden, and without the things and images that only the hidden speaks of.
    pub fn reduced(&self, at: Timestamp) -> Files {
        let public = self.public(at);
        let shown: BTreeSet<String> = public
            .iter()
            .flat_map(|i| self.things[*i].images.iter().map(|f| format!("{}/{f}", self.things[*i].folder())))
            .collect();
        self.files_of(&public, &|path| shown.contains(path))
    }
}
