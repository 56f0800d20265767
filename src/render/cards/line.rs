//! Text -> glyphs in their places, in the unit of the font's size. Knows no lines and no page.

use super::faces::{Faces, Voice};
use rustybuzz::{Direction, Face, UnicodeBuffer};
use unicode_bidi::BidiInfo;

/// A glyph of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    /// Which font.
    pub(super) font: usize,
    /// Its number there.
    pub(super) id: u16,
    /// From the beginning of the line.
    pub(super) x: f32,
    /// From the base line, upwards.
    pub(super) y: f32,
}

/// A text in one line.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// From left to right.
    pub(super) glyphs: Vec<Glyph>,
    /// Of the whole.
    pub(super) width: f32,
}

/// Fonts that are open.
pub(super) struct Type<'f> {
    faces: &'f Faces,
    open: Vec<Option<Face<'f>>>,
}

impl<'f> Type<'f> {
    pub(super) fn new(faces: &'f Faces) -> Self {
        Self { faces, open: faces.open() }
    }

    /// A font by its number.
    pub(super) fn face(&self, font: usize) -> Option<&Face<'f>> {
        self.open.get(font)?.as_ref()
    }

    /// Sets a text, each run in its direction.
    pub(super) fn set(&self, voice: Voice, text: &str) -> Line {
        let mut line = Line::default();
        if text.chars().all(|c| c < '\u{590}' || ('\u{2e80}'..'\u{a000}').contains(&c)) {
            self.run(voice, text, false, &mut line);
            return line;
        }
        let bidi = BidiInfo::new(text, None);
        for paragraph in &bidi.paragraphs {
            let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for run in runs {
                let is_rtl = levels.get(run.start).is_some_and(unicode_bidi::Level::is_rtl);
                self.run(voice, &text[run], is_rtl, &mut line);
            }
        }
        line
    }

    fn run(&self, voice: Voice, text: &str, is_rtl: bool, line: &mut Line) {
        let mut runs = self.faces.runs(voice, text);
        if is_rtl {
            runs.reverse();
        }
        for (font, part) in runs {
            let Some(face) = self.face(font) else { continue };
            let mut buffer = UnicodeBuffer::new();
            buffer.push_str(part);
            buffer.guess_segment_properties();
            buffer.set_direction(if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight });
            let shaped = rustybuzz::shape(face, &[], buffer);
            #[expect(clippy::cast_precision_loss, reason = "units of a font are below 2^24")]
            let em = |units: i32| units as f32 / face.units_per_em() as f32;
            for (info, at) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
                let id = u16::try_from(info.glyph_id).unwrap_or(0);
                let (x, y) = (line.width + em(at.x_offset), em(at.y_offset));
                line.glyphs.push(Glyph { font, id, x, y });
                line.width += em(at.x_advance);
            }
        }
    }
}
