//! The org file, read once and validated.

pub(crate) mod access;
pub(crate) mod app;
pub(crate) mod captcha;
pub(crate) mod codes;
pub(crate) mod default_org;
pub(crate) mod fastpass;
pub(crate) mod okta_verify;
pub(crate) mod passkeys;
pub(crate) mod profile;
pub(crate) mod scripted_step;
pub(crate) mod validation;
pub(crate) mod vendors;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::org::new_user::NewUser;
use app::OrgApp;
use validation::OrgNames;

/// The org file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    #[serde(default)]
    pub(crate) org: OrgSettings,
    #[serde(default)]
    pub(crate) apps: Vec<OrgApp>,
    #[serde(default)]
    pub(crate) identity_providers: Vec<IdentityProvider>,
    #[serde(default)]
    pub(crate) users: Vec<NewUser>,
}

/// The settings of the whole org.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct OrgSettings {
    pub(crate) name: String,
    /// Whether an unknown identifier gets the same responses as a known one.
    pub(crate) enumeration_protection: bool,
    /// Requests a minute from one address to the sign-in endpoints; 0 is no limit.
    pub(crate) requests_per_minute: u32,
    /// The seconds before a text message or call may be sent again.
    pub(crate) resend_after_seconds: u64,
    /// Text messages and calls an hour to one user.
    pub(crate) messages_per_hour: usize,
    pub(crate) code_lifetime_minutes: u64,
    pub(crate) access_token_minutes: u64,
    /// The groups besides Everyone.
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

/// An identity provider, played by the org itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentityProvider {
    pub(crate) id: String,
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

/// The provider that the authenticator `external_idp` stands for: the first that signs in by OpenID Connect.
pub(crate) fn provider_authenticator(all: &[IdentityProvider]) -> Option<&IdentityProvider> {
    all.iter().find(|provider| !provider.is_certificate())
}

/// A mistake that the TOML types do not catch: a duplicate, or the name of something that does not exist.
struct Mistake {
    list: List,
    index: usize,
    description: String,
}

/// The lists of an org file.
#[derive(Clone, Copy)]
enum List {
    Apps,
    Providers,
    Users,
}

/// The positions of the entries in the file.
#[derive(Deserialize)]
struct EntrySpans {
    #[serde(default)]
    apps: Vec<Spanned<IgnoredAny>>,
    #[serde(default)]
    identity_providers: Vec<Spanned<IgnoredAny>>,
    #[serde(default)]
    users: Vec<Spanned<IgnoredAny>>,
}

impl Settings {
    /// Reads an org file. The error names the line and the reason.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let settings: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        settings.mistake().map_or(Ok(settings), |mistake| Err(mistake.with_line(text)))
    }

    fn mistake(&self) -> Option<Mistake> {
        let org = OrgNames {
            providers: self.identity_providers.iter().map(|provider| provider.id.as_str()).collect(),
            has_provider_authenticator: provider_authenticator(&self.identity_providers).is_some(),
            groups: self
                .org
                .groups
                .iter()
                .chain(self.users.iter().flat_map(|u| &u.groups))
                .map(String::as_str)
                .collect(),
        };
        let providers = self.identity_providers.iter().enumerate().find_map(|(index, provider)| {
            let is_second = self.identity_providers.iter().take(index).any(|other| other.id == provider.id);
            let description =
                is_second.then(|| format!("two identity providers have the id {:?}", provider.id));
            Some(Mistake {
                list: List::Providers,
                index,
                description: description.or_else(|| provider.mistake())?,
            })
        });
        let apps = || {
            self.apps.iter().enumerate().find_map(|(index, app)| {
                let description = app.mistake(&org).or_else(|| {
                    let is_second =
                        self.apps.iter().take(index).any(|other| other.client_id == app.client_id);
                    is_second.then(|| format!("two apps have the client_id {:?}", app.client_id))
                })?;
                Some(Mistake { list: List::Apps, index, description })
            })
        };
        let users = || {
            self.users.iter().enumerate().find_map(|(index, user)| {
                let is_same = |other: &NewUser| other.login.eq_ignore_ascii_case(&user.login);
                let is_second = self.users.iter().take(index).any(is_same);
                let description = format!("two users have the login {:?}", user.login);
                is_second.then_some(Mistake { list: List::Users, index, description })
            })
        };
        providers.or_else(apps).or_else(users)
    }
}

impl IdentityProvider {
    /// Whether it is a smart card, whose certificate the org asks the browser for.
    pub(crate) fn is_certificate(&self) -> bool {
        self.kind == "X509"
    }

    /// Checks the id, which is part of the provider's URLs.
    fn mistake(&self) -> Option<String> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let is_fine = !self.id.is_empty() && self.id.chars().all(is_plain);
        (!is_fine).then(|| format!("the id {:?} must be letters, digits, '-', '_' or '.'", self.id))
    }
}

impl Mistake {
    /// The description with the line on which the entry begins.
    fn with_line(&self, text: &str) -> String {
        let spans = toml::from_str::<EntrySpans>(text).ok();
        let start = spans.and_then(|spans| {
            let list = match self.list {
                List::Apps => spans.apps,
                List::Providers => spans.identity_providers,
                List::Users => spans.users,
            };
            list.get(self.index).map(|entry| entry.span().start)
        });
        match start {
            Some(start) => {
                let line = 1 + text.bytes().take(start).filter(|byte| *byte == b'\n').count();
                format!("line {line}: {}", self.description)
            }
            None => self.description.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_in_the_file_is_reported_with_its_line() {
        let error = Settings::read("[org]\nname = \"A\"\n\n[[apps]]\nclient_id = \"a\"\nsign_on = [{ authenticate_with = \"two\" }]\n")
            .unwrap_err();
        assert!(error.contains("line 6") && error.contains("any-2-factors"), "{error}");
    }

    #[test]
    fn an_inconsistent_entry_is_reported_with_its_first_line() {
        for (file, line, why) in [
            (
                "[[apps]]\nclient_id = \"a\"\nenrollment = { okta_email = \"REQUIRED\" }\n",
                1,
                "asks for a password",
            ),
            (
                "\n[[apps]]\nclient_id = \"a\"\nidentity_providers = [\"none\"]\n",
                2,
                "identity provider \"none\" does not exist",
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
                "app a: group \"Staff\" does not exist",
            ),
            ("[[apps]]\nclient_id = \"a\"\ngroups = [\"Staff\"]\n", 1, "group \"Staff\" does not exist"),
            (
                "[org]\n[[apps]]\nclient_id = \"a\"\nsign_on = [{ name = \"Duo\", factors = [\"duo\"] }]\n",
                2,
                "rule \"Duo\" takes duo, which cannot be enrolled in this app",
            ),
            (
                "[[apps]]\nclient_id = \"a\"\nsign_on = [{ factors = [\"external_idp\"] }]\n",
                1,
                "takes external_idp",
            ),
            (
                "[[apps]]\nclient_id = \"a\"\nenrollment = { okta_password = \"REQUIRED\", external_idp = \"OPTIONAL\" }\n",
                1,
                "external_idp needs an identity provider of type OIDC",
            ),
            (
                "[[apps]]\nclient_id = \"a\"\npassword = { recovery = [\"okta_password\"] }\n",
                1,
                "okta_password cannot recover or unlock an account",
            ),
            ("[[identity_providers]]\nid = \"a/b\"\nname = \"A\"\ntype = \"OIDC\"\n", 1, "the id \"a/b\""),
        ] {
            let error = Settings::read(file).unwrap_err();
            assert!(error.starts_with(&format!("line {line}: ")) && error.contains(why), "{error}");
        }
    }

    #[test]
    fn the_examples_in_the_documentation_are_valid() {
        let text = include_str!("../../../../../docs/devorg.md");
        let files: Vec<_> =
            text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
        assert_eq!(files.len(), 2);
        for file in files {
            Settings::read(file).unwrap();
        }
    }

    #[test]
    fn a_group_exists_if_the_org_lists_it_or_a_user_is_in_it() {
        let app = "[[apps]]\nclient_id = \"a\"\nsign_on = [{ groups = [\"Staff\", \"Everyone\"] }]\n";
        for beside in ["[org]\ngroups = [\"Staff\"]\n", "[[users]]\nlogin = \"a\"\ngroups = [\"Staff\"]\n"] {
            assert!(Settings::read(&format!("{beside}{app}")).is_ok(), "{beside}");
        }
    }
}
