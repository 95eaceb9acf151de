//! The callback: the org redirects browsers here from a mailed link or an identity provider.
//!
//! A redirect from another site has no strict cookie, so it must have no effect. The response is a page whose script
//! removes the query from the address and posts it from our own origin, with the cookie.

use super::{
    answer_check, at_org,
    flow::{answer, catch_up, may_answer, settle},
    guess::GuessTarget,
    org_page_error::OrgPageError,
    server_page::ServerPage,
    sign_in::{GrantCode, redeem},
};
use crate::{
    app::App,
    detached::detached,
    http::ApiError,
    http::ClientContext,
    http::json_body::Answers,
    session::{Browser, CurrentFlow, FlowTurn},
};
use axum::{
    Json,
    extract::State,
    response::{Html, IntoResponse},
};
use http::header;
use latchkey_contract::{Transaction, Values};
use latchkey_idx::{Answer, AuthorizationResponse, CallContext, InteractionCode, Secret};

/// The page, which says that the person is being signed in.
const PAGE: ServerPage = ServerPage {
    title: "Signing in",
    script: "callback.js",
    main: include_str!("../../../frontend/callback/callback.html"),
};

/// The values of the query.
struct CallbackValues {
    state: String,
    brought: CallbackOutcome,
}

/// The kind of a callback.
enum CallbackOutcome {
    /// The code of a mailed link.
    Otp(String),
    /// The code of a sign-in at an identity provider or on the org's page.
    Code(GrantCode),
    /// An error, by its name: the sign-in failed elsewhere, or the org asks for more.
    Error(String),
}

/// `GET /login/callback`: the page.
pub(super) async fn page(State(app): State<App>) -> Html<String> {
    Html(PAGE.draw(&app.brand))
}

/// `GET /login/callback.js`: its script.
pub(super) async fn script() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
        include_str!("../../../frontend/callback/callback.js"),
    )
}

/// `GET /login/page.js`: what it shares with the page of Duo.
pub(super) async fn shared_script() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
        include_str!("../../../frontend/callback/page.js"),
    )
}

/// `GET /login/callback.css`: its style sheet.
pub(super) async fn style() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("../../../frontend/callback/callback.css"),
    )
}

/// `POST /api/idx/callback`: continues this browser's flow with that state. Another browser has no such flow, and is never
/// signed in.
pub(super) async fn proceed(
    State(app): State<App>,
    browser: Browser,
    client: ClientContext,
    Answers(values): Answers,
) -> Result<Json<Transaction>, ApiError> {
    let arrival = CallbackValues::read(&values)?;
    let current = CurrentFlow::of_state(&app.sessions, &browser, &arrival.state).await?;
    let permit = may_answer(&app, &current, &client, app.clock.now()).await?;
    if let CallbackOutcome::Otp(_) = arrival.brought {
        GuessTarget::of_code(&current).count(&app, &client, app.clock.now()).await?;
    }
    detached(Box::pin(async move {
        let _permit = permit;
        let context = CallContext::from(client.clone());
        match current.answer(&values, None).await? {
            FlowTurn::Answered(transaction) => Ok(Json(*transaction)),
            FlowTurn::Leased(mut leased) => {
                let outcome = match arrival.brought {
                    CallbackOutcome::Otp(otp) => {
                        answer(&app, &mut leased, &Answer::default().with("otp", otp), &context).await
                    }
                    CallbackOutcome::Code(code) => {
                        return redeem(&app, &browser, &client, *leased, &code).await.map(Json);
                    }
                    CallbackOutcome::Error(name) if leased.flow.is_at_org() => {
                        let error = OrgPageError::of(&name);
                        return at_org::after_error(&app, *leased, error, &context).await.map(Json);
                    }
                    CallbackOutcome::Error(name) if name == "interaction_required" => {
                        app.org.introspect(&mut leased.flow, &context).await
                    }
                    CallbackOutcome::Error(_) => catch_up(&app, &mut leased, &context).await.map(drop),
                };
                settle(&app, &browser, *leased, outcome, &client).await.map(Json)
            }
        }
    }))
    .await
}

impl CallbackValues {
    fn read(values: &Values) -> Result<Self, ApiError> {
        let text = |name: &str| {
            let text = values.get(name).map(|value| answer_check::text(name, value)).transpose()?;
            Ok::<_, ApiError>(text.map(str::to_owned))
        };
        let known = ["state", "otp", "interactionCode", "error", "code", "iss"];
        if values.keys().any(|name| !known.contains(&name.as_str())) {
            return Err(ApiError::invalid(
                "only state, otp, interactionCode, code, iss and error can have come back",
            ));
        }
        let state = text("state")?.ok_or_else(|| ApiError::invalid("`state` is missing"))?;
        let (issuer, code) = (text("iss")?, text("code")?.map(Secret::from));
        let brought = match (text("otp")?, text("interactionCode")?, code, text("error")?) {
            (Some(otp), None, None, None) => CallbackOutcome::Otp(otp),
            (None, Some(code), None, None) => {
                CallbackOutcome::Code(GrantCode::Interaction(InteractionCode::from(code)))
            }
            (None, None, Some(code), None) => {
                CallbackOutcome::Code(GrantCode::Authorization(AuthorizationResponse { code, issuer }))
            }
            (None, None, None, Some(name)) => CallbackOutcome::Error(name),
            _ => {
                return Err(ApiError::invalid(
                    "one of otp, interactionCode, code and error must have come back",
                ));
            }
        };
        Ok(Self { state, brought })
    }
}
