//! The general form.

use super::alternatives::{Alternatives, Providers, SkipButton};
use super::frame::{Frame, HeadingViews};
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::passkey::{self, PasskeyRefusal};
use crate::browser::{focus, mount};
use crate::flow::Flow;
use crate::flow::field::{Control, Field, TextKind};
use crate::flow::screen::StepForm;
use crate::flow::step::Event;
use crate::flow::step_fields::AUTOFILL;
use crate::form::fields::fields;
use crate::form::form_state::FormState;
use crate::late;
use crate::parts::button::{QuietButton, SubmitButton};
use crate::parts::look::look;
use crate::text::Phrase;
use crate::values;
use latchkey_contract::{Value, Values};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// Shows a form and submits it. `above` is shown above the fields.
#[component]
pub(crate) fn FormScreen(
    form: StepForm,
    heading: String,
    #[prop(optional)] beside: HeadingViews,
    #[prop(optional)] lead: Vec<String>,
    #[prop(optional)] above: Vec<AnyElement>,
    #[prop(optional)] below: Vec<AnyElement>,
    button: String,
    flow: Flow,
) -> AnyElement {
    let text = flow.text;
    // A step with identity providers only has nothing to submit.
    let is_sent = !form.fields.is_empty() || form.providers.is_empty();
    let (providers, alternatives) = (form.providers.clone(), form.alternatives.clone());
    let or = (is_sent && !providers.is_empty())
        .then(|| view! { <p {..look("or")}>{text.phrase(Phrase::Or)}</p> }.into_any_element());
    let form = is_sent.then(|| view! { <Form form above button flow/> }.into_inner());
    view! {
        <Frame heading beside lead flow>
            {form}
            {or}
            <Providers all=providers flow/>
            {below}
            <Alternatives all=alternatives flow/>
        </Frame>
    }
    .into_inner()
}

/// The fields and the submit button.
#[component]
fn Form(form: StepForm, above: Vec<AnyElement>, button: String, flow: Flow) -> AnyElement {
    let StepForm { fields: asked, fixed_values, skip, decision, .. } = form;
    let state = FormState::new(flow);
    let busy = Signal::derive(move || flow.is_busy() || state.is_pending());
    clear_after_refusal(state, passwords(&asked));
    if takes_passkey(&asked) {
        offer_passkeys(flow);
    }
    let asked: Arc<[Field]> = asked.into();
    let inputs = fields(&asked, state);
    // A decision is not made for the person by Enter.
    let is_focused = asked.iter().all(Field::is_fixed) && decision.is_none();
    let decline = decision.map(|decision| {
        let (label, asked) = (flow.text.wording(&decision.decline), Arc::clone(&asked));
        let decline = move || send(&asked, &decision.declined_values, state);
        view! { <QuietButton label on_press=decline/> }.into_inner()
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        send(&asked, &fixed_values, state);
    };
    view! {
        <form {..look("form")} method="post" novalidate on:submit=submit>
            {above}
            {inputs}
            <div {..look("form__buttons")}>
                <SubmitButton label=button busy is_focused/>
                {decline}
                {skip.map(|label| view! { <SkipButton label flow/> }.into_inner())}
            </div>
        </form>
    }
    .into_any_element()
}

fn send(fields: &[Field], fixed_values: &Values, state: FormState) {
    if state.flow.is_busy_untracked() || state.is_pending_untracked() {
        return;
    }
    match state.answers(fields, late::take) {
        Some(answers) => {
            let answer = values::both(fixed_values.clone(), answers);
            mount::when_allowed(move || state.flow.send(Event::Submit(answer)));
        }
        None if state.is_pending_untracked() => {}
        None => focus::focus_step_when_drawn(),
    }
}

fn takes_passkey(fields: &[Field]) -> bool {
    fields.iter().any(|field| matches!(field.control, Control::Text(TextKind::UsernameOrPasskey)))
}

/// Lets the browser offer passkeys by autofill in the username field, with the org's current challenge.
fn offer_passkeys(flow: Flow) {
    on_cleanup(|| spawn_local(passkey::stop()));
    let replies = Memo::new(move |_| flow.replies());
    Effect::new(move || {
        replies.track();
        let Some(data) = flow.passkey_challenge(AUTOFILL) else { return };
        spawn_local(async move {
            match passkey::offer(&data).await {
                Ok(proof) => flow.send(Event::Submit(step_answer(AUTOFILL, proof))),
                Err(PasskeyRefusal::Invalid) => flow.send(Event::ShowError(Phrase::PasskeyInvalid)),
                Err(_) => {}
            }
        });
    });
}

/// A refused password is cleared; everything else stays.
fn clear_after_refusal(state: FormState, passwords: Vec<String>) {
    let flow = state.flow;
    let first = untrack(|| flow.replies());
    Effect::new(move || {
        if flow.replies() != first && flow.notices.with_untracked(|notices| notices.notes.object()) {
            untrack(|| state.clear(&passwords));
        }
    });
}

fn passwords(fields: &[Field]) -> Vec<String> {
    fields.iter().filter(|field| matches!(field.control, Control::Password)).map(Field::id).collect()
}

/// The answer to the step of this name: what a passkey has signed.
pub(super) fn step_answer(name: &str, proof: Values) -> Values {
    let mut answer = values::one("step", name);
    answer.insert("credentials".to_owned(), Value::Object(proof));
    answer
}
