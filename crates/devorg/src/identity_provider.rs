//! The built-in identity provider: an OpenID provider that the org treats as a third party.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::clock::Timestamp;
use crate::credentials::constant_time;
use crate::oauth::client_auth::{ClientRequest, Fields};
use crate::oauth::error::OAuthError;
use crate::oauth::jwt::at_hash;
use crate::org::provider_accounts::{
    ACCESS_TOKEN_LIFETIME, AuthorizationRequest, Consent, Person, ProviderAccounts,
};
use crate::random::Random;

/// Why an authorization request is refused, and whether the client gets the error.
pub(crate) enum AuthorizationError {
    /// The client or its redirect URI is unknown, so there is no safe address to answer to.
    UnknownClient,
    /// A mistake in the request. The client gets the error at its redirect URI.
    InvalidRequest { redirect_uri: String, state: String, description: &'static str },
}

/// The client id of the org at each of its providers.
pub(crate) const CLIENT_ID: &str = "dev-org";

/// The scopes that the org requests.
pub(crate) const SCOPE: &str = "openid email profile";

/// The issuer of a provider.
pub(crate) fn issuer(origin: &str, provider: &str) -> String {
    format!("{origin}/social/{provider}")
}

/// The org's redirect URI.
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

/// Reads an authorization request.
pub(crate) fn authorization_request(
    fields: &Fields,
    origin: &str,
) -> Result<AuthorizationRequest, AuthorizationError> {
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let redirect_uri = field("redirect_uri");
    if field("client_id") != CLIENT_ID || redirect_uri != callback(origin) {
        return Err(AuthorizationError::UnknownClient);
    }
    let (state, nonce, challenge) = (field("state"), field("nonce"), field("code_challenge"));
    let mistake = if field("response_type") != "code" {
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
    match mistake {
        Some(description) => Err(AuthorizationError::InvalidRequest { redirect_uri, state, description }),
        None => Ok(AuthorizationRequest { redirect_uri, state, nonce, challenge }),
    }
}

/// The token endpoint: the claims of the id token, which is still to be signed, and the rest of the response.
pub(crate) fn exchange(
    accounts: &mut ProviderAccounts,
    issuer: &str,
    request: &ClientRequest<'_>,
    random: &mut Random,
) -> Result<(Value, Map<String, Value>), OAuthError> {
    let now = request.now;
    let is_authenticated = match request.credentials() {
        (Some(id), Some(secret)) => {
            id == CLIENT_ID && constant_time::equal(&secret, accounts.client_secret())
        }
        _ => false,
    };
    if !is_authenticated {
        return Err(OAuthError::new("invalid_client", "The client is unknown, or its secret is wrong."));
    }
    let field = |name: &str| request.fields.get(name).map(String::as_str).unwrap_or_default();
    if field("grant_type") != "authorization_code" {
        return Err(OAuthError::new(
            "unsupported_grant_type",
            "Only authorization codes are exchanged here.",
        ));
    }
    let consent = accounts.redeem(field("code"), now).filter(|consent| {
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, field("code_verifier").as_bytes()));
        consent.issuer == issuer
            && consent.request.redirect_uri == field("redirect_uri")
            && constant_time::equal(&challenge, &consent.request.challenge)
    });
    let Some(consent) = consent else {
        let text = "The code is unknown, expired, already used, or was issued for another request.";
        return Err(OAuthError::new("invalid_grant", text));
    };
    let token = random.secret();
    let mut claims = claims(&consent);
    claims.insert("iss".to_owned(), json!(issuer));
    claims.insert("aud".to_owned(), json!(CLIENT_ID));
    claims.insert("iat".to_owned(), json!(now.seconds()));
    claims.insert("exp".to_owned(), json!(now.after(ACCESS_TOKEN_LIFETIME).seconds()));
    claims.insert("nonce".to_owned(), json!(consent.request.nonce));
    claims.insert("at_hash".to_owned(), json!(at_hash(&token)));
    let response = [
        ("token_type", json!("Bearer")),
        ("expires_in", json!(ACCESS_TOKEN_LIFETIME.as_secs())),
        ("scope", json!(SCOPE)),
        ("access_token", json!(token)),
    ];
    accounts.add_access_token(token, consent, now);
    let response = response.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
    Ok((Value::Object(claims), response))
}

/// The claims of `/userinfo` for an access token.
pub(crate) fn userinfo(
    accounts: &ProviderAccounts,
    issuer: &str,
    token: &str,
    now: Timestamp,
) -> Option<Value> {
    accounts.access_token(issuer, token, now).map(|consent| Value::Object(claims(consent)))
}

/// The claims about the person.
fn claims(consent: &Consent) -> Map<String, Value> {
    let Person { email, first_name, last_name } = &consent.person;
    let name = [first_name.as_str(), last_name].join(" ").trim().to_owned();
    let given = [("email", email), ("name", &name), ("given_name", first_name), ("family_name", last_name)];
    let given = given.into_iter().filter(|(_, value)| !value.is_empty());
    let mut claims: Map<_, _> = given.map(|(name, value)| (name.to_owned(), json!(value))).collect();
    claims.insert("email_verified".to_owned(), json!(true));
    claims.insert("sub".to_owned(), json!(subject(consent)));
    claims
}

/// The subject: a hash, the same for the same address, that does not reveal the address.
fn subject(consent: &Consent) -> String {
    let text = format!("{} {}", consent.issuer, consent.person.email.to_lowercase());
    let hash = digest(&SHA256, text.as_bytes());
    URL_SAFE_NO_PAD.encode(hash.as_ref().get(..15).unwrap_or_default())
}
