//! The screen before the server's first response, or without one.

use super::frame::Frame;
use crate::any_element::AnyElement;
use crate::flow::Flow;
use crate::text::Phrase;
use leptos::prelude::*;

/// A progress sign; after a failure, the problem and a button that tries again.
#[component]
pub(crate) fn StartingScreen(flow: Flow) -> AnyElement {
    let failed = flow.notices.with_untracked(|notices| notices.problem.is_some());
    let heading = flow.text.phrase(if failed { Phrase::EndedError } else { Phrase::Loading });
    view! { <Frame heading class="stage starting" flow/> }.into_inner()
}
