//! The screen that asks for a passkey.

use super::alternatives::{Alternatives, SkipButton};
use super::frame::Frame;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::passkey::{self, Refusal};
use crate::flow::Flow;
use crate::flow::screen::{Ceremony, Passkey};
use crate::flow::step::Event;
use crate::parts::button::ActionButton;
use crate::parts::look::look;
use crate::text::Phrase;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Says what the browser will ask, and asks whenever the person clicks the button.
#[component]
pub(crate) fn PasskeyScreen(prompt: Passkey, flow: Flow) -> AnyElement {
    let Passkey { ask, known, skip, alternatives } = prompt;
    let text = flow.text;
    let (heading, lead, label) = match &ask {
        Ceremony::Make(_) => (Phrase::PasskeyMake, Phrase::PasskeyMakeLead, Phrase::PasskeyMakeDo),
        Ceremony::Use(_) => (Phrase::PasskeyUse, Phrase::PasskeyUseLead, Phrase::PasskeyUseDo),
    };
    let is_asking = RwSignal::new(false);
    let busy = Signal::derive(move || is_asking.get() || flow.is_busy());
    // The script is fetched before the click, because some browsers allow the request only right after a click.
    spawn_local(passkey::stop());
    on_cleanup(|| spawn_local(passkey::stop()));
    let start = move || {
        let (ask, known) = (ask.clone(), known.clone());
        is_asking.set(true);
        spawn_local(async move {
            let answer = match ask {
                Ceremony::Make(data) => passkey::make(&data, &known).await,
                Ceremony::Use(data) => passkey::get(&data, &known).await,
            };
            // The person may have left the screen meanwhile.
            if is_asking.try_set(false).is_some() {
                return;
            }
            flow.send(match answer {
                Ok(values) => Event::Submit(values),
                Err(Refusal::Known) => Event::Say(Phrase::PasskeyKnown),
                Err(Refusal::Missing) => Event::Say(Phrase::PasskeyMissing),
                Err(Refusal::Cancelled) => Event::Say(Phrase::PasskeyFailed),
            });
        });
    };
    let buttons = view! {
        <div {..look("form__buttons")}>
            <ActionButton label=text.phrase(label) busy on_press=start/>
            {skip.then(|| view! { <SkipButton flow/> }.into_inner())}
        </div>
    };
    view! {
        <Frame heading=text.phrase(heading) lead=vec![text.phrase(lead)] flow>
            {buttons.into_any_element()}
            <Alternatives all=alternatives flow/>
        </Frame>
    }
    .into_inner()
}
