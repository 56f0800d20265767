//! The fonts of cards: the program's own, then those that site.toml names, and which letters each has. Draws nothing.

use rustybuzz::ttf_parser;
use std::borrow::Cow;
use unicode_script::{Script, UnicodeScript};

/// The program's own; fonts/README.md says how they are made.
const OWN: [&[u8]; 3] =
    [include_bytes!("fonts/display.otf"), include_bytes!("fonts/text.otf"), include_bytes!("fonts/chinese.otf")];

/// Which of the program's own is asked first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    /// Names, headlines, sums.
    Display,
    /// Labels and dates.
    Text,
}

/// Whether bytes are a font that cards can be drawn with.
pub(super) fn is_font(bytes: &[u8]) -> bool {
    rustybuzz::Face::from_slice(bytes, 0).is_some_and(|f| f.tables().cmap.is_some())
}

/// A font and its letters.
struct Font {
    bytes: Cow<'static, [u8]>,
    /// First and last of each range, in order.
    letters: Vec<(u32, u32)>,
}

impl Font {
    /// A font in a file; `None` where it is none.
    fn read(bytes: Cow<'static, [u8]>) -> Option<Self> {
        let face = ttf_parser::Face::parse(&bytes, 0).ok()?;
        let mut all = Vec::new();
        for table in face.tables().cmap?.subtables.into_iter().filter(ttf_parser::cmap::Subtable::is_unicode) {
            table.codepoints(|c| {
                let is_there = char::from_u32(c).and_then(|c| face.glyph_index(c)).is_some_and(|g| g.0 != 0);
                all.extend(is_there.then_some(c));
            });
        }
        all.sort_unstable();
        let mut letters: Vec<(u32, u32)> = Vec::new();
        for c in all {
            match letters.last_mut() {
                Some((_, last)) if c <= *last + 1 => *last = c,
                _ => letters.push((c, c)),
            }
        }
        Some(Self { bytes, letters })
    }

    fn has(&self, c: char) -> bool {
        let c = u32::from(c);
        let after = self.letters.partition_point(|(first, _)| *first <= c);
        after.checked_sub(1).is_some_and(|i| c <= self.letters[i].1)
    }
}

/// All fonts of a site's cards.
pub(super) struct Faces {
    fonts: Vec<Font>,
}

impl Faces {
    /// The program's own, and those of the site that are fonts.
    pub(super) fn new<'a>(more: impl Iterator<Item = &'a [u8]>) -> Self {
        let own = OWN.into_iter().map(Cow::Borrowed);
        let more = more.map(|bytes| Cow::Owned(bytes.to_vec()));
        Self { fonts: own.chain(more).filter_map(Font::read).collect() }
    }

    /// The bytes of each.
    pub(super) fn bytes(&self) -> impl Iterator<Item = &[u8]> {
        self.fonts.iter().map(|f| &*f.bytes)
    }

    /// Each, ready to shape text. A font that cannot be used has no letters either.
    pub(super) fn open(&self) -> Vec<Option<rustybuzz::Face<'_>>> {
        self.fonts.iter().map(|f| rustybuzz::Face::from_slice(&f.bytes, 0)).collect()
    }

    /// The fonts that a voice asks, in order.
    fn chain(&self, voice: Voice) -> impl Iterator<Item = usize> {
        let first = match voice {
            Voice::Display => 0,
            Voice::Text => 1,
        };
        std::iter::once(first).chain(2..self.fonts.len())
    }

    /// Whether some font that a voice asks has a letter.
    pub(super) fn has(&self, voice: Voice, c: char) -> bool {
        self.chain(voice).any(|f| self.fonts[f].has(c))
    }

    /// A text in pieces, each with its font: one for a run of one script, where one has all of it.
    pub(super) fn runs<'t>(&self, voice: Voice, text: &'t str) -> Vec<(usize, &'t str)> {
        let mut runs: Vec<(usize, &str)> = Vec::new();
        for group in scripts(text) {
            let whole = self.chain(voice).find(|f| group.chars().all(|c| self.fonts[*f].has(c)));
            if let Some(font) = whole {
                runs.push((font, group));
                continue;
            }
            let mut start = 0;
            let font_of = |c: char| self.chain(voice).find(|f| self.fonts[*f].has(c));
            let mut current = None;
            for (at, c) in group.char_indices() {
                let font = font_of(c);
                if let (Some(now), true) = (current, font != current) {
                    runs.push((now, &group[start..at]));
                    start = at;
                } else if font != current {
                    start = at;
                }
                current = font;
            }
            runs.extend(current.map(|font| (font, &group[start..])));
        }
        runs
    }
}

/// A text cut where its script changes. What belongs to every script goes with what is before it.
fn scripts(text: &str) -> Vec<&str> {
    let (mut groups, mut start, mut current) = (Vec::new(), 0, None);
    for (at, c) in text.char_indices() {
        let script = match c.script() {
            Script::Common if ('\u{3000}'..='\u{303f}').contains(&c) || ('\u{ff00}'..='\u{ffef}').contains(&c) => {
                Script::Han
            }
            Script::Common | Script::Inherited => continue,
            script => script,
        };
        if current.is_some_and(|now| now != script) {
            groups.push(&text[start..at]);
            start = at;
        }
        current = Some(script);
    }
    groups.push(&text[start..]);
    groups.retain(|g| !g.is_empty());
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_has_one_font_and_every_letter_of_it_a_glyph() {
        let faces = Faces::new(std::iter::empty());
        let open = faces.open();
        for (text, wanted) in [
            ("Nokia", vec![(0, "Nokia")]),
            ("小米", vec![(2, "小米")]),
            ("Nokia（诺基亚）buys 5G", vec![(0, "Nokia"), (2, "（诺基亚）"), (0, "buys 5G")]),
            ("“中国移动” says", vec![(0, "“"), (2, "中国移动"), (0, "” "), (0, "says")]),
            ("Škoda – €5bn", vec![(0, "Škoda – €5bn")]),
            ("", vec![]),
        ] {
            let runs = faces.runs(Voice::Display, text);
            assert_eq!(runs, wanted, "{text}");
            for (font, run) in runs {
                let face = open[font].as_ref().expect("a font of ours");
                assert!(run.chars().all(|c| face.glyph_index(c).is_some_and(|g| g.0 != 0)), "{run}");
            }
        }
        assert!(!faces.has(Voice::Text, 'ش') && !faces.has(Voice::Text, '🚀') && faces.has(Voice::Text, '亚'));
    }
}
