//! What is known about one setting: its key, its default, what it must be and what it means.

/// One setting.
#[derive(Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its key in `latchkey.toml`. The variable is `LATCHKEY_` and the key in capitals.
    pub key: &'static str,
    /// What counts when it is not set.
    pub default: SettingDefault,
    /// Where its value can stand.
    pub place: SettingPlace,
    /// What its value must be, for the message when it is something else.
    pub must_be: &'static str,
    /// What it does.
    pub meaning: &'static str,
}

/// What counts when a setting is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingDefault {
    /// It has to be set.
    Required,
    /// No value; this is what holds instead.
    Absent(&'static str),
    /// This value.
    Value(&'static str),
    /// This value with an issuer that is https; no limit with one that is plain http, on this machine.
    Limit(&'static str),
}

/// Where the value of a setting can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingPlace {
    /// A variable or the configuration file.
    VariableOrFile,
    /// Also a file of its own, or a credential of systemd.
    Secret,
    /// The configuration file only: it is a table.
    Table,
}

/// The value of a limit that is not set.
pub(super) const UNSET_LIMIT: &str = "usual";

impl Setting {
    pub(super) const fn new(
        key: &'static str,
        default: SettingDefault,
        must_be: &'static str,
        meaning: &'static str,
    ) -> Self {
        Self { key, default, place: SettingPlace::VariableOrFile, must_be, meaning }
    }

    pub(super) const fn required(key: &'static str, must_be: &'static str, meaning: &'static str) -> Self {
        Self::new(key, SettingDefault::Required, must_be, meaning)
    }

    pub(super) const fn absent(
        key: &'static str,
        instead: &'static str,
        must_be: &'static str,
        meaning: &'static str,
    ) -> Self {
        Self::new(key, SettingDefault::Absent(instead), must_be, meaning)
    }

    pub(super) const fn secret(
        key: &'static str,
        instead: &'static str,
        must_be: &'static str,
        meaning: &'static str,
    ) -> Self {
        let place = SettingPlace::Secret;
        Self { place, ..Self::absent(key, instead, must_be, meaning) }
    }

    pub(super) const fn value(
        key: &'static str,
        default: &'static str,
        must_be: &'static str,
        meaning: &'static str,
    ) -> Self {
        Self::new(key, SettingDefault::Value(default), must_be, meaning)
    }

    pub(super) const fn rate(key: &'static str, default: &'static str, meaning: &'static str) -> Self {
        Self::new(key, SettingDefault::Limit(default), "off, or calls and seconds, such as 20/60", meaning)
    }

    /// Its variable.
    pub fn variable(&self) -> String {
        variable(self.key)
    }

    /// The key of the setting that names the file of this secret.
    pub fn file_key(&self) -> Option<String> {
        (self.place == SettingPlace::Secret).then(|| format!("{}_file", self.key))
    }

    /// The text that is read when it is not set.
    pub(super) fn unset_text(&self) -> &'static str {
        match self.default {
            SettingDefault::Required | SettingDefault::Absent(_) => "",
            SettingDefault::Value(value) => value,
            SettingDefault::Limit(_) => UNSET_LIMIT,
        }
    }

    /// The value of a limit with an issuer that is https.
    pub(super) fn usual_limit(&self) -> &'static str {
        match self.default {
            SettingDefault::Limit(limit) => limit,
            SettingDefault::Required | SettingDefault::Absent(_) | SettingDefault::Value(_) => UNSET_LIMIT,
        }
    }
}

/// The variable of a key.
pub(super) fn variable(key: &str) -> String {
    format!("LATCHKEY_{}", key.to_uppercase())
}
