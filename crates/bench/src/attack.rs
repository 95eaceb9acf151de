//! Sign-ins while the app is attacked: bodies that never arrive, and polls of one flow.

use std::io::{ErrorKind, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::clients::{AfterResponse, Clients};
use crate::figure::{self, Bound, check, figure, heading, millis};
use crate::load::{self, Requests};
use crate::setup::Setup;
use crate::stub::Stub;
use latchkey_harness::http::{self, Connection, JSON};
use latchkey_harness::progress;
use latchkey_harness::server::ServerProcess;
use latchkey_harness::{Context, Error};

/// The addresses that send half of a request, as a trusted proxy reports them, and how many connections each has.
const HALF_SENDING: [&str; 3] = ["192.0.2.1", "192.0.2.2", "192.0.2.3"];
const HALF_SENT_EACH: usize = 400;
/// How often the refused ones are sent again.
const RESEND_INTERVAL: Duration = Duration::from_millis(50);

/// The address that polls, and its connections. A refused poll is sent again after `Retry-After`.
const POLLING: &str = "192.0.2.4";
const POLLS: usize = 1000;

/// A proxy on this machine reports the attackers' addresses, and the usual limits are on. The limits of sign-ins are off,
/// because all clients have one address.
const SETTINGS: [(&str, &str); 4] = [
    ("LATCHKEY_TRUSTED_PROXIES", "127.0.0.1"),
    ("LATCHKEY_LIMIT_CONNECTIONS", "512"),
    ("LATCHKEY_LIMIT_SESSION", "240/60"),
    ("LATCHKEY_LIMIT_FLOW", "8/5"),
];

/// The clients that sign in, the rounds, and the time of each. Each attack is compared with the time before and after it.
const CLIENTS: usize = 64;
const ROUNDS: usize = 5;
const ROUND_TIME: Duration = Duration::from_secs(3);

/// Under attack, the least share of the usual rate in percent, and the longest response in milliseconds.
const MIN_GOODPUT: f64 = 80.0;
const MAX_RESPONSE: f64 = 500.0;

/// Sign-ins under one attack: the share of the usual rate in percent, and the 99th percentile in milliseconds.
type Outcome = (f64, f64);

/// Prints the figures; true if all are within their bounds.
pub(crate) fn measure(setup: &Setup, stub: &Stub) -> Result<bool, Error> {
    let mut command = setup.app_command(stub.url())?;
    let app = ServerProcess::start("app", command.envs(SETTINGS))?;
    let sign_in = || load::run_for(app.url(), &Requests::sign_ins(), CLIENTS, ROUND_TIME);
    progress::step("bench", &format!("{CLIENTS} clients sign in under two attacks in turn, {ROUNDS} times"));
    sign_in()?;
    let mut usual = sign_in()?.served.rate(ROUND_TIME);
    let (mut half_sent, mut polls): (Vec<Outcome>, Vec<Outcome>) = (Vec::new(), Vec::new());
    let mut under = |attack: Attack| {
        let attacked = sign_in()?.served;
        attack.stop()?;
        let before = std::mem::replace(&mut usual, sign_in()?.served.rate(ROUND_TIME));
        let goodput = attacked.rate(ROUND_TIME) / f64::midpoint(before, usual) * 100.0;
        Ok::<_, Error>((goodput, millis(attacked.permille(990))))
    };
    for _ in 0..ROUNDS {
        half_sent.push(under(Attack::half_sent(app.url())?)?);
        polls.push(under(Attack::polls(app.url())?)?);
    }
    let median =
        |outcomes: &[Outcome], of: fn(&Outcome) -> f64| figure::median(outcomes.iter().map(of).collect());
    heading("sign-ins under attack, medians");
    figure("sign-ins a second, 64 clients", usual);
    Ok(check(&[
        ("1,200 half-sent, % of the usual", median(&half_sent, |of| of.0), Bound::AtLeast(MIN_GOODPUT)),
        ("  p99, ms", median(&half_sent, |of| of.1), Bound::AtMost(MAX_RESPONSE)),
        ("1,000 polls of a flow, % of the usual", median(&polls, |of| of.0), Bound::AtLeast(MIN_GOODPUT)),
        ("  p99, ms", median(&polls, |of| of.1), Bound::AtMost(MAX_RESPONSE)),
    ]))
}

/// A running attack.
struct Attack {
    end: Arc<AtomicBool>,
    thread: JoinHandle<Result<(), Error>>,
}

impl Attack {
    /// Requests to sign out, each without the last byte of its body. Those that the app ends are sent again.
    fn half_sent(url: &str) -> Result<Self, Error> {
        let mut senders = Vec::with_capacity(HALF_SENDING.len() * HALF_SENT_EACH);
        for address in HALF_SENDING {
            for _ in 0..HALF_SENT_EACH {
                senders.push(HalfSent::send(url, address)?);
            }
        }
        let url = url.to_owned();
        Self::begin(move |ended| {
            while !ended() {
                for sender in &mut senders {
                    if sender.is_ended() {
                        *sender = HalfSent::send(&url, sender.address)?;
                    }
                }
                thread::sleep(RESEND_INTERVAL);
            }
            Ok(())
        })
    }

    /// Polls of the first step of one flow.
    fn polls(url: &str) -> Result<Self, Error> {
        let begun = Connection::open(url)?.post("/api/idx/authenticate", JSON, None, "{}")?;
        let headers = [("cookie", begun.cookie.as_deref()), ("x-forwarded-for", Some(POLLING))];
        let poll =
            http::format_request(http::host(url), "POST", "/api/idx/poll", &headers, Some((JSON, "{}")));
        let mut polling = Clients::connect(url, &poll, POLLS)?;
        Self::begin(move |ended| {
            polling.run(|_, response, _| {
                Ok(match response.retry_after {
                    _ if ended() => AfterResponse::Stop,
                    Some(pause) => AfterResponse::SendAfter(pause),
                    None => AfterResponse::Send,
                })
            })
        })
    }

    fn begin(
        attack: impl FnOnce(&dyn Fn() -> bool) -> Result<(), Error> + Send + 'static,
    ) -> Result<Self, Error> {
        let end = Arc::new(AtomicBool::new(false));
        let ended = end.clone();
        let thread = thread::spawn(move || attack(&|| ended.load(Ordering::Relaxed)));
        Ok(Self { end, thread })
    }

    /// Ends it and waits for its thread.
    fn stop(self) -> Result<(), Error> {
        self.end.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| Error::new("An attack has panicked."))?
    }
}

/// A connection on which the last byte of a request is never sent.
struct HalfSent {
    address: &'static str,
    connection: TcpStream,
}

impl HalfSent {
    fn send(url: &str, address: &'static str) -> Result<Self, Error> {
        let headers = [("x-forwarded-for", Some(address))];
        let request =
            http::format_request(http::host(url), "POST", "/api/logout", &headers, Some((JSON, "{}")));
        let mut connection = Connection::open(url)?.into_stream();
        let (half, _) = request.split_at(request.len() - 1);
        connection.write_all(half.as_bytes()).context("Cannot send half of a request")?;
        connection.set_nonblocking(true).context("Cannot make a connection non-blocking")?;
        Ok(Self { address, connection })
    }

    /// Whether it has been answered or closed.
    fn is_ended(&self) -> bool {
        !matches!(self.connection.peek(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn sec_225_a_half_sent_request_lacks_one_byte_and_its_end_is_noticed() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let sent = HalfSent::send(&url, HALF_SENDING[0]).unwrap();
        let (mut server, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n{") {
            let mut byte = [0];
            server.read_exact(&mut byte).unwrap();
            request.push(byte[0]);
        }
        assert!(http::parse_request(&request).is_none() && !sent.is_ended());
        request.push(b'}');
        assert_eq!(http::parse_request(&request).unwrap().0, "/api/logout");
        drop(server);
        sent.connection.set_nonblocking(false).unwrap();
        assert!(sent.is_ended());
    }
}
