//! The choice of authenticator and method.

use serde_json::{Value, json};

use super::authenticator::{AuthenticatorObject, enrolment_id};
use super::builder::{CURRENT, DocumentBuilder, ENROLLED, StepParts, list};
use super::field;
use super::form::{form, related};
use crate::flow;
use crate::org::authenticator::Authenticator;
use crate::org::transaction::Purpose;
use crate::org::user::Factor;

impl DocumentBuilder<'_> {
    pub(super) fn offered_authenticators(&self) -> Vec<Authenticator> {
        flow::offered_authenticators(self.org, self.transaction, self.now)
    }

    /// Adds the choice of authenticators to verify, and the objects it relates to.
    pub(super) fn authenticator_choice(
        &self,
        mut parts: StepParts,
        keys: &[Authenticator],
        alone: bool,
    ) -> StepParts {
        let listed = self.listed(keys);
        let option = |key: &Authenticator| {
            let at = listed.iter().position(|k| k == key)?;
            let mut fields = vec![field::fixed("id", &key.id())];
            match key {
                Authenticator::PhoneNumber => {
                    fields.push(field::methods(key.methods(), false));
                    let enrolment = self.user().map(|user| enrolment_id(user, *key));
                    fields.extend(enrolment.map(|id| field::fixed("enrollmentId", &id)));
                }
                Authenticator::OktaVerify => fields.push(field::methods(&self.methods(*key), false)),
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
        let authenticators: Vec<Value> =
            keys.iter().map(|key| AuthenticatorObject::authenticator(*key).value()).collect();
        parts.objects.push(("authenticators", list(authenticators)));
        parts.objects.push(("authenticatorEnrollments", self.enrolments(keys)));
        if self.transaction.purpose == Purpose::Recover {
            parts.objects.push(("recoveryAuthenticator", self.password().wrapped()));
        }
        parts
    }

    /// The authenticators whose enrolments the document lists. Before a factor is verified, only those on offer.
    pub(super) fn listed(&self, keys: &[Authenticator]) -> Vec<Authenticator> {
        let held = self
            .user()
            .filter(|_| !self.transaction.verified.is_empty())
            .map(|user| user.authenticators())
            .unwrap_or_default();
        let mut listed = held;
        listed.extend(keys.iter().filter(|key| !listed.contains(key)).copied().collect::<Vec<_>>());
        // A user may have several passkeys. They come last, so that the other indices stay valid.
        listed.sort_by_key(|key| *key == Authenticator::Webauthn);
        listed
    }

    pub(super) fn enrolments(&self, keys: &[Authenticator]) -> Value {
        let mut all = Vec::new();
        for key in self.listed(keys) {
            let user = self.user().filter(|user| key == Authenticator::Webauthn && user.has(key));
            match user {
                None => all.push(AuthenticatorObject::enrolment(self, key).value()),
                Some(user) => all.extend(user.enrolments.iter().filter_map(|e| match &e.factor {
                    Factor::Passkey { credential, name, .. } => {
                        Some(AuthenticatorObject::passkey(&e.id, credential, name).value())
                    }
                    _ => None,
                })),
            }
        }
        list(all)
    }

    pub(super) fn select_method(&self, key: Authenticator) -> StepParts {
        let mut fields = vec![field::fixed("id", &key.id()), field::methods(&self.methods(key), true)];
        if let (Authenticator::PhoneNumber, Some(user)) = (key, self.user()) {
            fields.push(field::fixed("enrollmentId", &enrolment_id(user, key)));
        }
        if matches!(key, Authenticator::OktaVerify | Authenticator::CustomApp) {
            fields.push(json!({ "name": "autoChallenge", "type": "boolean", "label": "Send push automatically", "required": false }));
        }
        let choice = json!({ "name": "authenticator", "label": key.label(), "form": { "value": fields } });
        let (current, object) = match key {
            Authenticator::OktaVerify | Authenticator::CustomApp => {
                (CURRENT, AuthenticatorObject::authenticator(key))
            }
            _ => (ENROLLED, AuthenticatorObject::enrolment(self, key)),
        };
        let forms =
            vec![related(self, "authenticator-verification-data", "challenge", current, vec![choice])];
        self.authenticator_choice(
            StepParts { forms, objects: vec![(current, object.wrapped())] },
            &self.offered_authenticators(),
            false,
        )
    }

    pub(super) fn select_unlock(&self) -> StepParts {
        let methods = &self.app.password.unlock;
        let option = |(at, key): (usize, &Authenticator)| {
            let mut fields = vec![field::fixed("id", &key.id())];
            fields.push(if *key == Authenticator::PhoneNumber {
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
        // The user is not identified yet, so these are no one's enrolments.
        let enrolments: Vec<Value> =
            methods.iter().map(|key| AuthenticatorObject::enrolment(self, *key).value()).collect();
        let authenticators: Vec<Value> =
            methods.iter().map(|key| AuthenticatorObject::authenticator(*key).value()).collect();
        StepParts {
            forms: vec![form(self, "select-authenticator-unlock-account", "challenge", fields)],
            objects: vec![
                ("authenticators", list(authenticators)),
                ("authenticatorEnrollments", list(enrolments)),
            ],
        }
    }
}
