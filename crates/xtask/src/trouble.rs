//! What stopped us, in one sentence, and the way out.

use std::fmt;
use std::process::ExitCode;

/// A reason to stop. It is shown to a person, so it says what happened and what can be done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    what: String,
    way_out: Option<String>,
    kind: Kind,
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Failed,
    Misused,
}

impl Trouble {
    /// Something did not work.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), way_out: None, kind: Kind::Failed }
    }

    /// We were asked for something that we cannot understand.
    pub(crate) fn misused(what: impl Into<String>) -> Self {
        Self { what: what.into(), way_out: None, kind: Kind::Misused }
    }

    /// The same, with what the person can do about it.
    #[must_use]
    pub(crate) fn way_out(self, way_out: impl Into<String>) -> Self {
        Self { way_out: Some(way_out.into()), ..self }
    }

    /// 1 for what failed, 2 for what was asked wrongly.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self.kind {
            Kind::Failed => ExitCode::from(1),
            Kind::Misused => ExitCode::from(2),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "xtask: {}", self.what)?;
        match &self.way_out {
            Some(way_out) => write!(f, "\n       {way_out}"),
            None => Ok(()),
        }
    }
}

/// Says which thing of ours an operating system's error is about.
pub(crate) trait About<T> {
    /// Turns the error into a sentence that starts with `what`.
    fn about(self, what: impl fmt::Display) -> Result<T, Trouble>;
}

impl<T, E: fmt::Display> About<T> for Result<T, E> {
    fn about(self, what: impl fmt::Display) -> Result<T, Trouble> {
        self.map_err(|error| Trouble::new(format!("{what}: {error}.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_a_sentence_with_the_way_out_below_it() {
        let trouble = Trouble::new("Port 8080 is taken.").way_out("Set LATCHKEY_BIND.");
        assert_eq!(trouble.to_string(), "xtask: Port 8080 is taken.\n       Set LATCHKEY_BIND.");
    }

    #[test]
    fn an_error_of_the_system_is_told_with_what_it_is_about() {
        let read: Result<(), &str> = Err("permission denied");
        assert_eq!(read.about("Cannot read dist"), Err(Trouble::new("Cannot read dist: permission denied.")));
    }
}
