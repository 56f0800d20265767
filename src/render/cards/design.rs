//! How a card looks: what stands where, in which size. The theme's tombstone on paper of 1200 by 630 pixels.

use super::canvas::{Canvas, Ink, WIDTH};
use super::faces::{Faces, Voice};
use super::line::Type;
use super::words::{fit, spelled};
use super::wrap::wrap;
use crate::pages::{Name, Plate, Theme};

/// From the edge to text.
const MARGIN: f32 = 96.0;
/// The width of text.
const MEASURE: f32 = 1200.0 - 2.0 * MARGIN;
/// The width of what stands in the middle.
const CENTRED: f32 = 940.0;
/// The height that what stands in the middle may have.
const ROOM: f32 = 376.0;
/// Where the foot begins: its rule, and the base line of the site's name.
const FOOT: (usize, f32) = (496, 548.0);

/// A card being drawn.
pub(super) struct Sheet<'f> {
    faces: &'f Faces,
    letters: Type<'f>,
    canvas: Canvas,
}

/// One row of what stands in the middle.
struct Row {
    /// Texts side by side, each in its voice, size and ink.
    parts: Vec<(String, Voice, f32, Ink)>,
    /// From the top of the row to its base line.
    rise: f32,
    /// From there to the next row.
    fall: f32,
}

/// Where in the measure a text stands.
#[derive(Clone, Copy)]
enum Place {
    /// At its beginning, with so much kept free at the end.
    Left(f32),
    /// In its middle.
    Middle,
    /// At its end.
    Right,
}

impl Row {
    fn of(text: String, voice: Voice, size: f32, ink: Ink, (above, below): (f32, f32)) -> Self {
        Self { parts: vec![(text, voice, size, ink)], rise: above + size * 0.72, fall: size * 0.24 + below }
    }
}

impl<'f> Sheet<'f> {
    pub(super) fn new(faces: &'f Faces) -> Self {
        let mut canvas = Canvas::new();
        canvas.frame(32, 3, Ink::Black);
        canvas.frame(43, 2, Ink::Line);
        Self { faces, letters: Type::new(faces), canvas }
    }

    /// Draws a plate.
    pub(super) fn draw(mut self, plate: &Plate<'_>) -> Vec<u8> {
        match &plate.subject {
            Theme::Deal { lead, others, .. } if !lead.is_empty() || !others.is_empty() => self.stone(plate),
            Theme::Deal { kind, title, date, .. } => {
                let title = title.as_ref().map_or(plate.site, |t| t.text);
                self.news(plate.site, None, kind, title, date);
            }
            Theme::News { label, section, headline, date } => {
                let kicker = label.or(section.as_ref().map(|s| s.text)).unwrap_or_default();
                self.news(plate.site, *label, kicker, headline.text, date);
            }
            Theme::Site { motto, host } => self.title(plate.site, motto, host),
        }
        self.canvas.png()
    }

    fn fit(&self, voice: Voice, text: &str) -> String {
        fit(self.faces, voice, text).text
    }

    fn width(&self, text: &str, voice: Voice, size: f32) -> f32 {
        self.letters.set(voice, text).width * size
    }

    /// Draws a text from a place on the base line on.
    fn put(&mut self, text: &str, voice: Voice, size: f32, ink: Ink, at: (f32, f32)) {
        let line = self.letters.set(voice, text);
        for glyph in &line.glyphs {
            if let Some(face) = self.letters.face(glyph.font) {
                let at = (at.0 + glyph.x * size, at.1 - glyph.y * size);
                self.canvas.glyph(face, glyph.id, at, size, ink);
            }
        }
    }

    /// The largest size, from the first down, in which a text is no wider than that; and what of it has room then.
    fn one_line(&self, text: &str, voice: Voice, sizes: &[f32], width: f32) -> (String, f32) {
        let mut all = wrap(&self.letters, voice, text, sizes, width, |_| 1);
        (all.lines.drain(..).next().unwrap_or_default(), all.size)
    }

    /// Draws a text in one line where it has room, in the first size in which it has; returns its width.
    fn label(&mut self, text: &str, (voice, ink): (Voice, Ink), sizes: &[f32], place: Place, y: f32) -> f32 {
        let fit = self.fit(voice, text);
        let room = match place {
            Place::Left(after) => MEASURE - after,
            Place::Middle | Place::Right => MEASURE,
        };
        let (shown, size) = self.one_line(&fit, voice, sizes, room);
        let width = self.width(&shown, voice, size);
        let x = match place {
            Place::Left(_) => 0.0,
            Place::Middle => (MEASURE - width) / 2.0,
            Place::Right => MEASURE - width,
        };
        self.put(&shown, voice, size, ink, (MARGIN + x, y));
        width
    }

    /// The rule above the foot.
    fn rule(&mut self) {
        self.canvas.area(96, FOOT.0, WIDTH - 192, 2, Ink::Line);
    }

    /// A headline, as on the page: the section above it, the date below.
    fn news(&mut self, site: &str, label: Option<&str>, kicker: &str, headline: &str, date: &str) {
        let mut top = 86.0;
        if label.is_some() {
            let width = self.width(&self.fit(Voice::Text, kicker), Voice::Text, 26.0).min(MEASURE - 32.0);
            self.outline((MARGIN, 84.0), (width + 32.0, 48.0));
            let (shown, points) = self.one_line(&self.fit(Voice::Text, kicker), Voice::Text, &[26.0], MEASURE - 32.0);
            self.put(&shown, Voice::Text, points, Ink::Red, (MARGIN + 16.0, 117.0));
            top = 150.0;
        } else if self.label(kicker, (Voice::Text, Ink::Red), &[30.0, 26.0], Place::Left(0.0), 118.0) > 0.0 {
            top = 150.0;
        }
        let drawn = fit(self.faces, Voice::Display, headline);
        // A text of which a third is missing says nothing: then the site speaks.
        let headline = if drawn.lost * 2 > drawn.kept { self.fit(Voice::Display, site) } else { drawn.text };
        let sizes = [112.0, 98.0, 84.0, 76.0, 68.0, 60.0, 54.0, 48.0];
        let set =
            wrap(&self.letters, Voice::Display, &headline, &sizes, MEASURE, |size| rows(size, 470.0 - top).min(4));
        for (i, line) in (0_u8..).zip(&set.lines) {
            let y = top + set.size * (0.86 + LEADING * f32::from(i));
            self.put(line, Voice::Display, set.size, Ink::Black, (MARGIN, y));
        }
        self.rule();
        let width = self.label(date, (Voice::Text, Ink::Soft), &[28.0], Place::Right, FOOT.1);
        self.label(site, (Voice::Display, Ink::Black), NAME, Place::Left(width + 48.0), FOOT.1);
    }

    /// A box around a label.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places on the picture")]
    fn outline(&mut self, (x, y): (f32, f32), (width, height): (f32, f32)) {
        let (x, y, width, height) = (x as usize, y as usize, width as usize, height as usize);
        self.canvas.area(x, y, width, 2, Ink::Red);
        self.canvas.area(x, y + height - 2, width, 2, Ink::Red);
        self.canvas.area(x, y, 2, height, Ink::Red);
        self.canvas.area(x + width - 2, y, 2, height, Ink::Red);
    }

    /// The site: its name as on the front page, and what it is.
    fn title(&mut self, site: &str, motto: &str, host: &str) {
        let site = self.fit(Voice::Display, site);
        let motto = self.fit(Voice::Display, motto);
        let name = wrap(&self.letters, Voice::Display, &site, &[120.0, 104.0, 88.0, 72.0, 60.0], MEASURE, |_| 2);
        let text = wrap(&self.letters, Voice::Display, &motto, &[38.0, 34.0], MEASURE - 80.0, |_| 3);
        let mut rows: Vec<Row> = Vec::new();
        for line in name.lines {
            rows.push(Row::of(line, Voice::Display, name.size, Ink::Black, (0.0, name.size * 0.12)));
        }
        for (i, line) in text.lines.into_iter().enumerate() {
            let above = if i == 0 { 26.0 } else { 0.0 };
            rows.push(Row::of(line, Voice::Display, text.size, Ink::Soft, (above, text.size * 0.28)));
        }
        self.middle(&rows);
        self.rule();
        self.label(host, (Voice::Text, Ink::Soft), &[28.0, 24.0], Place::Middle, FOOT.1);
    }

    /// Draws rows in the middle of what is above the foot.
    fn middle(&mut self, rows: &[Row]) {
        #[expect(clippy::cast_precision_loss, reason = "a place on the picture")]
        let (top, below) = (45.0, FOOT.0 as f32);
        let height: f32 = rows.iter().map(|r| r.rise + r.fall).sum();
        let mut y = top + (below - top - height) / 2.0;
        for row in rows {
            y += row.rise;
            let widths: Vec<f32> = row.parts.iter().map(|(t, v, s, _)| self.width(t, *v, *s)).collect();
            let mut x = MARGIN + (MEASURE - widths.iter().sum::<f32>()) / 2.0;
            if row.parts.is_empty() {
                self.bar(y);
            }
            for ((text, voice, size, ink), width) in row.parts.iter().zip(widths) {
                self.put(text, *voice, *size, *ink, (x, y));
                x += width;
            }
            y += row.fall;
        }
    }

    /// A short rule in the middle.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place on the picture")]
    fn bar(&mut self, y: f32) {
        self.canvas.area(WIDTH / 2 - 32, y as usize, 64, 2, Ink::Black);
    }

    /// A deal as banks announce one.
    fn stone(&mut self, plate: &Plate<'_>) {
        let Theme::Deal { kind, title, lead, others, more, value, disclosed, date, state } = &plate.subject else {
            return;
        };
        // The names become smaller until all of it has room.
        for scale in [1.0, 0.9, 0.8, 0.7, 0.6, 0.52] {
            let kind = self.fit(Voice::Text, kind);
            let mut rows = vec![Row::of(kind, Voice::Text, 30.0, Ink::Red, (0.0, 20.0 * scale))];
            rows.extend(lead.iter().map(|n| self.name(n, 88.0 * scale)));
            rows.extend(others.iter().map(|n| self.name(n, if lead.is_empty() { 88.0 } else { 54.0 } * scale)));
            if *more > 0 {
                rows.push(Row::of(format!("and {more} more"), Voice::Text, 26.0, Ink::Soft, (4.0, 0.0)));
            }
            if let Some(title) = title {
                let title = self.fit(Voice::Display, title.text);
                let set = wrap(&self.letters, Voice::Display, &title, &[44.0, 38.0, 34.0], CENTRED, |_| 2);
                for line in set.lines {
                    rows.push(Row::of(line, Voice::Display, set.size, Ink::Black, (8.0, 4.0)));
                }
            }
            rows.push(Row { parts: Vec::new(), rise: 18.0 * scale, fall: 2.0 });
            if let Some(value) = value {
                let value = self.fit(Voice::Display, value);
                let (value, size) = self.one_line(
                    &value,
                    Voice::Display,
                    &[46.0, 40.0, 34.0, 28.0].map(|s: f32| s * scale.max(0.8)),
                    CENTRED,
                );
                let ink = if *disclosed { Ink::Black } else { Ink::Soft };
                rows.push(Row::of(value, Voice::Display, size, ink, (26.0 * scale, 0.0)));
            }
            let when = [date.as_str(), state].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("  ·  ");
            let above = if value.is_some() { 12.0 } else { 30.0 * scale };
            rows.push(Row::of(self.fit(Voice::Text, &when), Voice::Text, 28.0, Ink::Soft, (above, 0.0)));
            if rows.iter().map(|r| r.rise + r.fall).sum::<f32>() <= ROOM || scale < 0.6 {
                self.middle(&rows);
                break;
            }
        }
        self.rule();
        self.label(plate.site, (Voice::Display, Ink::Black), NAME, Place::Middle, FOOT.1);
    }

    /// A party: its name, its name in Chinese, its roles.
    fn name(&self, name: &Name<'_>, size: f32) -> Row {
        let drawn = fit(self.faces, Voice::Display, name.name.text);
        let text = if drawn.lost > 0 || drawn.kept == 0 { spelled(name.id) } else { drawn.text };
        let chinese = name.chinese.as_ref().map(|c| fit(self.faces, Voice::Display, c.text));
        let chinese = chinese.filter(|c| c.missing.is_empty()).map(|c| format!("  {}", c.text));
        let roles =
            if name.roles.is_empty() { String::new() } else { format!(",  {}", name.roles.join(", ").to_lowercase()) };
        let roles = self.fit(Voice::Text, &roles);
        let beside = |size: f32| {
            let chinese = chinese.as_ref().map_or(0.0, |t| self.width(t, Voice::Display, size * 0.5));
            chinese + self.width(&roles, Voice::Text, ROLES)
        };
        let sizes = [1.0, 0.88, 0.78, 0.68, 0.58].map(|part| (size * part).max(SMALLEST));
        let (text, size) = self.one_line(&text, Voice::Display, &sizes, CENTRED - beside(size));
        let mut parts = vec![(text, Voice::Display, size, Ink::Black)];
        parts.extend(chinese.map(|t| (t, Voice::Display, size * 0.5, Ink::Soft)));
        parts.push((roles, Voice::Text, ROLES, Ink::Soft));
        Row { parts, rise: size * 0.8, fall: size * 0.31 }
    }
}

/// Sizes of the site's name at the foot.
const NAME: &[f32] = &[34.0, 30.0, 26.0];
/// The least size of a name.
const SMALLEST: f32 = 34.0;
/// The size of roles.
const ROLES: f32 = 24.0;
/// From one base line of a headline to the next.
const LEADING: f32 = 1.12;

/// Lines of a size that have room.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a handful of lines")]
fn rows(size: f32, height: f32) -> usize {
    (height / (size * LEADING)) as usize
}
