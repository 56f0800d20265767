//! Publishing, to real servers: one list of promises, held against every kind of target.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test works on the disk and the network like a user"
)]

mod bucket;
mod cloudfront;
#[path = "../commands/desk.rs"]
#[allow(dead_code, reason = "shared with the tests of the other commands")]
mod desk;
mod faults;
mod folder;
mod git;
mod google;
mod host;
mod large;
mod promises;
mod proxy;
mod refusals;
mod servers;
mod sftp;
mod table;
