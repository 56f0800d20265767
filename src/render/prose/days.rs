//! Dates of a text against the steps of its deals, at the precision of the text.

use super::{Check, Found, Place};
use crate::model::{Date, Kind, State};
use crate::render::names::Mention;
use crate::render::sums;
use std::ops::Range;

/// Words for what happened, and the steps that they speak of.
const VERBS: [(&[&str], &[State]); 5] = [
    (&["signed", "签署"], &[State::Signed, State::Announced, State::Mou]),
    (&["announced", "宣布"], &[State::Announced, State::Signed, State::Mou]),
    (&["closed", "completed", "完成"], &[State::Closed, State::Effective]),
    (&["approved", "cleared", "批准"], &[State::Approved]),
    (&["terminated", "called off", "终止"], &[State::Terminated]),
];
/// Words for any deal.
const DEALS: [&str; 10] =
    ["deal", "agreement", "transaction", "contract", "memorandum", "协议", "交易", "合同", "备忘录", "合约"];
const PURCHASES: &[Kind] = &[
    Kind::Acquisition,
    Kind::MinorityStake,
    Kind::Merger,
    Kind::BusinessSale,
    Kind::PatentAssignment,
    Kind::Investment,
];
const LICENCES: &[Kind] = &[Kind::PatentLicence, Kind::BrandLicence, Kind::PatentCrossLicence];
/// Words for deals of some kinds.
const KINDS: [(&[&str], &[Kind]); 8] = [
    (
        &[
            "acquisition",
            "takeover",
            "purchase",
            "sale",
            "buyout",
            "merger",
            "stake",
            "investment",
            "round",
            "收购",
            "并购",
            "出售",
            "投资",
            "入股",
            "合并",
        ],
        PURCHASES,
    ),
    (&["licence", "licences", "license", "licenses", "licensing", "许可", "授权"], LICENCES),
    (&["venture", "合资"], &[Kind::JointVenture]),
    (&["order", "supply", "订单", "采购", "供应"], &[Kind::Supply]),
    (&["partnership", "cooperation", "collaboration", "alliance", "合作"], &[Kind::Partnership]),
    (&["settlement", "和解"], &[Kind::Settlement]),
    (&["appointment", "departure", "任命", "离任"], &[Kind::Appointment, Kind::Departure]),
    (&["unit", "launch"], &[Kind::UnitLaunch]),
];
/// What companies announce besides deals.
const OTHER: [&str; 18] = [
    "results",
    "result",
    "earnings",
    "dividend",
    "dividends",
    "profit",
    "profits",
    "figures",
    "quarter",
    "layoffs",
    "jobs",
    "outlook",
    "guidance",
    "forecast",
    "buyback",
    "业绩",
    "财报",
    "股息",
];
/// Before the verb: it has not happened.
const PLANNED: [&str; 9] = ["expected", "will", "would", "be", "due", "plans", "预计", "将", "计划"];
/// Another deal than that of the record, or an older one.
const ANOTHER: [&str; 12] = [
    "another",
    "earlier",
    "previous",
    "previously",
    "former",
    "original",
    "originally",
    "older",
    "second",
    "此前",
    "先前",
    "另一",
];
/// In place of the deal.
const PRONOUNS: [&str; 5] = ["which", "they", "both", "双方", "两家"];

impl Check<'_> {
    /// A date of a step that the records date otherwise.
    pub(super) fn dates(&self, text: &str, place: Place, mentions: &[Mention], found: &mut Vec<Found>) {
        let both = self.names_two(mentions);
        if !both && (place == Place::Inside || !mentions.iter().any(|m| self.is_party(&m.id))) {
            return;
        }
        let all = sums::dates(text);
        let days: Vec<_> = all.iter().filter(|(_, d)| matches!(d, Date::Day(_))).collect();
        let (range, date) = match (all.as_slice(), days.as_slice()) {
            ([one], _) => one,
            (_, [one]) => *one,
            _ => return,
        };
        let small = text.to_ascii_lowercase();
        let Some(clause) = clause(&small, range) else { return };
        let Some((verb, states)) = verb(&small, &clause, range) else { return };
        if has_word(&small[clause.start..verb.start.max(clause.start)], &PLANNED) {
            return;
        }
        if !self.speaks_of_the_deal(text, &small, &clause, range, mentions, both) {
            return;
        }
        let coarse = !matches!(date, Date::Day(_));
        if (coarse || !both) && has_word(&small[clause], &ANOTHER) {
            return;
        }
        self.compare(text, range, *date, states, found);
    }

    /// Whether what was signed or announced is the deal, as far as words can tell.
    fn speaks_of_the_deal(
        &self,
        text: &str,
        small: &str,
        clause: &Range<usize>,
        date: &Range<usize>,
        mentions: &[Mention],
        both: bool,
    ) -> bool {
        let words = &small[clause.clone()];
        if has_word(words, &OTHER) {
            return false;
        }
        let kinds: Vec<Kind> = self
            .deals
            .iter()
            .flat_map(|d| std::iter::once(d.kind).chain(d.components.iter().map(|c| c.kind)))
            .collect();
        let named = || KINDS.iter().filter(|(nouns, _)| has_word(words, nouns));
        let own = named().any(|(_, of)| of.iter().any(|k| kinds.contains(k)));
        if !own && named().next().is_some() {
            return false;
        }
        let noun = own || has_word(words, &DEALS);
        let inside: Vec<Mention> =
            mentions.iter().filter(|m| clause.start <= m.range.start && m.range.end <= clause.end).cloned().collect();
        if both {
            return noun || self.names_two(&inside) || has_word(words, &PRONOUNS);
        }
        // "A deal with a regulator" is any deal, "the deal" is this one.
        let any = || DEALS.iter().any(|d| has_word(words, &[&format!("a {d}"), &format!("an {d}")]));
        noun && (own || !any())
            && mentions.iter().all(|m| self.is_party(&m.id))
            && !names_a_stranger(text, clause, date, mentions)
    }

    fn compare(&self, text: &str, range: &Range<usize>, date: Date, states: &[State], found: &mut Vec<Found>) {
        let steps: Vec<_> = self.deals.iter().flat_map(|d| self.atlas.catalogue.steps(d)).map(|s| s.0).collect();
        let record: Vec<Date> = steps.iter().filter(|s| states.contains(&s.state)).map(|s| s.date).collect();
        // Any step can be announced, and on its own day.
        let announced = states.first() == Some(&State::Announced);
        let others = steps.iter().filter(|_| announced).map(|s| s.date);
        let sources = self.article.sources.iter().filter_map(|s| s.date);
        let fits = |d: Date| !d.is_before(date) && !date.is_before(d);
        if record.is_empty() || record.iter().copied().chain(others).chain(sources).any(fits) {
            return;
        }
        let record: Vec<String> = record.iter().map(|d| d.human()).collect();
        found.push(Found {
            code: "W0903",
            range: range.clone(),
            message: format!("the text says `{}`, the record {}", &text[range.clone()], record.join(", ")),
            help: "correct the one that is wrong, or add the step to `status`".to_owned(),
        });
    }
}

/// The places of a word; Chinese words end anywhere.
fn places<'a>(small: &'a str, word: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    let edge = move |c: Option<char>| !word.is_ascii() || c.is_none_or(|c| !c.is_ascii_alphanumeric());
    small
        .match_indices(word)
        .map(move |(at, _)| at..at + word.len())
        .filter(move |r| edge(small[..r.start].chars().next_back()) && edge(small[r.end..].chars().next()))
}

fn has_word(small: &str, words: &[&str]) -> bool {
    words.iter().any(|w| places(small, w).next().is_some())
}

/// The clause in which a date stands. Where that is the date alone ("On 5 July 2017, …"), the one that it belongs to.
fn clause(small: &str, date: &Range<usize>) -> Option<Range<usize>> {
    let marks = small
        .char_indices()
        .filter(|(_, c)| matches!(c, ',' | ';' | ':' | '(' | ')' | '—' | '，' | '；' | '：' | '（' | '）'))
        .map(|(i, c)| i..i + c.len_utf8());
    let joints = [" after ", " before ", " when ", " while ", " but "];
    let joints = joints.iter().flat_map(|w| small.match_indices(w).map(|(i, w)| i..i + w.len()));
    let mut breaks: Vec<Range<usize>> =
        marks.chain(joints).filter(|b| b.end <= date.start || b.start >= date.end).collect();
    breaks.sort_by_key(|b| b.start);
    let start = breaks.iter().filter(|b| b.end <= date.start).map(|b| b.end).max().unwrap_or(0);
    let mut ends = breaks.iter().filter(|b| b.start >= date.end).map(|b| b.start);
    let end = ends.next().unwrap_or(small.len());
    let all_verbs = |part: &str| VERBS.iter().any(|(words, _)| has_word(part, words));
    if all_verbs(&small[start..end]) {
        return Some(start..end);
    }
    let around = [&small[start..date.start], &small[date.end..end]].concat();
    let words = if around.is_ascii() { around.split_whitespace().count() } else { around.chars().count() };
    if words > 2 {
        return None;
    }
    Some(if start == 0 { 0..ends.next().unwrap_or(small.len()) } else { 0..end })
}

/// The verb to which a date belongs: the last before it, else the first behind it.
fn verb(small: &str, clause: &Range<usize>, date: &Range<usize>) -> Option<(Range<usize>, &'static [State])> {
    let words = VERBS.iter().flat_map(|(words, states)| words.iter().map(|w| (*w, *states)));
    let part = &small[clause.clone()];
    let all: Vec<(Range<usize>, &'static [State])> = words
        .flat_map(|(w, states)| places(part, w).map(move |r| (r, states)).collect::<Vec<_>>())
        .map(|(r, states)| (r.start + clause.start..r.end + clause.start, states))
        .collect();
    let before = all.iter().filter(|v| v.0.end <= date.start).max_by_key(|v| v.0.start);
    before.or_else(|| all.iter().min_by_key(|v| v.0.start)).cloned()
}

/// Whether a clause names somebody whom the site does not know.
fn names_a_stranger(text: &str, clause: &Range<usize>, date: &Range<usize>, mentions: &[Mention]) -> bool {
    let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let capitals = text[clause.clone()].char_indices().filter(|(_, c)| c.is_uppercase()).map(|(i, _)| i + clause.start);
    capitals.filter(|i| *i > 0 && !joins(text[..*i].chars().next_back())).any(|start| {
        let known = mentions.iter().map(|m| &m.range).chain([date]).any(|r| r.contains(&start));
        let word = text[start..].split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        let of_a_country = ["ese", "ish", "ian", "ean", "can"].iter().any(|e| word.ends_with(e));
        !known && !of_a_country
    })
}
