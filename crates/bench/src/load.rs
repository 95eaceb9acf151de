//! Load: many clients at once, each with a session of its own, each sending its next answer immediately.

use std::time::{Duration, Instant};

use crate::clients::{AfterResponse, Clients};
use latchkey_harness::Error;
use latchkey_harness::http::{self, Connection, HttpResponse, JSON};

/// How long a client tries to begin.
const BEGIN_TIMEOUT: Duration = Duration::from_secs(30);

/// The requests of a client, as path and body.
pub(crate) struct Requests {
    /// The first one, which begins a session, if the server has sessions.
    begin: Option<(&'static str, &'static str)>,
    /// Every later one. It is a wrong password, so the flow stays at the same step.
    answer: (&'static str, &'static str),
}

impl Requests {
    /// The requests of the sign-in page to the app.
    pub(crate) fn to_app() -> Self {
        Self {
            begin: Some(("/api/idx/authenticate", "{}")),
            answer: ("/api/idx/proceed", r#"{"username":"mary@example.com","password":"not-the-password"}"#),
        }
    }

    /// Whole sign-ins at the app: each request begins a flow with the answer to its first step.
    pub(crate) fn sign_ins() -> Self {
        let (_, answer) = Self::to_app().answer;
        Self { begin: None, answer: ("/api/idx/authenticate", answer) }
    }

    /// The requests of the app to the org.
    pub(crate) fn to_stub() -> Self {
        Self {
            begin: None,
            answer: (
                "/idp/idx/identify",
                r#"{"identifier":"mary@example.com","credentials":{"passcode":"not-the-password"},"stateHandle":"x"}"#,
            ),
        }
    }

    /// Connects so many clients and begins their sessions. A refused client tries again after `Retry-After`.
    fn begin(&self, url: &str, count: usize) -> Result<Clients, Error> {
        let request = |(path, body), cookie: Option<&str>| {
            http::format_request(http::host(url), "POST", path, &[("cookie", cookie)], Some((JSON, body)))
        };
        let deadline = Instant::now() + BEGIN_TIMEOUT;
        let mut clients = Clients::connect(url, &request(self.begin.unwrap_or(self.answer), None), count)?;
        clients.run(|client, response, _| match response.status {
            200 => {
                client.request = request(self.answer, response.cookie.as_deref());
                Ok(AfterResponse::Stop)
            }
            _ => match response.retry_after.filter(|_| Instant::now() < deadline) {
                Some(pause) => Ok(AfterResponse::SendAfter(pause)),
                None => Err(unexpected(response)),
            },
        })?;
        Ok(clients)
    }
}

/// Durations, the shortest first.
pub(crate) struct Times(Vec<Duration>);

impl Times {
    fn sorted(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self(times)
    }

    /// The duration that so many of a thousand do not exceed.
    pub(crate) fn permille(&self, permille: usize) -> Duration {
        let last = self.0.len().saturating_sub(1);
        self.0.get(last * permille / 1000).copied().unwrap_or_default()
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// How many there are per second of this time.
    pub(crate) fn rate(&self, took: Duration) -> f64 {
        self.count() as f64 / took.as_secs_f64()
    }
}

/// So many steps by so many clients. `after_begin` is called when all have begun; returns the duration of each step and of
/// all.
pub(crate) fn steps(
    url: &str,
    requests: &Requests,
    clients: usize,
    steps: usize,
    after_begin: impl FnOnce(),
) -> Result<(Times, Duration), Error> {
    let mut running = requests.begin(url, clients)?;
    after_begin();
    let (mut times, mut sent, began) = (Vec::with_capacity(steps), clients, Instant::now());
    running.run(|_, response, took| {
        if response.status != 200 {
            return Err(unexpected(response));
        }
        times.push(took);
        if sent >= steps {
            return Ok(AfterResponse::Stop);
        }
        sent += 1;
        Ok(AfterResponse::Send)
    })?;
    Ok((Times::sorted(times), began.elapsed()))
}

/// The response times, by result.
pub(crate) struct ResponseTimes {
    pub(crate) served: Times,
    pub(crate) refused: Times,
}

/// Requests of so many clients for this time. A refused client sends again after `Retry-After`.
pub(crate) fn run_for(
    url: &str,
    requests: &Requests,
    clients: usize,
    time: Duration,
) -> Result<ResponseTimes, Error> {
    let mut running = requests.begin(url, clients)?;
    let (mut served, mut refused, end) = (Vec::new(), Vec::new(), Instant::now() + time);
    running.run(|_, response, took| {
        Ok(match response.status {
            _ if Instant::now() >= end => AfterResponse::Stop,
            200 => {
                served.push(took);
                AfterResponse::Send
            }
            _ => {
                refused.push(took);
                AfterResponse::SendAfter(response.retry_after.unwrap_or_default())
            }
        })
    })?;
    Ok(ResponseTimes { served: Times::sorted(served), refused: Times::sorted(refused) })
}

/// Begins so many flows that wait for their next answer, one after the other.
pub(crate) fn begin_flows(url: &str, sessions: usize) -> Result<(), Error> {
    let mut connection = Connection::open(url)?;
    if let Some((path, body)) = Requests::to_app().begin {
        for _ in 0..sessions {
            let response = connection.post(path, JSON, None, body)?;
            if response.status != 200 {
                return Err(unexpected(&response));
            }
        }
    }
    Ok(())
}

fn unexpected(response: &HttpResponse) -> Error {
    let body = String::from_utf8_lossy(&response.body);
    Error::new(format!("The app answered {} under load: {body}", response.status))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;
    use crate::stub::Stub;

    /// A server that refuses the first of every three requests of a connection.
    fn refusing_server() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let responses = ["503 Busy", "200 OK", "200 OK"]
            .map(|status| format!("HTTP/1.1 {status}\r\nretry-after: 0\r\ncontent-length: 2\r\n\r\n{{}}"));
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let responses = responses.clone();
                thread::spawn(move || {
                    let mut request = [0; 1024];
                    for response in responses.iter().cycle() {
                        if !stream.read(&mut request).is_ok_and(|length| length > 0) {
                            return;
                        }
                        stream.write_all(response.as_bytes()).unwrap();
                    }
                });
            }
        });
        url
    }

    #[test]
    fn every_client_begins_and_each_response_is_counted_by_its_result() {
        let times = run_for(&refusing_server(), &Requests::to_app(), 20, Duration::from_millis(50)).unwrap();
        let ResponseTimes { served, refused } = times;
        assert!(served.count() > 20, "{}", served.count());
        assert!(refused.count() * 3 > served.count(), "{}", refused.count());
        assert!(served.0.is_sorted() && refused.0.is_sorted());
    }

    #[test]
    fn a_refused_step_and_a_closed_connection_are_errors() {
        let run = |url: &str| steps(url, &Requests::to_app(), 2, 10, || ()).map(drop);
        let refused = run(&refusing_server()).unwrap_err().to_string();
        assert!(refused.contains("answered 503"), "{refused}");

        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        thread::spawn(move || listener.incoming().for_each(drop));
        assert!(run(&url).is_err());
    }

    #[test]
    fn the_number_of_steps_is_exact() {
        let stub = Stub::start().unwrap();
        let (times, _) = steps(stub.url(), &Requests::to_stub(), 3, 100, || ()).unwrap();
        assert_eq!(times.count(), 100);
    }

    #[test]
    fn a_permille_is_the_time_that_so_many_do_not_exceed() {
        let times = Times::sorted((0..1000).rev().map(Duration::from_millis).collect());
        assert_eq!(times.permille(500), Duration::from_millis(499));
        assert_eq!(times.permille(990), Duration::from_millis(989));
        assert!((times.rate(Duration::from_secs(2)) - 500.0).abs() < f64::EPSILON);
    }
}
