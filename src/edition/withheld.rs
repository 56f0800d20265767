//! What nothing public may say: the names of what is hidden. For a last look at what goes on the air.

use super::Edition;
use crate::diagnostic::FileId;
use crate::model::Standing;
use std::collections::BTreeSet;

/// Fewest characters of a name that nobody else has by accident; half as many where they are Chinese.
const TELLING: usize = 16;

impl Edition {
    /// The titles and ids of hidden entries that no public entry has, with their files.
    #[must_use]
    pub fn withheld(&self) -> Vec<(FileId, String)> {
        let as_of = self.catalogue.audience().as_of;
        let (mut hidden, mut public) = (Vec::new(), BTreeSet::new());
        for (file, entry) in self.catalogue.everything().chain(self.foreign()) {
            let common = entry.common();
            let words = [common.title.as_str(), common.id.as_str()];
            if common.legible && common.standing(as_of) == Standing::Public {
                public.extend(words);
            } else if !self.catalogue.is_shown(common) {
                hidden.extend(words.map(|w| (file.clone(), w)));
            }
        }
        let is_telling = |w: &str| {
            let long = w.chars().count() + w.chars().filter(|c| !c.is_ascii()).count();
            long >= TELLING && w.contains([' ', '-']) | !w.is_ascii()
        };
        let told = |w: &str| public.iter().any(|p| p.contains(w));
        hidden.into_iter().filter(|(_, w)| is_telling(w) && !told(w)).map(|(f, w)| (f, w.to_owned())).collect()
    }
}
