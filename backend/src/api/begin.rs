//! The calls that begin a flow.

use super::{
    answer_check, at_org,
    begin_options::{FlowOptions, secrets},
    first_form::FirstForm,
    flow::settle,
    guess::GuessTarget,
    sentences::ACCESS_NOT_ALLOWED,
    username,
};
use crate::{
    abuse::rate_limit::RateKey,
    app::App,
    config::SignInPage,
    detached::detached,
    http::ApiError,
    http::ClientContext,
    http::json_body::Answers,
    org::embedding::EmbeddingRefusal,
    session::{Browser, CurrentFlow, FlowName, FlowTurn},
    translate,
};
use axum::{Json, extract::State};
use latchkey_contract::{ProblemCode, Transaction, Values};
use latchkey_idx::{Answer, CallContext, Error, Intent};

/// `POST /api/idx/authenticate`: begins a sign-in.
pub(super) async fn authenticate(
    State(app): State<App>,
    browser: Browser,
    client: ClientContext,
    Answers(mut values): Answers,
) -> Result<Json<Transaction>, ApiError> {
    let options = FlowOptions::of_sign_in(&mut values, &app.return_addresses)?;
    begin(app, browser, client, Intent::Authenticate, options, values).await
}

/// `POST /api/idx/register`: begins a sign-up, or goes on with the one of a mailed link.
pub(super) async fn register(
    State(app): State<App>,
    browser: Browser,
    client: ClientContext,
    Answers(mut values): Answers,
) -> Result<Json<Transaction>, ApiError> {
    let options = FlowOptions::of_sign_up(&mut values, &app.return_addresses)?;
    begin(app, browser, client, Intent::Register, options, values).await
}

/// `POST /api/idx/recover-password`: begins a recovery, or goes on with the one of a mailed link.
pub(super) async fn recover_password(
    State(app): State<App>,
    browser: Browser,
    client: ClientContext,
    Answers(mut values): Answers,
) -> Result<Json<Transaction>, ApiError> {
    let options = FlowOptions::of_recovery(&mut values, &app.return_addresses)?;
    begin(app, browser, client, Intent::RecoverPassword, options, values).await
}

/// `POST /api/idx/unlock-account`: begins to unlock an account.
pub(super) async fn unlock_account(
    State(app): State<App>,
    browser: Browser,
    client: ClientContext,
    Answers(mut values): Answers,
) -> Result<Json<Transaction>, ApiError> {
    let options = FlowOptions::of_flow(&mut values, &app.return_addresses)?;
    begin(app, browser, client, Intent::UnlockAccount, options, values).await
}

/// `POST /api/idx/activate`: begins to activate a device. A code from the page's address is shown and not yet sent.
pub(super) async fn activate(
    State(app): State<App>,
    browser: Browser,
    client: ClientContext,
    Answers(mut values): Answers,
) -> Result<Json<Transaction>, ApiError> {
    let options = FlowOptions::of_activation(&mut values)?;
    begin(app, browser, client, Intent::ActivateDevice, options, values).await
}

async fn begin(
    app: App,
    browser: Browser,
    client: ClientContext,
    intent: Intent,
    mut options: FlowOptions,
    mut values: Values,
) -> Result<Json<Transaction>, ApiError> {
    username::complete(&mut values, app.username_append.as_deref());
    answer_check::check_beginning(&values)?;
    match (app.sign_in_page, &options.prompt) {
        (SignInPage::Org, _) if intent != Intent::ActivateDevice => {
            return at_org::begin(app, browser, client, options, values).await.map(Json);
        }
        (SignInPage::Own | SignInPage::OwnThenOrg, Some(_)) => {
            return Err(ApiError::invalid(
                "`prompt` is for sign-in on the org's page (LATCHKEY_SIGN_IN_PAGE)",
            ));
        }
        (SignInPage::Own | SignInPage::OwnThenOrg | SignInPage::Org, _) => {}
    }
    let now = app.clock.now();
    if let Some(address) = client.address {
        app.limits.take(RateKey::Address(address), now).await?;
    }
    let target = GuessTarget::of_beginning(&app, &values)?;
    target.count(&app, &client, now).await?;
    let is_usual = intent == Intent::Authenticate && options.are_usual();
    options.name_account(&app.sessions, &browser, now).await?;
    detached(Box::pin(async move {
        let context = CallContext::from(client.clone());
        let attempt = secrets(&app.sessions.random)?;
        let begun = app.org.begin(intent, &options.begin, &Answer::default(), attempt, &context).await;
        let mut flow = match begun {
            Ok(flow) => flow,
            Err(failed) => return refused(&app, &browser, failed.error, options, &values).await.map(Json),
        };
        answer_check::check(&values, &flow)?;
        if let Some(idp) = options.idp.as_ref().filter(|_| values.is_empty())
            && !flow.choose_idp(idp)
        {
            return Err(ApiError::invalid(
                "`idp` is not the id of an identity provider that the org offers here",
            ));
        }
        let now = app.clock.now();
        let current = CurrentFlow::open(&app.sessions, &browser, flow, options.return_to, now).await?;
        if values.is_empty() {
            let shown = current.shown(app.clock.now())?;
            if is_usual {
                app.first_page.note(FirstForm::of(&shown));
            }
            return Ok(Json(shown));
        }
        match current.answer(&values, target.into_people()).await? {
            FlowTurn::Answered(transaction) => Ok(Json(*transaction)),
            FlowTurn::Leased(mut leased) => {
                let outcome = app.org.proceed(&mut leased.flow, &translate::answer(values), &context).await;
                settle(&app, &browser, *leased, outcome, &client).await.map(Json)
            }
        }
    }))
    .await
}

/// The org refuses to begin the flow: it goes on at the org's page where the configuration says so, or the error says what to do.
async fn refused(
    app: &App,
    browser: &Browser,
    error: Error,
    options: FlowOptions,
    values: &Values,
) -> Result<Transaction, ApiError> {
    let came_by_link = options.begin.activation_token.is_some() || options.begin.recovery_token.is_some();
    match (EmbeddingRefusal::of_interact(&error), &error) {
        // A mailed link is for the flow here: the org's page takes no token from it.
        (Some(_), _) if app.sign_in_page == SignInPage::OwnThenOrg && !came_by_link => {
            at_org::open_instead(app, browser, &error, options, answer_check::username(values)).await
        }
        (Some(refusal), _) => Err(ApiError::AppRefused { error, advice: refusal.advice() }),
        // An expired or forged link is an error of neither the org nor the app.
        (None, Error::OAuth { error: code, .. }) if came_by_link && code == "invalid_request" => {
            Err(ApiError::Detailed(
                ProblemCode::NoTransaction,
                "the link is not valid, or not any more".to_owned(),
            ))
        }
        (None, Error::Forbidden) => {
            tracing::warn!(error = error.for_log(), "a flow could not begin");
            // It has ended before the session has it, so its name leads to no flow.
            let transaction = FlowName::random(&app.sessions.random)?.to_string();
            let begun = Transaction { transaction, ..Transaction::default() };
            Ok(translate::ended(begun, ACCESS_NOT_ALLOWED))
        }
        (None, _) => Err(error.into()),
    }
}
