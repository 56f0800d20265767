//! Which sums of a text are the price of a deal. Knows no record.

use crate::render::sentences::{has, last, may_be_chinese, word_end};
use crate::render::sums::Sum;

/// Right before a sum: it is a price.
const DIRECT: [&str; 12] = [
    "for",
    "for about",
    "for some",
    "for roughly",
    "worth",
    "valued at",
    "price of",
    "value of",
    "pay",
    "pays",
    "paid",
    "paying",
];
/// Near before a sum.
const NEAR: [&str; 8] = ["worth", "valued at", "price of", "value of", "pays ", "paid ", "pay ", "paying "];
/// Right behind a sum: "a EUR 170m order".
const FOLLOWS: [&str; 11] = [
    "deal",
    "acquisition",
    "takeover",
    "purchase",
    "sale",
    "licence",
    "license",
    "order",
    "merger",
    "agreement",
    "price",
];
/// What is paid or counted and is no price.
const OTHER: [&str; 23] = [
    "dividend",
    "dividends",
    "tax",
    "taxes",
    "fine",
    "fines",
    "damages",
    "interest",
    "wages",
    "salaries",
    "revenue",
    "revenues",
    "profit",
    "profits",
    "sales",
    "turnover",
    "debt",
    "debts",
    "loss",
    "losses",
    "penalty",
    "penalties",
    "costs",
];
const CHINESE_PRICES: [&str; 14] = [
    "支付",
    "作价",
    "价格为",
    "价格约",
    "售价",
    "金额为",
    "金额达",
    "金额约",
    "交易价",
    "交易额",
    "总价",
    "对价",
    "出价",
    "斥资",
];
const CHINESE_DEALS: [&str; 12] =
    ["收购", "买下", "购买", "购入", "出售", "售出", "卖给", "入股", "的价格", "的订单", "的合同", "的交易"];
const CHINESE_OTHER: [&str; 10] = ["股息", "分红", "罚款", "税", "赔偿", "债务", "营收", "收入", "利润", "销售额"];

/// Whether a sum is the price of a deal rather than any other number of the story.
pub fn is_price(text: &str, sum: &Sum) -> bool {
    let before = text[..sum.range.start].to_lowercase();
    let before = before.trim_end();
    let after = text[sum.range.end..].to_lowercase();
    let after = after.trim_start_matches([' ', '-', '\u{a0}']);
    if is_other(before, after) || is_company(&text[..sum.range.start]) {
        return false;
    }
    let direct = DIRECT.iter().any(|w| before.ends_with(w) && word_end(before, w));
    direct || has(last(before, 30), &NEAR) || FOLLOWS.iter().any(|w| begins(after, w)) || is_chinese(before, after)
}

/// "Xiaomi, worth EUR 45bn, buys": what a company is worth is no price.
fn is_company(before: &str) -> bool {
    let words = before.trim_end();
    let rest = ["worth", "valued at"].iter().find_map(|w| words.strip_suffix(w));
    let name = rest.and_then(|r| r.trim_end().strip_suffix(',')).and_then(|r| r.split_whitespace().next_back());
    name.is_some_and(|w| w.starts_with(char::is_uppercase))
}

/// Whether a sum stands in a clause about somebody: "Xiaomi, which bought a rival for EUR 3bn".
pub fn is_aside(text: &str, sum: &Sum) -> bool {
    let clause = text[..sum.range.start].rsplit([',', ';', '(', '，']).next().unwrap_or("");
    clause.split_whitespace().next().is_some_and(|w| ["which", "who", "whose"].contains(&w))
}

/// Whether a text begins with a whole word.
fn begins(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
        && !["order book", "order backlog", "sale price", "deal flow"].iter().any(|w| text.starts_with(w))
}

/// "EUR 3bn in dividends", "a EUR 3bn fine", "dividends of EUR 3bn".
fn is_other(before: &str, after: &str) -> bool {
    let clause = after.split([',', ';', '.', ':', '(', ')']).next().unwrap_or("");
    let words: Vec<&str> = clause.split([' ', '\u{a0}', '\n', '-']).filter(|w| !w.is_empty()).take(4).collect();
    let other = |w: &&str| OTHER.contains(w);
    let behind = match words.split_first() {
        Some((&("in" | "of" | "as"), rest)) => {
            // "EUR 170m in cash and EUR 3bn in debt": the words up to the next "and" are this sum's.
            rest.iter().take_while(|w| **w != "and").any(&other)
        }
        Some((first, _)) => other(first),
        None => false,
    };
    let mut front =
        before.split([' ', '\u{a0}', '\n']).rev().filter(|w| !["about", "some", "roughly", "around"].contains(w));
    let counted = matches!(front.next(), Some("of" | "at" | "totalling" | "was" | "were"))
        && front.next().is_some_and(|w| OTHER.contains(&w));
    let near = |t: &str, n: usize| t.chars().take(n).collect::<String>();
    behind
        || counted
        || (may_be_chinese(after) && has(&near(after, 6), &CHINESE_OTHER))
        || (may_be_chinese(before) && has(last(chinese_clause(before), 4), &CHINESE_OTHER))
}

fn chinese_clause(before: &str) -> &str {
    before.rsplit(['，', '。', '；', '、']).next().unwrap_or(before)
}

/// "支付1.8亿欧元", "以1.8亿欧元收购", "价值1.8亿欧元的订单".
fn is_chinese(before: &str, after: &str) -> bool {
    if !may_be_chinese(before) {
        return false;
    }
    let clause = chinese_clause(before);
    let rest = after.split(['，', '。', '；', '、']).next().unwrap_or(after);
    let rest: String = rest.chars().take(14).collect();
    let leads = clause.trim_end_matches(['约', '近', '大', '超', '过', ' ']);
    has(last(clause, 11), &CHINESE_PRICES)
        || (["以", "价值", "总值"].iter().any(|w| leads.ends_with(w)) && has(&rest, &CHINESE_DEALS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sums::sums;

    fn prices(text: &str) -> Vec<&str> {
        sums(text).into_iter().filter(|s| is_price(text, s)).map(|s| &text[s.range]).collect()
    }

    #[test]
    fn what_is_a_price() {
        for (text, price) in [
            ("Nokia sells gear to Xiaomi for EUR 170m.", "EUR 170m"),
            ("Nokia, which paid EUR 3bn in dividends, sells gear to Xiaomi for EUR 170m.", "EUR 170m"),
            ("Xiaomi pays EUR 170m in cash.", "EUR 170m"),
            ("An order worth EUR 190m.", "EUR 190m"),
            ("An order, worth EUR 190m, for radios.", "EUR 190m"),
            ("A $170m deal.", "$170m"),
            ("A EUR 170m sale of radios.", "EUR 170m"),
            ("小米向Nokia支付1.8亿欧元。", "1.8亿欧元"),
            ("小米以约1.8亿欧元收购其股权", "1.8亿欧元"),
            ("交易金额为1.8亿欧元", "1.8亿欧元"),
            ("作价1.8亿欧元", "1.8亿欧元"),
            ("价值1.8亿欧元的订单", "1.8亿欧元"),
        ] {
            assert_eq!(prices(text), [price], "{text}");
        }
    }

    #[test]
    fn what_is_paid_or_counted_otherwise() {
        for text in [
            "Nokia paid EUR 3bn in annual dividends.",
            "Nokia paid a EUR 3bn fine.",
            "Nokia paid EUR 3bn in damages and in fines.",
            "Nokia paid taxes of EUR 3bn.",
            "Nokia is worth it: revenue of about EUR 3bn.",
            "EUR 3bn sales",
            "A EUR 3bn order book.",
            "Nokia支付3亿欧元股息",
            "收入为3亿欧元",
            "Xiaomi, worth EUR 45bn, buys gear.",
            "Nokia, valued at EUR 30bn, sells gear.",
        ] {
            assert_eq!(prices(text), Vec::<&str>::new(), "{text}");
        }
    }
}
