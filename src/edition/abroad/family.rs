//! The editions of a site's languages as each other's kin: where a page stands in the others.

use super::thing_of;
use crate::diagnostic::FileId;
use crate::edition::Edition;
use crate::model::Standing;
use crate::pages::{Atlas, Kin, Listed, Named, Page, Version};

/// A site's editions; the main one leads to the others.
pub struct Family<'a>(pub &'a Edition);

impl Family<'_> {
    fn each<T>(&self, mut ask: impl FnMut(&Atlas<'_>) -> T) -> Vec<T> {
        let all = std::iter::once(self.0).chain(&self.0.abroad.editions);
        all.map(|edition| edition.within(&(), &mut ask)).collect()
    }
}

impl Kin for Family<'_> {
    fn versions(&self, page: &Page, own: &str) -> Vec<Version> {
        self.each(|atlas| {
            let is_own = atlas.site.language == own;
            let is_same = is_own || page.is_parallel() && atlas.exists(page);
            let there = if is_same { page.clone() } else { page.head() };
            let there = if atlas.exists(&there) { there } else { Page::Home };
            let name = atlas.site.language_name.as_deref().unwrap_or_else(|| atlas.words.text("language-name"));
            Version {
                language: atlas.site.language.clone(),
                name: name.to_owned(),
                url: atlas.path(&there),
                address: atlas.address(&there),
                current: is_own,
                same: is_same,
            }
        })
    }

    fn count(&self) -> usize {
        self.0.abroad.editions.iter().map(|e| e.within(&(), |atlas| atlas.documents().len())).sum()
    }

    fn listed(&self) -> Vec<Listed> {
        let each = self.0.abroad.editions.iter().map(|edition| {
            edition
                .within(self, |atlas| atlas.documents().iter().map(|page| atlas.in_sitemap(page)).collect::<Vec<_>>())
        });
        each.flatten().collect()
    }

    fn leads(&self, file: &FileId, own: &str) -> Option<String> {
        let (noun, id) = thing_of(self.0.entry_of(file)?);
        let tag = self.0.entry_of(file)?.common().language.as_deref().unwrap_or(&self.0.site.language);
        let there = self.each(|atlas| {
            let path = atlas.page_of(noun, &id).map(|page| atlas.path(&page));
            (atlas.site.language.clone(), path)
        });
        let of = |tag: &str| there.iter().find(|t| t.0.eq_ignore_ascii_case(tag)).and_then(|t| t.1.clone());
        of(own).or_else(|| of(tag)).or_else(|| there.first()?.1.clone())
    }

    fn standing(&self, file: &FileId) -> Option<Option<Standing>> {
        let entry = self.0.entry_of(file)?;
        let (noun, id) = thing_of(entry);
        let original = self.0.catalogue.known(noun, &id);
        if !entry.common().legible
            || entry.common().translation_of.is_some() && !original.is_some_and(|o| o.common().legible)
        {
            return Some(None);
        }
        // What is hidden hides its translations too.
        let as_of = self.0.catalogue.audience().as_of;
        let own = entry.common().standing(as_of);
        Some(Some(original.filter(|_| own == Standing::Public).map_or(own, |o| o.common().standing(as_of))))
    }

    fn redirects(&self) -> Vec<(String, String)> {
        let of = |edition: &Edition| edition.within(&(), |atlas| atlas.redirects().collect::<Vec<_>>());
        self.0.abroad.editions.iter().flat_map(of).collect()
    }

    fn news(&self) -> Vec<String> {
        let of = |edition: &Edition| {
            edition.within(&(), |atlas| atlas.has_named(Named::News).then(|| atlas.address(&Page::Named(Named::News))))
        };
        self.0.abroad.editions.iter().filter_map(of).collect()
    }
}
