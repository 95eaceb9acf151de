//! Nothing more can be answered here: what the org said last, and the way back.

use super::frame::frame;
use crate::flow::Flow;
use crate::flow::route::Entry;
use crate::flow::screen::Ended;
use crate::text::Line;
use latchkey_contract::MessageClass;
use leptos::prelude::*;

/// Says how it ended and how to start again.
pub(crate) fn ended(end: Ended, flow: Flow) -> AnyView {
    let words = match end.class {
        MessageClass::Error | MessageClass::Warning => Line::StartAgain,
        MessageClass::Info => Line::BackToSignIn,
    };
    view! {
        {frame(flow.text.line(end.heading), Vec::new(), flow)}
        <a class="button" href=Entry::SignIn.path()>{flow.text.line(words)}</a>
    }
    .into_any()
}
