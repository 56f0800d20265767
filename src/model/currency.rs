//! Currencies by their codes of ISO 4217: those in force, and those that deals of the past were made in.

use super::Date;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// A currency, of today or of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency {
    code: &'static str,
    minor: u16,
}

impl Currency {
    /// From its three letters.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let known = || {
            let c = iso_currency::Currency::from_code(code).filter(|c| !NO_MONEY.contains(&c.numeric()))?;
            Some(Self { code: c.code(), minor: c.exponent().unwrap_or(0) })
        };
        let gone = || {
            let (code, ends) = ENDS.get_key_value(code)?;
            Some(Self { code, minor: ends.gone? })
        };
        gone().or_else(known)
    }

    /// The three letters.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// How many digits after the point an amount can have.
    #[must_use]
    pub const fn minor_units(self) -> u16 {
        self.minor
    }

    /// The last time at which it was money, where it has gone.
    #[must_use]
    pub fn last(self) -> Option<Date> {
        ENDS.get(self.code)?.last
    }

    /// The first day on which it was money, where that is known.
    #[must_use]
    pub fn first(self) -> Option<Date> {
        ENDS.get(self.code)?.first
    }

    /// Whether it was money at any time of a date.
    #[must_use]
    pub fn is_in_force(self, date: Date) -> bool {
        self.first().is_none_or(|first| !date.is_before(first)) && self.last().is_none_or(|last| !last.is_before(date))
    }
}

/// The first and the last day of what has come or gone, by code.
static ENDS: LazyLock<FxHashMap<&str, Ends>> = LazyLock::new(|| {
    let mut ends: FxHashMap<_, Ends> = FxHashMap::default();
    for (code, day) in COME {
        ends.entry(code).or_default().first = Date::parse(day);
    }
    for (code, minor, day) in GONE {
        let gone = ends.entry(code).or_default();
        (gone.last, gone.gone) = (Date::parse(day), Some(minor));
    }
    ends
});

/// The first and the last day of a currency, where it has one.
#[derive(Default)]
struct Ends {
    first: Option<Date>,
    last: Option<Date>,
    /// How many digits after the point amounts had, of what has gone.
    gone: Option<u16>,
}

/// Codes of ISO 4217, by number, that stand for no money: the one for tests, and "no currency".
const NO_MONEY: [u16; 2] = [963, 999];

/// What came in the memory of the archives: the code, and the day from which it counted. Where the code and the notes came
/// at different times, the earlier of the two.
const COME: [(&str, &str); 33] = [
    ("AFN", "2002-10-07"),
    ("AOA", "1999-12-13"),
    ("ARS", "1992-01-01"),
    ("AZN", "2006-01-01"),
    ("BGN", "1999-07-05"),
    ("BRL", "1994-07-01"),
    ("BYN", "2016-07-01"),
    ("CZK", "1993-01-01"),
    ("EUR", "1999-01-01"),
    ("GHS", "2007-07-01"),
    ("MGA", "2005-01-01"),
    ("MRU", "2018-01-01"),
    ("MXN", "1993-01-01"),
    ("MZN", "2006-07-01"),
    ("PEN", "1991-07-01"),
    ("PLN", "1995-01-01"),
    ("RON", "2005-07-01"),
    ("RSD", "2006-10-25"),
    ("RUB", "1998-01-01"),
    ("SDG", "2007-01-10"),
    ("SLE", "2022-04-01"),
    ("SRD", "2004-01-01"),
    ("SSP", "2011-07-18"),
    ("STN", "2018-01-01"),
    ("TJS", "2000-10-26"),
    ("TMT", "2009-01-01"),
    ("TRY", "2005-01-01"),
    ("UAH", "1996-09-02"),
    ("VED", "2021-10-01"),
    ("VES", "2018-08-20"),
    ("XCG", "2025-03-31"),
    ("ZMW", "2013-01-01"),
    ("ZWG", "2024-06-25"),
];

/// What has gone: the code, the digits after the point, and when it last was legal tender. Where that went on beside the
/// new money for a while, the end of it; where no day is known, the last month in which ISO 4217 had it among the others.
const GONE: [(&str, u16, &str); 93] = [
    // Money that the euro replaced.
    ("ADP", 0, "2002-02-28"),
    ("ATS", 2, "2002-02-28"),
    ("BEF", 0, "2002-02-28"),
    ("BGN", 2, "2026-01-31"),
    ("CYP", 2, "2008-01-31"),
    ("DEM", 2, "2001-12-31"),
    ("EEK", 2, "2011-01-14"),
    ("ESP", 0, "2002-02-28"),
    ("FIM", 2, "2002-02-28"),
    ("FRF", 2, "2002-02-17"),
    ("GRD", 0, "2002-02-28"),
    ("HRK", 2, "2023-01-14"),
    ("IEP", 2, "2002-02-09"),
    ("ITL", 0, "2002-02-28"),
    ("LTL", 2, "2015-01-15"),
    ("LUF", 0, "2002-02-28"),
    ("LVL", 2, "2014-01-14"),
    ("MTL", 2, "2008-01-31"),
    ("NLG", 2, "2002-01-28"),
    ("PTE", 0, "2002-02-28"),
    ("SIT", 2, "2007-01-14"),
    ("SKK", 2, "2009-01-16"),
    ("XEU", 2, "1998-12-31"),
    // Money that gave way to other money, mostly with fewer noughts.
    ("AFA", 2, "2002-12"),
    ("ANG", 2, "2025-06-30"),
    ("AOK", 0, "1991-02"),
    ("AON", 0, "2000-01"),
    ("AOR", 0, "2000-01"),
    ("ARA", 2, "1991-12"),
    ("ARP", 2, "1985-06"),
    ("AZM", 2, "2006-12"),
    ("BAD", 2, "1997-06"),
    ("BGL", 2, "2003-10"),
    ("BOP", 2, "1987-01"),
    ("BRB", 2, "1986-02"),
    ("BRC", 2, "1989-01"),
    ("BRE", 2, "1993-07"),
    ("BRN", 2, "1990-03"),
    ("BRR", 2, "1994-06"),
    ("BUK", 2, "1990-01"),
    ("BYB", 0, "2000-12"),
    ("BYR", 0, "2016-12"),
    ("CSD", 2, "2006-10"),
    ("CSK", 2, "1993-02"),
    ("CUC", 2, "2021-06"),
    ("DDM", 2, "1990-09"),
    ("ECS", 0, "2000-09"),
    ("GEK", 0, "1995-09"),
    ("GHC", 2, "2007-12"),
    ("GNS", 0, "1986-01"),
    ("GQE", 0, "1986-05"),
    ("GWP", 0, "1997-04"),
    ("HRD", 0, "1994-12"),
    ("LTT", 0, "1993-07"),
    ("LVR", 0, "1994-11"),
    ("MGF", 0, "2004-12"),
    ("MLF", 0, "1984-10"),
    ("MRO", 1, "2018-06"),
    ("MTP", 2, "1983-05"),
    ("MXP", 2, "1995-12"),
    ("MZM", 0, "2006-12"),
    ("NIC", 2, "1991-04"),
    ("PEI", 2, "1991-06"),
    ("PES", 2, "1986-01"),
    ("PLZ", 0, "1996-12"),
    ("ROL", 0, "2006-12"),
    ("RUR", 2, "2003-12"),
    ("SDD", 2, "2007-06"),
    ("SDP", 2, "1998-05"),
    ("SLL", 2, "2023-12"),
    ("SRG", 2, "2003-12"),
    ("STD", 2, "2018-06"),
    ("SUR", 2, "1993-12"),
    ("TJR", 2, "2001-03"),
    ("TMM", 0, "2009-12"),
    ("TPE", 0, "2002-10"),
    ("TRL", 0, "2005-12"),
    ("UAK", 0, "1996-09"),
    ("UGS", 2, "1987-05"),
    ("UYP", 2, "1993-02"),
    ("VEB", 2, "2008-12"),
    ("VEF", 2, "2018-12"),
    ("YDD", 3, "1996-06"),
    ("YUD", 2, "1989-12"),
    ("YUM", 2, "2003-06"),
    ("YUN", 2, "1995-10"),
    ("ZAL", 2, "1995-02"),
    ("ZMK", 2, "2013-06"),
    ("ZRN", 2, "1999-05"),
    ("ZRZ", 2, "1994-01"),
    ("ZWD", 2, "2008-07"),
    ("ZWL", 2, "2024-08"),
    ("ZWR", 2, "2009-05"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_gone_has_an_end_and_stands_once() {
        for (i, (code, minor, last)) in GONE.iter().enumerate() {
            assert!(code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) && *minor < 4, "{code}");
            assert!(Date::parse(last).is_some(), "{code}: {last}");
            assert!(GONE[..i].iter().all(|g| g.0 != *code), "{code} stands twice");
            assert_eq!(Currency::from_code(code).map(|c| (c.code(), c.minor_units())), Some((*code, *minor)));
        }
    }

    #[test]
    fn what_has_come_has_a_day_and_stands_once() {
        for pair in COME.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} before {}", pair[0].0, pair[1].0);
        }
        for (code, day) in COME {
            assert!(matches!(Date::parse(day), Some(Date::Day(_))), "{code}: {day}");
            let currency = Currency::from_code(code).expect(code);
            assert!(currency.last().is_none_or(|last| Date::parse(day).is_some_and(|d| d.is_before(last))), "{code}");
        }
        for number in NO_MONEY {
            let code = iso_currency::Currency::from_numeric(number).expect("a code").code();
            assert_eq!(Currency::from_code(code), None, "{code}");
        }
    }

    #[test]
    fn a_currency_is_in_force_until_its_last_day() {
        let at = |code: &str, date: &str| {
            Currency::from_code(code).expect("a currency").is_in_force(Date::parse(date).expect("a date"))
        };
        for (code, date) in [
            ("DEM", "1998-05-07"),
            ("DEM", "2001"),
            ("FRF", "2002-Q1"),
            ("EUR", "1999-01-01"),
            ("TRY", "2005"),
            ("BGN", "1999-07"),
        ] {
            assert!(at(code, date), "{code} in {date}");
        }
        for (code, date) in [
            ("DEM", "2002-01-01"),
            ("ITL", "2002-03"),
            ("EUR", "1998"),
            ("HRK", "2024"),
            ("XEU", "1999"),
            ("VES", "2018-07"),
            ("MRU", "2017-12-31"),
            ("RUB", "1997"),
        ] {
            assert!(!at(code, date), "{code} in {date}");
        }
        for (code, digits) in [("EUR", 2), ("JPY", 0), ("KWD", 3), ("ITL", 0), ("FIM", 2)] {
            assert_eq!(Currency::from_code(code).map(Currency::minor_units), Some(digits), "{code}");
        }
        assert_eq!(Currency::from_code("ABC"), None);
    }
}
