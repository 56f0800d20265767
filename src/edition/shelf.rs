//! An edition as a shelf: which routes there are, and what stands at each, in every language.

use super::{Edition, Family};
use crate::diagnostic::Diagnostic;
use crate::model::{Answer, Fact, Output, Route, Shelf};
use crate::pages::{Kin, Page, is_made};
use std::collections::BTreeMap;

/// What a page is about, in a name that survives a change of its address.
pub(super) fn id_of(page: &Page) -> Option<String> {
    match page {
        Page::Article(id) => Some(format!("article/{id}")),
        Page::Deal(id) => Some(format!("deal/{id}")),
        Page::Text(id) => Some(format!("page/{id}")),
        Page::Thing(noun, id, crate::pages::Sheet::HEAD) => {
            Some(format!("{}/{id}", format!("{noun:?}").to_lowercase()))
        }
        _ => None,
    }
}

impl Shelf for Edition {
    fn routes(&self) -> Vec<Route> {
        let mut routes: Vec<Route> = self.press.assets.routes().cloned().collect();
        match self.stock.routes() {
            Some(known) => routes.extend(known.cloned()),
            None => self.with(|atlas| routes.extend(atlas.all().iter().map(|p| atlas.route(p)))),
        }
        routes.extend(self.routes_abroad());
        routes.sort();
        routes.dedup();
        routes
    }

    fn ask(&self, route: &Route) -> Result<Answer, Diagnostic> {
        if let Some(asset) = self.press.assets.at(route) {
            return Ok(Answer::Found(Output::plain(asset.bytes.to_vec())));
        }
        if let Some((edition, route)) = self.abroad_at(route) {
            return edition.answer(&route, &Family(self));
        }
        if self.abroad.editions.is_empty() { self.answer(route, &()) } else { self.answer(route, &Family(self)) }
    }

    fn is_settled(&self, route: &Route) -> bool {
        is_made(route) && self.press.assets.at(route).is_none()
    }

    fn facts(&self) -> BTreeMap<String, Fact> {
        self.facts_told()
    }

    fn identity(&self, route: &Route) -> Option<String> {
        if let Some((edition, route)) = self.abroad_at(route) {
            return Some([&edition.site.language, ":", &edition.identity(&route)?].concat());
        }
        self.with(|atlas| id_of(&atlas.at(route)?))
    }

    fn leads_to(&self, route: &Route) -> Option<String> {
        if let Some((edition, route)) = self.abroad_at(route) {
            return edition.leads_to(&route);
        }
        self.with(|atlas| match atlas.at(route)? {
            Page::Redirect(alias) => Some(atlas.address(&atlas.leads(&alias)?)),
            _ => None,
        })
    }
}

impl Edition {
    /// Whether printing what stands at a route can find what printing the others does not. Feeds, tables, cards and the
    /// files of search are made of texts and records of which everything is said with their own pages.
    #[must_use]
    pub fn speaks(&self, route: &Route) -> bool {
        if let Some((edition, route)) = self.abroad_at(route) {
            return edition.speaks(&route);
        }
        let told_elsewhere = |page: &Page| {
            matches!(
                page,
                Page::Feed(..)
                    | Page::Table(..)
                    | Page::Twin(_)
                    | Page::SearchFile(..)
                    | Page::Sitemap(_)
                    | Page::Named(_)
                    | Page::Card(_)
                    | Page::Rendition(_)
            )
        };
        self.press.assets.at(route).is_none()
            && self.with(|atlas| atlas.at(route)).is_some_and(|page| !told_elsewhere(&page))
    }

    /// What stands at a route of this edition alone.
    fn answer(&self, route: &Route, kin: &dyn Kin) -> Result<Answer, Diagnostic> {
        self.within(kin, |atlas| {
            let Some(page) = atlas.at(route) else { return Ok(Answer::Absent) };
            if let Page::SearchFile(shard, part) = page
                && let Some(bytes) = self.search_file(shard, part)
            {
                return Ok(Answer::Found(Output::plain(bytes.to_vec())));
            }
            let Some(view) = atlas.view(&page) else { return Ok(Answer::Absent) };
            self.press.print(view, atlas, &*self.texts).map(Answer::Found)
        })
    }
}
