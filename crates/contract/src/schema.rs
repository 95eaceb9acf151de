//! JSON Schemas of the types, for OpenAPI 3.1. Names, closed sets, examples and descriptions come from the types themselves.

use std::borrow::Cow;

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json, json};

use crate::account::{Account, AccountPasskey, AccountPhone, EmailChallenge, PasskeyRegistrationOptions};
use crate::captcha::CaptchaTask;
use crate::problem::Problem;
use crate::session::{OwnSessions, Session};
use crate::transaction::Transaction;

/// The schemas of all responses by component name. They refer to each other as `#/components/schemas/NAME`.
pub fn schemas() -> Map<String, Json> {
    let settings = SchemaSettings::draft2020_12().for_serialize().with(|settings| {
        settings.definitions_path = Cow::Borrowed("/components/schemas");
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    for add in [
        SchemaGenerator::subschema_for::<Transaction>,
        SchemaGenerator::subschema_for::<Problem>,
        SchemaGenerator::subschema_for::<CaptchaTask>,
        SchemaGenerator::subschema_for::<Session>,
        SchemaGenerator::subschema_for::<OwnSessions>,
        SchemaGenerator::subschema_for::<Account>,
        SchemaGenerator::subschema_for::<AccountPasskey>,
        SchemaGenerator::subschema_for::<AccountPhone>,
        SchemaGenerator::subschema_for::<EmailChallenge>,
        SchemaGenerator::subschema_for::<PasskeyRegistrationOptions>,
    ] {
        add(&mut generator);
    }
    let mut schemas = generator.take_definitions(true);
    schemas.values_mut().for_each(simplify);
    schemas
}

/// Makes a generated schema as strict and as short as the API is.
///
/// The API leaves absent members out instead of sending null, sends no defaults, and has no members that are not described.
fn simplify(schema: &mut Json) {
    if let Json::Object(object) = schema {
        object.remove("default");
        remove_null(object);
        list_enum(object);
        if object.contains_key("properties") {
            object.entry("additionalProperties").or_insert(Json::Bool(false));
        }
        object.iter_mut().filter(|(name, _)| *name != "examples").for_each(|(_, inner)| simplify(inner));
    } else if let Json::Array(items) = schema {
        items.iter_mut().for_each(simplify);
    }
}

fn remove_null(object: &mut Map<String, Json>) {
    if let Some(Json::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [single] = types.as_slice() {
            let single = single.clone();
            object.insert("type".to_owned(), single);
        }
    }
    if let Some(Json::Array(alternatives)) = object.get_mut("anyOf") {
        alternatives.retain(|alternative| *alternative != json!({"type": "null"}));
        if let [Json::Object(single)] = alternatives.as_slice() {
            let single = single.clone();
            object.remove("anyOf");
            object.extend(single);
        }
    }
}

/// Turns alternatives of one constant each into an `enum`, with their descriptions as a list.
fn list_enum(object: &mut Map<String, Json>) {
    let alternatives = ["oneOf", "anyOf"].into_iter().find_map(|name| object.get(name)?.as_array());
    let Some(alternatives) = alternatives else { return };
    let constants: Option<Vec<Json>> = alternatives.iter().map(|one| one.get("const").cloned()).collect();
    let Some(constants) = constants else { return };
    let mut description = object.get("description").and_then(Json::as_str).unwrap_or_default().to_owned();
    for one in alternatives {
        let text = |name| one.get(name).and_then(Json::as_str).unwrap_or_default();
        description.push_str(&format!("\n- `{}`: {}", text("const"), text("description")));
    }
    object.retain(|name, _| name != "oneOf" && name != "anyOf");
    object.extend([
        ("type".to_owned(), json!("string")),
        ("enum".to_owned(), Json::Array(constants)),
        ("description".to_owned(), json!(description)),
    ]);
}
