//! Whom a company deals with, and who of them met in the same deals: the data of the network. Draws nothing.

use super::shapes::{Day, Link, script_of};
use super::{Atlas, Page};
use crate::catalogue::Noun;
use crate::model::{Deal, Id};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Counterparties shown.
pub(super) const SHOWN: usize = 24;

/// Another company of a company's deals.
#[derive(Clone, Debug, Serialize)]
pub struct Counterparty<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its tearsheet.
    pub url: Option<Cow<'a, str>>,
    /// `zh` where the name is Chinese.
    pub language: Option<&'static str>,
    /// Deals in common.
    pub count: usize,
    /// The newest of them.
    pub newest: Link<'a>,
    /// When that one was announced or signed.
    pub date: Option<Day>,
}

/// Two counterparties, by their places in the list, that took part in the same deals.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tie {
    /// The one that stands first.
    pub a: usize,
    /// The other.
    pub b: usize,
    /// Deals in common.
    pub count: usize,
}

/// A company among those that it deals with, who are listed beside this.
#[derive(Clone, Debug, Serialize)]
pub struct Network<'a> {
    /// The company.
    pub name: &'a str,
    /// `zh` where the name is Chinese.
    pub language: Option<&'static str>,
    /// Who of its counterparties met in its deals.
    pub ties: Vec<Tie>,
    /// Counterparties that are not shown.
    pub more: usize,
    /// How many of its newest deals this was taken from, where it has more.
    pub newest: Option<usize>,
}

/// A public company that was met in deals.
pub(super) struct Met<'a> {
    id: &'a Id,
    count: usize,
    newest: &'a Deal,
}

impl<'a> Atlas<'a> {
    /// Other public companies of the same deals, those met most often first. The deals come newest first.
    pub(super) fn met(&self, id: &Id, deals: &[&'a Deal]) -> Vec<Met<'a>> {
        let mut by_id: BTreeMap<&'a Id, Met<'a>> = BTreeMap::new();
        for deal in deals {
            for other in each_once(deal).into_iter().filter(|c| *c != id) {
                by_id.entry(other).or_insert(Met { id: other, count: 0, newest: deal }).count += 1;
            }
        }
        let mut all: Vec<Met<'a>> = by_id.into_values().filter(|m| self.catalogue.company(m.id).is_some()).collect();
        all.sort_by(|a, b| b.count.cmp(&a.count).then(a.id.cmp(b.id)));
        all
    }

    /// The first of those who were met, as pages show them.
    pub(super) fn counterparties(&self, met: &[Met<'a>]) -> Vec<Counterparty<'a>> {
        let line = |m: &Met<'a>| {
            let l = self.link(Noun::Company, m.id)?;
            let url = self.site.outputs.deals.then(|| self.path(&Page::Deal(m.newest.id.clone())).into());
            Some(Counterparty {
                language: script_of(l.title),
                name: l.title,
                url: l.url,
                count: m.count,
                newest: Link { title: &m.newest.title, url },
                date: super::over_time::main_date(m.newest).map(|d| self.day(d)),
            })
        };
        met.iter().take(SHOWN).filter_map(line).collect()
    }

    /// The network around a company; nothing where fewer than two others are in it.
    pub(super) fn network(name: &'a str, met: &[Met<'a>], deals: &[&'a Deal], total: usize) -> Option<Network<'a>> {
        let shown = &met[..met.len().min(SHOWN)];
        if shown.len() < 2 {
            return None;
        }
        let places: BTreeMap<&Id, usize> = shown.iter().enumerate().map(|(i, m)| (m.id, i)).collect();
        let mut ties: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for deal in deals {
            let mut there: Vec<usize> = each_once(deal).into_iter().filter_map(|c| places.get(c).copied()).collect();
            there.sort_unstable();
            for (i, a) in there.iter().enumerate() {
                for b in &there[i + 1..] {
                    *ties.entry((*a, *b)).or_default() += 1;
                }
            }
        }
        Some(Network {
            name,
            language: script_of(name),
            ties: ties.into_iter().map(|((a, b), count)| Tie { a, b, count }).collect(),
            more: met.len() - shown.len(),
            newest: (total > deals.len()).then_some(deals.len()),
        })
    }
}

/// The companies of a deal, each once.
fn each_once(deal: &Deal) -> Vec<&Id> {
    let mut all: Vec<&Id> = deal.companies().collect();
    all.sort();
    all.dedup();
    all
}
