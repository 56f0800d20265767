//! A newsletter as a mail: its templates' MJML -> HTML with tables and inlined styles, its text, and both as a message
//! that a mail program opens. The home of `mrml` and `mail_builder`. The same newsletter makes the same bytes.

use super::{Press, structured, value};
use crate::diagnostic::{Diagnostic, FileId, Span, nearest};
use crate::model::Issue;
use crate::pages::{Atlas, Most, Page};
use crate::site::{COLOURS, Colour, Mailbox, Site};
use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::url::URL;
use mail_builder::mime::MimePart;
use mrml::prelude::parser::{Error, Origin, ParserOptions};
use mrml::prelude::render::RenderOptions;
use serde_json::{Value, json};
use std::collections::HashMap;
use tera::Context;

/// The most bytes of HTML: beyond 102 kB a large host of mail cuts it off.
const MOST_BYTES: usize = 90_000;

/// The template whose mistakes have places of their own.
const TEMPLATE: &str = "newsletter.mjml";

/// The elements that MJML has, less the one that loads other files.
const ELEMENTS: [&str; 33] = [
    "mjml",
    "mj-accordion",
    "mj-accordion-element",
    "mj-accordion-text",
    "mj-accordion-title",
    "mj-all",
    "mj-attributes",
    "mj-body",
    "mj-breakpoint",
    "mj-button",
    "mj-carousel",
    "mj-carousel-image",
    "mj-class",
    "mj-column",
    "mj-divider",
    "mj-font",
    "mj-group",
    "mj-head",
    "mj-hero",
    "mj-image",
    "mj-navbar",
    "mj-navbar-link",
    "mj-preview",
    "mj-raw",
    "mj-section",
    "mj-social",
    "mj-social-element",
    "mj-spacer",
    "mj-style",
    "mj-table",
    "mj-text",
    "mj-title",
    "mj-wrapper",
];

/// A newsletter, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Its subject: the counted headline.
    pub subject: String,
    /// As a page for mail programs, below 90,000 bytes.
    pub html: String,
    /// The same as text.
    pub text: String,
    /// Both as a message (RFC 5322).
    pub message: Vec<u8>,
}

/// Puts the origin before every path that stands in a `url`: a mail stands nowhere.
fn absolute(origin: &str, values: &mut Value) {
    match values {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(path) if key == "url" && path.starts_with('/') => path.insert_str(0, origin),
                    other => absolute(origin, other),
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|v| absolute(origin, v)),
        _ => {}
    }
}

/// Colours by their names, in the light and in the dark, and families of fonts as a `style` attribute can hold them.
fn looks(site: &Site) -> (Value, Value) {
    let of = |pick: fn((Colour, Colour)) -> Colour| -> Value {
        let named = COLOURS.iter().map(|(n, ..)| ((*n).to_owned(), pick(site.theme.colour(n)).to_string().into()));
        Value::Object(named.collect())
    };
    let face = |name: &str, else_: &str| {
        let own = site.theme.faces.iter().find(|(n, _)| *n == name).map(|(_, families)| families.replace('"', "'"));
        own.unwrap_or_else(|| else_.to_owned())
    };
    let serif = "Georgia, 'Times New Roman', serif";
    let colours = json!({ "light": of(|c| c.0), "dark": of(|c| c.1) });
    let fonts = json!({
        "display": face("display", serif), "text": face("text", serif), "plain": face("plain", "Helvetica, Arial, sans-serif"),
    });
    (colours, fonts)
}

impl Press {
    /// A newsletter as a mail. Where its HTML would be too long, it shows fewer items and says how many more there are.
    ///
    /// # Errors
    /// E1101 and E1105: mistakes of its templates; E1105 too where the HTML is too long without a single item.
    pub fn mail(&self, atlas: &Atlas<'_>, issue: &Issue, from: &Mailbox) -> Result<Mail, Diagnostic> {
        let mut most = Most::MAIL;
        loop {
            let (subject, context) = told(atlas, issue, most)?;
            let html = self.html(&context)?;
            if html.len() <= MOST_BYTES {
                let text = self.written("newsletter.txt", &context)?;
                let message = message(atlas.site, issue, from, &subject, (&html, &text))?;
                return Ok(Mail { subject, html, text, message });
            }
            most = most.fewer().ok_or_else(|| {
                let message = format!("the mail has {} bytes without a single item", html.len());
                Diagnostic::of("E1105", &FileId::new(&format!("templates/{TEMPLATE}")), message)
                    .help(format!("mail programs cut off what is longer than about 102,000; the most is {MOST_BYTES}"))
            })?;
        }
    }

    fn written(&self, template: &str, context: &Context) -> Result<String, Diagnostic> {
        let bytes = self.render(template, context)?;
        String::from_utf8(bytes).map_err(|e| Diagnostic::bare("E1101", e.to_string()))
    }

    fn html(&self, context: &Context) -> Result<String, Diagnostic> {
        let mjml = self.written(TEMPLATE, context)?;
        let wrong = |span: Option<Span>, message: String, help: String| {
            let file = FileId::new(&format!("templates/{TEMPLATE}"));
            let mut d = Diagnostic::of("E1105", &file, message).help(help);
            d.span = span.and_then(|s| place(&mjml, s, &self.mjml));
            d
        };
        if let Some((span, name)) = unknown(&mjml) {
            let help = nearest(name, ELEMENTS);
            let message = format!("MJML has no element `{name}`");
            return Err(wrong(Some(span), message, help));
        }
        // Nothing is loaded: `mj-include` is refused.
        let parsed = mrml::parse_with_options(&mjml, &ParserOptions::default()).map_err(|e| {
            let (message, span) = said(&e);
            wrong(span, message, "the elements that MJML has are described at mjml.io".to_owned())
        })?;
        if let Some(w) = parsed.warnings.first() {
            let span = Span::new(w.span.start, w.span.end);
            let name = mjml.get(w.span.start..w.span.end).unwrap_or_default();
            return Err(wrong(
                Some(span),
                format!("{}: `{name}`", w.kind),
                "take it away, or spell it otherwise".to_owned(),
            ));
        }
        // No fonts from elsewhere: a mail that is read tells nobody.
        let options = RenderOptions { disable_comments: true, social_icon_origin: None, fonts: HashMap::new() };
        parsed.element.render(&options).map_err(|e| wrong(None, e.to_string(), String::new()))
    }
}

/// The subject, and what the templates get.
fn told(atlas: &Atlas<'_>, issue: &Issue, most: Most) -> Result<(String, Context), Diagnostic> {
    let site = atlas.site;
    let letter = atlas.letter(issue, most);
    let wrong = |e: serde_json::Error| Diagnostic::bare("E1101", e.to_string());
    let mut values = serde_json::to_value(&letter).map_err(wrong)?;
    absolute(structured::origin(site), &mut values);
    let (colours, fonts) = looks(site);
    let newsletter = &site.newsletter;
    values["home"] = atlas.address(&Page::Home).into();
    values["unsubscribe"] = newsletter.unsubscribe.as_deref().into();
    (values["colours"], values["fonts"]) = (colours, fonts);
    let mut context = Context::new();
    for (name, v) in values.as_object().into_iter().flatten() {
        context.insert_value(name.clone(), value(v)?);
    }
    // No-break spaces are for what is printed in lines.
    Ok((letter.title().replace('\u{a0}', " "), context))
}

/// The first element of MJML's that it does not have, with its place.
fn unknown(mjml: &str) -> Option<(Span, &str)> {
    mjml.match_indices("<mj").find_map(|(at, _)| {
        let rest = &mjml[at + 1..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
        let name = &rest[..end];
        (!ELEMENTS.contains(&name)).then(|| (Span::new(at + 1, at + 1 + end), name))
    })
}

/// What the library says, less its way of telling places.
fn said(error: &Error) -> (String, Option<Span>) {
    let span = match error {
        Error::UnexpectedElement { origin: Origin::Root, position }
        | Error::UnexpectedToken { origin: Origin::Root, position }
        | Error::MissingAttribute { origin: Origin::Root, position, .. }
        | Error::InvalidAttribute { origin: Origin::Root, position }
        | Error::InvalidFormat { origin: Origin::Root, position }
        | Error::IncludeLoaderError { origin: Origin::Root, position, .. } => {
            Some(Span::new(position.start, position.end))
        }
        _ => None,
    };
    let text = match error {
        Error::ParserError { source, .. } => source.to_string(),
        Error::IncludeLoaderError { .. } => "`mj-include` is not followed: use `{% include %}`".to_owned(),
        other => other.to_string(),
    };
    let message = text.split(" in root template").next().unwrap_or(&text).to_owned();
    (message, span)
}

/// The place in a template of what stands at a place of what was made with it: by its line, where one line alone can be it,
/// else by its words, where these stand there once.
fn place(made: &str, span: Span, template: &str) -> Option<Span> {
    let start = made.get(..span.start)?.rfind('\n').map_or(0, |i| i + 1);
    let line = made[start..].lines().next().unwrap_or_default().trim();
    let words = made.get(span.start..span.end)?;
    let only = |text: &str| {
        let mut found = template.match_indices(text).filter(|_| !text.is_empty());
        found.next().filter(|_| found.next().is_none()).map(|(at, _)| at)
    };
    if let Some(at) = only(line) {
        let inside = line.find(words).unwrap_or(0);
        return Some(Span::new(at + inside, at + inside + words.len().min(line.len() - inside).max(1)));
    }
    only(words).or_else(|| template.find(words).filter(|_| !words.is_empty())).map(|at| Span::new(at, at + words.len()))
}

fn address(of: &Mailbox) -> Address<'_> {
    Address::new_address(Some(of.name.as_str()).filter(|n| !n.is_empty()), of.address.as_str())
}

/// The message: a draft that a mail program opens, to be sent.
fn message(
    site: &Site,
    issue: &Issue,
    from: &Mailbox,
    subject: &str,
    (html, text): (&str, &str),
) -> Result<Vec<u8>, Diagnostic> {
    let host = structured::origin(site).split_once("://").map_or("", |(_, h)| h).split(':').next().unwrap_or_default();
    // The library would make up a boundary at random.
    let boundary = blake3::hash([text, html].concat().as_bytes()).to_hex();
    let kind = ContentType::new("multipart/alternative").attribute("boundary", format!("dealwire_{}", &boundary[..24]));
    let part = |kind: &'static str, body: &str| {
        MimePart::new(ContentType::new(kind).attribute("charset", "utf-8"), body.to_owned())
            .language(site.language.clone())
    };
    let mut builder = MessageBuilder::new()
        .from(address(from))
        .subject(subject.to_owned())
        .date(issue.sent.as_second())
        .message_id(format!("newsletter.{}@{host}", issue.name))
        .header("X-Unsent", Raw::new("1"));
    if let Some(reply_to) = &site.newsletter.reply_to {
        builder = builder.reply_to(address(reply_to));
    }
    if let Some(url) = &site.newsletter.unsubscribe {
        builder = builder.header("List-Unsubscribe", URL::new(url.clone()));
    }
    let parts = vec![part("text/plain", text), part("text/html", html)];
    builder.body(MimePart::new(kind, parts)).write_to_vec().map_err(|e| Diagnostic::bare("E1204", e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_get_the_origin_and_nothing_else_does() {
        let mut values = json!({
            "url": "/a/", "title": "/b/", "deals": [{"deal": {"url": "/c/", "kind": {"url": null}}}, {"url": "https://else.example/"}],
        });
        absolute("https://x.example", &mut values);
        let wanted = json!({
            "url": "https://x.example/a/", "title": "/b/",
            "deals": [{"deal": {"url": "https://x.example/c/", "kind": {"url": null}}}, {"url": "https://else.example/"}],
        });
        assert_eq!(values, wanted);
    }

    #[test]
    fn a_mistake_is_found_in_the_template() {
        let template = "<mjml>\n  {% if a %}\n  <mj-txt>{{ title }}</mj-txt>\n  {% endif %}\n</mjml>\n";
        let made = "<mjml>\n  <mj-txt>Nokia buys</mj-txt>\n</mjml>\n";
        let (span, name) = unknown(made).expect("an element that is unknown");
        assert_eq!(name, "mj-txt");
        let there = place(made, span, template).expect("a place");
        assert_eq!(&template[there.start..there.end], "mj-txt");
        assert_eq!(unknown("<mjml><mj-body><mj-section/></mj-body></mjml>"), None);
    }
}
