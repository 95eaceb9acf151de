//! The screen that waits for another device and continues by itself.

use super::account::beside;
use super::alternatives::{Alternatives, SkipButton};
use super::frame::Frame;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::open;
use crate::flow::Flow;
use crate::flow::screen::{Wait, WaitReason};
use crate::parts::button::QuietButton;
use crate::parts::look::look;
use crate::parts::picture::picture;
use crate::text::Phrase;
use leptos::prelude::*;

/// Says what to do on the other device, with the data for it.
#[component]
pub(crate) fn WaitScreen(wait: Wait, flow: Flow) -> AnyElement {
    let text = flow.text;
    let name = wait.name.as_str();
    let (heading, lead) = match &wait.reason {
        WaitReason::Approve(None) => {
            (text.phrase_with(Phrase::Approve, name), text.phrase(Phrase::ApproveLead))
        }
        WaitReason::Approve(Some(_)) => {
            (text.phrase_with(Phrase::Approve, name), text.phrase(Phrase::ApproveNumber))
        }
        WaitReason::Scan { .. } => {
            (text.phrase_with(Phrase::SetUpApp, name), text.phrase_with(Phrase::ScanLead, name))
        }
        WaitReason::Open(Some(to)) => {
            (text.phrase(Phrase::OpenLink), text.phrase_with(Phrase::OpenLinkTo, to))
        }
        WaitReason::Open(None) => (text.phrase(Phrase::OpenLink), text.phrase(Phrase::OpenLinkPlain)),
        WaitReason::SetUpHere => {
            (text.phrase_with(Phrase::SetUpApp, name), text.phrase(Phrase::DeviceOpenLead))
        }
        WaitReason::Card { .. } => {
            (text.phrase_with(Phrase::VerifyWith, name), text.phrase(Phrase::CardLead))
        }
        WaitReason::Other => (text.phrase(Phrase::Loading), text.phrase(Phrase::ContinuesAlone)),
    };
    let shown = match wait.reason {
        WaitReason::Approve(Some(number)) => {
            vec![view! { <p {..look("number")}>{number}</p> }.into_any_element()]
        }
        WaitReason::Scan { picture: href, secret } => picture(Some(href), secret, None, text),
        WaitReason::Card { href: Some(href) } => {
            let label = text.phrase(Phrase::OpenApp);
            vec![view! { <QuietButton label on_press=move || open(&href)/> }.into_inner()]
        }
        WaitReason::Approve(None)
        | WaitReason::Open(_)
        | WaitReason::SetUpHere
        | WaitReason::Card { href: None }
        | WaitReason::Other => Vec::new(),
    };
    let skip = wait
        .skip
        .then(|| view! { <div {..look("form__buttons")}><SkipButton flow/></div> }.into_any_element());
    let dot = || view! { <span {..look("waiting__dot")}></span> };
    view! {
        <Frame heading beside=beside(None, flow) lead=vec![lead] flow>
            {shown}
            {view! { <p {..look("waiting")} aria-hidden="true">{[dot(), dot(), dot()]}</p> }.into_any_element()}
            {skip}
            <Alternatives all=wait.alternatives flow/>
        </Frame>
    }
    .into_inner()
}
