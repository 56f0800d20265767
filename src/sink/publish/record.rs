//! What is known of an edition at its target: the record, which is the only licence to delete, and the claim of who is
//! writing one. Holds nothing that readers may not see.

use super::store::Head;
use crate::sink::disk::Stamp;
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::collections::{BTreeMap, BTreeSet};

const VERSION: u32 = 1;

/// A file as it is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its bytes.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Its headers.
    #[serde(flatten)]
    pub head: Head,
    /// The digest of what it is packed from; none for what is sent as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain: Option<String>,
}

/// An edition that can be gone back to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Counted from 1 at each target.
    pub number: u64,
    /// Its instant.
    pub instant: Timestamp,
    /// How many files it has.
    pub files: usize,
}

/// A published edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    dealwire: u32,
    /// The site's base address: another site's record is not ours to replace.
    pub site: String,
    /// Counted from 1 at each target.
    pub number: u64,
    /// The edition's instant.
    pub instant: Timestamp,
    /// When it next changes by itself.
    pub next: Option<Timestamp>,
    /// By path.
    pub files: BTreeMap<String, File>,
    /// The address of each thing that can move, by a name that stays when it does.
    pub things: BTreeMap<String, String>,
    /// Files of earlier editions that are still there, by path.
    #[serde(default)]
    pub retired: BTreeMap<String, Retired>,
    /// Editions that can be gone back to, the newest first.
    #[serde(default)]
    pub earlier: Vec<Edition>,
    /// Digests of replaced files that are kept for those editions.
    #[serde(default)]
    pub kept: BTreeSet<String>,
    /// Editions and kept files, by our keys, that nobody needs any more.
    #[serde(default)]
    pub litter: BTreeSet<String>,
}

/// A file that no page uses any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retired {
    /// When it may be deleted.
    pub due: Timestamp,
    /// What it is.
    #[serde(flatten)]
    pub file: File,
}

impl Record {
    /// Of an edition that is about to be published for the first time.
    #[must_use]
    pub fn new(site: &str, instant: Timestamp, next: Option<Timestamp>) -> Self {
        Self {
            dealwire: VERSION,
            site: site.to_owned(),
            number: 1,
            instant,
            next,
            files: BTreeMap::new(),
            things: BTreeMap::new(),
            retired: BTreeMap::new(),
            earlier: Vec::new(),
            kept: BTreeSet::new(),
            litter: BTreeSet::new(),
        }
    }

    /// Reads a record, which may be anyone's: a path that could lead outside makes it invalid.
    ///
    /// # Errors
    /// With the reason, when it is no record of this version.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let record: Self = parse(bytes)?;
        if record.dealwire != VERSION {
            return Err(format!("it is of version {}, this program writes version {VERSION}", record.dealwire));
        }
        if let Some(path) = record.files.keys().chain(record.retired.keys()).find(|path| !is_below(path)) {
            return Err(format!("{path:?} is not a path below it"));
        }
        let is_digest = |d: &str| d.len() == 64 && d.bytes().all(|b| b.is_ascii_hexdigit());
        let is_ours = |key: &str| match key.split_once('/') {
            Some(("kept", digest)) => is_digest(digest),
            Some(("editions", number)) => number.parse::<u64>().is_ok(),
            _ => false,
        };
        let wrong = record.kept.iter().find(|d| !is_digest(d)).or(record.litter.iter().find(|k| !is_ours(k)));
        match wrong {
            Some(key) => Err(format!("{key:?} is nothing of ours")),
            None => Ok(record),
        }
    }

    /// The bytes that [`Record::parse`] reads.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode(self)
    }

    /// This edition, as later ones speak of it.
    #[must_use]
    pub fn edition(&self) -> Edition {
        Edition { number: self.number, instant: self.instant, files: self.files.len() }
    }
}

/// Who writes an edition, until when nobody else may, and what it may have written by then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Differs from one run to the next.
    pub run: String,
    /// The machine, as a digest; the same for its processes until it starts again.
    pub machine: String,
    /// The process.
    pub process: u32,
    /// Renewed while the run goes on.
    pub until: Timestamp,
    /// Paths that may be written by it, or were by those before it that did not end.
    pub writes: BTreeSet<String>,
}

impl Claim {
    /// Reads a claim, which may be anyone's.
    ///
    /// # Errors
    /// With the reason, when it is none.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let claim: Self = parse(bytes)?;
        match claim.writes.iter().find(|path| !is_below(path)) {
            Some(path) => Err(format!("{path:?} is not a path below it")),
            None => Ok(claim),
        }
    }

    /// The bytes that [`Claim::parse`] reads.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode(self)
    }
}

/// Whether the end of a record or a claim is missing: somebody writes it just now, and the server shows what has arrived.
pub(super) fn is_cut_short(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_err_and(|e| e.is_eof())
}

/// Whether a path names a file of a site, and none of ours.
fn is_below(path: &str) -> bool {
    let plain = |c: &str| !c.is_empty() && c != "." && c != ".." && !c.contains(['\0', '\\']);
    path.split('/').all(plain) && !path.starts_with(super::OURS)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|e| e.to_string())
}

fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    // Maps with texts for keys, and numbers: what JSON has.
    let mut bytes = serde_json::to_vec(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
