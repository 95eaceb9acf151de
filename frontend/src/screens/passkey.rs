//! The screen that asks for a passkey.

use super::account::beside;
use super::alternatives::{Alternatives, SkipButton};
use super::frame::Frame;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::passkey;
use crate::flow::Flow;
use crate::flow::screen::{Ceremony, Passkey, PasskeyName, USER_HANDLE};
use crate::flow::step::Event;
use crate::parts::button::ActionButton;
use crate::parts::icon::Icon;
use crate::parts::look::look;
use crate::text::{Phrase, Text};
use latchkey_contract::Value;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Says what the browser will ask, and asks whenever the person clicks the button.
#[component]
pub(crate) fn PasskeyScreen(prompt: Passkey, flow: Flow) -> AnyElement {
    let Passkey { ceremony, name, known, has_user_handle, skip, alternatives } = prompt;
    let text = flow.text;
    let PasskeyTexts { heading, lead, button } = texts(&ceremony, &name, text);
    let skip_label = match ceremony {
        Ceremony::Promote(_) => Phrase::NotNow,
        Ceremony::Make(_) | Ceremony::Use(_) => Phrase::Skip,
    };
    let is_asking = RwSignal::new(false);
    let busy = Signal::derive(move || is_asking.get() || flow.is_busy());
    match &ceremony {
        Ceremony::Promote(data) => upgrade(data.clone(), known.clone(), is_asking, flow),
        // The script is fetched before the click, because some browsers allow the request only right after a click.
        Ceremony::Make(_) | Ceremony::Use(_) => spawn_local(passkey::stop()),
    }
    on_cleanup(|| spawn_local(passkey::stop()));
    let start = move || {
        let (ceremony, known) = (ceremony.clone(), known.clone());
        is_asking.set(true);
        spawn_local(async move {
            let answer = match ceremony {
                Ceremony::Make(data) | Ceremony::Promote(data) => passkey::make(&data, &known).await,
                Ceremony::Use(data) => passkey::get(&data, &known).await,
            };
            // The person may have left the screen meanwhile.
            if is_asking.try_set(false).is_some() {
                return;
            }
            flow.send(match answer {
                Ok(mut values) => {
                    if !has_user_handle {
                        values.remove(USER_HANDLE);
                    }
                    Event::Submit(values)
                }
                Err(refusal) => Event::ShowError(refusal.phrase()),
            });
        });
    };
    let buttons = view! {
        <div {..look("form__buttons")}>
            <ActionButton label=button busy on_press=start/>
            {skip.then(|| view! { <SkipButton label=skip_label flow/> }.into_inner())}
        </div>
    };
    view! {
        <Frame heading beside=beside(Some(Icon::Passkey), flow) lead=vec![lead] flow>
            {buttons.into_any_element()}
            <Alternatives all=alternatives flow/>
        </Frame>
    }
    .into_inner()
}

/// Makes the offered passkey without asking, where the browser can. If it cannot, the person decides.
fn upgrade(data: Value, known: Vec<String>, is_asking: RwSignal<bool>, flow: Flow) {
    spawn_local(async move {
        let answer = passkey::upgrade(&data, &known).await;
        // The person may have left the screen meanwhile, or pressed the button.
        if is_asking.try_get_untracked() == Some(false)
            && let Ok(values) = answer
        {
            flow.send(Event::Submit(values));
        }
    });
}

/// What the screen says.
struct PasskeyTexts {
    heading: String,
    lead: String,
    button: String,
}

/// The texts by what is asked and by what the org calls it.
fn texts(ceremony: &Ceremony, name: &PasskeyName, text: Text) -> PasskeyTexts {
    let heading = match (ceremony, name) {
        (Ceremony::Promote(_), PasskeyName::Passkeys) => text.phrase(Phrase::PasskeyPromotion),
        (Ceremony::Make(_) | Ceremony::Promote(_), PasskeyName::Default) => text.phrase(Phrase::PasskeyMake),
        (Ceremony::Make(_), PasskeyName::Passkeys) => text.phrase(Phrase::PasskeyOnlyMake),
        (Ceremony::Make(_) | Ceremony::Promote(_), PasskeyName::Own(name)) => {
            text.phrase_with(Phrase::SetUpApp, name)
        }
        (Ceremony::Use(_), PasskeyName::Default) => text.phrase(Phrase::PasskeyUse),
        (Ceremony::Use(_), PasskeyName::Passkeys) => text.phrase(Phrase::PasskeyOnlyUse),
        (Ceremony::Use(_), PasskeyName::Own(name)) => text.phrase_with(Phrase::VerifyWith, name),
    };
    let lead = match (ceremony, name) {
        (Ceremony::Use(_), _) => Phrase::PasskeyUseLead,
        (Ceremony::Make(_) | Ceremony::Promote(_), PasskeyName::Default) => Phrase::PasskeyMakeLead,
        (Ceremony::Make(_) | Ceremony::Promote(_), PasskeyName::Passkeys | PasskeyName::Own(_)) => {
            Phrase::PasskeyExplained
        }
    };
    let button = match ceremony {
        Ceremony::Make(_) => Phrase::PasskeyMakeDo,
        Ceremony::Promote(_) => Phrase::PasskeyCreate,
        Ceremony::Use(_) => Phrase::PasskeyUseDo,
    };
    PasskeyTexts { heading, lead: text.phrase(lead), button: text.phrase(button) }
}
