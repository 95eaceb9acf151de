//! Stand-ins for the pages of other vendors: a smart card's certificate, Duo, and a service that verifies identities.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use axum::{Form, Router};
use http::HeaderValue;

use super::federation::{Return, continue_in_app, redirect_to_provider};
use super::pages::{escape, html, page};
use super::response;
use crate::credentials::base32;
use crate::credentials::totp;
use crate::oauth::client_auth::Fields;
use crate::org::authenticator::Authenticator;
use crate::org::state::ProviderIdentity;
use crate::org::transaction::{Enrolling, Step};
use crate::org::user::Factor;
use crate::shared::SharedState;

const FRAME_SCRIPT: &str = include_str!("duo_frame.js");

/// The pages. Each posts to its own address.
pub(crate) fn router() -> Router<Arc<SharedState>> {
    Router::new()
        .route("/sso/idps/{provider}", get(ask_provider).post(chosen_certificate))
        .route("/idp/identity-verification", get(verification).post(verified))
        .route("/duo/authorize", get(duo_page).post(duo_answer))
        .route("/frame/web/v1/auth", get(duo_frame).post(duo_frame_answer))
        .route("/frame/web/v1/frame.js", get(frame_script))
}

/// A page with two buttons.
fn question(heading: &str, text: &str, fields: &str, yes: &str, no: &str) -> Response {
    let body = format!(
        "<h1>{}</h1><p>{}</p><form method=\"post\">{fields}\
         <p><button class=\"yes\" name=\"decision\" value=\"yes\">{}</button> \
         <button name=\"decision\" value=\"no\">{}</button></p></form>",
        escape(heading),
        escape(text),
        escape(yes),
        escape(no)
    );
    html(200, heading, &body)
}

/// `GET /sso/idps/{provider}`: leads to an OpenID provider, or plays the question for a certificate.
async fn ask_provider(
    State(shared): State<Arc<SharedState>>,
    Path(provider): Path<String>,
    Query(query): Query<Fields>,
) -> Response {
    let known = shared.provider(&provider);
    if known.as_ref().is_some_and(|provider| !provider.is_certificate()) {
        return redirect_to_provider(&shared, &format!("{}:{provider}", reference(&query))).await;
    }
    // With a provider of the first page, the certificate says who signs in.
    let asks_who = known.is_some();
    let fields = if asks_who {
        "<label>Email in the certificate <input name=\"login\" type=\"email\" required></label>"
    } else {
        ""
    };
    let text = "This page stands in for the question of the browser for the certificate on a smart card.";
    question("Certificate", text, fields, "Use the certificate", "Cancel")
}

/// `POST /sso/idps/{provider}`: the certificate was chosen.
async fn chosen_certificate(
    State(shared): State<Arc<SharedState>>,
    Path(provider): Path<String>,
    Query(query): Query<Fields>,
    Form(answer): Form<Fields>,
) -> Response {
    let is_chosen = is_yes(&answer);
    let login = answer.get("login").cloned().unwrap_or_default();
    match shared.provider(&provider) {
        Some(known) if !known.is_certificate() => response::not_found().await,
        Some(_) => {
            let identity = (is_chosen && !login.is_empty()).then(|| ProviderIdentity {
                subject: login.clone(),
                email: login,
                first_name: String::new(),
                last_name: String::new(),
            });
            go_on(&shared, &query, Return::FromProvider { provider: &provider, identity })
        }
        None => go_on(&shared, &query, Return::FromVendor { is_approved: is_chosen }),
    }
}

/// `GET /idp/identity-verification`: the service that verifies who the user is.
async fn verification() -> Response {
    let text = "This page stands in for a service that verifies a person's identity.";
    question("Identity check", text, "", "Verified", "Not verified")
}

/// `POST /idp/identity-verification`: its result.
async fn verified(
    State(shared): State<Arc<SharedState>>,
    Query(query): Query<Fields>,
    Form(answer): Form<Fields>,
) -> Response {
    go_on(&shared, &query, Return::FromVendor { is_approved: is_yes(&answer) })
}

/// `GET /duo/authorize`: Duo on a page of its own.
async fn duo_page() -> Response {
    question("Duo", "This page stands in for Duo.", "", "Approve", "Deny")
}

/// `POST /duo/authorize`: the user's decision.
async fn duo_answer(
    State(shared): State<Arc<SharedState>>,
    Query(query): Query<Fields>,
    Form(answer): Form<Fields>,
) -> Response {
    go_on(&shared, &query, Return::FromVendor { is_approved: is_yes(&answer) })
}

/// `GET /frame/web/v1/auth`: Duo in a frame.
async fn duo_frame() -> Response {
    framed(question("Duo", "This frame stands in for Duo.", "", "Approve", "Deny"))
}

/// `POST /frame/web/v1/auth`: tells the page around the frame, with the current code of the user's Duo.
async fn duo_frame_answer(
    State(shared): State<Arc<SharedState>>,
    Query(query): Query<Fields>,
    Form(answer): Form<Fields>,
) -> Response {
    let reference = query.get("tx").and_then(|tx| tx.strip_prefix("TX|")).unwrap_or_default();
    let parent = query.get("parent").and_then(|parent| url::Url::parse(parent).ok());
    let (Some(parent), Some(code)) = (parent, code_of(&shared, reference)) else {
        return framed(page(400, "Something went wrong", "Return to the sign-in page."));
    };
    let said = if is_yes(&answer) { format!("AUTH|{code}") } else { "AUTH|denied".to_owned() };
    let body = format!(
        "<h1>Duo</h1><script src=\"/frame/web/v1/frame.js\" data-response=\"{}\" data-parent=\"{}\"></script>",
        escape(&said),
        escape(&parent.origin().ascii_serialization())
    );
    framed(html(200, "Duo", &body))
}

async fn frame_script() -> Response {
    response::typed(200, "text/javascript; charset=utf-8", FRAME_SCRIPT)
}

/// The current code of the user's Duo, or of the one that is being enrolled.
fn code_of(shared: &SharedState, reference: &str) -> Option<String> {
    let org = shared.org();
    let transaction = org.transactions.find(|transaction| transaction.reference() == reference)?;
    let secret = match &transaction.step {
        Step::Enrolling { what: Enrolling::OtpDevice { secret, .. }, .. } => secret,
        _ => match &org.users.get(transaction.user_id()?)?.enrolment(Authenticator::Duo)?.factor {
            Factor::OtpDevice { secret, .. } => secret,
            _ => return None,
        },
    };
    Some(totp::code(&base32::decode(secret), shared.now()))
}

/// A page that other pages may embed, as Duo's is.
fn framed(mut page: Response) -> Response {
    let policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors *";
    page.headers_mut().insert("content-security-policy", HeaderValue::from_static(policy));
    page
}

fn is_yes(answer: &Fields) -> bool {
    answer.get("decision").is_some_and(|decision| decision == "yes")
}

/// The reference of the transaction that the address names.
fn reference(query: &Fields) -> &str {
    let names = ["stateToken", "stateTokenExternalId", "state"];
    names.iter().find_map(|name| query.get(*name)).map(String::as_str).unwrap_or_default()
}

/// Continues the transaction that the address names.
fn go_on(shared: &SharedState, query: &Fields, what: Return<'_>) -> Response {
    let reference = reference(query);
    let handle = shared
        .org()
        .transactions
        .find(|transaction| transaction.reference() == reference)
        .map(|transaction| transaction.handle.clone());
    match handle {
        Some(handle) => continue_in_app(shared, &handle, what),
        None => page(400, "This sign-in has expired", "Return to the app and begin again."),
    }
}
