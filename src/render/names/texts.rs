//! The texts of names, in order: which of them a text begins with.

use rustc_hash::FxHashMap;
use std::ops::Range;

/// A name, which several may have.
#[derive(Debug)]
struct Name {
    text: Box<str>,
    /// The longest of the others that it begins with.
    shorter: Option<usize>,
    /// Whose name it is, by their places.
    owners: Range<usize>,
}

/// All texts. What a text begins with is its predecessor in their order, or what that one begins with.
#[derive(Debug, Default)]
pub(super) struct Texts {
    all: Vec<Name>,
    /// Those with the same four first bytes.
    near: FxHashMap<[u8; 4], Range<usize>>,
}

impl Texts {
    /// Of names in order: those that are the same are the name of several.
    pub(super) fn of<'n>(sorted: impl Iterator<Item = &'n str>) -> Self {
        let mut texts = Self::default();
        for (owner, text) in sorted.enumerate() {
            let last = texts.all.len().checked_sub(1);
            let begins = |n: &usize| text.starts_with(&*texts.all[*n].text);
            let shorter = std::iter::successors(last, |n| texts.all[*n].shorter).find(begins);
            if let Some(same) = shorter.filter(|n| texts.all[*n].text.len() == text.len()) {
                texts.all[same].owners.end = owner + 1;
                continue;
            }
            let at = texts.all.len();
            if let Some(four) = text.as_bytes().first_chunk::<4>() {
                texts.near.entry(*four).or_insert(at..at).end = at + 1;
            }
            texts.all.push(Name { text: text.into(), shorter, owners: owner..owner + 1 });
        }
        texts
    }

    /// Does something with the length and the owners of every one that `text` begins with, the longest first.
    pub(super) fn each(&self, text: &[u8], mut then: impl FnMut(usize, Range<usize>)) {
        let near = text.first_chunk::<4>().and_then(|four| self.near.get(four)).cloned();
        let Range { start, end } = near.unwrap_or(0..self.all.len());
        let before = start + self.all[start..end].partition_point(|t| t.text.as_bytes() <= text);
        for n in std::iter::successors(before.checked_sub(1), |n| self.all[*n].shorter) {
            let name = &self.all[n];
            if text.starts_with(name.text.as_bytes()) {
                then(name.text.len(), name.owners.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str], text: &str) -> Vec<(usize, Range<usize>)> {
        let mut all = Vec::new();
        Texts::of(names.iter().copied()).each(text.as_bytes(), |length, owners| all.push((length, owners)));
        all
    }

    #[test]
    fn names_are_found_by_what_a_text_begins_with() {
        let names = ["HP", "HPE", "Nokia", "Nokia", "Nokia Bell", "Nokia Bell Labs", "Nokian", "诺基亚"];
        assert_eq!(found(&names, "Nokia Bell Labs x"), [(15, 5..6), (10, 4..5), (5, 2..4)]);
        assert_eq!(found(&names, "Nokia Bells"), [(10, 4..5), (5, 2..4)]);
        assert_eq!(found(&names, "Nokia"), [(5, 2..4)]);
        assert_eq!(found(&names, "Nokians"), [(6, 6..7), (5, 2..4)]);
        assert_eq!(found(&names, "HP and"), [(2, 0..1)]);
        assert_eq!(found(&names, "HPE and"), [(3, 1..2), (2, 0..1)]);
        assert_eq!(found(&names, "诺基亚的"), [(9, 7..8)]);
        for nothing in ["", "Noki", "nokia", "A", "诺", "H"] {
            assert_eq!(found(&names, nothing), [], "{nothing}");
        }
        assert_eq!(found(&[], "Nokia"), []);
    }
}
