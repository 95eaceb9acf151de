//! Compares the step of a flow before and after a call to the org.

use crate::translate;
use latchkey_contract::{Input, Transaction};
use latchkey_idx::Flow;

/// Whether a page shows the same for both. The poll interval may differ between responses of the org.
pub(super) fn shows_the_same(before: &Flow, after: &Flow) -> bool {
    let shown = |flow: &Flow| {
        let shown = without_poll(flow);
        (shown.status, shown.next_step, shown.messages)
    };
    shown(before) == shown(after)
}

/// Whether both steps take the same answer. A poll may clear the message about a wrong code, and offer to send another one.
pub(super) fn takes_the_same_answer(before: &Flow, after: &Flow) -> bool {
    let asked = |flow: &Flow| {
        let mut asked = without_poll(flow);
        if let Some(step) = &mut asked.next_step {
            step.can_resend = false;
            step.inputs.iter_mut().for_each(clear_messages);
        }
        (asked.status, asked.next_step)
    };
    asked(before) == asked(after)
}

fn without_poll(flow: &Flow) -> Transaction {
    let mut shown = translate::transaction(String::new(), &flow.transaction());
    if let Some(step) = &mut shown.next_step {
        step.poll = None;
    }
    shown
}

fn clear_messages(input: &mut Input) {
    input.messages.clear();
    let of_form = input.form.iter_mut().flat_map(|form| &mut form.value);
    of_form.for_each(clear_messages);
}
