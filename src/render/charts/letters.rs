//! How wide texts are, without a font: an estimate that the usual faces stay below. Draws nothing.

/// How much wider heavy letters are.
const HEAVY: f64 = 1.1;

/// The width of a text in a size. The widths are those of `DejaVu Sans`, the widest of the faces that pages are set in.
#[must_use]
pub fn width(text: &str, size: f64, heavy: bool) -> f64 {
    text.chars().map(em).sum::<f64>() * size * if heavy { HEAVY } else { 1.0 }
}

fn em(c: char) -> f64 {
    match c {
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0.0,
        'i' | 'j' | 'l' | 'I' | 'J' | '.' | ',' | ':' | ';' | '\'' | '|' | '·' | '’' | '‘' | ' ' | '\u{a0}' => {
            0.34
        }
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '-' | '/' | '!' => 0.43,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '—' | '…' | '&' => 1.0,
        'a'..='z' | '0'..='9' | '–' | '"' | '“' | '”' => 0.64,
        'A'..='Z' => 0.79,
        c if c.is_ascii() => 0.84,
        '\u{a1}'..='\u{24f}' => {
            if c.is_uppercase() {
                0.8
            } else {
                0.68
            }
        }
        '\u{250}'..='\u{52f}' => 0.9,
        c if is_square(c) => 1.0,
        _ => 1.2,
    }
}

/// Whether a character takes a square: Chinese, Japanese and Korean letters and their signs.
fn is_square(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffe6}' | '\u{20000}'..='\u{3ffff}')
}

/// A text, cut off with an ellipsis where it is wider than there is room.
#[must_use]
pub fn fit(text: &str, room: f64, size: f64, heavy: bool) -> String {
    if width(text, size, heavy) <= room {
        return text.to_owned();
    }
    let mut left = room - width("…", size, heavy);
    let mut end = 0;
    for (at, c) in text.char_indices() {
        left -= em(c) * size * if heavy { HEAVY } else { 1.0 };
        if left < 0.0 {
            break;
        }
        end = at + c.len_utf8();
    }
    format!("{}…", text[..end].trim_end())
}

/// A text on at most `most` lines, broken at spaces, after hyphens and dashes and between Chinese characters; the last
/// one is cut off where there is more.
#[must_use]
pub fn wrap(text: &str, room: f64, size: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if lines.len() + 1 >= most || width(rest, size, true) <= room {
            lines.push(fit(rest, room, size, true));
            break;
        }
        let mut used = 0.0;
        let mut cut = None;
        let mut end = 0;
        for (at, c) in rest.char_indices() {
            used += em(c) * size * HEAVY;
            if used > room && !c.is_whitespace() {
                break;
            }
            end = at + c.len_utf8();
            if c.is_whitespace() && c != '\u{a0}' || matches!(c, '-' | '–' | '—' | '/') || is_square(c) {
                cut = Some(end);
            }
        }
        // A word that is wider than a line is broken where the line ends.
        let at = cut.unwrap_or(end).max(rest.chars().next().map_or(1, char::len_utf8));
        lines.push(rest[..at].trim_end().to_owned());
        rest = rest[at..].trim_start();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        for text in ["Nokia", "诺基亚上海贝尔股份有限公司", "Samsung Electronics North America", "Ünïcødé Öy", "W", ""]
        {
            for room in [20.0, 60.0, 400.0] {
                let cut = fit(text, room, 14.0, false);
                assert!(width(&cut, 14.0, false) <= room, "{cut} in {room}");
                let head = cut.strip_suffix('…').map_or(cut.as_str(), str::trim_end);
                assert!(text.starts_with(head) && (cut == text || cut.ends_with('…')), "{cut} of {text}");
            }
        }
        assert_eq!(fit("Nokia Shanghai Bell", 90.0, 14.0, false), "Nokia Sh…");
    }

    #[test]
    fn lines_break_between_words_and_chinese_characters() {
        let lines = |text: &str, most| wrap(text, 150.0, 14.0, most);
        assert_eq!(lines("Nokia Shanghai Bell joint venture", 3), ["Nokia Shanghai", "Bell joint venture"]);
        assert_eq!(lines("Nokia Shanghai Bell joint venture", 1), ["Nokia Shanghai…"]);
        assert_eq!(lines("Nokia–Xiaomi cross-licence", 3), ["Nokia–Xiaomi", "cross-licence"]);
        assert_eq!(lines("诺基亚与小米签署专利交叉许可协议", 2), ["诺基亚与小米签署专", "利交叉许可协议"]);
        assert_eq!(lines("", 2), [""; 0]);
        for line in lines("Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", 9) {
            assert!(width(&line, 14.0, true) <= 150.0, "{line}");
        }
    }
}
