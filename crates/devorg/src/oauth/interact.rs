//! `/interact`: where a transaction begins.

use super::client_auth::{Fields, Shown};
use super::discovery::SCOPES;
use super::error::Refused;
use crate::clock::Moment;
use crate::flow::{Walk, new_handle};
use crate::org::settings::app::App;
use crate::org::state::{Invited, World};
use crate::org::transaction::{BEFORE_IDENTIFY, Purpose, Request, Server, Stage, Transaction, Who};
use crate::random::Chance;

/// Begins a transaction, and gives its interaction handle.
pub(crate) fn interact(
    world: &mut World,
    shown: &Shown<'_>,
    server: Server,
    session: Option<String>,
    origin: &str,
    chance: &mut Chance,
) -> Result<String, Refused> {
    let now = shown.now;
    let app = shown.proven(&world.apps)?;
    let request = request(app, shown.fields, server)?;
    let field = |name: &str| shown.fields.get(name).filter(|value| !value.is_empty());
    let invitation = match (field("activation_token"), field("recovery_token")) {
        (Some(_), _) if !app.is_confidential() => {
            return Err(Refused::new(
                "invalid_request",
                "Only confidential clients can use the activation token flow",
            ));
        }
        (Some(token), _) => Some(invited(world, token, Invited::Activate, now)?),
        (None, Some(token)) => Some(invited(world, token, Invited::Recover, now)?),
        (None, None) => None,
    };
    let session = session.filter(|id| world.sessions.get(id).is_some_and(|s| s.expires_at > now));
    let mut at = Transaction {
        handle: new_handle(chance),
        interaction: chance.secret(),
        request,
        purpose: Purpose::SignIn,
        who: Who::Nobody,
        shown: Vec::new(),
        stage: Stage::Identify,
        notices: Vec::new(),
        passed_over: Vec::new(),
        remember: false,
        expires_at: now.after(BEFORE_IDENTIFY),
        session,
        transferred: false,
        overtaken: false,
    };
    let interaction = at.interaction.clone();
    let mut walk = Walk { world, at: &mut at, origin, now, chance };
    match invitation {
        Some((user, to)) => walk.invited(user, to),
        None => walk.resume_session(),
    }
    world.transactions.put(at);
    world.transactions.sweep(now);
    Ok(interaction)
}

fn invited(world: &World, token: &str, to: Invited, now: Moment) -> Result<(String, Invited), Refused> {
    let description = match to {
        Invited::Activate => "The activation token is invalid",
        Invited::Recover => "The recovery token is invalid",
    };
    world
        .invitations
        .get(token)
        .filter(|i| i.to == to && i.expires_at > now)
        .map(|i| (i.user.clone(), to))
        .ok_or_else(|| Refused::new("invalid_request", description))
}

/// Reads what a client asks for, as `/authorize` and `/interact` share it.
pub(crate) fn request(app: &App, fields: &Fields, server: Server) -> Result<Request, Refused> {
    let field = |name: &str| fields.get(name).filter(|value| !value.is_empty());
    let redirect_uri =
        field("redirect_uri").filter(|uri| app.redirect_uris.contains(uri)).ok_or_else(|| {
            Refused::new(
                "invalid_request",
                "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.",
            )
        })?;
    let challenge =
        field("code_challenge").filter(|_| field("code_challenge_method").is_none_or(|m| m == "S256"));
    let challenge = challenge.ok_or_else(|| {
        Refused::new("invalid_request", "PKCE code challenge is required to use the interaction code flow.")
    })?;
    let scopes: Vec<String> =
        field("scope").map(|s| s.split_whitespace().map(str::to_owned).collect()).unwrap_or_default();
    if scopes.iter().any(|scope| !SCOPES.contains(&scope.as_str())) {
        let text = "One or more scopes are not configured for the authorization server resource.";
        return Err(Refused::new("invalid_scope", text));
    }
    Ok(Request {
        client_id: app.client_id.clone(),
        server,
        scopes,
        redirect_uri: redirect_uri.clone(),
        state: field("state").cloned().unwrap_or_default(),
        nonce: field("nonce").cloned(),
        challenge: challenge.clone(),
        acr_values: field("acr_values").cloned(),
        max_age: field("max_age").and_then(|n| n.parse().ok()),
        login_hint: field("login_hint").cloned(),
    })
}
