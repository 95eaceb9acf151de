//! What an org is set up with: its file, read once and whole.

pub(crate) mod app;

use serde::{Deserialize, Serialize};

use crate::new_user::NewUser;
use app::App;

/// The org file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    #[serde(default)]
    pub(crate) org: OrgSettings,
    #[serde(default)]
    pub(crate) apps: Vec<App>,
    #[serde(default)]
    pub(crate) identity_providers: Vec<Provider>,
    #[serde(default)]
    pub(crate) users: Vec<NewUser>,
}

/// What holds for the whole org.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct OrgSettings {
    pub(crate) name: String,
    /// Whether an unknown name is answered like a known one.
    pub(crate) enumeration_protection: bool,
    /// How many requests a minute an address may make to the sign-in endpoints; any number, if 0.
    pub(crate) requests_per_minute: u32,
    /// How long before a text message or a call may be sent again.
    pub(crate) resend_after_seconds: u64,
    /// How many text messages or calls an hour somebody may get.
    pub(crate) messages_per_hour: usize,
    pub(crate) code_lifetime_minutes: u64,
    pub(crate) access_token_minutes: u64,
    /// The groups that exist beside Everyone.
    pub(crate) groups: Vec<String>,
}

impl Default for OrgSettings {
    fn default() -> Self {
        Self {
            name: "Dev Org".to_owned(),
            enumeration_protection: true,
            requests_per_minute: 0,
            resend_after_seconds: 30,
            messages_per_hour: 60,
            code_lifetime_minutes: 5,
            access_token_minutes: 60,
            groups: Vec::new(),
        }
    }
}

/// An identity provider. All of them are played by the org itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Provider {
    pub(crate) id: String,
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

impl Settings {
    /// Reads an org file; the error names the line and the reason.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let settings: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        settings.fault().map_or(Ok(settings), Err)
    }

    fn fault(&self) -> Option<String> {
        let mut seen = std::collections::HashSet::new();
        if let Some(twice) = self.apps.iter().find(|app| !seen.insert(&app.client_id)) {
            return Some(format!("two apps have the client_id {:?}", twice.client_id));
        }
        for app in &self.apps {
            let unknown = app
                .identity_providers
                .iter()
                .find(|id| !self.identity_providers.iter().any(|p| p.id == **id));
            if let Some(id) = unknown {
                return Some(format!("app {}: there is no identity provider {id:?}", app.client_id));
            }
        }
        self.apps.iter().find_map(App::fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_in_the_file_is_told_with_its_line() {
        let error = Settings::read("[org]\nname = \"A\"\n\n[[apps]]\nclient_id = \"a\"\nsign_on = [{ authenticate_with = \"two\" }]\n")
            .unwrap_err();
        assert!(error.contains("line 6") && error.contains("any-2-factors"), "{error}");
    }

    #[test]
    fn an_app_that_contradicts_itself_is_refused() {
        let error =
            Settings::read("[[apps]]\nclient_id = \"a\"\nenrollment = { okta_email = \"REQUIRED\" }\n")
                .unwrap_err();
        assert!(error.contains("asks for a password"), "{error}");
        let error =
            Settings::read("[[apps]]\nclient_id = \"a\"\nidentity_providers = [\"none\"]\n").unwrap_err();
        assert!(error.contains("no identity provider \"none\""), "{error}");
    }
}
