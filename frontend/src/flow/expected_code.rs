//! The format of a code that a person enters.

use latchkey_contract::Input;

/// The format of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ExpectedCode {
    pub(crate) characters: CodeCharacters,
    /// The number of its characters, if it is known.
    pub(crate) length: Option<usize>,
}

impl ExpectedCode {
    /// The format of the code in this input. An org need not say how long its codes are.
    pub(super) fn of(characters: CodeCharacters, input: &Input) -> Self {
        let length = input.max_length.filter(|max| input.min_length.is_none_or(|min| min == *max));
        Self { characters, length: length.and_then(|length| length.try_into().ok()) }
    }

    /// Whether this text is a whole code.
    pub(crate) fn is_complete(self, code: &str) -> bool {
        self.length == Some(code.chars().count())
    }
}

/// The characters of a code, which decide the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeCharacters {
    Digits,
    /// Digits and capital letters.
    Letters,
}
