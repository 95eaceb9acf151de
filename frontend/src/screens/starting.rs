//! Nothing is known yet, or the server could not be asked.

use super::frame::frame;
use crate::browser::tag::Tag;
use crate::flow::Flow;
use crate::text::Line;
use leptos::prelude::WithUntracked;

/// A quiet moment; when it fails, what went wrong and a way to try again.
pub(crate) fn starting(flow: Flow) -> Tag {
    let failed = flow.said.with_untracked(|(_, problem)| problem.is_some());
    let heading = if failed { Line::EndedError } else { Line::Loading };
    frame(&flow.text.line(heading), &[], flow).class("stage starting")
}
