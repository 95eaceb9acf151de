//! Redaction of a recorded flow: what stays is the structure of each document and the words of the protocol.
//!
//! Two rules hold. A text stays only at a place for names, and only if it has the form of a name. And no text stays that
//! contains what the person typed, or what the org knows about the person or the flow.

use super::words::{is_name, is_protocol_word};
use serde_json::{Map, Number, Value};
use std::collections::{BTreeMap, BTreeSet};
use url::{Origin, Url};

/// Stands for the origin of the org.
pub(super) const ORG: &str = "{org}";
/// Stands for the flow's state handle.
pub(super) const STATE_HANDLE: &str = "{stateHandle}";
/// Stands for addresses that are not the org's.
const ELSEWHERE: &str = "https://elsewhere.invalid/";
/// Stands for images: one white pixel.
const PIXEL: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2ZQAAAABJRU5ErkJggg==";

/// Members whose inside is about the person: no text in it stays, and none of its words elsewhere.
const PERSON_MEMBERS: [&str; 2] = ["user", "profile"];
/// Members whose inside is about the app, the device or the challenge: no text in it stays.
const PRIVATE_MEMBERS: [&str; 7] =
    ["app", "idp", "params", "contextualData", "client", "authentication", "device"];
/// Members with names as their text.
const NAME_MEMBERS: [&str; 15] = [
    "name",
    "type",
    "kind",
    "method",
    "class",
    "key",
    "intent",
    "format",
    "rel",
    "errorCode",
    "error",
    "relatesTo",
    "accepts",
    "produces",
    "version",
];
/// Members with settings as their number.
const NUMBER_MEMBERS: [&str; 11] = [
    "minLength",
    "maxLength",
    "refresh",
    "minLowerCase",
    "minUpperCase",
    "minNumber",
    "minSymbol",
    "minAgeMinutes",
    "historyCount",
    "maxConsecutiveRepeatingCharacters",
    "probeTimeoutMillis",
];
/// A greater number could be a code.
const MAX_NUMBER: u64 = 99_999;
/// A shorter text is private as a whole only, not inside another one.
const MIN_PART_BYTES: usize = 4;
/// Folders of addresses of the org.
const FOLDERS: [&str; 14] = [
    "idp",
    "idx",
    "oauth2",
    "default",
    "sso",
    "idps",
    "login",
    "token",
    "redirect",
    "signin",
    "email",
    "verify",
    "activate",
    "authorize",
];

/// What is known to be private, and the replacements so far.
pub(super) struct Redaction {
    org: Origin,
    /// What the person typed, and texts about the person, with their words.
    of_person: BTreeSet<String>,
    /// Other texts that are private as a whole.
    whole: BTreeSet<String>,
    state_handles: BTreeSet<String>,
    replacements: BTreeMap<String, usize>,
}

/// What a value is inside of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Surroundings {
    /// The document, at a place for the protocol's own.
    Document,
    /// One of its members in which no text stays.
    PrivateMember,
}

impl Redaction {
    pub(super) fn new(org: Origin) -> Self {
        Self {
            org,
            of_person: BTreeSet::new(),
            whole: BTreeSet::new(),
            state_handles: BTreeSet::new(),
            replacements: BTreeMap::new(),
        }
    }

    /// Learns from the body of a request: the person typed its values.
    pub(super) fn learn_request(&mut self, body: &Value) {
        for_each_text(body, &mut |text| self.learn_of_person(text));
    }

    /// Learns from a document: values of fields, handles, and everything about the person.
    pub(super) fn learn_document(&mut self, document: &Value) {
        match document {
            Value::Array(items) => items.iter().for_each(|item| self.learn_document(item)),
            Value::Object(members) => {
                members.iter().for_each(|(key, value)| self.learn_member(members, key, value));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn learn_member(&mut self, siblings: &Map<String, Value>, key: &str, value: &Value) {
        match value {
            Value::String(handle) if key == "stateHandle" => {
                self.state_handles.insert(handle.clone());
                self.learn_whole(handle);
            }
            Value::String(text) if key == "value" && is_open_field(siblings) => self.learn_of_person(text),
            Value::String(text) if key == "id" => self.learn_whole(text),
            value if PERSON_MEMBERS.contains(&key) => {
                for_each_text(value, &mut |text| self.learn_of_person(text));
            }
            value if PRIVATE_MEMBERS.contains(&key) => {
                for_each_text(value, &mut |text| self.learn_whole(text));
            }
            value => self.learn_document(value),
        }
    }

    /// A text about the person is private as a whole and in its words, unless they are words of the protocol.
    fn learn_of_person(&mut self, text: &str) {
        let words = text.split(|letter: char| !letter.is_alphanumeric());
        let long_words = words.filter(|word| word.len() >= MIN_PART_BYTES);
        for part in long_words.chain([text]).map(str::to_lowercase) {
            if !part.is_empty() && !is_protocol_word(&part) {
                self.of_person.insert(part);
            }
        }
    }

    fn learn_whole(&mut self, text: &str) {
        if !text.is_empty() && !is_protocol_word(text) {
            self.whole.insert(text.to_lowercase());
        }
    }

    /// The document without anything private.
    pub(super) fn document(&mut self, document: &Value) -> Value {
        self.value("", document, Surroundings::Document)
    }

    /// The path of a call.
    pub(super) fn path(&mut self, path: &str) -> String {
        let segments = path.split('/').map(|segment| match segment {
            "" => String::new(),
            segment => self.segment(segment),
        });
        segments.collect::<Vec<_>>().join("/")
    }

    /// The names of the values in the body of a request, such as `credentials.passcode`.
    pub(super) fn input_names(&mut self, body: &Value) -> Vec<String> {
        let mut names = Vec::new();
        self.collect_names("", body, &mut names);
        names
    }

    fn collect_names(&mut self, path: &str, body: &Value, names: &mut Vec<String>) {
        let Value::Object(members) = body else {
            names.push(path.to_owned());
            return;
        };
        for (key, value) in members.iter().filter(|(key, _)| *key != "stateHandle") {
            let key = self.name(key);
            let path = if path.is_empty() { key } else { format!("{path}.{key}") };
            self.collect_names(&path, value, names);
        }
    }

    fn value(&mut self, key: &str, value: &Value, inside: Surroundings) -> Value {
        match value {
            Value::Null | Value::Bool(_) => value.clone(),
            Value::Number(number) => {
                Value::Number(self.number(key, number, inside).unwrap_or_else(|| 0.into()))
            }
            Value::String(text) => Value::String(self.text(key, text, inside)),
            Value::Array(items) => items.iter().map(|item| self.value(key, item, inside)).collect(),
            Value::Object(members) => Value::Object(self.members(members, inside)),
        }
    }

    fn members(&mut self, members: &Map<String, Value>, inside: Surroundings) -> Map<String, Value> {
        let redacted = members.iter().map(|(key, value)| {
            let is_private =
                PERSON_MEMBERS.contains(&key.as_str()) || PRIVATE_MEMBERS.contains(&key.as_str());
            let inside = if is_private { Surroundings::PrivateMember } else { inside };
            (self.name(key), self.value(key, value, inside))
        });
        redacted.collect()
    }

    fn number(&self, key: &str, number: &Number, inside: Surroundings) -> Option<Number> {
        let is_setting = inside == Surroundings::Document && NUMBER_MEMBERS.contains(&key);
        let is_small = number.as_u64().is_some_and(|number| number <= MAX_NUMBER);
        (is_setting && is_small && !self.of_person.contains(&number.to_string())).then(|| number.clone())
    }

    fn text(&mut self, key: &str, text: &str, inside: Surroundings) -> String {
        if self.state_handles.contains(text) {
            return STATE_HANDLE.to_owned();
        }
        if inside == Surroundings::PrivateMember {
            let is_ion_type = key == "type"
                && ["object", "array", "string", "boolean", "number", "integer"].contains(&text);
            return if is_ion_type { text.to_owned() } else { self.replacement(text) };
        }
        match key {
            "href" => self.address(text),
            "accepts" | "produces" if is_media_type(text) => text.to_owned(),
            "version" if text == "1.0.0" => text.to_owned(),
            "relatesTo" => self.reference(text),
            "value" | "methodType" if is_protocol_word(text) => text.to_owned(),
            key if NAME_MEMBERS.contains(&key) => self.name(text),
            _ => self.replacement(text),
        }
    }

    /// The name, or a replacement if it is none, or private.
    fn name(&mut self, text: &str) -> String {
        if is_protocol_word(text) || (is_name(text) && !self.is_private(text)) {
            text.to_owned()
        } else {
            self.replacement(text)
        }
    }

    fn is_private(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.of_person
            .iter()
            .chain(&self.whole)
            .any(|part| text == *part || (part.len() >= MIN_PART_BYTES && text.contains(part.as_str())))
    }

    /// A path inside the document, such as `$.authenticatorEnrollments.value[0]`.
    fn reference(&mut self, text: &str) -> String {
        let steps = text.strip_prefix("$.").unwrap_or(text).split('.').map(|step| {
            let (name, index) = step.split_once('[').unwrap_or((step, ""));
            let digits = index.trim_end_matches(']');
            let index = match digits.parse::<u8>() {
                Ok(index) => format!("[{index}]"),
                Err(_) => String::new(),
            };
            format!("{}{index}", self.name(name))
        });
        let path = steps.collect::<Vec<_>>().join(".");
        if text.starts_with("$.") { format!("$.{path}") } else { path }
    }

    fn address(&mut self, text: &str) -> String {
        if text.starts_with("data:") {
            return PIXEL.to_owned();
        }
        match Url::parse(text) {
            Ok(url) if url.origin() == self.org => format!("{ORG}{}", self.path(url.path())),
            Ok(url) if matches!(url.scheme(), "http" | "https") => ELSEWHERE.to_owned(),
            Ok(_) | Err(_) => self.replacement(text),
        }
    }

    fn segment(&mut self, segment: &str) -> String {
        let is_folder = FOLDERS.contains(&segment) || segment == "v1";
        if is_folder || is_protocol_word(segment) || self.is_endpoint(segment) {
            segment.to_owned()
        } else {
            self.replacement(segment)
        }
    }

    /// Names of endpoints are lower-case.
    fn is_endpoint(&self, segment: &str) -> bool {
        is_name(segment) && !segment.contains(char::is_uppercase) && !self.is_private(segment)
    }

    /// The same text has the same replacement, so that references inside a document still fit.
    fn replacement(&mut self, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        let next = self.replacements.len() + 1;
        format!("redacted-{}", self.replacements.entry(text.to_owned()).or_insert(next))
    }
}

/// Calls the function with each text and number inside.
fn for_each_text(value: &Value, act: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => act(text),
        Value::Number(number) => act(&number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| for_each_text(item, act)),
        Value::Object(members) => members.values().for_each(|value| for_each_text(value, act)),
        Value::Null | Value::Bool(_) => {}
    }
}

/// Whether this is a field with a value that can be changed. Other values are codes of the org.
fn is_open_field(members: &Map<String, Value>) -> bool {
    members.contains_key("name") && members.get("mutable") != Some(&Value::Bool(false))
}

fn is_media_type(text: &str) -> bool {
    let types =
        ["application/json", "application/ion+json", "application/x-www-form-urlencoded", "text/html"];
    types.contains(&text.split(';').next().unwrap_or_default())
        && ["", "okta-version=1.0.0"].contains(&text.split_once(';').map_or("", |(_, rest)| rest.trim()))
}
