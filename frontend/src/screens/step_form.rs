//! The forms after the first one: their texts, and their views besides the fields.

use super::device::LaunchButton;
use super::form::FormScreen;
use super::form_text;
use super::passkey_button::PasskeyButton;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::flow::Flow;
use crate::flow::device_step::Launch;
use crate::flow::field::{Control, Field, TextKind};
use crate::flow::form_kind::FormKind;
use crate::flow::screen::StepForm;
use crate::flow::step_fields::PASSKEY_BUTTON;
use crate::parts::look::look;
use crate::parts::picture::picture as code_picture;
use crate::text::Phrase;
use latchkey_contract::ConsentRequest;
use leptos::prelude::*;

/// Shows a form with the texts of its kind.
#[component]
pub(crate) fn StepFormScreen(form: StepForm, flow: Flow) -> AnyElement {
    let text = flow.text;
    let heading = form_text::heading(&form.kind, text);
    let lead = form_text::lead(&form.kind, text);
    let button = form_text::button(&form.kind);
    let above =
        [account(&form.fields, flow), about(&form.kind, flow)].into_iter().flatten().collect::<Vec<_>>();
    let below = [buttons(&form.kind, flow), certificate_advice(&form, flow)].into_iter().flatten().collect();
    view! { <FormScreen form heading lead above below button flow/> }.into_inner()
}

/// The buttons for Okta Verify and for passkeys, where the org takes them before it knows who signs in.
fn buttons(kind: &FormKind, flow: Flow) -> Vec<AnyElement> {
    if *kind != FormKind::SignIn {
        return Vec::new();
    }
    let launch = flow.launch().map(|Launch { href }| view! { <LaunchButton href flow/> }.into_inner());
    let passkey =
        flow.passkey_challenge(PASSKEY_BUTTON).map(|_| view! { <PasskeyButton flow/> }.into_inner());
    launch.into_iter().chain(passkey).collect()
}

/// What to do before the browser asks for a certificate, and what if it does not.
fn certificate_advice(form: &StepForm, flow: Flow) -> Vec<AnyElement> {
    let is_needed = form.providers.iter().any(|provider| provider.is_certificate);
    let advice = || {
        view! { <p {..look("form__advice")}>{flow.text.phrase(Phrase::CertificateLead)}</p> }
            .into_any_element()
    };
    is_needed.then(advice).into_iter().collect()
}

/// The username for password managers, if the form does not ask for it.
fn account(fields: &[Field], flow: Flow) -> Vec<AnyElement> {
    let has_fields = |is: fn(&Control) -> bool| fields.iter().any(|field| is(&field.control));
    let password = has_fields(|control| matches!(control, Control::Password | Control::NewPassword(_)));
    let username = has_fields(|control| {
        matches!(control, Control::Text(TextKind::Username | TextKind::UsernameOrPasskey | TextKind::Email))
    });
    let Some(known) = self::username(flow).filter(|_| password && !username) else {
        return Vec::new();
    };
    let hidden = view! {
        <input
            {..look("unseen")}
            type="text"
            name="username"
            autocomplete="username"
            tabindex="-1"
            aria-hidden="true"
            readonly
            value=known.clone()
        />
    };
    vec![view! { <p {..look("person")}>{known}</p> }.into_any_element(), hidden.into_any_element()]
}

/// The username that the person has typed.
fn username(flow: Flow) -> Option<String> {
    let typed = flow.drafts.with_value(|drafts| drafts.get("username").map(str::to_owned));
    typed.filter(|typed| !typed.is_empty())
}

/// The views of a page besides its fields.
fn about(kind: &FormKind, flow: Flow) -> Vec<AnyElement> {
    match kind {
        FormKind::EnrollApp { picture, secret, .. } => {
            let account = username(flow);
            code_picture(picture.clone(), secret.clone(), account.as_deref(), flow.text)
        }
        FormKind::Phone => {
            vec![
                view! { <p {..look("form__advice")}>{flow.text.phrase(Phrase::PhoneAdvice)}</p> }
                    .into_any_element(),
            ]
        }
        FormKind::Consent(request) | FormKind::EmailConsent(request) => requested(request, flow),
        _ => Vec::new(),
    }
}

/// What is to be allowed, and where the request comes from.
fn requested(request: &ConsentRequest, flow: Flow) -> Vec<AnyElement> {
    let text = flow.text;
    let scopes = request.scopes.iter().map(|scope| match scope.description.as_str() {
        "" => text.translated(&scope.label),
        description => format!("{}: {}", text.translated(&scope.label), text.translated(description)),
    });
    let details =
        request.details.iter().map(|detail| format!("{}: {}", text.translated(&detail.label), detail.value));
    let lines: Vec<AnyElement> =
        scopes.chain(details).map(|line| view! { <li>{line}</li> }.into_any_element()).collect();
    if lines.is_empty() {
        return lines;
    }
    vec![view! { <ul {..look("scopes")}>{lines}</ul> }.into_any_element()]
}
