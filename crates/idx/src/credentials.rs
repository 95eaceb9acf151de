//! What proves each authenticator: which guide names make up its credential, and what is asked for it. One table.

use crate::document::Whose;
use crate::ion::Ion;

/// One kind of credential.
pub(crate) struct Credential {
    /// The names that must be answered together; any one of these sets will do.
    pub(crate) needs: &'static [&'static [&'static str]],
    /// What a ready-made `credentials` object must have.
    pub(crate) whole_needs: &'static [&'static str],
    /// The credential's members, and where each is taken from.
    pub(crate) body: &'static [(&'static str, Source)],
    pub(crate) asks: Asks,
}

pub(crate) enum Source {
    /// The first of these guide names that has a value.
    First(&'static [&'static str]),
    /// `custom` if a question of one's own is given, or else the key that is given.
    QuestionKey,
    /// The key of the question that was enrolled.
    EnrolledQuestion,
}

pub(crate) enum Asks {
    These(&'static [Ask]),
    /// The fields of the form as they are.
    Fields,
}

/// One input, laid over a field of the credential.
pub(crate) struct Ask {
    pub(crate) name: &'static str,
    pub(crate) over: LaidOver,
    pub(crate) kind: Option<&'static str>,
    pub(crate) label: Option<&'static str>,
    pub(crate) required: Required,
    /// Filled by the browser, not by hands.
    pub(crate) hidden: bool,
}

pub(crate) enum LaidOver {
    /// The first field inside the credential.
    First,
    /// The field of the same name, wherever it is inside the credential.
    SameName,
    /// The field of the same name; nothing is asked if there is none.
    OnlySameName,
}

pub(crate) enum Required {
    AsField,
    AsCredential,
    Yes,
    No,
}

const INPUT: Ask = Ask {
    name: "",
    over: LaidOver::SameName,
    kind: Some("string"),
    label: None,
    required: Required::Yes,
    hidden: false,
};

const PASSWORD_BODY: &[(&str, Source)] = &[
    ("passcode", Source::First(&["passcode", "password"])),
    ("revokeSessions", Source::First(&["revokeSessions"])),
];

static PASSWORD: Credential = Credential {
    needs: &[&["password"], &["passcode"]],
    whole_needs: &[],
    body: PASSWORD_BODY,
    asks: Asks::These(&[
        Ask { name: "password", over: LaidOver::First, required: Required::AsCredential, ..INPUT },
        Ask {
            name: "revokeSessions",
            over: LaidOver::OnlySameName,
            kind: Some("boolean"),
            label: Some("Sign me out of all other devices"),
            required: Required::No,
            hidden: false,
        },
    ]),
};

/// The password beside a username.
pub(crate) static SIGN_IN_PASSWORD: Credential = Credential {
    needs: &[&["password"]],
    whole_needs: &[],
    body: &[("passcode", Source::First(&["password"]))],
    asks: Asks::These(&[Ask {
        name: "password",
        over: LaidOver::First,
        kind: None,
        required: Required::AsCredential,
        ..INPUT
    }]),
};

/// The password beside the attributes of a new account.
pub(crate) static PROFILE_PASSWORD: Credential = Credential {
    needs: &[&["password"], &["passcode"]],
    whole_needs: &[],
    body: PASSWORD_BODY,
    asks: Asks::Fields,
};

/// The password in place of an expired one.
pub(crate) static NEW_PASSWORD: Credential = Credential {
    needs: &[&["newPassword"]],
    whole_needs: &[],
    body: &[("passcode", Source::First(&["newPassword"]))],
    asks: Asks::These(&[Ask {
        name: "newPassword",
        over: LaidOver::First,
        kind: None,
        required: Required::AsField,
        ..INPUT
    }]),
};

/// The proof of an expired authenticator that is no password.
pub(crate) static NEW_CODE: Credential = Credential {
    needs: &[&["newPassword"], &["verificationCode"]],
    whole_needs: &[],
    body: &[("passcode", Source::First(&["newPassword", "verificationCode"]))],
    asks: Asks::These(&[Ask {
        name: "verificationCode",
        over: LaidOver::First,
        kind: None,
        required: Required::AsField,
        ..INPUT
    }]),
};

const CODE_ASKS: Asks = Asks::These(&[Ask {
    name: "verificationCode",
    over: LaidOver::First,
    required: Required::AsCredential,
    ..INPUT
}]);

const CODE_NEEDS: &[&[&str]] = &[&["verificationCode"], &["otp"]];

/// A code, however it arrives. What we do not know is proved by a code.
static CODE: Credential = Credential {
    needs: CODE_NEEDS,
    whole_needs: &[],
    body: &[("passcode", Source::First(&["verificationCode", "otp"]))],
    asks: CODE_ASKS,
};

static OKTA_VERIFY_CODE: Credential = Credential {
    needs: CODE_NEEDS,
    whole_needs: &[],
    body: &[("totp", Source::First(&["verificationCode", "otp"]))],
    asks: CODE_ASKS,
};

static NEW_QUESTION: Credential = Credential {
    needs: &[&["questionKey", "answer"], &["question", "answer"]],
    whole_needs: &["questionKey", "answer"],
    body: &[
        ("questionKey", Source::QuestionKey),
        ("question", Source::First(&["question"])),
        ("answer", Source::First(&["answer"])),
    ],
    asks: Asks::These(&[
        Ask { name: "questionKey", ..INPUT },
        Ask { name: "question", label: Some("Create a security question"), required: Required::No, ..INPUT },
        Ask { name: "answer", label: Some("Answer"), ..INPUT },
    ]),
};

static QUESTION: Credential = Credential {
    needs: &[&["answer"]],
    whole_needs: &["answer"],
    body: &[("questionKey", Source::EnrolledQuestion), ("answer", Source::First(&["answer"]))],
    asks: Asks::These(&[Ask { name: "answer", label: Some("Answer"), ..INPUT }]),
};

static NEW_PASSKEY: Credential = Credential {
    needs: &[&["clientData", "attestation"]],
    whole_needs: &["clientData", "attestation"],
    body: &[
        ("clientData", Source::First(&["clientData"])),
        ("attestation", Source::First(&["attestation"])),
        ("transports", Source::First(&["transports"])),
    ],
    asks: Asks::These(&[
        Ask { name: "clientData", label: Some("Client Data"), hidden: true, ..INPUT },
        Ask { name: "attestation", label: Some("Attestation"), hidden: true, ..INPUT },
    ]),
};

static PASSKEY: Credential = Credential {
    needs: &[&["authenticatorData", "clientData", "signatureData"]],
    whole_needs: &["authenticatorData", "clientData", "signatureData"],
    body: &[
        ("authenticatorData", Source::First(&["authenticatorData"])),
        ("clientData", Source::First(&["clientData"])),
        ("signatureData", Source::First(&["signatureData"])),
    ],
    asks: Asks::These(&[
        Ask { name: "authenticatorData", label: Some("Authenticator Data"), hidden: true, ..INPUT },
        Ask { name: "clientData", label: Some("Client Data"), hidden: true, ..INPUT },
        Ask { name: "signatureData", label: Some("Signature Data"), hidden: true, ..INPUT },
    ]),
};

/// By authenticator key, and what its context must have: the same key is proved one way and enrolled another.
static BY_AUTHENTICATOR: [(&str, Option<&str>, &Credential); 6] = [
    ("okta_password", None, &PASSWORD),
    ("okta_verify", None, &OKTA_VERIFY_CODE),
    ("security_question", Some("enrolledQuestion"), &QUESTION),
    ("security_question", None, &NEW_QUESTION),
    ("webauthn", Some("challengeData"), &PASSKEY),
    ("webauthn", None, &NEW_PASSKEY),
];

/// The credential an authenticator is proved with.
pub(crate) fn credential(whose: Option<Whose<'_>>) -> &'static Credential {
    let key = whose.and_then(|whose| whose.key());
    let context = whose.and_then(|whose| whose.object.get("contextualData"));
    let has = |name: &str| context.and_then(|context| context.get(name)).is_some_and(Ion::is_set);
    BY_AUTHENTICATOR
        .iter()
        .find(|(own, needs, _)| key == Some(own) && needs.is_none_or(has))
        .map_or(&CODE, |(_, _, credential)| credential)
}
