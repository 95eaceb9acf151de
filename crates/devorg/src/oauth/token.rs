//! The token endpoint, userinfo and introspection.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::client_auth::ClientRequest;
use super::error::OAuthError;
use super::jwt::at_hash;
use super::keys::SigningKeys;
use crate::clock::{Timestamp, minutes};
use crate::credentials::constant_time;
use crate::oauth::discovery;
use crate::org::grants::{AccessToken, UserGrant};
use crate::org::state::OrgState;
use crate::org::user::{OrgUser, Status};
use crate::random::Random;

/// The token endpoint.
pub(crate) struct TokenEndpoint<'a> {
    pub(crate) org: &'a mut OrgState,
    pub(crate) keys: &'a SigningKeys,
    pub(crate) origin: &'a str,
    pub(crate) random: &'a mut Random,
}

impl TokenEndpoint<'_> {
    /// `POST /token`.
    pub(crate) fn exchange(&mut self, client_request: &ClientRequest<'_>) -> Result<Value, OAuthError> {
        let org = &mut *self.org;
        let app = client_request.authenticate(&org.apps, &mut org.used_assertions)?;
        let client = app.client_id.clone();
        let field = |name: &str| {
            client_request.fields.get(name).map(String::as_str).filter(|value| !value.is_empty())
        };
        match field("grant_type") {
            Some("interaction_code") if app.hosted_sign_in => Err(OAuthError::interaction_code_off()),
            Some("interaction_code") => {
                let code = field("interaction_code").or_else(|| field("code"));
                self.redeem(&client, code, field("code_verifier"), "interaction", client_request)
            }
            Some("authorization_code") => {
                self.redeem(&client, field("code"), field("code_verifier"), "authorization", client_request)
            }
            Some("urn:ietf:params:oauth:grant-type:device_code") => {
                self.device(&client, field("device_code"), client_request.now)
            }
            Some("refresh_token") => {
                self.refresh(&client, field("refresh_token"), field("scope"), client_request.now)
            }
            Some(other) => Err(OAuthError::new(
                "unsupported_grant_type",
                format!("The grant type {other} is not supported."),
            )),
            None => Err(OAuthError::new("invalid_request", "The token request must specify a grant type.")),
        }
    }

    fn redeem(
        &mut self,
        client: &str,
        code: Option<&str>,
        verifier: Option<&str>,
        kind: &str,
        client_request: &ClientRequest<'_>,
    ) -> Result<Value, OAuthError> {
        let Some(code) = code else {
            return Err(OAuthError::new(
                "invalid_request",
                format!("The token request must specify the {kind} code."),
            ));
        };
        let grant = self.org.grants.redeem(code, client_request.now).ok_or_else(|| {
            OAuthError::new("invalid_grant", format!("The {kind} code is invalid or has expired."))
        })?;
        if grant.request.client_id != client {
            let text =
                "The grant was issued to another client. The refresh token may not be used with this client.";
            return Err(OAuthError::new("invalid_grant", text));
        }
        let asked = verifier.map(|v| URL_SAFE_NO_PAD.encode(digest(&SHA256, v.as_bytes())));
        if !asked.is_some_and(|asked| constant_time::equal(&asked, &grant.request.challenge)) {
            return Err(OAuthError::new("invalid_grant", "PKCE verification failed."));
        }
        let scopes = grant.request.scopes.clone();
        self.tokens(&grant, &scopes, None, client_request.now)
    }

    fn device(
        &mut self,
        client: &str,
        device_code: Option<&str>,
        now: Timestamp,
    ) -> Result<Value, OAuthError> {
        let device_code = device_code.ok_or_else(|| {
            OAuthError::new("invalid_request", "The token request must specify a device code.")
        })?;
        let grant = self.org.device_grants.poll(device_code, client, now).map_err(|error| {
            let (code, description) = error.described();
            OAuthError::new(code, description)
        })?;
        let scopes = grant.request.scopes.clone();
        self.tokens(&grant, &scopes, None, now)
    }

    fn refresh(
        &mut self,
        client: &str,
        token: Option<&str>,
        scope: Option<&str>,
        now: Timestamp,
    ) -> Result<Value, OAuthError> {
        // okta-auth-js compares this text to recognise an invalid refresh token.
        let invalid = || OAuthError::new("invalid_grant", "The refresh token is invalid or expired.");
        let token = token.ok_or_else(|| {
            OAuthError::new("invalid_request", "The token request must specify a refresh token.")
        })?;
        let held = self.org.grants.refresh(token, now).filter(|r| r.grant.request.client_id == client);
        let (grant, granted) = held.map(|r| (r.grant.clone(), r.scopes.clone())).ok_or_else(invalid)?;
        if self.org.users.get(&grant.user).is_none_or(|user| user.status == Status::Suspended) {
            return Err(invalid());
        }
        let policy = self.org.app(client).map(|app| app.refresh_token.clone()).unwrap_or_default();
        if policy.rotate && !self.org.grants.rotate(token, policy.leeway_seconds, now) {
            return Err(invalid());
        }
        let asked: Vec<String> =
            scope.map(|s| s.split_whitespace().map(str::to_owned).collect()).unwrap_or_default();
        if asked.iter().any(|scope| !granted.contains(scope)) {
            return Err(OAuthError::new("invalid_scope", "The requested scope exceeds the scope granted."));
        }
        let scopes = if asked.is_empty() { granted } else { asked };
        self.tokens(&grant, &scopes, (!policy.rotate).then_some(token), now)
    }

    /// Issues the tokens of a grant. Without `kept`, the refresh token is new.
    fn tokens(
        &mut self,
        grant: &UserGrant,
        scopes: &[String],
        kept: Option<&str>,
        now: Timestamp,
    ) -> Result<Value, OAuthError> {
        let has = |name: &str| scopes.iter().any(|scope| scope == name);
        let unsatisfiable = || OAuthError::new("invalid_grant", "The user is no longer there.");
        let user = self.org.users.get(&grant.user).cloned().ok_or_else(unsatisfiable)?;
        let policy =
            self.org.app(&grant.request.client_id).map(|app| app.refresh_token.clone()).unwrap_or_default();
        let lifetime = minutes(self.org.settings.access_token_minutes);
        let access = AccessToken {
            grant: grant.clone(),
            scopes: scopes.to_vec(),
            jti: format!("AT.{}", self.random.secret()),
            issued_at: now,
            expires_at: now.after(lifetime),
        };
        let token = self.access_token(&user, &access);
        let mut answer = json!({
            "token_type": "Bearer",
            "expires_in": lifetime.as_secs(),
            "access_token": token,
            "scope": scopes.join(" "),
        });
        let mut add = |name: &str, value: String| {
            drop(answer.as_object_mut().map(|a| a.insert(name.to_owned(), json!(value))));
        };
        if has("offline_access") {
            let refresh = kept.map_or_else(|| self.random.secret(), str::to_owned);
            if kept.is_none() {
                let until = now.after(minutes(policy.lifetime_minutes));
                self.org.grants.add_refresh_token(refresh.clone(), grant.clone(), scopes.to_vec(), until);
            }
            add("refresh_token", refresh);
        }
        if has("openid") {
            add("id_token", self.id_token(&user, &access, &token));
        }
        self.org.grants.add_access_token(token, access);
        self.org.grants.sweep(now);
        Ok(answer)
    }

    fn access_token(&mut self, user: &OrgUser, access: &AccessToken) -> String {
        // A JWT cannot carry the canary prefix, an opaque token can, and clients must accept both.
        if self.random.is_canary() {
            return self.random.secret();
        }
        let request = &access.grant.request;
        let issuer = discovery::issuer(self.origin, &request.server);
        self.keys.sign(&json!({
            "ver": 1,
            "jti": access.jti,
            "iss": issuer,
            "aud": "api://default",
            "iat": access.issued_at.seconds(),
            "exp": access.expires_at.seconds(),
            "cid": request.client_id,
            "uid": user.id,
            "scp": access.scopes,
            "auth_time": access.grant.auth_time.seconds(),
            "sub": user.login,
            "dev_only": true,
        }))
    }

    fn id_token(&mut self, user: &OrgUser, access: &AccessToken, access_token: &str) -> String {
        let claims = self.id_claims(user, access, access_token);
        self.keys.sign(&claims)
    }

    /// The claims of an id token.
    pub(crate) fn id_claims(&mut self, user: &OrgUser, access: &AccessToken, access_token: &str) -> Value {
        let request = &access.grant.request;
        let mut claims = profile(user, &access.scopes);
        let mut set = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
        set("sub", json!(user.id));
        set("ver", json!(1));
        set("iss", json!(discovery::issuer(self.origin, &request.server)));
        set("aud", json!(request.client_id));
        set("iat", json!(access.issued_at.seconds()));
        set("exp", json!(access.issued_at.after(minutes(60)).seconds()));
        set("jti", json!(format!("ID.{}", self.random.secret())));
        set("amr", json!(amr(access)));
        set("idp", json!("00odevorg00000000000"));
        set("auth_time", json!(access.grant.auth_time.seconds()));
        set("at_hash", json!(at_hash(access_token)));
        if let Some(nonce) = &request.nonce {
            set("nonce", json!(nonce));
        }
        if let Some(acr) = &request.acr_values {
            set("acr", json!(acr));
        }
        Value::Object(claims)
    }
}

/// The claims of `/userinfo`.
pub(crate) fn userinfo(org: &OrgState, token: &str, now: Timestamp) -> Option<Value> {
    let access = org.grants.access(token, now)?;
    let user = org.users.get(&access.grant.user)?;
    let mut claims = profile(user, &access.scopes);
    claims.insert("sub".to_owned(), json!(user.id));
    Some(Value::Object(claims))
}

/// The response of `/introspect` for an access or refresh token.
pub(crate) fn introspect(
    org: &OrgState,
    token: &str,
    client_id: &str,
    origin: &str,
    now: Timestamp,
) -> Value {
    let of_client = |grant: &UserGrant| grant.request.client_id == client_id;
    let describe = |grant: &UserGrant, scopes: &[String], until: Timestamp| {
        let user = org.users.get(&grant.user)?;
        Some(json!({
            "active": true,
            "scope": scopes.join(" "),
            "username": user.login,
            "exp": until.seconds(),
            "sub": user.login,
            "iss": discovery::issuer(origin, &grant.request.server),
            "token_type": "Bearer",
            "client_id": grant.request.client_id,
            "uid": user.id,
        }))
    };
    let access = org.grants.access(token, now).filter(|a| of_client(&a.grant)).and_then(|a| {
        let mut claims = describe(&a.grant, &a.scopes, a.expires_at)?;
        let members = claims.as_object_mut()?;
        members.insert("iat".to_owned(), json!(a.issued_at.seconds()));
        members.insert("aud".to_owned(), json!("api://default"));
        members.insert("jti".to_owned(), json!(a.jti));
        Some(claims)
    });
    let refresh = || {
        org.grants
            .refresh(token, now)
            .filter(|r| of_client(&r.grant))
            .and_then(|r| describe(&r.grant, &r.scopes, r.expires_at))
    };
    access.or_else(refresh).unwrap_or_else(|| json!({ "active": false }))
}

/// The profile claims for these scopes.
fn profile(user: &OrgUser, scopes: &[String]) -> Map<String, Value> {
    let has = |name: &str| scopes.iter().any(|scope| scope == name);
    let mut claims = Map::new();
    let mut set = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
    if has("profile") {
        set("name", json!(user.name()));
        set("preferred_username", json!(user.login));
        set("locale", json!("en_US"));
        set("zoneinfo", json!("America/Los_Angeles"));
        set("updated_at", json!(user.updated_at.seconds()));
        for (claim, attribute) in [("given_name", "firstName"), ("family_name", "lastName")] {
            if let Some(value) = user.attribute(attribute) {
                set(claim, json!(value));
            }
        }
    }
    if has("email") {
        set("email", json!(user.email));
        set("email_verified", json!(user.email_verified));
    }
    if has("phone")
        && let Some(number) = user.phone()
    {
        set("phone_number", json!(number));
    }
    if has("groups") {
        set("groups", json!(user.groups));
    }
    claims
}

/// The `amr` claim (RFC 8176, with Okta's `mca`).
fn amr(access: &AccessToken) -> Vec<&'static str> {
    let verified = &access.grant.verified;
    let mut amr: Vec<&str> = Vec::new();
    for method in verified.iter().map(|s| s.method.amr()) {
        if !amr.contains(&method) {
            amr.push(method);
        }
    }
    if verified.len() > 1 {
        amr.push("mfa");
    }
    if amr.iter().any(|method| matches!(*method, "sms" | "tel")) {
        amr.push("mca");
    }
    amr
}
