//! A folder of this machine: with a link that is switched, and where there is a folder already, file by file.

use crate::desk::{DONE, REFUSED, tree};
use crate::host::{Host, Nature, Readers, below, desk, put_below, shows};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// A folder that is a target.
pub struct Folder {
    top: TempDir,
    in_place: bool,
}

impl Folder {
    /// Nothing is there: editions get folders of their own.
    pub fn new() -> Self {
        Self { top: TempDir::new().expect("a folder"), in_place: false }
    }

    /// A folder that cannot be replaced by a link: there is something in it.
    pub fn in_place() -> Self {
        let folder = Self { top: TempDir::new().expect("a folder"), in_place: true };
        fs::create_dir_all(folder.www().join(".dealwire")).expect("a folder");
        folder
    }

    fn www(&self) -> PathBuf {
        self.top.path().join("www")
    }
}

impl Host for Folder {
    fn settings(&self) -> String {
        format!("to = \"file://{}\"", self.www().display())
    }

    fn live(&self) -> BTreeMap<String, Vec<u8>> {
        below(&self.www())
    }

    fn all(&self) -> BTreeMap<String, Vec<u8>> {
        tree(self.top.path())
    }

    fn nature(&self) -> Nature {
        let readers = if self.in_place { Readers::InOrder } else { Readers::OneEdition };
        Nature { readers, ..Nature::default() }
    }

    fn put(&self, path: &str, bytes: &[u8]) {
        put_below(&self.www(), path, bytes);
    }

    fn has_room_for_others(&self) -> bool {
        self.in_place
    }
}

#[test]
fn an_empty_folder_and_a_link_of_others() {
    let folder = Folder::new();
    fs::create_dir(folder.www()).expect("a folder");
    let desk = desk(&folder);
    desk.type_in("publish").has(DONE);
    assert!(folder.www().is_symlink());
    shows(&folder, &desk);

    let folder = Folder::new();
    fs::create_dir(folder.top.path().join("theirs")).expect("a folder");
    fs::write(folder.top.path().join("theirs/index.html"), "theirs").expect("written");
    std::os::unix::fs::symlink("theirs", folder.www()).expect("a link");
    let desk = crate::host::desk(&folder);
    desk.type_in("publish").has(REFUSED).says("E1302");
    desk.type_in("publish --adopt").has(DONE);
    assert_eq!(fs::read_to_string(folder.top.path().join("theirs/index.html")).expect("there"), "theirs");
    shows(&folder, &desk);
}

#[test]
fn packed_files_lie_beside_plain_ones_and_unpack_to_them() {
    for folder in [Folder::new(), Folder::in_place()] {
        let desk = desk(&folder);
        crate::host::aim(&desk, &folder, "compress = \"beside\"\n");
        desk.type_in("publish").has(DONE);
        let live = folder.live();
        let built = crate::host::built(&desk);
        let (mut packed, mut plain) = (0, 0);
        for (path, bytes) in &built {
            assert_eq!(live.get(path), Some(bytes), "{path}");
            let is_text =
                [".html", ".xml", ".css", ".svg", ".md", ".csv", ".json", ".js", ".txt", ".opml", ".webmanifest"]
                    .iter()
                    .any(|e| path.ends_with(e) || path.starts_with('_'))
                    && bytes.len() >= 256;
            assert_eq!(live.contains_key(&format!("{path}.gz")), is_text, "{path}");
            if is_text {
                packed += 1;
                assert_eq!(unpacked(&live[&format!("{path}.gz")], "gzip"), *bytes, "{path}");
                assert_eq!(unpacked(&live[&format!("{path}.br")], "br"), *bytes, "{path}");
            } else {
                plain += 1;
            }
        }
        assert!(packed > 10 && plain > 2, "{packed} packed, {plain} plain");
        assert_eq!(live.len(), built.len() + 2 * packed);
        desk.type_in("publish").has(DONE).says("is up to date");
        desk.article("packed", "A story that is packed", "");
        desk.type_in("publish").has(DONE);
        let live = folder.live();
        let page = "2024/03/packed/index.html";
        assert_eq!(unpacked(&live[&format!("{page}.br")], "br"), live[page]);
        // Without the setting they go, and with them nothing else.
        crate::host::aim(&desk, &folder, "");
        let said = desk.type_in("publish").has(REFUSED).says("E1301");
        let n = said.err.split("--yes-delete ").nth(1).and_then(|t| t.split('`').next()).expect("a number").to_owned();
        desk.type_in(&format!("publish --yes-delete {n}")).has(DONE);
        let mut live = folder.live();
        // What has a fingerprint stays for tabs that are open.
        live.retain(|path, _| !path.starts_with("assets/") || !(path.ends_with(".gz") || path.ends_with(".br")));
        assert_eq!(live, crate::host::built(&desk));
    }
}

/// What a client makes of packed bytes.
pub fn unpacked(bytes: &[u8], encoding: &str) -> Vec<u8> {
    use std::io::Read;
    let mut plain = Vec::new();
    let read = match encoding {
        "gzip" => flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain),
        _ => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut plain),
    };
    read.expect("it unpacks");
    plain
}
