//! A client that signs in while instances fail: it repeats a failed step, and begins again when its flow has ended.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use latchkey_harness::Error;
use latchkey_harness::http::{Connection, HttpResponse};

/// How often a client repeats a step.
const MAX_RETRIES: u32 = 5;

/// More steps than any sign-in of the dev org has.
const MAX_STEPS: usize = 12;

/// A session that the app has confirmed.
pub(crate) struct ConfirmedSession {
    pub(crate) login: String,
    cookie: String,
}

/// The result of a sign-in.
pub(crate) struct SignInResult {
    /// The session, or why there is none.
    pub(crate) outcome: Result<ConfirmedSession, String>,
    /// The most retries of one step.
    pub(crate) retries: u32,
    /// How often it began again, because the app reported that the flow has ended.
    pub(crate) restarts: u32,
    /// The longest time of one response.
    pub(crate) slowest: Duration,
}

/// Signs a user in.
pub(crate) fn sign_in(app: &str, org: &str, login: &str) -> SignInResult {
    let mut client = Client {
        app,
        org,
        login,
        cookie: None,
        result: SignInResult {
            outcome: Err("too many steps".to_owned()),
            retries: 0,
            restarts: 0,
            slowest: Duration::ZERO,
        },
    };
    let outcome = client.run();
    SignInResult { outcome, ..client.result }
}

impl ConfirmedSession {
    /// What the app reports of the session now.
    pub(crate) fn check(&self, connection: &mut Connection) -> Result<SessionReport, Error> {
        let response = connection.get("/api/session", Some(&self.cookie))?;
        let session: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let user = session.get("user").and_then(|user| user.get("preferred_username"));
        Ok(SessionReport {
            status: response.status,
            sets_cookie: response.cookie.is_some(),
            signed_in: user.and_then(Value::as_str) == Some(&self.login),
        })
    }
}

/// The app's response about a session.
pub(crate) struct SessionReport {
    pub(crate) status: u16,
    pub(crate) sets_cookie: bool,
    pub(crate) signed_in: bool,
}

struct Client<'a> {
    app: &'a str,
    org: &'a str,
    login: &'a str,
    cookie: Option<String>,
    result: SignInResult,
}

/// The result of one call.
enum Call {
    Transaction(Value),
    /// The flow has ended; another may begin.
    FlowEnded,
}

impl Client<'_> {
    fn run(&mut self) -> Result<ConfirmedSession, String> {
        let mut transaction = self.begin()?;
        for _ in 0..MAX_STEPS {
            let text =
                |pointer: &str| transaction.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            if text("/status") == "SUCCESS" {
                let cookie = self.cookie.take().ok_or("signed in without a cookie")?;
                return Ok(ConfirmedSession { login: self.login.to_owned(), cookie });
            }
            let body = match text("/nextStep/name") {
                "identify" => json!({ "username": self.login }),
                "select-authenticator-authenticate" => json!({ "authenticator": "okta_email" }),
                "authenticator-verification-data" => json!({ "methodType": "email" }),
                "challenge-authenticator" => json!({ "verificationCode": self.code()? }),
                _ => return Err(format!("unexpected step: {transaction}")),
            };
            transaction = match self.call("/api/idx/proceed", Some(text("/transaction")), &body)? {
                Call::Transaction(next) => next,
                Call::FlowEnded => {
                    self.result.restarts += 1;
                    self.begin()?
                }
            };
        }
        Err("too many steps".to_owned())
    }

    fn begin(&mut self) -> Result<Value, String> {
        self.cookie = None;
        match self.call("/api/idx/authenticate", None, &json!({}))? {
            Call::Transaction(first) => Ok(first),
            Call::FlowEnded => Err("a flow ended when it began".to_owned()),
        }
    }

    /// Calls the app until the response is no temporary failure.
    fn call(&mut self, path: &str, transaction: Option<&str>, body: &Value) -> Result<Call, String> {
        let body = body.to_string();
        let mut last = "no response".to_owned();
        for retries in 0..=MAX_RETRIES {
            self.result.retries = self.result.retries.max(retries);
            let sent_at = Instant::now();
            let response = Connection::open(self.app)
                .and_then(|mut app| app.step(path, self.cookie.as_deref(), transaction, &body));
            self.result.slowest = self.result.slowest.max(sent_at.elapsed());
            let HttpResponse { status, cookie, retry_after, body } = match response {
                Ok(response) => response,
                Err(error) => {
                    last = error.to_string();
                    continue;
                }
            };
            if cookie.is_some() {
                self.cookie = cookie;
            }
            let body: Value = serde_json::from_slice(&body).unwrap_or_default();
            match status {
                200 => return Ok(Call::Transaction(body)),
                // The first try had arrived, and the flow is at a later step by now.
                409 => {
                    return body.get("transaction").cloned().map(Call::Transaction).ok_or(body.to_string());
                }
                401 | 404 | 410 => return Ok(Call::FlowEnded),
                502..=504 => {
                    last = format!("{status} {body}");
                    thread::sleep(retry_after.unwrap_or_default());
                }
                _ => return Err(format!("{status}: {body}")),
            }
        }
        Err(format!("{path} failed {MAX_RETRIES} more times: {last}"))
    }

    /// The latest code in the inbox.
    fn code(&self) -> Result<String, String> {
        let inbox = Connection::open(self.org)
            .and_then(|mut org| org.get(&format!("/dev/inbox?to={}", self.login), None))
            .map_err(|error| error.to_string())?;
        let mails: Value = serde_json::from_slice(&inbox.body).unwrap_or_default();
        let code = mails.pointer("/0/code").and_then(Value::as_str);
        code.map(str::to_owned).ok_or_else(|| "no code was mailed".to_owned())
    }
}
