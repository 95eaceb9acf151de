//! What an org is set up with: its file, read once and whole.

pub(crate) mod app;
pub(crate) mod default_org;
pub(crate) mod validation;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::org::new_user::NewUser;
use app::App;
use validation::Nameable;

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

/// A mistake the grammar does not show: something told twice, or that names what is not there.
struct Fault {
    of: Listed,
    at: usize,
    why: String,
}

/// The lists of an org file.
#[derive(Clone, Copy)]
enum Listed {
    Apps,
    Providers,
    Users,
}

/// Where the entries of the lists stand in the file.
#[derive(Deserialize)]
struct Places {
    #[serde(default)]
    apps: Vec<Spanned<IgnoredAny>>,
    #[serde(default)]
    identity_providers: Vec<Spanned<IgnoredAny>>,
    #[serde(default)]
    users: Vec<Spanned<IgnoredAny>>,
}

impl Settings {
    /// Reads an org file; the error names the line and the reason.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let settings: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        settings.fault().map_or(Ok(settings), |fault| Err(fault.told(text)))
    }

    fn fault(&self) -> Option<Fault> {
        let org = Nameable {
            providers: self.identity_providers.iter().map(|provider| provider.id.as_str()).collect(),
            groups: self
                .org
                .groups
                .iter()
                .chain(self.users.iter().flat_map(|u| &u.groups))
                .map(String::as_str)
                .collect(),
        };
        let providers = self.identity_providers.iter().enumerate().find_map(|(at, provider)| {
            let is_second = self.identity_providers.iter().take(at).any(|other| other.id == provider.id);
            let why = is_second.then(|| format!("two identity providers have the id {:?}", provider.id));
            Some(Fault { of: Listed::Providers, at, why: why.or_else(|| provider.fault())? })
        });
        let apps = || {
            self.apps.iter().enumerate().find_map(|(at, app)| {
                let why = app.fault(&org).or_else(|| {
                    let is_second = self.apps.iter().take(at).any(|other| other.client_id == app.client_id);
                    is_second.then(|| format!("two apps have the client_id {:?}", app.client_id))
                })?;
                Some(Fault { of: Listed::Apps, at, why })
            })
        };
        let users = || {
            self.users.iter().enumerate().find_map(|(at, user)| {
                let is_same = |other: &NewUser| other.login.eq_ignore_ascii_case(&user.login);
                let is_second = self.users.iter().take(at).any(is_same);
                let why = format!("two users have the login {:?}", user.login);
                is_second.then_some(Fault { of: Listed::Users, at, why })
            })
        };
        providers.or_else(apps).or_else(users)
    }
}

impl Provider {
    /// What is wrong with it: its id is a part of its addresses.
    fn fault(&self) -> Option<String> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let is_fine = !self.id.is_empty() && self.id.chars().all(is_plain);
        (!is_fine).then(|| format!("the id {:?} must be letters, digits, '-', '_' or '.'", self.id))
    }
}

impl Fault {
    /// The mistake with the line its entry begins at.
    fn told(&self, text: &str) -> String {
        let places = toml::from_str::<Places>(text).ok();
        let place = places.and_then(|places| {
            let list = match self.of {
                Listed::Apps => places.apps,
                Listed::Providers => places.identity_providers,
                Listed::Users => places.users,
            };
            list.get(self.at).map(|entry| entry.span().start)
        });
        match place {
            Some(start) => {
                let line = 1 + text.bytes().take(start).filter(|byte| *byte == b'\n').count();
                format!("line {line}: {}", self.why)
            }
            None => self.why.clone(),
        }
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
    fn an_app_that_contradicts_itself_is_refused_by_the_line_it_begins_at() {
        for (file, line, why) in [
            (
                "[[apps]]\nclient_id = \"a\"\nenrollment = { okta_email = \"REQUIRED\" }\n",
                1,
                "asks for a password",
            ),
            (
                "\n[[apps]]\nclient_id = \"a\"\nidentity_providers = [\"none\"]\n",
                2,
                "no identity provider \"none\"",
            ),
            (
                "[[apps]]\nclient_id = \"a\"\n\n[[apps]]\nclient_id = \"a\"\n",
                4,
                "two apps have the client_id \"a\"",
            ),
            ("[[users]]\nlogin = \"a\"\n[[users]]\nlogin = \"A\"\n", 3, "two users have the login \"A\""),
            (
                "[[apps]]\nclient_id = \"a\"\nsign_on = [{ groups = [\"Staff\"] }]\n",
                1,
                "app a: there is no group \"Staff\"",
            ),
            ("[[apps]]\nclient_id = \"a\"\ngroups = [\"Staff\"]\n", 1, "there is no group \"Staff\""),
            (
                "[org]\n[[apps]]\nclient_id = \"a\"\nsign_on = [{ name = \"Duo\", factors = [\"duo\"] }]\n",
                2,
                "rule \"Duo\" takes duo, which nobody may set up here",
            ),
            (
                "[[apps]]\nclient_id = \"a\"\nsign_on = [{ factors = [\"external_idp\"] }]\n",
                1,
                "takes external_idp",
            ),
            (
                "[[apps]]\nclient_id = \"a\"\npassword = { recovery = [\"okta_password\"] }\n",
                1,
                "okta_password recovers and unlocks nothing",
            ),
            ("[[identity_providers]]\nid = \"a/b\"\nname = \"A\"\ntype = \"OIDC\"\n", 1, "the id \"a/b\""),
        ] {
            let error = Settings::read(file).unwrap_err();
            assert!(error.starts_with(&format!("line {line}: ")) && error.contains(why), "{error}");
        }
    }

    #[test]
    fn what_the_documentation_shows_is_in_order() {
        let text = include_str!("../../../../../docs/devorg.md");
        let files: Vec<_> =
            text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
        assert_eq!(files.len(), 2);
        for file in files {
            Settings::read(file).unwrap();
        }
    }

    #[test]
    fn a_group_is_there_if_the_org_names_it_or_somebody_is_in_it() {
        let app = "[[apps]]\nclient_id = \"a\"\nsign_on = [{ groups = [\"Staff\", \"Everyone\"] }]\n";
        for beside in ["[org]\ngroups = [\"Staff\"]\n", "[[users]]\nlogin = \"a\"\ngroups = [\"Staff\"]\n"] {
            assert!(Settings::read(&format!("{beside}{app}")).is_ok(), "{beside}");
        }
    }
}
