//! Sums, percentages and dates as people write them in running text, in English and Chinese. Knows no record.

mod dates;

pub use dates::dates;

use crate::model::money;
use rust_decimal::Decimal;
use std::ops::Range;

/// A sum in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Sum {
    /// Where it stands, with its currency and scale.
    pub range: Range<usize>,
    /// The digits as written, without the scale.
    pub digits: Decimal,
    /// Zeros that the scale adds.
    pub zeros: u32,
    /// ISO 4217.
    pub currency: &'static str,
}

impl Sum {
    /// The whole amount.
    #[must_use]
    pub fn amount(&self) -> Option<Decimal> {
        self.digits.checked_mul(Decimal::from(10_u64.checked_pow(self.zeros)?))
    }

    /// Whether it can be one in a currency: a sign that stands alone is that of many.
    #[must_use]
    pub fn may_be_in(&self, text: &str, code: &str) -> bool {
        let said = &text[self.range.clone()];
        let dollars = said.starts_with('$') || (said.ends_with("dollars") && !said.ends_with("US dollars"));
        self.currency == code
            || (dollars && DOLLARS.contains(&code))
            || (said.starts_with('¥') && code == "JPY")
            || (said.ends_with('元') && self.currency == "CNY" && ["HKD", "TWD", "MOP"].contains(&code))
    }

    /// Whether an amount, rounded as this one is written, is the same.
    #[must_use]
    pub fn agrees(&self, amount: Decimal) -> bool {
        let unit = Decimal::from(10_u64.pow(self.zeros.min(18)));
        let scaled = amount / unit;
        let places = self.digits.scale();
        let up = scaled.round_dp_with_strategy(places, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        let down = scaled.round_dp_with_strategy(places, rust_decimal::RoundingStrategy::ToZero);
        self.amount() == Some(amount) || (self.zeros > 0 && (up == self.digits || down == self.digits))
    }
}

/// Dollars that are written as dollars at home.
const DOLLARS: [&str; 9] = ["USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD", "MXN", "FJD"];
const BEFORE: [(&str, &str); 22] = [
    ("US$", "USD"),
    ("HK$", "HKD"),
    ("NZ$", "NZD"),
    ("NT$", "TWD"),
    ("S$", "SGD"),
    ("R$", "BRL"),
    ("A$", "AUD"),
    ("C$", "CAD"),
    ("$", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "CNY"),
    ("USD", "USD"),
    ("EUR", "EUR"),
    ("GBP", "GBP"),
    ("CNY", "CNY"),
    ("RMB", "CNY"),
    ("JPY", "JPY"),
    ("CHF", "CHF"),
    ("SEK", "SEK"),
    ("HKD", "HKD"),
    ("KRW", "KRW"),
];
const AFTER: [(&str, &str); 17] = [
    ("euros", "EUR"),
    ("euro", "EUR"),
    ("US dollars", "USD"),
    ("dollars", "USD"),
    ("pounds", "GBP"),
    ("yuan", "CNY"),
    ("renminbi", "CNY"),
    ("yen", "JPY"),
    ("EUR", "EUR"),
    ("USD", "USD"),
    ("CNY", "CNY"),
    ("美元", "USD"),
    ("欧元", "EUR"),
    ("英镑", "GBP"),
    ("人民币", "CNY"),
    ("港元", "HKD"),
    ("元", "CNY"),
];
const SCALES: [(&str, u32); 14] = [
    ("thousand", 3),
    ("million", 6),
    ("billion", 9),
    ("trillion", 12),
    ("mln", 6),
    ("bln", 9),
    ("bn", 9),
    ("mn", 6),
    ("tn", 12),
    ("m", 6),
    ("b", 9),
    ("k", 3),
    ("亿", 8),
    ("万", 4),
];

/// A number in a text: where it stands and what it is.
fn numbers(text: &str) -> Vec<(Range<usize>, Decimal)> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut i = 0;
    while i < bytes.len() {
        if !bytes[i].is_ascii_digit() {
            i += 1;
            continue;
        }
        let start = i;
        while i < bytes.len()
            && (bytes[i].is_ascii_digit()
                || (matches!(bytes[i], b',' | b'.') && bytes.get(i + 1).is_some_and(u8::is_ascii_digit)))
        {
            i += 1;
        }
        if let Some(value) = money::decimal(&text[start..i]) {
            out.push((start..i, value));
        }
    }
    out
}

fn spaces(text: &str) -> usize {
    text.chars().take_while(|c| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '-')).map(char::len_utf8).sum()
}

/// Every sum of a text that says its currency.
#[must_use]
pub fn sums(text: &str) -> Vec<Sum> {
    let mut out = Vec::new();
    for (range, digits) in numbers(text) {
        let before = &text[..range.start];
        let trimmed = before.trim_end_matches([' ', '\u{a0}', '\u{202f}']);
        let sign = BEFORE.iter().find(|(s, _)| trimmed.ends_with(s));
        let mut end = range.end;
        let after = &text[end..];
        let gap = spaces(after);
        let mut zeros = 0;
        if let Some((word, z)) = SCALES.iter().find(|(w, _)| is_word(&after[gap..], w)) {
            zeros = *z;
            end += gap + word.len();
        }
        let rest = &text[end..];
        let gap = spaces(rest);
        let unit = AFTER.iter().find(|(w, _)| is_word(&rest[gap..], w));
        let currency = match (sign, unit) {
            (Some((_, c)), _) => c,
            (None, Some((w, c))) => {
                end += gap + w.len();
                c
            }
            (None, None) => continue,
        };
        let start = sign.map_or(range.start, |(s, _)| trimmed.len() - s.len());
        out.push(Sum { range: start..end, digits, zeros, currency });
    }
    out
}

/// Whether a text begins with a word that ends there. Chinese words end anywhere.
fn is_word(text: &str, word: &str) -> bool {
    let first = |text: &str| text.bytes().next().map(|b| b.to_ascii_lowercase());
    if first(text) != first(word) {
        return false;
    }
    let Some(head) = text.get(..word.len()) else { return false };
    let rest = text[word.len()..].chars().next();
    head.eq_ignore_ascii_case(word) && (!word.is_ascii() || rest.is_none_or(|c| !c.is_ascii_alphanumeric()))
}

/// Every percentage of a text.
#[must_use]
pub fn percentages(text: &str) -> Vec<(Range<usize>, Decimal)> {
    if !text.contains('%') && !text.contains("per") && !text.contains('％') {
        return Vec::new();
    }
    let sign = |rest: &str| {
        let gap = spaces(rest);
        ["%", "per cent", "percent", "％"].iter().find(|w| rest[gap..].starts_with(**w)).map(|w| gap + w.len())
    };
    numbers(text).into_iter().filter_map(|(r, v)| sign(&text[r.end..]).map(|n| (r.start..r.end + n, v))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_as_desks_write_them() {
        for (text, currency, amount) in [
            ("€170m", "EUR", "170000000"),
            ("EUR 5.44bn", "EUR", "5440000000"),
            ("$7.17 billion", "USD", "7170000000"),
            ("170 million euros", "EUR", "170000000"),
            ("US$1,200", "USD", "1200"),
            ("17亿美元", "USD", "1700000000"),
            ("a 5.4-billion-euro deal", "EUR", "5400000000"),
        ] {
            let found = sums(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!(
                (found[0].currency, found[0].amount().map(|a| a.normalize().to_string()).as_deref()),
                (currency, Some(amount)),
                "{text}"
            );
        }
        assert!(sums("In 2017, 32 patents and 5 million users").is_empty());
        let rounded = &sums("about $7.2bn")[0];
        assert!(rounded.agrees("7170000000".parse().expect("number")));
        assert!(!rounded.agrees("7300000000".parse().expect("number")));
    }

    #[test]
    fn a_sign_of_many_countries() {
        for (text, code, may) in [
            ("$170m", "USD", true),
            ("$170m", "CAD", true),
            ("170 million dollars", "AUD", true),
            ("170 million US dollars", "AUD", false),
            ("US$170m", "CAD", false),
            ("S$170m", "USD", false),
            ("S$170m", "SGD", true),
            ("¥170m", "JPY", true),
            ("1.7亿元", "CNY", true),
            ("1.7亿美元", "CNY", false),
            ("$170m", "EUR", false),
        ] {
            assert_eq!(sums(text)[0].may_be_in(text, code), may, "{text} in {code}");
        }
    }

    #[test]
    fn percentages_with_their_signs() {
        assert_eq!(percentages("holds 50 % plus one share, 2.5 per cent").len(), 2);
    }
}
