//! An example of each call: what a page sends, and what it gets.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The examples by method and path.
const FILE: &str = include_str!("examples.json");

/// The examples of all calls.
pub(super) struct Examples(BTreeMap<String, Example>);

/// The example of one call.
#[derive(Deserialize)]
pub(super) struct Example {
    /// The body that the page sends, if the call has one.
    pub(super) request: Option<Value>,
    /// The body of the successful response, if it has one.
    pub(super) response: Option<Value>,
}

impl Examples {
    pub(super) fn read() -> Self {
        Self(serde_json::from_str(FILE).unwrap_or_default())
    }

    /// The example of this call.
    pub(super) fn of(&self, method: &str, path: &str) -> Option<&Example> {
        self.0.get(&format!("{} {path}", method.to_uppercase()))
    }
}

#[cfg(test)]
mod tests {
    use super::Examples;
    use crate::api::openapi::document;
    use serde_json::{Map, Value, json};

    const JSON: &str = "/content/application~1json";

    /// Asserts that the schema describes the value. It reads what our schemas are made of.
    fn assert_fits(schema: &Value, value: &Value, schemas: &Value, at: &str) {
        assert!(fits(schema, value, schemas), "{at}: {schema} does not describe {value}");
    }

    fn fits(schema: &Value, value: &Value, schemas: &Value) -> bool {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            return fits(&schemas[name], value, schemas);
        }
        if let Some(alternatives) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            return alternatives.iter().any(|one| fits(one, value, schemas));
        }
        let is_member = |(name, member): (&String, &Value)| match schema["properties"].get(name) {
            Some(inner) => fits(inner, member, schemas),
            None => schema["additionalProperties"] != json!(false),
        };
        let mut required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        has_type(&schema["type"], value)
            && schema["enum"].as_array().is_none_or(|allowed| allowed.contains(value))
            && required.all(|name| value.get(name).is_some())
            && value.as_object().into_iter().flatten().all(is_member)
            && value.as_array().into_iter().flatten().all(|item| fits(&schema["items"], item, schemas))
    }

    fn has_type(wanted: &Value, value: &Value) -> bool {
        let is = |name: &str| match name {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            other => panic!("{other}"),
        };
        match wanted {
            Value::String(name) => is(name),
            Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
            _ => true,
        }
    }

    fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
        let paths = document["paths"].as_object().into_iter().flatten();
        paths.flat_map(|(path, methods)| {
            let methods = methods.as_object().into_iter().flatten();
            methods.map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
        })
    }

    #[test]
    fn every_body_has_an_example_that_its_schema_describes() {
        let document = document();
        let schemas = &document["components"]["schemas"];
        let mut shown = Map::new();
        for (call, operation) in operations(&document) {
            let request = operation["requestBody"].pointer(JSON);
            let response = operation["responses"]["200"].pointer(JSON);
            for body in request.into_iter().chain(response) {
                // The description of the API is no example of itself.
                if call != "GET /api/openapi.json" {
                    assert_fits(&body["schema"], &body["example"], schemas, &call);
                    assert!(body.get("example").is_some(), "{call} has no example");
                    shown.insert(call.clone(), Value::Null);
                }
            }
        }
        assert!(Examples::read().0.keys().eq(shown.keys()), "an example belongs to no call");
    }
}
