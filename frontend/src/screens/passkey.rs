//! A passkey is made or used: the browser asks the device.

use super::frame::frame;
use super::ways::{skip, ways};
use crate::browser::passkey::{self, Refusal};
use crate::browser::tag::{Tag, tag};
use crate::flow::Flow;
use crate::flow::screen::{Ceremony, Passkey};
use crate::flow::step::Event;
use crate::parts::button::press;
use crate::text::Line;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Says what the browser will ask, and asks it when the button is pressed: as often as it takes.
pub(crate) fn passkey(screen: Passkey, flow: Flow) -> Tag {
    let Passkey { ask, known, skip: can_skip, ways: others } = screen;
    let text = flow.text;
    let (heading, lead, words) = match &ask {
        Ceremony::Make(_) => (Line::PasskeyMake, Line::PasskeyMakeLead, Line::PasskeyMakeDo),
        Ceremony::Use(_) => (Line::PasskeyUse, Line::PasskeyUseLead, Line::PasskeyUseDo),
    };
    let asking = RwSignal::new(false);
    let busy = move || asking.get() || flow.is_busy();
    // The script is here before the button is pressed: some browsers ask the device right after a press or not at all.
    spawn_local(passkey::stop());
    on_cleanup(|| spawn_local(passkey::stop()));
    let go = move || {
        let (ask, known) = (ask.clone(), known.clone());
        asking.set(true);
        spawn_local(async move {
            let answer = match ask {
                Ceremony::Make(data) => passkey::make(&data, &known).await,
                Ceremony::Use(data) => passkey::get(&data, &known).await,
            };
            // The person may have gone another way meanwhile.
            if asking.try_set(false).is_some() {
                return;
            }
            flow.send(match answer {
                Ok(values) => Event::Submit(values),
                Err(Refusal::Known) => Event::Say(Line::PasskeyKnown),
                Err(Refusal::Missing) => Event::Say(Line::PasskeyMissing),
                Err(Refusal::Cancelled) => Event::Say(Line::PasskeyFailed),
            });
        });
    };
    let buttons = tag("div")
        .class("form__buttons")
        .child(press(&text.line(words), busy, go))
        .children(can_skip.then(|| skip(flow)));
    frame(&text.line(heading), &[text.line(lead)], flow).child(buttons).children(ways(others, flow))
}
