//! Images, from outside: they are there in the widths that pages name, show what the original shows and say nothing that
//! the camera noted; they are made once; hidden ones are not made, and hostile ones refused.
#![allow(clippy::disallowed_methods, reason = "a test writes sites, runs the program and reads what it wrote")]

#[path = "commands/desk.rs"]
#[allow(dead_code, reason = "the same desk serves other tests")]
mod desk;

use desk::Desk;
use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ExtendedColorType, Frame, ImageEncoder, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const SETTINGS: &str = "title = \"The Image Desk\"\ndescription = \"Deals in pictures.\"\n\
                        base_url = \"https://images.example\"\ntimezone = \"UTC\"\n";

/// A site of one folder of articles.
struct Site(Desk);

/// What the program said, and how it ended.
struct Said {
    text: String,
    code: Option<i32>,
}

impl Site {
    fn new() -> Self {
        let site = Self(Desk::empty().with("SOURCE_DATE_EPOCH", "1780272000"));
        site.write("site.toml", SETTINGS);
        site
    }

    /// One that has images in one small width: for what is not about widths.
    fn narrow() -> Self {
        let site = Self::new();
        site.write("site.toml", format!("{SETTINGS}[images]\nwidths = [64]\n"));
        site
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        self.0.write(path, bytes);
    }

    /// An article with more front matter and a text.
    fn article(&self, id: &str, front: &str, body: &str) {
        let text = format!("---\ntitle: On {id}\ndescription: News.\ndate: 2026-03-01\n{front}---\n{body}\n");
        self.write(&format!("content/articles/{id}.md"), text);
    }

    fn run(&self, args: &[&str]) -> Said {
        let said = self.0.run(args);
        Said { text: said.err + &said.out, code: Some(said.code) }
    }

    /// Builds; returns how many images were made.
    fn build(&self) -> usize {
        let said = self.run(&["build"]);
        assert_eq!(said.code, Some(0), "{}", said.text);
        let (before, _) = said.text.split_once(" made, ").unwrap_or(("0 images", ""));
        before.rsplit(' ').nth(1).and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("{}", said.text))
    }

    fn public(&self) -> PathBuf {
        self.0.at("public")
    }

    fn html(&self, path: &str) -> String {
        fs::read_to_string(self.public().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// The file at an address of the site, whole or from the root.
    fn at(&self, address: &str) -> PathBuf {
        let path = address.strip_prefix("https://images.example").unwrap_or(address);
        self.public().join(path.trim_start_matches('/'))
    }

    fn picture(&self, address: &str) -> DynamicImage {
        let path = self.at(address);
        let bytes = fs::read(&path).unwrap_or_else(|e| panic!("{address}: {e}"));
        image::load_from_memory(&bytes).unwrap_or_else(|e| panic!("{address}: {e}"))
    }

    /// Everything that was built, by path.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let all = walkdir::WalkDir::new(self.public()).into_iter().map(|e| e.expect("an entry"));
        let name = |p: &Path| p.strip_prefix(self.public()).expect("below").to_string_lossy().into_owned();
        all.filter(|e| e.file_type().is_file()).map(|e| (name(e.path()), fs::read(e.path()).expect("a file"))).collect()
    }

    /// The names of what was made of images.
    fn made(&self) -> BTreeSet<String> {
        self.files().into_keys().filter(|f| f.starts_with("assets/images/")).collect()
    }
}

/// The value of an attribute of the first element after a mark.
fn attribute<'h>(html: &'h str, after: &str, name: &str) -> &'h str {
    let (_, rest) = html.split_once(after).unwrap_or_else(|| panic!("no {after} in {html}"));
    let (_, rest) = rest.split_once(&format!(" {name}=\"")).unwrap_or_else(|| panic!("no {name} after {after}"));
    rest.split_once('"').expect("a quote").0
}

/// The address and the width of each candidate of a `srcset`.
fn candidates(srcset: &str) -> Vec<(&str, u32)> {
    let one = |c: &'_ str| -> (usize, u32) {
        let (url, width) = c.rsplit_once(' ').expect("a width");
        (url.len(), width.trim_end_matches('w').parse().expect("a number"))
    };
    srcset.split(", ").map(|c| (&c[..one(c).0], one(c).1)).collect()
}

/// Four fields of colour: red and green above, blue and white below, with some life in them.
fn fields(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let life = u8::try_from((x * 7 + y * 13) % 16).expect("small");
        match (x < width / 2, y < height / 2) {
            (true, true) => Rgb([230, life, life]),
            (false, true) => Rgb([life, 160, life]),
            (true, false) => Rgb([life, life, 230]),
            (false, false) => Rgb([240 + life / 2, 240, 240]),
        }
    })
}

fn written(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image.into().write_to(&mut out, format).expect("an image");
    out.into_inner()
}

fn jpeg(image: &RgbImage, profile: Option<Vec<u8>>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut out, 90);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile).expect("a profile");
    }
    encoder.write_image(image, image.width(), image.height(), ExtendedColorType::Rgb8).expect("a JPEG");
    out
}

/// What a telephone writes into a photograph: which way is up, where it was taken and with what.
fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x03".to_vec();
    // Make (at 50), orientation, and the place (at 62), which says north.
    tiff.extend(b"\x01\x0f\0\x02\0\0\0\x0c\0\0\0\x32");
    tiff.extend([1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    tiff.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x3e\0\0\0\0");
    tiff.extend(b"SecretPhone\0");
    tiff.extend(b"\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0SecretPlace");
    tiff
}

/// A JPEG with all that is to be removed.
fn telling(image: &RgbImage, orientation: u8) -> Vec<u8> {
    let bytes = jpeg(image, None);
    let mut out = bytes[..2].to_vec();
    for (marker, body) in [
        (0xe1, [b"Exif\0\0".as_slice(), &exif(orientation)].concat()),
        (0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>SecretXmp</x:xmpmeta>".to_vec()),
        (0xed, b"Photoshop 3.0\08BIM SecretIptc".to_vec()),
        (0xfe, b"SecretComment".to_vec()),
    ] {
        out.extend([0xff, marker]);
        out.extend(u16::try_from(body.len() + 2).expect("short").to_be_bytes());
        out.extend(body);
    }
    out.extend(&bytes[2..]);
    out.extend(b"SecretTail");
    out
}

const LEAD: &str = "image: {src: photo.jpg, alt: Four fields, credit: Ann Example}\n";

#[test]
fn a_photograph_is_shown_in_several_widths_the_right_way_up_and_says_nothing_of_its_camera() {
    let site = Site::new();
    // It lies on its side: what is stored as 1600 by 1200 is 1200 wide.
    site.write("content/articles/photo.jpg", telling(&fields(1600, 1200), 6));
    site.write("content/articles/pics/small one.jpg", telling(&fields(500, 300), 1));
    site.article("fields", LEAD, "Text.\n\n![A small one](pics/small%20one.jpg \"A caption\")\n\n[Large](photo.jpg)");
    let made = site.build();
    let html = site.html("2026/03/fields/index.html");

    let figure = &html[html.find("<figure class=\"story-image\">").expect("the image")..];
    let (figure, _) = figure.split_once("</figure>").expect("its end");
    assert!(figure.contains("<figcaption>Ann Example</figcaption>"), "{figure}");
    assert_eq!(attribute(figure, "<source", "type"), "image/webp");
    assert_eq!(attribute(figure, "<source", "sizes"), "(min-width: 55rem) 50rem, 92vw");
    let widths = candidates(attribute(figure, "<source", "srcset"));
    assert_eq!(widths.iter().map(|c| c.1).collect::<Vec<_>>(), [320, 640, 960, 1200], "never larger than it is");
    for (address, width) in &widths {
        let shown = site.picture(address).into_rgb8();
        assert_eq!(shown.dimensions(), (*width, (width * 4 + 1) / 3), "{address}");
        assert!(address.ends_with(".webp"));
        // Turned clockwise, what was below on the left is above on the left.
        let at = |x: u32, y: u32| shown.get_pixel(shown.width() * x / 100, shown.height() * y / 100).0;
        assert!(at(20, 20)[2] > 180 && at(20, 20)[0] < 60, "blue: {:?}", at(20, 20));
        assert!(at(80, 20)[0] > 180 && at(80, 20)[2] < 60, "red: {:?}", at(80, 20));
    }
    let fallback = attribute(figure, "<img", "src");
    assert!(fallback.ends_with("/1200.jpg"), "{fallback}");
    assert_eq!(site.picture(fallback).width(), 1200);
    assert_eq!((attribute(figure, "<img", "width"), attribute(figure, "<img", "height")), ("1200", "1600"));
    assert_eq!(attribute(figure, "<img", "alt"), "Four fields");
    assert!(figure.contains("fetchpriority=\"high\"") && !figure.contains("loading="), "{figure}");

    let inner = "<figure><picture>";
    assert!(html.contains("</picture><figcaption>A caption</figcaption></figure>"), "{html}");
    let small = candidates(attribute(&html, inner, "srcset"));
    assert_eq!(small.iter().map(|c| c.1).collect::<Vec<_>>(), [320, 500]);
    assert_eq!(attribute(&html, inner, "loading"), "lazy");
    assert_eq!(attribute(&html, inner, "decoding"), "async");
    assert_eq!((attribute(&html, inner, "width"), attribute(&html, inner, "height")), ("500", "300"));
    assert!(html.contains(&format!("<a href=\"{fallback}\">Large</a>")), "a link leads to what is clean");

    // Feeds and the Markdown twin have one file, whole addresses and no candidates.
    let feed = site.html("feed.xml");
    assert!(feed.contains("https://images.example/assets/images/small-one.") && !feed.contains("srcset"), "{feed}");
    assert!(site.html("2026/03/fields/index.md").contains("](https://images.example/assets/images/small-one."));

    let files = site.files();
    assert_eq!(files.keys().filter(|f| f.starts_with("assets/images/")).count(), made);
    for (name, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        for secret in ["Secret", "Exif", "xmpmeta", "Photoshop"] {
            assert!(!text.contains(secret), "{name} says {secret}");
        }
        assert!(!name.ends_with("photo.jpg") && !name.ends_with("small one.jpg"), "{name}: an original");
    }
}

#[test]
fn search_engines_get_three_shapes_and_who_shares_a_page_the_widest() {
    let site = Site::narrow();
    site.write("content/articles/photo.jpg", jpeg(&fields(1600, 1200), None));
    site.write("content/articles/small.png", written(fields(500, 400), ImageFormat::Png));
    site.article("large", LEAD, "Text.");
    site.article("small", "image: {src: small.png, alt: Small, credit: Ann Example}\n", "Text.");
    site.build();
    let objects = |html: &str| {
        let (_, data) = html.split_once("application/ld+json\">").expect("structured data");
        let data: serde_json::Value =
            serde_json::from_str(data.split_once("</script>").expect("its end").0).expect("JSON");
        data["@graph"][0]["image"].as_array().expect("images").clone()
    };
    let html = site.html("2026/03/large/index.html");
    let images = objects(&html);
    let sizes: Vec<_> = images.iter().map(|i| (i["width"].as_u64(), i["height"].as_u64())).collect();
    assert_eq!(sizes, [(1200, 675), (1200, 900), (1200, 1200)].map(|(w, h)| (Some(w), Some(h))));
    for image in &images {
        let shown = site.picture(image["url"].as_str().expect("an address"));
        let said = [&image["width"], &image["height"]].map(|n| n.as_u64().expect("a number"));
        assert_eq!([shown.width(), shown.height()].map(u64::from), said);
        assert_eq!(image["creditText"], "Ann Example");
        assert_eq!(image["@type"], "ImageObject");
    }
    // Where the page is shared, it has the shape that networks show whole.
    let card = attribute(&html, "<meta property=\"og:image\"", "content");
    let shown = site.picture(card);
    assert_eq!((shown.width(), shown.height()), (1200, 630), "{card}");
    assert!(html.contains("<meta property=\"og:image:height\" content=\"630\">"));
    assert!(html.contains("<meta property=\"og:image:alt\" content=\"Four fields\">"));

    // What is smaller is cropped as it is; the card is shared.
    let html = site.html("2026/03/small/index.html");
    let sizes: Vec<_> = objects(&html).iter().map(|i| (i["width"].as_u64(), i["height"].as_u64())).collect();
    assert_eq!(sizes, [(500, 281), (500, 375), (400, 400)].map(|(w, h)| (Some(w), Some(h))));
    assert!(html.contains("<meta property=\"og:image\" content=\"https://images.example/assets/cards/"));
}

#[test]
fn a_crop_shows_what_must_be_seen() {
    let site = Site::narrow();
    site.write("content/articles/photo.jpg", jpeg(&fields(1000, 500), None));
    let corner = |focus: &str| {
        site.article("wide", &format!("image: {{src: photo.jpg, alt: Wide, credit: Ann{focus}}}\n"), "Text.");
        site.build();
        let name = site.made().into_iter().find(|f| f.contains("/1x1")).expect("a square");
        let square = site.picture(&name).into_rgb8();
        assert_eq!(square.dimensions(), (500, 500));
        [*square.get_pixel(30, 30), *square.get_pixel(470, 30)].map(|p| if p[0] > p[1] { "red" } else { "green" })
    };
    assert_eq!(corner(""), ["red", "green"]);
    assert_eq!(corner(", focus: [0, 50]"), ["red", "red"]);
    assert_eq!(corner(", focus: [100, 50]"), ["green", "green"]);
    assert_eq!(corner(", focus: [60, 50]"), ["red", "green"]);
    for wrong in ["[50]", "[50, 101]", "[-1, 0]", "left", "[1, 2, 3]"] {
        site.article("wide", &format!("image: {{src: photo.jpg, alt: Wide, credit: Ann, focus: {wrong}}}\n"), "Text.");
        let said = site.run(&["check"]);
        assert!(said.code == Some(1) && said.text.contains("articles/wide.md:5:"), "{wrong}: {}", said.text);
    }
}

#[test]
fn what_was_made_is_not_made_again() {
    let site = Site::new();
    site.write("content/articles/photo.jpg", jpeg(&fields(1000, 800), None));
    site.article("fields", LEAD, "Text.");
    // Four widths, a fallback, three crops.
    assert_eq!(site.build(), 3 + 1 + 3, "320, 640 and 1000: 960 is nearly that");
    let names = site.made();
    assert_eq!(site.build(), 0);
    site.article("fields", LEAD, "Another text.");
    site.article("more", LEAD, "A second article with the same image: nothing new.");
    assert_eq!(site.build(), 0);
    assert_eq!(site.made(), names);
    let one = names.first().expect("one");
    fs::remove_file(site.public().join(one)).expect("it is there");
    assert!(site.build() <= 1, "one that was lost, unless a copy was at hand");
    assert_eq!(site.made(), names);
    // Other bytes and other settings give other names, so that nobody who keeps a file for a year sees the old one.
    site.write("content/articles/photo.jpg", jpeg(&fields(1000, 801), None));
    assert_eq!(site.build(), 7);
    let newer = site.made();
    assert!(newer.is_disjoint(&names), "{newer:?}");
    site.write("site.toml", format!("{SETTINGS}[images]\nquality = 50\nwidths = [400]\n"));
    assert_eq!(site.build(), 1 + 1 + 3);
    assert!(site.made().is_disjoint(&newer));
}

#[test]
fn a_hidden_article_has_no_image() {
    let site = Site::new();
    for name in ["shown", "zqhidden", "both"] {
        let width = 400 + u32::try_from(name.len()).expect("short") * 10;
        site.write(&format!("content/articles/{name}.png"), written(fields(width, 300), ImageFormat::Png));
    }
    let front = |name: &str| format!("image: {{src: {name}.png, alt: An image, credit: Ann}}\n");
    site.article("public", &front("shown"), "![Both](both.png)");
    site.article("draft", &format!("draft: true\n{}", front("zqhidden")), "![Both](both.png)");
    site.article("later", &format!("embargo: 2027-01-01T00:00:00Z\n{}", front("zqhidden")), "Text.");
    site.build();
    let with = site.files();
    assert!(with.keys().all(|f| !f.contains("zqhidden")), "{:?}", with.keys());
    for name in ["draft", "later"] {
        fs::remove_file(site.0.at(&format!("content/articles/{name}.md"))).expect("an article");
    }
    site.build();
    let without = site.files();
    let names = |of: &BTreeMap<String, Vec<u8>>| of.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&with), names(&without));
    for (name, bytes) in with.iter().filter(|(n, _)| !n.contains("manifest")) {
        assert!(*bytes == without[name], "{name} tells of what is hidden");
    }
}

#[test]
fn every_format_is_shown_in_its_kind() {
    let site = Site::new();
    let glass =
        RgbaImage::from_fn(700, 400, |x, _| if x < 350 { Rgba([200, 30, 30, 255]) } else { Rgba([0, 0, 0, 0]) });
    site.write("content/articles/glass.png", written(glass.clone(), ImageFormat::Png));
    site.write("content/articles/plain.webp", written(fields(700, 400), ImageFormat::WebP));
    site.write("content/articles/still.gif", written(fields(90, 60), ImageFormat::Gif));
    let deep = DynamicImage::ImageRgb8(fields(400, 300)).into_rgb16();
    site.write("content/articles/deep.png", written(deep, ImageFormat::Png));
    let grey = DynamicImage::ImageRgb8(fields(400, 300)).into_luma8();
    site.write("content/articles/grey.jpeg", written(grey, ImageFormat::Jpeg));
    let mut moving = Vec::new();
    let mut encoder = GifEncoder::new(&mut moving);
    for shade in [0, 90, 180] {
        let frame = RgbaImage::from_pixel(80, 60, Rgba([shade, 0, 0, 255]));
        encoder.encode_frame(Frame::new(frame)).expect("a frame");
    }
    drop(encoder);
    // A comment before the end, and something behind it.
    let end = moving.pop().expect("the end");
    moving.extend(b"\x21\xfe\x0dSecretComment\0");
    moving.push(end);
    moving.extend(b"SecretTail");
    site.write("content/articles/moving.gif", moving);
    site.write("content/articles/drawing.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 300 200\"/>");
    let all = ["glass.png", "plain.webp", "still.gif", "deep.png", "grey.jpeg", "moving.gif", "drawing.svg"];
    let body: Vec<String> = all.iter().map(|n| format!("![This is {n}]({n})\n")).collect();
    site.article("kinds", "", &body.join("\n"));
    site.build();
    let html = site.html("2026/03/kinds/index.html");
    let tag = |name: &str| {
        let at = html.find(&format!("alt=\"This is {name}\"")).unwrap_or_else(|| panic!("{name}"));
        let from = html[..at].rfind("<p>").expect("its paragraph");
        html[from..].split_once("</p>").expect("its end").0
    };
    for (name, ending) in
        [("glass.png", "png"), ("plain.webp", "jpg"), ("still.gif", "png"), ("deep.png", "png"), ("grey.jpeg", "jpg")]
    {
        let shown = tag(name);
        let fallback = attribute(shown, "<img", "src");
        assert!(fallback.ends_with(&format!(".{ending}")), "{name}: {shown}");
        let (webp, _) = *candidates(attribute(shown, "<source", "srcset")).last().expect("one");
        for address in [fallback, webp] {
            let picture = site.picture(address);
            assert_eq!(picture.width().to_string(), attribute(shown, "<img", "width"), "{address}");
            assert!(name == "still.gif" || picture.color().has_alpha() == (name == "glass.png"), "{address}");
        }
    }
    let through = site.picture(attribute(tag("glass.png"), "<img", "src")).into_rgba8();
    assert_eq!((through.get_pixel(100, 100)[3], through.get_pixel(600, 100)[3]), (255, 0));
    // What moves and what is drawn is published as it is, in its size; of the first, the pictures alone.
    for (name, size) in [("moving.gif", ("80", "60")), ("drawing.svg", ("300", "200"))] {
        let shown = tag(name);
        assert_eq!(attribute(shown, "<img", "src"), format!("/2026/03/kinds/{name}"));
        assert_eq!((attribute(shown, "<img", "width"), attribute(shown, "<img", "height")), size, "{shown}");
        assert!(!shown.contains("<picture>"));
    }
    let bytes = fs::read(site.at("/2026/03/kinds/moving.gif")).expect("a GIF");
    let frames =
        image::AnimationDecoder::into_frames(image::codecs::gif::GifDecoder::new(Cursor::new(&bytes)).expect("a GIF"));
    assert_eq!(frames.collect_frames().expect("frames").len(), 3);
    assert!(!String::from_utf8_lossy(&bytes).contains("Secret"));
}

#[test]
fn colours_are_those_of_the_profile() {
    let site = Site::new();
    let colour = RgbImage::from_pixel(400, 300, Rgb([200, 100, 50]));
    let profile = moxcms::ColorProfile::new_display_p3().encode().expect("a profile");
    site.write("content/articles/wide.jpg", jpeg(&colour, Some(profile)));
    site.write("content/articles/plain.jpg", jpeg(&colour, None));
    site.article("colours", "", "![Wide](wide.jpg)\n\n![Plain](plain.jpg)");
    site.build();
    let html = site.html("2026/03/colours/index.html");
    let tags = html.split("<img src=\"").skip(1).filter(|t| t.starts_with("/assets/images/"));
    let mut shown = tags.map(|t| {
        let (address, _) = t.split_once('"').expect("an end");
        *site.picture(address).into_rgb8().get_pixel(200, 150)
    });
    let (wide, plain) = (shown.next().expect("one"), shown.next().expect("two"));
    let near = |a: u8, b: u8| a.abs_diff(b) <= 3;
    assert!(near(plain[0], 200) && near(plain[1], 100) && near(plain[2], 50), "{plain:?}");
    // The same numbers in Display P3 are a stronger colour in sRGB.
    assert!(wide[0] > 208 && wide[1] < 98 && wide[2] < 40, "{wide:?}");
}

#[test]
fn with_images_switched_off_files_are_published_as_they_are() {
    let site = Site::new();
    site.write("site.toml", format!("{SETTINGS}[images]\nenabled = false\n"));
    let photo = jpeg(&fields(1300, 800), None);
    site.write("content/articles/photo.jpg", &photo);
    site.article("fields", LEAD, "![Again](photo.jpg)");
    assert_eq!(site.build(), 0);
    assert_eq!(fs::read(site.at("/2026/03/fields/photo.jpg")).expect("the file"), photo);
    let html = site.html("2026/03/fields/index.html");
    assert!(!html.contains("<picture>") && html.contains("<img src=\"/2026/03/fields/photo.jpg\""), "{html}");
    assert!(html.contains("<meta property=\"og:image\" content=\"https://images.example/2026/03/fields/photo.jpg\">"));
}

#[test]
fn the_front_page_shows_the_image_of_the_lead_story() {
    let site = Site::new();
    site.write("content/articles/photo.jpg", jpeg(&fields(1000, 800), None));
    site.article("fields", LEAD, "Text.");
    site.build();
    let html = site.html("index.html");
    let widths = candidates(attribute(&html, "<figure class=\"lead-image\">", "srcset"));
    assert_eq!(widths.len(), 3);
    assert!(widths.iter().all(|(address, _)| site.at(address).is_file()));
    assert_eq!(attribute(&html, "<figure class=\"lead-image\">", "alt"), "Four fields");
    assert_eq!(attribute(&html, "<figure class=\"lead-image\">", "fetchpriority"), "high");
}

/// A PNG of parts, with their checksums.
fn png(parts: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, body) in parts {
        out.extend(u32::try_from(body.len()).expect("short").to_be_bytes());
        let start = out.len();
        out.extend(*kind);
        out.extend(body);
        let mut crc = flate2::Crc::new();
        crc.update(&out[start..]);
        out.extend(crc.sum().to_be_bytes());
    }
    out
}

#[test]
fn hostile_images_are_refused_at_once_where_they_are_referred_to() {
    let head = |width: u32, height: u32| [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let whole = jpeg(&fields(900, 600), None);
    let noise: Vec<u8> = (0..4000_u32).map(|i| u8::try_from(i * i % 251).expect("small")).collect();
    let bomb = png(&[(b"IHDR", head(60_000, 60_000)), (b"IDAT", noise.clone()), (b"IEND", Vec::new())]);
    let damaged = png(&[(b"IHDR", head(400, 300)), (b"IDAT", noise), (b"IEND", Vec::new())]);
    // What is wrong is said in one line each, with the place.
    let cases: [(&str, Vec<u8>, &str, &str); 8] = [
        ("bomb.png", bomb, "E0112", "has more than 64 million pixels"),
        (
            "long.png",
            png(&[(b"IHDR", head(20_000, 2)), (b"IEND", Vec::new())]),
            "E0112",
            "is more than 16383 pixels wide or high",
        ),
        ("half.jpg", whole[..whole.len() / 2].to_vec(), "E0819", "breaks off before its end"),
        ("damaged.png", damaged, "E0819", "cannot be read: its data is damaged"),
        ("empty.webp", Vec::new(), "E0819", "is empty"),
        ("page.gif", b"<!doctype html><script>1</script>".to_vec(), "E0819", "is no JPEG, PNG, WebP or GIF"),
        ("named.png", whole.clone(), "E0820", "is a JPEG, not a PNG"),
        ("other.avif", whole, "E0820", "is a JPEG, not what its name says"),
    ];
    for (name, bytes, code, words) in cases {
        let site = Site::new();
        site.write(&format!("content/articles/{name}"), bytes);
        let front = format!("image: {{src: {name}, alt: Hostile, credit: Ann}}\n");
        for (front, body, place) in
            [(front.as_str(), "Text.", "x.md:5:14"), ("", &*format!("Text.\n\n![Hostile]({name})"), "x.md:8:")]
        {
            site.article("x", front, body);
            for command in ["check", "build"] {
                let start = Instant::now();
                let said = site.run(&[command]);
                assert!(start.elapsed() < Duration::from_secs(10), "{name}: {command} takes {:?}", start.elapsed());
                assert_eq!(said.code, Some(1), "{name}: {}", said.text);
                assert_eq!(said.text.matches("error[").count(), 1, "{name}: {}", said.text);
                assert!(
                    said.text.contains(&format!("error[{code}]: content/articles/{name} {words}")),
                    "{}",
                    said.text
                );
                assert!(said.text.contains(&format!("content/articles/{place}")), "{name}: {}", said.text);
            }
            assert!(!site.public().exists(), "{name}: nothing is published");
        }
    }
}

#[test]
fn no_file_makes_the_readers_of_images_panic() {
    let seeds = [
        ("a.jpg", telling(&fields(40, 30), 6)),
        ("a.png", written(fields(40, 30), ImageFormat::Png)),
        ("a.webp", written(fields(40, 30), ImageFormat::WebP)),
        ("a.gif", written(fields(40, 30), ImageFormat::Gif)),
    ];
    let mut state = 0x9e37_79b9_u32;
    let mut below = |n: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % n
    };
    let mut read = 0;
    for (name, bytes) in &seeds {
        let file = dealwire::diagnostic::FileId::new(name);
        assert!(dealwire::render::decode(&file, bytes).is_ok(), "{name}");
        for _ in 0..1500 {
            let mut bytes = bytes.clone();
            for _ in 0..=below(6) {
                let (at, value) = (below(bytes.len()), u8::try_from(below(256)).expect("a byte"));
                bytes[at] = value;
            }
            if below(4) == 0 {
                bytes.truncate(below(bytes.len()));
            }
            read += usize::from(dealwire::render::decode(&file, &bytes).is_ok());
        }
    }
    assert!(read > 500, "some can be read all the same: {read}");
}
