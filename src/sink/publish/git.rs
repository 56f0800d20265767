//! A branch of a Git repository as a target: an edition is a commit, and a push makes it the live one. Never forces a push,
//! and never takes anything out of the history: what was published once can be read there for good.

mod call;
mod import;
mod listing;
mod remote;

use super::record::Record;
use super::store::{Abilities, Fault, Got, Head, Layout, Store, Tag, When};
use call::{Said, fault};
use listing::{Entry, NO_JEKYLL, RECORD, Tree};
use remote::{Remote, Tip};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many commits are fetched, and how many more where an earlier edition is not among them.
const DEPTHS: [u32; 2] = [50, 1000];

/// A branch that readers see. Files that are not of the site stay in it. `drop_edition` does nothing: an edition that
/// cannot be gone back to any more is still in the history, and who has to take something out of there rewrites it.
pub struct Git {
    remote: Remote,
    state: Mutex<State>,
}

/// What is known of the branch, and what is to be pushed.
#[derive(Default)]
struct State {
    /// Whether the remote was asked.
    seen: bool,
    /// Whether as much of the history was fetched as ever is.
    deep: bool,
    tip: Option<Tip>,
    /// Editions that were looked for in the history.
    past: BTreeMap<u64, Option<Arc<Tree>>>,
    pending: Pending,
    /// The commit that was made of it, and its files.
    made: Option<(String, Arc<Tree>)>,
}

impl State {
    fn number(&self) -> Option<u64> {
        Some(self.tip.as_ref()?.record.as_ref()?.1)
    }

    fn depth(&self) -> u32 {
        DEPTHS[usize::from(self.deep)]
    }
}

/// An edition that is written.
#[derive(Default)]
struct Pending {
    number: u64,
    files: BTreeMap<String, String>,
    record: Option<Vec<u8>>,
}

/// What a key names.
enum Key<'k> {
    Record(u64),
    File(u64, &'k str),
}

impl<'k> Key<'k> {
    fn parse(key: &'k str) -> Option<Self> {
        let rest = key.strip_prefix("editions/")?;
        match rest.split_once('/') {
            Some((number, path)) => Some(Key::File(number.parse().ok()?, path)),
            None => rest.strip_suffix(".json")?.parse().ok().map(Key::Record),
        }
    }
}

impl Git {
    /// A branch by the address that `git` takes. `has_ssh`: the environment says how SSH is called. Asks nobody yet.
    ///
    /// # Errors
    /// When there is no `git` here.
    pub fn open(url: &str, branch: &str, has_ssh: bool) -> Result<Self, Fault> {
        Ok(Self { remote: Remote::new(url, branch, has_ssh)?, state: Mutex::default() })
    }

    /// The state, after the remote was asked at least once.
    fn seen(&self) -> Result<MutexGuard<'_, State>, Fault> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.seen {
            self.look(&mut state)?;
        }
        Ok(state)
    }

    /// Asks the remote, and fetches what is new.
    fn look(&self, state: &mut State) -> Result<(), Fault> {
        let there = self.remote.last()?;
        if !state.seen || there.as_ref() != state.tip.as_ref().map(|t| &t.commit) {
            state.tip = match there {
                Some(_) => Some(self.remote.fetch(state.depth()).and_then(|commit| self.remote.tip(commit))?),
                None => None,
            };
            state.past.clear();
            state.made = None;
        }
        state.seen = true;
        Ok(())
    }

    /// The files of a published edition as they were published, whatever somebody did to them in the branch since.
    fn edition(&self, state: &mut State, number: u64) -> Result<Option<Arc<Tree>>, Fault> {
        if let Some(known) = state.past.get(&number) {
            return Ok(known.clone());
        }
        let Some(tip) = &state.tip else { return Ok(None) };
        let mut found = self.remote.search(&tip.commit, number)?;
        if !state.deep && self.remote.may_be_deeper(found.as_deref()) {
            self.remote.fetch(DEPTHS[1])?;
            state.deep = true;
            found = self.remote.search(&tip.commit, number)?;
        }
        let tree = match found {
            Some(commit) if commit == tip.commit => Some(tip.tree.clone()),
            Some(commit) => Some(Arc::new(self.remote.tree(&commit)?)),
            None => None,
        };
        state.past.insert(number, tree.clone());
        Ok(tree)
    }

    /// The name in Git of what lies at a key.
    fn id(&self, state: &mut State, key: &str) -> Result<Option<String>, Fault> {
        Ok(match Key::parse(key) {
            Some(Key::File(number, path)) if state.pending.number == number => state.pending.files.get(path).cloned(),
            Some(Key::File(number, path)) => {
                self.edition(state, number)?.and_then(|tree| listing::file(&tree, path).map(str::to_owned))
            }
            Some(Key::Record(number)) => {
                self.edition(state, number)?.and_then(|tree| listing::file(&tree, RECORD).map(str::to_owned))
            }
            None => None,
        })
    }

    /// What is written from here on is of an edition.
    fn write(&self, number: u64, change: impl FnOnce(&mut Pending)) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.pending.number != number {
            state.pending = Pending { number, ..Pending::default() };
        }
        state.made = None;
        change(&mut state.pending);
    }

    /// The commit of the edition that is written, which is made once.
    fn commit(&self, state: &mut State, to: u64, message: &str) -> Result<(String, Arc<Tree>), Fault> {
        if let Some(made) = &state.made {
            return Ok(made.clone());
        }
        let written = state.pending.record.as_ref().filter(|_| state.pending.number == to);
        let bytes = written.ok_or_else(|| Fault::Lasting(format!("edition {to} was not written")))?;
        let no_record = |why: String| Fault::Lasting(format!("the record of edition {to} cannot be read: {why}"));
        let record = Record::parse(bytes).map_err(no_record)?;
        let there = state.tip.as_ref().and_then(|t| Record::parse(&t.record.as_ref()?.0).ok());
        let mut tree = state.tip.as_ref().map(|t| listing::strangers(&t.tree, there.as_ref())).unwrap_or_default();
        for path in record.files.keys().chain(record.retired.keys()) {
            let missing = || Fault::Lasting(format!("`{path}` of edition {to} was not written"));
            let id = state.pending.files.get(path).ok_or_else(missing)?;
            tree.insert(path.as_bytes().to_vec(), Entry::plain(id));
        }
        tree.insert(RECORD.into(), Entry::plain(&self.remote.import(|i| i.store(bytes))?));
        if !tree.contains_key(NO_JEKYLL.as_bytes()) {
            tree.insert(NO_JEKYLL.into(), Entry::plain(&self.remote.import(|i| i.store(b""))?));
        }
        if let Some(path) = listing::clash(&tree) {
            let why =
                format!("`{path}` is a file in the branch, and a folder of the site: delete or rename one of them");
            return Err(Fault::Lasting(why));
        }
        let parent = state.tip.as_ref().map(|t| t.commit.as_str());
        let made = (self.remote.commit(parent, &tree, message)?, Arc::new(tree));
        state.made = Some(made.clone());
        Ok(made)
    }

    /// Finds out what came of a push that failed or whose answer was lost: what the remote shows decides.
    fn settle(&self, state: &mut State, commit: &str, said: Result<Said, Fault>) -> Result<(), Fault> {
        let words = match said {
            Ok(said) => fault(&said.err),
            Err(f) => f,
        };
        let Ok(there) = self.remote.last() else { return Err(words) };
        if there.as_deref() == Some(commit) {
            return Ok(());
        }
        if there.as_ref() == state.tip.as_ref().map(|t| &t.commit) {
            return Err(words);
        }
        if there.is_none() {
            return Err(Fault::Lost);
        }
        let now = self.remote.fetch(state.depth())?;
        // It may have arrived, and somebody has gone on from there.
        if self.remote.goes_on(commit, &now)? { Ok(()) } else { Err(Fault::Lost) }
    }
}

impl Store for Git {
    fn name(&self) -> String {
        self.remote.name()
    }

    fn abilities(&self) -> Abilities {
        Abilities { layout: Layout::Editions, swaps: false, headers: false, claims: false }
    }

    fn get(&self, key: &str) -> Result<Option<Got>, Fault> {
        let got = |bytes| Ok(Some(Got { bytes, tag: None, modified: None, head: None }));
        let mut state = self.seen()?;
        if let (Some(Key::Record(number)), Some(bytes)) = (Key::parse(key), &state.pending.record)
            && number == state.pending.number
        {
            return got(bytes.clone());
        }
        // The record of the live edition is the one that stands there, even where somebody has changed it.
        let live = state.tip.as_ref().and_then(|t| t.record.as_ref());
        if let (Some(Key::Record(number)), Some((bytes, live))) = (Key::parse(key), live)
            && number == *live
        {
            return got(bytes.clone());
        }
        let id = self.id(&mut state, key)?;
        drop(state);
        match id {
            Some(id) => got(self.remote.import(|i| i.read(&id))?),
            None => Ok(None),
        }
    }

    fn put(&self, key: &str, bytes: &[u8], _: &Head, when: &When) -> Result<Option<Tag>, Fault> {
        match when {
            When::Always => {}
            When::Absent if self.get(key)?.is_none() => {}
            When::Absent => return Err(Fault::Lost),
            When::Is(_) => return Err(Fault::Lasting("a branch has no versions of single files".to_owned())),
        }
        match Key::parse(key) {
            Some(Key::Record(number)) => self.write(number, |p| p.record = Some(bytes.to_vec())),
            Some(Key::File(number, path)) => {
                let id = self.remote.import(|i| i.store(bytes))?;
                self.write(number, |p| drop(p.files.insert(path.to_owned(), id)));
            }
            None => return Err(Fault::Lasting(format!("`{key}` is no part of an edition"))),
        }
        Ok(None)
    }

    fn copy(&self, from: &str, to: &str) -> Result<(), Fault> {
        let id = self.seen().and_then(|mut state| self.id(&mut state, from))?;
        match (id, Key::parse(to)) {
            (Some(id), Some(Key::File(number, path))) => {
                self.write(number, |p| drop(p.files.insert(path.to_owned(), id)));
                Ok(())
            }
            (None, _) => Err(Fault::Lasting(format!("`{from}` is not there"))),
            _ => Err(Fault::Lasting(format!("`{to}` is no part of an edition"))),
        }
    }

    fn delete(&self, key: &str) -> Result<(), Fault> {
        if let Some(Key::File(number, path)) = Key::parse(key) {
            self.write(number, |p| drop(p.files.remove(path)));
        }
        Ok(())
    }

    fn is_empty(&self) -> Result<bool, Fault> {
        Ok(self.seen()?.tip.as_ref().is_none_or(|t| listing::is_bare(&t.tree)))
    }

    fn live(&self) -> Result<Option<u64>, Fault> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.look(&mut state)?;
        Ok(state.number())
    }

    fn go_live(&self, from: Option<u64>, to: u64, message: &str) -> Result<(), Fault> {
        let mut state = self.seen()?;
        if state.number() != from {
            return Err(Fault::Lost);
        }
        let (commit, tree) = self.commit(&mut state, to, message)?;
        // From the commit that the plan was made on: the remote refuses it if that is not the last one any more.
        let said = self.remote.push(&commit);
        if !matches!(said, Ok(Said { done: true, .. })) {
            self.settle(&mut state, &commit, said)?;
        }
        let record = state.pending.record.take().map(|bytes| (bytes, to));
        *state = State {
            seen: true,
            deep: state.deep,
            tip: Some(Tip { commit, tree, record }),
            past: BTreeMap::new(),
            pending: Pending::default(),
            made: None,
        };
        Ok(())
    }
}
