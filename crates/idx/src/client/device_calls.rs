//! The calls that leave the device challenges which a page cannot pass on.

use super::org_client::Client;
use crate::call_context::CallContext;
use crate::error::Error;
use crate::flow::answer::Answer;
use crate::flow::device_challenge::{leaving_request, pending_challenge};
use crate::flow::plan::Plan;
use crate::flow::position::Position;
use crate::flow::stored_flow::{Flow, LeftDevice};
use crate::intent::Intent;
use crate::transport::Transport;

/// The most challenges of one response that are left: Apple's extension takes two requests, and another challenge may follow.
const MAX_LEFT_CHALLENGES: usize = 4;

impl<T: Transport> Client<T> {
    /// Leaves the challenges at the beginning of a flow. Only a sign-in can go on with the person that a device names.
    pub(super) async fn leave_first_challenges(
        &self,
        flow: &mut Flow,
        context: &CallContext,
    ) -> Result<(), Error> {
        match flow.intent() {
            Intent::Start | Intent::Authenticate | Intent::ActivateDevice => {
                self.leave_challenges(flow, LeftBy::Page, context).await
            }
            Intent::Register | Intent::RecoverPassword | Intent::UnlockAccount => {
                self.leave_challenges_but_at(&[], flow, LeftBy::Page, context).await
            }
        }
    }

    /// Leaves the challenges that the page cannot pass on.
    pub(super) async fn leave_challenges(
        &self,
        flow: &mut Flow,
        by: LeftBy,
        context: &CallContext,
    ) -> Result<(), Error> {
        let ports = flow.device_ports().to_vec();
        self.leave_challenges_but_at(&ports, flow, by, context).await
    }

    async fn leave_challenges_but_at(
        &self,
        ports: &[u16],
        flow: &mut Flow,
        by: LeftBy,
        context: &CallContext,
    ) -> Result<(), Error> {
        for _ in 0..MAX_LEFT_CHALLENGES {
            let document = flow.document();
            let Some(request) = leaving_request(document, ports) else { return Ok(()) };
            // An authenticator under way was chosen, and so was a launch.
            let was_chosen = by == LeftBy::Launch || document.container("currentAuthenticator").is_some();
            let challenge = pending_challenge(document).map(|(challenge, _)| challenge);
            let response = match self.submit(flow.id(), request, context).await {
                Ok(response) => response,
                Err(error) if error.leaves_outcome_unknown() => {
                    return self.recover(flow, error, context).await;
                }
                Err(error) => return Err(error),
            };
            flow.set_document(response.document);
            flow.set_left_device(LeftDevice { challenge, was_chosen });
            let plan = Plan::resumed(flow.intent(), Answer::default());
            let position = Position::from_index(plan.form_of_unanswered_document(flow.document()));
            flow.set_position(position);
        }
        Ok(())
    }
}

/// What led to the challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeftBy {
    /// The org asked by itself.
    Page,
    /// The person started Okta Verify.
    Launch,
}
