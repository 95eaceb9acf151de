//! The session of the browser: resumed, stored, and for how long.

use super::{IdentityEngine, Outcome};
use crate::clock::minutes;
use crate::org::message;
use crate::org::state::OrgSession;
use crate::org::transaction::{CODE_LIFETIME, Purpose, Skipped, Step, Subject};

impl IdentityEngine<'_> {
    /// Resumes the browser's session, if it has one. Whether it lasts was settled when it began.
    pub(crate) fn resume_session(&mut self) {
        let session = self.transaction.session.as_ref().and_then(|id| self.org.sessions.get(id)).cloned();
        let Some(session) = session else { return };
        let Some(identifier) = self.org.users.get(&session.user).map(|user| user.login.clone()) else {
            return;
        };
        self.transaction.subject = Subject::User { id: session.user, identifier };
        self.transaction.verified = session.verified;
        self.transaction.remember = session.remember;
        self.transaction.skipped.push(Skipped::StaySignedIn);
        if self.advance().is_err() {
            self.restart(Purpose::SignIn);
            self.transaction.move_to(Step::Identify);
        }
        if matches!(self.transaction.step, Step::Granted { .. }) {
            self.transaction.expires_at = self.now.after(CODE_LIFETIME);
        }
    }

    /// Stores the verified factors in the browser's session.
    pub(super) fn store_session(&mut self) {
        let Some(user) = self.transaction.user_id().map(str::to_owned) else { return };
        let lifetime = self.app().map(|app| {
            let policy = &app.global_session;
            let may_last = policy.keep_me_signed_in || policy.ask_after_sign_in;
            let remembered = self.transaction.remember && may_last;
            if remembered { policy.lifetime_remembered_minutes } else { policy.lifetime_minutes }
        });
        let id = self.transaction.session.clone().unwrap_or_else(|| self.random.secret());
        let session = OrgSession {
            user,
            verified: self.transaction.verified.clone(),
            remember: self.transaction.remember,
            created_at: self.now,
            expires_at: self.now.after(minutes(lifetime.unwrap_or(120))),
        };
        self.org.sessions.insert(id.clone(), session);
        self.transaction.session = Some(id);
    }

    /// The user answered whether to stay signed in.
    pub(super) fn stay_signed_in(&mut self, stay: bool) -> Outcome {
        let Step::StaySignedIn = self.transaction.step else { return Err(message::bad_request()) };
        self.transaction.remember = stay;
        self.transaction.skipped.push(Skipped::StaySignedIn);
        self.advance()
    }
}
