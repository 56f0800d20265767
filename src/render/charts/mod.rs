//! Pictures of a page's data as SVG. Pure: what is drawn follows from the data alone; looks come from the style sheet.
//!
//! Each is drawn twice, for a wide column and for a narrow one, so that its letters keep their size on a telephone; the
//! style sheet shows the one that fits. Nothing has an id, so that any number of pictures can stand on a page.

mod letters;
mod network;
mod over_time;
mod pen;
mod status_line;
mod time_axis;
#[cfg(test)]
mod tests;

use crate::locale::Locale;
use crate::pages::{Picture, Values};
use tera::Value;
use tera::value::Key;

/// The column that a picture is drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// From 576 CSS pixels on.
    Wide,
    /// From 272 CSS pixels on: a telephone.
    Narrow,
}

impl Frame {
    /// The width, in units that are CSS pixels where there is room.
    #[must_use]
    pub const fn width(self) -> f64 {
        match self {
            Self::Wide => 680.0,
            Self::Narrow => 288.0,
        }
    }
}

/// A picture as SVG.
#[must_use]
pub fn svg(picture: &Picture<'_>, words: &Locale, frame: Frame) -> String {
    match picture {
        Picture::Network(network, nodes) => network::draw(network, nodes, words, frame),
        Picture::OverTime(bars) => over_time::draw(bars, words, frame),
        Picture::StatusLine(line) => status_line::draw(line, words, frame),
        Picture::TimeAxis(axis) => time_axis::draw(axis, words, frame),
    }
}

/// Puts a page's picture beside its data: `svg`, and `narrow`.
pub(super) fn add(of: &Values<'_>, words: &Locale, values: &mut tera::Map) {
    let Some((name, picture)) = of.picture() else { return };
    let Some(data) = values.get_mut(&Key::from(name)) else { return };
    let mut map = std::mem::replace(data, Value::none()).into_map().unwrap_or_default();
    for (key, frame) in [("svg", Frame::Wide), ("narrow", Frame::Narrow)] {
        map.insert(key.into(), Value::safe_string(&svg(&picture, words, frame)));
    }
    *data = Value::from(map);
}

/// A count as a coordinate.
fn real(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::from(u32::MAX), f64::from)
}
