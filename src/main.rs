//! The command line's arguments in, an exit code out.
#![allow(clippy::disallowed_methods, reason = "here the arguments come in")]

/// Printing a page is many small pieces of memory: an allocator that is made for them.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    // Huge pages are filled with zeros whole and used in part: without them, a build takes a tenth less. It is as well
    // where this cannot be set.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    dealwire::commands::run(std::env::args_os())
}
