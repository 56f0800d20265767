//! The built-in theme: `templates/` and `static/` of this repository, inside the program. Reads no file at run time.

use super::guide::TEMPLATE as GUIDE;
use include_dir::{Dir, include_dir};

static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");
static STATIC: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/static");

fn all(dir: &'static Dir<'static>, out: &mut Vec<(String, &'static [u8])>) {
    for f in dir.files() {
        out.push((f.path().to_string_lossy().replace('\\', "/"), f.contents()));
    }
    for d in dir.dirs() {
        all(d, out);
    }
}

/// A template that others include: without them, nobody asks for it.
pub const PART: &str = "ledger-table.html";

/// The text of that template, and of the template of the style guide, which the preview alone prints.
#[must_use]
pub fn guide() -> [(&'static str, &'static str); 2] {
    [PART, GUIDE].map(|name| (name, TEMPLATES.get_file(name).and_then(|f| f.contents_utf8()).unwrap_or_default()))
}

/// Templates by name, with their text, less that of the style guide.
#[must_use]
pub fn templates() -> Vec<(String, &'static str)> {
    let mut files = Vec::new();
    all(&TEMPLATES, &mut files);
    files.retain(|(name, _)| name != GUIDE);
    files.into_iter().filter_map(|(name, bytes)| Some((name, std::str::from_utf8(bytes).ok()?))).collect()
}

/// Files of `static/` by path below it.
#[must_use]
pub fn assets() -> Vec<(String, &'static [u8])> {
    let mut files = Vec::new();
    all(&STATIC, &mut files);
    files
}

/// Whether a file of `static/` is as the theme has it.
#[must_use]
pub fn is_ours(name: &str, bytes: &[u8]) -> bool {
    STATIC.get_file(name).is_some_and(|f| f.contents() == bytes)
}
