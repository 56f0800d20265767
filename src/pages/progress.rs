//! How far deals have come: the stations of one, and the turning points of several on an axis. Draws nothing.

use super::shapes::Day;
use super::{Atlas, Page};
use crate::locale::Locale;
use crate::model::{Article, Date, Deal, Kind, State, Step};
use jiff::civil;
use serde::Serialize;
use std::sync::Arc;

/// Deals on the axis of a story, the newest.
const LANES: usize = 12;

/// A state of a deal, reached or still ahead.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Station {
    /// The state's word in front matter.
    pub state: &'static str,
    /// The state.
    pub label: String,
    /// When it was reached, or what is known of when it will be.
    pub date: String,
    /// The same in few letters.
    pub short: String,
    /// Whether it has been reached.
    pub reached: bool,
    /// Whether the deal came to nothing, or was undone.
    pub off: bool,
}

/// The way of a deal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StatusLine {
    /// In order.
    pub stations: Vec<Station>,
    /// Where it stands, in words.
    pub text: String,
}

/// A turning point on the axis.
#[derive(Clone, Debug, Serialize)]
pub struct Point {
    /// The state's word in front matter.
    pub state: &'static str,
    /// What happened.
    pub label: String,
    /// When.
    pub date: Day,
    /// The same in few letters.
    pub short: String,
    /// Whether it has happened.
    pub reached: bool,
    /// Whether the deal came to nothing, or was undone.
    pub off: bool,
    /// The first and the last day that the date can mean.
    #[serde(skip)]
    pub span: (civil::Date, civil::Date),
}

/// A deal on the axis.
#[derive(Clone, Debug, Serialize)]
pub struct Lane<'a> {
    /// The deal.
    pub title: &'a str,
    /// Its page.
    pub url: Option<String>,
    /// Its turning points.
    pub points: Vec<Point>,
}

/// The turning points of a story, deal by deal.
#[derive(Clone, Debug, Serialize)]
pub struct TimeAxis<'a> {
    /// The deals, by when each began.
    pub lanes: Vec<Lane<'a>>,
    /// Older deals that are not shown.
    pub more: usize,
}

type Steps<'s> = [(&'s Step, Option<&'s Arc<Article>>)];

/// Whether a deal in this state came to nothing, or was undone.
const fn is_off(state: State) -> bool {
    state.rank() == 5
}

/// States that are one turning point, and the dates that it was reported with.
type Turn = (Vec<State>, Vec<Date>);

/// The turning points of a deal. Two states of one rank and date are one.
fn turns(steps: &Steps<'_>) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for (step, _) in steps {
        match turns.last_mut() {
            Some((states, dates)) if *dates == [step.date] && states[0].rank() == step.state.rank() => {
                if !states.contains(&step.state) {
                    states.push(step.state);
                }
            }
            _ => turns.push((vec![step.state], vec![step.date])),
        }
    }
    turns
}

/// "Signed and announced".
fn label(words: &Locale, states: &[State]) -> String {
    let mut label = words.state(states[0]).to_owned();
    for state in &states[1..] {
        let next = words.inside(words.state(*state));
        label = words.with("states-at-once", &[("first", (&label).into()), ("second", (&next).into())]);
    }
    label
}

/// The stations that have been reached; where reports of a state give different dates, all of them stand.
fn reached(words: &Locale, steps: &Steps<'_>) -> Vec<Station> {
    let mut stations: Vec<Turn> = Vec::new();
    for (states, dates) in turns(steps) {
        match stations.last_mut() {
            Some((same, all)) if *same == states => all.extend(dates),
            _ => stations.push((states, dates)),
        }
    }
    let station = |(states, dates): Turn| {
        let joined = |text: fn(&Locale, Date) -> String| {
            words.joined("or", &dates.iter().map(|d| text(words, *d)).collect::<Vec<_>>())
        };
        let (date, short) = (joined(Locale::date), joined(Locale::brief));
        let label = label(words, &states);
        Station { state: states[0].word(), label, date, short, reached: true, off: is_off(states[0]) }
    };
    stations.into_iter().map(station).collect()
}

/// Whether deals of a kind are known to wait for an approval: those in which a company or a part of one changes hands.
const fn is_approved(kind: Kind) -> bool {
    matches!(kind, Kind::Acquisition | Kind::MinorityStake | Kind::Merger | Kind::BusinessSale | Kind::JointVenture)
}

/// The states that a deal in some state has still before it.
fn ahead(deal: &Deal, now: State) -> Vec<State> {
    let effective = deal.kind.takes_effect();
    let (agreed, done) = if effective { (State::Announced, State::Effective) } else { (State::Signed, State::Closed) };
    let way = [(agreed, true), (State::Approved, is_approved(deal.kind)), (done, true)];
    let is_ahead = |state: State| !now.is_end() && state.rank() > now.rank();
    way.into_iter().filter(|(state, fits)| *fits && is_ahead(*state)).map(|w| w.0).collect()
}

/// The way of a deal; nothing where it has one station alone.
pub(super) fn status_line(words: &Locale, deal: &Deal, steps: &Steps<'_>) -> Option<StatusLine> {
    let now = steps.last()?.0.state;
    let mut stations = reached(words, steps);
    let here = stations.last()?;
    let mut text = words.with("status-here", &[("state", (&here.label).into()), ("date", (&here.date).into())]);
    let ahead = ahead(deal, now);
    let not_yet: Vec<String> = ahead.iter().map(|s| words.inside(words.state(*s))).collect();
    if let Some((end, before)) = not_yet.split_last() {
        let before = words.joined("enumeration", before);
        let all = if before.is_empty() { end.clone() } else { words.joined("or", &[before, end.clone()]) };
        text.push_str(&words.with("status-not-yet", &[("states", (&all).into())]));
    }
    for state in ahead {
        let expected = deal.expected_close.filter(|_| state.rank() == State::Closed.rank());
        let when = |text: fn(&Locale, Date) -> String| match expected {
            Some(d) => words.with("expected", &[("date", (&text(words, d)).into())]),
            None => words.text("not-yet").to_owned(),
        };
        if let Some(d) = expected {
            text.push_str(&words.with("status-expected", &[("date", (&words.date(d)).into())]));
        }
        let label = words.state(state).to_owned();
        let (date, short) = (when(Locale::date), when(Locale::brief));
        stations.push(Station { state: state.word(), label, date, short, reached: false, off: false });
    }
    (stations.len() > 1).then_some(StatusLine { stations, text })
}

impl<'a> Atlas<'a> {
    /// The turning points of deals, the newest deal first, and what is expected of those that go on; nothing where there
    /// are fewer than two. `total` counts the deals that were not looked at as well.
    pub(super) fn time_axis(&self, deals: &[&'a Deal], total: usize) -> Option<TimeAxis<'a>> {
        let point = |state: State, label: &str, date: Date, reached: bool| Point {
            state: state.word(),
            label: label.to_owned(),
            date: self.day(date),
            short: self.words.brief(date),
            reached,
            off: is_off(state),
            span: (date.first(), date.last()),
        };
        let lane = |deal: &&'a Deal| {
            let steps = self.catalogue.steps(deal);
            let is_over = steps.last().is_some_and(|s| s.0.state.is_end());
            let turns = turns(&steps);
            let reached =
                turns.iter().map(|(states, dates)| point(states[0], &label(self.words, states), dates[0], true));
            let expected = deal.expected_close.filter(|_| !is_over);
            let expected = expected.map(|date| point(State::Closed, self.words.text("fact-expected"), date, false));
            let url = self.site.outputs.deals.then(|| self.path(&Page::Deal(deal.id.clone())));
            Lane { title: &deal.title, url, points: reached.chain(expected).collect() }
        };
        let mut lanes: Vec<Lane<'a>> =
            deals.iter().take(LANES).map(lane).filter(|lane| !lane.points.is_empty()).collect();
        let begins = |lane: &Lane<'a>| lane.points.iter().map(|p| p.span).min();
        lanes.sort_by(|a, b| (begins(a), a.title).cmp(&(begins(b), b.title)));
        let points: usize = lanes.iter().map(|lane| lane.points.len()).sum();
        (points > 1).then(|| TimeAxis { lanes, more: total.saturating_sub(LANES) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    fn line(all: &[(&str, &str)]) -> Vec<(String, String)> {
        let step = |(state, date): &(&str, &str)| Step {
            state: State::from_word(state).expect("a state"),
            date: Date::parse(date).expect("a date"),
            source: None,
            publisher: None,
            note: None,
            place: Span::new(0, 0),
        };
        let steps: Vec<Step> = all.iter().map(step).collect();
        let steps: Vec<(&Step, Option<&Arc<Article>>)> = steps.iter().map(|s| (s, None)).collect();
        reached(&Locale::new("en", &[], &[]).0, &steps).into_iter().map(|s| (s.label, s.short)).collect()
    }

    #[test]
    fn stations_are_states_with_every_date_they_were_reported_with() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            line(&[("mou", "2015-08"), ("signed", "2017-05"), ("signed", "2017"), ("closed", "2018-Q1")]),
            [pair("Memorandum", "Aug 2015"), pair("Signed", "May 2017 or 2017"), pair("Closed", "Q1 2018")]
        );
        assert_eq!(
            line(&[("signed", "2017-07"), ("announced", "2017-07")]),
            [pair("Signed and announced", "Jul 2017")]
        );
        assert_eq!(
            line(&[("announced", "2017-06"), ("signed", "2017-07"), ("terminated", "2018")]),
            [pair("Announced", "Jun 2017"), pair("Signed", "Jul 2017"), pair("Terminated", "2018")]
        );
        assert_eq!(line(&[("announced", "2017"), ("announced", "2017")]), [pair("Announced", "2017")]);
    }
}
