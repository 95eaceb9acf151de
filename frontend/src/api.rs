//! Asks the server. The only place that fetches.

use crate::browser::mount::url;
use crate::browser::storage;
use crate::flow::call::{Call, CallError, Reply};
use crate::flow::route::Entry;
use crate::flow::screen::SignedInPerson;
use crate::read_contract::{self, JsonNode};
use crate::{text, values};
use gloo_net::Error;
use gloo_net::http::{Request, RequestBuilder, Response};
use js_sys::{Array, JsString, Object, Reflect};
use latchkey_contract::{Transaction, User, Value, Values};
use std::pin::Pin;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::RequestCredentials;

/// What came back, before anybody has read it.
enum Received {
    Body(JsValue),
    Nothing,
    /// The flow stands elsewhere.
    Moved(Box<Transaction>),
}

/// A call on its way. It is boxed, so that waiting for one costs no more than waiting for another.
type PendingReply = Pin<Box<dyn Future<Output = Result<Received, CallError>>>>;

/// Makes a call, in the flow that `token` names.
pub(crate) async fn ask(call: Call, token: Option<String>) -> Result<Reply, CallError> {
    let nothing = Values::new();
    let asked = match call {
        Call::Begin(entry, values) => post(begin(entry), &values, None),
        Call::Current => get("/api/idx", token),
        Call::Proceed(values) => post("/api/idx/proceed", &values, token),
        Call::Poll => post("/api/idx/poll", &nothing, token),
        Call::Cancel => post("/api/idx/cancel", &nothing, token),
        Call::SignedInPerson => return person().await,
        Call::EndSession(session) => {
            delete(&format!("/api/sessions/{session}")).await?;
            return person().await;
        }
        Call::SignOut { everywhere } => {
            if everywhere {
                delete("/api/sessions").await?;
            }
            return post("/api/logout", &nothing, None).await.map(|_| Reply::SignedInPerson(None));
        }
    };
    transaction(asked.await?)
}

/// The words of a language; none when they cannot be had.
pub(crate) async fn words(tag: &str) -> Option<Vec<(String, String)>> {
    // Said plainly: what a page elsewhere asks for with headers of its own, a browser asks about first.
    match sent(Request::get(&url(&format!("/text/{tag}.json"))).build()).await {
        Ok(Received::Body(body)) => Some(text::words(&body)),
        Ok(Received::Nothing | Received::Moved(_)) | Err(_) => None,
    }
}

fn begin(entry: Entry) -> &'static str {
    match entry {
        Entry::SignIn => "/api/idx/authenticate",
        Entry::SignUp => "/api/idx/register",
        Entry::RecoverPassword => "/api/idx/recover-password",
        Entry::UnlockAccount => "/api/idx/unlock-account",
    }
}

fn transaction(answer: Received) -> Result<Reply, CallError> {
    match answer {
        Received::Nothing => Ok(Reply::Nowhere),
        Received::Moved(transaction) => Ok(Reply::Moved(transaction)),
        Received::Body(body) => match read_contract::transaction(&body) {
            Some(transaction) => Ok(Reply::At(Box::new(transaction))),
            None => Err(CallError::Garbled),
        },
    }
}

/// Who is signed in. The org's own page about the person is richer than what came with the sign-in, and may be away.
async fn person() -> Result<Reply, CallError> {
    let Received::Body(body) = get("/api/session", None).await? else { return Err(CallError::Garbled) };
    let session = read_contract::session(&body).ok_or(CallError::Garbled)?;
    if !session.authenticated {
        return Ok(Reply::SignedInPerson(None));
    }
    let kept = session.user.unwrap_or_default();
    let claims = match get("/api/userinfo", None).await {
        Ok(Received::Body(body)) => read_contract::user(&body),
        Ok(Received::Nothing | Received::Moved(_)) | Err(_) => kept,
    };
    // A list that cannot be had is no reason to turn anybody away.
    let sessions = match get("/api/sessions", None).await {
        Ok(Received::Body(body)) => read_contract::own_sessions(&body),
        Ok(Received::Nothing | Received::Moved(_)) | Err(_) => Vec::new(),
    };
    Ok(Reply::SignedInPerson(Some(SignedInPerson {
        name: name(&claims),
        claims: claims.into_iter().collect(),
        sessions,
    })))
}

fn name(claims: &User) -> String {
    let known = ["name", "given_name", "preferred_username", "email", "sub"];
    let text = |claim: &&str| claims.get(claim).and_then(Value::text).filter(|text| !text.is_empty());
    known.iter().find_map(text).unwrap_or_default().to_owned()
}

fn get(path: &str, token: Option<String>) -> PendingReply {
    sent(headed(Request::get(&url(path)), token).build())
}

fn delete(path: &str) -> PendingReply {
    sent(headed(Request::delete(&url(path)), None).build())
}

fn post(path: &str, values: &Values, token: Option<String>) -> PendingReply {
    let request = headed(Request::post(&url(path)), token).header("Content-Type", "application/json");
    sent(request.body(values::json(values)))
}

fn sent(request: Result<Request, Error>) -> PendingReply {
    Box::pin(async move {
        let sending = request.map_err(|_| CallError::Offline)?.send();
        body(sending.await.map_err(|_| CallError::Offline)?).await
    })
}

/// What every call says of itself. The org writes in the language that was chosen here, else in the browser's.
fn headed(request: RequestBuilder, token: Option<String>) -> RequestBuilder {
    let request = request.credentials(RequestCredentials::Include);
    let mut request = request.header("X-CSRF", "1").header("Accept", "application/json");
    for (name, value) in [("X-Transaction", token), ("Accept-Language", storage::chosen_language())] {
        if let Some(value) = value {
            request = request.header(name, &value);
        }
    }
    request
}

async fn body(response: Response) -> Result<Received, CallError> {
    let (status, is_ok) = (response.status(), response.ok());
    if status == 204 {
        return Ok(Received::Nothing);
    }
    let raw: web_sys::Response = response.into();
    let reading = raw.json().map_err(|_| CallError::Garbled)?;
    let json = JsFuture::from(reading).await.map_err(|_| CallError::Garbled)?;
    if is_ok {
        return Ok(Received::Body(json));
    }
    let trouble = read_contract::trouble(&json);
    match (trouble.transaction, trouble.code) {
        (Some(transaction), _) => Ok(Received::Moved(Box::new(transaction))),
        (None, Some(code)) => Err(CallError::Refused(code, trouble.retry_after)),
        (None, None) => Err(CallError::Garbled),
    }
}

impl JsonNode for JsValue {
    fn get(&self, key: &str) -> Option<Self> {
        let inner = Reflect::get(self, &JsValue::from_str(key)).ok()?;
        (!inner.is_undefined() && !inner.is_null()).then_some(inner)
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn items(&self) -> Option<Vec<Self>> {
        Array::is_array(self).then(|| self.unchecked_ref::<Array>().iter().collect())
    }

    fn members(&self) -> Option<Vec<(String, Self)>> {
        let object = self.dyn_ref::<Object>()?;
        let pair = |name: JsValue| {
            Some((String::from(name.dyn_ref::<JsString>()?), JsonNode::get(self, &name.as_string()?)?))
        };
        Some(Object::keys(object).iter().filter_map(pair).collect())
    }
}
