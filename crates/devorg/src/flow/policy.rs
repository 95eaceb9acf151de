//! The policy decision: the next step for a user at an app.

use serde_json::Value;

use crate::clock::Timestamp;
use crate::org::authenticator::{Authenticator, FactorType};
use crate::org::settings::access::{ConsentPolicy, DeviceRequirement};
use crate::org::settings::app::{Access, Assurance, Inclusion, OrgApp, SignOnRule};
use crate::org::settings::vendors::VerificationService;
use crate::org::transaction::{EnrollmentOffer, Skipped};
use crate::org::user::{OrgUser, Status, VerifiedFactor};

/// The input of the decision.
pub(crate) struct PolicyInput<'a> {
    pub(crate) user: &'a OrgUser,
    pub(crate) verified: &'a [VerifiedFactor],
    /// The assurance level that the client requested.
    pub(crate) acr_values: Option<&'a str>,
    pub(crate) max_age: Option<u64>,
    /// Whether the account is being created or activated and has no factors yet.
    pub(crate) registering: bool,
    pub(crate) skipped: &'a [Skipped],
    pub(crate) scopes: &'a [String],
    /// The authenticators that the client has sent the user to enrol.
    pub(crate) enroll: &'a [Authenticator],
    /// Whether the scopes were allowed in this transaction.
    pub(crate) consented: bool,
    /// Whether the browser's session is to last.
    pub(crate) remember: bool,
    pub(crate) now: Timestamp,
}

/// The decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NextStep {
    /// Verify one of these.
    Verify(Vec<Authenticator>),
    /// Enrol one of these.
    Enroll(EnrollmentOffer),
    /// The password has expired, or expires in this many days.
    RenewPassword(Option<u64>),
    /// Ask for these missing attributes.
    CompleteProfile { missing: Vec<String>, skippable: bool },
    /// A service has to verify who the user is.
    VerifyIdentity(VerificationService),
    /// Offer a passkey.
    PromotePasskey,
    /// Ask for consent to the scopes.
    AskConsent(ConsentPolicy),
    /// The device does not fulfil the policy; access is granted for so many more days.
    WarnOfDevice { grace_days: u64 },
    /// The device does not fulfil the policy.
    DenyDevice,
    /// The device has to be enrolled, which ends the flow.
    EnrollDevice(DeviceRequirement),
    /// The step of the app's script.
    AskScripted,
    /// Ask whether the browser's session is to last.
    AskToStaySignedIn,
    /// No authenticator that the user has or may enrol is enough.
    Unsatisfiable,
    /// A rule denies access.
    Denied,
    /// Access is granted.
    Grant,
}

/// Decides by the policies alone.
pub(crate) fn decide(app: &OrgApp, input: &PolicyInput<'_>) -> NextStep {
    let user = input.user;
    let Some(rule) = app.rule(&user.groups).filter(|rule| rule.access == Access::Allowed) else {
        return NextStep::Denied;
    };
    if let Some(renewal) = renewal(app, input) {
        return NextStep::RenewPassword(renewal);
    }
    if input.registering
        && let Some(next) = required_enrolment(app, input)
    {
        return next;
    }
    let fresh = fresh(rule, input);
    let wanted = wanted(rule, input.acr_values);
    let missing = Missing::of(wanted, &fresh);
    if missing != Missing::Nothing {
        let helps = |key: &Authenticator| rule.accepts(*key) && missing.is_helped_by(*key, &fresh);
        let held: Vec<Authenticator> =
            user.authenticators().into_iter().filter(|key| may_verify(app, *key)).filter(helps).collect();
        if !held.is_empty() {
            return NextStep::Verify(held);
        }
        if fresh.is_empty() && !input.registering {
            return NextStep::Unsatisfiable;
        }
        let keys = offered(app, input).filter(helps).collect::<Vec<_>>();
        return if keys.is_empty() {
            NextStep::Unsatisfiable
        } else {
            NextStep::Enroll(EnrollmentOffer { keys, skippable: false })
        };
    }
    required_enrolment(app, input)
        .or_else(|| requested_enrolment(input))
        .or_else(|| identity_verification(app, input))
        .or_else(|| profile(app, input))
        .or_else(|| optional_enrolment(app, input))
        .or_else(|| promotion(app, input))
        .or_else(|| device_enrollment(app, input))
        .or_else(|| device(app, input))
        .or_else(|| scripted(app, input))
        .or_else(|| consent(app, input))
        .or_else(|| stay_signed_in(app, input))
        .unwrap_or(NextStep::Grant)
}

/// The authenticators offered for an unknown identifier under enumeration protection.
pub(crate) fn decoy_authenticators(app: &OrgApp) -> Vec<Authenticator> {
    let rule = app.sign_on.last();
    [Authenticator::OktaPassword, Authenticator::OktaEmail]
        .into_iter()
        .filter(|key| app.inclusion(*key) != Inclusion::NotAllowed)
        .filter(|key| rule.is_none_or(|rule| rule.accepts(*key)))
        .collect()
}

/// The authenticators with which this user can recover a password or unlock the account.
pub(crate) fn self_service(methods: &[Authenticator], user: &OrgUser) -> Vec<Authenticator> {
    // The profile's address works even if e-mail is not enrolled.
    methods
        .iter()
        .copied()
        .filter(|key| *key == Authenticator::OktaEmail && !user.email.is_empty() || user.has(*key))
        .collect()
}

/// The authenticators with which this user can choose a new PIN for a card.
pub(crate) fn pin_recovery(user: &OrgUser) -> Vec<Authenticator> {
    self_service(&[Authenticator::OktaEmail, Authenticator::PhoneNumber], user)
}

/// What the verified factors lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    Nothing,
    Anything,
    Password,
    /// Any authenticator but the password.
    Another,
    /// An authenticator of another factor type.
    OtherKind,
}

impl Missing {
    fn of(wanted: Assurance, verified: &[&VerifiedFactor]) -> Self {
        // The identity provider asked for the password.
        let password = verified
            .iter()
            .any(|s| matches!(s.key, Authenticator::OktaPassword | Authenticator::ExternalIdp));
        match wanted {
            _ if verified.is_empty() && wanted != Assurance::Password => Self::Anything,
            Assurance::AnyOneFactor => Self::Nothing,
            Assurance::Password | Assurance::PasswordAndAnother if !password => Self::Password,
            Assurance::Password => Self::Nothing,
            Assurance::PasswordAndAnother if verified.len() > 1 => Self::Nothing,
            Assurance::PasswordAndAnother => Self::Another,
            Assurance::AnyTwoFactors if factor_types(verified) > 1 => Self::Nothing,
            Assurance::AnyTwoFactors => Self::OtherKind,
        }
    }

    fn is_helped_by(self, key: Authenticator, verified: &[&VerifiedFactor]) -> bool {
        let is_new = !verified.iter().any(|s| s.key == key);
        is_new
            && match self {
                Self::Nothing => false,
                Self::Anything => true,
                Self::Password => key == Authenticator::OktaPassword,
                Self::Another => key != Authenticator::OktaPassword,
                Self::OtherKind => !verified.iter().any(|s| s.key.factor_type() == key.factor_type()),
            }
    }
}

fn factor_types(verified: &[&VerifiedFactor]) -> usize {
    [FactorType::Knowledge, FactorType::Possession]
        .into_iter()
        .filter(|factor_type| verified.iter().any(|s| s.key.factor_type() == *factor_type))
        .count()
}

/// The client's requested assurance, if it is above the rule's.
fn wanted(rule: &SignOnRule, acr_values: Option<&str>) -> Assurance {
    let rank = |a: Assurance| match a {
        Assurance::AnyOneFactor => 0,
        Assurance::Password => 1,
        Assurance::AnyTwoFactors => 2,
        Assurance::PasswordAndAnother => 3,
    };
    let asked = acr_values.unwrap_or_default().split(' ').filter_map(|acr| match acr {
        "urn:okta:loa:1fa:any" => Some(Assurance::AnyOneFactor),
        "urn:okta:loa:1fa:pwd" => Some(Assurance::Password),
        "urn:okta:loa:2fa:any" | "urn:okta:loa:2fa:any:ifpossible" => Some(Assurance::AnyTwoFactors),
        _ => None,
    });
    asked.chain([rule.authenticate_with]).max_by_key(|a| rank(*a)).unwrap_or(rule.authenticate_with)
}

/// The factors verified recently enough for the rule and the client.
fn fresh<'a>(rule: &SignOnRule, input: &PolicyInput<'a>) -> Vec<&'a VerifiedFactor> {
    let limits = [rule.reauthenticate_after_minutes.map(|m| m * 60), input.max_age];
    let is_fresh = |s: &&VerifiedFactor| {
        let age = input.now.since(s.at).as_secs();
        limits.iter().flatten().all(|limit| age <= *limit)
    };
    input
        .verified
        .iter()
        .filter(is_fresh)
        .filter(|s| rule.accepts(s.key) || s.key == Authenticator::ExternalIdp)
        .collect()
}

fn may_verify(app: &OrgApp, key: Authenticator) -> bool {
    // A temporary access code replaces any authenticator, so no policy lists it.
    key == Authenticator::Tac || app.inclusion(key) != Inclusion::NotAllowed
}

fn renewal(app: &OrgApp, input: &PolicyInput<'_>) -> Option<Option<u64>> {
    let password = input.user.password.as_ref()?;
    if !input.verified.iter().any(|s| s.key == Authenticator::OktaPassword) {
        return None;
    }
    if input.user.status == Status::PasswordExpired {
        return Some(None);
    }
    let policy = &app.password;
    if policy.expire_after_days == 0 {
        return None;
    }
    let age = input.now.since(password.changed_at).as_secs() / 86_400;
    match policy.expire_after_days.checked_sub(age) {
        None | Some(0) => Some(None),
        Some(left)
            if left <= policy.warn_before_days && !input.skipped.contains(&Skipped::PasswordWarning) =>
        {
            Some(Some(left))
        }
        Some(_) => None,
    }
}

/// The authenticators to offer for enrolment. If the account names some, only those and the required ones.
fn offered<'a>(app: &'a OrgApp, input: &'a PolicyInput<'_>) -> impl Iterator<Item = Authenticator> + 'a {
    let requested = &input.user.enroll;
    let is_wanted = move |key: &Authenticator| {
        requested.is_empty() || requested.contains(key) || app.inclusion(*key) == Inclusion::Required
    };
    Authenticator::ALL
        .into_iter()
        .filter(|key| key.can_self_enrol() && !input.user.has(*key))
        .filter(|key| *key != Authenticator::OktaPassword || !input.user.has(Authenticator::ExternalIdp))
        .filter(move |key| app.inclusion(*key) != Inclusion::NotAllowed || requested.contains(key))
        .filter(is_wanted)
}

fn required_enrolment(app: &OrgApp, input: &PolicyInput<'_>) -> Option<NextStep> {
    // For a new account the profile policy decides about the e-mail address, not the enrolment policy.
    let is_required = |key: &Authenticator| match key {
        Authenticator::OktaEmail if input.registering => app.profile.email_verification,
        _ => app.inclusion(*key) == Inclusion::Required,
    };
    let all: Vec<Authenticator> = offered(app, input).filter(is_required).collect();
    let (graced, required): (Vec<_>, Vec<_>) =
        all.iter().copied().partition(|key| in_grace(app, input, *key));
    if required.is_empty() {
        let is_offered = !graced.is_empty() && !input.skipped.contains(&Skipped::GraceEnrolment);
        let offer = EnrollmentOffer { keys: graced, skippable: true };
        return is_offered.then_some(NextStep::Enroll(offer));
    }
    // The password comes first and alone. A new account is then offered everything until nothing required is left.
    let keys = match required.first()? {
        Authenticator::OktaPassword => vec![Authenticator::OktaPassword],
        _ if input.registering => offered(app, input).collect(),
        _ => all,
    };
    Some(NextStep::Enroll(EnrollmentOffer { keys, skippable: false }))
}

/// What the client has sent the user to enrol, one after the other.
fn requested_enrolment(input: &PolicyInput<'_>) -> Option<NextStep> {
    let missing = |key: &&Authenticator| key.can_self_enrol() && !input.user.has(**key);
    let keys: Vec<Authenticator> = input.enroll.iter().filter(missing).copied().collect();
    (!keys.is_empty()).then_some(NextStep::Enroll(EnrollmentOffer { keys, skippable: false }))
}

/// Whether a required authenticator may still be missing.
fn in_grace(app: &OrgApp, input: &PolicyInput<'_>, key: Authenticator) -> bool {
    let skips = input.user.grace_skips.get(&key).copied().unwrap_or_default();
    // The last skip lasts until the end of this sign-in.
    let is_skipped = input.skipped.contains(&Skipped::GraceEnrolment);
    app.enrollment_grace.get(&key).is_some_and(|grace| is_skipped || grace.is_active(input.now, skips))
}

fn identity_verification(app: &OrgApp, input: &PolicyInput<'_>) -> Option<NextStep> {
    let service = app.vendors.identity_verification.filter(|_| !input.user.identity_verified);
    service.map(NextStep::VerifyIdentity)
}

fn device_enrollment(app: &OrgApp, input: &PolicyInput<'_>) -> Option<NextStep> {
    app.device_enrollment.filter(|_| !input.user.device_is_compliant).map(NextStep::EnrollDevice)
}

fn device(app: &OrgApp, input: &PolicyInput<'_>) -> Option<NextStep> {
    let policy = app.device_assurance.as_ref().filter(|_| !input.user.device_is_compliant)?;
    match policy.grace_days {
        0 => Some(NextStep::DenyDevice),
        _ if input.skipped.contains(&Skipped::DeviceWarning) => None,
        grace_days => Some(NextStep::WarnOfDevice { grace_days }),
    }
}

fn scripted(app: &OrgApp, input: &PolicyInput<'_>) -> Option<NextStep> {
    let is_asked = app.scripted_step.is_some() && !input.skipped.contains(&Skipped::ScriptedStep);
    is_asked.then_some(NextStep::AskScripted)
}

fn stay_signed_in(app: &OrgApp, input: &PolicyInput<'_>) -> Option<NextStep> {
    let is_answered = input.remember || input.skipped.contains(&Skipped::StaySignedIn);
    (app.global_session.ask_after_sign_in && !is_answered).then_some(NextStep::AskToStaySignedIn)
}

/// Consent is asked for until the user has allowed every scope, or some of them in this transaction.
fn consent(app: &OrgApp, input: &PolicyInput<'_>) -> Option<NextStep> {
    let allowed = input.user.consents.get(&app.client_id);
    let is_allowed = |scope: &String| allowed.is_some_and(|scopes| scopes.contains(scope));
    let is_asked = !input.consented && !input.scopes.iter().all(is_allowed);
    app.consent.filter(|_| is_asked).map(NextStep::AskConsent)
}

fn optional_enrolment(app: &OrgApp, input: &PolicyInput<'_>) -> Option<NextStep> {
    let is_asked = input.registering || !input.user.enroll.is_empty();
    if !is_asked || input.skipped.contains(&Skipped::Enrolment) {
        return None;
    }
    let keys: Vec<Authenticator> = offered(app, input).collect();
    (!keys.is_empty()).then_some(NextStep::Enroll(EnrollmentOffer { keys, skippable: true }))
}

/// The offer of a passkey, to users who have none and have not skipped it too often or too recently.
fn promotion(app: &OrgApp, input: &PolicyInput<'_>) -> Option<NextStep> {
    const DAY: u64 = 24 * 60 * 60;
    let policy = app.passkeys.promotion?;
    let user = input.user;
    let may_enrol = app.inclusion(Authenticator::Webauthn) == Inclusion::Optional && !input.registering;
    let is_unwanted = input.skipped.contains(&Skipped::Promotion) || user.has(Authenticator::Webauthn);
    let may_skip = policy.skip_count == 0
        || u32::try_from(user.passkey_skips.len()).is_ok_and(|skips| skips < policy.skip_count);
    let is_rested = user
        .passkey_skips
        .last()
        .is_none_or(|at| input.now.since(*at).as_secs() >= policy.cooldown_days * DAY);
    (may_enrol && !is_unwanted && may_skip && is_rested).then_some(NextStep::PromotePasskey)
}

fn profile(app: &OrgApp, input: &PolicyInput<'_>) -> Option<NextStep> {
    if !app.profile.progressive || input.skipped.contains(&Skipped::Profile) {
        return None;
    }
    let is_there = |name: &str| {
        input.user.attribute(name).is_some_and(|v| !v.is_empty())
            || input.user.profile.get(name).is_some_and(|v| !matches!(v, Value::Null | Value::String(_)))
    };
    let missing: Vec<_> = app.profile.attributes.iter().filter(|a| !is_there(&a.name)).collect();
    let skippable = !missing.iter().any(|a| a.required);
    let missing: Vec<String> = missing.into_iter().map(|a| a.name.clone()).collect();
    (!missing.is_empty()).then_some(NextStep::CompleteProfile { missing, skippable })
}
