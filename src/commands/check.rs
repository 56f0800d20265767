//! `dealwire check`: every mistake of every file, and of everything that would be printed. Writes nothing.

use super::load::{self, Failed, Loaded};
use super::{Common, Format, code, report};
use crate::diagnostic::{Diagnostic, FileId};
use crate::edition::Ask;
use crate::model::{Answer, Shelf};
use crate::sink::disk;
use crate::source::ROUND;
use rayon::prelude::*;

/// Runs the command; returns its exit code.
pub fn run(c: &Common, strict: bool, format: Format) -> u8 {
    load::threaded(c, || match load::load(c) {
        Err(f) => failed(&f, format, strict),
        Ok(loaded) => {
            let findings = everything(&loaded, c);
            let code = report::write(&loaded.root, &findings, format, strict);
            if format == Format::Text && !c.quiet {
                let pages = loaded.edition.documents();
                report::tell(&format!("Checked {pages} pages: {}.\n", report::tally(&findings)));
            }
            code
        }
    })
}

/// Reports why a site could not be read.
pub fn failed(f: &Failed, format: Format, strict: bool) -> u8 {
    let code = report::write(&f.root, &f.findings, format, strict);
    if code == code::DONE { code } else { f.code }
}

/// Takes back what texts refute.
pub fn hear(loaded: &Loaded, findings: &mut Vec<Diagnostic>) {
    let all = |files: &[FileId], ask: Ask<'_>| {
        files.par_iter().with_max_len(ROUND).for_each(ask);
    };
    loaded.edition.hear(findings, &all, &|| true);
}

/// What is wrong with files, with what they say of each other, and with what is printed.
pub fn everything(loaded: &Loaded, c: &Common) -> Vec<Diagnostic> {
    let out = load::output(c, &loaded.root);
    let earlier = disk::Manifest::earlier(&out).unwrap_or_default();
    let mut findings = loaded.edition.findings(&earlier);
    hear(loaded, &mut findings);
    findings.extend(loaded.edition.ahead().unwrap_or_else(|d| vec![d]));
    let routes = loaded.edition.routes();
    if !findings.iter().any(|f| f.code == "E0805") {
        // Two things at one address are two at one file as well: said once.
        findings.extend(disk::check_names(&routes));
    }
    let printed: Vec<Diagnostic> = routes
        .par_iter()
        .with_max_len(ROUND)
        .filter(|route| loaded.edition.speaks(route))
        .flat_map_iter(|route| match loaded.edition.ask(route) {
            Ok(Answer::Found(output)) => output.findings,
            Ok(Answer::Absent) => Vec::new(),
            Err(d) => vec![d],
        })
        .collect();
    findings.extend(printed);
    // An image of which something was made already has been looked at.
    let made = disk::Manifest::read(&out).ok().flatten().map(|m| m.files).unwrap_or_default();
    let proofs = loaded.edition.proofs();
    let unproven = proofs.par_iter().filter(|route| !made.contains_key(&route.file()));
    findings.extend(unproven.filter_map(|route| loaded.edition.proof(route)).collect::<Vec<_>>());
    findings.sort_by_cached_key(Diagnostic::sort_key);
    findings.dedup();
    findings
}
