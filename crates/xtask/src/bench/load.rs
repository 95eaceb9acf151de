//! People in a hurry: many at once, each with a session of their own, each answering as soon as they are asked.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use crate::http::{self, Answer, Connection, JSON};
use crate::trouble::Trouble;

/// What someone sends, again and again.
pub(super) struct Walk {
    /// To get a session, where there are any.
    begin: Option<(&'static str, &'static str)>,
    /// A wrong answer every time, so that the next one is to the same question.
    answer: (&'static str, &'static str),
}

impl Walk {
    /// As the client talks to the app.
    pub(super) fn at_the_app() -> Self {
        Self {
            begin: Some(("/api/idx/authenticate", "{}")),
            answer: ("/api/idx/proceed", r#"{"username":"mary@example.com","password":"not-the-password"}"#),
        }
    }

    /// As the app talks to the org.
    pub(super) fn at_the_stub() -> Self {
        Self {
            begin: None,
            answer: (
                "/idp/idx/identify",
                r#"{"identifier":"mary@example.com","credentials":{"passcode":"not-the-password"},"stateHandle":"x"}"#,
            ),
        }
    }

    /// The request that gets a session, where there are any.
    pub(super) fn first(&self, url: &str) -> String {
        let (path, body) = self.begin.unwrap_or(self.answer);
        http::request(http::host(url), "POST", path, &[], Some((JSON, body)))
    }

    /// The request that answers in that session.
    pub(super) fn next(&self, url: &str, cookie: Option<&str>) -> String {
        let (path, body) = self.answer;
        http::request(http::host(url), "POST", path, &[("cookie", cookie)], Some((JSON, body)))
    }
}

/// How the steps went.
pub(super) struct Steps {
    /// How long each took, shortest first.
    times: Vec<Duration>,
    /// From the first to the last.
    took: Duration,
}

impl Steps {
    /// The time that so many of a thousand stay below.
    pub(super) fn permille(&self, permille: usize) -> Duration {
        let last = self.times.len().saturating_sub(1);
        self.times.get(last * permille / 1000).copied().unwrap_or_default()
    }

    /// How many.
    pub(super) fn count(&self) -> usize {
        self.times.len()
    }

    /// How many a second.
    pub(super) fn rate(&self) -> f64 {
        self.times.len() as f64 / self.took.as_secs_f64()
    }
}

/// A person at a question.
struct Person<'a> {
    walk: &'a Walk,
    connection: Connection,
    cookie: Option<String>,
}

impl<'a> Person<'a> {
    /// Asks for a session, where there are any.
    fn begin(url: &str, walk: &'a Walk) -> Result<Self, Trouble> {
        let mut connection = Connection::open(url)?;
        let cookie = match walk.begin {
            Some((path, body)) => expected(connection.post(path, JSON, None, body)?)?.cookie,
            None => None,
        };
        Ok(Self { walk, connection, cookie })
    }

    fn answer(&mut self) -> Result<(), Trouble> {
        let (path, body) = self.walk.answer;
        let answer = expected(self.connection.post(path, JSON, self.cookie.as_deref(), body)?)?;
        if answer.cookie.is_some() {
            self.cookie = answer.cookie;
        }
        Ok(())
    }
}

/// So many people, each taking so many steps; `between` is called when all of them have begun and are warm.
pub(super) fn steps(
    url: &str,
    walk: &Walk,
    people: usize,
    each: usize,
    between: impl FnOnce(),
) -> Result<Steps, Trouble> {
    let (ready, go) = (Barrier::new(people + 1), Barrier::new(people + 1));
    thread::scope(|scope| {
        let go_on = || -> Result<Vec<Duration>, Trouble> {
            let begun = Person::begin(url, walk).and_then(|mut person| person.answer().map(|()| person));
            // Whoever could not begin must not keep the others waiting.
            ready.wait();
            go.wait();
            let mut person = begun?;
            let mut times = Vec::with_capacity(each);
            for _ in 0..each {
                let asked = Instant::now();
                person.answer()?;
                times.push(asked.elapsed());
            }
            Ok(times)
        };
        let walks: Vec<_> = (0..people).map(|_| scope.spawn(go_on)).collect();
        ready.wait();
        between();
        go.wait();
        let started = Instant::now();
        let mut times = Vec::with_capacity(people * each);
        for walk in walks {
            times.extend(walk.join().map_err(|_| Trouble::new("The load broke off."))??);
        }
        let took = started.elapsed();
        times.sort();
        Ok(Steps { times, took })
    })
}

/// So many sessions that have begun and wait for their next answer. One connection after the other will do.
pub(super) fn park(url: &str, sessions: usize) -> Result<(), Trouble> {
    let mut connection = Connection::open(url)?;
    if let Some((path, body)) = Walk::at_the_app().begin {
        for _ in 0..sessions {
            expected(connection.post(path, JSON, None, body)?)?;
        }
    }
    Ok(())
}

fn expected(answer: Answer) -> Result<Answer, Trouble> {
    if answer.status == 200 {
        return Ok(answer);
    }
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    Err(Trouble::new(format!("The app answered {} under load: {body}", answer.status)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permille_is_the_time_that_so_many_stay_below() {
        let steps =
            Steps { times: (0..1000).map(Duration::from_millis).collect(), took: Duration::from_secs(2) };
        assert_eq!(steps.permille(500), Duration::from_millis(499));
        assert_eq!(steps.permille(990), Duration::from_millis(989));
        assert!((steps.rate() - 500.0).abs() < f64::EPSILON);
    }
}
