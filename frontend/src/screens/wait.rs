//! Something happens elsewhere; this page goes on by itself.

use super::alternatives::{Alternatives, SkipButton};
use super::frame::Frame;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::flow::Flow;
use crate::flow::screen::{Wait, What};
use crate::parts::look::look;
use crate::parts::picture::picture;
use crate::text::Line;
use leptos::prelude::*;

/// Says what to do elsewhere, with what is needed for it.
#[component]
pub(crate) fn WaitScreen(wait: Wait, flow: Flow) -> AnyElement {
    let text = flow.text;
    let name = wait.name.as_str();
    let (heading, lead) = match &wait.what {
        What::Approve(None) => (text.with(Line::Approve, name), text.line(Line::ApproveLead)),
        What::Approve(Some(_)) => (text.with(Line::Approve, name), text.line(Line::ApproveNumber)),
        What::Scan { .. } => (text.with(Line::SetUpApp, name), text.with(Line::ScanLead, name)),
        What::Open(Some(to)) => (text.line(Line::OpenLink), text.with(Line::OpenLinkTo, to)),
        What::Open(None) => (text.line(Line::OpenLink), text.line(Line::OpenLinkPlain)),
        What::Other => (text.line(Line::Waiting), text.line(Line::ApproveLead)),
    };
    let shown = match wait.what {
        What::Approve(Some(number)) => vec![view! { <p {..look("number")}>{number}</p> }.into_any_element()],
        What::Scan { picture: href, secret } => picture(Some(href), secret, text),
        What::Approve(None) | What::Open(_) | What::Other => Vec::new(),
    };
    let skip = wait
        .skip
        .then(|| view! { <div {..look("form__buttons")}><SkipButton flow/></div> }.into_any_element());
    let dot = || view! { <span {..look("waiting__dot")}></span> };
    view! {
        <Frame heading lead=vec![lead] flow>
            {shown}
            {view! { <p {..look("waiting")} aria-hidden="true">{[dot(), dot(), dot()]}</p> }.into_any_element()}
            {skip}
            <Alternatives all=wait.ways flow/>
        </Frame>
    }
    .into_inner()
}
