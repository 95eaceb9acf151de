//! What can be wrong with an application beyond its grammar: it contradicts itself, or names what is not there.

use std::collections::BTreeSet;

use super::app::{App, Attribute, Inclusion};
use crate::org::authenticator::Key;
use crate::org::user::EVERYONE;

/// What there is in an org for its apps to name.
pub(crate) struct Nameable<'a> {
    pub(crate) providers: BTreeSet<&'a str>,
    pub(crate) groups: BTreeSet<&'a str>,
}

impl App {
    /// What is wrong with it in an org that has these, if anything is.
    pub(crate) fn fault(&self, org: &Nameable<'_>) -> Option<String> {
        let id = &self.client_id;
        self.contradiction()
            .or_else(|| self.naming_nobody(org))
            .map(|why| if id.is_empty() { why } else { format!("app {id}: {why}") })
    }

    /// A name that nothing in the org has, or that cannot do what it is named for.
    fn naming_nobody(&self, org: &Nameable<'_>) -> Option<String> {
        let there_is_no = |what: &str, name: &String| format!("there is no {what} {name:?}");
        let provider = self.identity_providers.iter().find(|id| !org.providers.contains(id.as_str()));
        let in_rules = self.sign_on.iter().flat_map(|rule| &rule.groups);
        let mut groups = self.groups.iter().chain(in_rules);
        let is_there = |group: &String| group == EVERYONE || org.groups.contains(group.as_str());
        let useless = self.sign_on.iter().find_map(|rule| {
            let key = rule.factors.iter().find(|key| !self.may_be_used(**key))?;
            Some(format!("rule {:?} takes {}, which nobody may set up here", rule.name, key.name()))
        });
        let mut methods = self.password.recovery.iter().chain(&self.password.unlock);
        let is_fit =
            |key: &Key| matches!(key, Key::OktaEmail | Key::PhoneNumber | Key::OktaVerify | Key::GoogleOtp);
        let unfit = methods.find(|key| !is_fit(key));
        provider
            .map(|id| there_is_no("identity provider", id))
            .or_else(|| groups.find(|group| !is_there(group)).map(|group| there_is_no("group", group)))
            .or(useless)
            .or_else(|| unfit.map(|key| format!("{} recovers and unlocks nothing", key.name())))
    }

    /// Whether anybody can ever show this here.
    fn may_be_used(&self, key: Key) -> bool {
        match key {
            Key::Tac => true,
            Key::ExternalIdp => !self.identity_providers.is_empty(),
            key => self.inclusion(key) != Inclusion::NotAllowed,
        }
    }

    /// What of it cannot be at once.
    fn contradiction(&self) -> Option<String> {
        let id = &self.client_id;
        let uri = |uri: &&String| url::Url::parse(uri).is_err();
        if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')) {
            return Some(format!("client_id {id:?} must be letters, digits, '-', '_' or '.'"));
        }
        if let Some(bad) = self.redirect_uris.iter().chain(&self.trusted_origins).find(uri) {
            return Some(format!("{bad:?} is not a URL"));
        }
        if self.sign_on.is_empty() {
            return Some("sign_on needs at least one rule".to_owned());
        }
        if self.asks_password_first() && !self.has_passwords() {
            let why = "the session asks for a password, and the enrolment policy does not allow one";
            return Some(why.to_owned());
        }
        if let Some(attribute) =
            self.profile.attributes.iter().find(|a| a.name.is_empty() || a.label.is_empty())
        {
            return Some(format!("attribute {:?} needs a name and a label", attribute.name));
        }
        let broken =
            |a: &&Attribute| a.pattern.as_deref().is_some_and(|p| regex_lite::Regex::new(p).is_err());
        if let Some(attribute) = self.profile.attributes.iter().find(broken) {
            return Some(format!("the pattern of {:?} is not a regular expression", attribute.name));
        }
        None
    }
}
