//! CAPTCHAs of the first page, of registration and of recovery.

use super::request::CaptchaAnswer;
use super::{IdentityEngine, Outcome};
use crate::org::message::{self, Message};
use crate::org::settings::captcha::CaptchaPage;
use crate::org::transaction::Step;

impl IdentityEngine<'_> {
    /// Checks the CAPTCHA of the identify endpoint, which two pages share.
    pub(super) fn check_captcha_of_identify(&mut self, given: Option<&CaptchaAnswer>) -> Outcome {
        let page = match self.transaction.step {
            Step::IdentifyRecovery => CaptchaPage::Sspr,
            _ => CaptchaPage::SignIn,
        };
        self.check_captcha(page, given)
    }

    /// Checks the token, if the page asks for one. A token counts once, also if the rest of the answer is wrong.
    pub(super) fn check_captcha(&mut self, page: CaptchaPage, given: Option<&CaptchaAnswer>) -> Outcome {
        let Some(kind) = self.app()?.captcha_on(page).map(|captcha| captcha.kind) else { return Ok(()) };
        let Some(given) = given else {
            return Err(message::required("captchaToken", "captchaVerify.captchaToken"));
        };
        // Okta's documentation names no key for this.
        let refused = || {
            let text = "The CAPTCHA could not be verified. Try again.";
            Message::error("captcha.verification.failed", text).at_top(400)
        };
        if given.id != kind.id() {
            return Err(refused());
        }
        self.org.captchas.verify(kind, &given.token, self.now).map_err(|_| refused())
    }
}
