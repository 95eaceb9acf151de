//! The screens of Okta Verify on this device (FastPass): passing a challenge on, opening the app, and starting it.

use super::account::beside;
use super::alternatives::Alternatives;
use super::frame::Frame;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::device::{self, PassOutcome, Permission};
use crate::browser::open;
use crate::flow::Flow;
use crate::flow::device_step::{LAUNCH, flag, text};
use crate::flow::screen::{DeviceStep, DeviceTask, Screen};
use crate::flow::step::Event;
use crate::parts::button::{ActionButton, QuietButton};
use crate::parts::icon::Icon;
use crate::parts::look::look;
use crate::text::Phrase;
use crate::values;
use latchkey_contract::Value;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The icon of Okta Verify, which the org does not name at every one of these steps.
const ICON: Icon = Icon::Shield;

/// The state of passing a challenge on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PassState {
    /// Okta Verify is looked for, or has the challenge.
    Passing,
    /// The browser may ask the person for permission.
    Asking,
    /// The person has refused the permission.
    Refused,
}

/// Shows what Okta Verify is asked for.
#[component]
pub(crate) fn DeviceScreen(step: DeviceStep, flow: Flow) -> AnyElement {
    match step.task.clone() {
        DeviceTask::Pass(challenge) => view! { <PassScreen step challenge flow/> }.into_inner(),
        DeviceTask::Open { href, download } => view! { <OpenScreen step href download flow/> }.into_inner(),
        DeviceTask::Launch { href } => view! { <LaunchScreen step href flow/> }.into_inner(),
    }
}

/// Passes the challenge on, and gives up by the cancel form when no Okta Verify takes it.
#[component]
fn PassScreen(step: DeviceStep, challenge: Value, flow: Flow) -> AnyElement {
    let words = flow.text;
    let state = RwSignal::new(PassState::Passing);
    let (cancel, alternatives) = (step.cancel, step.alternatives);
    // The first step of a flow: the person has not asked for the device, and the org goes on without it.
    let is_silent = flow.has_just_begun();
    let help = text(&challenge, "permissionHelp");
    let start = move |challenge: Value| {
        let cancel = cancel.clone();
        spawn_local(async move {
            let permission = match flag(&challenge, "needsPermission") {
                true => device::permission().await,
                false => Permission::Free,
            };
            let next = match permission {
                Permission::Denied if !is_silent => PassState::Refused,
                Permission::Prompt => PassState::Asking,
                Permission::Denied | Permission::Free => PassState::Passing,
            };
            // The person may have left the screen meanwhile.
            if state.try_set(next).is_some() || next == PassState::Refused {
                return;
            }
            let outcome = device::pass(&challenge).await;
            match (outcome, cancel) {
                _ if state.is_disposed() => {}
                (PassOutcome::Answered, _) => flow.send(Event::Poll),
                (PassOutcome::Failed(reason), Some(cancel)) => {
                    flow.send(Event::Submit(values::both(values::one("step", cancel), reason)));
                }
                (PassOutcome::Failed(_), None) | (PassOutcome::Stopped, _) => {}
            }
        });
    };
    on_cleanup(|| spawn_local(device::stop()));
    let again = {
        let start = start.clone();
        move || start(challenge.clone())
    };
    // The org may ask twice, for example for biometrics: a poll then has another challenge.
    Effect::new(move |before: Option<Value>| {
        flow.replies();
        let now = match flow.screen() {
            Screen::Device(DeviceStep { task: DeviceTask::Pass(challenge), .. }) => challenge,
            _ => return before.unwrap_or(Value::Bool(false)),
        };
        if before.as_ref() != Some(&now) {
            start(now.clone());
        }
        now
    });
    let body = move || match state.get() {
        PassState::Refused => refused(help.clone(), again.clone(), flow),
        PassState::Passing => waiting(Phrase::DeviceWaiting, flow),
        PassState::Asking => waiting(Phrase::DeviceAsking, flow),
    };
    view! {
        <Frame heading=words.phrase(Phrase::FastPassSignIn) beside=beside(Some(ICON), flow) flow>
            {view! { <div>{body}</div> }.into_any_element()}
            <Alternatives all=alternatives flow/>
        </Frame>
    }
    .into_inner()
}

/// A sentence, and the sign that the page goes on by itself.
fn waiting(lead: Phrase, flow: Flow) -> AnyElement {
    let lead = flow.text.phrase(lead);
    view! { <div {..look("device")}><p {..look("lead")}>{lead}</p>{dots()}</div> }.into_any_element()
}

/// What to do in the browser, and a button to try again.
fn refused(help: Option<String>, again: impl Fn() + Send + Sync + 'static, flow: Flow) -> AnyElement {
    let words = flow.text;
    let step = |phrase| view! { <li>{words.phrase(phrase)}</li> }.into_any_element();
    let steps = [Phrase::DeviceRefusedOne, Phrase::DeviceRefusedTwo, Phrase::DeviceRefusedThree].map(step);
    let help = help.filter(|help| help.starts_with("https://")).map(|href| {
        let label = words.phrase(Phrase::Help);
        view! { <p><a {..look("link")} rel="external noreferrer" target="_blank" href=href>{label}</a></p> }
            .into_any_element()
    });
    view! {
        <div {..look("device")}>
            <p {..look("lead")}>{words.phrase(Phrase::DeviceRefused)}</p>
            <ol {..look("scopes")}>{steps}</ol>
            {help}
            <div {..look("form__buttons")}>
                <QuietButton label=words.phrase(Phrase::TryAgain) on_press=again/>
            </div>
        </div>
    }
    .into_any_element()
}

/// A link that opens the app. A person follows it: browsers open an app right after a click only.
#[component]
fn OpenScreen(step: DeviceStep, href: String, download: Option<String>, flow: Flow) -> AnyElement {
    let words = flow.text;
    let download = download.filter(|download| download.starts_with("https://")).map(|href| {
        let label = words.phrase(Phrase::DeviceDownload);
        view! { <p><a {..look("link")} rel="external noreferrer" target="_blank" href=href>{label}</a></p> }
            .into_any_element()
    });
    let label = words.phrase(Phrase::DeviceOpen);
    let button = view! {
        <div {..look("form__buttons")}>
            <a {..look("button")} rel="external" href=href data-first="">{label.clone()}</a>
        </div>
    };
    view! {
        <Frame heading=label beside=beside(Some(ICON), flow) lead=vec![words.phrase(Phrase::DeviceOpenLead)] flow>
            {button.into_any_element()}
            {dots()}
            {download}
            <Alternatives all=step.alternatives flow/>
        </Frame>
    }
    .into_inner()
}

/// The page of an org that takes nothing but FastPass.
#[component]
fn LaunchScreen(step: DeviceStep, href: Option<String>, flow: Flow) -> AnyElement {
    let words = flow.text;
    let label = words.phrase(Phrase::FastPassSignIn);
    let busy = Signal::derive(move || flow.is_busy());
    let launch = move || start_app(href.as_deref(), flow);
    let button = view! {
        <div {..look("form__buttons")}>
            <ActionButton label=label.clone() busy on_press=launch/>
        </div>
    };
    view! {
        <Frame heading=label beside=beside(Some(ICON), flow) lead=vec![words.phrase(Phrase::FastPassRequired)] flow>
            {button.into_any_element()}
            <Alternatives all=step.alternatives flow/>
        </Frame>
    }
    .into_inner()
}

/// The button on the first page that starts Okta Verify.
#[component]
pub(super) fn LaunchButton(href: Option<String>, flow: Flow) -> AnyElement {
    let label = flow.text.phrase(Phrase::FastPassSignIn);
    let launch = move || start_app(href.as_deref(), flow);
    view! { <div {..look("providers")}><QuietButton label on_press=launch/></div> }.into_any_element()
}

/// A button on the first page that takes the step of this name: a card is read, or a passkey challenged.
#[component]
pub(super) fn StepButton(step: &'static str, label: Phrase, flow: Flow) -> AnyElement {
    let label = flow.text.phrase(label);
    let take = move || {
        if !flow.is_busy_untracked() {
            flow.send(Event::Submit(values::one("step", step)));
        }
    };
    view! { <div {..look("providers")}><QuietButton label on_press=take/></div> }.into_any_element()
}

/// Opens the app first where a link does, since the org expects its request then.
fn start_app(href: Option<&str>, flow: Flow) {
    if flow.is_busy_untracked() {
        return;
    }
    if let Some(href) = href {
        open(href);
    }
    flow.send(Event::Submit(values::one("step", LAUNCH)));
}

fn dots() -> AnyElement {
    let dot = || view! { <span {..look("waiting__dot")}></span> };
    view! { <p {..look("waiting")} aria-hidden="true">{[dot(), dot(), dot()]}</p> }.into_any_element()
}
