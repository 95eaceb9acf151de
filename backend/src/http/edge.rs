//! What the edge works with: which pages may call, how much is served at once, and what is counted.

use super::{Admission, CaptchaFrame, Origins, TrustedProxies};
use crate::{clock::Clock, ops::metrics::Metrics};
use http::HeaderValue;
use latchkey_vault::RandomSource;
use std::sync::Arc;

/// The parts of the edge. `App` has one, and every request passes it.
#[derive(Debug)]
pub struct Edge {
    /// Which pages may call the API.
    pub origins: Origins,
    /// The frame in which hCaptcha and reCAPTCHA run, if there is one.
    pub captcha_frame: Option<CaptchaFrame>,
    /// The content security policy of our own pages, if the configuration widens it.
    pub page_policy: Option<HeaderValue>,
    /// The proxies whose `X-Forwarded-For` names the client's address.
    pub proxies: TrustedProxies,
    /// How many requests are served at once.
    pub admission: Admission,
    /// Counters for operators.
    pub metrics: Arc<Metrics>,
    /// Measures how long a response takes.
    pub clock: Clock,
    /// Makes the id of each request.
    pub random: RandomSource,
}
