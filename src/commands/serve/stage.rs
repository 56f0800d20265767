//! What is previewed: one edition behind a lock, the same at other instants, and what is to be said about each page.

use super::guide::{self, Place};
use super::notes::Notes;
use crate::catalogue::Noun;
use crate::commands::{load, report};
use crate::diagnostic::{Diagnostic, FileId, Severity};
use crate::edition::Edition;
use crate::model::{Answer, Audience, Earlier, Entry, Route, Shelf, Standing};
use crate::sink::preview::{Bell, Stage};
use crate::source::{self, Live};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Most findings that a page is told of.
const MOST: usize = 200;
/// How many other instants are kept ready.
const JOURNEYS: usize = 2;

/// The preview of a site.
pub struct Preview {
    pub(super) root: PathBuf,
    pub(super) settings: FileId,
    live: Arc<Live>,
    edition: RwLock<Edition>,
    /// Counts the changes of the edition.
    edits: AtomicU64,
    /// The edition at other instants, with the count when each was made.
    journeys: Mutex<Vec<(u64, Timestamp, Arc<Edition>)>>,
    /// The site of the style guide, with the count when it was made; nothing before somebody asks for it.
    guide: Mutex<Option<(u64, Arc<Edition>)>>,
    notes: Mutex<Notes>,
    bell: Bell,
    /// The instant, where it stands still.
    fixed: Option<Timestamp>,
    /// The addresses of the site that was built last, by what stood there.
    pub(super) earlier: Earlier,
}

/// An edition as well as it can be printed, and the style guide below it.
struct InSight<'a>(&'a Edition, &'a Preview);

impl Shelf for InSight<'_> {
    fn routes(&self) -> Vec<Route> {
        self.0.routes()
    }

    fn ask(&self, route: &Route) -> Result<Answer, Diagnostic> {
        match self.0.ask_in_sight(route)? {
            Answer::Absent => {}
            found @ Answer::Found(_) => return Ok(found),
        }
        let Some(place) = guide_place(self.0, route) else { return Ok(Answer::Absent) };
        let guide = self.1.guide(self.0)?;
        match place {
            Place::Front => guide.guide(&guide::plan(&guide)).map(Answer::Found),
            Place::Inside(route) => guide.ask_in_sight(&route),
        }
    }
}

/// What a route at which an edition has nothing means to the style guide. A site that has a page of its own there has no
/// guide.
fn guide_place(edition: &Edition, route: &Route) -> Option<Place> {
    let place = guide::place(route)?;
    let is_free = |front: Route| matches!(edition.ask_in_sight(&front), Ok(Answer::Absent));
    (is_free(route.clone()) && guide::front().is_some_and(is_free)).then_some(place)
}

impl Preview {
    pub(super) fn new(
        root: PathBuf,
        settings: FileId,
        live: Arc<Live>,
        edition: Edition,
        is_fixed: bool,
        earlier: Earlier,
    ) -> Arc<Self> {
        let fixed = is_fixed.then(|| edition.catalogue().audience().as_of);
        Arc::new(Self {
            root,
            settings,
            live,
            edition: RwLock::new(edition),
            edits: AtomicU64::new(0),
            journeys: Mutex::default(),
            guide: Mutex::default(),
            notes: Mutex::default(),
            bell: Bell::default(),
            fixed,
            earlier,
        })
    }

    pub(super) fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn edition(&self) -> RwLockReadGuard<'_, Edition> {
        self.edition.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the edition, or puts another one in its place.
    pub(super) fn change(&self) -> RwLockWriteGuard<'_, Edition> {
        // Counted before as well: who reads for long sees that somebody waits.
        self.edits.fetch_add(1, Ordering::SeqCst);
        let edition = self.edition.write().unwrap_or_else(PoisonError::into_inner);
        self.edits.fetch_add(1, Ordering::SeqCst);
        edition
    }

    /// How often the edition has changed.
    pub(super) fn edits(&self) -> u64 {
        self.edits.load(Ordering::SeqCst)
    }

    pub(super) fn ring(&self) {
        self.bell.ring();
    }

    /// The instant of the edition now.
    pub(super) fn now(&self) -> Timestamp {
        self.fixed.unwrap_or_else(source::clock)
    }

    pub(super) fn is_fixed(&self) -> bool {
        self.fixed.is_some()
    }

    pub(super) fn base_path(&self) -> String {
        self.edition().site().base_path.clone()
    }

    pub(super) fn title(&self) -> String {
        self.edition().site().title.clone()
    }

    /// Every finding that is known by now.
    pub(super) fn findings(&self) -> Vec<Diagnostic> {
        let entries: Vec<Diagnostic> = self.edition().entry_findings().cloned().collect();
        self.notes().all(&entries)
    }

    /// The site of the style guide in the dress of an edition.
    fn guide(&self, edition: &Edition) -> Result<Arc<Edition>, Diagnostic> {
        let edits = self.edits();
        let mut known = self.guide.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, guide)) = known.as_ref().filter(|g| g.0 == edits) {
            return Ok(Arc::clone(guide));
        }
        let guide = Arc::new(guide::edition(edition)?);
        *known = Some((edits, Arc::clone(&guide)));
        Ok(guide)
    }

    /// What a page of the style guide is: drafts and their like say so, as on the site itself.
    fn strip_of_guide(&self, edition: &Edition, place: &Place) -> Value {
        let made = json!({"standing": "generated", "reason": "The style guide: the preview alone has it, no build."});
        let (Place::Inside(route), Ok(guide)) = (place, self.guide(edition)) else { return made };
        let entry = guide.file_at(route).and_then(|file| guide.entry_of(&file).cloned());
        let Some(entry) = entry else { return made };
        match standing(&guide, &entry, guide.catalogue().audience().as_of) {
            ("public", ..) => made,
            (standing, reason, when) => {
                let zone = &edition.site().zone;
                let (shown, iso) = (when.map(|t| spelt(t, zone)), when.map(|t| crate::pages::iso(t, zone)));
                json!({"standing": standing, "reason": reason, "when": iso, "when_text": shown})
            }
        }
    }

    /// The edition as readers would get it at an instant.
    fn journey(&self, as_of: &str) -> Result<Arc<Edition>, String> {
        let edition = self.edition();
        let (edits, zone) = (self.edits(), edition.site().zone.clone());
        let as_of = load::read_instant(as_of, &zone).map_err(|d| format!("{}; {}", d.message, d.help))?;
        let mut journeys = self.journeys.lock().unwrap_or_else(PoisonError::into_inner);
        journeys.retain(|j| j.0 == edits);
        if let Some(there) = journeys.iter().find(|j| j.1 == as_of) {
            return Ok(Arc::clone(&there.2));
        }
        let there = edition.seen_by(Audience { as_of, drafts: false }).map_err(|d| d.message)?;
        let there = Arc::new(there);
        if journeys.len() == JOURNEYS {
            journeys.remove(0);
        }
        journeys.push((edits, as_of, Arc::clone(&there)));
        Ok(there)
    }

    /// What a page is, and why readers see it or do not.
    fn strip(&self, route: Option<&Route>, as_of: Timestamp) -> Value {
        let edition = self.edition();
        let zone = &edition.site().zone;
        let Some(route) = route else {
            return json!({"standing": "absent", "reason": "This address is not of this site."});
        };
        if let Some(place) = guide_place(&edition, route) {
            return self.strip_of_guide(&edition, &place);
        }
        let Some(file) = edition.file_at(route) else {
            let is_there = !matches!(edition.ask_in_sight(route), Ok(Answer::Absent));
            return if is_there {
                json!({"standing": "generated", "reason": "Made from other files, for everybody to see."})
            } else {
                json!({"standing": "absent", "reason": "No file has this address."})
            };
        };
        let Some(entry) = edition.entry_of(&file) else {
            return json!({"file": file.path(), "standing": "public", "reason": "Published with the text that refers to it."});
        };
        let (standing, reason, when) = standing(&edition, entry, as_of);
        let iso = |t: Timestamp| crate::pages::iso(t, zone);
        json!({
            "file": file.path(), "standing": standing, "reason": reason, "when": when.map(iso), "when_text": when.map(|t| spelt(t, zone)),
            "kept": self.live.is_kept(&file),
        })
    }
}

/// An instant in words, in a zone.
fn spelt(t: Timestamp, zone: &TimeZone) -> String {
    let name = zone.iana_name().map_or_else(String::new, |n| format!(" ({n})"));
    format!("{}{name}", t.to_zoned_datetime(zone.clone()).strftime("%-d %B %Y, %H:%M"))
}

/// One word, one sentence, and the instant that matters.
fn standing(edition: &Edition, entry: &Entry, as_of: Timestamp) -> (&'static str, String, Option<Timestamp>) {
    let noun = Noun::of(entry);
    if !entry.common().legible {
        return ("absent", "It is not shown: its front matter has errors.".to_owned(), None);
    }
    match entry.common().standing(as_of) {
        Standing::Draft => ("draft", "Readers do not see it: it says `draft: true`.".to_owned(), None),
        Standing::Embargoed(t) => ("embargoed", "Readers do not see it yet: it is under embargo.".to_owned(), Some(t)),
        Standing::Scheduled(t) => ("scheduled", "Readers do not see it yet: its date is to come.".to_owned(), Some(t)),
        Standing::Expired(t) => ("expired", "Readers do not see it any more: it has expired.".to_owned(), Some(t)),
        Standing::Public if edition.is_spoken_of(noun, &entry.common().id, as_of, 0) => {
            ("public", "Readers see it.".to_owned(), None)
        }
        Standing::Public => ("unmentioned", "Readers do not see it yet: nothing public speaks of it.".to_owned(), None),
    }
}

impl Stage for Preview {
    fn show(&self, as_of: Option<&str>, look: &mut dyn FnMut(&dyn Shelf, &str)) -> Result<(), String> {
        match as_of {
            None => {
                let edition = self.edition();
                look(&InSight(&edition, self), &edition.site().base_path);
            }
            Some(as_of) => {
                let edition = self.journey(as_of)?;
                look(&InSight(&edition, self), &edition.site().base_path);
            }
        }
        Ok(())
    }

    fn remarks(&self, route: Option<&Route>, as_of: Option<&str>) -> Value {
        let travelled = as_of.and_then(|a| self.journey(a).ok());
        let instant = travelled.as_ref().map_or_else(|| self.now(), |e| e.catalogue().audience().as_of);
        let (file, printed) = {
            let edition = self.edition();
            let file = route.and_then(|r| edition.file_at(r));
            // What printing this page finds now is newer than the last check of everything.
            let printed = match route.map(|r| InSight(&edition, self).ask(r)) {
                Some(Ok(Answer::Found(output))) => output.findings,
                Some(Err(d)) => vec![d],
                _ => Vec::new(),
            };
            let is_kept = file.as_ref().is_some_and(|f| self.live.is_kept(f));
            (file, if is_kept { Vec::new() } else { printed })
        };
        let mut all = self.findings();
        for d in printed.into_iter().filter(|d| d.code != "E1204") {
            if !all.contains(&d) {
                all.push(d);
            }
        }
        let is_here = |d: &Diagnostic| d.file.is_some() && d.file == file || d.code.starts_with("E11");
        let errors = all.iter().filter(|d| d.severity() == Severity::Error).count();
        let (total, checking) = (all.len(), !self.notes().is_checked);
        all.sort_by_key(|d| (!is_here(d), d.severity() == Severity::Warning));
        let findings: Vec<Value> = all
            .iter()
            .take(MOST)
            .map(|d| {
                let mut shown = report::shown(&self.root, d);
                shown["here"] = is_here(d).into();
                shown
            })
            .collect();
        let (zone, drafts) = {
            let edition = self.edition();
            (edition.site().zone.clone(), edition.catalogue().audience().drafts)
        };
        json!({
            "as_public": !drafts,
            "as_of": travelled.map(|_| crate::pages::iso(instant, &zone)),
            "strip": self.strip(route, instant),
            "errors": errors, "warnings": total - errors, "checking": checking,
            "findings": findings, "more": total.saturating_sub(MOST),
        })
    }

    fn bell(&self) -> &Bell {
        &self.bell
    }
}
