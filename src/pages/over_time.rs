//! How many deals there were in each year or month, by kind: the data of the bars. Draws nothing.

use super::{Atlas, Page, Scope, Sheet};
use crate::catalogue::{DealKey, Sorted};
use crate::locale::Locale;
use crate::model::{Date, Deal, Kind, State};
use serde::Serialize;
use std::collections::BTreeMap;

/// Years shown, the newest.
const YEARS: i16 = 10;
/// Kinds shown by name, the most frequent; the others are added up.
const KINDS: usize = 6;

/// A year or a month.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Period {
    /// `2017` or `July`.
    pub label: String,
    /// `’17` or `J`, for where there is little room.
    pub short: String,
    /// The ledger of the year.
    pub url: Option<String>,
}

/// The deals of a kind, period by period.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bars {
    /// The kind.
    pub label: String,
    /// Its ledger.
    pub url: Option<String>,
    /// Deals of each period.
    pub counts: Vec<usize>,
    /// Deals of all periods.
    pub total: usize,
}

/// Deals over time and by kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OverTime {
    /// What is counted, and from when to when.
    pub title: String,
    /// The columns.
    pub periods: Vec<Period>,
    /// All deals of the periods.
    pub all: Bars,
    /// The same by kind, the most frequent first; empty where there is one kind alone.
    pub kinds: Vec<Bars>,
    /// What is not in the columns, in words.
    pub note: Option<String>,
}

/// The date by which a deal is listed: that of its announcement or signing, else of its first state.
pub(super) fn main_date(deal: &Deal) -> Option<Date> {
    let main = deal.steps.iter().find(|s| matches!(s.state, State::Announced | State::Signed));
    main.or(deal.steps.first()).map(|s| s.date)
}

/// Counts deals by their dates and kinds: by year, or where all are of one year by month. Nothing where there would be
/// fewer than two bars.
fn count(words: &Locale, dated: &[(Date, Kind)]) -> Option<OverTime> {
    let year = |d: Date| d.first().year();
    let last = dated.iter().map(|(d, _)| year(*d)).max()?;
    let first = dated.iter().map(|(d, _)| year(*d)).min()?;
    let start = first.max(last - YEARS + 1);
    let by_month = first == last;
    let column = |d: Date| match d {
        Date::Year(_) | Date::Quarter(..) if by_month => None,
        _ if by_month => Some(d.first().month() - 1).and_then(|m| usize::try_from(m).ok()),
        _ => usize::try_from(year(d) - start).ok(),
    };
    let periods: Vec<Period> = if by_month {
        let letter = |m: i8| words.text(&format!("month-letter-{m}")).to_owned();
        let month = |m| (words.month(m).to_owned(), letter(m));
        (1..=12).map(month).map(|(label, short)| Period { label, short, url: None }).collect()
    } else {
        let brief = |y: i16| words.with("year-brief", &[("yy", (&format!("{:02}", y % 100)).into())]);
        let year = |y: i16| Period { label: y.to_string(), short: brief(y), url: None };
        (start..=last).map(year).collect()
    };
    let mut all = vec![0; periods.len()];
    let mut by_kind: BTreeMap<Kind, Vec<usize>> = BTreeMap::new();
    let mut left_out = 0_usize;
    for (d, kind) in dated {
        match column(*d).filter(|i| *i < all.len()) {
            Some(i) => {
                all[i] += 1;
                by_kind.entry(*kind).or_insert_with(|| vec![0; periods.len()])[i] += 1;
            }
            None => left_out += 1,
        }
    }
    let bars = by_kind.values().flatten().filter(|n| **n > 0).count();
    if bars < 2 {
        return None;
    }
    let row = |label: &str, counts: Vec<usize>| Bars {
        label: label.to_owned(),
        url: None,
        total: counts.iter().sum(),
        counts,
    };
    let mut kinds: Vec<Bars> = by_kind.into_iter().map(|(k, counts)| row(words.kind(k), counts)).collect();
    kinds.sort_by_key(|r| std::cmp::Reverse(r.total));
    if kinds.len() > KINDS + 1 {
        let mut others = vec![0; periods.len()];
        for r in kinds.drain(KINDS..) {
            others.iter_mut().zip(&r.counts).for_each(|(sum, n)| *sum += n);
        }
        kinds.push(row(words.text("other-kinds"), others));
    }
    let key = match (by_month, kinds.len() > 1) {
        (true, true) => "over-time-month-kind",
        (true, false) => "over-time-month",
        (false, true) => "over-time-years-kind",
        (false, false) => "over-time-years",
    };
    let title = words.with(key, &[("year", last.into()), ("from", start.into()), ("to", last.into())]);
    let note = match left_out {
        0 => None,
        n if by_month => Some(words.count("over-time-no-month", n)),
        n => Some(words.with("over-time-before", &[("n", n.into()), ("year", (&start.to_string()).into())])),
    };
    if kinds.len() == 1 {
        kinds.clear();
    }
    Some(OverTime { title, periods, all: row(words.text("all-deals"), all), kinds, note })
}

impl Atlas<'_> {
    /// The bars of a list of deals. Deals are looked at where their months count or nobody has listed their kinds.
    pub(super) fn over_time(&self, keys: &Sorted<DealKey>, scope: Option<Scope>) -> Option<OverTime> {
        let is_one_year = keys.first()?.0.year() == keys.last()?.0.year();
        let year = |key: &DealKey| Date::Year(key.0.year());
        let dated: Vec<(Date, Kind)> = match scope {
            Some(Scope::All) if !is_one_year => {
                let lists = &self.catalogue.lists().deals_by_kind;
                lists.iter().flat_map(|(kind, keys)| keys.iter().map(|key| (year(key), *kind))).collect()
            }
            Some(Scope::Kind(kind)) if !is_one_year => keys.iter().map(|key| (year(key), kind)).collect(),
            _ => {
                let deals = keys.iter().filter_map(|key| self.catalogue.deal(&key.1));
                deals.filter_map(|d| Some((main_date(d)?, d.kind))).collect()
            }
        };
        let mut bars = count(self.words, &dated)?;
        if scope == Some(Scope::All) {
            let ledger = |scope| Some(self.path(&Page::Ledger(scope, Sheet::HEAD)));
            for p in &mut bars.periods {
                let listed = |y: &i16| self.catalogue.lists().deals_by_year.contains_key(y);
                p.url = p.label.parse().ok().filter(listed).and_then(|y| ledger(Scope::Year(y)));
            }
            for row in &mut bars.kinds {
                let kind = Kind::ALL.iter().find(|k| self.words.kind(**k) == row.label);
                row.url = kind.and_then(|k| ledger(Scope::Kind(*k)));
            }
        }
        Some(bars)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english() -> Locale {
        Locale::new("en", &[], &[]).0
    }

    fn dated(all: &[(&str, Kind, usize)]) -> Vec<(Date, Kind)> {
        let one = |(date, kind, n): &(&str, Kind, usize)| vec![(Date::parse(date).expect("a date"), *kind); *n];
        all.iter().flat_map(one).collect()
    }

    #[test]
    fn years_without_a_deal_stand_between_those_that_have_some() {
        let bars =
            count(&english(), &dated(&[("2013-09-03", Kind::Merger, 1), ("2016", Kind::Supply, 2)])).expect("bars");
        assert_eq!(bars.title, "Deals by year and kind, 2013 to 2016");
        assert_eq!(bars.all.counts, [1, 0, 0, 2]);
        let kinds: Vec<(&str, &[usize])> = bars.kinds.iter().map(|r| (r.label.as_str(), &*r.counts)).collect();
        assert_eq!(kinds, [("Supply", &[0, 0, 0, 2][..]), ("Merger", &[1, 0, 0, 0])]);
        assert_eq!(bars.note, None);
    }

    #[test]
    fn of_one_year_the_months_and_no_month_that_nobody_reported() {
        let bars = count(
            &english(),
            &dated(&[
                ("2017-07-05", Kind::Supply, 1),
                ("2017-07", Kind::Supply, 2),
                ("2017-01", Kind::Supply, 1),
                ("2017", Kind::Supply, 1),
                ("2017-Q3", Kind::Merger, 1),
            ]),
        );
        let bars = bars.expect("bars");
        assert_eq!(bars.title, "Deals of 2017 by month");
        assert_eq!(bars.all.counts, [1, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0]);
        assert!(bars.kinds.is_empty(), "one kind alone is all");
        assert_eq!(bars.note.as_deref(), Some("Not shown are 2 deals of which no month is known."));
    }

    #[test]
    fn the_newest_years_and_the_most_frequent_kinds() {
        let mut all: Vec<(String, Kind, usize)> =
            Kind::ALL.iter().enumerate().map(|(i, k)| ("2020".to_owned(), *k, 20 - i)).collect();
        all.push(("1999".to_owned(), Kind::Supply, 1));
        all.push(("2011".to_owned(), Kind::Supply, 1));
        let all: Vec<(&str, Kind, usize)> = all.iter().map(|(d, k, n)| (d.as_str(), *k, *n)).collect();
        let bars = count(&english(), &dated(&all)).expect("bars");
        assert_eq!((bars.periods.len(), bars.kinds.len()), (10, KINDS + 1));
        assert_eq!(bars.periods[0].short, "’11");
        assert_eq!(bars.note.as_deref(), Some("Not shown is 1 deal before 2011."));
        let sum: usize = bars.kinds.iter().map(|r| r.total).sum();
        assert_eq!(sum, bars.all.total, "the kinds make up the whole");
    }

    #[test]
    fn one_bar_is_no_picture() {
        for all in [&[][..], &[("2017-07", Kind::Supply, 5)], &[("2017", Kind::Supply, 1), ("2017", Kind::Merger, 1)]] {
            assert_eq!(count(&english(), &dated(all)), None, "{all:?}");
        }
    }
}
