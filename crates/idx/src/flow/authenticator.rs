//! Authenticators in types: their methods, profile, password policy and the data needed to use them.

use serde_json::Value;

use super::device_challenge::DeviceChallenge;
use super::device_set_up::DeviceSetUp;
use crate::protocol::ion::Ion;
use crate::protocol::names::{AuthenticatorKey, MethodType};
use crate::secret::Secret;

/// An authenticator: a means to prove an identity.
#[derive(Debug, Clone, PartialEq)]
pub struct Authenticator {
    /// Its key.
    pub key: Option<AuthenticatorKey>,
    /// Its type, such as `phone` or `app`.
    pub kind: Option<String>,
    /// Its name for people.
    pub display_name: Option<String>,
    /// The name that its owner has given it.
    pub nickname: Option<String>,
    /// The methods it offers.
    pub methods: Vec<MethodType>,
    /// Its masked address or number.
    pub profile: Profile,
    /// The password policy, if it is a password.
    pub settings: Option<PasswordRequirements>,
    /// The data needed to use it now (`contextualData`).
    pub context: AuthenticatorContext,
    /// The credential id, if it is a passkey.
    pub credential_id: Option<String>,
}

/// Where an authenticator reaches the person, masked by the org.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The e-mail address.
    pub email: Option<String>,
    /// The phone number.
    pub phone_number: Option<String>,
}

/// The password policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PasswordRequirements {
    /// Minimum number of characters.
    pub min_length: u64,
    /// Minimum number of lower-case letters.
    pub min_lower_case: u64,
    /// Minimum number of upper-case letters.
    pub min_upper_case: u64,
    /// Minimum number of digits.
    pub min_number: u64,
    /// Minimum number of symbols.
    pub min_symbol: u64,
    /// Whether the password may not contain parts of the username.
    pub exclude_username: bool,
    /// Attributes whose value the password may not contain.
    pub exclude_attributes: Vec<String>,
    /// Maximum number of equal characters in a row.
    pub max_consecutive_repeating_characters: Option<u64>,
    /// Minutes until a new password may be changed.
    pub min_age_minutes: u64,
    /// Number of former passwords that may not be used again.
    pub history_count: u64,
    /// Days until the current password expires.
    pub days_to_expiry: Option<u64>,
}

/// The data needed to use an authenticator now (`contextualData`).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AuthenticatorContext {
    /// A QR code to scan, as a `data:` address.
    pub qr_code: Option<Secret>,
    /// The secret in the QR code, to type in.
    pub shared_secret: Option<Secret>,
    /// The number to choose on the phone (number challenge).
    pub correct_answer: Option<String>,
    /// The security questions to choose from.
    pub questions: Vec<SecurityQuestion>,
    /// The security question to answer.
    pub enrolled_question: Option<SecurityQuestion>,
    /// Whether the e-mail also contains a link (magic link).
    pub email_link: bool,
    /// A code to type in the browser where the flow was started.
    pub otp: Option<Secret>,
    /// How the set-up reaches the device: `qrcode`, `email`, `sms`, `samedevice`.
    pub selected_channel: Option<String>,
    /// The e-mail address the set-up was sent to.
    pub email: Option<String>,
    /// The phone number the set-up was sent to.
    pub phone_number: Option<String>,
    /// The options with which the browser creates a passkey.
    pub activation_data: Option<Value>,
    /// The options with which the browser uses a passkey.
    pub challenge_data: Option<Value>,
    /// What Okta Verify on this device has to sign.
    pub device_challenge: Option<DeviceChallenge>,
    /// How Okta Verify is set up on this device, unless a link opens it.
    pub set_up: Option<DeviceSetUp>,
    /// The frame in which Duo asks, if the org uses Duo's frame.
    pub duo_frame: Option<DuoFrame>,
}

/// A frame of Duo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuoFrame {
    /// The host that serves it.
    pub host: String,
    /// The signed request: the half for Duo, a colon, and the half that is appended to Duo's response.
    pub signed_request: Secret,
}

/// A security question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityQuestion {
    /// The key it is answered by.
    pub key: String,
    /// The question's text.
    pub question: String,
}

impl Authenticator {
    pub(crate) fn read(object: Ion<'_>) -> Self {
        // With autofill there is no authenticator yet: `challengeData` stands where the authenticator would be.
        let autofill = || object.get("challengeData").map(|_| object);
        let context = object.get("contextualData").or_else(autofill).map(AuthenticatorContext::read);
        Self {
            key: object.text("key").map(AuthenticatorKey::from),
            kind: owned_text(object, "type"),
            display_name: owned_text(object, "displayName"),
            nickname: owned_text(object, "nickname"),
            methods: object
                .list("methods")
                .filter_map(|method| method.text("type"))
                .map(MethodType::from)
                .collect(),
            profile: object.get("profile").map(Profile::read).unwrap_or_default(),
            settings: object
                .get("settings")
                .filter(|settings| settings.is_object())
                .map(PasswordRequirements::read),
            context: AuthenticatorContext {
                device_challenge: DeviceChallenge::of_authenticator(object),
                ..context.unwrap_or_default()
            },
            credential_id: owned_text(object, "credentialId"),
        }
    }
}

impl Profile {
    pub(crate) fn read(profile: Ion<'_>) -> Self {
        Self { email: owned_text(profile, "email"), phone_number: owned_text(profile, "phoneNumber") }
    }
}

impl PasswordRequirements {
    fn read(settings: Ion<'_>) -> Self {
        let complexity = settings.get("complexity");
        let age = settings.get("age");
        let count =
            |group: Option<Ion<'_>>, name| group.and_then(|group| group.get(name)).and_then(Ion::as_u64);
        let flag = |name| complexity.and_then(|complexity| complexity.get(name)).is_some_and(Ion::is_truthy);
        let names = complexity.into_iter().flat_map(|complexity| complexity.list("excludeAttributes"));
        let mut exclude_attributes: Vec<String> = names.filter_map(Ion::as_text).map(str::to_owned).collect();
        // Older orgs have a flag for each of the two attributes.
        for (name, attribute) in [("excludeFirstName", "firstName"), ("excludeLastName", "lastName")] {
            if flag(name) && !exclude_attributes.iter().any(|listed| listed == attribute) {
                exclude_attributes.push(attribute.to_owned());
            }
        }
        Self {
            min_length: count(complexity, "minLength").unwrap_or(0),
            min_lower_case: count(complexity, "minLowerCase").unwrap_or(0),
            min_upper_case: count(complexity, "minUpperCase").unwrap_or(0),
            min_number: count(complexity, "minNumber").unwrap_or(0),
            min_symbol: count(complexity, "minSymbol").unwrap_or(0),
            exclude_username: flag("excludeUsername"),
            exclude_attributes,
            max_consecutive_repeating_characters: count(complexity, "maxConsecutiveRepeatingCharacters"),
            min_age_minutes: count(age, "minAgeMinutes").unwrap_or(0),
            history_count: count(age, "historyCount").unwrap_or(0),
            days_to_expiry: count(Some(settings), "daysToExpiry"),
        }
    }
}

impl AuthenticatorContext {
    fn read(context: Ion<'_>) -> Self {
        let question = |object: Ion<'_>| {
            Some(SecurityQuestion {
                key: owned_text(object, "questionKey")?,
                question: owned_text(object, "question")?,
            })
        };
        Self {
            qr_code: context.get("qrcode").and_then(|code| code.text("href")).map(Secret::from),
            shared_secret: context.text("sharedSecret").map(Secret::from),
            correct_answer: owned_text(context, "correctAnswer"),
            questions: context.list("questions").filter_map(question).collect(),
            enrolled_question: context.get("enrolledQuestion").and_then(question),
            email_link: context.get("useEmailMagicLink").is_some_and(Ion::is_truthy),
            otp: context.text("otp").map(Secret::from),
            selected_channel: owned_text(context, "selectedChannel"),
            email: owned_text(context, "email"),
            phone_number: owned_text(context, "phoneNumber"),
            activation_data: context.get("activationData").map(Ion::to_value),
            challenge_data: context.get("challengeData").map(Ion::to_value),
            device_challenge: None,
            set_up: DeviceSetUp::read(context),
            duo_frame: owned_text(context, "host")
                .zip(context.text("signedToken"))
                .map(|(host, signed)| DuoFrame { host, signed_request: Secret::from(signed) }),
        }
    }
}

/// A text member, copied.
pub(crate) fn owned_text(object: Ion<'_>, name: &str) -> Option<String> {
    object.text(name).map(str::to_owned)
}
