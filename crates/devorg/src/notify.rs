//! Notices to clients that somebody's sessions ended.

use std::sync::Arc;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::site;
use crate::transaction::Server;
use crate::web::Site;
use crate::world::{Ending, Notice};

/// Sends what waits, whenever something happens, until the end. A notice that does not arrive is not repeated.
pub(crate) async fn deliver(site: Arc<Site>, mut ending: watch::Receiver<bool>) {
    let mut news = site.news();
    loop {
        tokio::select! {
            told = news.changed() => if told.is_err() { return },
            _ = ending.wait_for(|ended| *ended) => return,
        }
        let notices = std::mem::take(&mut site.world().outbox);
        for notice in notices {
            for (to, kind, body) in letters(&site, &notice).await {
                let _ = tokio::time::timeout(std::time::Duration::from_secs(5), send(&to, kind, body)).await;
            }
        }
    }
}

/// What a notice says, and where: an address, a content type with headers, a body.
async fn letters(site: &Arc<Site>, notice: &Notice) -> Vec<(String, Letter, String)> {
    let now = site.now();
    let (app, email) = {
        let world = site.world();
        (world.app(&notice.client_id).cloned(), notice.email.clone())
    };
    let Some(app) = app else { return Vec::new() };
    let issuer = site::issuer(&site.origin, &Server::Custom(site::DEFAULT_SERVER.to_owned()));
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
        letters.push((to, Letter::Form, format!("logout_token={token}")));
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
        letters.push((to, Letter::Json(token), body));
    }
    letters
}

/// How a notice is posted.
enum Letter {
    Form,
    /// With a bearer token.
    Json(String),
}

/// Posts it over plain HTTP: whoever is told runs on this machine too.
async fn send(to: &str, letter: Letter, body: String) -> std::io::Result<()> {
    let invalid = || std::io::Error::from(std::io::ErrorKind::InvalidInput);
    let url = url::Url::parse(to).map_err(|_| invalid())?;
    let host = url.host_str().filter(|_| url.scheme() == "http").ok_or_else(invalid)?;
    let port = url.port_or_known_default().unwrap_or(80);
    let (kind, bearer) = match &letter {
        Letter::Form => ("application/x-www-form-urlencoded", String::new()),
        Letter::Json(token) => ("application/json", format!("Authorization: Bearer {token}\r\n")),
    };
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let length = body.len();
    let request = format!(
        "POST {target} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: {kind}\r\n{bearer}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect((host, port)).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.map(drop)
}
