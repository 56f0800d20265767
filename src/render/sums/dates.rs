//! Dates in running text, in English and Chinese: days, months and years, as precise as they are written.

use super::{numbers, spaces};
use crate::model::{Date, date};
use jiff::civil;
use std::ops::Range;

/// Before a month or a year: it bounds the time, or is one end of a range.
const BOUNDS: [&str; 16] = [
    "and", "or", "to", "by", "before", "after", "since", "until", "till", "through", "from", "between", "than", "for",
    "–", "-",
];

/// Every date of a text: "5 July 2017", "July 5, 2017", "2017-07-05", "2017年7月5日", "July 2017", "2017年7月", "in 2017".
#[must_use]
pub fn dates(text: &str) -> Vec<(Range<usize>, Date)> {
    let mut out = Vec::new();
    // Each has a year.
    if !text.as_bytes().split(|b| !b.is_ascii_digit()).any(|digits| digits.len() >= 4) {
        return out;
    }
    for m in 1..=12_i8 {
        let name = date::month_name(m);
        for (at, _) in text.match_indices(name) {
            out.extend(english(text, m, at..at + name.len()));
        }
    }
    for (range, _) in numbers(text).into_iter().filter(|(r, _)| r.len() == 4) {
        let iso = text.get(range.start..range.start + 10).and_then(|t| t.parse::<civil::Date>().ok());
        if let Some(day) = iso {
            out.push((range.start..range.start + 10, Date::Day(day)));
        } else if text[range.end..].starts_with('年') {
            out.extend(chinese(text, range));
        } else {
            out.extend(year_alone(text, range));
        }
    }
    out.sort_by_key(|(r, _)| r.start);
    out
}

/// The year after a month or a day: "2017", with a comma before it or not.
fn year(text: &str, from: usize) -> Option<(i16, usize)> {
    let rest = &text[from..];
    let skip =
        rest.find(|c: char| c.is_ascii_digit()).filter(|s| rest[..*s].chars().all(|c| ", \u{a0}".contains(c)))?;
    let y = rest.get(skip..skip + 4)?.parse::<i16>().ok()?;
    let ends = rest[skip + 4..].chars().next().is_none_or(|c| !c.is_ascii_digit());
    ends.then_some((y, from + skip + 4))
}

fn english(text: &str, m: i8, name: Range<usize>) -> Option<(Range<usize>, Date)> {
    if text[..name.start].chars().next_back().is_some_and(char::is_alphanumeric) {
        return None;
    }
    let before = text[..name.start].trim_end_matches([' ', '\u{a0}']);
    let digits = before.len() - before.bytes().rev().take_while(u8::is_ascii_digit).count();
    let own_year = year(text, name.end);
    if let (Ok(day), Some((y, to))) = (before[digits..].parse::<i8>(), own_year) {
        return civil::Date::new(y, m, day).ok().map(|d| (digits..to, Date::Day(d)));
    }
    if let Some((y, to)) = own_year {
        return (!is_bound(before)).then_some((name.start..to, Date::Month(y, m)));
    }
    let rest = &text[name.end..];
    let gap = spaces(rest);
    let len = rest[gap..].bytes().take_while(u8::is_ascii_digit).count();
    let day = rest[gap..gap + len].parse::<i8>().ok()?;
    let (y, to) = year(text, name.end + gap + len)?;
    civil::Date::new(y, m, day).ok().map(|d| (name.start..to, Date::Day(d)))
}

/// Whether the words before a month or a year make it no date of an event.
fn is_bound(before: &str) -> bool {
    let word = before.rsplit([' ', '\u{a0}', '(']).next().unwrap_or("");
    BOUNDS.iter().any(|b| word.eq_ignore_ascii_case(b)) || before.ends_with(['–', '-'])
}

/// "In 2017", "in early 2017", and no other number of four digits.
fn year_alone(text: &str, range: Range<usize>) -> Option<(Range<usize>, Date)> {
    let year = text[range.clone()].parse().ok().filter(|y| (1900..2100).contains(y))?;
    let mut before = text[..range.start].trim_end_matches([' ', '\u{a0}']);
    for part in ["early", "late", "mid", "mid-"] {
        before = before.strip_suffix(part).map_or(before, str::trim_end);
    }
    let is_in = before.rsplit(|c: char| !c.is_alphanumeric()).next().is_some_and(|w| w.eq_ignore_ascii_case("in"));
    let rest = &text[range.end..];
    let ends = rest.chars().next().is_none_or(|c| !c.is_alphanumeric() && !"-–/'’".contains(c));
    let more = [" and ", " or ", " to "].iter().filter_map(|w| rest.strip_prefix(w));
    let alone = !more.into_iter().any(|t| t.starts_with(|c: char| c.is_ascii_digit()));
    (is_in && ends && alone).then_some((range, Date::Year(year)))
}

fn chinese(text: &str, year: Range<usize>) -> Option<(Range<usize>, Date)> {
    let number = |t: &str| {
        let n = t.bytes().take_while(u8::is_ascii_digit).count();
        Some((t[..n].parse::<i8>().ok()?, n))
    };
    let y: i16 = text[year.clone()].parse().ok().filter(|y| (1900..2100).contains(y))?;
    let after_year = text[year.end..].strip_prefix('年')?;
    let place = |rest: &str| year.start..text.len() - rest.len();
    let is_end = |rest: &str| rest.starts_with(['以', '之', '前', '后', '起', '至', '到', '-', '–', '、', '和', '与']);
    let month = number(after_year).and_then(|(m, n)| Some((m, after_year[n..].strip_prefix('月')?)));
    let Some((m, after_month)) = month else {
        return (!is_end(after_year)).then(|| (place(after_year), Date::Year(y)));
    };
    let day = number(after_month).and_then(|(d, n)| Some((d, after_month[n..].strip_prefix(['日', '号'])?)));
    if let Some((d, rest)) = day {
        return civil::Date::new(y, m, d).ok().map(|d| (place(rest), Date::Day(d)));
    }
    ((1..=12).contains(&m) && !is_end(after_month)).then(|| (place(after_month), Date::Month(y, m)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_as_precise_as_they_are_written() {
        for (text, date) in [
            ("on 5 July 2017.", "2017-07-05"),
            ("July 5, 2017", "2017-07-05"),
            ("2017-07-05", "2017-07-05"),
            ("于2017年7月5日签署", "2017-07-05"),
            ("5\u{a0}July 2017", "2017-07-05"),
            ("in July 2017, or May 20 people", "2017-07"),
            ("于2017年4月签署", "2017-04"),
            ("announced in early 2016", "2016"),
            ("In 2016 it was signed", "2016"),
            ("2016年签署", "2016"),
        ] {
            let found = dates(text);
            assert_eq!(found.iter().map(|d| d.1.to_string()).collect::<Vec<_>>(), [date], "{text}");
        }
    }

    #[test]
    fn what_bounds_the_time_or_counts_is_no_date() {
        for text in [
            "by July 2017",
            "between April and June 2017",
            "since 2016",
            "2016 patents",
            "in 2016 and 2017",
            "in 2016–2017",
            "自2016年以来",
            "Mayor 2017",
        ] {
            assert_eq!(dates(text), [], "{text}");
        }
    }
}
