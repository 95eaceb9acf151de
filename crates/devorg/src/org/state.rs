//! The state of an org. Time and randomness come in as arguments.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::org::captcha::Captchas;
use crate::org::device_grants::DeviceGrants;
use crate::org::grants::Grants;
use crate::org::inbox::Inbox;
use crate::org::new_user::NewUser;
use crate::org::provider_accounts::ProviderAccounts;
use crate::org::settings::app::OrgApp;
use crate::org::settings::validation::OrgNames;
use crate::org::settings::{IdentityProvider, OrgSettings, Settings, provider_authenticator};
use crate::org::transactions::Transactions;
use crate::org::unverified::Unverified;
use crate::org::used_assertions::UsedAssertions;
use crate::org::user::{OrgUser, VerifiedFactor};
use crate::org::users::Users;
use crate::random::Random;

/// The state of an org.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct OrgState {
    pub(crate) settings: OrgSettings,
    pub(crate) apps: BTreeMap<String, OrgApp>,
    pub(crate) providers: Vec<IdentityProvider>,
    pub(crate) users: Users,
    pub(crate) transactions: Transactions,
    pub(crate) grants: Grants,
    pub(crate) device_grants: DeviceGrants,
    pub(crate) sessions: HashMap<String, OrgSession>,
    pub(crate) inbox: Inbox,
    pub(crate) captchas: Captchas,
    /// Activation and recovery tokens.
    pub(crate) invitations: HashMap<String, Invitation>,
    /// Sign-ins under way at an identity provider, by their `state` parameter.
    pub(crate) provider_sign_ins: HashMap<String, ProviderSignIn>,
    pub(crate) provider_accounts: ProviderAccounts,
    #[serde(default)]
    pub(crate) unverified: Unverified,
    #[serde(default)]
    pub(crate) used_assertions: UsedAssertions,
    /// Logout notices to send.
    #[serde(skip)]
    pub(crate) logout_notices: Vec<OutgoingLogoutNotice>,
}

/// A session of a browser.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct OrgSession {
    pub(crate) user: String,
    pub(crate) verified: Vec<VerifiedFactor>,
    /// Whether the user wanted to stay signed in.
    #[serde(default)]
    pub(crate) remember: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// An activation or recovery token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Invitation {
    pub(crate) user: String,
    pub(crate) kind: InvitationKind,
    pub(crate) expires_at: Timestamp,
}

/// What the token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum InvitationKind {
    Activate,
    Recover,
}

/// A sign-in under way at an identity provider.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ProviderSignIn {
    pub(crate) handle: String,
    pub(crate) provider: String,
    /// The PKCE code verifier.
    pub(crate) verifier: String,
    /// The nonce that the id token must carry.
    pub(crate) nonce: String,
    pub(crate) expires_at: Timestamp,
}

/// The user an identity provider asserts.
#[derive(Clone, Debug)]
pub(crate) struct ProviderIdentity {
    /// The subject at the provider. It stays when the address changes.
    pub(crate) subject: String,
    pub(crate) email: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
}

/// A logout notice to one client.
#[derive(Clone, Debug)]
pub(crate) struct OutgoingLogoutNotice {
    pub(crate) client_id: String,
    pub(crate) user: String,
    pub(crate) email: String,
    pub(crate) reason: LogoutReason,
}

/// Why sessions ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogoutReason {
    /// The user signed out.
    SignedOut,
    /// An administrator revoked everything, or the password was reset.
    Revoked,
}

impl OrgState {
    /// Creates the state from the settings.
    pub(crate) fn new(settings: Settings, now: Timestamp, random: &mut Random) -> Self {
        let mut org = Self {
            settings: settings.org,
            providers: settings.identity_providers,
            provider_accounts: ProviderAccounts::new(random),
            captchas: Captchas::new(random),
            ..Self::default()
        };
        for app in settings.apps {
            org.apps.insert(app.client_id.clone(), app);
        }
        for user in settings.users {
            org.users.put(user.create(now, random));
        }
        org
    }

    /// The provider that the authenticator `external_idp` stands for.
    pub(crate) fn provider_authenticator(&self) -> Option<&IdentityProvider> {
        provider_authenticator(&self.providers)
    }

    /// The app with this client id.
    pub(crate) fn app(&self, client_id: &str) -> Option<&OrgApp> {
        self.apps.get(client_id)
    }

    /// The providers and groups that apps may name.
    pub(crate) fn names(&self) -> OrgNames<'_> {
        let of_users = self.users.iter().flat_map(|user| &user.groups);
        OrgNames {
            providers: self.providers.iter().map(|provider| provider.id.as_str()).collect(),
            has_provider_authenticator: provider_authenticator(&self.providers).is_some(),
            groups: self.settings.groups.iter().chain(of_users).map(String::as_str).collect(),
        }
    }

    /// Adds a user. The login must be free.
    pub(crate) fn add_user(
        &mut self,
        new: NewUser,
        now: Timestamp,
        random: &mut Random,
    ) -> Result<&OrgUser, String> {
        if self.users.is_taken(&new.login) {
            return Err(format!("a user {:?} already exists", new.login));
        }
        let user = new.create(now, random);
        let id = user.id.clone();
        self.users.put(user);
        self.users.get(&id).ok_or_else(|| "the user was not stored".to_owned())
    }

    /// Whether a page of this origin may call the org (CORS).
    pub(crate) fn trusts(&self, origin: &str) -> bool {
        self.apps.values().any(|app| {
            app.trusted_origins.iter().any(|o| o.trim_end_matches('/') == origin)
                || app
                    .redirect_uris
                    .iter()
                    .any(|uri| url::Url::parse(uri).is_ok_and(|u| u.origin().ascii_serialization() == origin))
        })
    }

    /// Ends the browser's session and notifies clients, which revoke their tokens themselves.
    pub(crate) fn sign_out(&mut self, user: &str, session: Option<&str>) {
        if let Some(session) = session {
            self.sessions.remove(session);
        }
        let clients = self.grants.clients(user);
        self.queue_notices(user, &clients, LogoutReason::SignedOut);
    }

    /// Ends all sessions and grants of a user, and notifies clients.
    pub(crate) fn end_sessions(&mut self, user: &str) {
        self.sessions.retain(|_, session| session.user != user);
        let clients = self.grants.clients(user);
        self.grants.remove_user(user);
        self.queue_notices(user, &clients, LogoutReason::Revoked);
    }

    /// Queues a notice to each client.
    fn queue_notices(&mut self, user: &str, clients: &BTreeSet<String>, reason: LogoutReason) {
        let email = self.users.get(user).map(|user| user.email.clone()).unwrap_or_default();
        for client in clients {
            let notice = OutgoingLogoutNotice {
                client_id: client.clone(),
                user: user.to_owned(),
                email: email.clone(),
                reason,
            };
            self.logout_notices.push(notice);
        }
    }
}
