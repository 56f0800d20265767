//! Looks at pictures as readers do: they are XML, inside their frames, and no two texts touch. Random data, printed seed.

use super::{Frame, letters, svg};
use crate::locale::Locale;
use crate::model::Date;
use crate::pages::{
    Bars, Counterparty, Day, Lane, Link, Network, OverTime, Period, Picture, Point, Station, StatusLine, Tie, TimeAxis,
};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

fn english() -> Locale {
    Locale::new("en", &[], &[]).0
}

/// Numbers that follow from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % n
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// Seeds, each printed where a test fails.
fn seeds() -> impl Iterator<Item = u64> {
    (1..=150_u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

const NAMES: [&str; 10] = [
    "Nokia",
    "小米",
    "诺基亚上海贝尔股份有限公司",
    "AT&T <Holdings> \"II\"",
    "Samsung Electronics North America and Its Subsidiaries",
    "W",
    "Ørsted A/S",
    "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "Nokia–小米 专利 cross-licence",
];

const DATES: [&str; 8] =
    ["2017", "2017-Q3", "2017-07", "2017-07-05", "2017-07-06", "2015-08", "2018-12-31", "2019-02-28"];

/// Where a text stands, and the text.
#[derive(Debug)]
struct Words {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    text: String,
}

fn attribute(e: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = e.attributes().map(|a| a.expect("attributes of XML")).find(|a| a.key.as_ref() == name)?;
    Some(quick_xml::escape::unescape(&found.value).expect("known entities").into_owned())
}

/// Every text of a picture, which has to be XML.
fn words(svg: &str) -> Vec<Words> {
    let mut reader = Reader::from_str(svg);
    let (mut all, mut depth) = (Vec::new(), 0);
    let mut open: Option<Words> = None;
    let mut counted: Option<(f64, f64, String)> = None;
    loop {
        match reader.read_event().expect("XML") {
            Event::Eof => break,
            Event::Start(e) => {
                depth += 1;
                let number = |name| attribute(&e, name).expect(name).parse::<f64>().expect("a number");
                if e.local_name().as_ref() == "tspan" {
                    counted = Some((number("dx"), number("font-size"), String::new()));
                } else if e.local_name().as_ref() == "text" {
                    let (x, y, size) = (number("x"), number("y"), number("font-size"));
                    // The width is known at the end; until then `right` holds what one em of it is.
                    let em = letters::width("m", size, attribute(&e, "font-weight").is_some());
                    let anchor = attribute(&e, "text-anchor");
                    let share = match anchor.as_deref() {
                        None => 0.0,
                        Some("middle") => 0.5,
                        _ => 1.0,
                    };
                    open = Some(Words {
                        left: x,
                        right: em,
                        top: y - size * 0.8,
                        bottom: y + size * 0.22,
                        text: String::new(),
                    });
                    all.push(Words { left: share, right: 0.0, top: 0.0, bottom: 0.0, text: String::new() });
                }
            }
            Event::Text(t) => {
                if let Some((_, _, number)) = &mut counted {
                    number.push_str(&t);
                } else if let Some(words) = &mut open {
                    words.text.push_str(&t);
                }
            }
            Event::GeneralRef(r) => {
                if let Some(words) = &mut open {
                    let entity = format!("&{};", &*r);
                    words.text.push_str(&quick_xml::escape::unescape(&entity).expect("a known entity"));
                }
            }
            Event::End(e) => {
                depth -= 1;
                if e.local_name().as_ref() == "text" {
                    let mut words = open.take().expect("a text that was begun");
                    let number = counted.take();
                    let share = all.pop().expect("its anchor").left;
                    let more = number.map_or(0.0, |(dx, size, text)| dx + letters::width(&text, size, false));
                    let wide = letters::width(&words.text, 1.0, false) * words.right + more;
                    words.left -= share * wide;
                    words.right = words.left + wide;
                    all.push(words);
                }
            }
            _ => {}
        }
    }
    assert_eq!(depth, 0, "every element ends");
    all
}

/// Fails where two texts touch or one is outside.
#[track_caller]
fn look(picture: &Picture<'_>, seed: u64) {
    for frame in [Frame::Wide, Frame::Narrow] {
        let svg = svg(picture, &english(), frame);
        let all = words(&svg);
        assert!(!all.is_empty(), "seed {seed}: nothing is written in {svg}");
        assert_eq!(svg, super::svg(picture, &english(), frame), "the same data, the same bytes");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "seed {seed}: {svg}");
        let head = svg.lines().next().expect("a line");
        let height: f64 =
            head.split(" height=\"").nth(1).and_then(|t| t.split('"').next()?.parse().ok()).expect("height");
        for w in &all {
            let inside = w.left >= -0.6 && w.right <= frame.width() + 0.6 && w.top >= -0.6 && w.bottom <= height + 0.6;
            assert!(inside, "seed {seed}: outside of {frame:?}, {height} high: {w:?}");
        }
        for (i, a) in all.iter().enumerate() {
            for b in &all[i + 1..] {
                let apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
                assert!(apart, "seed {seed}: {frame:?}: {a:?} touches {b:?}");
            }
        }
    }
}

fn day() -> Day {
    Day { iso: "2017-07".to_owned(), human: "July 2017".to_owned() }
}

#[test]
fn networks() {
    for seed in seeds() {
        let mut dice = Dice(seed);
        let count = 2 + dice.below(23);
        let nodes: Vec<Counterparty<'_>> = (0..count)
            .map(|i| Counterparty {
                name: dice.one(&NAMES),
                url: (i % 3 > 0).then(|| format!("/companies/{i}/?a=\"&b='<").into()),
                language: (i % 2 > 0).then_some("zh"),
                count: 1 + dice.below(2000) * dice.below(2),
                newest: Link { title: "<a>", url: None },
                date: None,
            })
            .collect();
        let tie = |dice: &mut Dice| {
            let a = dice.below(count - 1);
            Tie { a, b: a + 1 + dice.below(count - 1 - a), count: 1 + dice.below(9) }
        };
        let ties = (0..dice.below(40)).map(|_| tie(&mut dice)).collect();
        let more = dice.below(3);
        let network = Network { name: dice.one(&NAMES), language: None, ties, more, newest: None };
        look(&Picture::Network(&network, &nodes), seed);
        let svg = svg(&Picture::Network(&network, &nodes), &english(), Frame::Wide);
        assert_eq!(svg.matches("<a href=").count(), nodes.iter().filter(|n| n.url.is_some()).count(), "{seed}");
        assert!(svg.contains("role=\"group\""), "what is an image hides its links");
    }
}

#[test]
fn bars_over_time() {
    for seed in seeds() {
        let mut dice = Dice(seed);
        let months = dice.below(2) == 0;
        let count = if months { 12 } else { 2 + dice.below(9) };
        let label = |i: usize| if months { "September".to_owned() } else { (2000 + i).to_string() };
        let period = |i| Period { label: label(i), short: if months { "S" } else { "’17" }.to_owned(), url: None };
        let top = dice.one(&[2, 30, 400, 5000, 90_000]);
        let row = |dice: &mut Dice, label: &str| {
            let counts: Vec<usize> = (0..count).map(|_| dice.below(top)).collect();
            Bars { label: label.to_owned(), url: None, total: counts.iter().sum(), counts }
        };
        let bars = OverTime {
            title: "Deals <by> year".to_owned(),
            periods: (0..count).map(period).collect(),
            all: row(&mut dice, "All deals"),
            kinds: (0..dice.below(8)).map(|i| row(&mut dice, NAMES[i])).collect(),
            note: None,
        };
        look(&Picture::OverTime(&bars), seed);
    }
}

#[test]
fn status_lines() {
    for seed in seeds() {
        let mut dice = Dice(seed);
        let station = |dice: &mut Dice| Station {
            state: dice.one(&["rumoured", "signed"]),
            label: dice.one(&["Announced and signed", "Memorandum", "<Closed>", "Terminated"]).to_owned(),
            date: "July 2017".to_owned(),
            short: dice.one(&["5\u{a0}Jul 2017", "expected Q3 2017", "May 2017 or 2017 or 5\u{a0}Jul 2018"]).to_owned(),
            reached: dice.below(2) == 0,
            off: dice.below(4) == 0,
        };
        let stations = (0..2 + dice.below(5)).map(|_| station(&mut dice)).collect();
        look(&Picture::StatusLine(&StatusLine { stations, text: String::new() }), seed);
    }
}

#[test]
fn axes_of_time() {
    for seed in seeds() {
        let mut dice = Dice(seed);
        let point = |dice: &mut Dice| {
            let date = Date::parse(dice.one(&DATES)).expect("a date");
            Point {
                state: dice.one(&["rumoured", "signed"]),
                label: dice.one(&["Announced", "Expected to close", "Memorandum"]).to_owned(),
                date: day(),
                short: english().brief(date),
                reached: dice.below(3) > 0,
                off: dice.below(5) == 0,
                span: (date.first(), date.last()),
            }
        };
        let lane = |dice: &mut Dice| Lane {
            title: dice.one(&NAMES),
            url: (dice.below(2) > 0).then(|| "/deals/\"&'/".to_owned()),
            points: (0..=dice.below(7)).map(|_| point(dice)).collect(),
        };
        let lanes = (0..=dice.below(12)).map(|_| lane(&mut dice)).collect();
        look(&Picture::TimeAxis(&TimeAxis { lanes, more: dice.below(2) }), seed);
    }
}

#[test]
fn one_day_alone_and_many_years_have_an_axis() {
    let lane = |dates: [&str; 2]| {
        let point = |text: &str| {
            let date = Date::parse(text).expect("a date");
            Point {
                state: "signed",
                label: "Signed".to_owned(),
                date: day(),
                short: english().brief(date),
                reached: true,
                off: false,
                span: (date.first(), date.last()),
            }
        };
        Lane { title: "A deal", url: None, points: dates.map(point).into() }
    };
    for dates in [["2017-07-05", "2017-07-05"], ["1000", "9999"], ["2017-12-31", "2018-01-01"]] {
        look(&Picture::TimeAxis(&TimeAxis { lanes: vec![lane(dates)], more: 0 }), 0);
    }
}
