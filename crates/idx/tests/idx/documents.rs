//! Documents of an org, one for each kind of step: minimal, and written for these tests.

use serde_json::{Value, json};

use crate::fake_org::{form, page};

/// A document with one form about an authenticator.
fn about(name: &str, path: &str, fields: Value, container: &str, authenticator: Value) -> Value {
    let mut form = form(name, path, fields);
    form["relatesTo"] = json!([format!("$.{container}")]);
    let mut page = page(json!([form]));
    page[container] = json!({"type": "object", "value": authenticator});
    page
}

fn credentials(fields: Value) -> Value {
    json!([{"name": "credentials", "type": "object", "required": true, "form": {"value": fields}}])
}

fn passcode() -> Value {
    credentials(json!([{"name": "passcode", "label": "Enter code"}]))
}

pub(crate) fn authenticator(key: &str, kind: &str) -> Value {
    json!({"key": key, "type": kind, "id": format!("aut-{key}"), "displayName": key, "methods": [{"type": kind}]})
}

/// The challenge or the enrolment of an authenticator that takes a code.
pub(crate) fn code(name: &str, key: &str) -> Value {
    about(name, "challenge/answer", passcode(), "currentAuthenticator", authenticator(key, "any"))
}

pub(crate) fn password(name: &str) -> Value {
    let mut password = authenticator("okta_password", "password");
    password["settings"] = json!({
        "complexity": {"minLength": 8, "minNumber": 1, "excludeUsername": true, "excludeAttributes": ["firstName"],
            "excludeLastName": true, "maxConsecutiveRepeatingCharacters": 3},
        "age": {"minAgeMinutes": 5, "historyCount": 4}, "daysToExpiry": 5,
    });
    let fields = json!([
        {"name": "passcode", "label": "New password", "secret": true},
        {"name": "revokeSessions", "label": "Sign me out of all other devices", "type": "boolean"},
    ]);
    about(name, "challenge/answer", credentials(fields), "currentAuthenticator", password)
}

pub(crate) fn totp() -> Value {
    let fields =
        credentials(json!([{"name": "totp", "label": "Enter code from Okta Verify app", "required": true}]));
    about(
        "challenge-authenticator",
        "challenge/answer",
        fields,
        "currentAuthenticator",
        authenticator("okta_verify", "app"),
    )
}

pub(crate) fn google_enrollment() -> Value {
    let mut page = code("enroll-authenticator", "google_otp");
    page["currentAuthenticator"]["value"]["contextualData"] = json!({"qrcode": {"href": "data:image/png;base64,AA==", "type": "image/png"}, "sharedSecret": "BASE32"});
    page
}

pub(crate) fn question_enrollment() -> Value {
    let key = json!({"name": "questionKey", "type": "string", "required": true, "label": "Choose a security question",
        "options": [{"label": "What is your favorite food?", "value": "food"}]});
    let answer = json!({"name": "answer", "label": "Answer", "required": true, "secret": true});
    let custom = json!({"name": "questionKey", "required": true, "value": "custom", "mutable": false});
    let question = json!({"name": "question", "label": "Create a security question", "required": true});
    let fields = json!([{"name": "credentials", "type": "object", "required": true, "options": [
        {"label": "Choose", "value": {"form": {"value": [key, answer]}}},
        {"label": "Create", "value": {"form": {"value": [custom, question, answer]}}},
    ]}]);
    let mut own = authenticator("security_question", "security_question");
    own["contextualData"] = json!({"questionKeys": ["food"], "questions": [{"questionKey": "food", "question": "What is your favorite food?"}]});
    about("enroll-authenticator", "challenge/answer", fields, "currentAuthenticator", own)
}

pub(crate) fn question() -> Value {
    let fields = credentials(json!([
        {"name": "questionKey", "required": true, "value": "food", "mutable": false, "visible": false},
        {"name": "answer", "label": "Answer", "required": true, "secret": true},
    ]));
    let mut own = authenticator("security_question", "security_question");
    own["contextualData"] =
        json!({"enrolledQuestion": {"questionKey": "food", "question": "What is your favorite food?"}});
    about("challenge-authenticator", "challenge/answer", fields, "currentAuthenticatorEnrollment", own)
}

pub(crate) fn passkey_enrollment() -> Value {
    let fields = credentials(json!([
        {"name": "attestation", "required": true, "visible": false},
        {"name": "clientData", "required": true, "visible": false},
    ]));
    let mut own = authenticator("webauthn", "security_key");
    own["contextualData"] = json!({"activationData": {"challenge": "AAAA", "rp": {"name": "Org"}}});
    about("enroll-authenticator", "challenge/answer", fields, "currentAuthenticator", own)
}

pub(crate) fn passkey() -> Value {
    let fields = credentials(json!([
        {"name": "authenticatorData", "required": true, "visible": false},
        {"name": "clientData", "required": true, "visible": false},
        {"name": "signatureData", "required": true, "visible": false},
    ]));
    let mut own = authenticator("webauthn", "security_key");
    own["contextualData"] = json!({"challengeData": {"challenge": "BBBB", "userVerification": "preferred"}});
    let mut page = about("challenge-authenticator", "challenge/answer", fields, "currentAuthenticator", own);
    page["authenticatorEnrollments"] = json!({"type": "array", "value": [
        {"key": "webauthn", "type": "security_key", "id": "fwf-1", "credentialId": "cred-1", "displayName": "Key"},
    ]});
    page
}

fn phone_fields(extra: &[Value]) -> Value {
    let mut fields = vec![
        json!({"name": "id", "required": true, "value": "aut-phone", "mutable": false, "visible": false}),
        json!({"name": "methodType", "type": "string", "required": true,
            "options": [{"label": "SMS", "value": "sms"}, {"label": "Voice call", "value": "voice"}]}),
    ];
    fields.extend_from_slice(extra);
    json!([{"name": "authenticator", "label": "Phone", "form": {"value": fields}}])
}

pub(crate) fn phone_verification() -> Value {
    let enrollment = json!({"name": "enrollmentId", "required": true, "value": "pae-1", "mutable": false, "visible": false});
    let mut phone = authenticator("phone_number", "phone");
    phone["profile"] = json!({"phoneNumber": "+1 XXX-XXX-4567"});
    about(
        "authenticator-verification-data",
        "challenge",
        phone_fields(&[enrollment]),
        "currentAuthenticatorEnrollment",
        phone,
    )
}

pub(crate) fn phone_enrollment() -> Value {
    let number = json!({"name": "phoneNumber", "label": "Phone number", "required": true, "type": "string"});
    let phone = authenticator("phone_number", "phone");
    about(
        "authenticator-enrollment-data",
        "credential/enroll",
        phone_fields(&[number]),
        "currentAuthenticator",
        phone,
    )
}

fn option(label: &str, index: usize, extra: &[Value]) -> Value {
    let mut fields =
        vec![json!({"name": "id", "required": true, "value": format!("aut-{index}"), "mutable": false})];
    fields.extend_from_slice(extra);
    json!({"label": label, "value": {"form": {"value": fields}}, "relatesTo": format!("$.authenticators.value[{index}]")})
}

fn authenticators() -> Value {
    let entry = |key: &str, id: &str| json!({"key": key, "id": id, "type": "any", "displayName": key});
    json!({"type": "array", "value": [entry("okta_password", "aut-0"), entry("okta_email", "aut-1"), entry("phone_number", "aut-2")]})
}

/// Password, e-mail or phone.
pub(crate) fn select(name: &str, path: &str) -> Value {
    let methods =
        json!({"name": "methodType", "type": "string", "options": [{"label": "SMS", "value": "sms"}]});
    let options =
        json!([option("Password", 0, &[]), option("Email", 1, &[]), option("Phone", 2, &[methods])]);
    let mut page = page(json!([form(
        name,
        path,
        json!([{"name": "authenticator", "type": "object", "options": options}])
    )]));
    page["authenticators"] = authenticators();
    page
}

pub(crate) fn unlock() -> Value {
    let fixed = json!({"name": "methodType", "value": "email", "mutable": false});
    let methods =
        json!({"name": "methodType", "type": "string", "options": [{"label": "SMS", "value": "sms"}]});
    let fields = json!([
        {"name": "identifier", "label": "Username", "required": true},
        {"name": "authenticator", "type": "object", "options": [option("Email", 1, &[fixed]), option("Phone", 2, &[methods])]},
    ]);
    let mut page = page(json!([form("select-authenticator-unlock-account", "challenge", fields)]));
    page["authenticators"] = authenticators();
    page
}

pub(crate) fn profile() -> Value {
    let fields = json!([
        {"name": "userProfile", "form": {"value": [
            {"name": "firstName", "label": "First name", "required": true, "maxLength": 50},
            {"name": "email", "label": "Email", "required": true},
            {"name": "nickName", "label": "Nickname"},
        ]}},
        {"name": "credentials", "type": "object", "required": true,
            "form": {"value": [{"name": "passcode", "label": "Password", "secret": true}]}},
    ]);
    page(json!([
        form("enroll-profile", "enroll/new", fields),
        form("select-identify", "identify/select", json!([]))
    ]))
}

pub(crate) fn push() -> Value {
    let mut own = authenticator("okta_verify", "app");
    own["contextualData"] = json!({"correctAnswer": "63"});
    let mut page = about(
        "challenge-poll",
        "authenticators/poll",
        json!([{"name": "autoChallenge", "type": "boolean"}]),
        "currentAuthenticator",
        own,
    );
    page["remediation"]["value"][0]["refresh"] = json!(4000);
    page
}

/// The set-up of Okta Verify: polling, with another channel to choose.
pub(crate) fn okta_verify_setup() -> Value {
    let mut poll = form("enroll-poll", "challenge/poll", json!([]));
    poll["refresh"] = json!(2000);
    let nested = json!({"form": {"value": [
        {"name": "id", "required": true, "value": "aut-ov", "mutable": false, "visible": false},
        {"name": "channel", "type": "string", "options": [{"label": "EMAIL", "value": "email"}, {"label": "SMS", "value": "sms"}]},
    ]}});
    let fields =
        json!([{"name": "authenticator", "type": "object", "label": "Okta Verify", "value": nested}]);
    let mut page = page(json!([
        poll,
        form("select-enrollment-channel", "credential/enroll", fields),
        form("skip", "skip", json!([]))
    ]));
    let mut own = authenticator("okta_verify", "app");
    own["contextualData"] =
        json!({"selectedChannel": "qrcode", "qrcode": {"href": "data:image/png;base64,AA=="}});
    page["currentAuthenticator"] = json!({"type": "object", "value": own});
    page
}

pub(crate) fn channel() -> Value {
    let fields = json!([{"name": "email", "label": "Email", "required": true, "visible": true}]);
    let mut page = page(json!([form("enrollment-channel-data", "challenge/send", fields)]));
    page["currentAuthenticator"] = json!({"type": "object", "value": authenticator("okta_verify", "app")});
    page
}

pub(crate) fn renewal(name: &str, key: &str, kind: &str) -> Value {
    let mut page =
        about(name, "challenge/answer", passcode(), "currentAuthenticator", authenticator(key, kind));
    let forms = page["remediation"]["value"].as_array_mut().expect("forms");
    forms.push(form("skip", "skip", json!([])));
    page
}

/// A password that can be recovered.
pub(crate) fn recoverable_password() -> Value {
    let mut own = authenticator("okta_password", "password");
    own["recover"] = form("recover", "recover", json!([]));
    about("challenge-authenticator", "challenge/answer", passcode(), "currentAuthenticatorEnrollment", own)
}

pub(crate) fn email_challenge() -> Value {
    let mut own = authenticator("okta_email", "email");
    own["contextualData"] = json!({"useEmailMagicLink": true});
    own["resend"] = form("resend", "challenge/resend", json!([]));
    own["poll"] = form("poll", "challenge/poll", json!([]));
    own["poll"]["refresh"] = json!(4000);
    about("challenge-authenticator", "challenge/answer", passcode(), "currentAuthenticatorEnrollment", own)
}

/// The org asks Okta Verify on the device before it asks for the username.
pub(crate) fn device_probing(challenge: &Value) -> Value {
    let mut poll = form("device-challenge-poll", "authenticators/poll", json!([]));
    poll["relatesTo"] = json!("authenticatorChallenge");
    poll["refresh"] = json!(2000);
    let mut page = page(json!([poll]));
    let mut challenge = challenge.clone();
    challenge["cancel"] = form("cancel-polling", "authenticators/poll/cancel", json!([]));
    page["authenticatorChallenge"] = json!({"type": "object", "value": challenge});
    page
}

/// Okta Verify on the device as an authenticator.
pub(crate) fn fastpass(challenge: &Value) -> Value {
    let mut own = authenticator("okta_verify", "app");
    own["methods"] = json!([{"type": "signed_nonce"}]);
    own["contextualData"] = json!({"challenge": {"type": "object", "value": challenge}});
    own["cancel"] = form("cancel-polling", "authenticators/poll/cancel", json!([]));
    let mut page = about("challenge-poll", "authenticators/poll", json!([]), "currentAuthenticator", own);
    page["remediation"]["value"][0]["refresh"] = json!(4000);
    page["user"] = json!({"type": "object", "value": {"identifier": "mary+a@example.com"}});
    page
}

pub(crate) fn loopback() -> Value {
    json!({
        "challengeMethod": "LOOPBACK", "challengeRequest": "a.b.c", "domain": "http://localhost", "ports": ["2000", "6511"],
        "httpsDomain": "https://x.authenticatorlocaldev.com", "probeTimeoutMillis": 250,
        "chromeLocalNetworkAccessDetails": {"chromeLNAHelpLink": "https://help.example.com/lna"},
    })
}

pub(crate) fn rejected_push() -> Value {
    let again = json!([{"name": "authenticator", "value": {"form": {"value": [
        {"name": "id", "value": "aut-ov", "mutable": false}, {"name": "methodType", "value": "push", "mutable": false},
    ]}}}]);
    let mut page = page(json!([form("resend", "challenge", again)]));
    page["messages"] = crate::fake_org::messages(
        "api.authn.poll.error.push_rejected",
        "You have chosen to reject this login.",
    );
    page
}

pub(crate) fn identity_providers() -> Value {
    let link = |kind: &str| {
        json!({"name": "redirect-idp", "type": kind, "idp": {"id": kind, "name": format!("{kind} IdP")},
        "href": format!("https://org.example/sso/idps/{kind}"), "method": "GET"})
    };
    page(json!([link("GOOGLE"), link("APPLE")]))
}

pub(crate) fn consent() -> Value {
    let options = json!([{"label": "Allow Access", "value": true}, {"label": "Don't Allow", "value": false}]);
    page(json!([form(
        "consent",
        "consent",
        json!([
            {"name": "consent", "type": "boolean", "required": true, "label": "Agree?", "options": options},
        ])
    )]))
}

pub(crate) fn keep_me_signed_in() -> Value {
    page(json!([form(
        "keep-me-signed-in",
        "keep-me-signed-in",
        json!([
            {"name": "keepMeSignedIn", "type": "boolean", "required": true, "label": "Stay signed in?"},
        ])
    )]))
}

/// A form that this crate does not know.
pub(crate) fn unknown_form() -> Value {
    let mut page = page(json!([form(
        "read-palm",
        "palm",
        json!([
            {"name": "palm", "label": "Your palm", "required": true, "secret": true, "luminosity": 7},
            {"name": "lines", "type": "object", "form": {"value": [{"name": "life", "type": "number"}]}},
        ])
    )]));
    page["moonPhase"] = json!({"type": "object", "value": {"phase": "waning"}});
    page
}

/// All documents.
pub(crate) fn all() -> Vec<Value> {
    vec![
        crate::fake_org::identify(),
        code("challenge-authenticator", "custom_otp"),
        password("enroll-authenticator"),
        password("reset-authenticator"),
        totp(),
        google_enrollment(),
        question_enrollment(),
        question(),
        passkey_enrollment(),
        passkey(),
        phone_verification(),
        phone_enrollment(),
        select("select-authenticator-authenticate", "challenge"),
        select("select-authenticator-enroll", "credential/enroll"),
        unlock(),
        profile(),
        push(),
        okta_verify_setup(),
        channel(),
        device_probing(&loopback()),
        fastpass(&loopback()),
        renewal("reenroll-authenticator", "okta_password", "password"),
        renewal("reenroll-authenticator-warning", "okta_email", "email"),
        recoverable_password(),
        email_challenge(),
        rejected_push(),
        identity_providers(),
        consent(),
        keep_me_signed_in(),
        unknown_form(),
    ]
}
