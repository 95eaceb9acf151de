//! Fault injection: instances are killed while users sign in, and the store is paused, killed and restarted.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::figure::{Bound, check, figure, heading};
use crate::pair::Pair;
use crate::setup::Setup;
use crate::sign_in::{self, ConfirmedSession, SignInResult};
use latchkey_harness::Error;
use latchkey_harness::http::{Connection, JSON};
use latchkey_harness::progress;
use latchkey_harness::store::{LocalStore, StoreKind};

/// Sign-ins a second, and the users: so many that none signs in twice at once, since a new code makes the last one void.
const RATE: u32 = 50;
const USERS: usize = 5_000;

/// The time between two kills of an instance.
const KILL_INTERVAL: Duration = Duration::from_secs(5);

/// The time without a store, and the longest response meanwhile.
const OUTAGE: Duration = Duration::from_secs(5);
const MAX_RESPONSE: Duration = Duration::from_secs(2);

/// The longest time until the app recovers, once the store is back.
const MAX_RECOVERY: Duration = Duration::from_secs(1);

/// Prints the figures for each store; true if all are within their bounds.
pub(crate) fn measure(setup: &Setup, each: Duration) -> Result<bool, Error> {
    let mut within = true;
    for kind in [StoreKind::Redis, StoreKind::Postgres] {
        let mut store = LocalStore::start(kind)?;
        let org = setup.org()?;
        add_users(org.url())?;
        let mut pair = Pair::start(setup, org.url(), &store)?;
        progress::step(
            "faults",
            &format!("{}: {RATE} sign-ins a second, kills for {} s", kind.name(), each.as_secs()),
        );
        let (results, kills) = kill_instances(&mut pair, org.url(), each)?;
        let killed = KillReport::new(results, kills, pair.url())?;
        progress::step("faults", &format!("{}: the store is paused, then killed", kind.name()));
        let paused = outage(&pair, &killed.sessions, &mut store, LocalStore::pause, LocalStore::resume)?;
        let ended = outage(&pair, &killed.sessions, &mut store, LocalStore::kill, LocalStore::restart)?;
        let lost = lost_sessions(pair.url(), &killed.sessions)?;
        heading(&format!("{} behind two instances", kind.name()));
        within &= killed.print();
        within &= paused.print("store paused");
        within &= ended.print("store killed");
        within &= check(&[("sessions lost after all faults", lost as f64, Bound::AtMost(0.0))]);
    }
    Ok(within)
}

/// The sign-ins while instances were killed.
struct KillReport {
    kills: u32,
    sessions: Vec<ConfirmedSession>,
    lost: usize,
    failed: Vec<String>,
    interrupted: usize,
    max_retries: u32,
    restarts: u32,
    slowest: Duration,
}

impl KillReport {
    fn new(results: Vec<SignInResult>, kills: u32, app: &str) -> Result<Self, Error> {
        let mut report = Self {
            kills,
            sessions: Vec::new(),
            lost: 0,
            failed: Vec::new(),
            interrupted: 0,
            max_retries: 0,
            restarts: 0,
            slowest: Duration::ZERO,
        };
        for result in results {
            report.interrupted += usize::from(result.retries > 0 || result.restarts > 0);
            report.max_retries = report.max_retries.max(result.retries);
            report.restarts += result.restarts;
            report.slowest = report.slowest.max(result.slowest);
            match result.outcome {
                Ok(session) => report.sessions.push(session),
                Err(reason) => report.failed.push(reason),
            }
        }
        report.lost = lost_sessions(app, &report.sessions)?;
        Ok(report)
    }

    fn print(&self) -> bool {
        figure("instances killed", f64::from(self.kills));
        figure("users signed in", self.sessions.len() as f64);
        figure("sign-ins interrupted", self.interrupted as f64);
        figure("flows begun again (expired)", f64::from(self.restarts));
        figure("slowest response, s", self.slowest.as_secs_f64());
        for reason in self.failed.iter().take(5) {
            eprintln!("{:>12}  {reason}", "failed");
        }
        check(&[
            ("sign-ins that failed", self.failed.len() as f64, Bound::AtMost(0.0)),
            ("confirmed sessions lost", self.lost as f64, Bound::AtMost(0.0)),
            ("most retries of one step", f64::from(self.max_retries), Bound::AtMost(1.0)),
        ])
    }
}

/// The responses to signed-in users during an outage of the store.
struct OutageReport {
    statuses: BTreeMap<u16, usize>,
    cookies_set: usize,
    signed_out: usize,
    slowest: Duration,
    recovery: Duration,
}

impl OutageReport {
    fn add(&mut self, session: &ConfirmedSession, connection: &mut Connection) -> Result<bool, Error> {
        let sent_at = Instant::now();
        let report = session.check(connection)?;
        *self.statuses.entry(report.status).or_default() += 1;
        self.slowest = self.slowest.max(sent_at.elapsed());
        self.cookies_set += usize::from(report.sets_cookie);
        self.signed_out += usize::from(report.status == 401 || (report.status == 200 && !report.signed_in));
        Ok(report.status == 200 && report.signed_in)
    }

    fn print(&self, what: &str) -> bool {
        let statuses: Vec<String> =
            self.statuses.iter().map(|(status, count)| format!("{count} × {status}")).collect();
        println!("{what}: {}", statuses.join(", "));
        let within = check(&[
            ("  signed out", self.signed_out as f64, Bound::AtMost(0.0)),
            ("  cookies set", self.cookies_set as f64, Bound::AtMost(0.0)),
            ("  slowest response, s", self.slowest.as_secs_f64(), Bound::AtMost(MAX_RESPONSE.as_secs_f64())),
            ("  recovery, s", self.recovery.as_secs_f64(), Bound::AtMost(MAX_RECOVERY.as_secs_f64())),
        ]);
        // Without a single 503 the outage was not noticed, and nothing was tested.
        within && self.statuses.contains_key(&503)
    }
}

fn add_users(org: &str) -> Result<(), Error> {
    let mut connection = Connection::open(org)?;
    for number in 0..USERS {
        let login = login(number);
        let user = format!(r#"{{"login":"{login}","email":"{login}","factors":["okta_email"]}}"#);
        let response = connection.post("/dev/users", JSON, None, &user)?;
        if response.status != 201 {
            return Err(Error::new(format!("The org refuses a user: {}", response.status)));
        }
    }
    Ok(())
}

fn login(number: usize) -> String {
    format!("person-{}@example.com", number % USERS)
}

/// Users begin to sign in at a constant rate, whatever happens, while one instance after the other is killed.
fn kill_instances(pair: &mut Pair, org: &str, each: Duration) -> Result<(Vec<SignInResult>, u32), Error> {
    let app = pair.url().to_owned();
    let (sender, results) = mpsc::channel();
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
                let sender = sender.clone();
                scope.spawn(move || {
                    // The receiver is gone only if the benchmark has failed already.
                    let _ = sender.send(sign_in::sign_in(app, org, &login(number as usize)));
                });
            }
        });
        let began = Instant::now();
        let mut kills = 0;
        while began.elapsed() + KILL_INTERVAL < each {
            thread::sleep((KILL_INTERVAL * (kills + 1)).saturating_sub(began.elapsed()));
            let instance = kills as usize % 2;
            pair.kill(instance)?;
            pair.start_instance(instance)?;
            kills += 1;
        }
        Ok((results.iter().collect(), kills))
    })
}

/// How many sessions the app does not have any more.
fn lost_sessions(app: &str, sessions: &[ConfirmedSession]) -> Result<usize, Error> {
    let mut connection = Connection::open(app)?;
    let mut lost = 0;
    for session in sessions {
        let report = session.check(&mut connection)?;
        lost += usize::from(report.status != 200 || !report.signed_in);
    }
    Ok(lost)
}

/// Checks sessions from when the store fails until the app has recovered.
fn outage(
    pair: &Pair,
    sessions: &[ConfirmedSession],
    store: &mut LocalStore,
    fail: fn(&mut LocalStore) -> Result<(), Error>,
    restore: fn(&mut LocalStore) -> Result<(), Error>,
) -> Result<OutageReport, Error> {
    let mut report = OutageReport {
        statuses: BTreeMap::new(),
        cookies_set: 0,
        signed_out: 0,
        slowest: Duration::ZERO,
        recovery: Duration::MAX,
    };
    let mut connection = Connection::open(pair.url())?;
    let mut sessions = sessions.iter().cycle();
    fail(store)?;
    let failed_at = Instant::now();
    while failed_at.elapsed() < OUTAGE {
        if let Some(session) = sessions.next() {
            report.add(session, &mut connection)?;
            thread::sleep(Duration::from_millis(20));
        }
    }
    restore(store)?;
    let restored_at = Instant::now();
    for session in sessions {
        if report.add(session, &mut connection)? || restored_at.elapsed() > OUTAGE {
            break;
        }
    }
    report.recovery = restored_at.elapsed();
    Ok(report)
}
