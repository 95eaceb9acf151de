//! The document of a challenge.

use serde_json::{Value, json};

use super::authenticator::{Action, AuthenticatorObject, push};
use super::builder::{CURRENT, DocumentBuilder, ENROLLED, StepParts};
use super::field;
use super::form::{form, polling, related};
use super::passkeys;
use crate::org::authenticator::{Authenticator, Method};
use crate::org::transaction::{Challenge, Purpose, Push, Subject};
use crate::org::user::Factor;

impl DocumentBuilder<'_> {
    #[expect(clippy::too_many_lines, reason = "one form for each challenge")]
    pub(super) fn challenge(&self, challenge: &Challenge) -> StepParts {
        let answer = |current: &'static str, fields: Vec<Value>, object: AuthenticatorObject| StepParts {
            forms: vec![related(self, "challenge-authenticator", "challenge/answer", current, fields)],
            objects: vec![(current, object.wrapped())],
        };
        let parts = match challenge {
            Challenge::Password => {
                let mut password = AuthenticatorObject::enrolment(self, Authenticator::OktaPassword);
                // No recover action during recovery: a client would send it again instead of the answer.
                if self.transaction.purpose == Purpose::SignIn && !self.app.password.recovery.is_empty() {
                    password = password.with_action(self, &Action::Recover);
                }
                answer(
                    ENROLLED,
                    vec![field::credentials(vec![field::secret("passcode", "Password")])],
                    password,
                )
            }
            Challenge::Code { key, method, code } => {
                let mut object = AuthenticatorObject::enrolment(self, *key)
                    .with_methods(&[*method])
                    .with_action(self, &Action::Resend);
                if *key == Authenticator::OktaEmail {
                    object = object
                        .with_action(self, &Action::Poll)
                        .with("contextualData", json!({ "useEmailMagicLink": code.link.is_some() }));
                }
                let field = match key {
                    Authenticator::OktaEmail => field::email_passcode(self.app.email_code),
                    _ => field::passcode(),
                };
                answer(ENROLLED, vec![field], object)
            }
            Challenge::Question => {
                let factor =
                    self.user().and_then(|u| u.enrolment(Authenticator::SecurityQuestion)).map(|e| &e.factor);
                let (key, question) = match factor {
                    Some(Factor::Question { key, question, .. }) => (key.as_str(), question.as_str()),
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
                    AuthenticatorObject::enrolment(self, Authenticator::SecurityQuestion)
                        .with("contextualData", data),
                )
            }
            Challenge::Otp { key, method } => {
                let fields = match (key, method) {
                    (_, Method::Totp) => vec![field::required("totp", "Enter code from Okta Verify app")],
                    (Authenticator::Duo, _) => vec![field::hidden("signatureData")],
                    (Authenticator::YubikeyToken, _) => vec![field::secret("passcode", "Enter code")],
                    _ => vec![field::text("passcode", "Enter code")],
                };
                let fields = vec![field::credentials(fields)];
                match key {
                    Authenticator::GoogleOtp | Authenticator::OktaVerify | Authenticator::SymantecVip => {
                        answer(
                            CURRENT,
                            fields,
                            AuthenticatorObject::authenticator(*key).with_methods(&[*method]),
                        )
                    }
                    Authenticator::Duo => {
                        let object = AuthenticatorObject::enrolment(self, *key);
                        answer(ENROLLED, fields, object.with("contextualData", self.duo_frame()))
                    }
                    _ => answer(ENROLLED, fields, AuthenticatorObject::enrolment(self, *key)),
                }
            }
            Challenge::Passkey { challenge } => {
                let fields = match self.transaction.subject {
                    Subject::Unidentified => passkeys::discoverable_assertion(),
                    Subject::UnknownUser(_) | Subject::User { .. } => passkeys::assertion(),
                };
                let data = self.challenge_data(challenge);
                answer(
                    CURRENT,
                    vec![field::credentials(fields)],
                    AuthenticatorObject::authenticator(Authenticator::Webauthn).with("contextualData", data),
                )
            }
            Challenge::Device(proof) => self.device_as_authenticator(proof),
            Challenge::Elsewhere { key } => self.elsewhere(*key),
            Challenge::Card { read: false } => self.card_to_read("challenge-poll"),
            Challenge::Card { read: true } => answer(
                CURRENT,
                vec![field::credentials(vec![field::secret("passcode", "PIN")])],
                AuthenticatorObject::authenticator(Authenticator::NfcPin).with_action(self, &Action::Recover),
            ),
            Challenge::Push(sent) if sent.answer == Some(false) => StepParts {
                forms: vec![form(self, "resend", "challenge", vec![push(sent.key)])],
                objects: Vec::new(),
            },
            Challenge::Push(sent) => {
                let mut object = AuthenticatorObject::authenticator(sent.key)
                    .with_methods(&[Method::Push])
                    .with_action(self, &Action::ResendPush(sent.key));
                if let Some(number) = sent.number {
                    object = object.with("contextualData", json!({ "correctAnswer": number.to_string() }));
                }
                StepParts {
                    forms: vec![polling(
                        self,
                        related(self, "challenge-poll", "authenticators/poll", CURRENT, Vec::new()),
                    )],
                    objects: vec![(CURRENT, object.wrapped())],
                }
            }
        };
        // After a rejected push there is always a choice, even of the same authenticator: clients expect one.
        let is_rejected = matches!(challenge, Challenge::Push(Push { answer: Some(false), .. }));
        self.authenticator_choice(parts, &self.offered_authenticators(), is_rejected)
    }
}
