//! Steps at other sites: our own addresses for those of the org, and the terms of who asks there.

use super::verification_terms::terms_of;
use latchkey_contract as contract;
use latchkey_idx as idx;

/// The org's address stays on the server; the browser gets one of ours, which redirects there.
pub fn way_out<'a>(transaction: &'a idx::Transaction, which: &str) -> Option<&'a str> {
    transaction
        .next_step
        .iter()
        .chain(&transaction.available_steps)
        .find(|step| goes_by(step) == which)?
        .href
        .as_deref()
}

fn goes_by(step: &idx::Step) -> &str {
    step.idp.as_ref().and_then(|idp| idp.id.as_deref()).unwrap_or(step.name.as_str())
}

/// Our own address for a step at another site, and for the page with the frame of Duo.
pub(super) fn href(name: &str, step: &idx::Step) -> Option<String> {
    let away = step.href.as_ref().map(|_| format!("/login/redirect/{name}/{}", goes_by(step)));
    away.or_else(|| duo_frame(step).map(|_| format!("/login/duo/{name}")))
}

/// The frame of Duo that a step needs.
pub fn duo_frame(step: &idx::Step) -> Option<&idx::DuoFrame> {
    let takes_signature = step.inputs.iter().any(|input| input.name == "signatureData");
    step.authenticator.as_ref()?.context.duo_frame.as_ref().filter(|_| takes_signature)
}

pub(super) fn idp(idp: &idx::Idp) -> contract::Idp {
    contract::Idp { id: idp.id.clone().unwrap_or_default(), name: idp.name.clone().unwrap_or_default() }
}

/// The terms of a service that verifies identities.
pub(super) fn terms(idp: &idx::Idp) -> Option<contract::ConsentRequest> {
    let pages = terms_of(idp.id.as_deref(), idp.terms_of_use.as_deref(), idp.privacy_policy.as_deref());
    let detail = |(label, value): (&str, String)| contract::ConsentDetail { label: label.to_owned(), value };
    let details: Vec<_> = pages.map(detail).collect();
    (!details.is_empty()).then(|| contract::ConsentRequest { details, ..contract::ConsentRequest::default() })
}
