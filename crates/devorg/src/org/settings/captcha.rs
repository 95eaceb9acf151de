//! The CAPTCHA policy of an app, in the terms of Okta's `/api/v1/org/captcha`.

use serde::{Deserialize, Serialize};

/// The CAPTCHA of an app's pages.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaptchaPolicy {
    #[serde(rename = "type")]
    pub(crate) kind: CaptchaKind,
    /// The pages that ask for it; all by default.
    #[serde(default = "every_page")]
    pub(crate) enabled_pages: Vec<CaptchaPage>,
    /// ALTCHA: the largest number to search.
    #[serde(default = "usual_max_number")]
    pub(crate) max_number: u32,
    /// ALTCHA: how long a challenge is valid.
    #[serde(default = "five_minutes")]
    pub(crate) challenge_seconds: u64,
}

/// The kind of a CAPTCHA, as on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum CaptchaKind {
    Altcha,
    Hcaptcha,
    #[serde(rename = "RECAPTCHA_V2")]
    RecaptchaV2,
}

/// A page that can ask for a CAPTCHA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum CaptchaPage {
    SignIn,
    /// Self-service password reset.
    Sspr,
    /// Self-service registration.
    Ssr,
}

impl CaptchaPolicy {
    /// ALTCHA with the usual settings.
    pub(crate) fn altcha() -> Self {
        Self {
            kind: CaptchaKind::Altcha,
            enabled_pages: every_page(),
            max_number: usual_max_number(),
            challenge_seconds: five_minutes(),
        }
    }

    /// Whether this page asks for the CAPTCHA.
    pub(crate) fn is_on(&self, page: CaptchaPage) -> bool {
        self.enabled_pages.contains(&page)
    }
}

impl CaptchaKind {
    /// The id of the CAPTCHA. Okta's widget sends `altcha` whatever the id is.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Altcha => "altcha",
            Self::Hcaptcha => "capdevhcaptcha000001",
            Self::RecaptchaV2 => "capdevrecaptcha00001",
        }
    }

    /// The name for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Altcha => "ALTCHA",
            Self::Hcaptcha => "hCaptcha",
            Self::RecaptchaV2 => "reCAPTCHA v2",
        }
    }

    /// The site key. hCaptcha and Google publish theirs for tests.
    pub(crate) fn site_key(self) -> &'static str {
        match self {
            Self::Altcha => "altcha",
            Self::Hcaptcha => "10000000-ffff-ffff-ffff-000000000001",
            Self::RecaptchaV2 => "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI",
        }
    }

    /// The secret that goes with the site key.
    pub(crate) fn secret(self) -> &'static str {
        match self {
            Self::Altcha => "",
            Self::Hcaptcha => "0x0000000000000000000000000000000000000000",
            Self::RecaptchaV2 => "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe",
        }
    }
}

fn every_page() -> Vec<CaptchaPage> {
    vec![CaptchaPage::SignIn, CaptchaPage::Sspr, CaptchaPage::Ssr]
}

/// The library's usual bound.
fn usual_max_number() -> u32 {
    50_000
}

fn five_minutes() -> u64 {
    300
}
