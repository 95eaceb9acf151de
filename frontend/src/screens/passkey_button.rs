//! The button on the first page that signs in with a passkey, without a username.

use super::form::step_answer;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::passkey;
use crate::flow::Flow;
use crate::flow::step::Event;
use crate::flow::step_fields::PASSKEY_BUTTON;
use crate::parts::button::QuietButton;
use crate::parts::look::look;
use crate::text::Phrase;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Has the person pick a passkey. The script that asks also ends the offer in the username field.
#[component]
pub(super) fn PasskeyButton(flow: Flow) -> AnyElement {
    let is_asking = RwSignal::new(false);
    let start = move || {
        if is_asking.get_untracked() || flow.is_busy_untracked() {
            return;
        }
        let Some(data) = flow.passkey_challenge(PASSKEY_BUTTON) else { return };
        is_asking.set(true);
        spawn_local(async move {
            let answer = passkey::pick(&data).await;
            // The person may have left the screen meanwhile.
            if is_asking.try_set(false).is_some() {
                return;
            }
            flow.send(match answer {
                Ok(proof) => Event::Submit(step_answer(PASSKEY_BUTTON, proof)),
                Err(refusal) => Event::ShowError(refusal.phrase()),
            });
        });
    };
    let label = flow.text.phrase(Phrase::PasskeySignIn);
    view! { <div {..look("providers")}><QuietButton label on_press=start/></div> }.into_any_element()
}
