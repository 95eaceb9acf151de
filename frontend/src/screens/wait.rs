//! Something happens elsewhere; this page goes on by itself.

use super::frame::frame;
use super::ways::{skip, ways};
use crate::browser::tag::{Tag, tag};
use crate::flow::Flow;
use crate::flow::screen::{Wait, What};
use crate::parts::picture::picture;
use crate::text::Line;

/// Says what to do elsewhere, with what is needed for it.
pub(crate) fn wait(wait: Wait, flow: Flow) -> Tag {
    let Wait { what, name, skip: can_skip, ways: others } = wait;
    let text = flow.text;
    let (heading, lead) = match &what {
        What::Approve(None) => (text.with(Line::Approve, &name), text.line(Line::ApproveLead)),
        What::Approve(Some(_)) => (text.with(Line::Approve, &name), text.line(Line::ApproveNumber)),
        What::Scan { .. } => (text.with(Line::SetUpApp, &name), text.with(Line::ScanLead, &name)),
        What::Open(Some(to)) => (text.line(Line::OpenLink), text.with(Line::OpenLinkTo, to)),
        What::Open(None) => (text.line(Line::OpenLink), text.line(Line::OpenLinkPlain)),
        What::Other => (text.line(Line::Waiting), text.line(Line::ApproveLead)),
    };
    let shown = match &what {
        What::Approve(Some(number)) => vec![tag("p").class("number").text(number)],
        What::Scan { picture: href, secret } => picture(Some(href), secret.as_deref(), text),
        What::Approve(None) | What::Open(_) | What::Other => Vec::new(),
    };
    let dots = tag("p").class("waiting").set("aria-hidden", "true");
    let dots = dots.children([(); 3].map(|()| tag("span").class("waiting__dot")));
    let skip = can_skip.then(|| tag("div").class("form__buttons").child(skip(flow)));
    frame(&heading, &[lead], flow).children(shown).child(dots).children(skip).children(ways(others, flow))
}
