//! What the built-in identity provider stores: its client's secret, and the consents users have given.

use std::collections::HashMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::{Timestamp, minutes};
use crate::random::Random;

/// The provider's state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct ProviderAccounts {
    client_secret: String,
    codes: HashMap<String, Consent>,
    access_tokens: HashMap<String, Consent>,
}

/// A valid authorization request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AuthorizationRequest {
    pub(crate) redirect_uri: String,
    pub(crate) state: String,
    pub(crate) nonce: String,
    /// The PKCE challenge, S256.
    pub(crate) challenge: String,
}

/// The person who signs in at the provider. They may enter any name and address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Person {
    pub(crate) email: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
}

/// A person's consent to one authorization request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Consent {
    pub(crate) issuer: String,
    pub(crate) request: AuthorizationRequest,
    pub(crate) person: Person,
    expires_at: Timestamp,
}

/// How long an authorization code is valid.
const CODE_LIFETIME: Duration = minutes(1);
/// How long an access token is valid.
pub(crate) const ACCESS_TOKEN_LIFETIME: Duration = minutes(5);

impl ProviderAccounts {
    pub(crate) fn new(random: &mut Random) -> Self {
        Self { client_secret: random.secret(), ..Self::default() }
    }

    /// The secret of the one client, which is the org.
    pub(crate) fn client_secret(&self) -> &str {
        &self.client_secret
    }

    /// Records a consent and issues the code for it.
    pub(crate) fn consent(
        &mut self,
        issuer: String,
        request: AuthorizationRequest,
        person: Person,
        now: Timestamp,
        random: &mut Random,
    ) -> String {
        self.codes.retain(|_, consent| consent.expires_at > now);
        self.access_tokens.retain(|_, consent| consent.expires_at > now);
        let code = random.secret();
        let expires_at = now.after(CODE_LIFETIME);
        self.codes.insert(code.clone(), Consent { issuer, request, person, expires_at });
        code
    }

    /// Takes the consent of a code. A code works once.
    pub(crate) fn redeem(&mut self, code: &str, now: Timestamp) -> Option<Consent> {
        self.codes.remove(code).filter(|consent| now < consent.expires_at)
    }

    /// Stores an access token.
    pub(crate) fn add_access_token(&mut self, token: String, consent: Consent, now: Timestamp) {
        let expires_at = now.after(ACCESS_TOKEN_LIFETIME);
        self.access_tokens.insert(token, Consent { expires_at, ..consent });
    }

    /// The consent behind an access token that is valid at this issuer.
    pub(crate) fn access_token(&self, issuer: &str, token: &str, now: Timestamp) -> Option<&Consent> {
        self.access_tokens.get(token).filter(|consent| consent.issuer == issuer && now < consent.expires_at)
    }
}
