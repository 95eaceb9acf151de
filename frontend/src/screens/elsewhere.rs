//! The screen before another site: who asks there and what for, and the link that leads there.

use super::account::beside;
use super::alternatives::{Alternatives, SkipButton};
use super::frame::Frame;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::mount::url;
use crate::flow::Flow;
use crate::flow::screen::{Elsewhere, ElsewhereQuestion};
use crate::parts::look::look;
use crate::text::{Phrase, Text};
use latchkey_contract::ConsentDetail;
use leptos::prelude::*;

/// Says who asks, and leads there. The org sends the person back to the same flow.
#[component]
pub(crate) fn ElsewhereScreen(elsewhere: Elsewhere, flow: Flow) -> AnyElement {
    let Elsewhere { question, name, href, skip, alternatives } = elsewhere;
    let text = flow.text;
    let heading = heading(&question, &name, text);
    let lead = lead(&question, &name, text);
    let terms = terms(question, text);
    // External to the router, because it leaves the page.
    let go = view! {
        <a {..look("button")} rel="external" href=url(&href) data-first="">{text.phrase(Phrase::Continue)}</a>
    };
    let buttons = view! {
        <div {..look("form__buttons")}>
            {go.into_any_element()}
            {skip.then(|| view! { <SkipButton flow/> }.into_inner())}
        </div>
    };
    view! {
        <Frame heading beside=beside(None, flow) lead flow>
            {terms}
            {buttons.into_any_element()}
            <Alternatives all=alternatives flow/>
        </Frame>
    }
    .into_inner()
}

fn heading(question: &ElsewhereQuestion, name: &str, text: Text) -> String {
    let line = match question {
        ElsewhereQuestion::Identity { .. } => Phrase::VerifyIdentity,
        _ if name.is_empty() => return text.phrase(Phrase::General),
        ElsewhereQuestion::Vendor { enrolls: true } | ElsewhereQuestion::Certificate { enrolls: true } => {
            Phrase::SetUpApp
        }
        ElsewhereQuestion::Vendor { .. } | ElsewhereQuestion::Certificate { .. } => Phrase::VerifyWith,
    };
    text.phrase_with(line, name)
}

fn lead(question: &ElsewhereQuestion, name: &str, text: Text) -> Vec<String> {
    match question {
        ElsewhereQuestion::Certificate { .. } => vec![text.phrase(Phrase::CertificateLead)],
        ElsewhereQuestion::Vendor { .. } if name.is_empty() => Vec::new(),
        ElsewhereQuestion::Vendor { .. } => vec![text.phrase_with(Phrase::ElsewhereLead, name)],
        ElsewhereQuestion::Identity { .. } => vec![
            text.phrase_with(Phrase::VerifyIdentityLead, name),
            text.phrase_with(Phrase::VerifyIdentityTerms, name),
        ],
    }
}

/// The links to the terms of a service that verifies identities.
fn terms(question: ElsewhereQuestion, text: Text) -> Vec<AnyElement> {
    let ElsewhereQuestion::Identity { terms } = question else { return Vec::new() };
    let link = |page: ConsentDetail| {
        let label = text.translated(&page.label);
        let link = view! {
            <a {..look("link")} href=page.value target="_blank" rel="noreferrer noopener external">{label}</a>
        };
        view! { <li>{link.into_any_element()}</li> }.into_any_element()
    };
    let links: Vec<AnyElement> =
        terms.into_iter().filter(|page| page.value.starts_with("https://")).map(link).collect();
    if links.is_empty() {
        return links;
    }
    vec![view! { <ul {..look("ways")}>{links}</ul> }.into_any_element()]
}
