//! `dealwire clean`: removes what a build wrote, and nothing else.

use super::{Common, Format, code, load, report};
use crate::sink::disk::{self, Refused};

/// Runs the command; returns its exit code.
pub fn run(c: &Common) -> u8 {
    let root = match load::root(c) {
        Ok(r) => r,
        Err(f) => return super::check::failed(&f, Format::Text, false),
    };
    let sources: Vec<_> = ["content", "templates", "static", "i18n"].iter().map(|d| root.join(d)).collect();
    match disk::clean(&root, &load::output(c, &root), &sources) {
        Ok(removed) => {
            if !c.quiet {
                report::tell(&format!("Removed {removed} files.\n"));
            }
            code::DONE
        }
        Err(r) => {
            report::write(&root, r.findings(), Format::Text, false);
            match r {
                Refused::Findings(_) => code::FINDINGS,
                Refused::Refusal(_) => code::REFUSED,
                Refused::Io(_) => code::IO,
            }
        }
    }
}
