//! Collects the answer of a form from its fields.

use crate::flow::field::{Control, Field};
use crate::text::{Phrase, Wording};
use latchkey_contract::{Value, Values};

/// The errors that the page found, by field id.
pub(crate) type InputErrors = Vec<(String, Wording)>;

/// Returns the text of a field.
pub(crate) type Typed<'a> = &'a dyn Fn(&str) -> String;

/// The answer, and the errors that prevent sending it.
#[derive(Default)]
pub(crate) struct FormAnswers {
    pub(crate) values: Values,
    pub(crate) errors: InputErrors,
    /// Whether a value is still being made, after which the form is sent.
    pub(crate) is_pending: bool,
}

/// Collects the answers of all these fields. `take_late` collects those of controls in the late part.
pub(crate) fn collect(
    fields: &[Field],
    typed: Typed<'_>,
    take_late: fn(&Field, Typed<'_>, &mut FormAnswers),
) -> FormAnswers {
    let mut answers = FormAnswers::default();
    take_all(fields, typed, take_late, &mut answers);
    answers
}

/// Collects the answers of these fields and of their groups.
pub(super) fn take_all(
    fields: &[Field],
    typed: Typed<'_>,
    take_late: fn(&Field, Typed<'_>, &mut FormAnswers),
    answers: &mut FormAnswers,
) {
    for field in fields {
        let words = typed(&field.id());
        let value = match &field.control {
            Control::Group(inner) => {
                take_all(inner, typed, take_late, answers);
                continue;
            }
            Control::Fixed(value) => Some(value.clone()),
            Control::Checkbox => Some(Value::Bool(words == "true")),
            Control::Password => non_empty(&words),
            Control::Text(_) if !field.is_late() => non_empty(words.trim()),
            Control::Text(_)
            | Control::NewPassword(_)
            | Control::Code(_)
            | Control::Phone
            | Control::Captcha
            | Control::Radios(_)
            | Control::Select(_)
            | Control::Forms(_) => {
                take_late(field, typed, answers);
                continue;
            }
        };
        answers.add(field, value);
    }
}

impl FormAnswers {
    /// Adds the value of a field, or an error if it is missing.
    pub(super) fn add(&mut self, field: &Field, value: Option<Value>) {
        match value {
            Some(value) => put(&mut self.values, &field.path, value),
            None if field.required => self.errors.push((field.id(), Wording::Ours(Phrase::Needed))),
            None => {}
        }
    }
}

/// Text as a value; empty text is none.
pub(super) fn non_empty(words: &str) -> Option<Value> {
    (!words.is_empty()).then(|| words.into())
}

fn put(values: &mut Values, path: &[String], value: Value) {
    match path {
        [] => {}
        [name] => {
            values.insert(name.clone(), value);
        }
        [name, rest @ ..] => {
            if !values.contains_key(name) {
                values.insert(name.clone(), Value::Object(Values::new()));
            }
            if let Some(Value::Object(inner)) = values.get_mut(name) {
                put(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::collect_late::{take, too_short};
    use super::*;
    use crate::flow::field::{SelectOption, fields};
    use latchkey_contract::{AuthenticatorSettings, Choice, ChoiceValue, Form, Input, InputKind};

    fn input(name: &str) -> Input {
        Input { name: name.into(), required: true, ..Input::default() }
    }

    fn answers(inputs: &[Input], typed: &[(&str, &str)]) -> Result<Values, InputErrors> {
        let rules = AuthenticatorSettings::default();
        let typed = |id: &str| {
            typed
                .iter()
                .find(|(name, _)| *name == id)
                .map(|(_, words)| (*words).to_owned())
                .unwrap_or_default()
        };
        result(collect(&fields(inputs, Some(&rules)), &typed, take))
    }

    fn result(answers: FormAnswers) -> Result<Values, InputErrors> {
        if answers.errors.is_empty() { Ok(answers.values) } else { Err(answers.errors) }
    }

    fn sent(inputs: &[Input], typed: &[(&str, &str)]) -> String {
        crate::values::json(&answers(inputs, typed).unwrap())
    }

    #[test]
    fn the_token_of_a_captcha_is_waited_for_and_sent_with_its_id() {
        let id = Input { mutable: Some(false), value: Some("cap1".into()), ..input("captchaId") };
        let token = Input { visible: Some(false), ..input("captchaToken") };
        let verify = Input { form: Some(Form { value: vec![id, token] }), ..input("captchaVerify") };
        let fields = fields(&[input("username"), verify], None);
        let typed =
            |token: &'static str| move |id: &str| if id == "username" { "mary" } else { token }.to_owned();
        let waiting = collect(&fields, &typed(""), take);
        assert!(waiting.is_pending && waiting.errors.is_empty());
        let made = collect(&fields, &typed("P1"), take);
        assert!(!made.is_pending);
        let sent = r#"{"captchaVerify":{"captchaId":"cap1","captchaToken":"P1"},"username":"mary"}"#;
        assert_eq!(crate::values::json(&made.values), sent);
        let incomplete = collect(&fields, &|_: &str| String::new(), take);
        assert_eq!(incomplete.errors, [("username".to_owned(), Wording::Ours(Phrase::Needed))]);
    }

    #[test]
    fn an_empty_required_field_is_an_error() {
        let optional = Input { required: false, ..input("nickname") };
        assert_eq!(
            answers(&[input("username"), optional.clone()], &[]).err(),
            Some(vec![("username".into(), Wording::Ours(Phrase::Needed))])
        );
        assert_eq!(sent(&[input("username"), optional], &[("username", " mary ")]), r#"{"username":"mary"}"#);
    }

    #[test]
    fn two_different_passwords_are_an_error() {
        let typed = [("password", "Correct-Horse-9"), ("password-again", "Correct-Horse-8")];
        assert_eq!(
            answers(&[input("password")], &typed).err(),
            Some(vec![("password-again".into(), Wording::Ours(Phrase::PasswordsDiffer))])
        );
    }

    #[test]
    fn a_password_keeps_spaces_and_a_code_loses_them() {
        let typed = [("password", " a b "), ("password-again", " a b "), ("verificationCode", "123 456 ")];
        assert_eq!(
            sent(&[input("password"), input("verificationCode")], &typed),
            r#"{"password":" a b ","verificationCode":"123456"}"#
        );
    }

    #[test]
    fn a_code_with_letters_is_sent_in_capitals() {
        let code = Input { kind: InputKind::Alphanumeric, ..input("verificationCode") };
        assert_eq!(
            sent(&[code], &[("verificationCode", " ab3d efg7 ")]),
            r#"{"verificationCode":"AB3DEFG7"}"#
        );
    }

    #[test]
    fn a_text_shorter_than_the_org_accepts_is_an_error() {
        let code = Input {
            kind: InputKind::Alphanumeric,
            min_length: Some(4),
            max_length: Some(4),
            ..input("verificationCode")
        };
        let badge = Input { min_length: Some(3), required: false, ..input("badge") };
        let inputs = [code, badge];
        let short = |id: &str, least| vec![(id.to_owned(), too_short(least))];
        let typed = |code, badge| [("verificationCode", code), ("badge", badge)];
        assert_eq!(answers(&inputs, &typed("ab-c", "née")).err(), Some(short("verificationCode", 4)));
        assert_eq!(answers(&inputs, &typed("abcd", " né ")).err(), Some(short("badge", 3)));
        assert_eq!(sent(&inputs, &typed("ab-cd", "")), r#"{"verificationCode":"ABCD"}"#);
    }

    #[test]
    fn a_checkbox_always_has_a_value() {
        let switch = Input { kind: InputKind::Boolean, ..input("rememberMe") };
        assert_eq!(sent(&[switch], &[]), r#"{"rememberMe":false}"#);
    }

    #[test]
    fn numbers_are_sent_as_numbers() {
        let age = Input { kind: InputKind::Integer, ..input("age") };
        assert_eq!(sent(&[age], &[("age", "42")]), r#"{"age":42}"#);
    }

    #[test]
    fn a_nested_form_is_sent_nested_with_its_fixed_values() {
        let fixed = Input { mutable: Some(false), value: Some("aut1".into()), ..input("id") };
        let form = Form { value: vec![fixed, input("channel")] };
        let outer = Input { kind: InputKind::Object, form: Some(form), ..input("authenticator") };
        assert_eq!(
            sent(&[outer], &[("authenticator.channel", "sms")]),
            r#"{"authenticator":{"channel":"sms","id":"aut1"}}"#
        );
    }

    #[test]
    fn only_the_chosen_nested_form_is_sent() {
        let choice = |label: &str, name: &str| Choice {
            label: label.into(),
            value: Some(ChoiceValue::Form { form: Form { value: vec![input(name)] } }),
            ..Choice::default()
        };
        let outer = Input { options: vec![choice("One", "a"), choice("Two", "b")], ..input("credentials") };
        assert_eq!(
            sent(&[outer], &[("credentials", "1"), ("credentials.b", "x")]),
            r#"{"credentials":{"b":"x"}}"#
        );
    }

    #[test]
    fn a_choice_sends_its_value_and_not_its_label() {
        let option = |label: &str, value: Value| SelectOption {
            label: Wording::Org(label.into()),
            value,
            target: None,
            grace: None,
        };
        let field = Field {
            path: vec!["consent".into()],
            label: Wording::Org("Consent".into()),
            required: true,
            min_length: None,
            control: Control::Radios(vec![option("Allow", true.into()), option("Deny", false.into())]),
            start: String::new(),
        };
        let values = result(collect(core::slice::from_ref(&field), &|_| "1".to_owned(), take)).unwrap();
        assert_eq!(crate::values::json(&values), r#"{"consent":false}"#);

        let both = Values::from([("consent".to_owned(), true.into()), ("scope".to_owned(), "mail".into())]);
        let field = Field { control: Control::Radios(vec![option("Mail", Value::Object(both))]), ..field };
        let values = result(collect(&[field], &|_| "0".to_owned(), take)).unwrap();
        assert_eq!(crate::values::json(&values), r#"{"consent":true,"scope":"mail"}"#);
    }
}
