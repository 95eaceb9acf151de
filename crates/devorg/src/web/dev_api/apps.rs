//! `/dev/apps`: applications and their policies.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::super::response;
use super::json::{problem, read};
use crate::org::settings::app::OrgApp;
use crate::shared::SharedState;

pub(super) async fn apps(State(shared): State<Arc<SharedState>>) -> Response {
    response::json(200, &json!(shared.org().apps.values().collect::<Vec<_>>()))
}

pub(super) async fn add_app(State(shared): State<Arc<SharedState>>, body: Bytes) -> Response {
    match shared.add_app(&body) {
        Ok(app) => response::json(201, &app),
        Err(why) => problem(400, &why),
    }
}

impl SharedState {
    /// Adds an app from JSON, or changes the given members of an existing one.
    pub(crate) fn add_app(&self, body: &[u8]) -> Result<Value, String> {
        let changes: serde_json::Map<String, Value> = read(body)?;
        let client = changes.get("client_id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut whole = match self.org().app(&client).map(serde_json::to_value) {
            Some(Ok(Value::Object(known))) => known,
            _ => serde_json::Map::new(),
        };
        whole.extend(changes);
        let app: OrgApp = serde_json::from_value(Value::Object(whole)).map_err(|error| error.to_string())?;
        if let Some(mistake) = app.mistake(&self.org().names()) {
            return Err(mistake);
        }
        let json = json!(app);
        self.org().apps.insert(app.client_id.clone(), app);
        self.notify_change();
        Ok(json)
    }
}
