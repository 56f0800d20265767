//! What goes in and what comes out: changes of files, routes, answers, and the shelf that sinks pull from.

use super::{Original, Raster, Unfit};
use crate::diagnostic::{Diagnostic, FileId};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// A file that is there now, or is not any more.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which file.
    pub file: FileId,
    /// Its bytes; `None` when it is gone.
    pub bytes: Option<Arc<[u8]>>,
}

/// A path on the site: begins with `/`, and ends with `/` when it is a page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Route(Arc<str>);

impl Route {
    /// Reads a route; `None` when a component is empty, `.` or `..`, or a character could leave the site.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('/')?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let barred = |c: char| c.is_control() || "\\?#%:*\"<>|".contains(c);
        if !is_plain(text) && text.contains(barred) {
            return None;
        }
        let fits = |c: &str| !c.is_empty() && c != "." && c != ".." && c.len() <= 200;
        (text == "/" || rest.split('/').all(fits)).then(|| Self(text.into()))
    }

    /// Where hosts look for the page that says that there is none.
    #[must_use]
    pub fn not_found() -> Self {
        Self("/404.html".into())
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file below the output directory.
    #[must_use]
    pub fn file(&self) -> String {
        let path = &self.0[1..];
        if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() }
    }

    /// The path as it stands in a URL, percent-encoded.
    #[must_use]
    pub fn url(&self) -> Cow<'_, str> {
        use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
        const KEPT: &AsciiSet = &CONTROLS
            .add(b' ')
            .add(b'"')
            .add(b'<')
            .add(b'>')
            .add(b'`')
            .add(b'{')
            .add(b'}')
            .add(b'^')
            .add(b'[')
            .add(b']');
        if is_plain(&self.0) { Cow::Borrowed(&*self.0) } else { utf8_percent_encode(&self.0, KEPT).into() }
    }
}

/// One spelling for all paths that some file system takes for the same name: composed, and without case.
#[must_use]
pub fn fold(path: &str) -> Cow<'_, str> {
    if path.is_ascii() {
        return if path.bytes().any(|b| b.is_ascii_uppercase()) {
            path.to_ascii_lowercase().into()
        } else {
            path.into()
        };
    }
    // By way of the upper case, so that sharp s and final sigma meet their kin.
    let bare: String = path.nfc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    bare.nfc().collect::<String>().into()
}

/// Whether a path is the same in a file system, in a URL and in HTML.
fn is_plain(path: &str) -> bool {
    path.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'.' | b'_'))
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The bytes of one file of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// What is served.
    pub bytes: Vec<u8>,
    /// What was found while it was printed.
    pub findings: Vec<Diagnostic>,
}

impl Output {
    /// Bytes with nothing to say about them.
    #[must_use]
    pub fn plain(bytes: Vec<u8>) -> Self {
        Self { bytes, findings: Vec::new() }
    }
}

/// What a shelf says when asked for a route.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The file.
    Found(Output),
    /// There is nothing.
    Absent,
}

/// An edition as a sink sees it: which routes there are, and what stands at each.
pub trait Shelf: Sync {
    /// Every route, in order, each once.
    fn routes(&self) -> Vec<Route>;

    /// What stands at a route.
    ///
    /// # Errors
    /// When it cannot be printed; a template's mistake, mostly.
    fn ask(&self, route: &Route) -> Result<Answer, Diagnostic>;

    /// Whether what stands at a route follows from the route's name and takes long to make: who has a file of that name
    /// has it already, and need not ask.
    fn is_settled(&self, route: &Route) -> bool {
        let _ = route;
        false
    }

    /// What stands at a route, in a name that survives a change of its address; `None` where nobody needs one.
    fn identity(&self, route: &Route) -> Option<String> {
        let _ = route;
        None
    }

    /// What it says of its deals, by id, for the next edition to compare.
    fn facts(&self) -> BTreeMap<String, super::Fact> {
        BTreeMap::new()
    }

    /// The whole address to which a page at a route only sends its readers on; `None` for what has something to show.
    fn leads_to(&self, route: &Route) -> Option<String> {
        let _ = route;
        None
    }
}

/// Says what an image file is.
pub type Look = fn(&FileId, &[u8]) -> Result<Original, Unfit>;
/// Reads the pixels of an image file.
pub type Decode = fn(&FileId, &[u8]) -> Result<Raster, Unfit>;

/// The files behind an edition, for what is too large to be held: bodies, images.
pub trait Texts: Send + Sync {
    /// The bytes of a file of the site.
    ///
    /// # Errors
    /// E1204 when it cannot be read, or has changed since the edition was made.
    fn bytes(&self, file: &FileId) -> Result<Arc<[u8]>, Diagnostic>;

    /// Whether there is such a file.
    fn has(&self, file: &FileId) -> bool;

    /// What remembers images, where files are held for long.
    fn images(&self) -> Option<&dyn ImageStore> {
        None
    }

    /// What an image file is.
    ///
    /// # Errors
    /// Why it is not published.
    fn original(&self, file: &FileId, look: Look) -> Result<Original, Unfit> {
        match self.images() {
            Some(store) => store.original(file, look, &|| self.bytes(file)),
            None => look(file, &self.bytes(file)?),
        }
    }

    /// Whether the pixels of an image can be read.
    ///
    /// # Errors
    /// Why not.
    fn sound(&self, file: &FileId, image: &Original, decode: Decode) -> Result<(), Unfit> {
        match self.images() {
            Some(store) => store.sound((file, image), decode, &|| self.bytes(file)),
            None => decode(file, &self.bytes(file)?).map(drop),
        }
    }

    /// What `make` makes of the pixels of an image, which are read once for all that is made of them at a time. `name` says
    /// what it is that is made.
    ///
    /// # Errors
    /// Why they cannot be read.
    fn made(&self, of: (&FileId, &Original), name: &str, decode: Decode, make: Make<'_>) -> Result<Vec<u8>, Unfit> {
        match self.images() {
            Some(store) => store.made(of, name, decode, &|| self.bytes(of.0), make),
            None => make(&decode(of.0, &self.bytes(of.0)?)?),
        }
    }
}

/// Reads the bytes of a file.
pub type ReadBytes<'a> = &'a dyn Fn() -> Result<Arc<[u8]>, Diagnostic>;

/// Makes a file of pixels.
pub type Make<'a> = &'a dyn Fn(&Raster) -> Result<Vec<u8>, Unfit>;

/// Remembers what was found out about images, and what was made of them. The same questions as to [`Texts`], each with how
/// the bytes are read.
pub trait ImageStore: Send + Sync {
    /// What an image file is.
    ///
    /// # Errors
    /// Why it is not published.
    fn original(&self, file: &FileId, look: Look, bytes: ReadBytes<'_>) -> Result<Original, Unfit>;

    /// Whether its pixels can be read.
    ///
    /// # Errors
    /// Why not.
    fn sound(&self, of: (&FileId, &Original), decode: Decode, bytes: ReadBytes<'_>) -> Result<(), Unfit>;

    /// What `make` makes of its pixels.
    ///
    /// # Errors
    /// Why they cannot be read.
    fn made(
        &self,
        of: (&FileId, &Original),
        name: &str,
        decode: Decode,
        bytes: ReadBytes<'_>,
        make: Make<'_>,
    ) -> Result<Vec<u8>, Unfit>;
}

impl From<Diagnostic> for Unfit {
    fn from(d: Diagnostic) -> Self {
        Self { code: d.code, message: d.message, help: d.help }
    }
}
