//! What the style guide shows: the views of real pages beside one another, deals and articles as examples. Prints nothing.

use super::ready::Shown;
use super::shapes::{Card, Link, Tombstone};
use super::view::{Document, Head};
use super::{Atlas, Page, Version, View};
use crate::model::Id;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a style guide shows of an edition, by the names that its template has for it.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Where it stands, with the path of the base address.
    pub path: String,
    /// Pages whose views it shows.
    pub pages: Vec<(&'static str, Page)>,
    /// Deals, by what they are examples of.
    pub deals: Vec<(&'static str, Vec<Id>)>,
    /// Articles in lists.
    pub cards: Vec<Id>,
    /// Pages that it leads to, with what is to be seen there.
    pub links: Vec<(&'static str, Page)>,
    /// Languages of the switch, by tag and name.
    pub languages: Vec<(String, String)>,
}

/// A colour of the theme: in the light, in the dark.
#[derive(Clone, Debug, Serialize)]
struct Swatch {
    name: &'static str,
    light: String,
    dark: String,
}

/// How well words in one colour are read on another: 1 to 21, with one decimal.
#[derive(Clone, Debug, Serialize)]
struct Contrast {
    words: &'static str,
    ground: &'static str,
    light: String,
    dark: String,
}

/// What `style.html` gets, besides the values of the pages whose views it shows.
#[derive(Clone, Debug, Serialize)]
pub struct Guide<'a> {
    colours: Vec<Swatch>,
    contrasts: Vec<Contrast>,
    deals: BTreeMap<&'static str, Vec<Shown<'a, Tombstone<'a>>>>,
    cards: Vec<Shown<'a, Card<'a>>>,
    links: Vec<Link<'a>>,
    /// `page`.
    #[serde(skip)]
    pub head: Head<'a>,
    /// The pages.
    #[serde(skip)]
    pub documents: Vec<(&'static str, Document<'a>)>,
}

impl<'a> Atlas<'a> {
    /// The style guide of a plan. What the edition does not have is left out.
    #[must_use]
    pub fn guide(&self, plan: &Plan) -> Guide<'a> {
        let theme = &self.site.theme;
        let mut head = self.head(&Page::Home, "style", "Style guide", "");
        head.path.clone_from(&plan.path);
        head.languages = plan.languages.iter().enumerate().map(|(n, l)| version(plan, l, n == 0)).collect();
        let document = |page: &Page| match self.view(page) {
            Some(View::Document(document)) => Some(*document),
            _ => None,
        };
        let deal = |id: &Id| self.catalogue.deal(id).map(|d| self.tombstone(d));
        Guide {
            colours: theme
                .colours()
                .map(|(name, light, dark)| Swatch { name, light: light.to_string(), dark: dark.to_string() })
                .collect(),
            contrasts: theme
                .contrasts()
                .map(|(words, ground, light, dark)| Contrast {
                    words,
                    ground,
                    light: format!("{light:.1}"),
                    dark: format!("{dark:.1}"),
                })
                .collect(),
            deals: plan.deals.iter().map(|(of, ids)| (*of, ids.iter().filter_map(deal).collect())).collect(),
            cards: plan.cards.iter().filter_map(|id| self.catalogue.article(id)).map(|a| self.card(a)).collect(),
            links: plan
                .links
                .iter()
                .filter(|(_, page)| self.view(page).is_some())
                .map(|(title, page)| Link { title, url: Some(self.path(page).into()) })
                .collect(),
            head,
            documents: plan.pages.iter().filter_map(|(name, page)| Some((*name, document(page)?))).collect(),
        }
    }
}

/// A language of the switch: it leads back here.
fn version(plan: &Plan, (language, name): &(String, String), current: bool) -> Version {
    Version {
        language: language.clone(),
        name: name.clone(),
        url: plan.path.clone(),
        address: plan.path.clone(),
        current,
        same: true,
    }
}
