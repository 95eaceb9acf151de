//! Nothing is known yet, or the server could not be asked.

use super::frame::frame;
use crate::flow::Flow;
use crate::text::Line;
use leptos::prelude::*;

/// A quiet moment; when it fails, what went wrong and a way to try again.
pub(crate) fn starting(flow: Flow) -> AnyView {
    view! { <div class="starting">{frame(flow.text.line(Line::Loading), Vec::new(), flow)}</div> }.into_any()
}
