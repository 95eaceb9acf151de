//! A flow as a value: everything that must be stored between two answers, and how it is serialised.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::device_challenge::{DeviceChallenge, pending_challenge};
use super::flow_secrets::FlowSecrets;
use super::position::Position;
use super::transaction::Transaction;
use crate::intent::Intent;
use crate::protocol::compressed_text::CompressedText;
use crate::protocol::document::{Document, Remediation};
use crate::secret::Secret;
use crate::transport::message::FlowId;

/// The version of the serialised form. A flow of another version is refused.
const FORMAT_VERSION: u8 = 3;

/// One run of the Identity Engine, from interact to the interaction code.
///
/// A flow can be stored and continued in another process. `Serialize` writes all of it, the secrets included, so seal what
/// you store. `{:?}` prints none of them, and a clone is cheap.
#[derive(Clone)]
pub struct Flow {
    start: Arc<FlowStart>,
    document: Document,
    position: Position,
    left_device: LeftDevice,
}

/// The device challenge that was left for the current document, if one was.
#[derive(Debug, Clone, Default)]
pub(crate) struct LeftDevice {
    /// Not stored.
    pub(crate) challenge: Option<DeviceChallenge>,
    /// Whether the person had chosen it.
    pub(crate) was_chosen: bool,
}

/// The part of a flow that never changes.
struct FlowStart {
    intent: Intent,
    secrets: FlowSecrets,
    interaction_handle: Secret,
    assurance: RequestedAssurance,
    device_ports: Vec<u16>,
}

/// The assurance that the app has requested. The id token is checked against it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RequestedAssurance {
    pub(crate) acr_values: Option<String>,
    pub(crate) max_age: Option<u64>,
}

/// The interaction code. It can be redeemed for tokens once, within a minute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InteractionCode(Secret);

impl InteractionCode {
    /// The code itself, for the token request.
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
        secrets: FlowSecrets,
        interaction_handle: Secret,
        assurance: RequestedAssurance,
        device_ports: Vec<u16>,
        document: Document,
    ) -> Self {
        let start = Arc::new(FlowStart { intent, secrets, interaction_handle, assurance, device_ports });
        Self { start, document, position: Position::NoForm, left_device: LeftDevice::default() }
    }

    /// The status of the flow and its steps.
    #[must_use]
    pub fn transaction(&self) -> Transaction {
        Transaction {
            has_left_device: self.left_device.was_chosen,
            ..Transaction::read(&self.document, self.position, self.device_ports())
        }
    }

    /// The device challenge that the flow waits for, with every address that the org names.
    #[must_use]
    pub fn pending_device_challenge(&self) -> Option<DeviceChallenge> {
        pending_challenge(&self.document).map(|(challenge, _)| challenge)
    }

    /// The device challenge that was left before the current document; none after the flow was stored.
    #[must_use]
    pub fn left_device_challenge(&self) -> Option<&DeviceChallenge> {
        self.left_device.challenge.as_ref()
    }

    /// The `state`, which the org returns with redirects and mailed links. It identifies the flow.
    #[must_use]
    pub fn state(&self) -> &str {
        self.start.secrets.state().reveal()
    }

    /// The id that its requests carry for the transport.
    #[must_use]
    pub fn id(&self) -> FlowId {
        FlowId::from_state(self.state())
    }

    /// Whether the person signs in on the org's own page.
    #[must_use]
    pub fn is_at_org(&self) -> bool {
        self.start.interaction_handle.reveal().is_empty()
    }

    /// Makes the redirect to this identity provider the next step. Returns whether the org offers the provider.
    pub fn choose_idp(&mut self, id: &str) -> bool {
        let leads_there =
            |form: Remediation<'_>| form.ion.get("idp").is_some_and(|idp| idp.text("id") == Some(id));
        let index = self.document.forms().position(leads_there);
        if let Some(index) = index {
            self.position = Position::AtForm(index);
        }
        index.is_some()
    }

    /// The intent of the flow.
    #[must_use]
    pub fn intent(&self) -> Intent {
        self.start.intent
    }

    /// When the flow expires at the org.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        let text = self.document.root().text("expiresAt")?;
        OffsetDateTime::parse(text, &Rfc3339).ok().map(SystemTime::from)
    }

    /// The interaction code, once the org has granted one.
    #[must_use]
    pub fn interaction_code(&self) -> Option<InteractionCode> {
        self.document.interaction_code().map(|code| InteractionCode::from(code.to_owned()))
    }

    /// The last document of the org, as received.
    #[must_use]
    pub fn document_text(&self) -> &str {
        self.document.text()
    }

    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    pub(crate) fn secrets(&self) -> &FlowSecrets {
        &self.start.secrets
    }

    pub(crate) fn interaction_handle(&self) -> &Secret {
        &self.start.interaction_handle
    }

    /// The assurance that the sign-in must reach, if the app has requested one.
    pub fn acr_values(&self) -> Option<&str> {
        self.start.assurance.acr_values.as_deref()
    }

    /// The maximum age of the sign-in in seconds, if the app has requested one.
    pub fn max_age(&self) -> Option<u64> {
        self.start.assurance.max_age
    }

    pub(crate) fn assurance(&self) -> &RequestedAssurance {
        &self.start.assurance
    }

    /// The ports at which the page may reach Okta Verify on the person's device.
    pub(crate) fn device_ports(&self) -> &[u16] {
        &self.start.device_ports
    }

    pub(crate) fn position(&self) -> Position {
        self.position
    }

    /// Replaces the document. The position in it must be set afterwards.
    pub(crate) fn set_document(&mut self, document: Document) {
        self.document = document;
        self.position = Position::NoForm;
        self.left_device = LeftDevice::default();
    }

    pub(crate) fn set_left_device(&mut self, left: LeftDevice) {
        self.left_device = left;
    }

    pub(crate) fn set_position(&mut self, position: Position) {
        self.position = position;
    }
}

impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Flow({:?}, …)", self.intent())
    }
}

/// The serialised form: with borrowed texts for writing and owned ones for reading.
#[derive(Serialize, Deserialize)]
struct FlowRecord<T, D> {
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    device_ports: Vec<u16>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    has_left_device: bool,
    document: D,
}

/// serde's `default` requires `T: Default` for an `Option<T>` field; this does not.
fn none<T>() -> Option<T> {
    None
}

impl Serialize for Flow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (at, canceled) = match self.position {
            Position::AtForm(index) => (Some(index), false),
            Position::NoForm => (None, false),
            Position::Canceled => (None, true),
        };
        let FlowStart { intent, secrets, interaction_handle, assurance, device_ports } = &*self.start;
        FlowRecord {
            v: FORMAT_VERSION,
            intent: *intent,
            state: secrets.state().reveal(),
            nonce: secrets.nonce().reveal(),
            verifier: secrets.code_verifier().reveal(),
            handle: interaction_handle.reveal(),
            acr_values: assurance.acr_values.as_deref(),
            max_age: assurance.max_age,
            at,
            canceled,
            device_ports: device_ports.clone(),
            has_left_device: self.left_device.was_chosen,
            document: self.document.compressed(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Flow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let record = FlowRecord::<String, CompressedText>::deserialize(deserializer)?;
        if record.v != FORMAT_VERSION {
            return Err(D::Error::custom("the flow has another format version"));
        }
        let document = Document::read_stored(record.document)
            .ok_or_else(|| D::Error::custom("the flow's document cannot be read"))?;
        let position = match record.canceled {
            true => Position::Canceled,
            false => Position::from_index(record.at),
        };
        let (state, nonce, verifier) = (record.state.into(), record.nonce.into(), record.verifier.into());
        let start = FlowStart {
            intent: record.intent,
            secrets: FlowSecrets::from_stored(state, nonce, verifier),
            interaction_handle: record.handle.into(),
            assurance: RequestedAssurance { acr_values: record.acr_values, max_age: record.max_age },
            device_ports: record.device_ports,
        };
        let left_device = LeftDevice { challenge: None, was_chosen: record.has_left_device };
        Ok(Self { start: Arc::new(start), document, position, left_device })
    }
}
