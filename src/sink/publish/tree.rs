//! Folders as a target. Where there are symbolic links, each edition is a folder of its own beside the site's, and one
//! rename of a link makes it the live one; where not, files are replaced in place, each in one step.

use super::files::{Files, There};
use super::store::{Abilities, Fault, Got, Head, Layout, Store, Tag, When};
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// A folder that readers see.
pub struct Tree<F> {
    files: F,
    /// The path that is served.
    path: String,
    /// The folder with what is ours: editions, records, the claim.
    ours: String,
    layout: Layout,
    /// Folders that are known to be there.
    made: Mutex<HashSet<String>>,
}

impl<F: Files> Tree<F> {
    /// At a path without a slash at its end.
    ///
    /// # Errors
    /// When it cannot be looked at, or is no folder.
    pub fn open(files: F, path: &str) -> Result<Self, Fault> {
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        let ours = format!("{above}/.{name}.dealwire");
        let layout = match files.look(path)? {
            There::Nothing | There::Link(_) | There::Folder { empty: true, mounted: false } => Layout::Editions,
            There::Folder { .. } => Layout::InPlace,
            There::File => return Err(Fault::Lasting(format!("`{path}` is a file"))),
        };
        let layout =
            if layout == Layout::Editions && !has_links(&files, above, name)? { Layout::InPlace } else { layout };
        Ok(Self { files, path: path.to_owned(), ours, layout, made: Mutex::new(HashSet::new()) })
    }

    fn place(&self, key: &str) -> String {
        let top = if self.layout == Layout::InPlace { &self.path } else { &self.ours };
        format!("{top}/{key}")
    }

    /// Makes the folders above a path.
    fn make_room(&self, path: &str) -> Result<(), Fault> {
        let Some((folder, _)) = path.rsplit_once('/') else { return Ok(()) };
        let known = |f: &str| self.made.lock().unwrap_or_else(PoisonError::into_inner).contains(f);
        if folder.is_empty() || known(folder) {
            return Ok(());
        }
        // The folder above the site's own is somebody else's to make.
        let top = if self.layout == Layout::InPlace { &self.path } else { &self.ours };
        if folder.len() > top.len() {
            self.make_room(folder)?;
        }
        self.files.make_folder(folder)?;
        self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned());
        Ok(())
    }

    /// Does something by way of another name, which does not stay. `make` says whether what it made has a further name.
    fn by_way_of(&self, to: &str, make: impl Fn(&str) -> Result<bool, Fault>) -> Result<(), Fault> {
        let aside = aside(to);
        let done = match make(&aside) {
            // A run that was killed has left it.
            Err(Fault::Lost) => self.files.remove(&aside).and_then(|()| make(&aside)),
            done => done,
        };
        match done.and_then(|has_more_names| self.files.rename(&aside, to).map(|()| has_more_names)) {
            Ok(false) => Ok(()),
            // Two names of one file: a rename does nothing, and the other name is still there.
            done => {
                let left = self.files.remove(&aside);
                done.and(left)
            }
        }
    }

    fn delete_tree(&self, path: &str) -> Result<(), Fault> {
        for (name, is_folder) in self.files.list(path)? {
            let inner = format!("{path}/{name}");
            if is_folder { self.delete_tree(&inner)? } else { self.files.remove(&inner)? }
        }
        self.files.remove_folder(path)
    }

    /// Takes away folders that have become empty, up to the site's own.
    fn tidy(&self, path: &str) -> Result<(), Fault> {
        let top = self.place("");
        let mut folder = path.rsplit_once('/').map_or("", |(f, _)| f);
        while folder.len() > top.len() {
            if !self.files.list(folder)?.is_empty() {
                break;
            }
            self.files.remove_folder(folder)?;
            self.made.lock().unwrap_or_else(PoisonError::into_inner).remove(folder);
            folder = folder.rsplit_once('/').map_or("", |(f, _)| f);
        }
        Ok(())
    }
}

/// The name by way of which a path is written: the same for each run, so that one that was killed leaves nothing for ever.
fn aside(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let digest = blake3::hash(name.as_bytes()).to_hex();
    format!("{folder}/.{}.dealwire", &digest[..16])
}

/// Whether the place makes symbolic links, tried once where the site's folder is to be.
fn has_links(files: &impl Files, above: &str, name: &str) -> Result<bool, Fault> {
    if matches!(files.look(&format!("{above}/{name}"))?, There::Link(_)) {
        return Ok(true);
    }
    let probe = format!("{above}/.{name}.{}.dealwire", std::process::id());
    let made = match files.symlink(".", &probe) {
        Ok(made) => made,
        Err(Fault::Lost) => true,
        Err(f) => return Err(f),
    };
    files.remove(&probe)?;
    Ok(made)
}

impl<F: Files> Store for Tree<F> {
    fn name(&self) -> String {
        format!("{}{}", self.files.name(), self.path)
    }

    fn abilities(&self) -> Abilities {
        Abilities { layout: self.layout, swaps: false, headers: false, claims: true }
    }

    fn get(&self, key: &str) -> Result<Option<Got>, Fault> {
        let there = self.files.read(&self.place(key))?;
        Ok(there.map(|(bytes, modified)| Got { bytes, tag: None, modified, head: None }))
    }

    fn put(&self, key: &str, bytes: &[u8], _: &Head, when: &When) -> Result<Option<Tag>, Fault> {
        let path = self.place(key);
        self.make_room(&path)?;
        match when {
            When::Always => self.by_way_of(&path, |aside| self.files.create(aside, bytes).map(|()| false))?,
            When::Absent => {
                // Nobody may find it half written.
                let aside = format!("{}.{}", aside(&path), std::process::id());
                self.files.remove(&aside)?;
                self.files.create(&aside, bytes)?;
                let named = self
                    .files
                    .link(&aside, &path)
                    .and_then(|is_linked| if is_linked { Ok(true) } else { self.files.rename_if_free(&aside, &path) });
                let done = match named {
                    Ok(false) => self.files.create(&path, bytes),
                    done => done.map(|_| ()),
                };
                self.files.remove(&aside)?;
                done?;
            }
            When::Is(_) => return Err(Fault::Lasting("folders do not compare and swap".to_owned())),
        }
        Ok(None)
    }

    fn copy(&self, from: &str, to: &str) -> Result<(), Fault> {
        let (from, to) = (self.place(from), self.place(to));
        self.make_room(&to)?;
        self.by_way_of(&to, |aside| {
            if self.layout == Layout::Editions && self.files.link(&from, aside)? {
                return Ok(true);
            }
            match self.files.read(&from)? {
                Some((bytes, _)) => self.files.create(aside, &bytes).map(|()| false),
                None => Err(Fault::Lasting(format!("`{from}` is not there"))),
            }
        })
    }

    fn delete(&self, key: &str) -> Result<(), Fault> {
        let path = self.place(key);
        self.files.remove(&path)?;
        self.files.remove(&aside(&path))?;
        self.tidy(&path)
    }

    fn is_empty(&self) -> Result<bool, Fault> {
        match self.files.look(&self.path)? {
            There::Nothing | There::Folder { empty: true, .. } => Ok(true),
            There::Folder { .. } if self.layout == Layout::InPlace => {
                Ok(self.files.list(&self.path)?.iter().all(|(name, _)| name == ".dealwire"))
            }
            There::Link(says) => Ok(self.number(&says).is_some()),
            _ => Ok(false),
        }
    }

    fn live(&self) -> Result<Option<u64>, Fault> {
        match self.files.look(&self.path)? {
            There::Link(says) => Ok(self.number(&says)),
            _ => Ok(None),
        }
    }

    fn go_live(&self, from: Option<u64>, to: u64, _: &str) -> Result<(), Fault> {
        self.files.sync(&self.ours)?;
        if self.live()? != from {
            return Err(Fault::Lost);
        }
        let name = self.ours.rsplit('/').next().unwrap_or_default();
        let says = format!("{name}/editions/{to}");
        if let There::Folder { .. } = self.files.look(&self.path)? {
            self.files.remove_folder(&self.path)?;
        }
        self.by_way_of(&self.path, |aside| {
            let is_made = self.files.symlink(&says, aside)?;
            let gone = || Fault::Lasting("symbolic links are not possible any more".to_owned());
            if is_made { Ok(false) } else { Err(gone()) }
        })
    }

    fn drop_edition(&self, number: u64) -> Result<(), Fault> {
        if self.live()? == Some(number) {
            return Ok(());
        }
        self.delete_tree(&self.place(&format!("editions/{number}")))?;
        self.files.remove(&self.place(&format!("editions/{number}.json")))
    }
}

impl<F: Files> Tree<F> {
    /// The edition that the site's link leads to; `None` when somebody else made it.
    fn number(&self, says: &str) -> Option<u64> {
        let name = self.ours.rsplit('/').next()?;
        says.strip_prefix(name)?.strip_prefix("/editions/")?.parse().ok()
    }
}
