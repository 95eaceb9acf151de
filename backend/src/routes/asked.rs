//! What may be answered: the words of the guides, and what the step asks for.

use crate::{problem::ApiError, translate};
use latchkey_contract::{Value, Values};
use latchkey_idx::{Chosen, Flow, Input, Step, Transaction};

/// What a word of the guides takes.
#[derive(Clone, Copy)]
enum Takes {
    Text,
    Flag,
    /// Yes, and nothing else: to say no is to leave it out.
    Yes,
    /// A name, or an object that spells out what is chosen.
    Choice,
}

/// The words that the guides answer with. One call may answer several steps, so each is taken at any step.
const WORDS: [(&str, Takes); 34] = [
    ("answer", Takes::Text),
    ("attestation", Takes::Text),
    ("authenticator", Takes::Choice),
    ("authenticatorData", Takes::Text),
    ("authenticators", Takes::Choice),
    ("channel", Takes::Text),
    ("clientData", Takes::Text),
    ("consent", Takes::Flag),
    ("country", Takes::Text),
    ("credentials", Takes::Choice),
    ("email", Takes::Text),
    ("firstName", Takes::Text),
    ("identifier", Takes::Text),
    ("lastName", Takes::Text),
    ("methodType", Takes::Text),
    ("newPassword", Takes::Text),
    ("otp", Takes::Text),
    ("passcode", Takes::Text),
    ("password", Takes::Text),
    ("phoneFactor", Takes::Text),
    ("phoneNumber", Takes::Text),
    ("question", Takes::Text),
    ("questionKey", Takes::Text),
    ("rememberMe", Takes::Flag),
    ("resend", Takes::Yes),
    ("revokeSessions", Takes::Flag),
    ("signatureData", Takes::Text),
    ("skip", Takes::Yes),
    ("step", Takes::Text),
    ("transports", Takes::Choice),
    ("userProfile", Takes::Choice),
    ("username", Takes::Text),
    ("verification", Takes::Text),
    ("verificationCode", Takes::Text),
];

/// Refuses what nobody asks for here.
pub(super) fn check(values: &Values, transaction: &Transaction) -> Result<(), ApiError> {
    check_types(values)?;
    let steps = || transaction.next_step.iter().chain(&transaction.available_steps);
    match values.keys().find(|name| word(name).is_none() && !steps().any(|step| asks(step, name))) {
        Some(stray) => Err(ApiError::invalid(format!("`{}` was not asked for", shown(stray)))),
        None => Ok(()),
    }
}

/// Refuses a word of the guides with a value that it cannot have.
pub(super) fn check_types(values: &Values) -> Result<(), ApiError> {
    for (name, value) in values {
        let wanted = match (word(name), value) {
            (Some(Takes::Text), Value::Text(_))
            | (Some(Takes::Flag), Value::Bool(_))
            | (Some(Takes::Yes), Value::Bool(true))
            | (Some(Takes::Choice), Value::Text(_) | Value::Object(_) | Value::List(_))
            | (None, _) => continue,
            (Some(Takes::Text), _) => "a string",
            (Some(Takes::Flag), _) => "true or false",
            (Some(Takes::Yes), _) => "true",
            (Some(Takes::Choice), _) => "a string, a list or an object",
        };
        return Err(ApiError::invalid(format!("`{name}` is not {wanted}")));
    }
    Ok(())
}

/// Refuses everything.
pub(super) fn nothing(values: &Values) -> Result<(), ApiError> {
    match values.keys().next() {
        Some(stray) => Err(ApiError::invalid(format!("`{}` was not asked for", shown(stray)))),
        None => Ok(()),
    }
}

/// Whether a page shows the same for both. How often to ask again may differ from one answer of the org to the next.
pub(super) fn same(before: &Flow, after: &Flow) -> bool {
    let shown = |flow: &Flow| {
        let mut shown = translate::transaction(String::new(), &flow.transaction());
        if let Some(step) = &mut shown.next_step {
            step.poll = None;
        }
        (shown.status, shown.next_step, shown.messages)
    };
    shown(before) == shown(after)
}

fn word(name: &str) -> Option<Takes> {
    WORDS.iter().find(|(word, _)| *word == name).map(|(_, takes)| *takes)
}

fn asks(step: &Step, name: &str) -> bool {
    step.inputs.iter().any(|input| names(input, name))
}

fn names(input: &Input, name: &str) -> bool {
    let in_choice = |chosen: &Chosen| match chosen {
        Chosen::Inputs(inputs) => inputs.iter().any(|input| names(input, name)),
        Chosen::Value(_) | Chosen::Nothing => false,
    };
    input.name == name
        || input.inputs.iter().any(|input| names(input, name))
        || input.options.iter().any(|choice| in_choice(&choice.value))
}

/// A name from outside, short and harmless in a log.
fn shown(name: &str) -> String {
    name.chars().filter(|letter| letter.is_ascii_graphic()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::{WORDS, check_types, nothing};
    use latchkey_contract::{Value, Values};

    #[test]
    fn the_words_are_sorted_and_none_is_there_twice() {
        assert!(WORDS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn a_word_takes_its_own_kind_of_value_only() {
        let one = |name: &str, value| Values::from([(name.to_owned(), value)]);
        assert!(check_types(&one("password", "x".into())).is_ok());
        assert!(check_types(&one("password", Value::Integer(1))).is_err());
        assert!(check_types(&one("username", Value::List(vec![]))).is_err());
        assert!(check_types(&one("skip", true.into())).is_ok());
        assert!(check_types(&one("skip", false.into())).is_err());
        assert!(check_types(&one("rememberMe", "yes".into())).is_err());
        assert!(check_types(&one("favouriteColour", Value::Integer(1))).is_ok());
        assert!(nothing(&one("anything", true.into())).is_err());
        assert!(nothing(&Values::new()).is_ok());
    }
}
