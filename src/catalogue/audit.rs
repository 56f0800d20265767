//! Questions over the whole site: does every reference lead somewhere, does every id mean one thing. Never looks at bodies.

mod circles;
mod life;

use super::{Catalogue, Noun};
use crate::diagnostic::{Diagnostic, FileId, Span, nearest};
use crate::model::{Article, Deal, Entry, Id, State, Who};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// Finds where a word stands in a file's front matter, for findings about references.
pub trait Places {
    /// The span of the first place where `word` stands by itself in the front matter of `file`.
    fn find(&self, file: &FileId, word: &str) -> Option<Span> {
        self.find_after(file, 0, word)
    }

    /// The same, from a place in the file on.
    fn find_after(&self, file: &FileId, from: usize, word: &str) -> Option<Span>;

    /// The same, from the first of these keys on that is there: a headline may have the word too, and before it.
    fn find_in(&self, file: &FileId, keys: &[&str], word: &str) -> Option<Span> {
        // A key of YAML, or of TOML's lines and tables.
        let spelled = |key: &str| [format!("{key}:"), format!("{key} ="), format!("{key}="), format!("{key}]")];
        let from = keys.iter().find_map(|key| spelled(key).iter().filter_map(|k| self.find(file, k)).min());
        from.and_then(|key| self.find_after(file, key.start, word)).or_else(|| self.find(file, word))
    }
}

struct Audit<'a> {
    c: &'a Catalogue,
    places: &'a dyn Places,
    /// Whether it is still worth going on.
    goes_on: &'a dyn Fn() -> bool,
    findings: Vec<Diagnostic>,
}

/// All findings that need more than one file; some of them, where `goes_on` says no before the end.
#[must_use]
pub fn audit(c: &Catalogue, places: &dyn Places, goes_on: &dyn Fn() -> bool) -> Vec<Diagnostic> {
    let mut a = Audit { c, places, goes_on, findings: Vec::new() };
    a.ids();
    for (file, entry) in c.everything().take_while(|_| goes_on()) {
        a.references(file, entry);
    }
    a.names();
    a.circles();
    a.neighbours();
    a.unused();
    a.findings
}

impl Audit<'_> {
    fn find(&mut self, code: &'static str, file: &FileId, word: &str, message: String) -> &mut Diagnostic {
        self.place(code, file, self.places.find(file, word), message)
    }

    fn find_key(&mut self, code: &'static str, file: &FileId, key: &str, message: String) -> &mut Diagnostic {
        self.place(code, file, self.places.find_in(file, &[key], key), message)
    }

    fn place(&mut self, code: &'static str, file: &FileId, span: Option<Span>, message: String) -> &mut Diagnostic {
        let mut d = Diagnostic::of(code, file, message);
        d.span = span;
        self.findings.push(d);
        self.findings.last_mut().expect("just pushed")
    }

    fn ids(&mut self) {
        let twice: Vec<_> = self.c.claims().filter(|(_, f)| f.len() > 1).map(|(k, f)| (k.clone(), f.clone())).collect();
        for (id, files) in twice {
            let first = files.first().cloned().expect("more than one");
            for file in files.iter().skip(1) {
                self.findings.push(
                    Diagnostic::of("E0106", file, format!("the id `{id}` belongs to {first} already"))
                        .help("an id is the name of a file: rename one of the two"),
                );
            }
        }
    }

    fn refer(&mut self, file: &FileId, key: &str, noun: Noun, code: &'static str, what: &str, id: &Id) {
        if self.c.known(noun, id).is_none() {
            let help = nearest(
                id.as_str(),
                self.c.ids(noun).map(Id::as_str).filter(|i| i.len().abs_diff(id.as_str().len()) < 8),
            );
            let span = self.places.find_in(file, &[key], id.as_str());
            self.place(code, file, span, format!("no {what} is called `{id}`")).help = help;
        }
    }

    fn references(&mut self, file: &FileId, entry: &Entry) {
        match entry {
            Entry::Article(a) | Entry::Deal(a) => self.article(file, a),
            Entry::Company(e) => {
                if let Some(p) = &e.parent {
                    self.refer(file, "parent", Noun::Company, "E0201", "company", p);
                }
            }
            Entry::Person(e) => {
                for p in &e.posts {
                    self.refer(file, "posts", Noun::Company, "E0201", "company", &p.company);
                }
            }
            Entry::Tag(e) => {
                if let Some(p) = &e.parent {
                    self.refer(file, "parent", Noun::Tag, "E0203", "tag", p);
                }
            }
            Entry::Thread(e) => {
                if let Some(p) = &e.parent {
                    self.refer(file, "parent", Noun::Thread, "E0205", "thread", p);
                }
            }
            Entry::Page(_) => {}
        }
    }

    fn article(&mut self, file: &FileId, a: &Article) {
        for id in &a.authors {
            self.refer(file, "authors", Noun::Person, "E0202", "person", id);
        }
        for id in &a.tags {
            self.refer(file, "tags", Noun::Tag, "E0203", "tag", id);
        }
        for id in &a.threads {
            self.refer(file, "threads", Noun::Thread, "E0205", "thread", id);
        }
        for id in &a.mentions {
            if self.c.known(Noun::Person, id).is_none() {
                self.refer(file, "mentions", Noun::Company, "E0201", "company or person", id);
            }
        }
        if let Some(id) = &a.follows {
            self.refer(file, "follows", Noun::Article, "E0207", "article", id);
        }
        let updated = a.updates.iter().map(|u| ("updates", &u.deal));
        for (key, id) in a.covers.iter().map(|id| ("covers", id)).chain(updated) {
            let is_deal = matches!(self.c.known(Noun::Article, id), Some(Entry::Article(o) | Entry::Deal(o)) if o.deal.is_some() || !o.common.legible);
            if !is_deal {
                let deals: Vec<String> = self
                    .c
                    .everything()
                    .filter_map(|(_, e)| match e {
                        Entry::Article(a) | Entry::Deal(a) if a.deal.is_some() => Some(a.common.id.to_string()),
                        _ => None,
                    })
                    .collect();
                let help = nearest(id.as_str(), deals.iter().map(String::as_str));
                let span = self.places.find_in(file, &[key], id.as_str());
                self.place("E0204", file, span, format!("no deal is called `{id}`")).help = help;
            }
        }
        if let Some(deal) = &a.deal {
            self.deal(file, deal);
        }
        let edition = self.c.audience().as_of;
        self.future(file, a, edition);
        self.updates(file, a);
    }

    fn deal(&mut self, file: &FileId, deal: &Deal) {
        // Who gives and takes in a component must be a party: what is none has its finding already.
        let parties = deal.parties.iter().filter_map(|p| match &p.who {
            Who::Company(id) => Some(id),
            Who::Person(_) => None,
        });
        let companies: BTreeSet<&Id> = parties.chain(deal.stakes.iter().flat_map(|s| [&s.holder, &s.of])).collect();
        for id in companies {
            self.refer(file, "parties", Noun::Company, "E0201", "company", id);
        }
        for id in deal.people() {
            self.refer(file, "parties", Noun::Person, "E0202", "person", id);
        }
        if let Some(id) = &deal.follows {
            self.refer(file, "follows", Noun::Article, "E0204", "deal", id);
        }
        let zone = &self.c.zone;
        let today = self.c.audience().as_of.to_zoned_datetime(zone.clone()).date();
        let last = || self.c.steps(deal).last().map(|s| s.0.state).or(deal.steps.last().map(|s| s.state));
        if let Some(date) = deal.expected_close.filter(|d| d.last() < today)
            && !last().is_some_and(State::is_end)
        {
            let message = format!("the deal was to close in {}, and nothing has been recorded since", date.human());
            self.find_key("W0506", file, "expected_close", message).help =
                "record what happened with `updates` in an article, or change `expected_close`".to_owned();
        }
        for p in deal.parties.iter().filter(|p| p.roles.contains(&crate::model::Role::Appointee)) {
            self.post(file, deal, &p.who);
        }
    }

    /// An alias or a synonym that two things claim.
    fn names(&mut self) {
        let mut claimed: BTreeMap<(bool, String), &FileId> = BTreeMap::new();
        let mut clashes = Vec::new();
        for (file, entry) in self.c.everything().take_while(|_| (self.goes_on)()) {
            let (is_tag, names): (bool, Vec<&str>) = match entry {
                Entry::Company(e) => {
                    (false, [&e.common.title].into_iter().chain(&e.names).map(String::as_str).collect())
                }
                Entry::Person(e) => {
                    (false, [&e.common.title].into_iter().chain(&e.names).map(String::as_str).collect())
                }
                Entry::Tag(e) => (true, [&e.common.title].into_iter().chain(&e.synonyms).map(String::as_str).collect()),
                _ => continue,
            };
            for name in names {
                let key = (is_tag, name.to_lowercase());
                match claimed.get(&key) {
                    Some(other) if *other != file => clashes.push((file, name, *other)),
                    _ => {
                        claimed.insert(key, file);
                    }
                }
            }
        }
        for (file, name, other) in clashes {
            self.find("E0209", file, name, format!("the name `{name}` is claimed by {other} too")).help =
                "a name can mean one thing: take it from one of the two".to_owned();
        }
    }

    /// Two records of the same parties and kind within seven days.
    fn neighbours(&mut self) {
        let mut groups: FxHashMap<_, Vec<(jiff::civil::Date, &FileId, &Id)>> = FxHashMap::default();
        for (file, entry) in self.c.everything().take_while(|_| (self.goes_on)()) {
            let (Entry::Article(a) | Entry::Deal(a)) = entry else { continue };
            let Some(deal) = &a.deal else { continue };
            let mut parties: Vec<&Who> = deal.parties.iter().map(|p| &p.who).collect();
            parties.sort();
            groups.entry((deal.kind, parties)).or_default().push((super::lists::deal_day(deal), file, &deal.id));
        }
        for group in groups.values_mut().take_while(|_| (self.goes_on)()).filter(|g| g.len() > 1) {
            group.sort();
            for pair in group.windows(2) {
                if pair[0].0.until(pair[1].0).is_ok_and(|s| s.get_days() <= 7) {
                    let message = format!("`{}` has the same parties and kind within seven days", pair[0].2);
                    self.find_key("W0907", pair[1].1, "parties", message).help =
                        "if it is the same deal, use `covers` or `updates` instead of a second record".to_owned();
                }
            }
        }
    }

    fn unused(&mut self) {
        let mut used: FxHashSet<&Id> = FxHashSet::default();
        for (_, entry) in self.c.everything().take_while(|_| (self.goes_on)()) {
            match entry {
                Entry::Article(a) | Entry::Deal(a) => {
                    used.extend(a.authors.iter().chain(&a.mentions));
                    if let Some(d) = &a.deal {
                        used.extend(d.companies().chain(d.people()));
                    }
                }
                Entry::Company(e) => used.extend(&e.parent),
                Entry::Person(e) => used.extend(e.posts.iter().map(|p| &p.company)),
                _ => {}
            }
        }
        let unused: Vec<_> = self
            .c
            .everything()
            .filter(|(_, e)| matches!(e, Entry::Company(_) | Entry::Person(_)) && !used.contains(&e.common().id))
            .map(|(f, e)| (f.clone(), e.common().id.clone()))
            .collect();
        for (file, id) in unused {
            self.findings.push(Diagnostic::of("W0210", &file, format!("nothing refers to `{id}`")).help(
                "list it as a party or author, or in `mentions` where a text names it; until then it has no page",
            ));
        }
    }
}
