//! Something happens elsewhere; this page goes on by itself.

use super::fill::skip_button;
use super::frame::frame;
use super::ways::ways;
use crate::flow::Flow;
use crate::flow::screen::{Wait, What};
use crate::parts::picture::picture;
use crate::text::Line;
use leptos::prelude::*;

/// Says what to do elsewhere, with what is needed for it.
pub(crate) fn wait(wait: Wait, flow: Flow) -> AnyView {
    let Wait { what, name, skip, ways: others } = wait;
    let text = flow.text;
    let (heading, lead) = match &what {
        What::Approve(None) => (text.with(Line::Approve, &name), text.line(Line::ApproveLead)),
        What::Approve(Some(_)) => (text.with(Line::Approve, &name), text.line(Line::ApproveNumber)),
        What::Scan { .. } => (text.with(Line::SetUpApp, &name), text.with(Line::ScanLead, &name)),
        What::Open(Some(to)) => (text.line(Line::OpenLink), text.with(Line::OpenLinkTo, to)),
        What::Open(None) => (text.line(Line::OpenLink), text.line(Line::OpenLinkPlain)),
        What::Other => (text.line(Line::Waiting), text.line(Line::ApproveLead)),
    };
    let shown = match what {
        What::Approve(Some(number)) => Some(view! { <p class="number">{number}</p> }.into_any()),
        What::Scan { picture: href, secret } => Some(picture(Some(href), secret, text)),
        What::Approve(None) | What::Open(_) | What::Other => None,
    };
    view! {
        {frame(heading, vec![lead], flow)}
        {shown}
        <p class="waiting" aria-hidden="true">{[(); 3].map(|()| view! { <span class="waiting__dot">{""}</span> })}</p>
        {skip.then(|| view! { <div class="form__buttons">{skip_button(flow)}</div> })}
        {ways(others, flow)}
    }
    .into_any()
}
