//! The org as an OpenID client of identity providers: redirects, callback and code exchange.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE, SET_COOKIE};
use serde_json::Value;

use super::hosted_address;
use super::idx::session_cookie;
use super::pages::page;
use super::url::with_query;
use crate::identity_provider::{self as provider_endpoints, CLIENT_ID, SCOPE};
use crate::oauth::client_auth::Fields;
use crate::oauth::id_token::{self, ExpectedClaims};
use crate::org::state::{ProviderIdentity, ProviderSignIn};
use crate::org::transaction::{FIRST_STEP_LIFETIME, Step};
use crate::outbound::http_client;
use crate::shared::SharedState;

/// Redirects to a provider. `pushed` is a transaction reference and a provider id.
pub(super) async fn redirect_to_provider(shared: &SharedState, pushed: &str) -> Response {
    let Some((reference, provider)) = pushed.rsplit_once(':') else { return expired_page() };
    let handle = shared
        .org()
        .transactions
        .find(|transaction| transaction.reference() == reference)
        .map(|transaction| transaction.handle.clone());
    let (Some(handle), Some(_)) = (handle, shared.provider(provider)) else { return expired_page() };
    let (now, mut random) = (shared.now(), shared.random());
    let (state, verifier, nonce) = (random.secret(), random.secret(), random.secret());
    let expires_at = now.after(FIRST_STEP_LIFETIME);
    let sign_in =
        ProviderSignIn { handle, provider: provider.to_owned(), verifier, nonce: nonce.clone(), expires_at };
    let there = match discover(&provider_endpoints::issuer(&shared.origin, provider))
        .await
        .and_then(|found| text(&found, "authorization_endpoint"))
    {
        Ok(there) => there,
        Err(why) => {
            log_failure(&why);
            let provider = &sign_in.provider;
            return continue_in_app(
                shared,
                &sign_in.handle,
                Return::FromProvider { provider, identity: None },
            );
        }
    };
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, sign_in.verifier.as_bytes()));
    let callback = provider_endpoints::callback(&shared.origin);
    let mut org = shared.org();
    let hint = org
        .transactions
        .find(|transaction| transaction.handle == sign_in.handle)
        .and_then(|transaction| transaction.identifier());
    let query = [
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("scope", SCOPE),
        ("redirect_uri", &callback),
        ("state", &state),
        ("nonce", &nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
        ("login_hint", hint.unwrap_or_default()),
    ];
    let address = with_query(&there, &query);
    org.provider_sign_ins.retain(|_, sign_in| sign_in.expires_at > now);
    org.provider_sign_ins.insert(state, sign_in);
    Redirect::to(&address).into_response()
}

/// `GET /oauth2/v1/authorize/callback`: handles the provider's response, once, and redirects to the app.
pub(super) async fn callback(
    State(shared): State<Arc<SharedState>>,
    Query(query): Query<Fields>,
) -> Response {
    let field = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let sign_in = shared.org().provider_sign_ins.remove(field("state"));
    let Some(sign_in) = sign_in.filter(|sign_in| sign_in.expires_at > shared.now()) else {
        return expired_page();
    };
    let identity = match field("code") {
        "" => None,
        code => redeem(&shared, &sign_in, code).await.inspect_err(|why| log_failure(why)).ok(),
    };
    let provider = &sign_in.provider;
    continue_in_app(&shared, &sign_in.handle, Return::FromProvider { provider, identity })
}

/// Exchanges a code for an id token, verifies it and fetches the user's profile.
async fn redeem(
    shared: &SharedState,
    sign_in: &ProviderSignIn,
    code: &str,
) -> Result<ProviderIdentity, String> {
    let issuer = provider_endpoints::issuer(&shared.origin, &sign_in.provider);
    let found = discover(&issuer).await?;
    let secret = shared.org().provider_accounts.client_secret().to_owned();
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", &provider_endpoints::callback(&shared.origin))
        .append_pair("code_verifier", &sign_in.verifier)
        .finish();
    let request = Request::post(text(&found, "token_endpoint")?)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(format!("{CLIENT_ID}:{secret}"))));
    let tokens = fetch_json(request, body).await?;
    let keys = fetch_json(Request::get(text(&found, "jwks_uri")?), String::new()).await?;
    let expected =
        ExpectedClaims { issuer: &issuer, client_id: CLIENT_ID, nonce: &sign_in.nonce, now: shared.now() };
    let claims = id_token::verify(&text(&tokens, "id_token")?, &keys, &expected)
        .map_err(|why| format!("the identity provider's token is refused: {why}"))?;
    let bearer = format!("Bearer {}", text(&tokens, "access_token")?);
    let request = Request::get(text(&found, "userinfo_endpoint")?).header(AUTHORIZATION, bearer);
    let person = fetch_json(request, String::new()).await?;
    if person.get("sub") != claims.get("sub") {
        return Err("the identity provider's userinfo is about another subject than its id token".to_owned());
    }
    let name = |claim: &str| text(&person, claim).unwrap_or_default();
    Ok(ProviderIdentity {
        subject: text(&claims, "sub")?,
        email: text(&person, "email")?,
        first_name: name("given_name"),
        last_name: name("family_name"),
    })
}

/// What a browser brings back from another site.
pub(super) enum Return<'a> {
    /// An identity provider said who the user is, or that it does not know.
    FromProvider { provider: &'a str, identity: Option<ProviderIdentity> },
    /// The vendor of an authenticator approved, or not.
    FromVendor { is_approved: bool },
}

/// Continues the transaction and redirects to the app.
pub(super) fn continue_in_app(shared: &SharedState, handle: &str, what: Return<'_>) -> Response {
    let mut org = shared.org();
    let Some(mut transaction) = org.transactions.take(handle) else { return expired_page() };
    let (back, state) = (transaction.request.redirect_uri.clone(), transaction.request.state.clone());
    let is_over = transaction.expires_at <= shared.now();
    let outcome = shared.with_engine(&mut org, &mut transaction, |engine| match what {
        _ if is_over => Ok(()),
        Return::FromProvider { provider, identity: Some(identity) } => {
            engine.sign_in_with_provider(provider, identity)
        }
        Return::FromProvider { identity: None, .. } => {
            engine.provider_failed();
            Ok(())
        }
        Return::FromVendor { is_approved } => engine.returned_from_vendor(is_approved),
    });
    let is_hosted = org.app(&transaction.request.client_id).is_some_and(|app| app.hosted_sign_in);
    let granted = if let Step::Granted { code } = &transaction.step {
        let address = if is_hosted {
            hosted_address::granted_address(&shared.origin, &transaction, code)
        } else {
            with_query(&back, &[("interaction_code", code.as_str()), ("state", &state)])
        };
        Some((address, session_cookie(&transaction)))
    } else {
        None
    };
    let page_of_org = (is_hosted && !is_over).then(|| hosted_address::address(&shared.origin, &transaction));
    org.transactions.put(transaction);
    drop(org);
    shared.notify_change();
    if is_over {
        return expired_page();
    }
    let refused = outcome.err().and_then(|refusal| refusal.messages.into_iter().next()).map(|(_, m)| m.text);
    let (error, description) = match (granted, &refused) {
        (Some((address, cookie)), _) => {
            let mut response = Redirect::to(&address).into_response();
            response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
            return response;
        }
        (None, Some(text)) => ("access_denied", text.as_str()),
        // More is required, and the org asks for it itself.
        (None, None) if let Some(page) = &page_of_org => return Redirect::to(page).into_response(),
        (None, None) => (
            "interaction_required",
            "Your client is configured to use the interaction code flow and user interaction is required to complete the request.",
        ),
    };
    let query = [("error", error), ("error_description", description), ("state", &state)];
    Redirect::to(&with_query(&back, &query)).into_response()
}

/// Fetches the discovery document of an issuer.
async fn discover(issuer: &str) -> Result<Value, String> {
    let address = format!("{issuer}/.well-known/openid-configuration");
    let found = fetch_json(Request::get(&address), String::new()).await?;
    if text(&found, "issuer")? == issuer { Ok(found) } else { Err(format!("{address} is of another issuer")) }
}

/// Sends a request that expects JSON.
async fn fetch_json(request: http::request::Builder, body: String) -> Result<Value, String> {
    let request = request.body(body).map_err(|error| error.to_string())?;
    let address = request.uri().to_string();
    let answer =
        http_client::send(request).await.map_err(|error| format!("{address} did not answer: {error}"))?;
    if !answer.status().is_success() {
        return Err(format!("{address} answered {}", answer.status()));
    }
    serde_json::from_slice(answer.body())
        .map_err(|error| format!("{address} did not answer in JSON: {error}"))
}

fn text(of: &Value, name: &str) -> Result<String, String> {
    let missing = || format!("the identity provider's answer lacks {name}");
    of.get(name).and_then(Value::as_str).map(str::to_owned).ok_or_else(missing)
}

/// Logs the reason. The user learns only that the sign-in failed.
fn log_failure(why: &str) {
    eprintln!("devorg: a sign-in with an identity provider failed: {why}");
}

fn expired_page() -> Response {
    page(400, "This sign-in has expired", "Return to the app and begin again.")
}
