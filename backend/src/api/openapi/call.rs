//! One call of the API, and how the document describes it.

use super::examples::Examples;
use latchkey_contract::ProblemCode;
use serde_json::{Map, Value, json};

/// One call.
pub(super) struct ApiCall {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) summary: &'static str,
    pub(super) body: Option<&'static str>,
    pub(super) success: Success,
    /// Its problems, besides those of every call.
    pub(super) problems: &'static [ProblemCode],
}

/// The successful response of a call.
pub(super) enum Success {
    /// 200 and this schema.
    Json(&'static str),
    /// 200 and this schema, or 204.
    JsonOrNothing(&'static str),
    /// 204.
    Nothing,
}

/// The problems of every call.
const ALWAYS: [ProblemCode; 7] = [
    ProblemCode::InvalidRequest,
    ProblemCode::Csrf,
    ProblemCode::WrongHost,
    ProblemCode::RateLimited,
    ProblemCode::Internal,
    ProblemCode::Overloaded,
    ProblemCode::StoreUnavailable,
];
/// The problems of every call with a body.
const BODY: [ProblemCode; 2] = [ProblemCode::TooLarge, ProblemCode::UnsupportedMediaType];

impl ApiCall {
    /// The operation in the document.
    pub(super) fn describe(&self, examples: &Examples) -> Value {
        let example = examples.of(self.method, self.path);
        let of_body = BODY.iter().filter(|_| self.body.is_some());
        let mut operation = operation(self.summary, of_body.chain(self.problems).copied());
        if let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) {
            parameters.extend(path_parameters(self.path));
        }
        let success = match self.success {
            Success::Json(schema) | Success::JsonOrNothing(schema) => {
                let example = example.and_then(|example| example.response.as_ref());
                json!({"description": "The answer", "content": json_content(schema, example)})
            }
            Success::Nothing => json!({"description": "Done"}),
        };
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        if let Some(responses) = responses {
            let status = if matches!(self.success, Success::Nothing) { "204" } else { "200" };
            responses.insert(status.to_owned(), success);
            if matches!(self.success, Success::JsonOrNothing(_)) {
                responses.insert("204".to_owned(), json!({"description": "There is no flow"}));
            }
        }
        if let (Some(schema), Some(operation)) = (self.body, operation.as_object_mut()) {
            let content = json_content(schema, example.and_then(|example| example.request.as_ref()));
            operation.insert("requestBody".to_owned(), json!({"required": true, "content": content}));
        }
        if self.path.starts_with("/api/idx") && self.problems.contains(&ProblemCode::StaleStep) {
            let named = json!({
                "name": "X-Transaction", "in": "header", "required": false,
                "description": "The flow and its step, as the last answer named them; the latest flow, without",
                "schema": {"type": "string", "pattern": "^[0-9a-f]{24}\\.[0-9]{1,9}$"}
            });
            if let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) {
                parameters.push(named);
            }
        }
        if self.path == "/api/session" {
            let manner = json!({
                "name": "touch", "in": "query", "required": false,
                "description": "0: does not extend the session",
                "schema": {"type": "string", "enum": ["0", "1"]}
            });
            if let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) {
                parameters.push(manner);
            }
        }
        operation
    }
}

/// An operation with the header of every call, and with the problems of every call beside its own.
pub(super) fn operation(summary: &str, problems: impl Iterator<Item = ProblemCode>) -> Value {
    let responses = described(ALWAYS.into_iter().chain(problems).collect());
    json!({
        "summary": summary,
        "parameters": [{
            "name": "X-CSRF", "in": "header", "required": true, "schema": {"type": "string", "const": "1"}
        }],
        "responses": responses
    })
}

/// The parameters in the path.
fn path_parameters(path: &str) -> impl Iterator<Item = Value> {
    let names = path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    names.map(|name| {
        json!({"name": name, "in": "path", "required": true,
               "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[A-Za-z0-9_-]+$"}})
    })
}

/// The problems by status, with their codes.
pub(super) fn described(mut codes: Vec<ProblemCode>) -> Map<String, Value> {
    codes.sort_by_key(|code| (code.status(), code.name()));
    let mut responses = Map::new();
    for code in &codes {
        let names: Vec<_> =
            codes.iter().filter(|other| other.status() == code.status()).map(|code| code.name()).collect();
        responses.insert(code.status().to_string(), problem(&names.join(", ")));
    }
    responses
}

/// A body in JSON.
fn json_content(schema: &str, example: Option<&Value>) -> Value {
    let mut body = json!({"schema": reference(schema)});
    if let (Some(body), Some(example)) = (body.as_object_mut(), example) {
        body.insert("example".to_owned(), example.clone());
    }
    json!({"application/json": body})
}

pub(super) fn problem(description: &str) -> Value {
    json!({"description": description, "content": {"application/problem+json": {"schema": reference("Problem")}}})
}

pub(super) fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}
