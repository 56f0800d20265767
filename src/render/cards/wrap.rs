//! Text -> lines of a width, in the largest size that fits. Measures, and draws nothing.

use super::faces::Voice;
use super::line::Type;
use unicode_linebreak::linebreaks;
use unicode_segmentation::UnicodeSegmentation;

/// Text in lines.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lines {
    /// Of the letters, in pixels.
    pub(super) size: f32,
    /// Without spaces at their ends.
    pub(super) lines: Vec<String>,
}

/// What may not be parted, and its width in the unit of the size: with the spaces that follow, and without.
struct Piece<'t> {
    text: &'t str,
    full: f32,
    bare: f32,
}

/// Breaks a text so that it is at most `width` wide and has at most so many lines as `most` says of a size: in the first
/// of `sizes` in which it fits, lines of even length. What does not fit in the last is cut off, with an ellipsis.
pub(super) fn wrap(
    letters: &Type<'_>,
    voice: Voice,
    text: &str,
    sizes: &[f32],
    width: f32,
    most: impl Fn(f32) -> usize,
) -> Lines {
    let measure = |text: &str| letters.set(voice, text).width;
    let mut pieces = cut(text, &measure);
    for size in sizes {
        let (room, most) = (width / size, most(*size).max(1));
        let fits = |room: f32| fill(&pieces, room).filter(|lines| lines.len() <= most);
        if let Some(lines) = fits(room) {
            let lines = even(&pieces, lines, room);
            return Lines { size: *size, lines: lines.into_iter().map(|l| l.trim_end().to_owned()).collect() };
        }
    }
    let size = sizes.last().copied().unwrap_or(1.0);
    let (room, most) = (width / size, most(size).max(1));
    // A word that is longer than a line is parted anywhere.
    pieces = pieces.into_iter().flat_map(|p| if p.bare > room { letters_of(&p, &measure) } else { vec![p] }).collect();
    let mut lines: Vec<String> =
        fill(&pieces, room).unwrap_or_default().into_iter().map(|l| l.trim_end().to_owned()).collect();
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = shorten(last, room, &measure);
        }
    }
    Lines { size, lines }
}

/// Cuts a text where it may be broken.
fn cut<'t>(text: &'t str, measure: &dyn Fn(&str) -> f32) -> Vec<Piece<'t>> {
    let mut start = 0;
    let ends = linebreaks(text).map(|(end, _)| end);
    ends.map(|end| {
        let piece = piece(&text[start..end], measure);
        start = end;
        piece
    })
    .collect()
}

fn piece<'t>(text: &'t str, measure: &dyn Fn(&str) -> f32) -> Piece<'t> {
    let bare = text.trim_end_matches(' ');
    let width = measure(bare);
    Piece { text, full: if bare.len() == text.len() { width } else { measure(text) }, bare: width }
}

fn letters_of<'t>(piece_: &Piece<'t>, measure: &dyn Fn(&str) -> f32) -> Vec<Piece<'t>> {
    piece_.text.graphemes(true).map(|g| piece(g, measure)).collect()
}

/// Fills lines from the first on; nothing where a piece alone is wider than a line.
fn fill(pieces: &[Piece<'_>], room: f32) -> Option<Vec<String>> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = f32::INFINITY;
    for piece in pieces {
        if piece.bare > room {
            return None;
        }
        if used + piece.bare > room {
            lines.push(String::new());
            used = 0.0;
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(piece.text);
        }
        used += piece.full;
    }
    Some(lines)
}

/// The same number of lines, none much longer than the others.
fn even(pieces: &[Piece<'_>], lines: Vec<String>, room: f32) -> Vec<String> {
    let (mut best, mut low, mut high) = (lines, 0.0, room);
    for _ in 0..12 {
        let middle = f32::midpoint(low, high);
        match fill(pieces, middle).filter(|l| l.len() <= best.len()) {
            Some(lines) => {
                best = lines;
                high = middle;
            }
            None => low = middle,
        }
    }
    best
}

/// A line that ends in an ellipsis, without words that have no room.
fn shorten(line: &str, room: f32, measure: &dyn Fn(&str) -> f32) -> String {
    let ends = line.unicode_word_indices().map(|(at, w)| at + w.len()).rev();
    let graphemes = line.grapheme_indices(true).map(|(at, _)| at).rev();
    let all = std::iter::once(line.len()).chain(ends).chain(graphemes);
    let cut = |end: usize| {
        format!("{}…", line[..end].trim_end_matches([' ', ',', ';', ':', '.', '-', '–', '—', '、', '，', '…']))
    };
    all.map(cut).find(|l| measure(l) <= room).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::faces::Faces;
    use super::*;

    #[test]
    fn lines_have_room_and_are_even_and_what_does_not_fit_ends_in_an_ellipsis() {
        let faces = Faces::new(std::iter::empty());
        let letters = Type::new(&faces);
        let sizes = [100.0, 80.0, 60.0];
        let long = "a headline that nobody reads to its end ".repeat(9);
        let giant = "abcdefghij".repeat(30);
        for (text, size, lines) in [
            ("Nokia", 100.0, vec!["Nokia"]),
            ("Nokia buys a maker of antennas", 100.0, vec!["Nokia buys a", "maker of antennas"]),
            ("诺基亚与小米专利，可", 100.0, vec!["诺基亚与小", "米专利，可"]),
            ("", 100.0, vec![]),
            (&long, 60.0, vec![]),
            (&giant, 60.0, vec![]),
        ] {
            let set = wrap(&letters, Voice::Display, text, &sizes, 800.0, |size| if size > 90.0 { 2 } else { 3 });
            assert!((set.size - size).abs() < 0.1, "{text}: {}", set.size);
            let is_cut = lines.is_empty() && !text.is_empty();
            if is_cut {
                assert_eq!(set.lines.len(), 3);
                assert!(set.lines[2].ends_with('…'), "{:?}", set.lines);
            } else {
                assert_eq!(set.lines, lines);
            }
            for line in &set.lines {
                assert!(letters.set(Voice::Display, line).width * set.size <= 800.5, "{line}");
            }
        }
    }
}
