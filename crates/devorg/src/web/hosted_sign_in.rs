//! The org's own sign-in page: the authorization code flow of an app that does not show the sign-in itself.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::SET_COOKIE;

use super::hosted_address::granted_address;
use super::hosted_forms::{answer_body, forms, messages};
use super::idx::session_cookie;
use super::oauth_request::{OAuthRequest, refused_response};
use super::pages::{escape, html, page, with_state_token};
use super::url::with_query;
use super::{federation, response};
use crate::flow::{IdxRequest, access};
use crate::ion::{self, DocumentBuilder};
use crate::oauth::client_auth::Fields;
use crate::oauth::error::OAuthError;
use crate::oauth::interact;
use crate::org::message::Refusal;
use crate::org::state::OrgState;
use crate::org::transaction::Step;
use crate::shared::SharedState;

/// How a sign-in on the org's page begins.
enum Beginning {
    /// With a page, or with the way back to the app.
    Response(Response),
    /// With a redirect to an identity provider, for this transaction and provider.
    Provider(String),
}

/// `GET /authorize`: a code at once for a browser with a session that is enough, else the first page.
pub(super) async fn authorize(shared: &SharedState, request: &OAuthRequest) -> Response {
    match begin(shared, request) {
        Beginning::Response(response) => response,
        Beginning::Provider(pushed) => federation::redirect_to_provider(shared, &pushed).await,
    }
}

fn begin(shared: &SharedState, request: &OAuthRequest) -> Beginning {
    let (now, mut random) = (shared.now(), shared.random());
    let mut org = shared.org();
    let asked = match org.app(request.field("client_id")) {
        Some(app) => interact::request(app, request.fields(), request.server().clone()),
        None => Err(OAuthError::UnknownClient),
    };
    let asked = match asked {
        Ok(asked) => asked,
        Err(refused) => return Beginning::Response(refused_response(&refused)),
    };
    let (redirect_uri, state) = (asked.redirect_uri.clone(), asked.state.clone());
    let refuse = |error| Beginning::Response(to_app_with_error(&redirect_uri, &state, error));
    let response_type = if asked.enroll.is_empty() { "code" } else { "none" };
    if request.field("response_type") != response_type {
        return refuse(UNSUPPORTED_RESPONSE_TYPE);
    }
    let session = request.session(&org, now).filter(|_| request.field("prompt") != "login");
    let mut transaction = interact::new_transaction(asked, session, now, &mut random);
    shared.with_engine(&mut org, &mut transaction, |engine| engine.resume_session());
    let is_granted = matches!(transaction.step, Step::Granted { .. });
    let (handle, reference) = (transaction.handle.clone(), transaction.reference());
    org.transactions.put(transaction);
    match (is_granted, request.field("prompt"), request.field("idp")) {
        (false, "none", _) => refuse(LOGIN_REQUIRED),
        (true, ..) | (false, _, "") => Beginning::Response(show(shared, &org, &handle, Ok(()))),
        (false, _, idp) => Beginning::Provider(format!("{reference}:{idp}")),
    }
}

/// `GET /signin/{handle}`: the current page.
pub(super) async fn current(State(shared): State<Arc<SharedState>>, Path(handle): Path<String>) -> Response {
    show(&shared, &shared.org(), &handle, Ok(()))
}

/// `POST /signin/{handle}`: takes the answer of one form.
pub(super) async fn answer(
    State(shared): State<Arc<SharedState>>,
    Path(handle): Path<String>,
    Form(fields): Form<Fields>,
) -> Response {
    let path = fields.get("path").map(String::as_str).unwrap_or_default();
    let Some(input) = IdxRequest::read(path, &answer_body(&fields)) else {
        return response::not_found().await;
    };
    let now = shared.now();
    let find = |org: &OrgState| {
        let open = org.transactions.find(|open| open.handle == handle && now < open.expires_at);
        open.map(|open| open.handle.clone())
    };
    let taken = shared.act(find, |engine| (engine.take(input), engine.transaction.handle.clone()));
    let Some((outcome, handle)) = taken else { return expired_page() };
    show(&shared, &shared.org(), &handle, outcome)
}

/// Errors of the address of an app, with their descriptions. Okta's SDK takes an error without one for no error.
const ACCESS_DENIED: (&str, &str) = ("access_denied", "The resource owner denied the request.");
const LOGIN_REQUIRED: (&str, &str) =
    ("login_required", "The client specified not to prompt, but the user is not logged in.");
const UNSUPPORTED_RESPONSE_TYPE: (&str, &str) =
    ("unsupported_response_type", "The response type is not supported by the authorization server.");

fn to_app_with_error(redirect_uri: &str, state: &str, (error, description): (&str, &str)) -> Response {
    let query = [("error", error), ("error_description", description), ("state", state)];
    Redirect::to(&with_query(redirect_uri, &query)).into_response()
}

/// The page of the current step, or the way back to the app.
fn show(shared: &SharedState, org: &OrgState, handle: &str, outcome: Result<(), Refusal>) -> Response {
    let now = shared.now();
    let found =
        org.transactions.find(|transaction| transaction.handle == handle && now < transaction.expires_at);
    let Some(transaction) = found else { return expired_page() };
    let Some(app) = org.app(&transaction.request.client_id) else { return expired_page() };
    if let Step::Granted { code } = &transaction.step {
        let address = granted_address(&shared.origin, transaction, code);
        let mut response = Redirect::to(&address).into_response();
        response.headers_mut().extend(session_cookie(transaction).map(|cookie| (SET_COOKIE, cookie)));
        return response;
    }
    let request = &transaction.request;
    // A page of the org's own has no app to go back to.
    if access::is_consent_refused(&transaction.step) && !request.redirect_uri.is_empty() {
        return to_app_with_error(&request.redirect_uri, &request.state, ACCESS_DENIED);
    }
    let refused = outcome.err().map(|refusal| refusal.messages).unwrap_or_default();
    let keys = shared.keys();
    let builder = DocumentBuilder { org, app, transaction, origin: &shared.origin, keys: &keys, now };
    let document = ion::document(&builder, &[]);
    let refused = refused.iter().map(|(_, message)| message.text.as_str());
    let alerts: String = refused
        .chain(messages(&document))
        .map(|text| format!("<p role=\"alert\">{}</p>", escape(text)))
        .collect();
    let forms = forms(&document, handle);
    let heading = match transaction.step {
        Step::EmailConsent(_) => "Did you just try to sign in?",
        _ => "Sign in at the org",
    };
    let state_token = with_state_token(handle);
    html(200, "Sign in", &format!("<h1>{heading}</h1>{alerts}{forms}{state_token}"))
}

fn expired_page() -> Response {
    page(400, "This sign-in has expired", "Return to the app and begin again.")
}
