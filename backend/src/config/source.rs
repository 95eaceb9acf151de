//! One value by name, from the environment or from the file, and what to say when it is wrong.

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
    /// It is set in two ways.
    Twice {
        /// One of them, by its name.
        one: String,
        /// The other.
        other: String,
    },
    /// The file that holds a secret cannot be read.
    Closed {
        /// What names the file.
        name: String,
        /// The file.
        path: PathBuf,
        /// Why.
        reason: io::ErrorKind,
    },
    /// The file that holds a secret holds something else.
    WrongInside {
        /// What names the file.
        name: String,
        /// What it should hold.
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
    /// Reads a file that holds a secret.
    open: &'a dyn Fn(&Path) -> io::Result<String>,
    file: Table,
}

/// A secret, and where it comes from.
struct Found {
    text: String,
    origin: Origin,
}

enum Origin {
    /// A variable, or the configuration file.
    Setting,
    /// A file of its own, by the name of what names it.
    File(String),
}

/// Takes values one by one and notes what is wrong, so that all of it can be said at once.
pub(super) struct Take<'a> {
    source: &'a Source<'a>,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Source<'a> {
    pub(super) fn new(
        env: &'a dyn Fn(&str) -> Option<String>,
        open: &'a dyn Fn(&Path) -> io::Result<String>,
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
        if unknown.is_empty() { Ok(Self { env, open, file }) } else { Err(unknown) }
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

    /// A secret from the one place that has it: a setting, a file that a setting names, or a credential of systemd.
    fn secret(&self, name: &str) -> Result<Option<Found>, Problem> {
        let setting = self.text(name).map(|text| (variable(name), Found { text, origin: Origin::Setting }));
        let by_file = format!("{name}_file");
        let named = self.text(&by_file).map(PathBuf::from);
        let named = named.map(|path| self.inside(variable(&by_file), path)).transpose()?;
        let credential = match (self.env)(CREDENTIALS).filter(|folder| !folder.is_empty()) {
            Some(folder) => {
                let path = Path::new(&folder).join(format!("latchkey_{name}"));
                match self.inside(format!("the credential latchkey_{name}"), path) {
                    Err(Problem::Closed { reason: io::ErrorKind::NotFound, .. }) => None,
                    other => Some(other?),
                }
            }
            None => None,
        };
        let mut places = setting.into_iter().chain(named).chain(credential);
        match (places.next(), places.next()) {
            (Some((one, _)), Some((other, _))) => Err(Problem::Twice { one, other }),
            (place, _) => Ok(place.map(|(_, found)| found)),
        }
    }

    fn inside(&self, name: String, path: PathBuf) -> Result<(String, Found), Problem> {
        match (self.open)(&path) {
            Ok(text) => Ok((name.clone(), Found { text, origin: Origin::File(name) })),
            Err(error) => Err(Problem::Closed { name, path, reason: error.kind() }),
        }
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

    /// A secret, which may also stand in a file of its own.
    pub(super) fn secret<T>(
        &mut self,
        name: &'static str,
        wanted: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Option<T>> {
        let found = match self.source.secret(name) {
            Ok(Some(found)) => found,
            Ok(None) => return Some(None),
            Err(problem) => return self.note(problem),
        };
        match (parse(found.text.trim()), found.origin) {
            (Some(secret), _) => Some(Some(secret)),
            (None, Origin::Setting) => self.note(Problem::Wrong { name, wanted }),
            (None, Origin::File(name)) => self.note(Problem::WrongInside { name, wanted }),
        }
    }

    /// Notes what is wrong; there is no value then.
    pub(super) fn note<T>(&mut self, problem: Problem) -> Option<T> {
        self.problems.push(problem);
        None
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
                Problem::Twice { one, other } => {
                    write!(f, "Both {one} and {other} are set. Keep one of them.")
                }
                Problem::Closed { name, path, reason } => write!(
                    f,
                    "{name} cannot be read from {}: {reason}. Correct the path, or let the server's user read it.",
                    path.display()
                ),
                Problem::WrongInside { name, wanted } => write!(f, "The file of {name} must hold {wanted}."),
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
