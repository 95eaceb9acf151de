//! Sign-in on the org's own page: begins the authorization code flow and leads there, and goes on when the page refuses.

use super::{
    answer_check::{self, USERNAME_INPUTS},
    begin_options::{FlowOptions, secrets},
    org_page_error::OrgPageError,
};
use crate::{
    abuse::rate_limit::RateKey,
    app::App,
    detached::detached,
    http::{ApiError, ClientContext},
    org::embedding::{EmbeddingRefusal, NO_WAY_TO_SIGN_IN},
    session::{Browser, CurrentFlow, LeasedFlow},
};
use latchkey_contract::{Transaction, Values};
use latchkey_idx::{Answer, AuthorizeOptions, BeginOptions, CallContext, Error, Flow, Intent};

/// Begins a flow whose one step is a redirect to the org's page.
pub(super) async fn begin(
    app: App,
    browser: Browser,
    client: ClientContext,
    options: FlowOptions,
    values: Values,
) -> Result<Transaction, ApiError> {
    if let Some(other) = values.keys().find(|name| !USERNAME_INPUTS.contains(&name.as_str())) {
        return Err(ApiError::invalid(format!(
            "people sign in on the org's page: `{other}` is entered there"
        )));
    }
    if let Some(address) = client.address {
        app.limits.take(RateKey::Address(address), app.clock.now()).await?;
    }
    detached(Box::pin(async move {
        let return_to = options.return_to.clone();
        open(&app, &browser, &request(options, answer_check::username(&values)), return_to).await
    }))
    .await
}

/// Begins such a flow in place of one here, which the org has refused to embed.
pub(super) async fn open_instead(
    app: &App,
    browser: &Browser,
    refused: &Error,
    options: FlowOptions,
    username: Option<&str>,
) -> Result<Transaction, ApiError> {
    log_detour(refused);
    let return_to = options.return_to.clone();
    let request = OrgPageError::PageRequired.retry(request(options, username));
    open(app, browser, &request, return_to).await
}

/// Continues a flow of here on the org's page, because the org does not redeem its interaction code.
pub(super) async fn continue_there(
    app: &App,
    leased: LeasedFlow,
    refused: &Error,
) -> Result<Transaction, ApiError> {
    log_detour(refused);
    let request = AuthorizeOptions {
        login_hint: leased.flow.transaction().user.map(|user| user.identifier),
        acr_values: leased.flow.acr_values().map(str::to_owned),
        max_age: leased.flow.max_age(),
        ..AuthorizeOptions::default()
    };
    ask_again(app, leased, OrgPageError::PageRequired.retry(request)).await
}

/// Goes on after the org's page has sent the person back with an error: here, if the app is to show the sign-in itself, or with a message
/// beside the way to the page.
pub(super) async fn after_error(
    app: &App,
    leased: LeasedFlow,
    error: OrgPageError,
    context: &CallContext,
) -> Result<Transaction, ApiError> {
    let asked = AuthorizeOptions::of(&leased.flow).unwrap_or_default();
    error.log();
    if error != OrgPageError::InteractionRequired {
        return ask_again(app, leased, error.retry(asked)).await;
    }
    match begin_here(app, &asked, context).await {
        Err(ApiError::Org(refused)) if EmbeddingRefusal::of_interact(&refused).is_some() => {
            // Without `prompt=none` the org's page may show itself.
            if asked.prompt.as_deref() == Some("none") {
                return ask_again(app, leased, error.retry(asked)).await;
            }
            leased.close().await?;
            Err(ApiError::AppRefused { error: refused, advice: NO_WAY_TO_SIGN_IN })
        }
        begun => replace(leased, begun).await,
    }
}

fn request(options: FlowOptions, username: Option<&str>) -> AuthorizeOptions {
    AuthorizeOptions {
        login_hint: options.begin.login_hint.or_else(|| username.map(str::to_owned)),
        acr_values: options.begin.acr_values,
        max_age: options.begin.max_age,
        idp: options.idp,
        prompt: options.prompt,
        notice: None,
    }
}

async fn open(
    app: &App,
    browser: &Browser,
    request: &AuthorizeOptions,
    return_to: Option<String>,
) -> Result<Transaction, ApiError> {
    let flow = app.org.authorize(request, secrets(&app.sessions.random)?).await?;
    let current = CurrentFlow::open(&app.sessions, browser, flow, return_to, app.clock.now()).await?;
    current.shown(app.clock.now())
}

/// A flow here with what the org's page was asked for.
async fn begin_here(app: &App, asked: &AuthorizeOptions, context: &CallContext) -> Result<Flow, ApiError> {
    let options = BeginOptions {
        login_hint: asked.login_hint.clone(),
        acr_values: asked.acr_values.clone(),
        max_age: asked.max_age,
        ..BeginOptions::default()
    };
    let secrets = secrets(&app.sessions.random)?;
    let begun = app.org.begin(Intent::Authenticate, &options, &Answer::default(), secrets, context).await;
    let mut flow = begun.map_err(|failed| failed.error)?;
    if let Some(idp) = &asked.idp {
        flow.choose_idp(idp);
    }
    Ok(flow)
}

async fn ask_again(
    app: &App,
    leased: LeasedFlow,
    request: AuthorizeOptions,
) -> Result<Transaction, ApiError> {
    let begun = match secrets(&app.sessions.random) {
        Ok(secrets) => app.org.authorize(&request, secrets).await.map_err(ApiError::from),
        Err(error) => Err(error),
    };
    replace(leased, begun).await
}

/// Puts another flow of the org in the place of this one: the browser goes on in it, and returns to the same address.
async fn replace(mut leased: LeasedFlow, begun: Result<Flow, ApiError>) -> Result<Transaction, ApiError> {
    match begun {
        Ok(flow) => {
            leased.flow = flow;
            leased.advance().await
        }
        Err(error) => {
            leased.stay().await?;
            Err(error)
        }
    }
}

fn log_detour(refused: &Error) {
    let refusal = EmbeddingRefusal::of_interact(refused).or_else(|| EmbeddingRefusal::of_token(refused));
    tracing::warn!(
        error = refused.for_log(),
        advice = refusal.map(EmbeddingRefusal::advice),
        "the org does not let this app embed the sign-in: the person signs in on the org's page"
    );
}
