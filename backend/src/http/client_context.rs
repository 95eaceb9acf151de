//! The client's context: its address, taken from `X-Forwarded-For` only behind a trusted proxy, and its browser.

use super::Edge;
use axum::extract::{FromRef, FromRequestParts};
use http::{HeaderMap, header, request::Parts};
use latchkey_idx::CallContext;
use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// A longer header of the browser is cut before it goes to the org.
const MAX_HEADER_CHARS: usize = 512;

/// The address at the other end of the connection: the client's or a proxy's.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The device that a browser's cookie names. The session's cookie layer puts it into the request.
#[derive(Clone)]
pub(crate) struct Device(pub(crate) String);

/// The client as the org should know it: where the request comes from and with which browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientContext {
    /// The client's address.
    pub address: Option<IpAddr>,
    /// The browser's `User-Agent`.
    pub user_agent: Option<String>,
    /// The browser's `Accept-Language`.
    pub accept_language: Option<String>,
    /// The device, by the cookie that this server gave it.
    pub device: Option<String>,
}

impl<S> FromRequestParts<S> for ClientContext
where
    S: Send + Sync,
    Arc<Edge>: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let edge = Arc::<Edge>::from_ref(state);
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip());
        Ok(Self {
            address: peer.map(|peer| edge.proxies.client_address(peer, &parts.headers)),
            user_agent: printable(&parts.headers, &header::USER_AGENT),
            accept_language: printable(&parts.headers, &header::ACCEPT_LANGUAGE),
            device: parts.extensions.get::<Device>().map(|device| device.0.clone()),
        })
    }
}

impl From<ClientContext> for CallContext {
    fn from(client: ClientContext) -> Self {
        let ClientContext { address, user_agent, accept_language, device } = client;
        Self { address, user_agent, accept_language, device_token: device }
    }
}

fn printable(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.chars().filter(|letter| !letter.is_control()).take(MAX_HEADER_CHARS).collect())
}
