//! What each address answers: a handler takes, asks, keeps and shows.

pub(crate) mod asked;
mod callback;
mod health;
mod idx;
mod notice;
mod page;
mod proxy;
mod redirect;
mod session;

use crate::{app::App, guard, problem::ApiError, session::Names, session::carry};
use axum::{
    Json, Router, middleware,
    routing::{any, delete, get, post},
};
use latchkey_contract::Code;
use tower_sessions::{SessionManagerLayer, cookie::SameSite};

/// Everything that is answered.
pub fn router(app: App) -> Router {
    let sessions = SessionManagerLayer::new(Names)
        .with_name(crate::session::NAME)
        .with_same_site(SameSite::Strict)
        .with_secure(true)
        .with_http_only(true)
        .with_path("/");
    // The last layer is asked first. Of `/api` it is whose page calls, before anything of the session is looked at.
    let api = Router::new()
        .route("/idx", get(idx::current))
        .route("/idx/authenticate", post(idx::authenticate))
        .route("/idx/register", post(idx::register))
        .route("/idx/recover-password", post(idx::recover_password))
        .route("/idx/unlock-account", post(idx::unlock_account))
        .route("/idx/proceed", post(idx::proceed))
        .route("/idx/poll", post(idx::poll))
        .route("/idx/cancel", post(idx::cancel))
        .route("/idx/callback", post(callback::arrive))
        .route("/session", get(session::current))
        .route("/sessions", get(session::own).delete(session::end_others))
        .route("/sessions/{id}", delete(session::end))
        .route("/userinfo", get(session::userinfo))
        .route("/logout", post(session::logout))
        .route("/openapi.json", get(description))
        .route("/proxy/{name}/{*path}", any(proxy::forward))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(sessions.clone())
        .layer(middleware::from_fn(carry))
        .layer(middleware::from_fn_with_state(app.clone(), guard::check_origin));
    let leaving = Router::new()
        .route("/login/redirect/{transaction}/{which}", get(redirect::leave))
        .layer(sessions)
        .layer(middleware::from_fn(carry));
    Router::new()
        .nest("/api", api)
        // Not of what is nested: it would be a page.
        .route("/api/", any(not_found))
        .merge(leaving)
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/logout/back-channel", post(notice::back_channel))
        .route("/logout/front-channel", get(notice::front_channel))
        .route("/logout/universal", post(notice::universal))
        .route("/login/callback", get(callback::page))
        .route("/login/callback.js", get(callback::script))
        .route("/login/callback.css", get(callback::style))
        .fallback(page::page)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn_with_state(app.clone(), guard::check_host))
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(app.clone(), guard::keep_journal))
        .layer(middleware::from_fn(guard::add_headers))
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
        .layer(middleware::from_fn(guard::add_headers))
        .with_state(app)
}

/// `GET /api/openapi.json`: what all of this is, for programs.
async fn description() -> Json<serde_json::Value> {
    Json(crate::openapi::document())
}

async fn not_found() -> ApiError {
    Code::NotFound.into()
}

async fn method_not_allowed() -> ApiError {
    Code::MethodNotAllowed.into()
}

/// The message of a panic may quote anything, so it goes nowhere; where it was is in the log.
fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> axum::response::Response {
    axum::response::IntoResponse::into_response(ApiError::from(Code::Internal))
}

#[cfg(test)]
mod tests {
    use super::panicked;
    use axum::{Router, body::Body, routing::get};
    use http::{Request, StatusCode};
    use http_body_util::BodyExt;
    use tower::ServiceExt;
    use tower_http::catch_panic::CatchPanicLayer;

    async fn fails() -> &'static str {
        panic!("hunter2")
    }

    #[tokio::test]
    async fn sec_95_a_panic_is_a_problem_that_quotes_nothing_and_the_next_call_is_answered() {
        let router = Router::new().route("/", get(fails)).route("/next", get(async || "here"));
        let router = router.layer(CatchPanicLayer::custom(panicked));
        let ask = async |path: &str| {
            let request = Request::builder().uri(path).body(Body::empty()).unwrap();
            let (head, body) = router.clone().oneshot(request).await.unwrap().into_parts();
            (head.status, String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap())
        };
        let (status, body) = ask("/").await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(body.contains("\"code\":\"internal\"") && !body.contains("hunter2"), "{body}");
        assert_eq!(ask("/next").await, (StatusCode::OK, "here".to_owned()));
    }
}
