//! The forms of the account page. They open below the row that they are about, one at a time, and give the focus back.

use super::change::{AccountChange, ChangeForm};
use super::change_field::{ChangeField, InputHints, MESSAGE_TYPES, mistake, refused};
use super::failure::{AccountFailure, Sentence};
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

/// A form that takes the focus. Escape closes it.
fn open_form(content: FormContent, state: SecurityState) -> AnyElement {
    let form = match content {
        FormContent::Change(change) => view! { <ChangeFields change state/> }.into_inner(),
        FormContent::StepUp(change, needed) => view! { <AgainForm change needed state/> }.into_inner(),
    };
    let escape = move |event: ev::KeyboardEvent| {
        if is_key(&event, "Escape") {
            state.close();
        }
    };
    state.page.focus_when_drawn(vec!["form input".to_owned(), "form button".to_owned()]);
    view! { <div {..look("settings__form")} on:keydown=escape>{form}</div> }.into_any_element()
}

/// A control of a form, with its value and its error.
#[derive(Clone, Copy)]
struct ControlState {
    value: RwSignal<String>,
    error: RwSignal<String>,
}

/// What happens in a form.
#[derive(Clone, Copy)]
struct FormSignals {
    change: StoredValue<AccountChange>,
    fields: StoredValue<Vec<ChangeField>>,
    controls: StoredValue<Vec<ControlState>>,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<AccountFailure>>,
    state: SecurityState,
}

/// The fields of a change, with its buttons.
#[component]
fn ChangeFields(change: AccountChange, state: SecurityState) -> AnyElement {
    let page = state.page;
    let ChangeForm { lead, fields, button, sent_to } = change.form();
    let control = |field: &ChangeField| ControlState {
        value: RwSignal::new(field.start().to_owned()),
        error: RwSignal::new(String::new()),
    };
    let controls: Vec<ControlState> = fields.iter().map(control).collect();
    let shown: Vec<AnyElement> =
        fields.iter().zip(&controls).flat_map(|(field, control)| shown(field, *control, page)).collect();
    let signals = FormSignals {
        change: StoredValue::new(change),
        fields: StoredValue::new(fields),
        controls: StoredValue::new(controls),
        busy: RwSignal::new(false),
        failure: RwSignal::new(None),
        state,
    };
    let lead = lead.map(|lead| advice(page.sentence(&lead)));
    let notes = move || signals.failure.get().map(|failure| vec![alert(&failure, page)]).unwrap_or_default();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        signals.submit();
    };
    let buttons = view! {
        <div {..look("form__buttons")}>
            <SubmitButton label=page.say(button) busy=signals.busy.into()/>
            <QuietButton label=page.say(phrase::CANCEL) on_press=move || state.close()/>
        </div>
    };
    let again = sent_to.map(|to| resend_action(to, signals));
    view! {
        <form {..look("form")} novalidate on:submit=submit>
            {lead}
            {view! { <div {..look("notes")}>{notes}</div> }.into_any_element()}
            {shown}
            {buttons.into_any_element()}
            {again}
        </form>
    }
    .into_any_element()
}

impl FormSignals {
    /// Makes the change, unless a value is wrong or the change is under way.
    fn submit(self) {
        if self.busy.get_untracked() {
            return;
        }
        let page = self.state.page;
        let typed = self.controls.with_value(|controls| {
            controls.iter().map(|control| control.value.get_untracked()).collect::<Vec<_>>()
        });
        let mistake = self.fields.with_value(|fields| mistake(fields, &typed));
        if let Some((at, why)) = mistake {
            self.refuse(at, page.say(why));
            return;
        }
        let answer = self.fields.with_value(|fields| {
            let named = fields.iter().zip(typed).map(|(field, typed)| values::one(field.name(), typed));
            named.fold(Values::new(), values::both)
        });
        self.busy.set(true);
        self.failure.set(None);
        let change = self.change.get_value();
        page.spawn(async move {
            let result = make(change.clone(), &answer, page).await;
            self.follow(change, result).await;
            // The form may be gone by now.
            let _ = self.busy.try_set(false);
        });
    }

    /// What follows the response. The result of a form that was closed meanwhile is only said.
    async fn follow(self, change: AccountChange, result: Result<Changed, AccountFailure>) {
        let is_closed = self.busy.try_get_untracked().is_none();
        match result {
            Ok(Changed::Done(text, group)) => self.state.done(text, group).await,
            _ if is_closed => {}
            Ok(Changed::Next(next)) => self.state.replace(FormContent::Change(next)),
            Err(AccountFailure::StepUp(needed)) => self.state.replace(FormContent::StepUp(change, needed)),
            Err(failure) => self.fail(failure),
        }
    }

    /// Shows a failure at the field whose value is refused, else above the fields.
    fn fail(self, failure: AccountFailure) {
        let at =
            failure.refused_field().and_then(|name| self.fields.with_value(|fields| refused(fields, name)));
        match at {
            Some(at) => self.refuse(at, self.state.page.sentence(&failure.sentence())),
            None => self.failure.set(Some(failure)),
        }
    }

    fn refuse(self, at: usize, why: String) {
        let control = self.controls.with_value(|controls| controls.get(at).copied());
        let name = self.fields.with_value(|fields| fields.get(at).map(ChangeField::name));
        if let Some((control, name)) = control.zip(name) {
            control.error.set(why);
            self.state.page.focus_when_drawn(vec![format!("form [name=\"{name}\"]")]);
        }
    }
}

/// Sends the code again.
fn resend_action(to: String, signals: FormSignals) -> AnyElement {
    let page = signals.state.page;
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
            aria-invalid=is_invalid(control.error.into())
            prop:value=control.value
            on:input:target=move |event| {
                control.value.set(event.target().value());
                control.error.set(String::new());
            }
        />
    }
    .into_any_element();
    let labelled =
        view! { <Labelled id label error=control.error.into() control=input aside=None/> }.into_inner();
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
