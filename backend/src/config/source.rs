//! One value by name, from the environment or from the file, and what to say when it is wrong.

use std::fmt;
use toml::{Table, Value};

/// Everything that is wrong with the configuration.
#[derive(Debug)]
pub struct ConfigError(pub Vec<Problem>);

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
    ) -> Result<Self, ConfigError> {
        let file: Table = file.unwrap_or_default().parse().map_err(|error: toml::de::Error| {
            ConfigError(vec![Problem::Unreadable(error.message().to_owned())])
        })?;
        let unknown: Vec<_> = file
            .keys()
            .filter(|key| !names.contains(&key.as_str()))
            .map(|key| Problem::Unknown(key.clone()))
            .collect();
        if unknown.is_empty() { Ok(Self { env, file }) } else { Err(ConfigError(unknown)) }
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
        wanted: &'static str,
        parse: impl FnOnce(&Table) -> Option<T>,
    ) -> Option<T> {
        let parsed = match self.source.file.get(name) {
            None => return Some(T::default()),
            Some(value) => value.as_table().and_then(parse),
        };
        if parsed.is_none() {
            self.problems.push(Problem::Wrong { name, wanted });
        }
        parsed
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

fn variable(name: &str) -> String {
    format!("LATCHKEY_{}", name.to_uppercase())
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.0.iter().enumerate() {
            let line = if at == 0 { "" } else { "\n" };
            write!(f, "{line}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { name, wanted } => {
                write!(f, "{} is not set. Set it, or `{name}` in latchkey.toml, to {wanted}.", variable(name))
            }
            Self::Wrong { name, wanted } => {
                write!(f, "{} (`{name}` in latchkey.toml) must be {wanted}.", variable(name))
            }
            Self::Unknown(name) => {
                write!(
                    f,
                    "latchkey.toml sets `{name}`, which does not exist. Remove it or correct its spelling."
                )
            }
            Self::Unreadable(reason) => write!(f, "latchkey.toml cannot be read: {reason}."),
        }
    }
}
