//! `/dev/users`: users.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::response;
use super::json::{problem, read};
use crate::clock::Timestamp;
use crate::credentials::base32;
use crate::credentials::totp;
use crate::org::new_user::NewUser;
use crate::org::settings::codes::CodePolicy;
use crate::org::state::{Invitation, InvitationKind, OrgState};
use crate::org::user::{Factor, OrgUser};
use crate::shared::SharedState;

pub(super) fn router() -> Router<Arc<SharedState>> {
    Router::new()
        .route("/", get(users).post(add_user))
        .route("/{login}", get(user).delete(remove_user))
        .route("/{login}/invite", post(invite))
        .route("/{login}/access-code", post(access_code))
        .route("/{login}/end-sessions", post(end_sessions))
}

/// A user as JSON: everything but hashes, with the current codes of their authenticators.
pub(super) fn user_json(user: &OrgUser, now: Timestamp) -> Value {
    let code = |secret: &str| totp::code(&base32::decode(secret), now);
    let enrolments: Vec<Value> = user
        .enrolments
        .iter()
        .map(|enrolment| {
            let key = enrolment.factor.authenticator();
            let mut json = json!({ "id": enrolment.id, "key": key.name(), "label": key.label() });
            let mut set = |name: &str, value: Value| {
                drop(json.as_object_mut().map(|t| t.insert(name.to_owned(), value)));
            };
            match &enrolment.factor {
                Factor::Phone { number, nickname } => {
                    set("number", json!(number));
                    set("nickname", json!(nickname));
                }
                Factor::Question { question, .. } => set("question", json!(question)),
                Factor::GoogleOtp { secret, .. }
                | Factor::OktaVerify { secret, .. }
                | Factor::OtpDevice { secret, .. } => {
                    set("code", json!(code(secret)));
                    set("secret", json!(secret));
                }
                Factor::AccessCode { code, .. } => set("code", json!(code)),
                Factor::Passkey { name, .. } => set("name", json!(name)),
                Factor::Idp { provider, .. } => set("provider", json!(provider)),
                Factor::Email | Factor::Registered { .. } | Factor::Card { .. } => {}
            }
            json
        })
        .collect();
    json!({
        "id": user.id,
        "login": user.login,
        "email": user.email,
        "status": user.status,
        "groups": user.groups,
        "profile": user.profile,
        "hasPassword": user.password.is_some(),
        "enrolments": enrolments,
        "enroll": user.enroll,
    })
}

impl SharedState {
    /// Adds a user from JSON.
    pub(crate) fn add_user(&self, body: &[u8]) -> Result<Value, String> {
        let new: NewUser = read(body)?;
        let now = self.now();
        let user = user_json(self.org().add_user(new, now, &mut self.random())?, now);
        self.notify_change();
        Ok(user)
    }
}

async fn users(State(shared): State<Arc<SharedState>>) -> Response {
    let now = shared.now();
    let users: Vec<Value> = shared.org().users.iter().map(|user| user_json(user, now)).collect();
    response::json(200, &json!(users))
}

async fn user(State(shared): State<Arc<SharedState>>, Path(login): Path<String>) -> Response {
    match shared.org().users.by_login(&login) {
        Some(user) => response::json(200, &user_json(user, shared.now())),
        None => unknown_user(),
    }
}

async fn add_user(State(shared): State<Arc<SharedState>>, body: Bytes) -> Response {
    match shared.add_user(&body) {
        Ok(user) => response::json(201, &user),
        Err(why) => problem(400, &why),
    }
}

async fn remove_user(State(shared): State<Arc<SharedState>>, Path(login): Path<String>) -> Response {
    let mut org = shared.org();
    let Some(id) = id_of(&org, &login) else { return unknown_user() };
    org.end_sessions(&id);
    org.users.remove(&id);
    drop(org);
    shared.notify_change();
    response::json(200, &json!({}))
}

#[derive(Deserialize)]
struct Invite {
    #[serde(default = "activate")]
    to: InvitationKind,
}

/// An activation or recovery token.
async fn invite(State(shared): State<Arc<SharedState>>, Path(login): Path<String>, body: Bytes) -> Response {
    let Invite { to } = match read(&body) {
        Ok(invite) => invite,
        Err(why) => return problem(400, &why),
    };
    let token = shared.random().secret();
    let now = shared.now();
    let mut org = shared.org();
    let Some(user) = id_of(&org, &login) else { return unknown_user() };
    let expires_at = now.after(crate::clock::minutes(60 * 24 * 7));
    org.invitations.insert(token.clone(), Invitation { user, kind: to, expires_at });
    let name = if to == InvitationKind::Activate { "activationToken" } else { "recoveryToken" };
    response::json(201, &json!({ name: token, "expiresAt": expires_at.iso() }))
}

async fn access_code(State(shared): State<Arc<SharedState>>, Path(login): Path<String>) -> Response {
    let (now, mut random) = (shared.now(), shared.random());
    let code = random.code(CodePolicy::SIX_DIGITS);
    let mut org = shared.org();
    let Some(id) = id_of(&org, &login) else { return unknown_user() };
    let until = now.after(crate::clock::minutes(60));
    if let Some(user) = org.users.get_mut(&id) {
        user.enrol(Factor::AccessCode { code: code.clone(), until }, now, &mut random);
    }
    response::json(201, &json!({ "code": code, "expiresAt": until.iso() }))
}

async fn end_sessions(State(shared): State<Arc<SharedState>>, Path(login): Path<String>) -> Response {
    let mut org = shared.org();
    let Some(id) = id_of(&org, &login) else { return unknown_user() };
    org.end_sessions(&id);
    drop(org);
    shared.notify_change();
    response::json(200, &json!({}))
}

fn id_of(org: &OrgState, login: &str) -> Option<String> {
    org.users.by_login(login).map(|user| user.id.clone())
}

fn unknown_user() -> Response {
    problem(404, "this user does not exist")
}

fn activate() -> InvitationKind {
    InvitationKind::Activate
}
