//! Writes the elements of one SVG picture, with everything escaped. Knows no data and places nothing.

use super::Frame;
use super::letters;
use std::fmt::Write as _;

/// A place.
pub type At = (f64, f64);

/// Which end of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// How letters look.
#[derive(Clone, Copy, Debug)]
pub struct Face {
    /// In units of the picture.
    pub size: f64,
    /// Whether they are heavy.
    pub heavy: bool,
    /// Whether they step back behind others.
    pub soft: bool,
    /// Which end stands at the place.
    pub anchor: Anchor,
}

/// From a name to the number behind it.
const COUNT: f64 = 8.0;

impl Face {
    /// What is read first.
    pub const NAME: Self = Self { size: 14.0, heavy: true, soft: false, anchor: Anchor::Start };
    /// What names a mark.
    pub const PLAIN: Self = Self { size: 14.0, heavy: false, soft: false, anchor: Anchor::Start };
    /// Numbers and dates.
    pub const SMALL: Self = Self { size: 12.5, heavy: false, soft: true, anchor: Anchor::Start };

    /// The same at another end.
    #[must_use]
    pub const fn at(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    /// The width of a text.
    #[must_use]
    pub fn width(self, text: &str) -> f64 {
        letters::width(text, self.size, self.heavy)
    }

    /// The width of a text with a number behind it.
    #[must_use]
    pub fn width_counted(self, text: &str, count: &str) -> f64 {
        self.width(text) + COUNT + Face::SMALL.width(count)
    }

    /// A text that with a number behind it is no wider than the room there is.
    #[must_use]
    pub fn fit_counted(self, text: &str, count: &str, room: f64) -> String {
        self.fit(text, room - COUNT - Face::SMALL.width(count))
    }

    /// A text that is no wider than the room there is.
    #[must_use]
    pub fn fit(self, text: &str, room: f64) -> String {
        letters::fit(text, room, self.size, self.heavy)
    }
}

/// What a picture is, for those who hear it.
pub struct Spoken<'t> {
    /// Its name.
    pub title: &'t str,
    /// What it shows.
    pub text: &'t str,
    /// Whether it contains links: then it is a group of things, else one image.
    pub links: bool,
}

/// The elements of a picture, so far.
#[derive(Default)]
pub struct Pen {
    out: String,
}

impl Pen {
    /// A straight line.
    pub fn line(&mut self, class: &str, from: At, to: At, width: f64) {
        let (x1, y1, x2, y2, w) = (tenths(from.0), tenths(from.1), tenths(to.0), tenths(to.1), tenths(width));
        let _ = writeln!(
            self.out,
            "<path class=\"{class}\" d=\"M{x1} {y1}L{x2} {y2}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"{w}\"/>"
        );
    }

    /// A curve from a place to another, drawn towards a third.
    pub fn curve(&mut self, class: &str, [from, towards, to]: [At; 3], width: f64) {
        let d = [from, towards, to].map(|p| format!("{} {}", tenths(p.0), tenths(p.1)));
        let w = tenths(width);
        let _ = writeln!(
            self.out,
            "<path class=\"{class}\" d=\"M{}Q{} {}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"{w}\"/>",
            d[0], d[1], d[2]
        );
    }

    /// A filled rectangle: its corner, its size, and how round its corners are.
    pub fn block(&mut self, class: &str, at: At, size: At, round: f64) {
        self.rect(class, at, size, round, "");
    }

    /// The outline of one, which hides what is behind it.
    pub fn frame(&mut self, class: &str, at: At, size: At, round: f64) {
        self.rect(class, at, size, round, " fill=\"Canvas\" stroke=\"currentColor\"");
    }

    /// A rectangle that nobody sees, to be hit by a finger.
    pub fn target(&mut self, at: At, size: At) {
        self.rect("pic-target", at, size, 0.0, " fill=\"none\" pointer-events=\"all\"");
    }

    fn rect(&mut self, class: &str, at: At, size: At, round: f64, more: &str) {
        let (x, y, w, h) = (tenths(at.0), tenths(at.1), tenths(size.0), tenths(size.1));
        let rx = if round > 0.0 { format!(" rx=\"{}\"", tenths(round)) } else { String::new() };
        let _ =
            writeln!(self.out, "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"{rx}{more}/>");
    }

    /// A disc, or with `hollow` a ring.
    pub fn dot(&mut self, class: &str, at: At, radius: f64, hollow: bool) {
        let more = if hollow { " fill=\"Canvas\" stroke=\"currentColor\"" } else { "" };
        let (x, y, r) = (tenths(at.0), tenths(at.1), tenths(radius));
        let _ = writeln!(self.out, "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\"{more}/>");
    }

    /// Words on one line. `language` is set where it is not the page's.
    pub fn text(&mut self, face: Face, at: At, language: Option<&str>, words: &str) {
        self.words(face, at, language, words, "");
    }

    /// The same with a number behind it.
    pub fn counted(&mut self, face: Face, at: At, language: Option<&str>, words: &str, count: &str) {
        let size = tenths(Face::SMALL.size);
        let number = format!(
            "<tspan class=\"pic-soft\" dx=\"{COUNT}\" font-size=\"{size}\" font-weight=\"400\">{count}</tspan>"
        );
        self.words(face, at, language, words, &number);
    }

    fn words(&mut self, face: Face, at: At, language: Option<&str>, words: &str, more: &str) {
        let anchor = match face.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let class = if face.soft { "pic-soft" } else { "pic-ink" };
        let weight = if face.heavy { " font-weight=\"600\"" } else { "" };
        let lang = language.map_or_else(String::new, |l| format!(" lang=\"{}\"", escaped(l)));
        let (x, y, size) = (tenths(at.0), tenths(at.1), tenths(face.size));
        let _ = writeln!(
            self.out,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{weight}{anchor}{lang}>{}{more}</text>",
            escaped(words)
        );
    }

    /// Begins a group of marks with a name that shows where they are pointed at; a link, where it leads somewhere.
    pub fn begin(&mut self, url: Option<&str>, name: &str) {
        let _ = match url {
            Some(url) => writeln!(self.out, "<a href=\"{}\"><title>{}</title>", escaped(url), escaped(name)),
            None => writeln!(self.out, "<g><title>{}</title>", escaped(name)),
        };
    }

    /// Ends such a group.
    pub fn end(&mut self, url: Option<&str>) {
        self.out.push_str(if url.is_some() { "</a>\n" } else { "</g>\n" });
    }

    /// Draws over what is there what another pen has drawn.
    pub fn append(&mut self, other: &Self) {
        self.out.push_str(&other.out);
    }

    /// The picture.
    #[must_use]
    pub fn finish(self, frame: Frame, height: f64, spoken: &Spoken<'_>) -> String {
        // What is one image hides its links from those who hear it.
        let role = if spoken.links { "group" } else { "img" };
        let class = if frame == Frame::Wide { "pic-wide" } else { "pic-narrow" };
        let (w, h) = (tenths(frame.width()), tenths(height.ceil()));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"pic {class}\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" \
             height=\"{h}\" fill=\"currentColor\" role=\"{role}\">\n<title>{}</title>\n<desc>{}</desc>\n{}</svg>",
            escaped(spoken.title),
            escaped(spoken.text),
            self.out
        )
    }
}

/// A number to one decimal place. Coordinates come from the four operations and roots alone, which every machine
/// computes alike. Counted in whole tenths: of pictures' many numbers, none needs the exact decimals of a float.
fn tenths(n: f64) -> String {
    #[allow(clippy::cast_possible_truncation, reason = "a place in a picture, thousands at most")]
    let count = (n * 10.0).round() as i64;
    let sign = if count < 0 { "-" } else { "" };
    let (whole, rest) = (count.unsigned_abs() / 10, count.unsigned_abs() % 10);
    if rest == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

/// A text for XML: signs of markup as entities, and without what XML cannot hold.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\r' | '\t' => out.push(' '),
            '\0'..='\x1f' | '\x7f' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (n, text) in [(0.0, "0"), (-0.01, "0"), (12.04, "12"), (12.05, "12.1"), (-3.26, "-3.3")] {
            assert_eq!(tenths(n), text);
        }
    }

    #[test]
    fn nothing_gets_out_of_a_text_or_an_attribute() {
        let mut pen = Pen::default();
        pen.begin(Some("/a\"b'c&d"), "</title><script>");
        pen.text(Face::PLAIN, (0.0, 0.0), Some("zh\""), "<b>\u{0}&\u{8}\n</b>");
        pen.end(Some("/"));
        let svg = pen.finish(Frame::Wide, 10.0, &Spoken { title: "<t>", text: "\"&\"", links: true });
        assert!(!svg.contains("<script") && !svg.contains("<b>") && !svg.contains("<t>"), "{svg}");
        assert!(svg.contains("/a&quot;b&#39;c&amp;d") && svg.contains("&lt;b&gt;&amp; &lt;/b&gt;"), "{svg}");
    }
}
