//! Which picture a page has, with the data that it is drawn from. Draws nothing.

use super::Values;
use super::network::{Counterparty, Network};
use super::over_time::OverTime;
use super::progress::{StatusLine, TimeAxis};

/// The data of a picture.
#[derive(Clone, Copy, Debug)]
pub enum Picture<'v> {
    /// A company and those that it deals with.
    Network(&'v Network<'v>, &'v [Counterparty<'v>]),
    /// Deals over time and by kind.
    OverTime(&'v OverTime),
    /// The way of a deal.
    StatusLine(&'v StatusLine),
    /// The turning points of a story.
    TimeAxis(&'v TimeAxis<'v>),
}

impl Values<'_> {
    /// The picture of a page, and under which name templates get it; nothing where there is none or nobody wants it.
    #[must_use]
    pub fn picture(&self) -> Option<(&'static str, Picture<'_>)> {
        match self {
            Self::Company(t) => t.network.as_ref().map(|n| ("network", Picture::Network(n, &t.counterparties))),
            Self::Ledger(l) => l.over_time.as_ref().map(|o| ("over_time", Picture::OverTime(o))),
            Self::Tag(t) => t.over_time.as_ref().map(|o| ("over_time", Picture::OverTime(o))),
            Self::Deal(d) => d.status_line.as_ref().map(|s| ("status_line", Picture::StatusLine(s))),
            Self::Thread(t) => t.time_axis.as_ref().map(|a| ("time_axis", Picture::TimeAxis(a))),
            _ => None,
        }
    }
}
