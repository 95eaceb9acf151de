//! An app and its policies, in the terms of Okta's admin console.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::org::authenticator::Authenticator;
use crate::org::password_complexity::PasswordComplexity;
use crate::org::settings::access::{ConsentPolicy, DeviceAssurance, DeviceRequirement, EnrollmentGrace};
use crate::org::settings::captcha::{CaptchaPage, CaptchaPolicy};
use crate::org::settings::codes::CodePolicy;
use crate::org::settings::fastpass::FastPassPolicy;
use crate::org::settings::okta_verify::OktaVerifySetUp;
use crate::org::settings::passkeys::PasskeyPolicy;
use crate::org::settings::profile::ProfilePolicy;
use crate::org::settings::scripted_step::ScriptedStep;
use crate::org::user::EVERYONE;

/// An app as the org file and `POST /dev/apps` describe it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrgApp {
    pub(crate) client_id: String,
    /// The secret; without it the client is public.
    pub(crate) client_secret: Option<String>,
    /// The client's keys for `private_key_jwt`.
    pub(crate) jwks: Option<serde_json::Value>,
    #[serde(default)]
    pub(crate) label: String,
    #[serde(default = "local_callbacks")]
    pub(crate) redirect_uris: Vec<String>,
    #[serde(default = "local_origins")]
    pub(crate) post_logout_redirect_uris: Vec<String>,
    #[serde(default = "local_origins")]
    pub(crate) trusted_origins: Vec<String>,
    /// The groups assigned to the app; everyone by default.
    #[serde(default)]
    pub(crate) groups: Vec<String>,
    /// The target of magic links: a URL, or `redirect_uri` for that of the sign-in; the org's own page by default.
    pub(crate) email_callback: Option<String>,
    /// The identity providers offered on the first page.
    #[serde(default)]
    pub(crate) identity_providers: Vec<String>,
    /// Whether mailed codes come with a magic link.
    #[serde(default = "enabled")]
    pub(crate) email_magic_link: bool,
    /// What mailed codes look like; six digits by default.
    #[serde(default)]
    pub(crate) email_code: CodePolicy,
    /// Whether the first page offers passkeys by autofill.
    #[serde(default)]
    pub(crate) passkey_autofill: bool,
    /// How passkeys are offered besides autofill.
    #[serde(default)]
    pub(crate) passkeys: PasskeyPolicy,
    /// Okta Verify on the user's own device; off by default.
    pub(crate) fastpass: Option<FastPassPolicy>,
    /// How Okta Verify is set up; by a QR code first by default.
    #[serde(default)]
    pub(crate) okta_verify_set_up: OktaVerifySetUp,
    /// The CAPTCHA of the app's pages; none by default.
    pub(crate) captcha: Option<CaptchaPolicy>,
    /// The poll interval of a waiting page.
    #[serde(default = "four_seconds")]
    pub(crate) poll_milliseconds: u64,
    /// Whether a single authenticator is listed for a choice. Without it the org goes on to that authenticator by itself.
    #[serde(default)]
    pub(crate) list_of_one: bool,
    /// Whether e-mail that is the only authenticator is challenged without a question first.
    #[serde(default)]
    pub(crate) challenge_email_at_once: bool,
    /// Whether people sign in on the org's own page, by the authorization code flow, and not in the app.
    #[serde(default)]
    pub(crate) hosted_sign_in: bool,
    /// Receives OpenID back-channel logout notices.
    pub(crate) backchannel_logout_uri: Option<String>,
    /// Receives Okta universal logout requests.
    pub(crate) universal_logout_uri: Option<String>,
    #[serde(default)]
    pub(crate) refresh_token: RefreshTokens,
    #[serde(default)]
    pub(crate) global_session: GlobalSession,
    #[serde(default = "default_rule")]
    pub(crate) sign_on: Vec<SignOnRule>,
    #[serde(default = "default_enrollment")]
    pub(crate) enrollment: BTreeMap<Authenticator, Inclusion>,
    /// For how long required authenticators may still be missing.
    #[serde(default)]
    pub(crate) enrollment_grace: BTreeMap<Authenticator, EnrollmentGrace>,
    /// The consent to the requested scopes; none is asked for by default.
    pub(crate) consent: Option<ConsentPolicy>,
    /// Whether a mailed link that is opened in the org's own page asks first whether to allow the sign-in.
    #[serde(default)]
    pub(crate) email_link_consent: bool,
    #[serde(default)]
    pub(crate) vendors: crate::org::settings::vendors::VendorPolicy,
    /// The device assurance policy; none by default.
    pub(crate) device_assurance: Option<DeviceAssurance>,
    /// What the device has to be enrolled in; nothing by default.
    pub(crate) device_enrollment: Option<DeviceRequirement>,
    /// A step of the script's own, once the user is known; none by default.
    pub(crate) scripted_step: Option<ScriptedStep>,
    #[serde(default)]
    pub(crate) profile: ProfilePolicy,
    #[serde(default)]
    pub(crate) password: PasswordPolicy,
}

/// The refresh token settings.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RefreshTokens {
    pub(crate) rotate: bool,
    /// How long a used token still works, in case a response is lost.
    pub(crate) leeway_seconds: u64,
    pub(crate) lifetime_minutes: u64,
}

impl Default for RefreshTokens {
    fn default() -> Self {
        Self { rotate: true, leeway_seconds: 30, lifetime_minutes: 60 * 24 * 7 }
    }
}

/// The global session policy.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct GlobalSession {
    pub(crate) establish_with: EstablishWith,
    /// Whether the first page offers "Keep me signed in".
    pub(crate) keep_me_signed_in: bool,
    /// Whether the user is asked after the sign-in, unless the first page was ticked.
    pub(crate) ask_after_sign_in: bool,
    pub(crate) lifetime_minutes: u64,
    pub(crate) lifetime_remembered_minutes: u64,
}

impl Default for GlobalSession {
    fn default() -> Self {
        Self {
            establish_with: EstablishWith::Password,
            keep_me_signed_in: true,
            ask_after_sign_in: false,
            lifetime_minutes: 120,
            lifetime_remembered_minutes: 60 * 24 * 30,
        }
    }
}

/// What the first page asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EstablishWith {
    /// The username and the password.
    Password,
    /// The username. The sign-on rules decide what follows.
    AnyFactor,
}

/// A rule of the sign-on policy. The first that matches applies.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignOnRule {
    #[serde(default)]
    pub(crate) name: String,
    /// The groups it applies to; everyone by default.
    #[serde(default)]
    pub(crate) groups: Vec<String>,
    #[serde(default)]
    pub(crate) access: Access,
    #[serde(default = "default_assurance")]
    pub(crate) authenticate_with: Assurance,
    /// The authenticators it accepts; any by default.
    #[serde(default)]
    pub(crate) factors: Vec<Authenticator>,
    /// The maximum age of a factor verified earlier.
    pub(crate) reauthenticate_after_minutes: Option<u64>,
}

/// Whether a rule grants access.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Access {
    #[default]
    Allowed,
    Denied,
}

/// The required assurance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Assurance {
    #[serde(rename = "any-1-factor")]
    AnyOneFactor,
    Password,
    PasswordAndAnother,
    #[serde(rename = "any-2-factors")]
    AnyTwoFactors,
}

/// An authenticator in the enrolment policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Inclusion {
    Required,
    Optional,
    NotAllowed,
}

/// The password policy.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PasswordPolicy {
    pub(crate) complexity: PasswordComplexity,
    /// How many wrong passwords lock the account; 0 never locks.
    pub(crate) max_attempts: u32,
    /// After how many minutes a lock ends; 0 is never.
    pub(crate) auto_unlock_minutes: u64,
    /// After how many days the password expires; 0 is never.
    pub(crate) expire_after_days: u64,
    pub(crate) warn_before_days: u64,
    /// The authenticators for password recovery; none disables it.
    pub(crate) recovery: Vec<Authenticator>,
    /// Whether recovery also asks the security question.
    pub(crate) recovery_additional_question: bool,
    /// The authenticators for unlocking an account; none disables it.
    pub(crate) unlock: Vec<Authenticator>,
    /// Whether unlocking continues to the app.
    pub(crate) unlock_continues_to_app: bool,
    /// Whether recovery continues to the app.
    pub(crate) recovery_continues_to_app: bool,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            complexity: PasswordComplexity::default(),
            max_attempts: 10,
            auto_unlock_minutes: 0,
            expire_after_days: 0,
            warn_before_days: 0,
            recovery: vec![Authenticator::OktaEmail, Authenticator::PhoneNumber],
            recovery_additional_question: false,
            unlock: vec![Authenticator::OktaEmail, Authenticator::PhoneNumber],
            unlock_continues_to_app: false,
            recovery_continues_to_app: true,
        }
    }
}

impl OrgApp {
    /// The enrolment policy for an authenticator.
    pub(crate) fn inclusion(&self, key: Authenticator) -> Inclusion {
        self.enrollment.get(&key).copied().unwrap_or(Inclusion::NotAllowed)
    }

    /// Whether the app uses passwords.
    pub(crate) fn has_passwords(&self) -> bool {
        self.inclusion(Authenticator::OktaPassword) != Inclusion::NotAllowed
    }

    /// The CAPTCHA that a page asks for.
    pub(crate) fn captcha_on(&self, page: CaptchaPage) -> Option<&CaptchaPolicy> {
        self.captcha.as_ref().filter(|captcha| captcha.is_on(page))
    }

    /// Whether the client is confidential.
    pub(crate) fn is_confidential(&self) -> bool {
        self.client_secret.is_some() || self.jwks.is_some()
    }

    /// Whether the first page asks for the password.
    pub(crate) fn asks_password_first(&self) -> bool {
        self.global_session.establish_with == EstablishWith::Password
    }

    /// The first rule for a user in these groups.
    pub(crate) fn rule(&self, groups: &[String]) -> Option<&SignOnRule> {
        self.sign_on.iter().find(|rule| applies(&rule.groups, groups))
    }

    /// Whether a user in these groups is assigned to the app.
    pub(crate) fn is_assigned(&self, groups: &[String]) -> bool {
        applies(&self.groups, groups)
    }
}

impl SignOnRule {
    /// Whether the rule accepts this authenticator.
    pub(crate) fn accepts(&self, key: Authenticator) -> bool {
        self.factors.is_empty()
            || self.factors.contains(&key)
            || (key == Authenticator::OktaPassword
                && matches!(self.authenticate_with, Assurance::Password | Assurance::PasswordAndAnother))
    }
}

fn applies(to: &[String], groups: &[String]) -> bool {
    to.is_empty() || to.iter().any(|g| g == EVERYONE || groups.contains(g))
}

fn enabled() -> bool {
    true
}

fn four_seconds() -> u64 {
    4000
}

fn default_assurance() -> Assurance {
    Assurance::PasswordAndAnother
}

fn default_rule() -> Vec<SignOnRule> {
    vec![SignOnRule {
        name: "Catch-all".to_owned(),
        groups: Vec::new(),
        access: Access::Allowed,
        authenticate_with: default_assurance(),
        factors: Vec::new(),
        reauthenticate_after_minutes: None,
    }]
}

fn default_enrollment() -> BTreeMap<Authenticator, Inclusion> {
    let optional = [
        Authenticator::OktaEmail,
        Authenticator::PhoneNumber,
        Authenticator::SecurityQuestion,
        Authenticator::GoogleOtp,
        Authenticator::OktaVerify,
        Authenticator::Webauthn,
    ];
    let optional = optional.map(|key| (key, Inclusion::Optional));
    [(Authenticator::OktaPassword, Inclusion::Required)].into_iter().chain(optional).collect()
}

fn local_callbacks() -> Vec<String> {
    [8080, 8090].map(|port| format!("http://localhost:{port}/login/callback")).into()
}

fn local_origins() -> Vec<String> {
    [8080, 8090].map(|port| format!("http://localhost:{port}")).into()
}
