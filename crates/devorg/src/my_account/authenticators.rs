//! `/authenticators`: what the user has enrolled, and what they may enrol.

use serde_json::{Value, json};

use super::{AccountAnswer, AccountRefusal, Outcome, UserAccount, text};
use crate::org::authenticator::Authenticator;
use crate::org::settings::app::Inclusion;
use crate::org::user::{Enrolment, Factor};

impl UserAccount<'_> {
    pub(super) fn authenticators(
        &mut self,
        method: &str,
        rest: &[&str],
        body: &Value,
        expand: Option<&str>,
    ) -> Outcome {
        let is_expanded = expand.is_some_and(|expand| expand.contains("enrollments"));
        match (method, rest) {
            ("GET", []) => {
                let all = self.known_authenticators()?;
                let all: Result<Vec<Value>, _> =
                    all.into_iter().map(|key| self.authenticator_json(key, is_expanded)).collect();
                Ok(AccountAnswer::shown(json!(all?)))
            }
            ("GET", [id]) => {
                Ok(AccountAnswer::shown(self.authenticator_json(self.known_authenticator(id)?, is_expanded)?))
            }
            ("GET", [id, "enrollments"]) => {
                Ok(AccountAnswer::shown(json!(self.enrolments_json(self.known_authenticator(id)?)?)))
            }
            ("GET", [id, "enrollments", enrolment]) => {
                Ok(AccountAnswer::shown(self.enrolment_json(self.known_authenticator(id)?, enrolment)?))
            }
            ("PATCH", [id, "enrollments", enrolment]) => {
                let key = self.known_authenticator(id)?;
                let nickname = text(body, "/nickname")
                    .ok_or_else(|| AccountRefusal::invalid("nickname", "nickname: The field is required"))?
                    .to_owned();
                self.enrolment_json(key, enrolment)?;
                self.user_mut()?.rename(enrolment, nickname);
                Ok(AccountAnswer::shown(self.enrolment_json(key, enrolment)?))
            }
            _ => Err(AccountRefusal::NotFound),
        }
    }

    fn known_authenticators(&self) -> Result<Vec<Authenticator>, AccountRefusal> {
        let (app, user) = (self.app()?, self.user()?);
        let is_known = |key: &Authenticator| app.inclusion(*key) != Inclusion::NotAllowed || user.has(*key);
        Ok(Authenticator::ALL.into_iter().filter(is_known).collect())
    }

    fn known_authenticator(&self, id: &str) -> Result<Authenticator, AccountRefusal> {
        let key = Authenticator::by_id(id).ok_or(AccountRefusal::NotFound)?;
        let is_known = self.known_authenticators()?.contains(&key);
        is_known.then_some(key).ok_or(AccountRefusal::NotFound)
    }

    fn authenticator_json(&self, key: Authenticator, is_expanded: bool) -> Result<Value, AccountRefusal> {
        let id = key.id();
        let path = format!("authenticators/{id}");
        let may_have_several = key == Authenticator::Webauthn;
        let is_enrollable = key.can_self_enrol() && (may_have_several || !self.user()?.has(key));
        let mut links = json!({
            "self": self.link(&path, &["GET"]),
            "enrollments": self.link(&format!("{path}/enrollments"), &["GET"]),
        });
        if let (true, Some(links)) = (is_enrollable, links.as_object_mut()) {
            let page = format!("{}/idp/authenticators/setup/{id}", self.origin);
            links.insert("enroll".to_owned(), json!({ "href": page, "hints": { "allow": ["GET"] } }));
        }
        let mut json = json!({
            "id": id,
            "key": key.name(),
            "name": key.label(),
            "enrollable": is_enrollable,
            "_links": links,
        });
        if let (true, Some(members)) = (is_expanded, json.as_object_mut()) {
            members.insert("_embedded".to_owned(), json!({ "enrollments": self.enrolments_json(key)? }));
        }
        Ok(json)
    }

    /// The enrolments of an authenticator. The password is one, although it is not stored as one.
    fn enrolments_json(&self, key: Authenticator) -> Result<Vec<Value>, AccountRefusal> {
        let user = self.user()?;
        if let (Authenticator::OktaPassword, Some(password)) = (key, &user.password) {
            let id = format!("lae{}", user.id.get(3..).unwrap_or_default());
            return Ok(vec![json!({
                "id": id,
                "name": key.label(),
                "profile": {},
                "created": password.changed_at.iso(),
                "canUnenroll": false,
                "canResetPassword": true,
                "canChangePassword": true,
                "_links": { "self": self.link(&format!("authenticators/{}/enrollments/{id}", key.id()), &["GET"]) },
            })]);
        }
        let of_key = user.enrolments.iter().filter(|enrolment| enrolment.factor.authenticator() == key);
        Ok(of_key.map(|enrolment| self.enrolled_json(key, enrolment)).collect())
    }

    fn enrolment_json(&self, key: Authenticator, id: &str) -> Result<Value, AccountRefusal> {
        let all = self.enrolments_json(key)?;
        all.into_iter().find(|enrolment| enrolment["id"] == id).ok_or(AccountRefusal::NotFound)
    }

    fn enrolled_json(&self, key: Authenticator, enrolment: &Enrolment) -> Value {
        let id = &enrolment.id;
        let path = format!("authenticators/{}/enrollments/{id}", key.id());
        let can_unenroll = !matches!(key, Authenticator::OktaEmail | Authenticator::ExternalIdp);
        let profile = match &enrolment.factor {
            Factor::Phone { number, .. } => json!({ "phoneNumber": number }),
            Factor::Email => json!({ "email": self.enrolled_address() }),
            Factor::OktaVerify { device, .. } => json!({ "deviceName": device }),
            Factor::Passkey { credential, .. } => json!({ "credentialId": credential }),
            _ => json!({}),
        };
        let mut links = json!({ "self": self.link(&path, &["GET", "PATCH"]) });
        if let (true, Some(links)) = (can_unenroll, links.as_object_mut()) {
            let page = format!("{}/idp/authenticators/setup/{}/unenroll", self.origin, key.id());
            links.insert("unenroll".to_owned(), json!({ "href": page, "hints": { "allow": ["GET"] } }));
        }
        let mut json = json!({
            "id": id,
            "name": key.label(),
            "nickname": enrolment.nickname(),
            "profile": profile,
            "created": enrolment.at.iso(),
            "canUnenroll": can_unenroll,
            "canResetPassword": false,
            "canChangePassword": false,
            "_links": links,
        });
        if let (Some(at), Some(members)) = (enrolment.last_challenged, json.as_object_mut()) {
            members.insert("lastChallenged".to_owned(), json!(at.iso()));
        }
        json
    }
}
