//! What is sent to the org: requests as values, built without sending anything.

use std::fmt;

use serde_json::{Map, Value};

use crate::ion::Ion;

/// A request to the org. `{:?}` prints where it goes, not what it carries.
#[derive(Clone)]
pub struct Request {
    /// The verb.
    pub verb: Verb,
    /// The whole address.
    pub url: String,
    /// Names in lower case, and values.
    pub headers: Vec<(&'static str, String)>,
    /// What it carries.
    pub body: Body,
    /// Which flow of ours it moves on, for a transport that counts. It is not sent.
    pub flow: Option<Mark>,
}

/// Tells the flows apart, and says nothing about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mark(u64);

/// The two verbs there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Reads.
    Get,
    /// Does something.
    Post,
}

/// What a request carries.
#[derive(Clone)]
pub enum Body {
    /// Nothing.
    Empty,
    /// A JSON object.
    Json(Map<String, Value>),
    /// A form of the older kind.
    Form(Vec<(&'static str, String)>),
}

impl Mark {
    /// The mark of a flow whose state is this: it is chance from its first letter on.
    #[must_use]
    pub fn of_state(state: &str) -> Self {
        Self(state.bytes().take(8).fold(0, |mark, byte| mark << 8 | u64::from(byte)))
    }
}

impl Request {
    /// Fills a form of a document. What the org has fixed wins over what is given, and what is given over its presets.
    pub(crate) fn form(form: Ion<'_>, mut given: Map<String, Value>) -> Self {
        for field in form.list("value") {
            let Some(name) = field.text("name") else { continue };
            let own = field.get("value");
            if field.get("mutable").and_then(Ion::as_bool) == Some(false) {
                let fixed = own.filter(|value| !value.is_null()).map_or_else(|| "".into(), Ion::to_value);
                given.insert(name.to_owned(), fixed);
            } else if let Some(preset) = own.filter(|value| value.is_set())
                && !given.contains_key(name)
            {
                given.insert(name.to_owned(), plain(preset));
            }
        }
        let accept =
            form.text("accepts").filter(|accepts| !accepts.is_empty()).unwrap_or("application/ion+json");
        Self {
            verb: if form.text("method").is_some_and(|method| method.eq_ignore_ascii_case("GET")) {
                Verb::Get
            } else {
                Verb::Post
            },
            url: form.text("href").unwrap_or_default().to_owned(),
            headers: vec![("content-type", "application/json".into()), ("accept", accept.to_owned())],
            body: Body::Json(given),
            flow: None,
        }
    }

    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_str())
    }
}

impl Verb {
    /// The verb as HTTP spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

impl Body {
    /// The bytes that go over the wire.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Empty => Vec::new(),
            // A map of text to JSON cannot fail to be written.
            Self::Json(members) => serde_json::to_vec(members).unwrap_or_default(),
            Self::Form(pairs) => {
                url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes()
            }
        }
    }
}

/// A preset as it is sent: a nested form is sent as the object it stands for.
fn plain(preset: Ion<'_>) -> Value {
    let nested = preset.form_fields();
    if nested.clone().next().is_none() {
        return preset.to_value();
    }
    let named = nested.filter_map(|field| Some((field.text("name")?.to_owned(), plain(field.get("value")?))));
    Value::Object(named.collect())
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({} {})", self.verb.as_str(), self.url)
    }
}
