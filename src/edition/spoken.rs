//! Whom texts name though no front matter refers to them: what is said of front matter alone is taken back there.

use super::Edition;
use crate::catalogue::Noun;
use crate::diagnostic::{Diagnostic, FileId};
use crate::model::{Entry, Id};
use crate::render::Names;
use std::collections::BTreeSet;

/// Companies and people.
pub type Named = BTreeSet<(Noun, Id)>;

/// Who is named in a file's text.
pub type Ask<'a> = &'a (dyn Fn(&FileId) -> Named + Sync);

/// Asks of many files, on as many threads as it likes.
pub type AskAll<'a> = dyn Fn(&[FileId], Ask<'_>) -> Named + 'a;

impl Edition {
    /// Takes back what is said of companies and people to whom no front matter refers (W0210), where a text names them:
    /// of hidden articles too, and in any language. Texts are read only where there is somebody to look for.
    pub fn hear(&self, findings: &mut Vec<Diagnostic>, each: &AskAll<'_>) {
        let thing = |f: &FileId| {
            let entry = self.entry_of(f)?;
            matches!(entry, Entry::Company(_) | Entry::Person(_)).then(|| (Noun::of(entry), entry.common().id.clone()))
        };
        let unreferred = |d: &Diagnostic| Some(d).filter(|d| d.code == "W0210").and_then(|d| thing(d.file.as_ref()?));
        let sought: Named = findings.iter().filter_map(unreferred).collect();
        if sought.is_empty() {
            return;
        }
        let automaton = Names::among(&self.catalogue, |noun, id| sought.contains(&(noun, id.clone())));
        let files: Vec<FileId> =
            self.catalogue.everything().map(|e| e.0).chain(self.foreign().map(|e| e.0)).cloned().collect();
        let ask = |file: &FileId| self.spoken_in(file, &automaton);
        let named = each(&files, &ask);
        findings.retain(|d| unreferred(d).is_none_or(|who| !named.contains(&who)));
    }

    /// Who of those with these names is named in a file's text: not in one's own.
    fn spoken_in(&self, file: &FileId, names: &Names) -> Named {
        let (Some(entry), Ok(bytes)) = (self.entry_of(file), self.texts.bytes(file)) else { return Named::new() };
        let text = bytes.get(entry.common().body..).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("");
        let own = (Noun::of(entry), &entry.common().id);
        let found = names.find(text, |noun, id| (noun, id) != own);
        found.into_iter().map(|m| (m.noun, m.id)).collect()
    }
}
