//! Every subcommand, option and exit code of the real binary, in the way a stranger would meet them.
#![allow(clippy::disallowed_methods, reason = "a test works on the disk like a user")]

mod asking;
mod building;
mod desk;
mod starting;
mod terminal;
mod typing;
