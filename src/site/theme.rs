//! The colours and faces of a site, from the table `[theme]`. Knows how well one colour is read on another.

use crate::diagnostic::{Diagnostic, FileId, Span, nearest};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;
use toml::Spanned;

/// What is coloured, with its colour in the light and in the dark, as static/style.css has them.
pub const COLOURS: [(&str, Colour, Colour); 7] = [
    ("paper", Colour(0xfc_faf6), Colour(0x10_161d)),
    ("tint", Colour(0xf3_efe6), Colour(0x18_212b)),
    ("ink", Colour(0x17_202a), Colour(0xe8_e4db)),
    ("soft", Colour(0x51_5a63), Colour(0xa6_adb4)),
    ("line", Colour(0xd6_d0c3), Colour(0x36_414d)),
    ("accent", Colour(0x98_281c), Colour(0xf0_957f)),
    ("mark", Colour(0xf6_e3c8), Colour(0x4a_3a1c)),
];

/// Words in one colour that stand on another.
const WORDS: [(&str, &str); 7] = [
    ("ink", "paper"),
    ("soft", "paper"),
    ("accent", "paper"),
    ("ink", "tint"),
    ("soft", "tint"),
    ("accent", "tint"),
    ("ink", "mark"),
];

/// The least contrast of words on their ground (WCAG 2.2, 1.4.3).
const LEAST: f64 = 4.5;

/// A colour of sRGB: red, green and blue in the lowest 24 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(u32);

impl Colour {
    /// From `#rrggbb` or `#rgb`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let whole = match digits.len() {
            3 => digits.chars().flat_map(|c| [c, c]).collect(),
            6 => digits.to_owned(),
            _ => return None,
        };
        whole.chars().all(|c| c.is_ascii_hexdigit()).then(|| u32::from_str_radix(&whole, 16).ok().map(Self))?
    }

    /// Relative luminance, 0 to 1 (WCAG 2.2).
    fn luminance(self) -> f64 {
        let channel = |shift: u32| {
            let c = f64::from((self.0 >> shift) & 0xff) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
    }

    /// How well one is read on the other: 1 (not at all) to 21 (black on white).
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
        a.max(b) / a.min(b)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:06x}", self.0)
    }
}

/// The table as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Raw {
    display: Option<Spanned<String>>,
    text: Option<Spanned<String>>,
    plain: Option<Spanned<String>>,
    light: BTreeMap<Spanned<String>, Spanned<String>>,
    dark: BTreeMap<Spanned<String>, Spanned<String>>,
}

/// What a site has otherwise than the theme.
#[derive(Clone, Debug, Default)]
pub struct Theme {
    /// Families by `display`, `text` and `plain`, as CSS lists them.
    pub faces: Vec<(&'static str, String)>,
    light: Vec<(&'static str, Colour)>,
    dark: Vec<(&'static str, Colour)>,
}

impl Theme {
    /// A colour in the light and in the dark; black where there is none of that name.
    #[must_use]
    pub fn colour(&self, name: &str) -> (Colour, Colour) {
        let own = |of: &[(&str, Colour)]| of.iter().find(|(n, _)| *n == name).map(|(_, c)| *c);
        let theirs = COLOURS.iter().find(|(n, ..)| *n == name).map_or((Colour(0), Colour(0)), |(_, l, d)| (*l, *d));
        (own(&self.light).unwrap_or(theirs.0), own(&self.dark).unwrap_or(theirs.1))
    }

    /// Every colour, with how it is in the light and in the dark.
    pub fn colours(&self) -> impl Iterator<Item = (&'static str, Colour, Colour)> {
        COLOURS.iter().map(|(name, ..)| (*name, self.colour(name).0, self.colour(name).1))
    }

    /// Words in one colour that stand on another, and how well they are read in the light and in the dark.
    pub fn contrasts(&self) -> impl Iterator<Item = (&'static str, &'static str, f64, f64)> {
        WORDS.iter().map(|(words, ground)| {
            let (w, g) = (self.colour(words), self.colour(ground));
            (*words, *ground, w.0.contrast(g.0), w.1.contrast(g.1))
        })
    }

    /// The rules that set it; empty where nothing is set.
    #[must_use]
    pub fn css(&self) -> String {
        let all = |of: &[(&str, Colour)]| of.iter().map(|(n, c)| format!("--{n}:{c};")).collect::<Vec<_>>().concat();
        let faces = self.faces.iter().map(|(n, f)| format!("--{n}:{f};")).collect::<Vec<_>>().concat();
        let mut css = String::new();
        let light = faces + &all(&self.light);
        if !light.is_empty() {
            let _ = write!(css, ":root{{{light}}}");
        }
        if !self.dark.is_empty() {
            let _ = write!(css, "@media (prefers-color-scheme:dark){{:root{{{}}}}}", all(&self.dark));
        }
        if css.is_empty() { css } else { format!("\n@layer brand{{{css}}}\n") }
    }
}

/// Reads the table. Finds what is no colour, no list of families, and words that would be hard to read (E1002).
pub(super) fn read(file: &FileId, raw: Raw, findings: &mut Vec<Diagnostic>) -> Theme {
    let before = findings.len();
    let mut find = |span: std::ops::Range<usize>, message: String, label: String| {
        findings.push(Diagnostic::at("E1002", file, Span::new(span.start, span.end), message).label(label));
    };
    let mut theme = Theme::default();
    for (name, families) in [("display", raw.display), ("text", raw.text), ("plain", raw.plain)] {
        let Some(families) = families else { continue };
        let text = families.get_ref().trim();
        // What ends a declaration or a layer would end the style sheet's own.
        if text.is_empty() || text.contains(['{', '}', ';', '<', '\\', '\n', '@']) || text.matches('"').count() % 2 == 1
        {
            let label = "expected families as CSS lists them, such as \"Iowan Old Style\", Georgia, serif";
            find(families.span(), format!("`{text}` is no list of font families"), label.to_owned());
        } else {
            theme.faces.push((name, text.to_owned()));
        }
    }
    let mut places = Vec::new();
    for (is_dark, colours) in [(false, raw.light), (true, raw.dark)] {
        for (key, value) in colours {
            let Some((name, ..)) = COLOURS.iter().find(|(n, ..)| n == key.get_ref()) else {
                let near = nearest(key.get_ref(), COLOURS.iter().map(|(n, ..)| *n));
                find(key.span(), format!("nothing is coloured `{}`", key.get_ref()), near);
                continue;
            };
            let Some(colour) = Colour::parse(value.get_ref()) else {
                let label = "expected # and six hexadecimal digits, such as #98281c".to_owned();
                find(value.span(), format!("`{}` is no colour", value.get_ref()), label);
                continue;
            };
            places.push((is_dark, *name, value.span()));
            if is_dark { &mut theme.dark } else { &mut theme.light }.push((*name, colour));
        }
    }
    for (is_dark, name, span) in places {
        let shown = |name| if is_dark { theme.colour(name).1 } else { theme.colour(name).0 };
        for (words, ground) in WORDS.iter().filter(|(w, g)| *w == name || *g == name) {
            let contrast = shown(words).contrast(shown(ground));
            if contrast < LEAST {
                let scheme = if is_dark { "in the dark" } else { "in the light" };
                let message = format!("words in `{words}` on `{ground}` are hard to read {scheme}");
                let hint = format!(
                    "their contrast, {} on {}, is {contrast:.1} to 1; expected {LEAST} or more",
                    shown(words),
                    shown(ground)
                );
                find(span.clone(), message, hint);
            }
        }
    }
    if findings.len() > before { Theme::default() } else { theme }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_on_white_is_21_to_1_and_the_theme_is_read_well() {
        let (black, white) = (Colour(0), Colour::parse("#FFF").expect("a colour"));
        assert!((black.contrast(white) - 21.0).abs() < 1e-9);
        assert_eq!(white.to_string(), "#ffffff");
        assert_eq!(["fff", "#ff", "#ggg", "#1234567", "#+12345"].map(Colour::parse), [None; 5]);
        for (words, ground) in WORDS {
            let theme = Theme::default();
            let (light, dark) = (theme.colour(words), theme.colour(ground));
            assert!(light.0.contrast(dark.0) >= LEAST && light.1.contrast(dark.1) >= LEAST, "{words} on {ground}");
        }
    }

    #[test]
    fn the_style_sheet_has_these_colours() {
        let sheet = include_str!("../../static/style.css");
        let (_, tokens) = sheet.split_once("@layer tokens {").expect("a layer of tokens");
        let (light, dark) = tokens.split_once("prefers-color-scheme: dark").expect("two schemes");
        for (name, in_light, in_dark) in COLOURS {
            assert!(light.contains(&format!("--{name}: {in_light};")), "{name} {in_light}");
            assert!(dark.contains(&format!("--{name}: {in_dark};")), "{name} {in_dark}");
        }
    }
}
