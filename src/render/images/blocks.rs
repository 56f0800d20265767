//! The parts that image files are made of, walked from the first to the last: sizes, orientation, whether all of it is
//! there. Decodes nothing, and takes time in proportion to the file.

/// What the parts of an image file say.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is said by another part of the file")]
pub(super) struct Parts<'b> {
    /// In pixels, as they are stored.
    pub(super) size: (u32, u32),
    /// Where it says which way is up.
    pub(super) exif: Option<&'b [u8]>,
    /// Whether something may shine through.
    pub(super) alpha: bool,
    /// Whether it has more than one picture, one after another.
    pub(super) moves: bool,
    /// Whether a colour has sixteen bits.
    pub(super) deep: bool,
    /// Whether the file goes on to its end.
    pub(super) whole: bool,
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn be16(bytes: &[u8], at: usize) -> Option<usize> {
    number(bytes, at).map(|b| usize::from(u16::from_be_bytes(b)))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    number(bytes, at).map(u32::from_be_bytes)
}

fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    number(bytes, at).map(|b| u32::from(u16::from_le_bytes(b)))
}

fn le24(bytes: &[u8], at: usize) -> Option<u32> {
    number(bytes, at).map(|[a, b, c]| u32::from_le_bytes([a, b, c, 0]))
}

fn length(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// Of a JPEG (ITU-T T.81, annex B).
pub(super) fn jpeg(bytes: &[u8]) -> Parts<'_> {
    let mut parts = Parts::default();
    let mut at = 2;
    while let Some(step) = jpeg_segment(bytes, at, &mut parts) {
        at = step;
    }
    parts
}

/// Reads one segment; returns where the next one begins, none after the last or where the file breaks off.
fn jpeg_segment<'b>(bytes: &'b [u8], at: usize, parts: &mut Parts<'b>) -> Option<usize> {
    if *bytes.get(at)? != 0xff {
        return None;
    }
    let marker = *bytes.get(at + 1)?;
    match marker {
        0xff => return Some(at + 1),
        0xd9 => {
            parts.whole = true;
            return None;
        }
        0x01 | 0xd0..=0xd7 => return Some(at + 2),
        _ => {}
    }
    let end = at + 2 + be16(bytes, at + 2)?.max(2);
    let body = bytes.get(at + 4..end)?;
    match marker {
        0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf if parts.size == (0, 0) => {
            let pixels = |i| be16(body, i).and_then(|n| u32::try_from(n).ok());
            parts.size = (pixels(3)?, pixels(1)?);
        }
        0xe1 if parts.exif.is_none() => parts.exif = body.strip_prefix(b"Exif\0\0"),
        0xda => {
            // Pixels, until a marker that is neither a stuffed byte nor a restart.
            let ends = |i: &usize| !matches!(bytes.get(i + 1), Some(0 | 0xd0..=0xd7));
            return memchr::memchr_iter(0xff, bytes.get(end..)?).map(|i| end + i).find(ends);
        }
        _ => {}
    }
    Some(end)
}

/// Of a PNG (ISO/IEC 15948).
pub(super) fn png(bytes: &[u8]) -> Parts<'_> {
    let mut parts = Parts::default();
    let mut at = 8;
    while let (Some(size), Some(kind)) = (be32(bytes, at), number::<4>(bytes, at + 4)) {
        let body = at + 8;
        let end = body.saturating_add(length(size));
        match &kind {
            b"IHDR" => {
                parts.size = (be32(bytes, body).unwrap_or(0), be32(bytes, body + 4).unwrap_or(0));
                parts.deep = bytes.get(body + 8) == Some(&16);
                parts.alpha |= matches!(bytes.get(body + 9), Some(4 | 6));
            }
            b"tRNS" => parts.alpha = true,
            b"acTL" => parts.moves |= be32(bytes, body).is_some_and(|frames| frames > 1),
            b"eXIf" => parts.exif = bytes.get(body..end),
            b"IEND" => {
                parts.whole = true;
                break;
            }
            _ => {}
        }
        at = end.saturating_add(4);
    }
    parts
}

/// Of a WebP (RFC 9649).
pub(super) fn webp(bytes: &[u8]) -> Parts<'_> {
    let mut parts = Parts::default();
    let all = number(bytes, 4).map_or(0, u32::from_le_bytes);
    let last = length(all).saturating_add(8);
    parts.whole = all > 0 && last <= bytes.len();
    let mut at = 12;
    while at + 8 <= last.min(bytes.len()) {
        let (Some(kind), Some(size)) = (number::<4>(bytes, at), number(bytes, at + 4).map(u32::from_le_bytes)) else {
            break;
        };
        let body = at + 8;
        let end = body.saturating_add(length(size));
        let is_first = parts.size == (0, 0);
        match &kind {
            b"VP8 " if is_first => {
                let pixels = |i| le16(bytes, body + i).map_or(0, |n| n & 0x3fff);
                parts.size = (pixels(6), pixels(8));
            }
            b"VP8L" if is_first => {
                let bits = number(bytes, body + 1).map_or(0, u32::from_le_bytes);
                parts.size = ((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
                parts.alpha = bits >> 28 & 1 == 1;
            }
            b"VP8X" if is_first => {
                let flags = bytes.get(body).copied().unwrap_or(0);
                parts.alpha = flags & 0x10 != 0;
                parts.moves = flags & 0x02 != 0;
                let pixels = |i| le24(bytes, body + i).map_or(0, |n| n + 1);
                parts.size = (pixels(4), pixels(7));
            }
            b"EXIF" => {
                let exif = bytes.get(body..end);
                parts.exif = exif.map(|e| e.strip_prefix(b"Exif\0\0").unwrap_or(e));
            }
            _ => {}
        }
        at = end.saturating_add(end % 2);
    }
    parts
}

/// Of a GIF (89a). `keep` hears which parts of the file are pictures and how they move, in order.
pub(super) fn gif<'b>(bytes: &'b [u8], mut keep: impl FnMut(&'b [u8])) -> Parts<'b> {
    let mut parts = Parts { alpha: true, ..Parts::default() };
    parts.size = (le16(bytes, 6).unwrap_or(0), le16(bytes, 8).unwrap_or(0));
    // So much as a table of colours takes, by the flags that tell of it.
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let Some(flags) = bytes.get(10) else { return parts };
    let (mut at, mut pictures) = (13 + table(*flags), 0);
    keep(bytes.get(..at).unwrap_or_default());
    while let Some(kind) = bytes.get(at) {
        let start = at;
        let is_kept = match kind {
            0x3b => {
                keep(&bytes[at..=at]);
                parts.whole = pictures > 0;
                break;
            }
            0x2c => {
                pictures += 1;
                at += 11 + bytes.get(at + 9).map_or(0, |f| table(*f));
                true
            }
            0x21 => {
                let label = bytes.get(at + 1).copied();
                // How long a picture stands, and how often all are shown; no words, no data of programs.
                let loops = bytes.get(at + 3..at + 14) == Some(b"NETSCAPE2.0");
                at += 2;
                label == Some(0xf9) || label == Some(0xff) && loops
            }
            _ => break,
        };
        let Some(end) = gif_blocks(bytes, at) else { break };
        if is_kept {
            keep(&bytes[start..end]);
        }
        at = end;
    }
    parts.moves = pictures > 1;
    parts
}

/// The end of a run of blocks.
fn gif_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match bytes.get(at)? {
            0 => return Some(at + 1),
            n => at += 1 + usize::from(*n),
        }
    }
}

/// A GIF without comments, without what programs note in it, and without what follows its end.
#[must_use]
pub fn bare_gif(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    gif(bytes, |part| out.extend_from_slice(part));
    out
}
