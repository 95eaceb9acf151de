//! Logout notices to clients: OpenID back-channel logout and Okta universal logout.

use std::sync::Arc;

use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::json;
use tokio::sync::watch;

use crate::oauth::discovery;
use crate::org::state::{LogoutReason, OutgoingLogoutNotice};
use crate::org::transaction::AuthorizationServer;
use crate::outbound::http_client;
use crate::shared::SharedState;

/// Sends pending notices after each change, until the org stops. A failed notice is not retried.
pub(crate) async fn send_pending(shared: Arc<SharedState>, mut stopping: watch::Receiver<bool>) {
    let mut changes = shared.subscribe();
    loop {
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            _ = stopping.wait_for(|stop| *stop) => return,
        }
        let notices = std::mem::take(&mut shared.org().logout_notices);
        for notice in notices {
            for request in requests(&shared, &notice).await {
                let _ = http_client::send(request).await;
            }
        }
    }
}

/// The requests for one notice: one for each logout URI of the client.
async fn requests(shared: &Arc<SharedState>, notice: &OutgoingLogoutNotice) -> Vec<Request<String>> {
    let now = shared.now();
    let (app, email) = {
        let org = shared.org();
        (org.app(&notice.client_id).cloned(), notice.email.clone())
    };
    let Some(app) = app else { return Vec::new() };
    let issuer =
        discovery::issuer(&shared.origin, &AuthorizationServer::Custom(discovery::DEFAULT_SERVER.to_owned()));
    let sign = |kind: &str, claims: serde_json::Value| {
        let keys = shared.keys();
        let header = json!({ "kid": keys.current_id(), "alg": "RS256", "typ": kind });
        tokio::task::spawn_blocking(move || keys.sign_as(&header, &claims))
    };
    let mut requests = Vec::new();
    if let Some(to) = app.backchannel_logout_uri {
        let claims = json!({
            "iss": issuer,
            "aud": app.client_id,
            "sub": notice.user,
            "iat": now.seconds(),
            "exp": now.seconds() + 120,
            "jti": shared.random().secret(),
            "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
        });
        let token = sign("logout+jwt", claims).await.unwrap_or_default();
        let request = Request::post(to).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        requests.extend(request.body(format!("logout_token={token}")));
    }
    if let Some(to) = app.universal_logout_uri.filter(|_| notice.reason == LogoutReason::Revoked) {
        let claims = json!({
            "iss": issuer,
            "aud": to,
            "sub": app.client_id,
            "iat": now.seconds(),
            "nbf": now.seconds(),
            "exp": now.seconds() + 300,
            "jti": shared.random().secret(),
        });
        let token = sign("global-token-revocation+jwt", claims).await.unwrap_or_default();
        let body = json!({ "sub_id": { "format": "email", "email": email } }).to_string();
        let request = Request::post(to).header(CONTENT_TYPE, "application/json");
        requests.extend(request.header(AUTHORIZATION, format!("Bearer {token}")).body(body));
    }
    requests
}
