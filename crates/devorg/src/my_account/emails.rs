//! `/emails`: the addresses of the user.

use serde_json::{Value, json};

use super::{AccountAnswer, AccountRefusal, Outcome, UserAccount, text};
use crate::flow::enroll::is_email_address;
use crate::org::authenticator::Authenticator;
use crate::org::inbox::Channel;
use crate::org::unverified::{EmailRole, UnverifiedEmail};
use crate::org::user::Factor;

/// The profile attribute with the secondary address.
const SECONDARY: &str = "secondEmail";

/// An address with its state.
struct EmailAddress {
    id: String,
    address: String,
    role: EmailRole,
    is_verified: bool,
}

impl UserAccount<'_> {
    pub(super) fn emails(&mut self, method: &str, rest: &[&str], body: &Value) -> Outcome {
        match (method, rest) {
            ("GET", []) => {
                let all: Vec<Value> = self.addresses()?.iter().map(|email| self.email_json(email)).collect();
                Ok(AccountAnswer::shown(json!(all)))
            }
            ("POST", []) => self.add_email(body),
            ("GET", [id]) => Ok(AccountAnswer::shown(self.email_json(&self.address(id)?))),
            ("DELETE", [id]) => self.delete_email(id),
            ("POST", [id, "challenge"]) => self.challenge_email(id),
            ("GET" | "POST", [id, "challenge", challenge]) => self.email_challenge(id, challenge),
            ("POST", [id, "challenge", challenge, "verify"]) => self.verify_email(id, challenge, body),
            _ => Err(AccountRefusal::NotFound),
        }
    }

    fn addresses(&self) -> Result<Vec<EmailAddress>, AccountRefusal> {
        let user = self.user()?;
        let tail = user.id.get(3..).unwrap_or_default();
        let mut all = vec![EmailAddress {
            id: format!("emp{tail}"),
            address: user.email.clone(),
            role: EmailRole::Primary,
            is_verified: user.email_verified,
        }];
        if let Some(address) = user.attribute(SECONDARY) {
            all.push(EmailAddress {
                id: format!("ems{tail}"),
                address: address.to_owned(),
                role: EmailRole::Secondary,
                is_verified: true,
            });
        }
        let unverified = self.org.unverified.emails.iter().filter(|(_, email)| email.user == self.user);
        all.extend(unverified.map(|(id, email)| EmailAddress {
            id: id.clone(),
            address: email.address.clone(),
            role: email.role,
            is_verified: false,
        }));
        Ok(all)
    }

    fn address(&self, id: &str) -> Result<EmailAddress, AccountRefusal> {
        self.addresses()?.into_iter().find(|email| email.id == id).ok_or(AccountRefusal::NotFound)
    }

    fn email_json(&self, email: &EmailAddress) -> Value {
        let path = format!("emails/{}", email.id);
        let mut links = json!({
            "self": self.link(&path, &["GET", "DELETE"]),
            "challenge": self.link(&format!("{path}/challenge"), &["POST"]),
        });
        let code = self.org.unverified.codes.get(&email.id).filter(|_| !email.is_verified);
        if let (Some(code), Some(links)) = (code, links.as_object_mut()) {
            let challenge = format!("{path}/challenge/{}", code.id);
            links.insert("verify".to_owned(), self.link(&format!("{challenge}/verify"), &["POST"]));
            links.insert("poll".to_owned(), self.link(&challenge, &["GET"]));
        }
        json!({
            "id": email.id,
            "profile": { "email": email.address },
            "roles": [email.role],
            "status": if email.is_verified { "VERIFIED" } else { "UNVERIFIED" },
            "_links": links,
        })
    }

    fn add_email(&mut self, body: &Value) -> Outcome {
        let address = text(body, "/profile/email").filter(|address| is_email_address(address));
        let address = address
            .ok_or_else(|| AccountRefusal::invalid("email", "email: Invalid email address format."))?
            .to_owned();
        let role = match text(body, "/role") {
            Some("PRIMARY") => EmailRole::Primary,
            Some("SECONDARY") | None => EmailRole::Secondary,
            Some(_) => return Err(AccountRefusal::invalid("role", "role: Must be PRIMARY or SECONDARY")),
        };
        // An unverified address may be entered again: the earlier one is replaced.
        let is_same =
            |email: &EmailAddress| email.is_verified && email.address.eq_ignore_ascii_case(&address);
        if self.addresses()?.iter().any(is_same) {
            return Err(AccountRefusal::duplicate("email address"));
        }
        let user = self.user.clone();
        let is_earlier =
            |email: &UnverifiedEmail| email.user == user && email.address.eq_ignore_ascii_case(&address);
        self.org.unverified.emails.retain(|_, email| !is_earlier(email));
        let id = self.random.id("eml");
        if body.get("sendEmail").and_then(Value::as_bool).unwrap_or(true) {
            self.send_code(&id, &address, Channel::Email);
        }
        self.org.unverified.emails.insert(id.clone(), UnverifiedEmail { user, address, role });
        Ok(AccountAnswer::created(self.email_json(&self.address(&id)?)))
    }

    fn delete_email(&mut self, id: &str) -> Outcome {
        if self.address(id)?.is_verified {
            return Err(AccountRefusal::invalid(
                "email",
                "email: A verified email address cannot be deleted.",
            ));
        }
        self.org.unverified.emails.remove(id);
        Ok(AccountAnswer::DONE)
    }

    fn challenge_email(&mut self, id: &str) -> Outcome {
        let to = self.address(id)?.address;
        let challenge = self.send_code(id, &to, Channel::Email);
        let AccountAnswer { body, .. } = self.email_challenge(id, &challenge)?;
        Ok(AccountAnswer { status: 201, body })
    }

    fn email_challenge(&self, id: &str, challenge: &str) -> Outcome {
        let email = self.address(id)?;
        let code = self.org.unverified.codes.get(id).filter(|code| code.id == challenge);
        let code = code.ok_or(AccountRefusal::NotFound)?;
        let path = format!("emails/{id}/challenge/{challenge}");
        Ok(AccountAnswer::shown(json!({
            "id": challenge,
            "status": if code.verified { "VERIFIED" } else { "UNVERIFIED" },
            "expiresAt": code.expires_at.iso(),
            "profile": { "email": email.address },
            "_links": {
                "verify": self.link(&format!("{path}/verify"), &["POST"]),
                "poll": self.link(&path, &["GET"]),
            },
        })))
    }

    fn verify_email(&mut self, id: &str, challenge: &str, body: &Value) -> Outcome {
        let email = self.address(id)?;
        if self.org.unverified.codes.get(id).is_none_or(|code| code.id != challenge) {
            return Err(AccountRefusal::NotFound);
        }
        self.check_code(id, text(body, "/verificationCode"))?;
        self.org.unverified.emails.remove(id);
        let (now, random) = (self.now, &mut *self.random);
        let user = self.org.users.get_mut(&self.user).ok_or(AccountRefusal::InvalidToken)?;
        match email.role {
            EmailRole::Primary => {
                user.email = email.address;
                user.enrol(Factor::Email, now, random);
            }
            EmailRole::Secondary => drop(user.profile.insert(SECONDARY.to_owned(), json!(email.address))),
        }
        user.updated_at = now;
        Ok(AccountAnswer { status: 200, body: None })
    }

    /// The first address, for the enrolment of e-mail.
    pub(super) fn enrolled_address(&self) -> Option<String> {
        let user = self.user().ok()?;
        user.has(Authenticator::OktaEmail).then(|| user.email.clone())
    }
}
