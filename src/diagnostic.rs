//! What the program has to say about a file: findings with a place, a stable code and a remedy. Never prints.

use std::fmt;
use std::sync::Arc;

/// A file of the site, as a path below its root with `/` between components.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(Arc<str>);

impl FileId {
    /// From a path below the site's root, with `/` between components.
    #[must_use]
    pub fn new(path: &str) -> Self {
        Self(path.into())
    }

    /// The path below the site's root.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0
    }

    /// The file's name without folders and without its last extension.
    #[must_use]
    pub fn stem(&self) -> &str {
        let name = self.0.rsplit('/').next().unwrap_or(&self.0);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The folder the file lies in, without a trailing slash; empty at the root.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// A file by its path relative to the folder of this one.
    #[must_use]
    pub fn beside(&self, relative: &str) -> Self {
        let folder = self.folder();
        if folder.is_empty() { Self::new(relative) } else { Self::new(&format!("{folder}/{relative}")) }
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A half-open range of byte offsets in a file's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// From byte offsets.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }
}

/// Whether a finding stops a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Stops build and publish.
    Error,
    /// Is shown, and stops them with `--strict` alone.
    Warning,
}

/// One finding. Errors have codes that begin with `E`, warnings with `W`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code, explained by `dealwire explain CODE`.
    pub code: &'static str,
    /// What is wrong, in one line.
    pub message: String,
    /// The file, where there is one.
    pub file: Option<FileId>,
    /// The offending text.
    pub span: Option<Span>,
    /// What was expected, shown beside the underlined text.
    pub label: String,
    /// How to mend it, with the nearest valid value where there is one.
    pub help: String,
}

impl Diagnostic {
    /// A finding about a span of a file.
    #[must_use]
    pub fn at(code: &'static str, file: &FileId, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            file: Some(file.clone()),
            span: Some(span),
            label: String::new(),
            help: String::new(),
        }
    }

    /// A finding about a whole file.
    #[must_use]
    pub fn of(code: &'static str, file: &FileId, message: impl Into<String>) -> Self {
        Self { span: None, ..Self::at(code, file, Span::default(), message) }
    }

    /// A finding about no file in particular.
    #[must_use]
    pub fn bare(code: &'static str, message: impl Into<String>) -> Self {
        Self { file: None, ..Self::of(code, &FileId::new(""), message) }
    }

    /// A file that is no text, with the place of the first byte that is none.
    #[must_use]
    pub fn not_utf8(file: &FileId, error: &std::str::Utf8Error) -> Self {
        let at = error.valid_up_to();
        Self::at("E0114", file, Span::new(at, at + 1), "the file is not UTF-8")
            .label("from here on")
            .help("open it in an editor and save it as UTF-8")
    }

    /// Adds what was expected.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds the remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// By the first letter of the code.
    #[must_use]
    pub fn severity(&self) -> Severity {
        if self.code.starts_with('W') { Severity::Warning } else { Severity::Error }
    }

    /// The order of a report: by file, place and code.
    #[must_use]
    pub fn sort_key(&self) -> (Option<FileId>, usize, &'static str, String) {
        (self.file.clone(), self.span.map_or(0, |s| s.start), self.code, self.message.clone())
    }
}

/// A value together with what was found on the way to it.
#[derive(Debug)]
pub struct Checked<T> {
    /// The value, as far as it could be read.
    pub value: T,
    /// Everything that was found.
    pub findings: Vec<Diagnostic>,
}

/// A line of help that names the nearest of the allowed values, or lists them where there are few.
#[must_use]
pub fn nearest<'a>(given: &str, allowed: impl IntoIterator<Item = &'a str>) -> String {
    let allowed: Vec<&str> = allowed.into_iter().collect();
    let best =
        allowed.iter().map(|a| (strsim::damerau_levenshtein(&given.to_lowercase(), &a.to_lowercase()), *a)).min();
    match best {
        Some((distance, name)) if distance <= 2.max(given.chars().count() / 3) => {
            format!("did you mean `{name}`?")
        }
        _ if !allowed.is_empty() && allowed.len() <= 28 => {
            format!("one of: {}", allowed.join(", "))
        }
        _ => String::new(),
    }
}
