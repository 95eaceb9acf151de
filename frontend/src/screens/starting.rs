//! Nothing is known yet, or the server could not be asked.

use super::frame::frame;
use crate::browser::tag::Tag;
use crate::flow::Flow;
use crate::text::Line;

/// A quiet moment; when it fails, what went wrong and a way to try again.
pub(crate) fn starting(flow: Flow) -> Tag {
    frame(&flow.text.line(Line::Loading), &[], flow).class("stage starting")
}
