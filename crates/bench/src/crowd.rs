//! People who sign in while things go wrong: each with a session of their own, each trying a step again when it fails.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use latchkey_harness::Error;
use latchkey_harness::http::{Connection, Response};

/// Nobody tries the same step more often.
const PATIENCE: u32 = 5;

/// More steps than any sign-in here has.
const STEPS: usize = 12;

/// Somebody who was told that they are signed in.
pub(crate) struct Acknowledged {
    pub(crate) login: String,
    cookie: String,
}

/// How a sign-in went.
pub(crate) struct Visit {
    /// Signed in, or how it ended otherwise.
    pub(crate) outcome: Result<Acknowledged, String>,
    /// The most tries again that one step took.
    pub(crate) retries: u32,
    /// How often it was begun anew, because the server said that the flow is over.
    pub(crate) begun_anew: u32,
    /// The longest that one answer took.
    pub(crate) slowest: Duration,
}

/// Signs a person in from the beginning to the end.
pub(crate) fn sign_in(app: &str, org: &str, login: &str) -> Visit {
    let mut person = Person {
        app,
        org,
        login,
        cookie: None,
        visit: Visit {
            outcome: Err("more steps than there are".to_owned()),
            retries: 0,
            begun_anew: 0,
            slowest: Duration::ZERO,
        },
    };
    let outcome = person.walk();
    Visit { outcome, ..person.visit }
}

impl Acknowledged {
    /// What the app says of them now: its status, whether it touches the cookie, and whether it still knows who they are.
    pub(crate) fn look(&self, connection: &mut Connection) -> Result<Seen, Error> {
        let answer = connection.get("/api/session", Some(&self.cookie))?;
        let session: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let user = session.get("user").and_then(|user| user.get("preferred_username"));
        Ok(Seen {
            status: answer.status,
            touched: answer.cookie.is_some(),
            known: user.and_then(Value::as_str) == Some(&self.login),
        })
    }
}

/// What the app says of somebody who is signed in.
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) touched: bool,
    pub(crate) known: bool,
}

struct Person<'a> {
    app: &'a str,
    org: &'a str,
    login: &'a str,
    cookie: Option<String>,
    visit: Visit,
}

/// What an answer leads to.
enum Next {
    Step(Value),
    /// The flow is over; another may begin.
    Over,
}

impl Person<'_> {
    fn walk(&mut self) -> Result<Acknowledged, String> {
        let mut at = self.begin()?;
        for _ in 0..STEPS {
            let text = |pointer: &str| at.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            if text("/status") == "SUCCESS" {
                let cookie = self.cookie.take().ok_or("signed in without a cookie")?;
                return Ok(Acknowledged { login: self.login.to_owned(), cookie });
            }
            let body = match text("/nextStep/name") {
                "identify" => json!({ "username": self.login }),
                "select-authenticator-authenticate" => json!({ "authenticator": "okta_email" }),
                "authenticator-verification-data" => json!({ "methodType": "email" }),
                "challenge-authenticator" => json!({ "verificationCode": self.code()? }),
                _ => return Err(format!("asked for something else: {at}")),
            };
            at = match self.call("/api/idx/proceed", Some(text("/transaction")), &body)? {
                Next::Step(next) => next,
                Next::Over => {
                    self.visit.begun_anew += 1;
                    self.begin()?
                }
            };
        }
        Err("more steps than there are".to_owned())
    }

    fn begin(&mut self) -> Result<Value, String> {
        self.cookie = None;
        match self.call("/api/idx/authenticate", None, &json!({}))? {
            Next::Step(first) => Ok(first),
            Next::Over => Err("a flow that has just begun is over".to_owned()),
        }
    }

    /// Asks until there is an answer that means something.
    fn call(&mut self, path: &str, transaction: Option<&str>, body: &Value) -> Result<Next, String> {
        let body = body.to_string();
        let mut last = "no answer".to_owned();
        for retries in 0..=PATIENCE {
            self.visit.retries = self.visit.retries.max(retries);
            let asked = Instant::now();
            let answer = Connection::open(self.app)
                .and_then(|mut app| app.step(path, self.cookie.as_deref(), transaction, &body));
            self.visit.slowest = self.visit.slowest.max(asked.elapsed());
            let Response { status, cookie, retry_after, body } = match answer {
                Ok(answer) => answer,
                Err(error) => {
                    last = error.to_string();
                    continue;
                }
            };
            if cookie.is_some() {
                self.cookie = cookie;
            }
            let said: Value = serde_json::from_slice(&body).unwrap_or_default();
            match status {
                200 => return Ok(Next::Step(said)),
                // The answer had arrived: the flow stands elsewhere by now.
                409 => return said.get("transaction").cloned().map(Next::Step).ok_or(said.to_string()),
                401 | 404 | 410 => return Ok(Next::Over),
                502..=504 => {
                    last = format!("{status} {said}");
                    // Who is told how long to wait does so.
                    thread::sleep(retry_after.unwrap_or_default());
                }
                _ => return Err(format!("{status}: {said}")),
            }
        }
        Err(format!("{path} failed {PATIENCE} more times: {last}"))
    }

    /// The latest code that was mailed.
    fn code(&self) -> Result<String, String> {
        let inbox = Connection::open(self.org)
            .and_then(|mut org| org.get(&format!("/dev/inbox?to={}", self.login), None))
            .map_err(|error| error.to_string())?;
        let mails: Value = serde_json::from_slice(&inbox.body).unwrap_or_default();
        let code = mails.pointer("/0/code").and_then(Value::as_str);
        code.map(str::to_owned).ok_or_else(|| "no code was mailed".to_owned())
    }
}
