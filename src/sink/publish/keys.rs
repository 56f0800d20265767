//! Under which keys the files of a site and ours lie at a target.

use super::store::Layout;

/// What the keys of the program's own files begin with, where the site's files lie beside them.
pub(super) const OURS: &str = ".dealwire/";

/// Whether a key is that of a record or of the claim rather than of a file of a site.
pub(super) fn is_record(layout: Layout, key: &str) -> bool {
    match layout {
        Layout::InPlace => key.starts_with(OURS) && key.ends_with(".json"),
        Layout::Editions => !key.strip_prefix("editions/").is_some_and(|rest| rest.contains('/')),
    }
}

/// The keys of a target.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    layout: Layout,
    /// The edition that is written.
    pub number: u64,
}

impl Keys {
    /// Of a layout, for an edition.
    #[must_use]
    pub const fn new(layout: Layout, number: u64) -> Self {
        Self { layout, number }
    }

    /// The claim.
    #[must_use]
    pub fn claim(&self) -> String {
        self.ours("claim.json")
    }

    /// Where the record of the live edition is, or will be.
    #[must_use]
    pub fn record(&self) -> String {
        match self.layout {
            Layout::InPlace => self.ours("manifest.json"),
            Layout::Editions => self.edition(self.number),
        }
    }

    /// The record of an edition that can be gone back to.
    #[must_use]
    pub fn edition(&self, number: u64) -> String {
        self.ours(&format!("editions/{number}.json"))
    }

    /// A file of the edition that is written.
    #[must_use]
    pub fn file(&self, path: &str) -> String {
        self.file_of(self.number, path)
    }

    /// A file of an edition.
    #[must_use]
    pub fn file_of(&self, number: u64, path: &str) -> String {
        match self.layout {
            Layout::InPlace => path.to_owned(),
            Layout::Editions => format!("editions/{number}/{path}"),
        }
    }

    /// A replaced file that is kept.
    #[must_use]
    pub fn kept(&self, digest: &str) -> String {
        self.ours(&format!("kept/{digest}"))
    }

    fn ours(&self, key: &str) -> String {
        match self.layout {
            Layout::InPlace => format!("{OURS}{key}"),
            Layout::Editions => key.to_owned(),
        }
    }
}
