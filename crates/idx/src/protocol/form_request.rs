//! The request that a filled form becomes, as a value: nothing is sent here.

use std::fmt;

use http::Method;
use serde_json::{Map, Value};

use super::ion::Ion;

/// A filled form of a document. `{:?}` prints where it goes, not what it carries.
#[derive(Clone, PartialEq)]
pub struct FormRequest {
    /// The method.
    pub method: Method,
    /// The form's address, as it stands in the document.
    pub address: String,
    /// The value of the `Accept` header.
    pub accept: String,
    /// The JSON body.
    pub body: Map<String, Value>,
}

impl FormRequest {
    /// Fills a form. Values that the org has fixed win over the given ones, and those win over the org's presets.
    pub(crate) fn new(form: Ion<'_>, mut given: Map<String, Value>) -> Self {
        for field in form.list("value") {
            let Some(name) = field.text("name") else { continue };
            let own = field.get("value");
            if field.get("mutable").and_then(Ion::as_bool) == Some(false) {
                let fixed = own.filter(|value| !value.is_null()).map_or_else(|| "".into(), Ion::to_value);
                given.insert(name.to_owned(), fixed);
            } else if let Some(preset) = own.filter(|value| value.is_truthy())
                && !given.contains_key(name)
            {
                given.insert(name.to_owned(), preset_value(preset));
            }
        }
        let is_get = form.text("method").is_some_and(|method| method.eq_ignore_ascii_case("GET"));
        let accept = form.text("accepts").filter(|accepts| !accepts.is_empty());
        Self {
            method: if is_get { Method::GET } else { Method::POST },
            address: form.text("href").unwrap_or_default().to_owned(),
            accept: accept.unwrap_or("application/ion+json").to_owned(),
            body: given,
        }
    }
}

/// A preset as it is sent. A nested form becomes an object.
fn preset_value(preset: Ion<'_>) -> Value {
    let nested = preset.form_fields();
    if nested.clone().next().is_none() {
        return preset.to_value();
    }
    let members =
        nested.filter_map(|field| Some((field.text("name")?.to_owned(), preset_value(field.get("value")?))));
    Value::Object(members.collect())
}

impl fmt::Debug for FormRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FormRequest({} {})", self.method, self.address)
    }
}
