//! The files that the strings of a language come from: the site's own over the built-in ones, English behind all.

use super::message::{Bundle, Message, arguments, parts};
use crate::diagnostic::{Diagnostic, FileId, Span, nearest};
use crate::model::Change;
use fluent_bundle::FluentResource;
use fluent_syntax::ast::Entry;
use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use unic_langid::LanguageIdentifier;

const BUILT_IN: [(&str, &str); 2] =
    [("en", include_str!("../../i18n/en.ftl")), ("zh-Hans", include_str!("../../i18n/zh-Hans.ftl"))];

/// Strings that a language may have and need not: what they name has a name without them.
const OPTIONAL: [&str; 3] = ["country-", "currency-", "scale-"];

/// Missing strings that a finding names; of more it gives the number.
const NAMED: usize = 5;

/// What the files say together.
pub struct Layers {
    pub messages: HashMap<String, Message, FxBuildHasher>,
    pub bundles: Vec<Bundle>,
    /// Strings that need their bundle, by its number, and have no arguments.
    pub fixed: Vec<(usize, String)>,
    pub scales: Vec<(u32, String)>,
    pub findings: Vec<Diagnostic>,
}

/// A file of strings.
struct Layer<'a> {
    language: String,
    text: &'a str,
    /// The site's own file; none for a built-in one.
    file: Option<&'a FileId>,
}

/// The tags under which a language's strings are looked for, the nearest first.
fn tags(language: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = language;
    loop {
        tags.push(rest.to_owned());
        match rest.rsplit_once('-') {
            Some((shorter, _)) => rest = shorter,
            None => break,
        }
    }
    let lower = language.to_ascii_lowercase();
    let mut parts = lower.split('-');
    let traditional = ["hant", "tw", "hk", "mo"];
    if parts.next() == Some("zh") && !parts.any(|p| traditional.contains(&p)) {
        tags.push("zh-Hans".to_owned());
    }
    tags
}

/// The tag of a file of strings.
fn tag_of(file: &FileId) -> Option<&str> {
    file.path().strip_prefix("i18n/")?.strip_suffix(".ftl").filter(|t| !t.contains('/'))
}

fn rules(language: &str) -> Option<PluralRules> {
    let id: LanguageIdentifier = language.parse().ok()?;
    PluralRules::create(LanguageIdentifier::from_parts(id.language, None, None, &[]), PluralRuleType::CARDINAL).ok()
}

/// A number for each plural that a language has.
pub fn samples(language: &str) -> Vec<(&'static str, i64)> {
    let Some(rules) = rules(language) else { return vec![("other", 5)] };
    let mut samples: BTreeMap<&'static str, i64> = BTreeMap::new();
    // The longest first: its digits stand nowhere else in a text.
    for n in (0..=120).rev().chain([1_000_000]) {
        let category = match rules.select(n) {
            Ok(PluralCategory::ZERO) => "zero",
            Ok(PluralCategory::ONE) => "one",
            Ok(PluralCategory::TWO) => "two",
            Ok(PluralCategory::FEW) => "few",
            Ok(PluralCategory::MANY) => "many",
            _ => "other",
        };
        samples.entry(category).or_insert(n);
    }
    samples.into_iter().collect()
}

/// The keys of the built-in English strings.
pub fn english_keys() -> impl Iterator<Item = String> {
    known().into_keys().filter(|k| !OPTIONAL.iter().any(|o| k.starts_with(o)))
}

/// The built-in English strings, and the arguments that the program gives to each: those of the text and of the comment.
fn known() -> BTreeMap<String, BTreeSet<String>> {
    let resource = fluent_syntax::parser::parse(BUILT_IN[0].1).unwrap_or_else(|(resource, _)| resource);
    let mut all = BTreeMap::new();
    for entry in &resource.body {
        let Entry::Message(message) = entry else { continue };
        let mut names = BTreeSet::new();
        message.value.iter().for_each(|v| arguments(v, &mut names));
        let comment = message.comment.iter().flat_map(|c| &c.content);
        let given = comment.flat_map(|line| line.split('$').skip(1));
        names.extend(given.filter_map(|w| w.split(|c: char| !c.is_ascii_alphanumeric()).next()));
        all.insert(message.id.name.to_owned(), names.into_iter().map(str::to_owned).collect());
    }
    all
}

impl Layers {
    /// Of a language.
    pub fn of(language: &str, own: &[Change], asked: &[String]) -> Self {
        let (messages, bundles, fixed, scales, findings) = Default::default();
        let mut all = Self { messages, bundles, fixed, scales, findings };
        let english = known();
        let mut tags = tags(language);
        let is_english = tags.iter().any(|t| t.eq_ignore_ascii_case("en"));
        tags.retain(|t| !t.eq_ignore_ascii_case("en"));
        let mut nearest_file = None;
        let mut has_any = false;
        for tag in &tags {
            for layer in layers(tag, own, &mut all.findings) {
                has_any = true;
                nearest_file = nearest_file.or(layer.file);
                all.take(&layer, &english, asked);
            }
        }
        if !is_english {
            // Nobody is called by another language's name.
            let own = Message::Plain(language.to_owned());
            all.messages.entry("language-name".to_owned()).or_insert(own);
            all.miss(language, nearest_file, has_any, &english);
        }
        for layer in layers("en", own, &mut all.findings) {
            all.take(&layer, &english, asked);
        }
        all.findings.dedup();
        all
    }

    /// Says which strings a language lacks.
    fn miss(
        &mut self,
        language: &str,
        file: Option<&FileId>,
        has_any: bool,
        english: &BTreeMap<String, BTreeSet<String>>,
    ) {
        let is_needed = |k: &&String| !OPTIONAL.iter().any(|o| k.starts_with(o));
        let missing: Vec<&str> =
            english.keys().filter(is_needed).filter(|k| !self.messages.contains_key(*k)).map(String::as_str).collect();
        let Some(first) = missing.get(..missing.len().min(NAMED)).filter(|m| !m.is_empty()) else { return };
        let path = FileId::new(&format!("i18n/{language}.ftl"));
        let finding = if has_any {
            let rest = missing.len() - first.len();
            let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
            let names = first.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
            Diagnostic::of(
                "W1103",
                file.unwrap_or(&path),
                format!("not all strings are in `{language}`: {names}{more}"),
            )
            .help("English stands in their place; i18n/en.ftl of the program shows them all")
        } else {
            Diagnostic::bare("W1103", format!("the interface has no strings in `{language}`: English stands in"))
                .help(format!("put them into {path}; docs/languages.md says how"))
        };
        self.findings.push(finding);
    }

    /// Takes the strings of a file that no nearer one has.
    fn take(&mut self, layer: &Layer<'_>, english: &BTreeMap<String, BTreeSet<String>>, asked: &[String]) {
        let resource = match FluentResource::try_new(layer.text.to_owned()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                for e in errors {
                    self.wrong(layer, Span::new(e.pos.start, e.pos.end.max(e.pos.start + 1)), e.kind.to_string());
                }
                resource
            }
        };
        let number = self.bundles.len();
        let source = resource.source();
        let place = |name: &str| {
            let at = name.as_ptr() as usize - source.as_ptr() as usize;
            Span::new(at, at + name.len())
        };
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut scales = Vec::new();
        for entry in resource.entries() {
            let Entry::Message(message) = entry else { continue };
            let key = message.id.name;
            let Some(pattern) = &message.value else {
                self.wrong(layer, place(key), format!("the string `{key}` has no text"));
                continue;
            };
            if !seen.insert(key) {
                self.wrong(layer, place(key), format!("the string `{key}` stands here twice"));
                continue;
            }
            let mut names = BTreeSet::new();
            arguments(pattern, &mut names);
            let given = english.get(key);
            let strange = given.and_then(|given| names.iter().find(|n| !given.contains(**n)));
            if let (Some(name), Some(given)) = (strange, given) {
                let help = if given.is_empty() {
                    "it takes none".to_owned()
                } else {
                    nearest(name, given.iter().map(String::as_str))
                };
                self.wrong(layer, place(name), format!("the string `{key}` gets no `${name}`"));
                if let Some(d) = self.findings.last_mut().filter(|_| layer.file.is_some()) {
                    d.help = help;
                }
                continue;
            }
            let is_known =
                given.is_some() || asked.iter().any(|a| a == key) || OPTIONAL.iter().any(|o| key.starts_with(o));
            if let (false, Some(file)) = (is_known, layer.file) {
                let known = english.keys().chain(asked).map(String::as_str);
                self.findings.push(
                    Diagnostic::at("W1104", file, place(key), format!("nothing asks for the string `{key}`"))
                        .help(nearest(key, known)),
                );
            }
            let parts = parts(pattern);
            if let (Some(zeros), Some([super::Part::Text(word)])) = (scale(key), parts.as_deref()) {
                scales.push((zeros, word.clone()));
            }
            if self.messages.contains_key(key) {
                continue;
            }
            if parts.is_none() && names.is_empty() {
                self.fixed.push((number, key.to_owned()));
            }
            let message = match parts.as_deref() {
                None => Message::Chosen(number),
                Some([]) => Message::Plain(String::new()),
                Some([super::Part::Text(text)]) => Message::Plain(text.clone()),
                Some(parts) => Message::Parts(parts.to_vec()),
            };
            self.messages.insert(key.to_owned(), message);
        }
        if self.scales.is_empty() {
            scales.sort_by_key(|s| std::cmp::Reverse(s.0));
            self.scales = scales;
        }
        let id = layer.language.parse().unwrap_or_default();
        let mut bundle = Bundle::new_concurrent(vec![id]);
        bundle.set_use_isolating(false);
        // What is there twice was told above.
        let _ = bundle.add_builtins();
        let _ = bundle.add_resource(resource);
        self.bundles.push(bundle);
    }

    fn wrong(&mut self, layer: &Layer<'_>, span: Span, message: String) {
        if let Some(file) = layer.file {
            self.findings.push(Diagnostic::at("E1102", file, span, message));
        }
    }
}

/// Zeros of the power of ten that a string names.
fn scale(key: &str) -> Option<u32> {
    key.strip_prefix("scale-")?.parse().ok().filter(|z| (1..=18).contains(z))
}

/// The files of a tag, the site's own first.
fn layers<'a>(tag: &str, own: &'a [Change], findings: &mut Vec<Diagnostic>) -> Vec<Layer<'a>> {
    let mut all = Vec::new();
    for change in own.iter().filter(|c| tag_of(&c.file).is_some_and(|t| t.eq_ignore_ascii_case(tag))) {
        let Some(bytes) = &change.bytes else { continue };
        match std::str::from_utf8(bytes) {
            Ok(text) => all.push(Layer { language: tag.to_owned(), text, file: Some(&change.file) }),
            Err(e) => findings.push(Diagnostic::not_utf8(&change.file, &e)),
        }
    }
    let built_in = BUILT_IN.iter().find(|(t, _)| t.eq_ignore_ascii_case(tag));
    all.extend(built_in.map(|(t, text)| Layer { language: (*t).to_owned(), text, file: None }));
    all
}
