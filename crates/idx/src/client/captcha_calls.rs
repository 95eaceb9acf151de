//! The call that fetches the challenge of a page's CAPTCHA.

use std::time::SystemTime;

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};
use serde_json::Value;

use super::org_client::{Client, Retries};
use crate::call_context::CallContext;
use crate::error::Error;
use crate::flow::captcha::{ProofOfWork, challenge_request};
use crate::flow::stored_flow::Flow;
use crate::protocol::response::oauth_response;
use crate::transport::Transport;
use crate::transport::message::request;

impl<T: Transport> Client<T> {
    /// Fetches a challenge for the ALTCHA of the flow's page; `None` if the page has none. Nothing changes in the flow.
    pub async fn captcha_challenge(
        &self,
        flow: &Flow,
        context: &CallContext,
    ) -> Result<Option<ProofOfWork>, Error> {
        let config = self.config();
        let Some(form) = challenge_request(flow.document(), &config.org_address("/api/v1/altcha")) else {
            return Ok(None);
        };
        let Some(address) = config.own_address(&form.address) else {
            return Err(Error::ForeignAddress(form.address));
        };
        let mut headers = context.headers(config.is_confidential());
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let body = match form.method {
            Method::GET => String::new(),
            _ => {
                let kind = HeaderValue::from_str(&form.accept);
                headers.insert(CONTENT_TYPE, kind.map_err(|error| Error::Unreachable(error.to_string()))?);
                Value::Object(form.body).to_string()
            }
        };
        let mut request = request(form.method, address.as_str(), headers, body)?;
        request.extensions_mut().insert(flow.id());
        let response = self.send(Retries::Once, request).await?;
        let challenge = oauth_response(&response, SystemTime::now())?;
        match ProofOfWork::read(&challenge) {
            Some(challenge) if response.status() == StatusCode::OK => Ok(Some(challenge)),
            _ => Err(Error::NotIon("it is no challenge of a CAPTCHA".into())),
        }
    }
}
