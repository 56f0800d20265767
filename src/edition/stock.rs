//! What many pages show, made once before all of them are asked for. Pages are the same with and without.

use super::Edition;
use crate::model::{Id, Route};
use crate::pages::{Form, Page, Part, Ready, Shard, Syntax, View};
use crate::render::{Piece, Press, tables};
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, HashMap};

/// Makes the piece of a deal or an article.
pub type Make<'a> = &'a (dyn Fn(&Id) -> Option<Piece> + Sync);

/// Makes the pieces of many, in their order.
pub type MakeAll<'a> = dyn Fn(&[Id], Make<'_>) -> Vec<Option<Piece>> + 'a;

/// What is asked for again and again while everything is printed, made once. Empty after every change.
#[derive(Default)]
pub(super) struct Stock {
    /// The page at each route; none where two would stand.
    pages: HashMap<Route, Option<Page>, FxBuildHasher>,
    cards: HashMap<Id, Piece, FxBuildHasher>,
    tombstones: HashMap<Id, Piece, FxBuildHasher>,
    entries: HashMap<Id, Piece, FxBuildHasher>,
    rows: HashMap<Id, Piece, FxBuildHasher>,
    /// The files of search, by the name of their shard.
    search: HashMap<Id, Piece, FxBuildHasher>,
}

impl Edition {
    /// Makes what many pages show once, before all of them are asked for. `each` makes many, on as many threads as it
    /// likes. Pages are the same with and without.
    pub fn prepare(&mut self, each: &MakeAll<'_>) {
        for edition in &mut self.abroad.editions {
            edition.prepare(each);
        }
        self.stock = Stock::default();
        let all = self.with(|atlas| atlas.all().into_iter().map(|p| (atlas.route(&p), p)).collect::<Vec<_>>());
        let mut pages = HashMap::with_capacity_and_hasher(all.len(), FxBuildHasher);
        for (route, page) in all {
            pages.entry(route).and_modify(|other| *other = None).or_insert(Some(page));
        }
        self.stock.pages = pages;
        let lists = self.catalogue.lists();
        let deals: Vec<Id> = lists.deals.iter().map(|k| k.1.clone()).collect();
        let news: Vec<Id> = lists.news.iter().map(|k| k.1.clone()).collect();
        let shared = self.with(|atlas| {
            let mut carried: BTreeMap<Id, usize> = BTreeMap::new();
            for page in atlas.feeds().into_iter().map(|c| Page::Feed(c, Syntax::Atom)) {
                let Some(View::Feed(feed)) = atlas.view(&page) else { continue };
                // Each is written twice, and its text is the dear part.
                for item in feed.items.iter().filter(|i| i.correction.is_none()) {
                    *carried.entry(item.article.common.id.clone()).or_default() += 2;
                }
            }
            carried.into_iter().filter(|c| c.1 > 1).map(|c| c.0).collect::<Vec<Id>>()
        });
        if self.site.outputs.data {
            let made = each(&deals, &|id| self.with(|a| tables::piece(a, a.catalogue.deal(id)?).ok()));
            self.stock.rows = by_id(deals.clone(), made);
        }
        // Cards show tombstones: those come first.
        let made =
            each(&deals, &|id| self.with(|a| a.catalogue.deal(id).and_then(|d| Piece::shape(&a.fresh_tombstone(d)))));
        self.stock.tombstones = by_id(deals, made);
        let made =
            each(&news, &|id| self.with(|a| a.catalogue.article(id).and_then(|x| Piece::shape(&a.fresh_card(x)))));
        self.stock.cards = by_id(news, made);
        let made = each(&shared, &|id| self.with(|a| self.press.feed_piece(a.catalogue.article(id)?, a, &*self.texts)));
        self.stock.entries = by_id(shared, made);
        // All words of a year come from one reading of its texts.
        let shards: BTreeMap<Id, Shard> =
            self.with(|a| a.shards().into_iter().filter_map(|s| Some((Id::parse(&s.to_string())?, s))).collect());
        let ids: Vec<Id> = shards.keys().cloned().collect();
        let made = each(&ids, &|id| {
            self.with(|a| Press::search_files(&a.finds(*shards.get(id)?), &*self.texts).ok().map(Piece::files))
        });
        self.stock.search = by_id(ids, made);
    }

    pub(super) fn search_file(&self, shard: Shard, part: Part) -> Option<&[u8]> {
        if self.stock.search.is_empty() {
            return None;
        }
        self.stock.search.get(&Id::parse(&shard.to_string())?)?.as_file(part)
    }
}

/// The pieces that could be made, by what they are of.
fn by_id(ids: Vec<Id>, made: Vec<Option<Piece>>) -> HashMap<Id, Piece, FxBuildHasher> {
    let mut all = HashMap::with_capacity_and_hasher(ids.len(), FxBuildHasher);
    all.extend(ids.into_iter().zip(made).filter_map(|(id, p)| Some((id, p?))));
    all
}

impl Ready for Edition {
    fn page(&self, route: &Route) -> Option<&Page> {
        self.stock.pages.get(route)?.as_ref()
    }

    fn card(&self, article: &Id) -> Option<&dyn erased_serde::Serialize> {
        self.stock.cards.get(article)?.as_shape()
    }

    fn tombstone(&self, deal: &Id) -> Option<&dyn erased_serde::Serialize> {
        self.stock.tombstones.get(deal)?.as_shape()
    }

    fn feed_entry(&self, article: &Id, syntax: Syntax) -> Option<&[u8]> {
        self.stock.entries.get(article)?.as_entry(syntax)
    }

    fn row(&self, deal: &Id, form: Form) -> Option<&[u8]> {
        self.stock.rows.get(deal)?.as_row(form)
    }

    fn look(&self) -> &str {
        self.press.cards.look()
    }

    fn draws_site(&self) -> bool {
        !self.press.has_picture
    }

    fn has_own(&self, path: &str) -> bool {
        self.press.assets.has(path)
    }

    fn wants(&self, template: &str, value: &str) -> bool {
        self.press.wants(template, value)
    }
}
