//! The sign-in page of a person who is signed in: as whom, and whether to continue or to use another account.

use super::account::{chip, name_of};
use super::frame::{Frame, HeadingViews};
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::focus::focus_first_field_next;
use crate::browser::mount::{is_embedded, url};
use crate::flow::Flow;
use crate::flow::screen::SignedInAlready;
use crate::flow::step::Event;
use crate::parts::button::QuietButton;
use crate::parts::icon::{Icon, badge};
use crate::parts::look::look;
use crate::text::Phrase;
use latchkey_contract::route::HOME;
use leptos::ev;
use leptos::prelude::*;

/// Asks who is to continue.
#[component]
pub(crate) fn SignedInAlreadyScreen(already: SignedInAlready, flow: Flow) -> AnyElement {
    let SignedInAlready { account, href, step } = already;
    let text = flow.text;
    let label = text.phrase_with(Phrase::ContinueAs, &name_of(&account));
    let is_home = href == HOME;
    let follow = move |event: ev::MouseEvent| {
        if is_embedded() && is_home {
            event.prevent_default();
            flow.send(Event::Navigated { path: HOME.to_owned() });
        }
    };
    // Another page than the signed-in one is external to the router.
    let go_on = view! {
        <a
            {..look("button")}
            rel=(!is_home).then_some("external")
            href=url(&href)
            data-first=""
            on:click=follow
        >
            {label}
        </a>
    };
    let another = move || {
        focus_first_field_next();
        flow.send(Event::Show(step.clone()));
    };
    let other = view! { <QuietButton label=text.phrase(Phrase::UseAnotherAccount) on_press=another/> };
    let beside = HeadingViews { icon: vec![badge(Icon::Person)], account: vec![chip(account, None)] };
    view! {
        <Frame heading=text.phrase(Phrase::SignedInAlready) beside flow>
            {view! { <div {..look("providers")}>{go_on.into_any_element()}{other.into_inner()}</div> }
                .into_any_element()}
        </Frame>
    }
    .into_inner()
}
