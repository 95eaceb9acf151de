//! Phones and tokens: what waits on them, and what somebody does with them.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::super::pages::{escape, html, page};
use super::super::response;
use super::json::{problem, read};
use crate::clock::Moment;
use crate::credentials::base32;
use crate::credentials::totp;
use crate::flow::Walk;
use crate::org::authenticator::Key;
use crate::org::state::World;
use crate::org::transaction::{Challenge, Channel, Enrolling, Pairing, Push, Stage, Transaction};
use crate::org::user::Proof;
use crate::shared::SharedState;

/// Something that waits on a device of somebody's.
#[derive(Serialize)]
pub(super) struct Waiting {
    login: String,
    app: String,
    #[serde(flatten)]
    asks: Asks,
}

/// What the device is to do.
#[derive(Serialize)]
#[serde(tag = "asks", rename_all = "snake_case")]
enum Asks {
    /// Approve: the number the page shows, among those the phone shows.
    Push { number: Option<u8>, numbers: Vec<u8> },
    /// Be paired, by the address that was shown or sent.
    Pairing { channel: Channel, link: String },
    /// Show the code it has now, and the one after it, to be set up.
    Code { key: Key, label: &'static str, code: String, next: String },
}

/// Everything that waits.
pub(super) fn waiting(world: &World, origin: &str, now: Moment) -> Vec<Waiting> {
    let open = world.transactions.iter().filter(|at| at.expires_at > now);
    open.filter_map(|at| {
        let asks = match &at.stage {
            Stage::Challenge(Challenge::Push(push)) if push.answer.is_none() => {
                Asks::Push { number: push.number, numbers: push.number.map(choices).unwrap_or_default() }
            }
            Stage::Enrolling { what: Enrolling::OktaVerify(pairing), .. } => {
                Asks::Pairing { channel: pairing.channel, link: link(origin, pairing) }
            }
            Stage::Enrolling { what: Enrolling::Token { key, secret }, .. } => shows(*key, secret, now),
            Stage::Enrolling { what: Enrolling::GoogleOtp { secret }, .. } => {
                shows(Key::GoogleOtp, secret, now)
            }
            _ => return None,
        };
        let login = at.identifier().unwrap_or_default().to_owned();
        Some(Waiting { login, app: at.request.client_id.clone(), asks })
    })
    .collect()
}

#[derive(Deserialize)]
pub(super) struct Whose {
    login: Option<String>,
}

/// `GET /dev/devices`: what waits, of everybody or of one.
pub(super) async fn devices(State(site): State<Arc<SharedState>>, Query(whose): Query<Whose>) -> Response {
    let mut all = waiting(&site.world(), &site.origin, site.now());
    if let Some(login) = whose.login {
        all.retain(|waiting| waiting.login.eq_ignore_ascii_case(&login));
    }
    response::json(200, &json!(all))
}

#[derive(Deserialize)]
struct Answer {
    login: String,
    approve: bool,
    /// The number picked on the phone; the right one by default.
    number: Option<u8>,
}

/// `POST /dev/push`: what somebody does on their phone. The wrong number is a rejection.
pub(super) async fn push(State(site): State<Arc<SharedState>>, body: Bytes) -> Response {
    let answer: Answer = match read(&body) {
        Ok(answer) => answer,
        Err(why) => return problem(400, &why),
    };
    let answered = answer_push(&mut site.world(), &answer);
    if !answered {
        return problem(404, "no push waits for this user");
    }
    site.tell();
    response::json(200, &json!({}))
}

#[derive(Deserialize)]
struct Scan {
    login: String,
}

/// `POST /dev/okta-verify`: somebody's phone scans the code, or opens the link, that waits for it.
pub(super) async fn scan(State(site): State<Arc<SharedState>>, body: Bytes) -> Response {
    let Scan { login } = match read(&body) {
        Ok(scan) => scan,
        Err(why) => return problem(400, &why),
    };
    match pair_one(&site, |world, at| pairing(at).is_some() && is_of(world, at, &login)) {
        Some(true) => response::json(200, &json!({})),
        Some(false) => problem(400, "the phone was not taken"),
        None => problem(404, "no phone waits to be paired for this user"),
    }
}

/// `GET /dev/okta-verify/{token}`: what the app on a phone would show after scanning the code.
pub(super) async fn show(Path(token): Path<String>) -> Response {
    let body = format!(
        "<h1>Okta Verify</h1><p>This page stands in for the app on a phone.</p>\
         <form method=\"post\" action=\"/dev/okta-verify/{}\"><button class=\"yes\">Add account</button></form>",
        escape(&token)
    );
    html(200, "Okta Verify", &body)
}

/// `POST /dev/okta-verify/{token}`: the phone is paired.
pub(super) async fn pair(State(site): State<Arc<SharedState>>, Path(token): Path<String>) -> Response {
    match pair_one(&site, |_, at| pairing(at).is_some_and(|known| known.token == token)) {
        Some(true) => page(200, "Account added", "The sign-in page goes on by itself."),
        Some(false) => page(400, "Something went wrong", "Return to the sign-in page."),
        None => page(404, "Nothing to pair", "The code was used, or has expired."),
    }
}

fn answer_push(world: &mut World, answer: &Answer) -> bool {
    let waits = |at: &&Transaction| {
        matches!(at.stage, Stage::Challenge(Challenge::Push(Push { answer: None, .. })))
            && is_of(world, at, &answer.login)
    };
    let Some(handle) = world.transactions.iter().find(waits).map(|at| at.handle.clone()) else {
        return false;
    };
    let Some(mut at) = world.transactions.take(&handle) else { return false };
    if let Stage::Challenge(Challenge::Push(push)) = &mut at.stage {
        let is_right = answer.number.is_none_or(|picked| push.number == Some(picked));
        push.answer = Some(answer.approve && is_right);
    }
    world.transactions.put(at);
    true
}

/// Pairs the phone of the first transaction that is meant; whether it was taken, or nothing if none waits.
fn pair_one(site: &SharedState, is_meant: impl Fn(&World, &Transaction) -> bool) -> Option<bool> {
    let (now, mut chance) = (site.now(), site.chance());
    let mut world = site.world();
    let handle = world.transactions.iter().find(|at| is_meant(&world, at))?.handle.clone();
    let mut at = world.transactions.take(&handle)?;
    let secret = pairing(&at).map(|pairing| pairing.secret.clone()).unwrap_or_default();
    let proof = Proof::OktaVerify { secret, last: None, device: "Dev phone".to_owned() };
    let mut walk = Walk { world: &mut world, at: &mut at, origin: &site.origin, now, chance: &mut chance };
    let is_taken = walk.paired(proof).is_ok();
    world.transactions.put(at);
    drop(world);
    site.tell();
    Some(is_taken)
}

fn pairing(at: &Transaction) -> Option<&Pairing> {
    match &at.stage {
        Stage::Enrolling { what: Enrolling::OktaVerify(pairing), .. } => Some(pairing),
        _ => None,
    }
}

fn is_of(world: &World, at: &Transaction, login: &str) -> bool {
    world.users.by_login(login).is_some_and(|user| at.user_id() == Some(&user.id))
}

fn link(origin: &str, pairing: &Pairing) -> String {
    format!("{origin}/dev/okta-verify/{}", pairing.token)
}

fn shows(key: Key, secret: &str, now: Moment) -> Asks {
    let secret = base32::decode(secret);
    let (code, next) = (totp::code(&secret, now), totp::code(&secret, now.after(totp::STEP)));
    Asks::Code { key, label: key.label(), code, next }
}

/// The number and two others, in an order that tells nothing.
fn choices(number: u8) -> Vec<u8> {
    let other = |by: u8| 10 + (number.saturating_sub(10) + by) % 90;
    let mut all = vec![number, other(31), other(59)];
    all.sort_unstable();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_phone_shows_three_numbers_of_which_one_is_right() {
        for number in 10..100 {
            let all = choices(number);
            assert!(all.contains(&number) && all.iter().all(|n| (10..100).contains(n)), "{all:?}");
            assert_eq!(all.iter().filter(|n| **n == number).count(), 1, "{all:?}");
        }
    }
}
