//! `/webauthn`: the passkeys of the user.

use serde_json::{Value, json};

use super::{AccountAnswer, AccountRefusal, Outcome, UserAccount, text};
use crate::clock::minutes;
use crate::credentials::webauthn::{self, Attestation};
use crate::flow::passkeys::relying_party;
use crate::org::unverified::PasskeyRegistration;
use crate::org::user::{Enrolment, Factor};

impl UserAccount<'_> {
    pub(super) fn passkeys(&mut self, method: &str, rest: &[&str], body: &Value) -> Outcome {
        match (method, rest) {
            ("GET", []) => {
                let all = self.user()?.enrolments.iter().filter_map(|enrolment| self.passkey_json(enrolment));
                Ok(AccountAnswer::shown(json!(all.collect::<Vec<_>>())))
            }
            ("POST", ["registration"]) => self.begin_registration(),
            ("POST", []) => self.register(body),
            ("GET", [id]) => Ok(AccountAnswer::shown(self.passkey(id)?)),
            ("DELETE", [id]) => {
                self.passkey(id)?;
                self.user_mut()?.enrolments.retain(|enrolment| enrolment.id != **id);
                Ok(AccountAnswer::DONE)
            }
            _ => Err(AccountRefusal::NotFound),
        }
    }

    fn passkey(&self, id: &str) -> Result<Value, AccountRefusal> {
        let enrolment = self.user()?.enrolments.iter().find(|enrolment| enrolment.id == id);
        enrolment.and_then(|enrolment| self.passkey_json(enrolment)).ok_or(AccountRefusal::NotFound)
    }

    fn passkey_json(&self, enrolment: &Enrolment) -> Option<Value> {
        let Factor::Passkey { credential, name, .. } = &enrolment.factor else { return None };
        Some(json!({
            "id": enrolment.id,
            "name": name,
            "created": enrolment.at.iso(),
            "lastChallenged": enrolment.last_challenged.map(|at| at.iso()),
            "profile": { "credentialId": credential, "authenticatorName": name },
            "_links": { "self": self.link(&format!("webauthn/{}", enrolment.id), &["GET", "DELETE"]) },
        }))
    }

    fn begin_registration(&mut self) -> Outcome {
        let challenge = webauthn::new_challenge(self.random);
        let expires_at = self.now.after(minutes(self.org.settings.code_lifetime_minutes));
        let registration = PasskeyRegistration { challenge: challenge.clone(), expires_at };
        self.org.unverified.passkeys.insert(self.user.clone(), registration);
        let user = self.user()?;
        let known: Vec<Value> = user
            .enrolments
            .iter()
            .filter_map(|enrolment| match &enrolment.factor {
                Factor::Passkey { credential, .. } => Some(json!({ "type": "public-key", "id": credential })),
                _ => None,
            })
            .collect();
        let mut party = json!({ "name": self.org.settings.name });
        if let (Some(id), Some(party)) = (&self.app()?.passkeys.rp_id, party.as_object_mut()) {
            party.insert("id".to_owned(), json!(id));
        }
        Ok(AccountAnswer::shown(json!({
            "options": {
                "rp": party,
                "user": { "id": user.id, "name": user.login, "displayName": user.name() },
                "pubKeyCredParams": [{ "type": "public-key", "alg": -7 }, { "type": "public-key", "alg": -257 }],
                "challenge": challenge,
                "attestation": "direct",
                "authenticatorSelection": { "userVerification": "preferred", "residentKey": "preferred" },
                "excludeCredentials": known,
            },
            "expiresAt": expires_at.iso(),
            "_links": { "enroll": self.link("webauthn", &["POST"]) },
        })))
    }

    fn register(&mut self, body: &Value) -> Outcome {
        let refuse = || {
            AccountRefusal::invalid(
                "webauthn",
                "attestation: Your device was unable to set up the security key.",
            )
        };
        let registration = self.org.unverified.passkeys.remove(&self.user).ok_or_else(refuse)?;
        let attestation = Attestation {
            client_data: text(body, "/clientData").unwrap_or_default(),
            attestation: text(body, "/attestation").unwrap_or_default(),
        };
        let party = relying_party(self.app()?, self.origin);
        let registered = attestation
            .verify(&registration.challenge, &party)
            .ok()
            .filter(|_| self.now < registration.expires_at)
            .ok_or_else(refuse)?;
        let (now, random) = (self.now, &mut *self.random);
        let user = self.org.users.get_mut(&self.user).ok_or(AccountRefusal::InvalidToken)?;
        let name = user.next_passkey_name();
        user.enrol(Factor::passkey(registered, name), now, random);
        user.updated_at = now;
        let id = user.enrolments.last().map(|enrolment| enrolment.id.clone()).unwrap_or_default();
        Ok(AccountAnswer::shown(self.passkey(&id)?))
    }
}
