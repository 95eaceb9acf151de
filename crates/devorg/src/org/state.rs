//! Everything an org knows at one moment. It has no clock, no randomness and no network of its own.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::org::grants::Grants;
use crate::org::inbox::Inbox;
use crate::org::new_user::NewUser;
use crate::org::provider_accounts::ProviderAccounts;
use crate::org::settings::app::App;
use crate::org::settings::validation::Nameable;
use crate::org::settings::{OrgSettings, Provider, Settings};
use crate::org::transaction::Transactions;
use crate::org::user::{Shown, User, Users};
use crate::random::Chance;

/// The org's memory.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct World {
    pub(crate) settings: OrgSettings,
    pub(crate) apps: BTreeMap<String, App>,
    pub(crate) providers: Vec<Provider>,
    pub(crate) users: Users,
    pub(crate) transactions: Transactions,
    pub(crate) grants: Grants,
    pub(crate) sessions: HashMap<String, Session>,
    pub(crate) inbox: Inbox,
    /// Tokens that start a registration or a recovery, by the user they are for.
    pub(crate) invitations: HashMap<String, Invitation>,
    /// Who has left for an identity provider, by the state they left with.
    pub(crate) leaving: HashMap<String, Leaving>,
    pub(crate) provider_accounts: ProviderAccounts,
    /// Notices to clients that wait to be sent.
    #[serde(skip)]
    pub(crate) outbox: Vec<Notice>,
}

/// A browser that stays signed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) user: String,
    pub(crate) shown: Vec<Shown>,
    pub(crate) created_at: Moment,
    pub(crate) expires_at: Moment,
}

/// A token in a link that makes an account or recovers one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Invitation {
    pub(crate) user: String,
    pub(crate) to: Invited,
    pub(crate) expires_at: Moment,
}

/// What such a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Invited {
    Activate,
    Recover,
}

/// A transaction that waits for an identity provider.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Leaving {
    pub(crate) handle: String,
    pub(crate) provider: String,
    /// What the org proves with that it is the one that asked (PKCE).
    pub(crate) verifier: String,
    /// What the id token has to answer.
    pub(crate) nonce: String,
    pub(crate) until: Moment,
}

/// Whom an identity provider vouches for.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// What the provider calls them, whatever their address.
    pub(crate) subject: String,
    pub(crate) email: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
}

/// A client to be told that somebody's sessions ended.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    pub(crate) client_id: String,
    pub(crate) user: String,
    pub(crate) email: String,
    pub(crate) why: Ending,
}

/// Why sessions ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Somebody signed out.
    SignedOut,
    /// An administrator ended everything, or a password was reset.
    Revoked,
}

impl World {
    /// Sets an org up. The users are made one after another, so a large file takes its time.
    pub(crate) fn new(settings: Settings, now: Moment, chance: &mut Chance) -> Self {
        let mut world = Self {
            settings: settings.org,
            providers: settings.identity_providers,
            provider_accounts: ProviderAccounts::new(chance),
            ..Self::default()
        };
        for app in settings.apps {
            world.apps.insert(app.client_id.clone(), app);
        }
        for user in settings.users {
            world.users.put(user.create(now, chance));
        }
        world
    }

    /// The app a client id names.
    pub(crate) fn app(&self, client_id: &str) -> Option<&App> {
        self.apps.get(client_id)
    }

    /// What its apps may name.
    pub(crate) fn nameable(&self) -> Nameable<'_> {
        let of_people = self.users.iter().flat_map(|user| &user.groups);
        Nameable {
            providers: self.providers.iter().map(|provider| provider.id.as_str()).collect(),
            groups: self.settings.groups.iter().chain(of_people).map(String::as_str).collect(),
        }
    }

    /// Adds an account, unless its login is taken.
    pub(crate) fn add_user(
        &mut self,
        new: NewUser,
        now: Moment,
        chance: &mut Chance,
    ) -> Result<&User, String> {
        if self.users.is_taken(&new.login) {
            return Err(format!("there is a user {:?} already", new.login));
        }
        let user = new.create(now, chance);
        let id = user.id.clone();
        self.users.put(user);
        self.users.get(&id).ok_or_else(|| "the user was not kept".to_owned())
    }

    /// Whether a page of this origin may call the org.
    pub(crate) fn trusts(&self, origin: &str) -> bool {
        self.apps.values().any(|app| {
            app.trusted_origins.iter().any(|o| o.trim_end_matches('/') == origin)
                || app
                    .redirect_uris
                    .iter()
                    .any(|uri| url::Url::parse(uri).is_ok_and(|u| u.origin().ascii_serialization() == origin))
        })
    }

    /// Somebody signs out of the browser they use; what clients hold stays theirs to give back.
    pub(crate) fn sign_out(&mut self, user: &str, session: Option<&str>) {
        if let Some(session) = session {
            self.sessions.remove(session);
        }
        let clients = self.grants.clients(user);
        self.tell(user, &clients, Ending::SignedOut);
    }

    /// Ends every session of a user and everything they granted.
    pub(crate) fn end_sessions(&mut self, user: &str) {
        self.sessions.retain(|_, session| session.user != user);
        let clients = self.grants.clients(user);
        self.grants.end(user);
        self.tell(user, &clients, Ending::Revoked);
    }

    /// Notes which clients are to be told.
    fn tell(&mut self, user: &str, clients: &BTreeSet<String>, why: Ending) {
        let email = self.users.get(user).map(|user| user.email.clone()).unwrap_or_default();
        for client in clients {
            let notice =
                Notice { client_id: client.clone(), user: user.to_owned(), email: email.clone(), why };
            self.outbox.push(notice);
        }
    }
}
