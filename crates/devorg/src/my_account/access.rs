//! Who may call: the scope of each area, and how old and strong the sign-in must be for a change.

use http::Method;

use super::request::{AccountRefusal, AccountRequest};
use crate::clock::Timestamp;
use crate::org::authenticator::FactorType;
use crate::org::grants::AccessToken;
use crate::org::state::OrgState;
use crate::org::user::{OrgUser, Status};

/// The part of an account that a path is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Area {
    Profile,
    Email,
    Phone,
    Password,
    Authenticators,
    Webauthn,
    Sessions,
    Organization,
}

/// A change needs a sign-in that is not older than this.
const MAX_SIGN_IN_SECONDS: u64 = 15 * 60;
/// A change needs two factors, if the user has them.
const STRENGTH: &str = "urn:okta:loa:2fa:any:ifpossible";

/// The scopes of the API.
pub(crate) const SCOPES: [&str; 15] = [
    "okta.myAccount.profile.read",
    "okta.myAccount.profile.manage",
    "okta.myAccount.email.read",
    "okta.myAccount.email.manage",
    "okta.myAccount.phone.read",
    "okta.myAccount.phone.manage",
    "okta.myAccount.password.read",
    "okta.myAccount.password.manage",
    "okta.myAccount.authenticators.read",
    "okta.myAccount.authenticators.manage",
    "okta.myAccount.webauthn.read",
    "okta.myAccount.webauthn.manage",
    "okta.myAccount.sessions.read",
    "okta.myAccount.sessions.manage",
    "okta.myAccount.organization.read",
];

impl Area {
    /// The area of the first segment of a path.
    pub(super) fn by_path(segment: &str) -> Option<Self> {
        Some(match segment {
            "profile" => Self::Profile,
            "emails" => Self::Email,
            "phones" => Self::Phone,
            "password" => Self::Password,
            "authenticators" => Self::Authenticators,
            "webauthn" => Self::Webauthn,
            "sessions" => Self::Sessions,
            "organization" => Self::Organization,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Password => "password",
            Self::Authenticators => "authenticators",
            Self::Webauthn => "webauthn",
            Self::Sessions => "sessions",
            Self::Organization => "organization",
        }
    }
}

/// Checks the token, its scope and its sign-in, and returns the user and the client.
pub(super) fn check(
    org: &OrgState,
    request: &AccountRequest<'_>,
    area: Area,
    rest: &[&str],
    now: Timestamp,
) -> Result<(String, String), AccountRefusal> {
    let token = request.token.and_then(|token| org.grants.access(token, now));
    let token = token.ok_or(AccountRefusal::InvalidToken)?;
    let user = org.users.get(&token.grant.user).filter(|user| user.status != Status::Suspended);
    let user = user.ok_or(AccountRefusal::InvalidToken)?;
    let is_read = request.method == Method::GET || is_status(request.method, area, rest);
    // Who may change an area may read it.
    let manage = format!("okta.myAccount.{}.manage", area.name());
    let read = format!("okta.myAccount.{}.read", area.name());
    let has = |scope: &String| token.scopes.contains(scope);
    if !(has(&manage) || is_read && has(&read)) {
        return Err(AccountRefusal::InsufficientScope(if is_read { read } else { manage }));
    }
    if !is_read && !is_fresh_and_strong(token, user, now) {
        return Err(AccountRefusal::InsufficientAuthentication {
            max_age: MAX_SIGN_IN_SECONDS,
            acr_values: STRENGTH,
        });
    }
    Ok((user.id.clone(), token.grant.request.client_id.clone()))
}

/// Whether a request asks for the state of a challenge. okta-auth-js sends it as POST.
fn is_status(method: &Method, area: Area, rest: &[&str]) -> bool {
    area == Area::Email && method == Method::POST && matches!(rest, [_, "challenge", _])
}

fn is_fresh_and_strong(token: &AccessToken, user: &OrgUser, now: Timestamp) -> bool {
    let verified =
        |kind: FactorType| token.grant.verified.iter().any(|factor| factor.key.factor_type() == kind);
    let has = |kind: FactorType| user.authenticators().iter().any(|key| key.factor_type() == kind);
    let is_strong =
        [FactorType::Knowledge, FactorType::Possession].into_iter().all(|kind| verified(kind) || !has(kind));
    is_strong && now.since(token.grant.auth_time).as_secs() <= MAX_SIGN_IN_SECONDS
}
