//! The state of the org: users, apps, policies, transactions, tokens and sent messages.

pub(crate) mod authenticator;
pub(crate) mod captcha;
pub(crate) mod device_grants;
pub(crate) mod grants;
pub(crate) mod inbox;
pub(crate) mod message;
pub(crate) mod new_user;
pub(crate) mod password_complexity;
pub(crate) mod provider_accounts;
pub(crate) mod settings;
pub(crate) mod state;
pub(crate) mod transaction;
pub(crate) mod transactions;
pub(crate) mod unverified;
pub(crate) mod used_assertions;
pub(crate) mod user;
pub(crate) mod users;
