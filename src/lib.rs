//! dealwire: a static site generator for business-news microsites about deals.
//!
//! Data flows down this list of modules and imports point up it; `tests/house.rs` holds it so.

pub mod diagnostic;
pub mod model;
pub mod site;
pub mod source;
pub mod entry;
pub mod catalogue;
pub mod pages;
pub mod render;
pub mod edition;
pub mod sink;
pub mod commands;
