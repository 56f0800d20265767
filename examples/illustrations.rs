//! Draws the illustrations of the sample site: `cargo run --example illustrations`. Each is a rule that says which ink
//! stands at a point; nothing in them is taken from elsewhere. They are kept as they were drawn, in `content/articles`.
#![allow(clippy::disallowed_methods, reason = "it writes the pictures")]

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use std::path::Path;

/// In pixels, three to two.
const SIZE: (u32, u32) = (1800, 1200);
/// Points that are asked in each pixel, across and down.
const FINE: u32 = 4;

/// The colours of the theme in daylight.
#[derive(Clone, Copy)]
enum Colour {
    Paper,
    Tint,
    Line,
    Accent,
    Ink,
}

impl Colour {
    fn rgb(self) -> [u8; 3] {
        match self {
            Self::Paper => [0xfc, 0xfa, 0xf6],
            Self::Tint => [0xf3, 0xef, 0xe6],
            Self::Line => [0xd6, 0xd0, 0xc3],
            Self::Accent => [0x98, 0x28, 0x1c],
            Self::Ink => [0x17, 0x20, 0x2a],
        }
    }
}

/// A point of the picture: 1.5 wide, 1 high, from above on the left.
type Rule = fn(f64, f64) -> Colour;

const ALL: [(&str, Rule); 4] =
    [("five-roads", five_roads), ("two-dates", two_dates), ("patents", combs), ("smart-city", city)];

fn distance(x: f64, y: f64, to: (f64, f64)) -> f64 {
    (x - to.0).hypot(y - to.1)
}

/// Whether a place lies near one of many that stand at equal distances.
fn on_grid(place: f64, step: f64, half: f64) -> bool {
    let off = (place / step).fract() * step;
    off.min(step - off) < half
}

/// Five roads that begin far from each other and end at one place.
fn five_roads(x: f64, y: f64) -> Colour {
    const MARKET: (f64, f64) = (1.16, 0.5);
    let from = distance(x, y, MARKET);
    match from {
        d if d < 0.035 => return Colour::Paper,
        d if d < 0.17 => return Colour::Ink,
        d if d < 0.195 => return Colour::Tint,
        d if d < 0.2 => return Colour::Ink,
        _ => {}
    }
    for (n, start) in [0.12, 0.31, 0.5, 0.69, 0.88].into_iter().enumerate() {
        let way = (x / MARKET.0).clamp(0.0, 1.0);
        let bend = way * way * (3.0 - 2.0 * way);
        // They come in side by side.
        let turn = (0.5 - start) * 0.6;
        let slope = turn * 6.0 * way * (1.0 - way) / MARKET.0;
        let off = (y - start - turn * bend).abs() / slope.hypot(1.0);
        if x < MARKET.0 && off < 0.019 {
            return if n == 1 { Colour::Accent } else { Colour::Ink };
        }
        if x < MARKET.0 && off < 0.026 {
            return Colour::Tint;
        }
    }
    if on_grid(x, 0.1, 0.0012) || on_grid(y, 0.1, 0.0012) { Colour::Line } else { Colour::Tint }
}

/// One signature, two days for it: two discs over an axis, with a blank where they meet.
fn two_dates(x: f64, y: f64) -> Colour {
    let (left, right) = ((0.63, 0.4), (0.87, 0.4));
    let axis = 0.76;
    match (distance(x, y, left) < 0.22, distance(x, y, right) < 0.22) {
        (true, true) => return Colour::Paper,
        (true, false) => return Colour::Ink,
        (false, true) => return Colour::Accent,
        (false, false) => {}
    }
    for (centre, ink) in [(left, Colour::Ink), (right, Colour::Accent)] {
        let on_axis = distance(x, y, (centre.0, axis));
        if on_axis < 0.018 || (x - centre.0).abs() < 0.0025 && y > centre.1 && y < axis {
            return ink;
        }
    }
    let is_on = (0.12..1.38).contains(&x);
    let is_week = on_grid(x - 0.03, 0.24, 0.003);
    if is_on && (y - axis).abs() < 0.003 {
        return Colour::Ink;
    }
    let tick = if is_week { 0.03 } else { 0.014 };
    if is_on && on_grid(x - 0.03, 0.06, 0.002) && (0.0..tick).contains(&(y - axis)) {
        return Colour::Ink;
    }
    if is_week && is_on && y > 0.1 && y < axis { Colour::Line } else { Colour::Tint }
}

/// Two combs that hold each other: what one has, the other may use.
fn combs(x: f64, y: f64) -> Colour {
    let (top, pitch, half) = (0.14, 0.09, 0.029);
    let row = ((y - top) / pitch).round();
    let inside = (0.0..=8.0).contains(&row) && (y - top - row * pitch).abs() < half;
    let is_left = row.rem_euclid(2.0) < 0.5;
    let body = y > top - half && y < top + 8.0 * pitch + half;
    if body && (0.2..0.33).contains(&x) {
        return Colour::Ink;
    }
    if body && (1.17..1.3).contains(&x) {
        return Colour::Accent;
    }
    let centre = top + row * pitch;
    match (inside, is_left) {
        (true, true) if (0.33..1.06).contains(&x) => {
            if distance(x, y, (1.02, centre)) < 0.012 {
                Colour::Tint
            } else {
                Colour::Ink
            }
        }
        (true, false) if (0.44..1.17).contains(&x) => {
            if distance(x, y, (0.48, centre)) < 0.012 {
                Colour::Tint
            } else {
                Colour::Accent
            }
        }
        _ => Colour::Tint,
    }
}

/// A row of buildings, and a mast among them that sends.
fn city(x: f64, y: f64) -> Colour {
    const GROUND: f64 = 0.85;
    const HEIGHTS: [f64; 13] = [0.2, 0.32, 0.26, 0.44, 0.37, 0.24, 0.5, 0.3, 0.42, 0.22, 0.36, 0.28, 0.17];
    let (mast, top) = ((0.75, 0.3), 0.3);
    if y > GROUND {
        return if y < GROUND + 0.006 { Colour::Ink } else { Colour::Tint };
    }
    if (x - mast.0).abs() < 0.006 && y > top {
        return Colour::Accent;
    }
    let from = distance(x, y, mast);
    if from < 0.02 {
        return Colour::Accent;
    }
    let place = (x - 0.1) / 0.1;
    let column = place.floor();
    if (0.0..13.0).contains(&column) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "looked at above")]
        let height = HEIGHTS[column as usize];
        let (within, above) = ((place - column) * 0.1, GROUND - y);
        if above < height && (0.008..0.092).contains(&within) {
            // Windows; a few are lit.
            let (across, up) = ((within - 0.008) / 0.028, above / 0.04);
            let is_window = (0.3..0.7).contains(&across.fract()) && (0.35..0.75).contains(&up.fract()) && up > 1.0;
            let is_top = (up.floor() + 1.0) * 0.04 > height;
            return match (
                is_window && !is_top,
                (across.floor() * 7.0 + up.floor() * 5.0 + column * 3.0).rem_euclid(11.0),
            ) {
                (true, n) if n < 1.0 => Colour::Accent,
                (true, n) if n < 6.0 => Colour::Line,
                _ => Colour::Ink,
            };
        }
    }
    let sends = [0.08, 0.14, 0.2, 0.26].into_iter().any(|r: f64| (from - r).abs() < 0.004);
    if sends && y < top + 0.03 { Colour::Accent } else { Colour::Tint }
}

/// A picture's pixels: of each, the mean of the points in it.
fn draw(rule: Rule) -> Vec<u8> {
    let mut bytes = Vec::with_capacity((SIZE.0 * SIZE.1 * 3) as usize);
    for (row, column) in (0..SIZE.1).flat_map(|row| (0..SIZE.0).map(move |column| (row, column))) {
        let mut sum = [0_u32; 3];
        for (i, j) in (0..FINE).flat_map(|i| (0..FINE).map(move |j| (i, j))) {
            let at = |pixel: u32, part: u32| {
                (f64::from(pixel) + (f64::from(part) + 0.5) / f64::from(FINE)) / f64::from(SIZE.1)
            };
            let colour = rule(at(column, i), at(row, j)).rgb();
            sum.iter_mut().zip(colour).for_each(|(s, c)| *s += u32::from(c));
        }
        bytes.extend(sum.map(|s| u8::try_from(s / (FINE * FINE)).unwrap_or(255)));
    }
    bytes
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/articles/2017/illustrations");
    std::fs::create_dir_all(&folder)?;
    for (name, rule) in ALL {
        let mut out = Vec::new();
        PngEncoder::new_with_quality(&mut out, CompressionType::Best, FilterType::Adaptive).write_image(
            &draw(rule),
            SIZE.0,
            SIZE.1,
            ExtendedColorType::Rgb8,
        )?;
        println!("{name}.png: {} bytes", out.len());
        std::fs::write(folder.join(format!("{name}.png")), out)?;
    }
    Ok(())
}
