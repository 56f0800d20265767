//! One string of the interface: a plain text, a text with places for arguments, or one that chooses by an argument.

use fluent_bundle::FluentResource;
use fluent_bundle::concurrent::FluentBundle;
use fluent_syntax::ast::{Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::unicode::unescape_unicode_to_string;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A file of strings that can be formatted.
pub type Bundle = FluentBundle<FluentResource>;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// As it is.
    Text(String),
    /// The argument of this name.
    Arg(String),
}

/// A string.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// Without arguments.
    Plain(String),
    /// Arguments in their places. Most are so, and need no bundle.
    Parts(Vec<Part>),
    /// One that the bundle of this number has to choose.
    Chosen(usize),
}

/// What is put into a string.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arg<'a> {
    /// Words.
    Text(&'a str),
    /// A number that plurals go by.
    Number(i64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<usize> for Arg<'_> {
    fn from(n: usize) -> Self {
        Self::Number(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

impl From<i16> for Arg<'_> {
    fn from(n: i16) -> Self {
        Self::Number(n.into())
    }
}

impl From<i8> for Arg<'_> {
    fn from(n: i8) -> Self {
        Self::Number(n.into())
    }
}

/// The parts of a pattern; `None` where it has to choose, or refers to other strings.
pub fn parts(pattern: &Pattern<&str>) -> Option<Vec<Part>> {
    let mut parts: Vec<Part> = Vec::new();
    for element in &pattern.elements {
        let text: Cow<'_, str> = match element {
            PatternElement::TextElement { value } => (*value).into(),
            PatternElement::Placeable { expression: Expression::Inline(inline) } => match inline {
                InlineExpression::StringLiteral { value } => unescape_unicode_to_string(value),
                InlineExpression::NumberLiteral { value } => (*value).into(),
                InlineExpression::VariableReference { id } => {
                    parts.push(Part::Arg(id.name.to_owned()));
                    continue;
                }
                _ => return None,
            },
            PatternElement::Placeable { .. } => return None,
        };
        match parts.last_mut() {
            Some(Part::Text(before)) => before.push_str(&text),
            _ => parts.push(Part::Text(text.into_owned())),
        }
    }
    Some(parts)
}

/// The names of the arguments that a pattern asks for.
pub fn arguments<'p>(pattern: &Pattern<&'p str>, out: &mut BTreeSet<&'p str>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, out);
        }
    }
}

fn of_expression<'p>(expression: &Expression<&'p str>, out: &mut BTreeSet<&'p str>) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, out),
        Expression::Select { selector, variants } => {
            of_inline(selector, out);
            for variant in variants {
                arguments(&variant.value, out);
            }
        }
    }
}

fn of_inline<'p>(inline: &InlineExpression<&'p str>, out: &mut BTreeSet<&'p str>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            out.insert(id.name);
        }
        InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|a| of_inline(a, out));
        }
        InlineExpression::Placeable { expression } => of_expression(expression, out),
        _ => {}
    }
}
