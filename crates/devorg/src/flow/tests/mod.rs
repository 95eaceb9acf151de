//! Whole flows with plain values: no clock, no network, seeded randomness.

mod access;
mod accounts;
mod activate;
mod authenticators;
mod captcha;
mod email_link;
mod guides;
mod passkeys;
mod policies;
mod refusals;
mod sign_in;
mod vendors;

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::{IdentityEngine, IdxRequest};
use crate::clock::Timestamp;
use crate::ion::{self, DocumentBuilder};
use crate::oauth::client_auth::ClientRequest;
use crate::oauth::interact::interact;
use crate::oauth::keys::SigningKeys;
use crate::org::settings::Settings;
use crate::org::state::OrgState;
use crate::org::transaction::{AuthorizationServer, Challenge, Step, Transaction};
use crate::random::Random;

/// A transaction in an org of its own.
pub(super) struct TestFlow {
    pub(super) org: OrgState,
    pub(super) transaction: Transaction,
    pub(super) now: Timestamp,
    pub(super) random: Random,
}

const ORIGIN: &str = "http://localhost:8081";
/// One key for all tests, since making one takes a while.
static KEYS: LazyLock<SigningKeys> = LazyLock::new(|| SigningKeys::generate("key".to_owned()));

impl TestFlow {
    pub(super) fn start(client: &str) -> Self {
        Self::in_org(crate::org::settings::default_org::FILE, client)
    }

    pub(super) fn in_org(file: &str, client: &str) -> Self {
        let now = Timestamp::read("2030-01-01T00:00:00Z").unwrap();
        let mut random = Random::seeded(42);
        let mut org = OrgState::new(Settings::read(file).unwrap(), now, &mut random);
        let transaction = begin(&mut org, client, None, now, &mut random);
        Self { org, transaction, now, random }
    }

    /// Starts again in a new browser.
    pub(super) fn restart(&mut self) {
        let client = self.transaction.request.client_id.clone();
        self.transaction = begin(&mut self.org, &client, None, self.now, &mut self.random);
    }

    /// Starts again in the same browser.
    pub(super) fn return_with_session(&mut self) {
        let (client, session) =
            (self.transaction.request.client_id.clone(), self.transaction.session.clone());
        self.transaction = begin(&mut self.org, &client, session, self.now, &mut self.random);
    }

    /// Adds a user.
    pub(super) fn add(&mut self, user: Value) {
        let user = serde_json::from_value(user).unwrap();
        self.org.add_user(user, self.now, &mut self.random).unwrap();
    }

    /// Runs an event outside the page.
    pub(super) fn elsewhere(&mut self, act: impl FnOnce(&mut IdentityEngine<'_>) -> super::Outcome) {
        let Self { org, transaction, now, random } = self;
        act(&mut IdentityEngine { org, transaction, origin: ORIGIN, now: *now, random }).unwrap();
    }

    /// Answers the push.
    pub(super) fn on_phone(&mut self, approve: bool) {
        let Step::Challenge(Challenge::Push(push)) = &mut self.transaction.step else {
            panic!("no push waits")
        };
        push.answer = Some(approve);
    }

    /// Posts a body and returns the status and the document.
    pub(super) fn post(&mut self, path: &str, body: Value) -> (u16, Value) {
        let input = IdxRequest::read(path, &body).unwrap();
        let Self { org, transaction, now, random } = self;
        let outcome = IdentityEngine { org, transaction, origin: ORIGIN, now: *now, random }.take(input);
        let (status, messages) = match outcome {
            Ok(()) => (200, Vec::new()),
            Err(refusal) if refusal.terminal => return (refusal.status, ion::ended(&refusal)),
            Err(refusal) => (refusal.status, refusal.messages),
        };
        let app = self.org.app(&self.transaction.request.client_id).unwrap();
        let builder = DocumentBuilder {
            org: &self.org,
            app,
            transaction: &self.transaction,
            origin: ORIGIN,
            keys: &KEYS,
            now: self.now,
        };
        (status, ion::document(&builder, &messages))
    }

    /// Posts a body that is accepted and returns the names of the remediations that follow.
    pub(super) fn goes(&mut self, path: &str, body: Value) -> Vec<String> {
        let (status, document) = self.post(path, body);
        assert_eq!(status, 200, "{document:#}");
        forms(&document)
    }

    pub(super) fn choose(&mut self, key: &str) -> Vec<String> {
        let id = id(key);
        self.goes("challenge", json!({"authenticator": {"id": id}}))
    }

    pub(super) fn answer(&mut self, passcode: &str) -> Vec<String> {
        self.goes("challenge/answer", json!({"credentials": {"passcode": passcode}}))
    }

    pub(super) fn code(&self) -> String {
        self.org.inbox.to(None).first().and_then(|sent| sent.code.clone()).unwrap()
    }

    pub(super) fn later(&mut self, seconds: u64) {
        self.now = self.now.after(std::time::Duration::from_secs(seconds));
    }
}

pub(super) fn id(key: &str) -> String {
    let key: crate::org::authenticator::Authenticator = serde_json::from_value(json!(key)).unwrap();
    key.id()
}

pub(super) fn forms(document: &Value) -> Vec<String> {
    if document.get("successWithInteractionCode").is_some() {
        return vec!["success".to_owned()];
    }
    let forms = document.pointer("/remediation/value").and_then(Value::as_array).cloned().unwrap_or_default();
    forms.iter().map(|form| form["name"].as_str().unwrap().to_owned()).collect()
}

pub(super) fn first_key(document: &Value) -> &str {
    document.pointer("/messages/value/0/i18n/key").and_then(Value::as_str).unwrap_or("none")
}

pub(super) const MARY: &str = "mary@example.com";
pub(super) const PASSWORD: &str = "Correct-Horse-9";

fn begin(
    org: &mut OrgState,
    client: &str,
    session: Option<String>,
    now: Timestamp,
    random: &mut Random,
) -> Transaction {
    let secret = org.app(client).unwrap().client_secret.clone().unwrap_or_default();
    let fields = [
        ("client_id", client),
        ("client_secret", &secret),
        ("redirect_uri", "http://localhost:8080/login/callback"),
        ("scope", "openid profile"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
        ("state", "s"),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let client_request = ClientRequest { authorization: None, fields: &fields, audiences: &[], now };
    let handle = interact(org, &client_request, AuthorizationServer::Org, session, ORIGIN, random).unwrap();
    org.transactions.take_by_interaction(&handle).unwrap()
}
