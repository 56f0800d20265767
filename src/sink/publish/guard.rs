//! What a publisher is kept from doing by accident. Pure, but for looking whether a target is empty.

use super::Options;
use super::plan::{Plan, Wanted};
use super::record::Record;
use super::stop::Stop;
use super::store::{Store, failed};
use crate::diagnostic::Diagnostic;
use crate::model::Route;
use jiff::SignedDuration;

/// The largest difference between our clock and a target's.
const MOST_SKEW: SignedDuration = SignedDuration::from_secs(60);
/// So many deletions need to be confirmed.
const MOST_DELETIONS: usize = 100;

pub(super) fn check_owner(
    store: &dyn Store,
    wanted: &Wanted,
    there: Option<&Record>,
    options: &Options,
) -> Result<(), Stop> {
    let help = "publish to another place; to make what is there part of this site, add --adopt";
    let refuse = |message: String| Err(Stop::Refused(Diagnostic::bare("E1302", message).help(help)));
    match there {
        _ if options.adopt => Ok(()),
        Some(record) if record.site != wanted.site => {
            refuse(format!("{} shows {}, and this site is {}", store.name(), record.site, wanted.site))
        }
        Some(_) => Ok(()),
        None if store.is_empty().map_err(|f| failed(store, "the target cannot be listed", &f))? => Ok(()),
        None => refuse(format!("there is something at {} that this program did not publish", store.name())),
    }
}

pub(super) fn check_deletions(plan: &Plan, there: Option<&Record>, options: &Options) -> Result<(), Stop> {
    let (gone, all) = (plan.removed(), there.map_or(0, |t| t.files.len()));
    if gone <= options.yes_delete || !(gone > MOST_DELETIONS || gone * 5 > all) {
        return Ok(());
    }
    let message = format!("{gone} of {all} files would be deleted");
    let help = format!("`--dry-run` lists them; if that is meant, add `--yes-delete {gone}`");
    Err(Stop::Refused(Diagnostic::bare("E1301", message).help(help)))
}

/// A reader's bookmark leads somewhere, unless somebody has decided that it does not.
pub(super) fn check_addresses(
    wanted: &Wanted,
    there: Option<&Record>,
    options: &Options,
    stays_away: &dyn Fn(&str) -> bool,
) -> Result<(), Stop> {
    let things = there.map(|t| &t.things).into_iter().flatten();
    let lost: Vec<&String> = things
        .filter(|(name, route)| {
            let file = Route::parse(route).map(|r| r.file());
            file.is_some_and(|f| !wanted.files.contains_key(&f)) && !stays_away(name)
        })
        .map(|(_, route)| route)
        .collect();
    if lost.is_empty() || lost.len() <= options.yes_delete {
        return Ok(());
    }
    let few: Vec<String> = lost.iter().take(5).map(|r| format!("`{r}`")).collect();
    let more = if lost.len() > few.len() { format!(" and {} more", lost.len() - few.len()) } else { String::new() };
    let what = if lost.len() == 1 { "an address".to_owned() } else { format!("{} addresses", lost.len()) };
    let message = format!("{what} that readers know would lead nowhere: {}{more}", few.join(", "));
    let help = format!(
        "give the page that took its place `aliases: [{}]`; a page that is to be taken back gets `draft: true`; if all is \
         meant, add `--yes-delete {}`",
        lost[0],
        lost.len()
    );
    Err(Stop::Refused(Diagnostic::bare("E1307", message).help(help)))
}

/// E1305 where the target's clock is more than a minute before or behind ours.
pub(super) fn check_clock(store: &dyn Store, skew: Option<SignedDuration>) -> Result<(), Stop> {
    let Some(skew) = skew.filter(|s| s.abs() > MOST_SKEW) else { return Ok(()) };
    let (seconds, way) = (skew.as_secs().abs(), if skew.is_negative() { "behind" } else { "ahead of" });
    let message = format!("the clock of {} is {seconds} seconds {way} the one here", store.name());
    Err(Stop::Refused(Diagnostic::bare("E1305", message).help("set the clock: embargoes end by it")))
}
