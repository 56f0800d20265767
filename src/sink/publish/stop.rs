//! Why a publish ended before it was done. Decides nothing.

use crate::diagnostic::Diagnostic;

/// Why nothing more was done.
#[derive(Debug)]
pub enum Stop {
    /// The edition has errors. Nothing was sent.
    Findings(Vec<Diagnostic>),
    /// It would do harm (E1301, E1302, E1305, E1307, E1308). Nothing of it is live.
    Refused(Diagnostic),
    /// Somebody else publishes, or has just done so (E1303). Nothing of it is live.
    Lost(Diagnostic),
    /// The target failed (E1304, E1306). Nothing was deleted.
    Failed(Diagnostic),
}

impl Stop {
    /// Everything there is to print.
    #[must_use]
    pub fn findings(&self) -> &[Diagnostic] {
        match self {
            Self::Findings(all) => all,
            Self::Refused(one) | Self::Lost(one) | Self::Failed(one) => std::slice::from_ref(one),
        }
    }
}
