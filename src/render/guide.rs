//! The style guide of the preview: its template over the components of the site. No build prints it.

use super::given::{article, page, value};
use super::{Press, theme};
use crate::diagnostic::Diagnostic;
use crate::model::{Output, Texts};
use crate::pages::{Atlas, Guide};
use tera::value::Key;
use tera::{Context, Value};

/// The template.
pub(super) const TEMPLATE: &str = "style.html";

impl Press {
    /// This press with the theme's template of the style guide, where the site has none of its own.
    ///
    /// # Errors
    /// E1101 where the template asks for a component that the site's templates have left out.
    pub fn with_guide(mut self) -> Result<Self, Diagnostic> {
        let names: Vec<String> = self.tera.get_template_names().map(str::to_owned).collect();
        let missing = theme::guide().into_iter().filter(|(name, _)| !names.iter().any(|n| n == name));
        self.tera.add_raw_templates(missing).map_err(|e| super::templates::finding(&e, &names))?;
        Ok(self)
    }

    /// Prints the style guide.
    ///
    /// # Errors
    /// A template's mistake.
    pub fn guide(&self, guide: &Guide<'_>, atlas: &Atlas<'_>, texts: &dyn Texts) -> Result<Output, Diagnostic> {
        let mut c = Context::new();
        for (name, document) in &guide.documents {
            let mut document = document.clone();
            let mut values = self.shown(&mut document, atlas, texts)?.values;
            if let Some(article) = article(&document.values, None)? {
                values.insert("article".into(), article);
            }
            c.insert_value(*name, Value::from(values));
        }
        for (k, v) in value(guide)?.into_map().unwrap_or_default() {
            if let Key::Str(name) = k {
                c.insert_value(name, v);
            }
        }
        c.insert_value("page", page(&guide.head, None)?);
        self.render(TEMPLATE, &c).map(Output::plain)
    }
}
