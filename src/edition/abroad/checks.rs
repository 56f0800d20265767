//! What is wrong with translations: of what is not there, into a language that the site has not, or twice.

use super::{Thing, is_in, thing_of};
use crate::catalogue::{Noun, Places};
use crate::diagnostic::{Diagnostic, FileId, nearest};
use crate::edition::Edition;
use crate::model::{Article, Entry, Id, Route, Standing};
use crate::pages::Page;
use std::collections::BTreeMap;

impl Edition {
    /// What is wrong with what is written in further languages. `earlier` is where things stood in the edition before.
    pub(in crate::edition) fn foreign_findings(&self, earlier: &BTreeMap<String, Route>) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (file, entry) in self.abroad.everything() {
            found.extend(self.of_language(file, entry));
            found.extend(self.of_original(file, entry));
            found.extend(self.references(file, entry));
            found.extend(self.old_addresses(file, entry));
            found.extend(self.rewordings(file, entry));
        }
        for edition in &self.abroad.editions {
            let own = |d: &Diagnostic| matches!(d.code, "E0805" | "E0806" | "E0808" | "W0816" | "W1103" | "W1104");
            let site = &edition.site;
            let stood = earlier.iter().filter_map(|(name, route)| {
                let name = name.strip_prefix(&*site.language)?.strip_prefix(':')?;
                let below = route.as_str().strip_prefix(&*site.prefix).and_then(Route::parse);
                Some((name.to_owned(), below.unwrap_or_else(|| route.clone())))
            });
            let knows = |name: &str| self.knows(&[&*site.language, ":", name].concat());
            let told = edition.addresses(&stood.collect(), &knows, &|| true);
            found.extend(told.into_iter().flat_map(|t| t.0).filter(own));
        }
        found
    }

    /// A page of the main language where the pages of another one stand.
    pub(in crate::edition) fn in_the_way(&self, route: &Route, page: &Page) -> Option<Diagnostic> {
        let language = self
            .site
            .languages
            .iter()
            .find(|l| route.as_str().strip_prefix(&*l.prefix).is_some_and(|rest| rest.starts_with('/')))?;
        let message = format!("{route} is where the pages in `{}` stand", language.tag);
        let file = self.file_of(page).unwrap_or_else(|| FileId::new("site.toml"));
        Some(
            Diagnostic::of("E0805", &file, message)
                .help("give the page another `slug`, or the language another `path`"),
        )
    }

    fn at(&self, code: &'static str, file: &FileId, key: &str, word: &str, message: String) -> Diagnostic {
        let mut d = Diagnostic::of(code, file, message);
        d.span = self.find_in(file, &[key], word);
        d
    }

    fn of_language(&self, file: &FileId, entry: &Entry) -> Option<Diagnostic> {
        let common = entry.common();
        let Some(tag) = &common.language else {
            let word = common.translation_of.as_ref().map_or("", Id::as_str);
            let message = "a translation has to say in which language it is".to_owned();
            return Some(self.at("E0211", file, "translation_of", word, message).help("add `language: zh-Hans`"));
        };
        let languages = &self.site.languages;
        let Some(language) = languages.iter().find(|l| l.is(tag)) else {
            let is_main = self.site.language.eq_ignore_ascii_case(tag);
            let (message, help) = if is_main {
                let help = "the original is in it already; name another one of site.toml".to_owned();
                (format!("`{tag}` is the main language of the site"), help)
            } else {
                let near = nearest(tag, languages.iter().map(|l| l.tag.as_str()));
                let help = if near.is_empty() { format!("add `[languages.{tag}]` to site.toml") } else { near };
                (format!("the site is not published in `{tag}`"), help)
            };
            return Some(self.at("E0211", file, "language", tag, message).help(help));
        };
        let files = self.abroad.of.get(&thing_of(entry))?;
        let first = files.iter().find(|f| self.abroad.entry_of(f).is_some_and(|e| is_in(e, language)))?;
        (first != file).then(|| {
            let message = format!("{first} translates the same into `{tag}` already");
            let word = entry.common().translation_of.as_ref().map_or("", Id::as_str);
            self.at("E0211", file, "translation_of", word, message).help("take one of the two out")
        })
    }

    fn of_original(&self, file: &FileId, entry: &Entry) -> Option<Diagnostic> {
        let noun = Noun::of(entry);
        let Some(id) = &entry.common().translation_of else {
            let id = &entry.common().id;
            let other = self.catalogue.known(noun, id)?;
            let message = format!("{} is called `{id}` as well", other.common().file);
            return Some(Diagnostic::of("E0106", file, message).help("give one of the two files another name"));
        };
        let Some(original) = self.catalogue.known(noun, id) else {
            let chained = self.abroad.everything().find(|(_, e)| Noun::of(e) == noun && e.common().id == *id);
            if let Some(of) = chained.and_then(|(_, e)| e.common().translation_of.as_ref()) {
                let message = format!("`{id}` is a translation itself");
                return Some(
                    self.at("E0211", file, "translation_of", id.as_str(), message).help(format!("write `{of}`")),
                );
            }
            let (code, what) = match noun {
                Noun::Article => ("E0207", "article or deal"),
                Noun::Company => ("E0201", "company"),
                Noun::Person => ("E0202", "person"),
                Noun::Tag => ("E0203", "tag"),
                Noun::Thread => ("E0205", "thread"),
                Noun::Page => ("E0207", "page"),
            };
            let help = nearest(id.as_str(), self.catalogue.ids(noun).map(Id::as_str));
            let message = format!("no {what} is called `{id}`");
            return Some(self.at(code, file, "translation_of", id.as_str(), message).help(help));
        };
        if std::mem::discriminant(original) != std::mem::discriminant(entry) {
            let folder = original.common().file.folder().split('/').nth(1).unwrap_or_default().to_owned();
            let message = format!("`{id}` is no text of this folder");
            let help = format!("put the translation below content/{folder}/");
            return Some(self.at("E0211", file, "translation_of", id.as_str(), message).help(help));
        }
        let as_of = self.catalogue.audience().as_of;
        let is_public = |e: &Entry| e.common().standing(as_of) == Standing::Public;
        (is_public(entry) && !is_public(original)).then(|| {
            let message = format!("{} is hidden, and so is its translation", original.common().file);
            self.at("W0212", file, "translation_of", id.as_str(), message)
                .help("it appears together with the original; give it the same `draft`, `embargo` and `date`")
        })
    }

    /// What it refers to, and is nowhere.
    fn references(&self, file: &FileId, entry: &Entry) -> Vec<Diagnostic> {
        let (Entry::Article(a) | Entry::Deal(a)) = entry else { return Vec::new() };
        let a: &Article = a;
        let mut found = Vec::new();
        if a.deal.is_some() && a.common.translation_of.is_none() {
            let message = "a deal is opened in the main language, where its record is kept".to_owned();
            found.push(
                self.at("E0211", file, "deal", "deal", message).help("open it there, and name it here under `covers`"),
            );
        }
        let covered = a.covers.iter().chain(a.updates.iter().map(|u| &u.deal));
        let groups: [(&str, Noun, &str, Vec<&Id>); 4] = [
            ("authors", Noun::Person, "E0202", a.authors.iter().collect()),
            ("tags", Noun::Tag, "E0203", a.tags.iter().collect()),
            ("threads", Noun::Thread, "E0205", a.threads.iter().collect()),
            ("covers", Noun::Article, "E0204", covered.collect()),
        ];
        for (key, noun, code, ids) in groups {
            for id in ids.into_iter().filter(|id| !self.is_known(&(noun, (*id).clone()))) {
                let help = nearest(id.as_str(), self.catalogue.ids(noun).map(Id::as_str));
                found.push(self.at(code, file, key, id.as_str(), format!("nothing is called `{id}`")).help(help));
            }
        }
        found
    }

    fn is_known(&self, thing: &Thing) -> bool {
        self.catalogue.known(thing.0, &thing.1).is_some() || self.abroad.of.contains_key(thing)
    }

    /// Texts that the original's record does not have.
    fn rewordings(&self, file: &FileId, entry: &Entry) -> Vec<Diagnostic> {
        let thing = thing_of(entry);
        let Some(original) = self.catalogue.known(thing.0, &thing.1) else { return Vec::new() };
        let texts = super::merge::wordable(original);
        let strange = entry.common().wording.iter().filter(|(own, _)| !texts.contains(own));
        let told = strange.map(|(own, _)| {
            let help = nearest(own, texts.iter().map(String::as_str));
            self.at("E0211", file, "wording", own, format!("the record of the original does not say `{own}`"))
                .help(help)
        });
        told.collect()
    }

    fn old_addresses(&self, file: &FileId, entry: &Entry) -> Vec<Diagnostic> {
        let Some(language) = self.site.languages.iter().find(|l| is_in(entry, l)) else { return Vec::new() };
        let is_below = |a: &&String| a.strip_prefix(&*language.prefix).is_some_and(|rest| rest.starts_with('/'));
        let strange = entry.common().aliases.iter().filter(|a| !is_below(a));
        let told = strange.map(|alias| {
            let message = format!("`{alias}` is no address of this language");
            let help = format!("old addresses of a translation begin with `{}/`", language.prefix);
            self.at("E0211", file, "aliases", alias.trim_end_matches('/'), message).help(help)
        });
        told.collect()
    }
}
