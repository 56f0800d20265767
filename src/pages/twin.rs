//! The Markdown twin of an article or a deal, for programs that read. Prints nothing.

use super::home::SourceLine;
use super::view::Body;
use super::{Atlas, Page};
use crate::catalogue::Noun;
use crate::locale::Locale;
use crate::model::{Article, Correction, Entry};

/// A twin to be written.
#[derive(Clone, Debug)]
pub struct TwinView<'a> {
    /// The headline.
    pub title: String,
    /// The standfirst; may be empty.
    pub description: &'a str,
    /// The address of the page.
    pub page: String,
    /// Labels and texts.
    pub facts: Vec<(&'a str, String)>,
    /// The text.
    pub body: Option<Body<'a>>,
    /// What was wrong: the label and the text.
    pub corrections: Vec<(String, &'a str)>,
    /// Where it comes from.
    pub sources: Vec<SourceLine<'a>>,
    /// The words of its language.
    pub words: &'a Locale,
}

impl<'a> Atlas<'a> {
    /// Whether a page has a twin.
    #[must_use]
    pub fn has_twin(&self, page: &Page) -> bool {
        self.site.outputs.twins && matches!(page, Page::Article(_) | Page::Deal(_)) && self.exists(page)
    }

    /// "correction, 5 July 2017".
    fn correction_label(&self, c: &Correction) -> String {
        let kind = self.words.inside(self.words.text(&c.kind));
        self.words.joined("comma", &[kind, self.words.date(c.date)])
    }

    pub(super) fn twin(&self, page: &Page) -> Option<TwinView<'a>> {
        if !self.has_twin(page) {
            return None;
        }
        let names = |noun, ids: &'a [crate::model::Id]| {
            let names = ids.iter().filter_map(|id| self.link(noun, id)).map(|l| l.title);
            self.words.joined("enumeration", &names.collect::<Vec<_>>())
        };
        let mut facts = Vec::new();
        let mut tell = |key: &str, text: String| {
            if !text.is_empty() {
                facts.push((self.words.text(key), text));
            }
        };
        let (a, deal, body): (&'a Article, _, bool) = match page {
            Page::Article(id) => {
                let a = self.news(id)?;
                let zone = &self.site.zone;
                if let Some(s) = &a.sponsor {
                    tell("twin-label", [s.label.as_str(), s.name.as_str()].join(" ").trim().to_owned());
                }
                tell("twin-published", super::iso(a.date, zone));
                tell("twin-updated", a.updated.map_or(String::new(), |u| super::iso(u, zone)));
                tell("twin-by", names(Noun::Person, &a.authors));
                let mut of = a.deal.iter().map(|d| &d.id).chain(&a.covers).chain(a.updates.iter().map(|u| &u.deal));
                (a, of.find_map(|id| self.catalogue.deal(id)), true)
            }
            Page::Deal(id) => {
                let own = matches!(self.public(Noun::Article, id), Some(Entry::Deal(_)));
                (self.catalogue.opener(id)?, self.catalogue.deal(id), own)
            }
            _ => return None,
        };
        tell("topics", names(Noun::Tag, &a.tags));
        tell("stories", names(Noun::Thread, &a.threads));
        let is_deal = matches!(page, Page::Deal(_));
        if let Some(d) = deal {
            if !is_deal {
                tell("deal", d.title.clone());
            }
            facts.extend(self.facts(d).into_iter().map(super::deals::Fact::into_pair));
        }
        let corrections = a.corrections.iter().filter(|_| !is_deal);
        Some(TwinView {
            title: if is_deal { deal?.title.clone() } else { a.common.title.clone() },
            description: if is_deal && !body { "" } else { &a.common.description },
            page: self.address(page),
            facts,
            body: body.then_some(Body { common: &a.common, noun: Noun::Article, article: Some(a) }),
            corrections: corrections.map(|c| (self.correction_label(c), c.text.as_str())).collect(),
            words: self.words,
            sources: a.sources.iter().map(|s| self.source_line(s)).collect(),
        })
    }
}
