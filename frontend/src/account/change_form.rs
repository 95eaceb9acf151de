//! The forms of the account page. They open below the row that they are about, one at a time, and give the focus back.

use super::change::{AccountChange, ChangeForm};
use super::change_field::{ChangeField, InputHints, MESSAGE_TYPES, mistake, refused};
use super::failure::{AccountFailure, Sentence};
use super::form_signals::{ControlState, FormSignals};
use super::make_change::{Changed, make, resend};
use super::page::AccountPage;
use super::phrase;
use super::rows::RowAction;
use super::security_state::{FormContent, SecurityState};
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::account::is_key;
use crate::form::text_field::{Labelled, error_id, is_invalid};
use crate::parts::button::{ActionButton, QuietButton, SubmitButton};
use crate::parts::look::look;
use crate::values;
use latchkey_contract::{StepUp, Values};
use leptos::ev;
use leptos::prelude::*;

/// The place of the form below a row or a group.
pub(super) fn form_place(place: String, state: SecurityState) -> AnyElement {
    let form = move || {
        let content = state.form_below(&place);
        untrack(|| content.map(|content| vec![open_form(content, state)]).unwrap_or_default())
    };
    view! { <div {..look("settings__below")}>{form}</div> }.into_any_element()
}

/// A form. Escape closes it.
fn open_form(content: FormContent, state: SecurityState) -> AnyElement {
    let form = match content {
        FormContent::Change(signals) => view! { <ChangeFields signals state/> }.into_inner(),
        FormContent::StepUp(change, needed) => view! { <AgainForm change needed state/> }.into_inner(),
    };
    let escape = move |event: ev::KeyboardEvent| {
        if is_key(&event, "Escape") {
            state.close();
        }
    };
    view! { <div {..look("settings__form")} on:keydown=escape>{form}</div> }.into_any_element()
}

/// The fields of a change, with its buttons.
#[component]
fn ChangeFields(signals: FormSignals, state: SecurityState) -> AnyElement {
    let page = state.page;
    let ChangeForm { lead, fields, button, sent_to } = signals.change.with_value(AccountChange::form);
    let controls = signals.controls.get_value();
    let shown: Vec<AnyElement> =
        fields.iter().zip(controls).flat_map(|(field, control)| shown(field, control, page)).collect();
    let lead = lead.map(|lead| advice(page.sentence(&lead)));
    let notes = move || signals.failure.get().map(|failure| vec![alert(&failure, page)]).unwrap_or_default();
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        submit(signals, state);
    };
    let buttons = view! {
        <div {..look("form__buttons")}>
            <SubmitButton label=page.say(button) busy=signals.busy.into()/>
            <QuietButton label=page.say(phrase::CANCEL) on_press=move || state.close()/>
        </div>
    };
    let again = sent_to.map(|to| resend_action(to, signals, page));
    view! {
        <form {..look("form")} novalidate on:submit=on_submit>
            {lead}
            {view! { <div {..look("notes")}>{notes}</div> }.into_any_element()}
            {shown}
            {buttons.into_any_element()}
            {again}
        </form>
    }
    .into_any_element()
}

/// Makes the change, unless a value is wrong or the change is under way.
fn submit(signals: FormSignals, state: SecurityState) {
    if signals.busy.get_untracked() {
        return;
    }
    let page = state.page;
    let typed = signals.controls.with_value(|controls| {
        controls.iter().map(|control| control.value.get_untracked()).collect::<Vec<_>>()
    });
    let mistake = signals.fields.with_value(|fields| mistake(fields, &typed));
    if let Some((at, why)) = mistake {
        refuse(at, Sentence::Ours(why), signals, page);
        return;
    }
    let answer = signals.fields.with_value(|fields| {
        let named = fields.iter().zip(typed).map(|(field, typed)| values::one(field.name(), typed));
        named.fold(Values::new(), values::both)
    });
    signals.busy.set(true);
    signals.failure.set(None);
    let change = signals.change.get_value();
    page.spawn(async move {
        let result = make(change.clone(), &answer, page).await;
        follow(change, result, signals, state).await;
        // The form may be gone by now.
        let _ = signals.busy.try_set(false);
    });
}

/// What follows the response. The result of a form that was closed meanwhile is only said.
async fn follow(
    change: AccountChange,
    result: Result<Changed, AccountFailure>,
    signals: FormSignals,
    state: SecurityState,
) {
    let is_closed = signals.busy.try_get_untracked().is_none();
    match result {
        Ok(Changed::Done(text, group)) => state.done(text, group).await,
        _ if is_closed => {}
        Ok(Changed::Next(next)) => state.open_next(next),
        Err(AccountFailure::StepUp(needed)) => state.open_step_up(change, needed),
        Err(failure) => fail(failure, signals, state.page),
    }
}

/// Shows a failure at the field whose value is refused, else above the fields.
fn fail(failure: AccountFailure, signals: FormSignals, page: AccountPage) {
    let refused_field =
        failure.refused_field().and_then(|name| signals.fields.with_value(|fields| refused(fields, name)));
    match refused_field {
        Some(at) => refuse(at, failure.sentence(), signals, page),
        None => signals.failure.set(Some(failure)),
    }
}

fn refuse(at: usize, why: Sentence, signals: FormSignals, page: AccountPage) {
    let control = signals.controls.with_value(|controls| controls.get(at).copied());
    let name = signals.fields.with_value(|fields| fields.get(at).map(ChangeField::name));
    if let Some((control, name)) = control.zip(name) {
        control.error.set(Some(why));
        page.focus_when_drawn(vec![format!("form [name=\"{name}\"]")]);
    }
}

/// Sends the code again.
fn resend_action(to: String, signals: FormSignals, page: AccountPage) -> AnyElement {
    let send = move || {
        let (change, to) = (signals.change.get_value(), to.clone());
        page.spawn(async move {
            match resend(change, page).await {
                Ok(change) => {
                    let _ = signals.change.try_set_value(change);
                    page.announce(page.say_about(phrase::CODE_SENT_TO, &to));
                }
                Err(failure) => {
                    let _ = signals.failure.try_set(Some(failure));
                }
            }
        });
    };
    let label = page.say(phrase::RESEND);
    let action = view! { <RowAction label trigger="resend".to_owned() on_press=send/> }.into_inner();
    view! { <div {..look("settings__actions")}>{action}</div> }.into_any_element()
}

/// The org wants another sign-in, after which the person comes back to the change.
#[component]
fn AgainForm(change: AccountChange, needed: StepUp, state: SecurityState) -> AnyElement {
    let page = state.page;
    let why = match page.username() {
        name if name.is_empty() => Sentence::Ours(phrase::STEP_UP),
        name => Sentence::About(phrase::STEP_UP_AS, name),
    };
    let why = page.sentence(&why);
    let busy = Signal::derive(|| false);
    let sign_in = move || page.step_up(&change.resumed_by(), needed.clone());
    let buttons = view! {
        <div {..look("form__buttons")}>
            <ActionButton label=page.say(phrase::SIGN_IN_AGAIN) busy on_press=sign_in/>
            <QuietButton label=page.say(phrase::CANCEL) on_press=move || state.close()/>
        </div>
    };
    view! {
        <form {..look("form")}>
            {view! { <p {..look("banner")} role="alert">{why}</p> }.into_any_element()}
            {buttons.into_any_element()}
        </form>
    }
    .into_any_element()
}

fn advice(words: String) -> AnyElement {
    view! { <p {..look("form__advice")}>{words}</p> }.into_any_element()
}

fn alert(failure: &AccountFailure, page: AccountPage) -> AnyElement {
    let words = page.sentence(&failure.sentence());
    view! { <p {..look("banner banner--error")} role="alert">{words}</p> }.into_any_element()
}

/// A field as a person sees it.
fn shown(field: &ChangeField, control: ControlState, page: AccountPage) -> Vec<AnyElement> {
    if *field == ChangeField::MessageType {
        return vec![message_types(field, control, page)];
    }
    let (name, label) = (field.name(), page.say(field.label()));
    let error = Signal::derive(move || {
        control.error.with(|error| error.as_ref().map(|why| page.sentence(why)).unwrap_or_default())
    });
    let id = format!("account-{name}");
    let InputHints { kind, autocomplete, inputmode, autocapitalize, maxlength } = field.hints();
    let advice_id = field.advice().map(|_| format!("{id}-advice"));
    let described =
        [Some(error_id(&id)), advice_id.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let input = view! {
        <input
            {..look("field__input")}
            id=id.clone()
            name=name
            type=kind
            autocomplete=autocomplete
            inputmode=inputmode
            autocapitalize=autocapitalize
            maxlength=maxlength
            spellcheck="false"
            aria-describedby=described
            aria-invalid=is_invalid(error)
            prop:value=control.value
            on:input:target=move |event| {
                control.value.set(event.target().value());
                control.error.set(None);
            }
        />
    }
    .into_any_element();
    let labelled = view! { <Labelled id label error control=input aside=None/> }.into_inner();
    let advice = field.advice().zip(advice_id).map(|(advice, id)| {
        view! { <p {..look("form__advice")} id=id>{page.say(advice)}</p> }.into_any_element()
    });
    [Some(labelled), advice].into_iter().flatten().collect()
}

/// How a code reaches a phone.
fn message_types(field: &ChangeField, control: ControlState, page: AccountPage) -> AnyElement {
    let name = field.name();
    let radio = |(value, label): (&'static str, _)| {
        let id = format!("account-{name}-{value}");
        let input = view! {
            <input
                type="radio"
                id=id.clone()
                name=name
                value=value
                prop:checked=move || control.value.with(|chosen| chosen == value)
                on:input:target=move |event| control.value.set(event.target().value())
            />
        };
        view! {
            <label {..look("settings__choice")} for=id>{input.into_any_element()}{page.say(label)}</label>
        }
        .into_any_element()
    };
    let legend = page.say(field.label());
    view! {
        <fieldset {..look("settings__choices")}>
            {view! { <legend {..look("choices__legend")}>{legend}</legend> }.into_any_element()}
            {MESSAGE_TYPES.into_iter().map(radio).collect::<Vec<_>>()}
        </fieldset>
    }
    .into_any_element()
}
