//! How an app offers passkeys besides autofill.

use serde::{Deserialize, Serialize};

/// The passkey settings of an app. At Okta the name belongs to the whole org.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PasskeyPolicy {
    /// The authenticator's name for people, such as `Passkeys`.
    pub(crate) name: Option<String>,
    /// The domain that passkeys are for, such as `example.com`. Without it they are for the host of the page.
    pub(crate) rp_id: Option<String>,
    /// Whether the first page has the button "Sign in with a passkey".
    pub(crate) button: bool,
    /// Whether the first page has the older button, which leads to a challenge before the user is known.
    pub(crate) launch: bool,
    /// Offers a passkey after the sign-in to users who have none.
    pub(crate) promotion: Option<Promotion>,
}

/// When a passkey is offered again after it was skipped.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Promotion {
    /// How often it can be skipped before it is offered no more; 0 is endless.
    pub(crate) skip_count: u32,
    /// The days before it is offered again; 0 is at the next sign-in.
    pub(crate) cooldown_days: u64,
}
