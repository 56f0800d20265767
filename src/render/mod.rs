//! A view -> bytes. Pure: everything it prints follows from the view, the templates and the files behind the edition.

mod assets;
mod cards;
mod charts;
mod drawing;
mod emphasis;
mod entries;
mod feeds;
mod fragments;
mod given;
mod guide;
mod here;
mod images;
mod jsonfeed;
mod languages;
mod lead;
mod mail;
mod markdown;
mod named;
mod names;
mod needs;
mod piece;
mod prose;
mod search;
mod sentences;
mod structured;
mod sums;
pub mod tables;
mod templates;
mod theme;
mod twin;

pub use assets::{Asset, Assets, PREFIX};
pub use cards::{Cards, Font};
pub use images::{decode, look};
pub use mail::Mail;
pub use names::Names;
pub use piece::{Facet, Piece};

use crate::catalogue::Noun;
use crate::diagnostic::{Diagnostic, FileId, Severity};
use crate::locale::Locale;
use crate::model::{Change, Format, Output, Raster, Texts};
use crate::pages::{Atlas, Body, Channel, Document, Named, Page, Printed, Sheet, Subject, Syntax, Values, View};
use crate::site::Site;
use given::{context, value};
use here::{Here, Source, page_of_text};
use lead::Shared;
use markdown::{Setting, Text};
use std::collections::BTreeMap;
use std::sync::Arc;
use tera::{Context, Tera, Value};

/// Whatever printing needs and does not change from page to page.
#[derive(Clone)]
pub struct Press {
    tera: Tera,
    /// What each template needs.
    used: needs::Used,
    /// Files of `static/`.
    pub assets: Assets,
    names: Arc<Names>,
    /// The words of the interface.
    pub words: Arc<Locale>,
    /// The presses of the further languages, in the order of site.toml.
    pub others: Vec<Self>,
    /// What is wrong with the files of strings, and stops nothing.
    pub told: Vec<Diagnostic>,
    origin: String,
    image: Option<Shared>,
    logo: Option<Shared>,
    /// What draws social cards.
    pub cards: Arc<Cards>,
    /// What became of the fonts that site.toml names.
    pub fonts: Vec<(FileId, Font)>,
    /// Whether the site has a picture of its own for the pages that have none.
    pub has_picture: bool,
    /// The template of newsletters, in which their mistakes are shown.
    mjml: Arc<str>,
}

/// A document before it is printed.
struct Ingredients<'a> {
    /// What its template gets.
    values: tera::Map,
    text: Text,
    /// The image of an article, or why there is none.
    lead: Option<Result<lead::Lead<'a>, Diagnostic>>,
}

impl Press {
    /// From the settings and the files of `templates/` and `static/`.
    ///
    /// # Errors
    /// What is wrong with templates and static files.
    pub fn new(site: &Site, own: &[Change]) -> Result<Self, Vec<Diagnostic>> {
        let assets = Assets::new(own, &site.theme)?;
        let asked = templates::asked(own);
        let keys: Vec<String> = asked.iter().map(|a| a.0.clone()).collect();
        let (words, told) = Locale::new(&site.language, own, &keys);
        let words = Arc::new(words);
        let (wrong, told): (Vec<_>, Vec<_>) = told.into_iter().partition(|d| d.severity() == Severity::Error);
        let (tera, used) = match templates::build(own, &words, &asked) {
            Ok(_) if !wrong.is_empty() => return Err(wrong),
            Ok(built) => built,
            Err(found) => return Err(wrong.into_iter().chain(found).collect()),
        };
        let origin = structured::origin(site).to_owned();
        let shared = |file: &str, alt: &str| {
            let asset = assets.get(file)?;
            let (width, height) = asset.size?;
            Some(Shared {
                url: format!("{}{}", site.root_url(), asset.route.url()),
                width,
                height,
                alt: alt.to_owned(),
                credit: None,
            })
        };
        let alt = if site.image.is_set { &site.image.alt } else { words.text("site-card") };
        let image = shared(&site.image.file, alt);
        let logo = shared("logo.png", &site.publisher);
        let (cards, fonts) = Cards::of(site, own);
        // The theme's picture is of no site.
        let is_theirs = assets.get(&site.image.file).is_some_and(|a| !theme::is_ours(&site.image.file, &a.bytes));
        let has_picture = image.is_some() && (site.image.is_set || is_theirs);
        let names = Arc::new(Names::none());
        let others = Vec::new();
        let mjml = templates::source(own, "newsletter.mjml").into();
        let main = Self {
            tera,
            used,
            assets,
            names,
            words,
            others,
            told,
            origin,
            image,
            logo,
            cards,
            fonts,
            has_picture,
            mjml,
        };
        main.with_languages(site, own, &asked)
    }

    /// Takes the names that the catalogue knows, and the values that every template gets.
    ///
    /// # Errors
    /// Where a value of site.toml cannot be handed to templates.
    pub fn meet(&mut self, atlas: &Atlas<'_>, renamed: bool) -> Result<(), Diagnostic> {
        if renamed {
            self.names = Arc::new(Names::of(atlas.catalogue));
        }
        let site = atlas.site;
        let topics: Vec<_> = site.topics.iter().filter_map(|id| atlas.link(Noun::Tag, id)).collect();
        let nav: Vec<_> =
            site.nav.iter().map(|n| serde_json::json!({"title": n.title, "url": based(site, &n.url)})).collect();
        let manifest = [site.root_path(), Named::WebManifest.path()].concat();
        let shown = serde_json::json!({
            "title": site.title, "description": site.description, "base_url": site.base_url, "language": site.language,
            "publisher": site.publisher, "drafts": atlas.catalogue.audience().drafts, "nav": nav, "topics": topics, "extra": site.extra,
            "home": atlas.path(&Page::Home), "feed": atlas.path(&Page::Feed(Channel::Site, Syntax::Atom)),
            "json_feed": atlas.path(&Page::Feed(Channel::Site, Syntax::Json)), "manifest": manifest,
            "stylesheet": self.assets.get("site.css").map(|a| format!("{}{}", site.base_path, a.route.url())),
            "colours": { "light": site.theme.colour("paper").0.to_string(), "dark": site.theme.colour("paper").1.to_string() },
            "faces": site.theme.faces.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            "corrections": site.outputs.corrections.then(|| atlas.path(&Page::Corrections(Sheet::HEAD))),
            "newsletter": atlas.has_newsletters().then(|| atlas.path(&Page::Newsletters(Sheet::HEAD))),
            "search": site.outputs.search.then(|| atlas.path(&Page::Search)),
        });
        let paths: BTreeMap<&str, String> =
            self.assets.iter().map(|(n, a)| (n, format!("{}{}", site.root_path(), a.route.url()))).collect();
        let values = [("site", value(&shown)?), ("assets", value(&paths)?)];
        for (name, v) in values {
            self.tera.global_context().insert_value(name, v);
        }
        Ok(())
    }

    /// Takes the names from a press that knows them.
    pub fn share_names(&mut self, other: &Self) {
        self.names = Arc::clone(&other.names);
    }

    /// Whether a template uses a value; yes where it cannot be told.
    #[must_use]
    pub fn wants(&self, template: &str, value: &str) -> bool {
        self.used.get(template).is_none_or(|needs| needs.values.contains(value))
    }

    /// Prints what a page shows.
    ///
    /// # Errors
    /// A template's mistake, or a file that cannot be read.
    pub fn print(&self, view: View<'_>, atlas: &Atlas<'_>, texts: &dyn Texts) -> Result<Output, Diagnostic> {
        let plain =
            |r: std::io::Result<Vec<u8>>| r.map(Output::plain).map_err(|e| Diagnostic::bare("E1204", e.to_string()));
        match view {
            View::Document(d) => self.document(*d, atlas, texts, true),
            View::Redirect { address, path } => {
                let mut c = Context::new();
                c.insert_value("to", Value::from(address.as_str()));
                c.insert_value("path", Value::from(path.as_str()));
                self.render("redirect.html", &c).map(Output::plain)
            }
            View::Feed(feed) => self.feed(&feed, atlas, texts),
            View::Card(plate) => Ok(Output::plain(self.cards.draw(&plate))),
            View::Table(table) => plain(tables::print(atlas, &table)),
            View::Sitemap(entries) => plain(feeds::sitemap(&entries)),
            View::SitemapIndex(parts) => plain(feeds::sitemap_index(&parts)),
            View::Search(finds, part) => Self::search_file(&finds, part, texts).map(Output::plain),
            View::Named(file) => plain(named::print(atlas, &file, &self.assets)),
            View::Twin(twin) => {
                let text = match &twin.body {
                    Some(body) => self.plain_text(body, atlas, texts)?,
                    None => String::new(),
                };
                Ok(Output::plain(twin::print(&twin, &text).into_bytes()))
            }
            View::File(file) => {
                let bytes = texts.bytes(&file)?;
                let is_drawing = file.path().to_ascii_lowercase().ends_with(".svg");
                match is_drawing.then(|| drawing::active(&bytes)).flatten().filter(|_| !atlas.site.allow_html) {
                    Some(what) => Err(Diagnostic::of(
                        "E0813",
                        &file,
                        format!("the drawing could run code or load something: it has {what}"),
                    )
                    .help("save it as plain SVG; what has to have code belongs in static/")),
                    None if Format::named(file.path()) == Some(Format::Gif) && atlas.site.images.enabled => {
                        Ok(Output::plain(images::bare_gif(&bytes)))
                    }
                    None => Ok(Output::plain(bytes.to_vec())),
                }
            }
            View::Rendition(of) => {
                let (rendition, file, image, common) = &*of;
                let drawn = matches!(image.format, Format::Png | Format::Gif);
                let quality = atlas.site.images.quality;
                let write = |r: &Raster| images::make(r, rendition.cut, rendition.format, quality, drawn);
                let made = texts.made((file, image), &rendition.to_string(), decode, &write);
                made.map(Output::plain).map_err(|unfit| lead::fault(unfit, file, common, texts))
            }
        }
    }

    /// What a document's template gets, less `page`; with what of it the head needs as well.
    fn shown<'a>(
        &self,
        d: &mut Document<'a>,
        atlas: &Atlas<'_>,
        texts: &dyn Texts,
    ) -> Result<Ingredients<'a>, Diagnostic> {
        let text = match &d.body {
            Some(body) => self.text(body, atlas, texts, "")?,
            None => Text::default(),
        };
        let mut lead = None;
        let content = Value::safe_string(&text.html);
        let values = if let (Values::Article(page), Subject::Article { article, .. }) = (&mut d.values, &d.head.subject)
        {
            lead = self.lead(article, atlas, texts);
            let shown = lead.as_ref().and_then(|l| l.as_ref().ok());
            let line = &mut page.article;
            line.image = shown.map(|l| value(&l.line).map(Printed::of)).transpose()?.unwrap_or_default();
            line.content = Printed::of(content);
            if atlas.ready.wants(d.template, "toc") {
                line.toc = Printed::of(value(&text.toc)?);
            }
            line.words = Printed::of(text.words);
            value(&d.values)?.into_map().unwrap_or_default()
        } else {
            let mut values = value(&d.values)?.into_map().unwrap_or_default();
            values.insert("content".into(), content);
            values.insert("toc".into(), value(&text.toc)?);
            values
        };
        let mut values = values;
        charts::add(&d.values, atlas.words, &mut values);
        if let Values::Home(home) = &d.values
            && self.wants(d.template, "lead_image")
        {
            // What is wrong with it is said with the article.
            let shown = home.lead_article.and_then(|a| self.lead(a, atlas, texts)?.ok());
            values.insert("lead_image".into(), shown.map_or_else(|| Ok(Value::none()), |l| value(&l.line))?);
        }
        Ok(Ingredients { values, text, lead })
    }

    fn document(
        &self,
        mut d: Document<'_>,
        atlas: &Atlas<'_>,
        texts: &dyn Texts,
        check: bool,
    ) -> Result<Output, Diagnostic> {
        let Ingredients { values, text, lead } = self.shown(&mut d, atlas, texts)?;
        let poster = d.head.poster.as_ref().map(|p| Shared {
            url: p.url.clone(),
            width: 1200,
            height: 630,
            alt: p.plate.alt(atlas.words),
            credit: None,
        });
        let own = lead.as_ref().and_then(|l| l.as_ref().ok()?.shared.clone());
        let image = own.or(poster).or_else(|| self.image.clone());
        if self.wants(d.template, "jsonld") {
            let cropped =
                lead.as_ref().and_then(|l| Some(l.as_ref().ok()?.cropped.as_slice())).filter(|c| !c.is_empty());
            let images = cropped.unwrap_or(image.as_slice());
            let jsonld = structured::print(atlas.site, atlas.words, &d, images, self.logo.as_ref());
            d.head.jsonld = Printed::of(Value::safe_string(&jsonld));
        }
        d.head.image = Printed::of(image);
        let needs = self.used.get(d.template);
        let bytes = self
            .render(d.template, &context(&d, &values, needs)?)
            // Who mistypes a name is told of all there are.
            .or_else(|_| self.render(d.template, &context(&d, &values, None)?))?;
        let mut findings = text.findings;
        findings.extend(lead.and_then(Result::err));
        if check {
            findings.extend(cards::told(&self.cards, &d.head, texts));
            findings.extend(self.astray(&d, &bytes, &text.fragments, atlas, texts));
            if let Some((article, body)) = d.body.and_then(|b| Some((b.article?, b))) {
                findings.extend(prose::check(atlas, &self.names, article, body.common, &text.paragraphs, texts));
            }
        }
        Ok(Output { bytes, findings })
    }

    fn render(&self, template: &str, c: &Context) -> Result<Vec<u8>, Diagnostic> {
        let mut out = Vec::with_capacity(16 * 1024);
        self.tera.render_to(template, c, &mut out).map_err(|e| {
            let names: Vec<String> = self.tera.get_template_names().map(str::to_owned).collect();
            templates::finding(&e, &names)
        })?;
        Ok(out)
    }

    fn text(&self, body: &Body<'_>, atlas: &Atlas<'_>, texts: &dyn Texts, origin: &str) -> Result<Text, Diagnostic> {
        let common = body.common;
        let bytes = texts.bytes(&common.file)?;
        let source = Source::of(bytes.get(common.body..).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or(""));
        atlas.ready.overhear(body.noun, common, &|sought| {
            let named = self.names.at(source.spots(&self.names), 0, source.text, sought);
            named.into_iter().map(|m| (m.noun, m.id)).collect()
        });
        let page = page_of_text(atlas, body.noun, common);
        let base = (!origin.is_empty()).then(|| atlas.address(&page));
        let language = common.language.as_deref().unwrap_or(&atlas.site.language);
        let sold = body.article.is_some_and(|a| a.sponsor.is_some());
        let setting = Setting {
            file: &common.file,
            offset: common.body,
            allow_html: atlas.site.allow_html,
            smart: language.starts_with("en"),
            foreign: !markdown::has_chinese_letters(language),
            counts: body.article.is_some() && atlas.ready.wants("article.html", "words"),
            rel: if sold { "external sponsored noopener" } else { "external noopener" },
            sizes: origin.is_empty().then_some(atlas.site.images.sizes.as_str()),
            base: base.as_deref(),
            words: atlas.words,
        };
        let linked = body.article.is_some_and(|a| a.autolink).then_some(&source);
        let here = Here { press: self, atlas, texts, common, noun: body.noun, page, linked, origin };
        Ok(markdown::print(source.text, &setting, &here))
    }
}

/// A path of site.toml with the path of the base address before it.
fn based(site: &Site, url: &str) -> String {
    if url.starts_with('/') && !url.starts_with("//") { format!("{}{url}", site.base_path) } else { url.to_owned() }
}
