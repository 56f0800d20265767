//! The table of docs/publishing.md: the whole suite at every target, and each row of the table is what it has found there
//! in this run. Nothing in it is written by hand.

use crate::bucket::Bucket;
use crate::folder::Folder;
use crate::git::Repository;
use crate::host::{Claims, Host, Readers};
use crate::promises;
use crate::sftp::{BESIDES, Server};
use std::path::Path;
use std::thread;

/// The heads of the columns.
const HEADS: [&str; 10] = [
    "target",
    "readers get",
    "killed, and finished by the next",
    "two at once, one wins",
    "a dry run sends",
    "deleted is",
    "files of others",
    "editions to go back to",
    "what is taken back is",
    "headers",
];

/// Makes a target that nobody has published to.
type Make = dyn Fn() -> Box<dyn Host> + Sync;

/// Holds a target to every promise, each time a new one, and returns what was found.
fn found(name: &str, make: &Make, kills: u32, races: u32) -> String {
    let (nature, has_room) = (make().nature(), make().has_room_for_others());
    let keeps_headers = thread::scope(|scope| {
        let all = scope.spawn(|| {
            promises::hold(&*make());
            promises::respects_strangers(&*make());
        });
        let kept = scope.spawn(|| promises::guards_and_keeps(&*make()));
        let killed = scope.spawn(|| promises::survives_kills(&*make(), kills));
        // Two by two, on two targets.
        let pairs = [races / 2, races - races / 2].map(|n| scope.spawn(move || promises::has_one_winner(&*make(), n)));
        let headers = scope.spawn(|| promises::serves_headers(&*make()));
        for part in [all, kept, killed].into_iter().chain(pairs) {
            part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        }
        headers.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    let readers = match nature.readers {
        Readers::OneEdition => "one whole edition",
        Readers::InOrder => "no page before what it refers to",
        Readers::WithGaps => "the same, but a page that is replaced is away for a moment",
    };
    row(&[
        name,
        readers,
        &format!("{kills} of {kills}"),
        &match nature.claims {
            Claims::Sure => format!("{races} of {races}"),
            Claims::OrNone => format!("{races} of {races}, or none"),
            Claims::Unsure => "not within the same milliseconds".to_owned(),
        },
        "nothing",
        "only what was published",
        if has_room { "stay" } else { "refused without `--adopt`" },
        "three, or as many as are wanted",
        if nature.forgets { "gone" } else { "gone, not from the history" },
        if keeps_headers { "kept" } else { "the server's own" },
    ])
}

fn row(cells: &[&str]) -> String {
    format!("| {} |", cells.join(" | "))
}

/// The table as it is printed.
fn printed() -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/publishing.md");
    let text = std::fs::read_to_string(page).expect("docs/publishing.md");
    let lines = text.lines().skip_while(|l| *l != row(&HEADS)).take_while(|l| l.starts_with('|'));
    lines.map(str::to_owned).collect()
}

/// Asserts that the table says of a target what is found, and no more; prints what it should say.
fn agrees(name: &str, make: &Make, kills: u32, races: u32) {
    let found = found(name, make, kills, races);
    println!("{found}");
    let printed = printed();
    let is_it = |line: &&String| line.starts_with(&format!("| {name} |"));
    let said = printed.iter().find(is_it);
    assert_eq!(said, Some(&found), "docs/publishing.md says of {name} what was not found: its row is\n{found}\n");
}

/// A test for each row, and the names of all rows.
macro_rules! rows {
    ($($test:ident: $name:literal, $make:expr, $kills:literal, $races:literal;)*) => {
        $(#[test] fn $test() {
            agrees($name, &|| Box::new($make), $kills, $races);
        })*
        const NAMES: &[&str] = &[$($name),*];
    };
}

rows! {
    folder_with_a_link: "folder, by a link", Folder::new(), 20, 50;
    folder_in_place: "folder, in place", Folder::in_place(), 20, 50;
    s3_of_moto: "S3: moto", Bucket::moto(""), 20, 50;
    s3_of_s3s: "S3: s3s-fs", Bucket::s3s("site"), 10, 50;
    s3_without_conditions: "S3 without conditional writes: moto", Bucket::moto_without_conditions("a/b"), 10, 50;
    azure: "Azure Blob: Azurite", Bucket::azurite(), 10, 50;
    google: "Google Cloud Storage: a stand-in", Bucket::google("site"), 10, 50;
    webdav: "WebDAV: rclone", Bucket::webdav(), 10, 50;
    openssh: "SFTP, by a link: OpenSSH", Server::openssh(""), 15, 50;
    openssh_in_place: "SFTP, in place: OpenSSH", Server::openssh("").with_a_folder(), 15, 50;
    sftp_without_extensions: "SFTP without extensions: OpenSSH", Server::openssh(BESIDES), 15, 50;
    sftp_of_rclone: "SFTP: rclone", Server::rclone(), 15, 50;
    git_by_path: "Git, by path", Repository::new(), 12, 50;
    git_by_a_server: "Git: `git daemon`", Repository::served(), 12, 50;
}

#[test]
fn the_table_has_a_row_for_each_target_and_no_other() {
    let printed = printed();
    let names: Vec<&str> = printed.iter().skip(2).filter_map(|l| l.split(" | ").next()?.strip_prefix("| ")).collect();
    assert_eq!(names, NAMES, "the table of docs/publishing.md begins with\n{}", row(&HEADS));
}
