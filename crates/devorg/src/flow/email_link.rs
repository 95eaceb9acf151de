//! Mailed links: what opening one does, and the question whether to allow the sign-in.

use super::access::consent_refused;
use super::{IdentityEngine, IdxRequest, Outcome, new_handle};
use crate::org::message::{self, Message, Refusal};
use crate::org::transaction::{Challenge, Enrolling, InteractRequest, LinkConsent, Step, Transaction};

impl IdentityEngine<'_> {
    /// The magic link was opened, which counts as the code. The page learns of it by polling.
    pub(crate) fn follow_email_link(&mut self) -> Outcome {
        self.enter_linked_code()?;
        self.transaction.completed_elsewhere = true;
        Ok(())
    }

    /// Begins a page of the org's own that asks whether to allow the sign-in, and returns its state token.
    pub(crate) fn ask_on_page(&mut self) -> Result<String, Refusal> {
        let code = self.transaction.code().ok_or_else(message::bad_request)?;
        let (link, expires_at) = (code.link.clone().ok_or_else(message::bad_request)?, code.expires_at);
        let page = Transaction {
            handle: new_handle(self.random),
            interaction: self.random.secret(),
            request: InteractRequest::of_the_org(self.transaction.request.client_id.clone()),
            verified: Vec::new(),
            step: Step::EmailConsent(LinkConsent::OnPage { link }),
            notices: Vec::new(),
            expires_at,
            session: None,
            device_code: None,
            ..self.transaction.clone()
        };
        let token = page.handle.clone();
        self.org.transactions.put(page);
        Ok(token)
    }

    /// Asks in the app, in which the link was opened.
    pub(super) fn ask_in_app(&mut self) {
        let waiting = Box::new(self.transaction.step.clone());
        self.transaction.move_to(Step::EmailConsent(LinkConsent::InApp(waiting)));
    }

    /// The user of the mailed link allowed the sign-in, or not.
    pub(super) fn decide_email_link(&mut self, opened: LinkConsent, allow: bool) -> Outcome {
        match opened {
            LinkConsent::OnPage { link } => self.decide_on_page(&link, allow),
            LinkConsent::InApp(waiting) if allow => {
                self.transaction.move_to(*waiting);
                if let Some(code) = self.transaction.code_mut() {
                    code.opened = false;
                }
                self.enter_linked_code()?;
                self.transaction.transferred = true;
                return Ok(());
            }
            LinkConsent::InApp(_) => self.end(consent_refused(), true),
        }
        Ok(())
    }

    /// Decides for the transaction that waits, and ends the one of the page.
    fn decide_on_page(&mut self, link: &str, allow: bool) {
        let now = self.now;
        let is_linked = |waiting: &Transaction| {
            waiting.code().is_some_and(|code| now < code.expires_at && code.link.as_deref() == Some(link))
        };
        let handle = self.org.transactions.find(is_linked).map(|waiting| waiting.handle.clone());
        let waiting = handle.and_then(|handle| self.org.transactions.take(&handle));
        let Some(mut waiting) = waiting else { return self.end(link_expired(), false) };
        let mut engine = IdentityEngine {
            org: self.org,
            transaction: &mut waiting,
            origin: self.origin,
            now,
            random: self.random,
        };
        let message = if allow { engine.allow_from_page() } else { engine.deny_from_page() };
        self.org.transactions.put(waiting);
        self.end(message, false);
    }

    fn allow_from_page(&mut self) -> Message {
        match self.follow_email_link() {
            Ok(()) => Message::info(
                "idx.return.to.original.tab",
                "Close this window and return to the original tab.",
            ),
            Err(_) => Message::error(
                "idx.return.error",
                "Could not process this email link. Return to the screen where you requested it.",
            ),
        }
    }

    fn deny_from_page(&mut self) -> Message {
        let text = "Operation cancelled on other device.";
        self.end(Message::info("idx.operation.cancelled.on.other.device", text), true);
        self.transaction.completed_elsewhere = true;
        consent_refused()
    }

    /// Answers the step that waits with the code of its mail.
    fn enter_linked_code(&mut self) -> Outcome {
        let passcode =
            self.transaction.code().map(|code| code.passcode.clone()).ok_or_else(message::bad_request)?;
        match &self.transaction.step {
            Step::Challenge(Challenge::Code { .. }) | Step::Enrolling { what: Enrolling::Email(_), .. } => {
                self.take(IdxRequest::answer(&passcode))
            }
            _ => Err(message::bad_request()),
        }
    }

    fn end(&mut self, message: Message, cancel: bool) {
        self.transaction.move_to(Step::Ended { messages: vec![message], cancel });
    }
}

fn link_expired() -> Message {
    Message::error("idx.return.link.expired", "This email link has expired. Request a new one.")
}
