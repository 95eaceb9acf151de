//! What the doctor finds about the org's own sign-in page.

use super::finding::Verdict;
use crate::org::embedding::{AUTHORIZATION_CODE_OFF, NO_PAGE_FOR_EMBEDDING};
use http::header;
use latchkey_idx::{AuthorizeOptions, Body, Client, Error, FlowSecrets, Transport};
use std::collections::HashMap;
use url::Url;

/// Whether the org shows its page to this app. No one is signed in.
pub(super) async fn org_page(org: &Client<impl Transport>, transport: &impl Transport) -> Verdict {
    let asked = async {
        let flow = org.authorize(&AuthorizeOptions::default(), FlowSecrets::random()?).await?;
        let step = flow.transaction().next_step;
        let address = step.and_then(|step| step.href).unwrap_or_default();
        let request = http::Request::get(address).body(Body::default());
        transport.send(request.map_err(|error| Error::Discovery(error.to_string()))?).await
    };
    let response = match asked.await {
        Ok(response) => response,
        Err(error) => return Verdict::Wrong(format!("{error}.")),
    };
    let redirect_uri = &org.config().redirect_uri;
    let location = response.headers().get(header::LOCATION).and_then(|to| Url::parse(to.to_str().ok()?).ok());
    match location.filter(|to| to.path() == redirect_uri.path() && to.origin() == redirect_uri.origin()) {
        Some(back) => sent_back(&back),
        // The org never redirects to an address that it does not know.
        None if response.status().is_client_error() => Verdict::Wrong(format!(
            "The org's page answers {}. Applications > your app > General > Sign-in redirect URIs: add {redirect_uri} exactly.",
            response.status().as_u16()
        )),
        None if response.status().is_server_error() => {
            Verdict::Wrong(format!("The org's page answers {}.", response.status().as_u16()))
        }
        None => Verdict::Fine,
    }
}

/// The org's page has sent the browser back at once.
fn sent_back(to: &Url) -> Verdict {
    let given: HashMap<_, _> = to.query_pairs().collect();
    let text = |name: &str| given.get(name).map(AsRef::as_ref).unwrap_or_default();
    match text("error") {
        "" => Verdict::Fine,
        "interaction_required" => Verdict::Wrong(NO_PAGE_FOR_EMBEDDING.to_owned()),
        "unauthorized_client" | "unsupported_response_type" => {
            Verdict::Wrong(format!("{} {AUTHORIZATION_CODE_OFF}", text("error_description")))
        }
        "invalid_scope" => Verdict::Wrong(
            "LATCHKEY_SCOPES asks for more than the authorization server has. Security > API > your authorization server > Scopes."
                .to_owned(),
        ),
        error => Verdict::Wrong(format!("The org's page answers {error}: {}", text("error_description"))),
    }
}
