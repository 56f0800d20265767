//! What a document's template gets, as Tera has it.

use super::needs::Needs;
use crate::diagnostic::Diagnostic;
use crate::pages::{ArticleLine, Document, Head, Members, Values};
use tera::value::Key;
use tera::{Context, Value};

/// A value for templates.
pub(super) fn value<T: serde::Serialize + ?Sized>(v: &T) -> Result<Value, Diagnostic> {
    Value::try_from_serializable(v)
        .map_err(|e| Diagnostic::bare("E1101", format!("a value cannot be given to templates: {e}")))
}

/// A shape with some of its members.
fn members(of: &impl Members, names: &[&'static str]) -> Result<Value, Diagnostic> {
    let mut map = tera::Map::with_capacity(names.len());
    for (name, member) in names.iter().filter_map(|name| Some((*name, of.member(name)?))) {
        map.insert(Key::Str(name), value(member)?);
    }
    Ok(map.into())
}

/// `page`: what the template needs of it, else all.
pub(super) fn page(head: &Head<'_>, needs: Option<&Needs>) -> Result<Value, Diagnostic> {
    members(head, needs.map_or(Head::NAMES, |n| &n.page))
}

/// `article`, where the values are those of one: what the template needs of it, else all.
pub(super) fn article(of: &Values<'_>, needs: Option<&Needs>) -> Result<Option<Value>, Diagnostic> {
    let Values::Article(page) = of else { return Ok(None) };
    members(&page.article, needs.map_or(ArticleLine::NAMES, |n| &n.article)).map(Some)
}

/// All of it: `page`, `article` and the other values.
pub(super) fn context(d: &Document<'_>, values: &tera::Map, needs: Option<&Needs>) -> Result<Context, Diagnostic> {
    let mut c = Context::new();
    for (name, v) in values {
        match name {
            Key::Str(name) => c.insert_value(*name, v.clone()),
            other => c.insert_value(other.to_string(), v.clone()),
        }
    }
    if let Some(article) = article(&d.values, needs)? {
        c.insert_value("article", article);
    }
    // It is there in any case: who mistypes a name is told which ones there are.
    c.insert_value("page", page(&d.head, needs)?);
    Ok(c)
}
