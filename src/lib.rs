//! dealwire: a static site generator for business-news microsites about deals.
//!
//! A site is a value that answers questions. `source` reads the files, `entry` turns each into a typed entry or findings,
//! `catalogue` indexes what is public at the edition's instant, `pages` says which pages there are and what each shows,
//! `render` prints a view, `edition` is all of that as one `Shelf`, and a `sink` pulls from the shelf and writes. Nothing
//! rendered is kept, so nothing has to be invalidated: an edit costs the same in a site of any size.
//!
//! Data flows down this list of modules and imports point up it; `tests/house.rs` holds it so.

pub mod diagnostic;
pub mod model;
pub mod locale;
pub mod site;
pub mod source;
pub mod entry;
pub mod catalogue;
pub mod pages;
pub mod render;
pub mod edition;
pub mod sink;
pub mod commands;
