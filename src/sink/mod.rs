//! OUT: the only writers. They see a shelf and nothing behind it, and never read the sources.

pub mod disk;
pub mod scaffold;
