//! Passkeys on the first page, the promotion after the sign-in, and the name that the org gives them.

use serde_json::{Value, json};

use super::authenticator::AuthenticatorObject;
use super::builder::{CURRENT, DocumentBuilder, StepParts};
use super::field;
use super::form::{form, related};
use crate::credentials::webauthn;
use crate::org::authenticator::Authenticator;

/// The member with the challenge of the first page.
const CHALLENGE: &str = "webauthnAutofillUIChallenge";

/// The fields for what a passkey of a known user signs.
pub(super) fn assertion() -> Vec<Value> {
    ["authenticatorData", "clientData", "signatureData"].map(field::hidden).into()
}

/// The fields for what a passkey signs that says itself whose it is.
pub(super) fn discoverable_assertion() -> Vec<Value> {
    let mut fields = assertion();
    fields.push(json!({ "name": "userHandle", "required": false, "visible": false }));
    fields
}

impl DocumentBuilder<'_> {
    /// Adds the forms that take a passkey before the user is identified. One challenge serves both.
    pub(super) fn add_passkey_forms(&self, parts: &mut StepParts) {
        let forms = [
            (self.app.passkeys.button, "launch-passkeys-authenticator"),
            (self.app.passkey_autofill, "challenge-webauthn-autofillui-authenticator"),
        ];
        let names: Vec<&str> = forms.into_iter().filter(|(is_on, _)| *is_on).map(|(_, name)| name).collect();
        for name in &names {
            let path = "challenge/answer/webauthn-autofillui";
            let mut form = form(self, name, path, vec![field::credentials(discoverable_assertion())]);
            if let Some(form) = form.as_object_mut() {
                // Okta's own reference has no `$.` here.
                form.insert("relatesTo".to_owned(), json!([CHALLENGE]));
            }
            parts.forms.push(form);
        }
        if !names.is_empty() {
            let challenge = webauthn::autofill_challenge(&self.transaction.handle);
            let data = self.challenge_data(&challenge);
            parts.objects.push((CHALLENGE, json!({ "type": "object", "value": data })));
        }
    }

    /// The button that leads to the challenge of a passkey.
    pub(super) fn launch_passkey_form(&self) -> Option<Value> {
        let path = "authenticators/webauthn/launch";
        self.app.passkeys.launch.then(|| form(self, "launch-webauthn-authenticator", path, Vec::new()))
    }

    /// What the browser asks a passkey with.
    pub(super) fn challenge_data(&self, challenge: &str) -> Value {
        // No `appid`: it would name the org, and browsers refuse an `appid` of another origin.
        let mut data = json!({ "challenge": challenge, "userVerification": "preferred" });
        if let (Some(id), Some(data)) = (&self.app.passkeys.rp_id, data.as_object_mut()) {
            data.insert("rpId".to_owned(), json!(id));
        }
        json!({ "challengeData": data })
    }

    /// The site that a new passkey is for.
    pub(super) fn relying_party(&self) -> Value {
        match &self.app.passkeys.rp_id {
            Some(id) => json!({ "id": id, "name": self.org.settings.name }),
            None => json!({ "name": self.org.settings.name }),
        }
    }

    /// The offer of a passkey after the sign-in.
    pub(super) fn promote_passkey(&self, challenge: &str) -> StepParts {
        let key = Authenticator::Webauthn;
        let names = ["clientData", "attestation", "transports", "clientExtensions"];
        let field = |name: &str| {
            let is_text = matches!(name, "transports" | "clientExtensions");
            json!({ "name": name, "required": !is_text, "visible": false })
        };
        let fields = vec![field::credentials(names.into_iter().map(field).collect())];
        let object =
            AuthenticatorObject::authenticator(key).with("contextualData", self.activation(challenge));
        StepParts {
            forms: vec![
                related(self, "enroll-authenticator-promotion", "credential/enroll", CURRENT, fields),
                form(self, "skip", "skip", Vec::new()),
            ],
            objects: vec![
                (CURRENT, object.wrapped()),
                ("enrollmentAuthenticator", AuthenticatorObject::authenticator(key).wrapped()),
                // Okta's widget makes no passkey without this list.
                ("authenticatorEnrollments", self.enrolments(&[])),
            ],
        }
    }
}
