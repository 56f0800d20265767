//! The templates of a site over those of the theme, and what is wrong with them. The only home of `tera`, with `press`.

use super::theme;
use crate::diagnostic::{Diagnostic, FileId, Span, nearest};
use crate::model::Change;
use std::collections::BTreeMap;
use tera::{ErrorKind, Tera};

/// Builds the templates: the theme's, replaced file by file by the site's own.
///
/// A template that a site replaces stays there as `theme/NAME`, so that the replacement can extend it.
///
/// # Errors
/// E1101 with the place of the mistake.
pub fn build(own: &[Change]) -> Result<Tera, Diagnostic> {
    let mut all: BTreeMap<String, String> = theme::templates().into_iter().map(|(n, t)| (n, t.to_owned())).collect();
    for change in own {
        let (Some(name), Some(bytes)) = (change.file.path().strip_prefix("templates/"), &change.bytes) else { continue };
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Err(Diagnostic::of("E0114", &change.file, "the template is not UTF-8").help("save it as UTF-8"));
        };
        if let Some(old) = all.insert(name.to_owned(), text.to_owned()) {
            // Components have one name in all templates: a second copy of them would clash.
            if !old.contains("{% component ") {
                all.insert(format!("theme/{name}"), old);
            }
        }
    }
    let mut tera = Tera::new();
    let names: Vec<String> = all.keys().cloned().collect();
    tera.add_raw_templates(all).map_err(|e| finding(&e, &names))?;
    Ok(tera)
}

/// A mistake of a template as a finding with a place.
#[must_use]
pub fn finding(error: &tera::Error, names: &[String]) -> Diagnostic {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let file = FileId::new(&format!("templates/{}", report.filename()));
            let span = report.span();
            Diagnostic::at("E1101", &file, Span::new(span.range.start, span.range.end), report.message().to_owned()).help(chain(error))
        }
        _ => {
            let text = error.to_string();
            let quoted = text.split(['`', '\'', '"']).nth(1).unwrap_or("");
            Diagnostic::bare("E1101", text.clone()).help(nearest(quoted, names.iter().map(String::as_str)))
        }
    }
}

/// How the mistake was reached: the lines of the report that name other templates.
fn chain(error: &tera::Error) -> String {
    let text = error.to_string();
    let places: Vec<&str> = text.lines().filter_map(|l| l.trim_start().strip_prefix("-->")).map(str::trim).skip(1).collect();
    if places.is_empty() { String::new() } else { format!("reached through {}", places.join(", then ")) }
}
