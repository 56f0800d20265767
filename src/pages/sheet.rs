//! Numbered sheets of long lists, counted from the oldest so that an addition never shifts them. Knows no pages.

/// One sheet of a list: the head with the newest items, or an older one by its number, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sheet(Option<usize>);

impl Sheet {
    /// The newest items.
    pub const HEAD: Self = Self(None);

    /// An older sheet, from 1.
    #[must_use]
    pub const fn older(number: usize) -> Self {
        Self(Some(number))
    }

    /// The number of an older sheet.
    #[must_use]
    pub const fn number(self) -> Option<usize> {
        self.0
    }

    /// Which items stand on the sheet, counted from the oldest: `from..to`. `None` when there is no such sheet.
    #[must_use]
    pub fn range(self, total: usize, size: usize) -> Option<(usize, usize)> {
        let olds = olds(total, size);
        match self.0 {
            None => Some((olds * size, total)),
            Some(n) if n >= 1 && n <= olds => Some(((n - 1) * size, n * size)),
            Some(_) => None,
        }
    }

    /// The sheet with the next older items.
    #[must_use]
    pub fn back(self, total: usize, size: usize) -> Option<Self> {
        match self.0 {
            None => Some(olds(total, size)).filter(|n| *n > 0).map(Self::older),
            Some(n) => (n > 1).then(|| Self::older(n - 1)),
        }
    }

    /// The sheet with the next newer items.
    #[must_use]
    pub fn forth(self, total: usize, size: usize) -> Option<Self> {
        self.0.map(|n| if n >= olds(total, size) { Self::HEAD } else { Self::older(n + 1) })
    }
}

/// How many full sheets lie behind the head, which holds `size` to `2 * size - 1` items of a long list.
fn olds(total: usize, size: usize) -> usize {
    (total / size).saturating_sub(1)
}

/// Every sheet, the head first.
pub fn all(total: usize, size: usize) -> impl Iterator<Item = Sheet> {
    std::iter::once(Sheet::HEAD).chain((1..=olds(total, size)).map(Sheet::older))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_on_one_sheet_and_old_sheets_never_move() {
        for size in 1..6 {
            let mut before: Vec<(Sheet, (usize, usize))> = Vec::new();
            for total in 0..40 {
                let now: Vec<_> = all(total, size).map(|s| (s, s.range(total, size).expect("listed"))).collect();
                let mut covered: Vec<usize> = now.iter().flat_map(|(_, (a, b))| *a..*b).collect();
                covered.sort_unstable();
                assert_eq!(covered, (0..total).collect::<Vec<_>>());
                for old in before.iter().skip(1) {
                    assert!(now.contains(old), "{total} {size}");
                }
                for (sheet, _) in &now {
                    assert_eq!(
                        sheet.back(total, size).and_then(|b| b.forth(total, size)),
                        sheet.back(total, size).map(|_| *sheet)
                    );
                }
                before = now;
            }
        }
    }
}
