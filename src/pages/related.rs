//! What was written before and after an article, and what is nearest to it. Prints nothing.

use super::Atlas;
use super::ready::Shown;
use super::shapes::{Card, Link};
use crate::catalogue::{Key, Noun, Sorted};
use crate::model::{Article, Deal, Id, Who};
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::collections::BTreeSet;
use std::ops::Bound;

/// Articles looked at on each side of an article in each list.
const LOOKED_AT: usize = 12;
/// Nearest articles shown.
const NEAREST: usize = 4;

type Keys = Sorted<Key>;

/// What one party was in the news for before and after; or how a running story went.
#[derive(Clone, Debug, Serialize)]
pub struct Related<'a> {
    party: Link<'a>,
    earlier: Option<Shown<'a, Card<'a>>>,
    later: Option<Shown<'a, Card<'a>>>,
}

impl<'a> Atlas<'a> {
    /// The articles just before and after one in a list, sponsored ones left out.
    pub(super) fn neighbours(
        &self,
        keys: &Keys,
        a: &Article,
    ) -> (Option<Shown<'a, Card<'a>>>, Option<Shown<'a, Card<'a>>>) {
        let key = (a.date, a.common.id.clone());
        let open = |k: &Key| self.news(&k.1).filter(|a| a.sponsor.is_none());
        let before = keys.range(..&key).rev().find_map(open);
        let after = keys.range((Bound::Excluded(&key), Bound::Unbounded)).find_map(open);
        (before.map(|a| self.card(a)), after.map(|a| self.card(a)))
    }

    fn both_sides(&self, link: Link<'a>, keys: &Keys, a: &Article) -> Option<Related<'a>> {
        let (earlier, later) = self.neighbours(keys, a);
        (earlier.is_some() || later.is_some()).then_some(Related { party: link, earlier, later })
    }

    /// Before and after for each party of a deal.
    pub(super) fn related(&self, deal: &'a Deal, a: &Article) -> Vec<Related<'a>> {
        let l = self.catalogue.lists();
        let parties = deal.parties.iter().take(6).filter_map(|p| match &p.who {
            Who::Company(id) => Some((self.link(Noun::Company, id)?, l.by_company.get(id)?)),
            Who::Person(id) => Some((self.link(Noun::Person, id)?, l.by_person.get(id)?)),
        });
        parties.filter_map(|(link, keys)| self.both_sides(link, keys, a)).collect()
    }

    /// Before and after in each running story.
    pub(super) fn story(&self, a: &'a Article) -> Vec<Related<'a>> {
        let l = self.catalogue.lists();
        let threads = a.threads.iter().take(4);
        let threads = threads.filter_map(|id| Some((self.link(Noun::Thread, id)?, l.by_thread.get(id)?)));
        threads.filter_map(|(link, keys)| self.both_sides(link, keys, a)).collect()
    }

    /// The articles that share most with one: deals count more than parties and these more than tags, and what is rare
    /// more than what is common. Only articles near in time are looked at, so that it costs the same on any site.
    pub(super) fn nearest(&self, a: &'a Article) -> Vec<Shown<'a, Card<'a>>> {
        let l = self.catalogue.lists();
        let deals: Vec<&'a Id> =
            a.deal.iter().map(|d| &d.id).chain(&a.covers).chain(a.updates.iter().map(|u| &u.deal)).collect();
        let records = deals.iter().filter_map(|id| self.catalogue.deal(id));
        let parties: BTreeSet<(bool, &'a Id)> = records
            .flat_map(|d| d.companies().map(|id| (true, id)).chain(d.people().map(|id| (false, id))))
            .chain(a.mentions.iter().map(|id| (true, id)))
            .collect();
        let shared = deals.iter().filter_map(|id| Some((8, l.by_deal.get(*id)?)));
        let shared = shared.chain(parties.into_iter().filter_map(|(is_company, id)| {
            let of = if is_company { &l.by_company } else { &l.by_person };
            Some((4, of.get(id)?))
        }));
        let shared = shared.chain(a.threads.iter().filter_map(|id| Some((4, l.by_thread.get(id)?))));
        let shared = shared.chain(a.tags.iter().filter_map(|id| Some((2, l.by_tag.get(id)?))));
        let own = (a.date, a.common.id.clone());
        let mut scores: FxHashMap<&'a Key, u32> = FxHashMap::default();
        for (weight, keys) in shared {
            // How rare, in steps: one more article does not turn the order of all others round.
            let rarity = keys.len().ilog2().min(15);
            let before = keys.range(..&own).rev().take(LOOKED_AT);
            let after = keys.range((Bound::Excluded(&own), Bound::Unbounded)).take(LOOKED_AT);
            for key in before.chain(after) {
                *scores.entry(key).or_default() += weight * (16 - rarity);
            }
        }
        let away = |key: &Key| key.0.duration_since(a.date).abs();
        let mut found: Vec<(&'a Key, u32)> = scores.into_iter().collect();
        found.sort_by(|x, y| y.1.cmp(&x.1).then_with(|| away(x.0).cmp(&away(y.0))).then_with(|| x.0.cmp(y.0)));
        let open = found.into_iter().filter_map(|(k, _)| self.news(&k.1)).filter(|a| a.sponsor.is_none());
        open.take(NEAREST).map(|a| self.card(a)).collect()
    }
}
