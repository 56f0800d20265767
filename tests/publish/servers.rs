//! Servers that tests start on this machine's loopback, and end by their own process.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server, which ends with the value.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub port: u16,
}

impl Server {
    /// Starts a program that is to listen at a port, and waits until it does.
    ///
    /// # Panics
    /// When there is no such program: a missing tool fails a test.
    pub fn start(command: &mut Command, port: u16) -> Self {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let child = child.unwrap_or_else(|e| panic!("{command:?} does not start: {e}"));
        let mut server = Self { child, port };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(server.child.try_wait().expect("its state").is_none(), "{command:?} ended at once");
            assert!(start.elapsed() < Duration::from_mins(1), "{command:?} does not listen");
            std::thread::sleep(Duration::from_millis(30));
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// S3 as moto plays it, with a bucket. Its port is free when it is asked for, and it takes seconds to listen there: where
/// somebody else has come in between, or hangs up, another one is started.
pub fn moto(bucket: &str) -> Server {
    for _ in 0..3 {
        let port = free_port();
        let server =
            Server::start(Command::new("moto_server").args(["-H", "127.0.0.1", "-p", &port.to_string()]), port);
        if ask(port, "PUT", &format!("/{bucket}"), "").is_ok_and(|answer| answer.0 == 200) {
            return server;
        }
    }
    panic!("moto makes no bucket");
}

/// A port that is free.
pub fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).expect("a port").local_addr().expect("its number").port()
}

/// Sends a request without a body; returns the status and everything that was answered.
pub fn ask(port: u16, method: &str, path: &str, headers: &str) -> io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\nConnection: close\r\n{headers}\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    Ok((status, text))
}
