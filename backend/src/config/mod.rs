//! The configuration of the server: one table of settings, read once and whole from the environment and `latchkey.toml`.

mod brand;
mod checks;
mod display;
mod help;
mod read;
mod setting;
mod settings;
mod source;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use checks::is_loopback;
pub use help::{help, markdown};
pub use read::{named_file, read, unknown_variables};
pub use setting::{Setting, SettingDefault, SettingPlace};
pub use settings::{DEFAULT_FILE, SETTINGS, variables};
pub use source::{ConfigError, ConfigProblem};
pub use values::{Config, LimitSettings, SignInPage, SignOut, StoreAddress};
