//! The requests of the sign-in endpoints, read from a path and a body.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::org::authenticator::{Authenticator, Method, SplitAuthenticator};
use crate::org::settings::okta_verify::PairingChannel;

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum IdxRequest {
    Introspect,
    Identify {
        identifier: Option<String>,
        passcode: Option<String>,
        remember: bool,
        captcha: Option<CaptchaAnswer>,
    },
    SelectIdentify,
    SelectEnroll,
    Profile {
        attributes: BTreeMap<String, Value>,
        passcode: Option<String>,
        captcha: Option<CaptchaAnswer>,
    },
    Challenge {
        identifier: Option<String>,
        choice: Choice,
    },
    Answer(Credentials),
    AutofillAnswer(Credentials),
    Poll,
    CancelPoll,
    /// Okta Verify on the device is to be started.
    LaunchDevice,
    /// A request that Apple's extension would have signed.
    AppleExtension,
    /// Using a passkey, before the user is known.
    LaunchPasskey,
    /// Reading a card, before the user is known.
    LaunchCard {
        remember: bool,
    },
    Resend,
    Send {
        to: Option<String>,
    },
    Enroll {
        choice: Choice,
        credentials: Credentials,
    },
    Skip,
    ActivateDevice {
        user_code: Option<String>,
    },
    /// Whether the scopes are allowed, and which of those that can be refused one by one.
    Consent {
        allow: bool,
        scopes: BTreeMap<String, bool>,
    },
    /// The fields of the script's own step.
    Scripted {
        fields: BTreeMap<String, Value>,
    },
    StaySignedIn {
        stay: bool,
    },
    Recover,
    Unlock,
    Cancel,
}

/// The selected authenticator, with its method and details.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Choice {
    pub(crate) key: Option<Authenticator>,
    pub(crate) method: Option<Method>,
    /// The enrolment, of an authenticator that has several.
    pub(crate) enrolment: Option<String>,
    pub(crate) channel: Option<PairingChannel>,
    pub(crate) phone: Option<String>,
    pub(crate) nickname: Option<String>,
}

/// The answer to a CAPTCHA.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CaptchaAnswer {
    pub(crate) id: String,
    pub(crate) token: String,
}

/// The submitted credentials.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Credentials {
    fields: BTreeMap<String, String>,
    pub(crate) revoke_sessions: bool,
}

const APPLE_EXTENSION: &str = "authenticators/sso_extension/transactions/";

impl Credentials {
    /// A field that is not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }
}

impl IdxRequest {
    /// An answer with this code.
    pub(crate) fn answer(passcode: &str) -> Self {
        let fields = [("passcode".to_owned(), passcode.to_owned())].into();
        Self::Answer(Credentials { fields, revoke_sessions: false })
    }

    /// Reads a request, or nothing if the endpoint is unknown.
    pub(crate) fn read(path: &str, body: &Value) -> Option<Self> {
        let credentials = || credentials(body.get("credentials"));
        Some(match path {
            "introspect" => Self::Introspect,
            "identify" => Self::Identify {
                identifier: text(body, "identifier").map(|name| name.trim().to_owned()),
                passcode: credentials().get("passcode").map(str::to_owned),
                remember: body.get("rememberMe").is_some_and(is_true),
                captcha: captcha(body),
            },
            "identify/select" => Self::SelectIdentify,
            "enroll" => Self::SelectEnroll,
            "enroll/new" | "enroll/update" => Self::Profile {
                attributes: members(body.get("userProfile")),
                passcode: credentials().get("passcode").map(str::to_owned),
                captcha: captcha(body),
            },
            "challenge" => Self::Challenge {
                identifier: text(body, "identifier").map(|name| name.trim().to_owned()),
                choice: choice(body.get("authenticator")),
            },
            "challenge/answer" => Self::Answer(credentials()),
            "challenge/answer/webauthn-autofillui" => Self::AutofillAnswer(credentials()),
            "challenge/poll" | "authenticators/poll" => Self::Poll,
            "authenticators/poll/cancel" => Self::CancelPoll,
            "authenticators/okta-verify/launch" => Self::LaunchDevice,
            apple if apple.starts_with(APPLE_EXTENSION) && apple.ends_with("/verify") => Self::AppleExtension,
            apple if apple.starts_with(APPLE_EXTENSION) && apple.ends_with("/verify/cancel") => {
                Self::CancelPoll
            }
            "authenticators/webauthn/launch" => Self::LaunchPasskey,
            "authenticators/nfc/launch" => {
                Self::LaunchCard { remember: body.get("rememberMe").is_some_and(is_true) }
            }
            "challenge/resend" => Self::Resend,
            "challenge/send" => Self::Send { to: text(body, "email").or_else(|| text(body, "phoneNumber")) },
            "credential/enroll" => {
                Self::Enroll { choice: choice(body.get("authenticator")), credentials: credentials() }
            }
            "skip" => Self::Skip,
            "device/activate" => Self::ActivateDevice { user_code: text(body, "userCode") },
            "consent" => Self::Consent {
                allow: body.get("consent").is_some_and(is_true),
                scopes: body
                    .get("optedScopes")
                    .and_then(Value::as_object)
                    .map(|scopes| scopes.iter().map(|(name, opted)| (name.clone(), is_true(opted))).collect())
                    .unwrap_or_default(),
            },
            "scripted" => Self::Scripted { fields: members(Some(body)) },
            "keep-me-signed-in" => {
                Self::StaySignedIn { stay: body.get("keepMeSignedIn").is_some_and(is_true) }
            }
            "recover" => Self::Recover,
            "unlock-account" => Self::Unlock,
            "cancel" => Self::Cancel,
            _ => return None,
        })
    }
}

fn text(of: &Value, name: &str) -> Option<String> {
    match of.get(name)? {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        // Some clients send a code as a number.
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn members(of: Option<&Value>) -> BTreeMap<String, Value> {
    let members = of.and_then(Value::as_object).into_iter().flatten();
    members.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn is_true(value: &Value) -> bool {
    matches!(value, Value::Bool(true)) || value.as_str() == Some("true")
}

fn credentials(of: Option<&Value>) -> Credentials {
    let Some(Value::Object(given)) = of else { return Credentials::default() };
    let whole = Value::Object(given.clone());
    Credentials {
        fields: given.keys().filter_map(|name| Some((name.clone(), text(&whole, name)?))).collect(),
        revoke_sessions: given.get("revokeSessions").is_some_and(is_true),
    }
}

fn captcha(body: &Value) -> Option<CaptchaAnswer> {
    let given = body.get("captchaVerify")?;
    Some(CaptchaAnswer { id: text(given, "captchaId")?, token: text(given, "captchaToken")? })
}

/// Reads `authenticator`. Unknown members are ignored, because some clients add their own.
fn choice(of: Option<&Value>) -> Choice {
    let Some(given) = of else { return Choice::default() };
    let id = text(given, "id").unwrap_or_default();
    let split = SplitAuthenticator::method_of(&id);
    Choice {
        key: Authenticator::by_id(&id).or(split.map(|_| Authenticator::OktaVerify)),
        method: split.or_else(|| text(given, "methodType").and_then(|name| Method::by_name(&name))),
        channel: match text(given, "channel").as_deref() {
            Some("qrcode") => Some(PairingChannel::Qrcode),
            Some("email") => Some(PairingChannel::Email),
            Some("sms") => Some(PairingChannel::Sms),
            _ => None,
        },
        enrolment: text(given, "enrollmentId"),
        phone: text(given, "phoneNumber"),
        nickname: text(given, "nickname"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_code_may_be_a_number_and_unknown_members_are_ignored() {
        let body = json!({"credentials": {"passcode": 123456}, "other": null});
        let Some(IdxRequest::Answer(credentials)) = IdxRequest::read("challenge/answer", &body) else {
            panic!("an answer")
        };
        assert_eq!(credentials.get("passcode"), Some("123456"));
        let body = json!({"authenticator": {"id": Authenticator::OktaEmail.id(), "key": "okta_email"}});
        let Some(IdxRequest::Challenge { choice, .. }) = IdxRequest::read("challenge", &body) else {
            panic!("a challenge")
        };
        assert_eq!((choice.key, choice.method), (Some(Authenticator::OktaEmail), None));
    }
}
