//! The switches of `[outputs]`: which kinds of pages and files a site has.

use serde::Deserialize;

/// Which kinds of pages are made.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of site.toml")]
pub struct Outputs {
    /// Deal pages and the ledger.
    pub deals: bool,
    /// Tearsheets.
    pub companies: bool,
    /// People.
    pub people: bool,
    /// Tag pages.
    pub tags: bool,
    /// Threads.
    pub threads: bool,
    /// Years and months.
    pub archive: bool,
    /// Feeds besides the site's own.
    pub feeds: bool,
    /// Deals as CSV and JSON.
    pub data: bool,
    /// Pages about two tags together.
    pub pairs: bool,
    /// The news sitemap.
    pub news: bool,
    /// The page of corrections.
    pub corrections: bool,
    /// Articles and deals as Markdown.
    pub twins: bool,
    /// The page of search and its files.
    pub search: bool,
    /// The newsletters that were sent, as pages.
    pub newsletter: bool,
}

impl Default for Outputs {
    fn default() -> Self {
        Self {
            deals: true,
            companies: true,
            people: true,
            tags: true,
            threads: true,
            archive: true,
            feeds: true,
            data: true,
            pairs: true,
            news: true,
            corrections: true,
            twins: true,
            search: true,
            newsletter: true,
        }
    }
}
