//! The end of a flow: the org's last messages, and a link to start again.

use super::account::beside;
use super::alternatives::EntryLink;
use super::frame::{Frame, NOTES};
use crate::any_element::AnyElement;
use crate::flow::Flow;
use crate::flow::ended::Ended;
use crate::text::Phrase;
use latchkey_contract::MessageClass;
use leptos::prelude::*;

/// Shows how it ended and how to start again.
#[component]
pub(crate) fn EndedScreen(ended: Ended, flow: Flow) -> AnyElement {
    let (is_well, text) = (ended.class == MessageClass::Info, flow.text);
    let label = text.phrase(if is_well { Phrase::BackToSignIn } else { Phrase::StartAgain });
    // The link is the only control, so it gets the focus, and a screen reader reads the reason.
    let described_by = (!is_well).then_some(NOTES);
    let entry = ended.entry();
    let link = move |entry| {
        view! { <EntryLink entry class="button" label is_focused=!is_well described_by flow/> }.into_inner()
    };
    view! { <Frame heading=text.phrase(ended.heading) beside=beside(None, flow) flow>{entry.map(link)}</Frame> }.into_inner()
}
