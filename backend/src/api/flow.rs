//! The flows: begin one, answer it, look at it, give it up.

use super::{answer_check, guess::Target, sign_in::redeem};
use crate::{
    abuse::rate_limit::RateKey,
    api::translate,
    app::App,
    detached::detached,
    http::ApiError,
    http::ClientContext,
    http::json_body::Answers,
    session::flow_queue::{FlowPermit, FlowUse},
    session::{Browser, CurrentFlow, FlowTurn, LeasedFlow},
};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
use latchkey_contract::{ProblemCode, Transaction, Values};
use latchkey_idx::{Answer, BeginOptions, CallContext, Error, Flow, FlowSecrets, Intent, Secret};
use std::time::SystemTime;

/// `GET /api/idx`: where the flow stands, for a page that has been loaded anew.
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

/// `POST /api/idx/authenticate`: begins a sign-in, as strong as the page wants it to be.
pub(super) async fn authenticate(
    State(app): State<App>,
    browser: Browser,
    person: ClientContext,
    Answers(mut values): Answers,
) -> Result<Json<Transaction>, ApiError> {
    let acr_values = take(&mut values, "acrValues")?;
    let opening = BeginOptions { acr_values, ..BeginOptions::default() };
    begin(app, browser, person, Intent::Authenticate, opening, values).await
}

/// `POST /api/idx/register`: begins a sign-up, or goes on with the one that a mailed link is about.
pub(super) async fn register(
    State(app): State<App>,
    browser: Browser,
    person: ClientContext,
    Answers(mut values): Answers,
) -> Result<Json<Transaction>, ApiError> {
    let activation_token = take(&mut values, "activationToken")?.map(Secret::from);
    let opening = BeginOptions { activation_token, ..BeginOptions::default() };
    begin(app, browser, person, Intent::Register, opening, values).await
}

/// `POST /api/idx/recover-password`: begins a recovery, or goes on with the one that a mailed link is about.
pub(super) async fn recover_password(
    State(app): State<App>,
    browser: Browser,
    person: ClientContext,
    Answers(mut values): Answers,
) -> Result<Json<Transaction>, ApiError> {
    let recovery_token = take(&mut values, "recoveryToken")?.map(Secret::from);
    let opening = BeginOptions { recovery_token, ..BeginOptions::default() };
    begin(app, browser, person, Intent::RecoverPassword, opening, values).await
}

/// `POST /api/idx/unlock-account`: begins to unlock an account.
pub(super) async fn unlock_account(
    State(app): State<App>,
    browser: Browser,
    person: ClientContext,
    Answers(values): Answers,
) -> Result<Json<Transaction>, ApiError> {
    begin(app, browser, person, Intent::UnlockAccount, BeginOptions::default(), values).await
}

/// `POST /api/idx/activate`: begins to activate a device. A code from the page's address is shown and not yet sent.
pub(super) async fn activate(
    State(app): State<App>,
    browser: Browser,
    person: ClientContext,
    Answers(mut values): Answers,
) -> Result<Json<Transaction>, ApiError> {
    let user_code = take(&mut values, "userCode")?;
    let opening = BeginOptions { user_code, ..BeginOptions::default() };
    begin(app, browser, person, Intent::ActivateDevice, opening, values).await
}

/// `POST /api/idx/proceed`: one answer in, the next step out.
pub(super) async fn proceed(
    State(app): State<App>,
    current: CurrentFlow,
    browser: Browser,
    person: ClientContext,
    Answers(values): Answers,
) -> Result<Json<Transaction>, ApiError> {
    answer_check::check(&values, current.flow()?)?;
    let now = app.clock.now();
    let permit = may_answer(&app, &current, &person, now).await?;
    let target = Target::of_answer(&app, &values, &current)?;
    target.count(&app, &person, now).await?;
    detached(Box::pin(async move {
        let _permit = permit;
        let context = CallContext::from(person.clone());
        match current.answer(&values, target.into_people()).await? {
            FlowTurn::Answered(transaction) => Ok(Json(*transaction)),
            FlowTurn::Leased(mut leased) => {
                let before = leased.flow.clone();
                let outcome = answer(&app, &mut leased, &translate::answer(values), &context).await;
                settle(&app, &browser, *leased, before, outcome, &person).await.map(Json)
            }
        }
    }))
    .await
}

/// `POST /api/idx/poll`: has something happened elsewhere?
pub(super) async fn poll(
    State(app): State<App>,
    current: CurrentFlow,
    browser: Browser,
    person: ClientContext,
    Answers(values): Answers,
) -> Result<Json<Transaction>, ApiError> {
    answer_check::nothing(&values)?;
    let permit = may_poll(&app, &current, &person, app.clock.now()).await?;
    detached(Box::pin(async move {
        let _permit = permit;
        let flow = current.flow()?;
        if let Some(every) = answer_check::every(flow)
            && !app.flow_pacer.poll(flow.id(), every).await
        {
            return current.shown(app.clock.now()).map(Json);
        }
        let context = CallContext::from(person.clone());
        match current.poll().await? {
            FlowTurn::Answered(transaction) => Ok(Json(*transaction)),
            FlowTurn::Leased(mut leased) => {
                let before = leased.flow.clone();
                let outcome = if leased.is_taken_over {
                    // Whoever died may have heard already how the wait has ended.
                    app.org.introspect(&mut leased.flow, &context).await
                } else {
                    app.org.poll(&mut leased.flow, &context).await
                };
                if leased.flow.interaction_code().is_none() && answer_check::same(&before, &leased.flow) {
                    let shown = leased.stay().await?;
                    return outcome.map(|()| Json(shown)).map_err(ApiError::from);
                }
                finish(&app, &browser, *leased, &person).await.map(Json)
            }
        }
    }))
    .await
}

/// `POST /api/idx/cancel`: the person gives up.
pub(super) async fn cancel(
    State(app): State<App>,
    current: CurrentFlow,
    person: ClientContext,
    Answers(values): Answers,
) -> Result<Json<Transaction>, ApiError> {
    answer_check::nothing(&values)?;
    let permit = may_answer(&app, &current, &person, app.clock.now()).await?;
    detached(Box::pin(async move {
        let _permit = permit;
        match current.answer(&values, None).await? {
            FlowTurn::Answered(transaction) => Ok(Json(*transaction)),
            FlowTurn::Leased(mut leased) => {
                // The person has given up, whether or not the org takes notice.
                if let Err(error) = app.org.cancel(&mut leased.flow, &person.into()).await {
                    tracing::info!(error = error.for_log(), "the org was not told that a flow is given up");
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

/// Counts an answer, and gives a permit to wait for the flow's turn.
pub(super) async fn may_answer(
    app: &App,
    current: &CurrentFlow,
    person: &ClientContext,
    now: SystemTime,
) -> Result<FlowPermit, ApiError> {
    if let Some(address) = person.address {
        app.limits.take(RateKey::AnswersOfAddress(address), now).await?;
    }
    app.limits.take(RateKey::Session(&current.key().0), now).await?;
    app.flows.permit(current.flow()?.id(), FlowUse::Answer)
}

/// The same for a poll.
async fn may_poll(
    app: &App,
    current: &CurrentFlow,
    person: &ClientContext,
    now: SystemTime,
) -> Result<FlowPermit, ApiError> {
    if let Some(address) = person.address {
        app.limits.take(RateKey::PollsOfAddress(address), now).await?;
    }
    app.limits.take(RateKey::PollsOfSession(&current.key().0), now).await?;
    app.flows.permit(current.flow()?.id(), FlowUse::Poll)
}

async fn begin(
    app: App,
    browser: Browser,
    person: ClientContext,
    intent: Intent,
    opening: BeginOptions,
    values: Values,
) -> Result<Json<Transaction>, ApiError> {
    answer_check::check_beginning(&values)?;
    let now = app.clock.now();
    if let Some(address) = person.address {
        app.limits.take(RateKey::Address(address), now).await?;
    }
    let target = Target::of_beginning(&app, &values)?;
    target.count(&app, &person, now).await?;
    detached(Box::pin(async move {
        let context = CallContext::from(person.clone());
        let attempt = FlowSecrets::random()?;
        let begun = app.org.begin(intent, &opening, &Answer::default(), attempt, &context).await;
        let flow = begun.map_err(|failed| refused(failed.error, &opening))?;
        answer_check::check(&values, &flow)?;
        let current = CurrentFlow::open(&app.sessions, &browser, flow, app.clock.now()).await?;
        if values.is_empty() {
            return current.shown(app.clock.now()).map(Json);
        }
        match current.answer(&values, target.into_people()).await? {
            FlowTurn::Answered(transaction) => Ok(Json(*transaction)),
            FlowTurn::Leased(mut leased) => {
                let before = leased.flow.clone();
                let outcome = app.org.proceed(&mut leased.flow, &translate::answer(values), &context).await;
                settle(&app, &browser, *leased, before, outcome, &person).await.map(Json)
            }
        }
    }))
    .await
}

/// Gives the answer to the org; unless somebody who has died has come further already.
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

/// Where the org stands, compared with us.
pub(super) enum CatchUp {
    /// At the step that we know.
    SameStep,
    /// Past it: the answer of somebody who has died arrived there.
    LaterStep,
}

/// After somebody died at an answer, looks what became of it, so that no answer is given to another question.
pub(super) async fn catch_up(
    app: &App,
    leased: &mut LeasedFlow,
    context: &CallContext,
) -> Result<CatchUp, Error> {
    if !leased.is_taken_over {
        return Ok(CatchUp::SameStep);
    }
    let before = leased.flow.clone();
    Box::pin(app.org.introspect(&mut leased.flow, context)).await?;
    let is_here = leased.flow.interaction_code().is_none() && answer_check::same(&before, &leased.flow);
    Ok(if is_here { CatchUp::SameStep } else { CatchUp::LaterStep })
}

/// Keeps what an answer led to, whatever that is, and only then says so.
pub(super) async fn settle(
    app: &App,
    browser: &Browser,
    leased: LeasedFlow,
    before: Flow,
    outcome: Result<(), Error>,
    person: &ClientContext,
) -> Result<Transaction, ApiError> {
    let Err(error) = outcome else { return finish(app, browser, leased, person).await };
    if error == Error::FlowExpired {
        leased.close().await?;
        return Err(error.into());
    }
    if answer_check::same(&before, &leased.flow) {
        leased.stay().await?
    } else {
        leased.advance().await?
    };
    Err(error.into())
}

/// Keeps the next step; or, when the org has granted the code, redeems it and signs the person in.
async fn finish(
    app: &App,
    browser: &Browser,
    leased: LeasedFlow,
    person: &ClientContext,
) -> Result<Transaction, ApiError> {
    match leased.flow.interaction_code() {
        // Once in a sign-in, and larger than all the rest: it has no room in the work on every other step.
        Some(code) => Box::pin(redeem(app, browser, person, leased, &code)).await,
        None => leased.advance().await,
    }
}

/// A mailed link that is old or made up is no fault of the org or of the app.
fn refused(error: Error, opening: &BeginOptions) -> ApiError {
    let came_by_link = opening.activation_token.is_some() || opening.recovery_token.is_some();
    match error {
        Error::OAuth { error, .. } if came_by_link && error == "invalid_request" => ApiError::Detailed(
            ProblemCode::NoTransaction,
            "the link is not valid, or not any more".to_owned(),
        ),
        other => other.into(),
    }
}

/// What is for the beginning of a flow and not for its first step.
fn take(values: &mut Values, name: &str) -> Result<Option<String>, ApiError> {
    let taken = values.remove(name);
    taken.map(|value| answer_check::text(name, &value).map(str::to_owned)).transpose()
}
