//! One `git fast-import`, which stores files, reads them back and makes a commit of them. Changes no branch of others.

use super::call::{Caller, all, fault, not_started};
use super::listing::{Entry, Tree};
use crate::sink::publish::store::Fault;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

/// What is sent to it, and what it answers.
pub struct Import {
    child: Child,
    to: Option<BufWriter<ChildStdin>>,
    from: BufReader<ChildStdout>,
    err: File,
    marks: u64,
}

/// A commit that is to be made.
pub struct Commit<'a> {
    /// The one before it.
    pub parent: Option<&'a str>,
    /// Its files.
    pub tree: &'a Tree,
    /// One line.
    pub message: &'a str,
    /// Who and when, as Git writes it.
    pub author: &'a str,
    /// The same.
    pub committer: &'a str,
}

impl Import {
    /// Starts it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(caller: &Caller) -> Result<Self, Fault> {
        let err = caller.scratch()?;
        let mut command = caller.command();
        command.args(["fast-import", "--quiet", "--force", "--depth=0"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        command.stderr(err.try_clone().map_err(|e| not_started(&e))?);
        let mut child = command.spawn().map_err(|e| not_started(&e))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(to), Some(from)) => {
                Ok(Self { child, to: Some(BufWriter::new(to)), from: BufReader::new(from), err, marks: 0 })
            }
            _ => Err(Fault::Lasting("`git fast-import` cannot be talked to".to_owned())),
        }
    }

    /// Stores a file; returns its name in Git.
    ///
    /// # Errors
    /// With the words of `git`.
    pub fn store(&mut self, bytes: &[u8]) -> Result<String, Fault> {
        self.marks += 1;
        let head = format!("blob\nmark :{}\ndata {}\n", self.marks, bytes.len());
        let tail = format!("\nget-mark :{}\n", self.marks);
        let done = self.send(&[head.as_bytes(), bytes, tail.as_bytes()]);
        done.and_then(|()| self.line()).map_err(|e| self.failed(&e))
    }

    /// A file by its name in Git, which must be there.
    ///
    /// # Errors
    /// With the words of `git`.
    pub fn read(&mut self, id: &str) -> Result<Vec<u8>, Fault> {
        self.reply(id).map_err(|e| self.failed(&e))
    }

    fn reply(&mut self, id: &str) -> io::Result<Vec<u8>> {
        self.send(&[format!("cat-blob {id}\n").as_bytes()])?;
        let head = self.line()?;
        let size = head.rsplit(' ').next().and_then(|s| s.parse().ok());
        let size: usize = size.ok_or_else(|| io::Error::other(format!("it answers {head:?}")))?;
        let mut bytes = vec![0; size];
        self.from.read_exact(&mut bytes)?;
        self.from.read_exact(&mut [0])?;
        Ok(bytes)
    }

    /// Makes a commit, and ends: everything that was stored is on the disk then. Returns its name.
    ///
    /// # Errors
    /// With the words of `git`.
    pub fn commit(mut self, commit: &Commit<'_>) -> Result<String, Fault> {
        let made = self.made(commit).map_err(|e| self.failed(&e))?;
        self.to = None;
        let ended = self.child.wait().map_err(|e| not_started(&e))?;
        if ended.success() { Ok(made) } else { Err(self.failed(&io::Error::other("it failed"))) }
    }

    fn made(&mut self, commit: &Commit<'_>) -> io::Result<String> {
        self.marks += 1;
        let mut text = format!(
            "commit refs/heads/next\nmark :{}\nauthor {}\ncommitter {}\ndata {}\n{}\n\n",
            self.marks,
            commit.author,
            commit.committer,
            commit.message.len() + 1,
            commit.message
        )
        .into_bytes();
        if let Some(parent) = commit.parent {
            text.extend_from_slice(format!("from {parent}\n").as_bytes());
        }
        text.extend_from_slice(b"deleteall\n");
        for (path, Entry { mode, id }) in commit.tree {
            text.extend_from_slice(format!("M {mode} {id} \"").as_bytes());
            for byte in path {
                match byte {
                    b'\n' => text.extend_from_slice(b"\\n"),
                    b'"' | b'\\' => text.extend_from_slice(&[b'\\', *byte]),
                    _ => text.push(*byte),
                }
            }
            text.extend_from_slice(b"\"\n");
        }
        let mark = self.marks;
        self.send(&[&text, format!("\nget-mark :{mark}\n").as_bytes()])?;
        self.line()
    }

    fn send(&mut self, parts: &[&[u8]]) -> io::Result<()> {
        let to = self.to.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        for part in parts {
            to.write_all(part)?;
        }
        to.flush()
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.from.read_line(&mut line)?;
        match line.strip_suffix('\n') {
            Some(line) => Ok(line.to_owned()),
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// What it said, or else how the conversation broke off.
    fn failed(&mut self, e: &io::Error) -> Fault {
        self.to = None;
        // It has ended, or does so now that nothing more comes; what it wrote last is wanted.
        let _ = self.child.wait();
        match all(&mut self.err) {
            Ok(said) if !said.is_empty() => fault(&said),
            _ => Fault::Lasting(format!("`git fast-import` does not go on: {e}")),
        }
    }
}

impl Drop for Import {
    fn drop(&mut self) {
        // It has ended already, as a rule; where not, nobody needs what it holds.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
