//! Authenticators, in types: what they are, where they lead, and what is needed to use them.

use serde_json::Value;

use crate::ion::Ion;
use crate::secret::Secret;
use crate::words::{Key, Method};

/// A means to prove who one is.
#[derive(Debug, Clone, PartialEq)]
pub struct Authenticator {
    /// Which one.
    pub key: Option<Key>,
    /// Its kind, such as `phone` or `app`.
    pub kind: Option<String>,
    /// Its name, for people.
    pub display_name: Option<String>,
    /// The name its owner gave it.
    pub nickname: Option<String>,
    /// The ways to use it.
    pub methods: Vec<Method>,
    /// Where it leads, masked by the org.
    pub profile: Profile,
    /// The rules for a password.
    pub settings: Option<PasswordRules>,
    /// What is needed to use it now.
    pub usage: Usage,
    /// The passkey's id.
    pub credential_id: Option<String>,
}

/// Where an authenticator leads, masked by the org.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The mail address.
    pub email: Option<String>,
    /// The phone number.
    pub phone_number: Option<String>,
}

/// What a password must be like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PasswordRules {
    /// The fewest characters.
    pub min_length: u64,
    /// The fewest small letters.
    pub min_lower_case: u64,
    /// The fewest capital letters.
    pub min_upper_case: u64,
    /// The fewest digits.
    pub min_number: u64,
    /// The fewest other signs.
    pub min_symbol: u64,
    /// Whether parts of the username are forbidden.
    pub exclude_username: bool,
    /// Attributes whose value is forbidden.
    pub exclude_attributes: Vec<String>,
    /// The most times a sign may be repeated at a stretch.
    pub max_consecutive_repeating_characters: Option<u64>,
    /// How long a password must be kept, in minutes.
    pub min_age_minutes: u64,
    /// How many former passwords are forbidden.
    pub history_count: u64,
    /// In how many days the present one expires.
    pub days_to_expiry: Option<u64>,
}

/// What is needed to use an authenticator now.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage {
    /// A picture to scan, as a `data:` address.
    pub qr_code: Option<Secret>,
    /// The same secret, to type in.
    pub shared_secret: Option<Secret>,
    /// The number to choose on the phone.
    pub correct_answer: Option<String>,
    /// Questions to choose from.
    pub questions: Vec<Question>,
    /// The question that was chosen.
    pub enrolled_question: Option<Question>,
    /// Whether the mail also carries a link.
    pub email_link: bool,
    /// A code to type where the flow was begun.
    pub otp: Option<Secret>,
    /// The way the set-up takes: `qrcode`, `email`, `sms`, `samedevice`.
    pub selected_channel: Option<String>,
    /// Where the set-up was mailed to.
    pub email: Option<String>,
    /// Where the set-up was texted to.
    pub phone_number: Option<String>,
    /// What to give to the browser to make a passkey.
    pub activation: Option<Value>,
    /// What to give to the browser to use a passkey.
    pub challenge: Option<Value>,
}

/// A security question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The name it is answered by.
    pub key: String,
    /// The question itself.
    pub question: String,
}

impl Authenticator {
    pub(crate) fn read(object: Ion<'_>) -> Self {
        let profile = object.get("profile");
        let profile_text = |name| profile.and_then(|profile| owned(profile, name));
        // What a passkey signs before anybody has said who they are belongs to no authenticator yet.
        let bare = || object.get("challengeData").map(|_| object);
        Self {
            key: object.text("key").map(Key::from),
            kind: owned(object, "type"),
            display_name: owned(object, "displayName"),
            nickname: owned(object, "nickname"),
            methods: object
                .list("methods")
                .filter_map(|method| method.text("type"))
                .map(Method::from)
                .collect(),
            profile: Profile { email: profile_text("email"), phone_number: profile_text("phoneNumber") },
            settings: object
                .get("settings")
                .filter(|settings| settings.is_members())
                .map(PasswordRules::read),
            usage: object.get("contextualData").or_else(bare).map(Usage::read).unwrap_or_default(),
            credential_id: owned(object, "credentialId"),
        }
    }
}

impl PasswordRules {
    fn read(settings: Ion<'_>) -> Self {
        let complexity = settings.get("complexity");
        let age = settings.get("age");
        let count =
            |group: Option<Ion<'_>>, name| group.and_then(|group| group.get(name)).and_then(Ion::as_u64);
        let flag = |name| complexity.and_then(|complexity| complexity.get(name)).is_some_and(Ion::is_set);
        let listed = complexity.into_iter().flat_map(|complexity| complexity.list("excludeAttributes"));
        let mut exclude_attributes: Vec<String> =
            listed.filter_map(Ion::as_text).map(str::to_owned).collect();
        // Older orgs have a flag for each of the two attributes.
        for (name, attribute) in [("excludeFirstName", "firstName"), ("excludeLastName", "lastName")] {
            if flag(name) && !exclude_attributes.iter().any(|own| own == attribute) {
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

impl Usage {
    fn read(context: Ion<'_>) -> Self {
        let question = |object: Ion<'_>| {
            Some(Question { key: owned(object, "questionKey")?, question: owned(object, "question")? })
        };
        Self {
            qr_code: context.get("qrcode").and_then(|code| code.text("href")).map(Secret::from),
            shared_secret: context.text("sharedSecret").map(Secret::from),
            correct_answer: owned(context, "correctAnswer"),
            questions: context.list("questions").filter_map(question).collect(),
            enrolled_question: context.get("enrolledQuestion").and_then(question),
            email_link: context.get("useEmailMagicLink").is_some_and(Ion::is_set),
            otp: context.text("otp").map(Secret::from),
            selected_channel: owned(context, "selectedChannel"),
            email: owned(context, "email"),
            phone_number: owned(context, "phoneNumber"),
            activation: context.get("activationData").map(Ion::to_value),
            challenge: context.get("challengeData").map(Ion::to_value),
        }
    }
}

/// A text member, as a text of its own.
pub(crate) fn owned(object: Ion<'_>, name: &str) -> Option<String> {
    object.text(name).map(str::to_owned)
}
