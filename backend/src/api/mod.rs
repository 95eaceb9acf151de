//! The handlers, and the router of all paths.

mod account;
pub(crate) mod answer_check;
mod at_org;
mod begin;
pub(crate) mod begin_options;
mod brand;
mod callback;
mod captcha;
mod duo;
mod first_form;
pub mod first_page;
mod flow;
mod guess;
mod health;
mod logout_notice;
pub mod openapi;
mod org_page_error;
mod page;
mod poll;
mod proxy;
mod redirect;
pub mod return_to;
mod sentences;
mod server_page;
mod session;
mod sign_in;
mod username;
mod window;

use crate::{
    app::App,
    http::{self, ApiError, CheckedCall, RequestPurpose},
    session::with_session,
};
use axum::{
    Json, Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{any, delete, get, post},
};
use latchkey_contract::ProblemCode;

/// All routes of the server. Each group of routes declares the purpose of its requests for admission.
pub fn router(app: App) -> Router {
    // Routes for our own pages and those of listed origins, with the session.
    let of_api = |purpose, routes: Router<App>| {
        let checked = middleware::from_fn_with_state((purpose, app.clone()), serve_checked);
        let routes = routes.method_not_allowed_fallback(method_not_allowed).layer(checked);
        http::with_pipeline(routes, purpose, &app.edge)
    };
    // Routes that anyone may call.
    let open = |purpose, routes: Router<App>| {
        http::with_pipeline(routes.method_not_allowed_fallback(method_not_allowed), purpose, &app.edge)
    };
    let redirects = Router::new()
        .route("/login/redirect/{transaction}/{which}", get(redirect::leave))
        .route("/login/duo/{transaction}", get(duo::page))
        .route("/account/authenticators/{id}/{which}", get(account::leave))
        .layer(middleware::from_fn_with_state(app.clone(), with_session));
    Router::new()
        .merge(of_api(RequestPurpose::FlowStart, flow_starts()))
        .merge(of_api(RequestPurpose::FlowStep, flow_steps()))
        .merge(of_api(
            RequestPurpose::Session,
            Router::new()
                .route("/api/session", get(session::current))
                .route("/api/logout", post(session::logout)),
        ))
        .merge(of_api(
            RequestPurpose::Upstream,
            Router::new().route("/api/proxy/{name}/{*path}", any(proxy::forward)),
        ))
        .merge(of_api(RequestPurpose::Api, other_calls().merge(account::routes())))
        .merge(open(RequestPurpose::Api, notices()))
        .merge(open(
            RequestPurpose::Health,
            Router::new().route("/healthz", get(health::alive)).route("/readyz", get(health::ready)),
        ))
        .merge(open(RequestPurpose::Page, pages().merge(redirects)))
        .with_state(app)
}

/// Begin a flow.
fn flow_starts() -> Router<App> {
    Router::new()
        .route("/api/idx/authenticate", post(begin::authenticate))
        .route("/api/idx/register", post(begin::register))
        .route("/api/idx/recover-password", post(begin::recover_password))
        .route("/api/idx/unlock-account", post(begin::unlock_account))
        .route("/api/idx/activate", post(begin::activate))
}

/// Go on with a flow.
fn flow_steps() -> Router<App> {
    Router::new()
        .route("/api/idx/proceed", post(flow::proceed))
        .route("/api/idx/poll", post(poll::poll))
        .route("/api/idx/cancel", post(flow::cancel))
        .route("/api/idx/captcha", post(captcha::task))
        .route("/api/idx/callback", post(callback::proceed))
}

fn other_calls() -> Router<App> {
    Router::new()
        .route("/api/idx", get(flow::current))
        .route("/api/sessions", get(session::own).delete(session::end_others))
        .route("/api/sessions/{id}", delete(session::end))
        .route("/api/userinfo", get(session::userinfo))
        // No path below is a page.
        .route("/api", any(not_found))
        .route("/api/", any(not_found))
        .route("/api/{*path}", any(not_found))
}

/// The org's notices that a session has ended, and the description of the API.
fn notices() -> Router<App> {
    Router::new()
        .route("/logout/back-channel", post(logout_notice::back_channel))
        .route("/logout/front-channel", get(logout_notice::front_channel))
        .route("/logout/universal", post(logout_notice::universal))
        .route("/api/openapi.json", get(description))
}

fn pages() -> Router<App> {
    Router::new()
        .route("/brand.css", get(brand::sheet))
        .route("/brand.json", get(brand::json))
        .route("/brand/logo.svg", get(brand::logo))
        .route("/captcha/frame.js", get(captcha::frame_script))
        .route("/captcha/{vendor}", get(captcha::frame))
        .route("/login", get(page::login))
        .route("/login/callback", get(callback::page))
        .route("/login/callback.js", get(callback::script))
        .route("/login/callback.css", get(callback::style))
        .route("/login/page.js", get(callback::shared_script))
        .route("/login/duo.js", get(duo::script))
        .route("/login/window", get(window::page))
        .route("/login/window.js", get(window::script))
        .fallback(page::page)
}

/// Routes that pages may call, with the session and CORS headers.
async fn serve_checked(
    State((purpose, app)): State<(RequestPurpose, App)>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let cors = match http::check_origin(&app.edge.origins, purpose, &request)? {
        CheckedCall::Preflight(response) => return Ok(response),
        CheckedCall::Allowed(cors) => cors,
    };
    let mut response = with_session(State(app.cookies.clone()), request, next).await.into_response();
    cors.add(response.headers_mut());
    Ok(response)
}

/// The routes for operators, on a port of their own.
pub fn admin_router(app: App) -> Router {
    Router::new()
        .route("/metrics", get(health::metrics))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::map_response(http::with_headers))
        .with_state(app)
}

/// `GET /api/openapi.json`: the description of the API.
async fn description() -> Json<serde_json::Value> {
    Json(crate::api::openapi::document())
}

async fn not_found() -> ApiError {
    ProblemCode::NotFound.into()
}

async fn method_not_allowed() -> ApiError {
    ProblemCode::MethodNotAllowed.into()
}
