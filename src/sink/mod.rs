//! OUT: the only writers. They see a shelf and nothing behind it, and never read the sources.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "the sinks are the only doors out to the disk")]

pub mod disk;
pub mod letters;
mod media;
pub mod preview;
pub mod publish;
pub mod scaffold;

use media::media_type;

/// How many files a thread takes on at once: with a large part of all it would be at work alone at the end.
const ROUND: usize = 32;
