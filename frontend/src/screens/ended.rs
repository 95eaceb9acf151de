//! Nothing more can be answered here: what the org said last, and the way back.

use super::frame::{SAID, frame};
use super::ways::enter;
use crate::browser::tag::Tag;
use crate::flow::Flow;
use crate::flow::end::Ended;
use crate::flow::route::Entry;
use crate::text::Line;
use latchkey_contract::MessageClass;

/// Says how it ended and how to start again.
pub(crate) fn ended(end: &Ended, flow: Flow) -> Tag {
    let is_well = end.class == MessageClass::Info;
    let words = if is_well { Line::BackToSignIn } else { Line::StartAgain };
    let back = enter(Entry::SignIn, "button", &flow.text.line(words), flow);
    // It is all that is left to do. Whoever is taken there hears why.
    let back = if is_well { back } else { back.set("data-first", "").set("aria-describedby", SAID) };
    frame(&flow.text.line(end.heading), &[], flow).child(back)
}
