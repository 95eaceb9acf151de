//! How the token of the page's CAPTCHA is made. It is in the late part.

use super::transport::{Received, post};
use crate::read_contract;
use latchkey_contract::{CaptchaTask, Values};

/// Asks for the task of the flow that `token` names. `None`: the server or the org could not be reached, or refused.
pub(crate) async fn task(token: Option<String>) -> Option<CaptchaTask> {
    match post("/api/idx/captcha", &Values::new(), token).await {
        Ok(Received::Body(body)) => Some(read_contract::captcha_task(&body)),
        Ok(Received::Nothing | Received::Moved(_)) | Err(_) => None,
    }
}
