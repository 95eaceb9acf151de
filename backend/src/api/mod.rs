//! What each address answers: a handler takes, asks, keeps and shows.

pub(crate) mod answer_check;
mod callback;
mod flow;
mod guess;
mod health;
mod logout_notice;
pub mod openapi;
mod page;
mod proxy;
mod redirect;
mod session;
mod sign_in;
pub mod translate;

use crate::{app::App, http, problem::ApiError, session::HandleStore, session::with_session_cookie};
use axum::{
    Json, Router, middleware,
    routing::{any, delete, get, post},
};
use latchkey_contract::ProblemCode;
use tower_sessions::{SessionManagerLayer, cookie::SameSite};

/// Everything that is answered.
pub fn router(app: App) -> Router {
    let sessions = SessionManagerLayer::new(HandleStore)
        .with_name(app.cookies.session())
        .with_same_site(SameSite::Strict)
        .with_secure(true)
        .with_http_only(true)
        .with_path("/");
    let api = Router::new()
        .route("/api/idx", get(flow::current))
        .route("/api/idx/authenticate", post(flow::authenticate))
        .route("/api/idx/register", post(flow::register))
        .route("/api/idx/recover-password", post(flow::recover_password))
        .route("/api/idx/unlock-account", post(flow::unlock_account))
        .route("/api/idx/proceed", post(flow::proceed))
        .route("/api/idx/poll", post(flow::poll))
        .route("/api/idx/cancel", post(flow::cancel))
        .route("/api/idx/callback", post(callback::proceed))
        .route("/api/session", get(session::current))
        .route("/api/sessions", get(session::own).delete(session::end_others))
        .route("/api/sessions/{id}", delete(session::end))
        .route("/api/userinfo", get(session::userinfo))
        .route("/api/logout", post(session::logout))
        .route("/api/proxy/{name}/{*path}", any(proxy::forward))
        // Nothing else below is a page.
        .route("/api", any(not_found))
        .route("/api/", any(not_found))
        .route("/api/{*path}", any(not_found))
        .method_not_allowed_fallback(method_not_allowed)
        .layer((middleware::from_fn_with_state(app.clone(), http::check_origin), sessions.clone()));
    let leaving = Router::new()
        .route("/login/redirect/{transaction}/{which}", get(redirect::leave))
        .layer((middleware::from_fn_with_state(app.clone(), with_session_cookie), sessions));
    Router::new()
        .merge(api)
        .merge(leaving)
        .route("/api/openapi.json", get(description))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/logout/back-channel", post(logout_notice::back_channel))
        .route("/logout/front-channel", get(logout_notice::front_channel))
        .route("/logout/universal", post(logout_notice::universal))
        .route("/login/callback", get(callback::page))
        .route("/login/callback.js", get(callback::script))
        .route("/login/callback.css", get(callback::style))
        .fallback(page::page)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn_with_state(app.clone(), http::pass))
        .with_state(app)
}

/// What operators ask, at an address of its own.
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

/// `GET /api/openapi.json`: what all of this is, for programs.
async fn description() -> Json<serde_json::Value> {
    Json(crate::api::openapi::document())
}

async fn not_found() -> ApiError {
    ProblemCode::NotFound.into()
}

async fn method_not_allowed() -> ApiError {
    ProblemCode::MethodNotAllowed.into()
}
