//! The HTTP side of the org: routes and middleware.

mod activate;
mod captcha;
mod dev_api;
mod email_link;
mod federation;
mod hosted_address;
mod hosted_forms;
mod hosted_sign_in;
mod identity_provider;
mod idx;
pub(crate) mod middleware;
mod my_account;
mod oauth;
mod oauth_request;
mod pages;
pub(crate) mod response;
mod url;
mod vendors;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Redirect;
use axum::routing::{any, get, post};

use crate::shared::SharedState;
use middleware::{cors, faults, journal, rate_limit};

/// The routes.
pub(crate) fn router(shared: Arc<SharedState>) -> Router {
    let server = Router::new()
        .route("/interact", post(oauth::interact))
        .route("/token", post(oauth::token))
        .route("/keys", get(oauth::keys))
        .route("/userinfo", get(oauth::userinfo).post(oauth::userinfo))
        .route("/introspect", post(oauth::introspect))
        .route("/revoke", post(oauth::revoke))
        .route("/logout", get(oauth::logout).post(oauth::logout))
        .route("/device/authorize", post(oauth::device_authorize))
        .route("/authorize", get(oauth::authorize))
        .route("/authorize/callback", get(federation::callback));
    let discovery = get(oauth::discovery);
    Router::new()
        .route("/idp/idx/{*path}", post(idx::answer))
        .route("/idp/myaccount/{*path}", any(my_account::answer))
        .nest("/oauth2/v1", server.clone())
        .nest("/oauth2/{server}/v1", server)
        .route("/.well-known/openid-configuration", discovery.clone())
        .route("/.well-known/oauth-authorization-server", discovery.clone())
        .route("/oauth2/{server}/.well-known/openid-configuration", discovery.clone())
        .route("/oauth2/{server}/.well-known/oauth-authorization-server", discovery)
        .route("/activate", get(activate::page))
        .route("/login/signout", get(oauth::sign_out_page))
        .route("/email/verify/{client}", get(email_link::open))
        .route("/signin/{handle}", get(hosted_sign_in::current).post(hosted_sign_in::answer))
        .nest("/social/{provider}", identity_provider::router())
        .route("/api/v1/altcha", get(captcha::challenge).post(captcha::challenge))
        .nest("/captcha/{vendor}", captcha::vendor_router())
        .merge(vendors::router())
        .nest("/dev", dev_api::router())
        .route("/", get(|| async { Redirect::temporary("/dev") }))
        .fallback(any(response::not_found))
        .layer(from_fn_with_state(Arc::clone(&shared), faults::inject))
        .layer(from_fn_with_state(Arc::clone(&shared), rate_limit::limit))
        .layer(from_fn_with_state(Arc::clone(&shared), cors::allow))
        .layer(from_fn_with_state(Arc::clone(&shared), journal::record))
        .layer(from_fn(cors::check_host))
        .with_state(shared)
}
