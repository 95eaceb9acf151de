//! Who the signed-in person is. It is in the late part.

use crate::flow::screen::SignedInPerson;
use latchkey_contract::{Session, User, Value};

/// The person of a session. The rest of their account is shown by a script of its own.
pub(crate) fn person(session: Session) -> SignedInPerson {
    let claims = session.user.unwrap_or_default();
    let first = |names: &[&str]| names.iter().find_map(|name| text(&claims, name)).unwrap_or_default();
    SignedInPerson {
        name: first(&["name", "given_name", "preferred_username", "email", "sub"]),
        username: first(&["preferred_username", "email"]),
    }
}

fn text(claims: &User, name: &str) -> Option<String> {
    claims.get(name).and_then(Value::text).filter(|text| !text.is_empty()).map(str::to_owned)
}
