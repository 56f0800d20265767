//! Prose against record: what the text says of a deal must be what its record says. Warns only; quiet where it cannot tell.

use super::markdown::Paragraph;
use super::names::{self, Mention, Names};
use super::sentences::{has, last, sentences, word_end};
use super::sums::{self, Sum};
use crate::catalogue::Noun;
use crate::diagnostic::{Diagnostic, Span};
use crate::model::{Article, Common, Date, Deal, Entry, Id, Money, State, Texts, Value};
use crate::pages::Atlas;
use memchr::memmem::Finder;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// Where in the article a sentence stands, and so how much it must be about the deal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Title,
    Top,
    Inside,
}

struct Check<'a> {
    atlas: &'a Atlas<'a>,
    names: &'a Names,
    deals: Vec<&'a Arc<Deal>>,
    sums: Vec<Money>,
    /// Companies and people that may be named.
    named: BTreeSet<Id>,
    article: &'a Article,
    /// The names of each company that is a party.
    parties: Vec<Vec<Finder<'a>>>,
}

/// A finding before it has a place in the file.
struct Found {
    code: &'static str,
    range: Range<usize>,
    message: String,
    help: String,
}

/// Everything that a text says otherwise than the records of its deals.
#[must_use]
pub fn check(
    atlas: &Atlas<'_>,
    names: &Names,
    article: &Article,
    common: &Common,
    paragraphs: &[Paragraph],
    texts: &dyn Texts,
) -> Vec<Diagnostic> {
    let c = atlas.catalogue;
    let ids: BTreeSet<&Id> = article.covers.iter().chain(article.updates.iter().map(|u| &u.deal)).collect();
    let deals: Vec<&Arc<Deal>> = article.deal.iter().chain(ids.into_iter().filter_map(|id| c.deal(id))).collect();
    if deals.is_empty() {
        return Vec::new();
    }
    let sums = deals.iter().flat_map(|d| {
        d.value.sums().into_iter().chain(d.components.iter().filter_map(|c| c.value.as_ref()).flat_map(Value::sums))
    });
    let parties: BTreeSet<&Id> = deals.iter().flat_map(|d| d.companies()).collect();
    let names_of = |id: &Id| match c.known(Noun::Company, id) {
        Some(Entry::Company(e)) => names::of(e).collect::<BTreeSet<_>>().into_iter().map(Finder::new).collect(),
        _ => Vec::new(),
    };
    let parties = parties.into_iter().map(names_of).collect();
    let check =
        Check { atlas, parties, names, sums: sums.collect(), named: named(atlas, article, &deals), deals, article };
    let mut findings = Vec::new();
    let heads = [(&common.title, Place::Title), (&common.description, Place::Top)];
    for (text, place) in heads {
        let found = check.sentence(text, &[], place);
        if found.is_empty() {
            continue;
        }
        let bytes = texts.bytes(&common.file).unwrap_or_else(|_| Arc::from([]));
        let front = std::str::from_utf8(&bytes[..common.body.min(bytes.len())]).unwrap_or("");
        let start = front.find(text.as_str());
        findings.extend(found.into_iter().map(|f| {
            let span = start.map(|s| Span::new(s + f.range.start, s + f.range.end)).or_else(|| {
                let at = front.find(&text[f.range.clone()])?;
                Some(Span::new(at, at + f.range.len()))
            });
            finish(f, common, span)
        }));
    }
    let whole = OnceCell::new();
    let whole = || &**whole.get_or_init(|| texts.bytes(&common.file).unwrap_or_else(|_| Arc::from([])));
    for (i, p) in paragraphs.iter().enumerate() {
        let place = if i == 0 { Place::Top } else { Place::Inside };
        if place == Place::Inside && !check.may_name_two(&p.text) {
            continue;
        }
        for range in sentences(&p.text) {
            if place == Place::Inside && !check.may_name_two(&p.text[range.clone()]) {
                continue;
            }
            let linked: Vec<Range<usize>> = p
                .linked
                .iter()
                .filter(|l| l.start < range.end && l.end > range.start)
                .map(|l| l.start.saturating_sub(range.start)..l.end.saturating_sub(range.start))
                .collect();
            for mut f in check.sentence(&p.text[range.clone()], &linked, place) {
                f.range = f.range.start + range.start..f.range.end + range.start;
                let span = p.span(&f.range, std::str::from_utf8(whole()).unwrap_or(""));
                findings.push(finish(f, common, Some(span)));
            }
        }
    }
    findings
}

fn finish(f: Found, common: &Common, span: Option<Span>) -> Diagnostic {
    let mut d = Diagnostic::of(f.code, &common.file, f.message).help(f.help);
    d.span = span;
    d
}

/// Whom the text may name: parties, those mentioned, their parents and subsidiaries, authors.
fn named(atlas: &Atlas<'_>, article: &Article, deals: &[&Arc<Deal>]) -> BTreeSet<Id> {
    let c = atlas.catalogue;
    let mut all: BTreeSet<Id> = article.mentions.iter().chain(&article.authors).cloned().collect();
    for d in deals {
        all.extend(d.companies().chain(d.people()).cloned());
    }
    let parents = |id: &Id| c.company(id).and_then(|e| e.parent.clone());
    let more: Vec<Id> = all.iter().flat_map(|id| std::iter::successors(parents(id), |p| parents(p)).take(16)).collect();
    all.extend(more);
    all
}

impl Check<'_> {
    fn sentence(&self, text: &str, linked: &[Range<usize>], place: Place) -> Vec<Found> {
        let mentions = self.mentions(text);
        let free: Vec<_> = mentions
            .iter()
            .filter(|m| !linked.iter().any(|l| l.start <= m.range.start && m.range.end <= l.end))
            .collect();
        let both = self.names_two(&mentions);
        if place == Place::Inside && !both {
            return Vec::new();
        }
        let mut found = Vec::new();
        // A party that is unknown may be a misspelled one of these.
        let unknown = |id: &Id| self.atlas.catalogue.known(Noun::Company, id).is_none();
        let free = if self.deals.iter().flat_map(|d| d.companies()).any(unknown) { Vec::new() } else { free };
        for m in free.iter().filter(|m| !self.named.contains(&m.id) && !self.is_subsidiary(&m.id)) {
            found.push(Found {
                code: "W0904",
                range: m.range.clone(),
                message: format!("`{}` is named here, but is neither a party nor in `mentions`", m.id),
                help: format!("add it to the parties of the deal, or `mentions: [{}]`", m.id),
            });
        }
        let small = text.to_lowercase();
        self.sums(text, place, &mut found);
        self.percentages(text, &small, &mut found);
        self.dates(text, &small, both, &mut found);
        self.silence(&small, text, &mut found);
        found
    }

    /// The companies named in a text.
    fn mentions(&self, text: &str) -> Vec<Mention> {
        let known = |noun, id: &Id| noun == Noun::Company && self.atlas.catalogue.known(noun, id).is_some();
        self.names.find(text, known)
    }

    /// Whether names of two parties stand in a text, whatever stands around them: a quick look before the careful one.
    fn may_name_two(&self, text: &str) -> bool {
        self.parties.iter().filter(|names| names.iter().any(|n| n.find(text.as_bytes()).is_some())).nth(1).is_some()
    }

    /// Whether two parties are among those named.
    fn names_two(&self, mentions: &[Mention]) -> bool {
        let is_party = |id: &&Id| self.deals.iter().any(|d| d.companies().any(|c| c == *id));
        let mut parties = mentions.iter().map(|m| &m.id).filter(is_party);
        parties.next().is_some_and(|first| parties.any(|other| other != first))
    }

    fn is_subsidiary(&self, id: &Id) -> bool {
        let c = self.atlas.catalogue;
        let parent = |id: &Id| c.company(id).and_then(|e| e.parent.clone());
        std::iter::successors(parent(id), |p| parent(p)).take(16).any(|p| self.named.contains(&p))
    }

    /// Whether a sum is the price of a deal rather than any other number of the story.
    fn is_price(text: &str, sum: &Sum) -> bool {
        let before = last(text[..sum.range.start].trim_end(), 40).to_lowercase();
        let near = last(&before, 30);
        let after = text[sum.range.end..].trim_start_matches([' ', '-', '\u{a0}']);
        let after: String = after.chars().take(20).flat_map(char::to_lowercase).collect();
        let direct = [
            " for",
            " for about",
            " for some",
            " for roughly",
            " worth",
            "valued at",
            "price of",
            "pay",
            "pays",
            "paid",
            "paying",
            " about",
            "value of",
        ];
        let follows = [
            "deal",
            "acquisition",
            "takeover",
            "purchase",
            "sale",
            "licence",
            "license",
            "order",
            "merger",
            "agreement",
            "price",
        ];
        direct[..4].iter().any(|w| before.ends_with(w.trim_start()) && word_end(&before, w.trim_start()))
            || has(near, &["worth", "valued at", "price of", "value of", "pays ", "paid ", "pay ", "paying "])
            || direct[4..10].iter().any(|w| before.ends_with(w.trim_start()))
            || follows.iter().any(|w| after.starts_with(w))
    }

    fn sums(&self, text: &str, place: Place, found: &mut Vec<Found>) {
        let undisclosed = self.deals.iter().all(|d| matches!(&d.value, Value::Undisclosed(e) if e.is_empty()));
        for sum in sums::sums(text) {
            let own: Vec<&Money> = self.sums.iter().filter(|m| m.currency.code() == sum.currency).collect();
            let nothing_to_say = own.is_empty() && !undisclosed;
            if nothing_to_say || own.iter().any(|m| sum.agrees(m.amount)) {
                continue;
            }
            let price = Self::is_price(text, &sum);
            if !price && place != Place::Title {
                continue;
            }
            let said = &text[sum.range.clone()];
            if let Some(m) = own.iter().find(|m| {
                [3, 6].iter().any(|z| {
                    sum.amount().is_some_and(|a| {
                        let k = rust_decimal::Decimal::from(10_u64.pow(*z));
                        a.checked_mul(k) == Some(m.amount) || m.amount.checked_mul(k) == Some(a)
                    })
                })
            }) {
                found.push(Found {
                    code: "W0906",
                    range: sum.range.clone(),
                    message: format!("the text says `{said}`, the record {}", m.human()),
                    help: "one of the two has a wrong magnitude".to_owned(),
                });
            } else if let Some(m) = own.first() {
                found.push(Found {
                    code: "W0901",
                    range: sum.range.clone(),
                    message: format!("the text says `{said}`, the record {}", m.human()),
                    help:
                        "correct the one that is wrong; a sum that is about something else needs other words around it"
                            .to_owned(),
                });
            } else if undisclosed && price {
                found.push(Found {
                    code: "W0905",
                    range: sum.range.clone(),
                    message: format!("the text says `{said}`, the record that the value is undisclosed"),
                    help: "put the sum into `value`, or who estimates it into `value: {undisclosed: true, estimates: […]}`".to_owned(),
                });
            }
        }
    }

    fn percentages(&self, text: &str, small: &str, found: &mut Vec<Found>) {
        let stakes = self.deals.iter().flat_map(|d| d.stakes.iter().map(|s| s.percent));
        let royalties = self.deals.iter().filter_map(|d| match &d.value {
            Value::Royalty { percent, .. } => Some(*percent),
            _ => None,
        });
        let (stakes, royalties): (Vec<_>, Vec<_>) = (stakes.collect(), royalties.collect());
        for (range, percent) in sums::percentages(text) {
            let after = small.get(range.end..).unwrap_or("");
            let before = small.get(..range.start).unwrap_or("");
            let of_stake =
                has(after.get(..after.len().min(24)).unwrap_or(after), &["stake", "of the shares", "holding"])
                    || has(last(before, 30), &["stake of", "holds", "hold ", "owns", "own "]);
            let of_royalty = has(small, &["royalt"]);
            let own = if of_stake {
                &stakes
            } else if of_royalty {
                &royalties
            } else {
                continue;
            };
            if !own.is_empty() && !own.contains(&percent) {
                let mut record: Vec<String> = own.iter().map(|p| format!("{p} %")).collect();
                record.dedup();
                found.push(Found {
                    code: "W0902",
                    message: format!("the text says `{}`, the record {}", &text[range.clone()], record.join(", ")),
                    range,
                    help: "correct the one that is wrong".to_owned(),
                });
            }
        }
    }

    fn dates(&self, text: &str, small: &str, both: bool, found: &mut Vec<Found>) {
        const VERBS: [(&[&str], &[State]); 5] = [
            (&["signed", "签署"], &[State::Signed, State::Announced, State::Mou]),
            (&["announced", "宣布"], &[State::Announced, State::Signed, State::Mou]),
            (&["closed", "completed", "完成"], &[State::Closed, State::Effective]),
            (&["approved", "cleared", "批准"], &[State::Approved]),
            (&["terminated", "called off", "终止"], &[State::Terminated]),
        ];
        if !both {
            return;
        }
        let dates = sums::dates(text);
        let [(range, day)] = dates.as_slice() else { return };
        let Some((_, states)) = VERBS.iter().find(|(words, _)| has(small, words)) else { return };
        let steps: Vec<Date> = self
            .deals
            .iter()
            .flat_map(|d| self.atlas.catalogue.steps(d))
            .filter(|s| states.contains(&s.0.state))
            .map(|s| s.0.date)
            .collect();
        let sources = self.article.sources.iter().filter_map(|s| s.date);
        let fits = |d: &Date| d.first() <= *day && *day <= d.last();
        if steps.is_empty() || steps.iter().copied().chain(sources).any(|d| fits(&d)) {
            return;
        }
        let record: Vec<String> = steps.iter().map(|d| d.human()).collect();
        found.push(Found {
            code: "W0903",
            range: range.clone(),
            message: format!("the text says `{}`, the record {}", &text[range.clone()], record.join(", ")),
            help: "correct the one that is wrong, or add the step to `status`".to_owned(),
        });
    }

    /// "Undisclosed" in the text and an amount in the record.
    fn silence(&self, small: &str, text: &str, found: &mut Vec<Found>) {
        const SAID: [&str; 12] = [
            "undisclosed sum",
            "undisclosed amount",
            "undisclosed price",
            "undisclosed value",
            "value was not disclosed",
            "price was not disclosed",
            "value is undisclosed",
            "sum was not disclosed",
            "did not disclose the value",
            "did not disclose the price",
            "financial terms were not disclosed",
            "未披露",
        ];
        // What all of them have in common, to have done with most sentences at once.
        if !has(small, &["disclos", "未披露"]) || !self.deals.iter().all(|d| d.value.is_disclosed()) {
            return;
        }
        if let Some((at, words)) = SAID.iter().find_map(|w| small.find(w).map(|i| (i, *w))) {
            // Small letters can have other lengths than capitals: look the place up where they have not.
            let range =
                if text.is_char_boundary(at) && text.is_char_boundary(at + words.len()) && small.len() == text.len() {
                    at..at + words.len()
                } else {
                    0..text.len()
                };
            let value = self.deals.first().map_or(String::new(), |d| d.value.human());
            found.push(Found {
                code: "W0905",
                range,
                message: format!("the text says that the value is not known, the record {value}"),
                help: "correct the one that is wrong".to_owned(),
            });
        }
    }
}
