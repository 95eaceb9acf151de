//! The program as a process that tests can stop and kill.

use super::{HOST, MARY, PASSWORD};
use http::Method;
use latchkey_devorg::Org;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};
use tempfile::NamedTempFile;

/// The program with its log and one browser. Dropping it kills the process.
pub(crate) struct Program {
    child: Child,
    address: String,
    log: NamedTempFile,
    pub(crate) cookie: Option<String>,
}

impl Program {
    /// With more settings, by the names of their variables.
    pub(crate) fn start(issuer: &str, settings: &[(&str, &str)]) -> Self {
        let log = NamedTempFile::new().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_latchkey"))
            .arg("serve")
            .env("LATCHKEY_BIND", "127.0.0.1:0")
            .env("LATCHKEY_PUBLIC_URL", format!("http://{HOST}"))
            .env("LATCHKEY_ISSUER", issuer)
            .env("LATCHKEY_CLIENT_ID", "latchkey")
            .env("LATCHKEY_CLIENT_SECRET", "latchkey-dev-secret")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log.reopen().unwrap())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let address = first.trim().rsplit(' ').next().unwrap().to_owned();
        Self { child, address, log, cookie: None }
    }

    /// A call as our own page sends it. Returns the body.
    pub(crate) async fn ask(&mut self, method: Method, path: &str, body: Value) -> Value {
        let mut request = reqwest::Client::new()
            .request(method, format!("{}{path}", self.address))
            .header("host", HOST)
            .header("x-csrf", "1")
            .header("origin", format!("http://{HOST}"))
            .header("content-type", "application/json")
            .body(body.to_string());
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let Ok(answer) = request.send().await else { return Value::Null };
        if let Some(set) = answer.headers().get("set-cookie") {
            self.cookie = set.to_str().unwrap().split(';').next().map(str::to_owned);
        }
        serde_json::from_slice(&answer.bytes().await.unwrap_or_default()).unwrap_or_default()
    }

    /// Signs in completely.
    pub(crate) async fn sign_in(&mut self, org: &Org) {
        let known = json!({"username": MARY, "password": PASSWORD});
        self.ask(Method::POST, "/api/idx/authenticate", known).await;
        self.ask(Method::POST, "/api/idx/proceed", json!({"authenticator": "okta_email"})).await;
        let code = json!({"verificationCode": org.code(MARY).unwrap()});
        let done = self.ask(Method::POST, "/api/idx/proceed", code).await;
        assert_eq!(done["status"], "SUCCESS", "{done}");
    }

    /// Suspends the process (SIGSTOP).
    pub(crate) fn freeze(&self) {
        let id = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(id, Signal::STOP).unwrap();
    }

    /// Asks it to end, and returns how it ended.
    pub(crate) async fn end(mut self) -> ExitStatus {
        let id = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(id, Signal::TERM).unwrap();
        loop {
            match self.child.try_wait().unwrap() {
                Some(status) => return status,
                None => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }

    /// Its log so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.log.path()).unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
