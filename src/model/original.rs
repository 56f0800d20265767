//! What an image file is before anything is made of it, and its pixels. Plain data; decodes nothing.

use crate::diagnostic::FileId;

/// How an image is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    WebP,
    /// GIF.
    Gif,
}

impl Format {
    /// What a file is, by the ending of its name; none for drawings and for what is no image.
    #[must_use]
    pub fn named(path: &str) -> Option<Self> {
        const ENDINGS: [(&str, Format); 7] = [
            ("jpg", Format::Jpeg),
            ("jpeg", Format::Jpeg),
            ("jpe", Format::Jpeg),
            ("jfif", Format::Jpeg),
            ("png", Format::Png),
            ("webp", Format::WebP),
            ("gif", Format::Gif),
        ];
        let ending = path.rsplit_once('.')?.1;
        ENDINGS.iter().find(|(e, _)| ending.eq_ignore_ascii_case(e)).map(|(_, f)| *f)
    }

    /// The ending of names.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Gif => "gif",
        }
    }

    /// Its name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
        }
    }
}

/// An image as its editor put it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Original {
    /// Of its bytes.
    pub digest: [u8; 32],
    /// How it is written.
    pub format: Format,
    /// In pixels, the right way up.
    pub width: u32,
    /// In pixels, the right way up.
    pub height: u32,
    /// Whether nothing shines through it.
    pub opaque: bool,
    /// Whether it moves: then it is published as it is.
    pub moves: bool,
}

impl Original {
    /// In what it is written for who reads no WebP.
    #[must_use]
    pub fn fallback(&self) -> Format {
        match self.format {
            Format::Png | Format::Gif => Format::Png,
            Format::WebP if !self.opaque => Format::Png,
            Format::Jpeg | Format::WebP => Format::Jpeg,
        }
    }

    /// How many pixels it has.
    #[must_use]
    pub fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// A file's path as a number: what has it in its name is found again without a look at every file.
#[must_use]
pub fn place(file: &FileId) -> u32 {
    let digest = blake3::hash(file.path().as_bytes());
    let [a, b, c, ..] = *digest.as_bytes();
    u32::from_be_bytes([0, a, b, c])
}

/// Why a file is not published as an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// Of the finding.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// The remedy.
    pub help: String,
}

/// The pixels of an image, the right way up, in sRGB.
#[derive(Clone, Debug)]
pub struct Raster {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Whether there are three bytes a pixel, else four.
    pub opaque: bool,
    /// Row by row.
    pub bytes: Vec<u8>,
}
