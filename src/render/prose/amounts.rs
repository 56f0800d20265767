//! Sums of a text, and its silence about them, against the values of its deals.

use super::silence::{self, Unknown};
use super::{Check, Found, Place, price};
use crate::model::{Money, Value};
use crate::render::sums::{self, Sum};
use rust_decimal::Decimal;

const CORRECT: &str = "correct the one that is wrong; a sum that is about something else needs other words around it";

impl Check<'_> {
    /// Prices that the records do not have.
    pub(super) fn sums(&self, text: &str, place: Place, found: &mut Vec<Found>) {
        let undisclosed = self.deals.iter().all(|d| matches!(&d.value, Value::Undisclosed(e) if e.is_empty()));
        let all = sums::sums(text);
        let converted = all.iter().any(|s| self.agrees(text, s));
        for sum in &all {
            let price = price::is_price(text, sum);
            if (!price && place != Place::Title) || self.agrees(text, sum) {
                continue;
            }
            let own: Vec<&Money> = self.sums.iter().filter(|m| sum.may_be_in(text, m.currency.code())).collect();
            let said = &text[sum.range.clone()];
            let retail = self.sums.iter().all(|m| is_retail(sum, m));
            let other = price && !converted && !price::is_aside(text, sum);
            let (code, message, help) = if let Some(m) = own.iter().find(|m| is_slip(sum, m)) {
                ("W0906", format!("the record {}", m.human()), "one of the two has a wrong magnitude")
            } else if retail && !self.sums.is_empty() {
                continue;
            } else if let Some(m) = own.first() {
                ("W0901", format!("the record {}", m.human()), CORRECT)
            } else if undisclosed && price {
                (
                    "W0905",
                    "the record that the value is undisclosed".to_owned(),
                    "put the sum into `value`, or who estimates it into `value: {undisclosed: true, estimates: […]}`",
                )
            } else if let (true, Some(m)) = (other, self.only_currency().filter(|m| is_near(sum, m))) {
                ("W0901", format!("the record {}", m.human()), CORRECT)
            } else {
                continue;
            };
            found.push(Found {
                code,
                range: sum.range.clone(),
                message: format!("the text says `{said}`, {message}"),
                help: help.to_owned(),
            });
        }
    }

    /// Whether a sum is one of the records'.
    fn agrees(&self, text: &str, sum: &Sum) -> bool {
        self.sums.iter().any(|m| sum.may_be_in(text, m.currency.code()) && sum.agrees(m.amount))
    }

    /// The first sum of the records, where all are in its currency.
    fn only_currency(&self) -> Option<&Money> {
        let first = self.sums.first()?;
        self.sums.iter().all(|m| m.currency == first.currency).then_some(first)
    }

    /// "Undisclosed" in the text and an amount in the record.
    pub(super) fn silence(&self, text: &str, found: &mut Vec<Found>) {
        if !self.deals.iter().all(|d| d.value.is_disclosed()) {
            return;
        }
        let Some((range, unknown)) = silence::find(text) else { return };
        // "For EUR 170m; the terms were not disclosed" is about the others.
        if unknown == Unknown::Terms && sums::sums(text).iter().any(|s| self.agrees(text, s)) {
            return;
        }
        let value = self.deals.first().map_or(String::new(), |d| d.value.human());
        found.push(Found {
            code: "W0905",
            range,
            message: format!("the text says that the value is not known, the record {value}"),
            help: "correct the one that is wrong".to_owned(),
        });
    }
}

/// Whether a sum has the digits of the record's and another magnitude.
fn is_slip(sum: &Sum, record: &Money) -> bool {
    let Some(amount) = sum.amount() else { return false };
    [1_000_u64, 1_000_000]
        .into_iter()
        .map(Decimal::from)
        .any(|k| amount.checked_mul(k) == Some(record.amount) || record.amount.checked_mul(k) == Some(amount))
}

/// Whether a sum is what a thing costs in a shop, beside what the record's deal costs.
fn is_retail(sum: &Sum, record: &Money) -> bool {
    sum.zeros == 0
        && sum.digits < Decimal::from(10_000)
        && sum.digits.checked_mul(Decimal::from(1000)).is_some_and(|a| a <= record.amount)
}

/// Whether a sum in another currency can be meant for the record's: at most a hundred times as much, or as little.
fn is_near(sum: &Sum, record: &Money) -> bool {
    let units = |code: &str| {
        Decimal::from(match code {
            "KRW" => 1300,
            "JPY" => 130,
            "INR" => 70,
            "CNY" | "HKD" | "SEK" => 8,
            _ => 1,
        })
    };
    let (Some(said), known) = (sum.amount(), record.amount) else { return false };
    let hundred = Decimal::ONE_HUNDRED;
    let (said, known) = (said / units(sum.currency), known / units(record.currency.code()));
    said.checked_mul(hundred).is_none_or(|s| s >= known) && known.checked_mul(hundred).is_none_or(|k| k >= said)
}
