//! The claims and sessions of the signed-in person. It is in the late part.

use super::transport::{Received, get};
use crate::flow::call::{PendingReply, Reply};
use crate::flow::screen::SignedInPerson;
use crate::read_contract;
use latchkey_contract::{Session, User, Value};

/// The claims and the sessions of the person. The org's userinfo has more claims than the session, and it may fail.
pub(crate) fn person(session: Session) -> PendingReply {
    Box::pin(async {
        let claims = match get("/api/userinfo", None).await {
            Ok(Received::Body(body)) => read_contract::user(&body),
            Ok(Received::Nothing | Received::Moved(_)) | Err(_) => session.user.unwrap_or_default(),
        };
        // The page is useful without the list of sessions.
        let sessions = match get("/api/sessions", None).await {
            Ok(Received::Body(body)) => read_contract::own_sessions(&body),
            Ok(Received::Nothing | Received::Moved(_)) | Err(_) => Vec::new(),
        };
        Ok(Reply::SignedInPerson(Some(SignedInPerson {
            name: name(&claims),
            claims: claims.into_iter().collect(),
            sessions,
        })))
    })
}

fn name(claims: &User) -> String {
    let known = ["name", "given_name", "preferred_username", "email", "sub"];
    let text = |claim: &&str| claims.get(claim).and_then(Value::text).filter(|text| !text.is_empty());
    known.iter().find_map(text).unwrap_or_default().to_owned()
}
