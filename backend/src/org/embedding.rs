//! An org that does not let the app embed the sign-in: which of its settings is meant, and which of ours.

use latchkey_idx::Error;

/// The org's page needs the grant type Authorization Code.
pub const AUTHORIZATION_CODE_OFF: &str = "Applications > your app > General > Grant type: check Authorization Code. For \
    LATCHKEY_SIGN_IN_PAGE=own the app needs Interaction Code instead.";
/// The app embeds the sign-in, and the configuration says otherwise.
pub const NO_PAGE_FOR_EMBEDDING: &str = "The org shows no page to an app that uses the interaction code, so people sign in here \
    after a detour. Set LATCHKEY_SIGN_IN_PAGE to own; or, under Applications > your app > General > Grant type, uncheck Interaction Code.";
/// The app may neither embed the sign-in nor use the org's page.
pub const NO_WAY_TO_SIGN_IN: &str = "The org's page asks this app to show the sign-in itself, and the org refuses that. \
    Applications > your app > General > Grant type: check Interaction Code for LATCHKEY_SIGN_IN_PAGE=own, or uncheck it and check \
    Authorization Code for LATCHKEY_SIGN_IN_PAGE=org.";

/// Where the interaction code is switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmbeddingRefusal {
    /// In the app.
    App,
    /// In the whole org.
    Org,
}

impl EmbeddingRefusal {
    /// By the response to `interact`.
    pub fn of_interact(error: &Error) -> Option<Self> {
        match code(error)? {
            "unauthorized_client" => Some(Self::App),
            "access_denied" => Some(Self::Org),
            _ => None,
        }
    }

    /// By the response to the token request with an interaction code. There `access_denied` has other reasons.
    pub fn of_token(error: &Error) -> Option<Self> {
        matches!(code(error)?, "unauthorized_client" | "unsupported_grant_type").then_some(Self::App)
    }

    /// What an administrator or the operator can do.
    pub fn advice(self) -> &'static str {
        match self {
            Self::App => {
                "This app may not embed the sign-in, because its interaction code is off. To turn it on: Applications > your app > \
                 General > Grant type: check Interaction Code, and in Security > API > your authorization server > Access Policies let \
                 the rule allow it. Or set LATCHKEY_SIGN_IN_PAGE to org, and people sign in on the org's own page instead; or to \
                 own-then-org, and they do so only while the org does not let the app embed the sign-in."
            }
            Self::Org => {
                "This org does not let apps embed the sign-in, because its interaction code is off. To turn it on, the org must be on \
                 the Identity Engine: Settings > Account > Embedded widget sign-in support: check Interaction Code. Or set \
                 LATCHKEY_SIGN_IN_PAGE to org, and people sign in on the org's own page instead; or to own-then-org, and they do so \
                 only while the org does not let the app embed the sign-in."
            }
        }
    }
}

fn code(error: &Error) -> Option<&str> {
    match error {
        Error::OAuth { error, .. } => Some(error),
        _ => None,
    }
}
