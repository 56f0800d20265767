//! Why nothing was written, and the words for it. Decides nothing.

use crate::diagnostic::Diagnostic;
use std::path::Path;

/// Why the output directory was left as it was.
#[derive(Debug)]
pub enum Refused {
    /// The edition has errors: all that was found, warnings too, in a report's order.
    Findings(Vec<Diagnostic>),
    /// The destination must not be written to (E1202), or is being written to (E1203). Exit code 3.
    Refusal(Diagnostic),
    /// The disk refused (E1204). Exit code 4.
    Io(Diagnostic),
}

impl Refused {
    /// Everything there is to print.
    #[must_use]
    pub fn findings(&self) -> &[Diagnostic] {
        match self {
            Self::Findings(all) => all,
            Self::Refusal(one) | Self::Io(one) => std::slice::from_ref(one),
        }
    }
}

/// E1202, with the remedy that always helps.
pub(super) fn refuse(message: String) -> Refused {
    Refused::Refusal(Diagnostic::bare("E1202", message).help("choose another output directory with `--output`"))
}

/// E1204: what could not be done to which path.
pub(super) fn io(verb: &str, path: &Path, error: impl Into<std::io::Error>) -> Refused {
    Refused::Io(Diagnostic::bare("E1204", format!("cannot {verb} `{}`: {}", path.display(), error.into())))
}
