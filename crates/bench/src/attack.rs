//! Attacks on the app while people sign in: bodies that never arrive, and polls of one flow.

use std::io::{ErrorKind, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::figure::{self, Bound, figure, heading, held, millis};
use crate::load::{self, Walk};
use crate::people::{People, Then};
use crate::setup::Setup;
use crate::stub::Stub;
use latchkey_harness::http::{self, Connection, JSON};
use latchkey_harness::progress;
use latchkey_harness::server::Server;
use latchkey_harness::{Context, Error};

/// The addresses that send half of a request, as a trusted proxy reports them, and how many connections each has.
const HALF_SENDING: [&str; 3] = ["192.0.2.1", "192.0.2.2", "192.0.2.3"];
const HALF_SENT_EACH: usize = 400;
/// How often it is looked which of them are to be sent anew.
const LOOK_INTERVAL: Duration = Duration::from_millis(50);

/// The address that polls, and its connections. A refused poll comes again when it may.
const POLLING: &str = "192.0.2.4";
const POLLS: usize = 1000;

/// The attackers' addresses come from a proxy on this machine, and the limits that are usual before a true org are on; but
/// not those on the number of sign-ins, since all who sign in are at one address.
const SETTINGS: [(&str, &str); 4] = [
    ("LATCHKEY_TRUSTED_PROXIES", "127.0.0.1"),
    ("LATCHKEY_LIMIT_CONNECTIONS", "512"),
    ("LATCHKEY_LIMIT_SESSION", "240/60"),
    ("LATCHKEY_LIMIT_FLOW", "8/5"),
];

/// How many sign in meanwhile, how often and for how long each time. Each attack is compared with the quiet before and after
/// it.
const PEOPLE: usize = 64;
const ROUNDS: usize = 5;
const LASTS: Duration = Duration::from_secs(3);

/// Under attack, so much of the usual is done, in percent, and it is done within this time.
const GOODPUT: f64 = 80.0;
const ANSWERED: f64 = 500.0;

/// Sign-ins under one attack: what part of the usual rate is done, in percent, and the 99th percentile in milliseconds.
type Outcome = (f64, f64);

/// Shows the figures, and whether they are within their bounds.
pub(crate) fn measure(setup: &Setup, stub: &Stub) -> Result<bool, Error> {
    let mut command = setup.app_command(stub.url())?;
    let app = Server::start("app", command.envs(SETTINGS))?;
    let sign_in = || load::rush(app.url(), &Walk::signing_in(), PEOPLE, LASTS);
    progress::step("bench", &format!("{PEOPLE} people sign in under two attacks in turn, {ROUNDS} times"));
    sign_in()?;
    let mut usual = sign_in()?.answered.rate(LASTS);
    let (mut half_sent, mut polls): (Vec<Outcome>, Vec<Outcome>) = (Vec::new(), Vec::new());
    let mut under = |attack: Attack| {
        let attacked = sign_in()?.answered;
        attack.end()?;
        let before = std::mem::replace(&mut usual, sign_in()?.answered.rate(LASTS));
        let goodput = attacked.rate(LASTS) / f64::midpoint(before, usual) * 100.0;
        Ok::<_, Error>((goodput, millis(attacked.permille(990))))
    };
    for _ in 0..ROUNDS {
        half_sent.push(under(Attack::half_sent(app.url())?)?);
        polls.push(under(Attack::polls(app.url())?)?);
    }
    let median =
        |outcomes: &[Outcome], of: fn(&Outcome) -> f64| figure::median(outcomes.iter().map(of).collect());
    heading("sign-ins under attack, medians");
    figure("sign-ins a second, 64 people", usual);
    Ok(held(&[
        ("1,200 half-sent, % of the usual done", median(&half_sent, |of| of.0), Bound::AtLeast(GOODPUT)),
        ("  p99, ms", median(&half_sent, |of| of.1), Bound::AtMost(ANSWERED)),
        ("1,000 polls of a flow, % of the usual", median(&polls, |of| of.0), Bound::AtLeast(GOODPUT)),
        ("  p99, ms", median(&polls, |of| of.1), Bound::AtMost(ANSWERED)),
    ]))
}

/// An attack under way.
struct Attack {
    over: Arc<AtomicBool>,
    thread: JoinHandle<Result<(), Error>>,
}

impl Attack {
    /// Requests to sign out, each without the last byte of its body. Those that the app gives up are sent anew.
    fn half_sent(url: &str) -> Result<Self, Error> {
        let mut senders = Vec::with_capacity(HALF_SENDING.len() * HALF_SENT_EACH);
        for address in HALF_SENDING {
            for _ in 0..HALF_SENT_EACH {
                senders.push(HalfSent::send(url, address)?);
            }
        }
        let url = url.to_owned();
        Self::begin(move |over| {
            while !over() {
                for sender in &mut senders {
                    if sender.is_given_up() {
                        *sender = HalfSent::send(&url, sender.address)?;
                    }
                }
                thread::sleep(LOOK_INTERVAL);
            }
            Ok(())
        })
    }

    /// Polls of the first step of one flow.
    fn polls(url: &str) -> Result<Self, Error> {
        let begun = Connection::open(url)?.post("/api/idx/authenticate", JSON, None, "{}")?;
        let told = [("cookie", begun.cookie.as_deref()), ("x-forwarded-for", Some(POLLING))];
        let poll = http::format_request(http::host(url), "POST", "/api/idx/poll", &told, Some((JSON, "{}")));
        let mut polling = People::come(url, &poll, POLLS)?;
        Self::begin(move |over| {
            polling.ask(|_, answer, _| {
                Ok(match answer.retry_after {
                    _ if over() => Then::Stop,
                    Some(pause) => Then::Rest(pause),
                    None => Then::Ask,
                })
            })
        })
    }

    fn begin(
        attack: impl FnOnce(&dyn Fn() -> bool) -> Result<(), Error> + Send + 'static,
    ) -> Result<Self, Error> {
        let over = Arc::new(AtomicBool::new(false));
        let seen = over.clone();
        let thread = thread::spawn(move || attack(&|| seen.load(Ordering::Relaxed)));
        Ok(Self { over, thread })
    }

    /// Ends it, and waits until it has.
    fn end(self) -> Result<(), Error> {
        self.over.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| Error::new("An attack has panicked."))?
    }
}

/// A connection on which the last byte of a request does not come.
struct HalfSent {
    address: &'static str,
    connection: TcpStream,
}

impl HalfSent {
    fn send(url: &str, address: &'static str) -> Result<Self, Error> {
        let told = [("x-forwarded-for", Some(address))];
        let request = http::format_request(http::host(url), "POST", "/api/logout", &told, Some((JSON, "{}")));
        let mut connection = Connection::open(url)?.into_stream();
        let (half, _) = request.split_at(request.len() - 1);
        connection.write_all(half.as_bytes()).context("Half of a request cannot be sent")?;
        connection.set_nonblocking(true).context("A connection cannot be shared with others")?;
        Ok(Self { address, connection })
    }

    /// Whether it has been answered or closed.
    fn is_given_up(&self) -> bool {
        !matches!(self.connection.peek(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn sec_225_a_half_sent_request_lacks_one_byte_and_is_sent_anew_when_it_is_given_up() {
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
        assert!(http::parse_request(&request).is_none() && !sent.is_given_up());
        request.push(b'}');
        assert_eq!(http::parse_request(&request).unwrap().0, "/api/logout");
        drop(server);
        sent.connection.set_nonblocking(false).unwrap();
        assert!(sent.is_given_up());
    }
}
