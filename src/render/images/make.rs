//! The pixels of an image -> a file that readers load: cut, scaled and written anew. Copies nothing but pixels.

use crate::model::{Format, Raster, Unfit};
use crate::pages::Cut;
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as RowFilter, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
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
    let ([left, top, width, height], (w, h)) = cut.of(raster.width, raster.height);
    let kind = if raster.opaque { PixelType::U8x3 } else { PixelType::U8x4 };
    let source = ImageRef::new(raster.width, raster.height, &raster.bytes, kind).map_err(|e| e.to_string())?;
    let mut target = Image::new(w, h, kind);
    let part = [left, top, width, height].map(f64::from);
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .crop(part[0], part[1], part[2], part[3]);
    Resizer::new().resize(&source, &mut target, &options).map_err(|e| e.to_string())?;
    Ok(Raster { width: w, height: h, opaque: raster.opaque, bytes: target.into_vec() })
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
