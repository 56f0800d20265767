//! Draws how far a deal has come: filled stations that were reached, hollow ones that were not, dotted rumours, crossed ends.

use super::pen::{At, Face, Pen, Spoken};
use super::{Frame, real};
use crate::locale::Locale;
use crate::model::State;
use crate::pages::{Station, StatusLine};

const RADIUS: f64 = 7.0;

pub fn draw(line: &StatusLine, words: &Locale, frame: Frame) -> String {
    let count = line.stations.len();
    let here = line.stations.iter().rposition(|s| s.reached).unwrap_or(0);
    let column = (frame.width() / real(count)).min(190.0);
    let place = |i: usize| match frame {
        Frame::Wide => (12.0 + real(i) * column, 14.0),
        Frame::Narrow => (12.0, 14.0 + real(i) * 46.0),
    };
    let mut pen = Pen::default();
    for i in 1..count {
        let class = if i <= here { "pic-way" } else { "pic-way pic-ahead" };
        pen.line(class, place(i - 1), place(i), 2.0);
    }
    for (i, station) in line.stations.iter().enumerate() {
        let at = place(i);
        pen.begin(None, &words.joined("colon", &[&station.label, &station.date]));
        mark(&mut pen, station, at, i == here);
        let (name, date, room) = match frame {
            Frame::Wide => ((at.0 - RADIUS, at.1 + 32.0), (at.0 - RADIUS, at.1 + 50.0), column - 12.0),
            Frame::Narrow => ((at.0 + 22.0, at.1 + 5.0), (at.0 + 22.0, at.1 + 22.0), frame.width() - at.0 - 22.0),
        };
        let face = if station.reached { Face::NAME } else { Face::PLAIN };
        pen.text(face, name, None, &face.fit(&station.label, room));
        pen.text(Face::SMALL, date, None, &Face::SMALL.fit(&station.short, room));
        pen.end(None);
    }
    let height = match frame {
        Frame::Wide => 70.0,
        Frame::Narrow => place(count.saturating_sub(1)).1 + 28.0,
    };
    let all: Vec<String> = line.stations.iter().map(|s| words.joined("colon", &[&s.label, &s.date])).collect();
    pen.finish(
        frame,
        height,
        &Spoken { title: words.text("status-line-title"), text: &words.joined("semicolon", &all), links: false },
    )
}

fn mark(pen: &mut Pen, station: &Station, at: At, is_here: bool) {
    let (x, y) = at;
    if station.off {
        pen.frame("pic-off", (x - RADIUS, y - RADIUS), (2.0 * RADIUS, 2.0 * RADIUS), 0.0);
        pen.line("pic-cross", (x - 4.0, y - 4.0), (x + 4.0, y + 4.0), 2.0);
        pen.line("pic-cross", (x - 4.0, y + 4.0), (x + 4.0, y - 4.0), 2.0);
        return;
    }
    if is_here {
        pen.dot("pic-ring", at, RADIUS + 4.0, true);
    }
    let (class, hollow) = match (station.reached, station.state == State::Rumoured.word()) {
        (true, true) => ("pic-rumour", true),
        (true, false) => ("pic-dot", false),
        (false, _) => ("pic-hollow", true),
    };
    pen.dot(class, at, RADIUS, hollow);
}
