//! An error for the person at the terminal: what happened, and what to do about it.

use std::fmt;
use std::process::ExitCode;

/// A reason to stop.
#[derive(Debug, PartialEq, Eq)]
pub struct Error {
    message: String,
    hint: Option<String>,
    kind: Kind,
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Failure,
    Usage,
}

impl Error {
    /// Something did not work.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, kind: Kind::Failure }
    }

    /// An argument or a variable has a value that is not valid.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, kind: Kind::Usage }
    }

    /// Adds what the person can do about it.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// 1 for a failure, 2 for wrong usage.
    pub fn exit_code(&self) -> ExitCode {
        match self.kind {
            Kind::Failure => ExitCode::from(1),
            Kind::Usage => ExitCode::from(2),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\n       {hint}"),
            None => Ok(()),
        }
    }
}

/// Adds to an error of the standard library what was being done.
pub trait Context<T> {
    /// Turns the error into a sentence that starts with `message`.
    fn context(self, message: impl fmt::Display) -> Result<T, Error>;
}

impl<T, E: fmt::Display> Context<T> for Result<T, E> {
    fn context(self, message: impl fmt::Display) -> Result<T, Error> {
        self.map_err(|error| Error::new(format!("{message}: {error}.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_a_sentence_with_the_hint_below_it() {
        let error = Error::new("Port 8080 is in use.").hint("Set LATCHKEY_BIND.");
        assert_eq!(error.to_string(), "error: Port 8080 is in use.\n       Set LATCHKEY_BIND.");
    }

    #[test]
    fn an_error_of_the_system_is_shown_with_its_context() {
        let read: Result<(), &str> = Err("permission denied");
        assert_eq!(read.context("Cannot read dist"), Err(Error::new("Cannot read dist: permission denied.")));
    }
}
