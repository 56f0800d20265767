//! Draws deals over time as small bars, one row for all and one for each kind, with every number printed.

use super::pen::{Anchor, Face, Pen, Spoken};
use super::{Frame, real};
use crate::locale::Locale;
use crate::pages::{Bars, OverTime};

/// The highest bar of all deals, and of a kind.
const HIGH: f64 = 64.0;
const LOW: f64 = 26.0;

/// Where things stand in a frame.
struct Plan {
    frame: Frame,
    /// Where the first column begins.
    left: f64,
    /// From one column to the next.
    step: f64,
    /// Columns.
    count: usize,
}

impl Plan {
    fn middle(&self, column: usize) -> f64 {
        self.left + (real(column) + 0.5) * self.step
    }

    fn right(&self) -> f64 {
        self.left + real(self.count) * self.step
    }
}

pub fn draw(bars: &OverTime, words: &Locale, frame: Frame) -> String {
    let count = bars.periods.len();
    let left = if frame == Frame::Wide { 216.0 } else { 0.0 };
    let step = ((frame.width() - left) / real(count)).min(93.0);
    let plan = Plan { frame, left, step, count };
    let mut pen = Pen::default();
    let mut y = row(&mut pen, &plan, &bars.all, HIGH, bars.all.counts.iter().copied().max().unwrap_or(0), 0.0);
    y = names(&mut pen, &plan, bars, y);
    // One measure for all kinds, so that they can be compared.
    let most = bars.kinds.iter().flat_map(|r| &r.counts).copied().max().unwrap_or(0);
    for kind in &bars.kinds {
        y = row(&mut pen, &plan, kind, LOW, most, y + 8.0);
    }
    if bars.kinds.len() > 2 {
        y = names(&mut pen, &plan, bars, y);
    }
    let columns = bars.periods.iter().zip(&bars.all.counts);
    let all: Vec<String> = columns.filter(|(_, n)| **n > 0).map(|(p, n)| format!("{} {n}", p.label)).collect();
    let kinds: Vec<String> = bars.kinds.iter().map(|r| format!("{} {}", r.label, r.total)).collect();
    let mut text = words.with("over-time-spoken", &[("all", (&words.joined("enumeration", &all)).into())]);
    if !kinds.is_empty() {
        let kinds = words.joined("enumeration", &kinds);
        text.push_str(&words.with("over-time-spoken-kinds", &[("kinds", (&kinds).into())]));
    }
    pen.finish(frame, y, &Spoken { title: &bars.title, text: &text, links: false })
}

/// A row of bars on a line; where the next one can begin.
fn row(pen: &mut Pen, plan: &Plan, row: &Bars, high: f64, most: usize, top: f64) -> f64 {
    let face = if high > LOW { Face::NAME } else { Face::PLAIN };
    let total = row.total.to_string();
    let (edge, head) = if plan.frame == Frame::Wide { (plan.left - 16.0, 0.0) } else { (plan.right(), 20.0) };
    let foot = top + head + 16.0 + high;
    // On a telephone the name stands above its bars, in a wide frame beside them.
    let line = if plan.frame == Frame::Wide { foot } else { top + 15.0 };
    pen.counted(face, (0.0, line), None, &face.fit_counted(&row.label, &total, edge), &total);
    pen.line("pic-base", (plan.left, foot + 0.5), (plan.right(), foot + 0.5), 1.0);
    for (column, count) in row.counts.iter().enumerate().filter(|(_, n)| **n > 0) {
        let tall = (high * real(*count) / real(most.max(1))).max(2.0);
        let wide = (plan.step * 0.64).min(48.0);
        let x = plan.middle(column);
        let class = if high > LOW { "pic-bar pic-all" } else { "pic-bar" };
        pen.block(class, (x - wide / 2.0, foot - tall), (wide, tall), 0.0);
        if let Some(number) = number(*count, plan.step - 1.0) {
            pen.text(Face::SMALL.at(Anchor::Middle), (x, foot - tall - 4.0), None, &number);
        }
    }
    foot + 6.0
}

/// The names of the columns; where the next row can begin.
fn names(pen: &mut Pen, plan: &Plan, bars: &OverTime, top: f64) -> f64 {
    let small = Face::SMALL.at(Anchor::Middle);
    let room = plan.step - 5.0;
    let whole = bars.periods.iter().all(|p| small.width(&p.label) <= room);
    for (column, period) in bars.periods.iter().enumerate() {
        let three: String = period.label.chars().take(3).collect();
        // Of a month three letters will do; of a year they would be another one.
        let is_month = !period.label.starts_with(|c: char| c.is_ascii_digit());
        let name = match (whole, is_month && small.width("May") <= room) {
            (true, _) => &period.label,
            (_, true) => &three,
            _ => &period.short,
        };
        pen.text(small, (plan.middle(column), top + 10.0), None, name);
    }
    top + 16.0
}

/// A count as it fits above its bar: whole, in thousands with a decimal, in thousands.
fn number(count: usize, room: f64) -> Option<String> {
    let (thousands, rest) = (count / 1000, count % 1000 / 100);
    let short = [format!("{thousands}.{rest}k"), format!("{thousands}k")];
    let all = std::iter::once(count.to_string()).chain(short.into_iter().filter(|_| count >= 1000));
    all.into_iter().find(|text| Face::SMALL.width(text) <= room)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_fit() {
        for (count, room, text) in [
            (7, 40.0, Some("7")),
            (1234, 40.0, Some("1234")),
            (1234, 30.0, Some("1.2k")),
            (12_345, 26.0, Some("12k")),
            (123, 10.0, None),
        ] {
            assert_eq!(number(count, room).as_deref(), text, "{count} in {room}");
        }
    }
}
