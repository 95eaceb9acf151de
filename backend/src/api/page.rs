//! The client program: its files, and its page for each of its own routes.

use crate::{app::App, http::ApiError, http::CaptchaFrame, http::assets::is_file};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, Uri, header};
use latchkey_contract::ProblemCode;

/// Any other `GET`.
pub(super) async fn page(
    State(app): State<App>,
    method: Method,
    address: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if method != Method::GET && method != Method::HEAD {
        return Ok(
            ([(header::ALLOW, "GET,HEAD")], ApiError::from(ProblemCode::MethodNotAllowed)).into_response()
        );
    }
    if !is_file(address.path()) {
        return Ok(with_frame(app.assets.page(&headers).await, &app));
    }
    let mut file = app.assets.file(address.path(), &headers).await.ok_or(ProblemCode::NotFound)?;
    app.edge.origins.share_file(&headers, file.headers_mut());
    Ok(file)
}

/// The page, which may embed the frame of a CAPTCHA if there is one.
fn with_frame(mut page: Response, app: &App) -> Response {
    if let Some(policy) = app.edge.captcha_frame.as_ref().and_then(CaptchaFrame::policy_of_holder) {
        page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    page
}
