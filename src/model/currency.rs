//! Currencies by their codes of ISO 4217: those in force, and those that deals of the past were made in.

use super::Date;

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
            let c = iso_currency::Currency::from_code(code)?;
            Some(Self { code: c.code(), minor: c.exponent().unwrap_or(0) })
        };
        GONE.iter().find(|g| g.0 == code).map(|g| Self { code: g.0, minor: g.1 }).or_else(known)
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
        GONE.iter().find(|g| g.0 == self.code).and_then(|g| Date::parse(g.2))
    }

    /// Whether it was money at any time of a date.
    #[must_use]
    pub fn is_in_force(self, date: Date) -> bool {
        let early = self.code == "EUR" && date.is_before(Date::Year(1999));
        !early && self.last().is_none_or(|last| !last.is_before(date))
    }
}

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
    fn a_currency_is_in_force_until_its_last_day() {
        let at = |code: &str, date: &str| {
            Currency::from_code(code).expect("a currency").is_in_force(Date::parse(date).expect("a date"))
        };
        for (code, date) in [("DEM", "1998-05-07"), ("DEM", "2001"), ("FRF", "2002-Q1"), ("EUR", "1999-01-01")] {
            assert!(at(code, date), "{code} in {date}");
        }
        for (code, date) in
            [("DEM", "2002-01-01"), ("ITL", "2002-03"), ("EUR", "1998"), ("HRK", "2024"), ("XEU", "1999")]
        {
            assert!(!at(code, date), "{code} in {date}");
        }
        for (code, digits) in [("EUR", 2), ("JPY", 0), ("KWD", 3), ("ITL", 0), ("FIM", 2)] {
            assert_eq!(Currency::from_code(code).map(Currency::minor_units), Some(digits), "{code}");
        }
        assert_eq!(Currency::from_code("ABC"), None);
    }
}
