//! `/dev/fastpass`: devices with Okta Verify on this machine.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use super::super::response;
use super::json::{problem, read};
use crate::device::{self, NewDevice};
use crate::shared::SharedState;

/// `GET`: the running devices.
pub(super) async fn devices(State(shared): State<Arc<SharedState>>) -> Response {
    response::json(200, &json!(shared.devices.list()))
}

/// `POST`: starts a device and returns its port.
pub(super) async fn start(State(shared): State<Arc<SharedState>>, body: Bytes) -> Response {
    let new: NewDevice = match read(&body) {
        Ok(new) => new,
        Err(why) => return problem(400, &why),
    };
    match device::start(&shared, new).await {
        Ok(device) => response::json(201, &device.json()),
        Err(why) => problem(400, &why),
    }
}

/// `DELETE`: stops all devices.
pub(super) async fn stop(State(shared): State<Arc<SharedState>>) -> Response {
    shared.devices.stop();
    shared.notify_change();
    response::json(200, &json!([]))
}
