//! The settings of images, from the table `[images]`. Reads no image.

use crate::diagnostic::{Diagnostic, FileId, Span};
use serde::Deserialize;
use toml::Spanned;

/// The table as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Raw {
    enabled: bool,
    widths: Spanned<Vec<u32>>,
    quality: Spanned<u8>,
    sizes: Spanned<String>,
}

impl Default for Raw {
    fn default() -> Self {
        Self {
            enabled: true,
            widths: Spanned::new(0..0, vec![320, 640, 960, 1280, 1920]),
            quality: Spanned::new(0..0, 80),
            // The width of a text in the theme: 66 characters beside what stands at its side.
            sizes: Spanned::new(
                0..0,
                "(min-width: 62rem) min(48rem, 100vw - 26rem), (min-width: 52rem) 48rem, 92vw".to_owned(),
            ),
        }
    }
}

/// How images are made.
#[derive(Clone, Debug)]
pub struct Images {
    /// Whether they are; else they are published as they are.
    pub enabled: bool,
    /// In pixels, the narrowest first, none twice.
    pub widths: Vec<u32>,
    /// 1 to 100.
    pub quality: u8,
    /// How wide an image of a text is shown, as browsers are told.
    pub sizes: String,
}

/// Reads the table. Finds what cannot be (E1002).
pub(super) fn read(file: &FileId, raw: Raw, findings: &mut Vec<Diagnostic>) -> Images {
    let mut find = |span: std::ops::Range<usize>, message: String, label: &str| {
        findings.push(Diagnostic::at("E1002", file, Span::new(span.start, span.end), message).label(label));
    };
    let mut widths = raw.widths.get_ref().clone();
    widths.sort_unstable();
    widths.dedup();
    if widths.is_empty() || widths.len() > 12 || widths[0] < 16 || widths.iter().any(|w| *w > 4096) {
        let message = "these are no widths of images".to_owned();
        find(raw.widths.span(), message, "expected 1 to 12 numbers from 16 to 4096");
    }
    let quality = *raw.quality.get_ref();
    if !(1..=100).contains(&quality) {
        find(raw.quality.span(), format!("{quality} is no quality"), "expected 1 to 100");
    }
    let sizes = raw.sizes.get_ref();
    if sizes.trim().is_empty() || sizes.contains(['<', '>', '"', '&', ';', '{']) {
        find(
            raw.sizes.span(),
            format!("`{sizes}` is no list of sizes"),
            "expected such as `(min-width: 50rem) 40rem, 92vw`",
        );
    }
    Images { enabled: raw.enabled, widths, quality, sizes: raw.sizes.into_inner() }
}
