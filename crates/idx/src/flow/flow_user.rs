//! The account of a flow.

use super::authenticator::owned_text;
use crate::protocol::document::Document;

/// The account of a flow. The org names the person only after they have proved who they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FlowUser {
    /// The username.
    pub identifier: String,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
}

impl FlowUser {
    /// Reads the account, unless the document does not name it.
    pub(crate) fn read(document: &Document) -> Option<Self> {
        let user = document.container("user")?;
        let profile = |name| user.get("profile").and_then(|profile| owned_text(profile, name));
        Some(Self {
            identifier: owned_text(user, "identifier").filter(|identifier| !identifier.is_empty())?,
            first_name: profile("firstName"),
            last_name: profile("lastName"),
        })
    }
}
