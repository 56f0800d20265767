//! What a document's template gets, as Tera has it.

use crate::diagnostic::Diagnostic;
use crate::pages::{Document, Members, Values};
use tera::value::Key;
use tera::{Context, Value};

/// Whether a template asks for a value by its name.
pub(super) type IsAsked<'a> = &'a dyn Fn(&str) -> bool;

/// A value for templates.
pub(super) fn value<T: serde::Serialize + ?Sized>(v: &T) -> Result<Value, Diagnostic> {
    Value::try_from_serializable(v)
        .map_err(|e| Diagnostic::bare("E1101", format!("a value cannot be given to templates: {e}")))
}

/// A shape with those of its members that are asked for.
pub(super) fn members(of: &impl Members, is_asked: IsAsked<'_>) -> Result<Value, Diagnostic> {
    let (mut map, mut wrong) = (tera::Map::new(), None);
    of.each(&mut |name, member| {
        if is_asked(name) {
            match value(member) {
                Ok(v) => drop(map.insert(Key::Str(name), v)),
                Err(e) => wrong = Some(e),
            }
        }
    });
    wrong.map_or_else(|| Ok(map.into()), Err)
}

/// The article of an article's page.
pub(super) fn article(of: &Values<'_>, is_asked: IsAsked<'_>) -> Option<Result<Value, Diagnostic>> {
    let Values::Article(page) = of else { return None };
    Some(members(&page.article, is_asked))
}

/// All of it: `page` and `article` with what is asked for, and the other values.
pub(super) fn context(d: &Document<'_>, values: &tera::Map, is_asked: IsAsked<'_>) -> Result<Context, Diagnostic> {
    let mut c = Context::new();
    for (name, v) in values {
        match name {
            Key::Str(name) => c.insert_value(*name, v.clone()),
            other => c.insert_value(other.to_string(), v.clone()),
        }
    }
    if let Some(article) = article(&d.values, is_asked) {
        c.insert_value("article", article?);
    }
    // It is there in any case: who mistypes a name is told which ones there are.
    let page = if is_asked("page") { members(&d.head, is_asked)? } else { Value::none() };
    c.insert_value("page", page);
    Ok(c)
}
