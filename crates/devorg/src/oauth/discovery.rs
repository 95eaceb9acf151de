//! The URLs of the authorization servers and their discovery documents.

use serde_json::{Value, json};

use crate::org::transaction::AuthorizationServer;

/// The id of the custom authorization server.
pub(crate) const DEFAULT_SERVER: &str = "default";

/// The issuer of an authorization server.
pub(crate) fn issuer(origin: &str, server: &AuthorizationServer) -> String {
    match server {
        AuthorizationServer::Org => origin.to_owned(),
        AuthorizationServer::Custom(id) => format!("{origin}/oauth2/{id}"),
    }
}

/// The base URL of its endpoints.
pub(crate) fn base(origin: &str, server: &AuthorizationServer) -> String {
    match server {
        AuthorizationServer::Org => format!("{origin}/oauth2"),
        AuthorizationServer::Custom(id) => format!("{origin}/oauth2/{id}"),
    }
}

/// The discovery document (OpenID Connect Discovery, RFC 8414).
pub(crate) fn document(origin: &str, server: &AuthorizationServer) -> Value {
    let base = base(origin, server);
    json!({
        "issuer": issuer(origin, server),
        "authorization_endpoint": format!("{base}/v1/authorize"),
        "token_endpoint": format!("{base}/v1/token"),
        "userinfo_endpoint": format!("{base}/v1/userinfo"),
        "registration_endpoint": format!("{origin}/oauth2/v1/clients"),
        "jwks_uri": format!("{base}/v1/keys"),
        "introspection_endpoint": format!("{base}/v1/introspect"),
        "revocation_endpoint": format!("{base}/v1/revoke"),
        "end_session_endpoint": format!("{base}/v1/logout"),
        "response_types_supported": ["code", "none", "id_token", "code id_token", "code token", "id_token token", "code id_token token"],
        "response_modes_supported": ["query", "fragment", "form_post", "okta_post_message"],
        "grant_types_supported": [
            "authorization_code", "implicit", "refresh_token", "password",
            "urn:ietf:params:oauth:grant-type:device_code",
        ],
        "device_authorization_endpoint": format!("{base}/v1/device/authorize"),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": SCOPES,
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
        "claims_supported": [
            "iss", "ver", "sub", "aud", "iat", "exp", "jti", "auth_time", "amr", "idp", "nonce", "name",
            "preferred_username", "given_name", "family_name", "email", "email_verified", "zoneinfo", "locale",
            "updated_at", "at_hash",
        ],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": false,
        // A client may refuse an org with this member; Okta never sends it.
        "dev_only": true,
    })
}

/// The supported scopes.
pub(crate) const SCOPES: [&str; 7] =
    ["openid", "email", "profile", "address", "phone", "offline_access", "groups"];
