//! The CAPTCHA of a page: its object, and the field for the token.

use serde_json::json;

use super::builder::{DocumentBuilder, StepParts};
use super::field;
use crate::org::settings::captcha::{CaptchaKind, CaptchaPage};

impl StepParts {
    /// Adds the CAPTCHA to the first form, if the page asks for one.
    pub(super) fn with_captcha(mut self, builder: &DocumentBuilder<'_>, page: CaptchaPage) -> Self {
        let Some(kind) = builder.app.captcha_on(page).map(|captcha| captcha.kind) else { return self };
        let mut captcha =
            json!({ "id": kind.id(), "name": kind.name(), "siteKey": kind.site_key(), "type": kind });
        if let (CaptchaKind::Altcha, Some(members)) = (kind, captcha.as_object_mut()) {
            // No `rel`: with one, Okta's SDK would take it for an action.
            let form = json!({
                "href": format!("{}/api/v1/altcha", builder.origin),
                "method": "POST",
                "accepts": "application/json",
                "value": [{ "name": "stateHandle" }],
            });
            members.insert("challengeUrlForm".to_owned(), form);
        }
        let verify = json!({ "name": "captchaVerify", "relatesTo": "$.captcha", "form": { "value": [
            field::fixed_hidden("captchaId", kind.id()),
            { "name": "captchaToken", "required": true, "visible": false, "hint": "captcha" },
        ] } });
        let fields = self.forms.first_mut().and_then(|form| form.get_mut("value")?.as_array_mut());
        if let Some(fields) = fields {
            // The state handle stays last.
            fields.insert(fields.len().saturating_sub(1), verify);
        }
        self.objects.push(("captcha", json!({ "type": "object", "value": captcha })));
        self
    }
}
