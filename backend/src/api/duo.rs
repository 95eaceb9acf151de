//! The page that embeds Duo's frame. No other page may embed it, and the frame must come from an origin that the operator lists.

use super::server_page::ServerPage;
use crate::{
    app::App,
    http::{ApiError, CONTENT_SECURITY_POLICY},
    session::{Browser, CurrentFlow},
    translate,
};
use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::{Html, IntoResponse, Response},
};
use http::{HeaderValue, header};
use latchkey_contract::ProblemCode;
use url::Url;

/// The page, with the places of the step's values.
const PAGE: ServerPage =
    ServerPage { title: "Duo", script: "duo.js", main: include_str!("../../../frontend/duo/duo.html") };

/// The setting that lists the origins.
const SETTING: &str = "duo_origins";

/// `GET /login/duo/{transaction}`: the page. It sends what Duo answers as an answer to the step, and returns to the sign-in page.
pub(super) async fn page(
    State(app): State<App>,
    browser: Browser,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let Path(transaction) = path.map_err(|_| ProblemCode::NotFound)?;
    let name = transaction.parse().map_err(|()| ProblemCode::NotFound)?;
    let current = CurrentFlow::named(&app.sessions, &browser, name).await?;
    let step = current.flow()?.transaction().next_step.ok_or(ProblemCode::NotFound)?;
    let frame = translate::duo_frame(&step).ok_or(ProblemCode::NotFound)?;
    let origin = listed(&app.duo_origins, &frame.host);
    let (request, missing) = match &origin {
        Some(_) => (frame.signed_request.reveal(), ""),
        None => ("", SETTING),
    };
    let page = PAGE.draw(&app.brand);
    let origin = origin.unwrap_or_default();
    let values = [
        ("ORIGIN", origin.as_str()),
        ("REQUEST", request),
        ("TRANSACTION", &transaction),
        ("MISSING", missing),
    ];
    let page =
        values.iter().fold(page, |page, (name, value)| page.replace(&format!("%{name}%"), &escaped(value)));
    let mut response = Html(page).into_response();
    if !origin.is_empty() {
        let policy = format!("{CONTENT_SECURITY_POLICY}; frame-src {origin}");
        let policy = HeaderValue::try_from(policy).map_err(|_| ProblemCode::Internal)?;
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

/// `GET /login/duo.js`: its script.
pub(super) async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("../../../frontend/duo/duo.js"))
}

/// The listed origin with this host, and with its port if it has one.
fn listed(origins: &[Url], host: &str) -> Option<String> {
    origins
        .iter()
        .map(|origin| origin.origin().ascii_serialization())
        .find(|origin| origin.split_once("://").is_some_and(|(_, listed)| listed.eq_ignore_ascii_case(host)))
}

/// The text as the value of an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::{escaped, listed};

    #[test]
    fn sec_233_only_a_listed_origin_serves_the_frame_of_duo() {
        let origins =
            ["https://api-1.duosecurity.com/", "http://localhost:8081/"].map(|text| text.parse().unwrap());
        let found = |host| listed(&origins, host);
        assert_eq!(found("api-1.duosecurity.com").as_deref(), Some("https://api-1.duosecurity.com"));
        assert_eq!(found("API-1.duosecurity.com").as_deref(), Some("https://api-1.duosecurity.com"));
        assert_eq!(found("localhost:8081").as_deref(), Some("http://localhost:8081"));
        for host in [
            "duosecurity.com",
            "api-1.duosecurity.com.evil.example",
            "evil.example",
            "api-1.duosecurity.com:444",
            "localhost",
            "",
        ] {
            assert_eq!(found(host), None, "{host}");
        }
    }

    #[test]
    fn a_value_cannot_leave_its_attribute() {
        assert_eq!(escaped("a\"><b&"), "a&quot;>&lt;b&amp;");
    }
}
