//! The preview in a real browser: what somebody sees who saves a file, with chromium driven over its debugging protocol.
#![allow(clippy::disallowed_methods, reason = "a test works on the disk and the network like a user")]

mod chrome;
mod desk;
mod tab;

mod ahead;
mod corners;
mod everyone;
mod faults;
mod guide;
mod languages;
mod ledger;
mod looks;
mod morphing;
mod pages;
mod search;
mod snapshots;
mod standings;
mod updates;
