//! A transaction: one attempt to sign in, sign up, recover or unlock.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::{Timestamp, minutes};
use crate::org::authenticator::{Authenticator, Method};
use crate::org::message::{Message, MessageTarget};
use crate::org::settings::access::{ConsentPolicy, DeviceRequirement};
use crate::org::settings::okta_verify::PairingChannel;
use crate::org::settings::vendors::VerificationService;
use crate::org::user::VerifiedFactor;

/// A transaction.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Transaction {
    /// The state handle.
    pub(crate) handle: String,
    /// The interaction handle it started with.
    pub(crate) interaction: String,
    pub(crate) request: InteractRequest,
    pub(crate) purpose: Purpose,
    pub(crate) subject: Subject,
    /// The factors verified so far.
    pub(crate) verified: Vec<VerifiedFactor>,
    /// Which enrolment the user chose, of an authenticator that has several.
    #[serde(default)]
    pub(crate) enrolment: Option<String>,
    pub(crate) step: Step,
    /// Messages of the current step that are not refusals.
    pub(crate) notices: Vec<(MessageTarget, Message)>,
    /// What the user skipped.
    pub(crate) skipped: Vec<Skipped>,
    pub(crate) remember: bool,
    /// Whether the user allowed the scopes.
    #[serde(default)]
    pub(crate) consented: bool,
    pub(crate) expires_at: Timestamp,
    /// The browser's session.
    pub(crate) session: Option<String>,
    /// The browser of the last answer, by its user agent.
    #[serde(default)]
    pub(crate) browser: Option<String>,
    /// The code of the device that is activated.
    #[serde(default)]
    pub(crate) device_code: Option<String>,
    /// Whether another tab, opened by a mailed link, took over.
    pub(crate) transferred: bool,
    /// Whether a mailed link or a phone completed the step, and the page does not know yet.
    pub(crate) completed_elsewhere: bool,
}

/// The parameters of `/interact`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct InteractRequest {
    pub(crate) client_id: String,
    pub(crate) server: AuthorizationServer,
    pub(crate) scopes: Vec<String>,
    pub(crate) redirect_uri: String,
    pub(crate) state: String,
    pub(crate) nonce: Option<String>,
    /// The PKCE challenge, S256.
    pub(crate) challenge: String,
    pub(crate) acr_values: Option<String>,
    pub(crate) max_age: Option<u64>,
    pub(crate) login_hint: Option<String>,
    /// The authenticators that the client has sent the user to enrol; such a request ends without a code.
    #[serde(default)]
    pub(crate) enroll: Vec<Authenticator>,
}

impl InteractRequest {
    /// A request that no client has sent: of a page of the org's own.
    pub(crate) fn of_the_org(client_id: String) -> Self {
        Self {
            client_id,
            server: AuthorizationServer::Org,
            scopes: Vec::new(),
            redirect_uri: String::new(),
            state: String::new(),
            nonce: None,
            challenge: String::new(),
            acr_values: None,
            max_age: None,
            login_hint: None,
            enroll: Vec::new(),
        }
    }
}

/// An authorization server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum AuthorizationServer {
    /// The org authorization server.
    Org,
    /// A custom authorization server, by id.
    Custom(String),
}

/// The purpose of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Purpose {
    SignIn,
    Register,
    Recover,
    /// A new PIN for a card.
    RecoverPin,
    Unlock,
}

/// The user of a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Subject {
    Unidentified,
    /// An identifier without an account. The flow continues as if there were one.
    UnknownUser(String),
    /// A user, with the identifier they entered.
    User {
        id: String,
        identifier: String,
    },
}

/// What the user is not asked again in this transaction, because they skipped or answered it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Skipped {
    Enrolment,
    /// Required authenticators in their grace period.
    GraceEnrolment,
    DeviceWarning,
    PasswordWarning,
    Profile,
    Promotion,
    /// The step of the script, which was answered.
    ScriptedStep,
    StaySignedIn,
}

/// The current step of a transaction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Step {
    Identify,
    /// The device is asked who its user is.
    ProbeDevice(DeviceProof),
    /// The code that a device shows, with the one in the page's address.
    ActivateDevice {
        user_code: String,
    },
    IdentifyRecovery,
    /// The registration form, with the values entered so far.
    EnrollProfile(BTreeMap<String, Value>),
    /// Missing profile attributes.
    UpdateProfile {
        missing: Vec<String>,
        skippable: bool,
    },
    SelectAuthenticator,
    SelectMethod(Authenticator),
    Challenge(Challenge),
    SelectUnlock,
    SelectEnrollment(EnrollmentOffer),
    EnrollPhone {
        offer: EnrollmentOffer,
        method: Option<Method>,
    },
    Enrolling {
        offer: EnrollmentOffer,
        what: Enrolling,
    },
    /// An expired password, or one that expires in this many days.
    RenewPassword(Option<u64>),
    ResetPassword,
    ResetPin,
    /// A passkey is offered.
    PromotePasskey {
        challenge: String,
    },
    /// A service verifies who the user is.
    VerifyIdentity(VerificationService),
    /// The scopes are to be allowed.
    Consent(ConsentPolicy),
    /// The sign-in that a mailed link is for is to be allowed.
    EmailConsent(LinkConsent),
    /// The device does not fulfil the policy, and access is still granted.
    DeviceWarning,
    /// The end of the flow: the device has to be enrolled.
    EnrollDevice(DeviceRequirement),
    /// The app's script has a step of its own.
    Scripted,
    /// Whether the browser's session is to last.
    StaySignedIn,
    Granted {
        code: String,
    },
    /// The end of the flow. `cancel` says whether the document offers to start again.
    Ended {
        messages: Vec<Message>,
        cancel: bool,
    },
}

/// Where a mailed link was opened that asks first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum LinkConsent {
    /// On the org's own page, which has a transaction of its own. The link names the one that waits.
    OnPage { link: String },
    /// In the app. This step waits.
    InApp(Box<Step>),
}

/// The authenticators offered for enrolment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EnrollmentOffer {
    pub(crate) keys: Vec<Authenticator>,
    pub(crate) skippable: bool,
}

/// A challenge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Challenge {
    Password,
    /// A code that was sent.
    Code {
        key: Authenticator,
        method: Method,
        code: SentCode,
    },
    Question,
    /// A one-time password from an app or a token.
    Otp {
        key: Authenticator,
        method: Method,
    },
    Passkey {
        challenge: String,
    },
    Push(Push),
    Device(DeviceProof),
    /// On a page of the authenticator's vendor.
    Elsewhere {
        key: Authenticator,
    },
    /// A card with a PIN; the PIN is asked for once the card was read.
    Card {
        read: bool,
    },
}

/// What Okta Verify on a device signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeviceProof {
    pub(crate) nonce: String,
    pub(crate) asked_at: Timestamp,
    /// The user whose device has signed.
    pub(crate) signed_by: Option<String>,
    /// Whether the browser has no Apple extension.
    pub(crate) is_declined: bool,
}

/// A push notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Push {
    /// The authenticator whose app gets it.
    pub(crate) key: Authenticator,
    /// The number to choose on the phone.
    pub(crate) number: Option<u8>,
    pub(crate) answer: Option<bool>,
    pub(crate) sent: Timestamp,
}

/// An enrolment in progress.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Enrolling {
    Password,
    Email(SentCode),
    Phone { method: Method, number: String, nickname: Option<String>, code: SentCode },
    Question,
    GoogleOtp { secret: String },
    Passkey { challenge: String },
    OktaVerify(Pairing),
    OtpDevice { key: Authenticator, secret: String },
    Elsewhere { key: Authenticator },
    Card { read: bool },
}

/// An Okta Verify enrolment in progress.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pairing {
    pub(crate) channel: PairingChannel,
    /// The address the link was sent to, if any.
    pub(crate) sent_to: Option<String>,
    /// The token in the QR code or link.
    pub(crate) token: String,
    pub(crate) secret: String,
}

/// A code that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SentCode {
    pub(crate) passcode: String,
    /// The token of the magic link, if the app sends one.
    pub(crate) link: Option<String>,
    pub(crate) sent: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) wrong: u32,
    /// Whether the link was opened and redirected to the app.
    pub(crate) opened: bool,
}

/// How long the first step lasts.
pub(crate) const FIRST_STEP_LIFETIME: std::time::Duration = minutes(120);
/// How long each later step lasts.
pub(crate) const STEP_LIFETIME: std::time::Duration = minutes(5);
/// How long the interaction code is valid.
pub(crate) const CODE_LIFETIME: std::time::Duration = minutes(1);

impl Transaction {
    /// The user's id, if the user is known.
    pub(crate) fn user_id(&self) -> Option<&str> {
        match &self.subject {
            Subject::User { id, .. } => Some(id),
            Subject::Unidentified | Subject::UnknownUser(_) => None,
        }
    }

    /// The identifier the user entered.
    pub(crate) fn identifier(&self) -> Option<&str> {
        match &self.subject {
            Subject::Unidentified => None,
            Subject::UnknownUser(identifier) | Subject::User { identifier, .. } => Some(identifier),
        }
    }

    /// A reference to this transaction for URLs: a hash, which does not reveal the state handle.
    pub(crate) fn reference(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, self.handle.as_bytes()))
    }

    /// Moves to another step. Notices belong to the previous step and are cleared.
    pub(crate) fn move_to(&mut self, step: Step) {
        self.notices.clear();
        self.step = step;
    }

    /// Records a verified factor.
    pub(crate) fn record_verified(&mut self, key: Authenticator, method: Method, at: Timestamp) {
        self.verified.retain(|s| s.key != key);
        self.verified.push(VerifiedFactor { key, method, at });
    }

    /// Whether this authenticator was verified.
    pub(crate) fn has_verified(&self, key: Authenticator) -> bool {
        self.verified.iter().any(|s| s.key == key)
    }

    /// What a device is asked to sign at the current step.
    pub(crate) fn device_proof(&self) -> Option<&DeviceProof> {
        match &self.step {
            Step::ProbeDevice(proof) | Step::Challenge(Challenge::Device(proof)) => Some(proof),
            _ => None,
        }
    }

    /// The code that the current step asks for.
    pub(crate) fn code(&self) -> Option<&SentCode> {
        match &self.step {
            Step::Challenge(Challenge::Code { code, .. })
            | Step::Enrolling { what: Enrolling::Email(code) | Enrolling::Phone { code, .. }, .. } => {
                Some(code)
            }
            _ => None,
        }
    }

    /// The same, mutable.
    pub(crate) fn code_mut(&mut self) -> Option<&mut SentCode> {
        match &mut self.step {
            Step::Challenge(Challenge::Code { code, .. })
            | Step::Enrolling { what: Enrolling::Email(code) | Enrolling::Phone { code, .. }, .. } => {
                Some(code)
            }
            _ => None,
        }
    }
}
