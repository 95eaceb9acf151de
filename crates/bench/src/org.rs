//! The dev org: the time until it listens, its memory with many users, and introspections a second.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::figure::{Bound, check, heading, mebibytes, millis};
use crate::process_stats;
use crate::setup::Setup;
use latchkey_harness::Error;
use latchkey_harness::http::{Connection, FORM, HttpResponse, JSON};
use latchkey_harness::progress;

/// The users to add.
const USERS: usize = 10_000;

/// The introspections to send.
const INTROSPECTIONS: u32 = 20_000;

/// The longest time until it listens in milliseconds, the most memory with all users in mebibytes, and the lowest rate of
/// introspections on one core.
const MAX_START_TIME: f64 = 150.0;
const MAX_MEMORY: f64 = 60.0;
const MIN_RATE: f64 = 3_000.0;

/// The code challenge is never verified here, so any value of the right length is good.
const INTERACT: &str = "client_id=latchkey&client_secret=latchkey-dev-secret&scope=openid%20profile\
    &redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Flogin%2Fcallback\
    &code_challenge=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&code_challenge_method=S256&state=bench&nonce=bench";

/// Prints the figures; true if all are within their bounds.
pub(crate) fn measure(setup: &Setup) -> Result<bool, Error> {
    let started = Instant::now();
    let org = setup.org()?;
    let listening = started.elapsed();

    progress::step("bench", &format!("sending {INTROSPECTIONS} introspections to the org"));
    let mut connection = Connection::open(org.url())?;
    let handle = interaction_handle(&mut connection)?;
    let introspect = format!("{{\"interactionHandle\":\"{handle}\"}}");
    let before = process_stats::processor_time(org.id())?;
    for _ in 0..INTROSPECTIONS {
        expect(200, connection.post("/idp/idx/introspect", JSON, None, &introspect)?)?;
    }
    let spent = process_stats::processor_time(org.id())?.saturating_sub(before);

    progress::step("bench", &format!("adding {USERS} users to the org"));
    for number in 0..USERS {
        let user = format!(
            r#"{{"login":"person-{number}@example.com","email":"person-{number}@example.com","factors":["okta_email"]}}"#
        );
        expect(201, connection.post("/dev/users", JSON, None, &user)?)?;
    }
    let memory = process_stats::memory(org.id())?;

    heading("the dev org");
    Ok(check(&[
        ("listens after, ms", millis(listening), Bound::AtMost(MAX_START_TIME)),
        ("with 10,000 users, MiB", mebibytes(memory), Bound::AtMost(MAX_MEMORY)),
        ("introspections/s, one core", rate(spent), Bound::AtLeast(MIN_RATE)),
    ]))
}

fn interaction_handle(connection: &mut Connection) -> Result<String, Error> {
    let answer = expect(200, connection.post("/oauth2/default/v1/interact", FORM, None, INTERACT)?)?;
    let body: Value = serde_json::from_slice(&answer).unwrap_or_default();
    let handle = body.get("interaction_handle").and_then(Value::as_str);
    handle.map(str::to_owned).ok_or_else(|| Error::new("The org gave no interaction handle."))
}

fn expect(status: u16, answer: HttpResponse) -> Result<Vec<u8>, Error> {
    if answer.status == status {
        return Ok(answer.body);
    }
    Err(Error::new(format!("The org answered {}: {}", answer.status, String::from_utf8_lossy(&answer.body))))
}

/// The rate of one core that does nothing else.
fn rate(spent: Duration) -> f64 {
    f64::from(INTROSPECTIONS) / spent.as_secs_f64().max(0.001)
}
