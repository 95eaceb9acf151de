//! From what was typed to what is sent.

use super::phone_number;
use crate::decimal;
use crate::flow::field::{Control, Field, SelectOption, TextKind};
use crate::text::Phrase;
use latchkey_contract::{Value, Values};

/// What the page found wrong, by field id.
pub(crate) type InputErrors = Vec<(String, Phrase)>;

/// The answers, or what keeps them from being sent. `typed` gives what stands in a field.
pub(crate) fn collect(fields: &[Field], typed: &impl Fn(&str) -> String) -> Result<Values, InputErrors> {
    let mut values = Values::new();
    let mut errors = InputErrors::new();
    for field in fields {
        take(field, typed, &mut values, &mut errors);
    }
    if errors.is_empty() { Ok(values) } else { Err(errors) }
}

/// The id of the second field of a new password.
pub(crate) fn again(id: &str) -> String {
    format!("{id}-again")
}

/// The id of a phone number's country.
pub(crate) fn country(id: &str) -> String {
    format!("{id}-country")
}

fn take(field: &Field, typed: &impl Fn(&str) -> String, values: &mut Values, errors: &mut InputErrors) {
    let id = field.id();
    let words = typed(&id);
    let value = match &field.control {
        Control::Fixed(value) => Some(value.clone()),
        Control::Group(inner) => {
            return inner.iter().for_each(|field| take(field, typed, values, errors));
        }
        Control::Forms(forms) => {
            let chosen = words.parse().unwrap_or(0);
            let inner = forms.get(chosen).map(|(_, inner)| inner.as_slice()).unwrap_or_default();
            return inner.iter().for_each(|field| take(field, typed, values, errors));
        }
        Control::Switch => Some(Value::Bool(words == "true")),
        Control::Radios(options) | Control::List(options) => chosen(options, &words),
        Control::NewPassword(_) => {
            if words != typed(&again(&id)) {
                errors.push((again(&id), Phrase::PasswordsDiffer));
            }
            some(&words)
        }
        Control::Phone => some(&phone_number::international(&typed(&country(&id)), &words)),
        // A code is read aloud and typed in groups.
        Control::Code => some(&words.split_whitespace().collect::<String>()),
        Control::Password => some(&words),
        Control::Text(TextKind::Number) => {
            decimal::read(words.trim()).map(Value::Number).or_else(|| some(&words))
        }
        Control::Text(TextKind::Whole) => {
            words.trim().parse().ok().map(Value::Integer).or_else(|| some(&words))
        }
        Control::Text(_) => some(words.trim()),
    };
    match value {
        Some(value) => put(values, &field.path, value),
        None if field.required => errors.push((id, Phrase::Needed)),
        None => {}
    }
}

fn some(words: &str) -> Option<Value> {
    (!words.is_empty()).then(|| words.into())
}

fn chosen(options: &[SelectOption], words: &str) -> Option<Value> {
    options.get(words.parse::<usize>().ok()?).map(|option| option.value.clone())
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
    use super::*;
    use crate::flow::field::{Label, fields};
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
        collect(&fields(inputs, Some(&rules)), &typed)
    }

    fn sent(inputs: &[Input], typed: &[(&str, &str)]) -> String {
        crate::values::json(&answers(inputs, typed).unwrap())
    }

    #[test]
    fn what_is_required_and_empty_is_not_sent() {
        let optional = Input { required: false, ..input("nickname") };
        assert_eq!(
            answers(&[input("username"), optional.clone()], &[]).err(),
            Some(vec![("username".into(), Phrase::Needed)])
        );
        assert_eq!(sent(&[input("username"), optional], &[("username", " mary ")]), r#"{"username":"mary"}"#);
    }

    #[test]
    fn two_passwords_that_differ_are_not_sent() {
        let typed = [("password", "Correct-Horse-9"), ("password-again", "Correct-Horse-8")];
        assert_eq!(
            answers(&[input("password")], &typed).err(),
            Some(vec![("password-again".into(), Phrase::PasswordsDiffer)])
        );
    }

    #[test]
    fn a_password_keeps_its_spaces_and_a_code_loses_them() {
        let typed = [("password", " a b "), ("password-again", " a b "), ("verificationCode", "123 456 ")];
        assert_eq!(
            sent(&[input("password"), input("verificationCode")], &typed),
            r#"{"password":" a b ","verificationCode":"123456"}"#
        );
    }

    #[test]
    fn a_switch_is_always_answered() {
        let switch = Input { kind: InputKind::Boolean, ..input("rememberMe") };
        assert_eq!(sent(&[switch], &[]), r#"{"rememberMe":false}"#);
    }

    #[test]
    fn numbers_are_sent_as_numbers() {
        let age = Input { kind: InputKind::Integer, ..input("age") };
        assert_eq!(sent(&[age], &[("age", "42")]), r#"{"age":42}"#);
    }

    #[test]
    fn a_nested_form_is_sent_nested_with_what_the_org_fixed() {
        let fixed = Input { mutable: Some(false), value: Some("aut1".into()), ..input("id") };
        let form = Form { value: vec![fixed, input("channel")] };
        let outer = Input { kind: InputKind::Object, form: Some(form), ..input("authenticator") };
        assert_eq!(
            sent(&[outer], &[("authenticator.channel", "sms")]),
            r#"{"authenticator":{"channel":"sms","id":"aut1"}}"#
        );
    }

    #[test]
    fn of_several_little_forms_only_the_chosen_one_is_sent() {
        let choice = |label: &str, name: &str| Choice {
            label: label.into(),
            value: Some(ChoiceValue::Form { form: Form { value: vec![input(name)] } }),
        };
        let outer = Input { options: vec![choice("One", "a"), choice("Two", "b")], ..input("credentials") };
        assert_eq!(
            sent(&[outer], &[("credentials", "1"), ("credentials.b", "x")]),
            r#"{"credentials":{"b":"x"}}"#
        );
    }

    #[test]
    fn a_choice_sends_its_value_and_not_its_label() {
        let option = |label: &str, value: Value| SelectOption { label: Label::Org(label.into()), value };
        let field = Field {
            path: vec!["consent".into()],
            label: Label::Org("Consent".into()),
            required: true,
            control: Control::Radios(vec![option("Allow", true.into()), option("Deny", false.into())]),
            start: String::new(),
        };
        let values = collect(&[field], &|_| "1".to_owned()).unwrap();
        assert_eq!(crate::values::json(&values), r#"{"consent":false}"#);
    }
}
