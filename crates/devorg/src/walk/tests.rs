//! The walk, told with plain values: no clock, no network, the same chance every time.

use serde_json::{Value, json};

use super::{Input, Walk};
use crate::chance::Chance;
use crate::ion::{self, Page};
use crate::moment::Moment;
use crate::oauth::client::Shown;
use crate::oauth::interact::interact;
use crate::settings::Settings;
use crate::transaction::{Server, Transaction};
use crate::world::World;

/// A person at an app, and the org around them.
struct Story {
    world: World,
    at: Transaction,
    now: Moment,
    chance: Chance,
}

const ORIGIN: &str = "http://localhost:8081";

impl Story {
    fn at(client: &str) -> Self {
        Self::in_org(crate::defaults::FILE, client)
    }

    fn in_org(file: &str, client: &str) -> Self {
        let now = Moment::read("2030-01-01T00:00:00Z").unwrap();
        let mut chance = Chance::row(42);
        let mut world = World::new(Settings::read(file).unwrap(), now, &mut chance);
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
        let handle = interact(&mut world, &shown, Server::Org, None, ORIGIN, &mut chance).unwrap();
        let at = world.transactions.take_begun_with(&handle).unwrap();
        Self { world, at, now, chance }
    }

    /// Sends a body to an endpoint, and gives the status and the document.
    fn post(&mut self, path: &str, body: Value) -> (u16, Value) {
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
    fn goes(&mut self, path: &str, body: Value) -> Vec<String> {
        let (status, document) = self.post(path, body);
        assert_eq!(status, 200, "{document:#}");
        forms(&document)
    }

    fn choose(&mut self, key: &str) -> Vec<String> {
        let id = id(key);
        self.goes("challenge", json!({"authenticator": {"id": id}}))
    }

    fn answer(&mut self, passcode: &str) -> Vec<String> {
        self.goes("challenge/answer", json!({"credentials": {"passcode": passcode}}))
    }

    fn code(&self) -> String {
        self.world.inbox.to(None).first().and_then(|sent| sent.code.clone()).unwrap()
    }

    fn later(&mut self, seconds: u64) {
        self.now = self.now.after(std::time::Duration::from_secs(seconds));
    }
}

fn id(key: &str) -> String {
    let key: crate::authenticator::Key = serde_json::from_value(json!(key)).unwrap();
    key.id()
}

fn forms(document: &Value) -> Vec<String> {
    if document.get("successWithInteractionCode").is_some() {
        return vec!["success".to_owned()];
    }
    let forms = document.pointer("/remediation/value").and_then(Value::as_array).cloned().unwrap_or_default();
    forms.iter().map(|form| form["name"].as_str().unwrap().to_owned()).collect()
}

fn first_key(document: &Value) -> &str {
    document.pointer("/messages/value/0/i18n/key").and_then(Value::as_str).unwrap_or("none")
}

const MARY: &str = "mary@example.com";
const PASSWORD: &str = "Correct-Horse-9";

#[test]
fn password_and_a_mailed_code_sign_in() {
    let mut story = Story::at("latchkey");
    assert_eq!(
        story.goes("introspect", json!({})),
        ["identify", "select-enroll-profile", "unlock-account", "redirect-idp"]
    );
    let signing_in = json!({"identifier": MARY, "credentials": {"passcode": PASSWORD}});
    assert_eq!(story.goes("identify", signing_in), ["select-authenticator-authenticate"]);
    assert_eq!(story.choose("okta_email"), ["challenge-authenticator", "select-authenticator-authenticate"]);
    let code = story.code();
    assert_eq!(story.answer(&code), ["success"]);
}

#[test]
fn a_wrong_code_is_told_at_its_field_and_the_right_one_still_works() {
    let mut story = Story::at("latchkey-email");
    assert_eq!(story.goes("identify", json!({"identifier": MARY})), ["authenticator-verification-data"]);
    story.choose("okta_email");
    let (status, document) = story.post("challenge/answer", json!({"credentials": {"passcode": "wrong"}}));
    let said = "/remediation/value/0/value/0/form/value/0/messages/value/0/i18n/key";
    assert_eq!((status, document.pointer(said).unwrap()), (401, &json!("api.authn.error.PASSCODE_INVALID")));
    let code = story.code();
    assert_eq!(story.answer(&code), ["success"]);
}

#[test]
fn a_code_is_no_good_after_five_minutes() {
    let mut story = Story::at("latchkey-email");
    story.goes("identify", json!({"identifier": MARY}));
    story.choose("okta_email");
    let code = story.code();
    story.later(301);
    assert_eq!(story.post("challenge/answer", json!({"credentials": {"passcode": code}})).0, 401);
    assert_eq!(story.goes("challenge/resend", json!({})), ["challenge-authenticator"]);
    let code = story.code();
    assert_eq!(story.answer(&code), ["success"]);
}

#[test]
fn five_wrong_codes_are_too_many() {
    let mut story = Story::at("latchkey-email");
    story.goes("identify", json!({"identifier": MARY}));
    story.choose("okta_email");
    for _ in 0..5 {
        assert_eq!(story.post("challenge/answer", json!({"credentials": {"passcode": "000"}})).0, 401);
    }
    let code = story.code();
    let (status, document) = story.post("challenge/answer", json!({"credentials": {"passcode": code}}));
    assert_eq!((status, first_key(&document)), (429, "tooManyRequests"));
}

#[test]
fn a_stranger_and_a_wrong_password_are_answered_alike() {
    let mut story = Story::at("latchkey");
    let answers: Vec<_> = ["nobody@example.com", MARY]
        .map(|who| {
            let (status, document) = story
                .post("identify", json!({"identifier": who, "credentials": {"passcode": "Wrong-Horse-1"}}));
            (status, first_key(&document).to_owned(), forms(&document))
        })
        .into();
    assert_eq!(answers[0], answers[1]);
    assert_eq!((answers[0].0, answers[0].1.as_str()), (401, "errors.E0000004"));
}

#[test]
fn an_org_without_enumeration_protection_says_whom_it_does_not_know() {
    let file = crate::defaults::FILE.replace("[org]\n", "[org]\nenumeration_protection = false\n");
    let mut story = Story::in_org(&file, "latchkey");
    let (status, document) = story.post("identify", json!({"identifier": "nobody@example.com"}));
    assert_eq!((status, first_key(&document)), (400, "idx.unknown.user"));
    assert_eq!(document.pointer("/messages/value/0/class"), Some(&json!("INFO")));
}

#[test]
fn a_code_by_phone_asks_for_the_method_first_and_may_be_sent_again_after_half_a_minute() {
    let mut story = Story::at("latchkey");
    story.goes("identify", json!({"identifier": MARY, "credentials": {"passcode": PASSWORD}}));
    assert_eq!(
        story.choose("phone_number"),
        ["authenticator-verification-data", "select-authenticator-authenticate"]
    );
    let by_voice = json!({"authenticator": {"id": id("phone_number"), "methodType": "voice"}});
    assert_eq!(story.goes("challenge", by_voice)[0], "challenge-authenticator");
    assert_eq!(story.post("challenge/resend", json!({})).0, 429);
    story.later(31);
    assert_eq!(story.post("challenge/resend", json!({})).0, 200);
    let code = story.code();
    assert_eq!(story.answer(&code), ["success"]);
}

#[test]
fn cancelling_begins_again_under_another_handle() {
    let mut story = Story::at("latchkey");
    let before = story.at.handle.clone();
    story.goes("identify", json!({"identifier": MARY, "credentials": {"passcode": PASSWORD}}));
    assert_eq!(story.goes("cancel", json!({}))[0], "identify");
    assert_ne!(story.at.handle, before);
    assert!(story.at.shown.is_empty());
}

#[test]
fn registering_sets_up_what_is_required_and_lets_the_rest_be_skipped() {
    let mut story = Story::at("guide-registration");
    assert_eq!(story.goes("enroll", json!({})), ["enroll-profile", "select-identify"]);
    let profile =
        json!({"userProfile": {"firstName": "Ada", "lastName": "Byron", "email": "ada@example.com"}});
    assert_eq!(story.goes("enroll/new", profile), ["select-authenticator-enroll"]);
    let enroll = |key: &str| json!({"authenticator": {"id": id(key)}});
    story.goes("credential/enroll", enroll("okta_password"));
    let (status, document) = story.post("challenge/answer", json!({"credentials": {"passcode": "short"}}));
    assert_eq!(status, 400, "{document:#}");
    assert_eq!(story.answer("Brand-New-Pass-1"), ["select-authenticator-enroll"]);
    assert_eq!(
        story.goes("credential/enroll", enroll("okta_email")),
        ["enroll-authenticator", "select-authenticator-enroll"]
    );
    let code = story.code();
    assert_eq!(story.answer(&code), ["select-authenticator-enroll", "skip"]);
    assert_eq!(story.goes("skip", json!({})), ["success"]);
}

#[test]
fn a_phone_is_set_up_with_its_number_and_bad_numbers_are_refused() {
    let mut story = Story::at("guide-password-phone");
    let user = json!({"login": "pat@example.com", "password": "Correct-Horse-9"});
    let user = serde_json::from_value(user).unwrap();
    story.world.add_user(user, story.now, &mut story.chance).unwrap();
    let signing_in = json!({"identifier": "pat@example.com", "credentials": {"passcode": PASSWORD}});
    assert_eq!(story.goes("identify", signing_in), ["select-authenticator-enroll"]);
    let phone = |number: &str| json!({"authenticator": {"id": id("phone_number"), "methodType": "sms", "phoneNumber": number}});
    assert_eq!(
        story.goes("credential/enroll", json!({"authenticator": {"id": id("phone_number")}}))[0],
        "authenticator-enrollment-data"
    );
    assert_eq!(story.post("credential/enroll", phone("123")).0, 400);
    story.goes("credential/enroll", phone("+1 555 987 6543"));
    assert_eq!(story.world.inbox.to(Some("+15559876543")).len(), 1);
    let code = story.code();
    assert_eq!(story.answer(&code), ["success"]);
}

#[test]
fn a_forgotten_password_is_set_anew_by_mail() {
    let mut story = Story::at("guide-registration");
    assert_eq!(story.goes("recover", json!({})), ["identify-recovery", "select-identify"]);
    assert_eq!(story.goes("identify", json!({"identifier": MARY})), ["select-authenticator-authenticate"]);
    assert_eq!(story.choose("okta_email")[0], "challenge-authenticator");
    let code = story.code();
    assert_eq!(story.answer(&code), ["reset-authenticator"]);
    assert_eq!(story.answer("Brand-New-Pass-1"), ["success"]);
}

#[test]
fn a_stranger_who_recovers_sees_what_anybody_sees_and_gets_nowhere() {
    let mut story = Story::at("guide-password-email");
    story.goes("recover", json!({}));
    story.goes("identify", json!({"identifier": "nobody@example.com"}));
    assert_eq!(story.choose("okta_email")[0], "challenge-authenticator");
    assert!(story.world.inbox.to(None).is_empty());
    assert_eq!(story.post("challenge/answer", json!({"credentials": {"passcode": "123456"}})).0, 401);
}

#[test]
fn too_many_wrong_passwords_lock_and_unlocking_opens() {
    let mut story = Story::at("latchkey");
    let attempt = |word: &str| json!({"identifier": MARY, "credentials": {"passcode": word}});
    for _ in 0..10 {
        assert_eq!(story.post("identify", attempt("wrong")).0, 401);
    }
    assert_eq!(story.post("identify", attempt(PASSWORD)).0, 401, "the right one does not help any more");
    assert_eq!(story.goes("unlock-account", json!({})), ["select-authenticator-unlock-account"]);
    let by_mail =
        json!({"identifier": MARY, "authenticator": {"id": id("okta_email"), "methodType": "email"}});
    assert_eq!(story.goes("challenge", by_mail)[0], "challenge-authenticator");
    let code = story.code();
    let (_, document) = story.post("challenge/answer", json!({"credentials": {"passcode": code}}));
    assert_eq!(first_key(&document), "oie.selfservice.unlock_user.success.message");
    story.goes("cancel", json!({}));
    assert_eq!(story.goes("identify", attempt(PASSWORD)), ["select-authenticator-authenticate"]);
}
