//! How each kind of page looks, light and dark, narrow and wide, compared with pictures that somebody has looked at.
//!
//! `DEALWIRE_BLESS=1 cargo test --test browser snapshots` makes them anew; then look at them.

use crate::chrome::Chrome;
use crate::desk::{Desk, PLACE};
use crate::looks::decoded;
use crate::tab::Tab;
use std::fs;
use std::path::{Path, PathBuf};

/// Every kind of page, by a name.
const PAGES: [(&str, &str); 18] = [
    ("home", "/"),
    ("article", PLACE),
    ("deal", "/deals/nokia-xiaomi-patents/"),
    ("ledger", "/deals/"),
    ("companies", "/companies/"),
    ("company", "/companies/nokia/"),
    ("person", "/people/gregory-lee/"),
    ("tags", "/tags/"),
    ("tag", "/tags/china/"),
    ("pair", "/tags/china/networks/"),
    ("thread", "/threads/nokia-in-china/"),
    ("archive", "/2017/07/"),
    ("corrections", "/corrections/"),
    ("newsletters", "/newsletter/"),
    ("newsletter", "/newsletter/2017-07-14/"),
    ("search", "/search/"),
    ("page", "/about/"),
    ("missing", "/no-such-page/"),
];

/// So many pixels of the screen are one of a snapshot, each way.
const STEP: usize = 4;
/// The largest difference of a level that does not count: faces are drawn a little otherwise by each release of a browser.
const SAME: u8 = 28;
/// The part of all pixels that may differ.
const TOLERANCE: f64 = 0.012;

/// A picture in grey, from 0 to 255, row by row.
struct Grey {
    width: usize,
    height: usize,
    levels: Vec<u8>,
}

impl Grey {
    fn read(bytes: &[u8]) -> Self {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().expect("a PNG");
        let mut buffer = vec![0; reader.output_buffer_size().expect("a size")];
        let frame = reader.next_frame(&mut buffer).expect("its pixels");
        let channels = frame.color_type.samples();
        let colours = channels.min(3);
        let level = |p: &[u8]| p[..colours].iter().map(|c| usize::from(*c)).sum::<usize>() / colours;
        let levels = buffer[..frame.buffer_size()].chunks(channels).map(|p| u8::try_from(level(p)).unwrap_or(255));
        Self { width: frame.width as usize, height: frame.height as usize, levels: levels.collect() }
    }

    /// Smaller: the mean of squares of pixels.
    fn small(&self) -> Self {
        let (width, height) = (self.width / STEP, self.height / STEP);
        let mean = |x: usize, y: usize| {
            let rows = (0..STEP).map(|dy| &self.levels[(y * STEP + dy) * self.width + x * STEP..][..STEP]);
            rows.flatten().map(|l| usize::from(*l)).sum::<usize>() / (STEP * STEP)
        };
        let levels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let levels = levels.map(|(x, y)| u8::try_from(mean(x, y)).unwrap_or(255)).collect();
        Self { width, height, levels }
    }

    fn write(&self, path: &Path) {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        let file = std::io::BufWriter::new(fs::File::create(path).expect("a file"));
        let size = |n: usize| u32::try_from(n).expect("a size");
        let mut encoder = png::Encoder::new(file, size(self.width), size(self.height));
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        let mut writer = encoder.write_header().expect("a PNG");
        writer.write_image_data(&self.levels).expect("written");
    }

    /// The part of pixels that differ from another picture's, 0 to 1. What only one of them has differs.
    fn differs(&self, other: &Self) -> f64 {
        if self.width != other.width {
            return 1.0;
        }
        let pairs = self.levels.iter().zip(&other.levels);
        let differ = pairs.filter(|(a, b)| a.abs_diff(**b) > SAME).count();
        let longer = self.levels.len().max(other.levels.len());
        let missing = longer - self.levels.len().min(other.levels.len());
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52 pixels")]
        let part = (differ + missing) as f64 / longer as f64;
        part
    }
}

/// The whole page as it stands, without what the preview adds.
fn taken(tab: &Tab<'_>, width: u32, scheme: &str) -> Grey {
    tab.ask("document.querySelectorAll('dealwire-preview, dealwire-banner').forEach((n) => n.remove())");
    // A face that comes later than a tenth of a second would not be used on this page: here it is waited for.
    tab.ask(
        "for (const sheet of document.styleSheets) {
            const faces = [...sheet.cssRules].filter((rule) => rule instanceof CSSFontFaceRule).map((rule) => rule.cssText);
            for (const face of faces) sheet.insertRule(face.replace('font-display: optional', 'font-display: block'), sheet.cssRules.length);
         }
         const all = ['600 1em', '400 1em', 'italic 1em'].map((of) => document.fonts.load(`${of} 'Dealwire Serif'`));
         Promise.all([...all, document.fonts.load(`1em 'Dealwire Sans'`), document.fonts.ready]).then(() => true)",
    );
    let height = tab.ask("Math.min(document.documentElement.scrollHeight, 12000)").as_u64().expect("a height");
    tab.view(width, u32::try_from(height).expect("a height"), scheme);
    tab.ask("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 150)))");
    Grey::read(&decoded(&tab.shot()))
}

#[test]
fn every_kind_of_page_looks_as_it_did_when_it_was_looked_at() {
    let (desk, chrome) = (Desk::sample(), Chrome::start());
    let preview = desk.serve(&["--as-public", "--as-of", "2018-01-01"]);
    let tab = chrome.tab("the art director");
    let bless = std::env::var_os("DEALWIRE_BLESS").is_some();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut differ = Vec::new();
    for (name, path) in PAGES {
        for (width, scheme) in [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")] {
            let name = format!("{name}-{width}-{scheme}.png");
            let kept: PathBuf = root.join("tests/looks").join(&name);
            let look = || {
                tab.view(width, 800, scheme).open(&preview.url(path));
                taken(&tab, width, scheme).small()
            };
            if bless {
                look().write(&kept);
                continue;
            }
            let Ok(bytes) = fs::read(&kept) else { panic!("there is no {}: bless it, and look at it", kept.display()) };
            let known = Grey::read(&bytes);
            let now = look();
            let part = now.differs(&known);
            if part > TOLERANCE {
                let there = root.join("target/looks").join(&name);
                now.write(&there);
                differ.push(format!("{name}: {:.1} % of its pixels; see {}", part * 100.0, there.display()));
            }
        }
    }
    assert!(differ.is_empty(), "pages look otherwise:\n{}", differ.join("\n"));
}
