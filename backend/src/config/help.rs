//! The table of settings as text: for `latchkey --help`, the man page and docs/operations.md.

use super::setting::{Setting, SettingDefault, SettingPlace, variable};
use super::settings::{CONFIG_VARIABLE, DEFAULT_FILE, SETTINGS};
use std::fmt::Write;

/// The section about settings of `latchkey --help` and of the man page.
pub fn help() -> String {
    let mut help = format!(
        "Settings:\n  Each is a variable or a key in {DEFAULT_FILE}, or in the file that {CONFIG_VARIABLE} names. A \
         variable has priority.\n"
    );
    for setting in SETTINGS {
        let (name, default) = (name(setting), default_text(setting));
        // Writing to a string does not fail.
        let _ = write!(help, "\n  {name} [{default}]\n      {}\n", setting.meaning);
        if let Some(key) = setting.file_key() {
            let (variable, credential) = (variable(&key), setting.key);
            let _ = writeln!(
                help,
                "      Or in a file: {variable}, {key}; or a credential: latchkey_{credential}"
            );
        }
    }
    help
}

fn name(setting: &Setting) -> String {
    match setting.place {
        SettingPlace::Table => format!("[{}] in the file", setting.key),
        SettingPlace::VariableOrFile | SettingPlace::Secret => {
            format!("{}, {}", setting.variable(), setting.key)
        }
    }
}

/// The table of docs/operations.md.
pub fn markdown() -> String {
    let mut table = "| variable | key | default | meaning |\n|---|---|---|---|\n".to_owned();
    for setting in SETTINGS {
        let variable = match setting.place {
            SettingPlace::Table => String::new(),
            SettingPlace::VariableOrFile | SettingPlace::Secret => format!("`{}`", setting.variable()),
        };
        let default = match setting.default {
            SettingDefault::Required => "required".to_owned(),
            SettingDefault::Absent(instead) => instead.to_owned(),
            SettingDefault::Value("") => "none".to_owned(),
            SettingDefault::Value(value) | SettingDefault::Limit(value) => format!("`{value}`"),
        };
        // Writing to a string does not fail.
        let _ = writeln!(table, "| {variable} | `{}` | {default} | {} |", setting.key, setting.meaning);
    }
    table
}

fn default_text(setting: &Setting) -> String {
    match setting.default {
        SettingDefault::Required => "required".to_owned(),
        SettingDefault::Absent(instead) => format!("default: {instead}"),
        SettingDefault::Value("") => "default: none".to_owned(),
        SettingDefault::Value(value) => format!("default: {value}"),
        SettingDefault::Limit(limit) => format!("default: {limit}; off if the issuer is plain http"),
    }
}
