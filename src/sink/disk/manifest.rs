//! The list of what an edition on disk consists of: the only licence to delete. Holds nothing that varies between runs.

use super::Refused;
use super::refused::{io, refuse};
use crate::model::{Earlier, Fact, Route};
use rustix::fs::{CWD, Mode, OFlags};
use rustix::io::Errno;
use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// What the names of the program's own files in an output begin with.
pub(super) const OURS: &str = ".dealwire-";
/// The manifest's name in the output directory.
pub const NAME: &str = ".dealwire-manifest.json";
const VERSION: u32 = 1;

/// How a file is told from another without reading it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Length in bytes.
    pub size: u64,
    /// BLAKE3, 64 hexadecimal digits in the manifest.
    #[serde(with = "hex")]
    pub digest: blake3::Hash,
}

impl Stamp {
    /// Of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self { size: bytes.len() as u64, digest: blake3::hash(bytes) }
    }
}

/// Every file of an edition, itself excepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    dealwire: u32,
    /// The edition's instant.
    pub instant: jiff::Timestamp,
    /// Whether it shows drafts; such an output is not published.
    pub drafts: bool,
    /// By path below the output directory, `/` between components.
    pub files: BTreeMap<String, Stamp>,
    /// The address of each thing that can move, by a name that stays when it does.
    #[serde(default)]
    pub things: BTreeMap<String, String>,
    /// What deals were said to be, by id.
    #[serde(default)]
    pub facts: BTreeMap<String, Fact>,
}

impl Manifest {
    /// Of these files.
    #[must_use]
    pub fn new(instant: jiff::Timestamp, drafts: bool, files: BTreeMap<String, Stamp>) -> Self {
        Self { dealwire: VERSION, instant, drafts, files, things: BTreeMap::new(), facts: BTreeMap::new() }
    }

    /// Reads a manifest's text, which may be anyone's: a path that could lead outside makes it invalid.
    ///
    /// # Errors
    /// With the reason, when it is no manifest of this version.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let manifest: Self = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
        of_this_version(manifest.dealwire)?;
        manifest.files.keys().try_for_each(|path| is_below(path))?;
        Ok(manifest)
    }

    /// The manifest of an output directory; `None` when it has none.
    ///
    /// # Errors
    /// E1202 when it is invalid or no regular file, E1204 when it cannot be read.
    pub fn read(folder: &Path) -> Result<Option<Self>, Refused> {
        understood(folder, Self::parse)
    }

    /// What the manifest of an output directory says to the edition after it: nothing where there is none, or where it
    /// shows drafts, for nobody has seen those addresses.
    ///
    /// # Errors
    /// Like [`Manifest::read`].
    pub fn earlier(folder: &Path) -> Result<Earlier, Refused> {
        let Some(said) = understood(folder, Said::parse)?.filter(|s| !s.drafts) else { return Ok(Earlier::default()) };
        let addresses = said.things.into_iter().filter_map(|(name, at)| Some((name, Route::parse(&at)?))).collect();
        Ok(Earlier { addresses, facts: said.facts })
    }

    /// Whether an output directory has one of this version; of its files only the paths are looked at.
    pub(super) fn is_in(folder: &Path) -> Result<bool, Refused> {
        Ok(understood(folder, Said::parse)?.is_some())
    }

    /// Whether an output directory has one, valid or not.
    pub(super) fn stands(folder: &Path) -> Result<bool, Refused> {
        Ok(open(folder)?.is_some())
    }

    /// The bytes that [`Manifest::parse`] reads: one line of JSON, the files in order.
    ///
    /// # Errors
    /// When the serialiser fails, which these types give it no cause to.
    pub fn encode(&self) -> std::io::Result<Vec<u8>> {
        // Room that is not needed costs nothing; what has to grow is copied.
        let mut bytes = Vec::with_capacity(400 * self.files.len());
        serde_json::to_writer(&mut bytes, self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

/// Opens the manifest of an output directory.
fn open(folder: &Path) -> Result<Option<(PathBuf, File)>, Refused> {
    let path = folder.join(NAME);
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let file = match rustix::fs::openat(CWD, &path, flags, Mode::empty()) {
        Ok(fd) => File::from(fd),
        Err(Errno::NOENT) => return Ok(None),
        Err(Errno::LOOP) => return Err(refuse(format!("`{}` is a symbolic link", path.display()))),
        Err(e) => return Err(io("open", &path, e)),
    };
    if !file.metadata().map_err(|e| io("look at", &path, e))?.is_file() {
        return Err(refuse(format!("`{}` is not a regular file", path.display())));
    }
    Ok(Some((path, file)))
}

fn understood<T>(folder: &Path, parse: impl Fn(&[u8]) -> Result<T, String>) -> Result<Option<T>, Refused> {
    let Some((path, mut file)) = open(folder)? else { return Ok(None) };
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|e| io("read", &path, e))?;
    parse(&bytes).map(Some).map_err(|why| refuse(format!("`{}` is not a manifest: {why}", path.display())))
}

fn of_this_version(version: u32) -> Result<(), String> {
    if version == VERSION {
        return Ok(());
    }
    Err(format!("it is of version {version}, this program writes version {VERSION}"))
}

/// A path that could lead outside is no path of a manifest.
fn is_below(path: &str) -> Result<(), String> {
    if path.split('/').all(|c| !c.is_empty() && c != "." && c != ".." && !c.contains('\0')) {
        return Ok(());
    }
    Err(format!("{path:?} is not a path below it"))
}

/// What a manifest says to the next edition.
#[derive(Deserialize)]
struct Said {
    dealwire: u32,
    drafts: bool,
    #[serde(rename = "files")]
    _files: Paths,
    #[serde(default)]
    things: BTreeMap<String, String>,
    #[serde(default)]
    facts: BTreeMap<String, Fact>,
}

impl Said {
    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let said: Self = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
        of_this_version(said.dealwire).map(|()| said)
    }
}

/// The files of a manifest, of which only that their paths lie below it is known.
struct Paths;

impl<'de> Deserialize<'de> for Paths {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Self)
    }
}

impl<'de> Visitor<'de> for Paths {
    type Value = Self;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("files by path")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut files: A) -> Result<Self, A::Error> {
        while let Some((path, _)) = files.next_entry::<String, IgnoredAny>()? {
            is_below(&path).map_err(A::Error::custom)?;
        }
        Ok(self)
    }
}

/// A digest as hexadecimal digits.
mod hex {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(hash: &blake3::Hash, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hash.to_hex())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<blake3::Hash, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        blake3::Hash::from_hex(text.as_bytes()).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_and_nothing_outside() -> Result<(), String> {
        let files = BTreeMap::from([("a/é.html".to_owned(), Stamp::of(b"x")), (".x".to_owned(), Stamp::of(b""))]);
        let manifest = Manifest::new(jiff::Timestamp::UNIX_EPOCH, true, files);
        let bytes = manifest.encode().map_err(|e| e.to_string())?;
        assert_eq!(Manifest::parse(&bytes)?, manifest);
        let text = String::from_utf8_lossy(&bytes);
        for (from, to) in [
            ("a/", "../"),
            ("a/", "/"),
            ("a/", "a//"),
            ("\"dealwire\":1", "\"dealwire\":2"),
            ("\"size\":1", "\"size\":-1"),
        ] {
            assert!(Manifest::parse(text.replace(from, to).as_bytes()).is_err(), "{to}");
        }
        Ok(())
    }
}
