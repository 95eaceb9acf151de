//! `/interact` starts a transaction.

use super::client_auth::{ClientRequest, Fields};
use super::discovery::SCOPES;
use super::error::OAuthError;
use crate::clock::Timestamp;
use crate::flow::{IdentityEngine, new_handle};
use crate::my_account;
use crate::org::authenticator::Authenticator;
use crate::org::settings::app::OrgApp;
use crate::org::state::{InvitationKind, OrgState};
use crate::org::transaction::{
    AuthorizationServer, FIRST_STEP_LIFETIME, InteractRequest, Purpose, Step, Subject, Transaction,
};
use crate::random::Random;

/// Starts a transaction and returns its interaction handle.
pub(crate) fn interact(
    org: &mut OrgState,
    client_request: &ClientRequest<'_>,
    server: AuthorizationServer,
    session: Option<String>,
    origin: &str,
    random: &mut Random,
) -> Result<String, OAuthError> {
    let now = client_request.now;
    let app = client_request.authenticate(&org.apps, &mut org.used_assertions)?;
    if app.hosted_sign_in {
        return Err(OAuthError::interaction_code_off());
    }
    let request = request(app, client_request.fields, server)?;
    let field = |name: &str| client_request.fields.get(name).filter(|value| !value.is_empty());
    let invitation = match (field("activation_token"), field("recovery_token")) {
        (Some(_), _) if !app.is_confidential() => {
            return Err(OAuthError::new(
                "invalid_request",
                "Only confidential clients can use the activation token flow",
            ));
        }
        (Some(token), _) => Some(invited(org, token, InvitationKind::Activate, now)?),
        (None, Some(token)) => Some(invited(org, token, InvitationKind::Recover, now)?),
        (None, None) => None,
    };
    let session = session.filter(|id| org.sessions.get(id).is_some_and(|s| s.expires_at > now));
    let mut transaction = new_transaction(request, session, now, random);
    let interaction = transaction.interaction.clone();
    let mut engine = IdentityEngine { org, transaction: &mut transaction, origin, now, random };
    match invitation {
        Some((user, kind)) => engine.invited(user, kind),
        None => {
            engine.resume_session();
            engine.begin_with_device();
        }
    }
    org.transactions.put(transaction);
    org.transactions.sweep(now);
    Ok(interaction)
}

/// A transaction that has just begun.
pub(crate) fn new_transaction(
    request: InteractRequest,
    session: Option<String>,
    now: Timestamp,
    random: &mut Random,
) -> Transaction {
    Transaction {
        handle: new_handle(random),
        interaction: random.secret(),
        request,
        purpose: Purpose::SignIn,
        subject: Subject::Unidentified,
        verified: Vec::new(),
        enrolment: None,
        step: Step::Identify,
        notices: Vec::new(),
        skipped: Vec::new(),
        remember: false,
        consented: false,
        expires_at: now.after(FIRST_STEP_LIFETIME),
        session,
        browser: None,
        device_code: None,
        transferred: false,
        completed_elsewhere: false,
    }
}

fn invited(
    org: &OrgState,
    token: &str,
    kind: InvitationKind,
    now: Timestamp,
) -> Result<(String, InvitationKind), OAuthError> {
    let description = match kind {
        InvitationKind::Activate => "The activation token is invalid",
        InvitationKind::Recover => "The recovery token is invalid",
    };
    org.invitations
        .get(token)
        .filter(|i| i.kind == kind && i.expires_at > now)
        .map(|i| (i.user.clone(), kind))
        .ok_or_else(|| OAuthError::new("invalid_request", description))
}

fn is_known_scope(scope: &str) -> bool {
    SCOPES.contains(&scope) || my_account::SCOPES.contains(&scope)
}

/// Reads and checks the parameters.
pub(crate) fn request(
    app: &OrgApp,
    fields: &Fields,
    server: AuthorizationServer,
) -> Result<InteractRequest, OAuthError> {
    let field = |name: &str| fields.get(name).filter(|value| !value.is_empty());
    let redirect_uri =
        field("redirect_uri").filter(|uri| app.redirect_uris.contains(uri)).ok_or_else(|| {
            OAuthError::new(
                "invalid_request",
                "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.",
            )
        })?;
    let enroll = authenticators_to_enroll(fields)?;
    let challenge =
        field("code_challenge").filter(|_| field("code_challenge_method").is_none_or(|m| m == "S256"));
    // A request that ends without a code has nothing to prove.
    let challenge = match challenge {
        Some(challenge) => challenge.clone(),
        None if !enroll.is_empty() => String::new(),
        None => {
            let text = "PKCE code challenge is required to use the interaction code flow.";
            return Err(OAuthError::new("invalid_request", text));
        }
    };
    let scopes: Vec<String> =
        field("scope").map(|s| s.split_whitespace().map(str::to_owned).collect()).unwrap_or_default();
    if scopes.iter().any(|scope| !is_known_scope(scope)) {
        let text = "One or more scopes are not configured for the authorization server resource.";
        return Err(OAuthError::new("invalid_scope", text));
    }
    Ok(InteractRequest {
        client_id: app.client_id.clone(),
        server,
        scopes,
        redirect_uri: redirect_uri.clone(),
        state: field("state").cloned().unwrap_or_default(),
        nonce: field("nonce").cloned(),
        challenge,
        acr_values: field("acr_values").cloned(),
        max_age: field("max_age").and_then(|n| n.parse().ok()),
        login_hint: field("login_hint").cloned(),
        enroll,
    })
}

/// The authenticators that `prompt=enroll_authenticator` names by `enroll_amr_values`; none with another prompt.
fn authenticators_to_enroll(fields: &Fields) -> Result<Vec<Authenticator>, OAuthError> {
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    if field("prompt") != "enroll_authenticator" {
        return Ok(Vec::new());
    }
    if field("response_type") != "none" || field("acr_values").is_empty() {
        let text = "A prompt of 'enroll_authenticator' needs 'acr_values' and a 'response_type' of 'none'.";
        return Err(OAuthError::new("invalid_request", text));
    }
    let named = field("enroll_amr_values").split_whitespace().map(Authenticator::by_amr_value);
    let named: Option<Vec<Authenticator>> = named.collect();
    named.filter(|named| !named.is_empty()).ok_or_else(|| {
        OAuthError::new("invalid_request", "The 'enroll_amr_values' parameter names no authenticator.")
    })
}
