//! The field for a code. A complete code of digits is sent by itself.

use super::form_state::FormState;
use super::text_field::{TextField, hints, label};
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::early_form;
use crate::flow::expected_code::{CodeCharacters, ExpectedCode};
use crate::flow::field::Field;
use crate::parts::look::look;
use crate::text::Phrase;
use leptos::prelude::*;
use std::time::Duration;

/// How long after its last digit a complete code is sent. A person who presses the button does not wait for it.
const SUBMIT_DELAY: Duration = Duration::from_millis(800);

/// The field, and the announcement that its code is complete.
pub(super) fn code_field(field: &Field, format: ExpectedCode, state: FormState) -> Vec<AnyElement> {
    let (id, label, hints) = (field.id(), label(field, state), hints(&field.control));
    let value = state.value(&id, &field.start);
    let is_complete = RwSignal::new(false);
    if format.characters == CodeCharacters::Digits && format.length.is_some() {
        submit_when_complete(format, value, is_complete, state);
    }
    let announcement = move || {
        is_complete.get().then(|| {
            view! { <span {..look("field__words")}>{state.flow.text.phrase(Phrase::CodeComplete)}</span> }
                .into_any_element()
        })
    };
    let class = match format.length {
        Some(6) => "code code--six",
        Some(10) => "code code--ten",
        Some(_) | None => "code",
    };
    let input =
        view! { <TextField id label hints start=field.start.clone() is_kept=false state/> }.into_inner();
    let element = view! {
        <div {..look(class)} data-typed=move || value.with(|typed| !typed.is_empty()).then_some("")>
            {input}
            {view! { <p {..look("unseen")}>{announcement}</p> }.into_any_element()}
        </div>
    };
    vec![element.into_any_element()]
}

/// Sends the form once for each complete code, unless the person has sent it or changed the code meanwhile.
fn submit_when_complete(
    format: ExpectedCode,
    value: RwSignal<String>,
    is_complete: RwSignal<bool>,
    state: FormState,
) {
    let flow = state.flow;
    let last_sent = StoredValue::new(String::new());
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || timer.update_value(|timer| timer.take().iter().for_each(TimeoutHandle::clear));
    on_cleanup(stop);
    Effect::new(move |before: Option<()>| {
        let typed = value.with(|typed| code(typed, format.characters));
        stop();
        // A code that was there before the form is not sent.
        let is_new = before.is_some() && last_sent.with_value(|sent| *sent != typed);
        is_complete.set(is_new && format.is_complete(&typed));
        if !is_complete.get_untracked() {
            return;
        }
        let request = flow.request_id();
        let submit = move || {
            if flow.request_id() == request && !flow.is_busy_untracked() {
                last_sent.set_value(typed.clone());
                early_form::press(early_form::SUBMIT);
            }
        };
        timer.set_value(set_timeout_with_handle(submit, SUBMIT_DELAY).ok());
    });
}

/// The code in the typed text: without the spaces and dashes of its groups, or the first six
/// digits together in a message. Letters are sent as capitals.
pub(super) fn code(words: &str, characters: CodeCharacters) -> String {
    let code = bare(words);
    match characters {
        CodeCharacters::Digits => code,
        CodeCharacters::Letters => code.to_ascii_uppercase(),
    }
}

fn bare(words: &str) -> String {
    let is_gap = |letter: char| letter.is_whitespace() || letter == '-';
    let bare: String = words.chars().filter(|letter| !is_gap(*letter)).collect();
    if bare.len() <= MAX_CODE_LENGTH {
        return bare;
    }
    let groups = words.split(|letter: char| !letter.is_ascii_digit() && !is_gap(letter));
    let digits = |group: &str| group.chars().filter(char::is_ascii_digit).collect::<String>();
    groups.map(digits).find(|digits| digits.len() == CODE_IN_MESSAGE_LENGTH).unwrap_or(bare)
}

/// A longer text is a message with a code in it.
const MAX_CODE_LENGTH: usize = 12;
/// The digits of a code that the org sends.
const CODE_IN_MESSAGE_LENGTH: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_in_groups_and_in_a_message() {
        for (pasted, sent) in [
            ("533-286", "533286"),
            (" 533 286 ", "533286"),
            ("AB12C-DE34F", "AB12CDE34F"),
            ("Your verification code is 533286. It expires in 5 minutes.", "533286"),
            ("G-533286 is your code. Call 1 800 555 1234 for help", "533286"),
            ("a very long code of letters", "averylongcodeofletters"),
        ] {
            assert_eq!(code(pasted, CodeCharacters::Digits), sent, "{pasted}");
        }
    }

    #[test]
    fn a_code_is_complete_with_its_last_digit_in_whatever_form_it_was_pasted() {
        let format = ExpectedCode { characters: CodeCharacters::Digits, length: Some(6) };
        for (typed, is_complete) in
            [("53328", false), ("533286", true), ("533-286", true), (" 533 286 ", true), ("5332861", false)]
        {
            assert_eq!(format.is_complete(&code(typed, format.characters)), is_complete, "{typed}");
        }
        assert!(!ExpectedCode { length: None, ..format }.is_complete("533286"));
    }
}
