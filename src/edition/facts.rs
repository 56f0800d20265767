//! What readers were told of deals, and what has become something else without a word. Prints nothing.

use super::Edition;
use crate::catalogue::Places;
use crate::diagnostic::Diagnostic;
use crate::model::{Deal, Fact, Id, Who};
use std::collections::BTreeMap;

impl Edition {
    fn fact(&self, deal: &Deal) -> Fact {
        let c = &self.catalogue;
        let parties = deal.parties.iter().map(|p| {
            let (Who::Company(id) | Who::Person(id)) = &p.who;
            let mut roles: Vec<&str> = p.roles.iter().map(|r| r.word()).collect();
            roles.sort_unstable();
            format!("{id} ({})", roles.join(", "))
        });
        let mut parties: Vec<String> = parties.collect();
        parties.sort();
        let articles = c.lists().by_deal.get(&deal.id).into_iter().flatten().filter_map(|k| c.article(&k.1));
        let value = deal.value.human().replace('\u{a0}', " ");
        Fact { value, parties, corrections: articles.map(|a| a.corrections.len()).sum() }
    }

    /// What this edition says of its deals, by id.
    pub(super) fn facts_told(&self) -> BTreeMap<String, Fact> {
        let deals = self.catalogue.lists().deals.iter().filter_map(|k| self.catalogue.deal(&k.1));
        deals.map(|d| (d.id.to_string(), self.fact(d))).collect()
    }

    /// Amounts and parties that the edition before had otherwise, and of which no correction speaks.
    pub(super) fn silent(&self, before: &BTreeMap<String, Fact>) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for (name, then) in before {
            let id = Id::parse(name);
            let Some(opener) = id.as_ref().and_then(|id| self.catalogue.opener(id)) else { continue };
            let Some(deal) = &opener.deal else { continue };
            let now = self.fact(deal);
            if now.corrections > then.corrections {
                continue;
            }
            let mut find = |key: &str, message: String| {
                let mut d = Diagnostic::of("W0818", &opener.common.file, message);
                d.span = self.find(&opener.common.file, key);
                findings.push(d.help(
                    "say under `corrections` what changed: `{date: …, kind: correction, text: …}`, or `kind: update` for new facts",
                ));
            };
            if now.value != then.value {
                find(
                    "value",
                    format!(
                        "the value of this deal was `{}` in the edition before and is `{}` now",
                        then.value, now.value
                    ),
                );
            }
            if now.parties != then.parties {
                let of = |all: &[String]| all.join("; ");
                find(
                    "parties",
                    format!(
                        "the parties were {} in the edition before and are {} now",
                        of(&then.parties),
                        of(&now.parties)
                    ),
                );
            }
        }
        findings
    }
}
