//! Verifies the org's requests to end sessions, with the org's keys.

use std::time::SystemTime;

use super::org_client::Client;
use crate::call_context::CallContext;
use crate::error::Error;
use crate::oauth::jwt::TokenKind;
use crate::oauth::logout_token::{LogoutNotice, verify_logout_token, verify_revocation_token};
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// Verifies an OpenID Connect back-channel logout token. It names a person or a session.
    pub async fn logout_notice(&self, token: &str, now: SystemTime) -> Result<LogoutNotice, Error> {
        let keys = self.keys_for(token, TokenKind::Logout, now, &CallContext::default()).await?;
        let issuer = &self.discovery().await?.issuer;
        verify_logout_token(token, &keys, issuer, &self.config().client_id, now).map_err(Error::Token)
    }

    /// Verifies the token of a global token revocation (Okta's Universal Logout), which was sent to this endpoint.
    ///
    /// The request body names the person whose sessions end.
    pub async fn revocation_notice(
        &self,
        token: &str,
        endpoint: &str,
        now: SystemTime,
    ) -> Result<LogoutNotice, Error> {
        let keys = self.keys_for(token, TokenKind::Revocation, now, &CallContext::default()).await?;
        let issuer = &self.discovery().await?.issuer;
        let client_id = &self.config().client_id;
        verify_revocation_token(token, &keys, issuer, client_id, endpoint, now).map_err(Error::Token)
    }
}
