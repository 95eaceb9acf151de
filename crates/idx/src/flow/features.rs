//! The features that a document offers: recover a password, register, use another identity provider, unlock an account.

use crate::intent::Intent;
use crate::protocol::document::Document;
use crate::protocol::names::Feature;

/// What the org offers besides signing in, as this document shows it.
pub(crate) fn features(document: &Document) -> Vec<Feature> {
    let has_form = |name| document.find_form(name).is_some();
    [
        (Feature::RecoverPassword, document.find_action("currentAuthenticator-recover").is_some()),
        (Feature::EnrollProfile, has_form("select-enroll-profile")),
        (Feature::RedirectIdp, has_form("redirect-idp")),
        (Feature::UnlockAccount, has_form("unlock-account")),
    ]
    .into_iter()
    .filter_map(|(feature, is_offered)| is_offered.then_some(feature))
    .collect()
}

/// Whether a flow of this intent can begin with this document.
pub(crate) fn supports(document: &Document, intent: Intent) -> bool {
    let needed = match intent {
        Intent::Register => Feature::EnrollProfile,
        Intent::UnlockAccount => Feature::UnlockAccount,
        Intent::Start | Intent::Authenticate | Intent::RecoverPassword | Intent::ActivateDevice => {
            return true;
        }
    };
    features(document).contains(&needed)
}
