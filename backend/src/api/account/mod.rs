//! The person's own account, by Okta's MyAccount API. Each call is one change, with the person's access token.

mod access;
mod leave;
mod take;

use self::access::AccountAccess;
pub(super) use self::leave::leave;
use self::take::Members;
use crate::{app::App, http::ApiError, http::json_body::Answers, translate::account as translate};
use axum::{
    Json, Router,
    extract::{Path, rejection::PathRejection},
    routing::{delete, get, post},
};
use http::StatusCode;
use latchkey_contract::{
    Account, AccountPasskey, AccountPhone, EmailChallenge, PasskeyRegistrationOptions, ProblemCode,
};
use latchkey_idx::{AccountError, Secret};

/// The id in a path.
type Id = Result<Path<String>, PathRejection>;

/// The areas of an account that the page shows.
const AREAS: [&str; 5] = ["password", "email", "phone", "webauthn", "authenticators"];

/// The routes below `/api/account`.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/account", get(overview))
        .route("/api/account/password", post(password))
        .route("/api/account/emails", post(add_email))
        .route("/api/account/emails/{id}", delete(delete_email))
        .route("/api/account/emails/{id}/challenge", post(challenge_email))
        .route("/api/account/emails/{id}/verify", post(verify_email))
        .route("/api/account/phones", post(add_phone))
        .route("/api/account/phones/{id}", delete(delete_phone))
        .route("/api/account/phones/{id}/challenge", post(challenge_phone))
        .route("/api/account/phones/{id}/verify", post(verify_phone))
        .route("/api/account/passkeys", post(add_passkey))
        .route("/api/account/passkeys/options", post(passkey_options))
        .route("/api/account/passkeys/{id}", delete(delete_passkey))
        .route("/api/account/authenticators/{authenticator}/enrollments/{id}", post(rename))
}

/// `GET /api/account`: what the org shows of the account, and which scopes are missing.
async fn overview(access: AccountAccess) -> Result<Json<Account>, ApiError> {
    let requested = access.scopes();
    let has = |area, permission| requested.contains(&scope(area, permission));
    let missing_scopes = AREAS.into_iter().map(|area| scope(area, "manage"));
    let missing_scopes = missing_scopes.filter(|scope| !requested.contains(scope)).collect();
    let [password, emails, phones, passkeys, authenticators] =
        AREAS.map(|area| has(area, "manage") || has(area, "read"));
    let account = access.account();
    let (password, emails, phones, passkeys, authenticators) = tokio::join!(
        part(password, account.password()),
        part(emails, account.emails()),
        part(phones, account.phones()),
        part(passkeys, account.passkeys()),
        part(authenticators, account.authenticators()),
    );
    let mut overview = Account { missing_scopes, ..Account::default() };
    let missing = &mut overview.missing_scopes;
    overview.password =
        granted(password, "password", missing)?.map(|password| translate::password(&password));
    overview.emails = granted(emails, "email", missing)?.map(translate::emails);
    overview.phones = granted(phones, "phone", missing)?.map(translate::phones);
    overview.passkeys = granted(passkeys, "webauthn", missing)?.map(translate::passkeys);
    overview.authenticators =
        granted(authenticators, "authenticators", missing)?.map(translate::authenticators);
    Ok(Json(overview))
}

/// `POST /api/account/password`: sets or changes the password.
async fn password(access: AccountAccess, Answers(values): Answers) -> Result<StatusCode, ApiError> {
    let mut members = Members(values);
    let current = members.optional("currentPassword")?.map(Secret::from);
    let new = Secret::from(members.required("password")?);
    members.end()?;
    access.account().set_password(current.as_ref(), &new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/account/emails`: adds an address, and has a code sent to it.
async fn add_email(
    access: AccountAccess,
    Answers(values): Answers,
) -> Result<Json<EmailChallenge>, ApiError> {
    let mut members = Members(values);
    let (address, is_primary) = (members.required("email")?, members.flag("isPrimary")?);
    members.end()?;
    let role = if is_primary { "PRIMARY" } else { "SECONDARY" };
    let added = access.account().add_email(&address, role).await?;
    let challenge = match added.challenge {
        Some(challenge) => challenge,
        None => access.account().challenge_email(&added.id).await?,
    };
    Ok(Json(EmailChallenge { id: added.id, challenge }))
}

/// `POST /api/account/emails/{id}/challenge`: has a new code sent to an address.
async fn challenge_email(
    access: AccountAccess,
    id: Id,
    Answers(values): Answers,
) -> Result<Json<EmailChallenge>, ApiError> {
    Members(values).end()?;
    let id = known(id)?;
    let challenge = access.account().challenge_email(&id).await?;
    Ok(Json(EmailChallenge { id, challenge }))
}

/// `POST /api/account/emails/{id}/verify`: confirms an address by its code.
async fn verify_email(
    access: AccountAccess,
    id: Id,
    Answers(values): Answers,
) -> Result<StatusCode, ApiError> {
    let mut members = Members(values);
    let (challenge, code) = (members.required("challenge")?, members.required("verificationCode")?);
    members.end()?;
    access.account().verify_email(&known(id)?, &challenge, &code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/account/emails/{id}`: removes an address that was not confirmed.
async fn delete_email(access: AccountAccess, id: Id) -> Result<StatusCode, ApiError> {
    access.account().delete_email(&known(id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/account/phones`: adds a number, and has a code sent to it.
async fn add_phone(access: AccountAccess, Answers(values): Answers) -> Result<Json<AccountPhone>, ApiError> {
    let mut members = Members(values);
    let (number, method) = (members.required("phoneNumber")?, members.phone_method()?);
    members.end()?;
    let phone = access.account().add_phone(&number, method).await?;
    Ok(Json(translate::phone(phone)))
}

/// `POST /api/account/phones/{id}/challenge`: has a new code sent to a number.
async fn challenge_phone(
    access: AccountAccess,
    id: Id,
    Answers(values): Answers,
) -> Result<StatusCode, ApiError> {
    let mut members = Members(values);
    let method = members.phone_method()?;
    members.end()?;
    access.account().challenge_phone(&known(id)?, method).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/account/phones/{id}/verify`: confirms a number by its code.
async fn verify_phone(
    access: AccountAccess,
    id: Id,
    Answers(values): Answers,
) -> Result<StatusCode, ApiError> {
    let mut members = Members(values);
    let code = members.required("verificationCode")?;
    members.end()?;
    access.account().verify_phone(&known(id)?, &code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/account/phones/{id}`: removes a number.
async fn delete_phone(access: AccountAccess, id: Id) -> Result<StatusCode, ApiError> {
    access.account().delete_phone(&known(id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/account/passkeys/options`: what the browser makes a passkey with.
async fn passkey_options(
    access: AccountAccess,
    Answers(values): Answers,
) -> Result<Json<PasskeyRegistrationOptions>, ApiError> {
    Members(values).end()?;
    let options = access.account().passkey_options().await?;
    Ok(Json(translate::passkey_options(options)))
}

/// `POST /api/account/passkeys`: adds the passkey that the browser has made.
async fn add_passkey(
    access: AccountAccess,
    Answers(values): Answers,
) -> Result<Json<AccountPasskey>, ApiError> {
    let mut members = Members(values);
    let made = members.passkey()?;
    members.end()?;
    let passkey = access.account().add_passkey(&made).await?;
    Ok(Json(translate::passkey(passkey)))
}

/// `DELETE /api/account/passkeys/{id}`: removes a passkey.
async fn delete_passkey(access: AccountAccess, id: Id) -> Result<StatusCode, ApiError> {
    access.account().delete_passkey(&known(id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/account/authenticators/{authenticator}/enrollments/{id}`: gives an enrolment a name.
async fn rename(
    access: AccountAccess,
    ids: Result<Path<(String, String)>, PathRejection>,
    Answers(values): Answers,
) -> Result<StatusCode, ApiError> {
    let mut members = Members(values);
    let nickname = members.required("nickname")?;
    members.end()?;
    let Path((authenticator, id)) = ids.map_err(|_| ProblemCode::NotFound)?;
    access.account().rename(&authenticator, &id, &nickname).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The scope of the MyAccount API for this.
fn scope(area: &str, permission: &str) -> String {
    format!("okta.myAccount.{area}.{permission}")
}

/// A part of an account. Without its scope the org is not asked.
async fn part<R>(
    may_read: bool,
    call: impl Future<Output = Result<R, AccountError>>,
) -> Result<Option<R>, AccountError> {
    if may_read { call.await.map(Some) } else { Ok(None) }
}

/// The part of an account, if the org has granted its scope.
fn granted<R>(
    part: Result<Option<R>, AccountError>,
    area: &str,
    missing: &mut Vec<String>,
) -> Result<Option<R>, AccountError> {
    match part {
        Err(AccountError::InsufficientScope) => {
            let scope = scope(area, "manage");
            if !missing.contains(&scope) {
                missing.push(scope);
            }
            Ok(None)
        }
        // An org without this part of the API.
        Err(AccountError::NotFound) => Ok(None),
        part => part,
    }
}

fn known(id: Id) -> Result<String, ApiError> {
    id.map(|Path(id)| id).map_err(|_| ProblemCode::NotFound.into())
}
