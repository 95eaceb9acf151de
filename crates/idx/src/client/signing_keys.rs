//! The org's signing keys, fetched when a token names an unknown one and at most once a minute.

use std::time::SystemTime;

use super::org_client::{Client, Retries, json_get};
use crate::call_context::CallContext;
use crate::error::Error;
use crate::oauth::jwt::{TokenKind, key_id};
use crate::oauth::keys::{KeyCache, KeySet};
use crate::transport::Transport;
use crate::transport::message::text;

impl<T: Transport> Client<T> {
    /// The org's keys. If the org has the key that signed this token, it is among them.
    pub(super) async fn keys_for(
        &self,
        token: &str,
        kind: TokenKind,
        now: SystemTime,
        context: &CallContext,
    ) -> Result<KeySet, Error> {
        let discovery = self.discovery().await?;
        let kid = key_id(token, kind).map_err(Error::Token)?;
        // The lock is held during the request, so that simultaneous callers cause one request.
        let mut cache = self.shared.keys.lock().await;
        if cache.start_fetch(&kid, now) {
            self.fetch_keys(&mut cache, &discovery.keys, now, context).await;
        }
        Ok(cache.current(now))
    }

    /// Fetches the key set. If the org does not answer with one, the cached keys remain.
    async fn fetch_keys(&self, cache: &mut KeyCache, address: &str, now: SystemTime, context: &CallContext) {
        let Ok(request) = json_get(address, context.headers(false)) else { return };
        let Ok(response) = self.send(Retries::Twice, request).await else { return };
        if response.status().is_success()
            && let Ok(keys) = text(&response).and_then(KeySet::read)
        {
            cache.store(keys, now);
        }
    }
}
