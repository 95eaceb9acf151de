//! The choice of authenticator and method.

use serde_json::{Value, json};

use super::authenticator::{AuthenticatorObject, enrolment_id};
use super::builder::{CURRENT, DocumentBuilder, ENROLLED, StepParts, list};
use super::field;
use super::form::{form, related};
use crate::flow;
use crate::org::authenticator::Authenticator;
use crate::org::transaction::Purpose;
use crate::org::user::{Enrolment, Factor};

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
        let id_of = |enrolment: Option<&Enrolment>| enrolment.map(|enrolment| enrolment.id.clone());
        let option = |(key, enrolment): (Authenticator, Option<&Enrolment>)| {
            let is_listed = |(k, e): &(Authenticator, Option<&Enrolment>)| {
                *k == key && (enrolment.is_none() || id_of(*e) == id_of(enrolment))
            };
            let at = listed.iter().position(is_listed)?;
            let mut fields = vec![field::fixed("id", &key.id())];
            match key {
                Authenticator::PhoneNumber => {
                    fields.push(field::methods(key.methods(), false));
                    let id = self.user().map(|user| enrolment_id(user, key, enrolment));
                    fields.extend(id.map(|id| field::fixed("enrollmentId", &id)));
                }
                Authenticator::OktaVerify => fields.push(field::methods(&self.methods(key), false)),
                _ => fields.push(field::method(key)),
            }
            Some(json!({
                "label": key.label(),
                "value": { "form": { "value": fields } },
                "relatesTo": format!("$.authenticatorEnrollments.value[{at}]"),
            }))
        };
        let rows = keys.iter().flat_map(|key| match key {
            // Any of the passkeys answers the same challenge.
            Authenticator::Webauthn => vec![(*key, None)],
            _ => self.each_enrolment(*key),
        });
        let options: Vec<Value> = rows.filter_map(option).collect();
        if alone || options.len() > 1 {
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

    /// The enrolments of an authenticator of which a user may have several; any other is listed once.
    fn each_enrolment(&self, key: Authenticator) -> Vec<(Authenticator, Option<&Enrolment>)> {
        let may_be_several = matches!(key, Authenticator::PhoneNumber | Authenticator::Webauthn);
        let all = self.user().filter(|_| may_be_several).into_iter().flat_map(|user| &user.enrolments);
        let own: Vec<_> = all.filter(|e| e.factor.authenticator() == key).map(|e| (key, Some(e))).collect();
        if own.is_empty() { vec![(key, None)] } else { own }
    }

    /// The enrolments that the document lists. Before a factor is verified, only those of the authenticators on offer.
    fn listed(&self, keys: &[Authenticator]) -> Vec<(Authenticator, Option<&Enrolment>)> {
        let held = self
            .user()
            .filter(|_| !self.transaction.verified.is_empty())
            .map(|user| user.authenticators())
            .unwrap_or_default();
        let mut listed = held;
        listed.extend(keys.iter().filter(|key| !listed.contains(key)).copied().collect::<Vec<_>>());
        // A user may have several passkeys. They come last, so that the other indices stay valid.
        listed.sort_by_key(|key| *key == Authenticator::Webauthn);
        listed.into_iter().flat_map(|key| self.each_enrolment(key)).collect()
    }

    pub(super) fn enrolments(&self, keys: &[Authenticator]) -> Value {
        let object = |(key, enrolment): (Authenticator, Option<&Enrolment>)| match (enrolment, self.user()) {
            (Some(Enrolment { id, factor: Factor::Passkey { credential, name, .. }, .. }), _) => {
                AuthenticatorObject::passkey(id, credential, name).value()
            }
            (Some(_), Some(user)) => AuthenticatorObject::of_enrolment(user, key, enrolment).value(),
            _ => AuthenticatorObject::enrolment(self, key).value(),
        };
        list(self.listed(keys).into_iter().map(object).collect())
    }

    pub(super) fn select_method(&self, key: Authenticator) -> StepParts {
        let mut fields = vec![field::fixed("id", &key.id()), field::methods(&self.methods(key), true)];
        if let (Authenticator::PhoneNumber, Some(user)) = (key, self.user()) {
            let chosen = user.chosen_enrolment(key, self.transaction.enrolment.as_deref());
            fields.push(field::fixed("enrollmentId", &enrolment_id(user, key, chosen)));
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
