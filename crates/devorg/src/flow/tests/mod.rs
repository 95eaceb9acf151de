//! The walk, told with plain values: no clock, no network, the same chance every time.

mod accounts;
mod authenticators;
mod policies;
mod refusals;
mod sign_in;

use serde_json::{Value, json};

use super::{Input, Walk};
use crate::clock::Moment;
use crate::ion::{self, Page};
use crate::oauth::client_auth::Shown;
use crate::oauth::interact::interact;
use crate::org::settings::Settings;
use crate::org::state::World;
use crate::org::transaction::{Challenge, Server, Stage, Transaction};
use crate::random::Chance;

/// A person at an app, and the org around them.
pub(super) struct Story {
    pub(super) world: World,
    pub(super) at: Transaction,
    pub(super) now: Moment,
    pub(super) chance: Chance,
}

const ORIGIN: &str = "http://localhost:8081";

impl Story {
    pub(super) fn at(client: &str) -> Self {
        Self::in_org(crate::org::settings::default_org::FILE, client)
    }

    pub(super) fn in_org(file: &str, client: &str) -> Self {
        let now = Moment::read("2030-01-01T00:00:00Z").unwrap();
        let mut chance = Chance::row(42);
        let mut world = World::new(Settings::read(file).unwrap(), now, &mut chance);
        let at = begin(&mut world, client, None, now, &mut chance);
        Self { world, at, now, chance }
    }

    /// Another attempt at the same app, in a browser that knows nothing.
    pub(super) fn begin_again(&mut self) {
        let client = self.at.request.client_id.clone();
        self.at = begin(&mut self.world, &client, None, self.now, &mut self.chance);
    }

    /// Another attempt in the same browser.
    pub(super) fn return_with_session(&mut self) {
        let (client, session) = (self.at.request.client_id.clone(), self.at.session.clone());
        self.at = begin(&mut self.world, &client, session, self.now, &mut self.chance);
    }

    /// Adds somebody.
    pub(super) fn add(&mut self, user: Value) {
        let user = serde_json::from_value(user).unwrap();
        self.world.add_user(user, self.now, &mut self.chance).unwrap();
    }

    /// Something happens away from the page.
    pub(super) fn elsewhere(&mut self, act: impl FnOnce(&mut Walk<'_>) -> super::Outcome) {
        let Self { world, at, now, chance } = self;
        act(&mut Walk { world, at, origin: ORIGIN, now: *now, chance }).unwrap();
    }

    /// The push is answered.
    pub(super) fn on_phone(&mut self, approve: bool) {
        let Stage::Challenge(Challenge::Push(push)) = &mut self.at.stage else { panic!("no push waits") };
        push.answer = Some(approve);
    }

    /// Sends a body to an endpoint, and gives the status and the document.
    pub(super) fn post(&mut self, path: &str, body: Value) -> (u16, Value) {
        let input = Input::read(path, &body).unwrap();
        let Self { world, at, now, chance } = self;
        let outcome = Walk { world, at, origin: ORIGIN, now: *now, chance }.take(input);
        let (status, said) = match outcome {
            Ok(()) => (200, Vec::new()),
            Err(refusal) if refusal.terminal => return (refusal.status, ion::ended(&refusal)),
            Err(refusal) => (refusal.status, refusal.messages),
        };
        let app = self.world.app(&self.at.request.client_id).unwrap();
        let page = Page { world: &self.world, app, at: &self.at, origin: ORIGIN, now: self.now };
        (status, ion::document(&page, &said))
    }

    /// Sends a body that is taken, and gives the names of the forms that follow.
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
        self.world.inbox.to(None).first().and_then(|sent| sent.code.clone()).unwrap()
    }

    pub(super) fn later(&mut self, seconds: u64) {
        self.now = self.now.after(std::time::Duration::from_secs(seconds));
    }
}

pub(super) fn id(key: &str) -> String {
    let key: crate::org::authenticator::Key = serde_json::from_value(json!(key)).unwrap();
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
    world: &mut World,
    client: &str,
    session: Option<String>,
    now: Moment,
    chance: &mut Chance,
) -> Transaction {
    let secret = world.app(client).unwrap().client_secret.clone().unwrap_or_default();
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
    let shown = Shown { authorization: None, fields: &fields, audiences: &[], now };
    let handle = interact(world, &shown, Server::Org, session, ORIGIN, chance).unwrap();
    world.transactions.take_begun_with(&handle).unwrap()
}
