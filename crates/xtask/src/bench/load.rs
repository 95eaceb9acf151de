//! People in a hurry: many at once, each with a session of their own, each answering as soon as they are asked.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use crate::http::{Answer, Connection, JSON};
use crate::trouble::Trouble;

/// What a person sends to begin.
const BEGIN: (&str, &str) = ("/api/idx/authenticate", "{}");

/// What a person answers, wrongly every time, so that the next answer is to the same question.
const ANSWER: (&str, &str) =
    ("/api/idx/proceed", r#"{"username":"mary@example.com","password":"not-the-password"}"#);

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

/// A person with a session that stands at the first question.
struct Person {
    connection: Connection,
    cookie: String,
}

impl Person {
    fn begin(url: &str) -> Result<Self, Trouble> {
        let mut connection = Connection::open(url)?;
        let answer = connection.post(BEGIN.0, JSON, None, BEGIN.1)?;
        let cookie = expected(answer)?.cookie.ok_or_else(|| Trouble::new("The app set no cookie."))?;
        Ok(Self { connection, cookie })
    }

    fn answer(&mut self) -> Result<(), Trouble> {
        let answer = expected(self.connection.post(ANSWER.0, JSON, Some(&self.cookie), ANSWER.1)?)?;
        if let Some(cookie) = answer.cookie {
            self.cookie = cookie;
        }
        Ok(())
    }
}

/// So many people, each taking so many steps; `between` is called when all of them have begun and are warm.
pub(super) fn steps(url: &str, people: usize, each: usize, between: impl FnOnce()) -> Result<Steps, Trouble> {
    let (ready, go) = (Barrier::new(people + 1), Barrier::new(people + 1));
    thread::scope(|scope| {
        let walk = || -> Result<Vec<Duration>, Trouble> {
            let begun = Person::begin(url).and_then(|mut person| person.answer().map(|()| person));
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
        let walks: Vec<_> = (0..people).map(|_| scope.spawn(walk)).collect();
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
    for _ in 0..sessions {
        expected(connection.post(BEGIN.0, JSON, None, BEGIN.1)?)?;
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
