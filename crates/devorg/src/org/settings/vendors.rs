//! How other vendors take part in the sign-in of an app.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The other vendors of an app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct VendorPolicy {
    /// Where Duo asks.
    pub(crate) duo: DuoPlace,
    /// The service that has to verify who the user is; none by default.
    pub(crate) identity_verification: Option<VerificationService>,
    /// Whether the first page offers to read a card.
    pub(crate) card_button: bool,
}

/// Where Duo asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DuoPlace {
    /// In a frame of the sign-in page.
    #[default]
    Frame,
    /// On a page of its own.
    Page,
}

/// A service that verifies identities. The variants are those that Okta names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum VerificationService {
    Persona,
    Clear,
    Incode,
    /// Any other service.
    Standard,
}

impl VerificationService {
    /// The id on the wire.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Persona => "IDV_PERSONA",
            Self::Clear => "IDV_CLEAR",
            Self::Incode => "IDV_INCODE",
            Self::Standard => "IDV_STANDARD",
        }
    }

    /// The name for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Persona => "Persona",
            Self::Clear => "CLEAR Verified",
            Self::Incode => "Incode",
            Self::Standard => "Dev Identity Check",
        }
    }

    /// Its terms. Okta sends none for the services whose terms its clients know.
    pub(crate) fn metadata(self) -> Option<Value> {
        (self == Self::Standard).then(|| {
            json!({ "termsOfUse": "https://help.example.com/terms", "privacyPolicy": "https://help.example.com/privacy" })
        })
    }
}
