//! Types that exist for their schema: what a claim, a preset or a passkey option is, where the API passes JSON on.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value as Json, json};

use crate::value::{Value, Values};

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

/// A challenge for Okta Verify on the device that the browser runs on.
///
/// `LOOPBACK`: for each of `addresses` in turn, `GET ADDRESS/probe` within `probeTimeout`, and where that succeeds
/// `POST ADDRESS/challenge` with `{challengeRequest}` as JSON; a 503 means the next address. Any other method: open `href`. Meanwhile
/// the page polls. To give up, answer `step` with the available step that ends in `-cancel`, with a `reason`.
#[derive(JsonSchema)]
#[schemars(
    rename_all = "camelCase",
    extend("required" = ["method", "addresses", "probeTimeout", "needsPermission"])
)]
#[expect(dead_code, reason = "describes JSON")]
pub(crate) struct DeviceChallengeData {
    method: DeviceMethod,
    /// What Okta Verify signs.
    challenge_request: Option<String>,
    /// Where Okta Verify may listen, in the order in which to try.
    #[schemars(example = &["http://localhost:2000"])]
    addresses: Vec<String>,
    /// In milliseconds.
    probe_timeout: u32,
    /// Whether the browser's permission to reach this device should be checked before.
    needs_permission: bool,
    /// A page of help about that permission.
    permission_help: Option<String>,
    /// The address that opens Okta Verify.
    href: Option<String>,
    /// Where Okta Verify can be downloaded.
    download_href: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename = "DeviceCall", rename_all = "camelCase")]
#[expect(dead_code, reason = "describes JSON")]
pub(crate) struct DeviceCallData {
    /// Where the app may listen, in the order in which to try: `GET /probe` first, then the call.
    #[schemars(example = &["http://localhost:6511"])]
    addresses: Vec<String>,
    /// The path of the call, below the address.
    path: String,
    /// In milliseconds.
    probe_timeout: u32,
    /// What to say if no app answers. Without it the message may have a link.
    fallback: Option<String>,
    /// The key of its translations.
    fallback_key: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(dead_code, reason = "describes JSON")]
enum DeviceMethod {
    Loopback,
    CustomUri,
    UniversalLink,
    AppLink,
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
