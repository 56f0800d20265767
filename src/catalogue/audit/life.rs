//! The life of a deal over more than one file: steps that other articles add, days to come, the post of an appointee.

use super::Audit;
use crate::catalogue::Noun;
use crate::diagnostic::FileId;
use crate::model::{Article, Date, Deal, Entry, Id, Kind, Role, State, Step, Who};
use jiff::Timestamp;

impl Audit<'_> {
    /// What will not have happened when the file becomes public. Of a draft nobody knows when that is.
    pub(super) fn future(&mut self, file: &FileId, a: &Article, edition: Timestamp) {
        if a.common.draft {
            return;
        }
        let seen = a.common.embargo.into_iter().chain(a.common.date).fold(edition, Timestamp::max);
        if a.updated.is_some_and(|u| u > seen) {
            let when = if seen == edition { "after the edition's instant" } else { "after it becomes public" };
            self.find_key("E0801", file, "updated", format!("the article was updated {when}")).help =
                "an edition cannot know the future: set `updated` to a time that has passed".to_owned();
        }
        let day = seen.to_zoned_datetime(self.c.zone.clone()).date();
        let own = a.deal.iter().flat_map(|d| &d.steps).chain(a.updates.iter().map(|u| &u.step));
        for step in own.filter(|s| s.date.first() > day) {
            let message = format!("`{}` is dated {}, after the edition's day", step.state.word(), step.date.human());
            self.place("E0503", file, Some(step.place), message).help =
                "use `expected_close` for what has not happened yet".to_owned();
        }
    }

    /// A step that an article adds to a deal must fit those that the deal's own record has.
    pub(super) fn updates(&mut self, file: &FileId, a: &Article) {
        for update in &a.updates {
            let Some(Entry::Article(opener) | Entry::Deal(opener)) = self.c.known(Noun::Article, &update.deal) else {
                continue;
            };
            let Some(deal) = opener.deal.clone() else { continue };
            let new = &update.step;
            if let Some((code, message)) = deal.steps.iter().find_map(|s| clash(s, new, &update.deal)) {
                self.place(code, file, Some(new.place), message).help =
                    format!("{known} says otherwise: correct the one that is wrong", known = opener.common.file);
            } else if new.state == State::Unwound && !self.has_closed(&deal) {
                let message = format!("only a closed deal can be unwound, and `{}` has not closed", update.deal);
                self.place("E0502", file, Some(new.place), message).help =
                    "record the closing first, in the deal's `status` or with `updates`".to_owned();
            }
            if let Some(message) = deal.kind.refuses(new.state) {
                self.place("E0507", file, Some(new.place), message).help = deal.kind.states_help();
            }
        }
    }

    /// Whether anybody recorded that a deal closed, in public or not.
    fn has_closed(&self, deal: &Deal) -> bool {
        let files = self.c.covering.get(&deal.id).into_iter().flatten();
        let updates = files.filter_map(|f| match self.c.entry_of(f) {
            Some(Entry::Article(a) | Entry::Deal(a)) => Some(&a.updates),
            _ => None,
        });
        let added = updates.flatten().filter(|u| u.deal == deal.id).map(|u| &u.step);
        deal.steps.iter().chain(added).any(|s| s.state == State::Closed)
    }

    /// An appointee has a post at the employer from the day of the appointment, or from a later one.
    pub(super) fn post(&mut self, file: &FileId, deal: &Deal, who: &Who) {
        let Who::Person(id) = who else { return };
        let Some(Entry::Person(person)) = self.c.known(Noun::Person, id) else { return };
        if deal.kind != Kind::Appointment {
            return;
        }
        let employer = deal.parties.iter().find(|p| p.roles.contains(&Role::Employer));
        let Some(Who::Company(employer)) = employer.map(|p| &p.who) else { return };
        let first = deal.steps.iter().filter(|s| s.state != State::Rumoured).map(|s| s.date).min_by_key(|d| d.first());
        let last = deal.steps.last().map(|s| s.date);
        let before = |a: Option<Date>, b: Option<Date>| a.zip(b).is_some_and(|(a, b)| a.is_before(b));
        let mut posts = person.posts.iter().filter(|p| p.company == *employer);
        if !posts.any(|p| !before(p.to, last) && !before(p.from, first)) {
            let message = format!("`{id}` has no post at `{employer}` from that date");
            let span = self.places.find_in(file, &["parties"], id.as_str());
            self.place("W0702", file, span, message).help = format!("add the post to content/people/{id}.md");
        }
    }
}

/// Why a new step cannot stand beside one that is known.
fn clash(known: &Step, new: &Step, deal: &Id) -> Option<(&'static str, String)> {
    let (name, word) = (new.state.word(), known.state.word());
    let (rank, known_rank) = (new.state.rank(), known.state.rank());
    if new.state == State::Unwound && known.state == State::Closed {
        (new.date.is_before(known.date)).then(|| ("E0501", format!("`{name}` is dated before `{word}`")))
    } else if known.state.is_end() && known.state != new.state && !new.date.is_before(known.date) {
        Some(("E0502", format!("nothing can follow `{word}`, which `{deal}` has reached")))
    } else if known_rank < rank && new.date.is_before(known.date) {
        Some(("E0501", format!("`{name}` is dated before `{word}`")))
    } else if known_rank > rank && known.date.is_before(new.date) {
        Some(("E0501", format!("`{name}` cannot come after `{word}`")))
    } else {
        None
    }
}
