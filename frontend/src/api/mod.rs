//! The calls to the server.

pub(crate) mod account;
pub(crate) mod captcha;
pub(crate) mod person;
mod transport;

use crate::browser::mount;
use crate::flow::call::{Call, CallError, PendingReply, Reply};
use crate::{late_part, read_contract, values};
use latchkey_contract::Values;
use latchkey_contract::route::Entry;
use transport::{Received, delete, get, post};

/// Makes a call for the flow of `token`.
pub(crate) fn ask(call: Call, token: Option<String>) -> PendingReply {
    let nothing = Values::new();
    let response = match call {
        Call::Begin(entry, values) => post(begin(entry), &with_return_address(values), None),
        Call::Current => get("/api/idx", token),
        Call::Proceed(values) => post("/api/idx/proceed", &values, token),
        Call::Poll => post("/api/idx/poll", &nothing, token),
        Call::Cancel => post("/api/idx/cancel", &nothing, token),
        Call::SignedInPerson => return Box::pin(signed_in_person()),
        Call::SignOut { everywhere } => return Box::pin(sign_out(everywhere)),
        Call::Leave(address) => {
            mount::leave(&mount::url(&address));
            return Box::pin(std::future::pending());
        }
    };
    Box::pin(async move { transaction(response.await?) })
}

fn begin(entry: Entry) -> &'static str {
    match entry {
        Entry::SignIn => "/api/idx/authenticate",
        Entry::SignUp => "/api/idx/register",
        Entry::RecoverPassword => "/api/idx/recover-password",
        Entry::UnlockAccount => "/api/idx/unlock-account",
        Entry::Activate => "/api/idx/activate",
    }
}

/// Where the browser returns to, unless the flow begins with an address of its own.
fn with_return_address(values: Values) -> Values {
    match mount::return_address() {
        Some(address) => values::both(values::one("returnTo", address), values),
        None => values,
    }
}

fn transaction(received: Received) -> Result<Reply, CallError> {
    match received {
        Received::Nothing => Ok(Reply::NoFlow),
        Received::Moved(transaction) => Ok(Reply::Moved(transaction)),
        Received::Body(body) => match read_contract::transaction(&body) {
            Some(transaction) => Ok(Reply::At(Box::new(transaction))),
            None => Err(CallError::Garbled),
        },
    }
}

/// The signed-in person, if any. The late part, which the page needs then, fetches the rest about them.
async fn signed_in_person() -> Result<Reply, CallError> {
    let Received::Body(body) = get("/api/session", None).await? else { return Err(CallError::Garbled) };
    let session = read_contract::session(&body).ok_or(CallError::Garbled)?;
    if !session.authenticated {
        return Ok(Reply::SignedInPerson(None));
    }
    let late = late_part::fetch().await.map_err(|_| CallError::Offline)?;
    Ok(Reply::SignedInPerson(Some((late.person)(session))))
}

async fn sign_out(everywhere: bool) -> Result<Reply, CallError> {
    if everywhere {
        delete("/api/sessions").await?;
    }
    let received = post("/api/logout", &Values::new(), None).await?;
    let Received::Body(body) = received else { return Err(CallError::Garbled) };
    Ok(match read_contract::session(&body).and_then(|session| session.sign_out_href) {
        Some(address) => Reply::SignedOutAtOrg(address),
        None => Reply::SignedInPerson(None),
    })
}
