//! A repository with a branch of a remote one in it: asks the remote, fetches, reads what is there, commits and pushes. Knows
//! nothing of what is about to be published.

use super::call::{Caller, PATIENCE, Said, fault};
use super::import::{Commit, Import};
use super::listing::{self, RECORD, Tree};
use crate::sink::publish::store::Fault;
use std::sync::{Arc, Mutex, PoisonError};

/// Where the branch lies in the repository here.
const LIVE: &str = "refs/heads/live";

/// A branch of a remote repository.
pub struct Remote {
    url: String,
    branch: String,
    import: Mutex<Option<Import>>,
    caller: Caller,
}

/// The last commit of the branch.
pub struct Tip {
    /// Its name in Git.
    pub commit: String,
    /// Its files.
    pub tree: Arc<Tree>,
    /// Where there is a record: its bytes, and the number of the edition.
    pub record: Option<(Vec<u8>, u64)>,
}

impl Remote {
    /// By the address that `git` takes. `has_ssh`: the environment says how SSH is called. Asks nobody yet.
    ///
    /// # Errors
    /// When there is no `git` here.
    pub fn new(url: &str, branch: &str, has_ssh: bool) -> Result<Self, Fault> {
        let caller = Caller::new(has_ssh, PATIENCE)?;
        Ok(Self { url: url.to_owned(), branch: branch.to_owned(), import: Mutex::default(), caller })
    }

    /// Its address and its branch, for people.
    pub fn name(&self) -> String {
        format!("{}#{}", self.url, self.branch)
    }

    /// The commit that the remote shows.
    pub fn last(&self) -> Result<Option<String>, Fault> {
        let name = format!("refs/heads/{}", self.branch);
        let said = self.caller.ask(["ls-remote", "--", &self.url, &name])?;
        let text = String::from_utf8_lossy(&said);
        let mut refs = text.lines().filter_map(|l| l.split_once('\t'));
        Ok(refs.find(|(_, n)| *n == name).map(|(id, _)| id.to_owned()))
    }

    /// Fetches the branch with so many commits; returns the last one.
    pub fn fetch(&self, depth: u32) -> Result<String, Fault> {
        let (depth, refs) = (format!("--depth={depth}"), format!("+refs/heads/{}:{LIVE}", self.branch));
        let how = ["fetch", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--progress"];
        self.caller.ask(how.into_iter().chain([depth.as_str(), "--", &self.url, &refs]))?;
        self.line(&["rev-parse", "--verify", LIVE])
    }

    fn line(&self, words: &[&str]) -> Result<String, Fault> {
        Ok(String::from_utf8_lossy(&self.caller.ask(words)?).trim().to_owned())
    }

    /// What a commit holds.
    pub fn tip(&self, commit: String) -> Result<Tip, Fault> {
        let tree = self.tree(&commit)?;
        let record = match listing::file(&tree, RECORD) {
            Some(id) => Some(self.record(id)?),
            None => None,
        };
        Ok(Tip { commit, tree: Arc::new(tree), record })
    }

    /// The files of a commit.
    pub fn tree(&self, commit: &str) -> Result<Tree, Fault> {
        self.caller.ask(["ls-tree", "-r", "-z", "--full-tree", commit]).map(|text| listing::parse(&text))
    }

    /// A record, and its number; 0 where it is none of this program, so that whoever reads it says why.
    fn record(&self, id: &str) -> Result<(Vec<u8>, u64), Fault> {
        let bytes = self.import(|i| i.read(id))?;
        let number = serde_json::from_slice::<serde_json::Value>(&bytes).ok().and_then(|v| v["number"].as_u64());
        Ok((bytes, number.unwrap_or_default()))
    }

    /// Stores or reads files.
    pub fn import<T>(&self, work: impl FnOnce(&mut Import) -> Result<T, Fault>) -> Result<T, Fault> {
        let mut slot = self.import.lock().unwrap_or_else(PoisonError::into_inner);
        let import = match &mut *slot {
            Some(import) => import,
            none => none.insert(Import::start(&self.caller)?),
        };
        work(import)
    }

    /// The commit that published an edition: the newest one that changed the record to its number.
    pub fn search(&self, tip: &str, number: u64) -> Result<Option<String>, Fault> {
        let how = ["log", "--first-parent", "--diff-merges=first-parent", "--no-renames", "--raw", "--no-abbrev"];
        let said = self.caller.ask(how.into_iter().chain(["--format=%H", tip, "--", RECORD]))?;
        let mut commit = "";
        let said = String::from_utf8_lossy(&said);
        for line in said.lines() {
            // `:100644 100644 before after M` and the path.
            let id = line.strip_prefix(':').and_then(|l| l.split(' ').nth(3));
            match id {
                Some(id) if id.bytes().all(|b| b == b'0') => {}
                Some(id) if self.record(id)?.1 == number => return Ok(Some(commit.to_owned())),
                Some(_) => {}
                None if line.is_empty() => {}
                None => commit = line,
            }
        }
        Ok(None)
    }

    /// Who commits, by Git's own settings, and when.
    fn who(&self, role: &str) -> Result<String, Fault> {
        let name = format!("GIT_{role}_IDENT");
        let said = self.caller.call(["-c", "user.useConfigOnly=true", "var", &name])?;
        let said = if said.done {
            said
        } else {
            let mut command = self.caller.command();
            command.env(format!("GIT_{role}_NAME"), "dealwire").env(format!("GIT_{role}_EMAIL"), "dealwire@localhost");
            self.caller.run(command.args(["var", &name]))?
        };
        if said.done { Ok(String::from_utf8_lossy(&said.out).trim().to_owned()) } else { Err(fault(&said.err)) }
    }

    /// Makes a commit of files that are stored, after a parent.
    pub fn commit(&self, parent: Option<&str>, tree: &Tree, message: &str) -> Result<String, Fault> {
        let (author, committer) = (self.who("AUTHOR")?, self.who("COMMITTER")?);
        // It ends with the commit: what was stored is on the disk then, for the push to read.
        let import = self.import.lock().unwrap_or_else(PoisonError::into_inner).take();
        let import = import.map_or_else(|| Import::start(&self.caller), Ok)?;
        import.commit(&Commit { parent, tree, message, author: &author, committer: &committer })
    }

    /// Pushes a commit, which the remote refuses if it does not go on from the last one there.
    pub fn push(&self, commit: &str) -> Result<Said, Fault> {
        let refs = format!("{commit}:refs/heads/{}", self.branch);
        let how = ["push", "--progress", "--no-verify", "--no-force", "--"];
        self.caller.call(how.into_iter().chain([self.url.as_str(), &refs]))
    }

    /// Whether one commit goes on from another.
    pub fn goes_on(&self, from: &str, to: &str) -> Result<bool, Fault> {
        Ok(self.caller.call(["merge-base", "--is-ancestor", from, to])?.done)
    }

    /// Whether more of the history may show more. Where what is known of it begins, a commit seems to bring along all that
    /// is older than it: one that was found there may not be the right one.
    pub fn may_be_deeper(&self, found: Option<&str>) -> bool {
        let boundary = self.caller.boundary();
        !boundary.is_empty() && found.is_none_or(|commit| boundary.contains(commit))
    }
}
