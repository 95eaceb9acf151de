//! The calls of a flow: answer, look up and cancel.

use super::{
    answer_check,
    guess::GuessTarget,
    sentences::ACCESS_NOT_ALLOWED,
    sign_in::{GrantCode, redeem},
    username,
};
use crate::{
    abuse::rate_limit::RateKey,
    app::App,
    detached::detached,
    http::ApiError,
    http::ClientContext,
    http::json_body::Answers,
    session::flow_queue::{FlowPermit, FlowUse},
    session::{Browser, CurrentFlow, FlowTurn, LeasedFlow},
    translate,
};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
use latchkey_contract::{ProblemCode, Transaction};
use latchkey_idx::{Answer, CallContext, Error};
use std::time::SystemTime;

/// `GET /api/idx`: the current step, for a page that was reloaded.
pub(super) async fn current(
    State(app): State<App>,
    browser: Browser,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let found = CurrentFlow::find(&app.sessions, &browser, &headers).await;
    match found.and_then(|current| current.shown(app.clock.now())) {
        Ok(transaction) => Ok(Json(transaction).into_response()),
        Err(ApiError::Plain(ProblemCode::NoTransaction | ProblemCode::FlowExpired))
            if !CurrentFlow::is_named(&headers) =>
        {
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        Err(error) => Err(error),
    }
}

/// `POST /api/idx/proceed`: one answer in, the next step out.
pub(super) async fn proceed(
    State(app): State<App>,
    current: CurrentFlow,
    browser: Browser,
    client: ClientContext,
    Answers(mut values): Answers,
) -> Result<Json<Transaction>, ApiError> {
    username::complete(&mut values, app.username_append.as_deref());
    answer_check::check(&values, current.flow()?)?;
    let now = app.clock.now();
    let permit = may_answer(&app, &current, &client, now).await?;
    let target = GuessTarget::of_answer(&app, &values, &current)?;
    target.count(&app, &client, now).await?;
    detached(Box::pin(async move {
        let _permit = permit;
        let context = CallContext::from(client.clone());
        match current.answer(&values, target.into_people()).await? {
            FlowTurn::Answered(transaction) => Ok(Json(*transaction)),
            FlowTurn::Leased(mut leased) => {
                let outcome = answer(&app, &mut leased, &translate::answer(values), &context).await;
                settle(&app, &browser, *leased, outcome, &client).await.map(Json)
            }
        }
    }))
    .await
}

/// `POST /api/idx/cancel`: ends the flow.
pub(super) async fn cancel(
    State(app): State<App>,
    current: CurrentFlow,
    client: ClientContext,
    Answers(values): Answers,
) -> Result<Json<Transaction>, ApiError> {
    answer_check::check_empty(&values)?;
    let permit = may_answer(&app, &current, &client, app.clock.now()).await?;
    detached(Box::pin(async move {
        let _permit = permit;
        match current.answer(&values, None).await? {
            FlowTurn::Answered(transaction) => Ok(Json(*transaction)),
            FlowTurn::Leased(mut leased) => {
                // The flow is cancelled even if the org does not respond.
                if let Err(error) = app.org.cancel(&mut leased.flow, &client.into()).await {
                    tracing::info!(error = error.for_log(), "a flow could not be cancelled at the org");
                }
                let transaction = leased.close().await?;
                Ok(Json(Transaction {
                    status: latchkey_contract::Status::Canceled,
                    next_step: None,
                    available_steps: Vec::new(),
                    ..transaction
                }))
            }
        }
    }))
    .await
}

/// Counts an answer, and returns a permit to wait for the lease of the flow.
pub(super) async fn may_answer(
    app: &App,
    current: &CurrentFlow,
    client: &ClientContext,
    now: SystemTime,
) -> Result<FlowPermit, ApiError> {
    if let Some(address) = client.address {
        app.limits.take(RateKey::AnswersOfAddress(address), now).await?;
    }
    app.limits.take(RateKey::Session(&current.key().0), now).await?;
    app.flows.permit(current.flow()?.id(), FlowUse::Answer)
}

/// Sends the answer to the org, unless the holder of an expired lease has already moved the flow on.
pub(super) async fn answer(
    app: &App,
    leased: &mut LeasedFlow,
    answer: &Answer,
    context: &CallContext,
) -> Result<(), Error> {
    match catch_up(app, leased, context).await? {
        CatchUp::SameStep => app.org.proceed(&mut leased.flow, answer, context).await,
        CatchUp::LaterStep => Ok(()),
    }
}

/// The org's step compared with ours.
pub(super) enum CatchUp {
    /// The same step.
    SameStep,
    /// At a later one: the answer of the expired lease has arrived.
    LaterStep,
}

/// After a lease has expired, asks the org for the current step, so that no answer is given to another one.
pub(super) async fn catch_up(
    app: &App,
    leased: &mut LeasedFlow,
    context: &CallContext,
) -> Result<CatchUp, Error> {
    if !leased.is_taken_over {
        return Ok(CatchUp::SameStep);
    }
    Box::pin(app.org.introspect(&mut leased.flow, context)).await?;
    let is_here = leased.flow.interaction_code().is_none() && leased.shows_the_same();
    Ok(if is_here { CatchUp::SameStep } else { CatchUp::LaterStep })
}

/// Stores the result of an answer, and only then returns it.
pub(super) async fn settle(
    app: &App,
    browser: &Browser,
    leased: LeasedFlow,
    outcome: Result<(), Error>,
    client: &ClientContext,
) -> Result<Transaction, ApiError> {
    let Err(error) = outcome else { return finish(app, browser, leased, client).await };
    if error == Error::FlowExpired {
        leased.close().await?;
        return Err(error.into());
    }
    if error == Error::Forbidden {
        tracing::warn!(error = error.for_log(), "a flow has ended");
        return Ok(translate::ended(leased.close().await?, ACCESS_NOT_ALLOWED));
    }
    if leased.shows_the_same() {
        leased.stay().await?
    } else {
        leased.advance().await?
    };
    Err(error.into())
}

/// Stores the next step; or, if the org has granted the interaction code, redeems it and signs the person in.
pub(super) async fn finish(
    app: &App,
    browser: &Browser,
    leased: LeasedFlow,
    client: &ClientContext,
) -> Result<Transaction, ApiError> {
    match leased.flow.interaction_code() {
        // Boxed, because it is by far the largest future here, and only one step of a sign-in needs it.
        Some(code) => Box::pin(redeem(app, browser, client, leased, &GrantCode::Interaction(code))).await,
        None => leased.advance().await,
    }
}
