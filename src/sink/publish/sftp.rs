//! The far end of SSH as a place to publish to, by SFTP. Uses what OpenSSH's server can do besides, and never needs it.

mod ssh;

use super::files::{Files, There};
use super::store::Fault;
use bytes::BytesMut;
use futures_util::StreamExt as _;
use futures_util::future::join;
use futures_util::stream;
use jiff::Timestamp;
use openssh_sftp_client::Sftp as Client;
use openssh_sftp_client::error::SftpErrorKind as Kind;
use openssh_sftp_client::file::File;
use ssh::{Ssh, Trouble, step};
use std::io::SeekFrom;
use std::pin::pin;
use tokio::io::AsyncSeekExt as _;

/// What every server sends and takes in one request.
const PIECE: usize = 20 * 1024;
/// How many requests of one file are under way at a time.
const AT_A_TIME: usize = 16;

/// A server that speaks SFTP.
pub struct Sftp {
    ssh: Ssh,
}

impl Sftp {
    /// Connects to a host. `command` is what is called in place of `ssh`, with its first words.
    ///
    /// # Errors
    /// When that fails, with the words of `ssh`.
    pub fn connect(host: &str, port: Option<u16>, command: Option<&str>) -> Result<Self, Fault> {
        Ssh::connect(host, port, command).map(|ssh| Self { ssh })
    }

    /// Has the server do something with a path.
    fn ask<T>(&self, path: &str, work: impl AsyncFnOnce(&Client) -> Result<T, Trouble>) -> Result<T, Fault> {
        self.ssh.ask(work).map_err(|trouble| match trouble {
            Trouble::Other(fault) => fault,
            Trouble::Lost(why) => Fault::Passing(format!("`{path}`: {why}")),
            Trouble::Said(Kind::NoSuchFile, _) => Fault::Lasting(format!("`{path}`: there is no such file or folder")),
            Trouble::Said(Kind::PermDenied, _) => Fault::Lasting(format!("`{path}`: the server does not allow it")),
            Trouble::Said(Kind::OpUnsupported, _) => Fault::Lasting(format!("`{path}`: the server cannot do that")),
            Trouble::Said(_, text) => Fault::Lasting(format!(
                "`{path}`: the server says “{text}”; is its disk full, or the folder another's?"
            )),
        })
    }
}

impl Files for Sftp {
    fn name(&self) -> String {
        self.ssh.name()
    }

    fn read(&self, path: &str) -> Result<Option<(Vec<u8>, Option<Timestamp>)>, Fault> {
        self.ask(path, async |client| {
            let (mut fs, mut options) = (client.fs(), client.options());
            let opened = options.read(true).open(path);
            let (there, file) = join(step(fs.symlink_metadata(path)), step(opened)).await;
            let there = match there {
                Err(Trouble::Said(Kind::NoSuchFile, _)) => return Ok(None),
                there => there?,
            };
            if there.file_type().is_some_and(|t| !t.is_file()) {
                return Err(Trouble::Other(Fault::Lasting(format!("`{path}` is no file"))));
            }
            let file = match file {
                Err(Trouble::Said(Kind::NoSuchFile, _)) => return Ok(None),
                file => file?,
            };
            let bytes = content(&file, there.len()).await?;
            let modified = there.modified().and_then(|m| Timestamp::from_second(i64::from(m.into_raw())).ok());
            Ok(Some((bytes, modified)))
        })
    }

    fn create(&self, path: &str, bytes: &[u8]) -> Result<(), Fault> {
        let made = self.ask(path, async |client| {
            if !keeps_its_word(client) && stands(client, path).await? {
                return Ok(false);
            }
            let mut file = match step(client.options().write(true).create_new(true).open(path)).await {
                Err(Trouble::Said(Kind::Failure, _)) if stands(client, path).await? => return Ok(false),
                file => file?,
            };
            // Whoever serves the folder is another user, as a rule. Where files have no such modes, they stay as made.
            let mut same = file.clone();
            let (shown, written) = join(step(same.set_permissions(0o644.into())), write(&file, bytes)).await;
            drop(same);
            written?;
            ignore_refusal(shown)?;
            if client.support_fsync() {
                // Then closing can bring nothing new to light, and is not waited for.
                step(file.sync_all()).await?;
            } else {
                step(file.close()).await?;
            }
            Ok(true)
        })?;
        if made { Ok(()) } else { Err(Fault::Lost) }
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), Fault> {
        self.ask(to, async |client| {
            let refused = match step(client.fs().rename(from, to)).await {
                Err(Trouble::Said(kind, text)) if !client.support_posix_rename() => Trouble::Said(kind, text),
                done => return done,
            };
            if !(stands(client, from).await? && stands(client, to).await?) {
                return Err(refused);
            }
            // Without OpenSSH's rename nothing takes another file's place: the old one goes, then the new one gets its
            // name. In between, readers find no file. Both requests leave together, so that this is as short as the
            // server makes it and no lost connection falls into it; live pages in place alone are replaced so.
            let (mut first, mut second) = (client.fs(), client.fs());
            let (removed, renamed) = join(step(first.remove_file(to)), step(second.rename(from, to))).await;
            match renamed {
                // They were done in the other order.
                Err(Trouble::Said(..)) if removed.is_ok() => step(client.fs().rename(from, to)).await,
                renamed => renamed,
            }
        })
    }

    fn link(&self, from: &str, to: &str) -> Result<bool, Fault> {
        let made = self.ask(to, async |client| {
            if !keeps_its_word(client) {
                return Ok(Some(false));
            }
            match step(client.fs().hard_link(from, to)).await {
                Ok(()) => Ok(Some(true)),
                Err(Trouble::Said(Kind::OpUnsupported | Kind::PermDenied, _)) => Ok(Some(false)),
                // Another file system, too many links, or there already: all are one answer.
                Err(Trouble::Said(Kind::Failure, _)) => Ok(if stands(client, to).await? { None } else { Some(false) }),
                Err(e) => Err(e),
            }
        })?;
        made.ok_or(Fault::Lost)
    }

    /// The standard's rename takes nobody's place, OpenSSH's does. Those of the others that have OpenSSH's too may do so
    /// in any case: there, looking before is all that can be done.
    fn rename_if_free(&self, from: &str, to: &str) -> Result<bool, Fault> {
        let made = self.ask(to, async |client| {
            if client.support_posix_rename() && keeps_its_word(client) {
                return Ok(Some(false));
            }
            if stands(client, to).await? {
                return Ok(None);
            }
            match step(client.fs().rename(from, to)).await {
                Ok(()) => Ok(Some(true)),
                Err(Trouble::Said(..)) if stands(client, to).await? => Ok(None),
                Err(e) => Err(e),
            }
        })?;
        made.ok_or(Fault::Lost)
    }

    /// Only where one link also takes another's place in one step.
    fn symlink(&self, says: &str, at: &str) -> Result<bool, Fault> {
        let made = self.ask(at, async |client| {
            if !(client.support_posix_rename() && keeps_its_word(client)) {
                return Ok(Some(false));
            }
            match step(client.fs().symlink(says, at)).await {
                // OpenSSH's server takes the two names in the other order than the standard has them. One that follows
                // the standard has tried, or made, something else.
                Ok(()) => {
                    let said = step(client.fs().read_link(at)).await;
                    match said {
                        Ok(said) => Ok(Some(said.to_str() == Some(says))),
                        Err(Trouble::Said(..)) => Ok(Some(false)),
                        Err(e) => Err(e),
                    }
                }
                Err(Trouble::Said(Kind::OpUnsupported | Kind::PermDenied, _)) => Ok(Some(false)),
                Err(Trouble::Said(Kind::Failure, _)) => Ok(if stands(client, at).await? { None } else { Some(false) }),
                Err(e) => Err(e),
            }
        })?;
        made.ok_or(Fault::Lost)
    }

    fn look(&self, path: &str) -> Result<There, Fault> {
        self.ask(path, async |client| look(client, path).await)
    }

    fn remove(&self, path: &str) -> Result<(), Fault> {
        self.ask(path, async |client| match step(client.fs().remove_file(path)).await {
            Err(Trouble::Said(Kind::NoSuchFile, _)) => Ok(()),
            Err(e @ Trouble::Said(Kind::Failure, _)) => {
                if stands(client, path).await? {
                    Err(e)
                } else {
                    Ok(())
                }
            }
            done => done,
        })
    }

    fn remove_folder(&self, path: &str) -> Result<(), Fault> {
        self.ask(path, async |client| match step(client.fs().remove_dir(path)).await {
            Err(Trouble::Said(Kind::NoSuchFile, _)) => Ok(()),
            Err(e @ Trouble::Said(Kind::Failure, _)) => match look(client, path).await? {
                There::Nothing | There::Folder { empty: false, .. } => Ok(()),
                _ => Err(e),
            },
            done => done,
        })
    }

    fn make_folder(&self, path: &str) -> Result<(), Fault> {
        self.ask(path, async |client| {
            match step(client.fs().dir_builder().permissions(0o755.into()).create(path)).await {
                // Also where one may not make what is there.
                Err(e @ Trouble::Said(..)) => {
                    if stands(client, path).await? {
                        Ok(())
                    } else {
                        Err(e)
                    }
                }
                // The server takes away from the mode what its umask says.
                Ok(()) => ignore_refusal(step(client.fs().set_permissions(path, 0o755.into())).await),
                done => done,
            }
        })
    }

    fn list(&self, path: &str) -> Result<Vec<(String, bool)>, Fault> {
        self.ask(path, async |client| match names(client, path).await {
            Err(Trouble::Said(Kind::NoSuchFile, _)) => Ok(Vec::new()),
            listed => listed,
        })
    }

    /// Each file is brought to the disk as it is made, where the server offers that.
    fn sync(&self, _: &str) -> Result<(), Fault> {
        Ok(())
    }
}

/// Whether a server does what it says that it does. rclone's offers hard links, says that it has made one and has not,
/// and writes over what is there although it was told not to; what tells those that really can is that they also bring
/// a file to the disk when asked.
fn keeps_its_word(client: &Client) -> bool {
    client.support_fsync()
}

/// Whether anything is there, a link that leads nowhere too.
async fn stands(client: &Client, path: &str) -> Result<bool, Trouble> {
    match step(client.fs().symlink_metadata(path)).await {
        Ok(_) => Ok(true),
        Err(Trouble::Said(Kind::NoSuchFile, _)) => Ok(false),
        Err(e) => Err(e),
    }
}

async fn look(client: &Client, path: &str) -> Result<There, Trouble> {
    let there = match step(client.fs().symlink_metadata(path)).await {
        Err(Trouble::Said(Kind::NoSuchFile, _)) => return Ok(There::Nothing),
        there => there?,
    };
    match there.file_type() {
        Some(t) if t.is_symlink() => {
            let says = step(client.fs().read_link(path)).await?;
            Ok(There::Link(says.to_string_lossy().into_owned()))
        }
        // Whether another file system begins there, SFTP does not say.
        Some(t) if t.is_dir() => Ok(There::Folder { empty: names(client, path).await?.is_empty(), mounted: false }),
        _ => Ok(There::File),
    }
}

/// What is in a folder, and whether each is a folder.
async fn names(client: &Client, path: &str) -> Result<Vec<(String, bool)>, Trouble> {
    let mut items = pin!(step(client.fs().open_dir(path)).await?.read_dir());
    let mut found = Vec::new();
    while let Some(item) = step(async { items.next().await.transpose() }).await? {
        let name = item.filename().to_string_lossy().into_owned();
        if name != "." && name != ".." {
            found.push((name, item.file_type().is_some_and(|t| t.is_dir())));
        }
    }
    Ok(found)
}

/// All of a file, of which a length was told.
async fn content(file: &File, length: Option<u64>) -> Result<Vec<u8>, Trouble> {
    let Some(length) = length.and_then(|l| usize::try_from(l).ok()) else { return piece(file, 0, usize::MAX).await };
    let pieces = stream::iter((0..length).step_by(PIECE)).map(|at| piece(file, at, PIECE.min(length - at)));
    let mut whole = Vec::new();
    let mut failed = None;
    let mut pieces = pin!(pieces.buffered(AT_A_TIME));
    // All are waited for, also after a fault: an answer to nobody would end the connection.
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(piece) => whole.extend_from_slice(&piece),
            Err(e) => failed = failed.or(Some(e)),
        }
    }
    failed.map_or(Ok(whole), Err)
}

/// A part of a file, shorter where the file ends before.
async fn piece(file: &File, at: usize, length: usize) -> Result<Vec<u8>, Trouble> {
    let mut file = file.clone();
    let mut bytes = Vec::new();
    while bytes.len() < length {
        // The server may send less than was asked for.
        seek(&mut file, at + bytes.len()).await?;
        let most = u32::try_from((length - bytes.len()).min(PIECE)).unwrap_or(u32::MAX);
        match step(file.read(most, BytesMut::new())).await? {
            Some(more) if !more.is_empty() => bytes.extend_from_slice(&more),
            _ => break,
        }
    }
    Ok(bytes)
}

/// Writes all of a file.
async fn write(file: &File, bytes: &[u8]) -> Result<(), Trouble> {
    let pieces = bytes.chunks(PIECE).enumerate().map(|(n, piece)| {
        let mut file = file.clone();
        async move {
            seek(&mut file, n * PIECE).await?;
            step(file.write_all(piece)).await
        }
    });
    let written = stream::iter(pieces).buffered(AT_A_TIME);
    written.fold(Ok(()), |all: Result<(), Trouble>, one| async { all.and(one) }).await
}

/// Sets where the next request begins; asks the server nothing.
async fn seek(file: &mut File, at: usize) -> Result<(), Trouble> {
    file.seek(SeekFrom::Start(at as u64)).await.map(|_| ()).map_err(|e| Trouble::Lost(e.to_string()))
}

/// Leaves it at that when the server does not do something that is only better so.
fn ignore_refusal(done: Result<(), Trouble>) -> Result<(), Trouble> {
    match done {
        Err(Trouble::Said(..)) => Ok(()),
        done => done,
    }
}
