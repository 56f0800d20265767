//! The lists that pages are made of: ordered, of keys alone. Never holds a body.

use super::sorted::{Held, Put, Sorted, put, put_by_id, settle, settle_by_id};
use crate::model::{Article, Deal, Id, Kind, State};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The place of an article in a list: oldest first.
pub type Key = (Timestamp, Id);
/// The place of a deal in a list: oldest first.
pub type DealKey = (jiff::civil::Date, Id);

type Many<K, T> = BTreeMap<K, Sorted<T>>;
/// Asked for by id alone, never walked in order.
pub type ById<T> = HashMap<Id, Sorted<T>, FxBuildHasher>;
/// The same, by slug.
pub type BySlug = HashMap<String, BTreeSet<Id>, FxBuildHasher>;

/// Indexes over what is public.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lists {
    /// Every article.
    pub news: Sorted<Key>,
    /// Articles with a tag.
    pub by_tag: ById<Key>,
    /// Articles that speak of a company.
    pub by_company: ById<Key>,
    /// Articles that speak of a person.
    pub by_person: ById<Key>,
    /// Articles that a person wrote.
    pub by_author: ById<Key>,
    /// Articles that have both of two tags, in order of their ids.
    pub by_pair: Many<(Id, Id), Key>,
    /// What was wrong: the day it was said, the article, which of its corrections. Updates are none.
    pub corrected: Sorted<(jiff::civil::Date, Id, usize)>,
    /// Articles of a thread.
    pub by_thread: ById<Key>,
    /// Articles that open, cover or update a deal.
    pub by_deal: ById<Key>,
    /// Articles of a month of the site's zone.
    pub by_month: Many<(i16, i8), Key>,
    /// Articles by the last part of their address.
    pub by_slug: BySlug,
    /// Every deal.
    pub deals: Sorted<DealKey>,
    /// Deals with a tag.
    pub deals_by_tag: ById<DealKey>,
    /// Deals that speak of a company.
    pub deals_by_company: ById<DealKey>,
    /// Deals that speak of a person.
    pub deals_by_person: ById<DealKey>,
    /// Deals of a thread.
    pub deals_by_thread: ById<DealKey>,
    /// Deals of a year.
    pub deals_by_year: Many<i16, DealKey>,
    /// Deals of a kind.
    pub deals_by_kind: Many<Kind, DealKey>,
}

/// The day by which a deal is listed: the first day of its announcement or signing, else of its first state.
#[must_use]
pub fn deal_day(deal: &Deal) -> jiff::civil::Date {
    let main = deal.steps.iter().find(|s| matches!(s.state, State::Announced | State::Signed));
    main.or(deal.steps.first()).map_or(jiff::civil::date(1, 1, 1), |s| s.date.first())
}

impl Lists {
    /// Adds or removes an article or a deal file, with the deals it reports on besides its own.
    pub fn set(&mut self, a: &Article, is_article: bool, reported: &[Arc<Deal>], zone: &TimeZone, how: Put) {
        // Short lists, and many of them: those are soonest done at once.
        let now = Put::now(how.on);
        let key = (a.date, a.common.id.clone());
        if is_article {
            self.news.put(key.clone(), how);
            for (ids, map) in
                [(&a.tags, &mut self.by_tag), (&a.authors, &mut self.by_author), (&a.threads, &mut self.by_thread)]
            {
                for id in ids {
                    put_by_id(map, id, key.clone(), how);
                }
            }
            // A mention is of a company or of a person: ids of both are looked up later, an extra key harms nobody.
            for id in &a.mentions {
                put_by_id(&mut self.by_company, id, key.clone(), how);
                put_by_id(&mut self.by_person, id, key.clone(), how);
            }
            for deal in a.deal.iter().chain(reported) {
                put_by_id(&mut self.by_deal, &deal.id, key.clone(), now);
                for id in deal.companies() {
                    put_by_id(&mut self.by_company, id, key.clone(), how);
                }
                for id in deal.people() {
                    put_by_id(&mut self.by_person, id, key.clone(), how);
                }
            }
            for (i, one) in a.tags.iter().enumerate() {
                for other in a.tags[..i].iter().filter(|other| *other != one) {
                    let (first, second) = if one < other { (one, other) } else { (other, one) };
                    put(&mut self.by_pair, (first.clone(), second.clone()), key.clone(), how);
                }
            }
            for (n, c) in a.corrections.iter().enumerate().filter(|(_, c)| c.kind != "update") {
                let place = (c.date.last(), a.common.id.clone(), n);
                self.corrected.put(place, how);
            }
            let day = zone.to_datetime(a.date);
            put(&mut self.by_month, (day.year(), day.month()), key.clone(), how);
            let slug = a.common.slug.clone().unwrap_or_else(|| a.common.id.to_string());
            put_by_id(&mut self.by_slug, &slug, a.common.id.clone(), now);
        }
        if !is_article {
            for update in &a.updates {
                put_by_id(&mut self.by_deal, &update.deal, key.clone(), now);
            }
        }
        let Some(deal) = &a.deal else { return };
        let key = (deal_day(deal), deal.id.clone());
        self.deals.put(key.clone(), how);
        for id in &a.tags {
            put_by_id(&mut self.deals_by_tag, id, key.clone(), how);
        }
        for id in &a.threads {
            put_by_id(&mut self.deals_by_thread, id, key.clone(), how);
        }
        for id in deal.companies() {
            put_by_id(&mut self.deals_by_company, id, key.clone(), how);
        }
        for id in deal.people() {
            put_by_id(&mut self.deals_by_person, id, key.clone(), how);
        }
        put(&mut self.deals_by_year, key.0.year(), key.clone(), how);
        put(&mut self.deals_by_kind, deal.kind, key, how);
    }

    /// Brings in what waits.
    pub fn settle(&mut self) {
        self.news.settle();
        self.corrected.settle();
        self.deals.settle();
        for map in [&mut self.by_tag, &mut self.by_company, &mut self.by_person, &mut self.by_author] {
            settle_by_id(map);
        }
        settle_by_id(&mut self.by_thread);
        for map in [&mut self.deals_by_tag, &mut self.deals_by_company, &mut self.deals_by_person] {
            settle_by_id(map);
        }
        settle_by_id(&mut self.deals_by_thread);
        settle(&mut self.by_pair);
        settle(&mut self.by_month);
        settle(&mut self.deals_by_year);
        settle(&mut self.deals_by_kind);
    }
}
