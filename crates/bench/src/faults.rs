//! Things that go wrong on purpose: instances killed while people sign in, and the store stopped, killed and brought back.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::crowd::{self, Acknowledged, Visit};
use crate::figure::{Bound, figure, heading, held};
use crate::pair::Pair;
use crate::setup::Setup;
use latchkey_harness::Error;
use latchkey_harness::http::{Connection, JSON};
use latchkey_harness::progress;
use latchkey_harness::store::{LocalStore, StoreKind};

/// How many begin to sign in each second, and how many different people there are: so many that nobody does so twice at
/// once, since each mail makes the code before it worthless.
const RATE: u32 = 50;
const PEOPLE: usize = 5_000;

/// An instance is killed this often.
const EVERY: Duration = Duration::from_secs(5);

/// The store is away for so long; an answer may take so long meanwhile.
const AWAY: Duration = Duration::from_secs(5);
const SOON: Duration = Duration::from_secs(2);

/// Once the store is back, so must be the app after this.
const RECOVERED: Duration = Duration::from_secs(1);

/// Shows the figures for each store, and whether they are as they should be.
pub(crate) fn measure(setup: &Setup, each: Duration) -> Result<bool, Error> {
    let mut within = true;
    for kind in [StoreKind::Redis, StoreKind::Postgres] {
        let mut store = LocalStore::start(kind)?;
        let org = setup.org()?;
        populate(org.url())?;
        let mut pair = Pair::start(setup, org.url(), &store)?;
        progress::step(
            "faults",
            &format!("{}: {RATE} sign-ins a second, kills for {} s", kind.name(), each.as_secs()),
        );
        let (visits, kills) = kill_instances(&mut pair, org.url(), each)?;
        let killed = Killed::of(visits, kills, pair.url())?;
        progress::step("faults", &format!("{}: the store stops, and is killed", kind.name()));
        let stopped = away(&pair, &killed.acknowledged, &mut store, LocalStore::pause, LocalStore::resume)?;
        let gone = away(&pair, &killed.acknowledged, &mut store, LocalStore::kill, LocalStore::restart)?;
        let lost_after = lost(pair.url(), &killed.acknowledged)?;
        heading(&format!("{} behind two instances", kind.name()));
        within &= killed.show();
        within &= stopped.show("store stopped");
        within &= gone.show("store killed");
        within &= held(&[("signed out after all of it", lost_after as f64, Bound::AtMost(0.0))]);
    }
    Ok(within)
}

/// What came of the sign-ins while instances were killed.
struct Killed {
    kills: u32,
    acknowledged: Vec<Acknowledged>,
    lost: usize,
    failed: Vec<String>,
    interrupted: usize,
    most_retries: u32,
    begun_anew: u32,
    slowest: Duration,
}

impl Killed {
    fn of(visits: Vec<Visit>, kills: u32, app: &str) -> Result<Self, Error> {
        let mut killed = Self {
            kills,
            acknowledged: Vec::new(),
            lost: 0,
            failed: Vec::new(),
            interrupted: 0,
            most_retries: 0,
            begun_anew: 0,
            slowest: Duration::ZERO,
        };
        for visit in visits {
            killed.interrupted += usize::from(visit.retries > 0 || visit.begun_anew > 0);
            killed.most_retries = killed.most_retries.max(visit.retries);
            killed.begun_anew += visit.begun_anew;
            killed.slowest = killed.slowest.max(visit.slowest);
            match visit.outcome {
                Ok(acknowledged) => killed.acknowledged.push(acknowledged),
                Err(why) => killed.failed.push(why),
            }
        }
        killed.lost = lost(app, &killed.acknowledged)?;
        Ok(killed)
    }

    fn show(&self) -> bool {
        figure("instances killed", f64::from(self.kills));
        figure("people signed in", self.acknowledged.len() as f64);
        figure("sign-ins interrupted", self.interrupted as f64);
        figure("begun anew (told: expired)", f64::from(self.begun_anew));
        figure("slowest answer, s", self.slowest.as_secs_f64());
        for why in self.failed.iter().take(5) {
            eprintln!("{:>12}  {why}", "failed");
        }
        held(&[
            ("sign-ins that failed", self.failed.len() as f64, Bound::AtMost(0.0)),
            ("acknowledged sessions lost", self.lost as f64, Bound::AtMost(0.0)),
            ("most retries of one step", f64::from(self.most_retries), Bound::AtMost(1.0)),
        ])
    }
}

/// What people heard while the store was away.
struct Away {
    statuses: BTreeMap<u16, usize>,
    touched: usize,
    signed_out: usize,
    slowest: Duration,
    recovered: Duration,
}

impl Away {
    fn show(&self, what: &str) -> bool {
        let statuses: Vec<String> =
            self.statuses.iter().map(|(status, count)| format!("{count} × {status}")).collect();
        println!("{what}: {}", statuses.join(", "));
        let within = held(&[
            ("  signed out", self.signed_out as f64, Bound::AtMost(0.0)),
            ("  cookies touched", self.touched as f64, Bound::AtMost(0.0)),
            ("  slowest answer, s", self.slowest.as_secs_f64(), Bound::AtMost(SOON.as_secs_f64())),
            ("  back after, s", self.recovered.as_secs_f64(), Bound::AtMost(RECOVERED.as_secs_f64())),
        ]);
        // Somebody must have heard of it, or nothing was tried.
        within && self.statuses.contains_key(&503)
    }
}

fn populate(org: &str) -> Result<(), Error> {
    let mut connection = Connection::open(org)?;
    for number in 0..PEOPLE {
        let login = login(number);
        let user = format!(r#"{{"login":"{login}","email":"{login}","factors":["okta_email"]}}"#);
        let answer = connection.post("/dev/users", JSON, None, &user)?;
        if answer.status != 201 {
            return Err(Error::new(format!("The org does not take a user: {}", answer.status)));
        }
    }
    Ok(())
}

fn login(number: usize) -> String {
    format!("person-{}@example.com", number % PEOPLE)
}

/// People begin to sign in at an even pace, whatever happens, while one instance after the other is killed.
fn kill_instances(pair: &mut Pair, org: &str, each: Duration) -> Result<(Vec<Visit>, u32), Error> {
    let app = pair.url().to_owned();
    let (done, visits) = mpsc::channel();
    thread::scope(|scope| {
        let app = app.as_str();
        scope.spawn(move || {
            let began = Instant::now();
            for number in 0_u32.. {
                let due = Duration::from_secs(1) * number / RATE;
                if due >= each {
                    break;
                }
                thread::sleep(due.saturating_sub(began.elapsed()));
                let done = done.clone();
                scope.spawn(move || {
                    // Nobody hears it only when the bench has failed already.
                    let _ = done.send(crowd::sign_in(app, org, &login(number as usize)));
                });
            }
        });
        let began = Instant::now();
        let mut kills = 0;
        while began.elapsed() + EVERY < each {
            thread::sleep((EVERY * (kills + 1)).saturating_sub(began.elapsed()));
            let instance = kills as usize % 2;
            pair.kill(instance)?;
            pair.begin(instance)?;
            kills += 1;
        }
        Ok((visits.iter().collect(), kills))
    })
}

/// How many of them the app does not know any more.
fn lost(app: &str, acknowledged: &[Acknowledged]) -> Result<usize, Error> {
    let mut connection = Connection::open(app)?;
    let mut lost = 0;
    for somebody in acknowledged {
        let seen = somebody.look(&mut connection)?;
        lost += usize::from(seen.status != 200 || !seen.known);
    }
    Ok(lost)
}

/// Watches what signed-in people hear while the store is away and until it is back.
fn away(
    pair: &Pair,
    acknowledged: &[Acknowledged],
    store: &mut LocalStore,
    go: fn(&mut LocalStore) -> Result<(), Error>,
    come: fn(&mut LocalStore) -> Result<(), Error>,
) -> Result<Away, Error> {
    let mut heard = Away {
        statuses: BTreeMap::new(),
        touched: 0,
        signed_out: 0,
        slowest: Duration::ZERO,
        recovered: Duration::MAX,
    };
    let mut connection = Connection::open(pair.url())?;
    let mut ask = |heard: &mut Away, somebody: &Acknowledged| -> Result<bool, Error> {
        let asked = Instant::now();
        let seen = somebody.look(&mut connection)?;
        *heard.statuses.entry(seen.status).or_default() += 1;
        heard.slowest = heard.slowest.max(asked.elapsed());
        heard.touched += usize::from(seen.touched);
        heard.signed_out += usize::from(seen.status == 401 || (seen.status == 200 && !seen.known));
        Ok(seen.status == 200 && seen.known)
    };
    let mut people = acknowledged.iter().cycle();
    go(store)?;
    let gone = Instant::now();
    while gone.elapsed() < AWAY {
        if let Some(somebody) = people.next() {
            ask(&mut heard, somebody)?;
            thread::sleep(Duration::from_millis(20));
        }
    }
    come(store)?;
    let back = Instant::now();
    for somebody in people {
        if ask(&mut heard, somebody)? || back.elapsed() > AWAY {
            break;
        }
    }
    heard.recovered = back.elapsed();
    Ok(heard)
}
