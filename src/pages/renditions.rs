//! What is made of an image: in which widths, crops and formats, and under which names. Reads and makes no pixel.

use super::{Atlas, CARDS, Page};
use crate::catalogue::Noun;
use crate::diagnostic::FileId;
use crate::model::{Common, Entry, Format, Image, Original, Route, original, slug};
use crate::site::Images;
use std::fmt;

/// Where images lie, among what never changes: their names say of what and how they are made.
pub const IMAGES: &str = "/assets/images/";

/// Whether what stands at a route is made of other things and named by them, as cards and images are. It never changes, and
/// lies beside that of all languages.
#[must_use]
pub fn is_made(route: &Route) -> bool {
    [CARDS, IMAGES].iter().any(|folder| route.as_str().starts_with(folder))
}

/// The version of what is made. Whoever changes a pixel of it raises it: what was made is not made again.
const RECIPE: &str = "1";

/// The widest fallback: for who reads no WebP, for feeds, and for links to an image.
const FALLBACK: u32 = 1280;

/// The width of crops, where the original has it.
const CROP: u32 = 1200;

/// Fewest pixels of a crop: search engines take no smaller ones.
const LEAST: u32 = 50_000;

/// A shape that search engines or networks ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// 40 by 21: where a page is shared.
    Shared,
    /// 16 by 9.
    Wide,
    /// 4 by 3.
    Standard,
    /// 1 by 1.
    Square,
}

impl Shape {
    /// All, the widest first.
    pub const ALL: [Self; 4] = [Self::Shared, Self::Wide, Self::Standard, Self::Square];

    /// Width and height.
    #[must_use]
    pub fn ratio(self) -> (u32, u32) {
        match self {
            Self::Shared => (40, 21),
            Self::Wide => (16, 9),
            Self::Standard => (4, 3),
            Self::Square => (1, 1),
        }
    }
}

/// Which part of an image, and how large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cut {
    /// All of it, so many pixels wide.
    Width(u32),
    /// The largest part of a shape around a point, which is given in percent from the left and from the top.
    Crop(Shape, (u8, u8)),
}

impl Cut {
    /// The part of an image of this size that is shown (left, top, width, height), and the size in which.
    #[must_use]
    pub fn of(self, width: u32, height: u32) -> ([u32; 4], (u32, u32)) {
        let scaled = |n: u32, by: u32, of: u32| {
            let rounded = (u64::from(n) * u64::from(by) + u64::from(of) / 2) / u64::from(of).max(1);
            u32::try_from(rounded).unwrap_or(u32::MAX).max(1)
        };
        match self {
            Self::Width(w) => ([0, 0, width, height], (w, scaled(height, w, width))),
            Self::Crop(shape, focus) => {
                let (across, down) = shape.ratio();
                let wide = width.min(scaled(height, across, down));
                let high = height.min(scaled(width, down, across));
                // The point in the middle, as far as the edges allow.
                let place = |all: u32, part: u32, percent: u8| {
                    scaled(all, u32::from(percent), 100).saturating_sub(part / 2).min(all - part)
                };
                let target = wide.min(CROP);
                (
                    [place(width, wide, focus.0), place(height, high, focus.1), wide, high],
                    (target, scaled(target, down, across)),
                )
            }
        }
    }

    fn parse(text: &str) -> Option<Self> {
        if let Ok(width) = text.parse() {
            return Some(Self::Width(width));
        }
        let mut parts = text.split('-');
        let name = parts.next()?;
        let shape = Shape::ALL.into_iter().find(|s| s.ratio_name() == name)?;
        let focus = match (parts.next(), parts.next()) {
            (None, _) => Image::CENTRE,
            (Some(x), Some(y)) => (x.parse().ok()?, y.parse().ok()?),
            _ => return None,
        };
        Some(Self::Crop(shape, focus))
    }
}

impl Shape {
    fn ratio_name(self) -> String {
        let (a, b) = self.ratio();
        format!("{a}x{b}")
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Width(w) => write!(f, "{w}"),
            Self::Crop(shape, Image::CENTRE) => f.write_str(&shape.ratio_name()),
            Self::Crop(shape, (x, y)) => write!(f, "{}-{x}-{y}", shape.ratio_name()),
        }
    }
}

/// A file that is made of an image.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rendition {
    /// The name of the original, as addresses have names.
    stem: String,
    /// Where the original lies, as a number.
    place: u32,
    /// Of the original's bytes and of how things are made.
    digest: String,
    /// Which part of it, and how large.
    pub cut: Cut,
    /// How it is written.
    pub format: Format,
}

impl fmt::Display for Rendition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stem, place, digest, cut, format } = self;
        write!(f, "{stem}.{place:06x}{digest}/{cut}.{}", format.ending())
    }
}

impl Rendition {
    /// From the path below the folder of all.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (folder, file) = text.split_once('/')?;
        let (stem, digest) = folder.rsplit_once('.')?;
        let (place, digest) = digest.split_at_checked(6)?;
        let (cut, ending) = file.split_once('.')?;
        let format = [Format::Jpeg, Format::Png, Format::WebP].into_iter().find(|f| f.ending() == ending)?;
        let place = u32::from_str_radix(place, 16).ok()?;
        let found = Self { stem: stem.to_owned(), place, digest: digest.to_owned(), cut: Cut::parse(cut)?, format };
        // A name has one spelling.
        (found.to_string() == text).then_some(found)
    }
}

/// All that is made of one image.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageSet {
    /// The original's size.
    pub size: (u32, u32),
    /// For who reads no WebP.
    pub fallback: Rendition,
    /// WebP, the narrowest first.
    pub widths: Vec<Rendition>,
    /// For search engines and for where a page is shared, each with its size.
    pub crops: Vec<(Rendition, (u32, u32))>,
}

impl ImageSet {
    fn of(file: &FileId, image: &Original, focus: Option<(u8, u8)>, settings: &Images) -> Self {
        let mut hash = blake3::Hasher::new();
        hash.update(&image.digest);
        hash.update(format!("{RECIPE} {}", settings.quality).as_bytes());
        let digest = hash.finalize().to_hex()[..16].to_owned();
        let mut stem = slug(file.stem());
        stem.truncate(60);
        if stem.is_empty() {
            "image".clone_into(&mut stem);
        }
        let place = original::place(file);
        let made = |cut, format| Rendition { stem: stem.clone(), place, digest: digest.clone(), cut, format };
        let mut widths: Vec<u32> = settings.widths.iter().copied().filter(|w| *w < image.width).collect();
        let widest = settings.widths.last().copied().unwrap_or(FALLBACK).min(image.width);
        // Two of nearly one width are one too many.
        if widths.last().is_some_and(|w| w * 10 > widest * 9) {
            widths.pop();
        }
        widths.push(widest);
        let fallback = widths.iter().rev().copied().find(|w| *w <= FALLBACK).unwrap_or(widths[0]);
        let (width, height) = (image.width, image.height);
        let crop = |shape: Shape| {
            let cut = Cut::Crop(shape, focus?);
            let (_, size) = cut.of(width, height);
            // A small one is not shared: the card does it better.
            let least = if shape == Shape::Shared { CROP * CROP * 21 / 40 } else { LEAST };
            (size.0.saturating_mul(size.1) >= least).then(|| (made(cut, image.fallback()), size))
        };
        let crops = Shape::ALL.into_iter().filter_map(crop);
        Self {
            size: (width, height),
            crops: crops.collect(),
            fallback: made(Cut::Width(fallback), image.fallback()),
            widths: widths.into_iter().map(|w| made(Cut::Width(w), Format::WebP)).collect(),
        }
    }

    fn all(self) -> impl Iterator<Item = Rendition> {
        self.widths.into_iter().chain([self.fallback]).chain(self.crops.into_iter().map(|c| c.0))
    }

    /// What is shown where a page is shared; none where it would be too small.
    #[must_use]
    pub fn shared(&self) -> Option<&(Rendition, (u32, u32))> {
        self.crops.iter().find(|c| matches!(c.0.cut, Cut::Crop(Shape::Shared, _)))
    }

    /// The crops for search engines, the widest first.
    pub fn searched(&self) -> impl Iterator<Item = &(Rendition, (u32, u32))> {
        self.crops.iter().filter(|c| !matches!(c.0.cut, Cut::Crop(Shape::Shared, _)))
    }

    /// The size in which the fallback shows it.
    #[must_use]
    pub fn fallback_size(&self) -> (u32, u32) {
        self.fallback.cut.of(self.size.0, self.size.1).1
    }
}

impl<'a> Atlas<'a> {
    /// What is made of an image file; crops where it stands for a page. None where it is published as it is, or not at all.
    #[must_use]
    pub fn image_set(&self, file: &FileId, focus: Option<(u8, u8)>) -> Option<ImageSet> {
        if !self.site.images.enabled || Format::named(file.path()).is_none() {
            return None;
        }
        let image = (self.original)(file).filter(|i| !i.moves)?;
        Some(ImageSet::of(file, &image, focus, &self.site.images))
    }

    /// Whether a file beside an entry is there and published as it is.
    pub(super) fn is_as_it_is(&self, file: &FileId) -> bool {
        let is_image = self.site.images.enabled && Format::named(file.path()).is_some();
        (self.has_file)(file) && (!is_image || (self.original)(file).is_some_and(|i| i.moves))
    }

    /// All that is made of the images of an entry.
    pub(super) fn renditions(&self, noun: Noun, entry: &Entry) -> Vec<Rendition> {
        let common = entry.common();
        if !common.files.iter().any(|f| Format::named(f).is_some()) || !self.has_page(noun, &common.id) {
            return Vec::new();
        }
        let made = |name: &String| {
            let file = common.file.beside(name);
            let there = Format::named(name).is_some() && (self.has_file)(&file);
            there.then(|| self.image_set(&file, focus(entry, name))).flatten()
        };
        common.files.iter().filter_map(made).flat_map(ImageSet::all).collect()
    }

    /// The image of which something is made, and who refers to it; none where this edition has no such thing.
    pub(super) fn source_of(&self, wanted: &Rendition) -> Option<(FileId, Original, &'a Common)> {
        self.catalogue.showing(wanted.place).find_map(|(noun, entry)| {
            let common = entry.common();
            self.has_page(noun, &common.id).then_some(())?;
            let of_place =
                |f: &&String| Format::named(f).is_some() && original::place(&common.file.beside(f)) == wanted.place;
            common.files.iter().filter(of_place).find_map(|name| {
                let file = common.file.beside(name);
                let set = (self.has_file)(&file).then(|| self.image_set(&file, focus(entry, name)))??;
                set.all().any(|r| r == *wanted).then_some(())?;
                let image = (self.original)(&file)?;
                Some((file, image, common))
            })
        })
    }

    /// One of the files that are made of each image: whoever can make it can make the others.
    #[must_use]
    pub fn proofs(&self) -> Vec<Page> {
        let mut all: Vec<Rendition> = Vec::new();
        for noun in [Noun::Article, Noun::Company, Noun::Person, Noun::Tag, Noun::Thread, Noun::Page] {
            for entry in self.catalogue.public(noun).filter(|e| !e.common().files.is_empty()) {
                let mut made = self.renditions(noun, entry);
                made.dedup_by(|a, b| a.place == b.place);
                all.extend(made);
            }
        }
        all.sort();
        all.dedup_by(|a, b| a.place == b.place);
        all.into_iter().map(Page::Rendition).collect()
    }
}

/// The point around which the file of an entry is cropped; none where it does not stand for it.
fn focus(entry: &Entry, name: &str) -> Option<(u8, u8)> {
    let (Entry::Article(a) | Entry::Deal(a)) = entry else { return None };
    let image = a.image.as_ref()?;
    (crate::entry::relative_file(&image.src)? == name).then_some(image.focus)
}
