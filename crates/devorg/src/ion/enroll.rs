//! The documents of enrolment.

use serde_json::{Value, json};

use super::authenticator::{Action, AuthenticatorObject, masked_email, masked_number};
use super::builder::{CURRENT, DocumentBuilder, StepParts, list};
use super::field;
use super::form::{form, polling, related};
use crate::credentials::qr_code;
use crate::flow;
use crate::flow::vendors::PIN_LENGTH;
use crate::org::authenticator::{Authenticator, Method};
use crate::org::settings::okta_verify::PairingChannel;
use crate::org::transaction::{Enrolling, EnrollmentOffer, Pairing};

impl DocumentBuilder<'_> {
    /// Adds the choice of authenticators to enrol, and `skip`.
    pub(super) fn enrollment_choice(&self, mut parts: StepParts, offer: &EnrollmentOffer) -> StepParts {
        let option = |(at, key): (usize, &Authenticator)| {
            let mut fields = vec![field::fixed("id", &key.id())];
            match key {
                Authenticator::PhoneNumber => {
                    fields.push(field::methods(key.methods(), false));
                    fields.push(json!({ "name": "phoneNumber", "label": "Phone number", "required": false }));
                }
                Authenticator::OktaVerify => fields.push(channels(false)),
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
            .map(|key| {
                if *key == Authenticator::OktaPassword {
                    self.password()
                } else {
                    AuthenticatorObject::authenticator(*key)
                }
                .with_grace(self, *key)
            })
            .map(AuthenticatorObject::value)
            .collect();
        parts.objects.push(("authenticators", list(authenticators)));
        parts.objects.push(("authenticatorEnrollments", self.enrolments(&[])));
        parts
    }

    pub(super) fn enroll_phone(&self, offer: &EnrollmentOffer, method: Option<Method>) -> StepParts {
        let key = Authenticator::PhoneNumber;
        let methods = method.map_or_else(|| key.methods().to_vec(), |method| vec![method]);
        let fields = vec![
            field::fixed("id", &key.id()),
            field::methods(&methods, true),
            field::required("phoneNumber", "Phone number"),
        ];
        let choice = json!({ "name": "authenticator", "label": key.label(), "form": { "value": fields } });
        let name = "authenticator-enrollment-data";
        let parts = StepParts {
            forms: vec![related(self, name, "credential/enroll", CURRENT, vec![choice])],
            objects: vec![(CURRENT, AuthenticatorObject::authenticator(key).wrapped())],
        };
        self.enrollment_choice(parts, offer)
    }

    #[expect(clippy::too_many_lines, reason = "one form for each authenticator")]
    pub(super) fn enrolling(&self, offer: &EnrollmentOffer, what: &Enrolling) -> StepParts {
        let key = match what {
            Enrolling::Password => Authenticator::OktaPassword,
            Enrolling::Email(_) => Authenticator::OktaEmail,
            Enrolling::Phone { .. } => Authenticator::PhoneNumber,
            Enrolling::Question => Authenticator::SecurityQuestion,
            Enrolling::GoogleOtp { .. } => Authenticator::GoogleOtp,
            Enrolling::Passkey { .. } => Authenticator::Webauthn,
            Enrolling::OktaVerify(pairing) => return self.enrollment_choice(self.pairing(pairing), offer),
            Enrolling::OtpDevice { key, .. } => *key,
            Enrolling::Elsewhere { key } => return self.enrollment_choice(self.elsewhere(*key), offer),
            Enrolling::Card { read: false } => {
                return self.enrollment_choice(self.card_to_read("enroll-poll"), offer);
            }
            Enrolling::Card { read: true } => Authenticator::NfcPin,
        };
        let plain = AuthenticatorObject::authenticator(key);
        let (credentials, object) = match what {
            Enrolling::Password => {
                (field::credentials(vec![field::secret("passcode", "Enter password")]), self.password())
            }
            Enrolling::Email(code) => {
                let data = json!({ "useEmailMagicLink": code.link.is_some() });
                let address = self.user().map(|user| masked_email(&user.email));
                let object = plain.with("profile", json!({ "email": address.unwrap_or_default() }));
                let object = object.with("contextualData", data);
                (
                    field::email_passcode(self.app.email_code),
                    object.with_action(self, &Action::Resend).with_action(self, &Action::Poll),
                )
            }
            Enrolling::Phone { method, number, .. } => {
                let profile = json!({ "phoneNumber": masked_number(number) });
                (
                    field::passcode(),
                    plain
                        .with("profile", profile)
                        .with_methods(&[*method])
                        .with_action(self, &Action::Resend),
                )
            }
            Enrolling::Question => question(plain),
            Enrolling::GoogleOtp { secret } => {
                let login = self.user().map(|user| user.login.as_str()).unwrap_or_default();
                let uri = qr_code::otpauth(&self.org.settings.name, login, secret);
                let data = json!({ "qrcode": qr_code::image(&uri), "sharedSecret": secret });
                (field::passcode(), plain.with("contextualData", data))
            }
            Enrolling::Passkey { challenge } => {
                let fields = vec![field::hidden("attestation"), field::hidden("clientData")];
                (field::credentials(fields), plain.with("contextualData", self.activation(challenge)))
            }
            Enrolling::OtpDevice { key: Authenticator::Duo, .. } => (
                field::credentials(vec![field::hidden("signatureData")]),
                plain.with("contextualData", self.duo_frame()),
            ),
            Enrolling::Card { .. } => {
                (field::credentials(vec![field::secret("passcode", "PIN")]), card_with_length())
            }
            Enrolling::OtpDevice { key: Authenticator::YubikeyToken, .. } => {
                (field::credentials(vec![field::secret("passcode", "Enter code")]), plain)
            }
            Enrolling::OtpDevice { key: Authenticator::SymantecVip, .. } => {
                let fields = vec![
                    field::required("credentialId", "Enter credential ID"),
                    field::required("passcode", "Enter code"),
                    field::required("nextPasscode", "Enter the next code"),
                ];
                (field::credentials(fields), plain)
            }
            Enrolling::OtpDevice { key: Authenticator::RsaToken | Authenticator::OnpremMfa, .. } => {
                let fields =
                    vec![field::required("clientData", "User Name"), field::secret("passcode", "Enter code")];
                (field::credentials(fields), plain)
            }
            Enrolling::OtpDevice { .. } | Enrolling::OktaVerify(_) | Enrolling::Elsewhere { .. } => {
                (field::passcode(), plain)
            }
        };
        let parts = StepParts {
            forms: vec![related(
                self,
                "enroll-authenticator",
                "challenge/answer",
                CURRENT,
                vec![credentials],
            )],
            objects: vec![
                (CURRENT, object.wrapped()),
                ("enrollmentAuthenticator", AuthenticatorObject::authenticator(key).wrapped()),
            ],
        };
        self.enrollment_choice(parts, offer)
    }

    pub(super) fn activation(&self, challenge: &str) -> Value {
        let (id, login, name) =
            self.user().map(|u| (u.id.clone(), u.login.clone(), u.name())).unwrap_or_default();
        // The first page can find only passkeys that know whose they are.
        let is_resident =
            self.app.passkey_autofill || self.app.passkeys.button || self.app.passkeys.promotion.is_some();
        json!({ "activationData": {
            "rp": self.relying_party(),
            "user": { "displayName": name, "name": login, "id": id },
            "pubKeyCredParams": [{ "type": "public-key", "alg": -7 }, { "type": "public-key", "alg": -257 }],
            "challenge": challenge,
            "attestation": "direct",
            "authenticatorSelection": { "userVerification": "discouraged", "requireResidentKey": is_resident,
                "residentKey": if is_resident { "required" } else { "discouraged" } },
            "u2fParams": { "appid": self.origin },
            "excludeCredentials": [],
        } })
    }

    pub(super) fn pairing(&self, pairing: &Pairing) -> StepParts {
        let id = Authenticator::OktaVerify.id();
        let choice = json!({
            "name": "authenticator", "type": "object", "label": Authenticator::OktaVerify.label(),
            "value": { "form": { "value": [field::fixed_hidden("id", &id), channels(true)] } },
        });
        let mut data = json!({ "selectedChannel": pairing.channel });
        let mut set =
            |name: &str, value: Value| drop(data.as_object_mut().map(|d| d.insert(name.to_owned(), value)));
        let mut object = AuthenticatorObject::authenticator(Authenticator::OktaVerify);
        let first = match (pairing.channel, &pairing.sent_to) {
            (PairingChannel::Qrcode, _) => {
                set("qrcode", qr_code::image(&format!("{}/dev/okta-verify/{}", self.origin, pairing.token)));
                polling(self, form(self, "enroll-poll", "challenge/poll", Vec::new()))
            }
            (PairingChannel::Samedevice | PairingChannel::Devicebootstrap, _) => {
                set(pairing.channel.name(), self.set_up_on_device(pairing));
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
        let others = self
            .app
            .okta_verify_set_up
            .other_channels
            .then(|| form(self, "select-enrollment-channel", "credential/enroll", vec![choice]));
        StepParts {
            forms: std::iter::once(first).chain(others).collect(),
            objects: vec![(CURRENT, object.wrapped())],
        }
    }

    /// How Okta Verify is set up on the device of the browser. The org plays that it is a Mac.
    fn set_up_on_device(&self, pairing: &Pairing) -> Value {
        let set_up = self.app.okta_verify_set_up;
        let mut data = json!({
            "platform": "OSX",
            "orgUrl": self.origin,
            "downloadHref": "https://apps.apple.com/app/okta-verify/id490179405",
            "securityLevel": if set_up.other_channels { "ANY" } else { "HIGH" },
        });
        if pairing.channel == PairingChannel::Devicebootstrap {
            data = json!({ "platform": "OSX", "enrolledDevices": ["Dev phone"] });
        }
        if let Some(data) = data.as_object_mut().filter(|_| set_up.link) {
            let link = format!("{}/dev/okta-verify/{}/open", self.origin, pairing.token);
            data.insert("setupOVUrl".to_owned(), json!(link));
        }
        data
    }
}

/// A card, with the length that its PIN has to have.
pub(super) fn card_with_length() -> AuthenticatorObject {
    AuthenticatorObject::authenticator(Authenticator::NfcPin)
        .with("settings", json!({ "minLength": PIN_LENGTH, "maxLength": PIN_LENGTH }))
}

fn channels(required: bool) -> Value {
    json!({ "name": "channel", "type": "string", "required": required, "options": [
        { "label": "QRCODE", "value": "qrcode" },
        { "label": "EMAIL", "value": "email" },
        { "label": "SMS", "value": "sms" },
    ] })
}

fn address_field(channel: PairingChannel) -> (&'static str, &'static str) {
    if channel == PairingChannel::Email { ("email", "Email") } else { ("phoneNumber", "Phone number") }
}

/// The form for a predefined or custom security question.
fn question(plain: AuthenticatorObject) -> (Value, AuthenticatorObject) {
    let questions: Vec<Value> =
        flow::enroll::QUESTIONS.iter().map(|(key, text)| json!({ "label": text, "value": key })).collect();
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
    let keys: Vec<&str> = flow::enroll::QUESTIONS.iter().map(|(key, _)| *key).chain(["custom"]).collect();
    let data: Vec<Value> = flow::enroll::QUESTIONS
        .iter()
        .map(|(key, text)| json!({ "questionKey": key, "question": text }))
        .collect();
    (credentials, plain.with("contextualData", json!({ "questions": data, "questionKeys": keys })))
}
