//! An application and its policies, in the words of an Okta administrator.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::org::authenticator::Key;
use crate::org::password_complexity::Complexity;
use crate::org::user::EVERYONE;

/// An application as the org file and `POST /dev/apps` tell of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct App {
    pub(crate) client_id: String,
    /// Without one the client is public and has PKCE alone.
    pub(crate) client_secret: Option<String>,
    /// The client's keys, if it proves itself by `private_key_jwt`.
    pub(crate) jwks: Option<serde_json::Value>,
    #[serde(default)]
    pub(crate) label: String,
    #[serde(default = "local_callbacks")]
    pub(crate) redirect_uris: Vec<String>,
    #[serde(default = "local_origins")]
    pub(crate) post_logout_redirect_uris: Vec<String>,
    #[serde(default = "local_origins")]
    pub(crate) trusted_origins: Vec<String>,
    /// The groups that may use it; everyone by default.
    #[serde(default)]
    pub(crate) groups: Vec<String>,
    /// Where a link in a mail leads back to: an address, or `redirect_uri` for the one the sign-in was begun with; the
    /// org's own page by default.
    pub(crate) email_callback: Option<String>,
    /// The identity providers offered beside the form.
    #[serde(default)]
    pub(crate) identity_providers: Vec<String>,
    /// Whether the code in a mail also comes as a link.
    #[serde(default = "yes")]
    pub(crate) email_magic_link: bool,
    /// Whether the first page lets the browser offer passkeys by itself.
    #[serde(default)]
    pub(crate) passkey_autofill: bool,
    /// How long a page that waits for somebody lets pass between two polls.
    #[serde(default = "four_seconds")]
    pub(crate) poll_milliseconds: u64,
    /// Told when somebody signs out elsewhere (OpenID back-channel logout).
    pub(crate) backchannel_logout_uri: Option<String>,
    /// Told to drop everything of somebody (Okta universal logout).
    pub(crate) universal_logout_uri: Option<String>,
    #[serde(default)]
    pub(crate) refresh_token: RefreshTokens,
    #[serde(default)]
    pub(crate) global_session: GlobalSession,
    #[serde(default = "usual_rule")]
    pub(crate) sign_on: Vec<Rule>,
    #[serde(default = "usual_enrollment")]
    pub(crate) enrollment: BTreeMap<Key, Inclusion>,
    #[serde(default)]
    pub(crate) profile: ProfilePolicy,
    #[serde(default)]
    pub(crate) password: PasswordPolicy,
}

/// How refresh tokens live.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RefreshTokens {
    pub(crate) rotate: bool,
    /// How long a used token still works, for an answer that was lost on the way.
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
    /// Whether the first page offers to keep somebody signed in.
    pub(crate) keep_me_signed_in: bool,
    pub(crate) lifetime_minutes: u64,
    pub(crate) lifetime_remembered_minutes: u64,
}

impl Default for GlobalSession {
    fn default() -> Self {
        Self {
            establish_with: EstablishWith::Password,
            keep_me_signed_in: true,
            lifetime_minutes: 120,
            lifetime_remembered_minutes: 60 * 24 * 30,
        }
    }
}

/// What the first page asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EstablishWith {
    /// The username and the password.
    Password,
    /// The username; what follows is up to the sign-on rules.
    AnyFactor,
}

/// One rule of the app's sign-on policy. The first that applies holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    #[serde(default)]
    pub(crate) name: String,
    /// The groups it is for; everyone by default.
    #[serde(default)]
    pub(crate) groups: Vec<String>,
    #[serde(default)]
    pub(crate) access: Access,
    #[serde(default = "usual_assurance")]
    pub(crate) authenticate_with: Assurance,
    /// What may be used; anything by default.
    #[serde(default)]
    pub(crate) factors: Vec<Key>,
    /// How old a proof from an earlier session may be.
    pub(crate) reauthenticate_after_minutes: Option<u64>,
}

/// Whether a rule lets people in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Access {
    #[default]
    Allowed,
    Denied,
}

/// What somebody has to show.
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

/// Whether an authenticator is set up in the app's enrolment policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Inclusion {
    Required,
    Optional,
    NotAllowed,
}

/// The profile enrolment policy.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ProfilePolicy {
    pub(crate) self_service_registration: bool,
    pub(crate) email_verification: bool,
    /// Whether required attributes that are missing are asked for at sign-in.
    pub(crate) progressive: bool,
    pub(crate) attributes: Vec<Attribute>,
}

impl Default for ProfilePolicy {
    fn default() -> Self {
        let text = |name: &str, label: &str| Attribute {
            name: name.to_owned(),
            label: label.to_owned(),
            kind: AttributeKind::String,
            required: true,
            options: Vec::new(),
            pattern: None,
            min_length: None,
            max_length: None,
        };
        Self {
            self_service_registration: true,
            email_verification: true,
            progressive: false,
            attributes: vec![
                text("firstName", "First name"),
                text("lastName", "Last name"),
                text("email", "Email"),
            ],
        }
    }
}

/// One attribute of the profile.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) label: String,
    #[serde(default, rename = "type")]
    pub(crate) kind: AttributeKind,
    #[serde(default)]
    pub(crate) required: bool,
    /// The values it may take; any by default.
    #[serde(default, rename = "enum")]
    pub(crate) options: Vec<String>,
    /// A regular expression the whole value must match.
    pub(crate) pattern: Option<String>,
    pub(crate) min_length: Option<usize>,
    pub(crate) max_length: Option<usize>,
}

/// What an attribute holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AttributeKind {
    #[default]
    String,
    Boolean,
    Number,
    /// A day, such as `2030-01-31`.
    Date,
}

/// The password policy.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PasswordPolicy {
    pub(crate) complexity: Complexity,
    /// How many wrong passwords lock the account; none, if 0.
    pub(crate) max_attempts: u32,
    /// After how long a lock opens by itself; never, if 0.
    pub(crate) auto_unlock_minutes: u64,
    /// After how many days it must be changed; never, if 0.
    pub(crate) expire_after_days: u64,
    pub(crate) warn_before_days: u64,
    /// What a forgotten password can be recovered with; recovery is not offered if nothing is named.
    pub(crate) recovery: Vec<Key>,
    /// Whether the security question comes on top.
    pub(crate) recovery_additional_question: bool,
    /// What a locked account can be opened with; unlocking is not offered if nothing is named.
    pub(crate) unlock: Vec<Key>,
    /// Whether unlocking goes on to the app.
    pub(crate) unlock_continues_to_app: bool,
    /// Whether a reset password signs in.
    pub(crate) recovery_continues_to_app: bool,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            complexity: Complexity::default(),
            max_attempts: 10,
            auto_unlock_minutes: 0,
            expire_after_days: 0,
            warn_before_days: 0,
            recovery: vec![Key::OktaEmail, Key::PhoneNumber],
            recovery_additional_question: false,
            unlock: vec![Key::OktaEmail, Key::PhoneNumber],
            unlock_continues_to_app: false,
            recovery_continues_to_app: true,
        }
    }
}

impl App {
    /// What the enrolment policy says of an authenticator.
    pub(crate) fn inclusion(&self, key: Key) -> Inclusion {
        self.enrollment.get(&key).copied().unwrap_or(Inclusion::NotAllowed)
    }

    /// Whether passwords play a part at all.
    pub(crate) fn has_passwords(&self) -> bool {
        self.inclusion(Key::OktaPassword) != Inclusion::NotAllowed
    }

    /// Whether the client has to prove itself.
    pub(crate) fn is_confidential(&self) -> bool {
        self.client_secret.is_some() || self.jwks.is_some()
    }

    /// Whether the first page asks for the password.
    pub(crate) fn asks_password_first(&self) -> bool {
        self.global_session.establish_with == EstablishWith::Password
    }

    /// The rule for somebody in these groups.
    pub(crate) fn rule(&self, groups: &[String]) -> Option<&Rule> {
        self.sign_on.iter().find(|rule| applies(&rule.groups, groups))
    }

    /// Whether somebody in these groups may use it.
    pub(crate) fn is_assigned(&self, groups: &[String]) -> bool {
        applies(&self.groups, groups)
    }
}

impl Rule {
    /// Whether it takes this authenticator.
    pub(crate) fn takes(&self, key: Key) -> bool {
        self.factors.is_empty()
            || self.factors.contains(&key)
            || (key == Key::OktaPassword && self.needs_password())
    }

    fn needs_password(&self) -> bool {
        matches!(self.authenticate_with, Assurance::Password | Assurance::PasswordAndAnother)
    }
}

fn applies(to: &[String], groups: &[String]) -> bool {
    to.is_empty() || to.iter().any(|g| g == EVERYONE || groups.contains(g))
}

fn yes() -> bool {
    true
}

fn four_seconds() -> u64 {
    4000
}

fn usual_assurance() -> Assurance {
    Assurance::PasswordAndAnother
}

fn usual_rule() -> Vec<Rule> {
    vec![Rule {
        name: "Catch-all".to_owned(),
        groups: Vec::new(),
        access: Access::Allowed,
        authenticate_with: usual_assurance(),
        factors: Vec::new(),
        reauthenticate_after_minutes: None,
    }]
}

fn usual_enrollment() -> BTreeMap<Key, Inclusion> {
    let optional = [
        Key::OktaEmail,
        Key::PhoneNumber,
        Key::SecurityQuestion,
        Key::GoogleOtp,
        Key::OktaVerify,
        Key::Webauthn,
    ];
    let optional = optional.map(|key| (key, Inclusion::Optional));
    [(Key::OktaPassword, Inclusion::Required)].into_iter().chain(optional).collect()
}

fn local_callbacks() -> Vec<String> {
    [8080, 8090].map(|port| format!("http://localhost:{port}/login/callback")).into()
}

fn local_origins() -> Vec<String> {
    [8080, 8090].map(|port| format!("http://localhost:{port}")).into()
}
