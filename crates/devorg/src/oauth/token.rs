//! The token endpoint and what goes with tokens: userinfo, introspection.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::client_auth::Shown;
use super::error::Refused;
use super::jwt::at_hash;
use super::keys::Keys;
use crate::clock::{Moment, minutes};
use crate::credentials::constant_time;
use crate::oauth::discovery;
use crate::org::grants::{Access, Grant};
use crate::org::state::World;
use crate::org::user::{Status, User};
use crate::random::Chance;

/// What the token endpoint works with.
pub(crate) struct Desk<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) keys: &'a Keys,
    pub(crate) origin: &'a str,
    pub(crate) chance: &'a mut Chance,
}

impl Desk<'_> {
    /// `POST /token`.
    pub(crate) fn exchange(&mut self, shown: &Shown<'_>) -> Result<Value, Refused> {
        let client = shown.proven(&self.world.apps)?.client_id.clone();
        let field = |name: &str| shown.fields.get(name).map(String::as_str).filter(|value| !value.is_empty());
        match field("grant_type") {
            Some("interaction_code") => {
                let code = field("interaction_code").or_else(|| field("code"));
                self.redeem(&client, code, field("code_verifier"), "interaction", shown)
            }
            Some("authorization_code") => {
                self.redeem(&client, field("code"), field("code_verifier"), "authorization", shown)
            }
            Some("refresh_token") => self.refresh(&client, field("refresh_token"), field("scope"), shown.now),
            Some(other) => Err(Refused::new(
                "unsupported_grant_type",
                format!("The grant type {other} is not supported."),
            )),
            None => Err(Refused::new("invalid_request", "The token request must specify a grant type.")),
        }
    }

    fn redeem(
        &mut self,
        client: &str,
        code: Option<&str>,
        verifier: Option<&str>,
        kind: &str,
        shown: &Shown<'_>,
    ) -> Result<Value, Refused> {
        let Some(code) = code else {
            return Err(Refused::new(
                "invalid_request",
                format!("The token request must specify the {kind} code."),
            ));
        };
        let grant = self.world.grants.redeem(code, shown.now).ok_or_else(|| {
            Refused::new("invalid_grant", format!("The {kind} code is invalid or has expired."))
        })?;
        if grant.request.client_id != client {
            let text =
                "The grant was issued to another client. The refresh token may not be used with this client.";
            return Err(Refused::new("invalid_grant", text));
        }
        let asked = verifier.map(|v| URL_SAFE_NO_PAD.encode(digest(&SHA256, v.as_bytes())));
        if !asked.is_some_and(|asked| constant_time::equal(&asked, &grant.request.challenge)) {
            return Err(Refused::new("invalid_grant", "PKCE verification failed."));
        }
        let scopes = grant.request.scopes.clone();
        self.tokens(&grant, &scopes, None, shown.now)
    }

    fn refresh(
        &mut self,
        client: &str,
        token: Option<&str>,
        scope: Option<&str>,
        now: Moment,
    ) -> Result<Value, Refused> {
        // One client compares this sentence to know that its token is of no more use.
        let invalid = || Refused::new("invalid_grant", "The refresh token is invalid or expired.");
        let token = token.ok_or_else(|| {
            Refused::new("invalid_request", "The token request must specify a refresh token.")
        })?;
        let held = self.world.grants.refresh(token, now).filter(|r| r.grant.request.client_id == client);
        let (grant, granted) = held.map(|r| (r.grant.clone(), r.scopes.clone())).ok_or_else(invalid)?;
        if self.world.users.get(&grant.user).is_none_or(|user| user.status == Status::Suspended) {
            return Err(invalid());
        }
        let policy = self.world.app(client).map(|app| app.refresh_token.clone()).unwrap_or_default();
        if policy.rotate && !self.world.grants.rotate(token, policy.leeway_seconds, now) {
            return Err(invalid());
        }
        let asked: Vec<String> =
            scope.map(|s| s.split_whitespace().map(str::to_owned).collect()).unwrap_or_default();
        if asked.iter().any(|scope| !granted.contains(scope)) {
            return Err(Refused::new("invalid_scope", "The requested scope exceeds the scope granted."));
        }
        let scopes = if asked.is_empty() { granted } else { asked };
        self.tokens(&grant, &scopes, (!policy.rotate).then_some(token), now)
    }

    /// Makes the tokens of a grant; the refresh token is a new one, unless the old one stays.
    fn tokens(
        &mut self,
        grant: &Grant,
        scopes: &[String],
        kept: Option<&str>,
        now: Moment,
    ) -> Result<Value, Refused> {
        let has = |name: &str| scopes.iter().any(|scope| scope == name);
        let unsatisfiable = || Refused::new("invalid_grant", "The user is no longer there.");
        let user = self.world.users.get(&grant.user).cloned().ok_or_else(unsatisfiable)?;
        let policy =
            self.world.app(&grant.request.client_id).map(|app| app.refresh_token.clone()).unwrap_or_default();
        let lifetime = minutes(self.world.settings.access_token_minutes);
        let access = Access {
            grant: grant.clone(),
            scopes: scopes.to_vec(),
            jti: format!("AT.{}", self.chance.secret()),
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
            let refresh = kept.map_or_else(|| self.chance.secret(), str::to_owned);
            if kept.is_none() {
                let until = now.after(minutes(policy.lifetime_minutes));
                self.world.grants.keep_refresh(refresh.clone(), grant.clone(), scopes.to_vec(), until);
            }
            add("refresh_token", refresh);
        }
        if has("openid") {
            add("id_token", self.id_token(&user, &access, &token));
        }
        self.world.grants.keep_access(token, access);
        self.world.grants.sweep(now);
        Ok(answer)
    }

    fn access_token(&mut self, user: &User, access: &Access) -> String {
        // A signed token cannot be made recognisable; an opaque one can, and a client must take either.
        if self.chance.is_canary() {
            return self.chance.secret();
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

    fn id_token(&mut self, user: &User, access: &Access, access_token: &str) -> String {
        let claims = self.id_claims(user, access, access_token);
        self.keys.sign(&claims)
    }

    /// The claims of an id token.
    pub(crate) fn id_claims(&mut self, user: &User, access: &Access, access_token: &str) -> Value {
        let request = &access.grant.request;
        let mut claims = profile(user, &access.scopes);
        let mut set = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
        set("sub", json!(user.id));
        set("ver", json!(1));
        set("iss", json!(discovery::issuer(self.origin, &request.server)));
        set("aud", json!(request.client_id));
        set("iat", json!(access.issued_at.seconds()));
        set("exp", json!(access.issued_at.after(minutes(60)).seconds()));
        set("jti", json!(format!("ID.{}", self.chance.secret())));
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
pub(crate) fn userinfo(world: &World, token: &str, now: Moment) -> Option<Value> {
    let access = world.grants.access(token, now)?;
    let user = world.users.get(&access.grant.user)?;
    let mut claims = profile(user, &access.scopes);
    claims.insert("sub".to_owned(), json!(user.id));
    Some(Value::Object(claims))
}

/// What `/introspect` tells of a token, of either kind.
pub(crate) fn introspect(world: &World, token: &str, client_id: &str, origin: &str, now: Moment) -> Value {
    let of_client = |grant: &Grant| grant.request.client_id == client_id;
    let told = |grant: &Grant, scopes: &[String], until: Moment| {
        let user = world.users.get(&grant.user)?;
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
    let access = world.grants.access(token, now).filter(|a| of_client(&a.grant)).and_then(|a| {
        let mut told = told(&a.grant, &a.scopes, a.expires_at)?;
        let members = told.as_object_mut()?;
        members.insert("iat".to_owned(), json!(a.issued_at.seconds()));
        members.insert("aud".to_owned(), json!("api://default"));
        members.insert("jti".to_owned(), json!(a.jti));
        Some(told)
    });
    let refresh = || {
        world
            .grants
            .refresh(token, now)
            .filter(|r| of_client(&r.grant))
            .and_then(|r| told(&r.grant, &r.scopes, r.expires_at))
    };
    access.or_else(refresh).unwrap_or_else(|| json!({ "active": false }))
}

/// The claims a profile gives to these scopes.
fn profile(user: &User, scopes: &[String]) -> Map<String, Value> {
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

/// The methods that were used, and whether they were of two kinds (RFC 8176, with Okta's `mca`).
fn amr(access: &Access) -> Vec<&'static str> {
    let shown = &access.grant.shown;
    let mut amr: Vec<&str> = Vec::new();
    for method in shown.iter().map(|s| s.method.amr()) {
        if !amr.contains(&method) {
            amr.push(method);
        }
    }
    if shown.len() > 1 {
        amr.push("mfa");
    }
    if amr.iter().any(|method| matches!(*method, "sms" | "tel")) {
        amr.push("mca");
    }
    amr
}
