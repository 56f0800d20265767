//! Reads a deal record and checks what it says about itself. Never looks at other files.

use super::article::source_ref;
use super::fields::{Fields, Reader};
use super::tree::{Kind as NodeKind, Node};
use crate::diagnostic::{Span, nearest};
use crate::model::deal::{ANY_KIND, Component, Deal, Kind, Licence, Party, Role, Stake, State, Step, Who};
use crate::model::{Date, Id, Money, Source, Value};
use rust_decimal::Decimal;

/// Reads the keys of a deal. `title` is used where the deal has no name of its own.
pub fn read(r: &mut Reader<'_>, f: &mut Fields<'_>, id: Id, title: &str, sources: &[Source]) -> Option<Deal> {
    let kind_node = f.need("kind", r);
    let kind = kind_node.and_then(|n| r.word(n, "kind of deal", Kind::ALL, Kind::word));
    let own_title = f.get("title").and_then(|n| r.text(n));
    let components = f.get("components").map(|n| r.list(n, component)).unwrap_or_default();
    let parties_node = f.need("parties", r);
    let mut parties = parties_node.map(|n| r.list(n, party)).unwrap_or_default();
    let status_node = f.need("status", r);
    let steps = status_node.map(|n| steps(r, n, sources)).unwrap_or_default();
    let value_node = match kind {
        Some(k) if !k.is_moneyless() => f.need("value", r),
        _ => f.get("value"),
    };
    let value = value_node.and_then(|n| read_value(r, n, sources)).unwrap_or_default();
    let stakes = f.get("stakes").map(|n| stakes(r, n)).unwrap_or_default();
    let licence = f.get("licence").and_then(|n| licence(r, n));
    let jurisdictions = f.get("jurisdictions").map(|n| r.list(n, country)).unwrap_or_default();
    let expected_close = f.get("expected_close").and_then(|n| r.date(n));
    let follows = f.get("follows").and_then(|n| r.id(n));
    let kind = kind?;
    for p in &mut parties {
        p.0.roles.sort_unstable();
    }
    let spans: Vec<Vec<(Role, Span)>> = parties.iter().map(|p| p.1.clone()).collect();
    let mut parties: Vec<Party> = parties.into_iter().map(|p| p.0).collect();
    let deal = Deal {
        id,
        title: own_title.unwrap_or_else(|| title.to_owned()),
        kind,
        parties: parties.clone(),
        steps,
        value,
        expected_close,
        jurisdictions,
        components: components.iter().map(|c| c.0.clone()).collect(),
        stakes,
        licence,
        follows,
    };
    if let Some(n) = parties_node {
        roles(r, n, &deal, &spans);
    }
    for (c, span) in &components {
        for id in c.from.iter().chain(&c.to) {
            if !deal.parties.iter().any(|p| matches!(&p.who, Who::Company(c) if c == id)) {
                let d = r.find("E0405", *span, format!("`{id}` is not a party of this deal"));
                d.help = nearest(id.as_str(), deal.parties.iter().map(|p| match &p.who {
                    Who::Company(c) | Who::Person(c) => c.as_str(),
                }));
            }
        }
    }
    if let Some(n) = value_node {
        currency_in_force(r, n.span, &deal);
    }
    parties.sort_by_key(|p| p.roles.first().copied());
    Some(Deal { parties, ..deal })
}

type Spanned = (Party, Vec<(Role, Span)>);

fn party(r: &mut Reader<'_>, node: &Node) -> Option<Spanned> {
    let mut m = r.map(node)?;
    let company = m.get("company");
    let person = m.get("person");
    let roles_node = m.need("roles", r);
    let mut spans = Vec::new();
    let roles = roles_node.map(|n| {
        r.list(n, |r, n| {
            let role = r.word(n, "role", Role::ALL, Role::word)?;
            spans.push((role, n.span));
            Some(role)
        })
    });
    m.end(r);
    let who = match (company, person) {
        (Some(n), None) => Who::Company(r.id(n)?),
        (None, Some(n)) => Who::Person(r.id(n)?),
        _ => {
            r.find("E0102", node.span, "a party needs `company` or `person`, one of the two");
            return None;
        }
    };
    Some((Party { who, roles: roles? }, spans))
}

fn roles(r: &mut Reader<'_>, node: &Node, deal: &Deal, spans: &[Vec<(Role, Span)>]) {
    let mut allowed: Vec<Role> = ANY_KIND.to_vec();
    allowed.extend(std::iter::once(deal.kind).chain(deal.components.iter().map(|c| c.kind)).flat_map(Kind::needs).map(|n| n.0));
    for (role, span) in spans.iter().flatten() {
        if !deal.allows(*role) {
            let d = r.find("E0401", *span, format!("a deal of kind `{}` has no {}", deal.kind.word(), role.word()));
            d.help = format!("one of: {}", allowed.iter().map(|r| r.word()).collect::<Vec<_>>().join(", "));
        }
    }
    let having = |role: Role| deal.parties.iter().filter(move |p| p.roles.contains(&role));
    for (role, least, most) in deal.kind.needs() {
        let count = having(*role).count();
        if count < *least || count > *most {
            let wanted = if least == most { format!("exactly {least}") } else { format!("at least {least}") };
            let d = r.find("E0402", node.span, format!("a deal of kind `{}` needs {wanted} {}, here are {count}", deal.kind.word(), role.word()));
            d.help = format!("give the role `{}` to a party", role.word());
        }
    }
    let is = |role: Role| having(role).map(|p| &p.who).collect::<Vec<_>>();
    if deal.kind == Kind::PatentCrossLicence && is(Role::Licensor) != is(Role::Licensee) {
        r.find("E0403", node.span, "in a cross-licence every licensor is a licensee too").help = "give both roles to each, or use `patent_licence`".to_owned();
    }
    if having(Role::Acquirer).any(|p| p.roles.contains(&Role::Target)) {
        r.find("E0404", node.span, "the acquirer cannot be the target");
    }
    for (role, wants_person) in [(Role::Appointee, true), (Role::Employer, false)] {
        if let Some(p) = having(role).find(|p| matches!(p.who, Who::Person(_)) != wants_person) {
            let (Who::Company(id) | Who::Person(id)) = &p.who;
            let what = if wants_person { "a person" } else { "a company" };
            r.find("E0401", node.span, format!("the {} `{id}` must be {what}", role.word()));
        }
    }
    let mut seen = Vec::new();
    for p in &deal.parties {
        if seen.contains(&&p.who) {
            let (Who::Company(id) | Who::Person(id)) = &p.who;
            r.find("E0402", node.span, format!("`{id}` is listed twice")).help = "give it all its roles in one line".to_owned();
        }
        seen.push(&p.who);
    }
}

/// Reads one step of a deal's life; the span is that of its date.
pub fn step(r: &mut Reader<'_>, m: &mut Fields<'_>, sources: &[Source]) -> Option<(Step, Span)> {
    let state_node = m.need("state", r);
    let state = state_node.and_then(|n| r.word(n, "state", State::ALL, State::word));
    let date_node = m.need("date", r);
    let date = date_node.and_then(|n| r.date(n));
    let source = m.get("source").and_then(|n| source_ref(r, n, sources));
    let publisher = m.get("publisher").and_then(|n| r.text(n)).or_else(|| source.as_ref().map(|s| s.1.clone()));
    let reason = m.get("reason").and_then(|n| r.text(n));
    let note = m.get("note").and_then(|n| r.text(n));
    let state = state?;
    let span = state_node.map_or(m.span, |n| n.span);
    if state == State::Terminated && reason.is_none() {
        r.find("E0504", span, "a terminated deal needs its reason").help = "add `reason: …`".to_owned();
    }
    if state == State::Rumoured && publisher.is_none() {
        r.find("E0505", span, "a rumour needs the name of who published it").help = "add `publisher: …`, or a `source` that has one".to_owned();
    }
    let step = Step { state, date: date?, source: source.map(|s| s.0), publisher, note: reason.or(note) };
    Some((step, date_node.map_or(span, |n| n.span)))
}

fn steps(r: &mut Reader<'_>, node: &Node, sources: &[Source]) -> Vec<Step> {
    let read = r.list(node, |r, n| {
        let mut m = r.map(n)?;
        let s = step(r, &mut m, sources);
        m.end(r);
        s
    });
    if read.is_empty() && matches!(&node.kind, NodeKind::List(l) if l.is_empty()) {
        r.find("E0102", node.span, "a deal needs at least one state with its date");
    }
    order(&read.iter().map(|(s, _)| s).collect::<Vec<_>>(), |i, code, message| {
        r.find(code, read[i].1, message);
    });
    read.into_iter().map(|s| s.0).collect()
}

/// Checks the order of steps: ranks and dates do not go back, nothing follows an end but `unwound` after `closed`.
pub fn order(steps: &[&Step], mut find: impl FnMut(usize, &'static str, String)) {
    for (i, pair) in steps.windows(2).enumerate() {
        let (a, b) = (pair[0], pair[1]);
        let unwinds = b.state == State::Unwound;
        if unwinds && a.state != State::Closed {
            find(i + 1, "E0502", "only a closed deal can be unwound".to_owned());
        } else if a.state.is_end() && a.state != b.state && !unwinds {
            find(i + 1, "E0502", format!("nothing can follow `{}`", a.state.word()));
        } else if b.state.rank() < a.state.rank() {
            find(i + 1, "E0501", format!("`{}` cannot come after `{}`", b.state.word(), a.state.word()));
        } else if b.date.is_before(a.date) && b.state.rank() > a.state.rank() {
            find(i + 1, "E0501", format!("`{}` is dated before `{}`", b.state.word(), a.state.word()));
        }
    }
}

fn component(r: &mut Reader<'_>, node: &Node) -> Option<(Component, Span)> {
    let mut m = r.map(node)?;
    let kind = m.need("kind", r).and_then(|n| r.word(n, "kind of deal", Kind::ALL, Kind::word));
    let from = m.get("from").and_then(|n| r.id(n));
    let to = m.get("to").and_then(|n| r.id(n));
    let what = m.get("what").and_then(|n| r.text(n));
    let value = m.get("value").and_then(|n| read_value(r, n, &[]));
    m.end(r);
    Some((Component { kind: kind?, from, to, what, value }, node.span))
}

fn country(r: &mut Reader<'_>, node: &Node) -> Option<String> {
    let text = r.text(node)?;
    if rust_iso3166::from_alpha2(&text).is_none() {
        let d = r.find("E0304", node.span, format!("`{text}` is no country of ISO 3166-1"));
        d.label = "expected two letters, such as FI or CN".to_owned();
        d.help = nearest(&text.to_uppercase(), rust_iso3166::ALL_ALPHA2.iter().copied());
        return None;
    }
    Some(text)
}

/// A country code, for other entries.
pub fn country_code(r: &mut Reader<'_>, node: &Node) -> Option<String> {
    country(r, node)
}

fn stakes(r: &mut Reader<'_>, node: &Node) -> Vec<Stake> {
    let stakes: Vec<Stake> = r.list(node, |r, n| {
        let mut m = r.map(n)?;
        let holder = m.need("holder", r).and_then(|n| r.id(n));
        let of = m.need("of", r).and_then(|n| r.id(n));
        let percent = m.need("percent", r).and_then(|n| r.percent(n));
        let plus = m.get("plus_shares").and_then(|n| {
            let number = r.number(n)?;
            let whole = i64::try_from(number).ok().filter(|_| number.fract().is_zero());
            if whole.is_none() {
                r.find("E0103", n.span, "expected a whole number of shares");
            }
            whole
        });
        m.end(r);
        Some(Stake { holder: holder?, of: of?, percent: percent?, plus_shares: plus.unwrap_or(0) })
    });
    let mut vehicles: Vec<&Id> = stakes.iter().map(|s| &s.of).collect();
    vehicles.sort();
    vehicles.dedup();
    for of in vehicles {
        let total: Decimal = stakes.iter().filter(|s| s.of == *of).map(|s| s.percent).sum();
        let shares: i64 = stakes.iter().filter(|s| s.of == *of).map(|s| s.plus_shares).sum();
        if total > Decimal::ONE_HUNDRED {
            r.find("E0606", node.span, format!("the stakes in `{of}` add up to {total} %")).label = "expected at most 100".to_owned();
        }
        if total == Decimal::ONE_HUNDRED && shares != 0 {
            r.find("E0607", node.span, format!("the `plus_shares` of `{of}` add up to {shares}, not to 0")).help = "one share more for one holder is one less for another: `plus_shares: -1`".to_owned();
        }
    }
    stakes
}

fn licence(r: &mut Reader<'_>, node: &Node) -> Option<Licence> {
    let mut m = r.map(node)?;
    let mut text = |m: &mut Fields<'_>, name| m.get(name).and_then(|n| r.text(n));
    let (scope, term, territory) = (text(&mut m, "scope"), text(&mut m, "term"), text(&mut m, "territory"));
    let exclusive = m.get("exclusive").and_then(|n| r.boolean(n));
    m.end(r);
    Some(Licence { scope, term, territory, exclusive })
}

fn read_value(r: &mut Reader<'_>, node: &Node, sources: &[Source]) -> Option<Value> {
    if let NodeKind::Scalar { text, .. } = &node.kind {
        return match text.as_str() {
            "undisclosed" => Some(Value::Undisclosed(Vec::new())),
            "none" => Some(Value::None),
            _ => {
                let amount = r.money(node)?;
                magnitude(r, node.span, amount);
                Some(Value::Sum { amount, approx: false, parts: Vec::new() })
            }
        };
    }
    let mut m = r.map(node)?;
    let amount_node = m.get("amount");
    let amount = amount_node.and_then(|n| r.money(n));
    let approx = m.get("approx").and_then(|n| r.boolean(n)).unwrap_or(false);
    let parts_node = m.get("parts");
    let parts = parts_node.map(|n| r.list(n, part)).unwrap_or_default();
    let between_node = m.get("between");
    let between = between_node.map(|n| r.list(n, |r, n| r.money(n)));
    let up_to = m.get("up_to").and_then(|n| r.money(n));
    let upfront = m.get("upfront").and_then(|n| r.money(n));
    let undisclosed = m.get("undisclosed").and_then(|n| r.boolean(n));
    let estimates = m.get("estimates").map(|n| r.list(n, |r, n| estimate(r, n, sources))).unwrap_or_default();
    let royalty = m.get("royalty").and_then(|n| read_royalty(r, n));
    m.end(r);
    if let Some(amount) = amount {
        magnitude(r, amount_node.map_or(node.span, |n| n.span), amount);
        if let (false, Some(n)) = (parts.is_empty() || approx, parts_node) {
            let sum: Decimal = parts.iter().map(|p| p.amount.amount).sum();
            if sum != amount.amount || parts.iter().any(|p| p.amount.currency != amount.currency) {
                let sum = Money { amount: sum, ..amount }.human();
                r.find("E0603", n.span, format!("the parts add up to {sum}, the whole is {}", amount.human())).help = "mend the sums, or add `approx: true` where the source says \"about\"".to_owned();
            }
        }
        return Some(Value::Sum { amount, approx, parts });
    }
    if let (Some(list), Some(n)) = (between, between_node) {
        let [low, high] = list[..] else {
            r.find("E0103", n.span, "`between` needs two sums");
            return None;
        };
        if low.amount > high.amount || low.currency != high.currency {
            r.find("E0602", n.span, "the first sum must not be more than the second, in one currency");
            return None;
        }
        return Some(Value::Between(low, high));
    }
    if let Some(most) = up_to {
        if upfront.is_some_and(|u| u.amount > most.amount && u.currency == most.currency) {
            r.find("E0602", node.span, "`upfront` is more than `up_to`");
        }
        return Some(Value::UpTo { most, upfront });
    }
    if undisclosed == Some(true) {
        return Some(Value::Undisclosed(estimates));
    }
    if royalty.is_none() {
        let d = r.find("E0104", node.span, "this is no value");
        d.help = "write `undisclosed`, `none`, `EUR 170m`, or a mapping with `amount`, `between`, `up_to`, `undisclosed` or `royalty`".to_owned();
    }
    royalty
}

fn part(r: &mut Reader<'_>, node: &Node) -> Option<crate::model::money::Part> {
    let mut m = r.map(node)?;
    let what = m.need("what", r).and_then(|n| r.text(n));
    let amount = m.need("amount", r).and_then(|n| r.money(n));
    m.end(r);
    Some(crate::model::money::Part { what: what?, amount: amount? })
}

fn estimate(r: &mut Reader<'_>, node: &Node, sources: &[Source]) -> Option<crate::model::money::Estimate> {
    let mut m = r.map(node)?;
    let amount = m.need("amount", r).and_then(|n| r.money(n));
    let by = m.need("by", r).and_then(|n| r.text(n));
    let source = m.get("source").and_then(|n| source_ref(r, n, sources)).map(|s| s.0);
    m.end(r);
    Some(crate::model::money::Estimate { amount: amount?, by: by?, source })
}

fn read_royalty(r: &mut Reader<'_>, node: &Node) -> Option<Value> {
    let mut m = r.map(node)?;
    let percent = m.need("percent", r).and_then(|n| r.percent(n));
    let per = m.need("per", r).and_then(|n| r.text(n));
    let cap = m.get("cap").and_then(|n| r.money(n));
    m.end(r);
    Some(Value::Royalty { percent: percent?, per: per?, cap })
}

fn magnitude(r: &mut Reader<'_>, span: Span, money: Money) {
    if money.amount > Decimal::from(1_000_000_000_000_u64) || money.amount < Decimal::from(1000) {
        r.find("W0608", span, format!("{} is an unusual value of a deal", money.human())).help = "is `m` or `bn` missing or wrong?".to_owned();
    }
}

fn currency_in_force(r: &mut Reader<'_>, span: Span, deal: &Deal) {
    let Some(first) = deal.steps.first() else { return };
    for money in deal.value.sums() {
        let gone = Value::withdrawn(money.currency).is_some_and(|last| last.is_before(first.date));
        let early = money.currency.code() == "EUR" && first.date.is_before(Date::Year(1999));
        if gone || early {
            let code = money.currency.code();
            r.find("E0305", span, format!("{code} was not in force in {}", first.date.human()));
        }
    }
}
