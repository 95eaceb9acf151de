//! The server's own sentences for people. Each is in every language of the pages, by its English text.

/// The sign-in goes on at the org.
pub(super) const CONTINUE_AT_ORG: &str = "To sign in, continue on your organization's page.";
/// The person, a policy or a network zone did not allow access.
pub(super) const ACCESS_NOT_ALLOWED: &str =
    "You were not signed in, because access was not allowed. Try again, or contact your administrator.";
/// The sign-in does not reach the assurance that was asked for.
pub(super) const STRONGER_SIGN_IN: &str =
    "What comes next needs a stronger sign-in. Sign in again to continue.";
/// The org does not accept a sign-in any more that was complete.
pub(super) const MORE_REQUIRED: &str =
    "Your organization now requires more for this sign-in. Please sign in again.";
/// The org refuses the app.
pub(super) const MISCONFIGURED: &str =
    "This sign-in is not set up correctly. Please contact your administrator.";
/// The org has an error of its own.
pub(super) const ORG_FAILED: &str = "Something went wrong at the sign-in service. Please try again later.";
/// Any other error.
pub(super) const NOT_FINISHED: &str = "The sign-in could not be finished just now. Please try again.";

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_sentence_is_in_the_languages_of_the_pages() {
        let german: BTreeMap<String, String> =
            serde_json::from_str(include_str!("../../../frontend/text/de.json")).unwrap();
        for sentence in [
            CONTINUE_AT_ORG,
            ACCESS_NOT_ALLOWED,
            STRONGER_SIGN_IN,
            MORE_REQUIRED,
            MISCONFIGURED,
            ORG_FAILED,
            NOT_FINISHED,
        ] {
            assert!(german.contains_key(sentence), "{sentence}");
        }
    }
}
