//! Many people at once, all of them on one thread: they share the processors with what they ask, and are to take as
//! little as they can of what it needs.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{ErrorKind, Write};
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use latchkey_harness::http::{self, Connection, Response};
use latchkey_harness::{Context, Error};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Everybody, and what tells who of them is spoken to.
pub(crate) struct People {
    everybody: Vec<Person>,
    ears: Poll,
}

/// One of them.
pub(crate) struct Person {
    /// What they say when it is their turn.
    pub(crate) request: String,
    connection: TcpStream,
    asked: Instant,
    heard: Vec<u8>,
}

/// What somebody does who was answered.
pub(crate) enum Then {
    Ask,
    /// Asks again after this time.
    Rest(Duration),
    Stop,
}

impl People {
    /// So many, each with a connection, who all say the same at first.
    pub(crate) fn come(url: &str, request: &str, many: usize) -> Result<Self, Error> {
        let ears = Poll::new().context("Nobody can listen")?;
        let come = |token| {
            let mut person = Person::come(url, request)?;
            let registered =
                ears.registry().register(&mut person.connection, Token(token), Interest::READABLE);
            registered.context("Somebody cannot listen")?;
            Ok(person)
        };
        let everybody = (0..many).map(come).collect::<Result<Vec<Person>, Error>>()?;
        Ok(Self { everybody, ears })
    }

    /// Lets everybody ask, and goes on until nobody wants anything any more. `told` says what an answer leads to.
    pub(crate) fn ask(
        &mut self,
        mut told: impl FnMut(&mut Person, &Response, Duration) -> Result<Then, Error>,
    ) -> Result<(), Error> {
        self.everybody.iter_mut().try_for_each(Person::ask)?;
        let mut here = self.everybody.len();
        // Whose turn comes next is on top.
        let mut resting: BinaryHeap<Reverse<(Instant, Token)>> = BinaryHeap::new();
        let mut spoken_to = Events::with_capacity(here);
        while here > 0 {
            let now = Instant::now();
            let mut quiet = PATIENCE;
            while let Some(Reverse((until, token))) = resting.peek().copied() {
                quiet = until.saturating_duration_since(now);
                if !quiet.is_zero() {
                    break;
                }
                resting.pop();
                self.everybody.get_mut(token.0).map_or(Ok(()), Person::ask)?;
                quiet = PATIENCE;
            }
            match self.ears.poll(&mut spoken_to, Some(quiet)) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error).context("Nobody can listen"),
                Ok(()) if spoken_to.is_empty() && resting.is_empty() => {
                    return Err(Error::new("Somebody was never answered."));
                }
                Ok(()) => {}
            }
            for event in &spoken_to {
                let token = event.token();
                let Some(person) = self.everybody.get_mut(token.0) else { continue };
                let Some(answer) = person.hear()? else { continue };
                let took = person.asked.elapsed();
                match told(person, &answer, took)? {
                    Then::Ask => person.ask()?,
                    Then::Rest(pause) => resting.push(Reverse((Instant::now() + pause, token))),
                    Then::Stop => here -= 1,
                }
            }
        }
        Ok(())
    }
}

impl Person {
    fn come(url: &str, request: &str) -> Result<Self, Error> {
        let connection = Connection::open(url)?.into_stream();
        connection.set_nonblocking(true).context("A connection cannot be shared with others")?;
        Ok(Self {
            request: request.to_owned(),
            connection: TcpStream::from_std(connection),
            asked: Instant::now(),
            heard: Vec::new(),
        })
    }

    /// Nobody waits for room to ask in: it is a few hundred bytes on a connection where nothing is under way.
    fn ask(&mut self) -> Result<(), Error> {
        self.asked = Instant::now();
        self.connection.write_all(self.request.as_bytes()).context("Somebody could not ask")
    }

    /// Hears what has come so far; says the answer, once all of it has.
    fn hear(&mut self) -> Result<Option<Response>, Error> {
        http::read_available(&mut self.connection, &mut self.heard).context("Somebody was not answered")?;
        let answer = Response::parse(&self.heard);
        if answer.is_some() {
            self.heard.clear();
        }
        Ok(answer)
    }
}
