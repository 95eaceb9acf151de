//! The calls of the MyAccount API.

use std::time::SystemTime;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method};
use serde_json::{Value, json};

use super::org_client::{Client, Retries};
use crate::account::refusal::{self, AccountError};
use crate::account::resources::{
    NewPasskey, OwnAuthenticator, OwnEmail, OwnPasskey, OwnPassword, OwnPhone, PasskeyOptions, PhoneMethod,
    Resource, challenge_of,
};
use crate::call_context::CallContext;
use crate::error::{Error, TokenError};
use crate::protocol::retry_after::retry_after;
use crate::secret::Secret;
use crate::transport::Transport;
use crate::transport::message::request;

/// The version is part of what the API accepts.
const ACCEPTED: HeaderValue = HeaderValue::from_static("application/json; okta-version=1.0.0");

/// The account of a signed-in person.
pub struct OwnAccount<'a, T> {
    client: &'a Client<T>,
    access_token: &'a Secret,
    context: &'a CallContext,
}

impl<T: Transport> Client<T> {
    /// The account of the person who has this access token.
    pub fn account<'a>(&'a self, access_token: &'a Secret, context: &'a CallContext) -> OwnAccount<'a, T> {
        OwnAccount { client: self, access_token, context }
    }
}

impl<T: Transport> OwnAccount<'_, T> {
    /// The password.
    pub async fn password(&self) -> Result<OwnPassword, AccountError> {
        self.get("password").await
    }

    /// Sets the password, or changes it if there is one.
    pub async fn set_password(&self, current: Option<&Secret>, new: &Secret) -> Result<(), AccountError> {
        let mut profile = json!({ "password": new.reveal() });
        if let (Some(current), Some(profile)) = (current, profile.as_object_mut()) {
            profile.insert("currentPassword".to_owned(), json!(current.reveal()));
        }
        let is_set = self.password().await?.is_set;
        let method = if is_set { Method::PUT } else { Method::POST };
        self.send(method, "password", Some(json!({ "profile": profile }))).await.map(drop)
    }

    /// The e-mail addresses.
    pub async fn emails(&self) -> Result<Vec<OwnEmail>, AccountError> {
        self.list("emails").await
    }

    /// Adds an address in this role, and has a code sent to it. The address has the id of the challenge.
    pub async fn add_email(&self, address: &str, role: &str) -> Result<OwnEmail, AccountError> {
        let body = json!({ "profile": { "email": address }, "sendEmail": true, "role": role });
        Ok(OwnEmail::read(&self.send(Method::POST, "emails", Some(body)).await?))
    }

    /// Sends a new code to an address, and returns the id of the challenge.
    pub async fn challenge_email(&self, id: &str) -> Result<String, AccountError> {
        let begun = self.send(Method::POST, &path(&["emails", id, "challenge"]), Some(json!({}))).await?;
        let by_id = begun.get("id").and_then(Value::as_str).map(str::to_owned);
        let by_link = || begun.pointer("/_links/verify/href").and_then(Value::as_str).and_then(challenge_of);
        let none = || AccountError::Org(Error::NotIon("the challenge has no id".to_owned()));
        by_id.or_else(by_link).ok_or_else(none)
    }

    /// Confirms an address by the code that was sent to it.
    pub async fn verify_email(&self, id: &str, challenge: &str, code: &str) -> Result<(), AccountError> {
        let path = path(&["emails", id, "challenge", challenge, "verify"]);
        self.send(Method::POST, &path, Some(json!({ "verificationCode": code }))).await.map(drop)
    }

    /// Removes an address that was not confirmed.
    pub async fn delete_email(&self, id: &str) -> Result<(), AccountError> {
        self.send(Method::DELETE, &path(&["emails", id]), None).await.map(drop)
    }

    /// The phone numbers.
    pub async fn phones(&self) -> Result<Vec<OwnPhone>, AccountError> {
        self.list("phones").await
    }

    /// Adds a number, and has a code sent to it.
    pub async fn add_phone(&self, number: &str, method: PhoneMethod) -> Result<OwnPhone, AccountError> {
        let body = json!({ "profile": { "phoneNumber": number }, "sendCode": true, "method": method.wire() });
        Ok(OwnPhone::read(&self.send(Method::POST, "phones", Some(body)).await?))
    }

    /// Sends a new code to a number.
    pub async fn challenge_phone(&self, id: &str, method: PhoneMethod) -> Result<(), AccountError> {
        let body = json!({ "method": method.wire(), "retry": true });
        self.send(Method::POST, &path(&["phones", id, "challenge"]), Some(body)).await.map(drop)
    }

    /// Confirms a number by the code that was sent to it.
    pub async fn verify_phone(&self, id: &str, code: &str) -> Result<(), AccountError> {
        let body = json!({ "verificationCode": code });
        self.send(Method::POST, &path(&["phones", id, "verify"]), Some(body)).await.map(drop)
    }

    /// Removes a number.
    pub async fn delete_phone(&self, id: &str) -> Result<(), AccountError> {
        self.send(Method::DELETE, &path(&["phones", id]), None).await.map(drop)
    }

    /// The passkeys.
    pub async fn passkeys(&self) -> Result<Vec<OwnPasskey>, AccountError> {
        self.list("webauthn").await
    }

    /// What the browser makes a new passkey with.
    pub async fn passkey_options(&self) -> Result<PasskeyOptions, AccountError> {
        let begun = self.send(Method::POST, "webauthn/registration", Some(json!({}))).await?;
        Ok(PasskeyOptions::read(&begun))
    }

    /// Adds the passkey that the browser has made.
    pub async fn add_passkey(&self, made: &NewPasskey) -> Result<OwnPasskey, AccountError> {
        let mut body = json!({ "clientData": made.client_data, "attestation": made.attestation });
        let more = [("transports", &made.transports), ("clientExtensions", &made.client_extensions)];
        if let Some(members) = body.as_object_mut() {
            let given =
                more.into_iter().filter_map(|(name, text)| Some((name.to_owned(), json!(text.as_ref()?))));
            members.extend(given);
        }
        Ok(OwnPasskey::read(&self.send(Method::POST, "webauthn", Some(body)).await?))
    }

    /// Removes a passkey.
    pub async fn delete_passkey(&self, id: &str) -> Result<(), AccountError> {
        self.send(Method::DELETE, &path(&["webauthn", id]), None).await.map(drop)
    }

    /// The authenticators of the org, with what the person has enrolled. A page that is not the org's is left out.
    pub async fn authenticators(&self) -> Result<Vec<OwnAuthenticator>, AccountError> {
        let mut all: Vec<OwnAuthenticator> = self.list("authenticators?expand=enrollments").await?;
        let own = |page: &String| self.client.config().own_address(page).is_some();
        for authenticator in &mut all {
            authenticator.set_up_page = authenticator.set_up_page.take().filter(own);
            for enrollment in &mut authenticator.enrollments {
                enrollment.removal_page = enrollment.removal_page.take().filter(own);
            }
        }
        Ok(all)
    }

    /// Gives an enrolment a name.
    pub async fn rename(&self, authenticator: &str, id: &str, nickname: &str) -> Result<(), AccountError> {
        let path = path(&["authenticators", authenticator, "enrollments", id]);
        self.send(Method::PATCH, &path, Some(json!({ "nickname": nickname }))).await.map(drop)
    }

    async fn get<R: Resource>(&self, path: &str) -> Result<R, AccountError> {
        Ok(R::read(&self.send(Method::GET, path, None).await?))
    }

    async fn list<R: Resource>(&self, path: &str) -> Result<Vec<R>, AccountError> {
        match self.send(Method::GET, path, None).await? {
            Value::Array(items) => Ok(items.iter().map(R::read).collect()),
            _ => Err(AccountError::Org(Error::NotIon("the list of an account is no list".to_owned()))),
        }
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, AccountError> {
        let mut headers = self.context.headers(false);
        let bearer = HeaderValue::from_str(&format!("Bearer {}", self.access_token.reveal()));
        let mut bearer = bearer.map_err(|_| Error::Token(TokenError::Shape))?;
        bearer.set_sensitive(true);
        headers.insert(AUTHORIZATION, bearer);
        headers.insert(ACCEPT, ACCEPTED);
        if body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let retries = if method == Method::GET { Retries::Once } else { Retries::None };
        let address = self.client.config().org_address(&format!("/idp/myaccount/{path}"));
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let response = self.client.send(retries, request(method, &address, headers, body)?).await?;
        if let Some(retry_after) = retry_after(&response, SystemTime::now()) {
            return Err(Error::RateLimited { retry_after }.into());
        }
        if !response.status().is_success() {
            return Err(refusal::read(&response));
        }
        match response.body().as_bytes() {
            [] => Ok(Value::Null),
            bytes => serde_json::from_slice(bytes).map_err(|error| Error::NotIon(error.to_string()).into()),
        }
    }
}

/// A path of these segments. An id of the caller is one segment, whatever it contains.
fn path(segments: &[&str]) -> String {
    let encode = |segment: &&str| {
        // An address takes a segment of dots alone for a step up; no id is made of them.
        let is_dots = segment.bytes().all(|byte| byte == b'.');
        let encoded = url::form_urlencoded::byte_serialize(segment.as_bytes());
        if is_dots { "-".to_owned() } else { encoded.collect::<String>() }
    };
    segments.iter().map(encode).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn an_id_is_one_segment_of_the_path_whatever_it_contains() {
        assert_eq!(path(&["phones", "a/../b?c#d", "verify"]), "phones/a%2F..%2Fb%3Fc%23d/verify");
        assert_eq!(path(&["phones", ".."]), "phones/-");
    }
}
