//! What happens away from the page: a link opened in a mail, a phone paired, an identity provider's answer.

use serde_json::json;

use super::{Outcome, Walk};
use crate::org::authenticator::{Key, Method};
use crate::org::message::{self, Message, Place};
use crate::org::new_user::NewUser;
use crate::org::state::Identity;
use crate::org::transaction::{Challenge, Enrolling, Stage, Who};
use crate::org::user::Proof;

impl Walk<'_> {
    /// The link beside a code was opened: as good as the code. The page finds out when it polls.
    pub(crate) fn open_link(&mut self) -> Outcome {
        let digits = self.at.code().map(|code| code.digits.clone()).ok_or_else(message::bad_request)?;
        let answered = super::Input::answer(&digits);
        match &self.at.stage {
            Stage::Challenge(Challenge::Code { .. }) | Stage::Enrolling { what: Enrolling::Email(_), .. } => {
                self.take(answered)?;
                self.at.overtaken = true;
                Ok(())
            }
            _ => Err(message::bad_request()),
        }
    }

    /// A phone was paired.
    pub(crate) fn paired(&mut self, proof: Proof) -> Outcome {
        self.extending(|walk| walk.enrolled(proof))?;
        self.at.overtaken = true;
        Ok(())
    }

    /// An identity provider says who it is; who is new gets an account.
    pub(crate) fn federated(&mut self, provider: &str, identity: Identity) -> Outcome {
        let Identity { subject, email: login, first_name, last_name } = identity;
        let is_same = |proof: &Proof| matches!(proof, Proof::Idp { provider: p, subject: s } if *p == provider && *s == subject);
        let users = &self.world.users;
        let linked = users.iter().find(|user| user.enrolments.iter().any(|e| is_same(&e.proof)));
        let known = linked.or_else(|| users.by_login(&login)).map(|user| user.id.clone());
        let id = match known {
            Some(id) => id,
            None => {
                let new: NewUser =
                    serde_json::from_value(json!({ "login": login })).map_err(|_| message::bad_request())?;
                let mut user = new.create(self.now, self.chance);
                let names = [("firstName", first_name), ("lastName", last_name)];
                let names = names.into_iter().filter(|(_, name)| !name.is_empty());
                user.profile.extend(names.map(|(attribute, name)| (attribute.to_owned(), json!(name))));
                let id = user.id.clone();
                self.world.users.put(user);
                id
            }
        };
        let groups = self.world.users.get(&id).map(|user| user.groups.clone()).unwrap_or_default();
        if !self.app()?.is_assigned(&groups) {
            return Err(message::not_assigned());
        }
        let now = self.now;
        if let Some(user) = self.world.users.get_mut(&id) {
            user.enrol(Proof::Idp { provider: provider.to_owned(), subject }, now, self.chance);
        }
        self.at.who = Who::User { id, identifier: login };
        self.extending(|walk| walk.shown(Key::ExternalIdp, Method::Idp))
    }

    /// The identity provider had nothing to say.
    pub(crate) fn not_federated(&mut self) {
        let text = "Unable to authenticate with the identity provider.";
        self.at.notices.clear();
        self.at.notices.push((Place::Top, Message::error("idx.identity.provider.auth.error", text)));
    }
}
