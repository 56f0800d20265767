//! The image of an article: what its page and the front page show, what stands for it elsewhere, and what is wrong with it.

use super::Press;
use super::here::Here;
use super::markdown::World;
use crate::catalogue::Noun;
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::model::{Article, Common, Original, Texts, Unfit};
use crate::pages::{Atlas, Page, Rendition};
use serde::Serialize;

/// From this size on, an image stands for its page where that is shared.
const SHARED: (u32, u32) = (1200, 600);

/// An image that stands for a page elsewhere.
#[derive(Clone, Debug, Serialize)]
pub struct Shared {
    /// Absolute.
    pub url: String,
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
    /// For those who do not see it.
    pub alt: String,
    /// Who made it, where that is not the site.
    #[serde(skip)]
    pub credit: Option<String>,
}

/// An image as templates get it.
#[derive(Clone, Debug, Serialize)]
pub struct Line<'a> {
    url: String,
    /// WebP in several widths; empty where there is no such thing.
    srcset: String,
    width: usize,
    height: usize,
    alt: &'a str,
    credit: Option<&'a str>,
}

/// The image of an article.
#[derive(Clone, Debug)]
pub struct Lead<'a> {
    /// On pages.
    pub line: Line<'a>,
    /// Where the page is shared; none where a card does it better.
    pub shared: Option<Shared>,
    /// For search engines, in the shapes that they ask for.
    pub cropped: Vec<Shared>,
}

impl Press {
    /// The image of an article; none where it has none, and a finding for what cannot be shown.
    pub fn lead<'a>(
        &self,
        a: &'a Article,
        atlas: &Atlas<'_>,
        texts: &dyn Texts,
    ) -> Option<Result<Lead<'a>, Diagnostic>> {
        let image = a.image.as_ref()?;
        let page = Page::Article(a.common.id.clone());
        let here =
            Here { press: self, atlas, texts, common: &a.common, noun: Noun::Article, page, linked: None, origin: "" };
        let picture = match here.image(&image.src) {
            Ok(picture) => picture,
            Err((code, message, help)) => {
                let mut d = Diagnostic::of(code, &a.common.file, message).help(help);
                d.span = place(&image.src, &a.common, texts);
                return Some(Err(d));
            }
        };
        let (width, height) = picture.size.unwrap_or((0, 0));
        let shared = |url: &str, width: usize, height: usize| Shared {
            url: format!("{}{url}", self.origin),
            width,
            height,
            alt: image.alt.clone(),
            credit: image.credit.clone(),
        };
        let large = width >= SHARED.0 as usize && height >= SHARED.1 as usize;
        let is_drawing = image.src.to_ascii_lowercase().ends_with(".svg");
        let file = crate::entry::relative_file(&image.src).map(|name| a.common.file.beside(&name));
        let set = file.and_then(|f| atlas.image_set(&f, Some(image.focus)));
        let (mut cropped, mut better) = (Vec::new(), None);
        if let Some(set) = set {
            let crop = |(r, (w, h)): &(Rendition, (u32, u32))| {
                shared(&atlas.path(&Page::Rendition(r.clone())), *w as usize, *h as usize)
            };
            cropped = set.searched().map(crop).collect();
            if large {
                let card = set.shared().map(crop);
                let (w, h) = set.fallback_size();
                better = card.or_else(|| Some(shared(&picture.url, w as usize, h as usize)));
            }
        } else if large && !is_drawing && picture.url.starts_with('/') {
            better = Some(shared(&picture.url, width, height));
        }
        let line = Line {
            url: picture.url,
            srcset: picture.srcset,
            width,
            height,
            alt: &image.alt,
            credit: image.credit.as_deref(),
        };
        Some(Ok(Lead { line, shared: better, cropped }))
    }
}

impl Press {
    /// What is wrong with the pixels of an image.
    #[must_use]
    pub fn proof(of: &(Rendition, FileId, Original, &Common), texts: &dyn Texts) -> Option<Diagnostic> {
        let (_, file, image, by) = of;
        let wrong = texts.sound(file, image, super::decode).err()?;
        Some(fault(wrong, file, by, texts))
    }
}

/// What is wrong with an image, where the text or the front matter of an entry refers to it.
pub fn fault(unfit: Unfit, image: &FileId, by: &Common, texts: &dyn Texts) -> Diagnostic {
    let mut d = Diagnostic::of(unfit.code, &by.file, unfit.message).help(unfit.help);
    let folder = by.file.folder();
    let name = image.path().strip_prefix(folder).map_or(image.path(), |n| n.trim_start_matches('/'));
    d.span = place(name, by, texts);
    d
}

/// Where a file is referred to, as it is or percent-encoded.
fn place(name: &str, by: &Common, texts: &dyn Texts) -> Option<Span> {
    let bytes = texts.bytes(&by.file).ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    let encoded = crate::model::Route::parse(&format!("/{name}")).map(|r| r.url()[1..].to_owned());
    let spellings = std::iter::once(name.to_owned()).chain(encoded);
    spellings.into_iter().find_map(|s| text.find(&s).map(|at| Span::new(at, at + s.len())))
}
