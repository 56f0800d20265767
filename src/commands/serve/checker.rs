//! Looks for what only shows when everything is printed, while nobody saves anything.

use super::stage::Preview;
use crate::diagnostic::{Diagnostic, FileId};
use crate::edition::Ask;
use crate::model::Answer;
use crate::sink::disk;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// The least and the most time without a change before a check begins.
const IDLE: [Duration; 2] = [Duration::from_millis(120), Duration::from_secs(5)];

/// Runs for as long as the program does; whoever changed something sends on `woken`.
pub(super) fn run(preview: &Preview, woken: &Receiver<()>, quiet: bool) {
    let mut idle = IDLE[0];
    loop {
        // Until nothing has changed for a while.
        loop {
            match woken.recv_timeout(idle) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        let start = Instant::now();
        let edits = preview.edits();
        if let Some(found) = check(preview, edits) {
            // The longer it takes, the longer somebody has to pause.
            idle = (start.elapsed() / 4).clamp(IDLE[0], IDLE[1]);
            preview.notes().checked(found);
            let all = preview.findings();
            if !quiet {
                preview.notes().say(&preview.root, &all);
            }
            preview.ring();
            if woken.recv().is_err() {
                return;
            }
        } else {
            idle = (idle * 2).min(IDLE[1]);
        }
    }
}

/// Everything that is found; nothing where the edition changed meanwhile.
fn check(preview: &Preview, edits: u64) -> Option<Vec<Diagnostic>> {
    // Whoever saves something waits for nobody's reading: it is broken off.
    let goes_on = || preview.edits() == edits;
    let (mut found, mut routes) = preview.edition().examine(&preview.earlier, &goes_on)?;
    let ask_all = |files: &[FileId], ask: Ask<'_>| files.iter().take_while(|_| goes_on()).for_each(ask);
    preview.edition().hear(&mut found, &ask_all, &goes_on);
    routes.sort();
    if !found.iter().any(|f| f.code == "E0805") {
        found.extend(disk::check_names(&routes));
    }
    for route in routes {
        if !goes_on() {
            return None;
        }
        if !preview.edition().speaks(&route) {
            continue;
        }
        match preview.edition().ask_in_sight(&route) {
            Ok(Answer::Found(output)) => found.extend(output.findings),
            Ok(Answer::Absent) => {}
            Err(d) => found.push(d),
        }
    }
    let proofs = preview.edition().proofs();
    for route in proofs {
        if !goes_on() {
            return None;
        }
        found.extend(preview.edition().proof(&route));
    }
    // A file that changed in this moment is taken in soon.
    let is_over = !goes_on() || found.iter().any(|d| d.code == "E1204" && d.message.contains("changed"));
    found.sort_by_cached_key(Diagnostic::sort_key);
    found.dedup();
    (!is_over).then_some(found)
}
