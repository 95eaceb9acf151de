//! The phones and hardware tokens of users: pending tasks, and doing them.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::super::pages::{escape, html, page};
use super::super::response;
use super::json::{problem, read};
use crate::clock::Timestamp;
use crate::credentials::base32;
use crate::credentials::totp;
use crate::flow::vendors::waits_for_card;
use crate::org::authenticator::Authenticator;
use crate::org::settings::okta_verify::PairingChannel;
use crate::org::state::OrgState;
use crate::org::transaction::{Challenge, Enrolling, Pairing, Push, Step, Transaction};
use crate::org::user::Factor;
use crate::shared::SharedState;

/// A task that waits on a user's device.
#[derive(Serialize)]
pub(super) struct PendingTask {
    login: String,
    app: String,
    #[serde(flatten)]
    task: DeviceTask,
}

/// The task.
#[derive(Serialize)]
#[serde(tag = "asks", rename_all = "snake_case")]
enum DeviceTask {
    /// Answer a push: the number on the page, and the numbers on the phone.
    Push { number: Option<u8>, numbers: Vec<u8> },
    /// Pair Okta Verify, by the link in the QR code or message.
    Pairing { channel: PairingChannel, link: String },
    /// Hold a card to the reader.
    Card { label: &'static str },
    /// Show the current code and the next one, for enrolment.
    Code { key: Authenticator, label: &'static str, code: String, next: String },
}

/// All pending tasks.
pub(super) fn pending(org: &OrgState, origin: &str, now: Timestamp) -> Vec<PendingTask> {
    let open = org.transactions.iter().filter(|transaction| transaction.expires_at > now);
    open.filter_map(|transaction| {
        let task = match &transaction.step {
            Step::Challenge(Challenge::Push(push)) if push.answer.is_none() => DeviceTask::Push {
                number: push.number,
                numbers: push.number.map(number_choices).unwrap_or_default(),
            },
            Step::Enrolling { what: Enrolling::OktaVerify(pairing), .. } => {
                DeviceTask::Pairing { channel: pairing.channel, link: link(origin, pairing) }
            }
            Step::Enrolling { what: Enrolling::OtpDevice { key, secret }, .. } => {
                code_task(*key, secret, now)
            }
            step if waits_for_card(step) => DeviceTask::Card { label: Authenticator::NfcPin.label() },
            Step::Enrolling { what: Enrolling::GoogleOtp { secret }, .. } => {
                code_task(Authenticator::GoogleOtp, secret, now)
            }
            _ => return None,
        };
        let login = transaction.identifier().unwrap_or_default().to_owned();
        Some(PendingTask { login, app: transaction.request.client_id.clone(), task })
    })
    .collect()
}

#[derive(Deserialize)]
pub(super) struct DeviceQuery {
    login: Option<String>,
}

/// `GET /dev/devices`: the pending tasks of all users or of one.
pub(super) async fn devices(
    State(shared): State<Arc<SharedState>>,
    Query(query): Query<DeviceQuery>,
) -> Response {
    let mut all = pending(&shared.org(), &shared.origin, shared.now());
    if let Some(login) = query.login {
        all.retain(|task| task.login.eq_ignore_ascii_case(&login));
    }
    response::json(200, &json!(all))
}

#[derive(Deserialize)]
struct Answer {
    login: String,
    approve: bool,
    /// The number chosen on the phone; the right one by default.
    number: Option<u8>,
}

/// `POST /dev/push`: answers a push. The wrong number rejects it.
pub(super) async fn push(State(shared): State<Arc<SharedState>>, body: Bytes) -> Response {
    let answer: Answer = match read(&body) {
        Ok(answer) => answer,
        Err(why) => return problem(400, &why),
    };
    let answered = answer_push(&mut shared.org(), &answer);
    if !answered {
        return problem(404, "no push is pending for this user");
    }
    shared.notify_change();
    response::json(200, &json!({}))
}

#[derive(Deserialize)]
struct Scan {
    login: String,
}

/// `POST /dev/card`: the user holds a card to the reader. A page that does not know yet who signs in learns it from the card.
pub(super) async fn card(State(shared): State<Arc<SharedState>>, body: Bytes) -> Response {
    let Scan { login } = match read(&body) {
        Ok(scan) => scan,
        Err(why) => return problem(400, &why),
    };
    let Some(user) = shared.org().users.by_login(&login).map(|user| user.id.clone()) else {
        return problem(404, "this user does not exist");
    };
    let waits = |transaction: &&Transaction| {
        waits_for_card(&transaction.step) && transaction.user_id().is_none_or(|id| id == user)
    };
    let find =
        |org: &OrgState| org.transactions.iter().find(waits).map(|transaction| transaction.handle.clone());
    match shared.act(find, |engine| engine.card_read(&user).is_ok()) {
        Some(true) => response::json(200, &json!({})),
        Some(false) => problem(400, "the card could not be read"),
        None => problem(404, "no page waits for a card of this user"),
    }
}

/// `POST /dev/okta-verify`: the user's phone scans the QR code or opens the link.
pub(super) async fn scan(State(shared): State<Arc<SharedState>>, body: Bytes) -> Response {
    let Scan { login } = match read(&body) {
        Ok(scan) => scan,
        Err(why) => return problem(400, &why),
    };
    match pair_one(&shared, |org, transaction| {
        pairing(transaction).is_some() && is_of(org, transaction, &login)
    }) {
        Some(true) => response::json(200, &json!({})),
        Some(false) => problem(400, "the phone could not be paired"),
        None => problem(404, "no Okta Verify enrolment is pending for this user"),
    }
}

/// `GET /dev/okta-verify/{token}`: the page that stands in for the app on the phone.
pub(super) async fn show(Path(token): Path<String>) -> Response {
    let body = format!(
        "<h1>Okta Verify</h1><p>This page stands in for the app on a phone.</p>\
         <form method=\"post\" action=\"/dev/okta-verify/{}\"><button class=\"yes\">Add account</button></form>",
        escape(&token)
    );
    html(200, "Okta Verify", &body)
}

/// `POST /dev/okta-verify/{token}`: pairs the phone.
pub(super) async fn pair(State(shared): State<Arc<SharedState>>, Path(token): Path<String>) -> Response {
    match pair_by_token(&shared, &token) {
        Some(true) => page(200, "Account added", "The sign-in page continues by itself."),
        Some(false) => page(400, "Something went wrong", "Return to the sign-in page."),
        None => page(404, "Nothing to pair", "The code was used, or has expired."),
    }
}

/// `GET /dev/okta-verify/{token}/open`: a link that opens the app on the device of the browser. The page stays where it is, also
/// when it opens the app again.
pub(super) async fn open(State(shared): State<Arc<SharedState>>, Path(token): Path<String>) -> StatusCode {
    match pair_by_token(&shared, &token) {
        Some(true) | None => StatusCode::NO_CONTENT,
        Some(false) => StatusCode::BAD_REQUEST,
    }
}

fn pair_by_token(shared: &SharedState, token: &str) -> Option<bool> {
    pair_one(shared, |_, transaction| pairing(transaction).is_some_and(|known| known.token == token))
}

fn answer_push(org: &mut OrgState, answer: &Answer) -> bool {
    let waits = |transaction: &&Transaction| {
        matches!(transaction.step, Step::Challenge(Challenge::Push(Push { answer: None, .. })))
            && is_of(org, transaction, &answer.login)
    };
    let Some(handle) = org.transactions.iter().find(waits).map(|transaction| transaction.handle.clone())
    else {
        return false;
    };
    let Some(mut transaction) = org.transactions.take(&handle) else { return false };
    if let Step::Challenge(Challenge::Push(push)) = &mut transaction.step {
        let is_right = answer.number.is_none_or(|picked| push.number == Some(picked));
        push.answer = Some(answer.approve && is_right);
    }
    org.transactions.put(transaction);
    true
}

/// Pairs the phone of the first matching transaction. Returns whether it worked, or nothing without a match.
fn pair_one(shared: &SharedState, matches: impl Fn(&OrgState, &Transaction) -> bool) -> Option<bool> {
    let find = |org: &OrgState| {
        let mut open = org.transactions.iter();
        open.find(|transaction| matches(org, transaction)).map(|transaction| transaction.handle.clone())
    };
    shared.act(find, |engine| {
        let secret = pairing(engine.transaction).map(|pairing| pairing.secret.clone()).unwrap_or_default();
        let factor = Factor::OktaVerify { secret, last: None, device: "Dev phone".to_owned() };
        engine.complete_pairing(factor).is_ok()
    })
}

fn pairing(transaction: &Transaction) -> Option<&Pairing> {
    match &transaction.step {
        Step::Enrolling { what: Enrolling::OktaVerify(pairing), .. } => Some(pairing),
        _ => None,
    }
}

fn is_of(org: &OrgState, transaction: &Transaction, login: &str) -> bool {
    org.users.by_login(login).is_some_and(|user| transaction.user_id() == Some(&user.id))
}

fn link(origin: &str, pairing: &Pairing) -> String {
    format!("{origin}/dev/okta-verify/{}", pairing.token)
}

fn code_task(key: Authenticator, secret: &str, now: Timestamp) -> DeviceTask {
    let secret = base32::decode(secret);
    let (code, next) = (totp::code(&secret, now), totp::code(&secret, now.after(totp::PERIOD)));
    DeviceTask::Code { key, label: key.label(), code, next }
}

/// The number and two others, sorted so that the order reveals nothing.
fn number_choices(number: u8) -> Vec<u8> {
    let other = |by: u8| 10 + (number.saturating_sub(10) + by) % 90;
    let mut all = vec![number, other(31), other(59)];
    all.sort_unstable();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_phone_offers_three_numbers_and_one_is_right() {
        for number in 10..100 {
            let all = number_choices(number);
            assert!(all.contains(&number) && all.iter().all(|n| (10..100).contains(n)), "{all:?}");
            assert_eq!(all.iter().filter(|n| **n == number).count(), 1, "{all:?}");
        }
    }
}
