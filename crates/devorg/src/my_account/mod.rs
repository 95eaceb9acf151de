//! The MyAccount API: what a signed-in user sees and changes of their own account, with an access token. Time and
//! randomness come in as arguments.

mod access;
mod authenticators;
mod codes;
mod emails;
mod passkeys;
mod password;
mod phones;
mod request;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use crate::clock::Timestamp;
use crate::org::settings::app::OrgApp;
use crate::org::state::OrgState;
use crate::org::user::OrgUser;
use crate::random::Random;
use access::Area;
pub(crate) use access::SCOPES;
pub(crate) use request::{AccountAnswer, AccountRefusal, AccountRequest};

/// The path of the API.
const BASE: &str = "/idp/myaccount";

type Outcome = Result<AccountAnswer, AccountRefusal>;

/// Answers a request.
pub(crate) fn answer(
    org: &mut OrgState,
    request: &AccountRequest<'_>,
    origin: &str,
    now: Timestamp,
    random: &mut Random,
) -> Outcome {
    let mut segments = request.path.split('/');
    let area = segments.next().and_then(Area::by_path).ok_or(AccountRefusal::NotFound)?;
    let rest: Vec<&str> = segments.collect();
    let (user, client) = access::check(org, request, area, &rest, now)?;
    let mut account = UserAccount { org, user, client, origin, now, random };
    let (method, body) = (request.method.as_str(), &request.body);
    match area {
        Area::Profile => account.profile(method, &rest),
        Area::Email => account.emails(method, &rest, body),
        Area::Phone => account.phones(method, &rest, body),
        Area::Password => account.password(method, &rest, body),
        Area::Authenticators => account.authenticators(method, &rest, body, request.expand),
        Area::Webauthn => account.passkeys(method, &rest, body),
        Area::Sessions => account.sessions(method, &rest),
        Area::Organization => account.organization(method, &rest),
    }
}

/// The account that a request is about.
pub(crate) struct UserAccount<'a> {
    org: &'a mut OrgState,
    /// The id of the user.
    user: String,
    /// The id of the client that calls.
    client: String,
    origin: &'a str,
    now: Timestamp,
    random: &'a mut Random,
}

impl UserAccount<'_> {
    fn user(&self) -> Result<&OrgUser, AccountRefusal> {
        self.org.users.get(&self.user).ok_or(AccountRefusal::InvalidToken)
    }

    fn user_mut(&mut self) -> Result<&mut OrgUser, AccountRefusal> {
        self.org.users.get_mut(&self.user).ok_or(AccountRefusal::InvalidToken)
    }

    fn app(&self) -> Result<&OrgApp, AccountRefusal> {
        self.org.app(&self.client).ok_or(AccountRefusal::InvalidToken)
    }

    /// The address of a resource.
    fn href(&self, path: &str) -> String {
        format!("{}{BASE}/{path}", self.origin)
    }

    /// A link to a resource, with the methods that it allows.
    fn link(&self, path: &str, allow: &[&str]) -> Value {
        json!({ "href": self.href(path), "hints": { "allow": allow } })
    }

    fn profile(&self, method: &str, rest: &[&str]) -> Outcome {
        let user = self.user()?;
        match (method, rest) {
            ("GET", []) => {
                let mut profile = json!(user.profile);
                if let Some(members) = profile.as_object_mut() {
                    members.insert("login".to_owned(), json!(user.login));
                    members.insert("email".to_owned(), json!(user.email));
                }
                Ok(AccountAnswer::shown(json!({
                    "createdAt": user.updated_at.iso(),
                    "modifiedAt": user.updated_at.iso(),
                    "profile": profile,
                    "_links": {
                        "self": self.link("profile", &["GET"]),
                        "describedBy": self.link("profile/schema", &["GET"]),
                    },
                })))
            }
            ("GET", ["schema"]) => {
                let attributes = self.app()?.profile.attributes.iter().map(|attribute| {
                    let shape =
                        json!({ "title": attribute.label, "type": "string", "permissions": { "SELF": "READ_ONLY" } });
                    (attribute.name.clone(), shape)
                });
                let properties: Value = attributes.collect::<serde_json::Map<_, _>>().into();
                Ok(AccountAnswer::shown(json!({ "properties": properties })))
            }
            _ => Err(AccountRefusal::NotFound),
        }
    }

    fn sessions(&mut self, method: &str, rest: &[&str]) -> Outcome {
        if (method, rest) != ("DELETE", &[]) {
            return Err(AccountRefusal::NotFound);
        }
        let user = self.user.clone();
        self.org.end_sessions(&user);
        Ok(AccountAnswer::DONE)
    }

    fn organization(&self, method: &str, rest: &[&str]) -> Outcome {
        if (method, rest) != ("GET", &[]) {
            return Err(AccountRefusal::NotFound);
        }
        let name = &self.org.settings.name;
        Ok(AccountAnswer::shown(
            json!({ "name": name, "url": self.origin, "helpLink": null, "supportEmail": null }),
        ))
    }
}

/// A text at a path of a body.
fn text<'a>(body: &'a Value, pointer: &str) -> Option<&'a str> {
    body.pointer(pointer).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}
