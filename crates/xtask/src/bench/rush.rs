//! Many people at once, all of them on one thread: they share the processors with what they rush at, and are to take as
//! little as they can of what it needs.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::load::Walk;
use crate::http::{Answer, Connection};
use crate::trouble::{About, Trouble};

/// How long somebody tries to begin, and how long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Who comes, and for how long.
pub(super) struct Rush {
    pub(super) people: usize,
    pub(super) lasts: Duration,
    /// How long whoever was turned away waits before the next try.
    pub(super) pause: Duration,
}

/// How long each request took, by what came of it, the shortest first.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) answered: Vec<Duration>,
    pub(super) turned_away: Vec<Duration>,
}

impl Rush {
    /// Lets everybody begin, and then answer, each as soon as they are asked.
    pub(super) fn at(&self, url: &str, walk: &Walk) -> Result<Seen, Trouble> {
        let come = |_| Visitor::come(url, walk);
        let mut crowd = (0..self.people).map(come).collect::<Result<Vec<Visitor>, Trouble>>()?;
        let late = Instant::now() + PATIENCE;
        self.drive(&mut crowd, |visitor, answer, _| match answer.status {
            200 => {
                visitor.request = walk.next(url, answer.cookie.as_deref());
                Then::Stop
            }
            _ if Instant::now() < late => Then::Rest,
            _ => Then::Stop,
        })?;
        let (mut seen, over) = (Seen::default(), Instant::now() + self.lasts);
        self.drive(&mut crowd, |_, answer, took| match answer.status {
            _ if Instant::now() >= over => Then::Stop,
            200 => {
                seen.answered.push(took);
                Then::Ask
            }
            _ => {
                seen.turned_away.push(took);
                Then::Rest
            }
        })?;
        seen.answered.sort();
        seen.turned_away.sort();
        Ok(seen)
    }

    /// Goes on until nobody wants anything any more. `told` says what an answer leads to.
    fn drive(
        &self,
        crowd: &mut [Visitor],
        mut told: impl FnMut(&mut Visitor, &Answer, Duration) -> Then,
    ) -> Result<(), Trouble> {
        crowd.iter_mut().try_for_each(Visitor::ask)?;
        while let Some(quiet) = rouse(crowd)? {
            for visitor in spoken_to(crowd, quiet)? {
                let Doing::Waiting(since) = visitor.doing else { continue };
                let Some(answer) = visitor.hear()? else { continue };
                match told(visitor, &answer, since.elapsed()) {
                    Then::Ask => visitor.ask()?,
                    Then::Rest => visitor.doing = Doing::Resting(Instant::now() + self.pause),
                    Then::Stop => visitor.doing = Doing::Nothing,
                }
            }
        }
        Ok(())
    }
}

/// Somebody in the crowd.
struct Visitor {
    connection: TcpStream,
    request: String,
    heard: Vec<u8>,
    doing: Doing,
}

#[derive(Clone, Copy)]
enum Doing {
    /// They have asked, at that time.
    Waiting(Instant),
    /// They ask again, at that time.
    Resting(Instant),
    Nothing,
}

/// What somebody does who was answered.
enum Then {
    Ask,
    Rest,
    Stop,
}

/// Lets those ask again who have rested; says how long nothing happens by itself, or nothing if it is over.
fn rouse(crowd: &mut [Visitor]) -> Result<Option<Duration>, Trouble> {
    let (now, mut quiet) = (Instant::now(), None);
    for visitor in crowd {
        let left = match visitor.doing {
            Doing::Nothing => continue,
            Doing::Waiting(since) => (since + PATIENCE).saturating_duration_since(now),
            Doing::Resting(until) if until <= now => {
                visitor.ask()?;
                PATIENCE
            }
            Doing::Resting(until) => until - now,
        };
        if left.is_zero() {
            return Err(Trouble::new("Somebody in the rush was never answered."));
        }
        quiet = Some(quiet.map_or(left, |quiet: Duration| quiet.min(left)));
    }
    Ok(quiet)
}

/// Waits until somebody is spoken to, for so long at most; says who.
fn spoken_to(
    crowd: &mut [Visitor],
    at_most: Duration,
) -> Result<impl Iterator<Item = &mut Visitor>, Trouble> {
    let mut ears: Vec<PollFd<'_>> =
        crowd.iter().map(|visitor| PollFd::new(&visitor.connection, PollFlags::IN)).collect();
    let at_most = Timespec::try_from(at_most).ok();
    match poll(&mut ears, at_most.as_ref()) {
        Ok(_) | Err(Errno::INTR) => {}
        Err(errno) => return Err(Trouble::new(format!("The rush cannot listen: {errno}."))),
    }
    let is_spoken_to: Vec<bool> = ears.iter().map(|ear| !ear.revents().is_empty()).collect();
    Ok(crowd.iter_mut().zip(is_spoken_to).filter_map(|(visitor, is)| is.then_some(visitor)))
}

impl Visitor {
    fn come(url: &str, walk: &Walk) -> Result<Self, Trouble> {
        let connection = Connection::open(url)?.into_stream();
        connection.set_nonblocking(true).about("Cannot join the rush")?;
        Ok(Self { connection, request: walk.first(url), heard: Vec::new(), doing: Doing::Nothing })
    }

    /// Nobody waits for room to ask in: it is a few hundred bytes on a connection where nothing is under way.
    fn ask(&mut self) -> Result<(), Trouble> {
        self.connection.write_all(self.request.as_bytes()).about("Somebody in the rush could not ask")?;
        self.doing = Doing::Waiting(Instant::now());
        Ok(())
    }

    /// Hears what has come so far; says the answer, once all of it has.
    fn hear(&mut self) -> Result<Option<Answer>, Trouble> {
        let mut buffer = [0; 8192];
        loop {
            match self.connection.read(&mut buffer) {
                Ok(0) => return Err(Trouble::new("The app hung up on somebody in the rush.")),
                Ok(length) => self.heard.extend(buffer.iter().take(length)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error).about("Somebody in the rush was not answered"),
            }
        }
        let answer = Answer::read(&self.heard);
        if answer.is_some() {
            self.heard.clear();
        }
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// A server that turns away every third request of each.
    fn strict() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let says = ["503 Busy", "200 OK", "200 OK"]
            .map(|status| format!("HTTP/1.1 {status}\r\ncontent-length: 2\r\n\r\n{{}}"));
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
    fn everybody_begins_and_what_comes_of_each_request_is_told() {
        let rush = Rush { people: 20, lasts: Duration::from_millis(50), pause: Duration::from_millis(1) };
        let seen = rush.at(&strict(), &Walk::at_the_app()).unwrap();
        assert!(seen.answered.len() > rush.people, "{}", seen.answered.len());
        assert!(seen.turned_away.len() * 3 > seen.answered.len(), "{}", seen.turned_away.len());
        assert!(seen.answered.is_sorted() && seen.turned_away.is_sorted());
    }

    #[test]
    fn who_is_hung_up_on_is_trouble() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        thread::spawn(move || listener.accept().map(drop));
        let rush = Rush { people: 1, lasts: Duration::ZERO, pause: Duration::ZERO };
        assert!(rush.at(&url, &Walk::at_the_app()).is_err());
    }
}
