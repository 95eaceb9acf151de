//! `/phones`: the numbers of the user.

use serde_json::{Value, json};

use super::{AccountAnswer, AccountRefusal, Outcome, UserAccount, text};
use crate::flow::enroll::normalise_phone_number;
use crate::org::inbox::Channel;
use crate::org::unverified::UnverifiedPhone;
use crate::org::user::Factor;

/// A number with its state.
struct PhoneEntry {
    id: String,
    number: String,
    is_verified: bool,
}

impl UserAccount<'_> {
    pub(super) fn phones(&mut self, method: &str, rest: &[&str], body: &Value) -> Outcome {
        match (method, rest) {
            ("GET", []) => {
                let all: Vec<Value> = self.numbers()?.iter().map(|phone| self.phone_json(phone)).collect();
                Ok(AccountAnswer::shown(json!(all)))
            }
            ("POST", []) => self.add_phone(body),
            ("GET", [id]) => Ok(AccountAnswer::shown(self.phone_json(&self.number(id)?))),
            ("DELETE", [id]) => {
                self.number(id)?;
                self.org.unverified.phones.remove(*id);
                self.user_mut()?.enrolments.retain(|enrolment| enrolment.id != **id);
                Ok(AccountAnswer::DONE)
            }
            ("POST", [id, "challenge"]) => self.challenge_phone(id, body),
            ("POST", [id, "verify"]) => self.verify_phone(id, body),
            _ => Err(AccountRefusal::NotFound),
        }
    }

    fn numbers(&self) -> Result<Vec<PhoneEntry>, AccountRefusal> {
        let enrolled = self.user()?.enrolments.iter().filter_map(|enrolment| match &enrolment.factor {
            Factor::Phone { number, .. } => {
                Some(PhoneEntry { id: enrolment.id.clone(), number: number.clone(), is_verified: true })
            }
            _ => None,
        });
        let unverified = self.org.unverified.phones.iter().filter(|(_, phone)| phone.user == self.user);
        let unverified = unverified.map(|(id, phone)| PhoneEntry {
            id: id.clone(),
            number: phone.number.clone(),
            is_verified: false,
        });
        Ok(enrolled.chain(unverified).collect())
    }

    fn number(&self, id: &str) -> Result<PhoneEntry, AccountRefusal> {
        self.numbers()?.into_iter().find(|phone| phone.id == id).ok_or(AccountRefusal::NotFound)
    }

    fn phone_json(&self, phone: &PhoneEntry) -> Value {
        let path = format!("phones/{}", phone.id);
        let mut links = json!({
            "self": self.link(&path, &["GET", "DELETE"]),
            "challenge": self.link(&format!("{path}/challenge"), &["POST"]),
        });
        if let (false, Some(links)) = (phone.is_verified, links.as_object_mut()) {
            links.insert("verify".to_owned(), self.link(&format!("{path}/verify"), &["POST"]));
        }
        json!({
            "id": phone.id,
            "profile": { "phoneNumber": phone.number },
            "status": if phone.is_verified { "VERIFIED" } else { "UNVERIFIED" },
            "_links": links,
        })
    }

    fn add_phone(&mut self, body: &Value) -> Outcome {
        let number = text(body, "/profile/phoneNumber").and_then(normalise_phone_number);
        let number = number
            .ok_or_else(|| AccountRefusal::invalid("phoneNumber", "phoneNumber: Invalid Phone Number."))?;
        let channel = channel(body)?;
        if self.numbers()?.iter().any(|phone| phone.is_verified && phone.number == number) {
            return Err(AccountRefusal::duplicate("phone number"));
        }
        let user = self.user.clone();
        self.org.unverified.phones.retain(|_, phone| phone.user != user || phone.number != number);
        let id = self.random.id("pae");
        if body.get("sendCode").and_then(Value::as_bool).unwrap_or(true) {
            self.send_code(&id, &number, channel);
        }
        self.org.unverified.phones.insert(id.clone(), UnverifiedPhone { user, number });
        Ok(AccountAnswer::created(self.phone_json(&self.number(&id)?)))
    }

    fn challenge_phone(&mut self, id: &str, body: &Value) -> Outcome {
        let (number, channel) = (self.number(id)?.number, channel(body)?);
        let pause = self.org.settings.resend_after_seconds;
        let sent = self.org.unverified.codes.get(id).map(|code| self.now.since(code.sent_at).as_secs());
        if sent.is_some_and(|seconds| seconds < pause) {
            let summary =
                "An SMS message was recently sent. Please wait 30 seconds before trying again.".to_owned();
            return Err(AccountRefusal::Api { status: 429, code: "E0000109", summary, causes: Vec::new() });
        }
        self.send_code(id, &number, channel);
        let verify = self.link(&format!("phones/{id}/verify"), &["POST"]);
        Ok(AccountAnswer::shown(json!({ "_links": { "verify": verify } })))
    }

    fn verify_phone(&mut self, id: &str, body: &Value) -> Outcome {
        let PhoneEntry { number, is_verified, .. } = self.number(id)?;
        self.check_code(id, text(body, "/verificationCode"))?;
        if !is_verified {
            self.org.unverified.phones.remove(id);
            let (now, random) = (self.now, &mut *self.random);
            let user = self.org.users.get_mut(&self.user).ok_or(AccountRefusal::InvalidToken)?;
            user.enrol(Factor::Phone { number, nickname: None }, now, random);
            user.updated_at = now;
        }
        Ok(AccountAnswer::DONE)
    }
}

fn channel(body: &Value) -> Result<Channel, AccountRefusal> {
    match text(body, "/method") {
        Some("SMS") | None => Ok(Channel::Sms),
        Some("CALL") => Ok(Channel::Voice),
        Some(_) => Err(AccountRefusal::invalid("method", "method: Must be SMS or CALL")),
    }
}
