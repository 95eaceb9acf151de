//! Choosing: which authenticator, which of its methods, and what the choice relates to.

use serde_json::{Value, json};

use super::authenticator::{Object, enrolment_id};
use super::form::{about, form};
use super::{CURRENT, ENROLLED, Page, Parts, field, list};
use crate::flow;
use crate::org::authenticator::Key;
use crate::org::transaction::Purpose;
use crate::org::user::Proof;

impl Page<'_> {
    pub(super) fn offers(&self) -> Vec<Key> {
        flow::offers(self.world, self.at, self.now)
    }

    /// Adds the choice among what can be shown, and what it relates to.
    pub(super) fn choosing(&self, mut parts: Parts, keys: &[Key], alone: bool) -> Parts {
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
    pub(super) fn listed(&self, keys: &[Key]) -> Vec<Key> {
        let held =
            self.user().filter(|_| !self.at.shown.is_empty()).map(|user| user.keys()).unwrap_or_default();
        let mut listed = held;
        listed.extend(keys.iter().filter(|key| !listed.contains(key)).copied().collect::<Vec<_>>());
        // Passkeys are several enrolments: they come last, so that the others keep their places.
        listed.sort_by_key(|key| *key == Key::Webauthn);
        listed
    }

    pub(super) fn enrolments(&self, keys: &[Key]) -> Value {
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

    pub(super) fn select_method(&self, key: Key) -> Parts {
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

    pub(super) fn select_unlock(&self) -> Parts {
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
}
