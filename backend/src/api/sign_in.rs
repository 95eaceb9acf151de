//! The end of a sign-in: redeems the interaction code and signs the person in, or revokes the tokens after a failure.

use super::{at_org, org_page_error::OrgPageError, sentences::MORE_REQUIRED};
use crate::{
    abuse::known_device,
    app::App,
    config::SignInPage,
    http::ApiError,
    http::ClientContext,
    org::embedding::{AUTHORIZATION_CODE_OFF, EmbeddingRefusal},
    session::index,
    session::moved_sessions,
    session::revocations,
    session::{Browser, Grant, LeasedFlow},
    translate,
};
use latchkey_contract::{ProblemCode, Transaction};
use latchkey_idx::{AuthorizationResponse, CallContext, Error, InteractionCode};
use std::time::SystemTime;

/// A code that is redeemed for tokens.
pub(super) enum GrantCode {
    /// The interaction code, where people sign in here.
    Interaction(InteractionCode),
    /// The authorization code, where they sign in on the org's page.
    Authorization(AuthorizationResponse),
}

/// Redeems the code and signs the person in, with a new session handle.
pub(super) async fn redeem(
    app: &App,
    browser: &Browser,
    client: &ClientContext,
    leased: LeasedFlow,
    code: &GrantCode,
) -> Result<Transaction, ApiError> {
    let context = CallContext::from(client.clone());
    let now = app.clock.now();
    let exchanged = match code {
        GrantCode::Interaction(code) => app.org.exchange_code(&leased.flow, code, now, &context).await,
        GrantCode::Authorization(response) => {
            app.org.exchange_authorization_code(&leased.flow, response, now, &context).await
        }
    };
    let tokens = match exchanged {
        Ok(tokens) => tokens,
        Err(failed) => {
            let error = revocations::settle(&app.sessions, failed, now, &context).await;
            return refused(app, leased, code, error, &context).await;
        }
    };
    let grant = Grant::new(tokens, now, app.sessions.lifetimes);
    let signed_in = sign_in(app, browser, client, leased, &grant, now).await;
    if signed_in.is_err() {
        revocations::revoke_grant(&app.sessions, grant, context).await;
    }
    signed_in
}

/// The org does not redeem the code: the sign-in goes on where it can, or the flow ends and the response says what to do.
async fn refused(
    app: &App,
    leased: LeasedFlow,
    code: &GrantCode,
    error: Error,
    context: &CallContext,
) -> Result<Transaction, ApiError> {
    let name = match &error {
        Error::OAuth { error, .. } => error.as_str(),
        _ => "",
    };
    match (code, name) {
        (GrantCode::Authorization(_), "interaction_required") => {
            return at_org::after_error(app, leased, OrgPageError::InteractionRequired, context).await;
        }
        (GrantCode::Interaction(_), _)
            if app.sign_in_page == SignInPage::OwnThenOrg && EmbeddingRefusal::of_token(&error).is_some() =>
        {
            return at_org::continue_there(app, leased, &error).await;
        }
        _ => {}
    }
    // The code is used up or invalid, so the flow cannot continue.
    let closed = leased.close().await?;
    match (code, name) {
        (_, "invalid_grant") => Err(ProblemCode::FlowExpired.into()),
        (GrantCode::Authorization(_), "unauthorized_client") => {
            Err(ApiError::AppRefused { error, advice: AUTHORIZATION_CODE_OFF })
        }
        (GrantCode::Interaction(_), "interaction_required" | "interaction_code_unsatisfiable") => {
            let advice = "A policy of the app has changed during the sign-in, or its rules contradict one another: Applications > \
                          your app > Sign On, and Security > API > your authorization server > Access Policies.";
            tracing::warn!(
                error = error.for_log(),
                advice,
                "the org requires more than this sign-in has given"
            );
            Ok(translate::ended(closed, MORE_REQUIRED))
        }
        (GrantCode::Interaction(_), _) => Err(match EmbeddingRefusal::of_token(&error) {
            Some(refusal) => ApiError::AppRefused { error, advice: refusal.advice() },
            None => error.into(),
        }),
        (GrantCode::Authorization(_), _) => Err(error.into()),
    }
}

/// Signs the person in, with a new session handle. The person's session index has it first, so that every session can be
/// found and ended.
async fn sign_in(
    app: &App,
    browser: &Browser,
    client: &ClientContext,
    leased: LeasedFlow,
    grant: &Grant,
    now: SystemTime,
) -> Result<Transaction, ApiError> {
    let next = browser.new_handle().await?;
    let (old, new) = (leased.key(), app.vault.location(&next)?.key());
    moved_sessions::store(&app.sessions, old, new, grant).await?;
    let count = index::enter(&app.sessions, new, grant, client, now).await?;
    let return_to = leased.return_to().map(str::to_owned);
    let signed_in = match leased.sign_in(browser, &next, &grant.indexed()).await {
        Ok(signed_in) => signed_in,
        Err(error) => {
            index::withdraw(&app.sessions, new, grant, now).await;
            return Err(error);
        }
    };
    app.metrics.happened("signed_in");
    if let Some(earlier) = signed_in.earlier_grant {
        index::forget(&app.sessions, old, &earlier, now).await;
        revocations::revoke_grant(&app.sessions, earlier, client.clone().into()).await;
    }
    index::make_room(&app.sessions, count, grant, now).await;
    if let Some(device) = &client.device {
        known_device::remember(&app.vault, device, &grant.claims, app.login_domain.as_deref(), now).await;
    }
    Ok(translate::signed_in(signed_in.transaction, return_to))
}
