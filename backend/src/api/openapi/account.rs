//! The calls about the person's own account.

use super::call::{ApiCall, Success};
use latchkey_contract::ProblemCode;

/// What the org may refuse about an account.
const PROBLEMS: [ProblemCode; 8] = [
    ProblemCode::NotSignedIn,
    ProblemCode::MissingScope,
    ProblemCode::StepUpRequired,
    ProblemCode::NotFound,
    ProblemCode::AccountRefused,
    ProblemCode::OrgUnreachable,
    ProblemCode::OrgRefused,
    ProblemCode::OrgTimeout,
];

/// The calls.
pub(super) const CALLS: [ApiCall; 14] = [
    ApiCall {
        method: "get",
        path: "/api/account",
        summary: "The person's own account: password, addresses, numbers, passkeys and authenticators",
        body: None,
        success: Success::Json("Account"),
        problems: &PROBLEMS,
    },
    change("/api/account/password", "Set or change the password", "NewPassword", Success::Nothing),
    change("/api/account/emails", "Add an e-mail address", "NewEmail", Success::Json("EmailChallenge")),
    remove("/api/account/emails/{id}", "Remove an e-mail address that was not confirmed"),
    change(
        "/api/account/emails/{id}/challenge",
        "Send a new code to an e-mail address",
        "Nothing",
        Success::Json("EmailChallenge"),
    ),
    change("/api/account/emails/{id}/verify", "Confirm an e-mail address", "EmailCode", Success::Nothing),
    change("/api/account/phones", "Add a phone number", "NewPhone", Success::Json("AccountPhone")),
    remove("/api/account/phones/{id}", "Remove a phone number"),
    change(
        "/api/account/phones/{id}/challenge",
        "Send a new code to a phone number",
        "PhoneMethod",
        Success::Nothing,
    ),
    change("/api/account/phones/{id}/verify", "Confirm a phone number", "PhoneCode", Success::Nothing),
    change("/api/account/passkeys", "Add a passkey", "NewPasskey", Success::Json("AccountPasskey")),
    change(
        "/api/account/passkeys/options",
        "What the browser makes a passkey with",
        "Nothing",
        Success::Json("PasskeyRegistrationOptions"),
    ),
    remove("/api/account/passkeys/{id}", "Remove a passkey"),
    change(
        "/api/account/authenticators/{authenticator}/enrollments/{id}",
        "Give an enrolment a name",
        "Nickname",
        Success::Nothing,
    ),
];

const fn change(path: &'static str, summary: &'static str, body: &'static str, success: Success) -> ApiCall {
    ApiCall { method: "post", path, summary, body: Some(body), success, problems: &PROBLEMS }
}

const fn remove(path: &'static str, summary: &'static str) -> ApiCall {
    ApiCall { method: "delete", path, summary, body: None, success: Success::Nothing, problems: &PROBLEMS }
}
