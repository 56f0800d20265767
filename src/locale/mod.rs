//! The words of the interface in one language, and how it writes dates, numbers and money. Reads no file by itself.
//!
//! Strings are in Fluent files, one a language: `i18n/LANGUAGE.ftl` of the site over the built-in ones, key by key, and
//! English where a language has none. Dates and money are strings too, so that a language needs its file and nothing else.

mod figures;
mod layers;
mod message;

use crate::diagnostic::Diagnostic;
use crate::model::{Change, Kind, Role, State};
use fluent_bundle::{FluentArgs, FluentValue};
use layers::Layers;
pub use message::Arg;
use message::{Bundle, Message, Part};
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

/// A language of the interface.
pub struct Locale {
    language: String,
    messages: HashMap<String, Message, FxBuildHasher>,
    bundles: Vec<Bundle>,
    kinds: Vec<String>,
    roles: Vec<String>,
    states: Vec<String>,
    /// From January on.
    months: Vec<String>,
    months_short: Vec<String>,
    /// Powers of ten with words of their own, the largest first.
    scales: Vec<(u32, String)>,
    /// Digits after the point of an amount in such words.
    places: u32,
    /// Whether labels begin with a small letter inside a sentence.
    lowers: bool,
}

impl std::fmt::Debug for Locale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Locale({}, {} strings)", self.language, self.messages.len())
    }
}

impl Locale {
    /// A language, from the site's own files and the built-in ones, and what is wrong with those files. `asked` are the
    /// strings that the site's templates ask for besides the built-in ones.
    #[must_use]
    pub fn new(language: &str, own: &[Change], asked: &[String]) -> (Self, Vec<Diagnostic>) {
        let layers = Layers::of(language, own, asked);
        let mut locale = Self {
            language: language.to_owned(),
            messages: layers.messages,
            bundles: layers.bundles,
            kinds: Vec::new(),
            roles: Vec::new(),
            states: Vec::new(),
            months: Vec::new(),
            months_short: Vec::new(),
            scales: Vec::new(),
            places: 0,
            lowers: false,
        };
        // A string without arguments is a text from now on, however it was written.
        for i in 0..locale.bundles.len() {
            let fixed: Vec<String> = layers.fixed.iter().filter(|f| f.0 == i).map(|f| f.1.clone()).collect();
            for key in fixed {
                let text = locale.choose(i, &key, &[]);
                locale.messages.insert(key, Message::Plain(text));
            }
        }
        let of = |group: &str, word: &str| locale.text(&format!("{group}-{}", word.replace('_', "-"))).to_owned();
        let kinds = Kind::ALL.iter().map(|k| of("kind", k.word())).collect();
        let roles = Role::ALL.iter().map(|r| of("role", r.word())).collect();
        let states = State::ALL.iter().map(|s| of("state", s.word())).collect();
        let months = |key: &str| (1..=12).map(|m| locale.text(&format!("{key}-{m}")).to_owned()).collect();
        let (long, short) = (months("month"), months("month-short"));
        (locale.months, locale.months_short) = (long, short);
        locale.scales = layers.scales;
        locale.places = locale.text("scale-places").parse().unwrap_or(3);
        locale.lowers = locale.text("inside-a-sentence") == "lower";
        (locale.kinds, locale.roles, locale.states) = (kinds, roles, states);
        (locale, layers.findings)
    }

    /// The keys of the built-in English strings.
    pub fn keys() -> impl Iterator<Item = String> {
        layers::english_keys()
    }

    /// BCP 47.
    #[must_use]
    pub fn language(&self) -> &str {
        &self.language
    }

    /// Whether a string has this key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.messages.contains_key(key)
    }

    /// A kind of source, such as `press_release`, in words.
    #[must_use]
    pub fn source_kind(&self, kind: &str) -> &str {
        self.text(&format!("source-{}", kind.replace('_', "-")))
    }

    /// A source without a title: who published it, and what it is.
    #[must_use]
    pub fn source(&self, publisher: &str, kind: &str) -> String {
        self.with("source-untitled", &[("publisher", publisher.into()), ("kind", self.source_kind(kind).into())])
    }

    /// A string without arguments; empty where there is none, which tests rule out for the program's own keys.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        match self.messages.get(key) {
            Some(Message::Plain(text)) => text,
            _ => "",
        }
    }

    /// Every string without arguments, by its key.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.messages.iter().filter_map(|(key, message)| match message {
            Message::Plain(text) => Some((key.as_str(), text.as_str())),
            _ => None,
        })
    }

    /// A string, where there is one of this key.
    #[must_use]
    pub fn maybe(&self, key: &str) -> Option<&str> {
        self.messages.get(key).map(|_| self.text(key))
    }

    /// A string with its arguments.
    #[must_use]
    pub fn with(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        match self.messages.get(key) {
            Some(Message::Plain(text)) => text.clone(),
            Some(Message::Parts(parts)) => fill(parts, args),
            Some(Message::Chosen(bundle)) => self.choose(*bundle, key, args),
            None => String::new(),
        }
    }

    /// A string that goes by a number alone.
    #[must_use]
    pub fn count(&self, key: &str, n: usize) -> String {
        self.with(key, &[("n", n.into())])
    }

    fn choose(&self, bundle: usize, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let bundle = &self.bundles[bundle];
        let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else { return String::new() };
        let mut given = FluentArgs::with_capacity(args.len());
        for (name, arg) in args {
            match arg {
                Arg::Text(text) => given.set(*name, FluentValue::from(*text)),
                Arg::Number(n) => given.set(*name, FluentValue::from(*n)),
            }
        }
        bundle.format_pattern(pattern, Some(&given), &mut Vec::new()).into_owned()
    }

    /// A string for scripts, with `{name}` in the place of each argument.
    #[must_use]
    pub fn pattern(&self, key: &str, names: &[&str]) -> String {
        let places: Vec<String> = names.iter().map(|n| format!("{{{n}}}")).collect();
        let args: Vec<(&str, Arg<'_>)> = names.iter().zip(&places).map(|(n, p)| (*n, p.into())).collect();
        self.with(key, &args)
    }

    /// The same by the plural that the number `n` takes.
    #[must_use]
    pub fn forms(&self, key: &str, names: &[&str]) -> BTreeMap<&'static str, String> {
        let places: Vec<String> = names.iter().map(|n| format!("{{{n}}}")).collect();
        let of = |(category, n): (&'static str, i64)| {
            let mut args: Vec<(&str, Arg<'_>)> = names.iter().zip(&places).map(|(n, p)| (*n, p.into())).collect();
            args.push(("n", Arg::Number(n)));
            (category, self.with(key, &args).replacen(&n.to_string(), "{n}", 1))
        };
        layers::samples(&self.language).into_iter().map(of).collect()
    }

    /// What happens in a deal.
    #[must_use]
    pub fn kind(&self, kind: Kind) -> &str {
        self.kinds.get(kind as usize).map_or("", String::as_str)
    }

    /// What a party does.
    #[must_use]
    pub fn role(&self, role: Role) -> &str {
        self.roles.get(role as usize).map_or("", String::as_str)
    }

    /// How far a deal has come.
    #[must_use]
    pub fn state(&self, state: State) -> &str {
        self.states.get(state as usize).map_or("", String::as_str)
    }

    /// A label as it stands inside a sentence.
    #[must_use]
    pub fn inside(&self, label: &str) -> String {
        if self.lowers { label.to_lowercase() } else { label.to_owned() }
    }

    /// Texts one after the other, with the separator of this key between them.
    #[must_use]
    pub fn joined<T: AsRef<str>>(&self, separator: &str, texts: &[T]) -> String {
        let mut out = String::new();
        for (i, text) in texts.iter().enumerate() {
            if i > 0 {
                out.push_str(self.text(separator));
            }
            out.push_str(text.as_ref());
        }
        out
    }

    /// The name of a country by its ISO 3166-1 alpha-2 code.
    #[must_use]
    pub fn country<'s>(&'s self, code: &'s str) -> &'s str {
        let named = self.maybe(&["country-", code].concat());
        named.unwrap_or_else(|| rust_iso3166::from_alpha2(code).map_or(code, |c| c.name))
    }
}

fn fill(parts: &[Part], args: &[(&str, Arg<'_>)]) -> String {
    let long = |part: &Part| if let Part::Text(text) = part { text.len() } else { 0 };
    let given = |(_, arg): &(&str, Arg<'_>)| if let Arg::Text(text) = arg { text.len() } else { 4 };
    let length = parts.iter().map(long).sum::<usize>() + args.iter().map(given).sum::<usize>();
    let mut out = String::with_capacity(length);
    for part in parts {
        match part {
            Part::Text(text) => out.push_str(text),
            // Writing to memory does not fail.
            Part::Arg(name) => match args.iter().find(|a| a.0 == name) {
                Some((_, Arg::Text(text))) => out.push_str(text),
                Some((_, Arg::Number(n))) => {
                    let _ = write!(out, "{n}");
                }
                None => {
                    let _ = write!(out, "{{${name}}}");
                }
            },
        }
    }
    out
}

#[cfg(test)]
mod tests;
