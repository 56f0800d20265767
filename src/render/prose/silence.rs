//! Texts that say that nobody knows the price. Knows no record.

use aho_corasick::AhoCorasick;
use std::ops::Range;
use std::sync::LazyLock;

/// What a text says is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// How much is paid.
    Price,
    /// The terms: a text that gives the sum can keep silent about the others.
    Terms,
}

const SUBJECTS: [(&str, Unknown); 7] = [
    ("sum", Unknown::Price),
    ("price", Unknown::Price),
    ("value", Unknown::Price),
    ("amount", Unknown::Price),
    ("consideration", Unknown::Price),
    ("terms", Unknown::Terms),
    ("details", Unknown::Terms),
];
/// What can be meant by "the value of the deal" without being a part of it.
const WHOLES: [&str; 14] = [
    "deal",
    "transaction",
    "agreement",
    "acquisition",
    "takeover",
    "purchase",
    "sale",
    "order",
    "contract",
    "merger",
    "settlement",
    "investment",
    "partnership",
    "transfer",
];
/// Before a subject: not all of it is meant.
const PARTS: [&str; 12] = [
    "other",
    "further",
    "additional",
    "remaining",
    "more",
    "exact",
    "precise",
    "share",
    "unit",
    "list",
    "stock",
    "full",
];
const LINKS: [&str; 17] = [
    "is", "was", "are", "were", "be", "been", "being", "has", "have", "had", "remain", "remains", "remained", "stays",
    "stayed", "kept", "will",
];
const TOLD: [&str; 6] = ["disclosed", "revealed", "published", "divulged", "public", "given"];
const TELLING: [&str; 11] = [
    "disclose",
    "disclosed",
    "disclosing",
    "reveal",
    "revealed",
    "revealing",
    "publish",
    "published",
    "publishing",
    "divulge",
    "give",
];
/// Without the beginning of one of these nothing is said to be unknown: of `TOLD` and `TELLING`, and of what Chinese has.
const STEMS: [&str; 6] = ["disclos", "reveal", "publi", "divulg", "give", "unknown"];
const TELL: [&str; 5] = ["披露", "公布", "透露", "公开", "公告"];
static ANY: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(STEMS.iter().chain(&TELL)).ok());
const FILLERS: [&str; 11] =
    ["the", "a", "an", "any", "its", "their", "all", "financial", "purchase", "total", "agreed"];

/// A word of a text, in small letters, or the end of a clause.
struct Word {
    range: Range<usize>,
    small: String,
}

fn words(text: &str) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    let mut start = None;
    for (i, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let joins = c.is_alphanumeric() || (matches!(c, '\'' | '’') && start.is_some());
        match (joins, start) {
            (true, None) => start = Some(i),
            (false, Some(from)) => {
                out.push(Word { range: from..i, small: text[from..i].to_lowercase().replace('’', "'") });
                start = None;
            }
            _ => {}
        }
        if matches!(c, ',' | ';' | ':' | '(' | ')' | '.' | '!' | '?' | '—') {
            out.push(Word { range: i..i + c.len_utf8(), small: String::new() });
        }
    }
    out
}

/// Where a text says that the price, or the terms, are not known.
pub fn find(text: &str) -> Option<(Range<usize>, Unknown)> {
    if ANY.as_ref().is_some_and(|any| !any.is_match(text)) {
        return None;
    }
    let words = words(text);
    let found = (0..words.len()).find_map(|i| undisclosed_sum(&words, i).or_else(|| sum_is_undisclosed(&words, i)));
    let found = found.or_else(|| (0..words.len()).find_map(|i| did_not_disclose(&words, i)));
    let english = found.map(|(first, last, unknown)| (words[first].range.start..words[last].range.end, unknown));
    english.or_else(|| chinese(text))
}

fn is(words: &[Word], i: usize, any: &[&str]) -> bool {
    words.get(i).is_some_and(|w| any.contains(&w.small.as_str()))
}

fn skip(words: &[Word], mut i: usize, any: &[&str]) -> usize {
    while is(words, i, any) {
        i += 1;
    }
    i
}

/// "Weren't", "didn't".
fn denies(word: &Word) -> bool {
    word.small.ends_with("n't")
}

/// A subject at a place, unless a word before it says that a part of it is meant.
fn subject(words: &[Word], i: usize) -> Option<Unknown> {
    let word = words.get(i)?;
    let unknown = SUBJECTS.iter().find(|(s, _)| *s == word.small)?.1;
    let before = i.checked_sub(1);
    let whole = before.is_none_or(|b| !is(words, b, &PARTS));
    // "Details" alone can be those of anything.
    let money = word.small != "details" || before.is_some_and(|b| is(words, b, &["financial"]));
    (whole && money).then_some(unknown)
}

/// The word for the whole deal among the next three, in one clause.
fn whole(words: &[Word], at: usize) -> Option<usize> {
    (at..at + 3).take_while(|n| !is(words, *n, &[""])).find(|n| is(words, *n, &WHOLES))
}

/// "An undisclosed sum".
fn undisclosed_sum(words: &[Word], i: usize) -> Option<(usize, usize, Unknown)> {
    if !is(words, i, &["undisclosed"]) {
        return None;
    }
    let at = skip(words, i + 1, &FILLERS);
    let unknown = subject(words, at)?;
    // "An undisclosed amount of shares" is no price.
    let of_things = is(words, at + 1, &["of"]) && !is(words, at + 2, &["money", "cash"]);
    (!of_things).then_some((i, at, unknown))
}

/// "The value of the deal was not disclosed".
fn sum_is_undisclosed(words: &[Word], i: usize) -> Option<(usize, usize, Unknown)> {
    let unknown = subject(words, i)?;
    let mut at = i + 1;
    if is(words, at, &["of"]) {
        at = skip(words, at + 1, &["the", "this", "their", "its"]);
        at = whole(words, at)? + 1;
    }
    let from = if i > 0 && is(words, i - 1, &["financial"]) { i - 1 } else { i };
    let linked = skip(words, at, &LINKS);
    if linked > at && is(words, linked, &["undisclosed", "unknown"]) {
        return Some((from, linked, unknown));
    }
    let denied = (linked > at && is(words, linked, &["not"])) || words.get(linked).is_some_and(denies);
    let told = skip(words, linked + 1, &["yet", "been", "be", "being", "publicly", "immediately", "made", "also"]);
    (denied && is(words, told, &TOLD)).then_some((from, told, unknown))
}

/// "Did not disclose the price", "declined to reveal financial terms".
fn did_not_disclose(words: &[Word], i: usize) -> Option<(usize, usize, Unknown)> {
    let denied = is(words, i, &["not", "without", "declined", "refused"]) || words.get(i).is_some_and(denies);
    let telling = skip(words, i + 1, &["to", "yet", "been", "publicly"]);
    if !denied || !is(words, telling, &TELLING) {
        return None;
    }
    let at = skip(words, telling + 1, &FILLERS);
    let unknown = subject(words, at)?;
    // "Did not disclose the price of the shares" is about another price.
    let of = skip(words, at + 2, &["the", "this", "their", "its"]);
    let of_other = is(words, at + 1, &["of"]) && whole(words, of).is_none();
    (!of_other && !is(words, at + 1, &["per"])).then_some((i, at, unknown))
}

/// "金额未披露", "没有披露金额".
fn chinese(text: &str) -> Option<(Range<usize>, Unknown)> {
    const NOT: [&str; 6] = ["未", "没有", "没", "不", "拒绝", "尚无"];
    const WHAT: [(&str, Unknown); 9] = [
        ("金额", Unknown::Price),
        ("价格", Unknown::Price),
        ("交易额", Unknown::Price),
        ("作价", Unknown::Price),
        ("对价", Unknown::Price),
        ("总价", Unknown::Price),
        ("售价", Unknown::Price),
        ("条款", Unknown::Terms),
        ("财务", Unknown::Terms),
    ];
    let mut start = 0;
    for clause in text.split_inclusive(['，', '。', '；', '：', '！', '？', ',', ';']) {
        let at = start;
        start += clause.len();
        let told = TELL.iter().find_map(|tell| {
            let tell_at = clause.find(tell)?;
            let before = clause[..tell_at].trim_end_matches(['予', '有', '具', '体', '被', '对', '外', '曾']);
            let before = if before.ends_with('没') { &clause[..before.len() + '有'.len_utf8()] } else { before };
            let not = NOT.iter().find(|n| before.ends_with(**n))?;
            Some((before.len() - not.len(), tell_at + tell.len()))
        });
        let Some((from, to)) = told else { continue };
        let what = WHAT.iter().find_map(|(w, unknown)| clause.find(w).map(|i| (i..i + w.len(), *unknown)));
        let Some((what, unknown)) = what else { continue };
        if clause.contains("其他") || clause.contains("其余") || clause.contains("股价") {
            continue;
        }
        return Some((at + from.min(what.start)..at + to.max(what.end), unknown));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_that_the_price_is_not_known() {
        for (text, said) in [
            ("The sum is undisclosed.", "sum is undisclosed"),
            ("The price is undisclosed.", "price is undisclosed"),
            ("The value of the deal is undisclosed", "value of the deal is undisclosed"),
            ("Nokia and Xiaomi did not disclose financial terms.", "not disclose financial terms"),
            ("Neither side would reveal it; they didn’t disclose the price.", "didn’t disclose the price"),
            ("Terms of the deal were not disclosed.", "Terms of the deal were not disclosed"),
            ("Nokia buys it for an undisclosed sum.", "undisclosed sum"),
            ("The amount has not been made public.", "amount has not been made public"),
            ("Both declined to disclose the value of the order.", "declined to disclose the value"),
            ("The financial terms weren't disclosed.", "financial terms weren't disclosed"),
            ("双方没有披露金额。", "没有披露金额"),
            ("金额未披露", "金额未披露"),
            ("诺基亚未公布金额", "未公布金额"),
            ("交易的具体条款尚未对外公布。", "条款尚未对外公布"),
        ] {
            assert_eq!(find(text).map(|(r, _)| &text[r]), Some(said), "{text}");
        }
    }

    #[test]
    fn every_word_that_tells_has_its_stem() {
        for word in TOLD.iter().chain(&TELLING).chain(&["undisclosed", "unknown"]) {
            assert!(STEMS.iter().any(|stem| word.contains(stem)), "{word}");
        }
    }

    #[test]
    fn what_is_silent_about_something_else() {
        for text in [
            "Nokia got an undisclosed amount of shares.",
            "An undisclosed number of patents changes hands.",
            "Other terms were not disclosed.",
            "The price per device was not disclosed.",
            "Nokia did not disclose the price of its shares.",
            "The value of the patents is undisclosed.",
            "The price is high, and the number of patents is undisclosed.",
            "Details were not disclosed.",
            "The exact sum was not disclosed.",
            "The price was disclosed on Monday.",
            "小米未披露专利数量。",
            "其他条款未披露。",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
