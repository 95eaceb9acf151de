//! As much of HTTP as it takes to talk to our own servers on loopback: one connection, kept open.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::trouble::{About, Trouble};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a body can be, as it is announced.
pub(crate) const JSON: &str = "application/json";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// A connection to a server on this machine.
pub(crate) struct Connection {
    host: String,
    stream: BufReader<TcpStream>,
}

/// What the server answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Name and value of the first cookie that was set, if one was: the session's.
    pub(crate) cookie: Option<String>,
    /// How long to wait before it is asked again, if it said so.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Vec<u8>,
}

impl Connection {
    /// Connects to `http://localhost:PORT`.
    pub(crate) fn open(url: &str) -> Result<Self, Trouble> {
        let host = host(url).to_owned();
        let port = host.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        let port: u16 = port.ok_or_else(|| Trouble::new(format!("{url} has no port to connect to.")))?;
        let stream = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
            .and_then(|stream| {
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                Ok(stream)
            })
            .about(format_args!("Cannot connect to {url}"))?;
        Ok(Self { host, stream: BufReader::new(stream) })
    }

    /// The connection itself, for who asks in another way.
    pub(crate) fn into_stream(self) -> TcpStream {
        self.stream.into_inner()
    }

    /// Sends a body of some kind the way our own page does, with the cookie that it holds.
    pub(crate) fn post(
        &mut self,
        path: &str,
        kind: &str,
        cookie: Option<&str>,
        body: &str,
    ) -> Result<Answer, Trouble> {
        self.call("POST", path, &[("cookie", cookie)], Some((kind, body)))
    }

    /// The same for one step of a sign-in, which has a name.
    pub(crate) fn step(
        &mut self,
        path: &str,
        cookie: Option<&str>,
        transaction: Option<&str>,
        body: &str,
    ) -> Result<Answer, Trouble> {
        let told = [("cookie", cookie), ("x-transaction", transaction)];
        self.call("POST", path, &told, Some((JSON, body)))
    }

    /// Asks for JSON, with the cookie that our own page holds.
    pub(crate) fn get(&mut self, path: &str, cookie: Option<&str>) -> Result<Answer, Trouble> {
        self.call("GET", path, &[("cookie", cookie)], None)
    }

    fn call(
        &mut self,
        verb: &str,
        path: &str,
        told: &[(&str, Option<&str>)],
        body: Option<(&str, &str)>,
    ) -> Result<Answer, Trouble> {
        let request = request(&self.host, verb, path, told, body);
        self.exchange(&request).about(format_args!("{verb} {path} was not answered"))
    }

    fn exchange(&mut self, request: &str) -> std::io::Result<Answer> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        let head = Head::read(&mut self.stream)?;
        let mut body = vec![0; head.length];
        self.stream.read_exact(&mut body)?;
        Ok(head.with(body))
    }
}

impl Answer {
    /// The answer that these bytes begin with, if all of it is there.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let head = Head::read(&mut rest).ok()?;
        let body = rest.get(..head.length)?.to_vec();
        Some(head.with(body))
    }
}

/// Takes in what has come so far on a connection that nobody waits at. That it has been closed is an error.
pub(crate) fn hear(connection: &mut impl Read, heard: &mut Vec<u8>) -> std::io::Result<()> {
    let mut buffer = [0; 8192];
    loop {
        match connection.read(&mut buffer) {
            Ok(0) => return Err(std::io::Error::other("the connection was closed")),
            Ok(length) => heard.extend(buffer.iter().take(length)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// The host that an address names, with its port.
pub(crate) fn host(url: &str) -> &str {
    url.strip_prefix("http://").unwrap_or(url).split('/').next().unwrap_or_default()
}

/// A request in the words of our own page.
pub(crate) fn request(
    host: &str,
    verb: &str,
    path: &str,
    told: &[(&str, Option<&str>)],
    body: Option<(&str, &str)>,
) -> String {
    let mut request = format!(
        "{verb} {path} HTTP/1.1\r\nhost: {host}\r\naccept: application/json\r\nx-csrf: 1\r\n\
         sec-fetch-site: same-origin\r\n"
    );
    for (name, value) in told {
        if let Some(value) = value {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    match body {
        Some((kind, body)) => {
            request
                .push_str(&format!("content-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}", body.len()));
        }
        None => request.push_str("\r\n"),
    }
    request
}

/// The path that these bytes ask for first, and how many of them do, if the whole request is there.
pub(crate) fn asked(bytes: &[u8]) -> Option<(String, usize)> {
    let mut rest = bytes;
    let head = Head::read(&mut rest).ok()?;
    let length = bytes.len() - rest.len() + head.length;
    (length <= bytes.len()).then(|| (head.second_word().to_owned(), length))
}

#[derive(Default)]
struct Head {
    /// What is asked for, or what came of it.
    line: String,
    cookie: Option<String>,
    retry_after: Option<Duration>,
    length: usize,
}

impl Head {
    /// Reads up to the empty line. Our servers tell the length of every body.
    fn read(stream: &mut impl BufRead) -> std::io::Result<Self> {
        let mut head = Self::default();
        let mut line = String::new();
        loop {
            line.clear();
            if stream.read_line(&mut line)? == 0 {
                return Err(std::io::Error::other("the connection was closed"));
            }
            let text = line.trim_end();
            if head.line.is_empty() {
                head.line.push_str(text);
            } else if text.is_empty() {
                return Ok(head);
            } else if let Some((name, value)) = text.split_once(": ") {
                if name.eq_ignore_ascii_case("content-length") {
                    head.length = value.parse().unwrap_or(0);
                } else if name.eq_ignore_ascii_case("retry-after") {
                    head.retry_after = value.parse().ok().map(Duration::from_secs);
                } else if name.eq_ignore_ascii_case("set-cookie") {
                    head.cookie = head.cookie.or_else(|| value.split(';').next().map(str::to_owned));
                }
            }
        }
    }

    /// Between the first two blanks of its first line stands the status of an answer, and the path of a request.
    fn second_word(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    /// The answer that has this head.
    fn with(self, body: Vec<u8>) -> Answer {
        let status = self.second_word().parse().unwrap_or(0);
        Answer { status, cookie: self.cookie, retry_after: self.retry_after, body }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_an_answer_is_read_up_to_the_empty_line() {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nset-cookie: sid=abc; Path=/\r\nset-cookie: device=d\r\n\r\n{}";
        let mut stream = text.as_bytes();
        let head = Head::read(&mut stream).unwrap();
        assert_eq!((head.second_word(), head.cookie.as_deref(), head.length), ("200", Some("sid=abc"), 2));
        assert_eq!(stream, b"{}");
    }

    #[test]
    fn an_answer_is_read_once_all_of_it_is_there() {
        let text = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 2\r\nretry-after: 3\r\n\r\n{}";
        for there in 0..text.len() {
            assert_eq!(Answer::read(&text[..there]), None, "{there}");
        }
        let retry_after = Some(Duration::from_secs(3));
        let answer = Answer { status: 503, cookie: None, retry_after, body: b"{}".to_vec() };
        assert_eq!(Answer::read(text), Some(answer));
    }

    #[test]
    fn a_request_is_known_once_all_of_it_is_there() {
        let text = request("localhost", "POST", "/path", &[("cookie", Some("a=b"))], Some((JSON, "{}")));
        for there in 0..text.len() {
            assert_eq!(asked(&text.as_bytes()[..there]), None, "{there}");
        }
        assert_eq!(asked(text.repeat(2).as_bytes()), Some(("/path".to_owned(), text.len())));
    }

    #[test]
    fn a_connection_that_was_closed_is_no_answer() {
        assert!(Head::read(&mut "HTTP/1.1 200 OK\r\n".as_bytes()).is_err());
    }
}
