//! The command line's arguments in, an exit code out.
#![allow(clippy::disallowed_methods, reason = "here the arguments come in")]

/// Printing a page is many small pieces of memory: an allocator that is made for them.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    dealwire::commands::run(std::env::args_os())
}
