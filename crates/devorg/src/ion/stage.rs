//! Each stage's forms, the one to fill first.

use serde_json::{Value, json};

use super::form::{about, form, polling};
use super::object::{Action, Object, enrolment_id, push};
use super::{Page, Parts, field};
use crate::authenticator::{Key, Method};
use crate::transaction::{Challenge, Channel, Enrollable, Enrolling, Pairing, Purpose, Stage};
use crate::user::Proof;
use crate::walk;
use crate::webauthn;
use crate::{qr, site};

/// What a person has set up, in the words of the wire.
const CURRENT: &str = "currentAuthenticator";
const ENROLLED: &str = "currentAuthenticatorEnrollment";

impl Page<'_> {
    pub(super) fn parts(&self) -> Parts {
        match &self.at.stage {
            Stage::Identify => self.identify(),
            Stage::IdentifyRecovery => Parts {
                forms: vec![
                    form(
                        self,
                        "identify-recovery",
                        "identify",
                        vec![field::required("identifier", "Username")],
                    ),
                    form(self, "select-identify", "identify/select", Vec::new()),
                ],
                ..Parts::default()
            },
            Stage::EnrollProfile(typed) => {
                let fields: Vec<Value> = self
                    .app
                    .profile
                    .attributes
                    .iter()
                    .map(|a| field::attribute(a, typed.get(&a.name)))
                    .collect();
                let mut forms = vec![
                    form(self, "enroll-profile", "enroll/new", vec![user_profile(fields)]),
                    form(self, "select-identify", "identify/select", Vec::new()),
                ];
                forms.extend(self.identity_providers());
                Parts { forms, ..Parts::default() }
            }
            Stage::UpdateProfile { missing, skippable } => {
                let asked = self.app.profile.attributes.iter().filter(|a| missing.contains(&a.name));
                let fields: Vec<Value> = asked.map(|a| field::attribute(a, None)).collect();
                let mut forms = vec![form(self, "profile-update", "enroll/new", vec![user_profile(fields)])];
                forms.extend(skippable.then(|| form(self, "skip", "skip", Vec::new())));
                Parts { forms, ..Parts::default() }
            }
            Stage::SelectAuthenticator => {
                let keys = self.offers();
                self.choosing(Parts::default(), &keys, true)
            }
            Stage::SelectMethod(key) => self.select_method(*key),
            Stage::Challenge(challenge) => self.challenge(challenge),
            Stage::SelectUnlock => self.select_unlock(),
            Stage::SelectEnrollment(offer) => self.enrollable(Parts::default(), offer),
            Stage::EnrollPhone { offer, method } => self.enroll_phone(offer, *method),
            Stage::Enrolling { offer, what } => self.enrolling(offer, what),
            Stage::RenewPassword(days) => self.renew_password(*days),
            Stage::ResetPassword => {
                let fields = vec![
                    field::secret("passcode", "New password"),
                    field::boolean("revokeSessions", "Sign me out of all other devices"),
                ];
                let fields = vec![field::credentials(fields)];
                Parts {
                    forms: vec![about(self, "reset-authenticator", "challenge/answer", CURRENT, fields)],
                    objects: vec![
                        (CURRENT, self.password().contained()),
                        ("recoveryAuthenticator", self.password().contained()),
                    ],
                }
            }
            Stage::Granted { code } => self.granted(code),
            Stage::Ended { messages, .. } => {
                let messages: Vec<Value> = messages.iter().map(crate::message::Message::ion).collect();
                Parts {
                    forms: Vec::new(),
                    objects: vec![("messages", json!({ "type": "array", "value": messages }))],
                }
            }
        }
    }

    fn identify(&self) -> Parts {
        let mut name = field::required("identifier", "Username");
        if let (Some(hint), Some(name)) = (&self.at.request.login_hint, name.as_object_mut()) {
            name.insert("value".to_owned(), json!(hint));
        }
        let mut fields = vec![name];
        let mut parts = Parts::default();
        if self.app.asks_password_first() {
            fields.push(field::credentials(vec![field::secret("passcode", "Password")]));
            if !self.app.password.recovery.is_empty() {
                let password = Object::authenticator(Key::OktaPassword).acting(self, &Action::Recover);
                parts.objects.push((CURRENT, password.contained()));
            }
        }
        if self.app.global_session.keep_me_signed_in {
            fields.push(field::boolean("rememberMe", "Keep me signed in"));
        }
        parts.forms.push(form(self, "identify", "identify", fields));
        if self.app.profile.self_service_registration {
            parts.forms.push(form(self, "select-enroll-profile", "enroll", Vec::new()));
        }
        if self.app.has_passwords() && !self.app.password.unlock.is_empty() {
            parts.forms.push(form(self, "unlock-account", "unlock-account", Vec::new()));
        }
        parts.forms.extend(self.identity_providers());
        if self.app.passkey_autofill {
            let names = ["authenticatorData", "clientData", "signatureData", "userHandle"];
            let fields = vec![field::credentials(names.map(field::hidden).into())];
            let path = "challenge/answer/webauthn-autofillui";
            let name = "challenge-webauthn-autofillui-authenticator";
            parts.forms.push(about(self, name, path, "webauthnAutofillUIChallenge", fields));
            let challenge = webauthn::autofill_challenge(&self.at.handle);
            let data =
                json!({ "challengeData": { "challenge": challenge, "userVerification": "preferred" } });
            parts.objects.push(("webauthnAutofillUIChallenge", json!({ "type": "object", "value": data })));
        }
        parts
    }

    fn identity_providers(&self) -> Vec<Value> {
        let offered = self.world.providers.iter().filter(|p| self.app.identity_providers.contains(&p.id));
        let base = site::base(self.origin, &self.at.request.server);
        let token = self.at.handle.replace('~', "");
        offered
            .map(|p| {
                json!({
                    "name": "redirect-idp",
                    "type": p.kind,
                    "idp": { "id": p.id, "name": p.name },
                    "href": format!("{base}/v1/authorize?client_id={}&request_uri=urn:okta:{token}:{}", self.app.client_id, p.id),
                    "method": "GET",
                })
            })
            .collect()
    }

    fn offers(&self) -> Vec<Key> {
        walk::offers(self.world, self.at, self.now)
    }

    /// Adds the choice among what can be shown, and what it relates to.
    fn choosing(&self, mut parts: Parts, keys: &[Key], alone: bool) -> Parts {
        let listed = self.listed(keys);
        let option = |key: &Key| {
            let at = listed.iter().position(|k| k == key)?;
            let mut fields = vec![field::fixed("id", &key.id())];
            match key {
                Key::PhoneNumber => {
                    fields.push(field::methods(key.methods(), false));
                    let enrolment = self.user().map(|user| enrolment_id(user, *key));
                    fields.extend(enrolment.map(|id| field::fixed("enrollmentId", &id)));
                }
                Key::OktaVerify => fields.push(field::methods(key.methods(), false)),
                _ => fields.push(field::method(*key)),
            }
            Some(json!({
                "label": key.label(),
                "value": { "form": { "value": fields } },
                "relatesTo": format!("$.authenticatorEnrollments.value[{at}]"),
            }))
        };
        if alone || keys.len() > 1 {
            let options: Vec<Value> = keys.iter().filter_map(option).collect();
            let choice = json!({ "name": "authenticator", "type": "object", "options": options });
            parts.forms.push(form(self, "select-authenticator-authenticate", "challenge", vec![choice]));
        }
        let authenticators: Vec<Value> = keys.iter().map(|key| Object::authenticator(*key).value()).collect();
        parts.objects.push(("authenticators", list(authenticators)));
        parts.objects.push(("authenticatorEnrollments", self.enrolments(keys)));
        if self.at.purpose == Purpose::Recover {
            parts.objects.push(("recoveryAuthenticator", self.password().contained()));
        }
        parts
    }

    /// The keys of the enrolments a document lists. Who has shown nothing is told only of what they may choose.
    fn listed(&self, keys: &[Key]) -> Vec<Key> {
        let held =
            self.user().filter(|_| !self.at.shown.is_empty()).map(|user| user.keys()).unwrap_or_default();
        let mut listed = held;
        listed.extend(keys.iter().filter(|key| !listed.contains(key)).copied().collect::<Vec<_>>());
        // Passkeys are several enrolments: they come last, so that the others keep their places.
        listed.sort_by_key(|key| *key == Key::Webauthn);
        listed
    }

    fn enrolments(&self, keys: &[Key]) -> Value {
        let mut all = Vec::new();
        for key in self.listed(keys) {
            let user = self.user().filter(|user| key == Key::Webauthn && user.has(key));
            match user {
                None => all.push(Object::enrolment(self, key).value()),
                Some(user) => all.extend(user.enrolments.iter().filter_map(|e| match &e.proof {
                    Proof::Passkey { credential, name, .. } => {
                        Some(Object::passkey(&e.id, credential, name).value())
                    }
                    _ => None,
                })),
            }
        }
        list(all)
    }

    fn select_method(&self, key: Key) -> Parts {
        let mut fields = vec![field::fixed("id", &key.id()), field::methods(key.methods(), true)];
        if let (Key::PhoneNumber, Some(user)) = (key, self.user()) {
            fields.push(field::fixed("enrollmentId", &enrolment_id(user, key)));
        }
        if key == Key::OktaVerify {
            fields.push(json!({ "name": "autoChallenge", "type": "boolean", "label": "Send push automatically", "required": false }));
        }
        let choice = json!({ "name": "authenticator", "label": key.label(), "form": { "value": fields } });
        let (current, object) = match key {
            Key::OktaVerify => (CURRENT, Object::authenticator(key)),
            _ => (ENROLLED, Object::enrolment(self, key)),
        };
        let forms = vec![about(self, "authenticator-verification-data", "challenge", current, vec![choice])];
        self.choosing(Parts { forms, objects: vec![(current, object.contained())] }, &self.offers(), false)
    }

    fn challenge(&self, challenge: &Challenge) -> Parts {
        let answer = |current: &'static str, fields: Vec<Value>, object: Object| Parts {
            forms: vec![about(self, "challenge-authenticator", "challenge/answer", current, fields)],
            objects: vec![(current, object.contained())],
        };
        let parts = match challenge {
            Challenge::Password => {
                let mut password = Object::enrolment(self, Key::OktaPassword);
                // Once in recovery the action is gone: a client would fire it again instead of answering.
                if self.at.purpose == Purpose::SignIn && !self.app.password.recovery.is_empty() {
                    password = password.acting(self, &Action::Recover);
                }
                answer(
                    ENROLLED,
                    vec![field::credentials(vec![field::secret("passcode", "Password")])],
                    password,
                )
            }
            Challenge::Code { key, method, code } => {
                let mut object =
                    Object::enrolment(self, *key).using(&[*method]).acting(self, &Action::Resend);
                if *key == Key::OktaEmail {
                    object = object
                        .acting(self, &Action::Poll)
                        .with("contextualData", json!({ "useEmailMagicLink": code.link.is_some() }));
                }
                answer(ENROLLED, vec![field::passcode()], object)
            }
            Challenge::Question => {
                let proof = self.user().and_then(|u| u.enrolment(Key::SecurityQuestion)).map(|e| &e.proof);
                let (key, question) = match proof {
                    Some(Proof::Question { key, question, .. }) => (key.as_str(), question.as_str()),
                    _ => ("", ""),
                };
                let mut asked = field::fixed_hidden("questionKey", key);
                if let Some(asked) = asked.as_object_mut() {
                    asked.insert("label".to_owned(), json!(question));
                }
                let fields = vec![field::credentials(vec![asked, field::required("answer", "Answer")])];
                let data = json!({ "enrolledQuestion": { "questionKey": key, "question": question } });
                answer(
                    ENROLLED,
                    fields,
                    Object::enrolment(self, Key::SecurityQuestion).with("contextualData", data),
                )
            }
            Challenge::Token { key, method } => {
                let fields = match (key, method) {
                    (_, Method::Totp) => vec![field::required("totp", "Enter code from Okta Verify app")],
                    (Key::Duo, _) => vec![field::required("signatureData", "Enter code")],
                    _ => vec![field::text("passcode", "Enter code")],
                };
                let fields = vec![field::credentials(fields)];
                match key {
                    Key::GoogleOtp | Key::OktaVerify | Key::SymantecVip => {
                        answer(CURRENT, fields, Object::authenticator(*key).using(&[*method]))
                    }
                    _ => answer(ENROLLED, fields, Object::enrolment(self, *key)),
                }
            }
            Challenge::Passkey { challenge } => {
                let names = ["authenticatorData", "clientData", "signatureData"];
                let fields = vec![field::credentials(names.map(field::hidden).into())];
                let data = json!({ "challengeData": {
                    "challenge": challenge,
                    "userVerification": "preferred",
                    "extensions": { "appid": self.origin },
                } });
                answer(CURRENT, fields, Object::authenticator(Key::Webauthn).with("contextualData", data))
            }
            Challenge::Push(sent) if sent.answer == Some(false) => {
                Parts { forms: vec![form(self, "resend", "challenge", vec![push()])], objects: Vec::new() }
            }
            Challenge::Push(sent) => {
                let mut object = Object::authenticator(Key::OktaVerify)
                    .using(&[Method::Push])
                    .acting(self, &Action::ResendPush);
                if let Some(number) = sent.number {
                    object = object.with("contextualData", json!({ "correctAnswer": number.to_string() }));
                }
                Parts {
                    forms: vec![polling(about(
                        self,
                        "challenge-poll",
                        "authenticators/poll",
                        CURRENT,
                        Vec::new(),
                    ))],
                    objects: vec![(CURRENT, object.contained())],
                }
            }
        };
        self.choosing(parts, &self.offers(), false)
    }

    fn select_unlock(&self) -> Parts {
        let methods = &self.app.password.unlock;
        let option = |(at, key): (usize, &Key)| {
            let mut fields = vec![field::fixed("id", &key.id())];
            fields.push(if *key == Key::PhoneNumber {
                field::methods(key.methods(), false)
            } else {
                field::method(*key)
            });
            json!({
                "label": key.label(),
                "value": { "form": { "value": fields } },
                "relatesTo": format!("$.authenticatorEnrollments.value[{at}]"),
            })
        };
        let options: Vec<Value> = methods.iter().enumerate().map(option).collect();
        let choice = json!({ "name": "authenticator", "type": "object", "options": options });
        let fields = vec![field::required("identifier", "Username"), choice];
        // Nobody has said yet who they are, so these are nobody's.
        let nobody: Vec<Value> = methods.iter().map(|key| Object::enrolment(self, *key).value()).collect();
        let authenticators: Vec<Value> =
            methods.iter().map(|key| Object::authenticator(*key).value()).collect();
        Parts {
            forms: vec![form(self, "select-authenticator-unlock-account", "challenge", fields)],
            objects: vec![
                ("authenticators", list(authenticators)),
                ("authenticatorEnrollments", list(nobody)),
            ],
        }
    }

    /// Adds the choice among what can be set up, and leaving it.
    fn enrollable(&self, mut parts: Parts, offer: &Enrollable) -> Parts {
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

    fn enroll_phone(&self, offer: &Enrollable, method: Option<Method>) -> Parts {
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

    fn enrolling(&self, offer: &Enrollable, what: &Enrolling) -> Parts {
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
                let address = self.user().map(|user| super::object::masked_mail(&user.email));
                let object = plain.with("profile", json!({ "email": address.unwrap_or_default() }));
                let object = object.with("contextualData", data);
                (field::passcode(), object.acting(self, &Action::Resend).acting(self, &Action::Poll))
            }
            Enrolling::Phone { method, number, .. } => {
                let profile = json!({ "phoneNumber": super::object::masked_number(number) });
                (
                    field::passcode(),
                    plain.with("profile", profile).using(&[*method]).acting(self, &Action::Resend),
                )
            }
            Enrolling::Question => question(plain),
            Enrolling::GoogleOtp { secret } => {
                let login = self.user().map(|user| user.login.as_str()).unwrap_or_default();
                let uri = qr::otpauth(&self.world.settings.name, login, secret);
                let data = json!({ "qrcode": qr::image(&uri), "sharedSecret": secret });
                (field::passcode(), plain.with("contextualData", data))
            }
            Enrolling::Passkey { challenge } => {
                let fields = vec![field::hidden("attestation"), field::hidden("clientData")];
                (field::credentials(fields), plain.with("contextualData", self.activation(challenge)))
            }
            Enrolling::Token { key: Key::Duo, .. } => {
                (field::credentials(vec![field::required("signatureData", "Enter code")]), plain)
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

    fn activation(&self, challenge: &str) -> Value {
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

    fn pairing(&self, pairing: &Pairing) -> Parts {
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
                set("qrcode", qr::image(&format!("{}/dev/okta-verify/{}", self.origin, pairing.token)));
                polling(form(self, "enroll-poll", "challenge/poll", Vec::new()))
            }
            (channel, Some(to)) => {
                let (name, label) = address_field(channel);
                set(name, json!(to));
                let fields = vec![
                    json!({ "name": name, "label": label, "required": true, "value": to, "visible": false, "mutable": false }),
                ];
                object = object.with("resend", form(self, "resend", "challenge/resend", fields));
                polling(form(self, "enroll-poll", "challenge/poll", Vec::new()))
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

    fn renew_password(&self, days: Option<u64>) -> Parts {
        let fields = vec![field::credentials(vec![field::secret("passcode", "New password")])];
        let mut password = self.password();
        let name = match days {
            None => "reenroll-authenticator",
            Some(days) => {
                let mut settings = self.app.password.complexity.settings();
                if let Some(settings) = settings.as_object_mut() {
                    settings.insert("daysToExpiry".to_owned(), json!(days));
                }
                password = password.with("settings", settings);
                "reenroll-authenticator-warning"
            }
        };
        let mut forms = vec![about(self, name, "challenge/answer", CURRENT, fields)];
        forms.extend(days.map(|_| form(self, "skip", "skip", Vec::new())));
        Parts { forms, objects: vec![(CURRENT, password.contained())] }
    }

    fn granted(&self, code: &str) -> Parts {
        let mut fields = vec![
            json!({ "name": "grant_type", "required": true, "value": "interaction_code" }),
            json!({ "name": "interaction_code", "required": true, "value": code }),
            json!({ "name": "client_id", "required": true, "value": self.app.client_id }),
        ];
        if self.app.is_confidential() {
            fields.push(json!({ "name": "client_secret", "required": true }));
        }
        fields.push(json!({ "name": "code_verifier", "required": true }));
        let issue = json!({
            "rel": ["create-form"],
            "name": "issue",
            "href": format!("{}/v1/token", site::base(self.origin, &self.at.request.server)),
            "method": "POST",
            "value": fields,
            "accepts": "application/x-www-form-urlencoded",
        });
        Parts { forms: Vec::new(), objects: vec![("successWithInteractionCode", issue)] }
    }

    /// The password authenticator with its rules.
    fn password(&self) -> Object {
        Object::authenticator(Key::OktaPassword).with("settings", self.app.password.complexity.settings())
    }
}

fn user_profile(fields: Vec<Value>) -> Value {
    json!({ "name": "userProfile", "type": "object", "required": true, "form": { "value": fields } })
}

fn list(values: Vec<Value>) -> Value {
    json!({ "type": "array", "value": values })
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
        walk::QUESTIONS.iter().map(|(key, text)| json!({ "label": text, "value": key })).collect();
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
    let keys: Vec<&str> = walk::QUESTIONS.iter().map(|(key, _)| *key).chain(["custom"]).collect();
    let data: Vec<Value> =
        walk::QUESTIONS.iter().map(|(key, text)| json!({ "questionKey": key, "question": text })).collect();
    (credentials, plain.with("contextualData", json!({ "questions": data, "questionKeys": keys })))
}
