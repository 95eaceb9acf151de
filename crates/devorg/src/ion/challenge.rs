//! Challenges: what is asked for, and how it is answered.

use serde_json::{Value, json};

use super::authenticator::{Action, Object, push};
use super::form::{about, form, polling};
use super::{CURRENT, ENROLLED, Page, Parts, field};
use crate::org::authenticator::{Key, Method};
use crate::org::transaction::{Challenge, Purpose, Push};
use crate::org::user::Proof;

impl Page<'_> {
    #[expect(clippy::too_many_lines, reason = "one form for each challenge")]
    pub(super) fn challenge(&self, challenge: &Challenge) -> Parts {
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
                // No `appid`: it would name the org, and browsers refuse one of another origin than the page's.
                let data = json!({ "challengeData": {
                    "challenge": challenge,
                    "userVerification": "preferred",
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
                    forms: vec![polling(
                        self,
                        about(self, "challenge-poll", "authenticators/poll", CURRENT, Vec::new()),
                    )],
                    objects: vec![(CURRENT, object.contained())],
                }
            }
        };
        // After a rejection there is always a choice, even if it is the same once more: a client looks for one.
        let is_rejected = matches!(challenge, Challenge::Push(Push { answer: Some(false), .. }));
        self.choosing(parts, &self.offers(), is_rejected)
    }
}
