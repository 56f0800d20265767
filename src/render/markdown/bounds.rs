//! Nesting and numbers that no text needs, and that make reading it slow or large without end.

use std::ops::Range;

/// Most quotations and lists in one another, and most elements of raw HTML.
pub(super) const DEEPEST: usize = 100;
/// Most words, marks, line ends and cells, which are what a text is held as: about ten megabytes of prose.
pub(super) const MOST: usize = 400_000;
/// Most bytes of indentation, which is nesting too.
const WIDEST: usize = 1000;

/// Most line ends and characters that can be marks. Each may become several parts, which the parser holds all at once.
const MARKS: usize = 1_000_000;

/// Some bytes, as a table: asked for every byte of every text.
const fn set(members: &[u8]) -> [bool; 256] {
    let mut all = [false; 256];
    let mut i = 0;
    while i < members.len() {
        all[members[i] as usize] = true;
        i += 1;
    }
    all
}

/// What can be a mark, and line ends.
static MARK: [bool; 256] = set(b"\n*_[]<>|`~&\\'\"!-$^");
/// What a line's indentation, quotation and list marks are made of.
static OPENING: [bool; 256] = set(b" \t>-*+0123456789.)");

/// Whether a text has more marks than anyone writes in ten megabytes.
pub(super) fn too_many(text: &str) -> bool {
    text.len() > MARKS && text.bytes().filter(|b| MARK[usize::from(*b)]).count() > MARKS
}

/// What is wrong with a text that nests too deep.
pub(super) fn nested(what: &str) -> String {
    format!("more than {DEEPEST} {what} are in one another")
}

/// The beginning of a line that nests too deep.
pub(super) fn too_deep(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).map(|i| i + 1).chain([text.len()]) {
        let line = &text[start..end];
        let prefix = line.bytes().take_while(|b| OPENING[usize::from(*b)]).count();
        if prefix <= DEEPEST {
            start = end;
            continue;
        }
        let quotes = line.bytes().take(prefix).filter(|b| *b == b'>').count();
        let blanks = line.as_bytes().windows(2).take(prefix);
        let items = blanks.filter(|w| b"-*+.)".contains(&w[0]) && b" \t".contains(&w[1])).count();
        if quotes + items > DEEPEST || prefix > WIDEST && line.bytes().take(prefix).any(|b| b == b' ' || b == b'\t') {
            return Some(start..start + prefix);
        }
        start = end;
    }
    None
}

/// Elements that have no end, or none that has to be written.
const UNENDED: [&str; 29] = [
    "area", "base", "br", "col", "colgroup", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
    "optgroup", "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track",
    "wbr",
];

/// Whether more elements are open at once than a sanitiser should be given.
pub(super) fn html_too_deep(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    for (at, _) in html.match_indices('<') {
        let (rest, closes) = html[at + 1..].strip_prefix('/').map_or((&html[at + 1..], false), |rest| (rest, true));
        let end = rest.bytes().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let name = &rest[..end];
        if closes {
            // One that is closed out of turn leaves the others open.
            if let Some(i) = open.iter().rposition(|o| o.eq_ignore_ascii_case(name)) {
                open.remove(i);
            }
        } else if name.starts_with(|c: char| c.is_ascii_alphabetic())
            && !UNENDED.iter().any(|u| name.eq_ignore_ascii_case(u))
        {
            open.push(name);
        }
        if open.len() > DEEPEST {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_not_too_deep() {
        let line = format!("{}\n\n{}\n", "-".repeat(5000), "*".repeat(5000));
        for fine in ["> > a\n", "- - - - -\n", "1. a\n   - b\n", &line, &" ".repeat(900), &"1234567890".repeat(200)] {
            assert_eq!(too_deep(fine), None, "{fine:.20}");
        }
        assert_eq!(too_deep(&format!("a\n{}b\n", "> ".repeat(101))), Some(2..204));
        for deep in [">".repeat(101), "- ".repeat(101), "1. > ".repeat(60), " ".repeat(1001)] {
            assert!(too_deep(&deep).is_some(), "{deep:.20}");
        }
    }

    #[test]
    fn elements_that_end_do_not_count() {
        for fine in ["<p>".repeat(500), "<b>a</b>".repeat(500), "<br>".repeat(500), "a < b ".repeat(500)] {
            assert!(!html_too_deep(&fine), "{fine:.20}");
        }
        for deep in ["<div>".repeat(101), "<A\n><b>".repeat(51), "<b></p>".repeat(101), "<b><i></b>".repeat(101)] {
            assert!(html_too_deep(&deep), "{deep:.20}");
        }
    }
}
