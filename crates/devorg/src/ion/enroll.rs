//! Setting up: what can be, what is being, and what it takes.

use serde_json::{Value, json};

use super::authenticator::{Action, Object, masked_mail, masked_number};
use super::form::{about, form, polling};
use super::{CURRENT, Page, Parts, field, list};
use crate::credentials::qr_code;
use crate::flow;
use crate::org::authenticator::{Key, Method};
use crate::org::transaction::{Channel, Enrollable, Enrolling, Pairing};

impl Page<'_> {
    /// Adds the choice among what can be set up, and leaving it.
    pub(super) fn enrollable(&self, mut parts: Parts, offer: &Enrollable) -> Parts {
        let option = |(at, key): (usize, &Key)| {
            let mut fields = vec![field::fixed("id", &key.id())];
            match key {
                Key::PhoneNumber => {
                    fields.push(field::methods(key.methods(), false));
                    fields.push(json!({ "name": "phoneNumber", "label": "Phone number", "required": false }));
                }
                Key::OktaVerify => fields.push(channels(false)),
                _ => fields.push(field::method(*key)),
            }
            json!({
                "label": key.label(),
                "value": { "form": { "value": fields } },
                "relatesTo": format!("$.authenticators.value[{at}]"),
            })
        };
        let options: Vec<Value> = offer.keys.iter().enumerate().map(option).collect();
        let choice = json!({ "name": "authenticator", "type": "object", "options": options });
        parts.forms.push(form(self, "select-authenticator-enroll", "credential/enroll", vec![choice]));
        if offer.skippable {
            parts.forms.push(form(self, "skip", "skip", Vec::new()));
        }
        let authenticators: Vec<Value> = offer
            .keys
            .iter()
            .map(|key| if *key == Key::OktaPassword { self.password() } else { Object::authenticator(*key) })
            .map(Object::value)
            .collect();
        parts.objects.push(("authenticators", list(authenticators)));
        parts.objects.push(("authenticatorEnrollments", self.enrolments(&[])));
        parts
    }

    pub(super) fn enroll_phone(&self, offer: &Enrollable, method: Option<Method>) -> Parts {
        let key = Key::PhoneNumber;
        let methods = method.map_or_else(|| key.methods().to_vec(), |method| vec![method]);
        let fields = vec![
            field::fixed("id", &key.id()),
            field::methods(&methods, true),
            field::required("phoneNumber", "Phone number"),
        ];
        let choice = json!({ "name": "authenticator", "label": key.label(), "form": { "value": fields } });
        let name = "authenticator-enrollment-data";
        let parts = Parts {
            forms: vec![about(self, name, "credential/enroll", CURRENT, vec![choice])],
            objects: vec![(CURRENT, Object::authenticator(key).contained())],
        };
        self.enrollable(parts, offer)
    }

    #[expect(clippy::too_many_lines, reason = "one form for each authenticator")]
    pub(super) fn enrolling(&self, offer: &Enrollable, what: &Enrolling) -> Parts {
        let key = match what {
            Enrolling::Password => Key::OktaPassword,
            Enrolling::Email(_) => Key::OktaEmail,
            Enrolling::Phone { .. } => Key::PhoneNumber,
            Enrolling::Question => Key::SecurityQuestion,
            Enrolling::GoogleOtp { .. } => Key::GoogleOtp,
            Enrolling::Passkey { .. } => Key::Webauthn,
            Enrolling::OktaVerify(pairing) => return self.enrollable(self.pairing(pairing), offer),
            Enrolling::Token { key, .. } => *key,
        };
        let plain = Object::authenticator(key);
        let (credentials, object) = match what {
            Enrolling::Password => {
                (field::credentials(vec![field::secret("passcode", "Enter password")]), self.password())
            }
            Enrolling::Email(code) => {
                let data = json!({ "useEmailMagicLink": code.link.is_some() });
                let address = self.user().map(|user| masked_mail(&user.email));
                let object = plain.with("profile", json!({ "email": address.unwrap_or_default() }));
                let object = object.with("contextualData", data);
                (field::passcode(), object.acting(self, &Action::Resend).acting(self, &Action::Poll))
            }
            Enrolling::Phone { method, number, .. } => {
                let profile = json!({ "phoneNumber": masked_number(number) });
                (
                    field::passcode(),
                    plain.with("profile", profile).using(&[*method]).acting(self, &Action::Resend),
                )
            }
            Enrolling::Question => question(plain),
            Enrolling::GoogleOtp { secret } => {
                let login = self.user().map(|user| user.login.as_str()).unwrap_or_default();
                let uri = qr_code::otpauth(&self.world.settings.name, login, secret);
                let data = json!({ "qrcode": qr_code::image(&uri), "sharedSecret": secret });
                (field::passcode(), plain.with("contextualData", data))
            }
            Enrolling::Passkey { challenge } => {
                let fields = vec![field::hidden("attestation"), field::hidden("clientData")];
                (field::credentials(fields), plain.with("contextualData", self.activation(challenge)))
            }
            Enrolling::Token { key: Key::Duo, .. } => {
                (field::credentials(vec![field::required("signatureData", "Enter code")]), plain)
            }
            Enrolling::Token { key: Key::SymantecVip, .. } => {
                let fields = vec![
                    field::required("credentialId", "Enter credential ID"),
                    field::required("passcode", "Enter code"),
                    field::required("nextPasscode", "Enter the next code"),
                ];
                (field::credentials(fields), plain)
            }
            Enrolling::Token { key: Key::RsaToken, .. } => {
                let fields = vec![
                    field::text("clientData", "Enter username"),
                    field::secret("passcode", "Enter code"),
                ];
                (field::credentials(fields), plain)
            }
            Enrolling::Token { .. } | Enrolling::OktaVerify(_) => (field::passcode(), plain),
        };
        let parts = Parts {
            forms: vec![about(self, "enroll-authenticator", "challenge/answer", CURRENT, vec![credentials])],
            objects: vec![
                (CURRENT, object.contained()),
                ("enrollmentAuthenticator", Object::authenticator(key).contained()),
            ],
        };
        self.enrollable(parts, offer)
    }

    pub(super) fn activation(&self, challenge: &str) -> Value {
        let (id, login, name) =
            self.user().map(|u| (u.id.clone(), u.login.clone(), u.name())).unwrap_or_default();
        json!({ "activationData": {
            "rp": { "name": self.world.settings.name },
            "user": { "displayName": name, "name": login, "id": id },
            "pubKeyCredParams": [{ "type": "public-key", "alg": -7 }, { "type": "public-key", "alg": -257 }],
            "challenge": challenge,
            "attestation": "direct",
            "authenticatorSelection": { "userVerification": "discouraged", "requireResidentKey": self.app.passkey_autofill,
                "residentKey": if self.app.passkey_autofill { "required" } else { "discouraged" } },
            "u2fParams": { "appid": self.origin },
            "excludeCredentials": [],
        } })
    }

    pub(super) fn pairing(&self, pairing: &Pairing) -> Parts {
        let id = Key::OktaVerify.id();
        let choice = json!({
            "name": "authenticator", "type": "object", "label": Key::OktaVerify.label(),
            "value": { "form": { "value": [field::fixed_hidden("id", &id), channels(true)] } },
        });
        let mut data = json!({ "selectedChannel": pairing.channel });
        let mut set =
            |name: &str, value: Value| drop(data.as_object_mut().map(|d| d.insert(name.to_owned(), value)));
        let mut object = Object::authenticator(Key::OktaVerify);
        let first = match (pairing.channel, &pairing.sent_to) {
            (Channel::Qrcode, _) => {
                set("qrcode", qr_code::image(&format!("{}/dev/okta-verify/{}", self.origin, pairing.token)));
                polling(self, form(self, "enroll-poll", "challenge/poll", Vec::new()))
            }
            (channel, Some(to)) => {
                let (name, label) = address_field(channel);
                set(name, json!(to));
                let fields = vec![
                    json!({ "name": name, "label": label, "required": true, "value": to, "visible": false, "mutable": false }),
                ];
                object = object.with("resend", form(self, "resend", "challenge/resend", fields));
                polling(self, form(self, "enroll-poll", "challenge/poll", Vec::new()))
            }
            (channel, None) => {
                let (name, label) = address_field(channel);
                let fields = vec![field::required(name, label)];
                form(self, "enrollment-channel-data", "challenge/send", fields)
            }
        };
        let object = object.with("contextualData", data);
        Parts {
            forms: vec![first, form(self, "select-enrollment-channel", "credential/enroll", vec![choice])],
            objects: vec![(CURRENT, object.contained())],
        }
    }
}

fn channels(required: bool) -> Value {
    json!({ "name": "channel", "type": "string", "required": required, "options": [
        { "label": "QRCODE", "value": "qrcode" },
        { "label": "EMAIL", "value": "email" },
        { "label": "SMS", "value": "sms" },
    ] })
}

fn address_field(channel: Channel) -> (&'static str, &'static str) {
    if channel == Channel::Email { ("email", "Email") } else { ("phoneNumber", "Phone number") }
}

/// A question to pick or to make up.
fn question(plain: Object) -> (Value, Object) {
    let questions: Vec<Value> =
        flow::QUESTIONS.iter().map(|(key, text)| json!({ "label": text, "value": key })).collect();
    let answer = || json!({ "name": "answer", "label": "Answer", "required": true, "secret": true });
    let pick = "Choose a security question";
    let given = json!([{ "name": "questionKey", "type": "string", "label": pick, "required": true, "options": questions }, answer()]);
    let own = json!([
        field::fixed("questionKey", "custom"),
        field::required("question", "Create a security question"),
        answer()
    ]);
    let credentials = json!({ "name": "credentials", "type": "object", "required": true, "options": [
        { "label": pick, "value": { "form": { "value": given } } },
        { "label": "Create my own security question", "value": { "form": { "value": own } } },
    ] });
    let keys: Vec<&str> = flow::QUESTIONS.iter().map(|(key, _)| *key).chain(["custom"]).collect();
    let data: Vec<Value> =
        flow::QUESTIONS.iter().map(|(key, text)| json!({ "questionKey": key, "question": text })).collect();
    (credentials, plain.with("contextualData", json!({ "questions": data, "questionKeys": keys })))
}
