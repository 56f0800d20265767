//! A busy desk: a served site, everything that somebody does to its files, and what has to be true of it then.

use super::saving::{save, spoil};
use super::server::{NOW, PATIENCE, Server, Site, Tab, until, url_of};
use super::sites::Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::{Duration, Instant};

/// A file that is written again and again, and its page.
pub struct Thing {
    /// The file.
    pub path: String,
    /// The address of the page.
    pub url: String,
    /// The text without its last line.
    base: String,
    /// The text as it was when it was good last.
    good: String,
    /// Whether nobody speaks of it, so that it may go.
    is_loose: bool,
    state: State,
    /// Whether it was there all the time since the last comparison.
    is_steady: bool,
}

/// What is in a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Good,
    Broken,
    Away,
}

/// The desk.
pub struct Desk {
    /// The site.
    pub site: Site,
    /// Its server.
    pub server: Server,
    /// What happens.
    pub rng: Rng,
    /// The files that are edited.
    pub things: Vec<Thing>,
    /// Files besides those, as they have to be in the end.
    others: BTreeMap<&'static str, String>,
    broken: BTreeSet<&'static str>,
    addresses: BTreeSet<String>,
    count: usize,
    moved: bool,
    /// The longest time from the last save to a site that is as if it were built.
    pub slowest: Duration,
}

const SETTINGS: &str = "site.toml";
const YEAR: [&str; 2] = ["content/articles/2017", "content/articles/archive/2017"];
const MARKED: &str = "content/pages/about.md";

impl Desk {
    /// The sample site with some loose articles, served.
    pub fn new(rng: Rng, loose: usize, args: &[&str]) -> Self {
        let site = Site::sample();
        let mut things = Vec::new();
        let mut add = |path: &str, url: &str, is_loose: bool| {
            let base = site.read(path);
            let (path, url) = (path.to_owned(), url.to_owned());
            let good = base.clone();
            things.push(Thing { path, url, base, good, is_loose, state: State::Good, is_steady: true });
        };
        for n in 0..loose {
            site.article(&format!("desk/loose-{n}"), &format!("Loose {n}"), "tags: [china]\nauthors: [desk]\n");
            add(&format!("content/articles/desk/loose-{n}.md"), &format!("/2024/03/loose-{n}/"), true);
        }
        for (path, url) in [
            ("companies/nokia", "companies/nokia"),
            ("companies/xiaomi", "companies/xiaomi"),
            ("people/gregory-lee", "people/gregory-lee"),
            ("tags/china", "tags/china"),
            ("threads/nokia-in-china", "threads/nokia-in-china"),
            ("pages/methodology", "methodology"),
        ] {
            add(&format!("content/{path}.md"), &format!("/{url}/"), false);
        }
        let others = ["templates/article.html", "templates/base.html", "static/style.css", SETTINGS, MARKED];
        let others = others.into_iter().map(|path| (path, site.read(path))).collect();
        let server = site.serve(&[&["--as-of", NOW], args].concat());
        let (broken, addresses) = (BTreeSet::new(), BTreeSet::new());
        Self { site, server, rng, things, others, broken, addresses, count: 0, moved: false, slowest: Duration::ZERO }
    }

    fn save(&mut self, path: &str, text: impl AsRef<[u8]>) -> Duration {
        save(&mut self.rng, &self.site.at(path), text.as_ref())
    }

    /// Writes a good text into a thing's file; returns the words by which it is known.
    pub fn write(&mut self, i: usize) -> String {
        self.count += 1;
        let words = format!("revision {} of this text", self.count);
        let thing = &mut self.things[i];
        let mut text = format!("{}\nThis is {words}.\n", thing.base);
        if thing.is_loose {
            text = text.replacen("title: Loose", &format!("title: Revised {} loose", self.count), 1);
        }
        thing.good = text.clone();
        let path = thing.path.clone();
        fs::create_dir_all(self.site.at(&path).parent().expect("a folder")).expect("a folder");
        let away = self.save(&path, text);
        let thing = &mut self.things[i];
        thing.is_steady &= thing.state != State::Away && away < Duration::from_millis(40);
        thing.state = State::Good;
        words
    }

    /// Writes what is no entry; returns whether the file was there all the time.
    fn spoil(&mut self, i: usize) -> bool {
        let bad = spoil(&mut self.rng, &self.things[i].good);
        let path = self.things[i].path.clone();
        let away = self.save(&path, bad);
        let is_steady = away < Duration::from_millis(40);
        self.things[i].is_steady &= is_steady;
        self.things[i].state = State::Broken;
        is_steady
    }

    /// Does one thing or another to the site.
    pub fn act(&mut self) {
        let i = self.rng.below(self.things.len());
        let (is_there, is_loose) = (self.things[i].state != State::Away, self.things[i].is_loose);
        match self.rng.below(100) {
            0..50 => {
                self.write(i);
            }
            50..64 if is_there => {
                self.spoil(i);
            }
            64..70 if is_loose => self.take_away(i),
            70..74 if is_loose && is_there => self.rename(i),
            74..76 => self.move_year(),
            76..84 => self.dress(),
            84..88 => self.settings(),
            88..92 => {
                let file = self.site.at(&format!("static/root/notes-{}.txt", self.rng.below(4)));
                if self.rng.chance(60) {
                    fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
                    save(&mut self.rng, &file, format!("note {}\n", self.count).as_bytes());
                } else {
                    let _ = fs::remove_file(file);
                }
            }
            92..95 => {
                let link = self.site.at(["content/articles/link.md", "static/link"][self.rng.below(2)]);
                if fs::remove_file(&link).is_err() {
                    std::os::unix::fs::symlink("/etc/passwd", link).expect("a link");
                }
            }
            95..97 => {
                let folder = self.site.at("content/articles/new/folder");
                if fs::remove_dir_all(self.site.at("content/articles/new")).is_err() {
                    fs::create_dir_all(folder).expect("a folder");
                }
            }
            97 => self.remove_content(),
            _ => {
                let mut all = self.site.at("content");
                all.push("touched");
                fs::write(&all, "nothing").expect("a file");
                fs::remove_file(all).expect("removed");
            }
        }
    }

    fn take_away(&mut self, i: usize) {
        if self.things[i].state == State::Away {
            self.write(i);
        } else {
            fs::remove_file(self.site.at(&self.things[i].path)).expect("removed");
            (self.things[i].state, self.things[i].is_steady) = (State::Away, false);
        }
    }

    fn rename(&mut self, i: usize) {
        self.count += 1;
        let id = format!("loose-again-{}", self.count);
        let thing = &mut self.things[i];
        self.addresses.insert(thing.url.clone());
        let path = format!("content/articles/desk/{}{id}.md", if self.count.is_multiple_of(2) { "below/" } else { "" });
        fs::create_dir_all(self.site.at(&path).parent().expect("a folder")).expect("a folder");
        fs::rename(self.site.at(&thing.path), self.site.at(&path)).expect("renamed");
        (thing.path, thing.url, thing.is_steady) = (path, format!("/2024/03/{id}/"), false);
    }

    fn move_year(&mut self) {
        let [from, to] = if self.moved { [YEAR[1], YEAR[0]] } else { YEAR };
        fs::create_dir_all(self.site.at(to).parent().expect("a folder")).expect("a folder");
        fs::rename(self.site.at(from), self.site.at(to)).expect("moved");
        self.moved = !self.moved;
        // What leads to these articles by their files leads nowhere until they are back.
        self.things.iter_mut().filter(|t| !t.is_loose).for_each(|t| t.is_steady = false);
    }

    fn dress(&mut self) {
        let path = self.rng.pick(&["templates/article.html", "templates/base.html", "static/style.css"]);
        self.count += 1;
        let good = self.others[path].clone();
        let kind = self.rng.below(6);
        let text = match kind {
            _ if path.ends_with(".css") => format!("{good}\n.look-{} {{ color: red }}\n", self.count),
            0 => format!("{good}{{% if %}}"),
            1 => good.replacen("{%", "{%%", 1),
            2 => format!("{good}\n{{{{ nothing | no_such_filter }}}}"),
            3 => good[..good.len() / 2].to_owned(),
            _ => {
                let end = good.rfind("{% endblock").unwrap_or_else(|| good.rfind("</body>").expect("an end"));
                format!("{}{{# {} #}}<!-- look {} -->{}", &good[..end], self.count, self.count, &good[end..])
            }
        };
        self.note(path, path.ends_with(".css") || kind > 3);
        self.save(path, text);
    }

    fn note(&mut self, path: &'static str, is_good: bool) {
        if is_good {
            self.broken.remove(path);
        } else {
            self.broken.insert(path);
        }
    }

    fn settings(&mut self) {
        self.count += 1;
        let good = self.others[SETTINGS].clone();
        let kind = self.rng.below(4);
        let text = match kind {
            0 => good.replacen("title =", "title", 1),
            1 => good[..good.len() / 3].to_owned(),
            2 => format!("{good}\n[nonsense]\na = 1\n"),
            _ => good.replacen("description = \"", &format!("description = \"{}. ", self.count), 1),
        };
        self.note(SETTINGS, kind == 3);
        self.save(SETTINGS, text);
    }

    /// Takes the whole content away and puts it back, or writes it again.
    fn remove_content(&mut self) {
        let (content, away) = (self.site.at("content"), self.site.at("content-away"));
        let pause = Duration::from_millis([0, 5, 90, 300][self.rng.below(4)]);
        if self.rng.chance(50) {
            fs::rename(&content, &away).expect("moved");
            std::thread::sleep(pause);
            fs::rename(&away, &content).expect("moved back");
        } else {
            let all = super::server::tree(&content);
            fs::remove_dir_all(&content).expect("removed");
            std::thread::sleep(pause);
            for (path, bytes) in all.into_iter().filter(|f| f.0 != "articles/link.md") {
                self.site.write(&format!("content/{path}"), bytes);
            }
        }
        self.things.iter_mut().for_each(|t| t.is_steady = false);
    }

    /// A page whose file is there, whatever it says, is served.
    pub fn look(&mut self) {
        let steady: Vec<&Thing> = self.things.iter().filter(|t| t.is_steady).collect();
        if steady.is_empty() {
            return;
        }
        let thing = steady[self.rng.below(steady.len())];
        let answer = self.server.get(&thing.url);
        assert_eq!(answer.status, 200, "{} ({}) is not served: {}", thing.url, thing.path, answer.text());
        assert!(answer.text().contains("</html>"), "{} is cut off: {}", thing.url, answer.text());
    }

    /// Breaks a file that is good: its page stays, says what is wrong, and is good again when it is mended.
    pub fn break_and_mend(&mut self) {
        let i = self.rng.below(self.things.len());
        let words = self.write(i);
        let (path, url) = (self.things[i].path.clone(), self.things[i].url.clone());
        let is_served = |words: &str| {
            let answer = self.server.get(&url);
            (answer.status == 200 && answer.text().contains(words)).then_some(())
        };
        until(&format!("{url} shows {words}"), || is_served(&words));
        let mut tab = self.server.tab(&url);
        if !self.spoil(i) {
            // On a busy machine the file was away for so long that it counts as removed.
            self.write(i);
            return;
        }
        tab.until(&format!("the fault of {path} is told"), |s| {
            Tab::has_error_in(s, &path) && s["strip"]["kept"] == true
        });
        let answer = self.server.get(&url);
        assert_eq!(answer.status, 200, "{url} is broken: {}", answer.text());
        assert!(answer.text().contains(&words), "{url} is not what was good: {}", answer.text());
        assert_eq!(tab.state["strip"]["file"], path.as_str(), "{}", tab.state);
        let words = self.write(i);
        // What it links to may be away; that is not the fault.
        let is_elsewhere = self.moved;
        tab.until(&format!("the fault of {path} is gone"), |s| {
            s["strip"]["kept"] == false && (is_elsewhere || !Tab::has_error_in(s, &path))
        });
        until(&format!("{url} shows {words}"), || {
            let answer = self.server.get(&url);
            (answer.status == 200 && answer.text().contains(&words)).then_some(())
        });
    }

    /// Mends everything.
    fn mend(&mut self) {
        for i in 0..self.things.len() {
            if self.things[i].state == State::Broken {
                self.write(i);
            }
        }
        if self.moved {
            self.move_year();
        }
        for path in std::mem::take(&mut self.broken) {
            let text = self.others[path].clone();
            self.save(path, text);
        }
        for link in ["content/articles/link.md", "static/link"] {
            let _ = fs::remove_file(self.site.at(link));
        }
    }

    /// Mends everything; what is served is then what a clean build writes.
    pub fn compare(&mut self) {
        self.mend();
        self.count += 1;
        let mark = format!("mark number {}", self.count);
        let text = format!("{}\nThis is {mark}.\n", self.others[MARKED]);
        let start = Instant::now();
        self.save(MARKED, text);
        until(&format!("{mark} is served"), || self.server.get("/about/").text().contains(&mark).then_some(()));
        let built = self.site.build(&["--drafts", "--as-of", NOW]);
        // Folders that came in a burst are looked at again for a second.
        let mut wrong = self.difference(&built);
        while wrong.is_some() && start.elapsed() < PATIENCE / 6 {
            std::thread::sleep(Duration::from_millis(20));
            wrong = self.difference(&built);
        }
        assert_eq!(wrong, None, "stale after {:?}", start.elapsed());
        self.slowest = self.slowest.max(start.elapsed());
        self.server.tab("/").until("no error is left", |s| s["errors"] == 0 && s["checking"] == false);
        // What has a digest in its name may stay: it never means anything else.
        self.addresses.extend(built.keys().map(|f| url_of(f)).filter(|a| !a.starts_with("/assets/")));
        self.things.iter_mut().for_each(|t| t.is_steady = t.state != State::Away);
        self.server.lives();
    }

    /// Where what is served is not what is built.
    fn difference(&self, built: &BTreeMap<String, Vec<u8>>) -> Option<String> {
        let mut wire = self.server.wire();
        let now: BTreeMap<String, &Vec<u8>> = built.iter().map(|(f, b)| (url_of(f), b)).collect();
        for (url, bytes) in &now {
            let answer = wire.get(url).expect("an answer");
            if answer.status != 200 || answer.bare() != **bytes {
                let (a, b) =
                    (String::from_utf8_lossy(bytes).into_owned(), String::from_utf8_lossy(&answer.bare()).into_owned());
                let first = a.lines().zip(b.lines()).find(|(a, b)| a != b);
                return Some(format!("{url} ({}): {first:?}", answer.status));
            }
        }
        let gone =
            self.addresses.iter().find(|a| !now.contains_key(*a) && wire.get(a).expect("an answer").status != 404);
        gone.map(|a| format!("{a} is served still"))
    }
}
