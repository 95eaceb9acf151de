//! Asks the server. The only place that fetches.

use crate::flow::route::Entry;
use crate::flow::screen::Person;
use crate::flow::step::{Call, Problem, Reply};
use crate::read::{self, Node};
use crate::{browser, text, values};
use gloo_net::http::{Request, RequestBuilder, Response};
use js_sys::{Array, JsString, Object, Reflect};
use latchkey_contract::{Transaction, User, Value, Values};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What came back, before anybody has read it.
enum Answer {
    Body(JsValue),
    Nothing,
    /// The flow stands elsewhere.
    Moved(Box<Transaction>),
}

/// Makes a call, in the flow that `token` names.
pub(crate) async fn ask(call: Call, token: Option<String>) -> Result<Reply, Problem> {
    let nothing = Values::new();
    match call {
        Call::Begin(entry, values) => transaction(post(begin(entry), &values, None).await?),
        Call::Current => transaction(get("/api/idx", token).await?),
        Call::Proceed(values) => transaction(post("/api/idx/proceed", &values, token).await?),
        Call::Poll => transaction(post("/api/idx/poll", &nothing, token).await?),
        Call::Cancel => transaction(post("/api/idx/cancel", &nothing, token).await?),
        Call::Person => person().await,
        Call::SignOut => post("/api/logout", &nothing, None).await.map(|_| Reply::Person(None)),
    }
}

/// The words of a language; none when they cannot be had.
pub(crate) async fn words(tag: &str) -> Option<Vec<(String, String)>> {
    match get(&format!("/text/{tag}.json"), None).await {
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
    Ok(Reply::Person(Some(Person { name: name(&claims), claims: claims.into_iter().collect() })))
}

fn name(claims: &User) -> String {
    let known = ["name", "given_name", "preferred_username", "email", "sub"];
    let text = |claim: &&str| claims.get(*claim).and_then(Value::text).filter(|text| !text.is_empty());
    known.iter().find_map(text).unwrap_or_default().to_owned()
}

async fn get(path: &str, token: Option<String>) -> Result<Answer, Problem> {
    let request = headed(Request::get(path), token);
    body(request.send().await.map_err(|_| Problem::Offline)?).await
}

async fn post(path: &str, values: &Values, token: Option<String>) -> Result<Answer, Problem> {
    let request = headed(Request::post(path), token).header("Content-Type", "application/json");
    let request = request.body(values::json(values)).map_err(|_| Problem::Offline)?;
    body(request.send().await.map_err(|_| Problem::Offline)?).await
}

/// What every call says of itself. The org writes in the language that was chosen here, else in the browser's.
fn headed(request: RequestBuilder, token: Option<String>) -> RequestBuilder {
    let mut request = request.header("X-CSRF", "1").header("Accept", "application/json");
    for (name, value) in [("X-Transaction", token), ("Accept-Language", browser::chosen_language())] {
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
