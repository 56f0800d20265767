//! The style guide: other content in the dress of an edition. Only the preview asks for it.

use super::live::Bare;
use super::{Edition, Read};
use crate::diagnostic::Diagnostic;
use crate::model::{Audience, Output, Texts};
use crate::pages::{Atlas, Plan};
use crate::render::Press;
use crate::site::Site;
use std::sync::Arc;

impl Edition {
    /// Other content in this edition's templates and static files, in one language, with the template of the style guide.
    ///
    /// # Errors
    /// E1101 where that template asks for what the site's own have left out; a setting that templates cannot get.
    pub fn in_this_dress(
        &self,
        site: Arc<Site>,
        audience: Audience,
        texts: Arc<dyn Texts>,
        read: impl IntoIterator<Item = Read>,
    ) -> Result<Self, Diagnostic> {
        let mut press = self.press.clone().with_guide()?;
        press.others.clear();
        let mut edition = Self::bare(site, audience, press, texts);
        edition.older = self.older.clone().and_then(|older| older.with_guide().ok());
        edition.load(read)?;
        Ok(edition)
    }

    /// The style guide of a plan, as well as it can be printed: where a template fails, by the one before.
    ///
    /// # Errors
    /// Where no template prints it.
    pub fn guide(&self, plan: &Plan) -> Result<Output, Diagnostic> {
        let texts: &dyn Texts = &*self.texts;
        let by = |press: &Press| {
            self.with(|atlas| {
                let atlas = Atlas { ready: &Bare { press, whole: true }, ..*atlas };
                press.guide(&atlas.guide(plan), &atlas, texts)
            })
        };
        match (by(&self.press), &self.older) {
            (Err(fault), Some(older)) => match by(older) {
                Ok(mut output) => {
                    output.findings.push(fault);
                    Ok(output)
                }
                Err(_) => Err(fault),
            },
            (printed, _) => printed,
        }
    }
}
