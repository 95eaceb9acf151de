//! Asks the server. The only place that fetches.

use crate::browser::mount::url;
use crate::browser::storage;
use crate::flow::call::{Call, Problem, Reply};
use crate::flow::route::Entry;
use crate::flow::screen::Person;
use crate::read::{self, Node};
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
enum Answer {
    Body(JsValue),
    Nothing,
    /// The flow stands elsewhere.
    Moved(Box<Transaction>),
}

/// A call on its way. It is boxed, so that waiting for one costs no more than waiting for another.
type Asked = Pin<Box<dyn Future<Output = Result<Answer, Problem>>>>;

/// Makes a call, in the flow that `token` names.
pub(crate) async fn ask(call: Call, token: Option<String>) -> Result<Reply, Problem> {
    let nothing = Values::new();
    let asked = match call {
        Call::Begin(entry, values) => post(begin(entry), &values, None),
        Call::Current => get("/api/idx", token),
        Call::Proceed(values) => post("/api/idx/proceed", &values, token),
        Call::Poll => post("/api/idx/poll", &nothing, token),
        Call::Cancel => post("/api/idx/cancel", &nothing, token),
        Call::Person => return person().await,
        Call::EndSession(session) => {
            delete(&format!("/api/sessions/{session}")).await?;
            return person().await;
        }
        Call::SignOut { everywhere } => {
            if everywhere {
                delete("/api/sessions").await?;
            }
            return post("/api/logout", &nothing, None).await.map(|_| Reply::Person(None));
        }
    };
    transaction(asked.await?)
}

/// The words of a language; none when they cannot be had.
pub(crate) async fn words(tag: &str) -> Option<Vec<(String, String)>> {
    // Said plainly: what a page elsewhere asks for with headers of its own, a browser asks about first.
    match sent(Request::get(&url(&format!("/text/{tag}.json"))).build()).await {
        Ok(Answer::Body(body)) => Some(text::words(&body)),
        Ok(Answer::Nothing | Answer::Moved(_)) | Err(_) => None,
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

fn transaction(answer: Answer) -> Result<Reply, Problem> {
    match answer {
        Answer::Nothing => Ok(Reply::Nowhere),
        Answer::Moved(transaction) => Ok(Reply::Moved(transaction)),
        Answer::Body(body) => match read::transaction(&body) {
            Some(transaction) => Ok(Reply::At(Box::new(transaction))),
            None => Err(Problem::Garbled),
        },
    }
}

/// Who is signed in. The org's own page about the person is richer than what came with the sign-in, and may be away.
async fn person() -> Result<Reply, Problem> {
    let Answer::Body(body) = get("/api/session", None).await? else { return Err(Problem::Garbled) };
    let session = read::session(&body).ok_or(Problem::Garbled)?;
    if !session.authenticated {
        return Ok(Reply::Person(None));
    }
    let kept = session.user.unwrap_or_default();
    let claims = match get("/api/userinfo", None).await {
        Ok(Answer::Body(body)) => read::user(&body),
        Ok(Answer::Nothing | Answer::Moved(_)) | Err(_) => kept,
    };
    // A list that cannot be had is no reason to turn anybody away.
    let sessions = match get("/api/sessions", None).await {
        Ok(Answer::Body(body)) => read::own_sessions(&body),
        Ok(Answer::Nothing | Answer::Moved(_)) | Err(_) => Vec::new(),
    };
    Ok(Reply::Person(Some(Person { name: name(&claims), claims: claims.into_iter().collect(), sessions })))
}

fn name(claims: &User) -> String {
    let known = ["name", "given_name", "preferred_username", "email", "sub"];
    let text = |claim: &&str| claims.get(claim).and_then(Value::text).filter(|text| !text.is_empty());
    known.iter().find_map(text).unwrap_or_default().to_owned()
}

fn get(path: &str, token: Option<String>) -> Asked {
    sent(headed(Request::get(&url(path)), token).build())
}

fn delete(path: &str) -> Asked {
    sent(headed(Request::delete(&url(path)), None).build())
}

fn post(path: &str, values: &Values, token: Option<String>) -> Asked {
    let request = headed(Request::post(&url(path)), token).header("Content-Type", "application/json");
    sent(request.body(values::json(values)))
}

fn sent(request: Result<Request, Error>) -> Asked {
    Box::pin(async move {
        let sending = request.map_err(|_| Problem::Offline)?.send();
        body(sending.await.map_err(|_| Problem::Offline)?).await
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

async fn body(response: Response) -> Result<Answer, Problem> {
    let (status, is_ok) = (response.status(), response.ok());
    if status == 204 {
        return Ok(Answer::Nothing);
    }
    let raw: web_sys::Response = response.into();
    let reading = raw.json().map_err(|_| Problem::Garbled)?;
    let json = JsFuture::from(reading).await.map_err(|_| Problem::Garbled)?;
    if is_ok {
        return Ok(Answer::Body(json));
    }
    let trouble = read::trouble(&json);
    match (trouble.transaction, trouble.code) {
        (Some(transaction), _) => Ok(Answer::Moved(Box::new(transaction))),
        (None, Some(code)) => Err(Problem::Refused(code, trouble.retry_after)),
        (None, None) => Err(Problem::Garbled),
    }
}

impl Node for JsValue {
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
            Some((String::from(name.dyn_ref::<JsString>()?), Node::get(self, &name.as_string()?)?))
        };
        Some(Object::keys(object).iter().filter_map(pair).collect())
    }
}
