//! The identity provider that is built in: an OpenID provider of its own, which the org meets as a stranger would.

use std::collections::HashMap;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::chance::Chance;
use crate::moment::{Moment, minutes};
use crate::oauth::Refused;
use crate::oauth::client::{Fields, Shown, same};
use crate::oauth::token::at_hash;

/// What the provider knows: its one client, and whom it has signed in for it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Social {
    client_secret: String,
    codes: HashMap<String, Consent>,
    access: HashMap<String, Consent>,
}

/// An authorization request that is in order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Asked {
    pub(crate) redirect_uri: String,
    pub(crate) state: String,
    nonce: String,
    /// The PKCE challenge, S256.
    challenge: String,
}

/// Who somebody says they are, on a page where one may be whoever one likes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Person {
    pub(crate) email: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
}

/// What somebody allowed the client.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Consent {
    issuer: String,
    asked: Asked,
    person: Person,
    until: Moment,
}

/// Why an authorization request is not taken, and whether its sender may be told.
pub(crate) enum Unheard {
    /// Nobody knows who asks, or where an answer would go.
    Stranger,
    /// A mistake of the client's, which it is told at the address it is known under.
    Mistaken { redirect_uri: String, state: String, why: &'static str },
}

/// The client that the org is at every one of its providers.
pub(crate) const CLIENT_ID: &str = "dev-org";

/// What the org asks for.
pub(crate) const SCOPE: &str = "openid email profile";

/// How long a code is good.
const CODE: std::time::Duration = minutes(1);
/// How long an access token is.
const ACCESS: std::time::Duration = minutes(5);

/// What a provider signs as.
pub(crate) fn issuer(origin: &str, provider: &str) -> String {
    format!("{origin}/social/{provider}")
}

/// Where it answers to.
pub(crate) fn callback(origin: &str) -> String {
    format!("{origin}/oauth2/v1/authorize/callback")
}

/// The discovery document (OpenID Connect Discovery).
pub(crate) fn discovery(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "claims_supported": ["iss", "sub", "aud", "iat", "exp", "nonce", "at_hash", "email", "email_verified", "name", "given_name", "family_name"],
        "code_challenge_methods_supported": ["S256"],
        "dev_only": true,
    })
}

impl Social {
    pub(crate) fn new(chance: &mut Chance) -> Self {
        Self { client_secret: chance.secret(), ..Self::default() }
    }

    /// What the client proves itself with.
    pub(crate) fn client_secret(&self) -> &str {
        &self.client_secret
    }

    /// Notes who has signed in; the code the client gets for it.
    pub(crate) fn consent(
        &mut self,
        issuer: String,
        asked: Asked,
        person: Person,
        now: Moment,
        chance: &mut Chance,
    ) -> String {
        self.codes.retain(|_, consent| consent.until > now);
        self.access.retain(|_, consent| consent.until > now);
        let code = chance.secret();
        self.codes.insert(code.clone(), Consent { issuer, asked, person, until: now.after(CODE) });
        code
    }

    /// The token endpoint: the claims that are to be signed, and the rest of the answer.
    pub(crate) fn exchange(
        &mut self,
        issuer: &str,
        shown: &Shown<'_>,
        chance: &mut Chance,
    ) -> Result<(Value, Map<String, Value>), Refused> {
        let now = shown.now;
        let is_proven = match shown.named() {
            (Some(id), Some(secret)) => id == CLIENT_ID && same(&secret, &self.client_secret),
            _ => false,
        };
        if !is_proven {
            return Err(Refused::new("invalid_client", "The client is not known, or did not prove itself."));
        }
        let field = |name: &str| shown.fields.get(name).map(String::as_str).unwrap_or_default();
        if field("grant_type") != "authorization_code" {
            return Err(Refused::new("unsupported_grant_type", "Only codes are exchanged here."));
        }
        let consent = self.codes.remove(field("code"));
        let consent = consent.filter(|consent| {
            let verified = URL_SAFE_NO_PAD.encode(digest(&SHA256, field("code_verifier").as_bytes()));
            consent.issuer == issuer
                && now < consent.until
                && consent.asked.redirect_uri == field("redirect_uri")
                && same(&verified, &consent.asked.challenge)
        });
        let Some(consent) = consent else {
            let text = "The code is not known, has expired, was used, or was asked for by somebody else.";
            return Err(Refused::new("invalid_grant", text));
        };
        let token = chance.secret();
        let mut claims = consent.claims();
        claims.insert("iss".to_owned(), json!(issuer));
        claims.insert("aud".to_owned(), json!(CLIENT_ID));
        claims.insert("iat".to_owned(), json!(now.seconds()));
        claims.insert("exp".to_owned(), json!(now.after(ACCESS).seconds()));
        claims.insert("nonce".to_owned(), json!(consent.asked.nonce));
        claims.insert("at_hash".to_owned(), json!(at_hash(&token)));
        let answer = [
            ("token_type", json!("Bearer")),
            ("expires_in", json!(ACCESS.as_secs())),
            ("scope", json!(SCOPE)),
            ("access_token", json!(token)),
        ];
        self.access.insert(token, Consent { until: now.after(ACCESS), ..consent });
        let answer = answer.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
        Ok((Value::Object(claims), answer))
    }

    /// Who an access token is of.
    pub(crate) fn userinfo(&self, issuer: &str, token: &str, now: Moment) -> Option<Value> {
        let consent = self.access.get(token).filter(|c| c.issuer == issuer && now < c.until)?;
        Some(Value::Object(consent.claims()))
    }
}

impl Asked {
    /// Reads an authorization request.
    pub(crate) fn read(fields: &Fields, origin: &str) -> Result<Self, Unheard> {
        let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let redirect_uri = field("redirect_uri");
        if field("client_id") != CLIENT_ID || redirect_uri != callback(origin) {
            return Err(Unheard::Stranger);
        }
        let (state, nonce, challenge) = (field("state"), field("nonce"), field("code_challenge"));
        let why = if field("response_type") != "code" {
            Some("response_type must be code")
        } else if !field("scope").split(' ').any(|scope| scope == "openid") {
            Some("scope must have openid")
        } else if challenge.is_empty() || field("code_challenge_method") != "S256" {
            Some("code_challenge is missing, or not of S256")
        } else if nonce.is_empty() {
            Some("nonce is missing")
        } else {
            None
        };
        match why {
            Some(why) => Err(Unheard::Mistaken { redirect_uri, state, why }),
            None => Ok(Self { redirect_uri, state, nonce, challenge }),
        }
    }
}

impl Consent {
    /// What the provider says of somebody.
    fn claims(&self) -> Map<String, Value> {
        let Person { email, first_name, last_name } = &self.person;
        let name = [first_name.as_str(), last_name].join(" ").trim().to_owned();
        let told =
            [("email", email), ("name", &name), ("given_name", first_name), ("family_name", last_name)];
        let told = told.into_iter().filter(|(_, value)| !value.is_empty());
        let mut claims: Map<_, _> = told.map(|(name, value)| (name.to_owned(), json!(value))).collect();
        claims.insert("email_verified".to_owned(), json!(true));
        claims.insert("sub".to_owned(), json!(self.subject()));
        claims
    }

    /// The same for the same address, and nothing anybody could read the address from.
    fn subject(&self) -> String {
        let hash =
            digest(&SHA256, format!("{} {}", self.issuer, self.person.email.to_lowercase()).as_bytes());
        URL_SAFE_NO_PAD.encode(hash.as_ref().get(..15).unwrap_or_default())
    }
}
