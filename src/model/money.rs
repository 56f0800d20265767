//! Money with its currency, and what a deal is worth. Never a float, never added across currencies.

use super::{Currency, Id};
use rust_decimal::Decimal;
use std::fmt;

/// An exact amount in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    /// In units of the currency, not in cents.
    pub amount: Decimal,
    /// ISO 4217.
    pub currency: Currency,
}

/// Why a text is no money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// Not `CODE AMOUNT[suffix]`.
    Shape,
    /// The code is not in ISO 4217.
    Currency(String),
    /// More digits after the point than the currency has minor units.
    MinorUnits(u16),
}

const SCALES: [(&str, u32); 12] = [
    ("thousand", 3),
    ("million", 6),
    ("billion", 9),
    ("trillion", 12),
    ("mln", 6),
    ("bln", 9),
    ("tn", 12),
    ("bn", 9),
    ("mn", 6),
    ("k", 3),
    ("m", 6),
    ("b", 9),
];

/// The largest sum, in any currency: more than the world is worth, and so little that sums of sums stay exact.
const LARGEST: u64 = 1_000_000_000_000_000_000;

impl Money {
    /// Reads `EUR 5.44bn`, `USD 200m`, `CNY 1,200,000`.
    ///
    /// # Errors
    /// When the text has another shape, an unknown currency, or fractions that the currency has no coins for.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let (code, rest) = text.trim().split_once([' ', '\u{a0}']).ok_or(MoneyError::Shape)?;
        if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(MoneyError::Shape);
        }
        let rest = rest.trim();
        let number = rest.trim_end_matches(|c: char| c.is_ascii_alphabetic()).trim_end();
        let suffix = rest[number.len()..].trim().to_ascii_lowercase();
        let written = decimal(number).ok_or(MoneyError::Shape)?;
        let zeros =
            if suffix.is_empty() { 0 } else { SCALES.iter().find(|(s, _)| *s == suffix).ok_or(MoneyError::Shape)?.1 };
        let amount = written.checked_mul(Decimal::from(10_u64.pow(zeros))).ok_or(MoneyError::Shape)?.normalize();
        if amount.abs() > Decimal::from(LARGEST) {
            return Err(MoneyError::Shape);
        }
        let currency = Currency::from_code(code).ok_or_else(|| MoneyError::Currency(code.to_owned()))?;
        let minor = currency.minor_units();
        // Without a scale all digits that were written count: in `EUR 1.200` a point may stand for a comma.
        let digits = if suffix.is_empty() { written.scale() } else { amount.scale() };
        if digits > u32::from(minor) {
            return Err(MoneyError::MinorUnits(minor));
        }
        Ok(Self { amount, currency })
    }

    /// "EUR 5.44bn", with a no-break space.
    #[must_use]
    pub fn human(self) -> String {
        format!("{}\u{a0}{}", self.currency.code(), short(self.amount))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency.code(), self.amount)
    }
}

/// Reads digits with optional thousands commas and one point.
#[must_use]
pub fn decimal(text: &str) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    let unsigned = whole.strip_prefix('-').unwrap_or(whole);
    let mut groups = unsigned.split(',');
    let head = groups.next()?;
    let grouped = unsigned.contains(',');
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(head) || (grouped && head.len() > 3) || !groups.all(|g| g.len() == 3 && digits(g)) {
        return None;
    }
    if fraction.is_some_and(|f| !digits(f)) {
        return None;
    }
    Decimal::from_str_exact(&text.replace(',', "")).ok()
}

/// An amount as desks write it: 5.44bn, 170m, 1,200,500.
#[must_use]
pub fn short(amount: Decimal) -> String {
    for (suffix, zeros) in [("tn", 12), ("bn", 9), ("m", 6)] {
        let unit = Decimal::from(10_u64.pow(zeros));
        let scaled = (amount / unit).normalize();
        if amount.abs() >= unit && scaled.scale() <= 3 {
            return format!("{}{suffix}", group(scaled));
        }
    }
    group(amount)
}

/// Digits in groups of three.
#[must_use]
pub fn group(amount: Decimal) -> String {
    let text = amount.to_string();
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
    let mut out = String::new();
    for (i, c) in whole.chars().enumerate() {
        let left = whole.len() - i;
        if i > 0 && left.is_multiple_of(3) && !out.ends_with('-') {
            out.push(',');
        }
        out.push(c);
    }
    if let Some(f) = fraction {
        out.push('.');
        out.push_str(f);
    }
    out
}

/// A part of a value: what it pays for, and how much.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What is paid for.
    pub what: String,
    /// How much.
    pub amount: Money,
}

/// Somebody's estimate of an undisclosed value.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// How much.
    pub amount: Money,
    /// Who says so.
    pub by: String,
    /// The id of the source.
    pub source: Option<Id>,
}

/// What a deal is worth, as far as anybody said.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value {
    /// Nobody said; estimates by name.
    Undisclosed(Vec<Estimate>),
    /// No money by nature.
    #[default]
    None,
    /// A sum.
    Sum {
        /// The whole.
        amount: Money,
        /// Whether the source said "about".
        approx: bool,
        /// What it is made of.
        parts: Vec<Part>,
    },
    /// Between two sums.
    Between(Money, Money),
    /// At most a sum, of which some at once.
    UpTo {
        /// The most.
        most: Money,
        /// Paid at once.
        upfront: Option<Money>,
    },
    /// A share of sales.
    Royalty {
        /// Per cent, in (0, 100].
        percent: Decimal,
        /// Of what, for each.
        per: String,
        /// The most for each.
        cap: Option<Money>,
    },
}

impl Value {
    /// As printed: "EUR 170m", "about EUR 5.44bn", "Undisclosed", "No price".
    #[must_use]
    pub fn human(&self) -> String {
        match self {
            Self::Undisclosed(_) => "Undisclosed".to_owned(),
            Self::None => "No price".to_owned(),
            Self::Sum { amount, approx: true, .. } => format!("about {}", amount.human()),
            Self::Sum { amount, .. } => amount.human(),
            Self::Between(low, high) => format!("{} to {}", low.human(), high.human()),
            Self::UpTo { most, upfront: Some(u) } => format!("up to {}, {} upfront", most.human(), u.human()),
            Self::UpTo { most, upfront: None } => format!("up to {}", most.human()),
            Self::Royalty { percent, per, cap } => {
                let cap = cap.map_or(String::new(), |c| format!(", at most {}", c.human()));
                format!("royalty of {percent}\u{a0}% per {per}{cap}")
            }
        }
    }

    /// Whether anybody said what the deal is worth.
    #[must_use]
    pub const fn is_disclosed(&self) -> bool {
        !matches!(self, Self::Undisclosed(_) | Self::None)
    }

    /// The sum that totals and sorting use; `None` where nothing single was disclosed.
    #[must_use]
    pub fn sum(&self) -> Option<Money> {
        match self {
            Self::Sum { amount, .. } => Some(*amount),
            _ => None,
        }
    }

    /// The sum by which a table sorts: the least that was disclosed. Of what may grow that is what is paid at once, or else
    /// the most.
    #[must_use]
    pub fn least(&self) -> Option<Money> {
        match self {
            Self::Sum { amount, .. } | Self::Between(amount, _) => Some(*amount),
            Self::UpTo { most, upfront } => Some(upfront.unwrap_or(*most)),
            Self::Undisclosed(_) | Self::None | Self::Royalty { .. } => None,
        }
    }

    /// Every sum that the record knows of, for comparing prose with it.
    #[must_use]
    pub fn sums(&self) -> Vec<Money> {
        match self {
            Self::Undisclosed(estimates) => estimates.iter().map(|e| e.amount).collect(),
            Self::None => Vec::new(),
            Self::Sum { amount, parts, .. } => std::iter::once(*amount).chain(parts.iter().map(|p| p.amount)).collect(),
            Self::Between(low, high) => vec![*low, *high],
            Self::UpTo { most, upfront } => std::iter::once(*most).chain(*upfront).collect(),
            Self::Royalty { cap, .. } => cap.iter().copied().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_as_people_write_it() {
        let human = |t: &str| Money::parse(t).map(Money::human);
        for (text, printed) in [
            ("EUR 5.44bn", "EUR\u{a0}5.44bn"),
            ("USD 200m", "USD\u{a0}200m"),
            ("CNY 1,200,000", "CNY\u{a0}1.2m"),
            ("JPY 950", "JPY\u{a0}950"),
            ("USD 12.50", "USD\u{a0}12.5"),
            ("EUR 1,234,567", "EUR\u{a0}1,234,567"),
            ("USD 3 billion", "USD\u{a0}3bn"),
        ] {
            assert_eq!(human(text).as_deref(), Ok(printed), "{text}");
        }
        assert_eq!(human("JPY 9.5"), Err(MoneyError::MinorUnits(0)));
        assert_eq!(human("DEM 170m").as_deref(), Ok("DEM\u{a0}170m"));
        assert_eq!(human("XQQ 9"), Err(MoneyError::Currency("XQQ".into())));
        for text in ["5bn", "EUR", "EUR 5zz", "EUR 1,20", "EUR .5", "EUR five", "eur 5"] {
            assert_eq!(human(text), Err(MoneyError::Shape), "{text}");
        }
    }
}
