//! Puts an edition on the air: a plan, then a run, so that readers see the old edition or the new one and no page ever
//! refers to what is not there. Deletes only what an earlier record says is ours.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a sink: it sends, waits and keeps the time")]

mod amazon;
mod back;
mod bucket;
mod claim;
mod clock;
mod cloudfront;
mod files;
mod folder;
mod git;
mod guard;
mod keys;
mod links;
mod notices;
mod open;
mod packed;
mod patient;
mod plan;
mod record;
mod run;
mod sftp;
mod shown;
mod stop;
mod store;
mod tree;

pub use back::roll_back;
pub use notices::{changed, tell};
pub use open::{open, pause};
pub use plan::{Gone, Plan, Reason, Terms, Upload, Wanted};
pub use record::{Edition, File, Record};
pub use run::{Done, Source};
pub use shown::Shown;
pub use stop::Stop;
pub use store::{Head, Layout, Store};

use crate::diagnostic::Diagnostic;
use claim::Held;
use guard::{check_addresses, check_clock, check_deletions, check_owner};
use jiff::{SignedDuration, Timestamp};
use keys::{Keys, OURS};
use patient::Patient;
use plan::plan;
use run::Run;
use std::collections::BTreeSet;
use std::time::Duration;
use store::{Fault, Tag, failed};

/// The first pause before something is tried again.
const PAUSE: Duration = Duration::from_millis(200);

/// What a run may do, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Nothing is sent.
    pub dry_run: bool,
    /// So many deletions are meant.
    pub yes_delete: usize,
    /// What lies at the target belongs to this site from now on.
    pub adopt: bool,
    /// How many earlier editions are kept.
    pub keep: usize,
    /// How long fingerprinted files stay after their last use.
    pub grace: SignedDuration,
    /// The first pause before something is tried again; each one after it is twice as long.
    pub pause: Duration,
    /// What tells the time.
    pub clock: fn() -> Timestamp,
}

/// What came of it.
#[derive(Debug)]
pub enum Outcome {
    /// The target shows this edition already.
    Nothing,
    /// What a run would do.
    Planned(Plan),
    /// What was done.
    Done(Plan, Done),
}

/// Makes a target show an edition. `stays_away` says of a thing whose page is missing whether that is meant: whether it
/// is hidden rather than lost.
///
/// # Errors
/// See [`Stop`].
pub fn publish(
    store: &dyn Store,
    wanted: &Wanted,
    source: &dyn Source,
    options: &Options,
    stays_away: &dyn Fn(&str) -> bool,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Outcome, Stop> {
    let store = &Patient::new(store, options.pause);
    let guard = |plan: &Plan, there: Option<&Record>| {
        check_owner(store, wanted, there, options)?;
        check_deletions(plan, there, options)?;
        check_addresses(wanted, there, options, stays_away)
    };
    act(store, wanted, source, options, &guard, progress)
}

/// What keeps a plan from being carried out.
type Guard<'a> = &'a dyn Fn(&Plan, Option<&Record>) -> Result<(), Stop>;

/// Reads, plans and looks before anything is claimed; then claims, does both again, and runs.
fn act(
    store: &dyn Store,
    wanted: &Wanted,
    source: &dyn Source,
    options: &Options,
    guard: Guard<'_>,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Outcome, Stop> {
    if wanted.files.is_empty() {
        let message = "the edition has no files: publishing it would take the whole site away";
        return Err(Stop::Refused(Diagnostic::bare("E1301", message)));
    }
    let abilities = store.abilities();
    let now = (options.clock)();
    let planned = |unsure: BTreeSet<String>, there: Option<&Record>| {
        let terms = Terms { now, keep: options.keep, grace: options.grace, headers: abilities.headers, unsure };
        plan(wanted, there, &terms)
    };
    let there = read_live(store)?;
    check_clock(store, store.skew())?;
    let known = there.as_ref().map(|t| &t.0);
    let first = planned(unfinished(store)?, known);
    guard(&first, known)?;
    if options.dry_run {
        return Ok(if first.is_empty(known) { Outcome::Nothing } else { Outcome::Planned(first) });
    }
    if first.is_empty(known) {
        return Ok(Outcome::Nothing);
    }
    let claim =
        if abilities.claims { Some(Held::take(store, &Keys::new(abilities.layout, 0), options.clock)?) } else { None };
    let run = || {
        check_clock(store, claim.as_ref().and_then(|c| c.skew))?;
        // Somebody may have been here since.
        let there = read_live(store)?;
        let known = there.as_ref().map(|t| &t.0);
        let plan = planned(claim.as_ref().map(|c| c.unsure.clone()).unwrap_or_default(), known);
        guard(&plan, known)?;
        let there = there.as_ref().map(|(record, tag)| (record, tag.clone()));
        let claim = claim.as_ref();
        let done = Run { store, plan: &plan, source, there, claim, progress, clock: options.clock }.go()?;
        Ok(Outcome::Done(plan, done))
    };
    let done = run();
    match (done, claim) {
        (done, None) => done,
        (Ok(done), Some(claim)) => claim.release().map(|()| done),
        (Err(stop), Some(claim)) => {
            claim.leave();
            Err(stop)
        }
    }
}

/// The record of the live edition.
///
/// # Errors
/// When it cannot be read, or is none (E1302).
pub fn live(store: &dyn Store) -> Result<Option<Record>, Stop> {
    Ok(read_live(&Patient::new(store, PAUSE))?.map(|t| t.0))
}

fn read_live(store: &dyn Store) -> Result<Option<(Record, Option<Tag>)>, Stop> {
    let fault = |f: &Fault| failed(store, "the record of what is published cannot be read", f);
    let layout = store.abilities().layout;
    let number = match layout {
        Layout::InPlace => 0,
        Layout::Editions => match store.live().map_err(|f| fault(&f))? {
            Some(number) => number,
            None => return Ok(None),
        },
    };
    let key = Keys::new(layout, number).record();
    let Some(there) = store.get(&key).map_err(|f| fault(&f))? else { return Ok(None) };
    let record = Record::parse(&there.bytes).map_err(|why| {
        let message = format!("`{key}` at {} is no record of this program: {why}", store.name());
        Stop::Refused(Diagnostic::bare("E1302", message).help("publish to another place, or move that file away"))
    })?;
    Ok(Some((record, there.tag)))
}

/// What a run that has not ended may have written.
fn unfinished(store: &dyn Store) -> Result<BTreeSet<String>, Stop> {
    if !store.abilities().claims {
        return Ok(BTreeSet::new());
    }
    let there = store.get(&Keys::new(store.abilities().layout, 0).claim());
    let there = there.map_err(|f| failed(store, "the claim cannot be read", &f))?;
    Ok(there.and_then(|t| record::Claim::parse(&t.bytes).ok()).map(|c| c.writes).unwrap_or_default())
}
