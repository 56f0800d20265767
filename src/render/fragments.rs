//! Links to places inside pages: whether something there has that name.

use super::Press;
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::model::{Route, Texts};
use crate::pages::{Atlas, Document, View};

impl Press {
    /// Links of a text to places that are not there (E0807).
    pub(super) fn astray(
        &self,
        d: &Document<'_>,
        printed: &[u8],
        fragments: &[(Route, String, Span)],
        atlas: &Atlas<'_>,
        texts: &dyn Texts,
    ) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for (route, id, span) in fragments {
            // What cannot be printed has its own finding.
            let Some(there) = self.anchors(route, &d.head.path, printed, atlas, texts) else { continue };
            if !there.iter().any(|a| a == id) {
                let words = "a heading's anchor is its words in small letters, joined by hyphens";
                let near = crate::diagnostic::nearest(id, there.iter().map(String::as_str));
                let holds = there.iter().find(|a| !id.is_empty() && a.contains(id.as_str()));
                let help = match holds {
                    _ if near.starts_with("did") => near,
                    Some(a) => format!("did you mean `{a}`?"),
                    None => words.to_owned(),
                };
                let file = d.body.map_or_else(|| FileId::new(""), |b| b.common.file.clone());
                findings.push(
                    Diagnostic::at("E0807", &file, *span, format!("nothing at {route} is called `#{id}`")).help(help),
                );
            }
        }
        findings
    }

    /// The ids on a page, which links can lead to; `None` where the page cannot be printed.
    fn anchors(
        &self,
        route: &Route,
        own: &str,
        printed: &[u8],
        atlas: &Atlas<'_>,
        texts: &dyn Texts,
    ) -> Option<Vec<String>> {
        let ids = |bytes: &[u8]| -> Vec<String> {
            let text = String::from_utf8_lossy(bytes);
            text.split(" id=\"").skip(1).filter_map(|t| Some(t.split_once('"')?.0.to_owned())).collect()
        };
        if format!("{}{}", atlas.site.base_path, route.url()) == own {
            return Some(ids(printed));
        }
        let view = atlas.at(route).and_then(|p| atlas.view(&p));
        match view {
            Some(View::Document(d)) => self.document(*d, atlas, texts, false).ok().map(|o| ids(&o.bytes)),
            _ => Some(Vec::new()),
        }
    }
}
