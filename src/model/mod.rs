//! The nouns: plain data that everything else speaks of. No IO, no clock, no templates.

pub mod currency;
pub mod date;
pub mod deal;
pub mod earlier;
mod entry;
pub mod id;
pub mod issue;
pub mod money;
pub mod original;
pub mod output;

pub use currency::Currency;
pub use date::Date;
pub use deal::{Component, Deal, Kind, Licence, Party, Role, Stake, State, Step, Who};
pub use earlier::{Earlier, Fact};
pub use entry::{
    Article, Audience, Common, Company, Correction, Entry, FormerName, Image, Listing, Page, Person, Post, Source,
    Sponsor, Standing, Tag, Thread, Update, is_language,
};
pub use id::{Id, slug};
pub use issue::{Issue, IssueName, Issues, Sent};
pub use money::{Money, MoneyError, Value};
pub use original::{Format, Original, Raster, Unfit};
pub use output::{Answer, Change, Decode, ImageStore, Look, Make, Output, ReadBytes, Route, Shelf, Texts, fold};
