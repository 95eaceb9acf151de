//! A passkey is made or used: the browser asks the device.

use super::fill::skip_button;
use super::frame::frame;
use super::ways::ways;
use crate::browser::passkey::{self, Refusal};
use crate::flow::Flow;
use crate::flow::screen::{Ceremony, Passkey};
use crate::flow::step::Event;
use crate::parts::button::{Button, press};
use crate::text::Line;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Says what the browser will ask, and asks it when the button is pressed: as often as it takes.
pub(crate) fn passkey(screen: Passkey, flow: Flow) -> AnyView {
    let Passkey { ask, known, skip, ways: others } = screen;
    let text = flow.text;
    let (heading, lead, words) = match &ask {
        Ceremony::Make(_) => (Line::PasskeyMake, Line::PasskeyMakeLead, Line::PasskeyMakeDo),
        Ceremony::Use(_) => (Line::PasskeyUse, Line::PasskeyUseLead, Line::PasskeyUseDo),
    };
    let asking = RwSignal::new(false);
    let busy = Memo::new(move |_| asking.get() || flow.busy.get());
    let go = move || {
        let (ask, known) = (ask.clone(), known.clone());
        asking.set(true);
        spawn_local(async move {
            let answer = match ask {
                Ceremony::Make(data) => passkey::make(&data, &known).await,
                Ceremony::Use(data) => passkey::get(&data, &known).await,
            };
            asking.set(false);
            flow.send(match answer {
                Ok(values) => Event::Submit(values),
                Err(Refusal::Known) => Event::Say(Line::PasskeyKnown),
                Err(Refusal::Missing) => Event::Say(Line::PasskeyMissing),
                Err(Refusal::Cancelled) => Event::Say(Line::PasskeyFailed),
            });
        });
    };
    view! {
        {frame(text.line(heading), vec![text.line(lead)], flow)}
        <div class="form__buttons">
            {press(Button { words: text.line(words), busy }, go)}
            {skip.then(|| skip_button(flow))}
        </div>
        {ways(others, flow)}
    }
    .into_any()
}
