//! The files of a commit, and which of them are whose. Knows nothing of how they are read or sent.

use crate::sink::publish::keys::OURS;
use crate::sink::publish::record::Record;
use std::collections::BTreeMap;

/// Where the record lies in a branch.
pub const RECORD: &str = ".dealwire/manifest.json";
/// What keeps GitHub from leaving out files whose names begin with an underscore.
pub const NO_JEKYLL: &str = ".nojekyll";
/// The mode of a file that is no program.
const PLAIN: &str = "100644";
/// What people put into a branch before anything is published to it, at its top.
const BEFOREHAND: [&str; 6] = ["CNAME", "README", "LICENSE", NO_JEKYLL, ".gitignore", ".domains"];

/// The files of a commit, by path as Git has it.
pub type Tree = BTreeMap<Vec<u8>, Entry>;

/// A file of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// As Git writes it.
    pub mode: String,
    /// Its name in Git.
    pub id: String,
}

impl Entry {
    /// A file of ours.
    pub fn plain(id: &str) -> Self {
        Self { mode: PLAIN.to_owned(), id: id.to_owned() }
    }
}

/// Reads what `git ls-tree -r -z` writes.
pub fn parse(text: &[u8]) -> Tree {
    let entry = |line: &[u8]| {
        let at = line.iter().position(|b| *b == b'\t')?;
        let (head, path) = (std::str::from_utf8(&line[..at]).ok()?, &line[at + 1..]);
        let mut words = head.split(' ');
        let (mode, _, id) = (words.next()?, words.next()?, words.next()?);
        // Modes of old times, which `git` itself does not write any more.
        let is_old = mode.starts_with("100") && mode != "100755";
        let mode = if is_old { PLAIN } else { mode };
        Some((path.to_vec(), Entry { mode: mode.to_owned(), id: id.to_owned() }))
    };
    text.split(|b| *b == 0).filter_map(entry).collect()
}

/// The name in Git of a file, where it is one.
pub fn file<'t>(tree: &'t Tree, path: &str) -> Option<&'t str> {
    tree.get(path.as_bytes()).filter(|e| e.mode.starts_with("100")).map(|e| e.id.as_str())
}

/// Whether nothing is there that somebody would miss.
pub fn is_bare(tree: &Tree) -> bool {
    tree.keys().all(|path| {
        let fits = |name: &str| match name {
            "README" | "LICENSE" => path.starts_with(name.as_bytes()),
            _ => path == name.as_bytes(),
        };
        !path.contains(&b'/') && BEFOREHAND.into_iter().any(fits)
    })
}

/// The files of a tree that a record does not speak of, ours left out.
pub fn strangers(tree: &Tree, record: Option<&Record>) -> Tree {
    let is_listed = |path: &[u8]| {
        let path = std::str::from_utf8(path).ok();
        path.zip(record).is_some_and(|(path, r)| r.files.contains_key(path) || r.retired.contains_key(path))
    };
    let theirs = tree.iter().filter(|(path, _)| !path.starts_with(OURS.as_bytes()) && !is_listed(path));
    theirs.map(|(path, entry)| (path.clone(), entry.clone())).collect()
}

/// A file that stands where another path needs a folder.
pub fn clash(tree: &Tree) -> Option<String> {
    let folders =
        |path: &[u8]| path.iter().enumerate().filter(|(_, b)| **b == b'/').map(|(at, _)| at).collect::<Vec<_>>();
    let found = tree
        .keys()
        .find_map(|path| folders(path).into_iter().find(|at| tree.contains_key(&path[..*at])).map(|at| &path[..at]));
    found.map(|path| String::from_utf8_lossy(path).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(paths: &[&str]) -> Tree {
        let lines: Vec<String> = paths.iter().map(|p| format!("100644 blob 00ff\t{p}\0")).collect();
        let text = lines.concat();
        parse(text.as_bytes())
    }

    #[test]
    fn what_git_lists() {
        let text =
            b"100644 blob 01\ta b/\"c\"\n\xff\x00100664 blob 02\td\x00120000 blob 03\te\x00100755 blob 04\tf\x00";
        let tree = parse(text);
        assert_eq!(tree.keys().next().map(Vec::as_slice), Some(&b"a b/\"c\"\n\xff"[..]));
        assert_eq!(file(&tree, "d"), Some("02"));
        assert_eq!(tree[&b"d"[..]].mode, PLAIN);
        assert_eq!(tree[&b"f"[..]].mode, "100755");
        assert_eq!(file(&tree, "e"), None, "a link is no file");
    }

    #[test]
    fn whose_files() {
        assert!(is_bare(&tree(&[])));
        assert!(is_bare(&tree(&["CNAME", "README.md", "LICENSE", ".nojekyll", ".gitignore", ".domains"])));
        assert!(!is_bare(&tree(&["CNAME2"])));
        assert!(!is_bare(&tree(&["README/index.html"])));
        assert!(!is_bare(&tree(&["index.html"])));
        let theirs = strangers(&tree(&["CNAME", ".dealwire/manifest.json", ".nojekyll"]), None);
        assert_eq!(theirs, tree(&["CNAME", ".nojekyll"]));
    }

    #[test]
    fn a_file_where_a_folder_is_needed() {
        assert_eq!(clash(&tree(&["a", "a-b", "ab/c", "b/c"])), None);
        assert_eq!(clash(&tree(&["a", "a-b", "a/b/c"])), Some("a".to_owned()));
        assert_eq!(clash(&tree(&["x/y", "x/y/z"])), Some("x/y".to_owned()));
    }
}
