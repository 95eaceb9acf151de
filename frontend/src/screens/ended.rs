//! Nothing more can be answered here: what the org said last, and the way back.

use super::frame::frame;
use super::ways::enter;
use crate::browser::tag::Tag;
use crate::flow::Flow;
use crate::flow::end::Ended;
use crate::flow::route::Entry;
use crate::text::Line;
use latchkey_contract::MessageClass;

/// Says how it ended and how to start again.
pub(crate) fn ended(end: &Ended, flow: Flow) -> Tag {
    let words = match end.class {
        MessageClass::Error | MessageClass::Warning => Line::StartAgain,
        MessageClass::Info => Line::BackToSignIn,
    };
    let back = enter(Entry::SignIn, "button", &flow.text.line(words), flow);
    frame(&flow.text.line(end.heading), &[], flow).child(back)
}
