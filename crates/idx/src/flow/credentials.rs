//! One table: the credential of each authenticator, the guide names it is made of and the inputs a person fills for it.

use crate::protocol::document::RelatedAuthenticator;
use crate::protocol::ion::Ion;

/// A kind of credential.
pub(crate) struct Credential {
    /// Sets of names that must be answered together. One complete set is enough.
    pub(crate) needs: &'static [&'static [&'static str]],
    /// The members that a ready-made `credentials` object must have.
    pub(crate) object_needs: &'static [&'static str],
    /// The members of the credential, and the source of each.
    pub(crate) body: &'static [(&'static str, ValueSource)],
    /// The inputs as Okta's SDK has them, which is one for a credential of several parts.
    pub(crate) inputs: CredentialInputs,
    /// The inputs of a credential of several parts: one for each that the form asks for.
    pub(crate) parts: Option<CredentialInputs>,
}

impl Credential {
    /// The inputs as Okta's SDK has them.
    pub(crate) fn inputs(&'static self) -> &'static CredentialInputs {
        &self.inputs
    }

    /// An input for each part.
    pub(crate) fn all_inputs(&'static self) -> &'static CredentialInputs {
        self.parts.as_ref().unwrap_or(&self.inputs)
    }
}

pub(crate) enum ValueSource {
    /// The first of these guide names that has a value.
    First(&'static [&'static str]),
    /// `custom` if a question text is given, or else the given key.
    QuestionKey,
    /// The key of the enrolled question.
    EnrolledQuestion,
}

impl ValueSource {
    /// The guide names of the value.
    pub(crate) fn names(&self) -> &'static [&'static str] {
        match self {
            Self::First(names) => names,
            Self::QuestionKey => &["questionKey", "question"],
            Self::EnrolledQuestion => &[],
        }
    }
}

pub(crate) enum CredentialInputs {
    Listed(&'static [InputRule]),
    /// The fields of the form, unchanged.
    FormFields,
}

/// One input, based on a field of the credential.
pub(crate) struct InputRule {
    pub(crate) name: &'static str,
    pub(crate) field: BaseField,
    pub(crate) kind: Option<&'static str>,
    pub(crate) label: Option<&'static str>,
    pub(crate) required: Required,
    /// Filled by the page, not by the person.
    pub(crate) hidden: bool,
    /// Hidden while typed, whether or not the field says so.
    pub(crate) secret: bool,
}

pub(crate) enum BaseField {
    /// The first field inside the credential.
    First,
    /// The field of the same name, wherever it is inside the credential.
    SameName,
    /// The field of this name. Without one there is no input.
    Present(&'static str),
}

pub(crate) enum Required {
    AsField,
    AsCredential,
    Yes,
    No,
}

const INPUT: InputRule = InputRule {
    name: "",
    field: BaseField::SameName,
    kind: Some("string"),
    label: None,
    required: Required::Yes,
    hidden: false,
    secret: false,
};

/// The input for one part of a credential.
const fn part(name: &'static str, field: &'static str) -> InputRule {
    InputRule { name, field: BaseField::Present(field), required: Required::AsField, ..INPUT }
}

/// The PIN of the account may be a part of the code.
const CODE_WITH_PIN: InputRule = InputRule { secret: true, ..CODE_PART };
const CODE_PART: InputRule = InputRule { required: Required::Yes, ..part("verificationCode", "passcode") };

const PASSWORD_BODY: &[(&str, ValueSource)] = &[
    ("passcode", ValueSource::First(&["passcode", "password"])),
    ("revokeSessions", ValueSource::First(&["revokeSessions"])),
];

static PASSWORD: Credential = Credential {
    needs: &[&["password"], &["passcode"]],
    object_needs: &[],
    body: PASSWORD_BODY,
    inputs: CredentialInputs::Listed(&[
        InputRule { name: "password", field: BaseField::First, required: Required::AsCredential, ..INPUT },
        InputRule {
            name: "revokeSessions",
            field: BaseField::Present("revokeSessions"),
            kind: Some("boolean"),
            label: Some("Sign me out of all other devices"),
            required: Required::No,
            hidden: false,
            secret: false,
        },
    ]),
    parts: None,
};

/// The password in the same form as a username.
pub(crate) static SIGN_IN_PASSWORD: Credential = Credential {
    needs: &[&["password"]],
    object_needs: &[],
    body: &[("passcode", ValueSource::First(&["password"]))],
    inputs: CredentialInputs::Listed(&[InputRule {
        name: "password",
        field: BaseField::First,
        kind: None,
        required: Required::AsCredential,
        ..INPUT
    }]),
    parts: None,
};

/// The password in the same form as the attributes of a new account.
pub(crate) static PROFILE_PASSWORD: Credential = Credential {
    needs: &[&["password"], &["passcode"]],
    object_needs: &[],
    body: PASSWORD_BODY,
    inputs: CredentialInputs::FormFields,
    parts: None,
};

/// The password that replaces an expired one.
pub(crate) static NEW_PASSWORD: Credential = Credential {
    needs: &[&["newPassword"]],
    object_needs: &[],
    body: &[("passcode", ValueSource::First(&["newPassword"]))],
    inputs: CredentialInputs::Listed(&[InputRule {
        name: "newPassword",
        field: BaseField::First,
        kind: None,
        required: Required::AsField,
        ..INPUT
    }]),
    parts: None,
};

/// The code for an expired authenticator that is not a password.
pub(crate) static NEW_CODE: Credential = Credential {
    needs: &[&["newPassword"], &["verificationCode"]],
    object_needs: &[],
    body: &[("passcode", ValueSource::First(&["newPassword", "verificationCode"]))],
    inputs: CredentialInputs::Listed(&[InputRule {
        name: "verificationCode",
        field: BaseField::First,
        kind: None,
        required: Required::AsField,
        ..INPUT
    }]),
    parts: None,
};

const CODE_INPUTS: CredentialInputs = CredentialInputs::Listed(&[InputRule {
    name: "verificationCode",
    field: BaseField::First,
    required: Required::AsCredential,
    ..INPUT
}]);

const CODE_NEEDS: &[&[&str]] = &[&["verificationCode"], &["otp"]];

/// A code, whatever way it arrives. Unknown authenticators take one too.
static CODE: Credential = Credential {
    needs: CODE_NEEDS,
    object_needs: &[],
    body: &[("passcode", ValueSource::First(&["verificationCode", "otp"]))],
    inputs: CODE_INPUTS,
    parts: None,
};

static OKTA_VERIFY_CODE: Credential = Credential {
    needs: CODE_NEEDS,
    object_needs: &[],
    body: &[("totp", ValueSource::First(&["verificationCode", "otp"]))],
    inputs: CODE_INPUTS,
    parts: None,
};

/// A code, and whose it is: RSA SecurID and servers on the company's premises.
static CODE_OF_ACCOUNT: Credential = Credential {
    needs: CODE_NEEDS,
    object_needs: &[],
    body: &[
        ("clientData", ValueSource::First(&["clientData"])),
        ("passcode", ValueSource::First(&["verificationCode", "otp"])),
    ],
    inputs: CODE_INPUTS,
    parts: Some(CredentialInputs::Listed(&[part("clientData", "clientData"), CODE_WITH_PIN])),
};

/// The id of a token, and two of its codes in a row to enrol it.
static CODES_OF_TOKEN: Credential = Credential {
    needs: CODE_NEEDS,
    object_needs: &[],
    body: &[
        ("credentialId", ValueSource::First(&["credentialId"])),
        ("passcode", ValueSource::First(&["verificationCode", "otp"])),
        ("nextPasscode", ValueSource::First(&["nextPasscode"])),
    ],
    inputs: CODE_INPUTS,
    parts: Some(CredentialInputs::Listed(&[
        part("credentialId", "credentialId"),
        CODE_PART,
        part("nextPasscode", "nextPasscode"),
    ])),
};

/// The response of Duo's frame.
static DUO: Credential = Credential {
    needs: &[&["signatureData"], &["verificationCode"], &["otp"]],
    object_needs: &[],
    body: &[
        ("signatureData", ValueSource::First(&["signatureData"])),
        ("passcode", ValueSource::First(&["verificationCode", "otp"])),
    ],
    inputs: CODE_INPUTS,
    parts: Some(CredentialInputs::Listed(&[InputRule {
        hidden: true,
        ..part("signatureData", "signatureData")
    }])),
};

static NEW_QUESTION: Credential = Credential {
    needs: &[&["questionKey", "answer"], &["question", "answer"]],
    object_needs: &["questionKey", "answer"],
    body: &[
        ("questionKey", ValueSource::QuestionKey),
        ("question", ValueSource::First(&["question"])),
        ("answer", ValueSource::First(&["answer"])),
    ],
    inputs: CredentialInputs::Listed(&[
        InputRule { name: "questionKey", ..INPUT },
        InputRule {
            name: "question",
            label: Some("Create a security question"),
            required: Required::No,
            ..INPUT
        },
        InputRule { name: "answer", label: Some("Answer"), ..INPUT },
    ]),
    parts: None,
};

static QUESTION: Credential = Credential {
    needs: &[&["answer"]],
    object_needs: &["answer"],
    body: &[("questionKey", ValueSource::EnrolledQuestion), ("answer", ValueSource::First(&["answer"]))],
    inputs: CredentialInputs::Listed(&[InputRule { name: "answer", label: Some("Answer"), ..INPUT }]),
    parts: None,
};

static NEW_PASSKEY: Credential = Credential {
    needs: &[&["clientData", "attestation"]],
    object_needs: &["clientData", "attestation"],
    body: &[
        ("clientData", ValueSource::First(&["clientData"])),
        ("attestation", ValueSource::First(&["attestation"])),
        ("transports", ValueSource::First(&["transports"])),
        ("clientExtensions", ValueSource::First(&["clientExtensions"])),
    ],
    inputs: CredentialInputs::Listed(&[
        InputRule { name: "clientData", label: Some("Client Data"), hidden: true, ..INPUT },
        InputRule { name: "attestation", label: Some("Attestation"), hidden: true, ..INPUT },
    ]),
    parts: None,
};

static PASSKEY: Credential = Credential {
    needs: &[&["authenticatorData", "clientData", "signatureData"]],
    object_needs: &["authenticatorData", "clientData", "signatureData"],
    body: &[
        ("authenticatorData", ValueSource::First(&["authenticatorData"])),
        ("clientData", ValueSource::First(&["clientData"])),
        ("signatureData", ValueSource::First(&["signatureData"])),
        ("userHandle", ValueSource::First(&["userHandle"])),
    ],
    inputs: CredentialInputs::Listed(&[AUTHENTICATOR_DATA, CLIENT_DATA, SIGNATURE_DATA]),
    parts: Some(CredentialInputs::Listed(&[
        AUTHENTICATOR_DATA,
        CLIENT_DATA,
        SIGNATURE_DATA,
        // It says whose a discoverable passkey is, where the org does not know that yet.
        InputRule { hidden: true, ..part("userHandle", "userHandle") },
    ])),
};

const AUTHENTICATOR_DATA: InputRule =
    InputRule { name: "authenticatorData", label: Some("Authenticator Data"), hidden: true, ..INPUT };
const CLIENT_DATA: InputRule =
    InputRule { name: "clientData", label: Some("Client Data"), hidden: true, ..INPUT };
const SIGNATURE_DATA: InputRule =
    InputRule { name: "signatureData", label: Some("Signature Data"), hidden: true, ..INPUT };

/// The credential by authenticator key. A second condition on `contextualData` distinguishes verification from enrolment.
static BY_AUTHENTICATOR: [(&str, Option<&str>, &Credential); 11] = [
    ("okta_password", None, &PASSWORD),
    ("okta_verify", None, &OKTA_VERIFY_CODE),
    ("okta_verify_totp", None, &OKTA_VERIFY_CODE),
    ("security_question", Some("enrolledQuestion"), &QUESTION),
    ("security_question", None, &NEW_QUESTION),
    ("webauthn", Some("challengeData"), &PASSKEY),
    ("webauthn", None, &NEW_PASSKEY),
    ("rsa_token", None, &CODE_OF_ACCOUNT),
    ("onprem_mfa", None, &CODE_OF_ACCOUNT),
    ("symantec_vip", None, &CODES_OF_TOKEN),
    ("duo", None, &DUO),
];

/// The credential of an authenticator.
pub(crate) fn credential(authenticator: Option<RelatedAuthenticator<'_>>) -> &'static Credential {
    let key = authenticator.and_then(|authenticator| authenticator.key());
    let context = authenticator.and_then(|authenticator| authenticator.object.get("contextualData"));
    let has = |name: &str| context.and_then(|context| context.get(name)).is_some_and(Ion::is_truthy);
    BY_AUTHENTICATOR
        .iter()
        .find(|(listed, condition, _)| key == Some(listed) && condition.is_none_or(has))
        .map_or(&CODE, |(_, _, credential)| credential)
}
