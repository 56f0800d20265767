//! Draws a company among its counterparties: in a wide frame around it, in a narrow one as branches below it.

use super::pen::{Anchor, At, Face, Pen, Spoken};
use super::{Frame, real};
use crate::locale::Locale;
use crate::pages::{Counterparty, Network, Tie};

/// From one name to the next, more than a finger's 24.
const PITCH: f64 = 30.0;
const RADIUS: f64 = 4.5;

pub fn draw(network: &Network<'_>, nodes: &[Counterparty<'_>], words: &Locale, frame: Frame) -> String {
    let order = order(nodes.len(), &network.ties);
    let most = nodes.iter().map(|n| n.count).max().unwrap_or(1);
    let mut pen = Pen::default();
    let plan = Plan { network, nodes, words, order, most };
    let height = match frame {
        Frame::Wide => plan.around(&mut pen),
        Frame::Narrow => plan.below(&mut pen),
    };
    let lines: Vec<String> = nodes.iter().map(|n| format!("{} {}", n.name, n.count)).collect();
    let more = if network.more > 0 { words.count("network-spoken-more", network.more) } else { String::new() };
    let lines = words.joined("enumeration", &lines);
    let text = words.with("network-spoken", &[("lines", (&lines).into()), ("more", (&more).into())]);
    let title = words.with("network-title", &[("name", network.name.into())]);
    pen.finish(frame, height, &Spoken { title: &title, text: &text, links: true })
}

/// What both frames draw.
struct Plan<'a> {
    network: &'a Network<'a>,
    nodes: &'a [Counterparty<'a>],
    words: &'a Locale,
    order: Vec<usize>,
    most: usize,
}

/// The order in which they stand: the most deals first, and after each those whom it met.
fn order(count: usize, ties: &[Tie]) -> Vec<usize> {
    let mut order = Vec::with_capacity(count);
    let mut waiting: Vec<usize> = (0..count).rev().collect();
    while let Some(next) = waiting.pop() {
        if order.contains(&next) {
            continue;
        }
        order.push(next);
        let mut met: Vec<(usize, usize)> = Vec::new();
        for tie in ties {
            for (own, other) in [(tie.a, tie.b), (tie.b, tie.a)] {
                if own == next && !order.contains(&other) {
                    met.push((tie.count, other));
                }
            }
        }
        met.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        waiting.retain(|w| !met.iter().any(|m| m.1 == *w));
        waiting.extend(met.iter().map(|m| m.1));
    }
    order
}

/// The width of a line for a number of deals.
fn weight(count: usize, most: usize) -> f64 {
    1.5 + if most > 1 { 4.5 * real(count - 1) / real(most - 1) } else { 0.0 }
}

fn label(words: &Locale, n: &Counterparty<'_>) -> String {
    words.with("network-node", &[("name", n.name.into()), ("n", n.count.into())])
}

/// A counterparty's mark and name: a link that a finger can hit. `side` is 1 where the name stands on the right.
fn node(pen: &mut Pen, words: &Locale, n: &Counterparty<'_>, at: At, side: f64, room: f64) {
    let face = Face::PLAIN.at(if side > 0.0 { Anchor::Start } else { Anchor::End });
    let count = n.count.to_string();
    let gap = RADIUS + 7.0;
    let name = face.fit_counted(n.name, &count, room - gap);
    let long = gap + face.width_counted(&name, &count);
    pen.begin(n.url.as_deref(), &label(words, n));
    pen.target((if side > 0.0 { at.0 - 12.0 } else { at.0 - long }, at.1 - 13.0), (long + 12.0, 26.0));
    pen.dot("pic-dot", at, RADIUS, false);
    pen.counted(face, (at.0 + side * gap, at.1 + 5.0), n.language, &name, &count);
    pen.end(n.url.as_deref());
}

impl Plan<'_> {
    /// Clockwise on two sides of the company, the first one at the top on the right.
    fn around(&self, pen: &mut Pen) -> f64 {
        let Self { network, nodes, words, order, most } = self;
        let width = Frame::Wide.width();
        let right = order.len().div_ceil(2);
        let height = (real(right) * PITCH + 16.0).max(84.0);
        let centre = (width / 2.0, height / 2.0);
        let name = Face::NAME.fit(network.name, 150.0);
        let pill = Face::NAME.width(&name) + 24.0;
        let reach = pill / 2.0 + if nodes.len() > 8 { 56.0 } else { 40.0 };
        let mut spots: Vec<(At, f64)> = vec![((0.0, 0.0), 1.0); nodes.len()];
        for (place, i) in order.iter().enumerate() {
            let (row, rows, side) = if place < right {
                (place, right, 1.0)
            } else {
                // The left side is read upwards: the last one stands beside the first.
                (order.len() - 1 - place, order.len() - right, -1.0)
            };
            let down = (real(row) - (real(rows) - 1.0) / 2.0) * PITCH;
            let bow = down / (real(right) / 2.0 * PITCH + 20.0);
            spots[*i] = ((centre.0 + side * reach * (1.0 - bow * bow).sqrt(), centre.1 + down), side);
        }
        for tie in &network.ties {
            let (a, b) = (spots[tie.a].0, spots[tie.b].0);
            let inwards = |p: f64, q: f64, c: f64| f64::midpoint(p, q) * 0.55 + c * 0.45;
            let towards = (inwards(a.0, b.0, centre.0), inwards(a.1, b.1, centre.1));
            pen.curve("pic-tie", [a, towards, b], 1.2);
        }
        for (n, (at, _)) in nodes.iter().zip(&spots) {
            pen.line("pic-edge", centre, *at, weight(n.count, *most));
        }
        pen.frame("pic-pill", (centre.0 - pill / 2.0, centre.1 - 16.0), (pill, 32.0), 16.0);
        pen.text(Face::NAME.at(Anchor::Middle), (centre.0, centre.1 + 5.0), network.language, &name);
        for i in order {
            let ((x, y), side) = spots[*i];
            let room = if side > 0.0 { width - x } else { x };
            node(pen, words, &nodes[*i], (x, y), side, room);
        }
        height
    }

    /// As branches of a trunk; who met whom is a bow on its left.
    fn below(&self, pen: &mut Pen) -> f64 {
        let Self { network, nodes, words, order, most } = self;
        let (trunk, stem) = (8.0, 62.0);
        let width = Frame::Narrow.width();
        let row = |place: usize| 46.0 + real(place) * PITCH;
        let mut places = vec![0; nodes.len()];
        for (place, i) in order.iter().enumerate() {
            places[*i] = place;
        }
        let last = row(order.len().saturating_sub(1));
        pen.line("pic-edge", (trunk, 16.0), (trunk, last - 10.0), 1.5);
        for (place, i) in order.iter().enumerate() {
            let (y, w) = (row(place), weight(nodes[*i].count, *most));
            pen.curve("pic-edge", [(trunk, y - 10.0), (trunk, y), (trunk + 10.0, y)], 1.5_f64.min(w));
            pen.line("pic-edge", (trunk + 10.0, y), (stem, y), w);
        }
        for tie in &network.ties {
            let (a, b) = (row(places[tie.a]), row(places[tie.b]));
            let bow = (14.0 + (a - b).abs() * 0.45).min(76.0);
            pen.curve("pic-tie", [(stem, a), (stem - bow, f64::midpoint(a, b)), (stem, b)], 1.2);
        }
        pen.dot("pic-dot", (trunk, 14.0), 6.0, false);
        pen.text(
            Face::NAME,
            (trunk + 14.0, 19.0),
            network.language,
            &Face::NAME.fit(network.name, width - trunk - 14.0),
        );
        for (place, i) in order.iter().enumerate() {
            node(pen, words, &nodes[*i], (stem, row(place)), 1.0, width - stem);
        }
        last + 18.0
    }
}
