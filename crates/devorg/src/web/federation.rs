//! The org as a client of identity providers: out to one, back with a code, and the code redeemed over HTTP.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE, SET_COOKIE};
use serde_json::Value;

use super::idx::session_cookie;
use super::pages::page;
use super::url::with_query;
use crate::flow::Walk;
use crate::identity_provider::{self as provider_endpoints, CLIENT_ID, SCOPE};
use crate::oauth::client_auth::Fields;
use crate::oauth::id_token::{self, Expected};
use crate::org::state::{Identity, Leaving};
use crate::org::transaction::{BEFORE_IDENTIFY, Stage};
use crate::outbound::http_client;
use crate::shared::SharedState;

/// Somebody leaves for a provider; `pushed` names the transaction and the provider.
pub(super) async fn leave(site: &SharedState, pushed: &str) -> Response {
    let Some((door, provider)) = pushed.rsplit_once(':') else { return gone() };
    let handle = site.world().transactions.find(|at| at.door() == door).map(|at| at.handle.clone());
    let (Some(handle), Some(_)) = (handle, site.provider(provider)) else { return gone() };
    let (now, mut chance) = (site.now(), site.chance());
    let (state, verifier, nonce) = (chance.secret(), chance.secret(), chance.secret());
    let until = now.after(BEFORE_IDENTIFY);
    let leaving = Leaving { handle, provider: provider.to_owned(), verifier, nonce: nonce.clone(), until };
    let there = match discover(&provider_endpoints::issuer(&site.origin, provider))
        .await
        .and_then(|found| text(&found, "authorization_endpoint"))
    {
        Ok(there) => there,
        Err(why) => {
            say(&why);
            return back_to_the_app(site, &leaving, None);
        }
    };
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, leaving.verifier.as_bytes()));
    let callback = provider_endpoints::callback(&site.origin);
    let mut world = site.world();
    let hint = world.transactions.find(|at| at.handle == leaving.handle).and_then(|at| at.identifier());
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
    world.leaving.retain(|_, leaving| leaving.until > now);
    world.leaving.insert(state, leaving);
    Redirect::to(&address).into_response()
}

/// `GET /oauth2/v1/authorize/callback`: the provider's answer, and on to the app. It can be given once.
pub(super) async fn callback(State(site): State<Arc<SharedState>>, Query(query): Query<Fields>) -> Response {
    let field = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let leaving = site.world().leaving.remove(field("state"));
    let Some(leaving) = leaving.filter(|leaving| leaving.until > site.now()) else { return gone() };
    let identity = match field("code") {
        "" => None,
        code => redeem(&site, &leaving, code).await.inspect_err(|why| say(why)).ok(),
    };
    back_to_the_app(&site, &leaving, identity)
}

/// Exchanges a code for an id token, looks whether that can be believed, and asks who it is.
async fn redeem(site: &SharedState, leaving: &Leaving, code: &str) -> Result<Identity, String> {
    let issuer = provider_endpoints::issuer(&site.origin, &leaving.provider);
    let found = discover(&issuer).await?;
    let secret = site.world().provider_accounts.client_secret().to_owned();
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", &provider_endpoints::callback(&site.origin))
        .append_pair("code_verifier", &leaving.verifier)
        .finish();
    let request = Request::post(text(&found, "token_endpoint")?)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(format!("{CLIENT_ID}:{secret}"))));
    let tokens = ask(request, body).await?;
    let keys = ask(Request::get(text(&found, "jwks_uri")?), String::new()).await?;
    let expected = Expected { issuer: &issuer, client_id: CLIENT_ID, nonce: &leaving.nonce, now: site.now() };
    let told = id_token::believed(&text(&tokens, "id_token")?, &keys, &expected)
        .map_err(|why| format!("the identity provider's token is not believed: {why}"))?;
    let bearer = format!("Bearer {}", text(&tokens, "access_token")?);
    let request = Request::get(text(&found, "userinfo_endpoint")?).header(AUTHORIZATION, bearer);
    let person = ask(request, String::new()).await?;
    if person.get("sub") != told.get("sub") {
        return Err("the identity provider tells of somebody else than its token".to_owned());
    }
    let name = |claim: &str| text(&person, claim).unwrap_or_default();
    Ok(Identity {
        subject: text(&told, "sub")?,
        email: text(&person, "email")?,
        first_name: name("given_name"),
        last_name: name("family_name"),
    })
}

/// Goes on with the transaction somebody left from, and leads back to where the app takes them.
fn back_to_the_app(site: &SharedState, leaving: &Leaving, identity: Option<Identity>) -> Response {
    let mut world = site.world();
    let Some(mut at) = world.transactions.take(&leaving.handle) else { return gone() };
    let (back, state) = (at.request.redirect_uri.clone(), at.request.state.clone());
    let (now, mut chance) = (site.now(), site.chance());
    let is_over = at.expires_at <= now;
    let mut walk = Walk { world: &mut world, at: &mut at, origin: &site.origin, now, chance: &mut chance };
    let outcome = match identity {
        _ if is_over => Ok(()),
        Some(identity) => walk.federated(&leaving.provider, identity),
        None => {
            walk.not_federated();
            Ok(())
        }
    };
    let granted = match &at.stage {
        Stage::Granted { code } => Some((code.clone(), session_cookie(&at))),
        _ => None,
    };
    world.transactions.put(at);
    drop(world);
    site.tell();
    if is_over {
        return gone();
    }
    let refused = outcome.err().and_then(|refusal| refusal.messages.into_iter().next()).map(|(_, m)| m.text);
    let (error, description) = match (granted, &refused) {
        (Some((code, cookie)), _) => {
            let query = [("interaction_code", code.as_str()), ("state", &state)];
            let mut response = Redirect::to(&with_query(&back, &query)).into_response();
            response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
            return response;
        }
        (None, Some(text)) => ("access_denied", text.as_str()),
        (None, None) => (
            "interaction_required",
            "Your client is configured to use the interaction code flow and user interaction is required to complete the request.",
        ),
    };
    let query = [("error", error), ("error_description", description), ("state", &state)];
    Redirect::to(&with_query(&back, &query)).into_response()
}

/// The discovery document of an issuer, if it is its own.
async fn discover(issuer: &str) -> Result<Value, String> {
    let address = format!("{issuer}/.well-known/openid-configuration");
    let found = ask(Request::get(&address), String::new()).await?;
    if text(&found, "issuer")? == issuer { Ok(found) } else { Err(format!("{address} is of another issuer")) }
}

/// A request that is to be answered with JSON.
async fn ask(request: http::request::Builder, body: String) -> Result<Value, String> {
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

/// To whoever runs the org: somebody at the page learns only that it did not work.
fn say(why: &str) {
    eprintln!("devorg: a sign-in by an identity provider failed: {why}");
}

fn gone() -> Response {
    page(400, "This sign-in has expired", "Return to the app and begin again.")
}
