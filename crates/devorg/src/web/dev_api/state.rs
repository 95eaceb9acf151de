//! `GET /dev/state`: everything the console shows.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::response;
use super::devices;
use super::users::user_json;
use crate::shared::SharedState;

#[derive(Deserialize)]
pub(super) struct StateQuery {
    since: Option<u64>,
}

/// The state that the console shows. With `since` it waits for the next change.
pub(super) async fn state(
    State(shared): State<Arc<SharedState>>,
    Query(query): Query<StateQuery>,
) -> Response {
    let mut changes = shared.subscribe();
    if let Some(since) = query.since {
        let next_change = changes.wait_for(|seen| *seen != since);
        let _ = tokio::time::timeout(std::time::Duration::from_secs(20), next_change).await;
    }
    let seen = *changes.borrow_and_update();
    let org = shared.org();
    let now = shared.now();
    let users: Vec<Value> = org.users.iter().take(200).map(|user| user_json(user, now)).collect();
    let sessions: Vec<Value> = org
        .sessions
        .values()
        .filter(|s| s.expires_at > now)
        .map(|s| {
            let login = org.users.get(&s.user).map(|u| u.login.clone());
            json!({ "login": login, "since": s.created_at.iso(), "until": s.expires_at.iso() })
        })
        .collect();
    let (access, refresh) = org.grants.count(now);
    let body = json!({
        "seen": seen,
        "org": org.settings,
        "issuer": format!("{}/oauth2/default", shared.origin),
        "now": now.iso(),
        "users": users,
        "userCount": org.users.iter().count(),
        "apps": org.apps.values().collect::<Vec<_>>(),
        "providers": org.providers,
        "inbox": org.inbox.to(None).into_iter().take(100).collect::<Vec<_>>(),
        "devices": devices::pending(&org, &shared.origin, now),
        "fastpass": shared.devices.list(),
        "sessions": sessions,
        "tokens": { "access": access, "refresh": refresh },
        "journal": shared.journal.calls().into_iter().take(100).collect::<Vec<_>>(),
        "faults": shared.faults.list(),
    });
    drop(org);
    response::json(200, &body)
}
