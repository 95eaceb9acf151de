//! Checks answers: the names of the guides and the inputs of the step, with the types of their values.

use crate::{http::ApiError, http::json_body::MAX_SAFE_INTEGER};
use latchkey_contract::{Value, Values};
use latchkey_idx::{Flow, Input, OptionValue, Step};
use serde_json::{Map, Value as Json, json};

/// The type of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ValueKind {
    Text,
    /// The response of a passkey.
    LongText,
    Flag,
    /// The id and the token of a CAPTCHA.
    Captcha,
    /// Why a page gives up a device challenge.
    DeviceReason,
    /// The status of a response.
    HttpStatus,
    /// `true`; for `false` it is left out.
    Yes,
    /// A name, an object with the details of the choice, or a list of them.
    Choice,
}

/// The most characters of a typed text.
const MAX_TEXT_CHARS: usize = 1024;
const MAX_LONG_TEXT_CHARS: usize = 12 * 1024;
/// Why a page gives up a device challenge, in the words of Okta's widget.
const DEVICE_REASONS: [&str; 3] = ["OV_UNREACHABLE_BY_LOOPBACK", "OV_RETURNED_ERROR", "USER_CANCELED"];
const HTTP_STATUSES: std::ops::RangeInclusive<i64> = 100..=599;
const CAPTCHA_MEMBERS: [&str; 2] = ["captchaId", "captchaToken"];
/// Names that need a current step; a flow that begins has none.
const STEP_ONLY_WORDS: [&str; 3] = ["resend", "skip", "step"];

/// The names of the guides. One call may answer several steps, so each is accepted at any step.
const GUIDE_WORDS: [(&str, ValueKind); 38] = [
    ("answer", ValueKind::Text),
    ("attestation", ValueKind::LongText),
    ("authenticator", ValueKind::Choice),
    ("authenticatorData", ValueKind::LongText),
    ("authenticators", ValueKind::Choice),
    ("captchaVerify", ValueKind::Captcha),
    ("channel", ValueKind::Text),
    ("clientData", ValueKind::LongText),
    ("clientExtensions", ValueKind::Text),
    ("consent", ValueKind::Flag),
    ("country", ValueKind::Text),
    ("credentials", ValueKind::Choice),
    ("email", ValueKind::Text),
    ("firstName", ValueKind::Text),
    ("identifier", ValueKind::Text),
    ("lastName", ValueKind::Text),
    ("methodType", ValueKind::Text),
    ("newPassword", ValueKind::Text),
    ("otp", ValueKind::Text),
    ("passcode", ValueKind::Text),
    ("password", ValueKind::Text),
    ("phoneFactor", ValueKind::Text),
    ("phoneNumber", ValueKind::Text),
    ("question", ValueKind::Text),
    ("questionKey", ValueKind::Text),
    ("reason", ValueKind::DeviceReason),
    ("rememberMe", ValueKind::Flag),
    ("resend", ValueKind::Yes),
    ("revokeSessions", ValueKind::Flag),
    ("signatureData", ValueKind::LongText),
    ("skip", ValueKind::Yes),
    ("statusCode", ValueKind::HttpStatus),
    ("step", ValueKind::Text),
    ("transports", ValueKind::Choice),
    ("userProfile", ValueKind::Choice),
    ("username", ValueKind::Text),
    ("verification", ValueKind::Text),
    ("verificationCode", ValueKind::Text),
];

/// The names of the input for the username: two names for one input.
pub(super) const USERNAME_INPUTS: [&str; 2] = ["identifier", "username"];
/// Names that choose and do not prove anything.
const CHOICE_INPUTS: [&str; 13] = [
    "authenticator",
    "authenticators",
    "captchaVerify",
    "channel",
    "consent",
    "methodType",
    "phoneFactor",
    "reason",
    "rememberMe",
    "resend",
    "skip",
    "statusCode",
    "step",
];

/// The username in the answer.
pub(super) fn username(values: &Values) -> Option<&str> {
    USERNAME_INPUTS.iter().find_map(|name| values.get(name)).and_then(Value::text)
}

/// Whether an answer may contain a guess at a password, a code or the like.
pub(super) fn is_guess(values: &Values) -> bool {
    values.iter().any(|(name, value)| {
        let name = name.as_str();
        !USERNAME_INPUTS.contains(&name) && !CHOICE_INPUTS.contains(&name) && !is_decision(value)
    })
}

/// Whether a value allows or refuses something and nothing else, as the scopes of a consent do.
fn is_decision(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::Object(members) => members.values().all(is_decision),
        Value::Integer(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => false,
    }
}

/// Whether the next step of the flow asks for the username.
pub(super) fn next_asks_for_username(flow: &Flow) -> bool {
    let next = flow.transaction().next_step;
    next.is_some_and(|step| USERNAME_INPUTS.iter().any(|name| asks(&step, name)))
}

/// Refuses values that no step asks for.
pub(super) fn check(values: &Values, flow: &Flow) -> Result<(), ApiError> {
    check_types(values)?;
    let mut others = values.keys().filter(|name| kind_of_word(name).is_none()).peekable();
    if others.peek().is_none() {
        return Ok(());
    }
    let transaction = flow.transaction();
    let steps = || transaction.next_step.iter().chain(&transaction.available_steps);
    match others.find(|name| !steps().any(|step| asks(step, name))) {
        Some(stray) => Err(ApiError::invalid(format!("`{}` was not asked for", for_log(stray)))),
        None => Ok(()),
    }
}

/// Refuses values that cannot begin a flow.
pub(super) fn check_beginning(values: &Values) -> Result<(), ApiError> {
    match values.keys().find(|name| STEP_ONLY_WORDS.contains(&name.as_str())) {
        Some(early) => Err(ApiError::invalid(format!("`{early}` is for a step, and there is none yet"))),
        None => check_types(values),
    }
}

/// Refuses a value of the wrong type.
fn check_types(values: &Values) -> Result<(), ApiError> {
    if USERNAME_INPUTS.iter().all(|name| values.contains_key(name)) {
        return Err(ApiError::invalid("`username` and `identifier` are one thing: send one of them"));
    }
    for (name, value) in values.iter() {
        let (fits, wanted) = match kind_of_word(name) {
            None => continue,
            Some(ValueKind::Text) => (is_text(value, MAX_TEXT_CHARS), "a string of at most 1024 characters"),
            Some(ValueKind::LongText) => (is_text(value, MAX_LONG_TEXT_CHARS), "a string"),
            Some(ValueKind::Flag) => (matches!(value, Value::Bool(_)), "true or false"),
            Some(ValueKind::Captcha) => (is_captcha(value), "an object of `captchaId` and `captchaToken`"),
            Some(ValueKind::DeviceReason) => {
                (value.text().is_some_and(|text| DEVICE_REASONS.contains(&text)), "one of Okta's reasons")
            }
            Some(ValueKind::HttpStatus) => (
                matches!(value, Value::Integer(status) if HTTP_STATUSES.contains(status)),
                "a status from 100 to 599",
            ),
            Some(ValueKind::Yes) => (*value == Value::Bool(true), "true"),
            Some(ValueKind::Choice) => {
                (is_choice(value), "a string, an object of simple values, or a list of these")
            }
        };
        if !fits {
            return Err(ApiError::invalid(format!("`{name}` is not {wanted}")));
        }
    }
    Ok(())
}

/// The JSON schema of the names and their types.
pub(crate) fn schema(wanted: impl Fn(&str) -> bool) -> Map<String, Json> {
    let text = |most: usize| json!({"type": "string", "maxLength": most});
    let leaf = json!({"type": ["string", "boolean", "number"], "maxLength": MAX_TEXT_CHARS,
                      "minimum": -MAX_SAFE_INTEGER, "maximum": MAX_SAFE_INTEGER});
    let object = json!({"type": "object", "maxProperties": 64, "propertyNames": {"maxLength": 128},
                        "additionalProperties": leaf});
    let choice = json!({"anyOf": [
        text(MAX_TEXT_CHARS), object, {"type": "array", "maxItems": 64, "items": {"anyOf": [text(MAX_TEXT_CHARS), object]}}
    ]});
    GUIDE_WORDS
        .iter()
        .filter(|(word, _)| wanted(word))
        .map(|(word, takes)| {
            let schema = match takes {
                ValueKind::Text => text(MAX_TEXT_CHARS),
                ValueKind::LongText => text(MAX_LONG_TEXT_CHARS),
                ValueKind::Flag => json!({"type": "boolean"}),
                ValueKind::Captcha => json!({
                    "type": "object", "required": CAPTCHA_MEMBERS, "additionalProperties": false,
                    "properties": {"captchaId": text(MAX_TEXT_CHARS), "captchaToken": text(MAX_LONG_TEXT_CHARS)}
                }),
                ValueKind::DeviceReason => json!({"type": "string", "enum": DEVICE_REASONS}),
                ValueKind::HttpStatus => json!({
                    "type": "integer", "minimum": HTTP_STATUSES.start(), "maximum": HTTP_STATUSES.end()
                }),
                ValueKind::Yes => json!({"const": true}),
                ValueKind::Choice => choice.clone(),
            };
            ((*word).to_owned(), schema)
        })
        .collect()
}

/// The text of that name, if it is not too long.
pub(super) fn text<'v>(name: &str, value: &'v Value) -> Result<&'v str, ApiError> {
    let text = value.text().filter(|_| is_text(value, MAX_TEXT_CHARS));
    text.ok_or_else(|| {
        ApiError::invalid(format!("`{name}` is not a string of at most {MAX_TEXT_CHARS} characters"))
    })
}

fn is_text(value: &Value, most: usize) -> bool {
    value.text().is_some_and(|text| text.chars().count() <= most)
}

fn is_captcha(value: &Value) -> bool {
    let Value::Object(members) = value else { return false };
    let is_member = |name: &str| members.get(name).is_some_and(|text| is_text(text, MAX_LONG_TEXT_CHARS));
    members.len() == CAPTCHA_MEMBERS.len() && CAPTCHA_MEMBERS.iter().all(|name| is_member(name))
}

fn is_choice(value: &Value) -> bool {
    match value {
        Value::List(list) => list.iter().all(|value| !matches!(value, Value::List(_)) && is_choice(value)),
        Value::Object(object) => {
            let is_simple = |value: &Value| {
                is_text(value, MAX_TEXT_CHARS)
                    || matches!(value, Value::Bool(_) | Value::Integer(_) | Value::Number(_))
            };
            object.values().all(is_simple)
        }
        Value::Text(_) => is_text(value, MAX_TEXT_CHARS),
        Value::Bool(_) | Value::Integer(_) | Value::Number(_) => false,
    }
}

/// Refuses any value: the call takes none.
pub(super) fn check_empty(values: &Values) -> Result<(), ApiError> {
    match values.keys().next() {
        Some(stray) => Err(ApiError::invalid(format!("`{}` was not asked for", for_log(stray)))),
        None => Ok(()),
    }
}

fn kind_of_word(name: &str) -> Option<ValueKind> {
    GUIDE_WORDS.iter().find(|(word, _)| *word == name).map(|(_, takes)| *takes)
}

fn asks(step: &Step, name: &str) -> bool {
    step.inputs.iter().any(|input| names(input, name))
}

fn names(input: &Input, name: &str) -> bool {
    let in_choice = |chosen: &OptionValue| match chosen {
        OptionValue::Inputs(inputs) => inputs.iter().any(|input| names(input, name)),
        OptionValue::Value(_) | OptionValue::Nothing => false,
    };
    input.name == name
        || input.inputs.iter().any(|input| names(input, name))
        || input.options.iter().any(|choice| in_choice(&choice.value))
}

/// A name from a request, shortened and escaped for a log.
fn for_log(name: &str) -> String {
    name.chars().filter(|letter| letter.is_ascii_graphic()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::{
        CHOICE_INPUTS, GUIDE_WORDS, USERNAME_INPUTS, check_beginning, check_empty, check_types, is_guess,
        kind_of_word,
    };
    use latchkey_contract::{Value, Values};

    #[test]
    fn the_words_are_sorted_and_none_is_there_twice() {
        assert!(GUIDE_WORDS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn sec_213_what_neither_names_nor_chooses_may_be_a_guess() {
        assert!(USERNAME_INPUTS.iter().chain(&CHOICE_INPUTS).all(|name| kind_of_word(name).is_some()));
        let guesses = GUIDE_WORDS
            .iter()
            .filter(|(name, _)| is_guess(&Values::from([((*name).to_owned(), "x".into())])));
        assert_eq!(guesses.count(), GUIDE_WORDS.len() - USERNAME_INPUTS.len() - CHOICE_INPUTS.len());
        assert!(is_guess(&Values::from([("credentials.passcode".to_owned(), "x".into())])));
        assert!(!is_guess(&Values::new()));
    }

    #[test]
    fn sec_213_what_allows_or_refuses_is_no_guess() {
        let scopes = |email: Value| Value::Object(Values::from([("email".to_owned(), email)]));
        for (name, value, may_be_guess) in [
            ("keepMeSignedIn", Value::Bool(true), false),
            ("optedScopes", scopes(Value::Bool(false)), false),
            ("optedScopes", scopes("a code".into()), true),
            ("keepMeSignedIn", "a code".into(), true),
        ] {
            assert_eq!(is_guess(&Values::from([(name.to_owned(), value)])), may_be_guess, "{name}");
        }
    }

    #[test]
    fn a_word_takes_its_own_kind_of_value_only() {
        let one = |name: &str, value| Values::from([(name.to_owned(), value)]);
        assert!(check_types(&one("password", "x".into())).is_ok());
        assert!(check_types(&one("password", Value::Integer(1))).is_err());
        assert!(check_types(&one("username", Value::List(vec![]))).is_err());
        assert!(check_types(&one("username", "é".repeat(1024).into())).is_ok());
        assert!(check_types(&one("username", "é".repeat(1025).into())).is_err());
        assert!(check_types(&one("clientData", "x".repeat(8000).into())).is_ok());
        assert!(check_types(&one("authenticator", Value::Object(one("id", "aut1".into())))).is_ok());
        assert!(check_types(&one("authenticator", Value::Object(one("id", Value::List(vec![]))))).is_err());
        assert!(check_types(&one("userProfile", Value::Object(one("age", Value::Integer(42))))).is_ok());
        assert!(check_types(&one("authenticators", Value::List(vec!["okta_email".into()]))).is_ok());
        assert!(check_types(&one("authenticators", Value::List(vec![true.into()]))).is_err());
        let two =
            [("identifier", "a"), ("username", "a")].map(|(name, value)| (name.to_owned(), value.into()));
        assert!(check_types(&Values::from(two)).is_err(), "two names for one person");
        assert!(check_beginning(&one("skip", true.into())).is_err());
        assert!(check_types(&one("skip", true.into())).is_ok());
        assert!(check_types(&one("skip", false.into())).is_err());
        assert!(check_types(&one("rememberMe", "yes".into())).is_err());
        let token = |name: &str| {
            Value::Object(Values::from([
                ("captchaId".to_owned(), "cap1".into()),
                (name.to_owned(), "x".repeat(3000).into()),
            ]))
        };
        assert!(check_types(&one("captchaVerify", token("captchaToken"))).is_ok());
        assert!(check_types(&one("captchaVerify", token("another"))).is_err());
        assert!(check_types(&one("captchaVerify", "x".into())).is_err());
        assert!(check_types(&one("reason", "USER_CANCELED".into())).is_ok());
        assert!(check_types(&one("reason", "BORED".into())).is_err());
        assert!(check_types(&one("statusCode", Value::Integer(503))).is_ok());
        assert!(check_types(&one("statusCode", Value::Integer(7))).is_err());
        assert!(check_types(&one("favouriteColour", Value::Integer(1))).is_ok());
        assert!(check_empty(&one("anything", true.into())).is_err());
        assert!(check_empty(&Values::new()).is_ok());
    }
}
