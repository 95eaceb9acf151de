//! The Identity Engine as pure code: a transaction, a request, and the step that follows.

pub(crate) mod access;
pub(crate) mod activate;
mod captcha;
mod challenge;
mod completed_elsewhere;
mod device;
mod email_link;
pub(crate) mod enroll;
mod identify;
pub(crate) mod passkeys;
mod policy;
mod recover;
mod register;
mod request;
mod scripted_step;
mod send;
mod session;
#[cfg(test)]
mod tests;
pub(crate) mod vendors;

pub(crate) use request::IdxRequest;

use std::mem;

use crate::clock::Timestamp;
use crate::credentials::webauthn;
use crate::org::authenticator::{Authenticator, Method};
use crate::org::message::{self, Message, Refusal};
use crate::org::settings::app::OrgApp;
use crate::org::state::OrgState;
use crate::org::transaction::{
    CODE_LIFETIME, Challenge, EnrollmentOffer, FIRST_STEP_LIFETIME, Purpose, STEP_LIFETIME, Skipped, Step,
    Subject, Transaction,
};
use crate::org::user::{OrgUser, Status, VerifiedFactor};
use crate::random::Random;
use policy::{NextStep, PolicyInput};

/// What a decision depends on: the org's state, the transaction, the time and randomness.
pub(crate) struct IdentityEngine<'a> {
    pub(crate) org: &'a mut OrgState,
    pub(crate) transaction: &'a mut Transaction,
    pub(crate) origin: &'a str,
    pub(crate) now: Timestamp,
    pub(crate) random: &'a mut Random,
}

type Outcome = Result<(), Refusal>;

impl IdentityEngine<'_> {
    /// Handles one request. After a refusal the transaction stays at its step; only attempts are counted.
    pub(crate) fn take(&mut self, input: IdxRequest) -> Outcome {
        self.with_new_expiry(|engine| engine.step(input))
    }

    /// Runs an action and sets a new expiry if the step changed.
    fn with_new_expiry(&mut self, act: impl FnOnce(&mut Self) -> Outcome) -> Outcome {
        let before = self.transaction.step.clone();
        let outcome = act(self);
        if outcome.is_ok() && self.transaction.step != before {
            self.transaction.expires_at = self.now.after(match self.transaction.step {
                Step::Granted { .. } => CODE_LIFETIME,
                Step::Identify => FIRST_STEP_LIFETIME,
                _ => STEP_LIFETIME,
            });
        }
        outcome
    }

    fn step(&mut self, input: IdxRequest) -> Outcome {
        // A tab that does more than poll is the one that continues.
        if !matches!(input, IdxRequest::Poll | IdxRequest::Introspect) {
            self.transaction.transferred = false;
        }
        // The step was completed elsewhere and the page could not know, so it gets the current document.
        if mem::take(&mut self.transaction.completed_elsewhere)
            && !matches!(input, IdxRequest::Introspect | IdxRequest::Cancel)
        {
            return self.poll();
        }
        match (&self.transaction.step, input) {
            (_, IdxRequest::Introspect) => Ok(()),
            (_, IdxRequest::Cancel) => {
                self.start_over();
                Ok(())
            }
            (Step::Granted { .. } | Step::Ended { .. }, IdxRequest::Poll) => self.poll(),
            (Step::Granted { .. } | Step::Ended { .. } | Step::EnrollDevice(_), _) => {
                Err(message::bad_request())
            }
            (_, IdxRequest::SelectIdentify) => {
                self.restart(Purpose::SignIn);
                self.transaction.move_to(Step::Identify);
                Ok(())
            }
            (_, IdxRequest::Identify { identifier, passcode, remember, captcha }) => {
                self.check_captcha_of_identify(captcha.as_ref())?;
                self.identify(identifier, passcode, remember)
            }
            (_, IdxRequest::SelectEnroll) => self.select_enroll(),
            (_, IdxRequest::Profile { attributes, passcode, captcha }) => {
                self.take_profile(attributes, passcode, captcha.as_ref())
            }
            (Step::Challenge(Challenge::Card { .. }), IdxRequest::Recover) => self.recover_pin(),
            (_, IdxRequest::Recover) => self.recover(),
            (_, IdxRequest::Unlock) => self.unlock(),
            (Step::SelectUnlock, IdxRequest::Challenge { identifier, choice }) => {
                self.choose_unlock(identifier, choice)
            }
            (_, IdxRequest::Challenge { choice, .. }) => self.select_authenticator(choice),
            (_, IdxRequest::Answer(credentials)) => self.answer(&credentials),
            (_, IdxRequest::AutofillAnswer(credentials)) => self.answer_autofill(&credentials),
            (_, IdxRequest::Poll) => self.poll(),
            (_, IdxRequest::CancelPoll) => self.leave_device(),
            (_, IdxRequest::LaunchDevice) => self.launch_device(),
            (_, IdxRequest::AppleExtension) => self.decline_apple_extension(),
            (_, IdxRequest::LaunchPasskey) => self.launch_passkey(),
            (_, IdxRequest::LaunchCard { remember }) => self.launch_card(remember),
            (_, IdxRequest::Resend) => self.resend(),
            (_, IdxRequest::Send { to }) => self.send_pairing(to),
            (_, IdxRequest::Enroll { choice, credentials }) => self.enroll(choice, &credentials),
            (_, IdxRequest::Skip) => self.skip(),
            (_, IdxRequest::ActivateDevice { user_code }) => self.activate_device(user_code.as_deref()),
            (_, IdxRequest::Consent { allow, scopes }) => self.consent(allow, &scopes),
            (_, IdxRequest::Scripted { fields }) => self.answer_scripted_step(&fields),
            (_, IdxRequest::StaySignedIn { stay }) => self.stay_signed_in(stay),
        }
    }

    /// Moves to the step that the policies require.
    pub(crate) fn advance(&mut self) -> Outcome {
        let next = self.next()?;
        let step = match next {
            NextStep::Verify(keys) => return self.offer_challenge(&keys),
            NextStep::Enroll(offer) => match (self.transaction.purpose, offer.keys.as_slice()) {
                // A single required authenticator with nothing to choose.
                (Purpose::Register, [Authenticator::OktaEmail])
                    if !offer.skippable && !self.app()?.list_of_one =>
                {
                    return self.begin_enrolling(Authenticator::OktaEmail, offer);
                }
                _ => Step::SelectEnrollment(offer),
            },
            NextStep::RenewPassword(days) => {
                self.renew_password(days);
                return Ok(());
            }
            NextStep::CompleteProfile { missing, skippable } => Step::UpdateProfile { missing, skippable },
            NextStep::VerifyIdentity(service) => Step::VerifyIdentity(service),
            NextStep::PromotePasskey => {
                Step::PromotePasskey { challenge: webauthn::new_challenge(self.random) }
            }
            NextStep::AskConsent(policy) => Step::Consent(policy),
            NextStep::EnrollDevice(what) => Step::EnrollDevice(what),
            NextStep::AskToStaySignedIn => Step::StaySignedIn,
            NextStep::AskScripted => return self.show_scripted_step(),
            NextStep::WarnOfDevice { grace_days } => {
                self.warn_of_device(grace_days);
                return Ok(());
            }
            NextStep::DenyDevice => return Err(self.refusal_of_device()),
            NextStep::Unsatisfiable => return Err(message::unsatisfiable(&self.app()?.label)),
            NextStep::Denied => return Err(message::access_denied()),
            NextStep::Grant => return self.grant(),
        };
        self.transaction.move_to(step);
        Ok(())
    }

    /// The authenticators that can be challenged now.
    pub(crate) fn offered_authenticators(&self) -> Vec<Authenticator> {
        offered_authenticators(self.org, self.transaction, self.now)
    }

    pub(crate) fn app(&self) -> Result<&OrgApp, Refusal> {
        self.org.app(&self.transaction.request.client_id).ok_or_else(message::session_expired)
    }

    pub(crate) fn user(&self) -> Option<&OrgUser> {
        self.org.users.get(self.transaction.user_id()?)
    }

    pub(crate) fn user_mut(&mut self) -> Option<&mut OrgUser> {
        self.org.users.get_mut(self.transaction.user_id()?)
    }

    /// The user, or a refusal without one.
    pub(crate) fn require_user(&mut self) -> Result<&mut OrgUser, Refusal> {
        let id = self.transaction.user_id().ok_or_else(message::bad_request)?;
        self.org.users.get_mut(id).ok_or_else(message::session_expired)
    }

    /// Records a verified factor and continues.
    pub(crate) fn factor_verified(&mut self, key: Authenticator, method: Method) -> Outcome {
        self.transaction.record_verified(key, method, self.now);
        match self.transaction.purpose {
            Purpose::SignIn | Purpose::Register => self.advance(),
            Purpose::Recover => self.recovered(),
            Purpose::RecoverPin => {
                self.transaction.move_to(Step::ResetPin);
                Ok(())
            }
            Purpose::Unlock => self.unlocked(),
        }
    }

    fn next(&self) -> Result<NextStep, Refusal> {
        let app = self.app()?;
        Ok(match self.user() {
            Some(user) => policy::decide(app, &input(self.transaction, user, self.now)),
            None => NextStep::Verify(policy::decoy_authenticators(app)),
        })
    }

    /// Grants access, unless the account is locked, suspended or not assigned to the app.
    fn grant(&mut self) -> Outcome {
        let groups = self.require_user()?.groups.clone();
        if !self.app()?.is_assigned(&groups) {
            return Err(message::not_assigned());
        }
        let user = self.require_user()?;
        if matches!(user.status, Status::LockedOut | Status::Suspended) {
            let text = "Your account is locked. Please contact your administrator.";
            return Err(Message::error("errors.E0000119", text).terminal(403));
        }
        if user.status == Status::Staged {
            user.status = Status::Active;
        }
        if let Some(device_code) = self.transaction.device_code.clone() {
            self.device_activated(&device_code);
            return Ok(());
        }
        self.note_verified();
        let code = self.random.secret();
        if self.transaction.request.enroll.is_empty() {
            self.org.grants.issue(code.clone(), self.transaction, self.now);
        }
        self.store_session();
        self.transaction.move_to(Step::Granted { code });
        Ok(())
    }

    /// Notes at the user's enrolments when they were verified.
    fn note_verified(&mut self) {
        let verified = self.transaction.verified.clone();
        let Some(user) = self.user_mut() else { return };
        for VerifiedFactor { key, at, .. } in verified {
            // Which of several passkeys was used is noted with its signature counter.
            if let Some(enrolment) = user.enrolment_mut(key).filter(|_| key != Authenticator::Webauthn) {
                enrolment.last_challenged = Some(at);
            }
        }
    }

    fn skip(&mut self) -> Outcome {
        let what = match &self.transaction.step {
            Step::RenewPassword(Some(_)) => Skipped::PasswordWarning,
            Step::UpdateProfile { skippable: true, .. } => Skipped::Profile,
            Step::PromotePasskey { .. } => {
                self.count_skipped_promotion();
                Skipped::Promotion
            }
            Step::DeviceWarning => Skipped::DeviceWarning,
            Step::SelectEnrollment(offer)
            | Step::EnrollPhone { offer, .. }
            | Step::Enrolling { offer, .. }
                if offer.skippable =>
            {
                let offer = offer.clone();
                self.skip_enrolment(&offer)?
            }
            _ => return Err(message::bad_request()),
        };
        self.transaction.skipped.push(what);
        self.advance()
    }

    /// Starts over with a new state handle.
    fn start_over(&mut self) {
        self.transaction.handle = new_handle(self.random);
        self.restart(Purpose::SignIn);
        let is_activation = self.transaction.device_code.take().is_some()
            || matches!(self.transaction.step, Step::ActivateDevice { .. });
        let first =
            if is_activation { Step::ActivateDevice { user_code: String::new() } } else { Step::Identify };
        self.transaction.move_to(first);
        self.transaction.expires_at = self.now.after(FIRST_STEP_LIFETIME);
    }

    fn restart(&mut self, purpose: Purpose) {
        self.transaction.purpose = purpose;
        self.transaction.subject = Subject::Unidentified;
        self.transaction.verified.clear();
        self.transaction.skipped.clear();
        self.transaction.consented = false;
    }
}

/// Who opened a challenge. The org sends no code until the user asks for one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum OpenedBy {
    User,
    Org,
}

/// A new state handle with Okta's prefix, or with the canary prefix.
pub(crate) fn new_handle(random: &mut Random) -> String {
    let secret = random.secret();
    if random.is_canary() { secret } else { format!("02.id.{secret}") }
}

/// The authenticators that can be challenged at a transaction's step.
pub(crate) fn offered_authenticators(
    org: &OrgState,
    transaction: &Transaction,
    now: Timestamp,
) -> Vec<Authenticator> {
    let Some(app) = org.app(&transaction.request.client_id) else { return Vec::new() };
    let user = transaction.user_id().and_then(|id| org.users.get(id));
    let methods = match transaction.purpose {
        Purpose::Recover => &app.password.recovery,
        Purpose::RecoverPin => return user.map(policy::pin_recovery).unwrap_or_default(),
        Purpose::Unlock => &app.password.unlock,
        Purpose::SignIn | Purpose::Register => {
            return match user.map(|user| policy::decide(app, &input(transaction, user, now))) {
                Some(NextStep::Verify(keys)) => keys,
                Some(_) => Vec::new(),
                None => policy::decoy_authenticators(app),
            };
        }
    };
    match user {
        // The additional security question of a recovery.
        Some(_) if !transaction.verified.is_empty() => vec![Authenticator::SecurityQuestion],
        Some(user) => policy::self_service(methods, user),
        None => methods.iter().copied().filter(|key| *key == Authenticator::OktaEmail).collect(),
    }
}

fn input<'a>(transaction: &'a Transaction, user: &'a OrgUser, now: Timestamp) -> PolicyInput<'a> {
    PolicyInput {
        user,
        verified: &transaction.verified,
        acr_values: transaction.request.acr_values.as_deref(),
        max_age: transaction.request.max_age,
        registering: transaction.purpose == Purpose::Register,
        skipped: &transaction.skipped,
        scopes: &transaction.request.scopes,
        enroll: &transaction.request.enroll,
        consented: transaction.consented,
        remember: transaction.remember,
        now,
    }
}

/// The enrolment offer of the current step.
pub(crate) fn enrollment_offer(step: &Step) -> Option<&EnrollmentOffer> {
    match step {
        Step::SelectEnrollment(offer) | Step::EnrollPhone { offer, .. } | Step::Enrolling { offer, .. } => {
            Some(offer)
        }
        _ => None,
    }
}
