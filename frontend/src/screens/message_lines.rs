//! The lines of an org's message that is more than a text: its links, and a button that calls an app on the device.

use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::device::ask_app;
use crate::flow::device_step::text as member;
use crate::parts::banner::{line, link_line};
use crate::parts::button::LinkButton;
use crate::text::{Phrase, Text, Wording};
use latchkey_contract::{I18n, Message, Value};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The state of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CallState {
    NotCalled,
    Calling,
    /// An app does what was asked for.
    Taken,
    /// No app has answered.
    NoApp,
}

/// The message and its links. A link without words of its own has those of the message.
pub(crate) fn message_lines(message: &Message, text: Text) -> Vec<AnyElement> {
    let words = text.wording(&Wording::Message(message.clone()));
    let own = message.links.iter().find(|link| link.label.is_none()).map(|link| link.url.clone());
    let first = match (&message.device_call, own) {
        (Some(call), link) => call_line(words, call.clone(), link, text),
        (None, Some(link)) => link_line(words, link),
        (None, None) => line(words),
    };
    let labelled =
        message.links.iter().filter_map(|link| Some(link_line(link.label.clone()?, link.url.clone())));
    core::iter::once(first).chain(labelled).collect()
}

/// A button with the words of the message. What comes of the call stands below it; without an app, the org's link.
fn call_line(words: String, call: Value, link: Option<String>, text: Text) -> AnyElement {
    let state = RwSignal::new(CallState::NotCalled);
    let label = words.clone();
    let instead = instead(&call, text);
    let press = move || {
        if state.get_untracked() == CallState::Calling {
            return;
        }
        state.set(CallState::Calling);
        let call = call.clone();
        spawn_local(async move {
            let is_taken = ask_app(&call).await;
            // The person may have left the screen meanwhile.
            let _ = state.try_set(if is_taken { CallState::Taken } else { CallState::NoApp });
        });
    };
    let outcome = move || match state.get() {
        CallState::NotCalled | CallState::Calling => None,
        CallState::Taken => Some(line(text.phrase(Phrase::DeviceAppAsked))),
        CallState::NoApp => match (&instead, &link) {
            (Some(instead), _) => Some(line(instead.clone())),
            (None, Some(link)) => Some(link_line(words.clone(), link.clone())),
            (None, None) => None,
        },
    };
    view! {
        <div>
            <p>{view! { <LinkButton label on_press=press/> }.into_inner()}</p>
            {outcome}
        </div>
    }
    .into_any_element()
}

/// What the org has to say if no app answers.
fn instead(call: &Value, text: Text) -> Option<String> {
    let message = Message {
        message: member(call, "fallback")?,
        i18n: member(call, "fallbackKey").map(|key| I18n { key, params: Vec::new() }),
        ..Message::default()
    };
    Some(text.wording(&Wording::Message(message)))
}
