//! What templates need: the values that they name, so that those which nobody asks for are not made.

use crate::pages::{ArticleLine, Head, Members};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};
use tera::Tera;

/// What a template needs.
#[derive(Clone, Debug)]
pub struct Needs {
    /// The values it uses, and the members of `page` and of `article`.
    pub values: FxHashSet<String>,
    /// Members of `page`.
    pub page: Vec<&'static str>,
    /// Members of `article`.
    pub article: Vec<&'static str>,
}

/// What templates need, by template; all there is, where nothing is said.
pub type Used = FxHashMap<String, Needs>;

/// The values that each template uses, and those members of `page` and of `article` that are named by it or by what it is
/// made of: all, where one of these takes either whole. Nothing where a template asks for all values there are.
pub fn used(tera: &Tera, texts: &BTreeMap<String, String>) -> Used {
    if texts.values().any(|t| t.contains("__tera_context")) {
        return Used::default();
    }
    let named = |text: &String| -> FxHashSet<&str> {
        let whole = takes_whole(text, "page") || takes_whole(text, "article");
        let members = Head::NAMES.iter().chain(ArticleLine::NAMES).copied();
        members.filter(|m| whole || text.contains(m)).collect()
    };
    let named: BTreeMap<&str, _> = texts.iter().map(|(n, t)| (n.as_str(), named(t))).collect();
    let taken: BTreeMap<&str, Vec<&str>> = texts.iter().map(|(n, t)| (n.as_str(), implicit(t).collect())).collect();
    let of = |(name, parts): (&str, BTreeSet<&str>)| {
        let members: FxHashSet<&str> = parts.iter().flat_map(|p| &named[p]).copied().collect();
        let mut values = tera.get_template_variables(name).ok()?;
        values.extend(parts.iter().flat_map(|p| &taken[p]).copied());
        let of = |value: &str, all: &[&'static str]| -> Vec<&'static str> {
            all.iter().copied().filter(|m| values.contains(value) && members.contains(m)).collect()
        };
        let (page, article) = (of("page", Head::NAMES), of("article", ArticleLine::NAMES));
        let values = values.into_iter().chain(members).map(str::to_owned).collect();
        Some((name.to_owned(), Needs { values, page, article }))
    };
    parts(texts).into_iter().filter_map(of).collect()
}

/// Which templates each may be made of: itself, those it names, those whose components it uses, and what these are made of.
fn parts(texts: &BTreeMap<String, String>) -> BTreeMap<&str, BTreeSet<&str>> {
    let homes: Vec<(&str, &str)> =
        texts.iter().flat_map(|(n, t)| components(t).map(move |c| (c, n.as_str()))).collect();
    let names = texts.keys().map(String::as_str);
    let next = |text: &str| -> Vec<&str> {
        let used: FxHashSet<&str> = tags(text).flat_map(|t| t.split('<').skip(1).map(word)).collect();
        let of_used = homes.iter().filter(|(c, _)| used.contains(c)).map(|h| h.1);
        names.clone().filter(|n| text.contains(n)).chain(of_used).collect()
    };
    let next: BTreeMap<&str, Vec<&str>> = texts.iter().map(|(n, t)| (n.as_str(), next(t))).collect();
    let reach = |name| {
        let (mut all, mut open) = (BTreeSet::new(), vec![name]);
        while let Some(name) = open.pop() {
            if all.insert(name) {
                open.extend(next.get(name).into_iter().flatten());
            }
        }
        all
    };
    names.clone().map(|n| (n, reach(n))).collect()
}

/// The names of the components that a template defines.
pub fn components(text: &str) -> impl Iterator<Item = &str> {
    tags(text).filter_map(|tag| tag.split_once("component ")).map(|(_, rest)| word(rest.trim_start()))
}

/// The values that components take from whoever calls them without being given them: `{% component lead(@article) %}`.
fn implicit(text: &str) -> impl Iterator<Item = &str> {
    tags(text).flat_map(|tag| tag.split('@').skip(1).map(word))
}

/// The name that a text begins with.
fn word(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())]
}

/// What stands between the braces of a template. Braces in quotes end nothing.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (start, close) = rest.match_indices('{').find_map(|(at, _)| match rest.as_bytes().get(at + 1)? {
            b'{' => Some((at + 2, "}}")),
            b'%' => Some((at + 2, "%}")),
            _ => None,
        })?;
        let (mut quote, mut escaped) = (None, false);
        let inside = &rest[start..];
        let ends = |(at, c): &(usize, char)| {
            let is_end = quote.is_none() && inside[*at..].starts_with(close);
            if escaped {
                escaped = false;
            } else if quote.is_some() {
                escaped = *c == '\\';
                quote = quote.filter(|q| q != c);
            } else if ['"', '\'', '`'].contains(c) {
                quote = Some(*c);
            }
            is_end
        };
        let end = inside.char_indices().find(ends).map_or(inside.len(), |(at, _)| at);
        rest = &inside[end..];
        Some(&inside[..end])
    })
}

/// Whether a template does something with a value other than to ask for a member of it by name.
fn takes_whole(text: &str, value: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || "_.\"'-/".contains(c);
    let stands_alone = |tag: &str| {
        tag.match_indices(value).any(|(at, _)| {
            let (before, after) = (&tag[..at], &tag[at + value.len()..]);
            !before.ends_with(joins) && !after.starts_with(joins)
        })
    };
    tags(text).any(stands_alone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_end_where_braces_do_outside_of_quotes() {
        let text = r#"a { b {{ page.url }}{%- if x == "}}" and '%}' == page -%} {{ "\"}}" ~ p }}{# it's #}{{ last"#;
        let found: Vec<&str> = tags(text).map(str::trim).collect();
        assert_eq!(found, ["page.url", r#"- if x == "}}" and '%}' == page -"#, r#""\"}}" ~ p"#, "last"]);
        assert!(takes_whole(text, "page") && tags("").next().is_none());
    }

    #[test]
    fn a_template_is_made_of_what_it_names() {
        let texts = [
            ("base.html", "base {{ page.url }}<link>{{ <nav /> }}"),
            ("article.html", "{% extends \"base.html\" %}"),
            ("list.html", "{% if x %}{% include \"rows.html\" %}{% endif %}"),
            ("rows.html", "rows"),
            ("parts.html", "parts {%- component nav() %}{% endcomponent nav %}"),
            ("links.html", "links {% component link(l) %}{% endcomponent link %}"),
        ];
        let texts: BTreeMap<String, String> = texts.into_iter().map(|(n, t)| (n.to_owned(), t.to_owned())).collect();
        let parts = parts(&texts);
        let of = |name: &str| parts[name].iter().copied().collect::<Vec<&str>>();
        assert_eq!(of("article.html"), ["article.html", "base.html", "parts.html"]);
        assert_eq!(of("list.html"), ["list.html", "rows.html"]);
        assert_eq!(of("parts.html"), ["parts.html"]);
    }

    #[test]
    fn a_value_that_is_handed_on_is_taken_whole() {
        for whole in [
            "{{ page | json }}",
            "{{page}}",
            "{% for k, v in page %}",
            "{% set p = page %}",
            "{{ <head page={page} /> }}",
            "{{ page[\"trail\"] }}",
        ] {
            assert!(takes_whole(whole, "page"), "{whole}");
        }
        for part in [
            "<p class=\"page\">page {{ page.url }} page</p>",
            "{% if page.feed %}page{% endif %}",
            "{% extends \"page.html\" %}",
            "{{ assets[\"page\"] }}",
            "{{ homepage }}{{ pages }}{{ site.page }}",
        ] {
            assert!(!takes_whole(part, "page"), "{part}");
        }
    }
}
