//! Social cards: a plate -> a PNG of 1200 by 630 pixels. Pure: the same plate and the same fonts give the same bytes.
//!
//! Text is set by `rustybuzz` and its outlines are filled by us, rather than by way of an SVG: which font has a letter is
//! known before anything is drawn, no font of the system can come in, and a card costs a third of the time.

mod canvas;
mod design;
mod faces;
mod line;
mod told;
mod words;
mod wrap;

use crate::diagnostic::FileId;
use crate::model::Change;
use crate::pages::{Plate, Theme, Words};
use crate::site::Site;
use design::Sheet;
use faces::{Faces, Voice};
use std::sync::Arc;
pub use told::told;

/// The version of the design. Whoever changes a pixel of any card raises it: cards that were drawn are not drawn again.
const DESIGN: &str = "1";

/// What became of a font that site.toml names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Font {
    /// Cards are drawn with it.
    Used,
    /// There is no such file.
    Absent,
    /// The file is no font.
    Foreign,
}

/// What draws cards: the fonts, and the name of their look.
pub struct Cards {
    faces: Faces,
    look: String,
}

impl Cards {
    /// With the program's own fonts and more.
    #[must_use]
    pub fn new<'a>(more: impl Iterator<Item = &'a [u8]>) -> Self {
        let faces = Faces::new(more);
        let mut hash = blake3::Hasher::new();
        hash.update(DESIGN.as_bytes());
        for bytes in faces.bytes() {
            hash.update(blake3::hash(bytes).as_bytes());
        }
        Self { faces, look: hash.finalize().to_hex()[..16].to_owned() }
    }

    /// With the program's own fonts and those of a site, and what became of each of these.
    #[must_use]
    pub fn of(site: &Site, own: &[Change]) -> (Arc<Self>, Vec<(FileId, Font)>) {
        let bytes = |f: &FileId| own.iter().find(|c| c.file == *f)?.bytes.as_deref();
        let state = |f: &FileId| match bytes(f).map(faces::is_font) {
            None => Font::Absent,
            Some(true) => Font::Used,
            Some(false) => Font::Foreign,
        };
        let all: Vec<(FileId, Font)> = site.cards.fonts.iter().map(|f| (f.clone(), state(f))).collect();
        let used = all.iter().filter(|f| f.1 == Font::Used).filter_map(|f| bytes(&f.0));
        (Arc::new(Self::new(used)), all)
    }

    /// The design and the fonts, as a digest.
    #[must_use]
    pub fn look(&self) -> &str {
        &self.look
    }

    /// Draws a card.
    #[must_use]
    pub fn draw(&self, plate: &Plate<'_>) -> Vec<u8> {
        Sheet::new(&self.faces).draw(plate)
    }

    /// The texts of a card that no font has all letters of, each with those letters.
    #[must_use]
    pub fn missing<'p>(&self, plate: &'p Plate<'_>) -> Vec<(Words<'p>, String)> {
        let mut texts = vec![(Voice::Display, Words { text: plate.site, file: None })];
        match &plate.subject {
            Theme::Deal { title, lead, others, value, .. } => {
                texts.extend(title.iter().map(|t| (Voice::Display, t.clone())));
                for name in lead.iter().chain(others) {
                    texts.push((Voice::Display, name.name.clone()));
                    texts.extend(name.chinese.iter().map(|c| (Voice::Display, c.clone())));
                }
                texts.extend(value.iter().map(|text| (Voice::Display, Words { text, file: None })));
            }
            Theme::News { label, section, headline, .. } => {
                texts.extend(label.iter().map(|text| (Voice::Text, Words { text, file: headline.file })));
                texts.extend(section.iter().map(|s| (Voice::Text, s.clone())));
                texts.push((Voice::Display, headline.clone()));
            }
            Theme::Site { motto, .. } => texts.push((Voice::Display, Words { text: motto, file: None })),
        }
        let told = texts.into_iter().filter(|(_, w)| !w.text.is_ascii()).filter_map(|(voice, words)| {
            let missing: String = words::fit(&self.faces, voice, words.text).missing.into_iter().collect();
            (!missing.is_empty()).then_some((words, missing))
        });
        told.collect()
    }
}
