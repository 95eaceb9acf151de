//! One value by name, from the environment or from the file, and what to say when it is wrong.

use std::fmt;
use toml::{Table, Value};

/// Everything that is wrong with the configuration.
#[derive(Debug)]
pub struct ConfigError {
    /// The name of the file.
    pub(super) file: String,
    pub(super) problems: Vec<Problem>,
}

/// One thing that is wrong, and the way out.
#[derive(Debug, PartialEq, Eq)]
pub enum Problem {
    /// It must be set.
    Missing {
        /// The name of the setting.
        name: &'static str,
        /// What it should be.
        wanted: &'static str,
    },
    /// It is set to something else.
    Wrong {
        /// The name of the setting.
        name: &'static str,
        /// What it should be.
        wanted: &'static str,
    },
    /// Something in a table of the file is not as it should be.
    InFile {
        /// Where it stands.
        what: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// The file sets something that does not exist.
    Unknown(String),
    /// The file is not TOML.
    Unreadable(String),
}

/// Where the values come from.
pub(super) struct Source<'a> {
    env: &'a dyn Fn(&str) -> Option<String>,
    file: Table,
}

/// Takes values one by one and notes what is wrong, so that all of it can be said at once.
pub(super) struct Take<'a> {
    source: &'a Source<'a>,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Source<'a> {
    pub(super) fn new(
        env: &'a dyn Fn(&str) -> Option<String>,
        file: Option<&str>,
        names: &[&str],
    ) -> Result<Self, Vec<Problem>> {
        let text = file.unwrap_or_default();
        let file: Table = text.parse().map_err(|error| vec![Problem::Unreadable(fault(text, &error))])?;
        let unknown: Vec<_> = file
            .keys()
            .filter(|key| !names.contains(&key.as_str()))
            .map(|key| Problem::Unknown(key.clone()))
            .collect();
        if unknown.is_empty() { Ok(Self { env, file }) } else { Err(unknown) }
    }

    pub(super) fn collect<T>(
        &self,
        problems: &mut Vec<Problem>,
        build: impl FnOnce(&mut Take<'_>) -> Option<T>,
    ) -> Option<T> {
        build(&mut Take { source: self, problems })
    }

    fn text(&self, name: &str) -> Option<String> {
        (self.env)(&variable(name))
            .filter(|text| !text.is_empty())
            .or_else(|| self.file.get(name).map(written))
    }
}

impl Take<'_> {
    pub(super) fn required<T>(
        &mut self,
        name: &'static str,
        wanted: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let Some(text) = self.source.text(name) else {
            self.problems.push(Problem::Missing { name, wanted });
            return None;
        };
        self.parsed(name, wanted, &text, parse)
    }

    pub(super) fn or<T>(
        &mut self,
        name: &'static str,
        default: &str,
        wanted: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.source.text(name).unwrap_or_else(|| default.to_owned());
        self.parsed(name, wanted, &text, parse)
    }

    pub(super) fn optional<T>(
        &mut self,
        name: &'static str,
        wanted: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.source.text(name) {
            Some(text) => self.parsed(name, wanted, &text, parse).map(Some),
            None => Some(None),
        }
    }

    /// A table of the file; there is no such thing in the environment.
    pub(super) fn table<T: Default>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&Value) -> Result<T, Problem>,
    ) -> Option<T> {
        let Some(value) = self.source.file.get(name) else { return Some(T::default()) };
        parse(value).map_err(|problem| self.problems.push(problem)).ok()
    }

    fn parsed<T>(
        &mut self,
        name: &'static str,
        wanted: &'static str,
        text: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let parsed = parse(text.trim());
        if parsed.is_none() {
            self.problems.push(Problem::Wrong { name, wanted });
        }
        parsed
    }
}

/// A value of the file as the environment would have it.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(written).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// What is wrong with a file, and in which line; what stands there may be a secret.
fn fault(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    format!("line {}: {}", before.matches('\n').count() + 1, error.message())
}

pub(super) fn variable(name: &str) -> String {
    format!("LATCHKEY_{}", name.to_uppercase())
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, problems } = self;
        for (at, problem) in problems.iter().enumerate() {
            if at > 0 {
                writeln!(f)?;
            }
            match problem {
                Problem::Missing { name, wanted } => {
                    write!(f, "{} is not set. Set it, or `{name}` in {file}, to {wanted}.", variable(name))
                }
                Problem::Wrong { name, wanted } => {
                    write!(f, "{} (`{name}` in {file}) must be {wanted}.", variable(name))
                }
                Problem::InFile { what, wanted } => write!(f, "{what} in {file} must be {wanted}."),
                Problem::Unknown(name) => {
                    write!(
                        f,
                        "{file} sets `{name}`, which does not exist. Remove it or correct its spelling."
                    )
                }
                Problem::Unreadable(reason) => write!(f, "{file} cannot be read: {reason}."),
            }?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}
