//! Texts made small before they are sent: beside the plain ones, or in their place. Pure.

use super::store::Head;
use crate::sink::disk::Stamp;
use crate::site::Compress;
use std::io::{Result, Write};

/// The ends of the names of packed files that lie beside plain ones.
const BESIDE: [(&str, Compress); 2] = [(".gz", Compress::Gzip), (".br", Compress::Brotli)];
/// What is smaller than this does not become much smaller.
const LEAST: u64 = 256;

/// Whether a file is worth packing.
pub(super) fn fits(head: &Head, plain: &Stamp) -> bool {
    let kind = head.kind.split(';').next().unwrap_or_default();
    let is_text = kind.starts_with("text/")
        || kind.ends_with("+xml")
        || kind.ends_with("+json")
        || ["application/xml", "application/json", "application/javascript"].contains(&kind);
    is_text && plain.size >= LEAST
}

/// The names of the files beside one, and how each is packed.
pub(super) fn beside(path: &str) -> impl Iterator<Item = (String, Compress)> {
    BESIDE.iter().map(move |(end, how)| (format!("{path}{end}"), *how))
}

/// The plain file that a file lies beside, and how it is packed; `None` for a plain file.
pub(super) fn plain_of(path: &str) -> Option<(&str, Compress)> {
    BESIDE.iter().find_map(|(end, how)| Some((path.strip_suffix(end)?, *how)))
}

/// The name of an encoding in HTTP.
pub(super) const fn encoding(how: Compress) -> Option<&'static str> {
    match how {
        Compress::Gzip => Some("gzip"),
        Compress::Brotli => Some("br"),
        Compress::No | Compress::Beside => None,
    }
}

/// The same bytes for the same bytes, with any number of threads.
///
/// # Errors
/// Never in practice: it writes to memory.
pub(super) fn pack(bytes: &[u8], how: Compress) -> Result<Vec<u8>> {
    match how {
        Compress::Gzip => {
            let mut to =
                flate2::write::GzEncoder::new(Vec::with_capacity(bytes.len() / 3), flate2::Compression::best());
            to.write_all(bytes)?;
            to.finish()
        }
        Compress::Brotli => {
            let settings = brotli::enc::BrotliEncoderParams { quality: 9, lgwin: 20, ..Default::default() };
            let mut packed = Vec::with_capacity(bytes.len() / 3);
            brotli::BrotliCompress(&mut &*bytes, &mut packed, &settings)?;
            Ok(packed)
        }
        Compress::No | Compress::Beside => Ok(bytes.to_vec()),
    }
}
