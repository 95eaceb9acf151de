//! The question of a mailed link that was opened elsewhere: whether the sign-in is the person's own.

use super::account::beside;
use super::alternatives::Alternatives;
use super::form_text;
use super::frame::Frame;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::mount;
use crate::flow::Flow;
use crate::flow::screen::StepForm;
use crate::flow::step::Event;
use crate::parts::button::QuietButton;
use crate::parts::look::look;
use crate::text::Wording;
use latchkey_contract::Values;
use leptos::prelude::*;

/// Asks with two buttons that look alike, the refusal first as on Okta's pages: a person who has not asked for the sign-in must
/// not be led to allow it.
#[component]
pub(crate) fn EmailConsentScreen(form: StepForm, about: Vec<AnyElement>, flow: Flow) -> AnyElement {
    let heading = form_text::heading(&form.kind, flow.text);
    let beside = beside(form_text::icon(&form.kind), flow);
    let StepForm { fixed_values, decision, alternatives, .. } = form;
    let buttons: Vec<AnyElement> = decision
        .into_iter()
        .flat_map(|decision| {
            [(decision.decline, decision.declined_values), (decision.allow, fixed_values.clone())]
        })
        .map(|(label, values)| answer_button(&label, values, flow))
        .collect();
    view! {
        <Frame heading beside flow>
            {about}
            {view! { <div {..look("form__buttons")}>{buttons}</div> }.into_any_element()}
            <Alternatives all=alternatives flow/>
        </Frame>
    }
    .into_inner()
}

fn answer_button(label: &Wording, values: Values, flow: Flow) -> AnyElement {
    let answer = move || {
        let values = values.clone();
        mount::when_allowed(move || flow.send(Event::Submit(values)));
    };
    view! { <QuietButton label=flow.text.wording(label) on_press=answer/> }.into_inner()
}
