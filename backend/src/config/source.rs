//! One value of a setting, from the environment or from the file, and the message when it is wrong.

use super::setting::{Setting, variable};
use super::settings::file_keys;
use std::{
    fmt, io,
    path::{Path, PathBuf},
};
use toml::{Table, Value};

/// Where systemd puts the credentials of a service.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// Everything that is wrong with the configuration.
#[derive(Debug)]
pub struct ConfigError {
    /// The name of the file.
    pub(super) file: String,
    pub(super) problems: Vec<ConfigProblem>,
}

/// One thing that is wrong, and what it should be.
#[derive(Debug, PartialEq, Eq)]
pub enum ConfigProblem {
    /// It must be set.
    Missing {
        /// The key of the setting.
        key: &'static str,
        /// What it must be.
        must_be: &'static str,
    },
    /// It is set to something else.
    Wrong {
        /// The key of the setting.
        key: &'static str,
        /// What it must be.
        must_be: &'static str,
    },
    /// It is set in two ways.
    Twice {
        /// The name of the one.
        one: String,
        /// The name of the other.
        other: String,
    },
    /// The file of a secret cannot be read.
    UnreadableSecret {
        /// The variable or credential that names the file.
        name: String,
        /// The file.
        path: PathBuf,
        /// The cause.
        reason: io::ErrorKind,
    },
    /// The file of a secret contains something else.
    WrongSecret {
        /// The variable or credential that names the file.
        name: String,
        /// What it must contain.
        must_be: &'static str,
    },
    /// A value in a table of the configuration file is wrong.
    InTable {
        /// The value and the table.
        what: String,
        /// What it must be.
        must_be: &'static str,
    },
    /// The configuration file has a key that does not exist.
    UnknownKey(String),
    /// The configuration file is not TOML.
    NotToml(String),
}

/// Where values come from.
pub(super) struct Source<'a> {
    env: &'a dyn Fn(&str) -> Option<String>,
    /// Reads the file of a secret.
    open: &'a dyn Fn(&Path) -> io::Result<String>,
    file: Table,
}

/// The text of a secret, and where it was found.
struct FoundSecret {
    text: String,
    place: SecretPlace,
}

enum SecretPlace {
    /// A variable, or the configuration file.
    Setting,
    /// A file of its own, with the name of the variable or credential that names it.
    File(String),
}

/// Reads settings one by one and collects what is wrong, so that all problems are reported at once.
pub(super) struct Reader<'a> {
    source: &'a Source<'a>,
    problems: Vec<ConfigProblem>,
}

impl<'a> Source<'a> {
    pub(super) fn new(
        env: &'a dyn Fn(&str) -> Option<String>,
        open: &'a dyn Fn(&Path) -> io::Result<String>,
        file: Option<&str>,
    ) -> Result<Self, Vec<ConfigProblem>> {
        let text = file.unwrap_or_default();
        let file: Table =
            text.parse().map_err(|error| vec![ConfigProblem::NotToml(toml_error(text, &error))])?;
        let known: Vec<String> = file_keys().collect();
        let unknown: Vec<_> =
            file.keys().filter(|key| !known.contains(key)).cloned().map(ConfigProblem::UnknownKey).collect();
        if unknown.is_empty() { Ok(Self { env, open, file }) } else { Err(unknown) }
    }

    fn text(&self, key: &str) -> Option<String> {
        (self.env)(&variable(key))
            .filter(|text| !text.is_empty())
            .or_else(|| self.file.get(key).map(text_of_value))
    }

    /// A secret from the one place that has it: a setting, a file that a setting names, or a credential of systemd.
    fn secret(&self, setting: &Setting) -> Result<Option<FoundSecret>, ConfigProblem> {
        let in_setting = self
            .text(setting.key)
            .map(|text| (setting.variable(), FoundSecret { text, place: SecretPlace::Setting }));
        let named = setting.file_key().and_then(|key| Some((variable(&key), self.text(&key)?)));
        let in_file = named.map(|(name, path)| self.read_secret(name, path.into())).transpose()?;
        let credential = match (self.env)(CREDENTIALS).filter(|folder| !folder.is_empty()) {
            Some(folder) => {
                let name = format!("latchkey_{}", setting.key);
                let path = Path::new(&folder).join(&name);
                match self.read_secret(format!("the credential {name}"), path) {
                    Err(ConfigProblem::UnreadableSecret { reason: io::ErrorKind::NotFound, .. }) => None,
                    other => Some(other?),
                }
            }
            None => None,
        };
        let mut found = in_setting.into_iter().chain(in_file).chain(credential);
        match (found.next(), found.next()) {
            (Some((one, _)), Some((other, _))) => Err(ConfigProblem::Twice { one, other }),
            (only, _) => Ok(only.map(|(_, secret)| secret)),
        }
    }

    fn read_secret(&self, name: String, path: PathBuf) -> Result<(String, FoundSecret), ConfigProblem> {
        match (self.open)(&path) {
            Ok(text) => Ok((name.clone(), FoundSecret { text, place: SecretPlace::File(name) })),
            Err(error) => Err(ConfigProblem::UnreadableSecret { name, path, reason: error.kind() }),
        }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a Source<'a>) -> Self {
        Self { source, problems: Vec::new() }
    }

    /// What was wrong with the settings read so far.
    pub(super) fn problems(self) -> Vec<ConfigProblem> {
        self.problems
    }

    pub(super) fn required<T>(
        &mut self,
        setting: &'static Setting,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        match self.source.text(setting.key) {
            Some(text) => self.parsed(setting, &text, parse),
            None => self.problem(ConfigProblem::Missing { key: setting.key, must_be: setting.must_be }),
        }
    }

    /// A setting with a default.
    pub(super) fn value<T>(
        &mut self,
        setting: &'static Setting,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.source.text(setting.key).unwrap_or_else(|| setting.unset_text().to_owned());
        self.parsed(setting, &text, parse)
    }

    pub(super) fn optional<T>(
        &mut self,
        setting: &'static Setting,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.source.text(setting.key) {
            Some(text) => self.parsed(setting, &text, parse).map(Some),
            None => Some(None),
        }
    }

    /// A secret, which can also be in a file of its own.
    pub(super) fn secret<T>(
        &mut self,
        setting: &'static Setting,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Option<T>> {
        let found = match self.source.secret(setting) {
            Ok(Some(found)) => found,
            Ok(None) => return Some(None),
            Err(problem) => return self.problem(problem),
        };
        let (key, must_be) = (setting.key, setting.must_be);
        match (parse(found.text.trim()), found.place) {
            (Some(secret), _) => Some(Some(secret)),
            (None, SecretPlace::Setting) => self.problem(ConfigProblem::Wrong { key, must_be }),
            (None, SecretPlace::File(name)) => self.problem(ConfigProblem::WrongSecret { name, must_be }),
        }
    }

    /// A table of the file. The environment has no tables.
    pub(super) fn table<T: Default>(
        &mut self,
        setting: &'static Setting,
        parse: impl FnOnce(&Value) -> Result<T, ConfigProblem>,
    ) -> Option<T> {
        match self.source.file.get(setting.key) {
            Some(value) => self.checked(parse(value)),
            None => Some(T::default()),
        }
    }

    /// The value, or its problem among the others.
    pub(super) fn checked<T>(&mut self, result: Result<T, ConfigProblem>) -> Option<T> {
        result.map_or_else(|problem| self.problem(problem), Some)
    }

    fn parsed<T>(
        &mut self,
        setting: &'static Setting,
        text: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let wrong = ConfigProblem::Wrong { key: setting.key, must_be: setting.must_be };
        self.checked(parse(text.trim()).ok_or(wrong))
    }

    fn problem<T>(&mut self, problem: ConfigProblem) -> Option<T> {
        self.problems.push(problem);
        None
    }
}

/// A value of the file as the environment would have it.
fn text_of_value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(text_of_value).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// The line of an error, and its message without the text of the line, which may be a secret.
fn toml_error(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    format!("line {}: {}", before.matches('\n').count() + 1, error.message())
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, problems } = self;
        for (at, problem) in problems.iter().enumerate() {
            if at > 0 {
                writeln!(f)?;
            }
            match problem {
                ConfigProblem::Missing { key, must_be } => {
                    write!(f, "{} is not set. Set it, or `{key}` in {file}, to {must_be}.", variable(key))
                }
                ConfigProblem::Wrong { key, must_be } => {
                    write!(f, "{} (`{key}` in {file}) must be {must_be}.", variable(key))
                }
                ConfigProblem::Twice { one, other } => {
                    write!(f, "Both {one} and {other} are set. Keep one of them.")
                }
                ConfigProblem::UnreadableSecret { name, path, reason } => write!(
                    f,
                    "{name} cannot be read from {}: {reason}. Correct the path, or let the server's user read it.",
                    path.display()
                ),
                ConfigProblem::WrongSecret { name, must_be } => {
                    write!(f, "The file of {name} must contain {must_be}.")
                }
                ConfigProblem::InTable { what, must_be } => write!(f, "{what} in {file} must be {must_be}."),
                ConfigProblem::UnknownKey(key) => {
                    write!(f, "{file} sets `{key}`, which does not exist. Remove it or correct its spelling.")
                }
                ConfigProblem::NotToml(reason) => write!(f, "{file} cannot be read: {reason}."),
            }?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}
