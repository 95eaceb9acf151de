//! Validates an app beyond its types: it must be consistent and name only what exists.

use std::collections::BTreeSet;

use super::access::EnrollmentGrace;
use super::app::{Inclusion, OrgApp};
use super::profile::Attribute;
use crate::org::authenticator::Authenticator;
use crate::org::user::EVERYONE;

/// The providers and groups that apps may name.
pub(crate) struct OrgNames<'a> {
    pub(crate) providers: BTreeSet<&'a str>,
    /// Whether the org has a provider that can be an authenticator.
    pub(crate) has_provider_authenticator: bool,
    pub(crate) groups: BTreeSet<&'a str>,
}

impl OrgApp {
    /// The first mistake in the app, if any.
    pub(crate) fn mistake(&self, org: &OrgNames<'_>) -> Option<String> {
        let id = &self.client_id;
        self.contradiction()
            .or_else(|| self.unknown_name(org))
            .map(|why| if id.is_empty() { why } else { format!("app {id}: {why}") })
    }

    /// A name that does not exist, or cannot serve where it is used.
    fn unknown_name(&self, org: &OrgNames<'_>) -> Option<String> {
        let missing = |what: &str, name: &String| format!("{what} {name:?} does not exist");
        let provider = self.identity_providers.iter().find(|id| !org.providers.contains(id.as_str()));
        let in_rules = self.sign_on.iter().flat_map(|rule| &rule.groups);
        let mut groups = self.groups.iter().chain(in_rules);
        let exists = |group: &String| group == EVERYONE || org.groups.contains(group.as_str());
        let useless = self.sign_on.iter().find_map(|rule| {
            let key = rule.factors.iter().find(|key| !self.may_be_used(**key))?;
            Some(format!("rule {:?} takes {}, which cannot be enrolled in this app", rule.name, key.name()))
        });
        let mut methods = self.password.recovery.iter().chain(&self.password.unlock);
        let is_fit = |key: &Authenticator| {
            matches!(
                key,
                Authenticator::OktaEmail
                    | Authenticator::PhoneNumber
                    | Authenticator::OktaVerify
                    | Authenticator::GoogleOtp
            )
        };
        let unfit = methods.find(|key| !is_fit(key));
        let lacks_provider = self.inclusion(Authenticator::ExternalIdp) != Inclusion::NotAllowed
            && !org.has_provider_authenticator;
        provider
            .map(|id| missing("identity provider", id))
            .or_else(|| groups.find(|group| !exists(group)).map(|group| missing("group", group)))
            .or(useless)
            .or_else(|| {
                lacks_provider.then(|| "external_idp needs an identity provider of type OIDC".to_owned())
            })
            .or_else(|| unfit.map(|key| format!("{} cannot recover or unlock an account", key.name())))
    }

    /// Whether a user of this app can verify this authenticator.
    fn may_be_used(&self, key: Authenticator) -> bool {
        match key {
            Authenticator::Tac => true,
            Authenticator::ExternalIdp => {
                !self.identity_providers.is_empty() || self.inclusion(key) != Inclusion::NotAllowed
            }
            key => self.inclusion(key) != Inclusion::NotAllowed,
        }
    }

    /// A contradiction within the app.
    fn contradiction(&self) -> Option<String> {
        let id = &self.client_id;
        let uri = |uri: &&String| url::Url::parse(uri).is_err();
        if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')) {
            return Some(format!("client_id {id:?} must be letters, digits, '-', '_' or '.'"));
        }
        if let Some(bad) = self.redirect_uris.iter().chain(&self.trusted_origins).find(uri) {
            return Some(format!("{bad:?} is not a URL"));
        }
        if !self.email_code.is_valid() {
            return Some("a mailed code has 4 to 32 characters".to_owned());
        }
        let is_timeless =
            |grace: &&EnrollmentGrace| matches!(grace, EnrollmentGrace::Until(_)) && grace.expiry().is_none();
        if let Some(EnrollmentGrace::Until(time)) = self.enrollment_grace.values().find(is_timeless) {
            return Some(format!("{time:?} is not a time such as 2030-01-31T00:00:00Z"));
        }
        if self.sign_on.is_empty() {
            return Some("sign_on needs at least one rule".to_owned());
        }
        if self.asks_password_first() && !self.has_passwords() {
            let why = "the session asks for a password, and the enrolment policy does not allow one";
            return Some(why.to_owned());
        }
        if self.scripted_step.as_ref().is_some_and(|step| step.name.is_empty()) {
            return Some("the scripted step needs a name".to_owned());
        }
        self.broken_attribute()
    }

    /// What is wrong with an attribute of a profile or of the scripted step.
    fn broken_attribute(&self) -> Option<String> {
        let scripted = self.scripted_step.iter().flat_map(|step| &step.attributes);
        let mut attributes = self.profile.attributes.iter().chain(scripted);
        attributes.find_map(|attribute| {
            let Attribute { name, label, pattern, .. } = attribute;
            if name.is_empty() || label.is_empty() {
                return Some(format!("attribute {name:?} needs a name and a label"));
            }
            let is_broken = pattern.as_deref().is_some_and(|p| regex_lite::Regex::new(p).is_err());
            is_broken.then(|| format!("the pattern of {name:?} is not a regular expression"))
        })
    }
}
