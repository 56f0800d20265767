//! Whether a file is an image that can be published, and of what size: by its first bytes and the order of its parts.

use super::blocks::{self, Parts};
use crate::diagnostic::FileId;
use crate::model::{Format, Original, Unfit};
use image::metadata::Orientation;

/// The largest image, in pixels of eight bits a colour.
const MAX_PIXELS: u64 = 64_000_000;
/// The longest side: WebP has no larger ones.
const MAX_SIDE: u32 = 16_383;

/// How a file is written, by its first bytes.
pub(super) fn format(bytes: &[u8]) -> Option<Format> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some(Format::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Format::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Format::WebP),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Format::Gif),
        _ => None,
    }
}

/// What an image file is.
///
/// # Errors
/// E0112 for one that is too large, E0819 for one that cannot be read, E0820 for one that is not what its name says.
pub fn look(file: &FileId, bytes: &[u8]) -> Result<Original, Unfit> {
    let unfit = |code, message: String, help: String| Err(Unfit { code, message, help });
    let Some(format) = format(bytes) else {
        let what = if bytes.is_empty() { "is empty" } else { "is no JPEG, PNG, WebP or GIF" };
        return unfit("E0819", format!("{file} {what}"), "save it as one of these, or as SVG".to_owned());
    };
    if Format::named(file.path()) != Some(format) {
        let named = Format::named(file.path()).map_or("what its name says".to_owned(), |f| format!("a {}", f.label()));
        let message = format!("{file} is a {}, not {named}", format.label());
        return unfit("E0820", message, format!("rename it to `{}.{}`", file.stem(), format.ending()));
    }
    let parts = match format {
        Format::Jpeg => blocks::jpeg(bytes),
        Format::Png => blocks::png(bytes),
        Format::WebP => blocks::webp(bytes),
        Format::Gif => blocks::gif(bytes, |_| ()),
    };
    let (width, height) = parts.size;
    let smaller = || "make it smaller".to_owned();
    let most = MAX_PIXELS / if parts.deep { 2 } else { 1 };
    if u64::from(width) * u64::from(height) > most {
        let bits = if parts.deep { " of sixteen bits a colour" } else { "" };
        return unfit("E0112", format!("{file} has more than {} million pixels{bits}", most / 1_000_000), smaller());
    }
    if width.max(height) > MAX_SIDE {
        return unfit("E0112", format!("{file} is more than {MAX_SIDE} pixels wide or high"), smaller());
    }
    if !parts.whole || width == 0 || height == 0 {
        let help = "the file is damaged or was not copied to its end: take the original again".to_owned();
        return unfit("E0819", format!("{file} breaks off before its end"), help);
    }
    if parts.moves && format != Format::Gif {
        let help = "save it as GIF, or one of its pictures alone".to_owned();
        return unfit("E0819", format!("{file} moves, as only a GIF may"), help);
    }
    let turned = orientation(&parts).to_exif() >= 5;
    let (width, height) = if turned { (height, width) } else { (width, height) };
    let digest = *blake3::hash(bytes).as_bytes();
    Ok(Original { digest, format, width, height, opaque: !parts.alpha, moves: parts.moves })
}

/// Which way is up.
fn orientation(parts: &Parts<'_>) -> Orientation {
    parts.exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PNG of parts: their names and bytes. Nobody looks at their checksums here.
    fn png(parts: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
        for (kind, body) in parts {
            out.extend(u32::try_from(body.len()).expect("short").to_be_bytes());
            out.extend(*kind);
            out.extend(*body);
            out.extend([0; 4]);
        }
        out
    }

    fn header(width: u32, height: u32, bits: u8, kind: u8) -> Vec<u8> {
        [&width.to_be_bytes()[..], &height.to_be_bytes(), &[bits, kind, 0, 0, 0]].concat()
    }

    #[test]
    fn what_a_png_says_of_itself() {
        let file = FileId::new("content/articles/a.png");
        let seen = |head: Vec<u8>, more: &[(&[u8; 4], &[u8])]| {
            let parts = [&[(b"IHDR", head.as_slice())], more, &[(b"IEND", b"".as_slice())]].concat();
            look(&file, &png(&parts)).map(|o| (o.width, o.height, o.opaque)).map_err(|u| u.code)
        };
        let turned = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        assert_eq!(seen(header(30, 20, 8, 2), &[]), Ok((30, 20, true)));
        assert_eq!(seen(header(30, 20, 8, 2), &[(b"eXIf", turned)]), Ok((20, 30, true)));
        assert_eq!(seen(header(30, 20, 8, 6), &[]), Ok((30, 20, false)));
        assert_eq!(seen(header(30, 20, 8, 3), &[(b"tRNS", b"\0")]), Ok((30, 20, false)));
        assert_eq!(seen(header(8000, 8000, 8, 2), &[]), Ok((8000, 8000, true)));
        assert_eq!(seen(header(8000, 8001, 8, 2), &[]), Err("E0112"));
        assert_eq!(seen(header(8000, 5000, 16, 2), &[]), Err("E0112"));
        assert_eq!(seen(header(u32::MAX, u32::MAX, 8, 2), &[]), Err("E0112"));
        assert_eq!(seen(header(16_384, 1, 8, 2), &[]), Err("E0112"));
        assert_eq!(seen(header(0, 20, 8, 2), &[]), Err("E0819"));
        assert_eq!(seen(header(30, 20, 8, 2), &[(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0])]), Err("E0819"));
    }

    #[test]
    fn a_file_is_what_its_name_says_and_all_of_it_is_there() {
        let whole = png(&[(b"IHDR", &header(30, 20, 8, 2)), (b"IDAT", &[7; 50]), (b"IEND", b"")]);
        let code = |name: &str, bytes: &[u8]| look(&FileId::new(name), bytes).err().map(|u| u.code);
        assert_eq!(code("a.PNG", &whole), None);
        assert_eq!(code("a.jpg", &whole), Some("E0820"));
        assert_eq!(code("a.avif", &whole), Some("E0820"));
        assert_eq!(code("a.png", b"<!doctype html>"), Some("E0819"));
        for cut in 0..whole.len() - 12 {
            assert_eq!(code("a.png", &whole[..cut]), Some("E0819"), "{cut}");
        }
    }
}
