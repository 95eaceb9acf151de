//! Sign-in on the org's own page: begins the authorization code flow and leads there.

use super::{
    answer_check::NAMES,
    begin_options::{FlowOptions, secrets},
};
use crate::{
    abuse::rate_limit::RateKey,
    app::App,
    detached::detached,
    http::{ApiError, ClientContext},
    session::{Browser, CurrentFlow},
};
use latchkey_contract::{Transaction, Value, Values};
use latchkey_idx::AuthorizeOptions;

/// Begins a flow whose one step is a redirect to the org's page.
pub(super) async fn begin(
    app: App,
    browser: Browser,
    client: ClientContext,
    options: FlowOptions,
    values: Values,
) -> Result<Transaction, ApiError> {
    if let Some(other) = values.keys().find(|name| !NAMES.contains(&name.as_str())) {
        return Err(ApiError::invalid(format!(
            "people sign in on the org's page: `{other}` is entered there"
        )));
    }
    let typed = NAMES.iter().find_map(|name| values.get(name)).and_then(Value::text).map(str::to_owned);
    if let Some(address) = client.address {
        app.limits.take(RateKey::Address(address), app.clock.now()).await?;
    }
    detached(Box::pin(async move {
        let options_of_org = AuthorizeOptions {
            login_hint: options.begin.login_hint.or(typed),
            acr_values: options.begin.acr_values,
            max_age: options.begin.max_age,
            idp: options.idp,
            prompt: options.prompt,
        };
        let flow = app.org.authorize(&options_of_org, secrets(&app.sessions.random)?).await?;
        let current =
            CurrentFlow::open(&app.sessions, &browser, flow, options.return_to, app.clock.now()).await?;
        current.shown(app.clock.now())
    }))
    .await
}
