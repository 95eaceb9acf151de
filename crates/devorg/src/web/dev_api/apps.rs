//! `/dev/apps`: applications and their policies.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::super::response;
use super::json::{problem, read};
use crate::org::settings::app::App;
use crate::shared::SharedState;

pub(super) async fn apps(State(site): State<Arc<SharedState>>) -> Response {
    response::json(200, &json!(site.world().apps.values().collect::<Vec<_>>()))
}

pub(super) async fn add_app(State(site): State<Arc<SharedState>>, body: Bytes) -> Response {
    match site.add_app(&body) {
        Ok(app) => response::json(201, &app),
        Err(why) => problem(400, &why),
    }
}

impl SharedState {
    /// Adds an application, or changes what is said of one that is there, told in JSON.
    pub(crate) fn add_app(&self, body: &[u8]) -> Result<Value, String> {
        let said: serde_json::Map<String, Value> = read(body)?;
        let client = said.get("client_id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut whole = match self.world().app(&client).map(serde_json::to_value) {
            Some(Ok(Value::Object(known))) => known,
            _ => serde_json::Map::new(),
        };
        whole.extend(said);
        let app: App = serde_json::from_value(Value::Object(whole)).map_err(|error| error.to_string())?;
        if let Some(fault) = app.fault(&self.world().nameable()) {
            return Err(fault);
        }
        let told = json!(app);
        self.world().apps.insert(app.client_id.clone(), app);
        self.tell();
        Ok(told)
    }
}
