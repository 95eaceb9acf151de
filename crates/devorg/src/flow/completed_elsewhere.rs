//! Events outside the page: a phone paired, an identity provider's response.

use serde_json::json;

use super::{IdentityEngine, Outcome};
use crate::org::authenticator::{Authenticator, Method};
use crate::org::message::{self, Message, MessageTarget};
use crate::org::new_user::NewUser;
use crate::org::state::ProviderIdentity;
use crate::org::transaction::{Challenge, Enrolling, Step, Subject};
use crate::org::user::Factor;

impl IdentityEngine<'_> {
    /// The phone was paired.
    pub(crate) fn complete_pairing(&mut self, factor: Factor) -> Outcome {
        self.with_new_expiry(|engine| engine.enrolled(factor))?;
        self.transaction.completed_elsewhere = true;
        Ok(())
    }

    /// An identity provider identified the user. As an authenticator it verifies a user who is known; else it signs in, and a new
    /// user gets an account.
    pub(crate) fn sign_in_with_provider(&mut self, provider: &str, identity: ProviderIdentity) -> Outcome {
        if self.provider_is_authenticator() {
            return self.verify_with_provider(provider, &identity);
        }
        let ProviderIdentity { subject, email: login, first_name, last_name } = identity;
        let is_same = |factor: &Factor| matches!(factor, Factor::Idp { provider: p, subject: s } if *p == provider && *s == subject);
        let users = &self.org.users;
        let linked = users.iter().find(|user| user.enrolments.iter().any(|e| is_same(&e.factor)));
        let known = linked.or_else(|| users.by_login(&login)).map(|user| user.id.clone());
        let id = match known {
            Some(id) => id,
            None => {
                let new: NewUser =
                    serde_json::from_value(json!({ "login": login })).map_err(|_| message::bad_request())?;
                let mut user = new.create(self.now, self.random);
                let names = [("firstName", first_name), ("lastName", last_name)];
                let names = names.into_iter().filter(|(_, name)| !name.is_empty());
                user.profile.extend(names.map(|(attribute, name)| (attribute.to_owned(), json!(name))));
                let id = user.id.clone();
                self.org.users.put(user);
                id
            }
        };
        let groups = self.org.users.get(&id).map(|user| user.groups.clone()).unwrap_or_default();
        if !self.app()?.is_assigned(&groups) {
            return Err(message::not_assigned());
        }
        let now = self.now;
        if let Some(user) = self.org.users.get_mut(&id) {
            user.enrol(Factor::Idp { provider: provider.to_owned(), subject }, now, self.random);
        }
        self.transaction.subject = Subject::User { id, identifier: login };
        self.with_new_expiry(|engine| engine.factor_verified(Authenticator::ExternalIdp, Method::Idp))
    }

    /// The user's account at the provider is the factor. Another account there verifies nothing.
    fn verify_with_provider(&mut self, provider: &str, identity: &ProviderIdentity) -> Outcome {
        let factor = Factor::Idp { provider: provider.to_owned(), subject: identity.subject.clone() };
        let is_same = |held: &Factor| {
            matches!(held, Factor::Idp { provider: p, subject: s }
            if (p == provider && *s == identity.subject) || (p.is_empty() && *s == identity.email))
        };
        let id = self.transaction.user_id().ok_or_else(message::bad_request)?;
        let holder = self.org.users.iter().find(|user| user.enrolments.iter().any(|e| is_same(&e.factor)));
        let (is_own, is_free) = (holder.is_some_and(|user| user.id == id), holder.is_none());
        match &self.transaction.step {
            Step::Challenge(_) if is_own => {
                self.with_new_expiry(|engine| engine.factor_verified(Authenticator::ExternalIdp, Method::Idp))
            }
            Step::Enrolling { .. } if is_own || is_free => {
                self.with_new_expiry(|engine| engine.enrolled(factor))
            }
            _ => {
                self.provider_failed();
                Ok(())
            }
        }
    }

    fn provider_is_authenticator(&self) -> bool {
        matches!(
            self.transaction.step,
            Step::Challenge(Challenge::Elsewhere { key: Authenticator::ExternalIdp })
                | Step::Enrolling { what: Enrolling::Elsewhere { key: Authenticator::ExternalIdp }, .. }
        )
    }

    /// The identity provider did not identify the user.
    pub(crate) fn provider_failed(&mut self) {
        if self.provider_is_authenticator() {
            return self.vendor_failed();
        }
        let text = "Unable to authenticate with the identity provider.";
        self.transaction.notices.clear();
        self.transaction
            .notices
            .push((MessageTarget::Top, Message::error("idx.identity.provider.auth.error", text)));
    }
}
