//! The forms after the first one: their texts, and their views besides the fields.

use super::account::beside;
use super::device::{LaunchButton, StepButton};
use super::email_consent::EmailConsentScreen;
use super::form::FormScreen;
use super::form_text;
use super::passkey_button::PasskeyButton;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::flow::Flow;
use crate::flow::device_step::{CARD_BUTTON, Launch};
use crate::flow::field::{Control, Field, TextKind};
use crate::flow::form_kind::FormKind;
use crate::flow::screen::StepForm;
use crate::flow::step_fields::{PASSKEY_BUTTON, PASSKEY_LAUNCH};
use crate::parts::look::look;
use crate::parts::picture::picture as code_picture;
use crate::text::{Phrase, Text};
use latchkey_contract::{ConsentRequest, StepUp};
use leptos::prelude::*;

/// Shows a form with the texts of its kind.
#[component]
pub(crate) fn StepFormScreen(form: StepForm, flow: Flow) -> AnyElement {
    let text = flow.text;
    if let FormKind::EmailConsent(request) = &form.kind {
        let about = requested(request, flow);
        return view! { <EmailConsentScreen form about flow/> }.into_inner();
    }
    let heading = form_text::heading(&form.kind, text);
    let step_up = flow.step_up().filter(|_| form.kind == FormKind::SignIn);
    let lead = step_up.map_or_else(|| form_text::lead(&form.kind, text), |asked| step_up_lead(&asked, text));
    let button = match &form.decision {
        Some(decision) => text.wording(&decision.allow),
        None => form_text::button(&form.kind, text),
    };
    let above =
        [username(&form.fields, flow), about(&form.kind, flow)].into_iter().flatten().collect::<Vec<_>>();
    let below = [buttons(&form.kind, flow), certificate_advice(&form, flow)].into_iter().flatten().collect();
    let beside = beside(form_text::icon(&form.kind), flow);
    view! { <FormScreen form heading beside lead above below button flow/> }.into_inner()
}

/// Why a signed-in person has to sign in again.
fn step_up_lead(asked: &StepUp, text: Text) -> Vec<String> {
    let why = if asked.acr_values.is_some() { Phrase::StepUpStrength } else { Phrase::StepUpAge };
    vec![text.phrase(why)]
}

/// The buttons for Okta Verify, for cards and for passkeys, where the org takes them before it knows who signs in.
fn buttons(kind: &FormKind, flow: Flow) -> Vec<AnyElement> {
    if *kind != FormKind::SignIn {
        return Vec::new();
    }
    let launch = flow.launch().map(|Launch { href }| view! { <LaunchButton href flow/> }.into_inner());
    let step = |step: &'static str, label| {
        flow.offers(step).then(|| view! { <StepButton step label flow/> }.into_inner())
    };
    let card = step(CARD_BUTTON, Phrase::CardSignIn);
    let passkey = match flow.passkey_challenge(PASSKEY_BUTTON) {
        Some(_) => Some(view! { <PasskeyButton flow/> }.into_inner()),
        None => step(PASSKEY_LAUNCH, Phrase::PasskeySignIn),
    };
    launch.into_iter().chain(card).chain(passkey).collect()
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

/// The username for password managers, if the form does not ask for it. It is shown if the org does not say whose the
/// flow is.
fn username(fields: &[Field], flow: Flow) -> Vec<AnyElement> {
    let has_fields = |is: fn(&Control) -> bool| fields.iter().any(|field| is(&field.control));
    let password = has_fields(|control| matches!(control, Control::Password | Control::NewPassword(_)));
    let asks_username = has_fields(|control| {
        matches!(control, Control::Text(TextKind::Username | TextKind::UsernameOrPasskey | TextKind::Email))
    });
    let identified = flow.user().map(|user| user.identifier);
    let is_shown = identified.is_none();
    let Some(known) = identified.or_else(|| typed_username(flow)).filter(|_| password && !asks_username)
    else {
        return Vec::new();
    };
    let person = is_shown.then(|| view! { <p {..look("person")}>{known.clone()}</p> }.into_any_element());
    let hidden = view! {
        <input
            {..look("unseen")}
            type="text"
            name="username"
            autocomplete="username"
            tabindex="-1"
            aria-hidden="true"
            readonly
            value=known
        />
    };
    person.into_iter().chain([hidden.into_any_element()]).collect()
}

/// The username that the person has typed.
fn typed_username(flow: Flow) -> Option<String> {
    let typed = flow.drafts.with_value(|drafts| drafts.get("username").map(str::to_owned));
    typed.filter(|typed| !typed.is_empty())
}

/// The views of a page besides its fields.
fn about(kind: &FormKind, flow: Flow) -> Vec<AnyElement> {
    match kind {
        FormKind::EnrollApp { picture, secret, .. } => {
            let account = typed_username(flow);
            code_picture(picture.clone(), secret.clone(), account.as_deref(), flow.text)
        }
        FormKind::MessageType(Some(number)) => {
            vec![view! { <p {..look("form__target")}><bdi>{number.clone()}</bdi></p> }.into_any_element()]
        }
        FormKind::Consent(request) => requested(request, flow),
        _ => Vec::new(),
    }
}

/// What is to be allowed, and where the request comes from.
fn requested(request: &ConsentRequest, flow: Flow) -> Vec<AnyElement> {
    let text = flow.text;
    let scopes = request.scopes.iter().map(|scope| match (scope_phrase(&scope.label), &*scope.description) {
        (Some(phrase), _) => text.phrase(phrase),
        (None, "") => text.translated(&scope.label),
        (None, description) => format!("{}: {}", text.translated(&scope.label), text.translated(description)),
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

/// What a scope of OpenID Connect allows, if the org has no words of its own for it.
fn scope_phrase(label: &str) -> Option<Phrase> {
    match label {
        "openid" => Some(Phrase::ScopeOpenid),
        "profile" => Some(Phrase::ScopeProfile),
        "email" => Some(Phrase::ScopeEmail),
        "phone" => Some(Phrase::ScopePhone),
        "address" => Some(Phrase::ScopeAddress),
        "offline_access" => Some(Phrase::ScopeOfflineAccess),
        _ => None,
    }
}
