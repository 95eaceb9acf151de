//! One attempt to sign in, sign up, recover or unlock: who, by which app, and where it stands.

use std::collections::{BTreeMap, HashMap};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::{Moment, minutes};
use crate::org::authenticator::{Key, Method};
use crate::org::message::{Message, Place};
use crate::org::user::Shown;

/// A transaction.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Transaction {
    /// The state handle.
    pub(crate) handle: String,
    /// The interaction handle it was begun with.
    pub(crate) interaction: String,
    pub(crate) request: Request,
    pub(crate) purpose: Purpose,
    pub(crate) who: Who,
    /// What has been shown so far.
    pub(crate) shown: Vec<Shown>,
    pub(crate) stage: Stage,
    /// What is said with the next forms although nothing was refused.
    pub(crate) notices: Vec<(Place, Message)>,
    /// What somebody did not want to set up or change now.
    pub(crate) passed_over: Vec<Skipped>,
    pub(crate) remember: bool,
    pub(crate) expires_at: Moment,
    /// The session the browser came with.
    pub(crate) session: Option<String>,
    /// Whether another tab, which the link in a mail opened, has gone on with it.
    pub(crate) transferred: bool,
    /// Whether something that happened elsewhere has led on, and the page has not been told yet.
    pub(crate) overtaken: bool,
}

/// What `/interact` was called with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) client_id: String,
    pub(crate) server: Server,
    pub(crate) scopes: Vec<String>,
    pub(crate) redirect_uri: String,
    pub(crate) state: String,
    pub(crate) nonce: Option<String>,
    /// The PKCE challenge, S256.
    pub(crate) challenge: String,
    pub(crate) acr_values: Option<String>,
    pub(crate) max_age: Option<u64>,
    pub(crate) login_hint: Option<String>,
}

/// The authorization server a client talks to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Server {
    /// The org's own.
    Org,
    /// A custom one, by its id.
    Custom(String),
}

/// What the attempt is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Purpose {
    SignIn,
    Register,
    Recover,
    Unlock,
}

/// Whose attempt it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Who {
    Nobody,
    /// A name nobody has; the flow goes on as if somebody had.
    Stranger(String),
    /// A user, by id, and what they called themselves.
    User {
        id: String,
        identifier: String,
    },
}

/// Something that may be left for another time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Skipped {
    Enrolment,
    PasswordWarning,
    Profile,
}

/// Where a transaction stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Stage {
    Identify,
    IdentifyRecovery,
    /// The registration form, with what was typed.
    EnrollProfile(BTreeMap<String, Value>),
    /// Attributes that are still missing; whether they may be left.
    UpdateProfile {
        missing: Vec<String>,
        skippable: bool,
    },
    SelectAuthenticator,
    SelectMethod(Key),
    Challenge(Challenge),
    SelectUnlock,
    SelectEnrollment(Enrollable),
    EnrollPhone {
        offer: Enrollable,
        method: Option<Method>,
    },
    Enrolling {
        offer: Enrollable,
        what: Enrolling,
    },
    /// A password that has expired, or will in this many days.
    RenewPassword(Option<u64>),
    ResetPassword,
    Granted {
        code: String,
    },
    /// The end, with these messages; a way out, if the org offers one.
    Ended {
        messages: Vec<Message>,
        cancel: bool,
    },
}

/// What can be set up at this point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Enrollable {
    pub(crate) keys: Vec<Key>,
    pub(crate) skippable: bool,
}

/// A proof that has been asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Challenge {
    Password,
    /// A code that was sent.
    Code {
        key: Key,
        method: Method,
        code: Code,
    },
    Question,
    /// A code from a device, which nobody sent.
    Token {
        key: Key,
        method: Method,
    },
    Passkey {
        challenge: String,
    },
    Push(Push),
}

/// A push somebody has to answer on their phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Push {
    /// The number to pick out of three.
    pub(crate) number: Option<u8>,
    pub(crate) answer: Option<bool>,
    pub(crate) sent: Moment,
}

/// An authenticator that is being set up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Enrolling {
    Password,
    Email(Code),
    Phone { method: Method, number: String, nickname: Option<String>, code: Code },
    Question,
    GoogleOtp { secret: String },
    Passkey { challenge: String },
    OktaVerify(Pairing),
    Token { key: Key, secret: String },
}

/// How a phone with Okta Verify is being paired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pairing {
    pub(crate) channel: Channel,
    /// Where the link was sent; nowhere yet for a channel that needs an address.
    pub(crate) sent_to: Option<String>,
    /// What the phone shows to be paired.
    pub(crate) token: String,
    pub(crate) secret: String,
}

/// The way a pairing link gets to the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Channel {
    Qrcode,
    Email,
    Sms,
}

/// A code that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) digits: String,
    /// The token in the link beside it; none where no link goes.
    pub(crate) link: Option<String>,
    pub(crate) sent: Moment,
    pub(crate) expires_at: Moment,
    pub(crate) wrong: u32,
    /// Whether the link was opened, and led back to the app.
    pub(crate) opened: bool,
}

/// Every transaction, found by its state handle or the interaction handle it was begun with.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Transactions {
    open: HashMap<String, Transaction>,
    interactions: HashMap<String, String>,
    swept_at: Moment,
}

/// How long somebody may look at the first page.
pub(crate) const BEFORE_IDENTIFY: std::time::Duration = minutes(120);
/// How long they may take for each step after it.
pub(crate) const STEP: std::time::Duration = minutes(5);
/// How long the interaction code is good.
pub(crate) const GRANTED: std::time::Duration = minutes(1);

impl Transaction {
    /// The user's id, if it is somebody.
    pub(crate) fn user_id(&self) -> Option<&str> {
        match &self.who {
            Who::User { id, .. } => Some(id),
            Who::Nobody | Who::Stranger(_) => None,
        }
    }

    /// What the person called themselves.
    pub(crate) fn identifier(&self) -> Option<&str> {
        match &self.who {
            Who::Nobody => None,
            Who::Stranger(identifier) | Who::User { identifier, .. } => Some(identifier),
        }
    }

    /// What a browser leaves for an identity provider with. It leads back here, and tells nothing of the handle.
    pub(crate) fn door(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, self.handle.as_bytes()))
    }

    /// Goes to another stage, which takes the notices of the last with it.
    pub(crate) fn go(&mut self, stage: Stage) {
        self.notices.clear();
        self.stage = stage;
    }

    /// Notes a proof.
    pub(crate) fn show(&mut self, key: Key, method: Method, at: Moment) {
        self.shown.retain(|s| s.key != key);
        self.shown.push(Shown { key, method, at });
    }

    /// Whether this has been shown.
    pub(crate) fn has_shown(&self, key: Key) -> bool {
        self.shown.iter().any(|s| s.key == key)
    }

    /// The code that was sent last and can still be answered.
    pub(crate) fn code(&self) -> Option<&Code> {
        match &self.stage {
            Stage::Challenge(Challenge::Code { code, .. })
            | Stage::Enrolling { what: Enrolling::Email(code) | Enrolling::Phone { code, .. }, .. } => {
                Some(code)
            }
            _ => None,
        }
    }

    /// The same, to be changed.
    pub(crate) fn code_mut(&mut self) -> Option<&mut Code> {
        match &mut self.stage {
            Stage::Challenge(Challenge::Code { code, .. })
            | Stage::Enrolling { what: Enrolling::Email(code) | Enrolling::Phone { code, .. }, .. } => {
                Some(code)
            }
            _ => None,
        }
    }
}

impl Transactions {
    /// Takes a transaction out, to be put back when it has moved. A newer suffix after `~` is the same handle.
    pub(crate) fn take(&mut self, handle: &str) -> Option<Transaction> {
        self.open.remove(handle.split('~').next().unwrap_or(handle))
    }

    /// Takes the transaction that an interaction handle began.
    pub(crate) fn take_begun_with(&mut self, interaction: &str) -> Option<Transaction> {
        let handle = self.interactions.get(interaction)?;
        self.open.remove(handle)
    }

    /// Puts a transaction in, or back.
    pub(crate) fn put(&mut self, transaction: Transaction) {
        self.interactions.insert(transaction.interaction.clone(), transaction.handle.clone());
        self.open.insert(transaction.handle.clone(), transaction);
    }

    /// The transaction in which a condition holds.
    pub(crate) fn find(&self, is: impl Fn(&Transaction) -> bool) -> Option<&Transaction> {
        self.open.values().find(|t| is(t))
    }

    /// All that are open.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Transaction> {
        self.open.values()
    }

    /// Drops what has long expired, now and then.
    pub(crate) fn sweep(&mut self, now: Moment) {
        if now.since(self.swept_at) < minutes(1) {
            return;
        }
        self.swept_at = now;
        self.open.retain(|_, t| t.expires_at.after(minutes(60)) > now);
        let open = &self.open;
        self.interactions.retain(|_, handle| open.contains_key(handle));
    }
}
