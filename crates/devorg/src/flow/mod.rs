//! The walk of a transaction: where it stands, what was said, where it goes.

mod challenge;
mod enroll;
mod identify;
mod out_of_band;
mod policy;
mod recover;
mod register;
mod request;
mod send;
#[cfg(test)]
mod tests;

pub(crate) use enroll::QUESTIONS;
pub(crate) use request::Input;

use std::mem;

use crate::clock::Moment;
use crate::org::authenticator::{Key, Method};
use crate::org::message::{self, Message, Refusal};
use crate::org::settings::app::App;
use crate::org::state::World;
use crate::org::transaction::{
    BEFORE_IDENTIFY, Enrollable, GRANTED, Purpose, STEP, Skipped, Stage, Transaction, Who,
};
use crate::org::user::{Status, User};
use crate::random::Chance;
use policy::{Next, Standing};

/// What a walk has to go by: the world it may change, and time and chance as they stand.
pub(crate) struct Walk<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) at: &'a mut Transaction,
    pub(crate) origin: &'a str,
    pub(crate) now: Moment,
    pub(crate) chance: &'a mut Chance,
}

type Outcome = Result<(), Refusal>;

impl Walk<'_> {
    /// Takes one input. What is refused leaves the transaction where it stood, but for counted attempts.
    pub(crate) fn take(&mut self, input: Input) -> Outcome {
        self.extending(|walk| walk.step(input))
    }

    /// Does something, and gives more time if that led on.
    fn extending(&mut self, act: impl FnOnce(&mut Self) -> Outcome) -> Outcome {
        let before = self.at.stage.clone();
        let outcome = act(self);
        if outcome.is_ok() && self.at.stage != before {
            self.at.expires_at = self.now.after(match self.at.stage {
                Stage::Granted { .. } => GRANTED,
                Stage::Identify => BEFORE_IDENTIFY,
                _ => STEP,
            });
        }
        outcome
    }

    fn step(&mut self, input: Input) -> Outcome {
        // Whoever does more than wait is the tab that goes on.
        if !matches!(input, Input::Poll | Input::Introspect) {
            self.at.transferred = false;
        }
        // An answer to what is not asked any more: the page could not know, and gets what there is now.
        if mem::take(&mut self.at.overtaken) && !matches!(input, Input::Introspect | Input::Cancel) {
            return self.poll();
        }
        match (&self.at.stage, input) {
            (_, Input::Introspect) => Ok(()),
            (_, Input::Cancel) => {
                self.start_over();
                Ok(())
            }
            (Stage::Granted { .. } | Stage::Ended { .. }, Input::Poll) => self.poll(),
            (Stage::Granted { .. } | Stage::Ended { .. }, _) => Err(message::bad_request()),
            (_, Input::SelectIdentify) => {
                self.begin_again(Purpose::SignIn);
                self.at.go(Stage::Identify);
                Ok(())
            }
            (_, Input::Identify { identifier, passcode, remember }) => {
                self.identify(identifier, passcode, remember)
            }
            (_, Input::SelectEnroll) => self.select_enroll(),
            (_, Input::Profile { attributes, passcode }) => self.take_profile(attributes, passcode),
            (_, Input::Recover) => self.recover(),
            (_, Input::Unlock) => self.unlock(),
            (Stage::SelectUnlock, Input::Challenge { identifier, choice }) => {
                self.choose_unlock(identifier, choice)
            }
            (_, Input::Challenge { choice, .. }) => self.choose(choice),
            (_, Input::Answer(credentials)) => self.answer(&credentials),
            (_, Input::AutofillAnswer(credentials)) => self.answer_autofill(&credentials),
            (_, Input::Poll) => self.poll(),
            (_, Input::CancelPoll) => {
                self.at.go(Stage::SelectAuthenticator);
                Ok(())
            }
            (_, Input::Resend) => self.resend(),
            (_, Input::Send { to }) => self.send_pairing(to),
            (_, Input::Enroll { choice, credentials }) => self.enroll(choice, &credentials),
            (_, Input::Skip) => self.skip(),
        }
    }

    /// Goes where the policies say.
    pub(crate) fn advance(&mut self) -> Outcome {
        let next = self.next()?;
        let stage = match next {
            Next::Verify(keys) => match keys.as_slice() {
                [only] => return self.open(*only, None, Opened::ByTheOrg),
                _ => Stage::SelectAuthenticator,
            },
            Next::Enroll(offer) => match (self.at.purpose, offer.keys.as_slice()) {
                // One that has to be, of which everything is known: no choice to make.
                (Purpose::Register, [Key::OktaEmail]) if !offer.skippable => {
                    return self.begin_enrolling(Key::OktaEmail, offer);
                }
                _ => Stage::SelectEnrollment(offer),
            },
            Next::RenewPassword(days) => {
                self.at.go(Stage::RenewPassword(days));
                if days.is_some() {
                    let org = self.world.settings.name.clone();
                    let text = format!(
                        "When your password expires, you will have to change your password before you can login to your {org} account."
                    );
                    let message = Message::info("idx.password.expiring.message", text).with(org);
                    self.at.notices.push((message::Place::Top, message));
                }
                return Ok(());
            }
            Next::CompleteProfile { missing, skippable } => Stage::UpdateProfile { missing, skippable },
            Next::Unsatisfiable => {
                let app = self.app()?.label.clone();
                let text = format!(
                    "Unable to login to \"{app}\" at this time. Please contact your administrator for assistance."
                );
                return Err(Message::error("oie.assurance.unsatisfiable", text).with(app).and_end(400));
            }
            Next::Denied => {
                let text = "You do not have permission to perform the requested action.";
                return Err(Message::error("security.access_denied", text).and_end(403));
            }
            Next::Grant => return self.grant(),
        };
        self.at.go(stage);
        Ok(())
    }

    /// What may be challenged now.
    pub(crate) fn offers(&self) -> Vec<Key> {
        offers(self.world, self.at, self.now)
    }

    pub(crate) fn app(&self) -> Result<&App, Refusal> {
        self.world.app(&self.at.request.client_id).ok_or_else(message::session_expired)
    }

    pub(crate) fn user(&self) -> Option<&User> {
        self.world.users.get(self.at.user_id()?)
    }

    pub(crate) fn user_mut(&mut self) -> Option<&mut User> {
        self.world.users.get_mut(self.at.user_id()?)
    }

    /// The user, without whom this step makes no sense.
    pub(crate) fn someone(&mut self) -> Result<&mut User, Refusal> {
        let id = self.at.user_id().ok_or_else(message::bad_request)?;
        self.world.users.get_mut(id).ok_or_else(message::session_expired)
    }

    /// Notes a proof, and goes on.
    pub(crate) fn shown(&mut self, key: Key, method: Method) -> Outcome {
        self.at.show(key, method, self.now);
        match self.at.purpose {
            Purpose::SignIn | Purpose::Register => self.advance(),
            Purpose::Recover => self.recovered(),
            Purpose::Unlock => self.unlocked(),
        }
    }

    fn next(&self) -> Result<Next, Refusal> {
        let app = self.app()?;
        Ok(match self.user() {
            Some(user) => policy::decide(app, &standing(self.at, user, self.now)),
            None => Next::Verify(policy::pretended(app)),
        })
    }

    /// Lets them in, unless the account is closed to them however they came this far.
    fn grant(&mut self) -> Outcome {
        let groups = self.someone()?.groups.clone();
        if !self.app()?.is_assigned(&groups) {
            return Err(message::not_assigned());
        }
        let user = self.someone()?;
        if matches!(user.status, Status::LockedOut | Status::Suspended) {
            let text = "Your account is locked. Please contact your administrator.";
            return Err(Message::error("errors.E0000119", text).and_end(403));
        }
        if user.status == Status::Staged {
            user.status = Status::Active;
        }
        let code = self.chance.secret();
        self.world.grants.issue(code.clone(), self.at, self.now);
        self.keep_session();
        self.at.go(Stage::Granted { code });
        Ok(())
    }

    /// Remembers in the browser's session what was shown.
    fn keep_session(&mut self) {
        let Some(user) = self.at.user_id().map(str::to_owned) else { return };
        let lifetime = self.app().map(|app| {
            let policy = &app.global_session;
            let remembered = self.at.remember && policy.keep_me_signed_in;
            if remembered { policy.lifetime_remembered_minutes } else { policy.lifetime_minutes }
        });
        let id = self.at.session.clone().unwrap_or_else(|| self.chance.secret());
        let session = crate::org::state::Session {
            user,
            shown: self.at.shown.clone(),
            created_at: self.now,
            expires_at: self.now.after(crate::clock::minutes(lifetime.unwrap_or(120))),
        };
        self.world.sessions.insert(id.clone(), session);
        self.at.session = Some(id);
    }

    fn skip(&mut self) -> Outcome {
        let what = match &self.at.stage {
            Stage::RenewPassword(Some(_)) => Skipped::PasswordWarning,
            Stage::UpdateProfile { skippable: true, .. } => Skipped::Profile,
            Stage::SelectEnrollment(offer)
            | Stage::EnrollPhone { offer, .. }
            | Stage::Enrolling { offer, .. }
                if offer.skippable =>
            {
                Skipped::Enrolment
            }
            _ => return Err(message::bad_request()),
        };
        self.at.passed_over.push(what);
        self.advance()
    }

    /// Everything from the beginning, under a new handle.
    fn start_over(&mut self) {
        self.at.handle = new_handle(self.chance);
        self.begin_again(Purpose::SignIn);
        self.at.go(Stage::Identify);
        self.at.expires_at = self.now.after(BEFORE_IDENTIFY);
    }

    fn begin_again(&mut self, purpose: Purpose) {
        self.at.purpose = purpose;
        self.at.who = Who::Nobody;
        self.at.shown.clear();
        self.at.passed_over.clear();
    }
}

/// Who opened a challenge. What the org opens by itself sends nothing yet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opened {
    ByThePerson,
    ByTheOrg,
}

/// A state handle, which begins as Okta's do unless it is marked.
pub(crate) fn new_handle(chance: &mut Chance) -> String {
    let secret = chance.secret();
    if chance.is_canary() { secret } else { format!("02.id.{secret}") }
}

/// What may be challenged where a transaction stands.
pub(crate) fn offers(world: &World, at: &Transaction, now: Moment) -> Vec<Key> {
    let Some(app) = world.app(&at.request.client_id) else { return Vec::new() };
    let user = at.user_id().and_then(|id| world.users.get(id));
    let methods = match at.purpose {
        Purpose::Recover => &app.password.recovery,
        Purpose::Unlock => &app.password.unlock,
        Purpose::SignIn | Purpose::Register => {
            return match user.map(|user| policy::decide(app, &standing(at, user, now))) {
                Some(Next::Verify(keys)) => keys,
                Some(_) => Vec::new(),
                None => policy::pretended(app),
            };
        }
    };
    match user {
        // The question that comes on top of a first proof.
        Some(_) if !at.shown.is_empty() => vec![Key::SecurityQuestion],
        Some(user) => policy::self_service(methods, user),
        None => methods.iter().copied().filter(|key| *key == Key::OktaEmail).collect(),
    }
}

fn standing<'a>(at: &'a Transaction, user: &'a User, now: Moment) -> Standing<'a> {
    Standing {
        user,
        shown: &at.shown,
        acr_values: at.request.acr_values.as_deref(),
        max_age: at.request.max_age,
        registering: at.purpose == Purpose::Register,
        passed_over: &at.passed_over,
        now,
    }
}

/// What else may be set up beside what is being set up.
pub(crate) fn enrollable(stage: &Stage) -> Option<&Enrollable> {
    match stage {
        Stage::SelectEnrollment(offer)
        | Stage::EnrollPhone { offer, .. }
        | Stage::Enrolling { offer, .. } => Some(offer),
        _ => None,
    }
}
