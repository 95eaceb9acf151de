//! Nothing is known yet, or the server could not be reached.

use super::frame::Frame;
use crate::any_element::AnyElement;
use crate::flow::Flow;
use crate::text::Phrase;
use leptos::prelude::*;

/// A quiet moment; when it fails, what went wrong and a way to try again.
#[component]
pub(crate) fn StartingScreen(flow: Flow) -> AnyElement {
    let failed = flow.notices.with_untracked(|(_, problem)| problem.is_some());
    let heading = flow.text.phrase(if failed { Phrase::EndedError } else { Phrase::Loading });
    view! { <Frame heading class="stage starting" flow/> }.into_inner()
}
