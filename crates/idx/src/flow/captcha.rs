//! The CAPTCHA of a page: what the org says about it, and the challenge of ALTCHA (a proof of work).

use http::Method;
use serde_json::{Map, Value};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::authenticator::owned_text;
use crate::protocol::document::Document;
use crate::protocol::form_request::FormRequest;
use crate::protocol::names::CaptchaType;

/// The CAPTCHA of a page. Its token is answered as `captchaVerify`: `captchaId` and `captchaToken`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captcha {
    /// The vendor, or ALTCHA.
    pub kind: CaptchaType,
    /// Its id at the org.
    pub id: String,
    /// The org's public key at the vendor.
    pub site_key: Option<String>,
}

/// A challenge of ALTCHA: the number is to be found whose hash, after the salt, is the challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofOfWork {
    /// The hash function, such as `SHA-256`.
    pub algorithm: String,
    /// The hash to find, in hexadecimal.
    pub challenge: String,
    /// The largest number to search.
    pub max_number: u64,
    /// The text before the number.
    pub salt: String,
    /// The org's signature, which is sent back.
    pub signature: String,
}

/// The bound of a challenge that names none, as in the library that Okta's widget uses.
const DEFAULT_MAX_NUMBER: u64 = 1_000_000;

const JSON: &str = "application/json";

impl Captcha {
    pub(crate) fn read(document: &Document) -> Option<Self> {
        let captcha = document.container("captcha")?;
        Some(Self {
            kind: CaptchaType::from(captcha.text("type")?),
            id: owned_text(captcha, "id").unwrap_or_default(),
            site_key: owned_text(captcha, "siteKey"),
        })
    }
}

impl ProofOfWork {
    pub(crate) fn read(body: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        let max_number = ["maxnumber", "maxNumber"].iter().find_map(|name| body.get(*name)?.as_u64());
        Some(Self {
            algorithm: text("algorithm").map_or_else(|| "SHA-256".to_owned(), |name| name.to_uppercase()),
            challenge: text("challenge")?,
            max_number: max_number.unwrap_or(DEFAULT_MAX_NUMBER),
            salt: text("salt")?,
            signature: text("signature").unwrap_or_default(),
        })
    }

    /// When the org no longer accepts the solution; `None` if the salt does not say.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        let (_, query) = self.salt.split_once('?')?;
        let parameters = query.split('&').filter_map(|parameter| parameter.split_once('='));
        let mut seconds = parameters
            .filter(|(name, _)| matches!(*name, "expires" | "expire"))
            .filter_map(|(_, seconds)| seconds.parse().ok());
        UNIX_EPOCH.checked_add(Duration::from_secs(seconds.next()?))
    }
}

/// The request for a challenge, if the page has an ALTCHA. `usual` is the address of an org that names none.
pub(crate) fn challenge_request(document: &Document, usual: &str) -> Option<FormRequest> {
    let captcha = document.container("captcha")?;
    if CaptchaType::from(captcha.text("type")?) != CaptchaType::Altcha {
        return None;
    }
    let Some(form) = captcha.get("challengeUrlForm") else {
        return Some(FormRequest {
            method: Method::GET,
            address: usual.to_owned(),
            accept: JSON.to_owned(),
            body: Map::new(),
        });
    };
    let asks_handle = form.list("value").any(|field| field.text("name") == Some("stateHandle"));
    let handle = document.state_handle().filter(|_| asks_handle);
    let given = handle.map(|handle| ("stateHandle".to_owned(), handle.into()));
    Some(FormRequest::new(form, given.into_iter().collect()))
}
