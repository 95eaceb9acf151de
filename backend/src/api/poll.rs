//! The poll of a flow: asks the org whether another device has completed the step.

use super::{answer_check, flow::finish};
use crate::{
    abuse::rate_limit::RateKey,
    app::App,
    detached::detached,
    http::ApiError,
    http::ClientContext,
    http::json_body::Answers,
    session::flow_queue::{FlowPermit, FlowUse},
    session::{Browser, CurrentFlow, FlowTurn},
};
use axum::{Json, extract::State};
use latchkey_contract::{ProblemCode, Transaction};
use latchkey_idx::{CallContext, Flow, Step};
use std::time::{Duration, SystemTime};

/// `POST /api/idx/poll`: asks whether another device has completed the step.
pub(super) async fn poll(
    State(app): State<App>,
    current: CurrentFlow,
    browser: Browser,
    client: ClientContext,
    Answers(values): Answers,
) -> Result<Json<Transaction>, ApiError> {
    answer_check::check_empty(&values)?;
    let permit = may_poll(&app, &current, &client, app.clock.now()).await?;
    detached(Box::pin(async move {
        let _permit = permit;
        let flow = current.flow()?;
        if let Some(interval) = poll_interval(flow)
            && !app.flow_pacer.poll(flow.id(), interval).await
        {
            return current.shown(app.clock.now()).map(Json);
        }
        let before = current.shown(app.clock.now())?;
        let context = CallContext::from(client.clone());
        match current.poll().await? {
            FlowTurn::Answered(transaction) => Ok(Json(*transaction)),
            FlowTurn::Leased(mut leased) => {
                let outcome = if leased.is_taken_over {
                    // The request that held the expired lease may have received the reply that ended the wait.
                    app.org.introspect(&mut leased.flow, &context).await
                } else {
                    app.org.poll(&mut leased.flow, &context).await
                };
                if leased.flow.interaction_code().is_none() && leased.takes_the_same_answer() {
                    let shown = match leased.stay().await {
                        // Another tab has signed in, which moved the session. The next poll has the new cookie.
                        Err(ApiError::Plain(ProblemCode::NotSignedIn)) => before,
                        stayed => stayed?,
                    };
                    return outcome.map(|()| Json(shown)).map_err(ApiError::from);
                }
                finish(&app, &browser, *leased, &client).await.map(Json)
            }
        }
    }))
    .await
}

/// Counts a poll, and returns a permit to wait for the lease of the flow.
async fn may_poll(
    app: &App,
    current: &CurrentFlow,
    client: &ClientContext,
    now: SystemTime,
) -> Result<FlowPermit, ApiError> {
    if let Some(address) = client.address {
        app.limits.take(RateKey::PollsOfAddress(address), now).await?;
    }
    app.limits.take(RateKey::PollsOfSession(&current.key().0), now).await?;
    app.flows.permit(current.flow()?.id(), FlowUse::Poll)
}

/// The poll interval that the org asks for.
fn poll_interval(flow: &Flow) -> Option<Duration> {
    let transaction = flow.transaction();
    let mut steps = transaction.next_step.iter().chain(&transaction.available_steps);
    let interval = |step: &Step| step.poll.as_ref().and_then(|poll| poll.refresh).or(step.refresh);
    steps.find_map(interval).map(Duration::from_millis)
}
