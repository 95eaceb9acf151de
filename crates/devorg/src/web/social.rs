//! The built-in identity provider, and the way there and back.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form, Router};

use super::Site;
use super::oauth::with_query;
use super::verify::{escape, html, page};
use crate::transaction::Stage;
use crate::walk::Walk;
use crate::world::{Identity, Leaving};

type Fields = HashMap<String, String>;

/// The provider's own pages.
pub(crate) fn router() -> Router<Arc<Site>> {
    Router::new().route("/authorize", get(ask).post(sign_in))
}

/// Somebody leaves for a provider; `pushed` names the transaction and the provider.
pub(crate) fn leave(site: &Site, pushed: &str) -> Response {
    let Some((door, provider)) = pushed.rsplit_once(':') else { return gone() };
    let state = site.chance().secret();
    let mut world = site.world();
    let handle = world.transactions.find(|at| at.door() == door).map(|at| at.handle.clone());
    let Some(handle) = handle.filter(|_| world.providers.iter().any(|p| p.id == provider)) else {
        return gone();
    };
    let leaving = Leaving { handle, provider: provider.to_owned() };
    world.leaving.insert(state.clone(), leaving);
    let back = format!("{}/oauth2/v1/authorize/callback", site.origin);
    let query =
        [("response_type", "code"), ("client_id", provider), ("redirect_uri", &back), ("state", &state)];
    Redirect::to(&with_query(&format!("{}/social/authorize", site.origin), &query)).into_response()
}

/// `GET /social/authorize`: who are you there?
async fn ask(State(site): State<Arc<Site>>, Query(query): Query<Fields>) -> Response {
    let state = query.get("state").map(String::as_str).unwrap_or_default();
    let world = site.world();
    let provider = world.leaving.get(state).and_then(|l| world.providers.iter().find(|p| p.id == l.provider));
    let Some(provider) = provider else { return gone() };
    let name = escape(&provider.name);
    let body = format!(
        "<h1>{name}</h1><p>This page stands in for an identity provider. Be whoever you like.</p>\
         <form method=\"post\" action=\"/social/authorize\"><input type=\"hidden\" name=\"state\" value=\"{}\">\
         <label>Email <input name=\"email\" type=\"email\" autocomplete=\"username\" required></label>\
         <label>First name <input name=\"firstName\" autocomplete=\"given-name\"></label>\
         <label>Last name <input name=\"lastName\" autocomplete=\"family-name\"></label>\
         <button name=\"answer\" value=\"yes\">Continue</button>\
         <button name=\"answer\" value=\"no\" formnovalidate>Deny</button></form>",
        escape(state)
    );
    html(200, &provider.name, &body)
}

/// `POST /social/authorize`: back to the org with a code.
async fn sign_in(State(site): State<Arc<Site>>, Form(fields): Form<Fields>) -> Response {
    let field = |name: &str| fields.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    let (state, back) = (field("state"), format!("{}/oauth2/v1/authorize/callback", site.origin));
    if field("answer") == "no" || field("email").is_empty() {
        let query = [("error", "access_denied"), ("state", state.as_str())];
        return Redirect::to(&with_query(&back, &query)).into_response();
    }
    let code = site.chance().secret();
    let identity =
        Identity { email: field("email"), first_name: field("firstName"), last_name: field("lastName") };
    site.world().identities.insert(code.clone(), identity);
    Redirect::to(&with_query(&back, &[("code", &code), ("state", &state)])).into_response()
}

/// `GET /oauth2/v1/authorize/callback`: the provider's answer, and on to the app.
pub(crate) async fn callback(State(site): State<Arc<Site>>, Query(query): Query<Fields>) -> Response {
    let field = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let mut world = site.world();
    let Some(leaving) = world.leaving.remove(field("state")) else { return gone() };
    let identity = world.identities.remove(field("code"));
    let Some(mut at) = world.transactions.take(&leaving.handle) else { return gone() };
    let (back, state) = (at.request.redirect_uri.clone(), at.request.state.clone());
    let (now, mut chance) = (site.now(), site.chance());
    if at.expires_at <= now {
        return gone();
    }
    let mut walk = Walk { world: &mut world, at: &mut at, origin: &site.origin, now, chance: &mut chance };
    let outcome = match identity {
        Some(identity) => walk.federated(&leaving.provider, identity),
        None => {
            walk.not_federated();
            Ok(())
        }
    };
    let granted = match &at.stage {
        Stage::Granted { code } => Some(code.clone()),
        _ => None,
    };
    world.transactions.put(at);
    drop(world);
    site.tell();
    let refused = outcome.err().and_then(|refusal| refusal.messages.into_iter().next()).map(|(_, m)| m.text);
    let address = match (granted, refused) {
        (Some(code), _) => with_query(&back, &[("interaction_code", &code), ("state", &state)]),
        (None, Some(text)) => {
            with_query(&back, &[("error", "access_denied"), ("error_description", &text), ("state", &state)])
        }
        (None, None) => {
            let text = "Your client is configured to use the interaction code flow and user interaction is required to complete the request.";
            with_query(
                &back,
                &[("error", "interaction_required"), ("error_description", text), ("state", &state)],
            )
        }
    };
    Redirect::to(&address).into_response()
}

fn gone() -> Response {
    page(400, "This sign-in has expired", "Return to the app and begin again.")
}
