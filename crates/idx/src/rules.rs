//! Which guide names fill which fields of a form, and when a form can be sent: one table.

use crate::credentials::Credential;
use crate::credentials::{NEW_CODE, NEW_PASSWORD, PROFILE_PASSWORD, SIGN_IN_PASSWORD};
use crate::document::Form;
use crate::ion::Ion;

/// How one form is asked and answered.
pub(crate) struct Rule {
    pub(crate) form: &'static str,
    pub(crate) ready: Ready,
    /// Fields that are not simply filled by their own name.
    pub(crate) fields: &'static [(&'static str, Filling)],
    pub(crate) shows: Shows,
    /// Guide names that are used up beside those the form asks for.
    pub(crate) spends: &'static [&'static str],
}

/// When a form has what it needs.
pub(crate) enum Ready {
    Always,
    Never,
    /// This word was said, or the form was called by name.
    Said(&'static str),
    /// One of these was answered.
    AnyOf(&'static [&'static str]),
    /// All of these fields that the form has can be filled, and it has one at least.
    Filled(&'static [&'static str]),
    /// Every field the org requires can be filled.
    Required,
}

/// How a field is filled, and what is asked for it.
pub(crate) enum Filling {
    /// By another name.
    As(&'static str),
    /// By another name, and asked in words of ours.
    Asked {
        label: &'static str,
    },
    /// A credential; which one the authenticator of the form decides.
    OfAuthenticator,
    Credential(&'static Credential),
    /// A new password, or a new code if the expired authenticator is no password.
    Renewal(&'static Credential, &'static Credential),
    /// The attributes inside, each by its own name.
    Attributes,
    /// One of the authenticators offered.
    Choice(Choosing),
    /// The authenticator of the form, and how to reach it.
    Method,
    /// The authenticator of the form, how and where to reach it.
    MethodAndNumber,
    /// The authenticator of the form, and the way its set-up takes.
    Channel,
}

#[derive(PartialEq)]
pub(crate) enum Choosing {
    Plain,
    /// The password is chosen unasked if it is recovered or given.
    PrefersPassword,
    /// The method goes with the choice.
    WithMethod,
}

/// What a step shows beside its inputs.
pub(crate) enum Shows {
    /// The authenticator the form relates to.
    Authenticator,
    /// The same, and what the person has enrolled.
    Enrollments,
    /// The authenticator, and how often to ask.
    Poll,
    /// The authenticator that is being set up, whatever the form relates to.
    Current,
    /// Where the browser should go.
    Redirect,
}

const PLAIN: Rule =
    Rule { form: "", ready: Ready::Required, fields: &[], shows: Shows::Authenticator, spends: &[] };

const IDENTIFY: Rule = Rule {
    form: "identify",
    ready: Ready::Filled(&["identifier"]),
    fields: &[
        ("identifier", Filling::As("username")),
        ("credentials", Filling::Credential(&SIGN_IN_PASSWORD)),
    ],
    spends: &["password"],
    ..PLAIN
};

const CHALLENGE: Rule = Rule {
    form: "challenge-authenticator",
    ready: Ready::Filled(&["credentials"]),
    fields: &[("credentials", Filling::OfAuthenticator)],
    shows: Shows::Enrollments,
    ..PLAIN
};

const SELECT: Rule = Rule {
    form: "select-authenticator-enroll",
    ready: Ready::Filled(&["authenticator"]),
    fields: &[("authenticator", Filling::Choice(Choosing::Plain))],
    ..PLAIN
};

const RENEW: Rule = Rule {
    form: "reenroll-authenticator",
    fields: &[("credentials", Filling::Renewal(&NEW_PASSWORD, &NEW_CODE))],
    spends: &["newPassword"],
    ..PLAIN
};

const POLL: Rule = Rule {
    form: "challenge-poll",
    ready: Ready::Said("startPolling"),
    shows: Shows::Poll,
    spends: &["startPolling"],
    ..PLAIN
};

/// Every form that is known by name. What is missing here is shown and sent as it is.
static RULES: &[Rule] = &[
    IDENTIFY,
    Rule { form: "identify-recovery", ..IDENTIFY },
    Rule { form: "select-enroll-profile", ready: Ready::Always, ..PLAIN },
    Rule {
        form: "enroll-profile",
        ready: Ready::Filled(&["userProfile", "credentials"]),
        fields: &[
            ("userProfile", Filling::Attributes),
            ("credentials", Filling::Credential(&PROFILE_PASSWORD)),
        ],
        spends: &["password", "passcode"],
        ..PLAIN
    },
    Rule {
        form: "select-authenticator-authenticate",
        fields: &[("authenticator", Filling::Choice(Choosing::PrefersPassword))],
        ..SELECT
    },
    SELECT,
    Rule {
        form: "select-authenticator-unlock-account",
        ready: Ready::Filled(&["identifier", "authenticator"]),
        fields: &[
            ("identifier", Filling::As("username")),
            ("authenticator", Filling::Choice(Choosing::WithMethod)),
        ],
        ..PLAIN
    },
    Rule {
        form: "authenticator-verification-data",
        ready: Ready::Filled(&["authenticator"]),
        fields: &[("authenticator", Filling::Method)],
        spends: &["methodType"],
        ..PLAIN
    },
    Rule {
        form: "authenticator-enrollment-data",
        ready: Ready::Filled(&["authenticator"]),
        fields: &[("authenticator", Filling::MethodAndNumber)],
        spends: &["methodType", "phoneNumber"],
        ..PLAIN
    },
    CHALLENGE,
    Rule { form: "enroll-authenticator", ..CHALLENGE },
    Rule { form: "reset-authenticator", ..CHALLENGE },
    RENEW,
    Rule { form: "reenroll-authenticator-warning", ..RENEW },
    POLL,
    Rule { form: "enroll-poll", ..POLL },
    Rule {
        form: "select-enrollment-channel",
        ready: Ready::Filled(&["authenticator"]),
        fields: &[("authenticator", Filling::Channel)],
        shows: Shows::Current,
        spends: &["channel"],
    },
    Rule {
        form: "enrollment-channel-data",
        ready: Ready::AnyOf(&["email", "phoneNumber"]),
        fields: &[
            ("email", Filling::Asked { label: "Email" }),
            ("phoneNumber", Filling::Asked { label: "Phone Number" }),
        ],
        shows: Shows::Current,
        spends: &["email", "phoneNumber"],
    },
    // A link to another identity provider: it is shown, the browser follows it.
    Rule { form: "redirect-idp", ready: Ready::Never, shows: Shows::Redirect, ..PLAIN },
    Rule { form: "skip", ready: Ready::Said("skip"), spends: &["skip"], ..PLAIN },
];

/// A form nobody has coded for: asked field by field, sent when all that is required is there.
pub(crate) static RAW: Rule = PLAIN;

/// A link nobody has coded for.
static LINK: Rule = Rule { ready: Ready::Never, shows: Shows::Redirect, ..PLAIN };

/// The rule for a form of that name, if it is known.
fn known(form: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.form == form)
}

/// The rule for a form that is listed among the ways on: recovery's `identify-recovery` is a step and never an offer.
pub(crate) fn offered(form: &str) -> Option<&'static Rule> {
    known(form).filter(|rule| rule.form != "identify-recovery")
}

/// The same, and a form nobody has coded for that asks for something: only a person can tell whether it is what they want.
pub(crate) fn open(form: Form<'_>) -> Option<&'static Rule> {
    let asks = || form.fields().any(|field| field.get("visible").and_then(Ion::as_bool) != Some(false));
    match known(form.name()) {
        Some(_) => offered(form.name()),
        None => (form.can_be_sent() && asks()).then_some(&RAW),
    }
}

/// The rule for a form, known or not.
pub(crate) fn rule(form: Form<'_>) -> &'static Rule {
    let unknown = if form.can_be_sent() { &RAW } else { &LINK };
    known(form.name()).unwrap_or(unknown)
}

impl Rule {
    /// How a field of that name is filled, if not simply by its own name.
    pub(crate) fn filling(&self, field: &str) -> Option<&'static Filling> {
        self.fields.iter().find(|(name, _)| *name == field).map(|(_, filling)| filling)
    }
}
