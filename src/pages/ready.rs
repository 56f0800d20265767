//! What is made once before pages are viewed, and what only printing adds: how both stand in a view. Prints nothing.

use super::shapes::Link;
use super::{Form, Page, Syntax};
use crate::catalogue::Noun;
use crate::model::{Common, Id, Route};
use serde::Serialize;
use std::sync::Arc;

/// Whom a text names, of those who are sought.
pub type Whom<'a> = &'a dyn Fn(&dyn Fn(Noun, &Id) -> bool) -> Vec<(Noun, Id)>;

/// What has been made before pages are viewed, and what their templates need. Says nothing of what pages show.
pub trait Ready: Sync {
    /// The page at a route.
    fn page(&self, _route: &Route) -> Option<&Page> {
        None
    }
    /// The link to a thing, where readers may know of it.
    fn link(&self, _noun: Noun, _id: &Id) -> Option<Link<'_>> {
        None
    }
    /// The same, as templates get it.
    fn link_shape(&self, _noun: Noun, _id: &Id) -> Option<&dyn erased_serde::Serialize> {
        None
    }
    /// The route of a page.
    fn route(&self, _page: &Page) -> Option<&Route> {
        None
    }
    /// An article's card.
    fn card(&self, _article: &Id) -> Option<&dyn erased_serde::Serialize> {
        None
    }
    /// A deal's tombstone.
    fn tombstone(&self, _deal: &Id) -> Option<&dyn erased_serde::Serialize> {
        None
    }
    /// The parties of a deal.
    fn parties(&self, _deal: &Id) -> Option<&dyn erased_serde::Serialize> {
        None
    }
    /// An article's entry of a feed, as bytes.
    fn feed_entry(&self, _article: &Id, _syntax: Syntax) -> Option<&[u8]> {
        None
    }
    /// A deal's row of a table, as bytes.
    fn row(&self, _deal: &Id, _form: Form) -> Option<&[u8]> {
        None
    }
    /// How cards look, as a digest: their design and their fonts.
    #[expect(clippy::unnecessary_literal_bound, reason = "what is ready says it in words of its own")]
    fn look(&self) -> &str {
        ""
    }
    /// Whether the site's own card is drawn: it has no other picture.
    fn draws_site(&self) -> bool {
        false
    }
    /// Whether the site has a file of its own at a path, which then stands there.
    fn has_own(&self, _path: &str) -> bool {
        false
    }
    /// Takes note of a text that is printed, and may ask whom it names.
    fn overhear(&self, _noun: Noun, _common: &Common, _whom: Whom<'_>) {}
    /// Whether a template uses a value.
    fn wants(&self, _template: &str, _value: &str) -> bool {
        true
    }
}

/// Nothing is ready, and everything is needed.
impl Ready for () {}

/// A shape on a page: made for it, or made before for all pages that show it.
#[derive(Clone)]
pub enum Shown<'a, T> {
    /// Made for this page.
    Fresh(Box<T>),
    /// Made before.
    Made(&'a dyn erased_serde::Serialize),
}

impl<T: Default> Default for Shown<'_, T> {
    fn default() -> Self {
        Self::Fresh(Box::default())
    }
}

impl<T: std::fmt::Debug> std::fmt::Debug for Shown<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Fresh(shape) => shape.fmt(f),
            Self::Made(_) => f.write_str("Made"),
        }
    }
}

impl<T: Serialize> Serialize for Shown<'_, T> {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Fresh(shape) => shape.serialize(s),
            Self::Made(shape) => erased_serde::serialize(*shape, s),
        }
    }
}

/// The place of a value that only printing can know.
#[derive(Clone, Default)]
pub struct Printed(Option<Arc<dyn erased_serde::Serialize + Send + Sync>>);

impl Printed {
    /// A value.
    #[must_use]
    pub fn of(value: impl Serialize + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(value)))
    }
}

impl std::fmt::Debug for Printed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "Printed" } else { "Unprinted" })
    }
}

impl Serialize for Printed {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(value) => erased_serde::serialize(&**value, s),
            None => s.serialize_none(),
        }
    }
}
