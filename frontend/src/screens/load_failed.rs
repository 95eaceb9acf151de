//! The screen for a late part that failed to load.

use super::frame::Frame;
use crate::any_element::AnyElement;
use crate::flow::Flow;
use crate::parts::banner::{Banner, Tone, line};
use crate::parts::button::LinkButton;
use crate::text::Phrase;
use leptos::prelude::*;

/// A message with a button that tries again.
#[component]
pub(crate) fn LoadFailedScreen(#[prop(into)] on_retry: Callback<()>, flow: Flow) -> AnyElement {
    let text = flow.text;
    let retry = view! { <LinkButton label=text.phrase(Phrase::TryAgain) on_press=on_retry/> }.into_inner();
    let lines = vec![line(text.phrase(Phrase::NotLoaded))];
    view! {
        <Frame heading=text.phrase(Phrase::EndedError) flow>
            <Banner tone=Tone::Bad lines help=retry/>
        </Frame>
    }
    .into_inner()
}
