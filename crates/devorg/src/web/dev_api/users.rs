//! The people of an org, as the console and tests see and change them.

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
use crate::clock::Moment;
use crate::credentials::base32;
use crate::credentials::totp;
use crate::org::new_user::NewUser;
use crate::org::state::{Invitation, Invited, World};
use crate::org::user::{Proof, User};
use crate::shared::SharedState;

pub(super) fn router() -> Router<Arc<SharedState>> {
    Router::new()
        .route("/", get(users).post(add_user))
        .route("/{login}", get(user).delete(remove_user))
        .route("/{login}/invite", post(invite))
        .route("/{login}/access-code", post(access_code))
        .route("/{login}/end-sessions", post(end_sessions))
}

/// Somebody, as the console shows them: everything but what is hashed, with the codes their devices show now.
pub(super) fn told(user: &User, now: Moment) -> Value {
    let code = |secret: &str| totp::code(&base32::decode(secret), now);
    let enrolments: Vec<Value> = user
        .enrolments
        .iter()
        .map(|enrolment| {
            let key = enrolment.proof.key();
            let mut told = json!({ "id": enrolment.id, "key": key.name(), "label": key.label() });
            let mut set = |name: &str, value: Value| {
                drop(told.as_object_mut().map(|t| t.insert(name.to_owned(), value)));
            };
            match &enrolment.proof {
                Proof::Phone { number, nickname } => {
                    set("number", json!(number));
                    set("nickname", json!(nickname));
                }
                Proof::Question { question, .. } => set("question", json!(question)),
                Proof::GoogleOtp { secret, .. }
                | Proof::OktaVerify { secret, .. }
                | Proof::Token { secret, .. } => {
                    set("code", json!(code(secret)));
                    set("secret", json!(secret));
                }
                Proof::AccessCode { code, .. } => set("code", json!(code)),
                Proof::Passkey { name, .. } => set("name", json!(name)),
                Proof::Idp { provider, .. } => set("provider", json!(provider)),
                Proof::Email => {}
            }
            told
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
    /// Adds an account, told in JSON.
    pub(crate) fn add_user(&self, body: &[u8]) -> Result<Value, String> {
        let new: NewUser = read(body)?;
        let now = self.now();
        let user = told(self.world().add_user(new, now, &mut self.chance())?, now);
        self.tell();
        Ok(user)
    }
}

async fn users(State(site): State<Arc<SharedState>>) -> Response {
    let now = site.now();
    let users: Vec<Value> = site.world().users.iter().map(|user| told(user, now)).collect();
    response::json(200, &json!(users))
}

async fn user(State(site): State<Arc<SharedState>>, Path(login): Path<String>) -> Response {
    match site.world().users.by_login(&login) {
        Some(user) => response::json(200, &told(user, site.now())),
        None => nobody(),
    }
}

async fn add_user(State(site): State<Arc<SharedState>>, body: Bytes) -> Response {
    match site.add_user(&body) {
        Ok(user) => response::json(201, &user),
        Err(why) => problem(400, &why),
    }
}

async fn remove_user(State(site): State<Arc<SharedState>>, Path(login): Path<String>) -> Response {
    let mut world = site.world();
    let Some(id) = id_of(&world, &login) else { return nobody() };
    world.end_sessions(&id);
    world.users.remove(&id);
    drop(world);
    site.tell();
    response::json(200, &json!({}))
}

#[derive(Deserialize)]
struct Invite {
    #[serde(default = "activate")]
    to: Invited,
}

/// A link to activate an account or to recover it.
async fn invite(State(site): State<Arc<SharedState>>, Path(login): Path<String>, body: Bytes) -> Response {
    let Invite { to } = match read(&body) {
        Ok(invite) => invite,
        Err(why) => return problem(400, &why),
    };
    let token = site.chance().secret();
    let now = site.now();
    let mut world = site.world();
    let Some(user) = id_of(&world, &login) else { return nobody() };
    let expires_at = now.after(crate::clock::minutes(60 * 24 * 7));
    world.invitations.insert(token.clone(), Invitation { user, to, expires_at });
    let name = if to == Invited::Activate { "activationToken" } else { "recoveryToken" };
    response::json(201, &json!({ name: token, "expiresAt": expires_at.iso() }))
}

async fn access_code(State(site): State<Arc<SharedState>>, Path(login): Path<String>) -> Response {
    let (now, mut chance) = (site.now(), site.chance());
    let code = chance.code();
    let mut world = site.world();
    let Some(id) = id_of(&world, &login) else { return nobody() };
    let until = now.after(crate::clock::minutes(60));
    if let Some(user) = world.users.get_mut(&id) {
        user.enrol(Proof::AccessCode { code: code.clone(), until }, now, &mut chance);
    }
    response::json(201, &json!({ "code": code, "expiresAt": until.iso() }))
}

async fn end_sessions(State(site): State<Arc<SharedState>>, Path(login): Path<String>) -> Response {
    let mut world = site.world();
    let Some(id) = id_of(&world, &login) else { return nobody() };
    world.end_sessions(&id);
    drop(world);
    site.tell();
    response::json(200, &json!({}))
}

fn id_of(world: &World, login: &str) -> Option<String> {
    world.users.by_login(login).map(|user| user.id.clone())
}

fn nobody() -> Response {
    problem(404, "there is no such user")
}

fn activate() -> Invited {
    Invited::Activate
}
