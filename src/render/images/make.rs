//! The pixels of an image -> a file that readers load: cut, scaled and written anew. Copies nothing but pixels.

use crate::model::{Format, Raster, Unfit};
use crate::pages::Cut;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as RowFilter, PngEncoder};
use image::imageops::{self, FilterType};
use image::{DynamicImage, ExtendedColorType, GenericImageView, ImageBuffer, ImageEncoder, Pixel, Rgb, Rgba};
use webp::{Encoder, PixelLayout};

/// Makes a file of pixels. What was drawn rather than photographed may be written without loss, where that is smaller.
///
/// # Errors
/// E0819 where a library refuses pixels.
pub fn make(raster: &Raster, cut: Cut, format: Format, quality: u8, drawn: bool) -> Result<Vec<u8>, Unfit> {
    let scaled = scale(raster, cut);
    let written = scaled.and_then(|r| match format {
        Format::WebP => webp(&r, quality, drawn),
        Format::Jpeg | Format::Gif => jpeg(&on_white(r), quality),
        Format::Png => png(&r),
    });
    written.map_err(|e| Unfit { code: "E0819", message: format!("an image cannot be made: {e}"), help: String::new() })
}

/// The part of an image that is shown, in its size.
fn scale(raster: &Raster, cut: Cut) -> Result<Raster, String> {
    let (part, size) = cut.of(raster.width, raster.height);
    let near = if raster.opaque {
        Part::<3>::of(raster, part).map(|p| near(&p, size).into())
    } else {
        Part::<4>::of(raster, part).map(|p| near(&p, size).into())
    };
    let near: DynamicImage = near.ok_or("its size is not that of its pixels")?;
    let is_there = (near.width(), near.height()) == size;
    let scaled = if is_there { near } else { near.resize_exact(size.0, size.1, FilterType::Lanczos3) };
    let opaque = raster.opaque;
    let mut bytes = if opaque { scaled.into_rgb8().into_raw() } else { scaled.into_rgba8().into_raw() };
    if !opaque {
        bytes.chunks_exact_mut(4).for_each(|p| weigh(p, |c, a| (c * 255 + a / 2).checked_div(a).unwrap_or(0)));
    }
    Ok(Raster { width: size.0, height: size.1, opaque, bytes })
}

/// Pixels from which a size can be made: of much more than it needs, means will do, and are taken from where the pixels lie;
/// what is near is looked at more closely.
fn near<V>(part: &V, (width, height): (u32, u32)) -> ImageBuffer<V::Pixel, Vec<u8>>
where
    V: GenericImageView<Pixel: Pixel<Subpixel = u8> + 'static>,
{
    if part.width() > width * 2 {
        return imageops::thumbnail(part, width * 3 / 2, height * 3 / 2);
    }
    ImageBuffer::from_fn(part.width(), part.height(), |x, y| part.get_pixel(x, y))
}

/// A part of an image of `N` channels, in the image itself. Where something shines through, colours weigh as much as is seen
/// of them, so that what is not seen colours no edge.
struct Part<'a, const N: usize> {
    /// From its first pixel on.
    pixels: &'a [[u8; N]],
    /// Pixels of a row of the whole image.
    row: usize,
    size: (u32, u32),
}

impl<'a, const N: usize> Part<'a, N> {
    /// Nothing where the image has fewer pixels than it says.
    fn of(raster: &'a Raster, [left, top, width, height]: [u32; 4]) -> Option<Self> {
        let [row, rows, left, top] = [raster.width, raster.height, left, top].map(|n| n as usize);
        let (pixels, _) = raster.bytes.as_chunks();
        let is_whole = pixels.len() == row * rows && left + width as usize <= row && top + height as usize <= rows;
        is_whole.then(|| Self { pixels: &pixels[top * row + left..], row, size: (width, height) })
    }

    fn at(&self, x: u32, y: u32) -> [u8; N] {
        self.pixels[y as usize * self.row + x as usize]
    }
}

impl GenericImageView for Part<'_, 3> {
    type Pixel = Rgb<u8>;

    fn dimensions(&self) -> (u32, u32) {
        self.size
    }

    fn get_pixel(&self, x: u32, y: u32) -> Self::Pixel {
        Rgb(self.at(x, y))
    }
}

impl GenericImageView for Part<'_, 4> {
    type Pixel = Rgba<u8>;

    fn dimensions(&self) -> (u32, u32) {
        self.size
    }

    fn get_pixel(&self, x: u32, y: u32) -> Self::Pixel {
        let mut pixel = self.at(x, y);
        weigh(&mut pixel, |c, a| (c * a + 127) / 255);
        Rgba(pixel)
    }
}

/// Changes the colours of a pixel by how much of it is seen.
fn weigh(pixel: &mut [u8], change: impl Fn(u16, u16) -> u16) {
    let alpha = u16::from(pixel[3]);
    for colour in &mut pixel[..3] {
        *colour = u8::try_from(change(u16::from(*colour), alpha)).unwrap_or(u8::MAX);
    }
}

/// What JPEG has no word for shines through to white.
fn on_white(raster: Raster) -> Raster {
    if raster.opaque {
        return raster;
    }
    let over = |c: u8, a: u8| (u16::from(c) * u16::from(a) + 255 * (255 - u16::from(a)) + 127) / 255;
    let bytes = raster.bytes.chunks_exact(4);
    let bytes = bytes.flat_map(|p| [0, 1, 2].map(|i| u8::try_from(over(p[i], p[3])).unwrap_or(255))).collect();
    Raster { opaque: true, bytes, ..raster }
}

fn webp(r: &Raster, quality: u8, drawn: bool) -> Result<Vec<u8>, String> {
    let layout = if r.opaque { PixelLayout::Rgb } else { PixelLayout::Rgba };
    let encoder = Encoder::new(&r.bytes, layout, r.width, r.height);
    let lossy = encoder.encode_simple(false, f32::from(quality)).map_err(|e| format!("{e:?}"))?;
    if drawn {
        let whole = encoder.encode_simple(true, 75.0).map_err(|e| format!("{e:?}"))?;
        if whole.len() <= lossy.len() {
            return Ok(whole.to_vec());
        }
    }
    Ok(lossy.to_vec())
}

fn jpeg(r: &Raster, quality: u8) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut out, quality);
    encoder.write_image(&r.bytes, r.width, r.height, ExtendedColorType::Rgb8).map_err(|e| e.to_string())?;
    Ok(out)
}

fn png(r: &Raster) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut out, CompressionType::Default, RowFilter::Adaptive);
    let colours = if r.opaque { ExtendedColorType::Rgb8 } else { ExtendedColorType::Rgba8 };
    encoder.write_image(&r.bytes, r.width, r.height, colours).map_err(|e| e.to_string())?;
    Ok(out)
}
