//! The presses of a site's further languages: the same files and pictures, other words.

use super::{Press, templates};
use crate::diagnostic::{Diagnostic, Severity};
use crate::locale::Locale;
use crate::model::Change;
use crate::site::Site;
use std::sync::Arc;

impl Press {
    /// With a press for each further language of the site.
    pub(super) fn with_languages(
        mut self,
        site: &Site,
        own: &[Change],
        asked: &[templates::Asked],
    ) -> Result<Self, Vec<Diagnostic>> {
        let (mut wrong, mut others) = (Vec::new(), Vec::new());
        for language in &site.languages {
            match self.in_language(&site.in_language(language), own, asked) {
                Ok(press) => others.push(press),
                Err(found) => wrong.extend(found),
            }
        }
        self.others = others;
        if wrong.is_empty() { Ok(self) } else { Err(wrong) }
    }

    /// The same for a further language.
    fn in_language(&self, site: &Site, own: &[Change], asked: &[templates::Asked]) -> Result<Self, Vec<Diagnostic>> {
        let keys: Vec<String> = asked.iter().map(|a| a.0.clone()).collect();
        let (words, told) = Locale::new(&site.language, own, &keys);
        let words = Arc::new(words);
        let (wrong, told): (Vec<_>, Vec<_>) = told.into_iter().partition(|d| d.severity() == Severity::Error);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let (tera, used) = templates::build(own, &words, asked)?;
        Ok(Self { tera, used, words, told, ..self.clone() })
    }
}
