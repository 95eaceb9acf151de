//! People in a hurry: many at once, each with a session of their own, each answering as soon as they are asked.

use std::time::{Duration, Instant};

use crate::people::{People, Then};
use latchkey_harness::Error;
use latchkey_harness::http::{self, Connection, JSON, Response};

/// How long somebody tries to begin.
const PATIENCE: Duration = Duration::from_secs(30);

/// What someone sends, again and again.
pub(crate) struct Walk {
    /// To get a session, where there are any.
    begin: Option<(&'static str, &'static str)>,
    /// A wrong answer every time, so that the next one is to the same question.
    answer: (&'static str, &'static str),
}

impl Walk {
    /// As the client talks to the app.
    pub(crate) fn at_the_app() -> Self {
        Self {
            begin: Some(("/api/idx/authenticate", "{}")),
            answer: ("/api/idx/proceed", r#"{"username":"mary@example.com","password":"not-the-password"}"#),
        }
    }

    /// As somebody who signs in to the app: a flow that begins with the answer to its first step.
    pub(crate) fn signing_in() -> Self {
        let (_, answer) = Self::at_the_app().answer;
        Self { begin: None, answer: ("/api/idx/authenticate", answer) }
    }

    /// As the app talks to the org.
    pub(crate) fn at_the_stub() -> Self {
        Self {
            begin: None,
            answer: (
                "/idp/idx/identify",
                r#"{"identifier":"mary@example.com","credentials":{"passcode":"not-the-password"},"stateHandle":"x"}"#,
            ),
        }
    }

    /// Lets so many come and get their sessions; whoever is turned away tries again when they are told to.
    fn begin(&self, url: &str, people: usize) -> Result<People, Error> {
        let request = |(path, body), cookie: Option<&str>| {
            http::format_request(http::host(url), "POST", path, &[("cookie", cookie)], Some((JSON, body)))
        };
        let late = Instant::now() + PATIENCE;
        let mut people = People::come(url, &request(self.begin.unwrap_or(self.answer), None), people)?;
        people.ask(|person, answer, _| match answer.status {
            200 => {
                person.request = request(self.answer, answer.cookie.as_deref());
                Ok(Then::Stop)
            }
            _ => match answer.retry_after.filter(|_| Instant::now() < late) {
                Some(pause) => Ok(Then::Rest(pause)),
                None => Err(unexpected(answer)),
            },
        })?;
        Ok(people)
    }
}

/// How long things took, the shortest first.
pub(crate) struct Times(Vec<Duration>);

impl Times {
    fn sorted(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self(times)
    }

    /// The time that so many of a thousand stay below.
    pub(crate) fn permille(&self, permille: usize) -> Duration {
        let last = self.0.len().saturating_sub(1);
        self.0.get(last * permille / 1000).copied().unwrap_or_default()
    }

    /// How many.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// How many a second, when it took so long to do them.
    pub(crate) fn rate(&self, took: Duration) -> f64 {
        self.count() as f64 / took.as_secs_f64()
    }
}

/// So many steps, taken by so many people at once; `between` is called when all of them have begun. Says how long each
/// took, and all of them.
pub(crate) fn steps(
    url: &str,
    walk: &Walk,
    people: usize,
    steps: usize,
    between: impl FnOnce(),
) -> Result<(Times, Duration), Error> {
    let mut crowd = walk.begin(url, people)?;
    between();
    let (mut times, mut asked, began) = (Vec::with_capacity(steps), people, Instant::now());
    crowd.ask(|_, answer, took| {
        if answer.status != 200 {
            return Err(unexpected(answer));
        }
        times.push(took);
        if asked >= steps {
            return Ok(Then::Stop);
        }
        asked += 1;
        Ok(Then::Ask)
    })?;
    Ok((Times::sorted(times), began.elapsed()))
}

/// How long each request took, by what came of it.
pub(crate) struct Seen {
    pub(crate) answered: Times,
    pub(crate) turned_away: Times,
}

/// More people than can be served, for so long. Whoever is turned away comes again when they are told to.
pub(crate) fn rush(url: &str, walk: &Walk, people: usize, lasts: Duration) -> Result<Seen, Error> {
    let mut crowd = walk.begin(url, people)?;
    let (mut answered, mut turned_away, over) = (Vec::new(), Vec::new(), Instant::now() + lasts);
    crowd.ask(|_, answer, took| {
        Ok(match answer.status {
            _ if Instant::now() >= over => Then::Stop,
            200 => {
                answered.push(took);
                Then::Ask
            }
            _ => {
                turned_away.push(took);
                Then::Rest(answer.retry_after.unwrap_or_default())
            }
        })
    })?;
    Ok(Seen { answered: Times::sorted(answered), turned_away: Times::sorted(turned_away) })
}

/// So many sessions that have begun and wait for their next answer. One connection after the other will do.
pub(crate) fn park(url: &str, sessions: usize) -> Result<(), Error> {
    let mut connection = Connection::open(url)?;
    if let Some((path, body)) = Walk::at_the_app().begin {
        for _ in 0..sessions {
            let answer = connection.post(path, JSON, None, body)?;
            if answer.status != 200 {
                return Err(unexpected(&answer));
            }
        }
    }
    Ok(())
}

fn unexpected(answer: &Response) -> Error {
    let body = String::from_utf8_lossy(&answer.body);
    Error::new(format!("The app answered {} under load: {body}", answer.status))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;
    use crate::stub::Stub;

    /// A server that turns away every third request of each, the first among them.
    fn strict() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let says = ["503 Busy", "200 OK", "200 OK"]
            .map(|status| format!("HTTP/1.1 {status}\r\nretry-after: 0\r\ncontent-length: 2\r\n\r\n{{}}"));
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let says = says.clone();
                thread::spawn(move || {
                    let mut request = [0; 1024];
                    for answer in says.iter().cycle() {
                        if !stream.read(&mut request).is_ok_and(|length| length > 0) {
                            return;
                        }
                        stream.write_all(answer.as_bytes()).unwrap();
                    }
                });
            }
        });
        url
    }

    #[test]
    fn in_a_rush_everybody_begins_and_what_came_of_each_request_is_told() {
        let rush = rush(&strict(), &Walk::at_the_app(), 20, Duration::from_millis(50)).unwrap();
        let Seen { answered, turned_away } = rush;
        assert!(answered.count() > 20, "{}", answered.count());
        assert!(turned_away.count() * 3 > answered.count(), "{}", turned_away.count());
        assert!(answered.0.is_sorted() && turned_away.0.is_sorted());
    }

    #[test]
    fn a_step_that_is_turned_away_is_trouble_and_so_is_being_hung_up_on() {
        let walk = |url: &str| steps(url, &Walk::at_the_app(), 2, 10, || ()).map(drop);
        let turned_away = walk(&strict()).unwrap_err().to_string();
        assert!(turned_away.contains("answered 503"), "{turned_away}");

        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        thread::spawn(move || listener.incoming().for_each(drop));
        assert!(walk(&url).is_err());
    }

    #[test]
    fn so_many_steps_are_taken_as_were_asked_for() {
        let stub = Stub::start().unwrap();
        let (times, _) = steps(stub.url(), &Walk::at_the_stub(), 3, 100, || ()).unwrap();
        assert_eq!(times.count(), 100);
    }

    #[test]
    fn a_permille_is_the_time_that_so_many_stay_below() {
        let times = Times::sorted((0..1000).rev().map(Duration::from_millis).collect());
        assert_eq!(times.permille(500), Duration::from_millis(499));
        assert_eq!(times.permille(990), Duration::from_millis(989));
        assert!((times.rate(Duration::from_secs(2)) - 500.0).abs() < f64::EPSILON);
    }
}
