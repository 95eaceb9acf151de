//! Far more people than the app can answer at once: what it still gets done, how the others are told, and how soon it is itself again.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Resource, getrlimit, setrlimit};

use super::Bed;
use super::figure::{Bound, figure, heading, held, mebibytes, millis};
use super::load::{self, Person, Walk};
use super::machine;
use super::stub::Stub;
use crate::say;
use crate::trouble::Trouble;

/// As many as keep it busy, and as many as come then: twice what it lets in.
const USUAL: usize = 64;
const RUSH: usize = 2048;

/// How long the rush lasts, and how long whoever was turned away waits before the next try.
const LASTS: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(500);

/// How long somebody tries to begin.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is worth nothing to whoever makes the rush needs no more stack than this.
const STACK: usize = 128 * 1024;

/// It gets so much of the usual done, whoever is let in is answered within this time, and it holds no more than so much.
const GOODPUT: f64 = 0.8;
const SLOWEST: f64 = 500.0;
const MEMORY: f64 = 150.0;

/// What one person has seen of the rush.
#[derive(Default)]
struct Seen {
    answered: Vec<Duration>,
    turned_away: Vec<Duration>,
}

/// Shows the figures, and whether they are within their bounds.
pub(super) fn measure(bed: &Bed) -> Result<bool, Trouble> {
    raise_the_limit_of_files();
    let stub = Stub::start()?;
    let app = bed.app(stub.url())?;
    let walk = Walk::at_the_app();
    say::step("bench", &format!("{USUAL} people, then {RUSH} for {} s, then {USUAL} again", LASTS.as_secs()));
    let before = load::steps(app.url(), &walk, USUAL, 200, || ())?;
    let began = machine::memory(app.id())?;
    let (seen, most) = rush(app.url(), &walk, app.id())?;
    let after = load::steps(app.url(), &walk, USUAL, 200, || ())?;

    let rate = seen.answered.len() as f64 / LASTS.as_secs_f64();
    heading("overload");
    figure("steps a second before", before.rate());
    figure("turned away a second", seen.turned_away.len() as f64 / LASTS.as_secs_f64());
    figure("  told within, ms, median", millis(at(&seen.turned_away, 500)));
    figure("memory before, MiB", mebibytes(began));
    let floor = Bound::AtLeast(before.rate() * GOODPUT);
    let slowest = millis(at(&seen.answered, 990));
    Ok(held(&[
        ("steps a second in the rush", rate, floor),
        ("  p99 of those let in, ms", slowest, Bound::AtMost(SLOWEST)),
        ("memory in the rush, at most, MiB", mebibytes(most), Bound::AtMost(MEMORY)),
        ("steps a second after", after.rate(), floor),
    ]))
}

/// Lets everybody come at once, and says what they have seen and how much memory the app held at most.
fn rush(url: &str, walk: &Walk, app: u32) -> Result<(Seen, u64), Trouble> {
    let (ready, over) = (Barrier::new(RUSH + 1), AtomicBool::new(false));
    thread::scope(|scope| {
        let come = || -> Result<Seen, Trouble> {
            let person = come_in(url, walk);
            ready.wait();
            let (mut person, mut seen) = (person?, Seen::default());
            while !over.load(Ordering::Relaxed) {
                let asked = Instant::now();
                match person.try_answer()? {
                    200 => seen.answered.push(asked.elapsed()),
                    _ => {
                        seen.turned_away.push(asked.elapsed());
                        thread::sleep(PAUSE);
                    }
                }
            }
            Ok(seen)
        };
        let mut people = Vec::with_capacity(RUSH);
        for _ in 0..RUSH {
            let person = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, come);
            people.push(person.map_err(|error| Trouble::new(format!("The rush cannot begin: {error}.")))?);
        }
        ready.wait();
        let (began, mut most) = (Instant::now(), 0);
        while began.elapsed() < LASTS {
            most = most.max(machine::memory(app)?);
            thread::sleep(Duration::from_millis(100));
        }
        over.store(true, Ordering::Relaxed);
        let mut all = Seen::default();
        for person in people {
            let seen = person.join().map_err(|_| Trouble::new("The rush broke off."))??;
            all.answered.extend(seen.answered);
            all.turned_away.extend(seen.turned_away);
        }
        all.answered.sort();
        all.turned_away.sort();
        Ok((all, most))
    })
}

/// Begins, if need be after some tries: so many at once are turned away already when they begin.
fn come_in<'a>(url: &str, walk: &'a Walk) -> Result<Person<'a>, Trouble> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match Person::begin(url, walk) {
            Err(_) if Instant::now() < deadline => thread::sleep(PAUSE),
            begun => return begun,
        }
    }
}

/// Each of them has a connection, and so has the org for each that is let in.
fn raise_the_limit_of_files() {
    let limit = getrlimit(Resource::Nofile);
    // Where it cannot be raised, the rush says that it cannot begin.
    let _ = setrlimit(Resource::Nofile, rustix::process::Rlimit { current: limit.maximum, ..limit });
}

/// The time that so many of a thousand stay below.
fn at(sorted: &[Duration], permille: usize) -> Duration {
    sorted.get(sorted.len().saturating_sub(1) * permille / 1000).copied().unwrap_or_default()
}
