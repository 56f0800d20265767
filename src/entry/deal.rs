//! Reads a deal record and checks what it says about itself. Never looks at other files.

use super::article::source_ref;
use super::fields::{Fields, Reader};
use super::tree::{Kind as NodeKind, Node};
use super::value;
use crate::diagnostic::{Span, nearest};
use crate::model::deal::{ANY_KIND, Component, Deal, Kind, Licence, Party, Role, Stake, State, Step, Who};
use crate::model::{Date, Id, Source, Value};
use rust_decimal::Decimal;

/// Reads the keys of a deal. `title` is used where the deal has no name of its own.
pub fn read(r: &mut Reader<'_>, f: &mut Fields<'_>, id: Id, title: &str, sources: &[Source]) -> Option<Deal> {
    let kind_node = f.need("kind", r);
    let kind = kind_node.and_then(|n| r.word(n, "kind of deal", Kind::ALL, Kind::word));
    let own_title = f.get("title").and_then(|n| r.text(n));
    let components = f.get("components").map(|n| r.list(n, component)).unwrap_or_default();
    let parties_node = f.need("parties", r);
    let before = r.findings.len();
    let mut parties = parties_node.map(|n| r.list(n, party)).unwrap_or_default();
    let all_read = r.findings.len() == before;
    let status_node = f.need("status", r);
    let (steps, state_spans) = status_node.map(|n| steps(r, n, sources)).unwrap_or_default();
    let value_node = match kind {
        Some(k) if !k.is_moneyless() => f.need("value", r),
        _ => f.get("value"),
    };
    let value = value_node.and_then(|n| value::read(r, n, sources)).unwrap_or_default();
    let stakes = f.get("stakes").map(|n| stakes(r, n)).unwrap_or_default();
    let licence = f.get("licence").and_then(|n| licence(r, n));
    let jurisdictions = f.get("jurisdictions").map(|n| r.list(n, country)).unwrap_or_default();
    let expected_close = f.get("expected_close").and_then(|n| r.date(n));
    let follows = f.get("follows").and_then(|n| r.id(n));
    let kind = kind?;
    for p in &mut parties {
        p.0.roles.sort_unstable();
    }
    let (mut parties, spans): (Vec<Party>, Vec<PartySpans>) = parties.into_iter().unzip();
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
        roles(r, n, &deal, &spans, all_read);
    }
    for (c, spans) in &components {
        for (id, span) in c.from.iter().chain(&c.to).zip(&spans.ends) {
            // A party that could not be read may be the one.
            if all_read && !deal.parties.iter().any(|p| matches!(&p.who, Who::Company(c) if c == id)) {
                let d = r.find("E0405", *span, format!("`{id}` is not a party of this deal"));
                d.help = nearest(
                    id.as_str(),
                    deal.parties.iter().map(|p| match &p.who {
                        Who::Company(c) | Who::Person(c) => c.as_str(),
                    }),
                );
            }
        }
    }
    let own = value_node.map(|n| (n.span, &deal.value));
    let of_components = components.iter().filter_map(|(c, spans)| spans.value.zip(c.value.as_ref()));
    for (span, value) in own.into_iter().chain(of_components) {
        currency_in_force(r, span, value, &deal.steps);
    }
    for (step, span) in deal.steps.iter().zip(state_spans) {
        if let Some(message) = deal.kind.refuses(step.state) {
            r.find("E0507", span, message).help = deal.kind.states_help();
        }
    }
    parties.sort_by_key(|p| p.roles.first().copied());
    Some(Deal { parties, ..deal })
}

/// Where a party's id stands, and its roles.
struct PartySpans {
    who: Span,
    roles: Vec<(Role, Span)>,
}

fn party(r: &mut Reader<'_>, node: &Node) -> Option<(Party, PartySpans)> {
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
    let (who, span) = match (company, person) {
        (Some(n), None) => (Who::Company(r.id(n)?), n.span),
        (None, Some(n)) => (Who::Person(r.id(n)?), n.span),
        _ => {
            r.find("E0102", node.span, "a party needs `company` or `person`, one of the two");
            return None;
        }
    };
    Some((Party { who, roles: roles? }, PartySpans { who: span, roles: spans }))
}

fn roles(r: &mut Reader<'_>, node: &Node, deal: &Deal, spans: &[PartySpans], all_read: bool) {
    let mut allowed: Vec<Role> = ANY_KIND.to_vec();
    allowed.extend(
        std::iter::once(deal.kind).chain(deal.components.iter().map(|c| c.kind)).flat_map(Kind::needs).map(|n| n.0),
    );
    for (role, span) in spans.iter().flat_map(|s| &s.roles) {
        if !deal.allows(*role) {
            let d = r.find("E0401", *span, format!("a deal of kind `{}` has no {}", deal.kind.word(), role.word()));
            d.help = format!("one of: {}", allowed.iter().map(|r| r.word()).collect::<Vec<_>>().join(", "));
        }
    }
    let having = |role: Role| deal.parties.iter().filter(move |p| p.roles.contains(&role));
    let is = |role: Role| having(role).map(|p| &p.who).collect::<Vec<_>>();
    // With both sides among the parties, a missing role of a cross-licence is its one-sidedness.
    let (licensors, licensees) = (is(Role::Licensor), is(Role::Licensee));
    let one_sided = deal.kind == Kind::PatentCrossLicence
        && licensors != licensees
        && licensors.iter().chain(&licensees).collect::<std::collections::BTreeSet<_>>().len() > 1;
    for (role, least, most) in deal.kind.needs() {
        if one_sided || !all_read {
            break;
        }
        let count = having(*role).count();
        if count < *least || count > *most {
            let wanted = if least == most { format!("exactly {least}") } else { format!("at least {least}") };
            let (kind, role) = (deal.kind.word(), role.word());
            let d = r.find(
                "E0402",
                node.span,
                format!("a deal of kind `{kind}` needs {wanted} with the role `{role}`, here are {count}"),
            );
            d.help = if count < *least {
                format!("give the role `{role}` to a party")
            } else {
                format!("leave the role `{role}` to one party, or record one deal for each")
            };
        }
    }
    if one_sided && all_read {
        let odd = |p: &&Party| p.roles.contains(&Role::Licensor) != p.roles.contains(&Role::Licensee);
        for (p, s) in deal.parties.iter().zip(spans).filter(|(p, _)| odd(p)) {
            let (has, lacks) = if p.roles.contains(&Role::Licensor) {
                (Role::Licensor, Role::Licensee)
            } else {
                (Role::Licensee, Role::Licensor)
            };
            let span = s.roles.iter().find(|r| r.0 == has).map_or(s.who, |r| r.1);
            r.find("E0403", span, "in a cross-licence every licensor is a licensee too").help =
                format!("add the role `{}`, or use the kind `patent_licence`", lacks.word());
        }
    }
    let place = |role: Role, p: &Party| {
        let spans = deal.parties.iter().zip(spans).find(|(q, _)| std::ptr::eq(*q, p)).map(|(_, s)| s);
        spans.and_then(|s| s.roles.iter().find(|r| r.0 == role)).map_or(node.span, |r| r.1)
    };
    if let Some(p) = having(Role::Acquirer).find(|p| p.roles.contains(&Role::Target)) {
        r.find("E0404", place(Role::Target, p), "the acquirer cannot be the target").help =
            "name the company that is acquired as a party of its own".to_owned();
    }
    for (role, wants_person) in [(Role::Appointee, true), (Role::Employer, false)] {
        if let Some(p) = having(role).find(|p| matches!(p.who, Who::Person(_)) != wants_person) {
            let (Who::Company(id) | Who::Person(id)) = &p.who;
            let what = if wants_person { "person" } else { "company" };
            r.find("E0401", place(role, p), format!("the {} `{id}` must be a {what}", role.word())).help =
                format!("write `{what}: …` for this party");
        }
    }
    let mut seen = Vec::new();
    for (p, s) in deal.parties.iter().zip(spans) {
        if seen.contains(&&p.who) {
            let (Who::Company(id) | Who::Person(id)) = &p.who;
            r.find("E0402", s.who, format!("`{id}` is listed twice")).help =
                "give it all its roles in one line".to_owned();
        }
        seen.push(&p.who);
    }
}

/// Reads one step of a deal's life.
pub fn step(r: &mut Reader<'_>, m: &mut Fields<'_>, sources: &[Source]) -> Option<Step> {
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
        r.find("E0505", span, "a rumour needs the name of who published it").help =
            "add `publisher: …`, or a `source` that has one".to_owned();
    } else if publisher.is_none() && !m.has("source") {
        r.find("W0508", span, "nothing says where this step comes from").help =
            "add `source: …`, the id of one of the file's `sources`, or `publisher: …`".to_owned();
    }
    let place = date_node.map_or(span, |n| n.span);
    Some(Step { state, date: date?, source: source.map(|s| s.0), publisher, note: reason.or(note), place })
}

/// The steps, and where the state of each stands.
fn steps(r: &mut Reader<'_>, node: &Node, sources: &[Source]) -> (Vec<Step>, Vec<Span>) {
    let read = r.list(node, |r, n| {
        let mut m = r.map(n)?;
        let span = m.get("state").map_or(n.span, |n| n.span);
        let s = step(r, &mut m, sources);
        m.end(r);
        Some((s?, span))
    });
    if read.is_empty() && matches!(&node.kind, NodeKind::List(l) if l.is_empty()) {
        r.find("E0102", node.span, "a deal needs at least one state with its date");
    }
    let (steps, spans): (Vec<Step>, Vec<Span>) = read.into_iter().unzip();
    order(&steps, |i, code, message| {
        r.find(code, steps[i].place, message).help = step_help(code).to_owned();
    });
    (steps, spans)
}

/// What to do about steps that contradict each other.
#[must_use]
pub fn step_help(code: &str) -> &'static str {
    if code == "E0502" {
        "take out what did not happen; a new agreement is a new deal that `follows` this one"
    } else {
        "put the steps in the order in which they happened, and compare the dates with the sources"
    }
}

/// Checks the order of steps: ranks and dates do not go back, nothing follows an end but `unwound` after `closed`.
pub fn order(steps: &[Step], mut find: impl FnMut(usize, &'static str, String)) {
    if steps.first().is_some_and(|s| s.state == State::Unwound) {
        find(0, "E0502", "only a closed deal can be unwound".to_owned());
    }
    for (i, b) in steps.iter().enumerate().skip(1) {
        let a = &steps[i - 1];
        let unwinds = b.state == State::Unwound;
        let (name, known) = (b.state.word(), a.state.word());
        // A date between that is not precise hides nothing.
        let later = || steps[..i].iter().rev().find(|s| s.state.rank() < b.state.rank() && b.date.is_before(s.date));
        if b.state.rank() < a.state.rank() && b.date.is_before(a.date) {
            find(i, "E0501", format!("`{name}` is dated before `{known}`, and stands behind it"));
        } else if unwinds && a.state != State::Closed {
            find(i, "E0502", "only a closed deal can be unwound".to_owned());
        } else if a.state.is_end() && a.state != b.state && !unwinds {
            find(i, "E0502", format!("nothing can follow `{known}`"));
        } else if b.state.rank() < a.state.rank() {
            find(i, "E0501", format!("`{name}` cannot come after `{known}`"));
        } else if let Some(s) = later() {
            find(i, "E0501", format!("`{name}` is dated before `{}`", s.state.word()));
        }
    }
}

/// Where the `from` and `to` of a component stand, and its value.
struct ComponentSpans {
    ends: Vec<Span>,
    value: Option<Span>,
}

fn component(r: &mut Reader<'_>, node: &Node) -> Option<(Component, ComponentSpans)> {
    let mut m = r.map(node)?;
    let kind = m.need("kind", r).and_then(|n| r.word(n, "kind of deal", Kind::ALL, Kind::word));
    let mut ends = Vec::new();
    let mut end = |n: &Node, r: &mut Reader<'_>| r.id(n).inspect(|_| ends.push(n.span));
    let from = m.get("from").and_then(|n| end(n, r));
    let to = m.get("to").and_then(|n| end(n, r));
    let what = m.get("what").and_then(|n| r.text(n));
    let value_node = m.get("value");
    let value = value_node.and_then(|n| value::read(r, n, &[]));
    m.end(r);
    let spans = ComponentSpans { ends, value: value_node.map(|n| n.span) };
    Some((Component { kind: kind?, from, to, what, value }, spans))
}

fn country(r: &mut Reader<'_>, node: &Node) -> Option<String> {
    let text = r.text(node)?;
    if rust_iso3166::from_alpha2(&text).is_none() {
        let d = r.find("E0304", node.span, format!("`{text}` is no country of ISO 3166-1"));
        d.label = "expected two letters, such as FI or CN".to_owned();
        // Two letters resemble too many others for a guess.
        let upper = text.to_uppercase();
        d.help = match upper.as_str() {
            "UK" => "did you mean `GB`?".to_owned(),
            code if rust_iso3166::from_alpha2(code).is_some() => format!("did you mean `{code}`?"),
            _ => String::new(),
        };
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
        let shares: i128 = stakes.iter().filter(|s| s.of == *of).map(|s| i128::from(s.plus_shares)).sum();
        if total > Decimal::ONE_HUNDRED {
            r.find("E0606", node.span, format!("the stakes in `{of}` add up to {total} %")).label =
                "expected at most 100".to_owned();
        }
        if total == Decimal::ONE_HUNDRED && shares != 0 {
            r.find("E0607", node.span, format!("the `plus_shares` of `{of}` add up to {shares}, not to 0")).help =
                "one share more for one holder is one less for another: `plus_shares: -1`".to_owned();
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

fn currency_in_force(r: &mut Reader<'_>, span: Span, value: &Value, steps: &[Step]) {
    let Some(first) = steps.first() else { return };
    for money in value.sums().iter().filter(|m| !m.currency.is_in_force(first.date)) {
        let code = money.currency.code();
        let when = if matches!(first.date, Date::Day(_)) { "on" } else { "in" };
        r.find("E0305", span, format!("{code} was not in force {when} {}", first.date.human())).help =
            "compare the currency, and the first date of `status`, with the source".to_owned();
    }
}
