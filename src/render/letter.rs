//! A newsletter as an e-mail: MJML that a template writes becomes HTML, which every mail program shows; and its twin in
//! plain text.

use super::{Press, value};
use crate::diagnostic::{Diagnostic, FileId, nearest};
use crate::pages::{Atlas, Letter};
use mrml::prelude::render::RenderOptions;
use std::collections::HashMap;
use tera::{Context, Value, value::Key};

/// What the e-mail's markup is written by.
const MARKUP: &str = "newsletter.mjml.html";
/// What its twin is written by.
const TWIN: &str = "newsletter.txt";
/// Elements of MJML in a body.
const ELEMENTS: [&str; 24] = [
    "mj-accordion",
    "mj-accordion-element",
    "mj-accordion-text",
    "mj-accordion-title",
    "mj-attributes",
    "mj-body",
    "mj-button",
    "mj-carousel",
    "mj-carousel-image",
    "mj-column",
    "mj-divider",
    "mj-group",
    "mj-hero",
    "mj-image",
    "mj-navbar",
    "mj-navbar-link",
    "mj-raw",
    "mj-section",
    "mj-social",
    "mj-social-element",
    "mj-spacer",
    "mj-table",
    "mj-text",
    "mj-wrapper",
];

/// The most bytes of the HTML: mail programs cut off what is longer than some 100 kB, and sending adds to it.
const LARGEST: usize = 88_000;

/// An e-mail without its envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The subject.
    pub subject: String,
    /// The message.
    pub html: String,
    /// The same in plain text.
    pub text: String,
    /// How many lines it holds; the others are counted in it.
    pub lines: usize,
}

impl Press {
    /// A letter as an e-mail, with as many lines as find room.
    ///
    /// # Errors
    /// E1101 for a template's mistake; E1402 where what it writes is no MJML, or is too large without any line.
    pub fn mail(&self, letter: &Letter<'_>, atlas: &Atlas<'_>) -> Result<Mail, Diagnostic> {
        let mut most = letter.lines();
        loop {
            let short = letter.shortened(most);
            let context = context(&short, atlas)?;
            let html = self.markup(&context)?;
            if html.len() <= LARGEST {
                let text = String::from_utf8_lossy(&self.render(TWIN, &context)?).into_owned();
                return Ok(Mail { subject: short.subject.clone(), html, text, lines: short.lines() });
            }
            if most <= 1 {
                let message = format!("the e-mail would have {} kB with a single line in it", html.len() / 1000);
                let help = "mail programs cut off what is longer than 100 kB: shorten `intro`, or the template";
                return Err(wrong(message).help(help));
            }
            most = (most * LARGEST / html.len()).clamp(1, most - 1);
        }
    }

    fn markup(&self, context: &Context) -> Result<String, Diagnostic> {
        let mjml = String::from_utf8_lossy(&self.render(MARKUP, context)?).into_owned();
        let parsed = mrml::parse(&mjml).map_err(|e| wrong(e.to_string()).help(quoted(&mjml, &e.to_string())))?;
        if let Some(w) = parsed.warnings.first() {
            let message = format!("{} at {}", w.kind, w.span);
            return Err(wrong(message).help(quoted(&mjml, &w.span.to_string())));
        }
        // Without faces from elsewhere: opening a letter tells nobody.
        let options = RenderOptions { fonts: HashMap::new(), ..RenderOptions::default() };
        let html = parsed.element.render(&options).map_err(|e| wrong(e.to_string()))?;
        // What the library does not know it hands on as it stands, and mail programs show it somehow.
        match html.split("<mj-").nth(1) {
            Some(rest) => {
                let name = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap_or_default();
                let name = format!("mj-{name}");
                Err(wrong(format!("there is no element `{name}`")).help(nearest(&name, ELEMENTS)))
            }
            None => Ok(html),
        }
    }
}

fn context(letter: &Letter<'_>, atlas: &Atlas<'_>) -> Result<Context, Diagnostic> {
    let mut c = Context::new();
    for (key, v) in value(letter)?.into_map().unwrap_or_default() {
        match key {
            Key::Str(name) => c.insert_value(name, v),
            other => c.insert_value(other.to_string(), v),
        }
    }
    let theme = &atlas.site.theme;
    let colours = ["paper", "tint", "ink", "soft", "line", "accent"].map(|name| {
        let (light, dark) = theme.colour(name);
        (name, [light.to_string(), dark.to_string()])
    });
    let pick = |i: usize| colours.iter().map(|(name, c)| (*name, c[i].as_str())).collect::<HashMap<_, _>>();
    c.insert_value("light", value(&pick(0))?);
    c.insert_value("dark", value(&pick(1))?);
    c.insert_value("lines", Value::from(letter.lines() as u64));
    Ok(c)
}

fn wrong(message: String) -> Diagnostic {
    Diagnostic::of("E1402", &FileId::new(&format!("templates/{MARKUP}")), message)
}

/// The place in what a template wrote of which a message speaks: `… 120:140`.
fn quoted(mjml: &str, message: &str) -> String {
    let place = message.split_whitespace().rev().find_map(|word| {
        let (from, to) = word.split_once(':')?;
        Some(from.parse::<usize>().ok()?..to.parse::<usize>().ok()?)
    });
    let there = place.and_then(|p| mjml.get(p)).map(|t| t.chars().take(60).collect::<String>());
    there.map_or_else(String::new, |t| format!("it is about `{t}` in what the template writes"))
}
