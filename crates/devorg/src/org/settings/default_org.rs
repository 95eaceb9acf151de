//! The org that runs when no file is given.

use crate::org::settings::Settings;

/// The default org, as a file somebody can start their own from.
pub(crate) const FILE: &str = include_str!("default_org.toml");

/// The same, read.
pub(crate) fn settings() -> Result<Settings, String> {
    Settings::read(FILE)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_default_org_is_in_order() {
        let settings = super::settings().unwrap();
        let ids: Vec<_> = settings.apps.iter().map(|a| a.client_id.as_str()).take(4).collect();
        assert_eq!(ids, ["latchkey", "latchkey-public", "latchkey-email", "latchkey-email-public"]);
    }
}
