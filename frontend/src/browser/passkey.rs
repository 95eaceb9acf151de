//! Passkeys: from the org's data to the browser's API and back, binary values as base64url.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use latchkey_contract::{Value, Values};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Why the device gave no passkey.
pub(crate) enum Refusal {
    /// The person cancelled, or the time was up.
    Cancelled,
    /// This device is set up already.
    Known,
    /// The browser has no passkeys.
    Missing,
}

/// Makes a passkey, on no device that has one of `known`.
pub(crate) async fn make(data: &Value, known: &[String]) -> Result<Values, Refusal> {
    let options = options(data, &MAKING);
    if let Ok(user) = Reflect::get(&options, &"user".into()) {
        set(&user, "id", &bytes(&text(&user, "id")));
    }
    set(&options, "excludeCredentials", &credentials(known));
    let response = ask("create", &options).await?;
    let transports = call(&response, "getTransports").and_then(|list| js_sys::JSON::stringify(&list).ok());
    let answer = [
        ("clientData", part(&response, "clientDataJSON")),
        ("attestation", part(&response, "attestationObject")),
        ("transports", transports.map(String::from)),
    ];
    Ok(values(answer))
}

/// Uses one of the passkeys in `known`, or any that the device has for this site.
pub(crate) async fn get(data: &Value, known: &[String]) -> Result<Values, Refusal> {
    let options = options(data, &USING);
    set(&options, "allowCredentials", &credentials(known));
    let response = ask("get", &options).await?;
    let answer = [
        ("clientData", part(&response, "clientDataJSON")),
        ("authenticatorData", part(&response, "authenticatorData")),
        ("signatureData", part(&response, "signature")),
    ];
    Ok(values(answer))
}

fn values<const N: usize>(parts: [(&str, Option<String>); N]) -> Values {
    let mut values = Values::new();
    for (name, part) in parts {
        if let Some(part) = part {
            values.insert(name.to_owned(), part.into());
        }
    }
    values
}

/// `navigator.credentials.create` or `get`; the answer's `response`.
async fn ask(method: &str, options: &JsValue) -> Result<JsValue, Refusal> {
    let holder = Reflect::get(&window().navigator(), &"credentials".into()).map_err(|_| Refusal::Missing)?;
    let method = Reflect::get(&holder, &method.into()).map_err(|_| Refusal::Missing)?;
    let method: Function = method.dyn_into().map_err(|_| Refusal::Missing)?;
    let request: JsValue = Object::new().into();
    set(&request, "publicKey", options);
    let promise = method.call1(&holder, &request).map_err(|_| Refusal::Missing)?;
    let credential =
        JsFuture::from(promise.unchecked_into::<Promise>()).await.map_err(|error| refusal(&error))?;
    Reflect::get(&credential, &"response".into()).map_err(|_| Refusal::Cancelled)
}

fn refusal(error: &JsValue) -> Refusal {
    match text(error, "name").as_str() {
        "InvalidStateError" => Refusal::Known,
        "NotSupportedError" | "SecurityError" => Refusal::Missing,
        _ => Refusal::Cancelled,
    }
}

fn credentials(known: &[String]) -> JsValue {
    let list = Array::new();
    for id in known {
        let entry: JsValue = Object::new().into();
        set(&entry, "type", &"public-key".into());
        set(&entry, "id", &bytes(id));
        list.push(&entry);
    }
    list.into()
}

/// What a new passkey is made from. An org sends more than that: of the extensions it names, some are refused on any origin
/// but its own.
const MAKING: [&str; 7] =
    ["rp", "user", "challenge", "pubKeyCredParams", "attestation", "authenticatorSelection", "hints"];
/// What a passkey is asked for.
const USING: [&str; 4] = ["challenge", "userVerification", "rpId", "hints"];

fn options(data: &Value, wanted: &[&str]) -> JsValue {
    let options: JsValue = Object::new().into();
    if let Value::Object(members) = data {
        for (name, inner) in members.iter().filter(|(name, _)| wanted.contains(&name.as_str())) {
            set(&options, name, &object(inner));
        }
    }
    set(&options, "challenge", &bytes(&text(&options, "challenge")));
    options
}

/// The org's data as the browser's own object.
fn object(value: &Value) -> JsValue {
    match value {
        Value::Bool(flag) => (*flag).into(),
        Value::Integer(number) => (*number as f64).into(),
        Value::Number(number) => (*number).into(),
        Value::Text(words) => words.into(),
        Value::List(items) => items.iter().map(object).collect::<Array>().into(),
        Value::Object(members) => {
            let object_: JsValue = Object::new().into();
            for (name, inner) in members.iter() {
                set(&object_, name, &object(inner));
            }
            object_
        }
    }
}

fn set(target: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(target, &name.into(), value);
}

fn text(target: &JsValue, name: &str) -> String {
    Reflect::get(target, &name.into()).ok().and_then(|inner| inner.as_string()).unwrap_or_default()
}

fn call(target: &JsValue, name: &str) -> Option<JsValue> {
    let method = Reflect::get(target, &name.into()).ok()?.dyn_into::<Function>().ok()?;
    method.call0(target).ok()
}

fn part(response: &JsValue, name: &str) -> Option<String> {
    let inner = Reflect::get(response, &name.into()).ok()?;
    Some(base64url(&Uint8Array::new(&inner).to_vec()))
}

fn bytes(words: &str) -> JsValue {
    Uint8Array::from(unbase64url(words).as_slice()).into()
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn base64url(bytes: &[u8]) -> String {
    let letter = |bits: u32| ALPHABET.get((bits & 63) as usize).copied().map(char::from);
    let mut words = String::new();
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().fold(0, |bits, byte| (bits << 8) | u32::from(*byte)) << (8 * (3 - chunk.len()));
        let letters = [letter(bits >> 18), letter(bits >> 12), letter(bits >> 6), letter(bits)];
        words.extend(letters.into_iter().take(chunk.len() + 1).flatten());
    }
    words
}

/// Takes base64 of both alphabets, with or without padding.
fn unbase64url(words: &str) -> Vec<u8> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for letter in words.bytes() {
        let letter = match letter {
            b'+' => b'-',
            b'/' => b'_',
            other => other,
        };
        let Some(value) = ALPHABET.iter().position(|known| *known == letter) else { continue };
        bits = (bits << 6) | value as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive_base64url() {
        for length in 0..=65_u8 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(37)).collect();
            assert_eq!(unbase64url(&base64url(&bytes)), bytes);
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
        assert_eq!(unbase64url("+/8="), [0xfb, 0xff]);
    }
}
