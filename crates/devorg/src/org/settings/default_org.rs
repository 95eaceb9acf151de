//! The default org, used when no file is given.

use crate::org::settings::Settings;

/// The default org file, also a start for your own.
pub(crate) const FILE: &str = include_str!("default_org.toml");

/// The default org's settings.
pub(crate) fn settings() -> Result<Settings, String> {
    Settings::read(FILE)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_default_org_is_valid() {
        let settings = super::settings().unwrap();
        let ids: Vec<_> = settings.apps.iter().map(|a| a.client_id.as_str()).take(4).collect();
        assert_eq!(ids, ["latchkey", "latchkey-public", "latchkey-email", "latchkey-email-public"]);
    }
}
