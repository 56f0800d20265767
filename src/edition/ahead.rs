//! What will be wrong with hidden things when they come out, so that nobody learns of it at the instant of the embargo.

use super::Edition;
use crate::catalogue::Noun;
use crate::diagnostic::{Diagnostic, FileId};
use crate::model::{Answer, Audience, Route, Shelf, Standing};
use crate::pages::Page;
use jiff::Timestamp;
use std::collections::BTreeMap;

impl Edition {
    /// What the texts and addresses of hidden things have wrong: of each at the instant when it appears; of drafts the texts
    /// alone, as if everything were out. What has expired stays away, and is not looked at.
    ///
    /// # Errors
    /// A setting that templates cannot get.
    pub fn ahead(&self) -> Result<Vec<Diagnostic>, Diagnostic> {
        let Audience { as_of, drafts } = self.catalogue.audience();
        let mut due: BTreeMap<Option<Timestamp>, Vec<FileId>> = BTreeMap::new();
        for (file, entry) in self.catalogue.everything().chain(self.foreign()) {
            let common = entry.common();
            match common.standing(as_of) {
                Standing::Draft => due.entry(None).or_default().push(file.clone()),
                Standing::Embargoed(_) | Standing::Scheduled(_) => {
                    if let Some(at) = common.next_change(as_of) {
                        due.entry(Some(at)).or_default().push(file.clone());
                    }
                }
                Standing::Public | Standing::Expired(_) => {}
            }
        }
        let mut found = Vec::new();
        if due.is_empty() || drafts {
            return Ok(found);
        }
        let mut then = self.seen_by(Audience { as_of, drafts: true })?;
        for (at, files) in due {
            then.show(Audience { as_of: at.unwrap_or(as_of), drafts: at.is_none() })?;
            for file in files {
                then.look_at(&file, at.is_some(), &mut found);
            }
        }
        Ok(found)
    }

    /// What is wrong with the page of a file, and with its addresses where it is known when it has them.
    fn look_at(&self, file: &FileId, has_addresses: bool, found: &mut Vec<Diagnostic>) {
        let own = |d: &Diagnostic| d.file.as_ref() == Some(file);
        let Some(entry) = self.catalogue.entry_of(file) else {
            // A translation: its addresses are below its language, and looked at with all others.
            match self.route_of(file).map(|route| self.ask(&route)) {
                Some(Ok(Answer::Found(output))) => found.extend(output.findings.into_iter().filter(own)),
                Some(Err(d)) => found.push(d),
                _ => {}
            }
            return;
        };
        let (noun, id) = (Noun::of(entry), &entry.common().id);
        let Some((page, route)) = self.with(|atlas| atlas.page_of(noun, id).map(|p| (p.clone(), atlas.route(&p))))
        else {
            return;
        };
        match self.ask(&route) {
            Ok(Answer::Found(output)) => found.extend(output.findings.into_iter().filter(own)),
            Ok(Answer::Absent) => {}
            Err(d) => found.push(d),
        }
        if !has_addresses {
            return;
        }
        let others =
            |route: &Route| self.with(|atlas| atlas.all_at(route).filter(|p| *p != page).collect::<Vec<Page>>());
        found.extend(others(&route).iter().map(|other| self.clash(&route, &page, other)));
        for alias in entry.common().aliases.iter().filter_map(|a| Route::parse(a)) {
            let pages = others(&alias);
            let taken = pages.iter().find(|p| !matches!(p, Page::Redirect(_)));
            found.extend(taken.map(|other| self.clash(&alias, &page, other)));
        }
    }
}
