//! What is said of a card whose letters no font has. Draws nothing, and leaves nothing out.

use super::Cards;
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::model::Texts;
use crate::pages::Head;

/// Warnings about the card of a page (W0817), each at the text that cannot be drawn. The site's card is looked at with
/// the front page alone.
pub fn told(cards: &Cards, head: &Head<'_>, texts: &dyn Texts) -> Vec<Diagnostic> {
    let Some(poster) = head.poster.as_ref().filter(|_| ["home", "article", "deal"].contains(&head.kind)) else {
        return Vec::new();
    };
    let settings = FileId::new("site.toml");
    let missing = cards.missing(&poster.plate).into_iter();
    missing
        .map(|(words, letters)| {
            let file = words.file.unwrap_or(&settings);
            let message = format!("the social card cannot show `{letters}` of `{}`: no font has it", words.text);
            let mut finding = Diagnostic::of("W0817", file, message);
            let bytes = texts.bytes(file).ok();
            let at = bytes.as_ref().and_then(|b| std::str::from_utf8(b).ok()?.find(words.text));
            finding.span = at.map(|at| Span::new(at, at + words.text.len()));
            finding.help("name a font that has it in site.toml: `[cards]`, `fonts = [\"fonts/…\"]`")
        })
        .collect()
}
