//! SFTP: OpenSSH's server, the same without its own extensions, and rclone's, which has no links.

use crate::desk::{DONE, Desk, IO, tree};
use crate::host::{Claims, Host, Nature, Readers, below, built, desk, put_below, shows};
use std::collections::BTreeMap;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A server on loopback, which ends with the value.
pub struct Server {
    top: TempDir,
    port: u16,
    child: Child,
    /// The folder that is served, as the server names it.
    path: String,
    readers: Readers,
    claims: Claims,
}

impl Server {
    /// OpenSSH's; some requests are denied.
    pub fn openssh(denied: &str) -> Self {
        let top = keys();
        let at = |name: &str| top.path().join(name).display().to_string();
        // The server wants it, and does not make it.
        fs::create_dir_all("/run/sshd").expect("a folder for sshd");
        let port = free_port();
        let readers = if denied.is_empty() { Readers::OneEdition } else { Readers::WithGaps };
        let denied = if denied.is_empty() { String::new() } else { format!(" -P {denied}") };
        let settings = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nPidFile none\nAuthorizedKeysFile {}\nStrictModes no\n\
             PubkeyAuthentication yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nUsePAM no\n\
             PermitRootLogin yes\nMaxStartups 100\nSubsystem sftp internal-sftp{denied}\n",
            at("host"),
            at("authorized"),
        );
        fs::write(at("sshd_config"), settings).expect("written");
        let log = fs::File::create(at("sshd.log")).expect("a log");
        let child = Command::new("/usr/sbin/sshd").args(["-D", "-e", "-f", &at("sshd_config")]).stderr(log).spawn();
        let path = format!("{}/served/www", top.path().display());
        let server = Self { port, child: child.expect("sshd is installed"), path, readers, claims: Claims::Sure, top };
        server.once_up()
    }

    /// rclone's.
    pub fn rclone() -> Self {
        let top = keys();
        let at = |name: &str| top.path().join(name).display().to_string();
        let port = free_port();
        let log = fs::File::create(at("rclone.log")).expect("a log");
        let child = Command::new("rclone")
            .args(["serve", "sftp", "--addr", &format!("127.0.0.1:{port}"), "--key", &at("host")])
            .args(["--authorized-keys", &at("authorized"), "--vfs-cache-mode", "writes", "--vfs-write-back", "0s"])
            .args(["--dir-cache-time", "0s", "--cache-dir", &at("cache"), "--config", &at("no.conf"), &at("served")])
            .stderr(log)
            .spawn();
        let child = child.expect("rclone is installed");
        Self { port, child, path: "/www".to_owned(), readers: Readers::WithGaps, claims: Claims::Unsure, top }.once_up()
    }

    fn once_up(mut self) -> Self {
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.child.try_wait().expect("a child");
            let log = |n: &str| fs::read_to_string(self.top.path().join(n)).unwrap_or_default();
            let logs = log("sshd.log") + &log("rclone.log");
            assert!(ended.is_none() && begun.elapsed() < Duration::from_secs(20), "the server does not start: {logs}");
            std::thread::sleep(Duration::from_millis(20));
        }
        let host = fs::read_to_string(self.top.path().join("host.pub")).expect("a key");
        let known = format!("[127.0.0.1]:{} {host}", self.port);
        fs::write(self.top.path().join("known"), known).expect("written");
        self
    }

    /// The same, with a folder where editions are to lie side by side.
    pub fn with_a_folder(mut self) -> Self {
        fs::create_dir_all(self.www().join(".dealwire")).expect("a folder");
        self.readers = Readers::InOrder;
        self
    }

    fn www(&self) -> PathBuf {
        self.top.path().join("served/www")
    }

    /// Kills what serves the connections that there are; says how many processes that were.
    fn cut(&self) -> usize {
        let mut killed = 0;
        for item in fs::read_dir("/proc").expect("a list of processes").flatten() {
            let Some(pid) = item.file_name().to_str().and_then(|n| n.parse::<i32>().ok()) else { continue };
            // It may have ended meanwhile.
            let stat = fs::read_to_string(item.path().join("stat")).unwrap_or_default();
            let parent = stat.rsplit(')').next().and_then(|s| s.split_whitespace().nth(1)).and_then(|p| p.parse().ok());
            if parent == Some(self.child.id())
                && let Some(pid) = rustix::process::Pid::from_raw(pid)
            {
                killed += usize::from(rustix::process::kill_process(pid, rustix::process::Signal::KILL).is_ok());
            }
        }
        killed
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Host for Server {
    fn settings(&self) -> String {
        let user = Command::new("id").arg("-un").output().expect("who we are").stdout;
        let user = String::from_utf8(user).expect("a name");
        format!("to = \"sftp://{}@127.0.0.1:{}{}\"", user.trim(), self.port, self.path)
    }

    fn variables(&self) -> Vec<(String, String)> {
        vec![("DEALWIRE_SSH".to_owned(), format!("ssh -F {}", self.top.path().join("config").display()))]
    }

    fn live(&self) -> BTreeMap<String, Vec<u8>> {
        below(&self.www())
    }

    fn all(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.top.path().join("served"))
    }

    fn nature(&self) -> Nature {
        Nature { readers: self.readers, claims: self.claims, ..Nature::default() }
    }

    fn put(&self, path: &str, bytes: &[u8]) {
        put_below(&self.www(), path, bytes);
    }

    fn has_room_for_others(&self) -> bool {
        self.readers != Readers::OneEdition
    }
}

/// A folder with the keys of a server and of a publisher, and what `ssh` needs to know.
fn keys() -> TempDir {
    let top = TempDir::new().expect("a folder");
    fs::set_permissions(top.path(), fs::Permissions::from_mode(0o700)).expect("ours alone");
    fs::create_dir(top.path().join("served")).expect("a folder");
    for name in ["host", "mine", "wrong"] {
        key(&top.path().join(name));
    }
    fs::copy(top.path().join("mine.pub"), top.path().join("authorized")).expect("copied");
    aim_ssh(top.path(), "mine");
    top
}

fn key(at: &Path) {
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f"]).arg(at).status();
    assert!(made.expect("ssh-keygen is installed").success());
}

/// Has `ssh` show a key.
fn aim_ssh(top: &Path, key: &str) {
    let at = |name: &str| top.join(name).display().to_string();
    let settings = format!(
        "IdentityFile {}\nIdentitiesOnly yes\nIdentityAgent none\nUserKnownHostsFile {}\nGlobalKnownHostsFile none\n\
         StrictHostKeyChecking yes\n",
        at(key),
        at("known"),
    );
    fs::write(at("config"), settings).expect("written");
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port()
}

/// What an OpenSSH server can do besides the standard, but for its links.
pub const BESIDES: &str = "posix-rename,hardlink,fsync,limits,statvfs,expand-path,copy-data";

#[test]
fn the_link_is_relative_and_leads_to_an_edition() {
    let server = Server::openssh("");
    desk(&server).type_in("publish").has(DONE);
    let says = fs::read_link(server.www()).expect("the site is a link");
    let number = says.to_str().and_then(|s| s.strip_prefix(".www.dealwire/editions/")).map(str::parse::<u64>);
    assert!(matches!(number, Some(Ok(_))), "{says:?}");
}

#[test]
fn what_is_made_can_be_read_by_whoever_serves_it() {
    let server = Server::openssh("");
    let desk = desk(&server);
    desk.type_in("publish").has(DONE);
    for item in walkdir::WalkDir::new(server.www().canonicalize().expect("a folder")) {
        let item = item.expect("readable");
        let mode = item.metadata().expect("there").permissions().mode() & 0o777;
        assert_eq!(mode, if item.file_type().is_dir() { 0o755 } else { 0o644 }, "{}", item.path().display());
    }
}

#[test]
fn a_large_file_arrives_whole() {
    for server in [Server::openssh(""), Server::openssh(BESIDES), Server::rclone()] {
        let desk = desk(&server);
        // Neither a multiple of what goes into one request nor small; no two parts of it are the same.
        let large: Vec<u8> = (0..3_333_333_u32).flat_map(|n| (n / 3).to_le_bytes()).take(3_333_333).collect();
        desk.write("static/large.bin", &large);
        desk.write("static/empty.bin", "");
        desk.type_in("publish").has(DONE);
        shows(&server, &desk);
    }
}

#[test]
fn a_connection_that_breaks_is_made_again() {
    for server in [Server::openssh(""), Server::openssh("").with_a_folder(), Server::openssh(BESIDES)] {
        let desk = desk(&server);
        for n in 0..30 {
            desk.article(&format!("story-{n}"), &format!("Story number {n}"), "");
        }
        desk.type_in("publish").has(DONE);
        let begun = Instant::now();
        change(&desk, 0);
        desk.type_in("publish").has(DONE);
        let whole = begun.elapsed();
        let mut survived = 0;
        for n in 1..=6 {
            change(&desk, n);
            let mut child = desk.command();
            child.args(["publish", "--quiet"]).stdout(Stdio::null()).stderr(Stdio::piped());
            let child = child.spawn().expect("the program starts");
            std::thread::sleep(whole * n / 7);
            let cut = server.cut();
            let ended = child.wait_with_output().expect("ended");
            let said = String::from_utf8_lossy(&ended.stderr).into_owned();
            assert!(!said.contains("panicked"), "{said}");
            match ended.status.code() {
                Some(DONE) => survived += usize::from(cut > 0),
                code => panic!("{code:?} {said}"),
            }
            desk.type_in("publish").has(DONE);
            shows(&server, &desk);
        }
        assert!(survived > 0, "not one broken connection was survived");
    }
}

/// Changes twenty pages.
fn change(desk: &Desk, n: u32) {
    for story in 0..20 {
        desk.article(&format!("story-{story}"), &format!("Story number {story}, version {n}"), "");
    }
}

#[test]
fn who_may_not_publish_hears_it_from_ssh() {
    let server = Server::openssh("");
    let desk = desk(&server);
    let quick = |words: &str| {
        let begun = Instant::now();
        desk.type_in("publish").has(IO).says("E1304").says(words);
        assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
        assert_eq!(server.live().len(), 0);
    };
    let top = server.top.path();
    aim_ssh(top, "wrong");
    quick("Permission denied (publickey)");
    aim_ssh(top, "mine");
    let known = fs::read(top.join("known")).expect("there");
    fs::write(top.join("known"), "").expect("written");
    quick("Host key verification failed");
    fs::write(top.join("known"), format!("[127.0.0.1]:{} {}", server.port, read(&top.join("wrong.pub"))))
        .expect("written");
    quick("Host key verification failed");
    fs::write(top.join("known"), known).expect("written");
    desk.type_in("publish").has(DONE);
    assert_eq!(server.live(), built(&desk));
}

#[test]
fn a_server_that_is_there_a_moment_later_is_waited_for() {
    let server = Server::openssh("");
    let desk = desk(&server);
    let ssh = server.variables().remove(0).1;
    // As if the network came up while the program tries: the first two calls fail.
    let script = format!(
        "#!/bin/sh\ncd '{}'; echo >> calls\n[ $(wc -l < calls) -gt 2 ] || {{ echo 'Connection refused' >&2; exit 255; }}\n\
         exec {ssh} \"$@\"\n",
        server.top.path().display()
    );
    let flaky = server.top.path().join("flaky");
    fs::write(&flaky, script).expect("written");
    fs::set_permissions(&flaky, fs::Permissions::from_mode(0o755)).expect("a program");
    let desk = desk.with("DEALWIRE_SSH", &flaky.display().to_string());
    desk.type_in("publish").has(DONE);
    shows(&server, &desk);
    assert_eq!(read(&server.top.path().join("calls")).lines().count(), 3);
}

#[test]
fn a_server_that_is_not_there_or_not_one_is_told() {
    let server = Server::openssh("");
    let mut desk = desk(&server);
    crate::host::aim(&desk, &server, "timeout_seconds = 2\n");
    let to = read(&desk.at("site.toml"));
    desk.write("site.toml", to.replace(&format!(":{}/", server.port), &format!(":{}/", free_port())));
    desk.type_in("publish").has(IO).says("E1304").says("Connection refused");
    desk.write("site.toml", &to);
    desk = desk.with("DEALWIRE_SSH", "/no/such/ssh");
    desk.type_in("publish").has(IO).says("`/no/such/ssh` cannot be started");
    desk = desk.with("DEALWIRE_SSH", "echo Welcome");
    desk.type_in("publish").has(IO).says("does not speak SFTP");
    desk = desk.with("DEALWIRE_SSH", "true");
    desk.type_in("publish").has(IO).says("does not speak SFTP");
}

#[test]
fn a_folder_that_is_another_persons_is_told() {
    let server = Server::openssh("");
    let desk = desk(&server);
    let to = read(&desk.at("site.toml")).replace("/served/www", "/no/such/place/www");
    desk.write("site.toml", to);
    desk.type_in("publish").has(IO).says("there is no such file or folder");
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("there")
}
