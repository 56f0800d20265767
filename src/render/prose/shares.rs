//! Percentages of a text against the stakes and royalties of its deals.

use super::{Check, Found};
use crate::model::{Id, Value};
use crate::render::names::Mention;
use crate::render::sentences::{has, last};
use crate::render::sums;
use rust_decimal::Decimal;
use std::ops::Range;

const BUYING: [&str; 15] = [
    "buy",
    "buys",
    "buying",
    "bought",
    "acquire",
    "acquires",
    "acquiring",
    "acquired",
    "take",
    "takes",
    "taking",
    "took",
    "purchase",
    "purchases",
    "purchased",
];
const SELLING: [&str; 4] = ["sell", "sells", "selling", "sold"];

impl Check<'_> {
    /// Stakes and royalties that the records do not have.
    pub(super) fn percentages(&self, text: &str, mentions: &[Mention], found: &mut Vec<Found>) {
        let said = sums::percentages(text);
        if said.is_empty() {
            return;
        }
        let small = text.to_lowercase();
        let stakes: Vec<Decimal> = self.deals.iter().flat_map(|d| d.stakes.iter().map(|s| s.percent)).collect();
        let royalties = self.deals.iter().filter_map(|d| match &d.value {
            Value::Royalty { percent, .. } => Some(*percent),
            _ => None,
        });
        let royalties: Vec<Decimal> = royalties.collect();
        for (range, percent) in said.clone() {
            let after = small.get(range.end..).unwrap_or("");
            let before = small.get(..range.start).unwrap_or("");
            let of_stake =
                has(after.get(..after.len().min(24)).unwrap_or(after), &["stake", "of the shares", "holding"])
                    || has(last(before, 30), &["stake of", "holds", "hold ", "owns", "own "])
                    || ["的股份", "的股权", "股份", "股权"].iter().any(|w| after.starts_with(w));
            let traded = self.traded(text, &range, mentions);
            let own = if of_stake {
                &stakes
            } else if let Some(of_company) = &traded {
                // "Buys 20%, which brings its stake to 30%".
                if said.iter().any(|(_, p)| of_company.contains(p)) {
                    continue;
                }
                of_company
            } else if has(&small, &["royalt"]) {
                &royalties
            } else {
                continue;
            };
            if !own.is_empty() && !own.contains(&percent) {
                let mut record: Vec<String> = own.iter().map(|p| format!("{p} %")).collect();
                record.dedup();
                found.push(Found {
                    code: "W0902",
                    message: format!("the text says `{}`, the record {}", &text[range.clone()], record.join(", ")),
                    range,
                    help: "correct the one that is wrong".to_owned(),
                });
            }
        }
    }

    /// "Nokia buys 40% of Xiaomi": the stakes of Xiaomi in the records, when it is a party. Of those who sell, what they
    /// keep is no answer.
    fn traded(&self, text: &str, range: &Range<usize>, mentions: &[Mention]) -> Option<Vec<Decimal>> {
        let mut words = text[..range.start].split_whitespace().rev();
        let verb = words.find(|w| !["about", "some", "roughly", "around", "nearly"].contains(w))?.to_lowercase();
        let sells = SELLING.contains(&verb.as_str());
        if !sells && !BUYING.contains(&verb.as_str()) {
            return None;
        }
        let rest = text[range.end..].trim_start().strip_prefix("of ")?;
        let rest = rest.strip_prefix("the ").unwrap_or(rest);
        let company = mentions.iter().find(|m| m.range.start == text.len() - rest.len() && self.is_party(&m.id))?;
        // "40% of Xiaomi's network unit" is no stake in Xiaomi.
        let behind = &text[company.range.end..];
        let next = behind.split_whitespace().next().unwrap_or("");
        let stands_alone = behind.is_empty()
            || behind.starts_with(['.', ',', ';', ':', ')', '!', '?'])
            || behind.starts_with(char::is_whitespace)
                && ["for", "from", "in", "to", "with", "and", "on", "at", "as"].contains(&next);
        if !stands_alone {
            return None;
        }
        let seller: Option<&Id> =
            sells.then(|| mentions.iter().rfind(|m| m.range.end <= range.start)).flatten().map(|m| &m.id);
        let stakes = self.deals.iter().flat_map(|d| &d.stakes);
        Some(stakes.filter(|s| s.of == company.id && Some(&s.holder) != seller).map(|s| s.percent).collect())
    }
}
