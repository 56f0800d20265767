//! What a place that editions are published to can do. Each kind of target is one of these; none knows what a site is.

use super::stop::Stop;
use crate::diagnostic::Diagnostic;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How the editions of a target lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// The live files lie at their own paths, and are replaced one by one: keys are `path`, and ours `.dealwire/…`.
    InPlace,
    /// Each edition is whole, and one step makes it the live one: keys are `editions/N/path` and `editions/N.json`.
    Editions,
}

/// What a target can do besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// How its editions lie.
    pub layout: Layout,
    /// Whether a file is replaced only if it is still the one that was read.
    pub swaps: bool,
    /// Whether it keeps headers with files.
    pub headers: bool,
    /// Whether a claim keeps others away; where not, `go_live` alone decides who wins.
    pub claims: bool,
}

/// The headers that a file is served with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Content-Type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Cache-Control.
    pub cache: String,
    /// Content-Encoding; none for what is sent as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The whole address to which a bucket sends readers on in place of showing the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect: Option<String>,
}

impl Head {
    /// Of one of our own files, which no reader asks for.
    #[must_use]
    pub fn ours(cache: &str) -> Self {
        Self { kind: "application/json".to_owned(), cache: cache.to_owned(), encoding: None, redirect: None }
    }
}

/// What tells one version of a file from another; opaque.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag(pub String);

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Got {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its version, where the target has such.
    pub tag: Option<Tag>,
    /// When it was written, by the target's clock.
    pub modified: Option<Timestamp>,
    /// The headers it is served with, where the target keeps them.
    pub head: Option<Head>,
}

/// On which condition a file is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// Whatever is there.
    Always,
    /// Nothing is there.
    Absent,
    /// This version is there. Only where the target swaps.
    Is(Tag),
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The condition did not hold: somebody else was there.
    Lost,
    /// It may work when it is tried again.
    Passing(String),
    /// It will not work: no such bucket, no right to write.
    Lasting(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost => f.write_str("somebody else has changed it meanwhile"),
            Self::Passing(why) | Self::Lasting(why) => f.write_str(why),
        }
    }
}

/// A place that holds files by key. Keys are paths with `/`, without a slash at either end. Called from many threads.
pub trait Store: Send + Sync {
    /// Its address, for people.
    fn name(&self) -> String;

    /// What it can do.
    fn abilities(&self) -> Abilities;

    /// The target's clock less ours, where an answer has told it by the way.
    fn skew(&self) -> Option<SignedDuration> {
        None
    }

    /// A file; `None` where there is none.
    ///
    /// # Errors
    /// When the target does not answer, or refuses.
    fn get(&self, key: &str) -> Result<Option<Got>, Fault>;

    /// Writes a file whole or not at all; returns its version where the target has such.
    ///
    /// # Errors
    /// `Lost` when the condition does not hold; else as `get`.
    fn put(&self, key: &str, bytes: &[u8], head: &Head, when: &When) -> Result<Option<Tag>, Fault>;

    /// Makes a file the same as another, with its headers, without sending it; replaces what is there.
    ///
    /// # Errors
    /// As `get`; when there is no such file.
    fn copy(&self, from: &str, to: &str) -> Result<(), Fault>;

    /// Deletes a file. One that is not there is no error.
    ///
    /// # Errors
    /// As `get`.
    fn delete(&self, key: &str) -> Result<(), Fault>;

    /// Whether nothing at all is there, ours not counted.
    ///
    /// # Errors
    /// As `get`.
    fn is_empty(&self) -> Result<bool, Fault>;

    /// Which edition is live. Only where editions lie whole.
    ///
    /// # Errors
    /// As `get`.
    fn live(&self) -> Result<Option<u64>, Fault> {
        Ok(None)
    }

    /// Makes an edition the live one, if `from` still is. Only where editions lie whole. `message` is for logs.
    ///
    /// # Errors
    /// `Lost` when another one is live by now; else as `get`.
    fn go_live(&self, from: Option<u64>, to: u64, message: &str) -> Result<(), Fault> {
        let _ = (from, to, message);
        Err(Fault::Lasting("this target has no editions to choose from".to_owned()))
    }

    /// Deletes an edition that is not live, and its record. Only where editions lie whole.
    ///
    /// # Errors
    /// As `get`.
    fn drop_edition(&self, number: u64) -> Result<(), Fault> {
        let _ = number;
        Ok(())
    }
}

/// E1304: what could not be done, where.
pub(super) fn failed(store: &dyn Store, doing: &str, fault: &Fault) -> Stop {
    let help = match fault {
        Fault::Lasting(_) => "look at the target's settings and your credentials; docs/publishing.md describes both",
        _ => "publish again: it goes on where it stopped",
    };
    Stop::Failed(Diagnostic::bare("E1304", format!("{doing} at {}: {fault}", store.name())).help(help))
}
