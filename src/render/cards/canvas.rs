//! A picture of few colours: areas and glyphs go on it, a PNG comes out. Knows no text and no layout.

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use rustybuzz::ttf_parser::{Face, GlyphId, OutlineBuilder};

/// Pixels from left to right; what networks ask for.
pub(super) const WIDTH: usize = 1200;
/// Pixels from top to bottom.
pub(super) const HEIGHT: usize = 630;

/// The colours of the theme, in the light.
const PAPER: [u8; 3] = [0xfc, 0xfa, 0xf6];
const INKS: [[u8; 3]; 4] = [[0x17, 0x20, 0x2a], [0x51, 0x5a, 0x63], [0x98, 0x28, 0x1c], [0xd6, 0xd0, 0xc3]];
/// Steps from the paper to an ink.
const STEPS: u8 = 24;

/// What is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// Nearly black.
    Black,
    /// Grey.
    Soft,
    /// The accent.
    Red,
    /// Of fine rules.
    Line,
}

/// The picture: for each pixel the paper, or how much of which ink.
pub(super) struct Canvas {
    pixels: Vec<u8>,
}

impl Canvas {
    /// Paper.
    pub(super) fn new() -> Self {
        Self { pixels: vec![0; WIDTH * HEIGHT] }
    }

    /// The number of an ink's step in the palette.
    const fn number(ink: Ink, step: u8) -> u8 {
        if step == 0 { 0 } else { ink as u8 * STEPS + step }
    }

    /// Fills an area, as far as it is on the picture.
    pub(super) fn area(&mut self, x: usize, y: usize, width: usize, height: usize, ink: Ink) {
        let right = (x + width).min(WIDTH);
        for row in y..(y + height).min(HEIGHT) {
            if let Some(part) = self.pixels.get_mut(row * WIDTH + x.min(right)..row * WIDTH + right) {
                part.fill(Self::number(ink, STEPS));
            }
        }
    }

    /// A frame of so many pixels, so far from the edge.
    pub(super) fn frame(&mut self, inset: usize, thick: usize, ink: Ink) {
        let (width, height) = (WIDTH - 2 * inset, HEIGHT - 2 * inset);
        self.area(inset, inset, width, thick, ink);
        self.area(inset, HEIGHT - inset - thick, width, thick, ink);
        self.area(inset, inset, thick, height, ink);
        self.area(WIDTH - inset - thick, inset, thick, height, ink);
    }

    /// Draws a glyph with its origin at a place.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "places on the picture are small, and what lies outside it is left out"
    )]
    pub(super) fn glyph(&mut self, face: &Face<'_>, glyph: u16, at: (f32, f32), size: f32, ink: Ink) {
        let scale = size / f32::from(face.units_per_em());
        let Some(bounds) = face.glyph_bounding_box(GlyphId(glyph)) else { return };
        let left = (at.0 + f32::from(bounds.x_min) * scale).floor();
        let top = (at.1 - f32::from(bounds.y_max) * scale).floor();
        let wide = (at.0 + f32::from(bounds.x_max) * scale).ceil() - left + 1.0;
        let high = (at.1 - f32::from(bounds.y_min) * scale).ceil() - top + 1.0;
        if !(wide > 0.0 && high > 0.0 && wide <= WIDTH as f32 && high <= HEIGHT as f32) {
            return;
        }
        let mut outline = Outline {
            raster: Rasterizer::new(wide as usize, high as usize),
            origin: (at.0 - left, at.1 - top),
            scale,
            start: point(0.0, 0.0),
            last: point(0.0, 0.0),
        };
        face.outline_glyph(GlyphId(glyph), &mut outline);
        let (left, top) = (left as isize, top as isize);
        outline.raster.for_each_pixel_2d(|x, y, covered| {
            let step = (covered.clamp(0.0, 1.0) * f32::from(STEPS)).round() as u8;
            let x = left.checked_add_unsigned(x as usize).and_then(|x| usize::try_from(x).ok());
            let y = top.checked_add_unsigned(y as usize).and_then(|y| usize::try_from(y).ok());
            let (Some(x), Some(y)) = (x.filter(|x| step > 0 && *x < WIDTH), y.filter(|y| *y < HEIGHT)) else { return };
            let pixel = &mut self.pixels[y * WIDTH + x];
            // Neighbours touch: the darker of the two.
            *pixel = (*pixel).max(Self::number(ink, step));
        });
    }

    /// The picture as a file.
    pub(super) fn png(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(32 * 1024);
        let mut encoder = png::Encoder::new(&mut bytes, 1200, 630);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette(palette());
        encoder.set_filter(png::Filter::NoFilter);
        encoder.set_compression(png::Compression::Balanced);
        // Writing to memory does not fail, and the pixels are as many as the head says.
        let written = encoder.write_header().and_then(|mut w| w.write_image_data(&self.pixels));
        debug_assert!(written.is_ok());
        bytes
    }
}

/// Red, green and blue of every number.
fn palette() -> Vec<u8> {
    let mut all = PAPER.to_vec();
    for ink in INKS {
        for step in 1..=STEPS {
            let mix = |paper: u8, ink: u8| {
                let (paper, ink, step, steps) = (u16::from(paper), u16::from(ink), u16::from(step), u16::from(STEPS));
                u8::try_from((paper * (steps - step) + ink * step + steps / 2) / steps).unwrap_or(u8::MAX)
            };
            all.extend((0..3).map(|i| mix(PAPER[i], ink[i])));
        }
    }
    all
}

/// An outline on its way to pixels.
struct Outline {
    raster: Rasterizer,
    origin: (f32, f32),
    scale: f32,
    start: Point,
    last: Point,
}

impl Outline {
    fn place(&self, x: f32, y: f32) -> Point {
        point(self.origin.0 + x * self.scale, self.origin.1 - y * self.scale)
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.start = self.place(x, y);
        self.last = self.start;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.place(x, y);
        self.raster.draw_line(self.last, to);
        self.last = to;
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let to = self.place(x, y);
        self.raster.draw_quad(self.last, self.place(x1, y1), to);
        self.last = to;
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let to = self.place(x, y);
        self.raster.draw_cubic(self.last, self.place(x1, y1), self.place(x2, y2), to);
        self.last = to;
    }

    fn close(&mut self) {
        self.raster.draw_line(self.last, self.start);
        self.last = self.start;
    }
}
