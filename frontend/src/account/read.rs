//! Reads the JSON about an account into the contract's types.

use crate::read_contract::JsonNode;
use latchkey_contract::{
    Account, AccountAuthenticator, AccountEmail, AccountEnrollment, AccountPasskey, AccountPassword,
    AccountPhone, OwnSession,
};

/// The response to `GET /api/account`.
pub(super) fn account(node: &impl JsonNode) -> Account {
    Account {
        password: node.get("password").map(|password| AccountPassword {
            is_set: yes(&password, "isSet"),
            changed_at: text(&password, "changedAt"),
        }),
        emails: list(node, "emails", |email| AccountEmail {
            id: word(email, "id"),
            address: word(email, "address"),
            is_primary: yes(email, "isPrimary"),
            is_verified: yes(email, "isVerified"),
        }),
        phones: list(node, "phones", phone),
        passkeys: list(node, "passkeys", passkey),
        authenticators: list(node, "authenticators", |authenticator| AccountAuthenticator {
            id: word(authenticator, "id"),
            key: word(authenticator, "key"),
            name: word(authenticator, "name"),
            can_set_up: yes(authenticator, "canSetUp"),
            enrollments: list(authenticator, "enrollments", enrollment).unwrap_or_default(),
        }),
        missing_scopes: list(node, "missingScopes", |scope| scope.text().unwrap_or_default())
            .unwrap_or_default(),
    }
}

/// A phone number, as `GET /api/account` lists it and `POST /api/account/phones` returns it.
pub(super) fn phone(node: &impl JsonNode) -> AccountPhone {
    AccountPhone { id: word(node, "id"), number: word(node, "number"), is_verified: yes(node, "isVerified") }
}

/// A passkey, as `GET /api/account` lists it and `POST /api/account/passkeys` returns it.
pub(super) fn passkey(node: &impl JsonNode) -> AccountPasskey {
    AccountPasskey {
        id: word(node, "id"),
        name: text(node, "name"),
        credential_id: text(node, "credentialId"),
        created_at: text(node, "createdAt"),
        last_used_at: text(node, "lastUsedAt"),
    }
}

fn enrollment(node: &impl JsonNode) -> AccountEnrollment {
    AccountEnrollment {
        id: word(node, "id"),
        name: word(node, "name"),
        created_at: text(node, "createdAt"),
        last_used_at: text(node, "lastUsedAt"),
        can_remove: yes(node, "canRemove"),
    }
}

/// The response to `GET /api/sessions`.
pub(super) fn sessions(node: &impl JsonNode) -> Vec<OwnSession> {
    let session = |session: &_| OwnSession {
        id: word(session, "id"),
        current: yes(session, "current"),
        since: number(session, "since") as i64,
        address: text(session, "address"),
        user_agent: text(session, "userAgent"),
    };
    list(node, "sessions", session).unwrap_or_default()
}

/// A member that is a text.
pub(super) fn text(node: &impl JsonNode, key: &str) -> Option<String> {
    node.get(key)?.text()
}

/// A member that is a text; empty without one.
pub(super) fn word(node: &impl JsonNode, key: &str) -> String {
    text(node, key).unwrap_or_default()
}

fn yes(node: &impl JsonNode, key: &str) -> bool {
    node.get(key).and_then(|inner| inner.flag()).unwrap_or_default()
}

fn number(node: &impl JsonNode, key: &str) -> f64 {
    node.get(key).and_then(|inner| inner.number()).unwrap_or_default()
}

fn list<N: JsonNode, T>(node: &N, key: &str, read: impl Fn(&N) -> T) -> Option<Vec<T>> {
    node.get(key).and_then(|inner| inner.items()).map(|items| items.iter().map(read).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::OwnSessions;
    use serde_json::to_value;

    #[test]
    fn an_account_is_read_as_the_server_writes_it() {
        let passkey = AccountPasskey {
            id: "p1".to_owned(),
            name: Some("Laptop".to_owned()),
            credential_id: Some("abc".to_owned()),
            created_at: Some("2026-01-01T00:00:00Z".to_owned()),
            last_used_at: None,
        };
        let enrollment = AccountEnrollment {
            id: "e1".to_owned(),
            name: "My phone".to_owned(),
            created_at: None,
            last_used_at: Some("2026-02-01T00:00:00Z".to_owned()),
            can_remove: true,
        };
        let whole = Account {
            password: Some(AccountPassword {
                is_set: true,
                changed_at: Some("2026-01-01T00:00:00Z".to_owned()),
            }),
            emails: Some(vec![AccountEmail {
                id: "m1".to_owned(),
                address: "mary@example.com".to_owned(),
                is_primary: true,
                is_verified: true,
            }]),
            phones: Some(vec![AccountPhone {
                id: "n1".to_owned(),
                number: "+15551234567".to_owned(),
                is_verified: false,
            }]),
            passkeys: Some(vec![passkey]),
            authenticators: Some(vec![AccountAuthenticator {
                id: "a1".to_owned(),
                key: "google_otp".to_owned(),
                name: "Google Authenticator".to_owned(),
                can_set_up: true,
                enrollments: vec![enrollment],
            }]),
            missing_scopes: vec!["okta.myAccount.phone.manage".to_owned()],
        };
        for account in [whole, Account::default()] {
            assert_eq!(super::account(&to_value(&account).unwrap()), account);
        }
    }

    #[test]
    fn sessions_are_read_as_the_server_writes_them() {
        let session = OwnSession {
            id: "0123".to_owned(),
            current: true,
            since: 1_760_000_000,
            address: Some("192.0.2.1".to_owned()),
            user_agent: None,
        };
        let written = to_value(OwnSessions { sessions: vec![session.clone()] }).unwrap();
        assert_eq!(sessions(&written), [session]);
    }
}
