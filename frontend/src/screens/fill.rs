//! A form, whatever it asks.

use super::frame::frame;
use super::ways::{providers, ways};
use super::words;
use crate::flow::Flow;
use crate::flow::field::{Control, Field, Typed};
use crate::flow::screen::{Fill, Page};
use crate::flow::step::Event;
use crate::form::{Sheet, all};
use crate::parts::button::{Button, submit};
use crate::parts::picture::picture;
use crate::text::Line;
use latchkey_contract::{Value, Values};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// Shows a form and sends what is filled in.
pub(crate) fn fill(form: Fill, flow: Flow) -> AnyView {
    let Fill { page, fields, always, skip, ways: others, providers: elsewhere } = form;
    let text = flow.text;
    let sheet = Sheet::new(flow);
    let send = {
        let fields = fields.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            if flow.busy.get_untracked() {
                return;
            }
            match sheet.answers(&fields) {
                Some(answers) => {
                    flow.send(Event::Submit(always.clone().into_iter().chain(answers).collect()));
                }
                None => crate::browser::focus_step(),
            }
        }
    };
    clear_after_objection(sheet, fields.clone());
    let heading = words::heading(&page, text);
    let lead = words::lead(&page, text);
    let primary = Button { words: text.line(words::button(&page)), busy: flow.busy };
    let is_asked = !fields.is_empty() || elsewhere.is_empty();
    view! {
        {frame(heading, lead, flow)}
        {(!is_asked).then(|| providers(&elsewhere, flow, false))}
        {is_asked.then(|| view! {
            <form class="form" method="post" novalidate on:submit=send>
                {person(&fields, flow)}
                {picture_of(&page, flow)}
                {advice(&page, flow)}
                {all(&fields, sheet)}
                <div class="form__buttons">
                    {submit(primary)}
                    {skip.then(|| skip_button(flow))}
                </div>
            </form>
            {(!elsewhere.is_empty()).then(|| providers(&elsewhere, flow, true))}
        })}
        {ways(others, flow)}
    }
    .into_any()
}

/// A password that was turned down is typed anew; everything else stays.
fn clear_after_objection(sheet: Sheet, fields: Vec<Field>) {
    Effect::new(move |seen: Option<u32>| {
        let beat = sheet.flow.beat.get();
        if seen.is_some_and(|seen| seen != beat) && sheet.flow.notes.with_untracked(|notes| notes.object()) {
            sheet.clear_secrets(&fields);
        }
        beat
    });
}

/// Goes on without an answer.
pub(crate) fn skip_button(flow: Flow) -> AnyView {
    let skip = move |_| flow.send(Event::Submit(Values::from([("skip".to_owned(), Value::Bool(true))])));
    view! {
        <button type="button" class="button button--quiet" on:click=skip>
            {flow.text.line(Line::Skip)}
        </button>
    }
    .into_any()
}

/// Whose password is typed, for password managers, where the form itself does not ask.
fn person(fields: &[Field], flow: Flow) -> Option<AnyView> {
    let asks = |is: fn(&Control) -> bool| fields.iter().any(|field| is(&field.control));
    let password = asks(|control| matches!(control, Control::Password | Control::NewPassword(_)));
    let username = asks(|control| matches!(control, Control::Text(Typed::Username | Typed::Email)));
    let known = flow.drafts.with_value(|drafts| drafts.get("username").map(str::to_owned))?;
    (password && !username).then(|| {
        view! {
            <p class="person">{known.clone()}</p>
            <input class="unseen" type="text" name="username" autocomplete="username" tabindex="-1" aria-hidden="true" readonly value=known />
        }
        .into_any()
    })
}

fn picture_of(page: &Page, flow: Flow) -> Option<AnyView> {
    match page {
        Page::EnrollApp { picture: href, secret, .. } => {
            Some(picture(href.clone(), secret.clone(), flow.text))
        }
        _ => None,
    }
}

fn advice(page: &Page, flow: Flow) -> Option<AnyView> {
    matches!(page, Page::Phone)
        .then(|| view! { <p class="form__advice">{flow.text.line(Line::PhoneAdvice)}</p> }.into_any())
}
