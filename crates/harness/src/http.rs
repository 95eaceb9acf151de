//! A small HTTP/1.1 client for servers on loopback: one connection, kept open.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::error::{Context, Error};

/// How long a response may take.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);

/// The content type of JSON.
pub const JSON: &str = "application/json";
/// The content type of a form.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// A connection to a server on this machine.
pub struct Connection {
    host: String,
    stream: BufReader<TcpStream>,
}

/// A response with the headers that matter here.
#[derive(Debug, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Name and value of the first `Set-Cookie`, which is the session's.
    pub cookie: Option<String>,
    /// `Retry-After` in seconds.
    pub retry_after: Option<Duration>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Connection {
    /// Connects to `http://localhost:PORT`.
    pub fn open(url: &str) -> Result<Self, Error> {
        let host = host(url).to_owned();
        let port = host.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        let port: u16 = port.ok_or_else(|| Error::new(format!("{url} has no port to connect to.")))?;
        let stream = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
            .and_then(|stream| {
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(RESPONSE_TIMEOUT))?;
                Ok(stream)
            })
            .context(format_args!("Cannot connect to {url}"))?;
        Ok(Self { host, stream: BufReader::new(stream) })
    }

    /// The TCP connection, to be used without this client.
    pub fn into_stream(self) -> TcpStream {
        self.stream.into_inner()
    }

    /// Posts a body with the headers of the sign-in page and its cookie.
    pub fn post(
        &mut self,
        path: &str,
        content_type: &str,
        cookie: Option<&str>,
        body: &str,
    ) -> Result<HttpResponse, Error> {
        self.call("POST", path, &[("cookie", cookie)], Some((content_type, body)))
    }

    /// Posts the answer to one step of a transaction.
    pub fn step(
        &mut self,
        path: &str,
        cookie: Option<&str>,
        transaction: Option<&str>,
        body: &str,
    ) -> Result<HttpResponse, Error> {
        let headers = [("cookie", cookie), ("x-transaction", transaction)];
        self.call("POST", path, &headers, Some((JSON, body)))
    }

    /// Gets JSON with the headers of the sign-in page and its cookie.
    pub fn get(&mut self, path: &str, cookie: Option<&str>) -> Result<HttpResponse, Error> {
        self.call("GET", path, &[("cookie", cookie)], None)
    }

    fn call(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, Option<&str>)],
        body: Option<(&str, &str)>,
    ) -> Result<HttpResponse, Error> {
        let request = format_request(&self.host, method, path, headers, body);
        self.exchange(&request).context(format_args!("{method} {path} got no response"))
    }

    fn exchange(&mut self, request: &str) -> std::io::Result<HttpResponse> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        let head = Head::read(&mut self.stream)?;
        let mut body = vec![0; head.length];
        self.stream.read_exact(&mut body)?;
        Ok(head.into_response(body))
    }
}

impl HttpResponse {
    /// The response at the start of these bytes, once it is complete.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let head = Head::read(&mut rest).ok()?;
        let body = rest.get(..head.length)?.to_vec();
        Some(head.into_response(body))
    }
}

/// Appends what a non-blocking connection has received so far. A closed connection is an error.
pub fn read_available(connection: &mut impl Read, received: &mut Vec<u8>) -> std::io::Result<()> {
    let mut buffer = [0; 8192];
    loop {
        match connection.read(&mut buffer) {
            Ok(0) => return Err(std::io::Error::other("the connection was closed")),
            Ok(length) => received.extend(buffer.iter().take(length)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// The host and port of a URL.
pub fn host(url: &str) -> &str {
    url.strip_prefix("http://").unwrap_or(url).split('/').next().unwrap_or_default()
}

/// A request with the headers that the sign-in page sends.
pub fn format_request(
    host: &str,
    method: &str,
    path: &str,
    headers: &[(&str, Option<&str>)],
    body: Option<(&str, &str)>,
) -> String {
    let mut request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\naccept: application/json\r\nx-csrf: 1\r\n\
         sec-fetch-site: same-origin\r\n"
    );
    for (name, value) in headers {
        if let Some(value) = value {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    match body {
        Some((content_type, body)) => {
            request.push_str(&format!(
                "content-type: {content_type}\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            ));
        }
        None => request.push_str("\r\n"),
    }
    request
}

/// The path and the length of the request at the start of these bytes, once it is complete.
pub fn parse_request(bytes: &[u8]) -> Option<(String, usize)> {
    let mut rest = bytes;
    let head = Head::read(&mut rest).ok()?;
    let length = bytes.len() - rest.len() + head.length;
    (length <= bytes.len()).then(|| (head.second_word().to_owned(), length))
}

#[derive(Default)]
struct Head {
    /// The request line or the status line.
    start_line: String,
    cookie: Option<String>,
    retry_after: Option<Duration>,
    length: usize,
}

impl Head {
    /// Reads up to the empty line. Our servers send `Content-Length` with every body.
    fn read(stream: &mut impl BufRead) -> std::io::Result<Self> {
        let mut head = Self::default();
        let mut line = String::new();
        loop {
            line.clear();
            if stream.read_line(&mut line)? == 0 {
                return Err(std::io::Error::other("the connection was closed"));
            }
            let text = line.trim_end();
            if head.start_line.is_empty() {
                head.start_line.push_str(text);
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

    /// The second word of the start line: the status of a response or the path of a request.
    fn second_word(&self) -> &str {
        self.start_line.split(' ').nth(1).unwrap_or_default()
    }

    fn into_response(self, body: Vec<u8>) -> HttpResponse {
        let status = self.second_word().parse().unwrap_or(0);
        HttpResponse { status, cookie: self.cookie, retry_after: self.retry_after, body }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_up_to_the_empty_line() {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nset-cookie: sid=abc; Path=/\r\nset-cookie: device=d\r\n\r\n{}";
        let mut stream = text.as_bytes();
        let head = Head::read(&mut stream).unwrap();
        assert_eq!((head.second_word(), head.cookie.as_deref(), head.length), ("200", Some("sid=abc"), 2));
        assert_eq!(stream, b"{}");
    }

    #[test]
    fn a_response_is_parsed_once_it_is_complete() {
        let text = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 2\r\nretry-after: 3\r\n\r\n{}";
        for length in 0..text.len() {
            assert_eq!(HttpResponse::parse(&text[..length]), None, "{length}");
        }
        let retry_after = Some(Duration::from_secs(3));
        let response = HttpResponse { status: 503, cookie: None, retry_after, body: b"{}".to_vec() };
        assert_eq!(HttpResponse::parse(text), Some(response));
    }

    #[test]
    fn a_request_is_parsed_once_it_is_complete() {
        let text =
            format_request("localhost", "POST", "/path", &[("cookie", Some("a=b"))], Some((JSON, "{}")));
        for length in 0..text.len() {
            assert_eq!(parse_request(&text.as_bytes()[..length]), None, "{length}");
        }
        assert_eq!(parse_request(text.repeat(2).as_bytes()), Some(("/path".to_owned(), text.len())));
    }

    #[test]
    fn a_closed_connection_is_an_error() {
        assert!(Head::read(&mut "HTTP/1.1 200 OK\r\n".as_bytes()).is_err());
    }
}
