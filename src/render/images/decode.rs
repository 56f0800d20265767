//! The bytes of an image file -> its pixels, the right way up and in sRGB. Bounded, whatever the file says.

use super::look;
use crate::diagnostic::FileId;
use crate::model::{Format, Raster, Unfit};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, ImageResult, Limits};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
use std::io::Cursor;

/// Most bytes that a decoder may hold at a time: the largest image, twice.
const MEMORY: u64 = 512 * 1024 * 1024;

/// Reads the pixels of a file.
///
/// # Errors
/// E0819 for one that cannot be read to its end.
pub fn decode(file: &FileId, bytes: &[u8]) -> Result<Raster, Unfit> {
    look::look(file, bytes)?;
    let (image, profile) = read(bytes).map_err(|e| Unfit {
        code: "E0819",
        message: format!("{file} cannot be read: {}", words(&e)),
        help: "open it in an image editor and save it anew".to_owned(),
    })?;
    let opaque = !image.color().has_alpha();
    let (width, height) = (image.width(), image.height());
    let mut bytes = if opaque { image.into_rgb8().into_raw() } else { image.into_rgba8().into_raw() };
    if let Some(profile) = profile {
        to_srgb(&mut bytes, width, opaque, &profile);
    }
    Ok(Raster { width, height, opaque, bytes })
}

fn read(bytes: &[u8]) -> ImageResult<(DynamicImage, Option<Vec<u8>>)> {
    let format = match look::format(bytes) {
        Some(Format::Jpeg) | None => ImageFormat::Jpeg,
        Some(Format::Png) => ImageFormat::Png,
        Some(Format::WebP) => ImageFormat::WebP,
        Some(Format::Gif) => ImageFormat::Gif,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let profile = decoder.icc_profile().ok().flatten();
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    Ok((image, profile))
}

/// What is wrong, on one line and without the decoder's own names.
fn words(e: &ImageError) -> &'static str {
    match e {
        ImageError::Limits(_) => "it takes too much memory",
        ImageError::Unsupported(_) => "it is of an unusual kind",
        ImageError::IoError(_) => "it breaks off",
        _ => "its data is damaged",
    }
}

/// Pixels of another colour profile as those of sRGB, which is what is meant where there is no profile. One that is not of
/// three colours, or cannot be understood, changes nothing.
fn to_srgb(bytes: &mut [u8], width: u32, opaque: bool, profile: &[u8]) {
    let Ok(from) = ColorProfile::new_from_slice(profile) else { return };
    if from.color_space != DataColorSpace::Rgb {
        return;
    }
    let (layout, channels) = if opaque { (Layout::Rgb, 3) } else { (Layout::Rgba, 4) };
    let made = from.create_transform_8bit(layout, &ColorProfile::new_srgb(), layout, TransformOptions::default());
    let Ok(transform) = made else { return };
    let row = width as usize * channels;
    let mut before = vec![0; row];
    for line in bytes.chunks_exact_mut(row) {
        before.copy_from_slice(line);
        if transform.transform(&before, line).is_err() {
            line.copy_from_slice(&before);
        }
    }
}
