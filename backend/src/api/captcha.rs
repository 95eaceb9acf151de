//! CAPTCHAs: the challenge of ALTCHA, and the frame that runs a vendor's script.

use super::{answer_check, flow::may_answer};
use crate::{
    app::App,
    http::json_body::Answers,
    http::{ApiError, CaptchaVendor, ClientContext},
    session::CurrentFlow,
};
use axum::{
    Json,
    extract::{Path, State},
    response::{Html, IntoResponse, Response},
};
use http::{HeaderValue, header};
use latchkey_contract::{AltchaTask, CaptchaTask, ProblemCode};
use latchkey_idx::{CallContext, CaptchaType, ProofOfWork};
use std::time::SystemTime;

/// The setting without which there is no frame for hCaptcha and reCAPTCHA.
const FRAME_SETTING: &str = "captcha_origin";

/// `POST /api/idx/captcha`: fetches a challenge of ALTCHA from the org, whose address stays here, or names the frame of the vendor. The flow
/// stays where it is.
pub(super) async fn task(
    State(app): State<App>,
    current: CurrentFlow,
    client: ClientContext,
    Answers(values): Answers,
) -> Result<Json<CaptchaTask>, ApiError> {
    answer_check::check_empty(&values)?;
    let flow = current.flow()?;
    let now = app.clock.now();
    let _permit = may_answer(&app, &current, &client, now).await?;
    let none = || ApiError::invalid("the page has no CAPTCHA that is known here");
    let captcha = flow.transaction().captcha.ok_or_else(none)?;
    let task = CaptchaTask { altcha: None, frame: None, missing_setting: None };
    Ok(Json(match captcha.kind {
        CaptchaType::Altcha => {
            let challenge = app.org.captcha_challenge(flow, &CallContext::from(client)).await?;
            CaptchaTask { altcha: Some(altcha(challenge.ok_or_else(none)?, now)), ..task }
        }
        kind => {
            let vendor = CaptchaVendor::of(&kind).ok_or_else(none)?;
            match &app.edge.captcha_frame {
                Some(frame) => {
                    let site_key = captcha.site_key.unwrap_or_default();
                    CaptchaTask { frame: Some(frame.address(vendor, &site_key)), ..task }
                }
                None => CaptchaTask { missing_setting: Some(FRAME_SETTING.to_owned()), ..task },
            }
        }
    }))
}

/// `GET /captcha/{vendor}`: the page in the frame. It is served at the frame's own host only. Its policy names the pages that
/// may embed it, which takes precedence over `X-Frame-Options`.
pub(super) async fn frame(State(app): State<App>, Path(vendor): Path<String>) -> Result<Response, ApiError> {
    let found = app.edge.captcha_frame.as_ref().zip(CaptchaVendor::by_name(&vendor));
    let (frame, vendor) = found.ok_or(ProblemCode::NotFound)?;
    let policy = frame.policy_of_frame(vendor).ok_or(ProblemCode::Internal)?;
    let mut page = Html(frame.page(vendor)).into_response();
    let headers = page.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    // Vendors check at which site their script runs.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    Ok(page)
}

/// `GET /captcha/frame.js`: its script.
pub(super) async fn frame_script() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
        include_str!("../../../frontend/captcha/frame.js"),
    )
}

fn altcha(challenge: ProofOfWork, now: SystemTime) -> AltchaTask {
    let left = challenge.expires_at().map(|at| at.duration_since(now).unwrap_or_default().as_secs());
    AltchaTask {
        expires_in: left.map(|seconds| u32::try_from(seconds).unwrap_or(u32::MAX)),
        max_number: u32::try_from(challenge.max_number).unwrap_or(u32::MAX),
        algorithm: challenge.algorithm,
        challenge: challenge.challenge,
        salt: challenge.salt,
        signature: challenge.signature,
    }
}
