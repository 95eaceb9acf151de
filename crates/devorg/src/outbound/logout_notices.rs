//! Notices to clients that somebody's sessions ended.

use std::sync::Arc;

use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::json;
use tokio::sync::watch;

use crate::oauth::discovery;
use crate::org::state::{Ending, Notice};
use crate::org::transaction::Server;
use crate::outbound::http_client;
use crate::shared::SharedState;

/// Sends what waits, whenever something happens, until the end. A notice that does not arrive is not repeated.
pub(crate) async fn deliver(site: Arc<SharedState>, mut ending: watch::Receiver<bool>) {
    let mut news = site.news();
    loop {
        tokio::select! {
            told = news.changed() => if told.is_err() { return },
            _ = ending.wait_for(|ended| *ended) => return,
        }
        let notices = std::mem::take(&mut site.world().outbox);
        for notice in notices {
            for letter in letters(&site, &notice).await {
                let _ = http_client::send(letter).await;
            }
        }
    }
}

/// What a client is told, and where.
async fn letters(site: &Arc<SharedState>, notice: &Notice) -> Vec<Request<String>> {
    let now = site.now();
    let (app, email) = {
        let world = site.world();
        (world.app(&notice.client_id).cloned(), notice.email.clone())
    };
    let Some(app) = app else { return Vec::new() };
    let issuer = discovery::issuer(&site.origin, &Server::Custom(discovery::DEFAULT_SERVER.to_owned()));
    let sign = |kind: &str, claims: serde_json::Value| {
        let keys = site.keys();
        let header = json!({ "kid": keys.current(), "alg": "RS256", "typ": kind });
        tokio::task::spawn_blocking(move || keys.sign_as(&header, &claims))
    };
    let mut letters = Vec::new();
    if let Some(to) = app.backchannel_logout_uri {
        let claims = json!({
            "iss": issuer,
            "aud": app.client_id,
            "sub": notice.user,
            "iat": now.seconds(),
            "exp": now.seconds() + 120,
            "jti": site.chance().secret(),
            "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
        });
        let token = sign("logout+jwt", claims).await.unwrap_or_default();
        let letter = Request::post(to).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        letters.extend(letter.body(format!("logout_token={token}")));
    }
    if let Some(to) = app.universal_logout_uri.filter(|_| notice.why == Ending::Revoked) {
        let claims = json!({
            "iss": issuer,
            "aud": to,
            "sub": app.client_id,
            "iat": now.seconds(),
            "nbf": now.seconds(),
            "exp": now.seconds() + 300,
            "jti": site.chance().secret(),
        });
        let token = sign("global-token-revocation+jwt", claims).await.unwrap_or_default();
        let body = json!({ "sub_id": { "format": "email", "email": email } }).to_string();
        let letter = Request::post(to).header(CONTENT_TYPE, "application/json");
        letters.extend(letter.header(AUTHORIZATION, format!("Bearer {token}")).body(body));
    }
    letters
}
