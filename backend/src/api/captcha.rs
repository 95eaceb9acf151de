//! `POST /api/idx/captcha`: what the page needs to make the token of its CAPTCHA.

use super::{answer_check, flow::may_answer};
use crate::{
    app::App, http::ClientContext, http::json_body::Answers, problem::ApiError, session::CurrentFlow,
};
use axum::{Json, extract::State};
use latchkey_contract::{AltchaTask, CaptchaTask};
use latchkey_idx::{CallContext, CaptchaType, ProofOfWork};
use std::time::SystemTime;

/// The setting without which there is no frame for hCaptcha and reCAPTCHA.
const FRAME_SETTING: &str = "captcha_origin";

/// Fetches a challenge of ALTCHA from the org, whose address stays here, or names the frame of the vendor. The flow
/// stays where it is.
pub(super) async fn task(
    State(app): State<App>,
    current: CurrentFlow,
    person: ClientContext,
    Answers(values): Answers,
) -> Result<Json<CaptchaTask>, ApiError> {
    answer_check::nothing(&values)?;
    let flow = current.flow()?;
    let now = SystemTime::now();
    let _permit = may_answer(&app, &current, &person, now).await?;
    let none = || ApiError::invalid("the page has no CAPTCHA that is known here");
    let captcha = flow.transaction().captcha.ok_or_else(none)?;
    let task = CaptchaTask { altcha: None, frame: None, missing_setting: None };
    Ok(Json(match captcha.kind {
        CaptchaType::Altcha => {
            let challenge = app.org.captcha_challenge(flow, &CallContext::from(person)).await?;
            CaptchaTask { altcha: Some(altcha(challenge.ok_or_else(none)?, now)), ..task }
        }
        CaptchaType::Hcaptcha | CaptchaType::RecaptchaV2 => {
            CaptchaTask { missing_setting: Some(FRAME_SETTING.to_owned()), ..task }
        }
        CaptchaType::Other(_) => return Err(none()),
    }))
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
