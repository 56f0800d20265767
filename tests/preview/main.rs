//! The live preview as the real binary serves it: closed to strangers, like a static host, and still there after storms.
//!
//! `DEALWIRE_PROGRAM` names another build of the program to be tested, a release build for instance.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test writes sites, starts the program and speaks to it over the network"
)]

mod closed;
mod crowds;
mod desk;
mod guide;
mod hosts;
mod letters;
mod moments;
mod paths;
mod saving;
mod server;
#[path = "../sites/mod.rs"]
mod sites;
mod storms;
