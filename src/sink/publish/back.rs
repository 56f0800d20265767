//! Goes back to an edition that was live before. Makes a new edition of its files; what was taken back stays away.

use super::guard::check_owner;
use super::keys::Keys;
use super::patient::Patient;
use super::plan::{Plan, Wanted, kept_name};
use super::record::Record;
use super::run::Source;
use super::stop::Stop;
use super::store::{Layout, Store, failed};
use super::{Options, Outcome, act, read_live};
use crate::diagnostic::{Diagnostic, nearest};

/// Files of an edition that was live before.
struct Earlier<'a> {
    store: &'a dyn Store,
    layout: Layout,
    edition: &'a Record,
}

impl Source for Earlier<'_> {
    fn bytes(&self, path: &str) -> Result<Vec<u8>, Stop> {
        let keys = Keys::new(self.layout, self.edition.number);
        let file = self.edition.files.get(path);
        let key = match (self.layout, file) {
            (Layout::InPlace, Some(file)) => keys.kept(&kept_name(&file.stamp)),
            _ => keys.file(path),
        };
        let there = self.store.get(&key).map_err(|f| failed(self.store, &format!("`{path}` cannot be read"), &f))?;
        there.map(|t| t.bytes).ok_or_else(|| {
            let message = format!("`{path}` of edition {} is not kept at {}", self.edition.number, self.store.name());
            Stop::Failed(Diagnostic::bare("E1304", message).help("publish that edition from its sources"))
        })
    }
}

/// Makes a target show an earlier edition again, as a new one: the one before the live one, or the one with a number.
///
/// # Errors
/// E1309 when there is no such edition; else as [`super::publish`].
pub fn roll_back(
    store: &dyn Store,
    number: Option<u64>,
    site: &str,
    options: &Options,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Outcome, Stop> {
    let store = &Patient::new(store, options.pause);
    let layout = store.abilities().layout;
    let there = read_live(store)?.map(|t| t.0);
    let earlier = there.as_ref().map(|t| t.earlier.as_slice()).unwrap_or_default();
    let numbers: Vec<String> = earlier.iter().map(|e| e.number.to_string()).collect();
    let chosen = earlier.iter().find(|e| number.is_none_or(|n| n == e.number)).ok_or_else(|| {
        let message = match number {
            Some(n) => format!("edition {n} is not kept at {}", store.name()),
            None => format!("no earlier edition is kept at {}", store.name()),
        };
        let help = if numbers.is_empty() {
            "editions from before something was taken back are not kept: they still show it".to_owned()
        } else {
            nearest(&number.unwrap_or_default().to_string(), numbers.iter().map(String::as_str))
        };
        Stop::Refused(Diagnostic::bare("E1309", message).help(help))
    })?;
    let key = Keys::new(layout, chosen.number).edition(chosen.number);
    let there = store.get(&key).map_err(|f| failed(store, "the record of that edition cannot be read", &f))?;
    let edition = there.and_then(|t| Record::parse(&t.bytes).ok()).ok_or_else(|| {
        let message = format!("the record of edition {} is not at {} any more", chosen.number, store.name());
        Stop::Failed(Diagnostic::bare("E1304", message).help("publish that edition from its sources"))
    })?;
    let wanted = Wanted {
        site: site.to_owned(),
        instant: edition.instant,
        // It stands until somebody publishes: no timer puts back what was just taken away.
        next: None,
        files: edition.files.clone(),
        things: edition.things.clone(),
    };
    let guard = |_: &Plan, there: Option<&Record>| check_owner(store, &wanted, there, options);
    act(store, &wanted, &Earlier { store, layout, edition: &edition }, options, &guard, progress)
}
