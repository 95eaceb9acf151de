//! Nothing more can be answered here: what the org said last, and the way back.

use super::alternatives::EntryLink;
use super::frame::{Frame, NOTES};
use crate::any_element::AnyElement;
use crate::flow::Flow;
use crate::flow::ended::Ended;
use crate::flow::route::Entry;
use crate::text::Phrase;
use latchkey_contract::MessageClass;
use leptos::prelude::*;

/// Says how it ended and how to start again.
#[component]
pub(crate) fn EndedScreen(ended: Ended, flow: Flow) -> AnyElement {
    let (is_well, text) = (ended.class == MessageClass::Info, flow.text);
    let label = text.phrase(if is_well { Phrase::BackToSignIn } else { Phrase::StartAgain });
    // Nothing else is left to do, so the focus goes there, and a screen reader says why.
    let described_by = (!is_well).then_some(NOTES);
    view! {
        <Frame heading=text.phrase(ended.heading) flow>
            <EntryLink entry=Entry::SignIn class="button" label is_focused=!is_well described_by flow/>
        </Frame>
    }
    .into_inner()
}
