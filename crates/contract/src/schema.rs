//! JSON Schemas of the types, for OpenAPI 3.1. Names, closed sets, examples and descriptions come from the types themselves.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value as Json, json};

use crate::{OwnSessions, Problem, Session, Transaction, Value, Values};

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
        SchemaGenerator::subschema_for::<Session>,
        SchemaGenerator::subschema_for::<OwnSessions>,
    ] {
        add(&mut generator);
    }
    let mut schemas = generator.take_definitions(true);
    schemas.values_mut().for_each(simplify);
    schemas
}

impl JsonSchema for Value {
    fn schema_name() -> Cow<'static, str> {
        "JsonValue".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<Self>();
        json_schema!({
            "description": "A JSON value other than null.",
            "type": ["boolean", "number", "string", "array", "object"],
            "items": value,
            "additionalProperties": value,
        })
    }
}

impl JsonSchema for Values {
    fn schema_name() -> Cow<'static, str> {
        "JsonObject".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object", "additionalProperties": generator.subschema_for::<Value>()})
    }
}

/// A text, a truth value or a number.
#[derive(JsonSchema)]
#[schemars(extend("type" = ["string", "boolean", "number"]))]
pub(crate) struct SimpleValue;

/// Claims about a person: the standard claims of OpenID Connect, and any other claim that the org adds.
#[derive(JsonSchema)]
#[schemars(rename = "User", extend("required" = ["sub"], "additionalProperties" = reference("JsonValue")))]
#[expect(dead_code, reason = "describes claims, which are kept as values by name")]
pub(crate) struct PersonClaims {
    /// The person's id.
    #[schemars(example = &"00u1a2b3c4D5E6F7g8h9")]
    sub: String,
    /// The full name.
    #[schemars(example = &"Mary Major")]
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    nickname: Option<String>,
    /// The username.
    preferred_username: Option<String>,
    #[schemars(example = &"mary@example.com")]
    email: Option<String>,
    email_verified: Option<bool>,
    phone_number: Option<String>,
    /// The language, such as `en-US`.
    locale: Option<String>,
    /// The time zone, such as `Europe/Berlin`.
    zoneinfo: Option<String>,
    /// Seconds since 1970.
    updated_at: Option<i64>,
}

/// The options of `navigator.credentials.create()`, as JSON (WebAuthn `PublicKeyCredentialCreationOptionsJSON`).
#[derive(JsonSchema)]
#[schemars(
    rename_all = "camelCase",
    extend("required" = ["challenge"], "additionalProperties" = reference("JsonValue"))
)]
#[expect(dead_code, reason = "describes options, which are passed on as the org sends them")]
pub(crate) struct PasskeyCreation {
    /// In base64url.
    #[schemars(example = &"G7bIvwrJJ33WCEp6GGSH")]
    challenge: String,
    /// The relying party.
    rp: Option<Value>,
    /// The person, with an `id` in base64url.
    user: Option<Value>,
    /// The accepted algorithms.
    pub_key_cred_params: Option<Vec<KeyAlgorithm>>,
    /// The credentials that the person has already.
    exclude_credentials: Option<Vec<CredentialDescriptor>>,
    authenticator_selection: Option<Value>,
    attestation: Option<Attestation>,
    /// In milliseconds.
    timeout: Option<f64>,
    extensions: Option<Value>,
}

/// The options of `navigator.credentials.get()`, as JSON (WebAuthn `PublicKeyCredentialRequestOptionsJSON`).
#[derive(JsonSchema)]
#[schemars(
    rename_all = "camelCase",
    extend("required" = ["challenge"], "additionalProperties" = reference("JsonValue"))
)]
#[expect(dead_code, reason = "describes options, which are passed on as the org sends them")]
pub(crate) struct PasskeyRequest {
    /// In base64url.
    #[schemars(
        example = &"vdCxImCygaKmXS3S_2WwgqF1LLZ4i_2MKYfAbrNByJOOmSyRD_STj6VfhLQsLdLrIdgvdP5EmO1n9Tuw5BawZt"
    )]
    challenge: String,
    rp_id: Option<String>,
    /// The credentials that may be used.
    allow_credentials: Option<Vec<CredentialDescriptor>>,
    user_verification: Option<UserVerification>,
    /// In milliseconds.
    timeout: Option<f64>,
    extensions: Option<Value>,
}

#[derive(JsonSchema)]
#[schemars(extend("additionalProperties" = reference("JsonValue")))]
#[expect(dead_code, reason = "describes JSON")]
struct KeyAlgorithm {
    r#type: CredentialType,
    /// A COSE algorithm identifier.
    #[schemars(example = -7)]
    alg: i32,
}

#[derive(JsonSchema)]
#[schemars(extend("additionalProperties" = reference("JsonValue")))]
#[expect(dead_code, reason = "describes JSON")]
struct CredentialDescriptor {
    r#type: CredentialType,
    /// In base64url.
    id: String,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
#[expect(dead_code, reason = "describes JSON")]
enum CredentialType {
    PublicKey,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes JSON")]
enum UserVerification {
    Required,
    Preferred,
    Discouraged,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes JSON")]
enum Attestation {
    None,
    Indirect,
    Direct,
    Enterprise,
}

fn reference(name: &str) -> Json {
    json!({"$ref": format!("#/components/schemas/{name}")})
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
