//! What many pages show, made once before all of them are asked for. Pages are the same with and without.

use super::Edition;
use super::spoken::Listener;
use crate::catalogue::Noun;
use crate::model::{Common, Id, Route};
use crate::pages::{Form, Link, Page, Part, Ready, Shard, Syntax, View, Whom};
use crate::render::{Facet, Piece, Press, tables};
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

/// Does a job for each number below one, on as many threads as it likes.
pub type Each<'a> = dyn Fn(usize, &(dyn Fn(usize) + Sync)) + 'a;

/// The pieces of things, once they are made.
type Pieces = OnceLock<HashMap<Id, Piece, FxBuildHasher>>;

/// A link to a thing, as it is and as templates get it.
struct Known {
    title: String,
    url: Option<String>,
    shape: Option<Piece>,
}

/// The links to public things, by noun.
type Links = OnceLock<[HashMap<Id, Known, FxBuildHasher>; 6]>;

/// What is asked for again and again while everything is printed, made once. Empty after every change.
#[derive(Default)]
pub(super) struct Stock {
    /// The page at each route; none where two would stand.
    pages: OnceLock<HashMap<Route, Option<Page>, FxBuildHasher>>,
    /// The route of each page.
    places: OnceLock<HashMap<Page, Route, FxBuildHasher>>,
    links: Links,
    cards: Pieces,
    tombstones: Pieces,
    entries: Pieces,
    rows: Pieces,
    /// The files of search, by the name of their shard.
    search: Pieces,
    /// What listens to the texts that are printed.
    pub(super) listener: OnceLock<Listener>,
}

impl Stock {
    /// Every page and its route; `None` where nothing was made.
    pub(super) fn laid_out(&self) -> Option<impl Iterator<Item = (&Page, &Route)>> {
        self.places.get().map(HashMap::iter)
    }

    /// The route of every page; `None` where nothing was made.
    pub(super) fn routes(&self) -> Option<impl Iterator<Item = &Route>> {
        self.pages.get().map(HashMap::keys)
    }
}

impl Edition {
    /// Notes where every page stands, before anybody asks for the first one.
    pub fn lay_out(&self, each: &Each<'_>) {
        for edition in &self.abroad.editions {
            edition.lay_out(each);
        }
        let (all, made) = self.with(|atlas| {
            let all = atlas.all();
            let made = many(each, &all, |page| Some(atlas.route(page)));
            (all, made)
        });
        let count = all.len();
        let mut pages = HashMap::with_capacity_and_hasher(count, FxBuildHasher);
        let mut routes = HashMap::with_capacity_and_hasher(count, FxBuildHasher);
        let mut known = 0;
        for (route, page) in made.into_iter().zip(all).filter_map(|(route, page)| Some((route?, page))) {
            routes.insert(page.clone(), route.clone());
            pages.entry(route).and_modify(|other| *other = None).or_insert(Some(page));
            known += 1;
        }
        // All of them, or none: who does not find a page here takes it that there is none.
        if known == count {
            let _ = self.stock.pages.set(pages);
            let _ = self.stock.places.set(routes);
        }
    }

    /// Makes what many pages show once, before all of them are asked for. Pages are the same with and without, and with
    /// a part of it, where `each` leaves jobs undone.
    pub fn prepare(&self, each: &Each<'_>) {
        for edition in &self.abroad.editions {
            edition.prepare(each);
        }
        let (feeds, shards) = self.with(|atlas| (atlas.feeds(), atlas.shards()));
        let nouns = [Noun::Company, Noun::Person, Noun::Tag, Noun::Thread];
        let things = nouns.into_iter().flat_map(|n| self.catalogue.public(n).map(move |e| (n, e.common().id.clone())));
        let things: Vec<(Noun, Id)> = things.collect();
        let links = many(each, &things, |(noun, id)| {
            let link = |l: Link<'_>| {
                let shape = Piece::shape(&l);
                Known { title: l.title.to_owned(), url: l.url.map(Into::into), shape }
            };
            self.with(|a| a.fresh_link(*noun, id).map(link))
        });
        let mut by_noun: [HashMap<_, _, FxBuildHasher>; 6] = Default::default();
        for ((noun, id), link) in things.into_iter().zip(links) {
            by_noun[noun as usize].extend(link.map(|link| (id, link)));
        }
        let _ = self.stock.links.set(by_noun);
        let lists = self.catalogue.lists();
        let deals: Vec<Id> = lists.deals.iter().map(|k| k.1.clone()).collect();
        let news: Vec<Id> = lists.news.iter().map(|k| k.1.clone()).collect();
        if self.site.outputs.data {
            let made = many(each, &deals, |id| self.with(|a| tables::piece(a, a.catalogue.deal(id)?).ok()));
            let _ = self.stock.rows.set(by_id(deals.clone(), made));
        }
        // Cards show tombstones: those come first.
        let made = many(each, &deals, |id| {
            self.with(|a| Piece::shape(&a.tombstone_of(a.catalogue.deal(id)?, |party| Facet::of(&party))))
        });
        let _ = self.stock.tombstones.set(by_id(deals, made));
        let made = many(each, &news, |id| self.with(|a| Piece::shape(&a.fresh_card(a.catalogue.article(id)?))));
        let _ = self.stock.cards.set(by_id(news, made));
        // Each entry is written in two syntaxes at the least, and its text is the dear part.
        let carried = many(each, &feeds, |feed| {
            self.with(|a| match a.view(&Page::Feed(feed.clone(), Syntax::Atom))? {
                View::Feed(feed) => {
                    let own = feed.items.iter().filter(|i| i.correction.is_none());
                    Some(own.map(|i| i.article.common.id.clone()).collect::<Vec<Id>>())
                }
                _ => None,
            })
        });
        let carried: BTreeSet<Id> = carried.into_iter().flatten().flatten().collect();
        let carried: Vec<Id> = carried.into_iter().collect();
        let made =
            many(each, &carried, |id| self.with(|a| self.press.feed_piece(a.catalogue.article(id)?, a, &*self.texts)));
        let _ = self.stock.entries.set(by_id(carried, made));
        // All words of a year come from one reading of its texts.
        let shards: BTreeMap<Id, Shard> =
            shards.into_iter().filter_map(|s| Some((Id::parse(&s.to_string())?, s))).collect();
        let ids: Vec<Id> = shards.keys().cloned().collect();
        let made = many(each, &ids, |id| {
            self.with(|a| Press::search_files(&a.finds(*shards.get(id)?), &*self.texts).ok().map(Piece::files))
        });
        let _ = self.stock.search.set(by_id(ids, made));
    }

    pub(super) fn search_file(&self, shard: Shard, part: Part) -> Option<&[u8]> {
        self.stock.search.get()?.get(&Id::parse(&shard.to_string())?)?.as_file(part)
    }
}

/// What could be made of each thing, in their order.
fn many<T: Sync, M: Send + Sync>(each: &Each<'_>, of: &[T], make: impl Fn(&T) -> Option<M> + Sync) -> Vec<Option<M>> {
    let places: Vec<OnceLock<M>> = of.iter().map(|_| OnceLock::new()).collect();
    each(of.len(), &|n| {
        if let Some(made) = make(&of[n]) {
            let _ = places[n].set(made);
        }
    });
    places.into_iter().map(OnceLock::into_inner).collect()
}

/// The pieces that could be made, by what they are of.
fn by_id(ids: Vec<Id>, made: Vec<Option<Piece>>) -> HashMap<Id, Piece, FxBuildHasher> {
    let mut all = HashMap::with_capacity_and_hasher(ids.len(), FxBuildHasher);
    all.extend(ids.into_iter().zip(made).filter_map(|(id, p)| Some((id, p?))));
    all
}

impl Ready for Edition {
    fn page(&self, route: &Route) -> Option<&Page> {
        self.stock.pages.get()?.get(route)?.as_ref()
    }

    fn route(&self, page: &Page) -> Option<&Route> {
        self.stock.places.get()?.get(page)
    }

    fn card(&self, article: &Id) -> Option<&dyn erased_serde::Serialize> {
        self.stock.cards.get()?.get(article)?.as_shape()
    }

    fn tombstone(&self, deal: &Id) -> Option<&dyn erased_serde::Serialize> {
        self.stock.tombstones.get()?.get(deal)?.as_shape()
    }

    fn parties(&self, deal: &Id) -> Option<&dyn erased_serde::Serialize> {
        self.stock.tombstones.get()?.get(deal)?.as_member("parties")
    }

    fn link(&self, noun: Noun, id: &Id) -> Option<Link<'_>> {
        let known = self.stock.links.get()?[noun as usize].get(id)?;
        Some(Link { title: &known.title, url: known.url.as_deref().map(Into::into) })
    }

    fn link_shape(&self, noun: Noun, id: &Id) -> Option<&dyn erased_serde::Serialize> {
        self.stock.links.get()?[noun as usize].get(id)?.shape.as_ref()?.as_shape()
    }

    fn feed_entry(&self, article: &Id, syntax: Syntax) -> Option<&[u8]> {
        self.stock.entries.get()?.get(article)?.as_entry(syntax)
    }

    fn row(&self, deal: &Id, form: Form) -> Option<&[u8]> {
        self.stock.rows.get()?.get(deal)?.as_row(form)
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

    fn overhear(&self, noun: Noun, common: &Common, whom: Whom<'_>) {
        if let Some(listener) = self.stock.listener.get() {
            listener.overhear(&common.file, (noun, &common.id), whom);
        }
    }

    fn wants(&self, template: &str, value: &str) -> bool {
        self.press.wants(template, value)
    }
}
