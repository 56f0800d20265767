//! Draws the turning points of a story on an axis of time, a lane for each deal. A day is a dot, a month or a year a bar.

use super::pen::{Anchor, At, Face, Pen, Spoken};
use super::{Frame, letters, real};
use crate::locale::Locale;
use crate::model::{Date, State};
use crate::pages::{Lane, Point, TimeAxis};
use jiff::civil;

/// From one line of marks to the next.
const LINE: f64 = 20.0;
const TITLE: f64 = 17.0;

/// An axis: the time at its left end, the time it spans, where that is, and how long.
struct Scale {
    start: f64,
    span: f64,
    left: f64,
    length: f64,
}

impl Scale {
    fn place(&self, time: f64) -> f64 {
        self.left + (time - self.start) / self.span * self.length
    }
}

/// A turning point where it stands.
struct Set<'p> {
    point: &'p Point,
    mark: (f64, f64),
    label: String,
    /// Where the label's anchor is, and which.
    at: f64,
    anchor: Anchor,
    /// Its line in the lane, and whether the label has the one below to itself.
    line: usize,
    below: bool,
}

/// A day as a year with a fraction.
fn time(day: civil::Date) -> f64 {
    f64::from(day.year()) + f64::from(day.day_of_year() - 1) / f64::from(day.days_in_year())
}

/// The first day of a month, counted from the year 0.
fn month(number: i32) -> f64 {
    let (year, month) = (number.div_euclid(12), number.rem_euclid(12));
    match (i16::try_from(year), i8::try_from(month + 1)) {
        (Ok(y), Ok(m)) => civil::Date::new(y, m, 1).map_or(f64::from(year), time),
        _ => f64::from(year),
    }
}

/// The months that an axis goes through: from the first of one to the first of another.
fn months(axis: &TimeAxis<'_>) -> Option<(i32, i32)> {
    let spans = || axis.lanes.iter().flat_map(|l| &l.points).map(|p| p.span);
    let number = |d: civil::Date| i32::from(d.year()) * 12 + i32::from(d.month()) - 1;
    let (from, to) = (number(spans().map(|s| s.0).min()?), number(spans().map(|s| s.1).max()?) + 1);
    Some((from, to.max(from + 2)))
}

pub fn draw(axis: &TimeAxis<'_>, words: &Locale, frame: Frame) -> String {
    let Some((from, to)) = months(axis) else { return String::new() };
    let left = if frame == Frame::Wide { 216.0 } else { 6.0 };
    let scale = Scale {
        start: month(from),
        span: month(to) - month(from),
        left,
        length: frame.width() - left - if frame == Frame::Wide { 4.0 } else { 6.0 },
    };
    let mut marks = Pen::default();
    let mut y = 26.0;
    let mut rules = Vec::new();
    for lane in &axis.lanes {
        rules.push(y);
        y = draw_lane(&mut marks, words, lane, &scale, (frame, y + 6.0)) + 8.0;
    }
    let mut pen = Pen::default();
    ticks(&mut pen, words, &scale, (from, to), (y, frame));
    for rule in rules {
        pen.line("pic-base", (0.0, rule), (frame.width(), rule), 1.0);
    }
    pen.append(&marks);
    let lanes: Vec<String> = axis.lanes.iter().map(|l| spoken(words, l)).collect();
    let mut text = words.joined("semicolon", &lanes);
    if axis.more > 0 {
        text.push_str(&words.count("axis-spoken-more", axis.more));
    }
    text.push_str(words.text("full-stop"));
    pen.finish(frame, y, &Spoken { title: words.text("axis-title"), text: &text, links: true })
}

fn spoken(words: &Locale, lane: &Lane<'_>) -> String {
    let point = |p: &Point| words.joined("comma", &[&p.label, &p.date.human]);
    let points: Vec<String> = lane.points.iter().map(point).collect();
    words.joined("colon", &[lane.title, &words.joined("enumeration", &points)])
}

/// Lines across the lanes, as close as their names allow.
fn ticks(pen: &mut Pen, words: &Locale, scale: &Scale, (from, to): (i32, i32), (foot, frame): (f64, Frame)) {
    let per_month = scale.length / f64::from(to - from);
    let room = |name: &str| Face::SMALL.width(name) + 10.0;
    let (of_month, of_year) = (words.brief(Date::Month(2017, 9)), words.brief(Date::Year(2017)));
    let fits = |step: &i32| f64::from(*step) * per_month >= room(if *step < 12 { &of_month } else { &of_year });
    let years = (0..4).flat_map(|zeros| [1, 2, 5].map(|n| 12 * n * 10_i32.pow(zeros)));
    let step = [1, 3, 6].into_iter().chain(years).find(fits).unwrap_or(120_000);
    let first = from.div_euclid(step) * step;
    for number in (0..).map(|i| first + i * step).skip_while(|n| *n < from).take_while(|n| *n < to) {
        let x = scale.place(month(number));
        let date = (i16::try_from(number.div_euclid(12)), i8::try_from(number.rem_euclid(12) + 1));
        let (Ok(year), Ok(month)) = date else { continue };
        let name = words.brief(if step < 12 { Date::Month(year, month) } else { Date::Year(year) });
        pen.line("pic-base", (x, 4.0), (x, foot), 1.0);
        if x + 4.0 + Face::SMALL.width(&name) <= frame.width() {
            pen.text(Face::SMALL, (x + 4.0, 15.0), None, &name);
        }
    }
}

/// A deal's name and marks; where the next lane can begin.
fn draw_lane(pen: &mut Pen, words: &Locale, lane: &Lane<'_>, scale: &Scale, (frame, top): (Frame, f64)) -> f64 {
    let room = if frame == Frame::Wide { scale.left - 20.0 } else { frame.width() };
    let lines = letters::wrap(lane.title, room, Face::NAME.size, 3);
    let tall = real(lines.len()) * TITLE;
    pen.begin(lane.url.as_deref(), lane.title);
    let wide = lines.iter().map(|l| Face::NAME.width(l)).fold(24.0, f64::max).min(room);
    pen.target((0.0, top - 3.0), (wide, tall.max(18.0) + 6.0));
    for (i, line) in lines.iter().enumerate() {
        let language = line.chars().any(|c| c > '\u{2e80}').then_some("zh");
        pen.text(Face::NAME, (0.0, top + 14.0 + real(i) * TITLE), language, line);
    }
    pen.end(lane.url.as_deref());
    let first = if frame == Frame::Wide { top } else { top + tall + 4.0 };
    let sets = set(words, lane, scale);
    let mut foot = (top + tall).max(first);
    for s in &sets {
        let y = first + real(s.line) * LINE + 9.0;
        pen.begin(None, &words.joined("comma", &[&s.point.label, &s.point.date.human]));
        mark(pen, s, y);
        let lower = if s.below { LINE } else { 0.0 };
        let face = if s.point.reached { Face::PLAIN } else { Face { soft: true, ..Face::PLAIN } };
        pen.text(Face { size: 13.0, ..face }.at(s.anchor), (s.at, y + 4.5 + lower), None, &s.label);
        pen.end(None);
        foot = foot.max(y + 10.0 + lower);
    }
    foot
}

fn mark(pen: &mut Pen, s: &Set<'_>, y: f64) {
    let (from, to): (f64, f64) = s.mark;
    let corner: At = (from, y - 4.5);
    let size = (to - from, 9.0);
    let is_day = s.point.span.0 == s.point.span.1;
    match (s.point.reached, s.point.off, is_day) {
        (true, true, _) => {
            pen.frame("pic-off", corner, size, 0.0);
            let x = f64::midpoint(from, to);
            pen.line("pic-cross", (x - 3.0, y - 3.0), (x + 3.0, y + 3.0), 1.5);
            pen.line("pic-cross", (x - 3.0, y + 3.0), (x + 3.0, y - 3.0), 1.5);
        }
        (true, false, _) if s.point.state == State::Rumoured.word() => pen.frame("pic-rumour", corner, size, 4.5),
        (true, false, true) => pen.dot("pic-dot", (f64::midpoint(from, to), y), 5.0, false),
        (true, false, false) => pen.block("pic-span", corner, size, 4.5),
        (false, ..) => pen.frame("pic-hollow", corner, size, 4.5),
    }
}

/// Finds a place for each turning point of a lane: the label on the right of its mark where it fits, else on the left,
/// else below; on the first line where nothing else is.
fn set<'p>(words: &Locale, of: &'p Lane<'_>, scale: &Scale) -> Vec<Set<'p>> {
    let (left, right) = (scale.left, scale.left + scale.length);
    let mut taken: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut sets: Vec<Set<'p>> = Vec::new();
    let mut points: Vec<&Point> = of.points.iter().collect();
    points.sort_by_key(|p| p.span);
    for point in points {
        let (from, to) = (scale.place(time(point.span.0)), scale.place(time(point.span.1) + 1.0 / 366.0));
        let (from, to) = if point.span.0 == point.span.1 || to - from < 9.0 {
            let middle = f64::midpoint(from, to).clamp(left + 4.5, right - 4.5);
            (middle - 4.5, middle + 4.5)
        } else {
            (from, to.min(right))
        };
        let face = Face { size: 13.0, ..Face::PLAIN };
        let label = face.fit(&words.joined("comma", &[&point.label, &point.short]), right - left);
        let long = face.width(&label);
        let (at, anchor, below) = if to + 7.0 + long <= right {
            (to + 7.0, Anchor::Start, false)
        } else if from - 7.0 - long >= left {
            (from - 7.0, Anchor::End, false)
        } else {
            (from.min(right - long).max(left), Anchor::Start, true)
        };
        let words = if anchor == Anchor::End { (at - long, at) } else { (at, at + long) };
        let whole = if below { (from, to) } else { (from.min(words.0), to.max(words.1)) };
        let clear = |taken: &[Vec<(f64, f64)>], line: usize, (a, b): (f64, f64)| {
            taken.get(line).is_none_or(|boxes| boxes.iter().all(|o| b + 8.0 <= o.0 || a >= o.1 + 8.0))
        };
        let line = (0..=taken.len() + 1)
            .find(|l| clear(&taken, *l, whole) && (!below || clear(&taken, l + 1, words)))
            .unwrap_or(taken.len());
        let mut take = |line: usize, span: (f64, f64)| {
            taken.resize_with(taken.len().max(line + 1), Vec::new);
            taken[line].push(span);
        };
        take(line, whole);
        if below {
            take(line + 1, words);
        }
        sets.push(Set { point, mark: (from, to), label, at, anchor, line, below });
    }
    sets
}
