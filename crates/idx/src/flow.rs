//! A flow as a value: what has to be kept between two answers of a person, and nothing else.

use std::sync::Arc;
use std::time::SystemTime;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::attempt::Attempt;
use crate::document::Document;
use crate::intent::Intent;
use crate::packed::Packed;
use crate::reply::Arrived;
use crate::request::Mark;
use crate::secret::Secret;
use crate::transaction::{Standing, Transaction};

const VERSION: u8 = 3;

/// A flow under way.
///
/// It can be kept anywhere and taken up again in another process: `Serialize` writes all of it, the secrets of the
/// attempt included, so whoever keeps it seals it. Its `{:?}` shows nothing. A clone copies next to nothing.
#[derive(Clone)]
pub struct Flow {
    begun: Arc<Begun>,
    document: Document,
    standing: Standing,
}

/// What a flow began with; it stays as it is.
struct Begun {
    intent: Intent,
    attempt: Attempt,
    handle: Secret,
    asked: Asked,
}

/// What was asked of the sign-in beyond the usual; the id token is held to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) acr_values: Option<String>,
    pub(crate) max_age: Option<u64>,
}

/// The code that tokens are given for, once and within a minute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InteractionCode(Secret);

impl InteractionCode {
    /// The code itself, for the token request and nothing else.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

impl From<String> for InteractionCode {
    fn from(code: String) -> Self {
        Self(Secret::from(code))
    }
}

impl Flow {
    pub(crate) fn new(
        intent: Intent,
        attempt: Attempt,
        handle: Secret,
        asked: Asked,
        arrived: Arrived,
    ) -> Self {
        let begun = Arc::new(Begun { intent, attempt, handle, asked });
        Self { begun, document: arrived.document, standing: Standing::Nowhere }
    }

    /// Where the flow stands and what can be done next.
    #[must_use]
    pub fn transaction(&self) -> Transaction {
        Transaction::read(&self.document, self.standing)
    }

    /// What the org hands back with redirects and mailed links; it names the flow.
    #[must_use]
    pub fn state(&self) -> &str {
        self.begun.attempt.state().reveal()
    }

    /// What its requests to the org are marked with.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark::of_state(self.state())
    }

    /// What the flow is for.
    #[must_use]
    pub fn intent(&self) -> Intent {
        self.begun.intent
    }

    /// When the org will have forgotten it.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        let text = self.document.root().text("expiresAt")?;
        OffsetDateTime::parse(text, &Rfc3339).ok().map(SystemTime::from)
    }

    /// The code, once the org has granted one.
    #[must_use]
    pub fn interaction_code(&self) -> Option<InteractionCode> {
        self.document.interaction_code().map(|code| InteractionCode::from(code.to_owned()))
    }

    /// The last answer of the org, as it came.
    #[must_use]
    pub fn kept_document(&self) -> &str {
        self.document.text()
    }

    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    pub(crate) fn attempt(&self) -> &Attempt {
        &self.begun.attempt
    }

    pub(crate) fn handle(&self) -> &Secret {
        &self.begun.handle
    }

    pub(crate) fn asked(&self) -> &Asked {
        &self.begun.asked
    }

    pub(crate) fn take(&mut self, arrived: Arrived) {
        self.document = arrived.document;
        self.standing = Standing::Nowhere;
    }

    pub(crate) fn standing(&self) -> Standing {
        self.standing
    }

    pub(crate) fn stand(&mut self, standing: Standing) {
        self.standing = standing;
    }
}

impl std::fmt::Debug for Flow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Flow({:?}, …)", self.intent())
    }
}

/// How a flow is written down, from texts that it has or into texts of its own.
#[derive(Serialize, Deserialize)]
struct Kept<T, D> {
    v: u8,
    intent: Intent,
    state: T,
    nonce: T,
    verifier: T,
    handle: T,
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    acr_values: Option<T>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_age: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<usize>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    canceled: bool,
    document: D,
}

/// What is not there, of any kind.
fn none<T>() -> Option<T> {
    None
}

impl Serialize for Flow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (at, canceled) = match self.standing {
            Standing::At(index) => (Some(index), false),
            Standing::Nowhere => (None, false),
            Standing::Canceled => (None, true),
        };
        let Begun { intent, attempt, handle, asked } = &*self.begun;
        Kept {
            v: VERSION,
            intent: *intent,
            state: attempt.state().reveal(),
            nonce: attempt.nonce().reveal(),
            verifier: attempt.verifier().reveal(),
            handle: handle.reveal(),
            acr_values: asked.acr_values.as_deref(),
            max_age: asked.max_age,
            at,
            canceled,
            document: self.document.packed(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Flow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kept = Kept::<String, Packed>::deserialize(deserializer)?;
        if kept.v != VERSION {
            return Err(D::Error::custom("a flow of another version"));
        }
        let document = Document::read_kept(kept.document)
            .ok_or_else(|| D::Error::custom("a document that cannot be read"))?;
        let standing = match (kept.canceled, kept.at) {
            (true, _) => Standing::Canceled,
            (false, Some(index)) => Standing::At(index),
            (false, None) => Standing::Nowhere,
        };
        let begun = Begun {
            intent: kept.intent,
            attempt: Attempt::kept(kept.state.into(), kept.nonce.into(), kept.verifier.into()),
            handle: kept.handle.into(),
            asked: Asked { acr_values: kept.acr_values, max_age: kept.max_age },
        };
        Ok(Self { begun: Arc::new(begun), document, standing })
    }
}
