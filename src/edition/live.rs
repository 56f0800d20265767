//! An edition while somebody looks on: what was good stays until what replaces it is good, and instants can be chosen.

use super::{Edition, Kept};
use crate::catalogue::Noun;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Answer, Audience, Change, Entry, Id, Output, Route, Shelf, Standing, Texts};
use crate::pages::{Page, Ready, Scope, Sheet};
use crate::render::{PREFIX, Press};
use std::sync::Arc;

/// What stands ready for a press that is not the edition's own: nothing, but it says what its templates use.
pub(super) struct Bare<'a> {
    pub(super) press: &'a Press,
    /// Whether everything is needed: what one template leaves out another shows.
    pub(super) whole: bool,
}

impl Ready for Bare<'_> {
    fn look(&self) -> &str {
        self.press.cards.look()
    }

    fn draws_site(&self) -> bool {
        !self.press.has_picture
    }

    fn has_own(&self, path: &str) -> bool {
        self.press.assets.has(path)
    }

    fn wants(&self, template: &str, value: &str) -> bool {
        self.whole || self.press.wants(template, value)
    }
}

impl Edition {
    /// Takes in files that changed. An entry whose file cannot be read as one any more stays as it was; such files are
    /// returned, with where the text of each entry began.
    ///
    /// # Errors
    /// A setting that templates cannot get.
    pub fn edit(&mut self, changes: &[Change]) -> Result<Vec<Kept>, Diagnostic> {
        let (mut kept, mut renamed) = (Vec::new(), false);
        for change in changes {
            let checked = self.read(change);
            let is_error = |d: &Diagnostic| d.severity() == Severity::Error;
            let broken =
                checked.value.as_ref().is_none_or(|e| !e.common().legible) && checked.findings.iter().any(is_error);
            let stays = |e: &&Entry| broken && change.bytes.is_some() && e.common().legible;
            match self.entry_of(&change.file).filter(stays) {
                Some(good) => {
                    kept.push((change.file.clone(), good.common().body));
                    self.findings.insert(change.file.clone(), checked.findings);
                }
                None => renamed |= self.take(&change.file, checked),
            }
        }
        self.settle(renamed)?;
        Ok(kept)
    }

    /// Puts on other templates and static files. Where they fail, `ask_in_sight` prints with the last ones that did not.
    ///
    /// # Errors
    /// A setting that templates cannot get.
    pub fn redress(&mut self, press: Press) -> Result<(), Diagnostic> {
        let was_good = self.prints();
        for (edition, press) in self.abroad.editions.iter_mut().zip(&press.others) {
            edition.press = press.clone();
        }
        let old = std::mem::replace(&mut self.press, press);
        if was_good {
            self.older = Some(old);
        }
        self.settle(true)
    }

    /// Whether a page of each kind can be printed.
    fn prints(&self) -> bool {
        let samples = self.with(|atlas| {
            let (c, l) = (atlas.catalogue, atlas.catalogue.lists());
            let mut pages = vec![Page::Home, Page::NotFound, Page::Ledger(Scope::All, Sheet::HEAD)];
            pages.extend(l.news.last().map(|k| Page::Article(k.1.clone())));
            pages.extend(l.deals.last().map(|k| Page::Deal(k.1.clone())));
            for noun in [Noun::Company, Noun::Person, Noun::Tag, Noun::Thread] {
                pages.push(Page::Index(noun, Sheet::HEAD));
                let first = c.public(noun).next().map(|e| e.common().id.clone());
                pages.extend(first.map(|id| Page::Thing(noun, id, Sheet::HEAD)));
            }
            let month = l.by_month.keys().next_back();
            pages.extend(month.into_iter().flat_map(|(y, m)| [Page::Year(*y), Page::Month(*y, *m, Sheet::HEAD)]));
            pages.extend(c.public(Noun::Page).next().map(|e| Page::Text(e.common().id.clone())));
            pages.iter().map(|p| atlas.route(p)).collect::<Vec<Route>>()
        });
        samples.iter().all(|route| self.ask(route).is_ok())
    }

    /// Shows the edition to another audience, or at another instant.
    ///
    /// # Errors
    /// A setting that templates cannot get.
    pub fn show(&mut self, audience: Audience) -> Result<(), Diagnostic> {
        self.stock = super::Stock::default();
        self.catalogue.show(audience);
        for edition in &mut self.abroad.editions {
            edition.catalogue.show(audience);
        }
        self.translate(true);
        self.settle(false)
    }

    /// This edition as another audience would see it, or at another instant.
    ///
    /// # Errors
    /// A setting that templates cannot get.
    pub fn seen_by(&self, audience: Audience) -> Result<Self, Diagnostic> {
        let mut other = self.copy();
        other.show(audience)?;
        Ok(other)
    }

    fn copy(&self) -> Self {
        Self {
            site: Arc::clone(&self.site),
            catalogue: self.catalogue.clone(),
            press: self.press.clone(),
            older: self.older.clone(),
            texts: Arc::clone(&self.texts),
            findings: self.findings.clone(),
            stock: super::Stock::default(),
            abroad: self.abroad.with(self.abroad.editions.iter().map(Self::copy).collect()),
            issues: self.issues.clone(),
        }
    }

    /// What stands at a route, as well as it can be printed: where a template fails, by the one before. With the answer
    /// come the findings that printing had.
    ///
    /// # Errors
    /// Where no template prints it, or its file cannot be read.
    pub fn ask_in_sight(&self, route: &Route) -> Result<Answer, Diagnostic> {
        let answer = self.ask(route);
        let Some(older) = &self.older else { return answer };
        match answer {
            // Pages that are printed by the templates before refer to it, and what has a digest in its name is never old.
            Ok(Answer::Absent) if route.as_str().starts_with(PREFIX) => Ok(older
                .assets
                .at(route)
                .map_or(Answer::Absent, |asset| Answer::Found(Output::plain(asset.bytes.to_vec())))),
            Err(fault) if fault.code == "E1101" => {
                let texts: &dyn Texts = &*self.texts;
                let printed = self.with(|atlas| {
                    let bare = Bare { press: older, whole: false };
                    let atlas = crate::pages::Atlas { ready: &bare, ..*atlas };
                    let view = atlas.at(route).and_then(|page| atlas.view(&page))?;
                    older.print(view, &atlas, texts).ok()
                });
                match printed {
                    Some(mut output) => {
                        output.findings.push(fault);
                        Ok(Answer::Found(output))
                    }
                    None => Err(fault),
                }
            }
            other => other,
        }
    }

    /// The content file that the page at a route is about.
    #[must_use]
    pub fn file_at(&self, route: &Route) -> Option<crate::diagnostic::FileId> {
        if let Some((edition, route)) = self.abroad_at(route) {
            return edition.file_at(&route);
        }
        let page = self.with(|atlas| atlas.at(route))?;
        self.file_of(&page)
    }

    /// Whether anything that readers could see speaks of a thing at an instant; articles and pages speak for themselves.
    #[must_use]
    pub fn is_spoken_of(&self, noun: Noun, id: &Id, as_of: jiff::Timestamp, depth: usize) -> bool {
        let (c, l) = (&self.catalogue, self.catalogue.lists());
        let is_public =
            |id: &Id| c.known(Noun::Article, id).is_some_and(|e| e.common().standing(as_of) == Standing::Public);
        let news = match noun {
            Noun::Article | Noun::Page => return true,
            Noun::Company => [l.by_company.get(id), None],
            Noun::Person => [l.by_person.get(id), l.by_author.get(id)],
            Noun::Tag => [l.by_tag.get(id), None],
            Noun::Thread => [l.by_thread.get(id), None],
        };
        let deals = match noun {
            Noun::Company => l.deals_by_company.get(id),
            Noun::Person => l.deals_by_person.get(id),
            Noun::Tag => l.deals_by_tag.get(id),
            _ => l.deals_by_thread.get(id),
        };
        let of_person = |p: &Id| self.is_spoken_of(Noun::Person, p, as_of, depth + 1);
        news.into_iter().flatten().flatten().any(|k| is_public(&k.1))
            || deals.into_iter().flatten().any(|k| is_public(&k.1))
            || depth < 8
                && (c.children(noun, id).any(|child| self.is_spoken_of(noun, child, as_of, depth + 1))
                    || noun == Noun::Company && c.people_at(id).any(|p| of_person(&p.common.id)))
    }

    /// The findings about the front matter of a file.
    #[must_use]
    pub fn findings_of(&self, file: &crate::diagnostic::FileId) -> &[Diagnostic] {
        self.findings.get(file).map_or(&[], Vec::as_slice)
    }

    /// The findings about front matter, of every file.
    pub fn entry_findings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings.values().flatten()
    }
}
