//! What comes next for somebody at an app: the one place where policies are decided.

use serde_json::Value;

use crate::clock::Moment;
use crate::org::authenticator::{Key, Kind};
use crate::org::settings::app::{Access, App, Assurance, Inclusion, Rule};
use crate::org::transaction::{Enrollable, Skipped};
use crate::org::user::{Shown, Status, User};

/// What there is to decide about.
pub(crate) struct Standing<'a> {
    pub(crate) user: &'a User,
    pub(crate) shown: &'a [Shown],
    /// A level of assurance the client asked for.
    pub(crate) acr_values: Option<&'a str>,
    pub(crate) max_age: Option<u64>,
    /// Whether the account is being made or activated, so that there is nothing yet to sign in with.
    pub(crate) registering: bool,
    pub(crate) passed_over: &'a [Skipped],
    pub(crate) now: Moment,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// One of these has to be shown.
    Verify(Vec<Key>),
    /// One of these has to, or may, be set up.
    Enroll(Enrollable),
    /// The password has expired, or will in this many days.
    RenewPassword(Option<u64>),
    /// These attributes are missing.
    CompleteProfile { missing: Vec<String>, skippable: bool },
    /// Nothing the person has, or may set up, is enough.
    Unsatisfiable,
    /// The rule keeps them out.
    Denied,
    /// They are in.
    Grant,
}

/// Decides, from the policies alone.
pub(crate) fn decide(app: &App, standing: &Standing<'_>) -> Next {
    let user = standing.user;
    let Some(rule) = app.rule(&user.groups).filter(|rule| rule.access == Access::Allowed) else {
        return Next::Denied;
    };
    if let Some(renewal) = renewal(app, standing) {
        return Next::RenewPassword(renewal);
    }
    if standing.registering
        && let Some(next) = required_enrolment(app, standing)
    {
        return next;
    }
    let fresh = fresh(rule, standing);
    let wanted = wanted(rule, standing.acr_values);
    let missing = Missing::of(wanted, &fresh);
    if missing != Missing::Nothing {
        let helps = |key: &Key| rule.takes(*key) && missing.is_helped_by(*key, &fresh);
        let held: Vec<Key> =
            user.keys().into_iter().filter(|key| may_verify(app, *key)).filter(helps).collect();
        if !held.is_empty() {
            return Next::Verify(held);
        }
        if fresh.is_empty() && !standing.registering {
            return Next::Unsatisfiable;
        }
        let keys = offered(app, standing).filter(helps).collect::<Vec<_>>();
        return if keys.is_empty() {
            Next::Unsatisfiable
        } else {
            Next::Enroll(Enrollable { keys, skippable: false })
        };
    }
    required_enrolment(app, standing)
        .or_else(|| profile(app, standing))
        .or_else(|| optional_enrolment(app, standing))
        .unwrap_or(Next::Grant)
}

/// What a stranger is offered when the org does not tell that it does not know them.
pub(crate) fn pretended(app: &App) -> Vec<Key> {
    let rule = app.sign_on.last();
    [Key::OktaPassword, Key::OktaEmail]
        .into_iter()
        .filter(|key| app.inclusion(*key) != Inclusion::NotAllowed)
        .filter(|key| rule.is_none_or(|rule| rule.takes(*key)))
        .collect()
}

/// What a forgotten password can be recovered with, or a locked account opened.
pub(crate) fn self_service(methods: &[Key], user: &User) -> Vec<Key> {
    // The address in the profile does, whether or not it is set up as a factor.
    methods
        .iter()
        .copied()
        .filter(|key| *key == Key::OktaEmail && !user.email.is_empty() || user.has(*key))
        .collect()
}

/// What has been asked for beyond what has been shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    Nothing,
    Anything,
    Password,
    /// Anything but the password.
    Another,
    /// Something of another kind.
    OtherKind,
}

impl Missing {
    fn of(wanted: Assurance, shown: &[&Shown]) -> Self {
        // Who comes from an identity provider has given their password there.
        let password = shown.iter().any(|s| matches!(s.key, Key::OktaPassword | Key::ExternalIdp));
        match wanted {
            _ if shown.is_empty() && wanted != Assurance::Password => Self::Anything,
            Assurance::AnyOneFactor => Self::Nothing,
            Assurance::Password | Assurance::PasswordAndAnother if !password => Self::Password,
            Assurance::Password => Self::Nothing,
            Assurance::PasswordAndAnother if shown.len() > 1 => Self::Nothing,
            Assurance::PasswordAndAnother => Self::Another,
            Assurance::AnyTwoFactors if kinds(shown) > 1 => Self::Nothing,
            Assurance::AnyTwoFactors => Self::OtherKind,
        }
    }

    fn is_helped_by(self, key: Key, shown: &[&Shown]) -> bool {
        let is_new = !shown.iter().any(|s| s.key == key);
        is_new
            && match self {
                Self::Nothing => false,
                Self::Anything => true,
                Self::Password => key == Key::OktaPassword,
                Self::Another => key != Key::OktaPassword,
                Self::OtherKind => !shown.iter().any(|s| s.key.kind() == key.kind()),
            }
    }
}

fn kinds(shown: &[&Shown]) -> usize {
    [Kind::Knowledge, Kind::Possession]
        .into_iter()
        .filter(|kind| shown.iter().any(|s| s.key.kind() == *kind))
        .count()
}

/// The level the client asked for, if it is above the rule's.
fn wanted(rule: &Rule, acr_values: Option<&str>) -> Assurance {
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

/// What was shown recently enough for the rule and the client.
fn fresh<'a>(rule: &Rule, standing: &Standing<'a>) -> Vec<&'a Shown> {
    let limits = [rule.reauthenticate_after_minutes.map(|m| m * 60), standing.max_age];
    let is_fresh = |s: &&Shown| {
        let age = standing.now.since(s.at).as_secs();
        limits.iter().flatten().all(|limit| age <= *limit)
    };
    standing
        .shown
        .iter()
        .filter(is_fresh)
        .filter(|s| rule.takes(s.key) || s.key == Key::ExternalIdp)
        .collect()
}

fn may_verify(app: &App, key: Key) -> bool {
    // A temporary code stands in for anything, so no policy lists it.
    key == Key::Tac || (key != Key::ExternalIdp && app.inclusion(key) != Inclusion::NotAllowed)
}

fn renewal(app: &App, standing: &Standing<'_>) -> Option<Option<u64>> {
    let password = standing.user.password.as_ref()?;
    if !standing.shown.iter().any(|s| s.key == Key::OktaPassword) {
        return None;
    }
    if standing.user.status == Status::PasswordExpired {
        return Some(None);
    }
    let policy = &app.password;
    if policy.expire_after_days == 0 {
        return None;
    }
    let age = standing.now.since(password.changed_at).as_secs() / 86_400;
    match policy.expire_after_days.checked_sub(age) {
        None | Some(0) => Some(None),
        Some(left)
            if left <= policy.warn_before_days
                && !standing.passed_over.contains(&Skipped::PasswordWarning) =>
        {
            Some(Some(left))
        }
        Some(_) => None,
    }
}

/// What may be set up and is not: what the account was told to set up comes first.
fn offered<'a>(app: &'a App, standing: &'a Standing<'_>) -> impl Iterator<Item = Key> + 'a {
    let told = &standing.user.enroll;
    let is_told =
        move |key: &Key| told.is_empty() || told.contains(key) || app.inclusion(*key) == Inclusion::Required;
    Key::ALL
        .into_iter()
        .filter(|key| key.is_self_enrolled() && !standing.user.has(*key))
        .filter(|key| *key != Key::OktaPassword || !standing.user.has(Key::ExternalIdp))
        .filter(move |key| app.inclusion(*key) != Inclusion::NotAllowed || told.contains(key))
        .filter(is_told)
}

fn required_enrolment(app: &App, standing: &Standing<'_>) -> Option<Next> {
    // A new account's address is verified or not as the profile policy has it, whatever the enrolment policy says.
    let is_required = |key: &Key| match key {
        Key::OktaEmail if standing.registering => app.profile.email_verification,
        _ => app.inclusion(*key) == Inclusion::Required,
    };
    let required: Vec<Key> = offered(app, standing).filter(is_required).collect();
    // The password comes alone and first; then everything that can be set up is shown until nothing required is left.
    let keys = match required.first()? {
        Key::OktaPassword => vec![Key::OktaPassword],
        _ if standing.registering => offered(app, standing).collect(),
        _ => required,
    };
    Some(Next::Enroll(Enrollable { keys, skippable: false }))
}

fn optional_enrolment(app: &App, standing: &Standing<'_>) -> Option<Next> {
    let is_asked = standing.registering || !standing.user.enroll.is_empty();
    if !is_asked || standing.passed_over.contains(&Skipped::Enrolment) {
        return None;
    }
    let keys: Vec<Key> = offered(app, standing).collect();
    (!keys.is_empty()).then_some(Next::Enroll(Enrollable { keys, skippable: true }))
}

fn profile(app: &App, standing: &Standing<'_>) -> Option<Next> {
    if !app.profile.progressive || standing.passed_over.contains(&Skipped::Profile) {
        return None;
    }
    let is_there = |name: &str| {
        standing.user.attribute(name).is_some_and(|v| !v.is_empty())
            || standing.user.profile.get(name).is_some_and(|v| !matches!(v, Value::Null | Value::String(_)))
    };
    let missing: Vec<_> = app.profile.attributes.iter().filter(|a| !is_there(&a.name)).collect();
    let skippable = !missing.iter().any(|a| a.required);
    let missing: Vec<String> = missing.into_iter().map(|a| a.name.clone()).collect();
    (!missing.is_empty()).then_some(Next::CompleteProfile { missing, skippable })
}
