//! Notes: messages about a step, of the org and of the page, above the form or beside a field.

use crate::text::{Phrase, Wording};
use latchkey_contract::{ChoiceValue, Input, Message, MessageClass, Step, Transaction};

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Note {
    pub(crate) class: MessageClass,
    pub(crate) words: Wording,
}

/// All messages about a step. A message beside a field is not repeated above the form.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Notes {
    pub(crate) above: Vec<Note>,
    /// By field id.
    pub(crate) beside: Vec<(String, Note)>,
}

impl Note {
    pub(crate) fn ours(class: MessageClass, phrase: Phrase) -> Self {
        Self { class, words: Wording::Ours(phrase) }
    }

    fn org(message: &Message) -> Self {
        Self { class: message.class, words: Wording::Message(message.clone()) }
    }

    fn is_about_pattern(&self) -> bool {
        match &self.words {
            Wording::Message(message) => {
                message.i18n.as_ref().is_some_and(|i18n| i18n.key.ends_with("Pattern"))
            }
            Wording::Ours(_) | Wording::Org(_) => false,
        }
    }

    /// The org's message, if it is more than a text.
    pub(crate) fn rich_message(&self) -> Option<&Message> {
        match &self.words {
            Wording::Message(message) if is_rich(message) => Some(message),
            _ => None,
        }
    }

    /// Whether the requested action is done. The org's class does not tell: it reports an unknown account as no error.
    pub(crate) fn tells_of_success(&self) -> bool {
        match &self.words {
            Wording::Ours(phrase) => {
                matches!(*phrase, Phrase::SignedOut | Phrase::CodeSentAgain | Phrase::SentAgain)
            }
            Wording::Org(_) => false,
            Wording::Message(message) => message.i18n.as_ref().is_some_and(|i18n| {
                matches!(
                    &*i18n.key,
                    "idx.recovery.completed"
                        | "idx.device.activated"
                        | "oie.selfservice.unlock_user.success.message"
                )
            }),
        }
    }
}

/// Whether a message is more than a text: it has links, or an app on the device can do what it asks for.
pub(super) fn is_rich(message: &Message) -> bool {
    !message.links.is_empty() || message.device_call.is_some()
}

impl Notes {
    pub(crate) fn is_empty(&self) -> bool {
        self.above.is_empty() && self.beside.is_empty()
    }

    /// Whether an answer was refused.
    pub(crate) fn object(&self) -> bool {
        !self.beside.is_empty() || self.above.iter().any(|note| note.class == MessageClass::Error)
    }

    /// The messages beside a field. If the org says what a value has to be, it is no news that it breaks a pattern.
    pub(crate) fn beside_field(&self, id: &str) -> Vec<&Note> {
        let mut notes: Vec<&Note> =
            self.beside.iter().filter(|(at, _)| at == id).map(|(_, note)| note).collect();
        if notes.len() > 1 {
            notes.retain(|note| !note.is_about_pattern());
        }
        notes
    }

    /// One message of our own, above the form.
    pub(crate) fn only(class: MessageClass, phrase: Phrase) -> Self {
        Self { above: vec![Note::ours(class, phrase)], beside: Vec::new() }
    }
}

/// The org's messages about `step` of this transaction.
pub(crate) fn notes(transaction: &Transaction, step: Option<&Step>) -> Notes {
    let mut beside = Vec::new();
    if let Some(step) = step {
        collect(&step.inputs, "", &mut beside);
    }
    let above = transaction
        .messages
        .iter()
        .filter(|message| !beside.iter().any(|(_, note): &(String, Note)| says(note, message)))
        .map(Note::org)
        .collect();
    Notes { above, beside }
}

fn collect(inputs: &[Input], above: &str, beside: &mut Vec<(String, Note)>) {
    for input in inputs {
        let id = if above.is_empty() { input.name.clone() } else { format!("{above}.{}", input.name) };
        beside.extend(input.messages.iter().map(|message| (id.clone(), Note::org(message))));
        let forms = input.options.iter().filter_map(|option| match &option.value {
            Some(ChoiceValue::Form { form }) => Some(form),
            Some(ChoiceValue::Plain(_)) | None => None,
        });
        for form in input.form.iter().chain(forms) {
            collect(&form.value, &id, beside);
        }
    }
}

fn says(note: &Note, message: &Message) -> bool {
    match &note.words {
        Wording::Message(notices) => notices.message == message.message,
        Wording::Ours(_) | Wording::Org(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::{Choice, Form, Status};

    fn error(words: &str) -> Message {
        Message { class: MessageClass::Error, message: words.into(), ..Message::default() }
    }

    #[test]
    fn a_message_beside_a_field_is_not_repeated_above_the_form() {
        let code = Input {
            name: "verificationCode".into(),
            messages: vec![error("Invalid code.")],
            ..Input::default()
        };
        let step = Step { inputs: vec![code], ..Step::default() };
        let transaction = Transaction {
            status: Status::Pending,
            messages: vec![error("Invalid code."), error("And another thing.")],
            ..Transaction::default()
        };
        let notices = notes(&transaction, Some(&step));
        assert_eq!(notices.beside, [("verificationCode".to_owned(), Note::org(&error("Invalid code.")))]);
        assert_eq!(notices.above, [Note::org(&error("And another thing."))]);
    }

    #[test]
    fn a_success_differs_from_information() {
        let notices = |key: &str| {
            let i18n = Some(latchkey_contract::I18n { key: key.into(), params: vec![] });
            Note::org(&Message {
                class: MessageClass::Info, message: "…".into(), i18n, ..Message::default()
            })
        };
        assert!(notices("idx.recovery.completed").tells_of_success());
        assert!(!notices("idx.unknown.user").tells_of_success());
        assert!(Note::ours(MessageClass::Info, Phrase::SignedOut).tells_of_success());
        assert!(!Note::ours(MessageClass::Info, Phrase::Gone).tells_of_success());
    }

    #[test]
    fn a_message_finds_its_field_inside_a_group() {
        let inner = Input { name: "email".into(), messages: vec![error("No.")], ..Input::default() };
        let outer =
            Input { name: "userProfile".into(), form: Some(Form { value: vec![inner] }), ..Input::default() };
        let mut beside = Vec::new();
        collect(&[outer], "", &mut beside);
        assert_eq!(beside.first().map(|(id, _)| id.as_str()), Some("userProfile.email"));
    }

    #[test]
    fn a_message_finds_its_field_inside_a_choice() {
        let inner = Input { name: "answer".into(), messages: vec![error("No.")], ..Input::default() };
        let value = Some(ChoiceValue::Form { form: Form { value: vec![inner] } });
        let outer = Input {
            name: "credentials".into(),
            options: vec![Choice { value, ..Choice::default() }],
            ..Input::default()
        };
        let mut beside = Vec::new();
        collect(&[outer], "", &mut beside);
        assert_eq!(beside.first().map(|(id, _)| id.as_str()), Some("credentials.answer"));
    }

    #[test]
    fn a_field_that_has_to_be_an_address_does_not_complain_about_a_pattern_too() {
        let of_key = |key: &str| {
            let i18n = Some(latchkey_contract::I18n { key: key.into(), params: vec![] });
            ("email".to_owned(), Note::org(&Message { i18n, ..error("…") }))
        };
        let (address, pattern) = (
            of_key("registration.error.invalidLoginEmail"),
            of_key("registration.error.doesNotMatchPattern"),
        );
        let both = Notes { above: vec![], beside: vec![pattern.clone(), address.clone()] };
        assert_eq!(both.beside_field("email"), [&address.1]);
        let alone = Notes { above: vec![], beside: vec![pattern.clone()] };
        assert_eq!(alone.beside_field("email"), [&pattern.1]);
    }
}
