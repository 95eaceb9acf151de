//! A server of one folder on this machine, for people who look at its pages.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::thread;
use std::time::Duration;

use latchkey_harness::{Context, Error};

/// How long a connection may be silent.
const IDLE_TIMEOUT: Duration = Duration::from_secs(10);

/// The longest request line.
const MAX_LINE_BYTES: usize = 8 * 1024;

/// The types of the files, by extension.
const TYPES: [(&str, &str); 7] = [
    ("css", "text/css"),
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript"),
    ("json", "application/json"),
    ("png", "image/png"),
    ("wasm", "application/wasm"),
    ("woff2", "font/woff2"),
];

/// A listening server.
pub(super) struct FileServer {
    listener: TcpListener,
    address: SocketAddr,
}

impl FileServer {
    /// Listens at an address of this machine.
    pub(super) fn bind(address: SocketAddr) -> Result<Self, Error> {
        let listener = TcpListener::bind(address).map_err(|error| {
            Error::new(format!("The gallery cannot listen on {address}: {error}."))
                .hint("Name another address with --bind, such as 127.0.0.1:8092.")
        })?;
        let address = listener.local_addr().context("Cannot read the address of the gallery")?;
        Ok(Self { listener, address })
    }

    /// Where a browser finds it.
    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Answers requests, each connection in a thread of its own.
    pub(super) fn serve(self, folder: &Path) -> Result<(), Error> {
        for stream in self.listener.incoming() {
            let (stream, folder) = (stream.context("Cannot accept a connection")?, folder.to_owned());
            thread::spawn(move || {
                // A browser that leaves in the middle needs no answer.
                let _ = answer(&stream, &folder);
            });
        }
        Ok(())
    }
}

/// Answers one request and closes the connection.
fn answer(stream: &TcpStream, folder: &Path) -> std::io::Result<()> {
    stream.set_read_timeout(Some(IDLE_TIMEOUT))?;
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    // The rest of the request is read, because closing before that would reset the connection.
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let (status, kind, body) = response(&request, folder);
    let mut out = stream;
    write!(
        out,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-cache\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    out.write_all(&body)?;
    out.flush()
}

/// The status, the type and the body for a request line.
fn response(request: &str, folder: &Path) -> (&'static str, &'static str, Vec<u8>) {
    let mut words = request.split_whitespace();
    let (method, target) = (words.next(), words.next().unwrap_or_default());
    if method != Some("GET") || request.len() > MAX_LINE_BYTES {
        return ("405 Method Not Allowed", "text/plain", b"This server has files only.".to_vec());
    }
    let file = file(target, folder);
    match file.and_then(|path| Some((kind(&path), fs::read(path).ok()?))) {
        Some((kind, body)) => ("200 OK", kind, body),
        None => ("404 Not Found", "text/plain", b"There is no such file.".to_vec()),
    }
}

/// The file that a request asks for, which is inside the folder.
fn file(target: &str, folder: &Path) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let path = Path::new(if path.is_empty() { "index.html" } else { path });
    let is_inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    is_inside.then(|| folder.join(path))
}

fn kind(path: &Path) -> &'static str {
    let extension = path.extension().unwrap_or_default();
    TYPES.iter().find(|(own, _)| extension == *own).map_or("application/octet-stream", |(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn a_browser_gets_a_file_with_its_type_and_nothing_outside_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("index.html"), "<p>gallery").unwrap();
        fs::write(folder.path().join("a.wasm"), "wasm").unwrap();
        let server = FileServer::bind(([127, 0, 0, 1], 0).into()).unwrap();
        let address = server.address;
        let served = folder.path().to_owned();
        thread::spawn(move || server.serve(&served));
        let get = |target: &str| {
            let mut stream = TcpStream::connect(address).unwrap();
            write!(stream, "GET {target} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        };
        let page = get("/?screen=code");
        assert!(
            page.starts_with("HTTP/1.1 200 OK") && page.contains("text/html") && page.ends_with("<p>gallery")
        );
        assert!(get("/a.wasm").contains("application/wasm"));
        for target in ["/../secret", "/a/../../secret", "//etc/passwd", "/none.js", "x"] {
            assert!(get(target).starts_with("HTTP/1.1 404"), "{target}");
        }
        assert!(response("POST / HTTP/1.1", folder.path()).0.starts_with("405"));
    }
}
