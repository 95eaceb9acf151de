//! `GET /dev/state`: everything the console shows.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::response;
use super::devices;
use super::users::told;
use crate::shared::SharedState;

#[derive(Deserialize)]
pub(super) struct StateQuery {
    since: Option<u64>,
}

/// What the console shows. With `since` it waits until there is something newer.
pub(super) async fn state(State(site): State<Arc<SharedState>>, Query(query): Query<StateQuery>) -> Response {
    let mut news = site.news();
    if let Some(since) = query.since {
        let newer = news.wait_for(|seen| *seen != since);
        let _ = tokio::time::timeout(std::time::Duration::from_secs(20), newer).await;
    }
    let seen = *news.borrow_and_update();
    let world = site.world();
    let now = site.now();
    let users: Vec<Value> = world.users.iter().take(200).map(|user| told(user, now)).collect();
    let sessions: Vec<Value> = world
        .sessions
        .values()
        .filter(|s| s.expires_at > now)
        .map(|s| {
            let login = world.users.get(&s.user).map(|u| u.login.clone());
            json!({ "login": login, "since": s.created_at.iso(), "until": s.expires_at.iso() })
        })
        .collect();
    let (access, refresh) = world.grants.count(now);
    let body = json!({
        "seen": seen,
        "org": world.settings,
        "issuer": format!("{}/oauth2/default", site.origin),
        "now": now.iso(),
        "users": users,
        "userCount": world.users.iter().count(),
        "apps": world.apps.values().collect::<Vec<_>>(),
        "providers": world.providers,
        "inbox": world.inbox.to(None).into_iter().take(100).collect::<Vec<_>>(),
        "devices": devices::waiting(&world, &site.origin, now),
        "sessions": sessions,
        "tokens": { "access": access, "refresh": refresh },
        "journal": site.journal.calls().into_iter().take(100).collect::<Vec<_>>(),
        "faults": site.faults.list(),
    });
    drop(world);
    response::json(200, &body)
}
