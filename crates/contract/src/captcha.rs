//! The CAPTCHA of a page, and how its token is made.

use serde::{Deserialize, Serialize};

/// The CAPTCHA of the page. The next step has an input `captchaVerify` for its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Captcha {
    /// Who makes the token.
    #[serde(rename = "type")]
    pub kind: CaptchaMethod,
    /// Its id at the org, which is answered as `captchaId`.
    pub id: String,
    /// The org's public key at the vendor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_key: Option<String>,
}

/// Who makes the token of a CAPTCHA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CaptchaMethod {
    /// The page, by a proof of work.
    Altcha,
    /// hCaptcha, in a frame.
    Hcaptcha,
    /// Google's reCAPTCHA, version 2, in a frame.
    #[serde(rename = "RECAPTCHA_V2")]
    RecaptchaV2,
}

/// The response to `POST /api/idx/captcha`: how the token of the page's CAPTCHA is made. Each token counts once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CaptchaTask {
    /// ALTCHA: the number to find.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub altcha: Option<AltchaTask>,
    /// hCaptcha and reCAPTCHA: the address of the frame that makes the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<String>,
    /// hCaptcha and reCAPTCHA without a frame: the setting of the server that is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = &"captcha_origin"))]
    pub missing_setting: Option<String>,
}

/// A challenge of ALTCHA. The number is to be found for which the hash of `salt` and the number is `challenge`.
///
/// The token is the base64 of the JSON `{algorithm, challenge, number, salt, signature, took}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AltchaTask {
    /// The hash function.
    #[cfg_attr(feature = "schema", schemars(example = &"SHA-256"))]
    pub algorithm: String,
    /// The hash to find, in hexadecimal.
    pub challenge: String,
    /// The largest number to search.
    pub max_number: u32,
    /// The text before the number.
    pub salt: String,
    /// The org's signature, which is sent back.
    pub signature: String,
    /// Seconds until the org no longer accepts the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u32>,
}
