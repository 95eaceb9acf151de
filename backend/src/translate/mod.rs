//! Translates between the types of `idx` and of the contract: the only folder that uses both.
//!
//! Each field is translated by name. Fields that are not named here stay on the server.

pub mod account;
mod device;
mod display_name;
mod elsewhere;
mod session_account;
mod verification_terms;

pub use elsewhere::{duo_frame, way_out};
pub use session_account::{beside_session, username};

use display_name::display_name;
use elsewhere::{href, idp, terms};
use latchkey_contract as contract;
use latchkey_contract::{ChoiceValue, InputKind, Value, Values};
use latchkey_idx as idx;
use serde_json::{Map, Number};
use verification_terms::is_secure;

const OF_THE_TOKEN: [&str; 13] =
    ["aud", "at_hash", "azp", "c_hash", "cid", "exp", "iat", "iss", "jti", "nbf", "nonce", "sid", "ver"];

/// An answer for the client of `idx`.
pub fn answer(values: Values) -> idx::Answer {
    values.into_iter().map(|(name, value)| from_guide(name, value)).collect()
}

/// The transaction for the page, under the name that it sends back.
pub fn transaction(name: String, transaction: &idx::Transaction) -> contract::Transaction {
    let step = |step: &idx::Step| self::step(&name, step);
    contract::Transaction {
        next_step: transaction.next_step.as_ref().map(step),
        available_steps: transaction.available_steps.iter().map(step).collect(),
        transaction: name.clone(),
        status: match transaction.status {
            idx::Status::Pending => contract::Status::Pending,
            idx::Status::Success => contract::Status::Success,
            idx::Status::Terminal => contract::Status::Terminal,
            idx::Status::Canceled => contract::Status::Canceled,
        },
        captcha: transaction.captcha.as_ref().and_then(captcha),
        user: transaction.user.as_ref().map(user_of_flow),
        signed_in: None,
        step_up: None,
        app: transaction.app.clone().unwrap_or_default(),
        enabled_features: transaction.enabled_features.iter().map(feature).collect(),
        messages: device::left_device(transaction)
            .into_iter()
            .chain(device::set_up(transaction))
            .chain(transaction.messages.iter().map(message))
            .collect(),
    }
}

/// A CAPTCHA of another type is ignored, as Okta's widget ignores it.
fn captcha(captcha: &idx::Captcha) -> Option<contract::Captcha> {
    let kind = match captcha.kind {
        idx::CaptchaType::Altcha => contract::CaptchaMethod::Altcha,
        idx::CaptchaType::Hcaptcha => contract::CaptchaMethod::Hcaptcha,
        idx::CaptchaType::RecaptchaV2 => contract::CaptchaMethod::RecaptchaV2,
        idx::CaptchaType::Other(_) => return None,
    };
    Some(contract::Captcha { kind, id: captcha.id.clone(), site_key: captcha.site_key.clone() })
}

fn user_of_flow(user: &idx::FlowUser) -> contract::IdentifiedUser {
    contract::IdentifiedUser {
        identifier: user.identifier.clone(),
        first_name: user.first_name.clone(),
        last_name: user.last_name.clone(),
    }
}

/// The transaction of a person who is signed in. With an address its next step is to go there (`success-redirect`).
pub fn signed_in(transaction: contract::Transaction, address: Option<String>) -> contract::Transaction {
    let next_step = address.map(|address| contract::Step {
        name: "success-redirect".to_owned(),
        href: Some(address),
        ..contract::Step::default()
    });
    contract::Transaction {
        status: contract::Status::Success,
        next_step,
        available_steps: Vec::new(),
        enabled_features: Vec::new(),
        ..transaction
    }
}

/// The transaction of a flow that has ended with this error.
pub fn ended(transaction: contract::Transaction, text: &str) -> contract::Transaction {
    let error = contract::Message {
        class: contract::MessageClass::Error,
        message: text.to_owned(),
        ..contract::Message::default()
    };
    contract::Transaction {
        status: contract::Status::Terminal,
        next_step: None,
        available_steps: Vec::new(),
        enabled_features: Vec::new(),
        messages: vec![error],
        ..transaction
    }
}

/// The claims about the person, without those about the token.
pub fn user(claims: &Map<String, serde_json::Value>) -> contract::User {
    let of_the_person = claims.iter().filter(|(name, _)| !OF_THE_TOKEN.contains(&name.as_str()));
    of_the_person.filter_map(|(name, claim)| Some((name.clone(), value(claim)?))).collect()
}

/// Our name and value for those that only one of Okta's guides has: `verification`, `phoneFactor` with a method in capitals, and
/// the authenticators `phone` and `email`.
fn from_guide(name: String, value: Value) -> (String, serde_json::Value) {
    match (name.as_str(), value) {
        ("verification", value) => ("verificationCode".to_owned(), json(value)),
        ("phoneFactor", Value::Text(method)) => ("methodType".to_owned(), method.to_ascii_lowercase().into()),
        ("phoneFactor", value) => ("methodType".to_owned(), json(value)),
        ("authenticator", Value::Text(key)) => {
            let key = match key.as_str() {
                "phone" => "phone_number",
                "email" => "okta_email",
                key => key,
            };
            (name, key.into())
        }
        (_, value) => (name, json(value)),
    }
}

fn json(value: Value) -> serde_json::Value {
    match value {
        Value::Bool(flag) => flag.into(),
        Value::Integer(number) => number.into(),
        Value::Number(number) => Number::from_f64(number).map_or(serde_json::Value::Null, Into::into),
        Value::Text(text) => text.into(),
        Value::List(list) => list.into_iter().map(json).collect(),
        Value::Object(object) => object.into_iter().map(|(name, value)| (name, json(value))).collect(),
    }
}

fn value(value: &serde_json::Value) -> Option<Value> {
    Some(match value {
        serde_json::Value::Null => return None,
        serde_json::Value::Bool(flag) => Value::Bool(*flag),
        serde_json::Value::Number(number) => self::number(number),
        serde_json::Value::String(text) => Value::Text(text.clone()),
        serde_json::Value::Array(list) => Value::List(list.iter().filter_map(self::value).collect()),
        serde_json::Value::Object(object) => Value::Object(
            object.iter().filter_map(|(name, member)| Some((name.clone(), self::value(member)?))).collect(),
        ),
    })
}

fn number(number: &Number) -> Value {
    number.as_i64().map_or_else(|| Value::Number(number.as_f64().unwrap_or_default()), Value::Integer)
}

/// The poll interval, of a step or of an available poll step.
fn poll(step: &idx::Step) -> Option<contract::Poll> {
    match &step.poll {
        Some(poll) => Some(contract::Poll { required: poll.required, refresh: poll.refresh.and_then(small) }),
        None if step.name.as_str().ends_with("-poll") => {
            step.refresh.map(|every| contract::Poll { required: true, refresh: small(every) })
        }
        None => None,
    }
}

fn step(name: &str, step: &idx::Step) -> contract::Step {
    contract::Step {
        name: step.name.as_str().to_owned(),
        kind: step.kind.clone(),
        authenticator: step.authenticator.as_ref().map(authenticator),
        authenticator_enrollments: step.enrollments.iter().map(enrollment).collect(),
        can_skip: step.can_skip,
        can_resend: step.can_resend,
        poll: poll(step),
        idp: step.idp.as_ref().map(idp),
        consent: step.consent.as_ref().map(consent).or_else(|| step.idp.as_ref().and_then(terms)),
        href: href(name, step),
        inputs: step.inputs.iter().map(input).collect(),
    }
}

fn input(input: &idx::Input) -> contract::Input {
    contract::Input {
        name: input.name.clone(),
        label: input.label.clone(),
        description: input.description.clone(),
        kind: match input.kind {
            idx::InputType::Text => InputKind::String,
            idx::InputType::Boolean => InputKind::Boolean,
            idx::InputType::Number => InputKind::Number,
            idx::InputType::Integer => InputKind::Integer,
            idx::InputType::Date => InputKind::Date,
            idx::InputType::Alphanumeric => InputKind::Alphanumeric,
            idx::InputType::Object => InputKind::Object,
        },
        required: input.required,
        secret: input.secret,
        typed_once: false,
        visible: (!input.visible).then_some(false),
        mutable: (!input.mutable).then_some(false),
        value: input.value.as_ref().map(scalar),
        options: input.options.iter().map(|option| choice(option, &input.options)).collect(),
        form: form(&input.inputs),
        min_length: input.min_length.and_then(small),
        max_length: input.max_length.and_then(small),
        messages: input.messages.iter().map(message).collect(),
    }
}

fn form(inputs: &[idx::Input]) -> Option<contract::Form> {
    (!inputs.is_empty()).then(|| contract::Form { value: inputs.iter().map(input).collect() })
}

/// One of the choices. Authenticators that share a key, such as two apps of a company, get their ids.
fn choice(choice: &idx::Choice, all: &[idx::Choice]) -> contract::Choice {
    let shares_key = |other: &idx::Choice| other.value == choice.value && other.id != choice.id;
    let id = choice.id.as_ref().filter(|_| all.iter().any(shares_key));
    contract::Choice {
        label: choice.label.clone().unwrap_or_default(),
        value: match &choice.value {
            idx::OptionValue::Value(_) if let Some(id) = id => Some(ChoiceValue::Plain(id.as_str().into())),
            idx::OptionValue::Value(value) => Some(ChoiceValue::Plain(scalar(value))),
            idx::OptionValue::Inputs(inputs) => form(inputs).map(|form| ChoiceValue::Form { form }),
            idx::OptionValue::Nothing => None,
        },
        profile: profile(&choice.profile),
        grace_period: choice.grace_period.as_ref().map(|period| contract::GracePeriod {
            expiry: period.expiry.clone(),
            remaining_skips: period.remaining_skips.and_then(small),
        }),
        methods: methods(choice),
    }
}

/// The methods of Okta Verify. Those of a phone are on a page of their own, as Okta's guides draw it.
fn methods(authenticator: &idx::Choice) -> Vec<contract::Choice> {
    let is_okta_verify = matches!(&authenticator.value, idx::OptionValue::Value(idx::Scalar::Text(key)) if key == "okta_verify");
    match authenticator.methods.as_slice() {
        several @ [_, _, ..] if is_okta_verify => several.iter().map(|method| choice(method, &[])).collect(),
        _ => Vec::new(),
    }
}

fn authenticator(authenticator: &idx::Authenticator) -> contract::Authenticator {
    contract::Authenticator {
        key: key(authenticator),
        kind: authenticator.kind.clone().unwrap_or_default(),
        display_name: display_name(authenticator),
        methods: authenticator
            .methods
            .iter()
            .map(|method| contract::AuthenticatorMethod { kind: method.as_str().to_owned() })
            .collect(),
        profile: profile(&authenticator.profile),
        settings: authenticator.settings.as_ref().map(settings),
        contextual_data: contextual_data(&authenticator.context),
    }
}

fn enrollment(enrolled: &idx::Authenticator) -> contract::Enrollment {
    contract::Enrollment {
        key: key(enrolled),
        kind: enrolled.kind.clone().unwrap_or_default(),
        display_name: display_name(enrolled),
        profile: profile(&enrolled.profile),
        credential_id: enrolled.credential_id.clone(),
    }
}

fn key(authenticator: &idx::Authenticator) -> String {
    authenticator.key.as_ref().map_or_else(String::new, |key| key.as_str().to_owned())
}

fn profile(profile: &idx::Profile) -> Option<contract::Profile> {
    let known =
        contract::Profile { email: profile.email.clone(), phone_number: profile.phone_number.clone() };
    (known != contract::Profile::default()).then_some(known)
}

fn settings(rules: &idx::PasswordRequirements) -> contract::AuthenticatorSettings {
    let count = |count| small(count).unwrap_or(u32::MAX);
    contract::AuthenticatorSettings {
        complexity: Some(contract::Complexity {
            min_length: count(rules.min_length),
            min_lower_case: count(rules.min_lower_case),
            min_upper_case: count(rules.min_upper_case),
            min_number: count(rules.min_number),
            min_symbol: count(rules.min_symbol),
            exclude_username: rules.exclude_username,
            exclude_attributes: rules.exclude_attributes.clone(),
            max_consecutive_repeating_characters: rules.max_consecutive_repeating_characters.and_then(small),
        }),
        history_count: (rules.history_count > 0).then(|| count(rules.history_count)),
        days_to_expiry: rules.days_to_expiry.and_then(small),
    }
}

fn contextual_data(context: &idx::AuthenticatorContext) -> Option<contract::ContextualData> {
    let shown = contract::ContextualData {
        // A picture from another server would reveal the sign-in to it, and the page's policy forbids it.
        qrcode: context
            .qr_code
            .as_ref()
            .map(|href| href.reveal().to_owned())
            .filter(|href| href.starts_with("data:image/"))
            .map(|href| contract::QrCode { href }),
        shared_secret: context.shared_secret.as_ref().map(|secret| secret.reveal().to_owned()),
        correct_answer: context.correct_answer.clone(),
        selected_channel: context.selected_channel.clone(),
        email: context.email.clone(),
        phone_number: context.phone_number.clone(),
        use_email_magic_link: context.email_link.then_some(true),
        questions: context.questions.iter().map(question).collect(),
        enrolled_question: context.enrolled_question.as_ref().map(question),
        activation_data: context.activation_data.as_ref().and_then(value),
        challenge_data: context.challenge_data.as_ref().and_then(value),
        device_challenge: context.device_challenge.as_ref().map(device::device_challenge),
    };
    (shown != contract::ContextualData::default()).then_some(shown)
}

fn question(question: &idx::SecurityQuestion) -> contract::Question {
    contract::Question { question_key: question.key.clone(), question: question.question.clone() }
}

fn consent(request: &idx::ConsentForm) -> contract::ConsentRequest {
    let scope = |scope: &idx::RequestedScope| contract::ConsentScope {
        label: scope.label.clone().unwrap_or_else(|| scope.name.clone()),
        description: scope.description.clone().unwrap_or_default(),
    };
    let detail = |detail: &idx::RequestDetail| contract::ConsentDetail {
        label: detail.label.clone().unwrap_or_default(),
        value: detail.value.clone(),
    };
    contract::ConsentRequest {
        app: request.app.clone().unwrap_or_default(),
        scopes: request.scopes.iter().map(scope).collect(),
        details: request.details.iter().map(detail).collect(),
    }
}

/// A link that is safe to follow. Any other is left out, and its message stays.
fn link(link: &idx::HelpLink) -> Option<contract::MessageLink> {
    is_secure(&link.url).then(|| contract::MessageLink { url: link.url.clone(), label: link.label.clone() })
}

fn message(message: &idx::Message) -> contract::Message {
    contract::Message {
        class: match &message.severity {
            Some(idx::Severity::Error) => contract::MessageClass::Error,
            Some(idx::Severity::Warning) => contract::MessageClass::Warning,
            Some(idx::Severity::Info | idx::Severity::Other(_)) | None => contract::MessageClass::Info,
        },
        message: device::text_of(message),
        i18n: message.key.as_ref().map(|key| contract::I18n {
            key: key.clone(),
            params: message.params.iter().map(scalar).collect(),
        }),
        links: message.links.iter().filter_map(link).collect(),
        device_call: message.device_call.as_ref().map(device::device_call),
    }
}

fn feature(feature: &idx::Feature) -> contract::Feature {
    match feature {
        idx::Feature::RecoverPassword => contract::Feature::RecoverPassword,
        idx::Feature::EnrollProfile => contract::Feature::EnrollProfile,
        idx::Feature::RedirectIdp => contract::Feature::RedirectIdp,
        idx::Feature::UnlockAccount => contract::Feature::UnlockAccount,
    }
}

fn scalar(scalar: &idx::Scalar) -> Value {
    match scalar {
        idx::Scalar::Text(text) => Value::Text(text.clone()),
        idx::Scalar::Boolean(flag) => Value::Bool(*flag),
        idx::Scalar::Number(number) => self::number(number),
    }
}

fn small(count: u64) -> Option<u32> {
    count.try_into().ok()
}

#[cfg(test)]
mod tests;
