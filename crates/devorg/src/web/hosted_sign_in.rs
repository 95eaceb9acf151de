//! The org's own sign-in page: the authorization code flow of an app that does not show the sign-in itself.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::SET_COOKIE;
use serde_json::{Map, Value, json};

use super::hosted_address::granted_address;
use super::idx::session_cookie;
use super::oauth_request::{OAuthRequest, refused_response};
use super::pages::{escape, html, page};
use super::url::with_query;
use super::{federation, response};
use crate::flow::{IdentityEngine, IdxRequest};
use crate::ion::{self, DocumentBuilder};
use crate::oauth::client_auth::Fields;
use crate::oauth::error::OAuthError;
use crate::oauth::interact;
use crate::org::message::{Message, MessageTarget, Refusal};
use crate::org::state::OrgState;
use crate::org::transaction::Step;
use crate::shared::SharedState;

/// How a sign-in on the org's page begins.
enum Beginning {
    /// With a page, or with the way back to the app.
    Response(Response),
    /// With a redirect to an identity provider, for this transaction and provider.
    Provider(String),
}

/// `GET /authorize`: a code at once for a browser with a session that is enough, else the first page.
pub(super) async fn authorize(shared: &SharedState, request: &OAuthRequest) -> Response {
    match begin(shared, request) {
        Beginning::Response(response) => response,
        Beginning::Provider(pushed) => federation::redirect_to_provider(shared, &pushed).await,
    }
}

fn begin(shared: &SharedState, request: &OAuthRequest) -> Beginning {
    let (now, mut random) = (shared.now(), shared.random());
    let mut org = shared.org();
    let asked = match org.app(request.field("client_id")) {
        Some(app) => interact::request(app, request.fields(), request.server().clone()),
        None => Err(OAuthError::UnknownClient),
    };
    let asked = match asked {
        Ok(asked) => asked,
        Err(refused) => return Beginning::Response(refused_response(&refused)),
    };
    let (redirect_uri, state) = (asked.redirect_uri.clone(), asked.state.clone());
    let refuse = |error| Beginning::Response(to_app_with_error(&redirect_uri, &state, error));
    let response_type = if asked.enroll.is_empty() { "code" } else { "none" };
    if request.field("response_type") != response_type {
        return refuse("unsupported_response_type");
    }
    let session = request.session(&org, now).filter(|_| request.field("prompt") != "login");
    let mut transaction = interact::new_transaction(asked, session, now, &mut random);
    let mut engine = IdentityEngine {
        org: &mut org,
        transaction: &mut transaction,
        origin: &shared.origin,
        now,
        random: &mut random,
    };
    engine.resume_session();
    let is_granted = matches!(transaction.step, Step::Granted { .. });
    let (handle, reference) = (transaction.handle.clone(), transaction.reference());
    org.transactions.put(transaction);
    match (is_granted, request.field("prompt"), request.field("idp")) {
        (false, "none", _) => refuse("login_required"),
        (true, ..) | (false, _, "") => Beginning::Response(show(shared, &org, &handle, Ok(()))),
        (false, _, idp) => Beginning::Provider(format!("{reference}:{idp}")),
    }
}

/// `GET /signin/{handle}`: the current page.
pub(super) async fn current(State(shared): State<Arc<SharedState>>, Path(handle): Path<String>) -> Response {
    show(&shared, &shared.org(), &handle, Ok(()))
}

/// `POST /signin/{handle}`: takes the answer of one form.
pub(super) async fn answer(
    State(shared): State<Arc<SharedState>>,
    Path(handle): Path<String>,
    Form(fields): Form<Fields>,
) -> Response {
    let path = fields.get("path").map(String::as_str).unwrap_or_default();
    let Some(input) = IdxRequest::read(path, &answer_body(&fields)) else {
        return response::not_found().await;
    };
    let (now, mut random) = (shared.now(), shared.random());
    let mut org = shared.org();
    let taken = org.transactions.take(&handle).filter(|transaction| now < transaction.expires_at);
    let Some(mut transaction) = taken else { return expired_page() };
    let mut engine = IdentityEngine {
        org: &mut org,
        transaction: &mut transaction,
        origin: &shared.origin,
        now,
        random: &mut random,
    };
    let outcome = engine.take(input);
    let handle = transaction.handle.clone();
    org.transactions.put(transaction);
    shared.notify_change();
    show(&shared, &org, &handle, outcome)
}

fn to_app_with_error(redirect_uri: &str, state: &str, error: &str) -> Response {
    Redirect::to(&with_query(redirect_uri, &[("error", error), ("state", state)])).into_response()
}

/// The page of the current step, or the way back to the app.
fn show(shared: &SharedState, org: &OrgState, handle: &str, outcome: Result<(), Refusal>) -> Response {
    let now = shared.now();
    let found =
        org.transactions.find(|transaction| transaction.handle == handle && now < transaction.expires_at);
    let Some(transaction) = found else { return expired_page() };
    let Some(app) = org.app(&transaction.request.client_id) else { return expired_page() };
    if let Step::Granted { code } = &transaction.step {
        let address = granted_address(&shared.origin, transaction, code);
        let mut response = Redirect::to(&address).into_response();
        response.headers_mut().extend(session_cookie(transaction).map(|cookie| (SET_COOKIE, cookie)));
        return response;
    }
    let messages: Vec<(MessageTarget, Message)> = match outcome {
        Ok(()) => Vec::new(),
        Err(refusal) => refusal.messages,
    };
    let keys = shared.keys();
    let builder = DocumentBuilder { org, app, transaction, origin: &shared.origin, keys: &keys, now };
    let alerts: String = messages
        .iter()
        .map(|(_, message)| format!("<p role=\"alert\">{}</p>", escape(&message.text)))
        .collect();
    let forms = forms(&ion::document(&builder, &[]), handle);
    html(200, "Sign in", &format!("<h1>Sign in at the org</h1>{alerts}{forms}"))
}

/// Every form of a document that a person can fill without a script.
fn forms(document: &Value, handle: &str) -> String {
    let remediations = document.pointer("/remediation/value").and_then(Value::as_array);
    remediations.into_iter().flatten().filter_map(|form| form_html(form, handle)).collect()
}

fn form_html(form: &Value, handle: &str) -> Option<String> {
    let text = |pointer: &str| form.pointer(pointer).and_then(Value::as_str);
    let (name, href) = (text("/name")?, text("/href")?);
    let Some((_, path)) = href.split_once("/idp/idx/") else {
        let provider = text("/idp/name").unwrap_or(name);
        return Some(format!("<p><a href=\"{}\">Sign in with {}</a></p>", escape(href), escape(provider)));
    };
    if name.ends_with("poll") {
        return None;
    }
    let fields: Vec<&Value> = form.get("value").and_then(Value::as_array).into_iter().flatten().collect();
    let label = match name {
        "identify" => "Sign in".to_owned(),
        "challenge-authenticator" => "Verify".to_owned(),
        "select-authenticator-authenticate" => "Continue".to_owned(),
        other => other.replace('-', " "),
    };
    let form = |fields: String, label: &str| {
        format!(
            "<form method=\"post\" action=\"/signin/{handle}\"><input type=\"hidden\" name=\"path\" value=\"{}\">{fields}<button>{}</button></form>",
            escape(path),
            escape(label)
        )
    };
    let alternatives = fields.iter().find_map(|field| typed_alternatives(field));
    Some(match alternatives {
        Some((name, options)) => options
            .iter()
            .map(|option| {
                let inner =
                    option.pointer("/value/form/value").and_then(Value::as_array).into_iter().flatten();
                let fields = inner.map(|inner| field_html(&format!("{name}."), inner)).collect();
                form(fields, option.get("label").and_then(Value::as_str).unwrap_or(&label))
            })
            .collect(),
        None => form(fields.iter().map(|field| field_html("", field)).collect(), &label),
    })
}

/// The alternatives of a field that each have something to type: a form each.
fn typed_alternatives(field: &Value) -> Option<(&str, &Vec<Value>)> {
    let options = field.get("options").and_then(Value::as_array)?;
    let is_typed = |inner: &Value| inner.get("value").is_none() && inner.get("options").is_none();
    let mut inner = options.iter().filter_map(|option| option.pointer("/value/form/value")?.as_array());
    let any = inner.any(|fields| fields.iter().any(is_typed));
    any.then_some((field.get("name")?.as_str()?, options))
}

fn field_html(prefix: &str, field: &Value) -> String {
    let text = |name: &str| field.get(name).and_then(Value::as_str);
    let flag = |name: &str| field.get(name).and_then(Value::as_bool);
    let name = format!("{prefix}{}", text("name").unwrap_or_default());
    if name == "stateHandle" {
        return String::new();
    }
    if let Some(nested) = field.pointer("/form/value").and_then(Value::as_array) {
        return nested.iter().map(|inner| field_html(&format!("{name}."), inner)).collect();
    }
    let (name, label) = (escape(&name), escape(text("label").unwrap_or(&name)));
    if let Some(options) = field.get("options").and_then(Value::as_array) {
        return options.iter().map(|option| option_html(&name, option)).collect();
    }
    let value = escape(text("value").unwrap_or_default());
    if flag("mutable") == Some(false) || flag("visible") == Some(false) {
        return format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
    }
    if text("type") == Some("boolean") {
        return format!("<label><input type=\"checkbox\" name=\"{name}\" value=\"true\"> {label}</label>");
    }
    let kind = if flag("secret") == Some(true) { "password" } else { "text" };
    format!("<label>{label} <input type=\"{kind}\" name=\"{name}\" value=\"{value}\"></label>")
}

/// A choice. The value of an object is JSON, with the first option of each nested field.
fn option_html(name: &str, option: &Value) -> String {
    let label = escape(option.get("label").and_then(Value::as_str).unwrap_or_default());
    let value = match option.pointer("/value/form/value").and_then(Value::as_array) {
        Some(fields) => Value::Object(fields.iter().filter_map(first_value).collect()).to_string(),
        None => option.get("value").and_then(Value::as_str).unwrap_or_default().to_owned(),
    };
    format!(
        "<label><input type=\"radio\" name=\"{name}\" value=\"{}\" required> {label}</label>",
        escape(&value)
    )
}

fn first_value(field: &Value) -> Option<(String, Value)> {
    let name = field.get("name")?.as_str()?.to_owned();
    let value = field.get("value").or_else(|| field.pointer("/options/0/value"))?;
    Some((name, value.clone()))
}

/// The body that the sign-in endpoints take, from the fields of a form: dots nest, and objects are JSON.
fn answer_body(fields: &Fields) -> Value {
    let mut body = Map::new();
    for (name, text) in fields.iter().filter(|(name, _)| *name != "path") {
        let value = serde_json::from_str(text).ok().filter(Value::is_object).unwrap_or_else(|| json!(text));
        match name.split_once('.') {
            Some((object, member)) => {
                let object = body.entry(object).or_insert_with(|| json!({}));
                if let Some(object) = object.as_object_mut() {
                    object.insert(member.to_owned(), value);
                }
            }
            None => drop(body.insert(name.clone(), value)),
        }
    }
    Value::Object(body)
}

fn expired_page() -> Response {
    page(400, "This sign-in has expired", "Return to the app and begin again.")
}

#[cfg(test)]
mod tests {
    use super::{answer_body, field_html};
    use crate::oauth::client_auth::Fields;
    use serde_json::json;

    #[test]
    fn the_fields_of_a_form_become_the_body_of_an_answer() {
        let fields = [
            ("path", "challenge"),
            ("identifier", "mary"),
            ("credentials.passcode", "123456"),
            ("authenticator", "{\"id\":\"aut1\",\"methodType\":\"sms\"}"),
        ];
        let fields: Fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let body = json!({
            "identifier": "mary",
            "credentials": {"passcode": "123456"},
            "authenticator": {"id": "aut1", "methodType": "sms"},
        });
        assert_eq!(answer_body(&fields), body);
    }

    #[test]
    fn a_value_in_a_form_is_escaped() {
        let field = json!({"name": "identifier", "label": "Name", "value": "\"><script>"});
        assert!(!field_html("", &field).contains("<script>"));
    }
}
