//! The documents of steps at other vendors: links to their pages, Duo's frame, and a card to read.

use serde_json::{Value, json};

use super::authenticator::AuthenticatorObject;
use super::builder::{CURRENT, DocumentBuilder, ENROLLED, StepParts};
use super::form::{polling, related};
use crate::org::authenticator::Authenticator;
use crate::org::settings::vendors::VerificationService;
use crate::org::transaction::Step;

/// The identity provider that stands for certificates.
const CERTIFICATES: &str = "MTLS";

impl DocumentBuilder<'_> {
    /// A link to the page of an authenticator's vendor.
    pub(super) fn elsewhere(&self, key: Authenticator) -> StepParts {
        let (kind, id, name, href) = match key {
            Authenticator::SmartCardIdp => {
                let address = self.provider_address(CERTIFICATES);
                ("X509", CERTIFICATES, "Certificate based authentication", address)
            }
            Authenticator::ExternalIdp => {
                let provider = self.org.provider_authenticator();
                let (id, name) = provider.map_or(("", ""), |provider| (&provider.id, &provider.name));
                ("OIDC", id, name, self.provider_address(id))
            }
            _ => {
                let address = format!("{}/duo/authorize?state={}", self.origin, self.transaction.reference());
                ("DUO", "duo", key.label(), address)
            }
        };
        // As in Okta's documents, a provider that is verified is an enrolment.
        let is_enrolled =
            key == Authenticator::ExternalIdp && matches!(self.transaction.step, Step::Challenge(_));
        let related = if is_enrolled { ENROLLED } else { CURRENT };
        let link = json!({
            "name": "redirect-idp",
            "relatesTo": [format!("$.{related}")],
            "type": kind,
            "idp": { "id": id, "name": name },
            "href": href,
            "method": "GET",
        });
        let mut object = AuthenticatorObject::authenticator(key);
        if key == Authenticator::Duo {
            object = object.with("methods", json!([{ "type": "idp" }]));
        }
        let enrolled = is_enrolled.then(|| (ENROLLED, AuthenticatorObject::enrolment(self, key).wrapped()));
        StepParts {
            forms: vec![link],
            objects: enrolled.into_iter().chain([(CURRENT, object.wrapped())]).collect(),
        }
    }

    /// Where the org asks a provider, or the browser for a certificate.
    pub(super) fn provider_address(&self, provider: &str) -> String {
        format!("{}/sso/idps/{provider}?stateToken={}", self.origin, self.transaction.reference())
    }

    /// A link to the service that verifies who the user is.
    pub(super) fn verify_identity(&self, service: VerificationService) -> StepParts {
        let reference = self.transaction.reference();
        let mut link = json!({
            "name": "redirect-idverify",
            "type": "ID_PROOFING",
            "idp": { "id": service.id(), "name": service.name() },
            "href": format!("{}/idp/identity-verification?stateTokenExternalId={reference}", self.origin),
            "method": "GET",
        });
        if let (Some(metadata), Some(members)) = (service.metadata(), link.as_object_mut()) {
            members.insert("idvMetadata".to_owned(), metadata);
        }
        StepParts { forms: vec![link], ..StepParts::default() }
    }

    /// Duo's frame: its host, and the request that the org has signed for it.
    pub(super) fn duo_frame(&self) -> Value {
        let host = self.origin.split_once("://").map_or(self.origin, |(_, host)| host);
        let reference = self.transaction.reference();
        json!({
            "integrationType": "IFRAME",
            "host": host,
            "signedToken": format!("TX|{reference}:APP|{reference}"),
        })
    }

    /// A card to hold to the reader. An app on the device reads it.
    pub(super) fn card_to_read(&self, name: &str) -> StepParts {
        let address = format!(
            "com-okta-authenticator:/deviceChallenge?challengeRequest={}",
            self.transaction.reference()
        );
        let data = match name {
            "enroll-poll" => json!({ "setupNfcUrl": address }),
            _ => json!({ "challenge": { "type": "object",
                "value": { "challengeMethod": "CUSTOM_URI", "href": address } } }),
        };
        let object = AuthenticatorObject::authenticator(Authenticator::NfcPin).with("contextualData", data);
        let form = related(self, name, "authenticators/poll", CURRENT, Vec::new());
        StepParts { forms: vec![polling(self, form)], objects: vec![(CURRENT, object.wrapped())] }
    }
}
