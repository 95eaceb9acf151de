//! One table: which guide names fill which fields of a form, when it can be submitted, and what its step contains.

use super::credentials::{Credential, NEW_CODE, NEW_PASSWORD, PROFILE_PASSWORD, SIGN_IN_PASSWORD};
use crate::protocol::document::Remediation;
use crate::protocol::ion::Ion;

/// How one form is presented and filled.
pub(crate) struct FormRule {
    pub(crate) form: &'static str,
    pub(crate) ready: Ready,
    /// The fields that are not filled by the value of their own name.
    pub(crate) fields: &'static [(&'static str, Filling)],
    pub(crate) content: StepContent,
    /// Guide names that the form uses up, besides the names of its fields.
    pub(crate) consumes: &'static [&'static str],
}

/// When a form can be submitted.
pub(crate) enum Ready {
    Always,
    Never,
    /// If this command was given, or the form was chosen by its name.
    Commanded(&'static str),
    /// If one of these names has a value.
    AnyOf(&'static [&'static str]),
    /// If the form has at least one of these fields, and those it has can be filled.
    Filled(&'static [&'static str]),
    /// If every field that the org requires can be filled.
    Required,
}

/// How a field is filled, and which inputs a person sees for it.
pub(crate) enum Filling {
    /// With the value of another name.
    Alias(&'static str),
    /// With the value of its own name, under this label.
    Labelled {
        label: &'static str,
    },
    /// With the credential of the form's authenticator.
    AuthenticatorCredential,
    Credential(&'static Credential),
    /// With a new password, or with a code if the expired authenticator is not a password.
    Renewal(&'static Credential, &'static Credential),
    /// With the attributes inside, each by its own name.
    Attributes,
    /// With one of the offered authenticators.
    Choice(ChoiceRule),
    /// With the form's authenticator and a method.
    Method,
    /// With the form's authenticator, a method and a phone number.
    MethodAndNumber,
    /// With the form's authenticator and a channel for its set-up.
    Channel,
}

#[derive(PartialEq)]
pub(crate) enum ChoiceRule {
    Plain,
    /// The password is chosen automatically if it is being recovered or was given.
    PrefersPassword,
    /// The method is part of the choice.
    WithMethod,
}

/// What a step contains besides its inputs.
pub(crate) enum StepContent {
    /// The authenticator that the form relates to.
    Authenticator,
    /// That authenticator, and the person's enrolments.
    Enrollments,
    /// That authenticator, and the polling interval.
    Poll,
    /// The authenticator that is being set up, whatever the form relates to.
    CurrentAuthenticator,
    /// The address that the browser should open.
    Redirect,
}

const PLAIN: FormRule = FormRule {
    form: "",
    ready: Ready::Required,
    fields: &[],
    content: StepContent::Authenticator,
    consumes: &[],
};

const IDENTIFY: FormRule = FormRule {
    form: "identify",
    ready: Ready::Filled(&["identifier"]),
    fields: &[
        ("identifier", Filling::Alias("username")),
        ("credentials", Filling::Credential(&SIGN_IN_PASSWORD)),
    ],
    consumes: &["password"],
    ..PLAIN
};

const CHALLENGE: FormRule = FormRule {
    form: "challenge-authenticator",
    ready: Ready::Filled(&["credentials"]),
    fields: &[("credentials", Filling::AuthenticatorCredential)],
    content: StepContent::Enrollments,
    ..PLAIN
};

const SELECT: FormRule = FormRule {
    form: "select-authenticator-enroll",
    ready: Ready::Filled(&["authenticator"]),
    fields: &[("authenticator", Filling::Choice(ChoiceRule::Plain))],
    ..PLAIN
};

const RENEW: FormRule = FormRule {
    form: "reenroll-authenticator",
    fields: &[("credentials", Filling::Renewal(&NEW_PASSWORD, &NEW_CODE))],
    consumes: &["newPassword"],
    ..PLAIN
};

const POLL: FormRule = FormRule {
    form: "challenge-poll",
    ready: Ready::Commanded("startPolling"),
    content: StepContent::Poll,
    consumes: &["startPolling"],
    ..PLAIN
};

/// The known forms. A form that is missing here is presented and submitted unchanged.
static RULES: &[FormRule] = &[
    IDENTIFY,
    FormRule { form: "identify-recovery", ..IDENTIFY },
    FormRule { form: "select-enroll-profile", ready: Ready::Always, ..PLAIN },
    FormRule {
        form: "enroll-profile",
        ready: Ready::Filled(&["userProfile", "credentials"]),
        fields: &[
            ("userProfile", Filling::Attributes),
            ("credentials", Filling::Credential(&PROFILE_PASSWORD)),
        ],
        consumes: &["password", "passcode"],
        ..PLAIN
    },
    FormRule {
        form: "select-authenticator-authenticate",
        fields: &[("authenticator", Filling::Choice(ChoiceRule::PrefersPassword))],
        ..SELECT
    },
    SELECT,
    FormRule {
        form: "select-authenticator-unlock-account",
        ready: Ready::Filled(&["identifier", "authenticator"]),
        fields: &[
            ("identifier", Filling::Alias("username")),
            ("authenticator", Filling::Choice(ChoiceRule::WithMethod)),
        ],
        ..PLAIN
    },
    FormRule {
        form: "authenticator-verification-data",
        ready: Ready::Filled(&["authenticator"]),
        fields: &[("authenticator", Filling::Method)],
        consumes: &["methodType"],
        ..PLAIN
    },
    FormRule {
        form: "authenticator-enrollment-data",
        ready: Ready::Filled(&["authenticator"]),
        fields: &[("authenticator", Filling::MethodAndNumber)],
        consumes: &["methodType", "phoneNumber"],
        ..PLAIN
    },
    CHALLENGE,
    FormRule { form: "enroll-authenticator", ..CHALLENGE },
    FormRule { form: "reset-authenticator", ..CHALLENGE },
    FormRule { form: "enroll-authenticator-promotion", ..CHALLENGE },
    RENEW,
    FormRule { form: "reenroll-authenticator-warning", ..RENEW },
    POLL,
    FormRule { form: "enroll-poll", ..POLL },
    FormRule { form: "device-challenge-poll", ..POLL },
    FormRule {
        form: "select-enrollment-channel",
        ready: Ready::Filled(&["authenticator"]),
        fields: &[("authenticator", Filling::Channel)],
        content: StepContent::CurrentAuthenticator,
        consumes: &["channel"],
    },
    FormRule {
        form: "enrollment-channel-data",
        ready: Ready::AnyOf(&["email", "phoneNumber"]),
        fields: &[
            ("email", Filling::Labelled { label: "Email" }),
            ("phoneNumber", Filling::Labelled { label: "Phone Number" }),
        ],
        content: StepContent::CurrentAuthenticator,
        consumes: &["email", "phoneNumber"],
    },
    // A link to another identity provider, for the browser to follow.
    FormRule { form: "redirect-idp", ready: Ready::Never, content: StepContent::Redirect, ..PLAIN },
    FormRule { form: "skip", ready: Ready::Commanded("skip"), consumes: &["skip"], ..PLAIN },
];

/// The rule for an unknown form: one input for each field, submitted when the required ones are filled.
pub(crate) static UNKNOWN_FORM: FormRule = PLAIN;

/// The rule for an unknown link.
static UNKNOWN_LINK: FormRule = FormRule { ready: Ready::Never, content: StepContent::Redirect, ..PLAIN };

/// The rule for a form of that name, if it is known.
fn known_rule(form: &str) -> Option<&'static FormRule> {
    RULES.iter().find(|rule| rule.form == form)
}

/// The rule for a form that is listed among the available steps. `identify-recovery` and `device-challenge-poll` are steps and never
/// listed.
pub(crate) fn listed_rule(form: &str) -> Option<&'static FormRule> {
    known_rule(form).filter(|rule| !matches!(rule.form, "identify-recovery" | "device-challenge-poll"))
}

/// The same, plus unknown forms with visible fields: the person decides whether to fill one.
pub(crate) fn available_rule(form: Remediation<'_>) -> Option<&'static FormRule> {
    let has_visible_field =
        || form.fields().any(|field| field.get("visible").and_then(Ion::as_bool) != Some(false));
    match known_rule(form.name()) {
        Some(_) => listed_rule(form.name()),
        None => (form.can_be_submitted() && has_visible_field()).then_some(&UNKNOWN_FORM),
    }
}

/// The rule for a form, known or not.
pub(crate) fn rule(form: Remediation<'_>) -> &'static FormRule {
    let unknown = if form.can_be_submitted() { &UNKNOWN_FORM } else { &UNKNOWN_LINK };
    known_rule(form.name()).unwrap_or(unknown)
}

impl FormRule {
    /// How a field of that name is filled, unless with the value of its own name.
    pub(crate) fn filling(&self, field: &str) -> Option<&'static Filling> {
        self.fields.iter().find(|(name, _)| *name == field).map(|(_, filling)| filling)
    }
}
