//! Reads the server's JSON into the contract's types, from the browser's objects and, in tests, from `serde_json` values.
//!
//! The browser parses the JSON, so the download needs no JSON library.

use latchkey_contract::{
    AltchaTask, Authenticator, AuthenticatorMethod, AuthenticatorSettings, CaptchaTask, Choice, ChoiceValue,
    Complexity, ConsentDetail, ConsentRequest, ConsentScope, ContextualData, Enrollment, Feature, Form,
    GracePeriod, I18n, IdentifiedUser, Idp, Input, InputKind, Message, MessageClass, MessageLink, Poll,
    ProblemCode, Profile, QrCode, Question, Session, Status, Step, StepUp, Transaction, User, Value,
};

/// A JSON value of another library. A value that is missing, `null` or of another type is `None`.
pub(crate) trait JsonNode: Sized {
    fn get(&self, key: &str) -> Option<Self>;
    fn text(&self) -> Option<String>;
    fn flag(&self) -> Option<bool>;
    fn number(&self) -> Option<f64>;
    fn items(&self) -> Option<Vec<Self>>;
    fn members(&self) -> Option<Vec<(String, Self)>>;
}

/// The members of an object with text values.
pub(crate) fn words(node: &impl JsonNode) -> Vec<(String, String)> {
    let members = node.members().unwrap_or_default();
    members.into_iter().filter_map(|(key, words)| Some((key, words.text()?))).collect()
}

pub(crate) fn transaction(node: &impl JsonNode) -> Option<Transaction> {
    Some(Transaction {
        transaction: text(node, "transaction")?,
        status: match text(node, "status")?.as_str() {
            "PENDING" => Status::Pending,
            "SUCCESS" => Status::Success,
            "TERMINAL" => Status::Terminal,
            "CANCELED" => Status::Canceled,
            _ => return None,
        },
        next_step: node.get("nextStep").map(|step_node| step(&step_node)),
        available_steps: list(node, "availableSteps", step),
        // The control that makes the token asks the server for it.
        captcha: None,
        user: account(node, "user"),
        signed_in: account(node, "signedIn"),
        step_up: step_up(node),
        app: word(node, "app"),
        enabled_features: list(node, "enabledFeatures", feature).into_iter().flatten().collect(),
        messages: list(node, "messages", message),
    })
}

/// What a sign-in must fulfil.
pub(crate) fn step_up(node: &impl JsonNode) -> Option<StepUp> {
    let needed = node.get("stepUp")?;
    Some(StepUp { acr_values: text(&needed, "acrValues"), max_age: count(&needed, "maxAge").map(u64::from) })
}

fn account(node: &impl JsonNode, name: &str) -> Option<IdentifiedUser> {
    let inner = node.get(name)?;
    Some(IdentifiedUser {
        identifier: word(&inner, "identifier"),
        first_name: text(&inner, "firstName"),
        last_name: text(&inner, "lastName"),
    })
}

pub(crate) fn session(node: &impl JsonNode) -> Option<Session> {
    Some(Session {
        authenticated: node.get("authenticated")?.flag()?,
        user: node.get("user").map(|user_node| user(&user_node)),
        expires_at: node.get("expiresAt").and_then(|at| at.number()).map(|at| at as i64),
        sign_out_href: text(node, "signOutHref"),
    })
}

pub(crate) fn captcha_task(node: &impl JsonNode) -> CaptchaTask {
    CaptchaTask {
        altcha: node.get("altcha").map(|inner| AltchaTask {
            algorithm: word(&inner, "algorithm"),
            challenge: word(&inner, "challenge"),
            max_number: count(&inner, "maxNumber").unwrap_or_default(),
            salt: word(&inner, "salt"),
            signature: word(&inner, "signature"),
            expires_in: count(&inner, "expiresIn"),
        }),
        frame: text(node, "frame"),
        missing_setting: text(node, "missingSetting"),
    }
}

pub(crate) fn user(node: &impl JsonNode) -> User {
    let mut user = User::new();
    for (name, claim) in node.members().unwrap_or_default() {
        if let Some(claim) = value(&claim) {
            user.insert(name, claim);
        }
    }
    user
}

/// The members of a `Problem` that the page uses.
pub(crate) struct ProblemDetails {
    pub(crate) code: Option<ProblemCode>,
    pub(crate) retry_after: Option<u32>,
    pub(crate) transaction: Option<Transaction>,
}

pub(crate) fn problem(node: &impl JsonNode) -> ProblemDetails {
    ProblemDetails {
        code: text(node, "code").as_deref().and_then(ProblemCode::from_name),
        retry_after: count(node, "retryAfter"),
        transaction: node.get("transaction").and_then(|inner| transaction(&inner)),
    }
}

fn step(node: &impl JsonNode) -> Step {
    Step {
        name: word(node, "name"),
        kind: text(node, "type"),
        authenticator: node.get("authenticator").map(|inner| authenticator(&inner)),
        authenticator_enrollments: list(node, "authenticatorEnrollments", enrollment),
        can_skip: yes(node, "canSkip"),
        can_resend: yes(node, "canResend"),
        poll: node
            .get("poll")
            .map(|inner| Poll { required: yes(&inner, "required"), refresh: count(&inner, "refresh") }),
        idp: node.get("idp").map(|inner| Idp { id: word(&inner, "id"), name: word(&inner, "name") }),
        consent: node.get("consent").map(|inner| consent(&inner)),
        href: text(node, "href"),
        inputs: list(node, "inputs", input),
    }
}

fn input(node: &impl JsonNode) -> Input {
    Input {
        name: word(node, "name"),
        label: text(node, "label"),
        description: text(node, "description"),
        kind: match text(node, "type").as_deref() {
            None | Some("string") => InputKind::String,
            Some("boolean") => InputKind::Boolean,
            Some("number") => InputKind::Number,
            Some("integer") => InputKind::Integer,
            Some("date") => InputKind::Date,
            Some("alphanumeric") => InputKind::Alphanumeric,
            Some("object") => InputKind::Object,
            Some(other) => InputKind::Other(other.to_owned()),
        },
        required: yes(node, "required"),
        secret: yes(node, "secret"),
        typed_once: yes(node, "typedOnce"),
        visible: node.get("visible").and_then(|inner| inner.flag()),
        mutable: node.get("mutable").and_then(|inner| inner.flag()),
        value: node.get("value").and_then(|inner| value(&inner)),
        options: list(node, "options", choice),
        form: node.get("form").map(|inner| form(&inner)),
        min_length: count(node, "minLength"),
        max_length: count(node, "maxLength"),
        messages: list(node, "messages", message),
    }
}

fn consent(node: &impl JsonNode) -> ConsentRequest {
    ConsentRequest {
        app: word(node, "app"),
        scopes: list(node, "scopes", |scope| ConsentScope {
            label: word(scope, "label"),
            description: word(scope, "description"),
        }),
        details: list(node, "details", |detail| ConsentDetail {
            label: word(detail, "label"),
            value: word(detail, "value"),
        }),
    }
}

fn form<N: JsonNode>(node: &N) -> Form {
    Form { value: list(node, "value", input) }
}

fn choice<N: JsonNode>(node: &N) -> Choice {
    Choice {
        label: word(node, "label"),
        value: node.get("value").and_then(|inner| match inner.get("form") {
            Some(nested) => Some(ChoiceValue::Form { form: form(&nested) }),
            None => value(&inner).map(ChoiceValue::Plain),
        }),
        profile: node.get("profile").map(|inner| profile(&inner)),
        grace_period: node.get("gracePeriod").map(|inner| GracePeriod {
            expiry: text(&inner, "expiry"),
            remaining_skips: count(&inner, "remainingSkips"),
        }),
        methods: list(node, "methods", choice),
    }
}

fn authenticator(node: &impl JsonNode) -> Authenticator {
    Authenticator {
        key: word(node, "key"),
        kind: word(node, "type"),
        display_name: word(node, "displayName"),
        methods: list(node, "methods", |method| AuthenticatorMethod { kind: word(method, "type") }),
        profile: node.get("profile").map(|inner| profile(&inner)),
        settings: node.get("settings").map(|inner| settings(&inner)),
        contextual_data: node.get("contextualData").map(|inner| contextual_data(&inner)),
    }
}

fn enrollment(node: &impl JsonNode) -> Enrollment {
    Enrollment {
        key: word(node, "key"),
        kind: word(node, "type"),
        display_name: word(node, "displayName"),
        profile: node.get("profile").map(|inner| profile(&inner)),
        credential_id: text(node, "credentialId"),
    }
}

fn profile(node: &impl JsonNode) -> Profile {
    Profile { email: text(node, "email"), phone_number: text(node, "phoneNumber") }
}

fn settings(node: &impl JsonNode) -> AuthenticatorSettings {
    AuthenticatorSettings {
        complexity: node.get("complexity").map(|inner| complexity(&inner)),
        history_count: count(node, "historyCount"),
        days_to_expiry: count(node, "daysToExpiry"),
    }
}

fn complexity(node: &impl JsonNode) -> Complexity {
    let at_least = |key: &str| count(node, key).unwrap_or_default();
    Complexity {
        min_length: at_least("minLength"),
        min_lower_case: at_least("minLowerCase"),
        min_upper_case: at_least("minUpperCase"),
        min_number: at_least("minNumber"),
        min_symbol: at_least("minSymbol"),
        exclude_username: yes(node, "excludeUsername"),
        exclude_attributes: list(node, "excludeAttributes", JsonNode::text).into_iter().flatten().collect(),
        max_consecutive_repeating_characters: count(node, "maxConsecutiveRepeatingCharacters"),
    }
}

fn contextual_data(node: &impl JsonNode) -> ContextualData {
    ContextualData {
        qrcode: node.get("qrcode").map(|inner| QrCode { href: word(&inner, "href") }),
        shared_secret: text(node, "sharedSecret"),
        correct_answer: text(node, "correctAnswer"),
        selected_channel: text(node, "selectedChannel"),
        email: text(node, "email"),
        phone_number: text(node, "phoneNumber"),
        use_email_magic_link: node.get("useEmailMagicLink").and_then(|inner| inner.flag()),
        questions: list(node, "questions", question),
        enrolled_question: node.get("enrolledQuestion").map(|inner| question(&inner)),
        activation_data: node.get("activationData").and_then(|inner| value(&inner)),
        challenge_data: node.get("challengeData").and_then(|inner| value(&inner)),
        device_challenge: node.get("deviceChallenge").and_then(|inner| value(&inner)),
    }
}

fn question(node: &impl JsonNode) -> Question {
    Question { question_key: word(node, "questionKey"), question: word(node, "question") }
}

fn message(node: &impl JsonNode) -> Message {
    Message {
        class: match text(node, "class").as_deref() {
            Some("ERROR") => MessageClass::Error,
            Some("WARNING") => MessageClass::Warning,
            _ => MessageClass::Info,
        },
        message: word(node, "message"),
        i18n: node.get("i18n").map(|inner| I18n {
            key: word(&inner, "key"),
            params: list(&inner, "params", value).into_iter().flatten().collect(),
        }),
        links: list(node, "links", |link| MessageLink { url: word(link, "url"), label: text(link, "label") }),
        device_call: node.get("deviceCall").and_then(|call| value(&call)),
    }
}

fn feature(node: &impl JsonNode) -> Option<Feature> {
    match node.text()?.as_str() {
        "recover-password" => Some(Feature::RecoverPassword),
        "enroll-profile" => Some(Feature::EnrollProfile),
        "redirect-idp" => Some(Feature::RedirectIdp),
        "unlock-account" => Some(Feature::UnlockAccount),
        _ => None,
    }
}

/// The largest whole number that a JSON number of the browser holds exactly.
const EXACT: f64 = 9_007_199_254_740_991.0;

fn value(node: &impl JsonNode) -> Option<Value> {
    if let Some(flag) = node.flag() {
        return Some(Value::Bool(flag));
    }
    if let Some(number) = node.number() {
        let whole = number.fract() == 0.0 && number.abs() <= EXACT;
        return Some(if whole { Value::Integer(number as i64) } else { Value::Number(number) });
    }
    if let Some(text) = node.text() {
        return Some(Value::Text(text));
    }
    match node.items() {
        Some(items) => Some(Value::List(items.iter().filter_map(value).collect())),
        None => node.members().map(|_| Value::Object(user(node))),
    }
}

fn text(node: &impl JsonNode, key: &str) -> Option<String> {
    node.get(key)?.text()
}

fn word(node: &impl JsonNode, key: &str) -> String {
    text(node, key).unwrap_or_default()
}

fn yes(node: &impl JsonNode, key: &str) -> bool {
    node.get(key).and_then(|inner| inner.flag()).unwrap_or_default()
}

fn count(node: &impl JsonNode, key: &str) -> Option<u32> {
    node.get(key)?.number().map(|number| number as u32)
}

fn list<N: JsonNode, T>(node: &N, key: &str, read: impl Fn(&N) -> T) -> Vec<T> {
    node.get(key).and_then(|inner| inner.items()).unwrap_or_default().iter().map(read).collect()
}

#[cfg(test)]
#[path = "read_contract_tests.rs"]
mod tests;
