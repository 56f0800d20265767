//! Where images are published, and whether their pixels can be read. Makes nothing of them.

use super::Edition;
use crate::diagnostic::{Diagnostic, FileId};
use crate::model::Route;
use crate::pages::{Page, View};
use crate::render::Press;

impl Edition {
    /// Where an image file is published in the form that is for everybody.
    #[must_use]
    pub fn image_of(&self, file: &FileId) -> Option<Route> {
        self.with(|atlas| {
            let page = Page::Rendition(atlas.image_set(file, None)?.fallback);
            let route = atlas.route(&page);
            atlas.at(&route).map(|_| route)
        })
    }

    /// Of each image that is shown, a file that is made of it. Whoever can make that one can make the others.
    #[must_use]
    pub fn proofs(&self) -> Vec<Route> {
        self.with(|atlas| atlas.proofs().iter().map(|p| atlas.route(p)).collect())
    }

    /// What is wrong with the image of which something is made at a route; looks at all its pixels.
    #[must_use]
    pub fn proof(&self, route: &Route) -> Option<Diagnostic> {
        self.with(|atlas| match atlas.at(route).and_then(|page| atlas.view(&page))? {
            View::Rendition(of) => Press::proof(&of, &*self.texts),
            _ => None,
        })
    }
}
