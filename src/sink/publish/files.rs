//! What a place that has folders can do: this machine's disk, and the far end of SSH. Paths have `/`.

use super::store::Fault;
use jiff::Timestamp;

/// What stands at a path; links are not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum There {
    /// Nothing.
    Nothing,
    /// A file.
    File,
    /// A folder, and whether it is empty.
    Folder {
        /// Nothing is in it.
        empty: bool,
        /// Another file system is mounted there.
        mounted: bool,
    },
    /// A symbolic link, and what it says.
    Link(String),
}

/// The bytes of a file, and when it was written.
pub type Contents = (Vec<u8>, Option<Timestamp>);

/// Folders and files. Called from many threads.
pub trait Files: Send + Sync {
    /// Its address without the path.
    fn name(&self) -> String;

    /// A file, and when it was written; `None` where there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(&self, path: &str) -> Result<Option<Contents>, Fault>;

    /// Writes a file that is not there.
    ///
    /// # Errors
    /// `Lost` when it is there.
    fn create(&self, path: &str, bytes: &[u8]) -> Result<(), Fault>;

    /// Gives a file or link another name, in one step, also where something has that name.
    ///
    /// # Errors
    /// When it cannot be done.
    fn rename(&self, from: &str, to: &str) -> Result<(), Fault>;

    /// Gives a file a second name; false where the place has no such thing.
    ///
    /// # Errors
    /// `Lost` when something has that name.
    fn link(&self, from: &str, to: &str) -> Result<bool, Fault>;

    /// Gives a file another name that nothing has, so that it is seen whole or not at all; false where the place has no
    /// such thing. Where it has no hard links, this is what keeps half a file from being seen.
    ///
    /// # Errors
    /// `Lost` when something has that name.
    fn rename_if_free(&self, from: &str, to: &str) -> Result<bool, Fault> {
        let _ = (from, to);
        Ok(false)
    }

    /// Makes a symbolic link; false where the place has no such thing.
    ///
    /// # Errors
    /// `Lost` when something is there.
    fn symlink(&self, says: &str, at: &str) -> Result<bool, Fault>;

    /// What stands at a path.
    ///
    /// # Errors
    /// When it cannot be looked at.
    fn look(&self, path: &str) -> Result<There, Fault>;

    /// Deletes a file or link; what is not there is no error.
    ///
    /// # Errors
    /// When it cannot be deleted.
    fn remove(&self, path: &str) -> Result<(), Fault>;

    /// Deletes an empty folder; what is not there, or not empty, is no error.
    ///
    /// # Errors
    /// When it cannot be deleted.
    fn remove_folder(&self, path: &str) -> Result<(), Fault>;

    /// Makes a folder; one that is there is no error.
    ///
    /// # Errors
    /// When it cannot be made.
    fn make_folder(&self, path: &str) -> Result<(), Fault>;

    /// The names in a folder, and whether each is a folder.
    ///
    /// # Errors
    /// When it cannot be listed; nothing where there is none.
    fn list(&self, path: &str) -> Result<Vec<(String, bool)>, Fault>;

    /// Brings all that was written to the disk, where that can be asked for.
    ///
    /// # Errors
    /// When it fails.
    fn sync(&self, path: &str) -> Result<(), Fault>;
}
