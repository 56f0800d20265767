//! Dates that know their precision. Never invents a day that nobody reported.

use jiff::civil;
use std::fmt;

/// A calendar date as a source gave it: a year, a quarter, a month or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Date {
    /// `2017`
    Year(i16),
    /// `2017-Q3`, quarter 1 to 4
    Quarter(i16, i8),
    /// `2017-07`, month 1 to 12
    Month(i16, i8),
    /// `2017-07-05`
    Day(civil::Date),
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The English name of a month, 1 to 12.
#[must_use]
pub fn month_name(month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|i| MONTHS.get(i)).copied().unwrap_or("")
}

/// "5 July 2017".
#[must_use]
pub fn long_day(day: civil::Date) -> String {
    format!("{}\u{a0}{} {}", day.day(), month_name(day.month()), day.year())
}

impl Date {
    /// Reads `2017`, `2017-Q3`, `2017-07` or `2017-07-05`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let digits = |t: &str, n: usize| t.len() == n && t.bytes().all(|b| b.is_ascii_digit());
        let year = parts.next().filter(|y| digits(y, 4))?.parse().ok().filter(|y| (1000..=9999).contains(y))?;
        let (month, day) = (parts.next(), parts.next());
        if parts.next().is_some() {
            return None;
        }
        let two = |t: &str| if digits(t, 2) { t.parse::<i8>().ok() } else { None };
        match (month, day) {
            (None, _) => Some(Self::Year(year)),
            (Some(q), None) if q.starts_with(['Q', 'q']) => Some(&q[1..])
                .filter(|q| digits(q, 1))?
                .parse()
                .ok()
                .filter(|q| (1..=4).contains(q))
                .map(|q| Self::Quarter(year, q)),
            (Some(m), None) => two(m).filter(|m| (1..=12).contains(m)).map(|m| Self::Month(year, m)),
            (Some(m), Some(d)) => civil::Date::new(year, two(m)?, two(d)?).ok().map(Self::Day),
        }
    }

    /// The first day the date can mean.
    #[must_use]
    pub fn first(self) -> civil::Date {
        match self {
            Self::Year(y) => civil::date(y, 1, 1),
            Self::Quarter(y, q) => civil::date(y, q * 3 - 2, 1),
            Self::Month(y, m) => civil::date(y, m, 1),
            Self::Day(d) => d,
        }
    }

    /// The last day the date can mean.
    #[must_use]
    pub fn last(self) -> civil::Date {
        match self {
            Self::Year(y) => civil::date(y, 12, 31),
            Self::Quarter(y, q) => civil::date(y, q * 3, 1).last_of_month(),
            Self::Month(y, m) => civil::date(y, m, 1).last_of_month(),
            Self::Day(d) => d,
        }
    }

    /// Whether every day of `self` comes before every day of `other`.
    #[must_use]
    pub fn is_before(self, other: Self) -> bool {
        self.last() < other.first()
    }

    /// As people write it: "2017", "third quarter of 2017", "July 2017", "5 July 2017".
    #[must_use]
    pub fn human(self) -> String {
        match self {
            Self::Year(y) => y.to_string(),
            Self::Quarter(y, q) => {
                let name = ["first", "second", "third", "fourth"][usize::from(q.unsigned_abs()) - 1];
                format!("{name} quarter of {y}")
            }
            Self::Month(y, m) => format!("{} {y}", month_name(m)),
            Self::Day(d) => long_day(d),
        }
    }

    /// The same where there is little room: "2017", "Q3 2017", "Jul 2017", "5 Jul 2017".
    #[must_use]
    pub fn brief(self) -> String {
        let month = |m: i8| month_name(m).get(..3).unwrap_or_default();
        match self {
            Self::Year(y) => y.to_string(),
            Self::Quarter(y, q) => format!("Q{q} {y}"),
            Self::Month(y, m) => format!("{} {y}", month(m)),
            Self::Day(d) => format!("{}\u{a0}{} {}", d.day(), month(d.month()), d.year()),
        }
    }

    /// The value of an HTML `datetime` attribute, which has no quarters.
    #[must_use]
    pub fn machine(self) -> String {
        match self {
            Self::Quarter(y, _) => y.to_string(),
            other => other.to_string(),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(y) => write!(f, "{y:04}"),
            Self::Quarter(y, q) => write!(f, "{y:04}-Q{q}"),
            Self::Month(y, m) => write!(f, "{y:04}-{m:02}"),
            Self::Day(d) => write!(f, "{d}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_again() {
        for text in ["2017", "2017-Q3", "2017-07", "2017-07-05", "2016-02-29"] {
            assert_eq!(Date::parse(text).map(|d| d.to_string()).as_deref(), Some(text));
        }
        for text in ["", "17", "2017-13", "2017-Q5", "2017-02-29", "2017-7-5", "2017-07-05-1", "July 2017", "2017-"] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn imprecise_dates_compare_as_intervals() {
        let d = |t| Date::parse(t).expect(t);
        assert!(d("2017-06").is_before(d("2017-07-05")));
        assert!(!d("2017").is_before(d("2017-07")));
        assert!(!d("2017-Q3").is_before(d("2017-09-30")));
        assert!(d("2017-Q3").is_before(d("2017-10")));
        assert_eq!(d("2017-07").human(), "July 2017");
        assert_eq!(d("2017-07-05").human(), "5\u{a0}July 2017");
        for (text, brief) in
            [("2017", "2017"), ("2017-Q3", "Q3 2017"), ("2017-09", "Sep 2017"), ("2017-07-05", "5\u{a0}Jul 2017")]
        {
            assert_eq!(d(text).brief(), brief);
        }
    }
}
