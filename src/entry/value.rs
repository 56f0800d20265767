//! What a deal is worth, as front matter says it: sums, ranges, royalties, estimates, parts.

use super::article::source_ref;
use super::fields::Reader;
use super::tree::{Kind as NodeKind, Node};
use crate::diagnostic::Span;
use crate::model::{Money, Source, Value};
use rust_decimal::Decimal;

/// Reads a value: a sum, a range, a royalty, or why there is none.
pub fn read(r: &mut Reader<'_>, node: &Node, sources: &[Source]) -> Option<Value> {
    if let NodeKind::Scalar { text, .. } = &node.kind {
        return match text.as_str() {
            "undisclosed" => Some(Value::Undisclosed(Vec::new())),
            "none" => Some(Value::None),
            _ => {
                let amount = r.money(node)?;
                magnitude(r, node.span, amount);
                Some(Value::Sum { amount, approx: false, parts: Vec::new() })
            }
        };
    }
    let mut m = r.map(node)?;
    let amount_node = m.get("amount");
    let amount = amount_node.and_then(|n| r.money(n));
    let approx = m.get("approx").and_then(|n| r.boolean(n)).unwrap_or(false);
    let parts_node = m.get("parts");
    let parts = parts_node.map(|n| r.list(n, part)).unwrap_or_default();
    let between_node = m.get("between");
    let between = between_node.map(|n| r.list(n, super::fields::Reader::money));
    let up_to = m.get("up_to").and_then(|n| r.money(n));
    let upfront = m.get("upfront").and_then(|n| r.money(n));
    let undisclosed = m.get("undisclosed").and_then(|n| r.boolean(n));
    let estimates = m.get("estimates").map(|n| r.list(n, |r, n| estimate(r, n, sources))).unwrap_or_default();
    let royalty_node = m.get("royalty");
    let royalty = royalty_node.and_then(|n| read_royalty(r, n));
    let forms = [amount_node, between_node, m.get("up_to"), royalty_node];
    m.end(r);
    if let Some(amount) = amount {
        magnitude(r, amount_node.map_or(node.span, |n| n.span), amount);
        if let (false, Some(n)) = (parts.is_empty() || approx, parts_node) {
            let sum: Decimal = parts.iter().map(|p| p.amount.amount).sum();
            if let Some(p) = parts.iter().find(|p| p.amount.currency != amount.currency) {
                let (part, whole) = (p.amount.currency.code(), amount.currency.code());
                r.find("E0603", n.span, format!("`{}` is in {part}, the whole in {whole}", p.what)).help =
                    "give all parts in the currency of the whole, or leave them out".to_owned();
            } else if sum != amount.amount {
                let sum = Money { amount: sum, ..amount }.human();
                r.find("E0603", n.span, format!("the parts add up to {sum}, the whole is {}", amount.human())).help =
                    "mend the sums, or add `approx: true` where the source says \"about\"".to_owned();
            }
        }
        return Some(Value::Sum { amount, approx, parts });
    }
    if let (Some(list), Some(n)) = (between, between_node) {
        let [low, high] = list[..] else {
            if !matches!(&n.kind, NodeKind::List(l) if l.len() == 2) {
                r.find("E0103", n.span, "`between` needs two sums").help =
                    "for example `between: [EUR 1bn, EUR 2bn]`".to_owned();
            }
            return None;
        };
        if low.amount > high.amount || low.currency != high.currency {
            r.find("E0602", n.span, "the first sum must not be more than the second, in one currency");
            return None;
        }
        return Some(Value::Between(low, high));
    }
    if let Some(most) = up_to {
        if upfront.is_some_and(|u| u.amount > most.amount && u.currency == most.currency) {
            r.find("E0602", node.span, "`upfront` is more than `up_to`");
        }
        return Some(Value::UpTo { most, upfront });
    }
    if undisclosed == Some(true) {
        return Some(Value::Undisclosed(estimates));
    }
    // A form that is there and could not be read has its own finding.
    if royalty.is_none() && !forms.iter().any(Option::is_some) {
        let d = r.find("E0104", node.span, "this is no value");
        d.help = "write `undisclosed`, `none`, `EUR 170m`, or a mapping with `amount`, `between`, `up_to`, `undisclosed` or `royalty`".to_owned();
    }
    royalty
}

fn part(r: &mut Reader<'_>, node: &Node) -> Option<crate::model::money::Part> {
    let mut m = r.map(node)?;
    let what = m.need("what", r).and_then(|n| r.text(n));
    let amount = m.need("amount", r).and_then(|n| r.money(n));
    m.end(r);
    Some(crate::model::money::Part { what: what?, amount: amount? })
}

fn estimate(r: &mut Reader<'_>, node: &Node, sources: &[Source]) -> Option<crate::model::money::Estimate> {
    let mut m = r.map(node)?;
    let amount = m.need("amount", r).and_then(|n| r.money(n));
    let by = m.need("by", r).and_then(|n| r.text(n));
    let source = m.get("source").and_then(|n| source_ref(r, n, sources)).map(|s| s.0);
    m.end(r);
    Some(crate::model::money::Estimate { amount: amount?, by: by?, source })
}

fn read_royalty(r: &mut Reader<'_>, node: &Node) -> Option<Value> {
    let mut m = r.map(node)?;
    let percent = m.need("percent", r).and_then(|n| r.percent(n));
    let per = m.need("per", r).and_then(|n| r.text(n));
    let cap = m.get("cap").and_then(|n| r.money(n));
    m.end(r);
    Some(Value::Royalty { percent: percent?, per: per?, cap })
}

fn magnitude(r: &mut Reader<'_>, span: Span, money: Money) {
    if money.amount > Decimal::from(1_000_000_000_000_u64) || money.amount < Decimal::from(1000) {
        r.find("W0608", span, format!("{} is an unusual value of a deal", money.human())).help =
            "is `m` or `bn` missing or wrong?".to_owned();
    }
}
