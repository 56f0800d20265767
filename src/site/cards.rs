//! The settings of social cards, from the table `[cards]`. Reads no font.

use crate::diagnostic::{Diagnostic, FileId, Span};
use serde::Deserialize;
use toml::Spanned;

/// The table as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Raw {
    enabled: bool,
    fonts: Vec<Spanned<String>>,
}

impl Default for Raw {
    fn default() -> Self {
        Self { enabled: true, fonts: Vec::new() }
    }
}

/// How social cards are made.
#[derive(Clone, Debug)]
pub struct Cards {
    /// Whether they are.
    pub enabled: bool,
    /// Fonts for what the program's own have no letters for, in the order in which they are asked.
    pub fonts: Vec<FileId>,
}

/// Reads the table. Finds what is no path of a file of the site (E1002).
pub(super) fn read(file: &FileId, raw: Raw, findings: &mut Vec<Diagnostic>) -> Cards {
    let mut fonts = Vec::new();
    for path in raw.fonts {
        let (text, span) = (path.get_ref(), path.span());
        let is_plain = |c: &str| !c.is_empty() && !c.starts_with('.') && !c.contains(['\\', '\0', ':']);
        if text.split('/').all(is_plain) {
            fonts.push(FileId::new(text));
        } else {
            let message = format!("`{text}` is no path of a file of the site");
            let found = Diagnostic::at("E1002", file, Span::new(span.start, span.end), message);
            findings.push(found.label("expected a path below the folder of site.toml, such as fonts/NotoSansSC.otf"));
        }
    }
    Cards { enabled: raw.enabled, fonts }
}
