//! The dev org: how soon it listens, what many users cost it, how fast it says where a flow stands.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::figure::{Bound, heading, held, mebibytes, millis};
use crate::machine;
use crate::setup::Setup;
use latchkey_harness::Error;
use latchkey_harness::http::{Connection, FORM, JSON, Response};
use latchkey_harness::progress;

/// How many users there are.
const USERS: usize = 10_000;

/// How often it is asked where a flow stands.
const ASKED: u32 = 20_000;

/// Milliseconds to listen, mebibytes with all the users, and introspections a second on one core.
const BUDGET: (f64, f64, f64) = (150.0, 60.0, 3_000.0);

/// The verifier's hash is never opened here, so any value of the right length will do.
const INTERACT: &str = "client_id=latchkey&client_secret=latchkey-dev-secret&scope=openid%20profile\
    &redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Flogin%2Fcallback\
    &code_challenge=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&code_challenge_method=S256&state=bench&nonce=bench";

/// Shows the three figures, and whether they are within the budget.
pub(crate) fn measure(setup: &Setup) -> Result<bool, Error> {
    let asked = Instant::now();
    let org = setup.org()?;
    let listening = asked.elapsed();

    progress::step("bench", &format!("asking the org {ASKED} times where a flow stands"));
    let mut connection = Connection::open(org.url())?;
    let handle = interaction_handle(&mut connection)?;
    let introspect = format!("{{\"interactionHandle\":\"{handle}\"}}");
    let before = machine::processor_time(org.id())?;
    for _ in 0..ASKED {
        expect(200, connection.post("/idp/idx/introspect", JSON, None, &introspect)?)?;
    }
    let spent = machine::processor_time(org.id())?.saturating_sub(before);

    progress::step("bench", &format!("adding {USERS} users to the org"));
    for number in 0..USERS {
        let user = format!(
            r#"{{"login":"person-{number}@example.com","email":"person-{number}@example.com","factors":["okta_email"]}}"#
        );
        expect(201, connection.post("/dev/users", JSON, None, &user)?)?;
    }
    let memory = machine::memory(org.id())?;

    heading("the dev org");
    Ok(held(&[
        ("listens after, ms", millis(listening), Bound::AtMost(BUDGET.0)),
        ("with 10,000 users, MiB", mebibytes(memory), Bound::AtMost(BUDGET.1)),
        ("introspections/s, one core", rate(spent), Bound::AtLeast(BUDGET.2)),
    ]))
}

fn interaction_handle(connection: &mut Connection) -> Result<String, Error> {
    let answer = expect(200, connection.post("/oauth2/default/v1/interact", FORM, None, INTERACT)?)?;
    let body: Value = serde_json::from_slice(&answer).unwrap_or_default();
    let handle = body.get("interaction_handle").and_then(Value::as_str);
    handle.map(str::to_owned).ok_or_else(|| Error::new("The org gave no interaction handle."))
}

fn expect(status: u16, answer: Response) -> Result<Vec<u8>, Error> {
    if answer.status == status {
        return Ok(answer.body);
    }
    Err(Error::new(format!("The org answered {}: {}", answer.status, String::from_utf8_lossy(&answer.body))))
}

/// How many there would be if one core did nothing else.
fn rate(spent: Duration) -> f64 {
    f64::from(ASKED) / spent.as_secs_f64().max(0.001)
}
