//! The forms of the org's own sign-in page, in HTML that needs no script.

use serde_json::{Map, Value, json};

use super::pages::escape;
use crate::oauth::client_auth::Fields;

/// The texts of a document's messages.
pub(super) fn messages(document: &Value) -> impl Iterator<Item = &str> {
    let messages = document.pointer("/messages/value").and_then(Value::as_array);
    messages.into_iter().flatten().filter_map(|message| message.get("message")?.as_str())
}

/// Every form of a document that a person can fill without a script.
pub(super) fn forms(document: &Value, handle: &str) -> String {
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
    let form_with = |fields: String, buttons: &str| {
        format!(
            "<form method=\"post\" action=\"/signin/{handle}\"><input type=\"hidden\" name=\"path\" value=\"{}\">{fields}{buttons}</form>",
            escape(path),
        )
    };
    let button = |label: &str| format!("<button>{}</button>", escape(label));
    let html_of = |fields: &[&Value]| fields.iter().map(|field| field_html("", field)).collect::<String>();
    if let Some(buttons) = fields.iter().find_map(|field| decision_buttons(field)) {
        let rest: Vec<&Value> =
            fields.iter().filter(|field| decision_buttons(field).is_none()).copied().collect();
        let details = format!("{}{}", scopes(form), request_details(form));
        return Some(form_with(format!("{details}{}", html_of(&rest)), &buttons));
    }
    Some(match fields.iter().find_map(|field| typed_alternatives(field)) {
        Some((name, options)) => options
            .iter()
            .map(|option| {
                let inner =
                    option.pointer("/value/form/value").and_then(Value::as_array).into_iter().flatten();
                let fields = inner.map(|inner| field_html(&format!("{name}."), inner)).collect();
                form_with(fields, &button(option.get("label").and_then(Value::as_str).unwrap_or(&label)))
            })
            .collect(),
        None => form_with(html_of(&fields), &button(&label)),
    })
}

/// The scopes that a consent is about.
fn scopes(form: &Value) -> String {
    let scopes = form.get("scopes").and_then(Value::as_array).into_iter().flatten();
    list(scopes.filter_map(|scope| Some(scope.get("label")?.as_str()?.to_owned())))
}

/// The request that a mailed link is for.
fn request_details(form: &Value) -> String {
    let details = form.get("requestInfo").and_then(Value::as_array).into_iter().flatten();
    let text = |detail: &Value| {
        Some(format!("{}: {}", detail.get("label")?.as_str()?, detail.get("value")?.as_str()?))
    };
    list(details.filter_map(text))
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items: String = items.map(|item| format!("<li>{}</li>", escape(&item))).collect();
    if items.is_empty() { items } else { format!("<ul>{items}</ul>") }
}

/// The buttons of a field that decides for the whole form: yes or no, each a button.
fn decision_buttons(field: &Value) -> Option<String> {
    if field.get("type").and_then(Value::as_str) != Some("boolean") {
        return None;
    }
    let name = field.get("name")?.as_str()?;
    let button = |label: &str, value: bool| {
        format!("<button name=\"{}\" value=\"{value}\">{}</button> ", escape(name), escape(label))
    };
    match field.get("options").and_then(Value::as_array) {
        Some(options) => {
            let decision = |option: &Value| {
                Some(button(option.get("label")?.as_str()?, option.get("value")?.as_bool()?))
            };
            options.iter().map(decision).collect()
        }
        // Its buttons are those of the page.
        None if field.get("visible") == Some(&json!(false)) && field.get("value").is_none() => {
            Some(button("Allow Access", true) + &button("Don't Allow", false))
        }
        None => None,
    }
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
    let value = escape(&field.get("value").map(plain_text).unwrap_or_default());
    let is_fixed = flag("mutable") == Some(false);
    if text("type") == Some("boolean") && flag("visible") != Some(false) {
        let checked = if flag("value") == Some(true) { " checked" } else { "" };
        let input = format!("<input type=\"checkbox\" name=\"{name}\" value=\"true\"{checked}");
        // A browser does not send a disabled field.
        return if is_fixed {
            format!(
                "<input type=\"hidden\" name=\"{name}\" value=\"{value}\"><label>{input} disabled> {label}</label>"
            )
        } else {
            format!("<label>{input}> {label}</label>")
        };
    }
    if is_fixed || flag("visible") == Some(false) {
        return format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
    }
    let kind = if flag("secret") == Some(true) { "password" } else { "text" };
    format!("<label>{label} <input type=\"{kind}\" name=\"{name}\" value=\"{value}\"></label>")
}

/// A choice. The value of an object is JSON, with the first option of each nested field.
fn option_html(name: &str, option: &Value) -> String {
    let label = escape(option.get("label").and_then(Value::as_str).unwrap_or_default());
    let value = match option.pointer("/value/form/value").and_then(Value::as_array) {
        Some(fields) => Value::Object(fields.iter().filter_map(first_value).collect()).to_string(),
        None => option.get("value").map(plain_text).unwrap_or_default(),
    };
    format!(
        "<label><input type=\"radio\" name=\"{name}\" value=\"{}\" required> {label}</label>",
        escape(&value)
    )
}

/// A value as a form sends it: text without quotes, and anything else as JSON.
fn plain_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn first_value(field: &Value) -> Option<(String, Value)> {
    let name = field.get("name")?.as_str()?.to_owned();
    let value = field.get("value").or_else(|| field.pointer("/options/0/value"))?;
    Some((name, value.clone()))
}

/// The body that the sign-in endpoints take, from the fields of a form: dots nest, and objects are JSON.
pub(super) fn answer_body(fields: &Fields) -> Value {
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
