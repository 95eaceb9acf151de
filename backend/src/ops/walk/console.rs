//! Questions and answers: in a terminal, or from a file with one answer a line.

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::io::{self, BufRead, IsTerminal, Write};

/// One question to the person, with its choices.
#[derive(Debug, PartialEq, Eq)]
pub struct WalkPrompt {
    /// The question, with its choices.
    pub text: String,
    /// Whether the answer must not be shown while it is typed.
    pub is_secret: bool,
}

/// Where a walk shows steps and gets answers.
pub trait WalkConsole {
    /// Shows a line.
    fn show(&mut self, line: &str) -> io::Result<()>;

    /// The answer to a question; none if there are no more answers.
    fn ask(&mut self, question: &WalkPrompt) -> io::Result<Option<String>>;
}

/// A console of lines.
#[derive(Debug)]
pub struct TextConsole<R, W> {
    input: R,
    output: W,
}

impl<R: BufRead, W: Write> TextConsole<R, W> {
    /// Reads answers from the one and writes to the other.
    pub fn new(input: R, output: W) -> Self {
        Self { input, output }
    }
}

impl<R: BufRead, W: Write> WalkConsole for TextConsole<R, W> {
    fn show(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.output, "{line}")
    }

    fn ask(&mut self, question: &WalkPrompt) -> io::Result<Option<String>> {
        write!(self.output, "{}", question.text)?;
        self.output.flush()?;
        let hidden = if question.is_secret { HiddenInput::begin()? } else { None };
        let mut line = String::new();
        let length = self.input.read_line(&mut line)?;
        if hidden.is_some() {
            writeln!(self.output)?;
        }
        Ok((length > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

/// The terminal shows nothing of what is typed until this is dropped.
struct HiddenInput(Termios);

impl HiddenInput {
    /// None if the standard input is not a terminal.
    fn begin() -> io::Result<Option<Self>> {
        let terminal = io::stdin();
        if !terminal.is_terminal() {
            return Ok(None);
        }
        let before = tcgetattr(&terminal)?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&terminal, OptionalActions::Flush, &hidden)?;
        Ok(Some(Self(before)))
    }
}

impl Drop for HiddenInput {
    fn drop(&mut self) {
        // The terminal is gone if this fails.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}
