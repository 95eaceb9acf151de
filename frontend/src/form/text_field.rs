//! A text field with its label and its error.

use super::form_state::FormState;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::flow::expected_code::{CodeCharacters, ExpectedCode};
use crate::flow::field::{Control, Field, TextKind};
use crate::parts::look::look;
use crate::text::Phrase;
use leptos::prelude::*;

/// A field for a line of text.
pub(super) fn text(field: &Field, state: FormState) -> AnyElement {
    view! {
        <TextField
            id=field.id()
            label=label(field, state)
            hints=hints(&field.control)
            start=field.start.clone()
            is_kept=!field.is_secret()
            state
        />
    }
    .into_inner()
}

/// An input with its label. Typed text survives a reload unless it is secret.
#[component]
pub(super) fn TextField(
    id: String,
    label: String,
    hints: Hints,
    #[prop(optional)] start: String,
    is_kept: bool,
    /// A view at its end, such as a button.
    #[prop(optional)]
    aside: Option<AnyElement>,
    /// The error below it, if it is not the one that the form has.
    #[prop(optional_no_strip)]
    error: Option<Signal<String>>,
    state: FormState,
) -> AnyElement {
    let (flow, error) = (state.flow, error.unwrap_or_else(|| state.error(&id)));
    let value = if is_kept { state.draft_value(&id, &start) } else { state.value(&id, &start) };
    // The text may have been typed before the program listened.
    value.with_untracked(|value| {
        if is_kept && *value != start {
            flow.note_draft(&id, value);
        }
    });
    let noted = id.clone();
    let note = move |typed: String| {
        if is_kept {
            flow.note_draft(&noted, &typed);
        }
        value.set(typed);
        state.edit(&noted);
    };
    let input = view! {
        <input
            {..look("field__input")}
            id=id.clone()
            name=id.clone()
            type=hints.kind
            autocomplete=hints.autocomplete
            inputmode=hints.inputmode
            autocapitalize=hints.autocapitalize
            spellcheck="false"
            data-first=""
            aria-describedby=error_id(&id)
            aria-invalid=is_invalid(error)
            prop:value=value
            on:input:target=move |event| note(event.target().value())
        />
    }
    .into_any_element();
    view! { <Labelled id label error control=input aside/> }.into_inner()
}

/// A control with its label above and its error below.
#[component]
pub(crate) fn Labelled(
    id: String,
    label: String,
    error: Signal<String>,
    control: AnyElement,
    #[prop(optional_no_strip)] aside: Option<AnyElement>,
) -> AnyElement {
    view! {
        <div {..look("field")}>
            <label {..look("field__label")} for=id.clone()>{label}</label>
            <div {..look("field__box")}>{control}{aside}</div>
            <ErrorText id error/>
        </div>
    }
    .into_any_element()
}

/// The error below a control. It is a new element each time, so that screen readers read an equal one again.
#[component]
pub(super) fn ErrorText(id: String, error: Signal<String>) -> AnyElement {
    let words = move || {
        let words = error.get();
        (!words.is_empty())
            .then(|| view! { <span {..look("field__words")}>{words}</span> }.into_any_element())
    };
    view! { <p {..look("field__error")} id=error_id(&id)>{words}</p> }.into_any_element()
}

/// The id of the description of the control `id`.
pub(crate) fn error_id(id: &str) -> String {
    format!("{id}-error")
}

/// `aria-invalid`, from the error.
pub(crate) fn is_invalid(error: Signal<String>) -> impl Fn() -> &'static str + Send + Clone {
    move || if error.with(String::is_empty) { "false" } else { "true" }
}

/// The text of a label; an optional field says so.
pub(super) fn label(field: &Field, state: FormState) -> String {
    let text = state.flow.text;
    let label = text.wording(&field.label);
    if field.required { label } else { format!("{label} ({})", text.phrase(Phrase::Optional)) }
}

/// The attributes of a text field for browsers, password managers and touch keyboards.
#[derive(Clone, Copy)]
pub(crate) struct Hints {
    kind: &'static str,
    autocomplete: &'static str,
    inputmode: &'static str,
    autocapitalize: &'static str,
}

pub(super) fn hints(control: &Control) -> Hints {
    let (kind, autocomplete, inputmode) = match control {
        Control::Password => ("password", "current-password", "text"),
        Control::NewPassword(_) => ("password", "new-password", "text"),
        Control::Code(ExpectedCode { characters: CodeCharacters::Digits, .. }) => {
            ("text", "one-time-code", "numeric")
        }
        Control::Code(ExpectedCode { characters: CodeCharacters::Letters, .. }) => {
            ("text", "one-time-code", "text")
        }
        Control::Phone => ("tel", "tel", "tel"),
        Control::Text(TextKind::Username) => ("text", "username", "email"),
        Control::Text(TextKind::UsernameOrPasskey) => ("text", "username webauthn", "email"),
        Control::Text(TextKind::Email) => ("email", "email", "email"),
        Control::Text(TextKind::GivenName) => ("text", "given-name", "text"),
        Control::Text(TextKind::FamilyName) => ("text", "family-name", "text"),
        Control::Text(TextKind::Name(token)) => ("text", *token, "text"),
        Control::Text(TextKind::Number) => ("text", "off", "decimal"),
        Control::Text(TextKind::Integer) => ("text", "off", "numeric"),
        Control::Text(TextKind::Date) => ("date", "off", "text"),
        Control::Text(TextKind::Plain)
        | Control::Captcha
        | Control::Checkbox
        | Control::Radios(_)
        | Control::Select(_)
        | Control::Forms(_)
        | Control::Group(_)
        | Control::Fixed(_) => ("text", "off", "text"),
    };
    let autocapitalize = match control {
        Control::Code(ExpectedCode { characters: CodeCharacters::Letters, .. }) => "characters",
        Control::Text(TextKind::GivenName | TextKind::FamilyName | TextKind::Name(_)) => "words",
        _ => "none",
    };
    Hints { kind, autocomplete, inputmode, autocapitalize }
}
